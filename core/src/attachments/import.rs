//! Taking a photo in: read, decoded, copied, sealed into files, and only then named by its entry.

use std::io::Read;
use std::path::PathBuf;
use std::slice;

use sha2::{Digest, Sha256};

use super::element::{Copies, Element, File};
use super::import_file::file_name;
use super::queries::{self, FileState};
use super::{Attachment, AttachmentsClient, files, line, picture, tidy};
use crate::context::Edit;
use crate::crypto::stream::{self, BlobKey};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{AttachmentId, BlobId, EntryId, RecordId, make};
use crate::input;
use crate::progress::{Cancel, Progress};
use crate::records::fields::entry::ATTACHMENTS;
use crate::records::{self, Document, Key, Kind, Stamper};

/// Read, decoded, shrunk, previewed, encoded, sealed, kept.
const STEPS: u64 = 7;

/// Where a photo comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum ImportSource {
    /// The file's bytes.
    Bytes(Vec<u8>),
    /// A file that stays where it is.
    Path(PathBuf),
}

impl ImportSource {
    /// What it is called, where it is a file.
    fn file_name(&self) -> Option<String> {
        match self {
            Self::Bytes(_) => None,
            Self::Path(path) => file_name(&path.to_string_lossy()).ok(),
        }
    }
}

impl std::fmt::Debug for ImportSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Path(_) => f.write_str("Path"),
        }
    }
}

/// A photo or a file whose sealed files are written, before an entry names it.
pub struct Prepared {
    pub(super) element: Element,
    /// SHA-256 of the larger copy, or of the file.
    pub(super) hash: [u8; 32],
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prepared")
    }
}

impl Prepared {
    /// SHA-256 of the larger copy, or of the file as it is kept.
    pub const fn display_hash(&self) -> &[u8; 32] {
        &self.hash
    }

    fn blobs(&self) -> Vec<BlobId> {
        self.element.files().map(|(file, _)| file.blob).collect()
    }
}

/// One copy, sealed and waiting to be written.
struct Sealed {
    file: File,
    bytes: Vec<u8>,
}

impl AttachmentsClient {
    /// Adds a photo to an entry, after its other attachments. JPEG, PNG and WebP are read here, anything else by
    /// the host's decoder. The photo's file is left as it is; of its metadata only the capture date is kept.
    /// One photo at a time is in memory: others wait.
    ///
    /// # Errors
    /// [`Error::Image`] says what to do with a file that can't be taken in; [`Error::NotFound`] without such an
    /// entry; [`Error::StorageFull`]; [`Error::Cancelled`]. In all of these the entry is as it was and no file is
    /// left.
    pub fn import(
        &self,
        entry: EntryId,
        source: ImportSource,
        caption: &str,
        alt: &str,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Attachment> {
        self.check_entry(entry)?;
        let done = std::cell::Cell::new(0);
        let step = || {
            done.set(done.get() + 1);
            progress.progress(done.get(), STEPS);
        };
        let name = source.file_name();
        let prepared =
            self.prepare(source, caption, alt, cancel, &step).map_err(|error| match (error, name) {
                (Error::Image(why), Some(name)) => Error::Image(format!("{name}: {why}")),
                (error, _) => error,
            })?;
        let id = self.keep_or_discard(entry, prepared, cancel)?;
        step();
        self.get(id)
    }

    /// Before the work; looked at again in the transaction that keeps the photo.
    pub(super) fn check_entry(&self, entry: EntryId) -> Result<()> {
        let stored = self.context.storage.read(|tx| records::load(tx, entry))?;
        stored.filter(|entry| entry.doc.is_shown()).or_not_found("entry")?;
        Ok(())
    }

    pub(super) fn keep_or_discard(
        &self,
        entry: EntryId,
        prepared: Prepared,
        cancel: &Cancel,
    ) -> Result<AttachmentId> {
        let kept = cancel.check().and_then(|()| self.keep(entry, slice::from_ref(&prepared)));
        if kept.is_err() {
            self.discard(&[prepared]);
        }
        kept?.first().copied().ok_or_else(|| Error::internal("a photo's id"))
    }

    /// All of an import but the last step: the files are written, and no entry names them. Whoever doesn't [`attach`]
    /// them discards them; what is neither is deleted when the store is next opened.
    ///
    /// # Errors
    /// As [`AttachmentsClient::import`].
    pub fn prepare(
        &self,
        source: ImportSource,
        caption: &str,
        alt: &str,
        cancel: &Cancel,
        step: &dyn Fn(),
    ) -> Result<Prepared> {
        let (caption, alt) = (line(caption, "caption")?, line(alt, "description")?);
        let _inside = self.gate.enter(cancel)?;
        let bytes = read(source)?;
        step();
        let original = Sha256::digest(&bytes).into();
        let copies = picture::make(&bytes, self.context.images.as_deref(), cancel, step)?;
        drop(bytes);
        let prepared = self.seal_copies(copies, caption, alt, Some(original))?;
        step();
        Ok(prepared)
    }

    /// Seals copies and writes their files.
    pub(super) fn seal_copies(
        &self,
        copies: picture::Copies,
        caption: String,
        alt: String,
        original: Option<[u8; 32]>,
    ) -> Result<Prepared> {
        let [display, thumb] = [self.seal(&copies.display.jpeg)?, self.seal(&copies.thumb.jpeg)?];
        let element = Element {
            copies: Some(Copies {
                display: display.file.clone(),
                thumb: thumb.file.clone(),
                width: copies.display.width,
                height: copies.display.height,
                blurhash: copies.blurhash,
                mime: picture::MIME.into(),
            }),
            whole: None,
            captured_at: copies.captured_at,
            position: 0,
            caption,
            alt,
            original,
            more: Vec::new(),
        };
        let prepared = Prepared { element, hash: display.file.hash };
        tidy::expect(&self.context, &prepared.blobs())?;
        if let Err(error) = self.write(&[display, thumb]) {
            self.discard(&[prepared]);
            return Err(error);
        }
        Ok(prepared)
    }

    /// Deletes the files of prepared photos that no entry is to name.
    pub fn discard(&self, photos: &[Prepared]) {
        for photo in photos {
            // Should this fail too, the next opening of the store deletes them.
            let _ = tidy::some(&self.context, &photo.blobs());
        }
    }

    /// Seals a copy under a key and an id of its own.
    fn seal(&self, jpeg: &[u8]) -> Result<Sealed> {
        let random = &*self.context.random;
        let (blob, key) = (BlobId(make(random)), BlobKey::make(random));
        let bytes = stream::seal(&key, &blob, jpeg)?;
        let file = File { blob, key, size: jpeg.len() as u64, hash: Sha256::digest(jpeg).into() };
        Ok(Sealed { file, bytes })
    }

    fn write(&self, copies: &[Sealed]) -> Result<()> {
        for copy in copies {
            files::write(&self.context, copy.file.blob, &copy.bytes)?;
        }
        files::settle(&self.context)
    }

    /// The one transaction: from here on the photos are saved.
    pub(crate) fn keep(&self, entry: EntryId, photos: &[Prepared]) -> Result<Vec<AttachmentId>> {
        self.context.edit(|edit| {
            let mut stored = edit.load_visible(entry, Kind::Entry, "entry")?;
            let ids = attach(edit, entry, &mut stored.doc, photos)?;
            edit.save(entry, &stored.doc)?;
            Ok(ids)
        })
    }
}

/// Names prepared photos in an entry's document, after its other attachments and in their order. In the transaction that
/// saves the document.
///
/// # Errors
/// When the store can't be written.
pub fn attach(
    edit: &Edit<'_>,
    entry: EntryId,
    document: &mut Document,
    photos: &[Prepared],
) -> Result<Vec<AttachmentId>> {
    let next = queries::next_position(edit.tx, entry)?;
    let mut ids = Vec::with_capacity(photos.len());
    for (position, photo) in (next..).zip(photos) {
        let id = AttachmentId::make(edit.random());
        attach_as(edit, entry, document, (id, position), photo, &edit.stamper)?;
        ids.push(id);
    }
    Ok(ids)
}

/// As [`attach`], for one photo under an id and at a place that it has already.
///
/// # Errors
/// When the store can't be written.
pub fn attach_as(
    edit: &Edit<'_>,
    entry: EntryId,
    document: &mut Document,
    (id, position): (AttachmentId, i64),
    Prepared { element, .. }: &Prepared,
    stamper: &Stamper,
) -> Result<()> {
    for (file, part) in element.files() {
        queries::add_file(edit.tx, RecordId::from(entry), file, part, FileState::Local, edit.now_ms())?;
        queries::forget_unused(edit.tx, file.blob)?;
    }
    let element = Element { position, ..element.clone() };
    document.put(ATTACHMENTS, Key::id(id), element.to_value(), stamper);
    Ok(())
}

/// The whole file, unless it is too large to be a photo.
fn read(source: ImportSource) -> Result<Vec<u8>> {
    let path = match source {
        ImportSource::Bytes(bytes) => return Ok(bytes),
        ImportSource::Path(path) => path,
    };
    let unreadable = |_| Error::Image("this file can't be read: choose it again".into());
    let (file, _) = input::chosen_file(&path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to be refused for it.
    file.take(picture::MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}
