//! An authorization request, read from its query and checked (RFC 6749 4.1.1), and the response to one.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::clients::Client;
use super::params::Params;
use super::transactions::Transaction;
use super::{SCOPE, pkce};
use crate::origin::Origin;
use crate::planted;

/// Longest `state`: more is refused, not cut.
const STATE_BYTES: usize = 4096;

/// A request that is not kept.
pub(crate) enum Refusal {
    /// Client or redirect are in doubt: nothing is ever redirected.
    Untold,
    /// The app is told what was wrong: where to redirect.
    Told(String),
}

/// The request of a query. `id` becomes its own, and it begins now; `desktop`: programs on a computer may sign in.
pub(crate) fn read(
    query: &str,
    desktop: bool,
    origin: &Origin,
    id: [u8; 16],
    now_us: i64,
) -> Result<Transaction, Refusal> {
    let params = Params::parse(query.as_bytes()).ok_or(Refusal::Untold)?;
    // Client and redirect first: while they are in doubt nothing is ever redirected.
    let client = params.one("client_id").ok().flatten().and_then(|id| Client::by_id(id, desktop));
    let redirect_uri = params.one("redirect_uri").ok().flatten();
    let (Some(client), Some(redirect_uri)) = (client, redirect_uri) else { return Err(Refusal::Untold) };
    if !client.allows(redirect_uri, origin) {
        return Err(Refusal::Untold);
    }
    let echoed = params.one("state").ok().flatten().filter(|text| text.len() <= STATE_BYTES);
    checked(&params, client, redirect_uri, echoed)
        .map(|request| Transaction { id, begun_us: now_us, ..request })
        .map_err(|word| Refusal::Told(answer_url(redirect_uri, &[("error", word)], echoed, origin.url())))
}

/// Everything that may be told to the app by redirect.
fn checked(
    params: &Params,
    client: Client,
    redirect_uri: &str,
    echoed: Option<&str>,
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
        Some(_) if planted::off("response-type") => {}
        Some(_) => return Err("unsupported_response_type"),
        None => return Err("invalid_request"),
    }
    if one("response_mode").is_some_and(|mode| mode != "query") || one("state") != echoed {
        return Err("invalid_request");
    }
    let challenge = one("code_challenge").filter(|challenge| pkce::is_challenge(challenge));
    let challenge = challenge.or(planted::off("downgrade").then_some(""));
    let (Some(challenge), Some("S256")) = (challenge, one("code_challenge_method")) else {
        return Err("invalid_request");
    };
    if one("scope").is_some_and(|scope| scope != SCOPE) {
        return Err("invalid_scope");
    }
    let max_age_s = one("max_age").map(seconds).transpose()?;
    Ok(Transaction {
        id: [0; 16],
        begun_us: 0,
        max_age_s,
        client,
        redirect_uri: redirect_uri.to_owned(),
        state: echoed.map(str::to_owned),
        code_challenge: challenge.to_owned(),
        scope: SCOPE.to_owned(),
    })
}

/// A whole number of seconds, in digits alone.
fn seconds(text: &str) -> Result<u32, &'static str> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or("invalid_request")
}

/// An authorization response: parameters, state and `iss` (RFC 9207) on the redirect URI.
pub(crate) fn answer_url(
    redirect_uri: &str,
    answer: &[(&str, &str)],
    state: Option<&str>,
    issuer: &str,
) -> String {
    let encode = |text: &str| {
        if planted::off("encoding") {
            text.to_owned()
        } else {
            utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
        }
    };
    let pairs = answer.iter().copied().chain(state.map(|state| ("state", state))).chain([("iss", issuer)]);
    let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("{redirect_uri}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9700_30_metacharacters_in_state_come_back_encoded() {
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
