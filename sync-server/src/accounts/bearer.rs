//! A bearer token to the account and the sign-in it stands for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use kinfolio_protocol::{AccountId, SignInId};

use super::tokens::sha256;
use super::tokens::{self, Kind};
use crate::clock::{MINUTE_US, latest_us};
use crate::error::ApiError;
use crate::planted;
use crate::state::State;
use crate::store::{Result as StoreResult, Tx, Value};

/// So long an access token lives.
pub(crate) const ACCESS_US: i64 = 15 * MINUTE_US;
/// The only scope: everything a phone does.
pub(crate) const SCOPE: &str = "sync";

/// Who asks: an account, through one sign-in. Not yet a member of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The account.
    pub account: AccountId,
    /// The signed-in device.
    pub sign_in: SignInId,
}

impl FromRequestParts<State> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, ApiError> {
        if planted::off("token-in-header")
            && let Some(token) = parts.uri.query().and_then(|query| query.strip_prefix("access_token="))
            && let Ok(value) = format!("Bearer {token}").parse()
        {
            parts.headers.insert(header::AUTHORIZATION, value);
        }
        Ok(resolve_bearer(state, &parts.headers, |_, _| Ok(())).await?.0)
    }
}

/// Resolves the Authorization header and reads something about its bearer at the same moment: one read of the
/// account plane, and one write at a token's first use (which acknowledges the refresh that made it). Tokens
/// elsewhere, as in a query, are never looked at.
///
/// # Errors
/// 401 for a token that is missing, doubled, unknown or over; 429 for a sign-in that asks too often; `also`'s and the
/// store's.
pub async fn resolve_bearer<T, F>(
    state: &State,
    headers: &HeaderMap,
    also: F,
) -> Result<(Bearer, T), ApiError>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>, Bearer) -> StoreResult<T> + Send + 'static,
{
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), another) = (values.next(), values.next()) else { return Err(ApiError::no_token()) };
    let token = value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token)
        .ok_or_else(ApiError::no_token)?;
    if another.is_some() || !tokens::is_ours(token, Kind::Access, state.environment) {
        return Err(ApiError::unauthorized());
    }
    let (hash, now) = (sha256(token), state.clock.now_us());
    let read = move |tx: &mut Tx<'_>| {
        let (bearer, first_use) = look_up(tx, hash, now)?;
        Ok((bearer, first_use, also(tx, bearer)?))
    };
    let (bearer, first_use, more) = state.store.account_read(read).await?;
    // A request counts as one record, whatever it asks for.
    state.limits.take_records(bearer.sign_in.0, 1)?;
    if first_use {
        state.store.account(move |tx| acknowledge(tx, hash, now)).await?;
    }
    Ok((bearer, more))
}

/// Whose a live access token is, and whether this is its first use.
pub(crate) fn look_up(tx: &mut Tx<'_>, hash: [u8; 32], now_us: i64) -> StoreResult<(Bearer, bool)> {
    let row = tx.query_one(
        "SELECT s.user_id, s.signin_id, t.first_used_at FROM access_tokens t
           JOIN signins s ON s.signin_id = t.signin_id
           JOIN users u ON u.user_id = s.user_id
          WHERE t.token_hash = $1 AND t.expires_at > $2 AND t.superseded_at IS NULL
            AND s.revoked_at IS NULL AND s.expires_at > $2 AND u.disabled_at IS NULL AND s.scope = $3
            AND t.expires_at <= $4",
        &[hash.into(), Value::Int(now_us), SCOPE.into(), Value::Int(latest_us(now_us, ACCESS_US))],
    )?;
    let row = row.ok_or_else(ApiError::unauthorized)?;
    let bearer = Bearer { account: row.id(0)?.into(), sign_in: row.id(1)?.into() };
    Ok((bearer, row.opt_int(2)?.is_none()))
}

/// The first use: from now on the refresh token that came with it is the only one that counts. A refresh
/// that was repeated meanwhile has superseded the token: then it never works.
pub(crate) fn acknowledge(tx: &mut Tx<'_>, hash: [u8; 32], now_us: i64) -> StoreResult<()> {
    let row = tx.query_one(
        "UPDATE access_tokens SET first_used_at = COALESCE(first_used_at, $1)
          WHERE token_hash = $2 AND superseded_at IS NULL RETURNING signin_id",
        &[Value::Int(now_us), hash.into()],
    )?;
    row.map(|_| ()).ok_or_else(ApiError::unauthorized)
}
