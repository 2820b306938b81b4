//! Nicknames found in free text, shown in context so that a parent can tick what is a name.
use std::ops::Range;

use jiff::civil::Date;

use super::period;
use crate::ids::{EntryId, LearnerId, ReadingId, SubjectId};

/// Letters of context on each side.
const CONTEXT: usize = 40;

/// Which text of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The title.
    Title,
    /// The shared note.
    Note,
    /// The learner's own line.
    Line,
    /// How it went.
    Went,
    /// What it shows.
    Shows,
    /// What comes next.
    Next,
    /// The caption of a photo.
    Caption {
        /// Place in the parent's order, from 0.
        photo: u32,
    },
    /// The description of a photo.
    Alt {
        /// Place in the parent's order, from 0.
        photo: u32,
    },
    /// The name of a subject, wherever it is printed.
    Subject {
        /// Which one.
        subject: SubjectId,
    },
    /// The title of what was read, wherever it is printed.
    ReadingTitle {
        /// Which book.
        reading: ReadingId,
    },
    /// The author of what was read.
    ReadingAuthor {
        /// Of which book.
        reading: ReadingId,
    },
}

/// Where a nickname stands; stays the same until the text is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MentionId {
    /// In which entry; none for what is printed beside entries.
    pub entry: Option<EntryId>,
    /// In which text.
    pub place: Place,
    /// Byte of that text (NFC) at which the nickname starts.
    pub start: u32,
}

impl MentionId {
    pub(super) fn new((entry, place): At, start: usize) -> Self {
        Self { entry, place, start: u32::try_from(start).unwrap_or(u32::MAX) }
    }
}

/// In which text of which entry.
pub(super) type At = (Option<EntryId>, Place);

/// One nickname in context.
#[derive(Clone, PartialEq, Eq)]
pub struct Review {
    /// Names this place when a tick is changed.
    pub id: MentionId,
    /// Whose nickname.
    pub learner: LearnerId,
    /// Day of the entry, as printed; empty for what is no entry's.
    pub date: String,
    /// Text before it.
    pub before: String,
    /// The nickname as typed there.
    pub matched: String,
    /// Text after it.
    pub after: String,
    /// It will be printed as the learner's name.
    pub on: bool,
}

impl Review {
    pub(super) fn new(
        id: MentionId,
        learner: LearnerId,
        date: Option<Date>,
        text: &str,
        range: &Range<usize>,
        on: bool,
    ) -> Self {
        let before = text.get(..range.start).unwrap_or_default();
        let after = text.get(range.end..).unwrap_or_default();
        let cut = before.char_indices().rev().nth(CONTEXT).map_or(0, |(at, c)| at + c.len_utf8());
        Self {
            id,
            learner,
            date: date.map(period::date).unwrap_or_default(),
            before: before.get(cut..).unwrap_or_default().to_owned(),
            matched: text.get(range.clone()).unwrap_or_default().to_owned(),
            after: after.chars().take(CONTEXT).collect(),
            on,
        }
    }
}

impl std::fmt::Debug for Review {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Review({:?}, on: {})", self.id, self.on)
    }
}
