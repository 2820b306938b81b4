//! Telling the app's screens what to read again.
use crate::error::KinfolioError;
use crate::host::Foreign;
use crate::ids::Id;
use kinfolio_core::changes;
use std::sync::{Mutex, PoisonError};

type Change = changes::Change;
type ChangeKind = changes::ChangeKind;

/// Which room changed.
#[uniffi::remote(Enum)]
pub enum ChangeKind {
    Learner,
    Subject,
    Entry,
    Attachment,
    Reading,
    Goal,
    Plan,
    DayMark,
    Provider,
    Trip,
    Qualification,
    Letter,
    Report,
    Template,
    SavedFilter,
    Target,
    Skill,
    Reminder,
    NeedsNote,
    Assessment,
    Setting,
    FamilyLog,
    Sync,
    Account,
    Keys,
}

/// One thing that changed.
#[uniffi::remote(Record)]
pub struct Change {
    /// Its room.
    pub kind: ChangeKind,
    /// Its id; none when the room as a whole should be read again.
    pub id: Option<Id>,
}

/// Hears of changes, after the commit that made them and on the thread that made it: hand over to the main thread.
#[uniffi::export(with_foreign)]
pub trait ChangeListener: Send + Sync {
    /// What one transaction changed, each thing once.
    ///
    /// # Errors
    /// Whatever is thrown is logged without its text; other listeners hear all the same.
    fn changed(&self, changes: Vec<Change>) -> Result<(), KinfolioError>;
}

impl changes::ChangeListener for Foreign<dyn ChangeListener> {
    fn changed(&self, changes: Vec<Change>) {
        if self.0.changed(changes).is_err() {
            tracing::warn!("the app's change listener failed");
        }
    }
}

/// Listening; ends with `stop`, or when the app lets go of it.
#[derive(uniffi::Object)]
pub struct Subscription {
    held: Mutex<Option<changes::Subscription>>,
}

impl Subscription {
    pub(crate) fn holding(subscription: changes::Subscription) -> Self {
        Self { held: Mutex::new(Some(subscription)) }
    }
}

#[uniffi::export]
impl Subscription {
    /// Ends it; ending it twice is fine.
    pub fn stop(&self) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}
