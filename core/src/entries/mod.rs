//! Entries: what was learnt, when, by whom. Dated by the day of learning, newest first.

mod client;
mod edit;
mod facts;
mod order;
mod queries;
mod query;
mod transaction;

#[cfg(test)]
mod naive;
#[cfg(test)]
pub(crate) mod tests;

pub use client::EntriesClient;
pub use edit::{EntryDraft, EntryEdit, MAX_MINUTES, MAX_TAG, MAX_TITLE};
pub use facts::{Annotation, Place, Taught, TaughtBy};
pub use queries::{EntryRows, Hit, Share, Where, shares};
pub use query::{CalendarDay, Cursor, MAX_PAGE, Month, Page, TimelineQuery};
pub use transaction::{add, change, check, find, keep, keep_once, open, page, search};

use crate::ids::{AttachmentId, EntryId, LearnerId, SubjectId};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// One line, may be empty.
    pub title: String,
    /// What happened, shared by all its learners.
    pub note: String,
    /// The day of the learning, `YYYY-MM-DD`: a day of the family's calendar, whatever the time zone.
    pub learned_on: String,
    /// When it was written down, milliseconds since 1970. It never changes.
    pub recorded_at: i64,
    /// How long it took, in minutes.
    pub minutes: Option<i64>,
    /// On record; else a draft, which no document shows.
    pub on_record: bool,
    /// Marked to be found again.
    pub starred: bool,
    /// Whose learning it is, by learner id, with a line for each alone.
    pub learners: Vec<LearnerLine>,
    /// Subjects, by id.
    pub subjects: Vec<SubjectId>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Attachments, in their order.
    pub attachments: Vec<AttachmentId>,
    /// Whether it is a sample, and what it shows.
    pub annotation: Annotation,
    /// Who taught, and where.
    pub taught: Taught,
    /// When it was put into the trash, milliseconds since 1970.
    pub trashed_at: Option<i64>,
}

impl Entry {
    /// The entry as one learner's record shows it: the shared text, and no other learner's line.
    #[must_use]
    pub fn seen_by(mut self, learner: LearnerId) -> Self {
        for other in self.learners.iter_mut().filter(|line| line.learner != learner) {
            other.line.clear();
        }
        self
    }
}

/// A learner of an entry, and the line that is theirs alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerLine {
    /// Who.
    pub learner: LearnerId,
    /// What was theirs alone, may be empty.
    pub line: String,
}

impl From<LearnerId> for LearnerLine {
    /// A learner without a line.
    fn from(learner: LearnerId) -> Self {
        Self { learner, line: String::new() }
    }
}
