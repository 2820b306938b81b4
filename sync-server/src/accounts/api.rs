//! `/api/v1/me` and `/api/v1/sign-ins`: the account as its own devices see it.

use axum::Json;
use axum::extract::State as AxumState;
use axum::http::StatusCode;
use kinfolio_protocol::SignInId;
use kinfolio_protocol::json::{Me, SignInItem};

use super::bindings::Binding;
use super::sign_ins::{self, SignIn};
use super::{Bearer, bindings, deletion, users};
use crate::body::Params;
use crate::error::ApiError;
use crate::planted;
use crate::state::State;

/// `GET /api/v1/me`.
pub(crate) async fn me(AxumState(state): AxumState<State>, bearer: Bearer) -> Result<Json<Me>, ApiError> {
    let account = bearer.account;
    let (email, due_us) = state
        .store
        .account_read(move |tx| Ok((users::email_of(tx, account.0)?, deletion::due_at(tx, account.0)?)))
        .await?;
    Ok(Json(Me {
        account: account.to_string(),
        email: email.ok_or_else(ApiError::unauthorized)?,
        sign_in: bearer.sign_in.to_string(),
        environment: state.environment.word().to_owned(),
        deletion_ms: due_us.map(|due_us| due_us / 1000),
    }))
}

/// `DELETE /api/v1/me/deletion`: an enrolled device keeps the account, or a sign-in of the last ten minutes. 404 when it is
/// not to be deleted.
pub(crate) async fn keep_account(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
) -> Result<StatusCode, ApiError> {
    let now = state.clock.now_us();
    let kept = state
        .store
        .account(move |tx| {
            let enrolled = !bindings::of_sign_in(tx, bearer.sign_in)?.is_empty();
            if !enrolled && !sign_ins::is_fresh(tx, bearer.sign_in.0, now)? {
                return Err(ApiError::step_up());
            }
            deletion::stop(tx, bearer.account.0, now)
        })
        .await?;
    if kept { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}

/// `GET /api/v1/sign-ins`: the live ones, newest first.
pub(crate) async fn list(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
) -> Result<Json<Vec<SignInItem>>, ApiError> {
    let now = state.clock.now_us();
    let rows: Vec<SignInItem> = state
        .store
        .account_read(move |tx| {
            let row = |tx: &mut _, sign_in: &SignIn| {
                let id = SignInId(sign_in.id);
                let families = bindings::of_sign_in(tx, id)?;
                Ok(SignInItem {
                    sign_in: id.to_string(),
                    name: sign_in.name.clone(),
                    current: id == bearer.sign_in,
                    created_ms: sign_in.created_us / 1000,
                    last_used_ms: sign_in.last_used_us / 1000,
                    ends_ms: sign_in.ends_us / 1000,
                    platform: sign_in.platform.clone(),
                    app_version: sign_in.app_version.clone(),
                    network: sign_in.network.clone(),
                    devices: families.iter().map(|binding| binding.device.to_string()).collect(),
                    families: families.iter().map(|binding| binding.family.to_string()).collect(),
                })
            };
            sign_ins::live(tx, bearer.account.0, now)?.iter().map(|sign_in| row(tx, sign_in)).collect()
        })
        .await?;
    Ok(Json(rows))
}

/// `DELETE /api/v1/sign-ins/{id}`: signs one of the account's devices out. Another person's is 404. Any other device than
/// the own one takes an enrolled one, of the same family where the other is in one, or a sign-in of the last ten minutes.
pub(crate) async fn revoke(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    params: Params,
) -> Result<StatusCode, ApiError> {
    let id: SignInId = params.id("id")?;
    let (now, owner) = (state.clock.now_us(), (!planted::off("owner")).then_some(bearer.account.0));
    let revoked = state
        .store
        .account(move |tx| {
            // Before a word about families: what stands in those of others is nobody's to learn.
            if let Some(owner) = owner
                && !sign_ins::is_of(tx, id.0, owner)?
            {
                return Ok(false);
            }
            let families =
                |bound: Vec<Binding>| bound.into_iter().map(|binding| binding.family).collect::<Vec<_>>();
            let own = families(bindings::of_sign_in(tx, bearer.sign_in)?);
            let others = families(bindings::of_sign_in(tx, id)?);
            let beside =
                !own.is_empty() && (others.is_empty() || others.iter().any(|family| own.contains(family)));
            if id != bearer.sign_in && !beside && !sign_ins::is_fresh(tx, bearer.sign_in.0, now)? {
                return Err(ApiError::step_up());
            }
            sign_ins::revoke(tx, id.0, owner, "signed_out", now)
        })
        .await?;
    if revoked { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}
