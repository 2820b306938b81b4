//! Files that a purge left without a record: they wait 14 days, can be taken back, and are then destroyed in steps.

use axum::http::{HeaderMap, StatusCode};
use kinfolio_protocol::json::code;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::purge::{BlobsRequest, LeftItem, LeftResponse};
use kinfolio_protocol::{BlobId, FamilyId, SpaceId, limits, sign};
use serde::Deserialize;

use super::{find, parts};
use crate::body::{Asked, Cbor, Params, Reply};
use crate::error::ApiError;
use crate::families::{PURGE_WAIT_US, check_purge, purge_signature, space_of, unsigned};
use crate::member::{Enrolled, Member};
use crate::state::Parts;
use crate::store::{Result, Tx};

/// Files that one step destroys.
const AT_ONCE: i64 = 50;

/// Where a page begins.
#[derive(Deserialize)]
pub struct Page {
    start: Option<String>,
}

/// `POST …/spaces/{space}/purged/blobs`: no record names these any more, says the device and signs for it.
///
/// # Errors
/// 413 for too many; 404 for a space that this device does not read, and for another member's file from a share's device;
/// 400 `proof_invalid` without the device's signature, `malformed` for a file of another space; nothing is noted then. A member's
/// ([`crate::member`]).
pub async fn leave(
    member: Member,
    params: Params,
    headers: HeaderMap,
    Cbor(request): Cbor<BlobsRequest>,
) -> Result<StatusCode> {
    let space: SpaceId = params.id("space")?;
    check_limit(&request)?;
    member.spend(request.blobs.len())?;
    let order = sign::purge_blobs(member.state().origin.url(), member.family(), space, &request);
    let signature = purge_signature(&headers);
    let expires_at = member.state().clock.now_us() + PURGE_WAIT_US;
    member
        .write(move |tx, device| {
            space_of(tx, device, space)?;
            check_purge(tx, device, &order, signature.as_deref())?;
            for blob in &request.blobs {
                leave_one(tx, device, space, *blob, expires_at)?;
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// One that this device doesn't see is as one that never was: passed over.
fn leave_one(
    tx: &mut Tx<'_>,
    device: &Enrolled,
    space: SpaceId,
    blob: BlobId,
    expires_at: i64,
) -> Result<()> {
    let row = match find(tx, device, blob) {
        Err(error) if error.status() == StatusCode::NOT_FOUND => return Ok(()),
        row => row?,
    };
    if device.role != Role::Parent && row.maker != device.member {
        return Err(ApiError::not_found());
    }
    if row.space != space {
        return Err(ApiError::bad_request(code::MALFORMED, "a purge names files of its own space"));
    }
    let waits = tx.query_one(
        "SELECT 1 FROM purge_pending WHERE family_id = $1 AND blob_id = $2",
        &[device.family.0.into(), blob.0.into()],
    )?;
    if waits.is_none() {
        tx.execute(
            "INSERT INTO purge_pending (family_id, blob_id, space_id, expires_at, ending)
             VALUES ($1, $2, $3, $4, $5)",
            &[device.family.0.into(), blob.0.into(), space.0.into(), expires_at.into(), false.into()],
        )?;
    }
    Ok(())
}

/// `POST …/spaces/{space}/purged/blobs/keep`: a record names these after all.
///
/// # Errors
/// 413 for too many; 404 for a space that this device does not read, and for a share's device; a member's
/// ([`crate::member`]).
pub async fn keep(member: Member, params: Params, Cbor(request): Cbor<BlobsRequest>) -> Result<StatusCode> {
    let space: SpaceId = params.id("space")?;
    check_limit(&request)?;
    member
        .write(move |tx, device| {
            device.parent()?;
            space_of(tx, device, space)?;
            for blob in &request.blobs {
                tx.execute(
                    "DELETE FROM purge_pending
                      WHERE family_id = $1 AND space_id = $2 AND blob_id = $3 AND ending = $4",
                    &[device.family.0.into(), space.0.into(), blob.0.into(), false.into()],
                )?;
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check_limit(request: &BlobsRequest) -> Result<()> {
    if request.blobs.len() > limits::PURGE_BLOBS {
        return Err(ApiError::too_large("at most 512 files at once"));
    }
    Ok(())
}

/// `GET …/spaces/{space}/purged/blobs`: what waits.
///
/// # Errors
/// 400 `malformed` for a start that is no id; 404 for a space that this device does not read, and for a share's device; a
/// member's ([`crate::member`]).
pub async fn list(member: Member, params: Params, Asked(page): Asked<Page>) -> Result<Reply<LeftResponse>> {
    let space: SpaceId = params.id("space")?;
    let start = page.start.map_or(Ok(BlobId([0; 16])), |start| start.parse());
    let start = start.map_err(|_| ApiError::bad_request(code::MALFORMED, "a page starts at a file's id"))?;
    let reply = member
        .read(move |tx, device| {
            device.parent()?;
            space_of(tx, device, space)?;
            let rows = tx.query(
                "SELECT blob_id, expires_at FROM purge_pending
                  WHERE family_id = $1 AND space_id = $2 AND blob_id >= $3 AND ending = $4
                  ORDER BY blob_id LIMIT $5",
                &[
                    device.family.0.into(),
                    space.0.into(),
                    start.0.into(),
                    false.into(),
                    (limits::PURGE_BLOBS as i64 + 1).into(),
                ],
            )?;
            let item = |row: &crate::store::Row| {
                Ok(LeftItem { blob: BlobId(row.id(0)?), ends_ms: unsigned(row.int(1)?) / 1_000 })
            };
            let mut blobs = rows.iter().map(item).collect::<Result<Vec<_>>>()?;
            let next = blobs.get(limits::PURGE_BLOBS).map(|one| one.blob);
            blobs.truncate(limits::PURGE_BLOBS);
            Ok(LeftResponse { next, blobs })
        })
        .await?;
    Ok(Reply::ok(reply))
}

/// Whether the bytes of a file are going: its id is taken until they are gone.
pub(super) fn is_ending(tx: &mut Tx<'_>, family: FamilyId, blob: BlobId) -> Result<bool> {
    let row = tx.query_one(
        "SELECT 1 FROM purge_pending WHERE family_id = $1 AND blob_id = $2 AND ending = $3",
        &[family.0.into(), blob.0.into(), true.into()],
    )?;
    Ok(row.is_some())
}

/// Destroys some files of a family whose time is over: first the rows, so that no phone trusts a file that is half there, then
/// the bytes, then the note that keeps the id taken. Killed at any point, the next sweep goes on. Says whether more may be due.
///
/// # Errors
/// The store's ([`crate::store`]); 500 when the blob store fails.
pub(crate) async fn sweep(state: &Parts, family: FamilyId) -> Result<bool> {
    let now_us = state.clock.now_us();
    let ending = state.store.family(family, move |tx| end_due(tx, family, now_us)).await?;
    for blob in &ending {
        parts::destroy(state, family, *blob).await?;
    }
    let more = ending.len() as i64 == AT_ONCE;
    if !ending.is_empty() {
        state.store.family(family, move |tx| forget(tx, family, &ending)).await?;
    }
    Ok(more)
}

/// Takes the rows of some that are due; gives them, and those whose bytes an earlier sweep left.
fn end_due(tx: &mut Tx<'_>, family: FamilyId, now_us: i64) -> Result<Vec<BlobId>> {
    let due = tx.query(
        "SELECT blob_id FROM purge_pending WHERE family_id = $1 AND expires_at < $2 ORDER BY blob_id LIMIT $3",
        &[family.0.into(), now_us.into(), AT_ONCE.into()],
    )?;
    let mut ending = Vec::new();
    for row in due {
        let blob = BlobId(row.id(0)?);
        let gone = tx.query_one(
            "DELETE FROM blob WHERE family_id = $1 AND blob_id = $2 RETURNING space_id, size",
            &[family.0.into(), blob.0.into()],
        )?;
        if let Some(row) = gone {
            tx.execute(
                "UPDATE space SET bytes = bytes - $1 WHERE family_id = $2 AND space_id = $3",
                &[row.int(1)?.into(), family.0.into(), row.id(0)?.into()],
            )?;
        }
        tx.execute(
            "UPDATE purge_pending SET ending = $1 WHERE family_id = $2 AND blob_id = $3",
            &[true.into(), family.0.into(), blob.0.into()],
        )?;
        ending.push(blob);
    }
    Ok(ending)
}

fn forget(tx: &mut Tx<'_>, family: FamilyId, gone: &[BlobId]) -> Result<()> {
    for blob in gone {
        tx.execute(
            "DELETE FROM purge_pending WHERE family_id = $1 AND blob_id = $2 AND ending = $3",
            &[family.0.into(), blob.0.into(), true.into()],
        )?;
    }
    Ok(())
}
