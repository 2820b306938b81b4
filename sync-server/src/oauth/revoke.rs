//! `POST /oauth/revoke` (RFC 7009): either token ends the whole sign-in.

use axum::extract::State as AxumState;
use axum::http::{HeaderMap, StatusCode};

use super::OAuthError;
use super::token::{client_of, form, required};
use crate::accounts::sign_ins;
use crate::accounts::tokens::sha256;
use crate::body::Raw;
use crate::error::ApiError;
use crate::limits::{Action, ClientAddress};
use crate::state::State;

pub(crate) async fn revoke(
    AxumState(state): AxumState<State>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Raw, ApiError>,
) -> Result<StatusCode, OAuthError> {
    state.limits.take(Action::Token, address)?;
    let params = form(&headers, body)?;
    let client = client_of(&state, &params)?;
    let hash = sha256(required(&params, "token")?);
    let now = state.clock.now_us();
    state
        .store
        .account(move |tx| {
            let found = tx.query_one(
                "SELECT s.signin_id FROM signins s WHERE s.client_id = $1 AND s.signin_id IN (
                    SELECT signin_id FROM refresh_tokens WHERE token_hash = $2
                    UNION SELECT signin_id FROM access_tokens WHERE token_hash = $2)",
                &[client.id().into(), hash.into()],
            )?;
            // Unknown, over, or another client's: the answer is the same.
            if let Some(row) = found {
                sign_ins::revoke(tx, row.id(0)?, None, "signed_out", now)?;
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::OK)
}
