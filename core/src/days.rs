//! Marked days: a day that was taught without an entry to show for it, or one on which somebody was away or ill, so
//! that no gap is seen where there is none.

use crate::calendar;
use crate::changes::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{DayMarkId, LearnerId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, Look, choice};

choice! {
    /// What the day was.
    Mark {
        /// Taught.
        Taught = 1,
        /// Away.
        Away = 2,
        /// Ill.
        Ill = 3,
        /// A holiday of the family's.
        Holiday = 4,
    }
}

/// Most days that one mark may span.
const MAX_DAYS: i32 = 366;

/// One marked day, or several in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayMark {
    /// What it was.
    pub mark: Mark,
    /// The day, or the first of several, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day, where it is another one.
    pub last_day: Option<String>,
    /// Minutes of a taught day, 1 to 1,440: counted as hours for each of its days.
    pub minutes: Option<i64>,
    /// Up to 200 characters.
    pub note: String,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

/// What finds the marks that touch some days: one may have begun as long before as a mark may span.
pub fn touching(learner: Option<LearnerId>, first_day: &str, last_day: &str) -> Look {
    Look {
        learner,
        first_day: Some(calendar::day_of(calendar::number(first_day) - MAX_DAYS)),
        last_day: Some(last_day.to_owned()),
        trashed: false,
    }
}

impl Item for DayMark {
    type Id = DayMarkId;
    const KIND: Kind = Kind::DayMark;
    const CHANGE: ChangeKind = ChangeKind::DayMark;
    const NAME: &'static str = "marked day";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::choice(1, Some(self.mark)),
            Field::day(2, &self.first_day, "the day")?,
            Field::optional_day(3, self.last_day.as_deref(), "the last day")?,
            Field::number(4, self.minutes, "the minutes", 1, 1_440)?,
            Field::line(5, &self.note, "the note", 200)?,
            Field::ids(6, &self.learners, "learners"),
        ])
    }

    fn check(&self) -> Result<()> {
        let last = self.last_day.as_deref();
        let days = last.map_or(0, |last| calendar::number(last) - calendar::number(&self.first_day));
        if days >= MAX_DAYS {
            return Err(Error::invalid("marked days end within a year: mark them in two parts"));
        }
        shelf::in_order::<Self>(Some(&self.first_day), last)
    }

    fn read(doc: &Document) -> Self {
        Self {
            mark: shelf::chosen(doc, 1).unwrap_or_default(),
            first_day: doc.string(2),
            last_day: shelf::day(doc, 3),
            minutes: doc.int(4),
            note: doc.string(5),
            learners: shelf::ids(doc, 6),
        }
    }

    fn day(&self) -> &str {
        &self.first_day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}
