//! Deterministic CBOR (RFC 8949 4.2.1): written in one way, and read only in that way.
//!
//! A map has integer keys, ascending, all present; what is absent is null. Reading is strict twice over: the
//! shape is checked while reading, and the value is then written again and must give the same bytes. So no two
//! byte strings mean the same thing, and a signature or hash over one can't be carried over to another.

use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

use crate::{Error, Result};

/// A value with exactly one CBOR form.
pub trait Wire: Sized {
    /// Writes the value in its one form.
    fn write(&self, out: &mut Writer);
    /// Reads the value; [`decode`] then checks that the form was the deterministic one.
    ///
    /// # Errors
    /// [`Error::Malformed`] for another shape, [`Error::UpdateApp`] for what a newer version wrote.
    fn read(from: &mut Reader<'_>) -> Result<Self>;
}

/// The value's bytes.
pub fn encode<T: Wire>(value: &T) -> Vec<u8> {
    let mut out = Writer::new();
    value.write(&mut out);
    out.finish()
}

/// Reads a value that fills `bytes` exactly, in deterministic form.
///
/// # Errors
/// Those of [`Wire::read`]; [`Error::Malformed`] when bytes are left, [`Error::NotCanonical`] for another spelling.
pub fn decode<T: Wire>(bytes: &[u8]) -> Result<T> {
    let mut from = Reader::new(bytes);
    let value = T::read(&mut from)?;
    from.end()?;
    if encode(&value) == bytes { Ok(value) } else { Err(Error::NotCanonical) }
}

/// Writes CBOR into memory, which cannot fail.
pub struct Writer(Encoder<Vec<u8>>);

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self(Encoder::new(Vec::new()))
    }
    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0.into_writer()
    }
    /// The head of an array of `length` items.
    pub fn array(&mut self, length: usize) {
        let _ = self.0.array(length as u64);
    }
    /// The head of a map of `length` pairs.
    pub fn map(&mut self, length: usize) {
        let _ = self.0.map(length as u64);
    }
    /// An unsigned integer, as short as it goes.
    pub fn uint(&mut self, value: u64) {
        let _ = self.0.u64(value);
    }
    /// A byte string.
    pub fn bytes(&mut self, value: &[u8]) {
        let _ = self.0.bytes(value);
    }
    /// A text string.
    pub fn text(&mut self, value: &str) {
        let _ = self.0.str(value);
    }
    /// A boolean.
    pub fn boolean(&mut self, value: bool) {
        let _ = self.0.bool(value);
    }
    /// One item that is encoded already.
    pub fn encoded(&mut self, item: &[u8]) {
        self.0.writer_mut().extend_from_slice(item);
    }
    /// Null.
    pub fn null(&mut self) {
        let _ = self.0.null();
    }
}

/// Reads CBOR of a known shape. Definite lengths only; nothing is allocated before its bytes are there.
pub struct Reader<'b>(Decoder<'b>);

impl<'b> Reader<'b> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(Decoder::new(bytes))
    }
    /// Nothing may be left.
    ///
    /// # Errors
    /// [`Error::Malformed`] when something is.
    pub fn end(&self) -> Result<()> {
        match self.0.position() == self.0.input().len() {
            true => Ok(()),
            false => Err(Error::Malformed("bytes after the end")),
        }
    }
    /// The head of an array; how many items follow.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else, an array of unknown length too.
    pub fn array(&mut self) -> Result<u64> {
        self.0.array().ok().flatten().ok_or(Error::Malformed("array"))
    }
    /// The head of an array of exactly `length` items.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn array_of(&mut self, length: u64) -> Result<()> {
        if self.array()? == length { Ok(()) } else { Err(Error::Malformed("length of an array")) }
    }
    /// The head of a map; how many pairs follow.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else, a map of unknown length too.
    pub fn map(&mut self) -> Result<u64> {
        self.0.map().ok().flatten().ok_or(Error::Malformed("map"))
    }
    /// The head of a map of exactly `length` pairs.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn map_of(&mut self, length: u64) -> Result<()> {
        if self.map()? == length { Ok(()) } else { Err(Error::Malformed("length of a map")) }
    }
    /// The next key of a map, which must be this one.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn key(&mut self, key: u64) -> Result<()> {
        if self.uint()? == key { Ok(()) } else { Err(Error::Malformed("key of a map")) }
    }
    /// An unsigned integer.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn uint(&mut self) -> Result<u64> {
        self.0.u64().map_err(|_| Error::Malformed("number"))
    }
    /// A byte string.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else, bytes in pieces too.
    pub fn bytes(&mut self) -> Result<&'b [u8]> {
        self.0.bytes().map_err(|_| Error::Malformed("bytes"))
    }
    /// A byte string of exactly `N` bytes.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn fixed<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.bytes()?.try_into().map_err(|_| Error::Malformed("length of bytes"))
    }
    /// A text string.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else, a text in pieces too.
    pub fn text(&mut self) -> Result<&'b str> {
        self.0.str().map_err(|_| Error::Malformed("text"))
    }
    /// A boolean.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn boolean(&mut self) -> Result<bool> {
        self.0.bool().map_err(|_| Error::Malformed("boolean"))
    }
    /// Whether the next item is null; a null is consumed.
    ///
    /// # Errors
    /// [`Error::Malformed`] at the end of the bytes.
    pub fn is_null(&mut self) -> Result<bool> {
        match self.0.datatype() {
            Ok(Type::Null) => self.0.null().map(|()| true).map_err(|_| Error::Malformed("null")),
            Ok(_) => Ok(false),
            Err(_) => Err(Error::Malformed("end of the bytes")),
        }
    }
}

macro_rules! wire_uint {
    ($($type:ty)*) => {$(
        impl Wire for $type {
            fn write(&self, out: &mut Writer) {
                out.uint(u64::from(*self));
            }
            fn read(from: &mut Reader<'_>) -> Result<Self> {
                from.uint()?.try_into().map_err(|_| Error::Malformed("number"))
            }
        }
    )*};
}
// u8 is left out on purpose: that is what tells a byte string (`Vec<u8>`) from a list (`Vec<T>`).
wire_uint!(u16 u32 u64);

impl Wire for bool {
    fn write(&self, out: &mut Writer) {
        out.boolean(*self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.boolean()
    }
}

impl Wire for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.text().map(Into::into)
    }
}

impl<const N: usize> Wire for [u8; N] {
    fn write(&self, out: &mut Writer) {
        out.bytes(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.fixed()
    }
}

impl Wire for Vec<u8> {
    fn write(&self, out: &mut Writer) {
        out.bytes(self);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.bytes().map(<[u8]>::to_vec)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut Writer) {
        out.array(self.len());
        self.iter().for_each(|item| item.write(out));
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        // A lying length runs out of bytes at once: nothing is reserved ahead.
        let mut items = Self::new();
        for _ in 0..from.array()? {
            items.push(T::read(from)?);
        }
        Ok(items)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write(out),
            None => out.null(),
        }
    }
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        if from.is_null()? { Ok(None) } else { T::read(from).map(Some) }
    }
}

/// Writes a struct as a map with the given integer keys, ascending.
macro_rules! wire_map {
    ($type:ident { $($key:literal: $field:ident),* $(,)? }) => {
        impl $crate::cbor::Wire for $type {
            fn write(&self, out: &mut $crate::cbor::Writer) {
                out.map([$($key),*].len());
                $(out.uint($key); self.$field.write(out);)*
            }
            fn read(from: &mut $crate::cbor::Reader<'_>) -> $crate::Result<Self> {
                from.map_of([$($key),*].len() as u64)?;
                $(from.key($key)?; let $field = $crate::cbor::Wire::read(from)?;)*
                Ok(Self { $($field),* })
            }
        }
    };
}

/// Writes a struct as an array, optionally led by the format version 1.
macro_rules! wire_array {
    ($type:ident [1, $($field:ident),* $(,)?]) => {
        impl $crate::cbor::Wire for $type {
            fn write(&self, out: &mut $crate::cbor::Writer) {
                out.array([$(stringify!($field)),*].len() + 1);
                out.uint(1);
                $(self.$field.write(out);)*
            }
            fn read(from: &mut $crate::cbor::Reader<'_>) -> $crate::Result<Self> {
                let length = from.array()?;
                // The version comes first, so that a later shape is told apart from damage.
                if from.uint()? != 1 {
                    return Err($crate::Error::UpdateApp);
                }
                if length != [$(stringify!($field)),*].len() as u64 + 1 {
                    return Err($crate::Error::Malformed("length of an array"));
                }
                $(let $field = $crate::cbor::Wire::read(from)?;)*
                Ok(Self { $($field),* })
            }
        }
    };
    ($type:ident [$($field:ident),* $(,)?]) => {
        impl $crate::cbor::Wire for $type {
            fn write(&self, out: &mut $crate::cbor::Writer) {
                out.array([$(stringify!($field)),*].len());
                $(self.$field.write(out);)*
            }
            fn read(from: &mut $crate::cbor::Reader<'_>) -> $crate::Result<Self> {
                from.array_of([$(stringify!($field)),*].len() as u64)?;
                $(let $field = $crate::cbor::Wire::read(from)?;)*
                Ok(Self { $($field),* })
            }
        }
    };
}

/// Writes a field-less enum as a small number; an unknown number was written by a newer version.
macro_rules! wire_enum {
    ($type:ident { $($number:literal: $variant:ident),* $(,)? }) => {
        impl $crate::cbor::Wire for $type {
            fn write(&self, out: &mut $crate::cbor::Writer) {
                out.uint(match self { $(Self::$variant => $number),* });
            }
            fn read(from: &mut $crate::cbor::Reader<'_>) -> $crate::Result<Self> {
                match from.uint()? {
                    $($number => Ok(Self::$variant),)*
                    _ => Err($crate::Error::UpdateApp),
                }
            }
        }
    };
}

pub(crate) use {wire_array, wire_enum, wire_map};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_other_spelling_of_a_value_is_refused() {
        assert_eq!(decode::<u64>(&[0x17]), Ok(23));
        assert_eq!(decode::<u64>(&[0x18, 0x17]), Err(Error::NotCanonical), "longer than needed");
        assert_eq!(decode::<Vec<u8>>(&[0x58, 0x01, 0xff]), Err(Error::NotCanonical), "long length");
        assert!(decode::<Vec<u64>>(&[0x9f, 0x01, 0xff]).is_err(), "indefinite array");
        assert!(decode::<Vec<u8>>(&[0x5f, 0x41, 0x01, 0xff]).is_err(), "indefinite bytes");
        assert!(decode::<u64>(&[0x01, 0x01]).is_err(), "bytes after the end");
        assert!(decode::<Vec<u64>>(&[0x9b, 255, 255, 255, 255, 255, 255, 255, 255]).is_err(), "lying length");
        assert!(decode::<Option<u64>>(&[]).is_err(), "nothing");
        assert_eq!(decode::<Option<u64>>(&[0xf6]), Ok(None));
    }
}
