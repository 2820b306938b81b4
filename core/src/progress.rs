//! Progress and cancelling, for anything that takes long enough to be watched.

use crate::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Hears how far a long task has come.
pub trait Progress: Send + Sync {
    /// `done` of `total` steps; `total` may grow while the task learns how much there is.
    fn progress(&self, done: u64, total: u64);
}

/// Hears nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn progress(&self, _done: u64, _total: u64) {}
}

/// A wish to stop, shared between the one who waits and the one who works.
#[derive(Debug, Default, Clone)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the task to stop at its next step.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// To be called between steps.
    ///
    /// # Errors
    /// [`Error::Cancelled`] once somebody asked.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// The one who waits: may cancel, hears how far it has come.
pub(crate) struct Watch {
    pub cancel: Cancel,
    progress: Arc<dyn Progress>,
    done: AtomicU64,
    total: AtomicU64,
}

/// How often somebody hears of work inside one transaction.
const TELL_EVERY: Duration = Duration::from_millis(100);

impl Watch {
    pub fn new(cancel: Cancel, progress: Arc<dyn Progress>) -> Self {
        Self { cancel, progress, done: AtomicU64::new(0), total: AtomicU64::new(0) }
    }

    /// At least this much more is to be done.
    pub fn expect(&self, more: u64) {
        let done = self.done.load(Ordering::Relaxed);
        self.total.fetch_max(done.saturating_add(more), Ordering::Relaxed);
    }

    /// This much was done.
    pub fn did(&self, count: u64) {
        if count > 0 {
            self.count(count);
            self.tell();
        }
    }

    /// This much was done, to be told later: inside a transaction nobody is called, who may want the store too.
    pub fn count(&self, count: u64) {
        let done = self.done.fetch_add(count, Ordering::Relaxed).saturating_add(count);
        self.total.fetch_max(done, Ordering::Relaxed);
    }

    fn tell(&self) {
        let done = self.done.load(Ordering::Relaxed);
        if done > 0 {
            self.progress.progress(done, self.total.load(Ordering::Relaxed));
        }
    }

    /// As [`blocking`], and tells meanwhile what the work counts.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut work = std::pin::pin!(blocking(work));
        loop {
            let ended = tokio::time::timeout(TELL_EVERY, &mut work).await;
            self.tell();
            if let Ok(result) = ended {
                return result;
            }
        }
    }
}

/// Runs work on the store away from the thread that drives the network.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(Error::internal("a step on the store broke off")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clone_of_a_token_hears_of_the_wish() {
        let cancel = Cancel::new();
        let task = cancel.clone();
        assert_eq!(task.check(), Ok(()));
        cancel.cancel();
        assert_eq!(task.check(), Err(Error::Cancelled));
    }
}
