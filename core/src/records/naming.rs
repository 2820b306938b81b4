//! Where a record names a thing by its id: in a register, or as the key of an element.

use super::document::{Cell, Document};
use super::is_local;
use super::value::{Key, Value};
use crate::error::Result;
use crate::ids::RecordId;
use rusqlite::Transaction;
use std::collections::BTreeSet;

/// One place where a record names a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A register holds its id.
    Register(u32),
    /// It is the key of an element.
    Element {
        /// The map's field.
        field: u32,
        /// What the element holds.
        value: Value,
        /// The map has other elements too.
        beside_others: bool,
    },
}

impl Document {
    /// Every place that names `id`.
    pub fn naming(&self, id: [u8; 16]) -> Vec<Named> {
        let key = Key::id(id);
        let place = |(field, cell): (&u32, &Cell)| match cell {
            Cell::Register(_, Value::Bytes(held)) if *held == id => Some(Named::Register(*field)),
            Cell::Map(_) => self.element(*field, &key).map(|value| Named::Element {
                field: *field,
                value: value.clone(),
                beside_others: self.elements(*field).count() > 1,
            }),
            _ => None,
        };
        self.fields.iter().filter_map(place).collect()
    }

    /// Every id that a register holds or an element is kept under.
    fn names(&self) -> BTreeSet<[u8; 16]> {
        let mut ids = BTreeSet::new();
        for (field, cell) in self.cells() {
            if let Cell::Register(_, Value::Bytes(held)) = cell {
                ids.extend(<[u8; 16]>::try_from(held.as_slice()));
            }
            ids.extend(self.elements(field).filter_map(|(key, _)| key.as_id()));
        }
        ids
    }

    /// The fields of every map and register, without their stamps and what was removed, and texts as plain text: what a
    /// reader sees, and nothing of how it came about.
    #[must_use]
    pub fn as_seen(&self) -> Self {
        let unstamped = super::Stamp { time: 0, device_no: 0 };
        let mut seen = Self::new(self.kind);
        for (field, cell) in &self.fields {
            let cell = match cell {
                Cell::Register(_, Value::Null) => continue,
                Cell::Register(_, value) => Cell::Register(unstamped, value.clone()),
                Cell::Text(_, state) => {
                    let text = super::text::read(state).unwrap_or_default();
                    Cell::Register(unstamped, Value::Text(text))
                }
                Cell::Map(map) => {
                    let there = map.iter().filter(|(_, (_, value))| value.is_there());
                    Cell::Map(
                        there.map(|(key, (_, value))| (key.clone(), (unstamped, value.clone()))).collect(),
                    )
                }
            };
            seen.fields.insert(*field, cell);
        }
        seen
    }

    /// Takes a field out of a document that nobody has but this caller.
    pub fn without(&mut self, field: u32) {
        self.fields.remove(&field);
    }

    /// The numbers of its fields.
    pub fn fields(&self) -> impl Iterator<Item = u32> {
        self.cells().map(|(field, _)| field)
    }
}

/// Whether a record names something that stays on this phone and that it did not name `before`. What the family shares must
/// not: nobody else ever has it.
///
/// # Errors
/// When the store can't be read.
pub fn names_what_stays(tx: &Transaction<'_>, doc: &Document, before: Option<&Document>) -> Result<bool> {
    let were = before.map(Document::names).unwrap_or_default();
    for id in doc.names().difference(&were) {
        if is_local(tx, RecordId(*id))? {
            return Ok(true);
        }
    }
    Ok(false)
}
