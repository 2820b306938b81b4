//! Taking rows of the server into the store: open, merge, show; what can't be opened waits in quarantine.

use std::sync::Arc;

use kinfolio_protocol::ids::SpaceId;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::sync::PullItem;
use rusqlite::Transaction;

use super::engine::{Engine, Stop, blocking, count};
use super::queries::{self, Cause};
use crate::changes::Change;
use crate::error::{Error, Result};
use crate::records::{self, Document, Sealer};

/// A pulled row once its ciphertext was tried.
#[derive(Debug)]
pub(super) enum Opened {
    Document(Box<Document>),
    /// It can't be read, for now or for ever.
    Shut(Cause),
}

impl Engine {
    /// Opens rows. Those under an epoch that this phone has no key of make it read the membership log at once
    /// and try again.
    pub(super) async fn open(self: &Arc<Self>, space: SpaceId, rows: Vec<PullItem>) -> Result<Vec<(PullItem, Opened)>, Stop> {
        let opened = self.open_now(space, rows).await?;
        let news = opened.iter().any(|(_, opened)| matches!(opened, Opened::Shut(Cause::NoKey)));
        if news && self.read_log_once().await? {
            return Ok(self.open_now(space, opened.into_iter().map(|(row, _)| row).collect()).await?);
        }
        Ok(opened)
    }
}

impl Engine {
    async fn open_now(self: &Arc<Self>, space: SpaceId, rows: Vec<PullItem>) -> Result<Vec<(PullItem, Opened)>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let engine = Arc::clone(self);
        blocking(move || {
            let keys = engine.context.storage.read(|tx| SpaceKeys::load(tx, space))?;
            Ok(rows.into_iter().map(|row| { let opened = open_row(&keys, &row); (row, opened) }).collect())
        })
        .await
    }

    /// Merges rows into the store, in the caller's transaction; gives what screens should read again.
    pub(super) fn absorb(&self, tx: &Transaction<'_>, space: SpaceId, rows: Vec<(PullItem, Opened)>) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        if rows.is_empty() {
            return Ok(changes);
        }
        let sealer = Sealer::current(tx)?;
        for (row, opened) in rows {
            let local = records::load(tx, row.record)?;
            // Our own push came back, or a page was read twice.
            if local.as_ref().is_some_and(|local| local.base_seq >= row.seq) {
                continue;
            }
            match (opened, local) {
                (Opened::Document(theirs), None) => {
                    count(&self.counts.pulled, 1);
                    queries::insert(tx, space, &row, &theirs)?;
                    queries::lift_quarantine(tx, space, row.record)?;
                    self.show(tx, &row, &theirs, &mut changes)?;
                }
                (Opened::Document(theirs), Some(mut local)) => {
                    count(&self.counts.pulled, 1);
                    let merged = local.document.merge(&theirs)?;
                    ...
                }
                (Opened::Shut(Cause::Damaged), Some(_)) => {
                    // Damage, not news: put the good version over it.
                    count(&self.counts.healed, 1);
                    queries::renumber(tx, row.record, row.seq)?;
                    records::reseal(tx, &sealer, row.record)?;
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
