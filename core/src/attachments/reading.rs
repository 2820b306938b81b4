//! Giving attachments out again: a copy or a part of a file in memory, a whole file to a place that the person chose.

use std::fs::{self, File as DiskFile};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::element::{File, Part};
use super::queries::kept;
use super::{AttachmentsClient, Size, picture, queries};
use crate::crypto::stream::{self, BlobReader};
use crate::error::{Error, OrNotFound, Result};
use crate::family_log;
use crate::ids::AttachmentId;
use crate::progress::{Cancel, Progress};
use crate::storage::Transaction;

/// The most bytes of a file that are given out at once.
pub(crate) const MOST_AT_ONCE: u64 = 4 << 20;
/// Bytes that are opened at once.
const PIECE: usize = 65_536;

impl AttachmentsClient {
    /// The bytes of a copy: a JPEG file.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such attachment, it is no photo, or its file has not come to this phone yet;
    /// [`Error::StoreDamaged`] when the file was changed. One that the server has will be fetched again; of a small copy
    /// the large one stands in.
    pub fn read(&self, id: AttachmentId, size: Size) -> Result<Vec<u8>> {
        match self.picture(&self.looked_at(id, part(size))?) {
            Err(damaged @ Error::StoreDamaged(_)) if size == Size::Thumb => {
                let cancel = Cancel::new();
                let _inside = self.gate.enter(&cancel)?;
                let large = self.read(id, Size::Display);
                large.and_then(|jpeg| picture::smaller(&jpeg, picture::THUMB.0, &cancel)).map_err(|_| damaged)
            }
            read => read,
        }
    }

    /// The same for a document: nobody looks at the photo.
    pub(crate) fn read_out(&self, id: AttachmentId, size: Size) -> Result<Vec<u8>> {
        self.picture(&self.context.storage.read(|tx| named(tx, id, part(size)))?)
    }

    /// A photo for a document, with at most so many pixels on the long edge.
    pub(crate) fn read_smaller(&self, id: AttachmentId, edge: u32, cancel: &Cancel) -> Result<Vec<u8>> {
        let shown = self.get(id)?;
        let long = shown.width.max(shown.height);
        if edge < long && edge <= picture::THUMB.0 {
            return self.read_out(id, Size::Thumb);
        }
        let jpeg = self.read_out(id, Size::Display)?;
        if edge >= long || shown.mime != picture::MIME {
            return Ok(jpeg);
        }
        let _inside = self.gate.enter(cancel)?;
        picture::smaller(&jpeg, edge, cancel)
    }

    /// Bytes of a copy's file; 0 where there is none.
    pub(crate) fn bytes_of(&self, id: AttachmentId, size: Size) -> Result<u64> {
        let file = self.context.storage.read(|tx| queries::file(tx, id, part(size)))?;
        Ok(file.map_or(0, |file| file.size))
    }

    /// Bytes of an attached file from a place on, for playing and leafing without a readable copy on the phone: at most 4
    /// MiB at once, fewer at the end, none behind it.
    ///
    /// # Errors
    /// As [`AttachmentsClient::read`], for an attachment that is no file.
    pub fn read_part(&self, id: AttachmentId, place: u64, length: u64) -> Result<Vec<u8>> {
        self.piece(&self.looked_at(id, Part::Whole)?, place, length)
    }

    /// The same for a document: nobody looks at the file.
    pub(crate) fn read_part_out(&self, id: AttachmentId, place: u64, length: u64) -> Result<Vec<u8>> {
        self.piece(&self.context.storage.read(|tx| named(tx, id, Part::Whole))?, place, length)
    }

    /// Writes an attached file, readable, to a path where nothing is yet: to open it in another app, or to keep it
    /// outside. Failed or cancelled, nothing is there.
    ///
    /// # Errors
    /// As [`AttachmentsClient::read`], for an attachment that is no file; [`Error::InvalidInput`] when nothing can be
    /// written there; [`Error::StorageFull`]; [`Error::Cancelled`].
    pub fn save(&self, id: AttachmentId, to: &Path, cancel: &Cancel, progress: &dyn Progress) -> Result<()> {
        let file = self.looked_at(id, Part::Whole)?;
        let sealed = self.here(&file, DiskFile::open(self.context.blob_path(file.blob)))?;
        let out = DiskFile::create_new(to).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Error::invalid("there is a file of this name already: choose another name")
            }
            ErrorKind::StorageFull => Error::StorageFull,
            _ => Error::invalid("this file can't be written there: choose another place"),
        })?;
        let saved = self.copy_out(&file, sealed, out, cancel, progress).and_then(|()| self.tell_saved(id));
        if saved.is_err() {
            // What is left of it would pass for the whole.
            let _ = fs::remove_file(to);
        }
        saved
    }

    /// The family log tells of a file that left the app, as of every document.
    fn tell_saved(&self, id: AttachmentId) -> Result<()> {
        self.context.edit(|tx| {
            let entry = queries::one(tx.tx, id)?.or_not_found("attachment")?.entry;
            family_log::exported(Some(entry), tx)
        })
    }

    fn picture(&self, file: &File) -> Result<Vec<u8>> {
        let sealed = self.here(file, fs::read(self.context.blob_path(file.blob)))?;
        match stream::open(&file.key, &file.blob, file.size, &sealed) {
            Ok(plain) if Sha256::digest(&plain)[..] == file.hash => Ok(plain.to_vec()),
            _ => self.changed(file),
        }
    }

    fn piece(&self, file: &File, place: u64, length: u64) -> Result<Vec<u8>> {
        let mut sealed = self.here(file, DiskFile::open(self.context.blob_path(file.blob)))?;
        let length = length.min(MOST_AT_ONCE);
        match stream::open_part(&file.key, &file.blob, file.size, &mut sealed, place, length) {
            Ok(plain) => Ok(plain.to_vec()),
            Err(Error::Sealed(_)) => self.changed(file),
            Err(error) => Err(error),
        }
    }

    fn copy_out(
        &self,
        file: &File,
        sealed: DiskFile,
        mut out: DiskFile,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<()> {
        let unreadable = |error: std::io::Error| Error::of_photo_file(&error);
        let mut plain = BlobReader::new(&file.key, &file.blob, file.size, sealed).map_err(unreadable)?;
        let (mut hash, mut done) = (Sha256::new(), 0u64);
        let mut piece = zeroize::Zeroizing::new(vec![0; PIECE]);
        loop {
            cancel.check()?;
            let read = match plain.read(&mut piece) {
                Err(error) if error.kind() == ErrorKind::InvalidData => return self.changed(file),
                read => read.map_err(unreadable)?,
            };
            let Some(now) = piece.get(..read).filter(|now| !now.is_empty()) else { break };
            hash.update(now);
            out.write_all(now).map_err(unreadable)?;
            done = done.saturating_add(read as u64);
            progress.progress(done, file.size);
        }
        if hash.finalize()[..] != file.hash {
            return self.changed(file);
        }
        out.sync_all().map_err(unreadable)
    }

    /// The file that is looked at; that somebody looked is noted once a day.
    fn looked_at(&self, id: AttachmentId, part: Part) -> Result<File> {
        let now_ms = self.context.clock.now_ms();
        let (file, news) = self.context.storage.read(|tx| {
            let file = named(tx, id, part)?;
            // Small copies always stay.
            let news = part != Part::Thumb && kept::is_news(tx, file.blob, now_ms)?;
            Ok((file, news))
        })?;
        if news {
            // A full disk must not keep a photo from being seen. The next look notes it.
            let _ = self.context.storage.write(|tx| kept::used(tx, file.blob, now_ms));
        }
        Ok(file)
    }

    /// What was opened of a sealed file, or that it is not here.
    fn here<T>(&self, file: &File, opened: std::io::Result<T>) -> Result<T> {
        match opened {
            Ok(opened) => Ok(opened),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.context.storage.write(|tx| queries::file_lost(tx, file.blob))?;
                Err(Error::NotFound("photo on this phone"))
            }
            Err(error) => Err(Error::of_photo_file(&error)),
        }
    }

    fn changed<T>(&self, file: &File) -> Result<T> {
        self.context.storage.write(|tx| queries::file_lost(tx, file.blob))?;
        Err(Error::StoreDamaged("photo file".into()))
    }
}

const fn part(size: Size) -> Part {
    match size {
        Size::Display => Part::Display,
        Size::Thumb => Part::Thumb,
    }
}

/// One of an attachment's files.
fn named(tx: &Transaction<'_>, id: AttachmentId, part: Part) -> Result<File> {
    if let Some(file) = queries::file(tx, id, part)? {
        return Ok(file);
    }
    queries::one(tx, id)?.or_not_found("attachment")?;
    let what = if part == Part::Whole { "file of this attachment" } else { "picture of this attachment" };
    Err(Error::NotFound(what))
}
