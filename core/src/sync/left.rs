//! Files of the server that purges left without a record: it is told of them, and those that a record names after all stay.

use std::sync::Arc;

use kinfolio_protocol::limits::PURGE_BLOBS;
use kinfolio_protocol::purge::BlobsRequest;

use super::deletions::today;
use super::engine::Engine;
use super::queries;
use crate::error::{Error, Result};
use crate::ids::BlobId;
use crate::progress::blocking;

impl Engine {
    /// Tells the server what tombstones and burnt photographs left, and looks once a day at what waits there. An older server knows
    /// nothing of it: the list stays until there is a newer one.
    pub(super) async fn settle_left(self: &Arc<Self>) -> Result<()> {
        let settled = match self.tell_left().await {
            Ok(()) => self.keep_named().await,
            failed => failed,
        };
        match settled {
            Err(Error::Refused { status, code, .. }) => {
                tracing::debug!(status, code, "files that purges left wait for another sync");
                Ok(())
            }
            settled => settled,
        }
    }

    async fn tell_left(self: &Arc<Self>) -> Result<()> {
        loop {
            let engine = Arc::clone(self);
            let next = blocking(move || {
                let blobs = engine.context.storage.read(|tx| queries::left(tx, engine.space, PURGE_BLOBS))?;
                let request = BlobsRequest { blobs };
                if request.blobs.is_empty() {
                    return Ok(None);
                }
                let signature = engine.log.sign_left(engine.space, &request)?;
                Ok(Some((request, signature)))
            });
            let Some((request, signature)) = next.await? else { return Ok(()) };
            self.remote.leave(self.space, &request, signature).await?;
            let engine = Arc::clone(self);
            blocking(move || engine.context.storage.write(|tx| queries::told_left(tx, &request.blobs)))
                .await?;
        }
    }

    /// What waits there and is named here stays: another phone may have purged one of two records that share a file, or
    /// something that stands here until a person has looked at it.
    pub(super) async fn keep_named(self: &Arc<Self>) -> Result<()> {
        let engine = Arc::clone(self);
        let due = blocking(move || {
            engine.context.storage.read(|tx| {
                let day = today(tx, &engine.context)?;
                Ok(queries::should_look_at_left(tx, day)?.then_some(day))
            })
        });
        let Some(day) = due.await? else { return Ok(()) };
        let mut start = Some(BlobId([0; 16]));
        while let Some(from) = start {
            let page = self.remote.left(self.space, from).await?;
            start = page.next;
            let blobs: Vec<BlobId> = page.blobs.iter().map(|one| one.blob).collect();
            let engine = Arc::clone(self);
            let named =
                blocking(move || engine.context.storage.read(|tx| queries::named(tx, &blobs))).await?;
            for blobs in named.chunks(PURGE_BLOBS) {
                self.remote.keep(self.space, &BlobsRequest { blobs: blobs.to_vec() }).await?;
            }
        }
        let engine = Arc::clone(self);
        blocking(move || engine.context.storage.write(|tx| queries::looked_at_left(tx, day))).await
    }
}
