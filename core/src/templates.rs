//! Templates: an entry's beginning, to be used again; and activities that come back every week, proposed and never
//! counted until somebody says that they happened.

use crate::calendar::{self, WEEK_MINUTES};
use crate::changes::ChangeKind;
use crate::entries::Taught;
use crate::error::{Error, Result};
use crate::ids::{EntryId, LearnerId, SubjectId, TemplateId};
use crate::records::{Document, Key, Kind, Value};
use crate::shelf::{self, Field, Item};
use std::collections::BTreeMap;

/// Seven bits, Monday's the lowest.
const ALL_WEEK: i64 = 0x7f;

/// A template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// The entry's title, up to 200 characters.
    pub title: String,
    /// The entry's note, up to 64 KiB.
    pub note: String,
    /// The entry's minutes, 1 to 10,080.
    pub minutes: Option<i64>,
    /// The entry's learners.
    pub learners: Vec<LearnerId>,
    /// The entry's subjects.
    pub subjects: Vec<SubjectId>,
    /// The entry's tags, up to 60 characters each.
    pub tags: Vec<String>,
    /// On which days of the week it comes back: Monday is 1, Tuesday 2, Wednesday 4, … Sunday 64, added up; none
    /// when it does not.
    pub weekdays: Option<i64>,
    /// It comes back from this day on, `YYYY-MM-DD`; needed where it does.
    pub first_day: Option<String>,
    /// The last day on which it comes back.
    pub last_day: Option<String>,
    /// It comes back every so many weeks, 2 to 52, counted from the week of its first day; every week when none is given.
    pub every_weeks: Option<i64>,
    /// The entry's teacher and place.
    pub taught: Taught,
    /// Days on which it was confirmed or skipped.
    pub settled: Vec<Settled>,
}

/// A day on which an activity that comes back was confirmed or skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The entry that was made; none when it was skipped.
    pub entry: Option<EntryId>,
}

/// Each day by itself, so that two phones that confirm different days keep both. There is no most of them: an activity
/// of ten years has hundreds.
fn settled_field(settled: &[Settled]) -> Result<Field> {
    let mut kept = BTreeMap::new();
    for Settled { day, entry } in settled {
        let value = entry.map_or(Value::Bool(true), |entry| Value::Bytes(entry.0.to_vec()));
        kept.insert(Key::text(calendar::day(day, "the day")?), value);
    }
    Ok(Field::Each(15, kept))
}

fn read_settled((day, value): (&Key, &Value)) -> Option<Settled> {
    let entry = value.as_bytes().and_then(|bytes| EntryId::from_slice(bytes).ok());
    Some(Settled { day: day.as_text()?.to_owned(), entry })
}

impl Item for Template {
    type Id = TemplateId;
    const KIND: Kind = Kind::Template;
    const CHANGE: ChangeKind = ChangeKind::Template;
    const NAME: &'static str = "template";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.name, "the template's name", 80)?,
            Field::line(2, &self.title, "the title", 200)?,
            Field::text(3, &self.note, "the note"),
            Field::number(4, self.minutes, "the minutes", 1, WEEK_MINUTES)?,
            Field::ids(5, &self.learners, "learners"),
            Field::ids(6, &self.subjects, "subjects"),
            Field::lines(7, &self.tags, "a tag", 60)?,
            Field::number(8, self.weekdays, "the days of the week", 1, ALL_WEEK)?,
            Field::optional_day(9, self.first_day.as_deref(), "the first day")?,
            Field::optional_day(10, self.last_day.as_deref(), "the last day")?,
            Field::number(11, self.every_weeks, "the weeks between two times", 2, 52)?,
            Field::choice(12, self.taught.by),
            Field::id(13, self.taught.provider),
            Field::choice(14, self.taught.place),
            settled_field(&self.settled)?,
        ])
    }

    fn check(&self) -> Result<()> {
        if self.weekdays.is_some() && self.first_day.is_none() {
            return Err(Error::invalid("choose the day from which this comes back"));
        }
        shelf::in_order::<Self>(self.first_day.as_deref(), self.last_day.as_deref())
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn read(doc: &Document) -> Self {
        Self {
            name: doc.string(1),
            title: doc.string(2),
            note: shelf::text(doc, 3),
            minutes: doc.int(4),
            learners: shelf::ids(doc, 5),
            subjects: shelf::ids(doc, 6),
            tags: shelf::lines(doc, 7),
            weekdays: doc.int(8),
            first_day: shelf::day(doc, 9),
            last_day: shelf::day(doc, 10),
            every_weeks: doc.int(11),
            taught: Taught {
                by: shelf::chosen(doc, 12),
                provider: shelf::id(doc, 13),
                place: shelf::chosen(doc, 14),
            },
            settled: doc.elements(15).filter_map(read_settled).collect(),
        }
    }
}
