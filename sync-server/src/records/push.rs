//! Push: per-record compare-and-swap on the sequence number that the phone last saw (sync.md 2.4).
//!
//! Idempotent without a table of requests: the phone keeps the exact ciphertext until it is acknowledged, so the
//! same request again finds its own ciphertext and answers "same".

use std::collections::{BTreeMap, BTreeSet};

use axum::http::HeaderMap;
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::sync::{PushItem, PushRequest, PushResponse, PushResult, PushStatus};
use kinfolio_protocol::{Hash32, RecordId, SpaceId, limits, sign};

use super::push_rows::Stored;
use crate::body::{Cbor, Params, Reply};
use crate::error::ApiError;
use crate::families::{SpaceRow, check_purge, purge_signature, space_of, unsigned};
use crate::member::{Enrolled, Member};
use crate::store::{Result, Tx};

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
/// 413 beyond the limits of a push; 400 `malformed` for a record that it names twice, `proof_invalid` for a purge without
/// the device's signature; 429 for too many records a
/// minute; 404 for a space that this device does not read, and for another member's record from a share's device; 409
/// `epoch_old` for an older key or a share that has ended, `head_moved` (with `head`) when the head is not `if_head`;
/// 507 `quota`; a member's ([`crate::member`]). A record that somebody else has changed is no error but a result.
pub async fn push(
    member: Member,
    params: Params,
    headers: HeaderMap,
    Cbor(request): Cbor<PushRequest>,
) -> Result<Reply<PushResponse>> {
    let space: SpaceId = params.id("space")?;
    check_limits(&request)?;
    let hashes: Vec<Hash32> = request.records.iter().map(|item| sha256(&item.ciphertext)).collect();
    member.spend(request.records.len())?;
    // A purge takes the device itself, not only a sign-in that is bound to it: a stolen token destroys nothing.
    let order = sign::purge(member.state().origin.url(), member.family(), space, &request);
    let signature = purge_signature(&headers);
    let (now, quota) = (member.state().clock.now_us(), member.state().config.quota());
    let reply = member
        .write(move |tx, device| {
            if let Some(order) = &order {
                check_purge(tx, device, order, signature.as_deref())?;
            }
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

/// One push, in its transaction.
pub(super) struct Push<'a> {
    pub(super) device: &'a Enrolled,
    pub(super) space: SpaceId,
    pub(super) now: i64,
    pub(super) quota: u64,
    pub(super) request: &'a PushRequest,
    pub(super) hashes: &'a [Hash32],
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
