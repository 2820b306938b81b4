//! Programs that nobody here wrote: a client at our server, and an authorization server for the core.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use kinfolio_core::account::{AccountState, CLIENT_DESKTOP, SignIn};
use kinfolio_core::error::{Error, Result};
use kinfolio_core::http::{Method, Request, Reqwest, Response, Transport};
use kinfolio_core::learners::NewLearner;
use support::browser::{Browser, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::phone::{Phone, REDIRECT};
use support::web::Issuer;

use super::oauth_error;

on_each_engine!(
    rfc_9700_9_asvs_10_2_2_a_client_that_nobody_here_wrote_discovers_signs_in_refreshes_revokes_and_checks_the_issuer,
);

const HOUR_MS: i64 = 3_600_000;

async fn rfc_9700_9_asvs_10_2_2_a_client_that_nobody_here_wrote_discovers_signs_in_refreshes_revokes_and_checks_the_issuer(
    engine: &Engine,
) {
    engine.place().await.web("openid-client.test.mjs");
}

/// npm oidc-provider on a port of this machine.
struct AuthorizationServer(Issuer);

impl AuthorizationServer {
    fn start(rotation: &str) -> Self {
        Self(Issuer::start("authorization-server.mjs", &[("ROTATION", rotation)]))
    }

    fn issuer(&self) -> &str {
        self.0.url()
    }

    /// Opens the address in a browser of its own, whose person says this; gives the address that leads back.
    async fn walk(&self, url: &str, says: &str) -> String {
        // Installed once for the process; a second time is no error here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let stop_at_app = reqwest::redirect::Policy::custom(|step| match step.url().as_str() {
            url if url.starts_with(REDIRECT) => step.stop(),
            _ => step.follow(),
        });
        let browser = reqwest::Client::builder().cookie_store(true).redirect(stop_at_app).tls_certs_only([]);
        let answer = browser.build().unwrap().get(url).header("x-person-says", says).send().await.unwrap();
        let back = answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
        back.unwrap_or_else(|| panic!("{} leads to no app: {}", answer.url(), answer.status()))
    }

    /// A phone that has signed in, over a wire that a test can tap.
    async fn phone(&self) -> (Phone, Arc<Wire>) {
        let wire = Arc::new(Wire::default());
        let phone = Phone::new("phone", wire.clone());
        let account = phone.client().account();
        let url = account.begin(self.issuer(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
        let back = self.walk(&url, "yes").await;
        // Who somebody is only Kinfolio's own server tells: not knowing it is no failure.
        let sign_in = SignIn { server: self.issuer().to_owned(), email: None };
        assert_eq!(account.finish(&back).await, Ok(sign_in));
        (phone, wire)
    }
}

/// The core's own transport; it keeps the forms that were posted, and can lose an answer of the token endpoint.
#[derive(Default)]
struct Wire {
    real: Reqwest,
    forms: Mutex<Vec<String>>,
    loses: AtomicBool,
}

impl Wire {
    /// What was posted as this parameter, in order.
    fn posted(&self, name: &str) -> Vec<String> {
        let forms = self.forms.lock().unwrap();
        forms.iter().filter_map(|form| query_of(&format!("?{form}"), name)).collect()
    }
}

impl Transport for Wire {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move {
            let to_token = request.url.ends_with("/token");
            if request.method == Method::Post {
                self.forms.lock().unwrap().push(String::from_utf8(request.body.clone()).unwrap());
            }
            let reply = self.real.send(request).await?;
            match to_token && self.loses.swap(false, Ordering::SeqCst) {
                true => Err(Error::Offline("reply lost".into())),
                false => Ok(reply),
            }
        })
    }
}

/// Asks for something that needs a live access token. A foreign server has nothing under that address.
async fn ask(phone: &Phone) -> Result<()> {
    phone.client().account().refresh_me().await
}

fn nothing_there(asked: Result<()>) -> bool {
    matches!(asked, Err(Error::Refused { status: 404, .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_core_signs_in_at_a_foreign_authorization_server_follows_its_rotation_and_signs_out() {
    let server = AuthorizationServer::start("on");
    let (phone, wire) = server.phone().await;
    for _ in 0..2 {
        phone.clock().advance(2 * HOUR_MS);
        assert!(nothing_there(ask(&phone).await));
    }
    let [first, second] = wire.posted("refresh_token").try_into().expect("two refreshes");
    assert_ne!(first, second, "the second one was sent with the first one's successor");
    phone.client().account().sign_out().await.unwrap();
    assert_eq!(phone.client().account().state(), Ok(AccountState::None));
    // The server was told: the token that the phone has forgotten is worth nothing.
    let [token] = wire.posted("token").try_into().expect("one revocation");
    let mut thief = Browser::new(server.issuer());
    thief.origin = None;
    let fields =
        [("grant_type", "refresh_token"), ("client_id", CLIENT_DESKTOP), ("refresh_token", token.as_str())];
    assert_eq!(oauth_error(&thief.post("/token", &fields).await), "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_server_that_never_rotates_keeps_the_core_signed_in() {
    let server = AuthorizationServer::start("off");
    let (phone, wire) = server.phone().await;
    for _ in 0..3 {
        phone.clock().advance(2 * HOUR_MS);
        assert!(nothing_there(ask(&phone).await));
    }
    let sent = wire.posted("refresh_token");
    assert!(sent.len() == 3 && sent.iter().all(|token| *token == sent[0]), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_at_a_strict_foreign_server_ends_the_sign_in_and_nothing_else() {
    let server = AuthorizationServer::start("on");
    let (phone, wire) = server.phone().await;
    let learner = NewLearner { nickname: "Hedgehog".into(), ..NewLearner::default() };
    phone.client().learners().add(learner).unwrap();
    phone.clock().advance(2 * HOUR_MS);
    wire.loses.store(true, Ordering::SeqCst);
    assert!(matches!(ask(&phone).await, Err(Error::Offline(_))));
    // Sent again it is a token used twice: only Kinfolio's own server knows the difference (sign-in.md 2.6).
    assert_eq!(ask(&phone).await, Err(Error::SignedOut));
    assert!(matches!(phone.client().account().state(), Ok(AccountState::SignedOut(_))));
    assert_eq!(phone.client().learners().list().unwrap().len(), 1);
    // The same phone signs in anew.
    let account = phone.client().account();
    let url = account.begin(server.issuer(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
    account.finish(&server.walk(&url, "yes").await).await.unwrap();
    assert!(nothing_there(ask(&phone).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn rfc_9700_9_asvs_10_2_2_a_no_and_an_answer_of_another_issuer_are_believed_and_refused_at_a_foreign_server_too()
 {
    let server = AuthorizationServer::start("on");
    let phone = Phone::new("phone", Arc::new(Wire::default()));
    let account = phone.client().account();
    let url = account.begin(server.issuer(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
    assert_eq!(account.finish(&server.walk(&url, "no").await).await, Err(Error::Cancelled));
    let url = account.begin(server.issuer(), REDIRECT, CLIENT_DESKTOP).await.unwrap();
    let back = server.walk(&url, "yes").await;
    let (rest, _) = back.split_once("&iss=").expect("RFC 9207: it says who it is, last");
    for forged in [rest.to_owned(), format!("{rest}&iss=https%3A%2F%2Fother.example")] {
        assert!(matches!(account.finish(&forged).await, Err(Error::InvalidInput(_))), "{forged}");
    }
    account.finish(&back).await.unwrap();
}
