//! Acknowledged refresh rotation (sign-in.md 2.6): a lost answer never signs a phone out, a stolen token
//! never lives beside the real one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use kinfolio_protocol::family::RefreshProof;
use kinfolio_protocol::{SignInId, decode, sign};

use super::clients::Client;
use super::params::Params;
use super::token::{Pair, keep, required};
use super::{OAuthError, SCOPE};
use crate::accounts::seen::Seen;
use crate::accounts::tokens::sha256;
use crate::accounts::tokens::{self, Kind};
use crate::accounts::{bindings, sign_ins, users};
use crate::audit::{self, Event};
use crate::mail;
use crate::planted;
use crate::state::State;
use crate::store::{Result as StoreResult, Row, Tx, Value};

/// What came of presenting a refresh token. Every one of them commits.
enum Outcome {
    /// A new pair is stored, whose refresh token lives for so many microseconds.
    Fresh(i64),
    /// Unknown, over, another client's, or with a wrong proof: nothing has changed.
    Refused,
    /// Against the rule: the sign-in has ended.
    Reused(Found),
    /// The sign-in is bound to a device, and no proof came.
    ProofMissing,
}

/// What is presented, and the pair that will follow it.
struct Presented {
    hash: [u8; 32],
    client: Client,
    proof: Option<RefreshProof>,
    issuer: String,
    access: [u8; 32],
    fresh: [u8; 32],
    seen: Seen,
    now_us: i64,
}

pub(crate) async fn refresh(
    state: &State,
    client: Client,
    params: &Params,
    seen: Seen,
) -> Result<(Pair, i64), OAuthError> {
    let token = required(params, "refresh_token")?;
    if params.one("scope")?.is_some_and(|scope| scope != SCOPE) && !planted::off("refresh-scope") {
        return Err(OAuthError::Refused("invalid_scope", "ask for no more than was granted"));
    }
    if !tokens::is_ours(token, Kind::Refresh, state.environment) {
        return Err(OAuthError::invalid_grant());
    }
    let pair = Pair::make(state);
    let presented = Presented {
        hash: sha256(token),
        client,
        proof: params.one("device_proof")?.map(read_proof).transpose()?,
        issuer: state.origin.url().to_owned(),
        access: pair.access_hash,
        fresh: pair.refresh_hash,
        seen,
        now_us: state.clock.now_us(),
    };
    let (mail_id, host) = (state.random.make::<16>(), state.origin.host().to_owned());
    let outcome = state
        .store
        .account(move |tx| {
            let outcome = rotate(tx, &presented)?;
            if let Outcome::Reused(found) = &outcome
                && let Some(email) = users::email_of(tx, found.user)?
            {
                let (device, name) = (client.device_word(), found.device_name.clone());
                let password = users::password_set_at(tx, found.user)?.is_some();
                let text = mail::texts::sync_stopped(&host, device, name, password, presented.now_us);
                mail::enqueue(tx, mail_id, &email, &text, presented.now_us)?;
            }
            Ok(outcome)
        })
        .await?;
    match outcome {
        Outcome::Fresh(lives_us) => Ok((pair, lives_us)),
        Outcome::Refused => Err(OAuthError::invalid_grant()),
        Outcome::Reused(_) => {
            state.mail.wake();
            Err(OAuthError::invalid_grant())
        }
        Outcome::ProofMissing => {
            Err(OAuthError::invalid_request("device_proof is missing: this sign-in is bound to a device"))
        }
    }
}

/// The whole rule, in the caller's transaction.
fn rotate(tx: &mut Tx<'_>, presented: &Presented) -> StoreResult<Outcome> {
    let (hash, now) = (presented.hash, presented.now_us);
    let Some(found) = live_sign_in(tx, hash, presented.client, now)? else { return Ok(Outcome::Refused) };
    match proven(tx, &found, hash, presented.proof.as_ref(), &presented.issuer)? {
        Proof::Good => {}
        refused => {
            // Without the device's signature it ends nothing: whoever found an old one would else stop a family's sync. But it was
            // found, and that is told.
            if found.state != "live" {
                audit::record(tx, now, Event::OldKeyShown, Some(found.user), Some(found.sign_in))?;
            }
            let missing = matches!(refused, Proof::Missing);
            return Ok(if missing { Outcome::ProofMissing } else { Outcome::Refused });
        }
    }
    if !may_rotate(tx, &found, now)? {
        sign_ins::revoke(tx, found.sign_in, None, "refresh_reuse", now)?;
        audit::record(tx, now, Event::RefreshReuse, Some(found.user), Some(found.sign_in))?;
        return Ok(Outcome::Reused(found));
    }
    if let Some(proof) = &presented.proof {
        bindings::keep_only(tx, SignInId(found.sign_in), found.user, proof.family, now)?;
    }
    keep(tx, found.sign_in, presented.access, presented.fresh, now)?;
    tx.execute(
        "UPDATE refresh_tokens SET state = 'used', next_hash = $1 WHERE token_hash = $2",
        &[presented.fresh.into(), hash.into()],
    )?;
    sign_ins::used(tx, found.sign_in, &presented.seen, now)?;
    Ok(Outcome::Fresh(sign_ins::IDLE_US.min(found.expires_us - now)))
}

/// A presented refresh token and its sign-in, both locked for this transaction.
struct Found {
    sign_in: [u8; 16],
    user: [u8; 16],
    device_name: Option<String>,
    /// When it ends, however often it is used.
    expires_us: i64,
    state: String,
    next: Option<[u8; 32]>,
}

/// The token's sign-in, if that is alive and this client's.
fn live_sign_in(tx: &mut Tx<'_>, hash: [u8; 32], client: Client, now_us: i64) -> StoreResult<Option<Found>> {
    let sql = "SELECT signin_id FROM refresh_tokens WHERE token_hash = $1";
    let Some(row) = tx.query_one(sql, &[hash.into()])? else { return Ok(None) };
    let client = if planted::off("refresh-client") { Client::Phone } else { client };
    let now_us = if planted::off("refresh-time") { 0 } else { now_us };
    if planted::off("disabled") {
        tx.execute("UPDATE users SET disabled_at = NULL", &[])?;
    }
    // One refresh of a sign-in at a time: what is read below stays true until the commit.
    tx.lock(&row.id(0)?)?;
    let row = tx.query_one(
        "SELECT s.signin_id, s.user_id, s.device_name, r.state, r.next_hash, s.expires_at
           FROM refresh_tokens r
           JOIN signins s ON s.signin_id = r.signin_id
           JOIN users u ON u.user_id = s.user_id
          WHERE r.token_hash = $1 AND s.client_id = $2 AND s.revoked_at IS NULL
            AND s.idle_expires_at > $3 AND s.expires_at > $3 AND u.disabled_at IS NULL",
        &[hash.into(), client.id().into(), Value::Int(now_us)],
    )?;
    row.map(|row: Row| {
        Ok(Found {
            sign_in: row.id(0)?,
            user: row.id(1)?,
            device_name: row.opt_text(2)?,
            expires_us: row.int(5)?,
            state: row.text(3)?,
            next: row.opt_bytes(4)?.and_then(|bytes| bytes.try_into().ok()),
        })
    })
    .transpose()
}

/// Whether the rule lets this token make another: it is live, or its successor is live and was never
/// acknowledged, and then the successor dies. Anything else is reuse.
fn may_rotate(tx: &mut Tx<'_>, found: &Found, now_us: i64) -> StoreResult<bool> {
    if found.state == "live" || planted::off("refresh-reuse") {
        return Ok(true);
    }
    let (true, Some(next)) = (found.state == "used", found.next) else { return Ok(false) };
    // Deciding and superseding are one statement: a first use at this very moment wins or loses, never both.
    let superseded = tx.execute(
        "UPDATE access_tokens SET superseded_at = $1
          WHERE first_used_at IS NULL AND superseded_at IS NULL AND token_hash =
                (SELECT access_hash FROM refresh_tokens WHERE token_hash = $2 AND state = 'live')",
        &[Value::Int(now_us), next.into()],
    )?;
    if superseded == 0 {
        return Ok(false);
    }
    tx.execute("UPDATE refresh_tokens SET state = 'superseded' WHERE token_hash = $1", &[next.into()])?;
    Ok(true)
}

enum Proof {
    Good,
    Missing,
    Bad,
}

/// A sign-in bound to an enrolled device is refreshed by that device only: a stolen token lives 15 minutes.
fn proven(
    tx: &mut Tx<'_>,
    found: &Found,
    hash: [u8; 32],
    proof: Option<&RefreshProof>,
    issuer: &str,
) -> StoreResult<Proof> {
    let sign_in = SignInId(found.sign_in);
    let bound = bindings::of_sign_in(tx, sign_in)?;
    if bound.is_empty() {
        return Ok(Proof::Good);
    }
    let Some(proof) = proof else { return Ok(Proof::Missing) };
    let device = bound.iter().find(|one| one.family == proof.family && one.device == proof.device);
    let good = device.is_some_and(|device| {
        let signed = sign::device_proof(issuer, proof.family, proof.device, sign_in, &hash);
        sign::verify(&device.sign_pk, &signed, &proof.signature).is_ok()
    });
    Ok(if good { Proof::Good } else { Proof::Bad })
}

fn read_proof(text: &str) -> Result<RefreshProof, OAuthError> {
    let unreadable = OAuthError::invalid_request("device_proof cannot be read");
    let Ok(bytes) = BASE64URL.decode(text) else { return Err(unreadable) };
    decode(&bytes).map_err(|_| unreadable)
}

#[cfg(test)]
#[path = "refresh_model.rs"]
mod model;
