//! Sealed files in DIR/blobs: written whole and durable under their final name, or not at all.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::ids::BlobId;

/// Writes a file: to a temporary name, synced, then renamed. [`settle`] makes the names durable.
pub(super) fn write(context: &Context, blob: BlobId, sealed: &[u8]) -> Result<()> {
    let mut part = begin(context, blob)?;
    part.write_all(sealed).map_err(|error| Error::of_photo_file(&error))?;
    end(context, blob, &part)
}

/// Begins a file of any length under its temporary name, to be sealed into; [`end`] gives it its own.
pub(super) fn begin(context: &Context, blob: BlobId) -> Result<File> {
    let made =
        fs::create_dir_all(context.blob_folder()).and_then(|()| File::create(context.blob_part_path(blob)));
    made.map_err(|error| Error::of_photo_file(&error))
}

/// Ends a file that was begun: synced, then renamed. [`settle`] makes the names durable.
pub(super) fn end(context: &Context, blob: BlobId, part: &File) -> Result<()> {
    let ended =
        part.sync_all().and_then(|()| fs::rename(context.blob_part_path(blob), context.blob_path(blob)));
    ended.map_err(|error| Error::of_photo_file(&error))
}

/// Makes the names of written files durable.
pub(super) fn settle(context: &Context) -> Result<()> {
    context.settle_blobs().map_err(|error| Error::of_photo_file(&error))
}

/// Deletes a file and what an interrupted writing left of it; one that isn't there is fine.
pub(super) fn delete(context: &Context, blob: BlobId) -> Result<()> {
    for path in [context.blob_part_path(blob), context.blob_path(blob)] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::of_photo_file(&error)),
            _ => {}
        }
    }
    Ok(())
}
