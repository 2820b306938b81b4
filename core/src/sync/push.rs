//! The upload loop: dirty records in batches, each compared and swapped on the number that it builds on.

use std::sync::Arc;
use std::time::Duration;

use kinfolio_protocol::ids::DeviceId;
use kinfolio_protocol::json::code;
use kinfolio_protocol::limits::{PUSH_BYTES, PUSH_RECORDS};
use kinfolio_protocol::sync::{PullItem, PushItem, PushRequest, PushResponse, PushResult, PushStatus};

use super::engine::{Engine, Stop, count};
use super::queries::{self, Waiting};
use crate::changes::{Change, ChangeKind};
use crate::error::{Error, Result};
use crate::ids::{RecordId, SpaceId};
use crate::progress::{Watch, blocking};
use crate::records;

/// How often one run offers a record that others keep changing; the next run goes on.
const ROUNDS: u32 = 8;
/// Refused this often, a record is parked with its reason; the rest goes on.
pub(super) const TRIES: u32 = 5;
/// How often one run re-seals because the key of the space was renewed under it.
const RENEWALS: u32 = 3;

/// What became of one batch.
#[derive(Debug, Default)]
struct Settled {
    stored: u64,
    conflicts: u64,
    /// In conflict, but the answer had no room for the server's version: the next pull brings it.
    unseen: Vec<RecordId>,
}

impl Engine {
    /// Offers every waiting record to the server until none is left that this run can bring over.
    pub(super) async fn push(self: &Arc<Self>, space: SpaceId, watch: &Watch) -> Result<(), Stop> {
        let at = self.first_contact(space).await?;
        let (mut unseen, mut limit, mut rounds, mut renewals) = (Vec::new(), PUSH_RECORDS, 0, 0);
        loop {
            watch.cancel.check()?;
            let skip = [unseen.as_slice(), self.refused().as_slice()].concat();
            let Some((push_no, batch)) = self.next_batch(space, skip, limit).await? else { return Ok(()) };
            watch.expect(batch.len() as u64);
            let request = request(push_no, &batch);
            let signature = self.sign_purge(space, &request).await?;
            match self.remote.push(space, &request, signature).await {
                Ok(reply) => {
                    self.same_life(&at.incarnation, &reply.incarnation)?;
                    let settled = self.settle(space, batch, reply).await?;
                    watch.did(settled.stored);
                    limit = (limit * 2).min(PUSH_RECORDS);
                    unseen.extend(settled.unseen);
                    if settled.conflicts > 0 {
                        rounds += 1;
                        if rounds == ROUNDS {
                            return Ok(());
                        }
                        tokio::time::sleep(self.jitter(rounds)).await;
                    }
                }
                Err(Error::Refused { code, .. }) if code == code::EPOCH_OLD && renewals < RENEWALS => {
                    renewals += 1;
                    self.log.read_log().await?;
                    self.reseal_old(space).await?;
                }
                Err(Error::Refused { status, code, .. }) if about_the_records(status) => {
                    match batch.as_slice() {
                        [one] => self.refuse(one.rid, status, code).await?,
                        // Somewhere in here is one that the server will not have: halve until it stands alone.
                        many => limit = many.len().div_ceil(2),
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Engine {
    /// Signs for what is purged; most pushes purge nothing and read nothing for it.
    async fn sign_purge(self: &Arc<Self>, space: SpaceId, push: &PushRequest) -> Result<Option<[u8; 64]>> {
        if push.records.iter().all(|item| !item.purge) {
            return Ok(None);
        }
        let (engine, push) = (Arc::clone(self), push.clone());
        blocking(move || engine.log.sign_purge(space, &push)).await
    }

    async fn next_batch(
        self: &Arc<Self>,
        space: SpaceId,
        skip: Vec<RecordId>,
        limit: usize,
    ) -> Result<Option<(u64, Vec<Waiting>)>> {
        let engine = Arc::clone(self);
        blocking(move || {
            engine.context.storage.write(|tx| {
                let batch = queries::waiting(tx, space, &skip, limit, PUSH_BYTES)?;
                if batch.is_empty() {
                    return Ok(None);
                }
                // Counted before it is sent: a number is never used twice, whatever becomes of the request.
                Ok(Some((queries::next_push_no(tx, space)?, batch)))
            })
        })
        .await
    }

    /// Takes in the server's answer: what it stored is clean unless it was edited meanwhile, and what others
    /// wrote in between is merged, to be offered again if they lack something of ours.
    async fn settle(
        self: &Arc<Self>,
        space: SpaceId,
        batch: Vec<Waiting>,
        reply: PushResponse,
    ) -> Result<Settled, Stop> {
        let mut settled = Settled::default();
        let (mut stored, mut theirs, mut vanished) = (Vec::new(), Vec::new(), Vec::new());
        for (item, result) in batch.into_iter().zip(reply.results) {
            match (result.status, result.seq) {
                (PushStatus::Stored | PushStatus::Same, seq) => stored.push((item, seq, result.status)),
                (PushStatus::Conflict, 0) => vanished.push(item.rid),
                (PushStatus::Conflict, _) => match conflicting(item.rid, result) {
                    Some(row) => theirs.push(row),
                    None => settled.unseen.push(item.rid),
                },
            }
        }
        settled.stored = stored.len() as u64;
        settled.conflicts = (theirs.len() + vanished.len() + settled.unseen.len()) as u64;
        count(&self.counts.pushed, settled.stored);
        count(&self.counts.conflicts, settled.conflicts);
        let theirs = self.open(space, theirs).await?;
        let engine = Arc::clone(self);
        blocking(move || {
            let changes = engine.context.storage.write(|tx| {
                let mut mine = Vec::new();
                for (item, seq, status) in &stored {
                    queries::acknowledge(tx, item, *seq)?;
                    if *status == PushStatus::Stored {
                        mine.push(*seq);
                    }
                }
                for rid in vanished {
                    queries::renumber(tx, rid, 0)?;
                }
                queries::skip_own_rows(tx, space, &reply.incarnation, reply.head, mine)?;
                engine.absorb(tx, space, theirs)
            })?;
            engine.context.changes.tell(changes);
            Ok(())
        })
        .await?;
        Ok(settled)
    }
}

impl Engine {
    /// Counts a refusal of one record; at the last try it is parked and the person is told why.
    async fn refuse(self: &Arc<Self>, rid: RecordId, status: u16, code: String) -> Result<()> {
        self.refused().push(rid);
        let engine = Arc::clone(self);
        blocking(move || {
            let reason = format!("the server refused it ({status} {code})");
            let parked = engine.context.storage.write(|tx| queries::refused(tx, rid, TRIES, &reason))?;
            if parked {
                count(&engine.counts.parked, 1);
                engine.context.changes.tell(vec![Change::all(ChangeKind::Sync)]);
            }
            Ok(())
        })
        .await
    }

    /// Seals anew what waits under an older epoch than the space's newest.
    async fn reseal_old(self: &Arc<Self>, space: SpaceId) -> Result<()> {
        let engine = Arc::clone(self);
        blocking(move || {
            engine.context.storage.write(|tx| {
                let sealer = engine.context.sealer(tx)?;
                for rid in queries::sealed_before(tx, space, sealer.epoch())? {
                    records::reseal(tx, &sealer, rid)?;
                }
                Ok(())
            })
        })
        .await
    }

    /// A random moment, longer with every round, so that two phones don't clash in step.
    fn jitter(&self, round: u32) -> Duration {
        let mut byte = [0];
        self.context.random.fill(&mut byte);
        let [byte] = byte;
        Duration::from_millis(u64::from(byte) * u64::from(round) / 8)
    }
}

/// Refusals that speak of what was sent, not of who sends it or of the server's own state.
fn about_the_records(status: u16) -> bool {
    matches!(status, 400 | 413 | 422)
}

fn request(push_no: u64, batch: &[Waiting]) -> PushRequest {
    let records = batch
        .iter()
        .map(|item| PushItem {
            record: item.rid,
            base_seq: item.base_seq,
            format: item.fmt,
            epoch: item.epoch,
            purge: item.purge,
            ciphertext: item.sealed.clone(),
        })
        .collect();
    PushRequest { push_no, if_head: None, records }
}

/// The server's version out of a conflict, as if it had come by a pull.
fn conflicting(record: RecordId, result: PushResult) -> Option<PullItem> {
    Some(PullItem {
        record,
        seq: result.seq,
        format: result.format?,
        epoch: result.epoch?,
        ciphertext: result.ciphertext?,
        // Not told in a conflict, and nothing here depends on it.
        device: DeviceId([0; 16]),
    })
}
