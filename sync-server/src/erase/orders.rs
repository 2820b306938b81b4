//! Orders that a device or the recovery key signs: a family's copy shall go, shall stay, an account shall end.

use axum::Json;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use kinfolio_protocol::family::{ErasureItem, OrderRequest, ProofRequest};
use kinfolio_protocol::json::{Deletion, code};
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::Signer;
use kinfolio_protocol::{AccountId, FamilyId, decode, encode, sign};

use super::family::accounts_of_parents;
use super::{begin_account_end, notices};
use crate::accounts::{Bearer, deletion, family_erasures, sign_ins};
use crate::audit::{self, Event};
use crate::body::{Cbor, Params, Raw, Reply, refusal};
use crate::error::ApiError;
use crate::families::{self, Spent};
use crate::log::members;
use crate::mail::texts;
use crate::member::OwnAccount;
use crate::state::State;
use crate::store::{Result, Tx};

/// `POST /families/{family}/erasure`: the copy here goes after 14 days. An order that stands is answered as it stands, and
/// so is the same request again.
///
/// # Errors
/// 404 for a share's device, for a signer that is none, and to strangers; 400 `proof_invalid` for a nonce that is not this
/// sign-in's, over or used, and for a device's wrong signature; 409 `conflict` for an old request whose order was called
/// off since, and for a family that goes with an account just now; the store's ([`crate::store`]).
pub async fn order(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    params: Params,
    body: Result<Cbor<OrderRequest>>,
) -> Result<Reply<ErasureItem>> {
    let family = params.id("family")?;
    let request = Ordered::check(&state, bearer, family, body, sign::erase_family).await?;
    let parents = accounts_of_parents(&state, family).await?;
    let (this, now) = (state.clone(), state.clock.now_us());
    let begin = move |tx: &mut Tx<'_>| {
        let spent = request.spend(tx, bearer, now)?;
        if spent == Spent::Now && family_erasures::begin(tx, family, request.device(), now)? {
            // It would outlive the family, and be waiting for whoever founds it again.
            if deletion::is_erasing(tx, family)? {
                return Err(has_begun());
            }
            audit::record(tx, now, Event::ErasureOrdered, Some(bearer.account.0), Some(bearer.sign_in.0))?;
            let text = texts::erasure_ordered(this.origin.host(), now + family_erasures::SIGNED_WAIT_US);
            family_erasures::tell(tx, &parents, &text, this.random.as_ref(), now)?;
        }
        Ok(())
    };
    state.store.account(begin).await?;
    state.mail.wake();
    let erasure = notices::erasure(&state, family).await?;
    erasure.map(Reply::ok).ok_or_else(|| ApiError::conflict(code::CONFLICT, "it was called off meanwhile"))
}

/// `POST /families/{family}/erasure/cancel`: the copy stays. What was ordered is called off; where the family would go with
/// its last parent's account, and that is who asks, the account stays too. Nothing to call off is no error.
///
/// # Errors
/// As [`order`]'s, but 409 `conflict` when the end has begun.
pub async fn cancel(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    params: Params,
    body: Result<Cbor<OrderRequest>>,
) -> Result<StatusCode> {
    let family = params.id("family")?;
    let request = Ordered::check(&state, bearer, family, body, sign::keep_family).await?;
    let parents = accounts_of_parents(&state, family).await?;
    let goes = notices::erasure(&state, family).await?.is_some();
    let (this, now) = (state.clone(), state.clock.now_us());
    let stop = move |tx: &mut Tx<'_>| {
        if request.spend(tx, bearer, now)? == Spent::Before {
            return Ok(());
        }
        if !family_erasures::stop(tx, family)? {
            if deletion::is_erasing(tx, family)? {
                return Err(has_begun());
            }
            // It would come with the accounts.
            if goes && parents.contains(&bearer.account) {
                deletion::stop(tx, bearer.account.0, now)?;
            }
            return Ok(());
        }
        audit::record(tx, now, Event::ErasureStopped, Some(bearer.account.0), Some(bearer.sign_in.0))?;
        let text = texts::erasure_stopped(this.origin.host(), now);
        family_erasures::tell(tx, &parents, &text, this.random.as_ref(), now)
    };
    state.store.account(stop).await?;
    state.mail.wake();
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/me/deletion`: the account ends after a wait of 7 days; 30 where it takes a family's copy with it, 14 with
/// the signature of one of its devices there. The body is that signature, or nothing. One on its way goes on as it is, and
/// a signature that was sent before begins none.
///
/// # Errors
/// 401 `insufficient_user_authentication` unless its person signed in within the last ten minutes; 404 for a device that
/// is no parent's of this account; 400 `proof_invalid` for a nonce that is not this sign-in's, over or used, and a wrong
/// signature; 409 `conflict` for an old request whose end was called off since; the store's ([`crate::store`]).
pub async fn end_account(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    Raw(body): Raw,
) -> Result<Json<Deletion>> {
    let (account, now) = (bearer.account, state.clock.now_us());
    if !state.store.account_read(move |tx| sign_ins::is_fresh(tx, bearer.sign_in.0, now)).await? {
        return Err(ApiError::step_up());
    }
    if body.is_empty() {
        let is_fresh = move |tx: &mut Tx<'_>| sign_ins::is_fresh(tx, bearer.sign_in.0, now);
        begin_account_end(&state, account.0, None, is_fresh).await?;
    } else {
        let proof: ProofRequest = decode(&body).map_err(refusal)?;
        let (family, nonce) = (signed_end(&state, bearer, &proof).await?, proof.nonce);
        let digest = sha256(&encode(&proof)).0;
        // In the step that begins it: the same bytes again never begin what was called off meanwhile.
        let is_new =
            move |tx: &mut Tx<'_>| match families::spend_nonce(tx, bearer.sign_in, &nonce, digest, now)? {
                Spent::Never => Err(bad_proof()),
                spent => Ok(spent == Spent::Now && sign_ins::is_fresh(tx, bearer.sign_in.0, now)?),
            };
        begin_account_end(&state, account.0, Some(family), is_new).await?;
    }
    let due_us = state.store.account_read(move |tx| deletion::due_at(tx, account.0)).await?;
    let due_us = due_us.ok_or_else(|| ApiError::conflict(code::CONFLICT, "it was called off meanwhile"))?;
    Ok(Json(Deletion { deletion_ms: due_us / 1000 }))
}

/// The family for which one of the account's own devices signed its end; the nonce is still to be spent.
async fn signed_end(state: &State, bearer: Bearer, proof: &ProofRequest) -> Result<FamilyId> {
    let (family, signer) = (proof.family, Signer::Device(proof.device));
    let (key, members) =
        state.store.family_read(family, move |tx| families::standing(tx, family, signer)).await?;
    let own = move |tx: &mut Tx<'_>| {
        let accounts = members.iter().map(|member| members::account_of(tx, family, *member));
        Ok(accounts.collect::<Result<Vec<_>>>()?.contains(&Some(bearer.account)))
    };
    if !state.store.account_read(own).await? {
        return Err(ApiError::not_found());
    }
    let message = sign::end_account(state.origin.url(), family, AccountId(bearer.account.0), &proof.nonce);
    sign::verify(&key, &message, &proof.signature).map_err(|_| bad_proof())?;
    Ok(family)
}

/// An order whose signature holds; its nonce is still to be spent.
struct Ordered(OrderRequest);

impl Ordered {
    /// A device's order comes over a sign-in that is bound to a parent's device; the recovery key's by any sign-in, as
    /// phones and mailbox may be lost with the account.
    async fn check(
        state: &State,
        bearer: Bearer,
        family: FamilyId,
        body: Result<Cbor<OrderRequest>>,
        message: fn(&str, FamilyId, &[u8; 32]) -> Vec<u8>,
    ) -> Result<Self> {
        let by_words = matches!(&body, Ok(Cbor(OrderRequest { signer: Signer::Recovery(_), .. })));
        if !by_words {
            let member = OwnAccount::of(state, bearer, family).await?.bound().await?;
            member.read(|_, device| device.parent()).await?;
        }
        let Cbor(request) = body?;
        let signer = request.signer;
        let (key, _) =
            state.store.family_read(family, move |tx| families::standing(tx, family, signer)).await?;
        let message = message(state.origin.url(), family, &request.nonce);
        match sign::verify(&key, &message, &request.signature) {
            Ok(()) => Ok(Self(request)),
            // To a stranger with wrong words the family is one that is not there.
            Err(_) if by_words => Err(ApiError::not_found()),
            Err(_) => Err(bad_proof()),
        }
    }

    fn device(&self) -> Option<kinfolio_protocol::DeviceId> {
        match self.0.signer {
            Signer::Device(device) => Some(device),
            Signer::Recovery(_) => None,
        }
    }

    fn spend(&self, tx: &mut Tx<'_>, bearer: Bearer, now_us: i64) -> Result<Spent> {
        let digest = sha256(&encode(&self.0)).0;
        match families::spend_nonce(tx, bearer.sign_in, &self.0.nonce, digest, now_us)? {
            Spent::Never => Err(bad_proof()),
            spent => Ok(spent),
        }
    }
}

fn has_begun() -> ApiError {
    ApiError::conflict(
        code::CONFLICT,
        "the end has begun: wait until nothing is left, then found the family again",
    )
}

fn bad_proof() -> ApiError {
    ApiError::bad_request(code::PROOF_INVALID, "ask for a new nonce and sign it")
}
