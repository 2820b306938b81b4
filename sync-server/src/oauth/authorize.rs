//! `GET /oauth/authorize`: checks the request, keeps it, and leads to the pages.

use axum::extract::{RawQuery, State as AxumState};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::clients::Client;
use super::params::Params;
use super::transactions::{self, Transaction};
use super::{SCOPE, pkce};
use crate::accounts::sessions::sha256;
use crate::pages::{PageFault, Visitor, link};
use crate::state::State;

/// Longest `state`: more is refused, not cut.
const STATE_BYTES: usize = 4096;

pub(crate) async fn authorize(
    AxumState(state): AxumState<State>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, PageFault> {
    let params =
        query.and_then(|query| Params::parse(query.as_bytes())).ok_or_else(PageFault::unknown_app)?;
    // Client and redirect first: while they are in doubt nothing is ever redirected.
    let client = params.one("client_id").ok().flatten();
    let client = client.and_then(|id| Client::by_id(id, state.desktop_client()));
    let redirect_uri = params.one("redirect_uri").ok().flatten();
    let (Some(client), Some(redirect_uri)) = (client, redirect_uri) else {
        return Err(PageFault::unknown_app());
    };
    if !client.allows(redirect_uri, &state.origin) {
        return Err(PageFault::unknown_app());
    }
    let echoed = params.one("state").ok().flatten().filter(|text| text.len() <= STATE_BYTES);
    let request = match checked(&params, client, redirect_uri, echoed, state.random.make()) {
        Ok(request) => request,
        Err(word) => {
            let answer = [("error", word)];
            return Ok(redirect(&answer_url(redirect_uri, &answer, echoed, state.origin.url())));
        }
    };
    let (now, browser, id) = (state.clock.now_us(), sha256(visitor.browser()), request.id);
    state.store.account(move |tx| transactions::begin(tx, &request, browser, now)).await?;
    Ok(visitor.keep_cookie(&state, redirect(&link("/login", Some(id)))))
}

/// Everything that may be told to the app by redirect.
fn checked(
    params: &Params,
    client: Client,
    redirect_uri: &str,
    echoed: Option<&str>,
    id: [u8; 16],
) -> Result<Transaction, &'static str> {
    if params.has_doubles() {
        return Err("invalid_request");
    }
    let one = |name: &str| params.one(name).ok().flatten();
    if one("request").is_some() {
        return Err("request_not_supported");
    }
    if one("request_uri").is_some() {
        return Err("request_uri_not_supported");
    }
    match one("response_type") {
        Some("code") => {}
        Some(_) => return Err("unsupported_response_type"),
        None => return Err("invalid_request"),
    }
    if one("response_mode").is_some_and(|mode| mode != "query") || one("state") != echoed {
        return Err("invalid_request");
    }
    let challenge = one("code_challenge").filter(|challenge| pkce::is_challenge(challenge));
    let (Some(challenge), Some("S256")) = (challenge, one("code_challenge_method")) else {
        return Err("invalid_request");
    };
    if one("scope").is_some_and(|scope| scope != SCOPE) {
        return Err("invalid_scope");
    }
    Ok(Transaction {
        id,
        client,
        redirect_uri: redirect_uri.to_owned(),
        state: echoed.map(str::to_owned),
        code_challenge: challenge.to_owned(),
        scope: SCOPE.to_owned(),
    })
}

/// An authorization response: parameters, state and `iss` (RFC 9207) on the redirect URI.
pub(crate) fn answer_url(
    redirect_uri: &str,
    answer: &[(&str, &str)],
    state: Option<&str>,
    issuer: &str,
) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = answer.iter().copied().chain(state.map(|state| ("state", state))).chain([("iss", issuer)]);
    let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{redirect_uri}?{}", query.join("&"))
}

/// 303: whatever the method was, the next request is a GET.
pub(crate) fn redirect(url: &str) -> Response {
    match HeaderValue::from_str(url) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => PageFault::unknown_app().into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metacharacters_in_state_come_back_encoded() {
        let url = answer_url(
            "app.kinfolio:/oauth2redirect",
            &[("code", "a-b_c")],
            Some("<'\"&=\r\n>"),
            "https://a.b",
        );
        assert_eq!(
            url,
            "app.kinfolio:/oauth2redirect?code=a%2Db%5Fc&state=%3C%27%22%26%3D%0D%0A%3E&iss=https%3A%2F%2Fa%2Eb"
        );
    }
}
