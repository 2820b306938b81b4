//! Qualifications: a private candidate's way from the exam centre and its deadline to the result.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{LearnerId, QualificationId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// A qualification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Qualification {
    /// What it is called, 1 to 200 characters.
    pub title: String,
    /// The board or body, up to 200 characters.
    pub board: String,
    /// The level, up to 80 characters.
    pub level: String,
    /// The exam centre, up to 200 characters.
    pub centre: String,
    /// The last day to enter, `YYYY-MM-DD`.
    pub enter_by: Option<String>,
    /// The fee as it is said, up to 40 characters.
    pub fee: String,
    /// The day of the exam, or of the first of several.
    pub exam_on: Option<String>,
    /// The result, up to 80 characters.
    pub result: String,
    /// The day of the result.
    pub result_on: Option<String>,
    /// Its subject.
    pub subject: Option<SubjectId>,
    /// Whose it is; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// Up to 64 KiB.
    pub note: String,
}

impl Item for Qualification {
    type Id = QualificationId;
    const KIND: Kind = Kind::Qualification;
    const CHANGE: ChangeKind = ChangeKind::Qualification;
    const NAME: &'static str = "qualification";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "the qualification", 200)?,
            Field::line(2, &self.board, "the board", 200)?,
            Field::line(3, &self.level, "the level", 80)?,
            Field::line(4, &self.centre, "the exam centre", 200)?,
            Field::optional_day(5, self.enter_by.as_deref(), "the last day to enter")?,
            Field::line(6, &self.fee, "the fee", 40)?,
            Field::optional_day(7, self.exam_on.as_deref(), "the day of the exam")?,
            Field::line(8, &self.result, "the result", 80)?,
            Field::optional_day(9, self.result_on.as_deref(), "the day of the result")?,
            Field::id(10, self.subject),
            Field::ids(11, &self.learners, "learners"),
            Field::text(12, &self.note, "the note"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            board: doc.string(2),
            level: doc.string(3),
            centre: doc.string(4),
            enter_by: shelf::day(doc, 5),
            fee: doc.string(6),
            exam_on: shelf::day(doc, 7),
            result: doc.string(8),
            result_on: shelf::day(doc, 9),
            subject: shelf::id(doc, 10),
            learners: shelf::ids(doc, 11),
            note: shelf::text(doc, 12),
        }
    }

    fn day(&self) -> &str {
        [&self.result_on, &self.exam_on, &self.enter_by]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or_default()
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        vec![&self.title, &self.board, &self.level, &self.centre, &self.note]
    }
}
