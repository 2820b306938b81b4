//! The browser behind a request: its cookies, its session, the authorization request it is in.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kinfolio_protocol::SignInId;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::cookies::{cookie, set_cookie};
use super::next::Next;
use super::render::page;
use super::{PageFault, link};
use crate::accounts::renewal::Renewal;
use crate::accounts::sessions::{self, Session};
use crate::accounts::tokens::{self, sha256};
use crate::accounts::users;
use crate::clock::SECOND_US;
use crate::error::ApiError;
use crate::oauth::params::Params;
use crate::oauth::transactions::{self, Transaction};
use crate::planted;
use crate::state::State;

/// How long after its last page a browser keeps the cookie that binds requests and codes to it.
const TX_SECONDS: u32 = 3600;
/// How long a browser stays known to an account.
pub(super) const KNOWN_SECONDS: u32 = 180 * 24 * 3600;

/// A browser. It has the `tx` secret, whether it brought one or gets one with the answer.
pub(crate) struct Visitor {
    tx: Zeroizing<String>,
    /// What takes its place once this browser has shown something ([`Renewal`]).
    renewed: Zeroizing<String>,
    is_new: bool,
    sid: Option<Zeroizing<String>>,
    known: Option<String>,
    request: Option<[u8; 16]>,
    asked: bool,
    next: Option<Next>,
    trusted: bool,
}

impl FromRequestParts<State> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        let cookie = |name: &str| cookie(state, &parts.headers, name);
        let brought = cookie("tx").filter(|value| tokens::is_secret(value)).map(Zeroizing::new);
        let is_new = brought.is_none();
        let query = Params::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let one = |name: &str| query.as_ref().is_some_and(|query| query.one(name).is_ok());
        let unclear = !one("tx") || !one("next");
        let tx = query.as_ref().map(|query| query.field("tx").to_owned()).unwrap_or_default();
        let secret = brought.unwrap_or_else(|| tokens::secret(state.random.as_ref()));
        let keeps = planted::off("renewed-browser");
        Ok(Self {
            renewed: if keeps { secret.clone() } else { tokens::secret(state.random.as_ref()) },
            tx: secret,
            is_new,
            sid: cookie("sid").filter(|value| tokens::is_secret(value)).map(Zeroizing::new),
            known: cookie("known"),
            request: tx.parse::<SignInId>().ok().filter(|_| !unclear).map(|id| id.0),
            asked: (unclear || !tx.is_empty()) && !planted::off("parameters"),
            next: query.as_ref().and_then(|query| Next::of(query.field("next"))),
            trusted: same_site(&parts.headers, state.origin.url()),
        })
    }
}

impl Visitor {
    /// SHA-256 of the secret that binds authorization requests and codes to this browser, as the store knows it.
    pub(super) fn browser_hash(&self) -> [u8; 32] {
        browser_hash(&self.tx)
    }

    /// The step to the secret that follows, for the store. Its cookie comes with [`Visitor::renew`].
    pub(super) fn renewal(&self) -> Renewal {
        Renewal { from: self.browser_hash(), to: browser_hash(&self.renewed) }
    }

    /// The session cookie's value.
    pub(super) fn sid(&self) -> Option<Zeroizing<String>> {
        self.sid.clone()
    }

    /// The cookie's value of a session that begins in this one's place.
    pub(super) fn next_sid(&self, state: &State) -> Zeroizing<String> {
        match &self.sid {
            Some(sid) if planted::off("new-session") => sid.clone(),
            _ => tokens::secret(state.random.as_ref()),
        }
    }

    /// The id of the authorization request in the address, unchecked.
    pub(super) fn request_id(&self) -> Option<[u8; 16]> {
        self.request
    }

    /// The authorization request in the address, if there is one. One that is over, unknown or another
    /// browser's is a fault, and so is an address that can be read in two ways: nobody continues somebody else's sign-in.
    pub(super) async fn request(&self, state: &State) -> Result<Option<Transaction>, PageFault> {
        let Some(id) = self.request else {
            return if self.asked { Err(PageFault::too_old()) } else { Ok(None) };
        };
        let (browser, now) = (self.browser_hash(), state.clock.now_us());
        let found = state.store.account_read(move |tx| transactions::find(tx, id, browser, now)).await?;
        found.map(Some).ok_or_else(PageFault::too_old)
    }

    /// A page of signing in, with what it is for: the authorization request, or the page of the account.
    pub(super) fn way(&self, path: &str) -> String {
        match (self.request, self.next) {
            (None, Some(next)) => format!("{path}?next={}", next.word()),
            (request, _) => link(path, request),
        }
    }

    /// Where signing in leads: to the app's question, to the page of the account, or to a page that says so.
    pub(super) fn after_sign_in(&self) -> String {
        match (self.request, self.next) {
            (Some(request), _) => link("/confirm", Some(request)),
            (None, Some(next)) => next.path().to_owned(),
            (None, None) => "/signed-in".to_owned(),
        }
    }

    /// The same visitor on the way that it was on before it went to another service.
    pub(super) fn back_on(self, request: Option<[u8; 16]>, next: Option<Next>) -> Self {
        Self { request, asked: request.is_some(), next, ..self }
    }

    /// The page of the account that sent this browser to sign in.
    pub(super) fn next(&self) -> Option<Next> {
        self.next
    }

    /// Whether where this browser is led, an app's request or a page of the account, may take a fresh sign-in.
    pub(super) fn asks_again(&self, request: Option<&Transaction>) -> bool {
        request.map_or_else(|| self.next.is_some_and(Next::asks_again), |request| request.max_age_s.is_some())
    }

    /// The session, or the way to one that leads back to `next`.
    pub(super) async fn signed_in(&self, state: &State, next: Next) -> Result<Session, PageFault> {
        self.session(state).await?.ok_or_else(|| PageFault::go(&next.by_login()))
    }

    /// A session fresh enough to change the account, or the way to one (sign-in.md 3, step-up).
    pub(super) async fn fresh(&self, state: &State, next: Next) -> Result<Session, PageFault> {
        let session = self.signed_in(state, next).await?;
        if session.is_fresh(state.clock.now_us()) {
            Ok(session)
        } else {
            Err(PageFault::go(&next.by_login()))
        }
    }

    /// The live session of this browser.
    pub(super) async fn session(&self, state: &State) -> Result<Option<Session>, ApiError> {
        let Some(sid) = self.sid() else { return Ok(None) };
        let now = state.clock.now_us();
        state.store.account(move |tx| sessions::touch(tx, &sid, now)).await
    }

    /// The token of every form: worth something with this browser's cookies only.
    pub(super) fn csrf(&self, state: &State) -> String {
        let sid = self.sid().unwrap_or_default();
        crate::hex::hex(&state.secrets.mac("csrf", &[self.tx.as_bytes(), sid.as_bytes()]))
    }

    /// Refuses a post that another site may have caused, and one that no page of ours sends. False: the form was drawn for
    /// other cookies.
    pub(super) fn fits(&self, state: &State, form: &Params) -> Result<bool, PageFault> {
        let given = form.field("csrf").as_bytes();
        let matches = bool::from(given.ct_eq(self.csrf(state).as_bytes())) || planted::off("csrf");
        self.check_site()?;
        match matches && !self.is_new {
            false if given.is_empty() => Err(PageFault::unreadable()),
            fits => Ok(fits),
        }
    }

    /// Refuses what another site's page led to.
    pub(super) fn check_site(&self) -> Result<(), PageFault> {
        if self.trusted || planted::off("cross-site") { Ok(()) } else { Err(PageFault::too_old()) }
    }

    /// The name under which an account knows this browser, if it does. A reset of the password ends that for all browsers but
    /// the one that did it.
    pub(super) async fn known_to(&self, state: &State, email_ci: &str) -> Result<Option<String>, ApiError> {
        let Some((id, given)) = self.known.as_deref().and_then(|known| known.split_once('.')) else {
            return Ok(None);
        };
        let since = id.split_once('-').and_then(|(at, _)| at.parse::<i64>().ok());
        let ago_s = since.map(|since| state.clock.now_us() / SECOND_US - since);
        if !ago_s.is_some_and(|ago_s| (0..i64::from(KNOWN_SECONDS)).contains(&ago_s)) {
            return Ok(None);
        }
        let wanted = known_mac(state, id, email_ci, resets(state, email_ci).await?);
        Ok(bool::from(given.as_bytes().ct_eq(wanted.as_bytes())).then(|| id.to_owned()))
    }

    /// A drawn page for this visitor, with the cookie that its forms need.
    pub(super) fn draw(
        &self,
        state: &State,
        status: StatusCode,
        template: &impl Template,
    ) -> Result<Response, PageFault> {
        Ok(self.keep_cookie(state, page(status, template)?))
    }

    /// Adds the `tx` cookie to an answer. Its hour begins anew with each page: whatever a page begins (a request, a code, a
    /// way to another service) has ten minutes, and all of them. A page that was asked for before a renewal and is answered after
    /// it puts the old secret back (ADR 47).
    pub(crate) fn keep_cookie(&self, state: &State, mut response: Response) -> Response {
        set_cookie(state, &mut response, "tx", &self.tx, TX_SECONDS);
        response
    }

    /// As [`Visitor::keep_cookie`] with the secret that follows, to which a [`Renewal`] has moved what there is.
    pub(super) fn renew(&self, state: &State, mut response: Response) -> Response {
        set_cookie(state, &mut response, "tx", &self.renewed, TX_SECONDS);
        response
    }
}

/// The value of a `known` cookie for one account: an id of the browser, which begins with this second, and a MAC.
pub(super) async fn known_cookie(state: &State, email_ci: &str) -> Result<String, ApiError> {
    let id = format!("{}-{}", state.clock.now_us() / SECOND_US, crate::hex::hex(&state.random.make::<16>()));
    let mac = known_mac(state, &id, email_ci, resets(state, email_ci).await?);
    Ok(format!("{id}.{mac}"))
}

fn browser_hash(secret: &str) -> [u8; 32] {
    if planted::off("browser") { [0; 32] } else { sha256(secret) }
}

async fn resets(state: &State, email_ci: &str) -> Result<i64, ApiError> {
    let email_ci = email_ci.to_owned();
    state.store.account_read(move |tx| users::resets(tx, &email_ci)).await
}

fn known_mac(state: &State, id: &str, email_ci: &str, resets: i64) -> String {
    let parts = [id.as_bytes(), email_ci.as_bytes(), &resets.to_be_bytes()];
    crate::hex::hex(&state.secrets.mac("known-browser", &parts))
}

/// Whether Origin and Sec-Fetch-Site, where the browser sends them, say that our own page made the request.
/// Our pages send no referrer, for which browsers write `Origin: null`.
fn same_site(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let site = text("sec-fetch-site");
    let from_us = matches!(site, None | Some("same-origin" | "none"));
    let origin_ok = match text("origin") {
        None => true,
        Some("null") => true,
        Some(given) => given == origin,
    };
    from_us && origin_ok
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn rfc_9700_11_a_post_from_another_site_is_seen() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            same_site(&headers, "https://sync.example.org")
        };
        assert!(check(&[]));
        assert!(check(&[("origin", "https://sync.example.org"), ("sec-fetch-site", "same-origin")]));
        assert!(check(&[("origin", "null"), ("sec-fetch-site", "same-origin")]));
        for wrong in ["https://evil.example", "http://sync.example.org", "https://sync.example.org:444"] {
            assert!(!check(&[("origin", wrong)]));
        }
        for site in ["cross-site", "same-site"] {
            assert!(!check(&[("origin", "null"), ("sec-fetch-site", site)]));
            assert!(!check(&[("sec-fetch-site", site)]));
        }
    }
}
