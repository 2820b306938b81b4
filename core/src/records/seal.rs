//! From a document to the ciphertext that the server keeps, and back: compressed, padded, sealed.
//!
//! Plaintext of an envelope: u8 algorithm (0 none, 1 raw deflate) | u32be length of the body | body | zeros. It is
//! padded to a multiple of 512 bytes up to 16 KiB and to a Padmé size above, so that lengths say little.

use super::{Document, Kind};
use crate::clock::Randomness;
use crate::crypto::envelope::{Place, RecordKey, epoch_of};
use crate::crypto::{Secret32, padme};
use crate::error::{Error, Result};
use crate::ids::{RecordId, SpaceId};
use kinfolio_protocol::limits;
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use rusqlite::{OptionalExtension, Transaction};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use zeroize::Zeroizing;

/// The record format that this version writes; bound to the envelope.
pub const FORMAT: u16 = 1;
const STORED: u8 = 0;
const DEFLATED: u8 = 1;
const HEADER: usize = 5;
const STEP: usize = 512;
const STEPS_UP_TO: usize = 16 << 10;
/// The largest document that is sealed, and inflated from what a server sends: twice the largest record, and no bomb.
const MAX_CELLS: usize = 2 * limits::RECORD;

/// Seals this family's records under the newest epoch of its space.
#[derive(Clone)]
pub struct Sealer<'r> {
    space: SpaceId,
    device_no: u32,
    key: RecordKey,
    random: &'r dyn Randomness,
}

impl fmt::Debug for Sealer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({}, epoch {})", self.space, self.key.epoch())
    }
}

/// A sealed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The epoch of the key, also readable at the front of `bytes`.
    pub epoch: u32,
    /// The record format.
    pub fmt: u16,
    /// The envelope.
    pub bytes: Vec<u8>,
}

impl<'r> Sealer<'r> {
    /// The sealer of this phone's own space.
    ///
    /// # Errors
    /// [`Error::Internal`] before the family was founded, which happens when the store is first opened.
    pub fn current(tx: &Transaction<'_>, random: &'r dyn Randomness) -> Result<Self> {
        let mut select = tx.prepare_cached(
            "SELECT f.space, f.device_no, k.epoch, k.key
               FROM family_self f JOIN space_key k ON k.space = f.space
              ORDER BY k.epoch DESC LIMIT 1",
        )?;
        let row = select.query_row([], |row| {
            Ok((
                row.get::<_, [u8; 16]>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get::<_, [u8; 32]>(3).map(Zeroizing::new)?,
            ))
        });
        let (space, device_no, epoch, key) =
            row.optional()?.ok_or_else(|| Error::internal("no family founded"))?;
        let key = RecordKey::derive(&Secret32::from_bytes(*key), epoch);
        Ok(Self { space: SpaceId(space), device_no, key, random })
    }

    /// The space that this seals for.
    pub const fn space(&self) -> SpaceId {
        self.space
    }

    /// The epoch that this seals under.
    pub const fn epoch(&self) -> u32 {
        self.key.epoch()
    }

    /// The number of the membership log entry that added this device.
    pub const fn device_no(&self) -> u32 {
        self.device_no
    }

    /// Seals a document for its place.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when it is larger than a server takes: refused here, at saving, and never at the push.
    pub fn seal(&self, rid: RecordId, document: &Document) -> Result<Sealed> {
        self.seal_packed(rid, &packed(document))?.ok_or_else(too_large)
    }

    /// As [`Self::seal`]; `None` for a document that is too large.
    pub(super) fn seal_packed(&self, rid: RecordId, packed: &Packed) -> Result<Option<Sealed>> {
        let size = padded(packed.len());
        if packed.cells > MAX_CELLS || size > limits::RECORD {
            return Ok(None);
        }
        let mut plaintext = Zeroizing::new(Vec::with_capacity(size));
        plaintext.extend_from_slice(packed);
        plaintext.resize(size, 0);
        let place = Place { space: self.space.0, record: rid.0, format: FORMAT };
        let bytes = self.key.seal(&place, &plaintext, self.random)?;
        let sealed = Sealed { epoch: self.key.epoch(), fmt: FORMAT, bytes };
        Ok(Some(sealed).filter(|sealed| sealed.bytes.len() <= limits::RECORD))
    }
}

/// What is said of a document that can't be sealed.
pub(super) fn too_large() -> Error {
    Error::invalid("this is too large to be kept as one record: split it")
}

/// Opens records of one space, whatever epoch they are from.
#[derive(Debug)]
pub struct Opener {
    space: SpaceId,
    keys: BTreeMap<u32, RecordKey>,
}

impl Opener {
    /// Every key of the space that this phone has.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn load(tx: &Transaction<'_>, space: SpaceId) -> Result<Self> {
        let mut select = tx.prepare_cached("SELECT epoch, key FROM space_key WHERE space = ?1")?;
        let mut rows = select.query([space.as_bytes()])?;
        let mut keys = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (epoch, key) = (row.get(0)?, Zeroizing::new(row.get::<_, [u8; 32]>(1)?));
            keys.insert(epoch, RecordKey::derive(&Secret32::from_bytes(*key), epoch));
        }
        Ok(Self { space, keys })
    }

    /// Whether there is a key for the epoch that this ciphertext names.
    pub fn has_key(&self, sealed: &[u8]) -> bool {
        epoch_of(sealed).is_ok_and(|epoch| self.keys.contains_key(&epoch))
    }

    /// Opens a ciphertext of this space: what it says, and the packed bytes that say it, so that they are kept as
    /// they came and not deflated again.
    ///
    /// # Errors
    /// [`Error::Sealed`] without the key or when a byte differs from what was sealed for this place;
    /// [`Error::UpdateApp`] for a newer envelope, format or content; [`Error::StoreDamaged`] for content that is no
    /// document, although a phone of the family sealed it.
    pub fn open(&self, rid: RecordId, fmt: u16, sealed: &[u8]) -> Result<(Document, Packed)> {
        if fmt > FORMAT {
            return Err(Error::UpdateApp);
        }
        let key = self.keys.get(&epoch_of(sealed)?).ok_or(Error::Sealed("no key for this epoch"))?;
        let mut bytes = key.open(&Place { space: self.space.0, record: rid.0, format: fmt }, sealed)?;
        let (algorithm, body) = unpadded(&bytes)?;
        let packed = HEADER + body.len();
        let cells = inflated(algorithm, body, MAX_CELLS)?;
        let document = Document::decode(&cells)?;
        bytes.truncate(packed);
        Ok((document, Packed { bytes, cells: cells.len() }))
    }
}

/// A document as it is kept in the store: u8 algorithm, u32be length of the body, body. With padding and a seal it is
/// what the server keeps.
pub struct Packed {
    bytes: Zeroizing<Vec<u8>>,
    /// Bytes of the document before they were deflated.
    cells: usize,
}

impl Deref for Packed {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Packed({} bytes)", self.bytes.len())
    }
}

/// Packs a document of any size.
pub fn packed(document: &Document) -> Packed {
    let cells = Zeroizing::new(document.encode());
    // A checkpoint's bytes are random, and the length of its deflated form would tell nothing but itself.
    let deflated = match document.kind() == u16::from(Kind::Checkpoint) {
        true => None,
        false => {
            Some(Zeroizing::new(compress_to_vec(&cells, 6))).filter(|deflated| deflated.len() < cells.len())
        }
    };
    let (algorithm, body) = deflated.as_ref().map_or((STORED, &cells), |deflated| (DEFLATED, deflated));
    // Beyond 4 GiB the record is refused for its size anyway.
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut packed = Zeroizing::new(Vec::with_capacity(HEADER + body.len()));
    packed.push(algorithm);
    packed.extend_from_slice(&length.to_be_bytes());
    packed.extend_from_slice(body);
    Packed { bytes: packed, cells: cells.len() }
}

/// The document of packed bytes of this phone's own store, padded or not; of any size, for a merge of two that both
/// could be sealed may be one that can't.
///
/// # Errors
/// [`Error::UpdateApp`] for a newer algorithm or content, [`Error::StoreDamaged`] for anything else.
pub fn unpacked(packed: &[u8]) -> Result<Document> {
    let (algorithm, body) = unpadded(packed)?;
    Document::decode(&inflated(algorithm, body, usize::MAX)?)
}

fn damaged() -> Error {
    Error::StoreDamaged("a record's padding".into())
}

/// Algorithm and body of packed bytes.
fn unpadded(packed: &[u8]) -> Result<(u8, &[u8])> {
    let (&[algorithm, ref length @ ..], rest) = packed.split_first_chunk::<HEADER>().ok_or_else(damaged)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (body, padding) = rest.split_at_checked(length).ok_or_else(damaged)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(damaged());
    }
    Ok((algorithm, body))
}

/// A document's bytes, at most `limit` of them.
fn inflated(algorithm: u8, body: &[u8], limit: usize) -> Result<Zeroizing<Vec<u8>>> {
    match algorithm {
        STORED => Ok(Zeroizing::new(body.to_vec())),
        DEFLATED => decompress_to_vec_with_limit(body, limit).map(Zeroizing::new).map_err(|_| damaged()),
        _ => Err(Error::UpdateApp),
    }
}

fn padded(size: usize) -> usize {
    match size {
        0..=STEPS_UP_TO => size.next_multiple_of(STEP),
        _ => usize::try_from(padme::padded_size(size as u64)).unwrap_or(size),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Stamper, Value};
    use super::*;
    use crate::clock::SeededRandomness;

    fn entry(note: &str) -> Document {
        let stamper = Stamper { now_ms: 1, device_no: 1, text_client: 1 };
        let mut doc = Document::new(Kind::Entry);
        doc.edit_text(1, None, note, &stamper).unwrap();
        doc.set(2, Value::Text("Frogs".into()), &stamper);
        doc
    }

    #[test]
    fn sizes_fall_into_few_steps() {
        for (size, expected) in
            [(1, 512), (512, 512), (513, 1024), (16_384, 16_384), (16_385, 17_408), (100_000, 100_352)]
        {
            assert_eq!(padded(size), expected, "{size}");
        }
        let sizes: std::collections::BTreeSet<usize> =
            (0..600).map(|length| padded(packed(&entry(&"frog ".repeat(length / 5))).len())).collect();
        assert_eq!(sizes.len(), 1, "{sizes:?}");
    }

    #[test]
    fn a_packed_document_comes_back_and_a_changed_one_does_not() {
        for doc in
            [entry(""), entry(&"We counted frogs in the pond. ".repeat(500)), Document::new(Kind::Checkpoint)]
        {
            let mut packed = packed(&doc).to_vec();
            assert_eq!(unpacked(&packed).unwrap(), doc);
            packed.push(0);
            assert_eq!(unpacked(&packed).unwrap(), doc);
            packed.push(1);
            assert!(unpacked(&packed).is_err(), "something hidden in the padding");
        }
        assert!(unpacked(&[]).is_err());
        assert!(unpacked(&[0, 255, 255, 255, 255, 0]).is_err(), "lying length");
        assert_eq!(unpacked(&[9, 0, 0, 0, 0]), Err(Error::UpdateApp));
    }

    #[test]
    fn a_deflate_bomb_is_refused() {
        let bomb = compress_to_vec(&vec![0; 64 << 20], 6);
        let mut plaintext = vec![DEFLATED];
        plaintext.extend_from_slice(&(bomb.len() as u32).to_be_bytes());
        plaintext.extend_from_slice(&bomb);
        let (algorithm, body) = unpadded(&plaintext).unwrap();
        assert!(inflated(algorithm, body, MAX_CELLS).is_err());
    }

    #[test]
    fn what_others_could_not_inflate_is_never_sealed() {
        let random = SeededRandomness::new(1);
        let key = RecordKey::derive(&Secret32::from_bytes([1; 32]), 1);
        let sealer = Sealer { space: SpaceId([2; 16]), device_no: 1, key, random: &random };
        let opener = Opener {
            space: SpaceId([2; 16]),
            keys: BTreeMap::from([(1, RecordKey::derive(&Secret32::from_bytes([1; 32]), 1))]),
        };
        // Deflates to next to nothing.
        let fits = entry(&"frog ".repeat(MAX_CELLS / 5 - 100));
        let sealed = sealer.seal(RecordId([3; 16]), &fits).unwrap();
        assert_eq!(opener.open(RecordId([3; 16]), FORMAT, &sealed.bytes).unwrap().0, fits);
        let larger = entry(&"frog ".repeat(MAX_CELLS / 5));
        assert_eq!(sealer.seal(RecordId([3; 16]), &larger).unwrap_err(), too_large());
        assert_eq!(unpacked(&packed(&larger)).unwrap(), larger, "on this phone it is kept all the same");
    }
}
