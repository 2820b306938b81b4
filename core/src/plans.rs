//! Plans: what a week is meant to hold. What was not done stays where it is until somebody moves it.

use crate::calendar::WEEK_MINUTES;
use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{EntryId, LearnerId, PlanId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// Something planned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 64 KiB.
    pub note: String,
    /// Any day of the week that it is for, `YYYY-MM-DD`.
    pub week_of: String,
    /// How long it may take, 1 to 10,080 minutes.
    pub minutes: Option<i64>,
    /// Its subjects.
    pub subjects: Vec<SubjectId>,
    /// Whose it is; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// The entry that was made of it.
    pub entry: Option<EntryId>,
}

impl Item for Plan {
    type Id = PlanId;
    const KIND: Kind = Kind::Plan;
    const CHANGE: ChangeKind = ChangeKind::Plan;
    const NAME: &'static str = "plan";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "the plan", 200)?,
            Field::text(2, &self.note, "the note"),
            Field::day(3, &self.week_of, "the week")?,
            Field::number(4, self.minutes, "the minutes", 1, WEEK_MINUTES)?,
            Field::ids(5, &self.subjects, "subjects"),
            Field::ids(6, &self.learners, "learners"),
            Field::id(7, self.entry),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            note: shelf::text(doc, 2),
            week_of: doc.string(3),
            minutes: doc.int(4),
            subjects: shelf::ids(doc, 5),
            learners: shelf::ids(doc, 6),
            entry: shelf::id(doc, 7),
        }
    }

    fn day(&self) -> &str {
        &self.week_of
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        vec![&self.title, &self.note]
    }
}
