//! Where a document's photos come from.
use super::portfolio::Photo;
use crate::error::Result;

/// Yields the opened bytes of a photo, one at a time.
pub trait PhotoSource {
    /// The bytes, in the media type that the photo names.
    ///
    /// # Errors
    /// When the photo can't be read or opened now.
    fn photo(&self, photo: &Photo) -> Result<Vec<u8>>;
}
