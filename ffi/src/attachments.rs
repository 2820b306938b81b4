//! Attachments: photos and files of entries.
use crate::border::{Result, call, work};
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::client::Client;
use kinfolio_core::{attachments, ids};
use std::sync::Arc;

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type AttachmentId = ids::AttachmentId;
type Attachment = attachments::Attachment;
type AttachedFile = attachments::AttachedFile;
type FileKind = attachments::FileKind;
type FileState = attachments::FileState;
type Held = attachments::Held;
type Pin = attachments::Pin;
type Room = attachments::Room;
type Size = attachments::Size;

/// A photo or a file of an entry.
#[uniffi::remote(Record)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// The entry that it belongs to.
    pub entry: EntryId,
    /// Pixels across of the copy that is shown, upright; 0 where there is no picture.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Paints a blur until the file is there.
    pub blurhash: String,
    /// When the picture was taken, camera's local time, as in `2026-05-03T10:20:30`.
    pub captured_at: Option<String>,
    /// Media type of the copies; empty where there is no picture.
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
#[uniffi::remote(Record)]
pub struct AttachedFile {
    /// What it is; none for a kind that a newer version added.
    pub kind: Option<FileKind>,
    /// Its media type.
    pub mime: String,
    /// What it is called.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Pages of a PDF, milliseconds of a recording or video; none when nobody counted.
    pub length: Option<u64>,
}

/// What kind of file it is.
#[uniffi::remote(Enum)]
pub enum FileKind {
    Pdf,
    Docx,
    Audio,
    Video,
}

/// The most bytes that a file of this kind may have.
#[uniffi::export]
pub fn most_bytes(kind: FileKind) -> u64 {
    kind.most()
}

/// What Queensland's form for reports takes of one clip, in bytes: to be told, nothing is refused for it.
#[uniffi::export]
pub const fn queensland_clip_bytes() -> u64 {
    attachments::QUEENSLAND_CLIP
}

/// Where a photo's file is.
#[uniffi::remote(Enum)]
pub enum FileState {
    Local,
    Sending,
    Stored,
    Remote,
    OnServer,
}

/// Something whose files always stay on this phone.
#[uniffi::remote(Enum)]
pub enum Pin {
    Entry(EntryId),
    Learner(LearnerId),
}

/// Files, and the bytes that they take.
#[uniffi::remote(Record)]
pub struct Room {
    /// How many.
    pub files: u64,
    /// Their bytes on this phone's disk.
    pub bytes: u64,
}

/// What the sealed files of this phone take, in bytes.
#[uniffi::remote(Record)]
pub struct Held {
    /// Small copies, which always stay.
    pub thumbs: u64,
    /// Larger copies, PDFs, recordings, videos.
    pub others: u64,
    /// What would be here too had it not been let go.
    pub let_go: u64,
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

    /// Adds a file to an entry, after its other attachments: a PDF, a Word document, a recording or a video, told by its bytes; a photo is
    /// taken in as by `import_photo`. What tells of its maker, place and time is not kept. Failed or cancelled, the
    /// entry is as it was.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::import_file`].
    #[uniffi::method(default(caption = "", cancel = None, progress = None))]
    pub async fn import_file(
        &self,
        entry: EntryId,
        source: ImportSource,
        name: String,
        caption: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Attachment> {
        let (client, cancel, progress) = (Arc::clone(&self.client), token(cancel), heard_by(progress));
        let room = move || {
            client.attachments().import_file(entry, source.into(), &name, &caption, &cancel, &*progress)
        };
        work(room).await
    }

    /// Bytes of an attached file from a place on, at most 4 MiB at once: for playing and leafing without a readable copy
    /// on the phone.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::read_part`].
    pub fn read_part(&self, id: AttachmentId, place: u64, length: u64) -> Result<Vec<u8>> {
        call(|| self.client.attachments().read_part(id, place, length))
    }

    /// Writes an attached file, readable, to a path where nothing is yet. Failed or cancelled, nothing is there.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::save`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn save(
        &self,
        id: AttachmentId,
        path: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<()> {
        let (client, cancel, progress) = (Arc::clone(&self.client), token(cancel), heard_by(progress));
        work(move || client.attachments().save(id, path.as_ref(), &cancel, &*progress)).await
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

    /// Takes an attachment out of its entry. Undo brings it back until the app is next opened; then its files are gone from
    /// this phone.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::remove`].
    pub fn remove(&self, id: AttachmentId) -> Result<()> {
        call(|| self.client.attachments().remove(id))
    }

    /// For how many days files stay on this phone after they were taken in or last looked at; none keeps all.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::keep_days`].
    pub fn keep_days(&self) -> Result<Option<u32>> {
        call(|| self.client.attachments().keep_days())
    }

    /// Sets for how many days files stay. Nothing goes before `free_space`.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::set_keep_days`].
    pub fn set_keep_days(&self, days: Option<u32>) -> Result<()> {
        call(|| self.client.attachments().set_keep_days(days))
    }

    /// Keeps all files of an entry or a learner on this phone.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::pin`].
    pub fn pin(&self, pin: Pin) -> Result<()> {
        call(|| self.client.attachments().pin(pin))
    }

    /// Takes a pin out.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::unpin`].
    pub fn unpin(&self, pin: Pin) -> Result<()> {
        call(|| self.client.attachments().unpin(pin))
    }

    /// What is pinned.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::pins`].
    pub fn pins(&self) -> Result<Vec<Pin>> {
        call(|| self.client.attachments().pins())
    }

    /// What files take on this phone.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::held`].
    pub fn held(&self) -> Result<Held> {
        call(|| self.client.attachments().held())
    }

    /// What `free_space` would free now if files were kept for so many days; none asks for the days that are set.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::would_free`].
    #[uniffi::method(default(days = None))]
    pub fn would_free(&self, days: Option<u32>) -> Result<Room> {
        call(|| self.client.attachments().would_free(days))
    }

    /// Lets files go that nobody looked at for the days that are set: never one that is not complete on the server, a
    /// small copy, or one that is pinned. Progress counts bytes.
    ///
    /// # Errors
    /// As [`attachments::AttachmentsClient::free_space`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn free_space(
        &self,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Room> {
        let (client, cancel, progress) = (Arc::clone(&self.client), token(cancel), heard_by(progress));
        work(move || client.attachments().free_space(&cancel, &*progress)).await
    }
}
