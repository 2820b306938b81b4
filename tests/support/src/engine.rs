//! The two engines of the server's store, and how one promise is held to each.

use std::path::Path;
use std::sync::Arc;

use kinfolio_server::Config;
use kinfolio_server::clock::{Clock, SystemClock};

use crate::plane;
use crate::postgres::{Database, ScratchPostgres};
use crate::server::{InProcess, Listening, Process, binary};

/// Makes two tests of each promise, `promise::on_the_embedded_store` and `promise::on_postgres`. A promise is an
/// `async fn(&S)` whose `S` is [`Started`]: a server that is started for it, or the [`Engine`] on which it starts its own.
#[macro_export]
macro_rules! on_each_engine {
    ($($promise:ident),* $(,)?) => {$(
        mod $promise {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_the_embedded_store() {
                $crate::engine::hold($crate::engine::Engine::Embedded, super::$promise).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                $crate::engine::hold($crate::engine::Engine::Postgres, super::$promise).await;
            }
        }
    )*};
}

/// What keeps a server's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Files in its data folder.
    Embedded,
    /// A database of this test program's Postgres.
    Postgres,
}

/// What a promise is held by.
pub trait Started {
    /// The same on this engine.
    fn started(engine: Engine) -> impl Future<Output = Self>;
}

/// Holds a promise on this engine.
pub async fn hold<S: Started>(engine: Engine, promise: impl AsyncFn(&S)) {
    let on = S::started(engine).await;
    promise(&on).await;
}

impl Started for Engine {
    async fn started(engine: Engine) -> Self {
        engine
    }
}

impl Started for InProcess {
    async fn started(engine: Engine) -> Self {
        engine.server().await
    }
}

impl Started for plane::Server {
    async fn started(engine: Engine) -> Self {
        Self::started_with(engine, |_| {}).await
    }
}

/// Where one server, or several after each other, keep their rows.
pub struct Place(Option<Database>);

impl Engine {
    /// A place in which no server was yet.
    pub async fn place(self) -> Place {
        match self {
            Self::Embedded => Place(None),
            Self::Postgres => Place(Some(ScratchPostgres::shared().migrated().await)),
        }
    }

    /// A fresh server, with the machine's clock.
    pub async fn server(self) -> InProcess {
        self.server_with(|_| {}, Arc::new(SystemClock)).await
    }

    /// A fresh server under a clock that the test moves.
    pub async fn server_at<C: Clock + 'static>(self, clock: &Arc<C>) -> InProcess {
        self.server_with(|_| {}, clock.clone()).await
    }

    /// A fresh server whose configuration `change` adjusts.
    pub async fn server_with(self, change: impl FnOnce(&mut Config), clock: Arc<dyn Clock>) -> InProcess {
        self.place().await.server_with(change, clock).await
    }

    /// A fresh server that listens.
    pub async fn listening(self) -> Listening {
        self.listening_with(|_| {}).await
    }

    /// The same, whose configuration `change` adjusts.
    pub async fn listening_with(self, change: impl FnOnce(&mut Config)) -> Listening {
        let place = self.place().await;
        Listening::start_with(|config| change(place.written_to(config))).await
    }
}

impl Place {
    /// The database, where there is one.
    pub fn database(&self) -> Option<&Database> {
        self.0.as_ref()
    }

    /// A configuration of a server that keeps its rows here.
    pub fn written_to<'a>(&self, config: &'a mut Config) -> &'a mut Config {
        if let Some(database) = &self.0 {
            config.database_url = Some(database.app_url());
            config.migrator_database_url = Some(database.migrator_url());
        }
        config
    }

    /// A server on this place whose configuration `change` adjusts.
    pub async fn server_with(&self, change: impl FnOnce(&mut Config), clock: Arc<dyn Clock>) -> InProcess {
        InProcess::start_with(|config| change(self.written_to(config)), clock).await
    }

    /// What tells the server's program the same.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let of = |database: &Database| {
            [
                ("KINFOLIO_DATABASE_URL", database.app_url()),
                ("KINFOLIO_MIGRATOR_DATABASE_URL", database.migrator_url()),
            ]
        };
        self.0.iter().flat_map(of).collect()
    }

    /// The server's program on this place: [`Process::start_with`].
    pub fn process(&self, folder: &Path, flags: &[&str], variables: &[(&str, &str)]) -> Process {
        let here = self.variables();
        let here = here.iter().map(|(name, url)| (*name, url.as_str()));
        let all: Vec<_> = here.chain(variables.iter().copied()).collect();
        Process::start_with(folder, flags, &all)
    }

    /// The same with the password hashes of a real server: [`Process::try_start_as_for_people`].
    pub fn process_for_people(&self, folder: &Path, flags: &[&str]) -> Process {
        let here = self.variables();
        let here: Vec<_> = here.iter().map(|(name, url)| (*name, url.as_str())).collect();
        Process::try_start_as_for_people(folder, flags, &here).expect("the server starts")
    }

    /// A test file of tests/web, whose server is the program on this place.
    pub fn web(&self, file: &str) {
        let (program, here) = (binary(), self.variables());
        let mut variables = vec![("KINFOLIO_SERVER", program.as_os_str())];
        variables.extend(here.iter().map(|(name, url)| (*name, url.as_ref())));
        crate::web::run(file, &variables);
    }
}
