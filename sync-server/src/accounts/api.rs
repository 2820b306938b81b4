//! `/api/v1/me` and `/api/v1/sign-ins`: the account as its own devices see it.

use axum::Json;
use axum::extract::{Path, State as AxumState};
use axum::http::StatusCode;
use kinfolio_protocol::json::{Me, SignInItem};
use kinfolio_protocol::{FamilyId, SignInId};

use super::{Bearer, bindings, sign_ins, users};
use crate::error::ApiError;
use crate::state::State;
use crate::store::Value;

/// `GET /api/v1/me`.
pub(crate) async fn me(AxumState(state): AxumState<State>, bearer: Bearer) -> Result<Json<Me>, ApiError> {
    let account = bearer.account;
    let email = state.store.account_read(move |tx| users::email_of(tx, account.0)).await?;
    Ok(Json(Me {
        account: account.to_string(),
        email: email.ok_or_else(ApiError::unauthorized)?,
        sign_in: bearer.sign_in.to_string(),
        environment: state.environment.word().to_owned(),
    }))
}

/// `GET /api/v1/sign-ins`: the live ones, newest first.
pub(crate) async fn list(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
) -> Result<Json<Vec<SignInItem>>, ApiError> {
    let now = state.clock.now_us();
    let rows = state
        .store
        .account_read(move |tx| {
            let rows = tx.query(
                "SELECT signin_id, created_at, last_used_at FROM signins
                  WHERE user_id = $1 AND revoked_at IS NULL AND idle_expires_at > $2 AND expires_at > $2
                  ORDER BY created_at DESC, signin_id",
                &[bearer.account.0.into(), Value::Int(now)],
            )?;
            rows.iter()
                .map(|row| {
                    let id = SignInId(row.id(0)?);
                    let families = bindings::of_sign_in(tx, id)?;
                    Ok(SignInItem {
                        sign_in: id.to_string(),
                        current: id == bearer.sign_in,
                        created_ms: row.int(1)? / 1000,
                        last_used_ms: row.int(2)? / 1000,
                        families: families
                            .iter()
                            .map(|binding| FamilyId::to_string(&binding.family))
                            .collect(),
                    })
                })
                .collect::<Result<Vec<_>, ApiError>>()
        })
        .await?;
    Ok(Json(rows))
}

/// `DELETE /api/v1/sign-ins/{id}`: signs one of the account's devices out. Another person's is 404.
pub(crate) async fn revoke(
    AxumState(state): AxumState<State>,
    bearer: Bearer,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id: SignInId = id.parse().map_err(|_| ApiError::not_found())?;
    let now = state.clock.now_us();
    let revoked = state
        .store
        .account(move |tx| sign_ins::revoke(tx, id.0, Some(bearer.account.0), "signed_out", now))
        .await?;
    if revoked { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) }
}
