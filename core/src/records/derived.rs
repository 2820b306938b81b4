//! Ids that several phones of a family reach by themselves for one and the same thing, so that what they write merges.

use super::Stamper;
use super::document::{Cell, Document};
use super::value::{Key, Value};
use crate::crypto::kdf::{self, labels};
use crate::error::Result;
use rusqlite::{OptionalExtension, Transaction};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// Ids and those that take their places.
pub type Others = BTreeMap<[u8; 16], [u8; 16]>;

/// The id of a thing that is made of others, and only by phones that hold the family's oldest key: a server that knows
/// the others' ids can't tell which it is. None before the family was founded.
///
/// # Errors
/// When the store can't be read.
pub fn derived(tx: &Transaction<'_>, made_by: &[u8], of: &[&[u8]]) -> Result<Option<[u8; 16]>> {
    let mut select = tx.prepare_cached(
        "SELECT k.key FROM family_self f JOIN space_key k ON k.space = f.space ORDER BY k.epoch LIMIT 1",
    )?;
    let key = select.query_row([], |row| row.get::<_, [u8; 32]>(0).map(Zeroizing::new)).optional()?;
    let fields: Vec<&[u8]> = std::iter::once(made_by).chain(of.iter().copied()).collect();
    Ok(key
        .and_then(|key| kdf::derive(&*key, labels::DERIVED_ID, &fields).bytes().first_chunk::<16>().copied()))
}

impl Document {
    /// The same content in another record, shown, with these ids in the places of those: stamps stay, so that
    /// two phones that copy it make the same.
    #[must_use]
    pub fn copied(&self, others: &Others) -> Self {
        let mut copy = self.clone();
        copy.trash = None;
        for cell in copy.fields.values_mut() {
            match cell {
                Cell::Register(_, value) => *value = renamed(value, others),
                Cell::Map(map) => {
                    let elements = std::mem::take(map).into_iter();
                    map.extend(elements.map(|(key, (stamp, value))| {
                        (other_key(&key, others).unwrap_or(key), (stamp, renamed(&value, others)))
                    }));
                }
                Cell::Text(..) => {}
            }
        }
        copy
    }

    /// Names those that took the places of others, by an edit; says whether it named any.
    pub fn follow(&mut self, others: &Others, stamper: &Stamper) -> bool {
        let mut now = Vec::new();
        for (number, cell) in &self.fields {
            match cell {
                Cell::Register(_, value) => now.push((*number, None, renamed(value, others))),
                Cell::Map(map) => {
                    for (key, (_, value)) in map.iter().filter(|(_, (_, value))| value.is_there()) {
                        let key = other_key(key, others).unwrap_or_else(|| key.clone());
                        now.push((*number, Some(key), renamed(value, others)));
                    }
                }
                Cell::Text(..) => {}
            }
        }
        let mut changed = false;
        for (number, key, value) in now {
            changed |= match key {
                Some(key) => self.put(number, key, value, stamper),
                None => self.set(number, value, stamper),
            };
        }
        changed
    }
}

fn other_key(key: &Key, others: &Others) -> Option<Key> {
    others.get(&key.as_id()?).map(|id| Key::id(*id))
}

fn renamed(value: &Value, others: &Others) -> Value {
    match value {
        Value::Bytes(bytes) => {
            let id = <[u8; 16]>::try_from(bytes.as_slice()).ok();
            Value::Bytes(id.and_then(|id| others.get(&id)).map_or_else(|| bytes.clone(), |id| id.to_vec()))
        }
        Value::List(items) => Value::List(items.iter().map(|item| renamed(item, others)).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Kind;

    #[test]
    fn a_copy_holds_the_same_under_other_ids_and_what_named_them_follows() {
        let stamper = Stamper { now_ms: 1, device_no: 1, text_client: 1 };
        let others = Others::from([([1; 16], [9; 16])]);
        let mut doc = Document::new(Kind::Entry);
        doc.set(2, Value::Text("Pond".into()), &stamper);
        doc.set(3, Value::List(vec![Value::Bytes(vec![1; 16]), Value::Bytes(vec![2; 16])]), &stamper);
        doc.put(4, Key::id([1; 16]), Value::Bool(true), &stamper);
        let copy = doc.copied(&others);
        assert_eq!(copy.string(2), "Pond");
        assert!(copy.element(4, &Key::id([9; 16])).is_some() && copy.element(4, &Key::id([1; 16])).is_none());
        assert_eq!(copy, doc.copied(&others));
        assert!(doc.follow(&others, &stamper));
        assert_eq!(doc.register(3), copy.register(3));
        assert!(doc.element(4, &Key::id([9; 16])).is_some());
        assert!(!doc.follow(&others, &stamper), "once is enough");
        assert!(!doc.follow(&Others::from([([7; 16], [8; 16])]), &stamper));
    }
}
