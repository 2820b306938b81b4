//! Links: outside any family, where an invite and an ask meet. One use, a bearer token only.

pub mod further;
mod rows;

pub use rows::{answerable, close, die_with, sweep};

use axum::extract::State as AxumState;
use axum::http::StatusCode;
use kinfolio_protocol::json::code;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::link::{LinkKind, LinkPost, LinkRequest, LinkResponse, LinkState};
use kinfolio_protocol::{DeviceId, FamilyId, LinkId, decode, encode, limits};

use crate::accounts::{Bearer, bindings, users};
use crate::body::{Cbor, Params, Reply};
use crate::clock::SECOND_US;
use crate::error::ApiError;
use crate::log::members;
use crate::member::OwnAccount;
use crate::state::State;
use crate::store::{Result, Tx, Value};
use rows::{Link, find};

/// `PUT /links/{link}`: an enrolled phone opens an invite, a new phone an ask. The same again is the same.
///
/// # Errors
/// 404 for an id that is none; 400 `malformed` for a life over 48 hours, or for neither an invite nor an ask; 413 for
/// a name that is too long; of an invite 404 or 403 to whoever holds no parent's device of the family; 429 beyond 50
/// open links; [`further::check`]'s for an ask; 409 `link_closed` for an id that another link has; the store's ([`crate::store`]).
pub async fn open(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    params: Params,
    Cbor(request): Cbor<LinkRequest>,
) -> Result<StatusCode> {
    let id: LinkId = params.id("link")?;
    if request.expires_s == 0 || request.expires_s > limits::LINK_SECONDS {
        return Err(ApiError::bad_request(code::MALFORMED, "a link lives up to 48 hours"));
    }
    let fits = match request.kind {
        LinkKind::Invite => request.family.is_some() && request.post.is_none(),
        LinkKind::Ask => request.family.is_none() && request.post.is_some(),
    };
    if !fits {
        return Err(ApiError::bad_request(code::MALFORMED, "an invite names its family, an ask its keys"));
    }
    request.post.as_ref().map_or(Ok(()), check_post)?;
    let device = match request.family {
        Some(family) => Some(parents_device(&state, bearer, family).await?),
        None => None,
    };
    let now = state.clock.now_us();
    state.store.account(move |tx| rows::open(tx, id, bearer, device, &request, now)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Invites are a parent's.
async fn parents_device(state: &State, bearer: Bearer, family: FamilyId) -> Result<DeviceId> {
    let member = OwnAccount::of(state, bearer, family).await?.bound().await?;
    member.read(|_, device| device.parent().map(|()| device.device)).await
}

fn check_post(post: &LinkPost) -> Result<()> {
    if post.sealed_name.len() > limits::LINK_NAME {
        return Err(ApiError::too_large("the device's name is too long"));
    }
    Ok(())
}

/// `PUT /links/{link}/post`: a new phone answers an invite with its public keys. The first one has it.
///
/// # Errors
/// 404 for a link that is not there; 413 for a name that is too long; [`further::check`]'s; 409 `link_closed` for one that is over, is an
/// ask, or has another's answer; the store's ([`crate::store`]).
pub async fn post(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    params: Params,
    Cbor(post): Cbor<LinkPost>,
) -> Result<StatusCode> {
    let id: LinkId = params.id("link")?;
    check_post(&post)?;
    let now = state.clock.now_us();
    state
        .store
        .account(move |tx| {
            tx.lock(id.as_bytes())?;
            let link = find(tx, id)?.ok_or_else(ApiError::not_found)?;
            if link.kind == LinkKind::Invite && link.same_post(&post, bearer.account) {
                return Ok(());
            }
            further::check(tx, bearer, link.family, now)?;
            if link.kind == LinkKind::Ask || link.post.is_some() || link.is_over(now) {
                return Err(closed());
            }
            tx.execute(
                "UPDATE links SET post = $1, poster_user = $2 WHERE link_id = $3",
                &[encode(&post).into(), bearer.account.0.into(), id.0.into()],
            )?;
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /links/{link}`: how far it has come.
///
/// # Errors
/// 404 for a link that is not there; the store's ([`crate::store`]).
pub async fn look(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    params: Params,
) -> Result<Reply<LinkResponse>> {
    let id: LinkId = params.id("link")?;
    let now = state.clock.now_us();
    let link = state.store.account_read(move |tx| find(tx, id)?.ok_or_else(ApiError::not_found)).await?;
    // Whoever approves is told whose phone it is: for an invite a parent's device of that family, for an ask whoever
    // scanned it, since the code was shown to them.
    let approver = match (link.kind, link.family) {
        (LinkKind::Ask, _) => true,
        (LinkKind::Invite, None) => false,
        (LinkKind::Invite, Some(family)) => match parents_device(&state, bearer, family).await {
            Ok(_) => true,
            Err(error) if error.status().is_client_error() => false,
            Err(error) => return Err(error),
        },
    };
    let reply = state.store.account_read(move |tx| reply(tx, bearer, &link, approver, now)).await?;
    Ok(Reply::ok(reply))
}

fn reply(tx: &mut Tx<'_>, bearer: Bearer, link: &Link, approver: bool, now_us: i64) -> Result<LinkResponse> {
    let state = match (link.number, link.is_over(now_us), &link.post) {
        (Some(_), _, _) => LinkState::Joined,
        (None, true, _) => LinkState::Expired,
        (None, false, Some(_)) => LinkState::Posted,
        (None, false, None) => LinkState::Open,
    };
    let mut answer = LinkResponse {
        state,
        family: link.family,
        post: None,
        email: None,
        member: None,
        number: link.number,
    };
    let Some(poster) = link.poster else { return Ok(answer) };
    if approver || poster == bearer.account {
        answer.post = link.post.as_deref().map(decode).transpose().map_err(crate::body::refusal)?;
    }
    if approver {
        answer.email = users::email_of(tx, poster.0)?;
        let bound = bindings::of_sign_in(tx, bearer.sign_in)?;
        let families = bound.iter().map(|binding| binding.family);
        for family in families.filter(|family| link.family.is_none_or(|of| of == *family)) {
            let known = members::of_account(tx, poster, family)?;
            answer.member = answer.member.or(known.first().copied());
        }
    }
    Ok(answer)
}

/// What a used, expired or foreign link answers to whoever wants to use it.
fn closed() -> ApiError {
    ApiError::conflict(code::LINK_CLOSED, "this link was used or is too old: make a new one")
}

/// Microseconds from now, and the opening request's hash.
fn terms(request: &LinkRequest, now_us: i64) -> (Value, Value) {
    let life = i64::try_from(request.expires_s).unwrap_or(0).saturating_mul(SECOND_US);
    (Value::Int(now_us.saturating_add(life)), sha256(&encode(request)).0.into())
}
