//! What destroys: it takes the device itself, not only a sign-in that is bound to it, and can be taken back for 14 days.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use kinfolio_protocol::json::code;
use kinfolio_protocol::sign;
use kinfolio_protocol::sync::PURGE_HEADER;

use crate::clock::DAY_US;
use crate::error::ApiError;
use crate::member::Enrolled;
use crate::store::{Result, Tx};

/// How long a purged version, and a file that a purge left, can be brought back.
pub const PURGE_WAIT_US: i64 = 14 * DAY_US;

/// The device's signature, as the header has it.
pub fn purge_signature(headers: &HeaderMap) -> Option<Vec<u8>> {
    headers.get(PURGE_HEADER).and_then(|value| BASE64URL.decode(value).ok())
}

/// Whether the device itself signed for what is purged.
///
/// # Errors
/// 400 `proof_invalid` when it did not; the store's ([`crate::store`]).
pub fn check_purge(tx: &mut Tx<'_>, device: &Enrolled, order: &[u8], signature: Option<&[u8]>) -> Result<()> {
    let row = tx.query_one(
        "SELECT sign_pk FROM device WHERE family_id = $1 AND device_id = $2",
        &[device.family.0.into(), device.device.0.into()],
    )?;
    let key = row.ok_or_else(ApiError::not_found)?.hash(0)?;
    let signature = signature.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    match signature.map(|signature| sign::verify(&key, order, &signature)) {
        Some(Ok(())) => Ok(()),
        _ => Err(ApiError::bad_request(code::PROOF_INVALID, "a purge needs the device's signature")),
    }
}
