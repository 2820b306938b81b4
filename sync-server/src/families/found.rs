//! Founding a family on this server, and the list of an account's families.

use axum::extract::State as AxumState;
use axum::http::{HeaderMap, StatusCode};
use kinfolio_protocol::family::{FamilyItem, FoundRequest, LogLength, Standing};
use kinfolio_protocol::grant::Grant;
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::keyring_hash;
use kinfolio_protocol::log::{Device, Log, Role, Signer};
use kinfolio_protocol::{FamilyId, MemberId, encode, limits};

use super::again;
use crate::accounts::{Bearer, deletion, family_erasures};
use crate::body::{Cbor, Reply, refusal};
use crate::error::ApiError;
use crate::keyring::{check_grants, store_grant, store_keyring};
use crate::links::further;
use crate::log::{self, members};
use crate::state::State;
use crate::store::{Result, Tx};

/// `POST /families`: takes a log as it stands. The same bytes again get the same answer. A family that was erased here is
/// founded again only by a device that was a parent's at its end: header [`kinfolio_protocol::family::PROOF_HEADER`].
///
/// # Errors
/// 409 `conflict` for a family that was erased here and whoever was no parent in it then; 413 for too many entries; 400 `log_invalid` for a log that does not verify, has no parent left or pins another
/// keyring; [`check_grants`]'s; 409 `conflict` for a family that is taken, a founder who is another account, or an
/// account in too many families; the store's ([`crate::store`]).
pub async fn found(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    headers: HeaderMap,
    Cbor(request): Cbor<FoundRequest>,
) -> Result<Reply<LogLength>> {
    if request.log.len() > limits::FOUND_ENTRIES {
        return Err(ApiError::too_large("a log of at most 1,024 entries founds a family"));
    }
    // Signatures by the hundred: not on a thread that answers others.
    let replay = move || Log::replay(&request.log).map(|log| (log, request));
    let replayed = tokio::task::spawn_blocking(replay).await;
    let (log, request) = replayed
        .map_err(|error| ApiError::internal("a log was not replayed to its end").with_source(error))?
        .map_err(refusal)?;
    if keyring_hash(&request.keyring) != log.keyring() || request.keyring.len() > limits::KEYRING {
        return Err(ApiError::bad_request(code::LOG_INVALID, "the newest entry pins another keyring"));
    }
    check_grants(&log, None, &request.grants, request.recovery.as_ref())?;
    let (family, length, now) = (log.family(), log.length(), state.clock.now_us());
    let mut founder = founder(&log, &request.grants)?;
    let answer = Reply(StatusCode::CREATED, LogLength { length });
    if is_stored(&state, family, &request).await? {
        // Who lost the row in a restore gets it back by a device proof, never by sending a log that others know too.
        let owner = state.store.account_read(move |tx| members::account_of(tx, family, founder)).await?;
        return if owner.is_none_or(|owner| owner == bearer.account) { Ok(answer) } else { Err(taken()) };
    }
    let ended = state.store.account_read(move |tx| family_erasures::remembered(tx, family)).await?;
    if !ended.is_empty() {
        founder = again::founder(&state, bearer, &log, &ended, &headers).await?;
    }
    // The account plane first: without a family behind it, the row opens nothing.
    let claim = move |tx: &mut Tx<'_>| {
        if deletion::is_erasing(tx, family)? {
            return Err(ApiError::busy(60).because("the family from before is still being erased"));
        }
        // An order that was given while the old one went was not for this one.
        family_erasures::forget(tx, family)?;
        // Claimed already, its answer was lost.
        if members::account_of(tx, family, founder)? != Some(bearer.account) {
            further::check(tx, bearer, Some(family), now)?;
        }
        members::claim(tx, bearer.account, family, founder, now)
    };
    let claimed = state.store.account(claim).await?;
    let parts = state.clone();
    let stored = state
        .store
        .create_family(family, move |tx| {
            // Somebody may have been faster since the look above.
            if repeats(&log::entries(tx, family)?, &request)? {
                return Ok(());
            }
            log::store(tx, None, &log, &request.log, now, &|| parts.random.make())?;
            store_keyring(tx, family, log.length(), &request.keyring)?;
            request
                .grants
                .iter()
                .chain(&request.recovery)
                .try_for_each(|grant| store_grant(tx, family, grant))
        })
        .await;
    match stored {
        Err(error) if claimed && error.status() == StatusCode::CONFLICT => {
            state.store.account(move |tx| members::release(tx, bearer.account, family, founder)).await?;
            Err(error)
        }
        Ok(()) if claimed => {
            let (mail_id, this) = (state.random.make(), state.clone());
            let tell = move |tx: &mut Tx<'_>| {
                further::tell(tx, bearer.account, family, this.origin.host(), mail_id, now)
            };
            state.store.account(tell).await?;
            state.mail.wake();
            Ok(answer)
        }
        stored => stored.map(|()| answer),
    }
}

/// Whether this log was founded here before; another one under the same id is refused before anything is written.
async fn is_stored(state: &State, family: FamilyId, request: &FoundRequest) -> Result<bool> {
    let stored = state.store.family_read(family, move |tx| log::entries(tx, family)).await;
    match stored {
        Ok(stored) => repeats(&stored, request),
        Err(error) if error.status() == StatusCode::NOT_FOUND => Ok(false),
        Err(error) => Err(error),
    }
}

/// False: there is no log yet. One that begins with the bytes sent may have grown since.
fn repeats(stored: &[Vec<u8>], request: &FoundRequest) -> Result<bool> {
    let mine: Vec<_> = request.log.iter().map(encode).collect();
    match stored {
        [] => Ok(false),
        stored if stored.starts_with(&mine) => Ok(true),
        _ => Err(taken()),
    }
}

/// The member whose account uploads: the parent whose device made the grants, who need not be the first one when a
/// family is founded again; without grants, the one who has been here longest. A device proof has to bear it out.
fn founder(log: &Log, grants: &[Grant]) -> Result<MemberId> {
    let is_parent = |device: &&Device| device.role == Role::Parent;
    let granter = grants.iter().find_map(|grant| match grant.sender {
        Signer::Device(id) => log.device(id).filter(is_parent),
        Signer::Recovery(_) => None,
    });
    granter
        .or_else(|| {
            log.enrolled().map(|(_, device)| device).filter(is_parent).min_by_key(|device| device.number)
        })
        .map(|device| device.member)
        .ok_or_else(|| ApiError::bad_request(code::LOG_INVALID, "a parent's device must remain"))
}

/// `GET /families`: the families in which this account is or was a member.
///
/// # Errors
/// The store's ([`crate::store`]).
pub async fn list(AxumState(state): AxumState<State>, bearer: Bearer) -> Result<Reply<Vec<FamilyItem>>> {
    let rows = state.store.account_read(move |tx| members::everywhere(tx, bearer.account)).await?;
    let mut families = Vec::new();
    for (family, member) in rows {
        let standing = state
            .store
            .family_read(family, move |tx| {
                let row = tx.query_one(
                    "SELECT removed FROM member WHERE family_id = $1 AND member_id = $2",
                    &[family.0.into(), member.0.into()],
                )?;
                row.map(|row| {
                    Ok(if row.opt_int(0)?.is_none() { Standing::Active } else { Standing::Removed })
                })
                .transpose()
            })
            .await;
        match standing {
            Ok(Some(standing)) => families.push(FamilyItem { family, member, standing }),
            // The rest of a founding or joining that was refused.
            Ok(None) => {}
            Err(error) if error.status() == StatusCode::NOT_FOUND => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Reply::ok(families))
}

fn taken() -> ApiError {
    ApiError::conflict(code::CONFLICT, "this family is here already: sign in with an account that is in it")
}
