//! Details of documents that are given in memory, and those that this phone remembers because somebody asked it to.
use crate::border::{Result, call};
use crate::reports::ReportsClient;
use kinfolio_core::{export, ids};

type LearnerId = ids::LearnerId;

/// What a report says of a family beside the name, in this document. It is never synced or logged, and kept only by
/// `remember`.
#[derive(uniffi::Record)]
pub struct ReportDetails {
    /// The learner's whole name, for the title.
    #[uniffi(default)]
    pub name_in_title: String,
    /// The day of birth as the family says it.
    #[uniffi(default)]
    pub born: String,
    /// Lines of the sender.
    #[uniffi(default)]
    pub sender: String,
    /// Lines of whom it goes to.
    #[uniffi(default)]
    pub recipient: String,
    /// Their reference.
    #[uniffi(default)]
    pub reference: String,
    /// Who educates, a line each.
    #[uniffi(default)]
    pub educated_by: String,
}

impl From<ReportDetails> for export::Details {
    fn from(details: ReportDetails) -> Self {
        Self {
            name_in_title: details.name_in_title.into(),
            born: details.born.into(),
            sender: details.sender.into(),
            recipient: details.recipient.into(),
            reference: details.reference.into(),
            educated_by: details.educated_by.into(),
        }
    }
}

impl From<export::Details> for ReportDetails {
    fn from(details: export::Details) -> Self {
        Self {
            name_in_title: details.name_in_title.to_string(),
            born: details.born.to_string(),
            sender: details.sender.to_string(),
            recipient: details.recipient.to_string(),
            reference: details.reference.to_string(),
            educated_by: details.educated_by.to_string(),
        }
    }
}

/// What this phone remembers for documents about one learner.
#[derive(uniffi::Record)]
pub struct Remembered {
    /// Printed instead of the nickname; may be empty.
    #[uniffi(default)]
    pub name: String,
    /// What a report says beside it.
    pub details: ReportDetails,
}

impl From<Remembered> for export::Remembered {
    fn from(one: Remembered) -> Self {
        Self { name: one.name.into(), details: one.details.into() }
    }
}

impl From<export::Remembered> for Remembered {
    fn from(one: export::Remembered) -> Self {
        Self { name: one.name.to_string(), details: one.details.into() }
    }
}

#[uniffi::export]
impl ReportsClient {
    /// Remembers these on this phone only, in place of what was; with nothing in it, forgets. From then on the name, where it
    /// is typed into a report, is kept there as the learner.
    ///
    /// # Errors
    /// As [`export::ReportsClient::remember`].
    pub fn remember(&self, learner: LearnerId, details: Remembered) -> Result<()> {
        call(|| self.room.remember(learner, details.into()))
    }

    /// What this phone remembers, to be shown in the fields of a document.
    ///
    /// # Errors
    /// As [`export::ReportsClient::remembered`].
    pub fn remembered(&self, learner: LearnerId) -> Result<Option<Remembered>> {
        call(|| Ok(self.room.remembered(learner)?.map(Remembered::from)))
    }

    /// Forgets it.
    ///
    /// # Errors
    /// As [`export::ReportsClient::forget`].
    pub fn forget(&self, learner: LearnerId) -> Result<()> {
        call(|| self.room.forget(learner))
    }

    /// Forgets what is remembered of everybody.
    ///
    /// # Errors
    /// As [`export::ReportsClient::forget_all`].
    pub fn forget_all(&self) -> Result<()> {
        call(|| self.room.forget_all())
    }
}
