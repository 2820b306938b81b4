//! A JSON file read item by item: one of them in memory at a time, however long the file.

use super::archive;
use crate::error::{Error, Result};
use crate::plain::{self, FORMAT, Object, PlainKind, VERSION};
use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use std::cell::Cell;
use std::fmt;
use std::io::{self, BufReader, ErrorKind, Read};

/// Bytes of the longest item: a record as large as a server takes, every sign of it written as six.
const MAX_ITEM: u64 = 32 << 20;

/// What the file says of itself.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// When it was made, milliseconds since 1970, if it says so.
    pub made_at: Option<i64>,
    /// Names that stand beside the lists and mean nothing here.
    pub unknown: Vec<String>,
    format: String,
    version: u64,
}

/// Hears of each item: its list, its place in it from 1, and its object.
type Hand<'a, T> = dyn FnMut(T, u64, Object) -> Result<()> + 'a;

/// Reads a record's whole file. What `hand` answers ends it.
pub(super) fn record(from: impl Read, hand: &mut Hand<'_, &'static PlainKind>) -> Result<Head> {
    let (head, read) = walk(from, plain::list, hand)?;
    match read {
        _ if head.format != FORMAT => {
            Err(Error::invalid("this file was not written by Kinfolio: choose the ZIP file of a record"))
        }
        Err(line) => Err(Error::invalid(format!(
            "record.json is damaged at line {line}: choose another copy of the file"
        ))),
        Ok(()) if head.version != VERSION => Err(Error::UpdateApp),
        Ok(()) => Ok(head),
    }
}

/// Reads a whole file of Day One's. What `hand` answers ends it.
pub(super) fn day_one(from: impl Read, hand: &mut Hand<'_, ()>) -> Result<()> {
    let mut entries = false;
    let (_, read) = walk(from, |name| (name == "entries").then_some(()), &mut |list, nth, object| {
        entries = true;
        hand(list, nth, object)
    })?;
    read.map_err(|line| {
        Error::invalid(format!("this file of Day One is damaged at line {line}: export it once more"))
    })?;
    if entries {
        Ok(())
    } else {
        Err(Error::invalid("this file holds no entries of Day One: choose its JSON export"))
    }
}

/// Walks over an object of lists; answers the line at which it is damaged, if it is.
fn walk<T: Copy>(
    from: impl Read,
    list: fn(&str) -> Option<T>,
    hand: &mut Hand<'_, T>,
) -> Result<(Head, Result<(), usize>)> {
    let left = Cell::new(MAX_ITEM);
    let mut reader = Reader { list, hand, head: Head::default(), failed: None, left: &left };
    let from = BufReader::with_capacity(64 << 10, Counted { inner: from, left: &left });
    let mut json = serde_json::Deserializer::from_reader(from);
    let read = json.deserialize_map(&mut reader).and_then(|()| json.end());
    if let Some(error) = reader.failed {
        return Err(error);
    }
    match read {
        Err(error) if error.io_error_kind() == Some(ErrorKind::FileTooLarge) => Err(archive::too_large()),
        Err(error) if error.is_io() => Err(archive::damaged()),
        Err(error) => Ok((reader.head, Err(error.line()))),
        Ok(()) => Ok((reader.head, Ok(()))),
    }
}

/// Ends an item that is longer than any record.
struct Counted<'a, R> {
    inner: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        let left = self.left.get().checked_sub(count as u64);
        self.left.set(left.ok_or_else(|| io::Error::new(ErrorKind::FileTooLarge, "an item too long"))?);
        Ok(count)
    }
}

struct Reader<'a, 'b, T> {
    list: fn(&str) -> Option<T>,
    hand: &'a mut Hand<'b, T>,
    head: Head,
    failed: Option<Error>,
    /// Bytes that the item that is being read may still have.
    left: &'a Cell<u64>,
}

impl<'de, T: Copy> Visitor<'de> for &mut Reader<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of lists")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.left.set(MAX_ITEM);
            match (name.as_str(), (self.list)(&name)) {
                (_, Some(list)) => map.next_value_seed(List { reader: self, list })?,
                ("format", _) => self.head.format = map.next_value()?,
                ("version", _) => self.head.version = map.next_value()?,
                ("made_at", _) => self.head.made_at = map.next_value()?,
                _ => {
                    // Passed over as it comes, however long it is.
                    self.left.set(u64::MAX);
                    map.next_value::<IgnoredAny>()?;
                    self.left.set(MAX_ITEM);
                    if self.head.unknown.len() < super::MAX_TOLD {
                        self.head.unknown.push(name.chars().take(40).collect());
                    }
                }
            }
        }
        Ok(())
    }
}

struct List<'r, 'a, 'b, T> {
    reader: &'r mut Reader<'a, 'b, T>,
    list: T,
}

impl<'de, T: Copy> DeserializeSeed<'de> for List<'_, '_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T: Copy> Visitor<'de> for List<'_, '_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of objects")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<(), S::Error> {
        let mut nth = 0;
        while let Some(Item(object)) = seq.next_element()? {
            nth += 1;
            self.reader.left.set(MAX_ITEM);
            if let Err(error) = (self.reader.hand)(self.list, nth, object) {
                self.reader.failed = Some(error);
                return Err(S::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// An object; whatever else stands in a list is an empty one, which is then refused by its place.
struct Item(Object);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match Json::deserialize(from)? {
            Json::Object(object) => object,
            _ => Object::new(),
        }))
    }
}
