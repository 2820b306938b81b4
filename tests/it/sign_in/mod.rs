//! Signing in, and everything that must not work.

mod account;
mod addresses;
mod alerts;
mod at_once;
mod authorize;
mod canaries;
mod canary_walk;
mod clock_jumps;
mod dead_ends;
mod flow;
mod foreign;
mod guessing;
mod headers;
mod hostile;
mod injection;
mod leaving;
mod limits;
mod linking;
mod mail;
mod mailed_codes;
mod max_age;
mod outbox;
mod output;
mod pages;
mod passwords;
pub mod planted;
mod proxies;
mod refresh;
mod refresh_sample;
mod refresh_tree;
mod renewed;
mod reset;
mod sent_twice;
mod stalled;
mod start;
mod storm;
mod taking_back;
mod thief;
mod tls;
mod tokens;
pub mod two_step;
pub mod upstream;
mod upstream_again;
mod upstream_certified;
mod upstream_lies;
mod upstream_secrets;
mod well_known;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_server::clock::FixedClock;
use serde_json::Value;
use sha2::{Digest, Sha256};
use support::browser::{Answer, Browser, encode, query_of};
use support::server::InProcess;

/// 14 September 2026, 14:02 UTC.
const NOW: i64 = 1_789_394_520_000_000;
const EMAIL: &str = "maya@example.org";
const PASSWORD: &str = "lecture throw pole artwork proof";

/// A clock that stands at [`NOW`] until it is moved.
pub fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::at(NOW))
}

/// An app's half of the protocol, written apart from the core's: a client no one in the core wrote.
struct App {
    base: String,
    client_id: String,
    redirect_uri: String,
    state: String,
    verifier: String,
    access: String,
    refresh: String,
}

impl App {
    fn desktop(base: &str) -> Self {
        Self::new(base, "app.kinfolio.desktop", "http://127.0.0.1:5005/callback")
    }

    fn phone(base: &str) -> Self {
        Self::new(base, "app.kinfolio", "app.kinfolio:/oauth2redirect")
    }

    fn new(base: &str, client_id: &str, redirect_uri: &str) -> Self {
        let random = || URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Self {
            base: base.to_owned(),
            client_id: client_id.to_owned(),
            redirect_uri: redirect_uri.to_owned(),
            state: random(),
            verifier: random(),
            access: String::new(),
            refresh: String::new(),
        }
    }

    fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }

    fn parameters(&self) -> Vec<(String, String)> {
        let pairs = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", "sync"),
            ("state", &self.state),
            ("code_challenge", &self.challenge()),
            ("code_challenge_method", "S256"),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    fn authorize_url(&self) -> String {
        authorize_url(&self.base, &self.parameters())
    }

    async fn redeem(&mut self, browser: &mut Browser, callback: &str) {
        let answer = self.try_redeem(browser, callback).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.keep(&answer);
    }

    async fn try_redeem(&self, browser: &mut Browser, callback: &str) -> Answer {
        let code = query_of(callback, "code").expect("a code");
        browser.post("/oauth/token", &self.redemption(&code)).await
    }

    fn redemption<'a>(&'a self, code: &'a str) -> [(&'a str, &'a str); 5] {
        [
            ("grant_type", "authorization_code"),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &self.verifier),
            ("code", code),
        ]
    }

    async fn refresh(&mut self, browser: &mut Browser) {
        let answer = self.try_refresh(browser, &self.refresh.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        self.keep(&answer);
    }

    async fn try_refresh(&self, browser: &mut Browser, token: &str) -> Answer {
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client_id.as_str()),
            ("refresh_token", token),
        ];
        browser.post("/oauth/token", &fields).await
    }

    fn keep(&mut self, answer: &Answer) {
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("pragma"), "no-cache");
        let tokens: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&"Bearer".into(), &900.into()));
        self.access = tokens["access_token"].as_str().unwrap().to_owned();
        self.refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    }

    async fn revoke(&self, browser: &mut Browser) -> Answer {
        let fields = [("client_id", self.client_id.as_str()), ("token", self.refresh.as_str())];
        browser.post("/oauth/revoke", &fields).await
    }

    async fn api(&self, browser: &mut Browser, method: &str, path: &str) -> Answer {
        let bearer = format!("Bearer {}", self.access);
        browser.send(method, path, &[("authorization", &bearer)], None).await
    }
}

fn authorize_url(base: &str, parameters: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    format!("{base}/oauth/authorize?{}", pairs.join("&"))
}

/// Maya's account, her browser, and her app, signed in.
async fn signed_in(server: &InProcess) -> (Browser, App) {
    signed_in_as(server, EMAIL, App::phone(server.base())).await
}

async fn signed_in_as(server: &InProcess, email: &str, mut app: App) -> (Browser, App) {
    let mut browser = server.browser();
    browser.register(email, PASSWORD, &server.mail()).await;
    let callback = browser.authorize(&app.authorize_url()).await;
    app.redeem(&mut browser, &callback).await;
    (browser, app)
}

/// The error word of an OAuth answer.
fn oauth_error(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_else(|_| panic!("JSON: {}", answer.text));
    body["error"].as_str().unwrap_or_default().to_owned()
}
