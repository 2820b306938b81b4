//! A photo without what nobody else is to see: cut and blacked out for good, in place of what it was.

use super::element::Element;
use super::import::{Prepared, attach_as};
use super::{Attachment, AttachmentsClient, Size, picture, queries, tidy};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{AttachmentId, make};
use crate::progress::Cancel;
use crate::records::fields::entry::ATTACHMENTS;
use crate::records::{Key, Kind};
pub use picture::Area;

/// What becomes of a photo. Parts are told in pixels of the copy that is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PictureEdit {
    /// What is kept; none keeps all.
    pub crop: Option<Area>,
    /// What is blacked out.
    pub black: Vec<Area>,
}

impl AttachmentsClient {
    /// The photo as it would be: a JPEG, to be looked at. Nothing is kept.
    ///
    /// # Errors
    /// As [`AttachmentsClient::burn`].
    pub fn burn_preview(&self, id: AttachmentId, edit: &PictureEdit, cancel: &Cancel) -> Result<Vec<u8>> {
        Ok(self.burnt(id, edit, cancel)?.0.display.jpeg)
    }

    /// Puts a photo with these parts cut away and blacked out in the place of the photo, under an id of its own; caption,
    /// description and day stay. The photo that it was is gone when this returns, on every phone once it has heard of it:
    /// nothing brings it back, no undo and no edit that another phone made meanwhile.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no photo, and for one that is not on this phone; [`Error::InvalidInput`] for an edit
    /// that changes nothing or leaves nothing, and for a photo that was changed meanwhile; [`Error::StorageFull`];
    /// [`Error::Cancelled`]. In all of these it is as it was.
    pub fn burn(&self, id: AttachmentId, edit: &PictureEdit, cancel: &Cancel) -> Result<Attachment> {
        let (copies, was) = self.burnt(id, edit, cancel)?;
        let prepared = self.seal_copies(copies, String::new(), String::new(), None)?;
        match cancel.check().and_then(|()| self.put_in_place(id, &was, &prepared)) {
            Ok(new) => self.get(new),
            Err(error) => {
                self.discard(&[prepared]);
                Err(error)
            }
        }
    }

    /// The copies, and the hash of the copy that they were made from.
    fn burnt(
        &self,
        id: AttachmentId,
        edit: &PictureEdit,
        cancel: &Cancel,
    ) -> Result<(picture::Copies, [u8; 32])> {
        if edit.crop.is_none() && edit.black.is_empty() {
            return Err(Error::invalid("mark what is to be kept, or what is to be black"));
        }
        if self.get(id)?.file.is_some() {
            return Err(Error::invalid("only photos can be cut: this is a file"));
        }
        let jpeg = self.read(id, Size::Display)?;
        let _inside = self.gate.enter(cancel)?;
        Ok((picture::burnt(&jpeg, edit.crop, &edit.black, cancel)?, hash(&jpeg)))
    }

    fn put_in_place(&self, id: AttachmentId, was: &[u8; 32], prepared: &Prepared) -> Result<AttachmentId> {
        let (new, blobs) = self.context.edit(|edit| {
            let entry = queries::one(edit.tx, id)?.or_not_found("attachment")?.entry;
            let mut stored = edit.load_visible(entry, Kind::Entry, "entry")?;
            let key = Key::id(id);
            let value = stored.doc.element(ATTACHMENTS, &key).or_not_found("attachment")?;
            let old = Element::from_value(value).ok_or(Error::UpdateApp)?;
            if old.copies.as_ref().is_none_or(|copies| copies.display.hash != *was) {
                return Err(Error::invalid("this photo was changed meanwhile: look at it again"));
            }
            let new = AttachmentId(make(edit.random()));
            let element = Element {
                copies: prepared.element.copies.clone(),
                position: old.position,
                captured_at: old.captured_at,
                caption: old.caption,
                alt: old.alt,
                // The camera's file is still known, so that catching up does not take it in once more.
                original: old.original,
                ..prepared.element.clone()
            };
            let burnt = Prepared { element, hash: prepared.hash };
            attach_as(edit, entry, &mut stored.doc, (new, old.position), &burnt, &edit.stamper)?;
            edit.cannot_be_taken_back();
            let blobs = queries::blobs(edit.tx, id)?;
            stored.doc.remove_for_good(ATTACHMENTS, &key, &edit.stamper);
            edit.save(entry, &stored.doc)?;
            Ok((new, blobs))
        })?;
        tidy::some(&self.context, &blobs)?;
        Ok(new)
    }
}

fn hash(bytes: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).into()
}
