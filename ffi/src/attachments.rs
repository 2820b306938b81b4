//! Attachments: photos of entries.
use crate::border::{Result, call, work};
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::client::Client;
use kinfolio_core::{attachments, ids};
use std::sync::Arc;

type EntryId = ids::EntryId;
type AttachmentId = ids::AttachmentId;
type Attachment = attachments::Attachment;
type FileState = attachments::FileState;
type Size = attachments::Size;

/// A photo of an entry.
#[uniffi::remote(Record)]
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
    /// Media type of the copies.
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

/// Where a photo's file is.
#[uniffi::remote(Enum)]
pub enum FileState {
    Local,
    Sending,
    Stored,
    Remote,
}

/// Which copy: at most 2048 or 512 pixels on the long edge.
#[uniffi::remote(Enum)]
pub enum Size {
    Display,
    Thumb,
}

/// Where a photo comes from.
#[derive(uniffi::Enum)]
pub enum ImportSource {
    /// The file's bytes.
    Bytes {
        /// All of them.
        bytes: Vec<u8>,
    },
    /// A file that stays where it is.
    Path {
        /// Its path on this phone.
        path: String,
    },
}

impl From<ImportSource> for attachments::ImportSource {
    fn from(source: ImportSource) -> Self {
        match source {
            ImportSource::Bytes { bytes } => Self::Bytes(bytes),
            ImportSource::Path { path } => Self::Path(path.into()),
        }
    }
}

/// The attachments' room.
#[derive(uniffi::Object)]
pub struct AttachmentsClient {
    pub(crate) client: Arc<Client>,
}

#[uniffi::export]
impl AttachmentsClient {
    /// Adds a photo to an entry, after its other attachments. Of the photo's metadata only the capture date is kept.
    /// Failed or cancelled, the entry is as it was.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::import`].
    #[uniffi::method(default(caption = "", alt = "", cancel = None, progress = None))]
    pub async fn import_photo(
        &self,
        entry: EntryId,
        source: ImportSource,
        caption: String,
        alt: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Attachment> {
        let (client, cancel, progress) = (Arc::clone(&self.client), token(cancel), heard_by(progress));
        work(move || client.attachments().import(entry, source.into(), &caption, &alt, &cancel, &*progress))
            .await
    }

    /// An entry's attachments in their order.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::list`].
    pub fn list(&self, entry: EntryId) -> Result<Vec<Attachment>> {
        call(|| self.client.attachments().list(entry))
    }

    /// One attachment.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::get`].
    pub fn get(&self, id: AttachmentId) -> Result<Attachment> {
        call(|| self.client.attachments().get(id))
    }

    /// The bytes of a copy: a JPEG file.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::read`].
    pub fn read(&self, id: AttachmentId, size: Size) -> Result<Vec<u8>> {
        call(|| self.client.attachments().read(id, size))
    }

    /// Writes caption and description anew.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::describe`].
    pub fn describe(&self, id: AttachmentId, caption: String, alt: String) -> Result<Attachment> {
        call(|| self.client.attachments().describe(id, &caption, &alt))
    }

    /// Puts an attachment at another place of its entry.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::place`].
    pub fn place(&self, id: AttachmentId, position: i64) -> Result<Attachment> {
        call(|| self.client.attachments().place(id, position))
    }

    /// Takes an attachment out of its entry; its keys and files are gone from this phone when this returns.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::remove`].
    pub fn remove(&self, id: AttachmentId) -> Result<()> {
        call(|| self.client.attachments().remove(id))
    }
}
