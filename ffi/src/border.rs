//! How every exported function runs: errors mapped, panics stopped, long work off the caller's thread.
use crate::error::KinfolioError;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// What every exported function answers.
pub type Result<T> = std::result::Result<T, KinfolioError>;

/// Runs short local work on the caller's thread. A panic becomes [`KinfolioError::Unexpected`]: across the border it
/// would end the app.
pub fn call<T>(work: impl FnOnce() -> kinfolio_core::Result<T>) -> Result<T> {
    // The core keeps its state in SQLite transactions, which roll back when they unwind, and in locks whose poison
    // it steps over: nothing half-made is seen afterwards.
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(answer) => answer.map_err(KinfolioError::from),
        Err(_) => Err(panicked()),
    }
}

/// Awaits network work on our own threads: the app may await from any executor, its main thread included. The work
/// goes on to its end when the app stops waiting; stopping it is what a cancel handle is for.
pub async fn wait<T: Send + 'static>(
    work: impl Future<Output = kinfolio_core::Result<T>> + Send + 'static,
) -> Result<T> {
    joined(runtime()?.spawn(work)).await
}

/// Runs long local work (pictures, exports) on a thread that may block.
pub async fn work<T: Send + 'static>(
    work: impl FnOnce() -> kinfolio_core::Result<T> + Send + 'static,
) -> Result<T> {
    joined(runtime()?.spawn_blocking(work)).await
}

async fn joined<T>(task: JoinHandle<kinfolio_core::Result<T>>) -> Result<T> {
    match task.await {
        Ok(answer) => answer.map_err(KinfolioError::from),
        Err(_) => Err(panicked()),
    }
}

fn panicked() -> KinfolioError {
    KinfolioError::Unexpected { reason: "a fault of this program; nothing was half saved".to_owned() }
}

fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let start = || {
        // Two threads: a phone's network work waits, it doesn't compute. Pictures run on threads that may block.
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).thread_name("kinfolio").enable_all().build().ok()
    };
    let none = || KinfolioError::Unexpected { reason: "this phone refuses to start a thread".to_owned() };
    RUNTIME.get_or_init(start).as_ref().ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinfolio_core::Error;

    #[test]
    fn a_panic_never_crosses_the_border() {
        let unexpected = Err(panicked());
        assert_eq!(call::<()>(|| panic!("planted")), unexpected);
        let local = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(local.block_on(wait::<()>(async { panic!("planted") })), unexpected);
        assert_eq!(local.block_on(work::<()>(|| panic!("planted"))), unexpected);
    }

    #[test]
    fn errors_and_answers_cross_it() {
        assert_eq!(call(|| Ok(7)), Ok(7));
        let local = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(local.block_on(wait(async { Ok(7) })), Ok(7));
        let offline = local.block_on(work::<()>(|| Err(Error::Offline("timed out".into()))));
        assert!(matches!(offline, Err(KinfolioError::Offline { .. })));
    }
}
