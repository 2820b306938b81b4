//! The family plane, request by request, on each engine: who gets in, what is refused, what a repetition changes.

mod blobs;
mod enrolment;
mod founding;
mod full;
mod hostile;
mod joining;
mod leaving;
mod log;
mod records;
mod repeats;
mod room;
mod routes;
mod row_security;
mod tenancy;

/// Makes a test of each engine from one promise: `async fn(&Server)`.
macro_rules! on_each_engine {
    ($($promise:ident),* $(,)?) => {$(
        mod $promise {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_the_embedded_engine() {
                super::$promise(&support::plane::Server::embedded().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                super::$promise(&support::plane::Server::postgres().await).await;
            }
        }
    )*};
}
use on_each_engine;
