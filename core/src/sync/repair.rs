//! Reconciling by digests, both ways: after the server's store was restored, a cursor was lost, or in doubt.

use std::collections::BTreeMap;
use std::sync::Arc;

use kinfolio_protocol::limits::PULL_RECORDS;
use kinfolio_protocol::sync::{BucketItem, Start, bucket};

use super::engine::{Engine, Stop, count};
use super::queries::{self, Held, Standing};
use crate::error::Result;
use crate::ids::{RecordId, SpaceId};
use crate::progress::{Watch, blocking};
use crate::records;

/// What one comparison found.
#[derive(Debug, Default)]
struct Difference {
    /// Rows of the server that this phone does not hold as they are; ascending numbers.
    fetch: Vec<u64>,
    /// The numbers that rows have in this life of the server's store.
    numbers: Vec<(RecordId, u64)>,
    /// Records that the server lost: they are offered again. Absence never means deletion.
    offer: Vec<RecordId>,
}

impl Engine {
    /// Compares what this phone and the server hold and mends both sides. The cursor moves only at the end, so
    /// that a repair that was broken off begins again.
    pub(super) async fn repair(self: &Arc<Self>, space: SpaceId, watch: &Watch) -> Result<(), Stop> {
        let digest = self.remote.digest(space).await?;
        count(&self.counts.repairs, 1);
        let held = self.held(space).await?;
        let mut fetch = Vec::new();
        for (number, theirs) in (0..=u8::MAX).zip(&digest.buckets) {
            watch.cancel.check()?;
            let ours = held.get(&number).map(Vec::as_slice).unwrap_or_default();
            let same = bucket(ours.iter().map(|row| (row.rid, row.hash))) == *theirs;
            // What lies in quarantine is asked for again, though its ciphertext be the same: what stands beside it
            // may have been put right.
            if same && !ours.iter().any(|row| row.quarantined) {
                continue;
            }
            let rows = self.remote.bucket(space, number).await?;
            let found = compare(ours, &rows);
            fetch.extend(&found.fetch);
            self.note(found).await?;
        }
        self.fetch_again(space, &digest.incarnation, fetch, watch).await?;
        let at = Standing { incarnation: digest.incarnation, cursor: digest.head, backfill: None };
        let engine = Arc::clone(self);
        blocking(move || {
            engine.context.storage.write(|tx| {
                // Whether it still has the photo files is asked one by one; nothing is sent twice.
                queries::doubt_all(tx)?;
                queries::stand(tx, space, &at)
            })
        })
        .await?;
        Ok(())
    }

    /// Pulls the rows with these numbers and whatever lies around them.
    async fn fetch_again(
        self: &Arc<Self>,
        space: SpaceId,
        incarnation: &[u8; 16],
        mut numbers: Vec<u64>,
        watch: &Watch,
    ) -> Result<(), Stop> {
        numbers.sort_unstable_by(|a, b| b.cmp(a));
        while let Some(seq) = numbers.pop() {
            watch.cancel.check()?;
            let page = self.remote.pull(space, Start::After(seq.saturating_sub(1)), PULL_RECORDS).await?;
            self.same_life(incarnation, &page.incarnation)?;
            // A row that was replaced meanwhile has a higher number: it came with this page or comes by the cursor.
            let reached = page.records.last().map_or(u64::MAX, |row| row.seq);
            numbers.retain(|number| *number > reached);
            let rows = self.open(space, page.records).await?;
            self.take_in_rows(space, rows).await?;
        }
        Ok(())
    }

    async fn held(self: &Arc<Self>, space: SpaceId) -> Result<BTreeMap<u8, Vec<Held>>> {
        let engine = Arc::clone(self);
        blocking(move || engine.context.storage.read(|tx| queries::held(tx, space))).await
    }

    /// Writes down what the comparison of one bucket found.
    async fn note(self: &Arc<Self>, found: Difference) -> Result<()> {
        let engine = Arc::clone(self);
        blocking(move || {
            engine.context.storage.write(|tx| {
                for (rid, seq) in found.numbers {
                    queries::renumber(tx, rid, seq)?;
                }
                if found.offer.is_empty() {
                    return Ok(());
                }
                let sealer = engine.context.sealer(tx)?;
                for rid in found.offer {
                    records::reseal(tx, &sealer, rid)?;
                    queries::renumber(tx, rid, 0)?;
                }
                Ok(())
            })
        })
        .await
    }
}

/// Compares one bucket; both sides sorted by record id.
fn compare(ours: &[Held], theirs: &[BucketItem]) -> Difference {
    let mut found = Difference::default();
    let mine: BTreeMap<RecordId, &Held> = ours.iter().map(|row| (row.rid, row)).collect();
    let server: BTreeMap<RecordId, &BucketItem> = theirs.iter().map(|row| (row.record, row)).collect();
    for (rid, row) in &server {
        match mine.get(rid) {
            Some(held) if held.hash == row.ct_hash && !held.quarantined => {
                found.numbers.push((*rid, row.seq))
            }
            // Built on nothing until theirs is merged: the numbers of another life mean nothing here.
            Some(_) => {
                found.numbers.push((*rid, 0));
                found.fetch.push(row.seq);
            }
            None => found.fetch.push(row.seq),
        }
    }
    found.offer = mine
        .values()
        .filter(|held| !held.quarantined && !server.contains_key(&held.rid))
        .map(|held| held.rid)
        .collect();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinfolio_protocol::ids::Hash32;

    fn held(rid: u8, hash: u8) -> Held {
        Held { rid: RecordId([rid; 16]), hash: Hash32([hash; 32]), quarantined: false }
    }

    fn row(rid: u8, seq: u64, hash: u8) -> BucketItem {
        BucketItem { record: RecordId([rid; 16]), seq, ct_hash: Hash32([hash; 32]) }
    }

    #[test]
    fn what_the_server_lost_is_offered_and_what_it_has_is_fetched() {
        let found =
            compare(&[held(1, 1), held(2, 2), held(3, 3)], &[row(1, 10, 1), row(2, 20, 9), row(4, 40, 4)]);
        assert_eq!(found.numbers, [(RecordId([1; 16]), 10), (RecordId([2; 16]), 0)]);
        assert_eq!(found.fetch, [20, 40]);
        assert_eq!(found.offer, [RecordId([3; 16])]);
    }

    #[test]
    fn a_row_in_quarantine_is_never_offered() {
        let held = Held { quarantined: true, ..held(1, 1) };
        assert!(compare(&[held], &[]).offer.is_empty());
    }
}
