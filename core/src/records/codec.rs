//! A document's bytes: written in one way, and read only in that way.

use super::Stamp;
use super::document::{Cell, Document, READER};
use super::value::{Key, Value, malformed};
use crate::error::{Error, Result};
use minicbor::{Decoder, Encoder};
use std::collections::BTreeMap;

impl Document {
    /// The deterministic CBOR form (RFC 8949 4.2.1).
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let pairs = 3 + u64::from(self.trash.is_some()) + u64::from(self.purge.is_some());
        head(&mut out).map(pairs).and_then(|to| to.u8(0)?.u16(self.kind)?.u8(1)?.u32(self.min_reader)).ok();
        head(&mut out).u8(2).and_then(|to| to.map(self.fields.len() as u64)).ok();
        for (field, cell) in &self.fields {
            head(&mut out).u32(*field).and_then(|to| to.array(2)).ok();
            write_cell(&mut out, cell);
        }
        if let Some((stamp, trashed)) = self.trash {
            head(&mut out).u8(3).and_then(|to| to.array(2)?.u8(0)).ok();
            write_pair(&mut out, stamp, &Value::Bool(trashed));
        }
        if let Some(stamp) = self.purge {
            head(&mut out).u8(4).ok();
            write_stamp(&mut out, stamp);
        }
        out
    }

    /// Reads a document that fills `bytes`.
    ///
    /// # Errors
    /// [`Error::UpdateApp`] when a newer version wrote something that this one can't merge,
    /// [`Error::StoreDamaged`] when these are not the bytes of a document.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut from = Decoder::new(bytes);
        let from = &mut from;
        let pairs = definite(from.map())?;
        key(from, 0)?;
        let kind = number(from)?;
        key(from, 1)?;
        let min_reader = number(from)?;
        if min_reader > READER {
            return Err(Error::UpdateApp);
        }
        key(from, 2)?;
        let fields = read_fields(from)?;
        let (mut trash, mut purge) = (None, None);
        for _ in 3..pairs {
            match from.u64().map_err(malformed)? {
                3 if trash.is_none() && purge.is_none() => {
                    length(from, 2)?;
                    key(from, 0)?;
                    let (stamp, value) = read_pair(from)?;
                    trash = Some((stamp, value.as_bool().ok_or_else(|| malformed("trash"))?));
                }
                4 if purge.is_none() => purge = Some(read_stamp(from)?),
                5.. => return Err(Error::UpdateApp),
                _ => return Err(malformed("key")),
            }
        }
        let document = Self { kind, min_reader, fields, trash, purge };
        // Shape apart, the spelling must be the one deterministic spelling.
        if from.position() == bytes.len() && document.encode() == bytes {
            Ok(document)
        } else {
            Err(malformed("form"))
        }
    }
}

fn head(out: &mut Vec<u8>) -> Encoder<&mut Vec<u8>> {
    Encoder::new(out)
}

fn write_stamp(out: &mut Vec<u8>, stamp: Stamp) {
    head(out).array(2).and_then(|to| to.u64(stamp.time)?.u32(stamp.device_no)).ok();
}

fn write_pair(out: &mut Vec<u8>, stamp: Stamp, value: &Value) {
    head(out).array(2).ok();
    write_stamp(out, stamp);
    value.write(out);
}

fn write_cell(out: &mut Vec<u8>, cell: &Cell) {
    match cell {
        Cell::Register(stamp, value) => {
            head(out).u8(0).ok();
            write_pair(out, *stamp, value);
        }
        Cell::Map(map) => {
            head(out).u8(1).and_then(|to| to.map(map.len() as u64)).ok();
            for (key, (stamp, value)) in map {
                key.write(out);
                write_pair(out, *stamp, value);
            }
        }
        Cell::Text(stamp, state) => {
            head(out).u8(2).and_then(|to| to.array(2)).ok();
            write_stamp(out, *stamp);
            head(out).bytes(state).ok();
        }
    }
}

fn definite(length: Result<Option<u64>, minicbor::decode::Error>) -> Result<u64> {
    length.map_err(malformed)?.ok_or_else(|| malformed("indefinite"))
}

/// A list of another length is a newer version's.
fn length(from: &mut Decoder<'_>, expected: u64) -> Result<()> {
    if definite(from.array())? == expected { Ok(()) } else { Err(Error::UpdateApp) }
}

/// A number that is larger than any this version has is a newer version's.
fn number<T: TryFrom<u64>>(from: &mut Decoder<'_>) -> Result<T> {
    T::try_from(from.u64().map_err(malformed)?).map_err(|_| Error::UpdateApp)
}

fn key(from: &mut Decoder<'_>, expected: u64) -> Result<()> {
    if from.u64().map_err(malformed)? == expected { Ok(()) } else { Err(Error::UpdateApp) }
}

fn read_stamp(from: &mut Decoder<'_>) -> Result<Stamp> {
    length(from, 2)?;
    Ok(Stamp { time: from.u64().map_err(malformed)?, device_no: number(from)? })
}

fn read_pair(from: &mut Decoder<'_>) -> Result<(Stamp, Value)> {
    length(from, 2)?;
    Ok((read_stamp(from)?, Value::read(from)?))
}

fn read_fields(from: &mut Decoder<'_>) -> Result<BTreeMap<u32, Cell>> {
    let mut fields = BTreeMap::new();
    for _ in 0..definite(from.map())? {
        let field = number(from)?;
        fields.insert(field, read_cell(from)?);
    }
    Ok(fields)
}

fn read_cell(from: &mut Decoder<'_>) -> Result<Cell> {
    length(from, 2)?;
    Ok(match from.u64().map_err(malformed)? {
        0 => {
            let (stamp, value) = read_pair(from)?;
            Cell::Register(stamp, value)
        }
        1 => {
            let mut map = BTreeMap::new();
            for _ in 0..definite(from.map())? {
                let key = Key::read(from)?;
                map.insert(key, read_pair(from)?);
            }
            Cell::Map(map)
        }
        2 => {
            length(from, 2)?;
            Cell::Text(read_stamp(from)?, from.bytes().map_err(malformed)?.to_vec())
        }
        _ => return Err(Error::UpdateApp),
    })
}

#[cfg(test)]
mod tests {
    use super::super::laws::documents;
    use super::super::{Kind, Stamper};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bytes_of_a_document_are_those_of_the_format() {
        let stamper = Stamper { now_ms: 1, device_no: 7, text_client: 1 };
        let mut doc = Document::new(Kind::Learner);
        doc.set(1, Value::Text("Otter".into()), &stamper);
        doc.put(9, Key::text("x"), Value::Bool(true), &stamper);
        doc.set_trashed(true, &stamper);
        let hex: String = doc.encode().iter().map(|byte| format!("{byte:02x}")).collect();
        let expected = concat!(
            "a4",
            "0001",
            "0101",
            "02a2",
            "01",
            "8200",
            "82821a0001000007",
            "654f74746572",
            "09",
            "8201",
            "a16178",
            "82821a0001000007f5",
            "03",
            "8200",
            "82821a0001000107f5",
        );
        assert_eq!(hex, expected);
    }

    #[test]
    fn what_a_newer_version_wrote_is_told_from_damage() {
        let plain = Document::new(Kind::Entry).encode();
        assert_eq!(Document::decode(&plain).unwrap(), Document::new(Kind::Entry));
        let newer: [&[u8]; 8] = [
            &[0xa3, 0, 2, 1, 2, 2, 0xa0],                            // min_reader 2
            &[0xa3, 0, 0x1a, 0, 1, 0, 0, 1, 1, 2, 0xa0],             // kind 65536
            &[0xa3, 0, 2, 1, 1, 2, 0xa1, 1, 0x82, 3, 0xf6],          // cell type 3
            &[0xa3, 0, 2, 1, 1, 2, 0xa1, 1, 0x82, 0x19, 1, 0, 0xf6], // cell type 256
            &[0xa3, 0, 2, 1, 1, 2, 0xa1, 1, 0x83, 0, 0xf6, 0xf6],    // a cell of three
            &[0xa3, 0, 2, 1, 1, 3, 0xa0],                            // key 3 for key 2
            &[0xa4, 0, 2, 1, 1, 2, 0xa0, 5, 0xf6],                   // key 5
            &[0xa4, 0, 2, 1, 1, 2, 0xa0, 0x19, 1, 0, 0xf6],          // key 256
        ];
        for bytes in newer {
            assert_eq!(Document::decode(bytes), Err(Error::UpdateApp));
        }
        let damaged: [&[u8]; 5] = [
            &[],
            &[0xa3, 0, 2, 1, 1, 2, 0xa0, 0],    // bytes after the end
            &[0xa3, 0, 2, 1, 0x18, 1, 2, 0xa0], // longer than needed
            &[0xa3, 0, 2, 1, 1, 2, 0xbf, 0xff], // indefinite
            &[0xa2, 0, 2, 1, 1],
        ];
        for bytes in damaged {
            assert!(matches!(Document::decode(bytes), Err(Error::StoreDamaged(_))), "{bytes:x?}");
        }
    }

    proptest! {
        #[test]
        fn a_document_comes_back_bit_by_bit(doc in documents()) {
            let bytes = doc.encode();
            let back = Document::decode(&bytes).unwrap();
            prop_assert_eq!(&back, &doc);
            prop_assert_eq!(back.encode(), bytes);
        }

        #[test]
        fn hostile_bytes_are_refused_without_a_panic(doc in documents(), at in any::<u16>(), flip in 1..=255u8) {
            let mut bytes = doc.encode();
            let at = usize::from(at) % bytes.len();
            bytes[at] ^= flip;
            if let Ok(other) = Document::decode(&bytes) {
                prop_assert_eq!(other.encode(), bytes.clone());
            }
            let _ = Document::decode(&bytes[..at]);
        }
    }
}
