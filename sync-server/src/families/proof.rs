//! Device proofs: a sign-in shows by a signature which enrolled device it is (keys.md 3).

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use kinfolio_protocol::family::{ProofNonce, ProofRequest};
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::{MemberId, SignInId, encode, sign};

use crate::accounts::Bearer;
use crate::accounts::bindings::{self, Binding};
use crate::body::{Cbor, Reply};
use crate::clock::{MINUTE_US, latest_us};
use crate::error::ApiError;
use crate::links::further;
use crate::log::members;
use crate::state::State;
use crate::store::{Result, Tx, Value};

/// How long a nonce may be signed.
const NONCE_LIFE_US: i64 = 2 * MINUTE_US;

/// `POST /device-proof/nonce`.
///
/// # Errors
/// The store's ([`crate::store`]).
pub async fn nonce(AxumState(state): AxumState<State>, bearer: Bearer) -> Result<Reply<ProofNonce>> {
    let nonce: [u8; 32] = state.random.make();
    let now = state.clock.now_us();
    state
        .store
        .account(move |tx| {
            tx.execute(
                "INSERT INTO proof_nonces (nonce_hash, signin_id, expires_at) VALUES ($1, $2, $3)",
                &[sha256(&nonce).0.into(), bearer.sign_in.0.into(), Value::Int(now + NONCE_LIFE_US)],
            )
        })
        .await?;
    Ok(Reply::ok(ProofNonce { nonce, sign_in: bearer.sign_in, issuer: state.origin.url().to_owned() }))
}

/// `POST /device-proof`: binds this sign-in to the device. The same bytes again get the same answer.
///
/// # Errors
/// 404 for a device that the family does not list, or whose member is another account; 400 `proof_invalid` for a
/// nonce that is not this sign-in's, over or used, and for a wrong signature; [`further::check`]'s where a restore took
/// the row of the member; 409 `conflict` for an account in too
/// many families; the store's ([`crate::store`]).
pub async fn prove(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    Cbor(proof): Cbor<ProofRequest>,
) -> Result<StatusCode> {
    let now = state.clock.now_us();
    let (family, device) = (proof.family, proof.device);
    // The nonce is used up even by a proof that fails.
    let (digest, nonce) = (sha256(&encode(&proof)).0, proof.nonce);
    let spend = move |tx: &mut Tx<'_>| spend_nonce(tx, bearer.sign_in, &nonce, digest, now);
    let fresh = state.store.account(spend).await? != Spent::Never;
    let (member, sign_pk) = state
        .store
        .family_read(family, move |tx| {
            let row = tx.query_one(
                "SELECT member_id, sign_pk FROM device
                  WHERE family_id = $1 AND device_id = $2 AND removed IS NULL",
                &[family.0.into(), device.0.into()],
            )?;
            let row = row.ok_or_else(ApiError::not_found)?;
            Ok((MemberId(row.id(0)?), row.hash(1)?))
        })
        .await?;
    let owner = state.store.account_read(move |tx| members::account_of(tx, family, member)).await?;
    let message = sign::device_proof(state.origin.url(), family, device, bearer.sign_in, &proof.nonce);
    let proven = fresh && sign::verify(&sign_pk, &message, &proof.signature).is_ok();
    match owner {
        Some(owner) if owner == bearer.account && !proven => {
            return Err(ApiError::bad_request(code::PROOF_INVALID, "ask for a new nonce and sign it"));
        }
        Some(owner) if owner == bearer.account => {}
        // A restore took the row that said whose the member is: the device's key says it again (tenancy.md 6).
        None if proven => {}
        // To a stranger a family that exists is one that does not.
        _ => return Err(ApiError::not_found()),
    }
    let (mail_id, this) = (state.random.make(), state.clone());
    state
        .store
        .account(move |tx| {
            if owner.is_none() {
                further::check(tx, bearer, Some(family), now)?;
            }
            if members::claim(tx, bearer.account, family, member, now)? {
                further::tell(tx, bearer.account, family, this.origin.host(), mail_id, now)?;
            }
            let binding = Binding { family, device, sign_pk };
            bindings::bind(tx, bearer.sign_in, bearer.account.0, &binding, now)
        })
        .await?;
    state.mail.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// Nonces whose time is over leave.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn sweep(tx: &mut Tx<'_>, now_us: i64) -> Result<()> {
    tx.execute("DELETE FROM proof_nonces WHERE expires_at < $1", &[Value::Int(now_us)])?;
    Ok(())
}

/// What came of a nonce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spent {
    /// It was given to this sign-in, is in time, and was not used before.
    Now,
    /// The same, used before by this very request.
    Before,
    /// Another sign-in's, over, or used by another request.
    Never,
}

/// Uses a nonce up. `request` is the hash of what is signed with it.
pub(crate) fn spend_nonce(
    tx: &mut Tx<'_>,
    sign_in: SignInId,
    nonce: &[u8; 32],
    request: [u8; 32],
    now_us: i64,
) -> Result<Spent> {
    let (nonce, latest) = (Value::from(sha256(nonce).0), Value::Int(latest_us(now_us, NONCE_LIFE_US)));
    let spent = tx.execute(
        "UPDATE proof_nonces SET used_hash = $1
          WHERE nonce_hash = $2 AND signin_id = $3 AND expires_at > $4 AND expires_at <= $5 AND used_hash IS NULL",
        &[request.into(), nonce.clone(), sign_in.0.into(), Value::Int(now_us), latest.clone()],
    )?;
    if spent > 0 {
        return Ok(Spent::Now);
    }
    let before = tx.query_one(
        "SELECT 1 FROM proof_nonces
          WHERE nonce_hash = $1 AND signin_id = $2 AND expires_at > $3 AND used_hash = $4 AND expires_at <= $5",
        &[nonce, sign_in.0.into(), Value::Int(now_us), request.into(), latest],
    )?;
    Ok(if before.is_some() { Spent::Before } else { Spent::Never })
}
