//! Taking rows of the server into the store: open, merge, show; what can't be opened waits in quarantine.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::storage::Transaction;
use kinfolio_protocol::sync::PullItem;

use super::deletions;
use super::engine::{Counters, Engine, Stop, count};
use super::queries::{self, Cause};
use crate::changes::{Change, ChangeKind};
use crate::context::Context;
use crate::crypto::envelope::epoch_of;
use crate::error::{Error, Result};
use crate::ids::SpaceId;
use crate::progress::blocking;
use crate::records::{self, Document, Opener, Packed, Sealer, StoredRecord};

/// A pulled row once its ciphertext was tried.
#[derive(Debug)]
pub(super) enum Opened {
    /// What it holds, and the bytes to keep of it.
    Document(Document, Packed),
    /// It can't be read, for now or for ever.
    Shut(Cause),
}

/// Rows beside what was found in them.
pub(super) type OpenedRows = Vec<(PullItem, Opened)>;

impl Engine {
    /// Opens rows. Those under an epoch that this phone has no key of make it read the membership log at once
    /// and try again. One that the log announces may wait for its key; one that it does not announce, even when it
    /// was read again after the row came, is no row of this family's history.
    pub(super) async fn open(
        self: &Arc<Self>,
        space: SpaceId,
        rows: Vec<PullItem>,
    ) -> Result<OpenedRows, Stop> {
        let opened = self.open_now(space, rows).await?;
        if without_key(&opened).next().is_none() {
            return Ok(opened);
        }
        let opened = match self.read_log_once().await? {
            true => self.open_again(space, opened).await?,
            false => opened,
        };
        if self.all_announced(space, &opened).await? {
            return Ok(opened);
        }
        self.log.read_log().await?;
        let opened = self.open_again(space, opened).await?;
        if !self.all_announced(space, &opened).await? {
            let engine = Arc::clone(self);
            blocking(move || engine.log.alarm()).await?;
        }
        Ok(opened)
    }

    async fn open_again(self: &Arc<Self>, space: SpaceId, opened: OpenedRows) -> Result<OpenedRows> {
        self.open_now(space, opened.into_iter().map(|(row, _)| row).collect()).await
    }

    /// Whether the log announces the epoch of every row that waits for a key.
    async fn all_announced(self: &Arc<Self>, space: SpaceId, opened: &OpenedRows) -> Result<bool> {
        let epochs: BTreeSet<u32> = without_key(opened).collect();
        let engine = Arc::clone(self);
        blocking(move || {
            for epoch in epochs {
                if !engine.log.announces(space, epoch)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
        .await
    }

    async fn open_now(self: &Arc<Self>, space: SpaceId, rows: Vec<PullItem>) -> Result<OpenedRows> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let engine = Arc::clone(self);
        blocking(move || {
            let opener = engine.context.storage.read(|tx| Opener::load(tx, space))?;
            let open = |row: PullItem| {
                let opened = open_row(&opener, &row);
                (row, opened)
            };
            Ok(rows.into_iter().map(open).collect())
        })
        .await
    }

    /// Takes rows in, in one transaction of their own.
    pub(super) async fn take_in_rows(self: &Arc<Self>, space: SpaceId, rows: OpenedRows) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let engine = Arc::clone(self);
        blocking(move || {
            let changes = engine.context.storage.write(|tx| engine.absorb(tx, space, rows))?;
            engine.context.changes.tell(changes);
            Ok(())
        })
        .await
    }

    /// Tries again what lies in quarantine, when a key or a newer app may open it.
    pub(super) async fn retry_quarantine(self: &Arc<Self>, space: SpaceId) -> Result<()> {
        let engine = Arc::clone(self);
        let rows = blocking(move || {
            engine.context.storage.read(|tx| {
                let opener = Opener::load(tx, space)?;
                let mut rows = queries::worth_retrying(tx, space)?;
                rows.retain(|row| opener.has_key(&row.ciphertext));
                Ok(rows)
            })
        })
        .await?;
        let rows = self.open_now(space, rows).await?;
        self.take_in_rows(space, rows).await
    }

    /// Merges rows into the store, in the caller's transaction; gives what screens should read again.
    pub(super) fn absorb(
        &self,
        tx: &Transaction<'_>,
        space: SpaceId,
        rows: OpenedRows,
    ) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let sealer = self.context.sealer(tx)?;
        let day = deletions::today(tx, &self.context)?;
        for (row, opened) in rows {
            let local = records::load(tx, row.record)?;
            // Our own push came back, or a page was read twice.
            if local.as_ref().is_some_and(|local| local.base_seq >= row.seq) {
                continue;
            }
            if let (Opened::Document(theirs, _), Some(local)) = (&opened, &local)
                && deletions::is_unexpected(tx, theirs, local, day)?
            {
                count(&self.counts.pulled, 1);
                queries::hold(tx, space, &row)?;
                continue;
            }
            match (opened, local) {
                (Opened::Document(theirs, packed), local) => {
                    let theirs = (&theirs, &packed);
                    count(&self.counts.pulled, 1);
                    let desk = (&*self.context, &*self.counts);
                    changes.extend(take_in_document(tx, desk, &sealer, &row, theirs, local)?);
                }
                (Opened::Shut(Cause::Damaged), Some(local)) if local.space == space => {
                    // Its seal does not hold. Damage, not news: the good version goes over it, built on the bad
                    // one's number.
                    count(&self.counts.healed, 1);
                    queries::lift_quarantine(tx, row.record)?;
                    records::reseal(tx, &sealer, row.record)?;
                    queries::renumber(tx, row.record, row.seq)?;
                    changes.push(Change::all(ChangeKind::Sync));
                }
                (Opened::Shut(cause), _) => {
                    count(&self.counts.quarantined, 1);
                    queries::quarantine(tx, space, &row, cause)?;
                }
            }
        }
        Ok(changes)
    }
}

/// Merges one document into the store, in the caller's transaction.
pub(super) fn take_in_document(
    tx: &Transaction<'_>,
    (context, counts): (&Context, &Counters),
    sealer: &Sealer<'_>,
    row: &PullItem,
    (theirs, packed): (&Document, &Packed),
    local: Option<StoredRecord>,
) -> Result<Vec<Change>> {
    if theirs.check_texts().is_err() {
        // Sealed by a device of ours, and still no text: set aside, so that the rest of the page goes on.
        count(&counts.quarantined, 1);
        queries::quarantine(tx, sealer.space(), row, Cause::Damaged)?;
        return Ok(Vec::new());
    }
    queries::lift_quarantine(tx, row.record)?;
    let Some(StoredRecord { mut doc, dirty, local_only, base_seq, .. }) = local else {
        queries::insert(tx, sealer.space(), row, theirs, packed)?;
        return context.materialise(tx, row.record, theirs);
    };
    // A server that never had ours: no phone has our way to a text, and the other one's may be taken over.
    let alike = if base_seq == 0 { doc.take_over_equal_texts(theirs) } else { Ok(()) };
    let Ok(merged) = alike.and_then(|()| doc.merge(theirs)) else {
        // Two kinds under one id, or a text that is none: nothing of ours is given up for it.
        count(&counts.quarantined, 1);
        queries::quarantine(tx, sealer.space(), row, Cause::Damaged)?;
        return Ok(Vec::new());
    };
    count(&counts.merged, 1);
    let mut changes = Vec::new();
    let clean = !merged.remote_lacks && !local_only;
    if clean {
        if merged.changed_local {
            queries::set_cells(tx, row.record, &doc)?;
        }
    } else if (merged.changed_local || !dirty) && !records::keep(tx, sealer, row.record, &doc)? {
        count(&counts.parked, 1);
        changes.push(Change::all(ChangeKind::Sync));
    }
    queries::build_on(tx, row, clean)?;
    if merged.changed_local {
        changes.extend(context.materialise(tx, row.record, &doc)?);
    }
    Ok(changes)
}

/// The epochs of rows that this phone has no key for.
fn without_key(opened: &OpenedRows) -> impl Iterator<Item = u32> {
    opened.iter().filter(|(_, opened)| matches!(opened, Opened::Shut(Cause::NoKey))).map(|(row, _)| row.epoch)
}

fn open_row(opener: &Opener, row: &PullItem) -> Opened {
    // The epoch in the clear is the server's word; the one in the envelope is authenticated.
    match epoch_of(&row.ciphertext) {
        Ok(epoch) if epoch != row.epoch => return Opened::Shut(Cause::Damaged),
        Ok(_) if !opener.has_key(&row.ciphertext) => return Opened::Shut(Cause::NoKey),
        _ => {}
    }
    match opener.open(row.record, row.format, &row.ciphertext) {
        Ok((document, packed)) => Opened::Document(document, packed),
        Err(Error::Sealed(_)) => Opened::Shut(Cause::Damaged),
        // Another envelope, or a seal that holds around content that can't be read here: a phone of the family wrote
        // it, and an old version must never be put over it.
        Err(_) => Opened::Shut(Cause::TooNew),
    }
}
