//! Where a record names a thing by its id: in a register, or as the key of an element.

use super::document::{Cell, Document};
use super::value::{Key, Value};

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
