//! Push: per-record compare-and-swap on the sequence number that the phone last saw (sync.md 2.4).
//!
//! Idempotent without a table of requests: the phone keeps the exact ciphertext until it is acknowledged, so the
//! same request again finds its own ciphertext and answers "same".

use std::collections::{BTreeMap, BTreeSet};

use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::sync::{PushItem, PushRequest, PushResponse, PushResult, PushStatus};
use kinfolio_protocol::{Hash32, RecordId, SpaceId, limits};

use super::kept::{self, OLD_LIFE_US, PURGE_WAIT_US};
use crate::body::{Cbor, Params, Reply};
use crate::error::ApiError;
use crate::families::{SpaceRow, Want, check_quota, space_of, unsigned};
use crate::log::int;
use crate::member::{Enrolled, Member};
use crate::store::{Result, Tx, Value};

/// What the server has of a record.
struct Stored {
    seq: i64,
    format: i64,
    epoch: i64,
    ct_hash: Hash32,
    device: [u8; 16],
    maker: [u8; 16],
    at: i64,
    ct: Vec<u8>,
}

/// What to do with one item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Store,
    Same,
    Conflict,
}

/// `POST …/spaces/{space}/push`.
///
/// # Errors
/// 413 beyond the limits of a push; 400 `malformed` for a record that it names twice; 429 for too many records a
/// minute; 404 for a space that this device does not read, and for another member's record from a share's device; 409
/// `epoch_old` for an older key or a share that has ended, `head_moved` (with `head`) when the head is not `if_head`;
/// 507 `quota`; a member's ([`crate::member`]). A record that somebody else has changed is no error but a result.
pub async fn push(
    member: Member,
    params: Params,
    Cbor(request): Cbor<PushRequest>,
) -> Result<Reply<PushResponse>> {
    let space: SpaceId = params.id("space")?;
    check_limits(&request)?;
    let hashes: Vec<Hash32> = request.records.iter().map(|item| sha256(&item.ciphertext)).collect();
    member.spend(request.records.len())?;
    let (now, quota) = (member.state().clock.now_us(), member.state().config.quota());
    let reply = member
        .write(move |tx, device| {
            Push { device, space, now, quota, request: &request, hashes: &hashes }.run(tx)
        })
        .await?;
    Ok(Reply::ok(reply))
}

fn check_limits(request: &PushRequest) -> Result<()> {
    if request.records.len() > limits::PUSH_RECORDS {
        return Err(ApiError::too_large("at most 256 records in a push"));
    }
    if request.records.iter().any(|item| item.ciphertext.len() > limits::RECORD) {
        return Err(ApiError::too_large("a record is at most 256 KiB"));
    }
    if request.records.iter().map(|item| item.ciphertext.len()).sum::<usize>() > limits::PUSH_BYTES {
        return Err(ApiError::too_large("at most 1 MiB in a push"));
    }
    let distinct: BTreeSet<_> = request.records.iter().map(|item| item.record).collect();
    if distinct.len() != request.records.len() {
        return Err(ApiError::bad_request(code::MALFORMED, "a push names a record once"));
    }
    Ok(())
}

struct Push<'a> {
    device: &'a Enrolled,
    space: SpaceId,
    now: i64,
    quota: u64,
    request: &'a PushRequest,
    hashes: &'a [Hash32],
}

impl Push<'_> {
    fn run(&self, tx: &mut Tx<'_>) -> Result<PushResponse> {
        let space = space_of(tx, self.device, self.space)?;
        let stored = self.stored(tx)?;
        let verdicts: Vec<Verdict> =
            self.items().map(|(item, hash)| verdict(item, hash, stored.get(&item.record))).collect();
        let fresh: Vec<(&PushItem, Hash32)> = self
            .items()
            .zip(&verdicts)
            .filter(|(_, verdict)| **verdict == Verdict::Store)
            .map(|(item, _)| item)
            .collect();
        if !verdicts.iter().all(|verdict| *verdict == Verdict::Same) {
            self.may_write(&space, &stored, &fresh)?;
        }
        self.keep_old(tx, &stored, &fresh)?;
        self.write(tx, &space, &stored, &fresh)?;
        self.count(tx, &fresh)?;
        let head = space.head + fresh.len() as i64;
        Ok(PushResponse {
            incarnation: space.incarnation,
            head: unsigned(head),
            results: self.results(&verdicts, stored, space.head),
        })
    }

    fn items(&self) -> impl Iterator<Item = (&PushItem, Hash32)> {
        self.request.records.iter().zip(self.hashes.iter().copied())
    }

    fn key(&self, record: RecordId) -> [Value; 3] {
        [self.device.family.0.into(), self.space.0.into(), record.0.into()]
    }

    /// What the server has of the records in this push.
    fn stored(&self, tx: &mut Tx<'_>) -> Result<BTreeMap<RecordId, Stored>> {
        let keys: Vec<Value> = self.request.records.iter().flat_map(|item| self.key(item.record)).collect();
        let rows = tx.query_many(
            // A join, not `IN (VALUES …)`: for that SQLite reads the whole table.
            "WITH want (f, s, r) AS (VALUES",
            3,
            &keys,
            ") SELECT record_id, seq, format, epoch, ct_hash, device_id, maker_id, at, ct
                 FROM want JOIN record ON family_id = f AND space_id = s AND record_id = r",
        )?;
        rows.iter()
            .map(|row| {
                let stored = Stored {
                    seq: row.int(1)?,
                    format: row.int(2)?,
                    epoch: row.int(3)?,
                    ct_hash: Hash32(row.hash(4)?),
                    device: row.id(5)?,
                    maker: row.id(6)?,
                    at: row.int(7)?,
                    ct: row.bytes(8)?,
                };
                Ok((RecordId(row.id(0)?), stored))
            })
            .collect()
    }

    /// What has to hold before anything is written. A push that finds all of it stored already needs none of this.
    fn may_write(
        &self,
        space: &SpaceRow,
        stored: &BTreeMap<RecordId, Stored>,
        fresh: &[(&PushItem, Hash32)],
    ) -> Result<()> {
        if space.ended {
            return Err(ApiError::conflict(code::EPOCH_OLD, "this share has ended: read the log"));
        }
        if self.request.if_head.is_some_and(|head| head != unsigned(space.head)) {
            return Err(ApiError::conflict(code::HEAD_MOVED, "the space moved on: pull first")
                .with_detail("head", unsigned(space.head)));
        }
        if fresh.iter().any(|(item, _)| i64::from(item.epoch) != space.epoch) {
            return Err(ApiError::conflict(code::EPOCH_OLD, "read the log and seal under the newest key"));
        }
        // A share's device creates records and changes those of its own member.
        let theirs = |(item, _): &(&PushItem, Hash32)| {
            stored.get(&item.record).is_some_and(|old| old.maker != self.device.member.0)
        };
        if self.device.role != Role::Parent && fresh.iter().any(theirs) {
            return Err(ApiError::not_found());
        }
        Ok(())
    }

    /// The versions that are replaced stay a while, and longer-kept ones of a purged record end with it.
    fn keep_old(
        &self,
        tx: &mut Tx<'_>,
        stored: &BTreeMap<RecordId, Stored>,
        fresh: &[(&PushItem, Hash32)],
    ) -> Result<()> {
        kept::sweep(tx, self.device.family, self.now)?;
        let mut values = Vec::new();
        for (item, _) in fresh {
            let Some(old) = stored.get(&item.record) else { continue };
            values.extend(self.key(item.record));
            values.extend([old.seq.into(), old.format.into(), old.epoch.into(), old.device.into()]);
            values.extend([old.at.into(), old.ct.clone().into(), false.into()]);
            values.push((self.now + OLD_LIFE_US).into());
        }
        tx.execute_many(
            "INSERT INTO record_old (family_id, space_id, record_id, seq, format, epoch, device_id, at, ct,
                                     purge_pending, expires_at) VALUES",
            11,
            &values,
            "",
        )?;
        for (item, _) in fresh.iter().filter(|(item, _)| item.purge) {
            tx.execute(
                "UPDATE record_old SET purge_pending = $1, expires_at = $2
                  WHERE family_id = $3 AND space_id = $4 AND record_id = $5 AND purge_pending = $6",
                &[
                    true.into(),
                    (self.now + PURGE_WAIT_US).into(),
                    self.device.family.0.into(),
                    self.space.0.into(),
                    item.record.0.into(),
                    false.into(),
                ],
            )?;
        }
        Ok(())
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        space: &SpaceRow,
        stored: &BTreeMap<RecordId, Stored>,
        fresh: &[(&PushItem, Hash32)],
    ) -> Result<()> {
        let mut values = Vec::with_capacity(fresh.len() * 11);
        for (seq, (item, hash)) in (space.head + 1..).zip(fresh) {
            let maker = stored.get(&item.record).map_or(self.device.member.0, |old| old.maker);
            values.extend(self.key(item.record));
            values.extend([seq.into(), i64::from(item.format).into(), i64::from(item.epoch).into()]);
            values.extend([hash.0.into(), self.device.device.0.into(), maker.into(), self.now.into()]);
            values.push(item.ciphertext.as_slice().into());
        }
        tx.execute_many(
            "INSERT INTO record (family_id, space_id, record_id, seq, format, epoch, ct_hash, device_id,
                                 maker_id, at, ct) VALUES",
            11,
            &values,
            "ON CONFLICT (family_id, space_id, record_id) DO UPDATE SET
                 seq = excluded.seq, format = excluded.format, epoch = excluded.epoch,
                 ct_hash = excluded.ct_hash, device_id = excluded.device_id, at = excluded.at, ct = excluded.ct",
        )?;
        Ok(())
    }

    /// The head, the space's size, the device's count of pushes: all in the same transaction as the rows. What is
    /// replaced goes on counting until it leaves.
    fn count(&self, tx: &mut Tx<'_>, fresh: &[(&PushItem, Hash32)]) -> Result<()> {
        let more: i64 = fresh.iter().map(|(item, _)| item.ciphertext.len() as i64).sum();
        if !fresh.is_empty() {
            let want = if fresh.iter().all(|(item, _)| item.purge) { Want::Purges } else { Want::Records };
            check_quota(tx, self.device.family, want, unsigned(more), self.quota)?;
            tx.execute(
                "UPDATE space SET head = head + $1, bytes = bytes + $2 WHERE family_id = $3 AND space_id = $4",
                &[(fresh.len() as i64).into(), more.into(), self.device.family.0.into(), self.space.0.into()],
            )?;
        }
        tx.execute(
            "UPDATE device SET push_no = $1 WHERE family_id = $2 AND device_id = $3 AND push_no < $1",
            &[int(self.request.push_no)?, self.device.family.0.into(), self.device.device.0.into()],
        )?;
        Ok(())
    }

    /// One answer a record. Conflicting versions are sent along while they fit a page; the rest is pulled.
    fn results(
        &self,
        verdicts: &[Verdict],
        mut stored: BTreeMap<RecordId, Stored>,
        head: i64,
    ) -> Vec<PushResult> {
        let plain = |status, seq| PushResult {
            status,
            seq: unsigned(seq),
            format: None,
            epoch: None,
            ciphertext: None,
        };
        let (mut next, mut room) = (head, limits::PUSH_BYTES);
        self.request
            .records
            .iter()
            .zip(verdicts)
            .map(|(item, verdict)| match (verdict, stored.remove(&item.record)) {
                (Verdict::Store, _) => {
                    next += 1;
                    plain(PushStatus::Stored, next)
                }
                (Verdict::Same, Some(old)) => plain(PushStatus::Same, old.seq),
                (_, None) => plain(PushStatus::Conflict, 0),
                (Verdict::Conflict, Some(old)) => {
                    let left = room.checked_sub(old.ct.len());
                    room = left.unwrap_or(room);
                    PushResult {
                        status: PushStatus::Conflict,
                        seq: unsigned(old.seq),
                        format: u16::try_from(old.format).ok(),
                        epoch: u32::try_from(old.epoch).ok(),
                        ciphertext: left.map(|_| old.ct),
                    }
                }
            })
            .collect()
    }
}

fn verdict(item: &PushItem, hash: Hash32, stored: Option<&Stored>) -> Verdict {
    match stored {
        Some(old) if old.ct_hash == hash => Verdict::Same,
        Some(old) if unsigned(old.seq) == item.base_seq => Verdict::Store,
        None if item.base_seq == 0 => Verdict::Store,
        _ => Verdict::Conflict,
    }
}
