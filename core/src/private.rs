//! Needs notes and assessment results: kinds of their own, behind a lock prompt of their own, in no list, search or
//! document of others unless they are asked for by name.

use crate::changes::ChangeKind;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::host::Presence;
use crate::ids::{AssessmentId, LearnerId, NeedsNoteId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, Shelf};
use std::sync::Arc;

/// Both shelves, unlocked. An app lets go of it when it locks. Whoever has it showed that it is them: undo, the trash and a
/// copy of the whole record ask for it, too.
#[derive(Debug, Clone)]
pub struct PrivateClient {
    pub(crate) context: Arc<Context>,
}

impl PrivateClient {
    /// Asks who is there, and opens for who shows it.
    ///
    /// # Errors
    /// [`Error::Cancelled`] for who does not; what the phone answers when it can't ask.
    pub fn unlock(context: Arc<Context>, presence: &dyn Presence) -> Result<Self> {
        if presence.confirm()? { Ok(Self { context }) } else { Err(Error::Cancelled) }
    }

    /// What learners need.
    pub fn needs(&self) -> Shelf<NeedsNote> {
        Shelf::new(Arc::clone(&self.context))
    }

    /// Results of assessments.
    pub fn assessments(&self) -> Shelf<Assessment> {
        Shelf::new(Arc::clone(&self.context))
    }
}

/// What a learner needs, and how it is met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NeedsNote {
    /// Up to 200 characters.
    pub title: String,
    /// Up to 64 KiB.
    pub text: String,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

impl Item for NeedsNote {
    type Id = NeedsNoteId;
    const KIND: Kind = Kind::NeedsNote;
    const CHANGE: ChangeKind = ChangeKind::NeedsNote;
    const NAME: &'static str = "needs note";
    const PRIVATE: bool = true;

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::line(1, &self.title, "the title", 200)?,
            Field::text(2, &self.text, "the note"),
            Field::day(3, &self.day, "the day")?,
            Field::ids(4, &self.learners, "learners"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            text: shelf::text(doc, 2),
            day: doc.string(3),
            learners: shelf::ids(doc, 4),
        }
    }

    fn day(&self) -> &str {
        &self.day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}

/// The result of an assessment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// What was assessed, 1 to 200 characters.
    pub title: String,
    /// The result as it is said, up to 200 characters.
    pub result: String,
    /// Who assessed, up to 200 characters.
    pub assessor: String,
    /// Up to 64 KiB.
    pub note: String,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Its subject.
    pub subject: Option<SubjectId>,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

impl Item for Assessment {
    type Id = AssessmentId;
    const KIND: Kind = Kind::Assessment;
    const CHANGE: ChangeKind = ChangeKind::Assessment;
    const NAME: &'static str = "assessment";
    const PRIVATE: bool = true;

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "what was assessed", 200)?,
            Field::line(2, &self.result, "the result", 200)?,
            Field::line(3, &self.assessor, "who assessed", 200)?,
            Field::text(4, &self.note, "the note"),
            Field::day(5, &self.day, "the day")?,
            Field::id(6, self.subject),
            Field::ids(7, &self.learners, "learners"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            result: doc.string(2),
            assessor: doc.string(3),
            note: shelf::text(doc, 4),
            day: doc.string(5),
            subject: shelf::id(doc, 6),
            learners: shelf::ids(doc, 7),
        }
    }

    fn day(&self) -> &str {
        &self.day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}
