//! The record in plain words: what record.json calls each kind and field, and how a document becomes JSON and back.
//!
//! A field that has no name yet is carried by its number, so that an older list of names loses nothing.

mod kinds;
mod quoting;
mod raw;
mod reports;
mod shape;

#[cfg(test)]
mod tests;

pub use kinds::{KINDS, PlainKind};
pub use quoting::{items, quoted, unquoted};
pub use shape::{Shape, hex_id, id_hex};

use crate::error::{Error, Result};
use crate::records::{Document, Stamper};
use serde_json::{Map, Value as Json};

/// What the file says it is.
pub const FORMAT: &str = "kinfolio-record";
/// The version of the file's format that is written, and the newest that is read.
pub const VERSION: u64 = 1;
/// Where fields without a name stand.
const MORE: &str = "more";
/// Where an entry's attachments stand. The room of attachments writes and reads them.
pub const ATTACHMENTS: &str = "attachments";
/// What stands before each further line of a learner's own line in a table.
pub const SET_IN: &str = "  ";

/// How much a text or a list may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// What one person may type.
    Typed,
    /// What a record of this app holds: two phones, or a learner who turned out to be another one, may have made a text or
    /// a list longer than anybody may type it.
    Kept,
}

/// One record's JSON object, its id and fields.
pub type Object = Map<String, Json>;

/// A kind by its number; none for one that is no part of the file.
pub fn kind(number: u16) -> Option<&'static PlainKind> {
    KINDS.iter().find(|kind| u16::from(kind.kind) == number)
}

/// A kind by its list's name.
pub fn list(name: &str) -> Option<&'static PlainKind> {
    KINDS.iter().find(|kind| kind.list == name)
}

/// A document in plain words; what was never written or is empty is left out.
///
/// # Errors
/// [`Error::StoreDamaged`] when a text can't be read.
pub fn told(kind: &PlainKind, id: [u8; 16], doc: &Document) -> Result<Object> {
    let mut object = Object::new();
    object.insert("id".into(), id_hex(&id).into());
    let mut more = Object::new();
    for (number, cell) in doc.cells() {
        match kind.field(number) {
            Some(field) if field.shape == Shape::Files => {}
            Some(field) => match shape::told(field.shape, cell)? {
                shape::Told::Nothing => {}
                shape::Told::Plain(value) => drop(object.insert(field.name.into(), value)),
                // A value that the shape does not fit is carried as it is.
                shape::Told::Strange => more.extend(raw::told(number, cell)?),
            },
            None => more.extend(raw::told(number, cell)?),
        }
    }
    if !more.is_empty() {
        object.insert(MORE.into(), more.into());
    }
    Ok(object)
}

/// The record that an object tells of: its id and document, written under `stamper`, without an entry's attachments.
/// Other things' ids go through `ids`.
///
/// # Errors
/// [`Error::InvalidInput`] names the field that can't be kept, and never quotes it.
pub fn read(
    kind: &PlainKind,
    object: &Object,
    stamper: &Stamper,
    ids: &dyn Fn([u8; 16]) -> [u8; 16],
    limits: Limits,
) -> Result<([u8; 16], Document)> {
    let id = object.get("id").and_then(Json::as_str).and_then(hex_id);
    let id = id.ok_or_else(|| Error::invalid("its id is not 32 digits 0 to 9 and a to f"))?;
    let mut doc = Document::new(kind.kind);
    for (name, value) in object {
        match (name.as_str(), kind.named(name)) {
            ("id", _) | (_, Some(kinds::PlainField { shape: Shape::Files, .. })) => {}
            (MORE, _) => raw::read(value, kind, id, &mut doc, stamper)?,
            (_, Some(field)) => {
                let from = shape::From { of: id, stamper, ids, limits };
                shape::read(field, value, &mut doc, &from)?;
            }
            // A field of a newer version under a name: there is no number to keep it under.
            _ => return Err(Error::UpdateApp),
        }
    }
    (kind.check)(&doc)?;
    Ok((id, doc))
}
