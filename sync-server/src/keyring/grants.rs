//! Grants: kept until their device acknowledges them, never opened here.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use kinfolio_protocol::cbor::Writer;
use kinfolio_protocol::family::GrantsRequest;
use kinfolio_protocol::grant::{Grant, GrantKind, Recipient};
use kinfolio_protocol::json::code;
use kinfolio_protocol::log::{Log, Role, Signer};
use kinfolio_protocol::{FamilyId, encode, limits};

use super::notice;
use crate::body::{Cbor, Params, cbor, refusal};
use crate::error::ApiError;
use crate::log::{int, load};
use crate::member::{Enrolled, Member, OwnAccount};
use crate::store::{Result, Tx};

/// `GET /families/{family}/grants`: the grants that wait for this device, oldest first.
///
/// # Errors
/// A member's ([`crate::member`]).
pub async fn grants(member: Member) -> Result<Response> {
    let waiting = member
        .read(|tx, device| {
            let rows = tx.query(
                "SELECT sealed FROM key_grant WHERE family_id = $1 AND recipient = $2 ORDER BY number",
                &[device.family.0.into(), device.device.0.as_slice().into()],
            )?;
            rows.iter().map(|row| row.bytes(0)).collect::<Result<Vec<_>>>()
        })
        .await?;
    let mut out = Writer::new();
    out.array(waiting.len());
    waiting.iter().for_each(|grant| out.encoded(grant));
    Ok(cbor(StatusCode::OK, out.finish()))
}

/// `PUT /families/{family}/grants`: a parent's device writes again what is missing. What is there stays.
///
/// # Errors
/// 404 for a share's device; 400 `log_invalid` for a grant that another device made; [`check_grants`]'s; a member's
/// ([`crate::member`]).
pub async fn put_grants(member: Member, Cbor(request): Cbor<GrantsRequest>) -> Result<StatusCode> {
    member
        .write(move |tx, device| {
            let log = writer(tx, device)?;
            own_grants(device, &request.grants)?;
            check_grants(&log, None, &request.grants, None)?;
            request.grants.iter().try_for_each(|grant| store_grant(tx, device.family, grant))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /families/{family}/grants/{number}`: this device holds the keys now.
///
/// # Errors
/// 404 for a number that is none; a member's ([`crate::member`]).
pub async fn acknowledge(member: Member, params: Params) -> Result<StatusCode> {
    let number: u64 = params.id("number")?;
    let number = int(number).map_err(|_| ApiError::not_found())?;
    member
        .write(move |tx, device| {
            tx.execute(
                "DELETE FROM key_grant WHERE family_id = $1 AND recipient = $2 AND number = $3",
                &[device.family.0.into(), device.device.0.as_slice().into(), number.clone()],
            )
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /families/{family}/recovery`: the newest grant to the recovery key, for a parent's own account. Without an
/// enrolled device every parent is told by mail; a parent's device holds what the grant does.
///
/// # Errors
/// 404 for an account that is no parent's, and while there is no recovery key or no grant to it; a member's
/// ([`crate::member`]).
pub async fn recovery(own: OwnAccount) -> Result<Response> {
    let family = own.family;
    let (grant, told) = own
        .read_as_parent(move |tx, device, parents| {
            let log = load(tx, family)?;
            let key = log.recovery().ok_or_else(ApiError::not_found)?.sign_pk;
            let row = tx.query_one(
                "SELECT sealed FROM key_grant WHERE family_id = $1 AND recipient = $2
                  ORDER BY number DESC LIMIT 1",
                &[family.0.into(), key.into()],
            )?;
            let grant = row.ok_or_else(ApiError::not_found)?.bytes(0)?;
            let bound = device.is_some_and(|device| device.role == Role::Parent);
            Ok((grant, if bound { BTreeSet::new() } else { parents }))
        })
        .await?;
    if !told.is_empty() {
        notice::recovery_read(&own.state, own.bearer, family, told).await?;
    }
    Ok(cbor(StatusCode::OK, grant))
}

/// `PUT /families/{family}/recovery`: a parent's device writes a missing recovery grant again.
///
/// # Errors
/// 404 for a share's device; 400 `log_invalid` for a grant that another device made; [`check_grants`]'s; a member's
/// ([`crate::member`]).
pub async fn put_recovery(member: Member, Cbor(grant): Cbor<Grant>) -> Result<StatusCode> {
    member
        .write(move |tx, device| {
            let log = writer(tx, device)?;
            own_grants(device, std::slice::from_ref(&grant))?;
            check_grants(&log, None, &[], Some(&grant))?;
            store_grant(tx, device.family, &grant)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn writer(tx: &mut Tx<'_>, device: &Enrolled) -> Result<Log> {
    device.parent()?;
    load(tx, device.family)
}

fn own_grants(device: &Enrolled, grants: &[Grant]) -> Result<()> {
    match grants.iter().all(|grant| grant.sender == Signer::Device(device.device)) {
        true => Ok(()),
        false => wrong("a device writes its own grants"),
    }
}

/// Refuses grants that do not fit the log: wrong entry, a sender that was not listed, a recipient that is not
/// enrolled, two for one. `goes_with` is the entry that carries them, and its signer.
///
/// # Errors
/// 413 for too many; 400 `malformed` for one that is no grant by itself, `log_invalid` for one that does not fit.
pub fn check_grants(
    log: &Log,
    goes_with: Option<(u64, Signer)>,
    grants: &[Grant],
    recovery: Option<&Grant>,
) -> Result<()> {
    if grants.len() > limits::GRANTS {
        return Err(ApiError::too_large("too many grants"));
    }
    if recovery.is_some_and(|grant| grant.kind != GrantKind::Recovery)
        || grants.iter().any(|grant| grant.kind == GrantKind::Recovery)
    {
        return wrong("a recovery grant has its own place");
    }
    let mut seen = BTreeSet::new();
    for grant in grants.iter().chain(recovery) {
        grant.check().map_err(refusal)?;
        if goes_with.is_some_and(|place| place != (grant.number, grant.sender)) {
            return wrong("a grant goes with another entry");
        }
        if log.sender_at(grant.sender, grant.number).is_none() {
            return wrong("a grant's sender was not listed at its entry");
        }
        let known = match grant.recipient {
            Recipient::Device(device) => log.device(device).is_some(),
            Recipient::Recovery(key) => log.recovery().is_some_and(|paper| paper.sign_pk == key),
        };
        if !known {
            return wrong("a grant's recipient is not enrolled");
        }
        if !seen.insert((grant.recipient, grant.number)) {
            return wrong("two grants for one recipient");
        }
    }
    Ok(())
}

/// Writes a grant if it is missing. Of the recovery key's grants only the newest is kept.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn store_grant(tx: &mut Tx<'_>, family: FamilyId, grant: &Grant) -> Result<()> {
    let recipient = grant.recipient.as_bytes();
    let number = int(grant.number)?;
    tx.execute(
        "INSERT INTO key_grant (family_id, recipient, number, sealed) VALUES ($1, $2, $3, $4)
         ON CONFLICT (family_id, recipient, number) DO NOTHING",
        &[family.0.into(), recipient.into(), number.clone(), encode(grant).into()],
    )?;
    if matches!(grant.recipient, Recipient::Recovery(_)) {
        tx.execute(
            "DELETE FROM key_grant WHERE family_id = $1 AND recipient = $2 AND number < $3",
            &[family.0.into(), recipient.into(), number],
        )?;
    }
    Ok(())
}

fn wrong<T>(why: &'static str) -> Result<T> {
    Err(ApiError::bad_request(code::LOG_INVALID, why))
}
