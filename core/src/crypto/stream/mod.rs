//! Blobs: attachment bytes sealed in 64 KiB segments, so that a file is sealed and opened without
//! holding it whole, and no segment can be changed, dropped, moved or doubled.
//!
//! STREAM (BE32) over XChaCha20-Poly1305. Nonce = 19 zero bytes, u32be segment number, u8 last
//! flag: the prefix may be zero because every blob has a key of its own, used once. AAD on every
//! segment = LP("kinfolio/v1/blob") || LP(blob id). The plaintext is padded with zeros to its
//! Padmé size first; the true length stands in the record that holds the key. An empty blob is one
//! empty last segment; otherwise the last segment holds 1 to 65,536 bytes (keys-bytes.md, BLOB).

use std::io::{self, Read, Seek, SeekFrom, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32, NewStream, Nonce, StreamBE32, StreamPrimitive};
use chacha20poly1305::XChaCha20Poly1305;
use kinfolio_protocol::{BlobId, labels};
use zeroize::Zeroizing;

use super::Secret32;
use super::padme::padded_size;
use crate::error::{Error, Result};

/// Plaintext bytes in every segment but the last.
pub const SEGMENT: usize = 65_536;
/// Bytes that sealing adds to each segment.
pub const TAG: usize = 16;
const SEALED_SEGMENT: usize = SEGMENT + TAG;

/// The key of exactly one blob, for ever: an upload that is tried again sends the sealed file again,
/// it never seals again.
pub type BlobKey = Secret32;

/// Bytes of the sealed form of `length` plaintext bytes, padding and tags included.
pub fn sealed_size(length: u64) -> u64 {
    let padded = padded_size(length);
    padded + padded.div_ceil(SEGMENT as u64).max(1) * TAG as u64
}

/// Seals what is written to it; [`BlobWriter::finish`] pads and writes the last segment.
pub struct BlobWriter<W: Write> {
    stream: EncryptorBE32<XChaCha20Poly1305>,
    aad: Vec<u8>,
    // Plaintext waiting; sealed in place, hence room for the tag.
    segment: Zeroizing<Vec<u8>>,
    length: u64,
    out: W,
}

impl<W: Write> BlobWriter<W> {
    /// Starts the blob `id` under its own key.
    pub fn new(key: &BlobKey, id: &BlobId, out: W) -> Self {
        Self {
            stream: EncryptorBE32::new(key.bytes().into(), &zero_nonce()),
            aad: aad(id),
            segment: Zeroizing::new(Vec::with_capacity(SEALED_SEGMENT)),
            length: 0,
            out,
        }
    }

    /// Pads with zeros to the Padmé size and writes the last segment; returns the inner writer (not
    /// yet flushed to disk) and the true plaintext length.
    ///
    /// # Errors
    /// Those of the inner writer, and one when the file is too long for the stream's counter.
    pub fn finish(mut self) -> io::Result<(W, u64)> {
        let length = self.length;
        let mut padding = padded_size(length) - length;
        let zeros = [0; 4096];
        while padding > 0 {
            let step = padding.min(zeros.len() as u64);
            self.write_all(zeros.get(..step as usize).unwrap_or(&zeros))?;
            padding -= step;
        }
        let Self { stream, aad, mut segment, mut out, .. } = self;
        stream
            .encrypt_last_in_place(&aad, &mut *segment)
            .map_err(|_| io::Error::other("blob too long to seal"))?;
        out.write_all(&segment)?;
        Ok((out, length))
    }
}

impl<W: Write> Write for BlobWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full segment is sealed only when more follows: the last one carries the last flag.
        if self.segment.len() == SEGMENT && !bytes.is_empty() {
            self.stream
                .encrypt_next_in_place(&self.aad, &mut *self.segment)
                .map_err(|_| io::Error::other("blob too long to seal"))?;
            self.out.write_all(&self.segment)?;
            self.segment.clear();
        }
        let (taken, _) = bytes.split_at(bytes.len().min(SEGMENT - self.segment.len()));
        self.segment.extend_from_slice(taken);
        self.length += taken.len() as u64;
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Opens a sealed blob as it is read. Each segment is verified before a byte of it is given out;
/// that nothing is missing at the end is known only when reading reports the end, so a caller uses
/// no byte before that.
pub struct BlobReader<R: Read> {
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    aad: Vec<u8>,
    source: R,
    // One segment read ahead: only its successor's absence says that a segment is the last one.
    ahead: Vec<u8>,
    segment: Zeroizing<Vec<u8>>,
    given: usize,
    opened: u64,
    length: u64,
}

impl<R: Read> BlobReader<R> {
    /// Opens blob `id` whose true length the record states as `length` bytes.
    ///
    /// # Errors
    /// Those of `source`, of which the first segment is read.
    pub fn new(key: &BlobKey, id: &BlobId, length: u64, mut source: R) -> io::Result<Self> {
        let mut ahead = Vec::new();
        read_segment(&mut source, &mut ahead)?;
        let stream = Some(DecryptorBE32::new(key.bytes().into(), &zero_nonce()));
        let segment = Zeroizing::new(Vec::with_capacity(SEALED_SEGMENT));
        Ok(Self { stream, aad: aad(id), source, ahead, segment, given: 0, opened: 0, length })
    }

    fn open_next(&mut self) -> io::Result<()> {
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        std::mem::swap(&mut *self.segment, &mut self.ahead);
        self.given = 0;
        read_segment(&mut self.source, &mut self.ahead)?;
        if self.ahead.is_empty() {
            stream
                .decrypt_last_in_place(&self.aad, &mut *self.segment)
                .map_err(|_| damaged("segment refused"))?;
        } else {
            stream
                .decrypt_next_in_place(&self.aad, &mut *self.segment)
                .map_err(|_| damaged("segment refused"))?;
            self.stream = Some(stream);
        }
        if self.segment.is_empty() && self.opened > 0 {
            return Err(damaged("empty last segment"));
        }
        self.opened += self.segment.len() as u64;
        if self.stream.is_none() && self.opened != padded_size(self.length) {
            return Err(damaged("length is not the one in the record"));
        }
        // What lies beyond the true length is padding.
        let padding = self.opened.saturating_sub(self.length);
        let keep = self.segment.len().saturating_sub(usize::try_from(padding).unwrap_or(usize::MAX));
        self.segment.truncate(keep);
        Ok(())
    }
}

impl<R: Read> Read for BlobReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.segment.len() && self.stream.is_some() {
            self.open_next()?;
        }
        let waiting = self.segment.get(self.given..).unwrap_or_default();
        let (now, _) = waiting.split_at(waiting.len().min(out.len()));
        if let Some(room) = out.get_mut(..now.len()) {
            room.copy_from_slice(now);
        }
        self.given += now.len();
        Ok(now.len())
    }
}

/// Seals `plaintext` whole, in memory.
///
/// # Errors
/// [`Error::Sealed`] when it is too long for the stream's counter.
pub fn seal(key: &BlobKey, id: &BlobId, plaintext: &[u8]) -> Result<Vec<u8>> {
    let room = usize::try_from(sealed_size(plaintext.len() as u64)).unwrap_or_default();
    let mut writer = BlobWriter::new(key, id, Vec::with_capacity(room));
    let sealed = writer.write_all(plaintext).and_then(|()| writer.finish());
    sealed.map(|(out, _)| out).map_err(|_| Error::Sealed("this file is too long to seal"))
}

/// Opens a sealed blob whole; `length` is the true length that the record states.
///
/// # Errors
/// [`Error::Sealed`] for another length, another key or id, and bytes that were changed.
pub fn open(key: &BlobKey, id: &BlobId, length: u64, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    if sealed.len() as u64 != sealed_size(length) {
        return Err(Error::Sealed("this file's length is not the one in its record"));
    }
    let refused = |_| Error::Sealed("this file was changed or belongs to another record");
    let mut plaintext = Zeroizing::new(Vec::with_capacity(sealed.len()));
    let mut reader = BlobReader::new(key, id, length, sealed).map_err(refused)?;
    reader.read_to_end(&mut plaintext).map_err(refused)?;
    Ok(plaintext)
}

/// Opens at most `most` bytes of a sealed blob from plain byte `place` on; `length` is the true length that the record
/// states. Only the segments that hold them are read. Each is proven to be this blob's, and to stand where it stands.
///
/// # Errors
/// [`Error::Sealed`] for another length, another key or id, and bytes that were changed.
pub fn open_part<R: Read + Seek>(
    key: &BlobKey,
    id: &BlobId,
    length: u64,
    source: &mut R,
    place: u64,
    most: u64,
) -> Result<Zeroizing<Vec<u8>>> {
    let refused = |_| Error::Sealed("this file was changed or belongs to another record");
    let end = place.saturating_add(most).min(length);
    let mut plaintext = Zeroizing::new(Vec::new());
    if place >= end {
        return Ok(plaintext);
    }
    let sealed = source.seek(SeekFrom::End(0)).map_err(refused)?;
    if sealed != sealed_size(length) {
        return Err(Error::Sealed("this file's length is not the one in its record"));
    }
    let primitive = StreamBE32::<XChaCha20Poly1305>::new(key.bytes().into(), &zero_nonce());
    let last = padded_size(length).div_ceil(SEGMENT as u64).saturating_sub(1);
    plaintext.reserve_exact(usize::try_from(end - place).unwrap_or_default());
    for number in place / SEGMENT as u64..=(end - 1) / SEGMENT as u64 {
        source.seek(SeekFrom::Start(number * SEALED_SEGMENT as u64)).map_err(refused)?;
        let mut segment = Zeroizing::new(Vec::new());
        read_segment(source, &mut segment).map_err(refused)?;
        let counter = u32::try_from(number).map_err(|_| Error::Sealed("this file is too long to open"))?;
        primitive
            .decrypt_in_place(counter, number == last, &aad(id), &mut *segment)
            .map_err(|_| Error::Sealed("this file was changed or belongs to another record"))?;
        let begin = number * SEGMENT as u64;
        let within =
            |at: u64| usize::try_from(at.saturating_sub(begin)).unwrap_or(SEGMENT).min(segment.len());
        plaintext.extend_from_slice(segment.get(within(place)..within(end)).unwrap_or_default());
    }
    Ok(plaintext)
}

fn aad(id: &BlobId) -> Vec<u8> {
    labels::joined(labels::BLOB, &[id.as_bytes()])
}

fn zero_nonce() -> Nonce<XChaCha20Poly1305, StreamBE32<XChaCha20Poly1305>> {
    Default::default()
}

fn damaged(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Fills `into` with the next sealed segment; shorter at the end, empty after it.
fn read_segment(source: &mut impl Read, into: &mut Vec<u8>) -> io::Result<()> {
    into.clear();
    into.reserve_exact(SEALED_SEGMENT);
    source.take(SEALED_SEGMENT as u64).read_to_end(into).map(|_| ())
}

#[cfg(test)]
mod tests;
