//! Attachments: photos and files of entries. Of a photo two copies are kept, of any other file the file
//! itself, every one sealed in a file of its own; what belongs to it (keys, sizes, caption) stands in its entry's record.

mod adopt;
mod burn;
mod cleaning;
mod element;
mod files;
mod gate;
mod import;
mod import_file;
pub mod picture;
mod plain;
mod queries;
mod reading;
mod retention;
mod rows;
mod tidy;
mod weighing;

pub use adopt::FiledPhoto;
pub use burn::{Area, PictureEdit};
pub use cleaning::{FileKind, MAX_AUDIO, MAX_DOCX, MAX_PDF, MAX_VIDEO, QUEENSLAND_CLIP};
pub use import::{ImportSource, Prepared, attach, attach_as};
pub use plain::PlainPhoto;
pub use queries::FileState;
pub(crate) use reading::MOST_AT_ONCE;
pub use retention::{Held, Pin, Room};
pub use rows::AttachmentRows;
pub(crate) use weighing::weighed;

use std::collections::HashSet;
use std::sync::Arc;

use crate::context::Context;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{AttachmentId, BlobId, EntryId, RecordId};
use crate::records::fields::entry::ATTACHMENTS;
use crate::records::{Key, Kind, text};
use crate::storage::Transaction;
use element::Element;
use gate::Gate;

/// The longest caption or description, in bytes of UTF-8.
pub const MAX_TEXT: usize = 4_096;

/// A photo or a file of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The entry that it belongs to.
    pub entry: EntryId,
    /// Pixels across of the copy that is shown, upright; 0 where there is no picture.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Paints a blur until the file is there; empty where there is no picture.
    pub blurhash: String,
    /// When the picture was taken, camera's local time, as in `2026-05-03T10:20:30`.
    pub captured_at: Option<String>,
    /// Media type of the copies, `image/jpeg`; empty where there is no picture.
    pub mime: String,
    /// Place among the entry's attachments, ascending.
    pub position: i64,
    /// Printed under it.
    pub caption: String,
    /// Read out in its place.
    pub alt: String,
    /// The file, of an attachment that is no photo.
    pub file: Option<AttachedFile>,
    /// Where its files are: of the two copies, the one that is less safe.
    pub state: FileState,
}

/// A file of an entry, as it is kept: without its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// What it is; `None` for a kind that a newer version added.
    pub kind: Option<FileKind>,
    /// Its media type.
    pub mime: String,
    /// What it is called.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Pages of a PDF, milliseconds of a recording or video; `None` when nobody counted.
    pub length: Option<u64>,
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

    /// Writes caption and description anew.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] when either is longer than [`MAX_TEXT`].
    pub fn describe(&self, id: AttachmentId, caption: &str, alt: &str) -> Result<Attachment> {
        let (caption, alt) = (line(caption, "caption")?, line(alt, "description")?);
        self.edit(id, |element| {
            element.caption = caption;
            element.alt = alt;
        })?;
        self.get(id)
    }

    /// Puts an attachment at another place of its entry, 0 to 1,000,000, such as 3 between 2 and 4; equal places are in
    /// order of id.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for a place beyond.
    pub fn place(&self, id: AttachmentId, position: i64) -> Result<Attachment> {
        if !(0..=queries::LAST_POSITION).contains(&position) {
            return Err(Error::invalid("a picture's place is between 0 and 1,000,000"));
        }
        self.edit(id, |element| element.position = position)?;
        self.get(id)
    }

    /// Takes an attachment out of its entry, and its keys with it. Its sealed files, which nothing on this phone opens any
    /// more, go when the app is next opened: until then undo brings it back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn remove(&self, id: AttachmentId) -> Result<()> {
        self.context.edit(|edit| {
            let attachment = queries::one(edit.tx, id)?.or_not_found("attachment")?;
            let mut stored = edit.load(attachment.entry, Kind::Entry, "entry")?;
            edit.is_a_step_by_itself();
            stored.doc.remove(ATTACHMENTS, &Key::id(id), &edit.stamper);
            edit.save(attachment.entry, &stored.doc)
        })
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
fn line(typed: &str, item: &str) -> Result<String> {
    let line = text::normalised(typed.trim(), item)?;
    if line.len() > MAX_TEXT {
        return Err(Error::invalid(format!("this {item} is too long: shorten it")));
    }
    Ok(line)
}

#[cfg(test)]
pub(crate) use cleaning::tests as cleaning_tests;

#[cfg(test)]
mod tests;
