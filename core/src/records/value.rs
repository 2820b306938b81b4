//! What a cell can hold, and its one deterministic CBOR form.
//!
//! A value that this version does not know (a float, a map, a tag) is carried as the bytes it came in, so that an
//! old app hands on, bit by bit, what a newer one wrote.

use crate::error::{Error, Result};
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};
use std::cmp::Ordering;

/// Lists inside lists are looked into this deep; beyond it their bytes are only carried.
const DEPTH: usize = 4;

/// What a register or an element of a keyed map holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing; in a keyed map: the element was removed.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text, NFC.
    Text(String),
    /// Bytes, such as an id or a key.
    Bytes(Vec<u8>),
    /// Several values in order.
    List(Vec<Self>),
    /// CBOR that this version does not know, as it came.
    Other(Vec<u8>),
}

impl Value {
    /// In a keyed map: the element was removed, and no writing of whatever time brings it back.
    pub fn gone() -> Self {
        Self::List(vec![Self::Null])
    }

    /// It is [`Value::gone`].
    pub fn is_gone(&self) -> bool {
        matches!(self.as_list(), Some([Self::Null]))
    }

    /// An element that was not removed.
    pub fn is_there(&self) -> bool {
        *self != Self::Null && !self.is_gone()
    }

    /// The number, if it is one.
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(value) = self { Some(value) } else { None }
    }

    /// The bytes, if it is a byte string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(value) = self { Some(value) } else { None }
    }

    /// Yes or no, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The CBOR form.
    pub fn encoded(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// The value of a CBOR form; none for bytes that are not one item.
    pub fn decoded(cbor: &[u8]) -> Option<Self> {
        let mut from = Decoder::new(cbor);
        let value = Self::read(&mut from).ok()?;
        (from.position() == cbor.len()).then_some(value)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        // Writing into memory can't fail.
        let mut to = Encoder::new(&mut *out);
        match self {
            Self::Null => drop(to.null()),
            Self::Bool(value) => drop(to.bool(*value)),
            Self::Int(value) => drop(to.i64(*value)),
            Self::Text(value) => drop(to.str(value)),
            Self::Bytes(value) => drop(to.bytes(value)),
            Self::List(items) => {
                drop(to.array(items.len() as u64));
                items.iter().for_each(|item| item.write(out));
            }
            Self::Other(raw) => out.extend_from_slice(raw),
        }
    }

    pub(super) fn read(from: &mut Decoder<'_>) -> Result<Self> {
        let start = from.position();
        let known = Self::read_known(from, DEPTH);
        let end = match known {
            Ok(_) => from.position(),
            Err(_) => {
                from.set_position(start);
                from.skip().map_err(malformed)?;
                from.position()
            }
        };
        let raw = from.input().get(start..end).ok_or_else(|| malformed("length"))?;
        match known {
            // A known value in another spelling would lose bits when it is written again.
            Ok(value) if value.encoded() == raw => Ok(value),
            _ => Ok(Self::Other(raw.to_vec())),
        }
    }

    fn read_known(from: &mut Decoder<'_>, depth: usize) -> Result<Self> {
        Ok(match from.datatype().map_err(malformed)? {
            Type::Null => {
                from.null().map_err(malformed)?;
                Self::Null
            }
            Type::Bool => Self::Bool(from.bool().map_err(malformed)?),
            Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 => {
                Self::Int(from.i64().map_err(malformed)?)
            }
            Type::String => Self::Text(from.str().map_err(malformed)?.to_owned()),
            Type::Bytes => Self::Bytes(from.bytes().map_err(malformed)?.to_vec()),
            Type::Array if depth > 0 => {
                let length = from.array().map_err(malformed)?.ok_or_else(|| malformed("indefinite"))?;
                // A lying length runs out of bytes at once: nothing is reserved ahead.
                let mut items = Vec::new();
                for _ in 0..length {
                    items.push(Self::read_known(from, depth - 1)?);
                }
                Self::List(items)
            }
            _ => return Err(malformed("unknown")),
        })
    }
}

/// The key of an element in a keyed map. The order is that of the CBOR forms (RFC 8949 4.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// A small number.
    Int(u64),
    /// An id.
    Bytes(Vec<u8>),
    /// Text, such as a tag.
    Text(String),
}

impl Key {
    /// An id's key.
    pub fn id(id: impl Into<[u8; 16]>) -> Self {
        Self::Bytes(id.into().to_vec())
    }

    /// A text's key.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The id, if these are 16 bytes.
    pub fn as_id(&self) -> Option<[u8; 16]> {
        if let Self::Bytes(bytes) = self { bytes.as_slice().try_into().ok() } else { None }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    const fn rank(&self) -> (u8, u64, &[u8]) {
        match self {
            Self::Int(number) => (0, *number, &[]),
            Self::Bytes(bytes) => (2, bytes.len() as u64, bytes.as_slice()),
            Self::Text(text) => (3, text.len() as u64, text.as_bytes()),
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut to = Encoder::new(out);
        match self {
            Self::Int(number) => drop(to.u64(*number)),
            Self::Bytes(bytes) => drop(to.bytes(bytes)),
            Self::Text(text) => drop(to.str(text)),
        }
    }

    pub(super) fn read(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(match from.datatype().map_err(malformed)? {
            Type::U8 | Type::U16 | Type::U32 | Type::U64 => Self::Int(from.u64().map_err(malformed)?),
            Type::Bytes => Self::Bytes(from.bytes().map_err(malformed)?.to_vec()),
            Type::String => Self::Text(from.str().map_err(malformed)?.to_owned()),
            _ => return Err(Error::UpdateApp),
        })
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Bytes that are no document. What they hold is not told.
pub(super) fn malformed(_: impl Sized) -> Error {
    Error::StoreDamaged("a record's cells".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Value> {
        Value::read(&mut Decoder::new(bytes))
    }

    #[test]
    fn a_value_that_this_version_does_not_know_keeps_every_bit() {
        for raw in [
            &[0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0][..], // 1.0
            &[0xa1, 0x01, 0x02],                       // {1: 2}
            &[0xc1, 0x01],                             // tagged
            &[0x1b, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0x18, 0x01],       // 1, spelt too long
            &[0x82, 0x01, 0xf7], // [1, undefined]
        ] {
            let value = read(raw).unwrap();
            assert_eq!(value, Value::Other(raw.to_vec()));
            assert_eq!(value.encoded(), raw);
        }
    }

    #[test]
    fn known_values_come_back_as_they_were() {
        let list =
            Value::List(vec![Value::Null, Value::Bool(true), Value::Int(-5), Value::Bytes(vec![1; 30])]);
        for value in [list, Value::Text("Zoë".into()), Value::Int(i64::MIN), Value::Int(i64::MAX)] {
            assert_eq!(read(&value.encoded()).unwrap(), value);
        }
        assert!(read(&[0x82, 0x01]).is_err(), "cut off");
        assert!(read(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]).is_err(), "lying length");
        assert!(read(&[]).is_err());
    }

    #[test]
    fn keys_are_ordered_as_their_bytes_are() {
        let mut keys = vec![
            Key::text("b"),
            Key::text("aa"),
            Key::text("a"),
            Key::Int(300),
            Key::Int(2),
            Key::Bytes(vec![9; 16]),
            Key::Bytes(vec![1; 16]),
            Key::Bytes(vec![255]),
            Key::text("x".repeat(300)),
        ];
        keys.sort();
        let encoded: Vec<Vec<u8>> = keys
            .iter()
            .map(|key| {
                let mut out = Vec::new();
                key.write(&mut out);
                out
            })
            .collect();
        assert!(encoded.is_sorted());
    }
}
