//! One record's content: cells by field number, trash and purge, and their deterministic CBOR form.
//!
//! `{0: kind, 1: min_reader, 2: {field: cell}, 3: trash cell, 4: purge stamp}`, where 3 and 4 may be absent and a
//! cell is `[0, [stamp, value]]` (register), `[1, {key: [stamp, value]}]` (keyed map, null = removed) or
//! `[2, [stamp, state]]` (text). A stamp is `[time, device_no]`. Nothing here knows what a field means.

use super::text;
use super::value::{Key, Value};
use super::{Stamp, Stamper};
use crate::error::Result;
use std::collections::BTreeMap;

/// The newest document form that this version reads; a record may ask for more (`min_reader`). It also goes up with
/// a new envelope or packing: what an app of a smaller number laid aside is tried again.
pub const READER: u32 = 1;

/// What kind of thing a record is: the number inside the ciphertext.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Kind {
    /// A learner.
    Learner = 1,
    /// An entry with its attachments.
    Entry = 2,
    /// A subject.
    Subject = 3,
    /// A setting that all phones of the family share.
    Setting = 5,
    /// A device's signed statement of what it saw.
    Checkpoint = 9,
    /// A book, or other material that was used.
    Reading = 10,
    /// A goal.
    Goal = 11,
    /// Something planned for a week.
    Plan = 12,
    /// A day that was taught, or on which somebody was away.
    DayMark = 13,
    /// Somebody else who teaches: a tutor, a club, a class.
    Provider = 14,
    /// A trip.
    Trip = 15,
    /// A qualification, from its entry to its result.
    Qualification = 16,
    /// A letter from or to an authority.
    Letter = 17,
    /// An entry's beginning, to be used again.
    Template = 18,
    /// A filter with a name.
    SavedFilter = 20,
    /// What a year is meant to hold.
    Target = 21,
    /// One skill of a list.
    Skill = 22,
    /// A reminder.
    Reminder = 23,
    /// Needs and how they are met. In no list or search of others.
    NeedsNote = 24,
    /// The result of an assessment. In no list or search of others.
    Assessment = 25,
    /// What went along with a learner who was removed.
    Removal = 26,
    /// Earlier versions of one entry, as one phone keeps them.
    Versions = 27,
    /// What one device did on one day.
    FamilyLog = 28,
    /// A report, or a version of one that was sent.
    Report = 29,
}

impl From<Kind> for u16 {
    fn from(kind: Kind) -> Self {
        kind as Self
    }
}

/// How a field is kept, and therefore how two versions of it merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The later writing wins.
    Register(Stamp, Value),
    /// The later writing wins for each key by itself; `Value::Null` is a removed element, and
    /// [`Value::gone`] one that stays removed.
    Map(BTreeMap<Key, (Stamp, Value)>),
    /// Both writings are kept: a yrs state, and when it was last typed in.
    Text(Stamp, Vec<u8>),
}

/// A record's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub(super) kind: u16,
    pub(super) min_reader: u32,
    pub(super) fields: BTreeMap<u32, Cell>,
    pub(super) trash: Option<(Stamp, bool)>,
    pub(super) purge: Option<Stamp>,
}

impl Document {
    /// An empty document.
    pub fn new(kind: impl Into<u16>) -> Self {
        Self { kind: kind.into(), min_reader: READER, fields: BTreeMap::new(), trash: None, purge: None }
    }

    /// The number of its kind, which may be one that this version does not know.
    pub const fn kind(&self) -> u16 {
        self.kind
    }

    /// The largest number among its fields, the unknown ones too.
    pub fn last_field(&self) -> Option<u32> {
        self.fields.keys().next_back().copied()
    }

    /// Every field with its cell, by number, the unknown ones too.
    pub fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.fields.iter().map(|(number, cell)| (*number, cell))
    }

    /// One field's cell.
    pub fn cell(&self, field: u32) -> Option<&Cell> {
        self.fields.get(&field)
    }

    /// A register's value; `None` when it was never written or is null.
    pub fn register(&self, field: u32) -> Option<&Value> {
        match self.fields.get(&field) {
            Some(Cell::Register(_, value)) if *value != Value::Null => Some(value),
            _ => None,
        }
    }

    /// A register's text, empty when there is none.
    pub fn string(&self, field: u32) -> String {
        self.register(field).and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    /// A register's yes or no; no when it was never written.
    pub fn flag(&self, field: u32) -> bool {
        self.register(field).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A register's number.
    pub fn int(&self, field: u32) -> Option<i64> {
        self.register(field).and_then(Value::as_int)
    }

    /// The elements of a keyed map, without the removed ones, in the order of their keys.
    pub fn elements(&self, field: u32) -> impl Iterator<Item = (&Key, &Value)> {
        let map = match self.fields.get(&field) {
            Some(Cell::Map(map)) => Some(map),
            _ => None,
        };
        map.into_iter()
            .flatten()
            .filter(|(_, (_, value))| value.is_there())
            .map(|(key, (_, value))| (key, value))
    }

    /// One element of a keyed map.
    pub fn element(&self, field: u32, key: &Key) -> Option<&Value> {
        match self.fields.get(&field) {
            Some(Cell::Map(map)) => map.get(key).map(|(_, value)| value).filter(|value| value.is_there()),
            _ => None,
        }
    }

    /// A text cell's text, empty when nothing was ever typed.
    ///
    /// # Errors
    /// [`Error::StoreDamaged`](crate::Error::StoreDamaged) when the cell's state can't be read.
    pub fn text(&self, field: u32) -> Result<String> {
        match self.fields.get(&field) {
            Some(Cell::Text(_, state)) => text::read(state),
            _ => Ok(String::new()),
        }
    }

    /// Reads every text cell, the unknown ones too.
    ///
    /// # Errors
    /// [`Error::StoreDamaged`](crate::error::Error::StoreDamaged) for one that is no text.
    pub fn check_texts(&self) -> Result<()> {
        self.fields.values().try_for_each(|cell| match cell {
            Cell::Text(_, state) => text::read(state).map(drop),
            _ => Ok(()),
        })
    }

    /// Writes a register, unless it holds just that; says whether it was written.
    pub fn set(&mut self, field: u32, value: Value, stamper: &Stamper) -> bool {
        let seen = match self.fields.get(&field) {
            Some(Cell::Register(_, old)) if *old == value => return false,
            Some(Cell::Register(stamp, _)) => Some(*stamp),
            None if value == Value::Null => return false,
            _ => None,
        };
        let stamp = stamper.next(self.floor(seen));
        self.fields.insert(field, Cell::Register(stamp, value));
        true
    }

    /// Writes an element of a keyed map, unless it holds just that; says whether it was written.
    pub fn put(&mut self, field: u32, key: Key, value: Value, stamper: &Stamper) -> bool {
        let old = match self.fields.get(&field) {
            Some(Cell::Map(map)) => map.get(&key),
            _ => None,
        };
        match old {
            Some((_, old)) if *old == value || old.is_gone() => return false,
            None if value == Value::Null => return false,
            _ => {}
        }
        let stamp = stamper.next(self.floor(old.map(|(stamp, _)| *stamp)));
        let cell = self.fields.entry(field).or_insert_with(|| Cell::Map(BTreeMap::new()));
        if !matches!(cell, Cell::Map(_)) {
            *cell = Cell::Map(BTreeMap::new());
        }
        if let Cell::Map(map) = cell {
            map.insert(key, (stamp, value));
        }
        true
    }

    /// Removes an element of a keyed map; says whether it was there.
    pub fn remove(&mut self, field: u32, key: &Key, stamper: &Stamper) -> bool {
        self.element(field, key).is_some() && self.put(field, key.clone(), Value::Null, stamper)
    }

    /// Removes an element of a keyed map for good: what another phone writes there later stays removed too. Says whether it
    /// was there.
    pub fn remove_for_good(&mut self, field: u32, key: &Key, stamper: &Stamper) -> bool {
        self.element(field, key).is_some() && self.put(field, key.clone(), Value::gone(), stamper)
    }

    /// Makes a text cell read `new`, keeping what others type in elsewhere; says whether anything changed.
    ///
    /// `base` is the text that the editor began with, `None` for the text as it stands: what came in since the
    /// editor was opened stays. `new` should be [`text::normalised`].
    ///
    /// # Errors
    /// [`Error::StoreDamaged`](crate::Error::StoreDamaged) when the cell's state can't be read.
    pub fn edit_text(
        &mut self,
        field: u32,
        base: Option<&str>,
        new: &str,
        stamper: &Stamper,
    ) -> Result<bool> {
        let (seen, state) = match self.fields.get(&field) {
            Some(Cell::Text(stamp, state)) => (Some(*stamp), Some(state.as_slice())),
            _ => (None, None),
        };
        if base == Some(new) || (base.is_none() && self.text(field)? == new) {
            return Ok(false);
        }
        let state = text::edit(state, base, new, stamper.text_client)?;
        let stamp = stamper.next(self.floor(seen));
        self.fields.insert(field, Cell::Text(stamp, state));
        Ok(true)
    }

    /// Puts an element under another key, with the stamp that it has; where both stand, the later writing stays.
    /// Only for a record that no other phone has: nothing tells others that the old key went.
    pub fn move_key(&mut self, field: u32, from: &Key, to: Key) -> bool {
        let Some(Cell::Map(map)) = self.fields.get_mut(&field) else { return false };
        let Some(moved) = map.remove(from) else { return false };
        let place = map.entry(to).or_insert_with(|| moved.clone());
        if place.0 < moved.0 {
            *place = moved;
        }
        true
    }

    /// Puts the record into the trash, or takes it out.
    pub fn set_trashed(&mut self, trashed: bool, stamper: &Stamper) -> bool {
        if self.is_trashed() == trashed {
            return false;
        }
        // Later than every edit that was seen, so that only an unseen one brings it back.
        let seen = self.trash.map(|(stamp, _)| stamp).max(self.newest_content());
        self.trash = Some((stamper.next(seen), trashed));
        true
    }

    /// Whether it lies in the trash. An edit made without seeing the trashing brings a record back: in a record
    /// of evidence losing work is worse.
    pub fn is_trashed(&self) -> bool {
        self.trash
            .is_some_and(|(stamp, trashed)| trashed && self.newest_content().is_none_or(|edit| edit < stamp))
    }

    /// Whether an element was removed so that nothing brings it back.
    pub fn is_gone(&self, field: u32, key: &Key) -> bool {
        matches!(self.fields.get(&field), Some(Cell::Map(map)) if map.get(key).is_some_and(|(_, value)| value.is_gone()))
    }

    /// Whether people see it: it lies in no trash, and is not gone for good.
    pub fn is_shown(&self) -> bool {
        !self.is_trashed() && !self.is_purged()
    }

    /// When it was put into the trash, milliseconds since 1970; `None` when it isn't there.
    pub fn trashed_at_ms(&self) -> Option<i64> {
        self.trash.filter(|_| self.is_trashed()).map(|(stamp, _)| stamp.ms())
    }

    /// Makes it a tombstone: everything in it goes, for ever and on every phone.
    pub fn purge(&mut self, stamper: &Stamper) {
        let seen = self.purge.max(self.trash.map(|(stamp, _)| stamp)).max(self.newest_content());
        self.purge = Some(stamper.next(seen));
        self.fields.clear();
        self.trash = None;
    }

    /// When and by which device it was made a tombstone.
    pub const fn purged_by(&self) -> Option<Stamp> {
        self.purge
    }

    /// Whether it is a tombstone.
    pub const fn is_purged(&self) -> bool {
        self.purge.is_some()
    }

    /// The stamp that a new content stamp must pass: the one it replaces and, in the trash, the trashing.
    fn floor(&self, seen: Option<Stamp>) -> Option<Stamp> {
        seen.max(self.trash.filter(|(_, trashed)| *trashed).map(|(stamp, _)| stamp))
    }

    /// When and by which device its content was last written.
    pub fn newest_content(&self) -> Option<Stamp> {
        self.fields
            .values()
            .filter_map(|cell| match cell {
                Cell::Register(stamp, _) | Cell::Text(stamp, _) => Some(*stamp),
                Cell::Map(map) => map.values().map(|(stamp, _)| *stamp).max(),
            })
            .max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamper(now_ms: i64, device_no: u32) -> Stamper {
        Stamper { now_ms, device_no, text_client: u64::from(device_no) }
    }

    #[test]
    fn a_field_set_to_what_it_holds_is_not_written() {
        let mut doc = Document::new(Kind::Entry);
        assert!(!doc.set(2, Value::Null, &stamper(1, 1)));
        assert!(doc.set(2, Value::Text("Frogs".into()), &stamper(1, 1)));
        let before = doc.clone();
        assert!(!doc.set(2, Value::Text("Frogs".into()), &stamper(9, 2)));
        assert!(doc.put(9, Key::text("pond"), Value::Bool(true), &stamper(1, 1)));
        assert!(!doc.put(9, Key::text("pond"), Value::Bool(true), &stamper(9, 2)));
        assert!(!doc.remove(9, &Key::text("sea"), &stamper(9, 2)));
        assert!(doc.edit_text(1, None, "We saw frogs.", &stamper(1, 1)).unwrap());
        assert!(!doc.edit_text(1, None, "We saw frogs.", &stamper(9, 2)).unwrap());
        assert_eq!(doc.register(2), before.register(2));
        assert!(doc.remove(9, &Key::text("pond"), &stamper(9, 2)));
        assert_eq!(doc.elements(9).count(), 0);
    }

    #[test]
    fn trash_holds_against_what_was_seen_and_gives_way_to_an_unseen_edit() {
        let mut doc = Document::new(Kind::Entry);
        doc.set(2, Value::Text("Frogs".into()), &stamper(1_000_000, 1));
        // This phone's clock is far behind the edit that it saw: trashing must still work.
        doc.set_trashed(true, &stamper(5, 2));
        assert!(doc.is_trashed());
        let mut other = doc.clone();
        doc.set_trashed(false, &stamper(5, 2));
        assert!(!doc.is_trashed());
        other.set(2, Value::Text("Toads".into()), &stamper(6, 3));
        assert!(!other.is_trashed(), "an edit in the trash brings it back");
    }

    #[test]
    fn a_tombstone_holds_nothing() {
        let mut doc = Document::new(Kind::Entry);
        doc.set(2, Value::Text("SECRET".into()), &stamper(1, 1));
        doc.set_trashed(true, &stamper(2, 1));
        doc.purge(&stamper(0, 1));
        assert!(doc.is_purged() && !doc.is_trashed());
        assert!(doc.encode().len() < 24);
    }
}
