//! Taking a writing back by another writing: what it changed is written as it was, unless somebody changed it since.

use super::document::{Cell, Document};
use super::text;
use super::value::{Key, Value};
use super::{Stamp, Stamper};
use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

impl Document {
    /// Writes what lies between `before` and `after` back into this newest version; says whether anything was written.
    /// Without a `before` the record was new then: it goes into the trash.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when another writing came since to what would be written.
    pub fn take_back(&mut self, before: Option<&Self>, after: &Self, stamper: &Stamper) -> Result<bool> {
        if self.is_purged() || self.is_trashed() != after.is_trashed() {
            return Err(changed_since());
        }
        let Some(before) = before else {
            return if self.same_content(after)? {
                Ok(self.set_trashed(true, stamper))
            } else {
                Err(changed_since())
            };
        };
        let fields: BTreeSet<u32> = before.fields.keys().chain(after.fields.keys()).copied().collect();
        let mut changed = false;
        for field in fields {
            let (was, then) = (before.fields.get(&field), after.fields.get(&field));
            if was != then {
                changed |= self.take_back_cell(field, was, then, stamper)?;
            }
        }
        changed |= self.set_trashed(before.is_trashed(), stamper);
        Ok(changed)
    }

    fn take_back_cell(
        &mut self,
        field: u32,
        was: Option<&Cell>,
        then: Option<&Cell>,
        stamper: &Stamper,
    ) -> Result<bool> {
        match then {
            // Values are compared, not stamps: a later step that was taken back left the same value under another stamp.
            Some(Cell::Register(..)) if value_of(self.fields.get(&field)) == value_of(then) => {
                Ok(self.set(field, value_of(was).clone(), stamper))
            }
            Some(Cell::Text(..)) if self.text(field)? == text_of(then)? => {
                self.edit_text(field, None, &text_of(was)?, stamper)
            }
            Some(Cell::Map(then)) => self.take_back_elements(field, elements_of(was), then, stamper),
            // A field never goes: only a fault brings this about.
            _ => Err(changed_since()),
        }
    }

    fn take_back_elements(
        &mut self,
        field: u32,
        was: Option<&BTreeMap<Key, (Stamp, Value)>>,
        then: &BTreeMap<Key, (Stamp, Value)>,
        stamper: &Stamper,
    ) -> Result<bool> {
        let mut changed = false;
        for (key, written) in then {
            let old = was.and_then(|was| was.get(key));
            if old == Some(written) {
                continue;
            }
            let now = elements_of(self.fields.get(&field)).and_then(|now| now.get(key));
            if now.map(|(_, value)| value) != Some(&written.1) {
                return Err(changed_since());
            }
            let value = old.map_or(Value::Null, |(_, value)| value.clone());
            changed |= self.put(field, key.clone(), value, stamper);
        }
        Ok(changed)
    }

    /// Whether both read the same.
    fn same_content(&self, other: &Self) -> Result<bool> {
        for field in self.fields.keys().chain(other.fields.keys()) {
            let same = self.elements(*field).eq(other.elements(*field))
                && value_of(self.fields.get(field)) == value_of(other.fields.get(field))
                && self.text(*field)? == other.text(*field)?;
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The fields in which this version differs from an older one.
    pub fn changed_fields(&self, before: &Self) -> BTreeSet<u32> {
        let fields = self.fields.keys().chain(before.fields.keys());
        fields.copied().filter(|field| self.fields.get(field) != before.fields.get(field)).collect()
    }
}

const fn elements_of(cell: Option<&Cell>) -> Option<&BTreeMap<Key, (Stamp, Value)>> {
    match cell {
        Some(Cell::Map(map)) => Some(map),
        _ => None,
    }
}

const fn value_of(cell: Option<&Cell>) -> &Value {
    match cell {
        Some(Cell::Register(_, value)) => value,
        _ => &Value::Null,
    }
}

fn text_of(cell: Option<&Cell>) -> Result<String> {
    match cell {
        Some(Cell::Text(_, state)) => text::read(state),
        _ => Ok(String::new()),
    }
}

fn changed_since() -> Error {
    Error::invalid("this was changed elsewhere since: look at it and change it by hand")
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn stamper(now_ms: i64, device_no: u32) -> Stamper {
        Stamper { now_ms, device_no, text_client: u64::from(device_no) }
    }

    fn entry() -> Document {
        let mut doc = Document::new(Kind::Entry);
        doc.set(2, Value::Text("Frogs".into()), &stamper(1, 1));
        doc.put(9, Key::text("pond"), Value::Bool(true), &stamper(1, 1));
        doc.edit_text(1, None, "We saw frogs.", &stamper(1, 1)).unwrap();
        doc
    }

    fn shown(doc: &Document) -> (String, Vec<Key>, String, bool) {
        let tags = doc.elements(9).map(|(key, _)| key.clone()).collect();
        (doc.string(2), tags, doc.text(1).unwrap(), doc.is_trashed())
    }

    fn edited(doc: &Document) -> Document {
        let mut doc = doc.clone();
        doc.set(2, Value::Text("Toads".into()), &stamper(2, 1));
        doc.set(5, Value::Int(30), &stamper(2, 1));
        doc.remove(9, &Key::text("pond"), &stamper(2, 1));
        doc.put(9, Key::text("sea"), Value::Bool(true), &stamper(2, 1));
        doc.edit_text(1, None, "We saw toads.", &stamper(2, 1)).unwrap();
        doc
    }

    #[test]
    fn every_kind_of_cell_goes_back_and_what_others_changed_beside_it_stays() {
        let before = entry();
        let after = edited(&before);
        let mut now = after.clone();
        now.set(11, Value::Bool(true), &stamper(3, 2));
        now.put(9, Key::text("hers"), Value::Bool(true), &stamper(3, 2));
        assert!(now.take_back(Some(&before), &after, &stamper(4, 1)).unwrap());
        assert_eq!(now.string(2), "Frogs");
        assert_eq!((now.int(5), now.flag(11)), (None, true));
        assert_eq!(now.text(1).unwrap(), "We saw frogs.");
        let tags: Vec<_> = now.elements(9).map(|(key, _)| key.clone()).collect();
        assert_eq!(tags, [Key::text("hers"), Key::text("pond")]);
        // Merge-safe: to a phone that has the first edit it is one more edit.
        let mut there = after.clone();
        there.merge(&now).unwrap();
        assert_eq!(shown(&there), shown(&now));
    }

    #[test]
    fn what_somebody_changed_since_is_not_taken_back() {
        let (before, after) = (entry(), edited(&entry()));
        let changes: [fn(&mut Document) -> bool; 4] = [
            |doc| doc.set(2, Value::Text("Newts".into()), &stamper(3, 2)),
            |doc| doc.put(9, Key::text("pond"), Value::Bool(true), &stamper(3, 2)),
            |doc| doc.edit_text(1, None, "We saw toads. And newts.", &stamper(3, 2)).unwrap(),
            |doc| doc.set_trashed(true, &stamper(3, 2)),
        ];
        for (nth, change) in changes.into_iter().enumerate() {
            let mut now = after.clone();
            assert!(change(&mut now));
            let refused = now.take_back(Some(&before), &after, &stamper(4, 1)).unwrap_err();
            assert!(refused.to_string().contains("changed elsewhere"), "{nth}");
        }
    }

    #[test]
    fn a_new_record_goes_into_the_trash_and_the_trash_gives_back() {
        let made = entry();
        let mut now = made.clone();
        now.take_back(None, &made, &stamper(5, 1)).unwrap();
        assert!(now.is_trashed());
        let thrown_away = now.clone();
        now.take_back(Some(&made), &thrown_away, &stamper(6, 1)).unwrap();
        assert_eq!(shown(&now), shown(&made));
        let mut edited_there = made.clone();
        edited_there.set(5, Value::Int(10), &stamper(5, 2));
        assert!(edited_there.take_back(None, &made, &stamper(6, 1)).is_err(), "somebody wrote in it since");
    }
}
