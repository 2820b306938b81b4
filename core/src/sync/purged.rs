//! What was deleted for good, seen and brought back while the server still has it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::engine::Engine;
use super::keeping::{self, Lost, kept_id};
use super::run::SyncClient;
use crate::changes::{Change, ChangeKind};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::RecordId;
use crate::progress::blocking;
use crate::records::fields::entry::TITLE;
use crate::records::{self, Document, Kind, Opener, is_private, shown_in};
use crate::storage::Transaction;

/// The first text of every kind but entries: its name.
const NAME: u32 = 1;

/// A thing that was deleted for good and that the server still has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purged {
    /// Its room.
    pub kind: ChangeKind,
    /// The id that it had.
    pub id: [u8; 16],
    /// Its title or name; empty when it had none.
    pub title: String,
    /// When it was deleted, milliseconds since 1970, by the clock of the phone that did it.
    pub purged_at: i64,
    /// The number of the device ([`Device::number`](crate::keys::Device::number)).
    pub device_no: u32,
    /// When the server destroys it, milliseconds since 1970.
    pub goes_at: i64,
}

/// The newest version of a purged record, and until when the server has it.
struct Last {
    doc: Document,
    ends_ms: u64,
}

impl SyncClient {
    /// What was deleted for good in the last 14 days and can be brought back, what was deleted last first; asks the server.
    /// `private`: needs notes and assessments, and only those; else everything but them.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn purged(&self, private: bool) -> Result<Vec<Purged>> {
        let engine = self.engine().await?;
        let found = engine.last_versions().await?;
        blocking(move || {
            engine.context.storage.read(|tx| {
                let mut listed = Vec::new();
                for (rid, last) in &found {
                    let Some((tombstone, _)) = lost_here(tx, *rid)? else { continue };
                    let kind = shown_in(last.doc.kind()).filter(|_| is_private(last.doc.kind()) == private);
                    let (Some(kind), Some(by)) = (kind, tombstone.purged_by()) else { continue };
                    listed.push(Purged {
                        kind,
                        id: rid.0,
                        title: title(&last.doc),
                        purged_at: by.ms(),
                        device_no: by.device_no,
                        goes_at: i64::try_from(last.ends_ms).unwrap_or(i64::MAX),
                    });
                }
                listed.sort_by_key(|one| (std::cmp::Reverse(one.purged_at), one.id));
                Ok(listed)
            })
        })
        .await
    }

    /// Brings back what was deleted for good, for all phones and with its files: each as a new thing, out of the trash, and
    /// what named the old one names the new. The other phones have it when both have synced. Two phones that bring back
    /// the same make one of it. Gives the new ids, in the order of the old.
    ///
    /// # Errors
    /// As [`run`](Self::run); [`Error::NotFound`] when the server has one of them no more, or it is back already: nothing
    /// is brought back then.
    pub async fn bring_back(&self, ids: &[RecordId]) -> Result<Vec<RecordId>> {
        let _turn = self.turn.lock().await;
        let engine = self.engine().await?;
        let mut found = engine.last_versions().await?;
        let (here, ids) = (Arc::clone(&engine), ids.to_vec());
        let brought = blocking(move || {
            here.context.edit(|tx| {
                tx.is_no_step();
                let mut lost = Vec::new();
                for rid in &ids {
                    let (tombstone, local_only) = lost_here(tx.tx, *rid)?.or_not_found("deleted thing")?;
                    let doc = found.remove(rid).or_not_found("deleted thing")?.doc;
                    lost.push(Lost { rid: *rid, doc, tombstone, local_only });
                }
                let others = keeping::anew(&lost, tx)?;
                keeping::doubt_files(&others, tx)?;
                Ok(ids.iter().filter_map(|id| others.get(&id.0).copied().map(RecordId)).collect::<Vec<_>>())
            })
        })
        .await?;
        self.context.changes.tell(vec![Change::all(ChangeKind::Sync)]);
        // Their files must not go meanwhile. What fails here is done by the next sync.
        if let Err(error) = engine.keep_named().await {
            tracing::debug!(%error, "keeping the files of what was brought back");
        }
        Ok(brought)
    }
}

impl Engine {
    /// What the server still has of purged records: the merge of all versions that this phone can open and that are no
    /// tombstones, so that nothing which the purging phone wrote before makes an older version newer.
    async fn last_versions(self: &Arc<Self>) -> Result<BTreeMap<RecordId, Last>> {
        let (mut found, mut after) = (BTreeMap::new(), 0);
        loop {
            let page = match self.remote.purged(self.space, after).await {
                Err(Error::Refused { status: 404, .. }) => return Ok(found),
                page => page?,
            };
            after = page.versions.last().map_or(after, |one| one.seq);
            let more = page.more;
            let engine = Arc::clone(self);
            found = blocking(move || {
                let opener = engine.context.storage.read(|tx| Opener::load(tx, engine.space))?;
                for one in page.versions {
                    let Ok((doc, _)) = opener.open(one.record, one.format, &one.ciphertext) else { continue };
                    if doc.is_purged() || doc.check_texts().is_err() {
                        continue;
                    }
                    let ends_ms = one.ends_ms;
                    match found.get_mut(&one.record) {
                        None => drop(found.insert(one.record, Last { doc, ends_ms })),
                        Some(last) => {
                            // Two kinds under one id: the first stays.
                            let _: Result<_> = last.doc.merge(&doc);
                            last.ends_ms = last.ends_ms.max(ends_ms);
                        }
                    }
                }
                Ok(found)
            })
            .await?;
            if !more {
                return Ok(found);
            }
        }
    }
}

/// The tombstone of what is deleted here and not back yet, and whether it never left this phone.
fn lost_here(tx: &Transaction<'_>, rid: RecordId) -> Result<Option<(Document, bool)>> {
    let Some(stored) = records::load(tx, rid)?.filter(|stored| stored.doc.is_purged()) else {
        return Ok(None);
    };
    let new = kept_id(tx, rid.0, &stored.doc)?;
    let is_back = new.map_or(Ok(None), |new| records::load(tx, RecordId(new)))?.is_some();
    Ok((!is_back).then_some((stored.doc, stored.local_only)))
}

fn title(doc: &Document) -> String {
    doc.string(if doc.kind() == u16::from(Kind::Entry) { TITLE } else { NAME })
}
