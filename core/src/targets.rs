//! Targets of a year, as a law or a family sets them; none unless somebody does.

use crate::changes::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{LearnerId, TargetId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// Most minutes of a year: 5,000 hours.
const MAX_MINUTES: i64 = 300_000;

/// What a year is meant to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The first day of the year, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day, where it is not a year later.
    pub last_day: Option<String>,
    /// Days, 1 to 366.
    pub days: Option<i64>,
    /// Minutes, 1 to 300,000.
    pub minutes: Option<i64>,
    /// Minutes of core subjects.
    pub core_minutes: Option<i64>,
    /// Minutes of core subjects at home.
    pub core_home_minutes: Option<i64>,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

impl Item for Target {
    type Id = TargetId;
    const KIND: Kind = Kind::Target;
    const CHANGE: ChangeKind = ChangeKind::Target;
    const NAME: &'static str = "target";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::day(1, &self.first_day, "the first day of the year")?,
            Field::optional_day(2, self.last_day.as_deref(), "the last day of the year")?,
            Field::number(3, self.days, "the days", 1, 366)?,
            Field::number(4, self.minutes, "the minutes", 1, MAX_MINUTES)?,
            Field::number(5, self.core_minutes, "the minutes of core subjects", 1, MAX_MINUTES)?,
            Field::number(6, self.core_home_minutes, "the minutes of core subjects at home", 1, MAX_MINUTES)?,
            Field::ids(7, &self.learners, "learners"),
        ])
    }

    fn check(&self) -> Result<()> {
        let parts = [self.minutes, self.core_minutes, self.core_home_minutes];
        let parts: Vec<i64> = parts.into_iter().flatten().collect();
        if !parts.is_sorted_by(|whole, part| whole >= part) {
            return Err(Error::invalid("hours in core subjects are a part of all hours: they can't be more"));
        }
        shelf::in_order::<Self>(Some(&self.first_day), self.last_day.as_deref())
    }

    fn read(doc: &Document) -> Self {
        Self {
            first_day: doc.string(1),
            last_day: shelf::day(doc, 2),
            days: doc.int(3),
            minutes: doc.int(4),
            core_minutes: doc.int(5),
            core_home_minutes: doc.int(6),
            learners: shelf::ids(doc, 7),
        }
    }

    fn day(&self) -> &str {
        &self.first_day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}
