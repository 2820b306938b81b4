//! Year groups, for families that use them: a learner moves up by the calendar, without anything being written.

use crate::calendar::{self, month_and_day};
use crate::error::{Error, Result};
use crate::records::fields::learner as field;
use crate::records::{Document, Stamper};
use crate::shelf::{self, Field, choice};

choice! {
    /// By whose names.
    Scheme {
        /// Nursery, Reception, Year 1 to Year 13.
        Uk = 1,
        /// Pre-K, Kindergarten, Grade 1 to Grade 12.
        Us = 2,
        /// Kindergarten, Foundation, Year 1 to Year 12.
        Au = 3,
    }
}

/// The stage of a learner on some day, from which all others follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// By whose names.
    pub scheme: Scheme,
    /// Its place among the scheme's names: 0 is the first.
    pub place: i64,
    /// The day on which this was so, `YYYY-MM-DD`.
    pub on: String,
    /// The day of each year on which learners move up, `MM-DD`; none when they do not by themselves.
    pub moves_up_on: Option<String>,
}

impl Scheme {
    /// Its first two names, what the numbered ones are called, and how many of those there are.
    const fn names(self) -> ([&'static str; 2], &'static str, i64) {
        match self {
            Self::Uk => (["Nursery", "Reception"], "Year", 13),
            Self::Us => (["Pre-K", "Kindergarten"], "Grade", 12),
            Self::Au => (["Kindergarten", "Foundation"], "Year", 12),
        }
    }

    /// The name of a place; none before the first and after the last.
    #[must_use]
    pub fn name(self, place: i64) -> Option<String> {
        let (first, numbered, count) = self.names();
        match usize::try_from(place).ok()? {
            place @ (0 | 1) => first.get(place).map(|name| (*name).to_owned()),
            _ if place - 1 <= count => Some(format!("{numbered} {}", place - 1)),
            _ => None,
        }
    }
}

impl Stage {
    /// What it is called on a day, the past ones too; none when the scheme has no name for it any more, or yet.
    #[must_use]
    pub fn name_on(&self, day: &str) -> Option<String> {
        let (then, now) = (calendar::parse(&self.on)?, calendar::parse(day)?);
        let moved = match self.moves_up_on.as_deref().and_then(month_and_day) {
            Some(turn) => {
                let begun = |day| calendar::year_start(day, turn).year();
                i64::from(begun(now) - begun(then))
            }
            None => 0,
        };
        self.scheme.name(self.place + moved)
    }

    pub(super) fn read(doc: &Document) -> Option<Self> {
        Some(Self {
            scheme: shelf::chosen(doc, field::SCHEME)?,
            place: doc.int(field::STAGE)?,
            on: shelf::day(doc, field::STAGE_ON)?,
            moves_up_on: shelf::day(doc, field::MOVES_UP_ON).filter(|turn| !turn.is_empty()),
        })
    }
}

/// Writes a stage, or none; says whether anything was written.
pub(super) fn write(doc: &mut Document, stage: Option<&Stage>, stamper: &Stamper) -> Result<bool> {
    let turn = stage.and_then(|stage| stage.moves_up_on.as_deref());
    if turn.is_some_and(|turn| month_and_day(turn).is_none()) {
        return Err(Error::invalid("the day to move up must be a month and day such as 09-01"));
    }
    if stage.is_some_and(|stage| stage.scheme.name(stage.place).is_none()) {
        return Err(Error::invalid("there is no such year group: choose one of the list"));
    }
    let fields = [
        Field::choice(field::SCHEME, stage.map(|stage| stage.scheme)),
        Field::number(field::STAGE, stage.map(|stage| stage.place), "the year group", 0, 100)?,
        Field::optional_day(
            field::STAGE_ON,
            stage.map(|stage| stage.on.as_str()),
            "the day of the year group",
        )?,
        Field::line(field::MOVES_UP_ON, turn.unwrap_or_default(), "the day to move up", 5)?,
    ];
    let mut changed = false;
    for now in fields {
        changed |= shelf::write(doc, None, now, stamper)?;
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_learner_moves_up_on_the_familys_day_and_looks_back_and_ahead() {
        let stage = |scheme, place, turn: Option<&str>| Stage {
            scheme,
            place,
            on: "2026-05-03".into(),
            moves_up_on: turn.map(str::to_owned),
        };
        let uk = stage(Scheme::Uk, 2, Some("09-01"));
        let names = ["2024-05-03", "2025-08-31", "2026-08-31", "2026-09-01", "2038-09-01", "2039-09-01"]
            .map(|day| uk.name_on(day).unwrap_or_default());
        assert_eq!(names, ["Nursery", "Reception", "Year 1", "Year 2", "", ""]);
        assert_eq!(uk.name_on("2037-09-01").as_deref(), Some("Year 13"));
        assert_eq!(stage(Scheme::Us, 1, Some("07-01")).name_on("2026-07-01").as_deref(), Some("Grade 1"));
        assert_eq!(stage(Scheme::Au, 0, Some("01-29")).name_on("2027-01-29").as_deref(), Some("Foundation"));
        assert_eq!(
            stage(Scheme::Us, 13, None).name_on("2040-01-01").as_deref(),
            Some("Grade 12"),
            "no roll-over"
        );
        let leap = stage(Scheme::Uk, 2, Some("02-29"));
        assert_eq!(["2027-02-28", "2027-03-01"].map(|day| leap.name_on(day).unwrap()), ["Year 1", "Year 2"]);
    }
}
