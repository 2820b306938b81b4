//! `POST /oauth/token`: a code for tokens, a refresh token for new ones.

use axum::Json;
use axum::extract::State as AxumState;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use zeroize::Zeroizing;

use super::clients::Client;
use super::codes::{self, Redeemed};
use super::params::{Doubled, Params};
use super::{OAuthError, SCOPE, refresh};
use crate::accounts::ACCESS_US;
use crate::accounts::seen::{Seen, platform_name};
use crate::accounts::sessions;
use crate::accounts::sign_ins::{self, NewSignIn};
use crate::accounts::tokens::{self, Kind, sha256};
use crate::accounts::users;
use crate::body::Raw;
use crate::error::ApiError;
use crate::limits::{Action, ClientAddress, neighbourhood};
use crate::mail;
use crate::state::State;
use crate::store::{Result as StoreResult, Tx, Value};

/// A pair of new tokens: texts for the client, hashes for the store.
pub(crate) struct Pair {
    pub(crate) access: Zeroizing<String>,
    pub(crate) refresh: Zeroizing<String>,
    pub(crate) access_hash: [u8; 32],
    pub(crate) refresh_hash: [u8; 32],
}

impl Pair {
    /// Makes a pair; nothing is stored yet.
    pub(crate) fn make(state: &State) -> Self {
        let access = tokens::make(Kind::Access, state.environment, state.random.as_ref());
        let refresh = tokens::make(Kind::Refresh, state.environment, state.random.as_ref());
        let (access_hash, refresh_hash) = (sha256(&access), sha256(&refresh));
        Self { access, refresh, access_hash, refresh_hash }
    }

    /// `lives_us`: how long the refresh token is good for, which an app needs to warn in time.
    fn into_response(self, lives_us: i64) -> Response {
        Json(json!({
            "access_token": self.access.as_str(),
            "token_type": "Bearer",
            "expires_in": ACCESS_US / 1_000_000,
            "refresh_token": self.refresh.as_str(),
            "refresh_token_expires_in": lives_us / 1_000_000,
            "scope": SCOPE,
        }))
        .into_response()
    }
}

/// Stores a live pair of a sign-in, by hash.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    sign_in: [u8; 16],
    access: [u8; 32],
    refresh: [u8; 32],
    now_us: i64,
) -> StoreResult<()> {
    tx.execute(
        "INSERT INTO access_tokens (token_hash, signin_id, expires_at) VALUES ($1, $2, $3)",
        &[access.into(), sign_in.into(), Value::Int(now_us + ACCESS_US)],
    )?;
    tx.execute(
        "INSERT INTO refresh_tokens (token_hash, signin_id, state, access_hash, created_at)
         VALUES ($1, $2, 'live', $3, $4)",
        &[refresh.into(), sign_in.into(), access.into(), Value::Int(now_us)],
    )?;
    Ok(())
}

pub(crate) async fn token(
    AxumState(state): AxumState<State>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    body: Result<Raw, ApiError>,
) -> Result<Response, OAuthError> {
    state.limits.take(Action::Token, address)?;
    let params = form(&headers, body)?;
    let client = client_of(&state, &params)?;
    let seen = Seen::of(&headers, neighbourhood(address));
    match required(&params, "grant_type")? {
        "authorization_code" => {
            code(&state, client, &params, seen).await.map(|pair| pair.into_response(sign_ins::IDLE_US))
        }
        "refresh_token" => {
            let (pair, lives_us) = refresh::refresh(&state, client, &params, seen).await?;
            Ok(pair.into_response(lives_us))
        }
        _ => Err(OAuthError::Refused("unsupported_grant_type", "use a code or a refresh token")),
    }
}

/// The parameters of a token endpoint: a form, each parameter once, from a client without a secret.
pub(crate) fn form(headers: &HeaderMap, body: Result<Raw, ApiError>) -> Result<Params, OAuthError> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(OAuthError::ClientSecret);
    }
    let Raw(body) =
        body.map_err(|_| OAuthError::invalid_request("send the whole form, of 16 KiB at most"))?;
    if !Params::is_form(headers) {
        return Err(OAuthError::invalid_request("send a form"));
    }
    let params = Params::parse(&body).ok_or(OAuthError::invalid_request("the form cannot be read"))?;
    if params.has_doubles() { Err(Doubled.into()) } else { Ok(params) }
}

/// The client that asks.
pub(crate) fn client_of(state: &State, params: &Params) -> Result<Client, OAuthError> {
    Client::by_id(required(params, "client_id")?, state.desktop_client())
        .ok_or(OAuthError::Refused("invalid_client", "this client is not known here"))
}

/// A parameter that must be there.
pub(crate) fn required<'a>(params: &'a Params, name: &'static str) -> Result<&'a str, OAuthError> {
    params.one(name)?.ok_or(OAuthError::invalid_request("a parameter is missing"))
}

impl From<Doubled> for OAuthError {
    fn from(_: Doubled) -> Self {
        Self::invalid_request("a parameter stands twice")
    }
}

async fn code(state: &State, client: Client, params: &Params, seen: Seen) -> Result<Pair, OAuthError> {
    let hash = sha256(required(params, "code")?);
    let redirect_uri = required(params, "redirect_uri")?.to_owned();
    let verifier = Zeroizing::new(required(params, "code_verifier")?.to_owned());
    let device_name = params.one("device_name")?.map(sign_ins::clean_name).filter(|name| !name.is_empty());
    let pair = Pair::make(state);
    let (access, refresh) = (pair.access_hash, pair.refresh_hash);
    let (sign_in, mail_id) = (state.random.make::<16>(), state.random.make::<16>());
    let (now, host) = (state.clock.now_us(), state.origin.host().to_owned());
    let granted = state
        .store
        .account(move |tx| {
            let grant = match codes::redeem(tx, hash, client.id(), &redirect_uri, &verifier, now)? {
                Redeemed::Grant(grant) => grant,
                Redeemed::Refused => return Ok(false),
                Redeemed::Replayed(sign_in) => {
                    sign_ins::revoke(tx, sign_in, None, "code_replay", now)?;
                    return Ok(false);
                }
            };
            let new = NewSignIn {
                id: sign_in,
                user: grant.user,
                client_id: client.id(),
                device_name: device_name.as_deref(),
                scope: &grant.scope,
                amr: &grant.amr,
                auth_time_us: grant.auth_time_us,
                seen: &seen,
            };
            sign_ins::create(tx, &new, now)?;
            codes::link(tx, hash, sign_in)?;
            keep(tx, sign_in, access, refresh, now)?;
            if let Some(email) = users::email_of(tx, grant.user)? {
                let text = mail::texts::new_sign_in(
                    &host,
                    client.device_word(),
                    device_name.clone(),
                    seen.platform.and_then(platform_name).map(str::to_owned),
                    sessions::in_words(&grant.amr),
                    users::password_set_at(tx, grant.user)?.is_some(),
                    now,
                );
                mail::enqueue(tx, mail_id, &email, &text, now)?;
            }
            Ok(true)
        })
        .await?;
    state.mail.wake();
    if granted { Ok(pair) } else { Err(OAuthError::invalid_grant()) }
}
