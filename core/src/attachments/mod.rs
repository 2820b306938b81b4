//! Attachments: photos of entries. Two copies of each are kept, every one sealed in a file of its own; what
//! belongs to a photo (keys, sizes, caption) stands in its entry's record.

mod element;
mod files;
mod gate;
mod import;
pub mod picture;
mod queries;
mod rows;
mod tidy;

pub use import::{ImportSource, Prepared, attach};

pub use queries::FileState;
pub use rows::AttachmentRows;

use std::collections::HashSet;
use std::sync::Arc;

use crate::context::Context;
use crate::crypto::stream;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{AttachmentId, BlobId, EntryId, RecordId};
use crate::records::fields::entry::ATTACHMENTS;
use crate::records::{Key, Kind, text};
use crate::storage::Transaction;
use element::Element;
use gate::Gate;
use sha2::{Digest, Sha256};

/// The longest caption or description, in bytes of UTF-8.
pub const MAX_TEXT: usize = 4_096;

/// A photo of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The entry that it belongs to.
    pub entry: EntryId,
    /// Pixels across of the copy that is shown, upright.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Paints a blur until the file is there.
    pub blurhash: String,
    /// When the picture was taken, camera's local time, as in `2026-05-03T10:20:30`.
    pub captured_at: Option<String>,
    /// Media type of the copies, `image/jpeg`.
    pub mime: String,
    /// Place among the entry's attachments, ascending.
    pub position: i64,
    /// Printed under it.
    pub caption: String,
    /// Read out in its place.
    pub alt: String,
    /// Where its files are: of the two copies, the one that is less safe.
    pub state: FileState,
}

/// Which copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// At most 2048 pixels on the long edge.
    Display,
    /// At most 512 pixels on the long edge.
    Thumb,
}

/// The room of attachments.
pub struct AttachmentsClient {
    context: Arc<Context>,
    // One picture in memory at a time: a large one takes 150 MB.
    gate: Gate,
}

impl std::fmt::Debug for AttachmentsClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttachmentsClient")
    }
}

impl AttachmentsClient {
    /// Opens the room, and deletes files that a killed import or a removal left behind.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn open(context: Arc<Context>) -> Result<Self> {
        tidy::all(&context)?;
        Ok(Self { context, gate: Gate::default() })
    }

    /// An entry's attachments in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn list(&self, entry: EntryId) -> Result<Vec<Attachment>> {
        self.context.storage.read(|tx| queries::of_entry(tx, entry))
    }

    /// One attachment.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: AttachmentId) -> Result<Attachment> {
        self.context.storage.read(|tx| queries::one(tx, id))?.or_not_found("attachment")
    }

    /// What a photo's file is compared with to see whether the record has it already.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn hashes(&self) -> Result<HashSet<[u8; 32]>> {
        self.context.storage.read(queries::hashes)
    }

    /// SHA-256 of the larger copies of photos that an older version took in, without keeping that of their files.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn hashes_of_older(&self) -> Result<HashSet<[u8; 32]>> {
        self.context.storage.read(queries::hashes_of_older)
    }

    /// The bytes of a copy: a JPEG file.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such attachment or its file has not come to this phone yet;
    /// [`Error::StoreDamaged`] when the file was changed. One that the server has will be fetched again.
    pub fn read(&self, id: AttachmentId, size: Size) -> Result<Vec<u8>> {
        let file = self.context.storage.read(|tx| queries::file(tx, id, size))?.or_not_found("attachment")?;
        let sealed = match std::fs::read(self.context.blob_path(file.blob)) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.context.storage.write(|tx| queries::file_lost(tx, file.blob))?;
                return Err(Error::NotFound("photo on this phone"));
            }
            Err(error) => return Err(Error::of_photo_file(&error)),
        };
        match stream::open(&file.key, &file.blob, file.size, &sealed) {
            Ok(plain) if Sha256::digest(&plain)[..] == file.hash => Ok(plain.to_vec()),
            _ => {
                self.context.storage.write(|tx| queries::file_lost(tx, file.blob))?;
                Err(Error::StoreDamaged("photo file".into()))
            }
        }
    }

    /// Writes caption and description anew.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] when either is longer than [`MAX_TEXT`].
    pub fn describe(&self, id: AttachmentId, caption: &str, alt: &str) -> Result<Attachment> {
        let (caption, alt) = (line(caption)?, line(alt)?);
        self.edit(id, |element| {
            element.caption = caption;
            element.alt = alt;
        })?;
        self.get(id)
    }

    /// Puts an attachment at another place of its entry, such as between 2 and 4; equal places are in order of id.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn place(&self, id: AttachmentId, position: i64) -> Result<Attachment> {
        self.edit(id, |element| element.position = position)?;
        self.get(id)
    }

    /// Takes an attachment out of its entry; its keys and files are gone from this phone when this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn remove(&self, id: AttachmentId) -> Result<()> {
        let files = self.context.edit(|edit| {
            let attachment = queries::one(edit.tx, id)?.or_not_found("attachment")?;
            let mut stored = edit.load(attachment.entry, Kind::Entry, "entry")?;
            edit.cannot_be_taken_back();
            let files = [Size::Display, Size::Thumb].map(|size| queries::file(edit.tx, id, size));
            stored.doc.remove(ATTACHMENTS, &Key::id(id), &edit.stamper);
            edit.save(attachment.entry, &stored.doc)?;
            Ok(files)
        })?;
        let blobs: Vec<_> = files.into_iter().flatten().flatten().map(|file| file.blob).collect();
        tidy::some(&self.context, &blobs)
    }

    /// The files of an entry's photos.
    pub(crate) fn files_of(&self, tx: &Transaction<'_>, entry: RecordId) -> Result<Vec<BlobId>> {
        queries::files_of(tx, entry)
    }

    /// Deletes those of these files that nobody names any more.
    pub(crate) fn tidy(&self, blobs: &[BlobId]) -> Result<()> {
        tidy::some(&self.context, blobs)
    }

    fn edit(&self, id: AttachmentId, change: impl FnOnce(&mut Element)) -> Result<()> {
        self.context.edit(|edit| {
            let entry = queries::one(edit.tx, id)?.or_not_found("attachment")?.entry;
            let mut stored = edit.load(entry, Kind::Entry, "entry")?;
            let key = Key::id(id);
            let value = stored.doc.element(ATTACHMENTS, &key).or_not_found("attachment")?;
            let mut element = Element::from_value(value).ok_or(Error::UpdateApp)?;
            change(&mut element);
            if stored.doc.put(ATTACHMENTS, key, element.to_value(), &edit.stamper) {
                edit.save(entry, &stored.doc)?;
            }
            Ok(())
        })
    }
}

/// A caption or description as it is kept.
fn line(typed: &str) -> Result<String> {
    let line = text::normalised(typed.trim(), "caption")?;
    if line.len() > MAX_TEXT {
        return Err(Error::invalid("this caption is too long: shorten it"));
    }
    Ok(line)
}

#[cfg(test)]
mod tests;
