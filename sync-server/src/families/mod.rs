//! A family and its membership log: founding, appending, reading; who belongs to it; how much it holds.

mod append;
mod found;
mod proof;
mod spaces;

pub use append::append;
pub use found::{found, list};
pub use proof::{nonce, prove};
pub use spaces::{SpaceRow, space_of, unsigned};

use axum::http::StatusCode;
use axum::response::Response;
use kinfolio_protocol::cbor::Writer;
use kinfolio_protocol::{FamilyId, family, limits};
use serde::Deserialize;

use crate::body::{Asked, Reply, cbor};
use crate::error::ApiError;
use crate::member::{Member, OwnAccount};
use crate::store::{Result, Tx, Value};

/// Ciphertext that a family may keep, in bytes (20 GiB): about 50,000 photos at 400 KB.
pub const QUOTA: u64 = 20 << 30;

/// Families that an account may belong to.
const FAMILIES: usize = 500;

/// `?after=N`.
#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: u64,
}

/// `GET /families/{family}/log?after=N`: entries after number N, at most [`limits::LOG_PAGE`].
pub async fn log(own: OwnAccount, Asked(After { after }): Asked<After>) -> Result<Response> {
    let family = own.family;
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let entries = own
        .read(move |tx, _| {
            let rows = tx.query(
                "SELECT entry FROM log_entry WHERE family_id = $1 AND number > $2 ORDER BY number LIMIT $3",
                &[family.0.into(), after.into(), Value::Int(limits::LOG_PAGE as i64)],
            )?;
            rows.iter().map(|row| row.bytes(0)).collect::<Result<Vec<_>>>()
        })
        .await?;
    let mut out = Writer::new();
    out.array(entries.len());
    entries.iter().for_each(|entry| out.encoded(entry));
    Ok(cbor(StatusCode::OK, out.finish()))
}

/// `GET /families/{family}/quota`: for parents' devices.
pub async fn quota(member: Member) -> Result<Reply<family::Quota>> {
    let used = member
        .read(|tx, device| {
            device.parent()?;
            used(tx, device.family)
        })
        .await?;
    Ok(Reply::ok(family::Quota { used, limit: QUOTA }))
}

/// Bytes of ciphertext that a family holds, announced blobs included.
fn used(tx: &mut Tx<'_>, family: FamilyId) -> Result<u64> {
    let row = tx.query_one(
        "SELECT CAST(COALESCE(sum(bytes), 0) AS BIGINT) FROM space WHERE family_id = $1",
        &[family.0.into()],
    )?;
    Ok(row.map_or(Ok(0), |row| row.int(0))?.try_into().unwrap_or(0))
}

/// Refuses `more` bytes beyond the quota.
pub fn check_quota(tx: &mut Tx<'_>, family: FamilyId, more: u64) -> Result<()> {
    if used(tx, family)?.saturating_add(more) <= QUOTA {
        return Ok(());
    }
    let why = "the family's space is full: delete photos or ask the operator";
    Err(ApiError::new(StatusCode::INSUFFICIENT_STORAGE, kinfolio_protocol::json::code::QUOTA, why))
}
