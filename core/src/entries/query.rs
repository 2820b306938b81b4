//! Questions to the timeline, and what answers hold beside entries.

use super::Entry;
use crate::ids::{LearnerId, SubjectId};

/// Most entries in one page.
pub const MAX_PAGE: u32 = 500;
/// Entries in a page when nothing is said.
const PAGE: u32 = 50;

/// A place between two entries of the timeline. It holds on this phone only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub i64);

/// Which entries, and from where on. All that is given must hold at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineQuery {
    /// Entries of this learner, each as [`Entry::seen_by`] them.
    pub learner: Option<LearnerId>,
    /// Entries of this subject.
    pub subject: Option<SubjectId>,
    /// Entries with this tag.
    pub tag: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub first_day: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub last_day: Option<String>,
    /// Starred entries only.
    pub starred_only: bool,
    /// Samples only.
    pub samples_only: bool,
    /// Entries with a photo only.
    pub with_photo: bool,
    /// Drafts too.
    pub include_drafts: bool,
    /// Only what comes after the page that ended here.
    pub before: Option<Cursor>,
    /// Entries in the page, at most [`MAX_PAGE`]; 0 means 50.
    pub limit: u32,
}

impl TimelineQuery {
    /// Entries in a page.
    #[must_use]
    pub const fn size(&self) -> u32 {
        match self.limit {
            0 => PAGE,
            limit if limit > MAX_PAGE => MAX_PAGE,
            limit => limit,
        }
    }
}

/// A page of the timeline, newest day first; within a day, what was written down last comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// A month with entries, to jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Its entries.
    pub entries: i64,
}

/// A day with entries on record, for a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Who has an entry on it; nobody when its entries name no learner.
    pub learners: Vec<LearnerId>,
}
