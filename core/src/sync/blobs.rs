//! The upload of photo files: announced, in parts of 1 MiB, resumed where it stopped, stored once the server says so.

use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kinfolio_protocol::blob::{self, BlobCompleteRequest, BlobRequest, has_part};
use kinfolio_protocol::ids::Hash32;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::limits::BLOB_PART;
use tokio::sync::Notify;

use super::engine::{Engine, count};
use super::queries::{self, Outgoing};
use crate::changes::{Change, ChangeKind};
use crate::error::{Error, Result};
use crate::ids::BlobId;
use crate::progress::{Watch, blocking};

/// While files are moved, new writing is looked for this often.
const BETWEEN_PUSHES: Duration = Duration::from_secs(1);

/// A sealed file as it lies on this phone.
struct Sealed {
    path: PathBuf,
    size: u64,
    /// SHA-256 of each part.
    parts: Vec<Hash32>,
}

impl Engine {
    /// Photo files both ways; the two don't wait for each other, and what is written meanwhile doesn't wait for
    /// either: a year of photos takes hours, a note must not.
    pub(super) async fn blobs(self: &Arc<Self>, watch: &Watch) -> Result<()> {
        let over = Notify::new();
        let files = async {
            let (sent, fetched) = futures::join!(self.send_blobs(watch), self.fetch_blobs(watch));
            over.notify_one();
            sent.and(fetched)
        };
        futures::join!(files, self.push_meanwhile(watch, &over)).0
    }

    /// Pushes what is written while files are moved. What fails here is found again, and told, by the next run.
    async fn push_meanwhile(self: &Arc<Self>, watch: &Watch, over: &Notify) {
        loop {
            tokio::select! {
                () = over.notified() => return,
                () = tokio::time::sleep(BETWEEN_PUSHES) => {}
            }
            if let Err(stop) = self.push(self.space, watch).await {
                tracing::debug!(?stop, "push beside photo files");
            }
        }
    }

    async fn send_blobs(self: &Arc<Self>, watch: &Watch) -> Result<()> {
        let mut after = None;
        loop {
            watch.cancel.check()?;
            let engine = Arc::clone(self);
            let next =
                move || engine.context.storage.read(|tx| queries::next_outgoing(tx, engine.space, after));
            let Some(outgoing) = blocking(next).await? else { return Ok(()) };
            after = Some(outgoing.blob);
            match self.send_blob(outgoing, watch).await {
                Ok(()) => count(&self.counts.blobs_up, 1),
                // Its own fault: counted, and the others go on.
                Err(error) if of_its_own(&error) => self.note_failure(outgoing.blob, &error).await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn send_blob(self: &Arc<Self>, outgoing: Outgoing, watch: &Watch) -> Result<()> {
        let Outgoing { blob, begun } = outgoing;
        let path = self.context.blob_path(blob);
        let sealed = blocking(move || look_at(path)).await?;
        let total = u32::try_from(sealed.parts.len()).map_err(|_| Error::internal("too many parts"))?;
        let (root, size) = (blob::root(&sealed.parts), sealed.size);
        watch.expect(u64::from(total));
        // A file that was never announced needs no question first.
        let mut there = if begun { self.remote.blob(blob).await? } else { None };
        if there.is_none() {
            self.remote.announce(&BlobRequest { blob, space: self.space, size, parts: total, root }).await?;
            self.note_sending(blob).await?;
        }
        let complete = there.as_ref().is_some_and(|there| there.complete);
        let have = there.take().map(|there| there.have).unwrap_or_default();
        let path = Arc::new(sealed.path);
        for (number, hash) in (0..total).zip(&sealed.parts) {
            watch.cancel.check()?;
            if !complete && !has_part(&have, number) {
                let path = Arc::clone(&path);
                let bytes = blocking(move || read_part(&path, number)).await?;
                self.remote.put_part(blob, number, *hash, bytes).await?;
            }
            watch.did(1);
        }
        if !complete {
            self.remote.complete(blob, &BlobCompleteRequest { parts: total, root }).await?;
        }
        self.note_complete(blob).await
    }

    async fn note_sending(self: &Arc<Self>, blob: BlobId) -> Result<()> {
        let engine = Arc::clone(self);
        blocking(move || engine.context.storage.write(|tx| queries::sending(tx, blob))).await
    }

    pub(super) async fn note_complete(self: &Arc<Self>, blob: BlobId) -> Result<()> {
        let engine = Arc::clone(self);
        blocking(move || {
            let entry = engine.context.storage.write(|tx| {
                queries::complete(tx, blob)?;
                queries::entry_of(tx, blob)
            })?;
            engine.context.changes.tell(vec![Change { kind: ChangeKind::Attachment, id: entry }]);
            Ok(())
        })
        .await
    }

    pub(super) async fn note_failure(self: &Arc<Self>, blob: BlobId, error: &Error) -> Result<()> {
        let engine = Arc::clone(self);
        let reason = error.to_string();
        blocking(move || {
            if engine.context.storage.write(|tx| queries::blob_failed(tx, blob, &reason))? {
                count(&engine.counts.parked, 1);
                engine.context.changes.tell(vec![Change::all(ChangeKind::Sync)]);
            }
            Ok(())
        })
        .await
    }
}

/// Whether the failure is this file's and not the line's, the server's, the family's or the sign-in's.
pub(super) fn of_its_own(error: &Error) -> bool {
    match error {
        Error::Refused { status, .. } => matches!(status, 400 | 409 | 413 | 422),
        Error::NotFound(_) | Error::StoreDamaged(_) | Error::Sealed(_) => true,
        _ => false,
    }
}

/// Size and part hashes of a sealed file, read part by part.
fn look_at(path: PathBuf) -> Result<Sealed> {
    let mut file = std::fs::File::open(&path).map_err(|error| of_file(&error))?;
    let (mut parts, mut size) = (Vec::new(), 0u64);
    loop {
        let mut part = Vec::with_capacity(BLOB_PART);
        let read =
            file.by_ref().take(BLOB_PART as u64).read_to_end(&mut part).map_err(|error| of_file(&error))?;
        if read == 0 {
            return Ok(Sealed { path, size, parts });
        }
        parts.push(sha256(&part));
        size = size.saturating_add(read as u64);
    }
}

fn read_part(path: &std::path::Path, number: u32) -> Result<Vec<u8>> {
    let read = || {
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::Start(u64::from(number) * BLOB_PART as u64))?;
        let mut part = Vec::with_capacity(BLOB_PART);
        file.take(BLOB_PART as u64).read_to_end(&mut part)?;
        Ok(part)
    };
    read().map_err(|error: std::io::Error| of_file(&error))
}

/// What a failed file operation means here, where a file may be gone.
pub(super) fn of_file(error: &std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => Error::NotFound("photo file"),
        _ => Error::of_photo_file(error),
    }
}
