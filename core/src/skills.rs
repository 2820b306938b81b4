//! Skills: lists that a family may tick, off unless somebody makes one. A tick has its day and takes nothing away.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{EntryId, LearnerId, SkillId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, choice};

choice! {
    /// How it stands.
    SkillState {
        /// Not looked at.
        Open = 1,
        /// Begun.
        Begun = 2,
        /// Done.
        Done = 3,
    }
}

/// One skill of a list, for its learners.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skill {
    /// The list that it stands in, 1 to 80 characters.
    pub list: String,
    /// What it is, 1 to 400 characters.
    pub title: String,
    /// Place in the list, ascending.
    pub order: i64,
    /// How it stands.
    pub state: SkillState,
    /// The day of the tick, `YYYY-MM-DD`.
    pub on: Option<String>,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// Entries that show it.
    pub evidence: Vec<EntryId>,
}

impl Item for Skill {
    type Id = SkillId;
    const KIND: Kind = Kind::Skill;
    const CHANGE: ChangeKind = ChangeKind::Skill;
    const NAME: &'static str = "skill";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.list, "the list's name", 80)?,
            Field::required(2, &self.title, "the skill", 400)?,
            Field::number(3, Some(self.order), "the place in the list", 0, 100_000)?,
            Field::choice(4, Some(self.state)),
            Field::optional_day(5, self.on.as_deref(), "the day")?,
            Field::ids(6, &self.learners, "learners"),
            Field::ids(7, &self.evidence, "entries"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            list: doc.string(1),
            title: doc.string(2),
            order: doc.int(3).unwrap_or_default(),
            state: shelf::chosen(doc, 4).unwrap_or_default(),
            on: shelf::day(doc, 5),
            learners: shelf::ids(doc, 6),
            evidence: shelf::ids(doc, 7),
        }
    }

    fn day(&self) -> &str {
        self.on.as_deref().unwrap_or_default()
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}
