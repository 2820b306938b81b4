//! Saved filters: a question to the timeline, with a name.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{LearnerId, SavedFilterId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// A saved filter. All that is given must hold at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedFilter {
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// Words to search for, up to 200 characters; may be empty.
    pub words: String,
    /// Entries of this learner.
    pub learner: Option<LearnerId>,
    /// Entries of this subject.
    pub subject: Option<SubjectId>,
    /// Entries with this tag, up to 60 characters; empty for any.
    pub tag: String,
    /// First day, `YYYY-MM-DD`.
    pub first_day: Option<String>,
    /// Last day.
    pub last_day: Option<String>,
    /// Starred entries only.
    pub starred_only: bool,
    /// Samples only.
    pub samples_only: bool,
    /// Entries with a photo only.
    pub with_photo: bool,
    /// Drafts too.
    pub include_drafts: bool,
}

impl Item for SavedFilter {
    type Id = SavedFilterId;
    const KIND: Kind = Kind::SavedFilter;
    const CHANGE: ChangeKind = ChangeKind::SavedFilter;
    const NAME: &'static str = "saved filter";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.name, "the filter's name", 80)?,
            Field::line(2, &self.words, "the words", 200)?,
            Field::id(3, self.learner),
            Field::id(4, self.subject),
            Field::line(5, &self.tag, "the tag", 60)?,
            Field::optional_day(6, self.first_day.as_deref(), "the first day")?,
            Field::optional_day(7, self.last_day.as_deref(), "the last day")?,
            Field::flag(8, self.starred_only),
            Field::flag(9, self.samples_only),
            Field::flag(10, self.with_photo),
            Field::flag(11, self.include_drafts),
        ])
    }

    fn check(&self) -> Result<()> {
        shelf::in_order::<Self>(self.first_day.as_deref(), self.last_day.as_deref())
    }

    fn read(doc: &Document) -> Self {
        Self {
            name: doc.string(1),
            words: doc.string(2),
            learner: shelf::id(doc, 3),
            subject: shelf::id(doc, 4),
            tag: doc.string(5),
            first_day: shelf::day(doc, 6),
            last_day: shelf::day(doc, 7),
            starred_only: doc.flag(8),
            samples_only: doc.flag(9),
            with_photo: doc.flag(10),
            include_drafts: doc.flag(11),
        }
    }

    fn learners(&self) -> &[LearnerId] {
        self.learner.as_slice()
    }
}
