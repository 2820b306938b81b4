//! Letters: what an authority wrote, when an answer is due, and what was sent back.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{EntryId, LearnerId, LetterId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// A letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// From or to whom, 1 to 200 characters.
    pub party: String,
    /// What it is about, up to 200 characters.
    pub about: String,
    /// The family wrote it; else it came.
    pub sent: bool,
    /// The day it came or went, `YYYY-MM-DD`.
    pub day: String,
    /// The day by which an answer is due.
    pub answer_by: Option<String>,
    /// The letter that answers it.
    pub answered_by: Option<LetterId>,
    /// Their reference, up to 80 characters.
    pub reference: String,
    /// What it says, up to 64 KiB.
    pub text: String,
    /// The draft that holds its photographs or file: a draft is in no document.
    pub pages: Option<EntryId>,
    /// Whom it is about; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

impl Letter {
    /// The day by which it still has to be answered.
    #[must_use]
    pub fn due_on(&self) -> Option<&str> {
        self.answer_by.as_deref().filter(|_| !self.sent && self.answered_by.is_none())
    }
}

impl Item for Letter {
    type Id = LetterId;
    const KIND: Kind = Kind::Letter;
    const CHANGE: ChangeKind = ChangeKind::Letter;
    const NAME: &'static str = "letter";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.party, "whom the letter is from or to", 200)?,
            Field::line(2, &self.about, "what the letter is about", 200)?,
            Field::flag(3, self.sent),
            Field::day(4, &self.day, "the day of the letter")?,
            Field::optional_day(5, self.answer_by.as_deref(), "the day by which to answer")?,
            Field::id(6, self.answered_by),
            Field::line(7, &self.reference, "the reference", 80)?,
            Field::text(8, &self.text, "the letter's text"),
            Field::id(9, self.pages),
            Field::ids(10, &self.learners, "learners"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            party: doc.string(1),
            about: doc.string(2),
            sent: doc.flag(3),
            day: doc.string(4),
            answer_by: shelf::day(doc, 5),
            answered_by: shelf::id(doc, 6),
            reference: doc.string(7),
            text: shelf::text(doc, 8),
            pages: shelf::id(doc, 9),
            learners: shelf::ids(doc, 10),
        }
    }

    fn day(&self) -> &str {
        &self.day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        let (title, beside) =
            if self.about.is_empty() { (&self.party, "") } else { (&self.about, self.party.as_str()) };
        vec![title, beside, &self.reference, &self.text]
    }
}
