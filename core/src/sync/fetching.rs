//! A file that somebody wants to see now: fetched ahead of all that waits.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::queries;
use super::run::SyncClient;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{AttachmentId, BlobId};
use crate::progress::{Cancel, Progress, Watch, blocking};

/// How often somebody looks whether the sync that is under way has brought a file.
const LOOK: Duration = Duration::from_millis(100);

/// Files that are being fetched: one at a time writes a half file.
#[derive(Debug, Clone, Default)]
pub(super) struct Busy(Arc<Mutex<BTreeSet<BlobId>>>);

/// Nobody else fetches this file; letting go is dropping it.
#[derive(Debug)]
pub(super) struct Claim {
    busy: Busy,
    blob: BlobId,
}

impl Busy {
    /// `None` while somebody else fetches it.
    pub fn claim(&self, blob: BlobId) -> Option<Claim> {
        let new = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(blob);
        new.then(|| Claim { busy: self.clone(), blob })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.busy.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.blob);
    }
}

impl SyncClient {
    /// Brings an attachment's files to this phone now, also while a sync is under way: one that was let go to make room, or
    /// that has not come yet. It then stays as long as what was looked at today.
    ///
    /// # Errors
    /// [`Error::NotFound`] for no such attachment, and when the phone that has the file has not sent it yet. Else as
    /// [`run`](Self::run).
    pub async fn fetch(&self, id: AttachmentId, cancel: Cancel, progress: Arc<dyn Progress>) -> Result<()> {
        let context = Arc::clone(&self.context);
        blocking(move || {
            context
                .storage
                .read(|tx| queries::has_attachment(tx, id))?
                .then_some(())
                .or_not_found("attachment")
        })
        .await?;
        let engine = self.engine().await?;
        let watch = Watch::new(cancel, progress);
        loop {
            watch.cancel.check()?;
            let next = {
                let engine = Arc::clone(&engine);
                move || engine.context.storage.read(|tx| queries::incoming_of(tx, engine.space, id))
            };
            let Some(wanted) = blocking(next.clone()).await? else { return Ok(()) };
            let Some(_claim) = engine.busy.claim(wanted.blob) else {
                tokio::time::sleep(LOOK).await;
                continue;
            };
            // Whoever had it until now may have brought it.
            let Some(incoming) = blocking(next).await?.filter(|incoming| incoming.blob == wanted.blob) else {
                continue;
            };
            if !engine.fetch_blob(incoming, &watch).await? {
                return Err(Error::NotFound("photo on the server"));
            }
            let engine = Arc::clone(&engine);
            blocking(move || {
                let now_ms = engine.context.clock.now_ms();
                engine.context.storage.write(|tx| queries::looked_at(tx, wanted.blob, now_ms))
            })
            .await?;
        }
    }
}
