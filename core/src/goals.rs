//! Goals: what a family means to do, with entries as evidence. Nothing is judged.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{EntryId, GoalId, LearnerId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, choice};

choice! {
    /// How it stands.
    GoalState {
        /// Under way.
        Open = 1,
        /// Done.
        Done = 2,
        /// No longer meant, or meant otherwise.
        Changed = 3,
    }
}

/// A goal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goal {
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 64 KiB.
    pub note: String,
    /// How it stands.
    pub state: GoalState,
    /// The day it is meant for, `YYYY-MM-DD`.
    pub target_on: Option<String>,
    /// The day it was done or changed.
    pub ended_on: Option<String>,
    /// Its subject.
    pub subject: Option<SubjectId>,
    /// Whose it is; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// Entries that show it.
    pub evidence: Vec<EntryId>,
}

impl Item for Goal {
    type Id = GoalId;
    const KIND: Kind = Kind::Goal;
    const CHANGE: ChangeKind = ChangeKind::Goal;
    const NAME: &'static str = "goal";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "the goal", 200)?,
            Field::text(2, &self.note, "the note"),
            Field::choice(3, Some(self.state)),
            Field::optional_day(4, self.target_on.as_deref(), "the day it is meant for")?,
            Field::optional_day(5, self.ended_on.as_deref(), "the day it was done")?,
            Field::id(6, self.subject),
            Field::ids(7, &self.learners, "learners"),
            Field::ids(8, &self.evidence, "entries"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            note: shelf::text(doc, 2),
            state: shelf::chosen(doc, 3).unwrap_or_default(),
            target_on: shelf::day(doc, 4),
            ended_on: shelf::day(doc, 5),
            subject: shelf::id(doc, 6),
            learners: shelf::ids(doc, 7),
            evidence: shelf::ids(doc, 8),
        }
    }

    fn day(&self) -> &str {
        self.target_on.as_deref().unwrap_or_default()
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        vec![&self.title, &self.note]
    }
}
