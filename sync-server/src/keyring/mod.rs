//! The sealed keyring, and the grants that wait for their devices.

mod grants;
mod notice;

pub use grants::{acknowledge, check_grants, grants, put_grants, put_recovery, recovery, store_grant};

pub(crate) use notice::last_recovery_read;

use axum::http::StatusCode;
use kinfolio_protocol::family::SealedKeyring;
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::keyring_hash;
use kinfolio_protocol::{FamilyId, limits};

use crate::body::{Cbor, Reply};
use crate::error::ApiError;
use crate::log::{int, load};
use crate::member::Member;
use crate::store::{Result, Tx};

/// `GET /families/{family}/keyring`: for parents' devices.
///
/// # Errors
/// 404 for a share's device, and while there is no keyring; a member's ([`crate::member`]).
pub async fn keyring(member: Member) -> Result<Reply<SealedKeyring>> {
    let keyring = member
        .read(|tx, device| {
            device.parent()?;
            let row = tx.query_one(
                "SELECT number, sealed FROM keyring WHERE family_id = $1",
                &[device.family.0.into()],
            )?;
            let row = row.ok_or_else(ApiError::not_found)?;
            Ok(SealedKeyring { number: row.int(0)?.try_into().unwrap_or(0), sealed: row.bytes(1)? })
        })
        .await?;
    Ok(Reply::ok(keyring))
}

/// `PUT /families/{family}/keyring`: any parent's device puts back the keyring that the newest entry pins.
///
/// # Errors
/// 413 for one that is too large; 404 for a share's device; 409 `log_behind` (with `length`) for another than the
/// newest entry pins; a member's ([`crate::member`]).
pub async fn put_keyring(member: Member, Cbor(request): Cbor<SealedKeyring>) -> Result<StatusCode> {
    if request.sealed.len() > limits::KEYRING {
        return Err(ApiError::too_large("the keyring is too large"));
    }
    member
        .write(move |tx, device| {
            device.parent()?;
            let log = load(tx, device.family)?;
            if request.number != log.length() || keyring_hash(&request.sealed) != log.keyring() {
                let why = "only the keyring that the newest entry pins";
                return Err(ApiError::conflict(code::LOG_BEHIND, why).with_detail("length", log.length()));
            }
            store_keyring(tx, device.family, request.number, &request.sealed)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes the keyring of the newest entry. Its hash was compared.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn store_keyring(tx: &mut Tx<'_>, family: FamilyId, number: u64, sealed: &[u8]) -> Result<()> {
    tx.execute(
        "INSERT INTO keyring (family_id, number, sealed) VALUES ($1, $2, $3)
         ON CONFLICT (family_id) DO UPDATE SET number = excluded.number, sealed = excluded.sealed",
        &[family.0.into(), int(number)?, sealed.into()],
    )?;
    Ok(())
}
