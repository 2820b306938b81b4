//! Saved filters: a question to the timeline, with a name.
use crate::shelf::shelf;
use kinfolio_core::{filters, ids};

type LearnerId = ids::LearnerId;
type SavedFilterId = ids::SavedFilterId;
type SubjectId = ids::SubjectId;
type SavedFilter = filters::SavedFilter;

/// A saved filter. All that is given must hold at once.
#[uniffi::remote(Record)]
pub struct SavedFilter {
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// Words to search for, up to 200 characters; may be empty.
    #[uniffi(default)]
    pub words: String,
    /// Entries of this learner.
    #[uniffi(default)]
    pub learner: Option<LearnerId>,
    /// Entries of this subject.
    #[uniffi(default)]
    pub subject: Option<SubjectId>,
    /// Entries with this tag, up to 60 characters; empty for any.
    #[uniffi(default)]
    pub tag: String,
    /// First day, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub first_day: Option<String>,
    /// Last day.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// Starred entries only.
    #[uniffi(default)]
    pub starred_only: bool,
    /// Samples only.
    #[uniffi(default)]
    pub samples_only: bool,
    /// Entries with a photo only.
    #[uniffi(default)]
    pub with_photo: bool,
    /// Drafts too.
    #[uniffi(default)]
    pub include_drafts: bool,
}

shelf! {
    /// The saved filters' room.
    FiltersClient of SavedFilter by SavedFilterId,
    /// A saved filter, as it is kept.
    KeptSavedFilter
}
