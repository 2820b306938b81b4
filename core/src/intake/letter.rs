//! One sealed thing in the inbox: its head and its files in one file.
//!
//! `KFI1`, the HPKE (mode_base, info `kinfolio/v1/inbox`) of a key of its own and of how long the rest is, and the rest
//! as a blob under that key: u32be length of the head, the head as JSON, the files' bytes in their order.

use super::{Shared, SharedFile};
use crate::attachments::{ImportSource, weighed};
use crate::clock::Randomness;
use crate::crypto::Secret32;
use crate::crypto::hpke::{self, KemKey, OpenMode, SealMode, Sealed};
use crate::crypto::stream::{BlobReader, BlobWriter};
use crate::error::{Error, Result};
use crate::ids::{BlobId, LearnerId};
use crate::plain::{hex_id, id_hex};
use kinfolio_protocol::labels;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

const MARK: &[u8; 4] = b"KFI1";
/// Key and length, sealed.
const SEALED_KEY: usize = 32 + 8 + 16;
const FRONT: usize = 4 + 32 + SEALED_KEY;
/// Longest head, in bytes: a text as long as it may be, a hundred names of files.
const MAX_HEAD: u32 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Head {
    title: String,
    text: String,
    url: String,
    day: String,
    learners: Vec<String>,
    /// What each is called, and its size in bytes.
    files: Vec<(String, u64)>,
}

/// Writes a sealed thing. Whole, it is on the disk when this returns.
pub(super) fn write(
    path: &Path,
    id: [u8; 16],
    shared: &Shared,
    to: &[u8; 32],
    random: &dyn Randomness,
) -> Result<()> {
    let open =
        |file: &SharedFile| weighed(&file.source, &file.name).map(|(_, size)| (file.name.clone(), size));
    let mut learners = shared.learners.clone();
    learners.sort_unstable();
    learners.dedup();
    let head = Head {
        title: shared.title.clone(),
        text: shared.text.clone(),
        url: shared.url.clone(),
        day: shared.day.clone(),
        learners: learners.iter().map(|id| id_hex(&id.0)).collect(),
        files: shared.files.iter().map(open).collect::<Result<_>>()?,
    };
    let json = serde_json::to_vec(&head).map_err(|_| Error::internal("the head of something shared"))?;
    let length = u32::try_from(json.len()).ok().filter(|length| *length <= MAX_HEAD);
    let length = length.ok_or_else(|| Error::invalid("the text is too long to be shared: shorten it"))?;
    let key = Secret32::make(random);
    let full = |error: io::Error| Error::of_photo_file(&error);
    let mut file = File::create(path).map_err(full)?;
    file.write_all(&[0; FRONT]).map_err(full)?;
    let mut out = BlobWriter::new(&key, &BlobId(id), BufWriter::new(&mut file));
    out.write_all(&length.to_be_bytes()).and_then(|()| out.write_all(&json)).map_err(full)?;
    for (one, (name, size)) in shared.files.iter().zip(&head.files) {
        let (source, _) = weighed(&one.source, name)?;
        let copied = io::copy(&mut source.take(*size), &mut out).map_err(full)?;
        if copied != *size {
            return Err(Error::invalid(format!("{name} changed while it was read: share it again")));
        }
    }
    let (mut out, length) = out.finish().map_err(full)?;
    out.flush().map_err(full)?;
    drop(out);
    let about = [key.bytes().as_slice(), &length.to_be_bytes()].concat();
    let sealed = hpke::seal(SealMode::Base, to, labels::INBOX.as_bytes(), &id, &about, random)?;
    file.seek(SeekFrom::Start(0)).map_err(full)?;
    file.write_all(&[MARK, sealed.enc.as_slice(), &sealed.ciphertext].concat()).map_err(full)?;
    file.sync_all().map_err(full)
}

/// A sealed thing that is being read.
pub(super) struct Letter {
    /// What was shared; its files come from [`Letter::next`].
    pub shared: Shared,
    files: std::vec::IntoIter<(String, u64)>,
    rest: BlobReader<BufReader<File>>,
}

/// Opens a sealed thing, as far as its head.
///
/// # Errors
/// [`Error::Sealed`] when it is damaged, or was sealed to another record's key.
pub(super) fn open(path: &Path, id: [u8; 16], key: &KemKey) -> Result<Letter> {
    let mut file = File::open(path).map_err(|error| Error::of_photo_file(&error))?;
    let mut front = [0; FRONT];
    file.read_exact(&mut front).map_err(damaged)?;
    let (mark, sealed) = front.split_at(MARK.len());
    let (enc, ciphertext) = sealed.split_at(32);
    if mark != MARK {
        return Err(Error::UpdateApp);
    }
    let sealed = Sealed { enc: enc.try_into().unwrap_or_default(), ciphertext: ciphertext.to_vec() };
    let about = hpke::open(OpenMode::Base, key, labels::INBOX.as_bytes(), &id, &sealed)?;
    let (secret, length) = about.split_at_checked(32).ok_or(Error::Sealed("it is damaged"))?;
    let length = u64::from_be_bytes(length.try_into().map_err(|_| Error::Sealed("it is damaged"))?);
    let secret = Secret32::from_slice(secret)?;
    let mut rest = BlobReader::new(&secret, &BlobId(id), length, BufReader::new(file)).map_err(damaged)?;
    let mut size = [0; 4];
    rest.read_exact(&mut size).map_err(damaged)?;
    let mut json = Vec::new();
    let most = u64::from(u32::from_be_bytes(size).min(MAX_HEAD));
    (&mut rest).take(most).read_to_end(&mut json).map_err(damaged)?;
    let head: Head = serde_json::from_slice(&json).map_err(|_| Error::Sealed("it is damaged"))?;
    let learners = head.learners.iter().filter_map(|id| hex_id(id)).map(LearnerId).collect();
    let Head { title, text, url, day, files, .. } = head;
    let shared = Shared { title, text, url, files: Vec::new(), learners, day };
    Ok(Letter { shared, files: files.into_iter(), rest })
}

/// Only what does not fit its seal is damage: a disk that can't be read just now may be read tomorrow.
fn damaged(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Error::Sealed("it is damaged"),
        _ => Error::of_photo_file(&error),
    }
}

impl Letter {
    /// The next file, whole in memory: none weighs more than a video may.
    ///
    /// # Errors
    /// [`Error::Sealed`] when it is damaged.
    pub fn next(&mut self) -> Result<Option<SharedFile>> {
        let Some((name, size)) = self.files.next() else { return Ok(None) };
        let mut bytes = Vec::new();
        (&mut self.rest).take(size).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() as u64 != size {
            return Err(Error::Sealed("it is damaged"));
        }
        Ok(Some(SharedFile { source: ImportSource::Bytes(bytes), name }))
    }

    /// How many files are left.
    pub fn files(&self) -> u64 {
        self.files.len() as u64
    }
}
