//! Progress and cancelling, for anything that takes long enough to be watched.

use crate::error::{Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
