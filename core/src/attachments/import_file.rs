//! Taking a file in that is no photo: looked at, weighed, cleaned and sealed in one pass, and only then named by its entry.

use std::io::{self, Cursor, Write};

use sha2::{Digest, Sha256};

use super::cleaning::{self, Desk, FileKind, Form, Sniffed, Source, Stop};
use super::element::{Element, File, Whole};
use super::weighing::weigh;
use super::{Attachment, AttachmentsClient, ImportSource, Prepared, files, line, tidy};
use crate::crypto::stream::{BlobKey, BlobWriter};
use crate::error::{Error, Result};
use crate::ids::{BlobId, EntryId, make};
use crate::input;
use crate::progress::{Cancel, Progress};

/// Longest name of a file, in characters.
const MAX_NAME: usize = 200;
/// Bytes that are hashed at once.
const PIECE: usize = 65_536;

/// A file's bytes, wherever they are, and how many.
pub(super) struct Opened<'a> {
    pub source: Box<dyn Source + 'a>,
    pub size: u64,
}

impl AttachmentsClient {
    /// Adds a file to an entry, after its other attachments: a PDF, a Word document (DOCX), a recording (M4A, MP3,
    /// AAC) or a video (MP4, MOV), told by its bytes; a photo is taken in as [`import`](AttachmentsClient::import) takes it. `name` is what it is called
    /// where it comes from. The file is left as it is; what tells of its maker, place and time is not kept. However long a
    /// video is, 64 KiB of it are in memory; a PDF or DOCX is there whole, one at a time.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names a file that can't be taken in and says what to do: of another kind, damaged, with a
    /// password, with macros, or heavier than [`MAX_PDF`](super::MAX_PDF), [`MAX_DOCX`](super::MAX_DOCX), [`MAX_AUDIO`](super::MAX_AUDIO) or
    /// [`MAX_VIDEO`](super::MAX_VIDEO), which is seen before it is read. Else as [`AttachmentsClient::import`]. In all of
    /// these the entry is as it was and no file is left.
    pub fn import_file(
        &self,
        entry: EntryId,
        source: ImportSource,
        name: &str,
        caption: &str,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Attachment> {
        self.check_entry(entry)?;
        let prepared = self.prepare_file(source, name, caption, cancel, progress)?;
        let id = self.keep_or_discard(entry, prepared, cancel)?;
        self.get(id)
    }

    /// All of [`AttachmentsClient::import_file`] but the last step, as [`AttachmentsClient::prepare`].
    ///
    /// # Errors
    /// As [`AttachmentsClient::import_file`].
    pub fn prepare_file(
        &self,
        source: ImportSource,
        name: &str,
        caption: &str,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Prepared> {
        let name = file_name(name)?;
        let caption = line(caption, "caption")?;
        let unreadable = |_| Error::invalid(format!("{name} can't be read: choose it again"));
        let mut opened = open(&source).map_err(unreadable)?;
        if opened.size == 0 {
            return Err(Error::invalid(format!("{name} is empty: choose another file")));
        }
        let sniffed = cleaning::sniff(&mut *opened.source).map_err(unreadable)?;
        let Sniffed::File(form) = sniffed else {
            drop(opened);
            // Also what is not known here: the phone's own decoder may know more pictures.
            let photo = self.prepare(source, &caption, "", cancel, &|| {});
            return photo.map_err(|error| match error {
                Error::Image(why) if sniffed == Sniffed::Photo => Error::invalid(format!("{name}: {why}")),
                Error::Image(_) => refused(&name, cleaning::UNKNOWN),
                error => error,
            });
        };
        weigh(&name, cleaning::kind_before_reading(form), opened.size)?;
        let _inside = self.gate.enter(cancel)?;
        let random = &*self.context.random;
        let (blob, key) = (BlobId(make(random)), BlobKey::make(random));
        tidy::expect(&self.context, &[blob])?;
        let prepared = self.seal_file(&name, form, &mut opened, blob, key, cancel, progress);
        if prepared.is_err() {
            // Should this fail too, the next opening of the store deletes it.
            let _ = tidy::some(&self.context, &[blob]);
        }
        let (whole, original) = prepared?;
        let hash = whole.file.hash;
        let element = Element {
            copies: None,
            whole: Some(whole),
            captured_at: None,
            position: 0,
            caption,
            alt: String::new(),
            original: Some(original),
            more: Vec::new(),
        };
        Ok(Prepared { element, hash })
    }

    #[expect(clippy::too_many_arguments, reason = "one step of prepare_file, which has all of them at hand")]
    fn seal_file(
        &self,
        name: &str,
        form: Form,
        opened: &mut Opened<'_>,
        blob: BlobId,
        key: BlobKey,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<(Whole, [u8; 32])> {
        let stopped = |stop| refused(name, stop);
        // Half of the way is reading it once for its hash.
        let (done, total) = (std::cell::Cell::new(0u64), opened.size.saturating_mul(2));
        let step = |bytes: u64| {
            done.set(done.get().saturating_add(bytes).min(total));
            progress.progress(done.get(), total);
        };
        let original = hash_of(&mut *opened.source, cancel, &step).map_err(stopped)?;
        let part = files::begin(&self.context, blob)?;
        let mut out = Hashing { out: BlobWriter::new(&key, &blob, part), hash: Sha256::new() };
        let mut desk = Desk::new(&mut *opened.source, opened.size, &mut out, cancel, &step);
        let told = cleaning::clean(form, &mut desk).map_err(stopped)?;
        let Hashing { out, hash } = out;
        let (part, size) = out.finish().map_err(|error| Error::of_photo_file(&error))?;
        // An M4A was weighed as a video: what it is stands inside.
        weigh(name, FileKind::of_mime(told.mime).unwrap_or(FileKind::Audio), size)?;
        files::end(&self.context, blob, &part)?;
        files::settle(&self.context)?;
        progress.progress(total, total);
        let file = File { blob, key, size, hash: hash.finalize().into() };
        Ok((Whole { file, mime: told.mime.into(), name: name.to_owned(), length: told.length }, original))
    }
}

/// Hashes what is written through it.
struct Hashing<W: Write> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.out.write(bytes)?;
        let (now, _) = bytes.split_at(taken.min(bytes.len()));
        self.hash.update(now);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

pub(super) fn open(source: &ImportSource) -> io::Result<Opened<'_>> {
    match source {
        ImportSource::Bytes(bytes) => {
            Ok(Opened { source: Box::new(Cursor::new(bytes.as_slice())), size: bytes.len() as u64 })
        }
        ImportSource::Path(path) => {
            let (file, size) = input::chosen_file(path)?;
            Ok(Opened { source: Box::new(file), size })
        }
    }
}

fn hash_of(source: &mut dyn Source, cancel: &Cancel, step: &dyn Fn(u64)) -> Result<[u8; 32], Stop> {
    let unreadable = |_| Stop::Refused("it can't be read: choose it again");
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    source.rewind().map_err(unreadable)?;
    loop {
        cancel.check()?;
        let read = source.read(&mut piece).map_err(unreadable)?;
        let Some(now) = piece.get(..read).filter(|now| !now.is_empty()) else { break };
        hash.update(now);
        step(read as u64);
    }
    Ok(hash.finalize().into())
}

/// What it is called: the last part of a path, in one line.
pub(super) fn file_name(typed: &str) -> Result<String> {
    let last = typed.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = input::line(last, "the file's name", MAX_NAME)?;
    Ok(if name.is_empty() { "file".into() } else { name })
}

/// Why a file was not taken in, with its name.
fn refused(name: &str, stop: Stop) -> Error {
    match stop {
        Stop::Refused(why) => Error::invalid(format!("{name}: {why}")),
        Stop::Failed(error) => error,
    }
}
