//! The download of photo files: small copies first, resumed where it stopped, opened before it counts.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::sync::Arc;

use kinfolio_protocol::blob::{part_length, parts_of};
use kinfolio_protocol::limits::BLOB_PART;
use sha2::{Digest, Sha256};

use super::blobs::{of_file, of_its_own};
use super::engine::{Engine, count};
use super::queries::{self, Incoming};
use crate::context::Context;
use crate::crypto::stream::{BlobReader, SEGMENT};
use crate::error::{Error, Result};
use crate::progress::{Watch, blocking};

impl Engine {
    pub(super) async fn fetch_blobs(self: &Arc<Self>, watch: &Watch) -> Result<()> {
        let mut after = None;
        loop {
            watch.cancel.check()?;
            let engine = Arc::clone(self);
            let next =
                move || engine.context.storage.read(|tx| queries::next_incoming(tx, engine.space, after));
            let Some(incoming) = blocking(next).await? else { return Ok(()) };
            let blob = incoming.blob;
            after = Some(blob);
            // Somebody wanted it at once.
            let Some(_claim) = self.busy.claim(blob) else { continue };
            match self.fetch_blob(incoming, watch).await {
                Ok(true) => count(&self.counts.blobs_down, 1),
                Ok(false) => {}
                Err(error) if of_its_own(&error) => self.note_failure(blob, &error).await?,
                Err(error) => return Err(error),
            }
        }
    }

    /// Fetches one file; `false` when the phone that took the photo is still uploading it.
    pub(super) async fn fetch_blob(self: &Arc<Self>, incoming: Incoming, watch: &Watch) -> Result<bool> {
        let Incoming { blob, size, .. } = incoming;
        let total = parts_of(size).ok_or(Error::Sealed("photo file has an impossible size"))?;
        match self.remote.blob(blob).await? {
            Some(there) if there.complete && there.size == size => {}
            Some(there) if there.complete => return Err(Error::Sealed("photo file has another size")),
            _ => return Ok(false),
        }
        watch.expect(u64::from(total));
        let part = self.context.blob_part_path(blob);
        let first = {
            let (engine, part) = (Arc::clone(self), part.clone());
            blocking(move || begin(&engine.context, &part)).await?
        };
        for number in first.min(total)..total {
            watch.cancel.check()?;
            let bytes = self.remote.get_part(blob, number).await?;
            if Some(bytes.len() as u64) != part_length(size, number) {
                return Err(Error::Sealed("photo file came in a wrong length"));
            }
            let part = part.clone();
            blocking(move || append(&part, number, &bytes)).await?;
            watch.did(1);
        }
        let engine = Arc::clone(self);
        blocking(move || accept(&engine.context, &incoming, &part)).await?;
        self.note_complete(blob).await?;
        Ok(true)
    }
}

/// How many whole parts are here already.
fn begin(context: &Context, part: &Path) -> Result<u32> {
    std::fs::create_dir_all(context.blob_folder()).map_err(|error| of_file(&error))?;
    let length = std::fs::metadata(part).map_or(0, |found| found.len());
    Ok(u32::try_from(length / BLOB_PART as u64).unwrap_or(0))
}

/// Writes one part at its place; what an earlier, broken-off writing left behind it is cut away.
fn append(path: &Path, number: u32, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.set_len(u64::from(number) * BLOB_PART as u64)?;
        file.write_all(bytes)
    };
    write().map_err(|error| of_file(&error))
}

/// Opens the whole file with its key; only what opens to the announced picture gets its final name.
fn accept(context: &Context, incoming: &Incoming, part: &Path) -> Result<()> {
    if !opens(incoming, part)? {
        // Fetched anew next time; nothing damaged ever stands under the final name.
        std::fs::remove_file(part).map_err(|error| of_file(&error))?;
        return Err(Error::Sealed("photo file was changed on the way"));
    }
    let keep = || {
        File::open(part)?.sync_all()?;
        std::fs::rename(part, context.blob_path(incoming.blob))?;
        context.settle_blobs()
    };
    keep().map_err(|error: std::io::Error| of_file(&error))
}

/// Whether the file opens to what its record says, read in pieces: a video is not held in memory.
fn opens(incoming: &Incoming, part: &Path) -> Result<bool> {
    let Incoming { blob, key, plain_size, plain_hash, .. } = incoming;
    let file = File::open(part).map_err(|error| of_file(&error))?;
    let mut plain = BlobReader::new(key, blob, *plain_size, file).map_err(|error| of_file(&error))?;
    let mut hash = Sha256::new();
    let mut piece = zeroize::Zeroizing::new(vec![0; SEGMENT]);
    loop {
        match plain.read(&mut piece) {
            Ok(0) => return Ok(hash.finalize()[..] == plain_hash.0),
            Ok(read) => hash.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::InvalidData => return Ok(false),
            Err(error) => return Err(of_file(&error)),
        }
    }
}
