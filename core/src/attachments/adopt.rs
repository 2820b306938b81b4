//! Taking in a copy that a phone once made: kept byte by byte, so that nothing is compressed twice.

use sha2::{Digest, Sha256};

use super::import::{ImportSource, Prepared};
use super::{AttachmentsClient, line, picture};
use crate::error::Result;
use crate::progress::{Cancel, NoProgress};

/// What a file outside the store says of a photo, beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiledPhoto {
    /// SHA-256 of a copy that a phone made; none for any other photo.
    pub hash: Option<[u8; 32]>,
    /// SHA-256 of the file that it was made from.
    pub original: Option<[u8; 32]>,
    /// When the picture was taken, camera's local time.
    pub captured_at: Option<String>,
    /// Place among the entry's attachments.
    pub order: i64,
    /// Printed under it.
    pub caption: String,
    /// Read out in its place.
    pub alt: String,
    /// What a file is called that is no photo.
    pub name: Option<String>,
}

impl AttachmentsClient {
    /// As [`AttachmentsClient::prepare`]; a copy that a phone made, with its hash and nothing in it but a picture, stays
    /// as it is. A file that is no photo is cleaned like any other.
    ///
    /// # Errors
    /// As [`AttachmentsClient::prepare`].
    pub fn adopt(&self, bytes: Vec<u8>, photo: FiledPhoto, cancel: &Cancel) -> Result<Prepared> {
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        if let Some(name) = &photo.name {
            let (source, alt) = (ImportSource::Bytes(bytes), line(&photo.alt, "description")?);
            let mut prepared = self.prepare_file(source, name, &photo.caption, cancel, &NoProgress)?;
            prepared.element.alt = alt;
            // A second taking in of the file that it was made from is known by that file's hash.
            let told = photo.original.filter(|_| photo.hash == Some(hash));
            prepared.element.original = told.or(prepared.element.original);
            return Ok(prepared);
        }
        let copies = if photo.hash == Some(hash) {
            let _inside = self.gate.enter(cancel)?;
            picture::adopted(&bytes, cancel)?
        } else {
            None
        };
        let mut prepared = match copies {
            Some(copies) => self.seal_copies(
                copies,
                line(&photo.caption, "caption")?,
                line(&photo.alt, "description")?,
                photo.original,
            )?,
            None => self.prepare(ImportSource::Bytes(bytes), &photo.caption, &photo.alt, cancel, &|| {})?,
        };
        let told = photo.captured_at.as_deref().and_then(picture::checked_time);
        prepared.element.captured_at = prepared.element.captured_at.take().or(told);
        Ok(prepared)
    }
}
