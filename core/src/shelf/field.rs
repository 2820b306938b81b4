//! The fields of a small record: what is typed, checked, and how each is kept and merged.

use crate::calendar;
use crate::context::Edit;
use crate::error::{Error, Result};
use crate::input;
use crate::records::{Document, Key, Names, Stamper, Value, What, text};
use std::collections::BTreeMap;

/// Most elements that a list is given; one that two phones filled beyond it is not refused for it.
pub const MAX_ITEMS: usize = 100;

/// One field with its number, as it is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// The later writing wins.
    One(u32, Value),
    /// Both writings are kept: text that people type at the same time.
    Text(u32, String, &'static str),
    /// The later writing wins for each element by itself.
    Each(u32, BTreeMap<Key, Value>),
    /// The same, at most 100 of them.
    Few(u32, BTreeMap<Key, Value>, &'static str),
    /// The id of one thing, as [`Field::One`].
    Id(u32, Option<[u8; 16]>, What),
    /// Ids of things, as [`Field::Few`].
    Ids(u32, BTreeMap<Key, Value>, &'static str, What),
}

impl Field {
    /// One line, which may be empty; `item` names it in a refusal.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when it is longer than `most` characters.
    pub fn line(number: u32, text: &str, item: &str, most: usize) -> Result<Self> {
        Ok(Self::One(number, Value::Text(input::line(text, item, most)?)))
    }

    /// A line that holds something.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when it is empty or too long.
    pub fn required(number: u32, text: &str, item: &str, most: usize) -> Result<Self> {
        Ok(Self::One(number, Value::Text(input::required_line(text, item, most)?)))
    }

    /// Text of up to 64 KiB; longer text is refused when it is written.
    pub fn text(number: u32, text: &str, item: &'static str) -> Self {
        Self::Text(number, text::as_kept(text), item)
    }

    /// A day of the calendar.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] unless it is one, between 1900 and 2199.
    pub fn day(number: u32, day: &str, item: &str) -> Result<Self> {
        Ok(Self::One(number, Value::Text(calendar::day(day, item)?)))
    }

    /// A day, or none.
    ///
    /// # Errors
    /// As [`Field::day`].
    pub fn optional_day(number: u32, day: Option<&str>, item: &str) -> Result<Self> {
        day.map_or(Ok(Self::One(number, Value::Null)), |day| Self::day(number, day, item))
    }

    /// A number within bounds, or none.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] beyond them.
    pub fn number(number: u32, value: Option<i64>, item: &str, least: i64, most: i64) -> Result<Self> {
        if value.is_some_and(|value| !(least..=most).contains(&value)) {
            return Err(Error::invalid(format!("{item} must be between {least} and {most}")));
        }
        Ok(Self::One(number, value.map_or(Value::Null, Value::Int)))
    }

    /// One of a few choices, by its number, or none.
    pub fn choice(number: u32, choice: Option<impl Into<u8>>) -> Self {
        Self::One(number, choice.map_or(Value::Null, |choice| Value::Int(choice.into().into())))
    }

    /// Yes or no.
    pub const fn flag(number: u32, flag: bool) -> Self {
        Self::One(number, if flag { Value::Bool(true) } else { Value::Null })
    }

    /// The id of one thing, or none. What nobody has is refused when it is written.
    pub fn id<I: Names>(number: u32, id: Option<I>) -> Self {
        Self::Id(number, id.map(Into::into), I::WHAT)
    }

    /// Ids, each once. More than 100, and what nobody has, are refused when they are written.
    pub fn ids<I: Names>(number: u32, ids: &[I], item: &'static str) -> Self {
        Self::Ids(number, ids.iter().map(|id| (Key::id(*id), Value::Bool(true))).collect(), item, I::WHAT)
    }

    /// Lines, each once, without the empty ones. More than 100 are refused when they are written.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for one of more than `most` characters.
    pub fn lines(number: u32, lines: &[String], item: &'static str, most: usize) -> Result<Self> {
        let mut kept = BTreeMap::new();
        for line in lines {
            let line = input::line(line, item, most)?;
            if !line.is_empty() {
                kept.insert(Key::text(line), Value::Bool(true));
            }
        }
        Ok(Self::Few(number, kept, item))
    }
}

/// Writes one field where it differs from `base`, which the editor began with; without one, from what the document
/// holds. Says whether anything was written. Ids are not looked up: [`known`] does.
///
/// # Errors
/// [`Error::InvalidInput`] for a text of more than 64 KiB, or more than 100 of what are to be few, unless the document
/// holds as many.
pub fn write(doc: &mut Document, base: Option<&Field>, now: Field, stamper: &Stamper) -> Result<bool> {
    if base == Some(&now) {
        return Ok(false);
    }
    match (now, base) {
        (Field::One(number, value), _) => Ok(doc.set(number, value, stamper)),
        (Field::Id(number, id, _), _) => {
            Ok(doc.set(number, id.map_or(Value::Null, |id| Value::Bytes(id.to_vec())), stamper))
        }
        (Field::Text(number, now, item), base) => {
            let base = match base {
                Some(Field::Text(_, base, _)) => Some(base.as_str()),
                _ => None,
            };
            let now = text::replacing(doc.text(number)?.len(), &now, item)?;
            doc.edit_text(number, base, &now, stamper)
        }
        (Field::Each(number, now), Some(Field::Each(_, was))) => {
            Ok(write_each(doc, number, Some(was), now, stamper))
        }
        (Field::Each(number, now), _) => Ok(write_each(doc, number, None, now, stamper)),
        (Field::Few(number, now, item) | Field::Ids(number, now, item, _), base) => {
            if now.len() > MAX_ITEMS.max(doc.elements(number).count()) {
                return Err(Error::invalid(format!("{item}: 100 at most")));
            }
            let was = match base {
                Some(Field::Few(_, was, _) | Field::Ids(_, was, ..)) => Some(was),
                _ => None,
            };
            Ok(write_each(doc, number, was, now, stamper))
        }
    }
}

fn write_each(
    doc: &mut Document,
    number: u32,
    was: Option<&BTreeMap<Key, Value>>,
    now: BTreeMap<Key, Value>,
    stamper: &Stamper,
) -> bool {
    let was = was
        .cloned()
        .unwrap_or_else(|| doc.elements(number).map(|(key, value)| (key.clone(), value.clone())).collect());
    let mut changed = false;
    for key in was.keys().filter(|key| !now.contains_key(key)) {
        changed |= doc.remove(number, key, stamper);
    }
    for (key, value) in now {
        if was.get(&key) != Some(&value) {
            changed |= doc.put(number, key, value, stamper);
        }
    }
    changed
}

/// Refuses an id that is newly given and that nobody has, or that is of something else. What the document named before
/// stays, gone or not, and so does what the editor began with.
///
/// # Errors
/// [`Error::NotFound`] says what is missing.
pub fn known(doc: &Document, base: Option<&Field>, now: &Field, tx: &Edit<'_>) -> Result<()> {
    let there = |id: [u8; 16], what: What| tx.load_visible(id, what.kind, what.name).map(drop);
    match now {
        Field::Id(number, Some(new), what) if base != Some(now) && id(doc, *number) != Some(*new) => {
            there(*new, *what)
        }
        Field::Ids(number, now, _, what) => {
            let began = |key| matches!(base, Some(Field::Ids(_, was, ..)) if was.contains_key(key));
            let new = now.keys().filter(|key| !began(key) && doc.element(*number, key).is_none());
            new.filter_map(Key::as_id).try_for_each(|id| there(id, *what))
        }
        _ => Ok(()),
    }
}

/// The ids of a list, in the order of their bytes.
pub fn ids<I: From<[u8; 16]>>(doc: &Document, number: u32) -> Vec<I> {
    doc.elements(number).filter_map(|(key, _)| key.as_id()).map(I::from).collect()
}

/// The id of one thing.
pub fn id<I: From<[u8; 16]>>(doc: &Document, number: u32) -> Option<I> {
    doc.register(number)?.as_bytes()?.try_into().ok().map(<[u8; 16]>::into)
}

/// The lines of a list, in their order.
pub fn lines(doc: &Document, number: u32) -> Vec<String> {
    let mut lines: Vec<String> =
        doc.elements(number).filter_map(|(key, _)| key.as_text()).map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// A day, where there is one.
pub fn day(doc: &Document, number: u32) -> Option<String> {
    doc.register(number).and_then(Value::as_text).map(str::to_owned)
}

/// A choice by its number; one that a newer app knows counts as none here, and stays as it is unless it is changed.
pub fn chosen<C: TryFrom<u8>>(doc: &Document, number: u32) -> Option<C> {
    C::try_from(u8::try_from(doc.int(number)?).ok()?).ok()
}

/// A text; one whose state can't be read is shown as empty, and an edit of it is refused.
pub fn text(doc: &Document, number: u32) -> String {
    doc.text(number).unwrap_or_default()
}
