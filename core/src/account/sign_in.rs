//! The authorization code flow with PKCE (RFC 6749, 7636, 8252, 8414, 9207): `begin() -> url`, `finish(callback)`.

use super::queries::{self, PendingRow, Token, Tokens};
use crate::changes::{Change, ChangeKind};
use crate::clock::Randomness;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::http::{self, Method, Request, Transport};
use crate::planted;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use oauth2::basic::{
    BasicClient, BasicErrorResponse, BasicErrorResponseType, BasicRequestTokenError,
    BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::url::Url;
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, Client, ClientId, CsrfToken, ExtraTokenFields, HttpRequest,
    HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use std::borrow::Cow;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The phone apps' client: comes back by app link or `app.kinfolio:/oauth2redirect`.
pub const CLIENT_APP: &str = "app.kinfolio";
/// The desktop and test client: comes back to a loopback address.
pub const CLIENT_DESKTOP: &str = "app.kinfolio.desktop";

/// A sign-in left lying longer than this is begun anew: the server keeps its half for 10 minutes.
const PENDING_MS: i64 = 60 * 60 * 1000;
/// What a server lets change the account, sign-ins or the family's copy: a sign-in of the last ten minutes, in seconds.
const FRESH_S: &str = "600";
/// Taken for granted when the server does not say how long an access token lives.
const ACCESS_MS: i64 = 5 * 60 * 1000;

/// RFC 8414, the members that are read.
#[derive(serde::Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    revocation_endpoint: String,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    async fn fetch(transport: &dyn Transport, issuer: &str) -> Result<Self> {
        let request = Request {
            method: Method::Get,
            url: format!("{issuer}/.well-known/oauth-authorization-server"),
            headers: vec![("accept".into(), "application/json".into())],
            body: vec![],
        };
        let reply = transport.send(request).await?.ok()?;
        let metadata: Self = serde_json::from_slice(&reply.body)
            .map_err(|_| Error::invalid("no Kinfolio server answers at this address"))?;
        // RFC 8414 3.3: metadata of another issuer would send the password to another's page.
        if metadata.issuer != issuer {
            return Err(Error::invalid("the server calls itself by another address: use that one"));
        }
        // Without `iss` in the callback (RFC 9207) a mixed-up answer of another server can't be told.
        if !metadata.code_challenge_methods_supported.iter().any(|method| method == "S256")
            || !metadata.authorization_response_iss_parameter_supported
        {
            return Err(Error::UpdateApp);
        }
        for endpoint in
            [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.revocation_endpoint]
        {
            http::check_address(endpoint)?;
        }
        Ok(metadata)
    }
}

/// What Kinfolio's server adds to a token reply. Another server's may be missing, or of any shape.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Lives {
    #[serde(default)]
    refresh_token_expires_in: Option<serde_json::Value>,
}
impl ExtraTokenFields for Lives {}

type TokenReply = StandardTokenResponse<Lives, BasicTokenType>;

/// The oauth2 crate's client, reading [`Lives`] too.
pub(super) type TokenClient = Client<
    BasicErrorResponse,
    TokenReply,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// 256 random bits as 43 unreserved characters.
fn make_text(random: &dyn Randomness) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(&mut *bytes);
    Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes))
}

pub(super) async fn begin(
    context: &Context,
    transport: &dyn Transport,
    server: &str,
    redirect_uri: &str,
    client_id: &str,
) -> Result<String> {
    let issuer = server.trim().trim_end_matches('/').to_owned();
    http::check_server(&issuer)?;
    let metadata = Metadata::fetch(transport, &issuer).await?;
    let random = &*context.random;
    let (state, verifier) = (make_text(random), make_text(random));
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.to_string()));
    let redirect = RedirectUrl::new(redirect_uri.into())
        .map_err(|_| Error::invalid("the address to come back to is no address"))?;
    let client = BasicClient::new(ClientId::new(client_id.into()))
        .set_auth_uri(AuthUrl::new(metadata.authorization_endpoint).map_err(|_| Error::UpdateApp)?);
    let mut request = client
        .authorize_url(|| CsrfToken::new(state.to_string()))
        .add_scope(Scope::new("sync".into()))
        .set_pkce_challenge(challenge)
        .set_redirect_uri(Cow::Owned(redirect));
    // Who is signed in and signs in once more was asked to (RFC 9470 5), or soon would be: a browser that is still signed
    // in must not hand on how long ago that was.
    if context.storage.read(queries::sign_in)?.is_some_and(|row| row.refresh_token.is_some()) {
        request = request.add_extra_param("max_age", FRESH_S);
    }
    let (url, _) = request.url();
    let row = PendingRow {
        issuer,
        client_id: client_id.into(),
        redirect_uri: redirect_uri.into(),
        state,
        verifier,
        token_url: metadata.token_endpoint,
        revoke_url: metadata.revocation_endpoint,
        begun_ms: context.clock.now_ms(),
    };
    context.storage.write(|tx| queries::save_pending(tx, &row))?;
    Ok(url.into())
}

pub(super) async fn finish(context: &Context, transport: &dyn Transport, callback: &str) -> Result<()> {
    let pending = context.storage.read(queries::pending)?.ok_or_else(not_ours)?;
    if context.clock.now_ms().abs_diff(pending.begun_ms) > PENDING_MS.unsigned_abs() {
        context.storage.write(queries::drop_pending)?;
        return Err(Error::invalid("this sign-in took too long: begin again"));
    }
    let code = match check_callback(&pending, callback)? {
        Answer::Code(code) => code,
        Answer::Error(error) => {
            context.storage.write(queries::drop_pending)?;
            return Err(match error.as_str() {
                "access_denied" => Error::Cancelled,
                _ => Error::Refused { status: 400, code: error, message: "begin again".into() },
            });
        }
    };
    let client = TokenClient::new(ClientId::new(pending.client_id.clone()))
        .set_token_uri(TokenUrl::new(pending.token_url.clone()).map_err(|_| Error::UpdateApp)?);
    let redirect = RedirectUrl::new(pending.redirect_uri.clone()).map_err(|_| Error::UpdateApp)?;
    let reply = client
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.to_string()))
        .set_redirect_uri(Cow::Owned(redirect))
        .request_async(&Carrier(transport))
        .await;
    match reply.map_err(refusal).and_then(|reply| tokens(&reply, None, context.clock.now_ms())) {
        Ok(tokens) => {
            context.storage.write(|tx| queries::sign_in_from(tx, &pending, &tokens))?;
            context.changes.tell(vec![Change::all(ChangeKind::Account)]);
            Ok(())
        }
        Err(error @ Error::Offline(_)) => Err(error),
        Err(error) => {
            // The code is burnt by any attempt that reached the server.
            context.storage.write(queries::drop_pending)?;
            Err(error)
        }
    }
}

enum Answer {
    Code(String),
    Error(String),
}

fn not_ours() -> Error {
    Error::invalid("this answer belongs to no sign-in begun on this phone: begin again")
}

/// Every check comes before the code is used: place, state, issuer, and no parameter twice.
fn check_callback(pending: &PendingRow, callback: &str) -> Result<Answer> {
    let (place, query) = callback.split_once('?').ok_or_else(not_ours)?;
    if place != pending.redirect_uri {
        return Err(not_ours());
    }
    let query = query.split('#').next().unwrap_or_default();
    let url = Url::parse(&format!("x:/?{query}")).map_err(|_| not_ours())?;
    let only = |name: &str| {
        let mut values =
            url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(not_ours()),
            (value, None) => Ok(value),
        }
    };
    let state = only("state")?.ok_or_else(not_ours)?;
    if !bool::from(state.as_bytes().ct_eq(pending.state.as_bytes())) && !planted::off("state") {
        return Err(not_ours());
    }
    if only("iss")?.is_none_or(|iss| iss != pending.issuer) && !planted::off("issuer") {
        return Err(not_ours());
    }
    match (only("code")?, only("error")?) {
        (Some(code), None) => Ok(Answer::Code(code)),
        (None, Some(error)) => Ok(Answer::Error(error)),
        _ => Err(not_ours()),
    }
}

/// Our transport in the shape that the oauth2 crate takes. Replies that only mean "later" never reach its parser,
/// which would take them for a refusal.
pub(super) struct Carrier<'t>(pub &'t dyn Transport);

impl<'c> AsyncHttpClient<'c> for Carrier<'_> {
    type Error = Error;
    type Future = BoxFuture<'c, Result<HttpResponse>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(carry(self.0, request))
    }
}

async fn carry(transport: &dyn Transport, request: HttpRequest) -> Result<HttpResponse> {
    let (parts, body) = request.into_parts();
    let mut headers: Vec<_> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    // Said to the token endpoint over any transport: the server keeps it with the sign-in.
    headers.push(("user-agent".into(), http::user_agent()));
    let request = Request { method: Method::Post, url: parts.uri.to_string(), headers, body };
    let reply = transport.send(request).await?;
    if reply.status == 429 || reply.status >= 500 {
        return Err(Error::Offline(format!("server answered {}", reply.status)));
    }
    let mut builder = oauth2::http::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        builder = builder.header(name, value);
    }
    builder.body(reply.body).map_err(|_| Error::Offline("reply broke off".into()))
}

/// The oauth2 crate's error in core's words; `invalid_grant` alone means that the sign-in is over.
pub(super) fn refusal(error: BasicRequestTokenError<Error>) -> Error {
    use oauth2::RequestTokenError as E;
    match error {
        E::Request(error) => error,
        E::ServerResponse(reply) if *reply.error() == BasicErrorResponseType::InvalidGrant => {
            Error::SignedOut
        }
        E::ServerResponse(reply) => Error::Refused {
            status: 400,
            code: reply.error().to_string(),
            message: "the server refused this sign-in".into(),
        },
        // A captive portal's page, a proxy's error: not this server's word.
        E::Parse(..) | E::Other(_) => Error::Offline("the answer is not the server's".into()),
    }
}

/// Both tokens out of a reply. One without a refresh token leaves the one that was sent as it is (RFC 6749 6); where none
/// was sent there is nothing to keep.
pub(super) fn tokens(reply: &TokenReply, sent: Option<&Token>, now_ms: i64) -> Result<Tokens> {
    let made = reply.refresh_token().map(|made| Zeroizing::new(made.secret().clone()));
    let refresh = made.or_else(|| sent.cloned()).ok_or(Error::UpdateApp)?;
    let lives =
        reply.expires_in().and_then(|lives| i64::try_from(lives.as_millis()).ok()).unwrap_or(ACCESS_MS);
    let ends = reply.extra_fields().refresh_token_expires_in.as_ref().and_then(serde_json::Value::as_i64);
    Ok(Tokens {
        ends_ms: ends.map(|seconds| now_ms.saturating_add(seconds.saturating_mul(1000))),
        access: Zeroizing::new(reply.access_token().secret().clone()),
        access_until_ms: now_ms.saturating_add(lives),
        refresh,
    })
}
