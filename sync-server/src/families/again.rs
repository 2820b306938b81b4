//! Who founds a family again that was erased here: a device that was a parent's at its end, and shows it by a signature.
//! Anybody who ever belonged to the family has its log, or a part of it.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use kinfolio_protocol::family::{PROOF_HEADER, ProofRequest};
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::{Log, Role};
use kinfolio_protocol::{MemberId, decode, encode, sign};

use super::proof::{Spent, spend_nonce};
use crate::accounts::Bearer;
use crate::accounts::family_erasures::ErasedDevice;
use crate::error::ApiError;
use crate::state::State;
use crate::store::{Result, Tx};

/// The member whose device proves itself: listed as a parent's by the log that is sent, and at the end.
pub(super) async fn founder(
    state: &State,
    bearer: Bearer,
    log: &Log,
    ended: &[ErasedDevice],
    headers: &HeaderMap,
) -> Result<MemberId> {
    let proof = headers
        .get(PROOF_HEADER)
        .and_then(|value| BASE64URL.decode(value).ok())
        .and_then(|bytes| decode::<ProofRequest>(&bytes).ok())
        .ok_or_else(refused)?;
    let device = log.device(proof.device).filter(|device| device.role == Role::Parent).ok_or_else(refused)?;
    let parent = |old: &ErasedDevice| old.parent && old.sign_pk == device.sign_pk;
    if proof.family != log.family() || !ended.iter().any(parent) || !all_remained(log, ended) {
        return Err(refused());
    }
    let message =
        sign::device_proof(state.origin.url(), proof.family, proof.device, bearer.sign_in, &proof.nonce);
    sign::verify(&device.sign_pk, &message, &proof.signature).map_err(|_| refused())?;
    let (digest, now) = (sha256(&encode(&proof)).0, state.clock.now_us());
    let spend = move |tx: &mut Tx<'_>| spend_nonce(tx, bearer.sign_in, &proof.nonce, digest, now);
    match state.store.account(spend).await? {
        Spent::Never => Err(ApiError::bad_request(code::PROOF_INVALID, "ask for a new nonce and sign it")),
        Spent::Now | Spent::Before => Ok(device.member),
    }
}

/// Whether a log that may be older than the end lists no device that was removed by then: it would be let in again.
fn all_remained(log: &Log, ended: &[ErasedDevice]) -> bool {
    let length = ended.first().map_or(0, |device| device.log_length);
    let mut then = log.enrolled().filter(|(_, device)| i64::from(device.number) <= length);
    then.all(|(_, device)| ended.iter().any(|old| old.sign_pk == device.sign_pk))
}

fn refused() -> ApiError {
    let why = "this family was erased here: only a phone that was a parent's then, and knows of every removal, founds it again";
    ApiError::conflict(code::CONFLICT, why)
}
