//! A family and its membership log: founding, appending, reading; who belongs to it; how much it holds.

mod again;
mod append;
mod approval;
mod found;
mod proof;
mod purge;
mod quota;
mod spaces;

pub use append::append;
pub use approval::approve;
pub(crate) use approval::standing;
pub use found::{found, list};
pub(crate) use proof::{Spent, spend_nonce};
pub use proof::{nonce, prove, sweep};
pub use purge::{PURGE_WAIT_US, check_purge, purge_signature};
pub use quota::{Want, check_quota, quota};
pub use spaces::{SpaceRow, space_of, unsigned};

use axum::http::StatusCode;
use axum::response::Response;
use kinfolio_protocol::cbor::Writer;
use kinfolio_protocol::{FamilyId, MemberId, limits};
use serde::Deserialize;

use crate::body::{Asked, cbor};
use crate::member::OwnAccount;
use crate::store::{Result, Tx, Value};

/// The members with a parent's device in the family that is enrolled now.
pub(crate) fn with_parents_device(tx: &mut Tx<'_>, family: FamilyId) -> Result<Vec<MemberId>> {
    let rows = tx.query(
        "SELECT member_id, share_id FROM device WHERE family_id = $1 AND removed IS NULL",
        &[family.0.into()],
    )?;
    let mut parents = Vec::new();
    for row in rows {
        if row.opt_id(1)?.is_none() {
            parents.push(MemberId(row.id(0)?));
        }
    }
    Ok(parents)
}

/// `?after=N`.
#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: u64,
}

/// `GET /families/{family}/log?after=N`: entries after number N, at most [`limits::LOG_PAGE`].
///
/// # Errors
/// A member's ([`crate::member`]).
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
