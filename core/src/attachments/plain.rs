//! An entry's photos as a file outside the store tells of them: no key, no blob id, nothing of this phone.

use super::AttachmentsClient;
use super::element::Element;
use crate::ids::AttachmentId;
use crate::records::fields::entry::ATTACHMENTS;
use crate::records::{Document, Key, Value};

/// One photo, or a file beside photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainPhoto {
    /// Its id.
    pub id: AttachmentId,
    /// Place among the entry's attachments, ascending.
    pub position: i64,
    /// Pixels across; 0 for a file that is no photo.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Media type of the file.
    pub mime: String,
    /// What a file is called that is no photo.
    pub name: Option<String>,
    /// When the picture was taken, camera's local time.
    pub captured_at: Option<String>,
    /// Printed under it.
    pub caption: String,
    /// Read out in its place.
    pub alt: String,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file.
    pub hash: [u8; 32],
    /// SHA-256 of the file that it was made from, where it is known.
    pub original: Option<[u8; 32]>,
    /// Whether the file is on this phone.
    pub here: bool,
}

impl AttachmentsClient {
    /// The photos of an entry's document, in their order.
    pub fn told(&self, doc: &Document) -> Vec<PlainPhoto> {
        let known = |(key, value): (&Key, &Value)| {
            let Element { copies, whole, captured_at, position, caption, alt, original, .. } =
                Element::from_value(value)?;
            let (file, mime, name, width, height) = match (copies, whole) {
                (_, Some(whole)) => (whole.file, whole.mime, Some(whole.name), 0, 0),
                (Some(copies), None) => (copies.display, copies.mime, None, copies.width, copies.height),
                (None, None) => return None,
            };
            Some(PlainPhoto {
                id: AttachmentId(key.as_id()?),
                position,
                width,
                height,
                mime,
                name,
                captured_at,
                caption,
                alt,
                size: file.size,
                hash: file.hash,
                original,
                here: self.context.blob_path(file.blob).exists(),
            })
        };
        let mut photos: Vec<PlainPhoto> = doc.elements(ATTACHMENTS).filter_map(known).collect();
        photos.sort_by_key(|photo| (photo.position, photo.id));
        photos
    }
}
