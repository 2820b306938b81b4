//! Reminders and due dates: told on this phone alone, by day, and off when nobody sets one.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{LearnerId, ReminderId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, choice};

choice! {
    /// How it comes back.
    Every {
        /// Each year on the same day.
        Year = 1,
        /// Each quarter of a year.
        Quarter = 2,
        /// Each month.
        Month = 3,
        /// Each week.
        Week = 4,
    }
}

/// A reminder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reminder {
    /// What is due, 1 to 200 characters.
    pub title: String,
    /// The day it is due, or the first of several, `YYYY-MM-DD`.
    pub due_on: String,
    /// Days before that day on which it is told, 0 to 120.
    pub days_before: i64,
    /// How it comes back; once when it does not.
    pub every: Option<Every>,
    /// The last day for which it was done.
    pub done_on: Option<String>,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

impl Item for Reminder {
    type Id = ReminderId;
    const KIND: Kind = Kind::Reminder;
    const CHANGE: ChangeKind = ChangeKind::Reminder;
    const NAME: &'static str = "reminder";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "what is due", 200)?,
            Field::day(2, &self.due_on, "the day it is due")?,
            Field::number(3, Some(self.days_before), "the days before", 0, 120)?,
            Field::choice(4, self.every),
            Field::optional_day(5, self.done_on.as_deref(), "the day it was done for")?,
            Field::ids(6, &self.learners, "learners"),
        ])
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            due_on: doc.string(2),
            days_before: doc.int(3).unwrap_or_default(),
            every: shelf::chosen(doc, 4),
            done_on: shelf::day(doc, 5),
            learners: shelf::ids(doc, 6),
        }
    }

    fn day(&self) -> &str {
        &self.due_on
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}
