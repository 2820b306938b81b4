//! The family's settings: one record that all its phones share, each field by itself.

use crate::calendar::{self, WEEK_MINUTES};
use crate::changes::{Change, ChangeKind};
use crate::context::Edit;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::RecordId;
use crate::input;
use crate::records::{self, Document, Key, Kind, Stamper, Synced, Value};
use crate::shelf::{self, Field, choice};
use crate::storage::Transaction;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// The record of every family's settings: two phones that set something before they met write the same one.
const RECORD: RecordId = RecordId(*b"kinfolio-setting");
/// 1 September.
const YEAR_START: &str = "09-01";
/// Longest name of a term, in characters.
const MAX_NAME: usize = 80;
/// Most days of a term.
const MAX_DAYS: i32 = 366;

choice! {
    /// On which day a week begins.
    WeekStart {
        /// On Monday.
        Monday = 1,
        /// On Sunday.
        Sunday = 2,
        /// On Saturday.
        Saturday = 3,
    }
}

impl WeekStart {
    /// Days after Monday.
    #[must_use]
    pub const fn weekday(self) -> i8 {
        match self {
            Self::Monday => 0,
            Self::Saturday => 5,
            Self::Sunday => 6,
        }
    }
}

/// A term of the family's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What it is called, up to 80 characters; may be empty.
    pub name: String,
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day, at most a year later.
    pub last_day: String,
}

/// What the family shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilySettings {
    /// The day on which a year begins, `MM-DD`; 1 September unless it is set.
    pub year_start: String,
    /// On which day a week begins.
    pub week_start: WeekStart,
    /// Minutes that a week is meant to hold, 1 to 10,080; none unless somebody sets them.
    pub weekly_minutes: Option<i64>,
    /// Year groups are shown.
    pub year_groups: bool,
    /// Terms by their first day, none overlapping another, at most 100.
    pub terms: Vec<Term>,
}

impl Default for FamilySettings {
    fn default() -> Self {
        Self {
            year_start: YEAR_START.into(),
            week_start: WeekStart::default(),
            weekly_minutes: None,
            year_groups: true,
            terms: Vec::new(),
        }
    }
}

impl FamilySettings {
    /// The day on which a year begins, of a leap year.
    #[must_use]
    pub fn turn(&self) -> Date {
        calendar::month_and_day(&self.year_start).unwrap_or(date(2000, 9, 1))
    }

    /// Its fields but for the terms.
    fn fields(&self) -> Result<[Field; 4]> {
        if calendar::month_and_day(&self.year_start).is_none() {
            return Err(Error::invalid("the first day of the year must be a month and day such as 09-01"));
        }
        Ok([
            Field::line(1, &self.year_start, "the first day of the year", 5)?,
            Field::choice(2, Some(self.week_start)),
            Field::number(3, self.weekly_minutes, "the minutes of a week", 1, WEEK_MINUTES)?,
            Field::flag(4, !self.year_groups),
        ])
    }

    fn terms(&self) -> Result<Field> {
        let mut spans = Vec::new();
        let mut kept = BTreeMap::new();
        for term in &self.terms {
            let first = calendar::day(&term.first_day, "the first day of a term")?;
            let last = calendar::day(&term.last_day, "the last day of a term")?;
            let length = calendar::number(&last) - calendar::number(&first);
            if !(0..MAX_DAYS).contains(&length) {
                return Err(Error::invalid("a term must end after it begins, within a year"));
            }
            let name = Value::Text(input::line(&term.name, "a term's name", MAX_NAME)?);
            spans.push((first.clone(), last.clone()));
            kept.insert(Key::text(first), Value::List(vec![Value::Text(last), name]));
        }
        spans.sort_unstable();
        if spans.iter().zip(spans.iter().skip(1)).any(|((_, last), (next, _))| next <= last) {
            return Err(Error::invalid("two terms share a day: let one end before the other begins"));
        }
        Ok(Field::Few(5, kept, "terms"))
    }

    fn read(doc: &Document) -> Self {
        let year_start = Some(doc.string(1)).filter(|turn| calendar::month_and_day(turn).is_some());
        Self {
            year_start: year_start.unwrap_or_else(|| YEAR_START.into()),
            week_start: shelf::chosen(doc, 2).unwrap_or_default(),
            weekly_minutes: doc.int(3),
            year_groups: !doc.flag(4),
            terms: doc.elements(5).filter_map(|(key, value)| term(key, value)).collect(),
        }
    }
}

fn term(key: &Key, value: &Value) -> Option<Term> {
    let [last_day, name, ..] = value.as_list()? else { return None };
    Some(Term {
        name: name.as_text()?.to_owned(),
        first_day: key.as_text()?.to_owned(),
        last_day: last_day.as_text()?.to_owned(),
    })
}

/// The family's settings as this phone has them.
///
/// # Errors
/// When the store can't be read.
pub fn of_family(tx: &Transaction<'_>) -> Result<FamilySettings> {
    Ok(record(tx)?.as_ref().map_or_else(FamilySettings::default, FamilySettings::read))
}

/// The record of the family's settings, whose fields several rooms keep; none where nobody has set anything.
///
/// # Errors
/// When the store can't be read.
pub fn record(tx: &Transaction<'_>) -> Result<Option<Document>> {
    let stored = records::load(tx, RECORD)?.map(|stored| stored.doc);
    Ok(stored.filter(|doc| doc.kind() == u16::from(Kind::Setting)))
}

/// Changes it: `change` says whether it did.
///
/// # Errors
/// When the store can't be written, and what `change` returns.
pub fn change(
    tx: &mut Edit<'_>,
    change: impl FnOnce(&mut Document, &Stamper) -> Result<bool>,
) -> Result<Document> {
    let mut doc = match records::load(tx.tx, RECORD)? {
        None => Document::new(Kind::Setting),
        Some(_) => record(tx.tx)?.filter(|doc| !doc.is_purged()).or_not_found("settings")?,
    };
    if change(&mut doc, &tx.stamper)? {
        tx.save(RECORD, &doc)?;
    }
    Ok(doc)
}

pub(super) fn save(base: &FamilySettings, now: &FamilySettings, tx: &mut Edit<'_>) -> Result<FamilySettings> {
    let write = |doc: &mut Document, stamper: &Stamper| {
        let mut changed = false;
        // What another phone set may be beyond what is taken here: then the document is what the editor began with.
        let was = base.fields().ok();
        for (nth, now) in now.fields()?.into_iter().enumerate() {
            changed |= shelf::write(doc, was.as_ref().and_then(|was| was.get(nth)), now, stamper)?;
        }
        // Two phones may have set terms that share a day: they stand in nobody's way who sets something else.
        if base.terms != now.terms {
            changed |= shelf::write(doc, base.terms().ok().as_ref(), now.terms()?, stamper)?;
        }
        Ok(changed)
    };
    Ok(FamilySettings::read(&change(tx, write)?))
}

/// Tells screens that settings changed; they have no rows of their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SettingRows;

impl Synced for SettingRows {
    fn kind(&self) -> u16 {
        Kind::Setting.into()
    }

    fn materialise(&self, _tx: &Transaction<'_>, _rid: RecordId, _doc: &Document) -> Result<Vec<Change>> {
        Ok(vec![Change::all(ChangeKind::Setting)])
    }
}
