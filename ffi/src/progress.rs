//! Watching long work, and stopping it.
use crate::error::KinfolioError;
use crate::host::Foreign;
use kinfolio_core::progress::{self, NoProgress};
use std::sync::Arc;

/// Hears how far a long task has come.
#[uniffi::export(with_foreign)]
pub trait Progress: Send + Sync {
    /// `done` of `total` steps; `total` may grow while the task learns how much there is.
    ///
    /// # Errors
    /// Whatever is thrown is logged without its text; the task goes on.
    fn progress(&self, done: u64, total: u64) -> Result<(), KinfolioError>;
}

impl progress::Progress for Foreign<dyn Progress> {
    fn progress(&self, done: u64, total: u64) {
        if self.0.progress(done, total).is_err() {
            tracing::warn!("the app's progress listener failed");
        }
    }
}

/// The app's listener, or nobody.
pub(crate) fn heard_by(listener: Option<Arc<dyn Progress>>) -> Arc<dyn progress::Progress> {
    match listener {
        Some(listener) => Arc::new(Foreign(listener)),
        None => Arc::new(NoProgress),
    }
}

/// A wish to stop, given to a long task and kept by the screen. The task stops at its next step and leaves nothing
/// half made.
#[derive(uniffi::Object)]
pub struct Cancel {
    pub(crate) token: progress::Cancel,
}

#[uniffi::export]
impl Cancel {
    /// A handle that nobody has used yet.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { token: progress::Cancel::new() })
    }

    /// Asks the task to stop.
    pub fn cancel(&self) {
        self.token.cancel();
    }
}

/// The token of a handle, or one that nobody will ever use.
pub(crate) fn token(cancel: Option<Arc<Cancel>>) -> progress::Cancel {
    cancel.map_or_else(progress::Cancel::new, |handle| handle.token.clone())
}
