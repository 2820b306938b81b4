//! How much ciphertext a family may keep, and how much it keeps now.

use axum::http::StatusCode;
use kinfolio_protocol::json::code;
use kinfolio_protocol::{FamilyId, family};

use crate::body::Reply;
use crate::error::ApiError;
use crate::member::Member;
use crate::store::{Result, Tx};

/// What wants room. Photos stop at the quota. Notes go on for a 64th more, so that a full family can still be
/// tidied up, and purges, which are what makes room, for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A blob.
    Blob,
    /// Records.
    Records,
    /// Nothing but tombstones.
    Purges,
}

/// `GET /families/{family}/quota`: for parents' devices.
///
/// # Errors
/// 404 for a share's device; a member's ([`crate::member`]).
pub async fn quota(member: Member) -> Result<Reply<family::Quota>> {
    let used = member
        .read(|tx, device| {
            device.parent()?;
            used(tx, device.family)
        })
        .await?;
    Ok(Reply::ok(family::Quota { used, limit: member.state().config.quota() }))
}

/// Bytes of ciphertext that a family holds: records, their replaced versions, announced blobs, those that wait for their
/// end too.
fn used(tx: &mut Tx<'_>, family: FamilyId) -> Result<u64> {
    let row = tx.query_one(
        "SELECT CAST(COALESCE(sum(bytes), 0) AS BIGINT) FROM space WHERE family_id = $1",
        &[family.0.into()],
    )?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?.try_into().unwrap_or(0))
}

/// Refuses `more` bytes beyond the `quota`.
///
/// # Errors
/// 507 `quota`; the store's ([`crate::store`]).
pub fn check_quota(tx: &mut Tx<'_>, family: FamilyId, want: Want, more: u64, quota: u64) -> Result<()> {
    let beyond = match want {
        Want::Blob => 0,
        Want::Records => quota / 64,
        Want::Purges => quota / 32,
    };
    if used(tx, family)?.saturating_add(more) <= quota.saturating_add(beyond) {
        return Ok(());
    }
    let why = "the family's space is full: ask the operator for more";
    Err(ApiError::new(StatusCode::INSUFFICIENT_STORAGE, code::QUOTA, why))
}
