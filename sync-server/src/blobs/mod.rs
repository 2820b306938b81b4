//! Blobs: sealed attachment files in parts, resumable and idempotent; complete only when all of it is here.

mod left;
mod parts;

pub(crate) use left::sweep;
pub use left::{keep, leave, list};
pub(crate) use parts::erase;
pub use parts::{get_part, put_part};

use kinfolio_protocol::blob::{self, BlobCompleteRequest, BlobRequest, BlobResponse};
use kinfolio_protocol::json::code;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::{BlobId, FamilyId, Hash32, MemberId, SpaceId};

use crate::body::{Cbor, Params, Reply};
use crate::error::ApiError;
use crate::families::{Want, check_quota, space_of};
use crate::log::int;
use crate::member::{Enrolled, Member};
use crate::store::{Result, Tx};

/// A blob as its row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlobRow {
    pub space: SpaceId,
    pub size: u64,
    pub parts: u32,
    pub root: Hash32,
    pub complete: bool,
    /// Whose device announced it.
    pub maker: MemberId,
}

/// A blob of a space that this device may read, or 404.
pub(crate) fn find(tx: &mut Tx<'_>, device: &Enrolled, id: BlobId) -> Result<BlobRow> {
    let row = tx.query_one(
        "SELECT space_id, size, parts, root, complete, member_id FROM blob JOIN device USING (family_id, device_id)
          WHERE family_id = $1 AND blob_id = $2",
        &[device.family.0.into(), id.0.into()],
    )?;
    let row = row.ok_or_else(ApiError::not_found)?;
    let blob = BlobRow {
        space: SpaceId(row.id(0)?),
        size: row.int(1)?.try_into().unwrap_or(0),
        parts: row.int(2)?.try_into().unwrap_or(0),
        root: Hash32(row.hash(3)?),
        complete: row.bool(4)?,
        maker: MemberId(row.id(5)?),
    };
    if device.reads(blob.space) { Ok(blob) } else { Err(ApiError::not_found()) }
}

/// A blob that this device may fill: any that a parent's device reads, its own member's for a share's.
pub(crate) fn find_to_fill(tx: &mut Tx<'_>, device: &Enrolled, id: BlobId) -> Result<BlobRow> {
    let blob = find(tx, device, id)?;
    match device.role {
        Role::Share(_) if blob.maker != device.member => Err(ApiError::not_found()),
        _ => Ok(blob),
    }
}

/// `POST /families/{family}/blobs`: announces a blob, or finds it as announced before.
///
/// # Errors
/// 400 `malformed` when parts and size do not fit; 404 for a space that this device does not read, or a blob that is
/// not its to fill; 409 `conflict` for an id that stands for other bytes or that are being destroyed, `epoch_old` when the share has ended; 507
/// `quota`; a member's ([`crate::member`]).
pub async fn announce(member: Member, Cbor(request): Cbor<BlobRequest>) -> Result<Reply<BlobResponse>> {
    if blob::parts_of(request.size) != Some(request.parts) {
        return Err(ApiError::bad_request(code::MALFORMED, "a blob has 1 to 512 parts of 1 MiB"));
    }
    let (now, quota) = (member.state().clock.now_us(), member.state().config.quota());
    let reply = member
        .write(move |tx, device| {
            let space = space_of(tx, device, request.space)?;
            let size = int(request.size)?;
            let known = tx.query_one(
                "SELECT 1 FROM blob WHERE family_id = $1 AND blob_id = $2",
                &[device.family.0.into(), request.blob.0.into()],
            )?;
            if known.is_none() {
                if space.ended {
                    return Err(ApiError::conflict(code::EPOCH_OLD, "this share has ended: read the log"));
                }
                if left::is_ending(tx, device.family, request.blob)? {
                    return Err(ApiError::conflict(code::CONFLICT, "this file is being destroyed: send it later"));
                }
                check_quota(tx, device.family, Want::Blob, request.size, quota)?;
                tx.execute(
                    "INSERT INTO blob (family_id, blob_id, space_id, size, parts, root, complete, device_id, at)
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    &[
                        device.family.0.into(),
                        request.blob.0.into(),
                        request.space.0.into(),
                        size.clone(),
                        i64::from(request.parts).into(),
                        request.root.0.into(),
                        false.into(),
                        device.device.0.into(),
                        now.into(),
                    ],
                )?;
                tx.execute(
                    "UPDATE space SET bytes = bytes + $1 WHERE family_id = $2 AND space_id = $3",
                    &[size, device.family.0.into(), request.space.0.into()],
                )?;
            }
            let row = find_to_fill(tx, device, request.blob)?;
            let same = (row.space, row.size, row.parts, row.root)
                == (request.space, request.size, request.parts, request.root);
            if !same {
                return Err(ApiError::conflict(code::CONFLICT, "this blob id stands for other bytes"));
            }
            state_of(tx, device.family, request.blob, &row)
        })
        .await?;
    Ok(Reply::ok(reply))
}

/// `GET /families/{family}/blobs/{blob}`: which parts are here.
///
/// # Errors
/// 404 for a blob that is not there for this device; a member's ([`crate::member`]).
pub async fn look(member: Member, params: Params) -> Result<Reply<BlobResponse>> {
    let id: BlobId = params.id("blob")?;
    let reply = member
        .read(move |tx, device| {
            let row = find(tx, device, id)?;
            state_of(tx, device.family, id, &row)
        })
        .await?;
    Ok(Reply::ok(reply))
}

/// `POST /families/{family}/blobs/{blob}/complete`: all parts are here and have the announced root.
///
/// # Errors
/// 404 for a blob that is not there or not this device's to fill; 409 `parts_missing` while some are missing,
/// `conflict` when the blob was announced otherwise; a member's ([`crate::member`]).
pub async fn complete(
    member: Member,
    params: Params,
    Cbor(request): Cbor<BlobCompleteRequest>,
) -> Result<Reply<BlobResponse>> {
    let id: BlobId = params.id("blob")?;
    let reply = member
        .write(move |tx, device| {
            let mut row = find_to_fill(tx, device, id)?;
            if (request.parts, request.root) != (row.parts, row.root) {
                return Err(ApiError::conflict(code::CONFLICT, "this blob was announced otherwise"));
            }
            let hashes: Vec<Hash32> =
                stored_parts(tx, device.family, id)?.into_iter().map(|(_, hash)| hash).collect();
            if hashes.len() != row.parts as usize {
                return Err(ApiError::conflict(code::PARTS_MISSING, "send the missing parts first"));
            }
            if blob::root(&hashes) != row.root {
                return Err(ApiError::conflict(code::CONFLICT, "the parts are not the ones announced"));
            }
            tx.execute(
                "UPDATE blob SET complete = $1 WHERE family_id = $2 AND blob_id = $3",
                &[true.into(), device.family.0.into(), id.0.into()],
            )?;
            row.complete = true;
            state_of(tx, device.family, id, &row)
        })
        .await?;
    Ok(Reply::ok(reply))
}

/// The parts that are here, in order.
fn stored_parts(tx: &mut Tx<'_>, family: FamilyId, id: BlobId) -> Result<Vec<(u32, Hash32)>> {
    tx.query(
        "SELECT number, hash FROM blob_part WHERE family_id = $1 AND blob_id = $2 ORDER BY number",
        &[family.0.into(), id.0.into()],
    )?
    .iter()
    .map(|row| Ok((row.int(0)?.try_into().unwrap_or(u32::MAX), Hash32(row.hash(1)?))))
    .collect()
}

fn state_of(tx: &mut Tx<'_>, family: FamilyId, id: BlobId, row: &BlobRow) -> Result<BlobResponse> {
    let mut have = vec![0u8; row.parts.div_ceil(8) as usize];
    for (number, _) in stored_parts(tx, family, id)? {
        if let Some(byte) = have.get_mut((number / 8) as usize) {
            *byte |= 1 << (number % 8);
        }
    }
    Ok(BlobResponse { size: row.size, parts: row.parts, have, complete: row.complete })
}
