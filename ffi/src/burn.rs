//! Photos without what nobody else is to see: cut and blacked out for good.
use crate::attachments::AttachmentsClient;
use crate::border::{Result, work};
use crate::progress::{Cancel, token};
use kinfolio_core::{attachments, ids};
use std::sync::Arc;

type Area = attachments::Area;
type Attachment = attachments::Attachment;
type AttachmentId = ids::AttachmentId;
type PictureEdit = attachments::PictureEdit;

/// A part of a picture, in pixels of the copy that is shown, from its upper left corner.
#[uniffi::remote(Record)]
pub struct Area {
    /// Pixels from the left.
    pub x: u32,
    /// Pixels from the top.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// What becomes of a photo.
#[uniffi::remote(Record)]
pub struct PictureEdit {
    /// What is kept; none keeps all.
    #[uniffi(default)]
    pub crop: Option<Area>,
    /// What is blacked out.
    #[uniffi(default)]
    pub black: Vec<Area>,
}

#[uniffi::export]
impl AttachmentsClient {
    /// The photo as it would be after [`AttachmentsClient::burn`]: a JPEG, to be looked at. Nothing is kept.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::burn_preview`].
    #[uniffi::method(default(cancel = None))]
    pub async fn burn_preview(
        &self,
        id: AttachmentId,
        edit: PictureEdit,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<Vec<u8>> {
        let (client, cancel) = (Arc::clone(&self.client), token(cancel));
        work(move || client.attachments().burn_preview(id, &edit, &cancel)).await
    }

    /// Puts a photo with these parts cut away and blacked out in the place of the photo, under an id of its own; caption,
    /// description and day stay. The photo that it was is gone for good, on every phone.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::burn`].
    #[uniffi::method(default(cancel = None))]
    pub async fn burn(
        &self,
        id: AttachmentId,
        edit: PictureEdit,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<Attachment> {
        let (client, cancel) = (Arc::clone(&self.client), token(cancel));
        work(move || client.attachments().burn(id, &edit, &cancel)).await
    }
}
