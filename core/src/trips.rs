//! Trips: where the family went, with the entries that tell of it.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{EntryId, LearnerId, TripId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// A trip.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trip {
    /// 1 to 200 characters.
    pub title: String,
    /// Where, up to 200 characters.
    pub place: String,
    /// The first day, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day, where it is another one.
    pub last_day: Option<String>,
    /// Up to 64 KiB.
    pub note: String,
    /// Who went; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// Entries that tell of it.
    pub entries: Vec<EntryId>,
}

impl Item for Trip {
    type Id = TripId;
    const KIND: Kind = Kind::Trip;
    const CHANGE: ChangeKind = ChangeKind::Trip;
    const NAME: &'static str = "trip";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "the trip", 200)?,
            Field::line(2, &self.place, "the place", 200)?,
            Field::day(3, &self.first_day, "the first day")?,
            Field::optional_day(4, self.last_day.as_deref(), "the last day")?,
            Field::text(5, &self.note, "the note"),
            Field::ids(6, &self.learners, "learners"),
            Field::ids(7, &self.entries, "entries"),
        ])
    }

    fn check(&self) -> Result<()> {
        shelf::in_order::<Self>(Some(&self.first_day), self.last_day.as_deref())
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            place: doc.string(2),
            first_day: doc.string(3),
            last_day: shelf::day(doc, 4),
            note: shelf::text(doc, 5),
            learners: shelf::ids(doc, 6),
            entries: shelf::ids(doc, 7),
        }
    }

    fn day(&self) -> &str {
        &self.first_day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        vec![&self.title, &self.place, &self.note]
    }
}
