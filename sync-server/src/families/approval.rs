//! A device of the family, or its recovery key, stands in for the lost authenticator of a parent's account.

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use kinfolio_protocol::family::ApprovalRequest;
use kinfolio_protocol::log::{Role, Signer};
use kinfolio_protocol::{FamilyId, MemberId, sign};

use crate::accounts::{approval, bindings};
use crate::body::Cbor;
use crate::error::ApiError;
use crate::limits::{Action, ClientAddress};
use crate::log::{self, members};
use crate::state::State;
use crate::store::{Result, Tx};

/// `POST /second-step`: the signature is all that it needs, as who lost the authenticator may be signed in nowhere.
///
/// # Errors
/// 404 for digits that nobody waits with, a family or signer that is not there, another account's device and a wrong
/// signature alike; 429 `slow_down` by address; the store's ([`crate::store`]).
pub async fn approve(
    AxumState(state): AxumState<State>,
    ClientAddress(address): ClientAddress,
    Cbor(request): Cbor<ApprovalRequest>,
) -> Result<StatusCode> {
    state.limits.take(Action::Login, address)?;
    let (family, signer, now) = (request.family, request.signer, state.clock.now_us());
    let mac = approval::mac(&state.secrets, &request.code);
    let waiting = state.store.account_read(move |tx| approval::find(tx, mac, now)).await?;
    let waiting = waiting.ok_or_else(ApiError::not_found)?;
    let (key, may) = state.store.family_read(family, move |tx| standing(tx, family, signer)).await?;
    let message = sign::approval(state.origin.url(), family, &request.code);
    sign::verify(&key, &message, &request.signature).map_err(|_| ApiError::not_found())?;
    let (mail_id, this) = (state.random.make(), state.clone());
    let approved = state
        .store
        .account(move |tx| {
            let mut own = false;
            for member in &may {
                own |= members::account_of(tx, family, *member)? == Some(waiting.user.into());
            }
            // A family that somebody else founded with this account stands in for nothing once they are signed out.
            let live = bindings::live_in(tx, waiting.user, family, now)?;
            let by_words = match signer {
                Signer::Device(device) => {
                    own &= live.contains(&device);
                    false
                }
                Signer::Recovery(_) => {
                    own &= !live.is_empty();
                    true
                }
            };
            Ok(own && approval::approve(tx, waiting, by_words, this.origin.host(), mail_id, now)?)
        })
        .await?;
    state.mail.wake();
    if approved { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}

/// The key of a signer, and the members that it may stand in for: a device for its own, the recovery key for any parent.
pub(crate) fn standing(
    tx: &mut Tx<'_>,
    family: FamilyId,
    signer: Signer,
) -> Result<([u8; 32], Vec<MemberId>)> {
    let log = log::load(tx, family)?;
    let mut parents = log.enrolled().filter(|(_, device)| device.role == Role::Parent);
    match signer {
        Signer::Device(id) => {
            let (_, device) = parents.find(|(found, _)| *found == id).ok_or_else(ApiError::not_found)?;
            Ok((device.sign_pk, vec![device.member]))
        }
        Signer::Recovery(key) if log.recovery().is_some_and(|paper| paper.sign_pk == key) => {
            Ok((key, parents.map(|(_, device)| device.member).collect()))
        }
        Signer::Recovery(_) => Err(ApiError::not_found()),
    }
}
