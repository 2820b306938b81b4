//! Sealed files in DIR/blobs: written whole and durable under their final name, or not at all.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::ids::BlobId;

/// Where a sealed file lies.
pub fn path(dir: &Path, blob: BlobId) -> PathBuf {
    folder(dir).join(blob.to_string())
}

/// Where a sealed file lies while it is being written.
fn part(dir: &Path, blob: BlobId) -> PathBuf {
    folder(dir).join(format!("{blob}.part"))
}

fn folder(dir: &Path) -> PathBuf {
    dir.join("blobs")
}

/// Writes a file: to a temporary name, synced, then renamed. [`settle`] makes the names durable.
pub(super) fn write(dir: &Path, blob: BlobId, sealed: &[u8]) -> Result<()> {
    let (part, path) = (part(dir, blob), path(dir, blob));
    let written = fs::create_dir_all(folder(dir)).and_then(|()| {
        let mut file = File::create(&part)?;
        file.write_all(sealed)?;
        file.sync_all()?;
        fs::rename(&part, &path)
    });
    written.map_err(|error| Error::of_photo_file(&error))
}

/// Makes the names of written files durable.
pub(super) fn settle(dir: &Path) -> Result<()> {
    File::open(folder(dir)).and_then(|folder| folder.sync_all()).map_err(|error| Error::of_photo_file(&error))
}

/// Deletes a file and what an interrupted writing left of it; one that isn't there is fine.
pub(super) fn delete(dir: &Path, blob: BlobId) -> Result<()> {
    for path in [part(dir, blob), path(dir, blob)] {
        match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::of_photo_file(&error)),
            _ => {}
        }
    }
    Ok(())
}
