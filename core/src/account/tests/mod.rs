//! What signing in and the session promise, against a scripted server.

mod ends;
mod once_more;

use super::*;
use crate::changes::Changes;
use crate::clock::{Clock as _, FixedClock, SeededRandomness};
use crate::error::Error;
use crate::http::{Proof, Request, Response};
use crate::storage::{Storage, StoreKey};
use futures::future::BoxFuture;
use oauth2::url::Url;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Mutex;

const NOW_MS: i64 = 1_790_000_000_000;
const SERVER: &str = "https://kinfolio.example";
const BACK: &str = "app.kinfolio:/oauth2redirect";
const ME: &str = r#"{"account":"00000000000000000000000000000001","email":"ann@example.org",
    "sign_in":"00000000000000000000000000000002","environment":"development"}"#;

/// Answers by rule; remembers what was asked.
#[derive(Default)]
struct Script {
    asked: Mutex<Vec<Request>>,
    /// Replies of the token endpoint, in order.
    token: Mutex<VecDeque<Result<(u16, String)>>>,
    metadata: Mutex<Option<String>>,
    /// Access tokens that the API takes; empty: every one.
    good: Mutex<Vec<String>>,
}

fn metadata(issuer: &str) -> String {
    format!(
        r#"{{"issuer":"{issuer}","authorization_endpoint":"{SERVER}/oauth/authorize","token_endpoint":
        "{SERVER}/oauth/token","revocation_endpoint":"{SERVER}/oauth/revoke","code_challenge_methods_supported":
        ["S256"],"authorization_response_iss_parameter_supported":true}}"#
    )
}

fn pair(number: u32) -> String {
    format!(
        r#"{{"access_token":"hat_{number}","refresh_token":"hrt_{number}","token_type":"Bearer","expires_in":900}}"#
    )
}

impl Script {
    fn answer(&self, request: &Request) -> Result<Response> {
        let reply = |status: u16, body: String| {
            let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
            Ok(Response { status, headers, body: body.into_bytes() })
        };
        let path = request.url.strip_prefix(SERVER).unwrap();
        match path {
            "/.well-known/oauth-authorization-server" => {
                reply(200, self.metadata.lock().unwrap().clone().unwrap_or_else(|| metadata(SERVER)))
            }
            "/oauth/token" => {
                let (status, body) = self.token.lock().unwrap().pop_front().expect("a scripted answer")?;
                reply(status, body)
            }
            "/oauth/revoke" => reply(200, String::new()),
            _ => {
                let bearer = request.headers.iter().find(|(name, _)| name == "authorization").unwrap();
                let token = bearer.1.strip_prefix("Bearer ").unwrap().to_owned();
                let good = self.good.lock().unwrap();
                match good.is_empty() || good.contains(&token) {
                    true => reply(200, ME.into()),
                    false => reply(401, r#"{"error":{"code":"unauthorized","message":"m"}}"#.into()),
                }
            }
        }
    }

    fn forms(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let tokens = asked.iter().filter(|request| request.url.ends_with("/oauth/token"));
        tokens.map(|request| String::from_utf8(request.body.clone()).unwrap()).collect()
    }

    fn then(&self, status: u16, body: impl Into<String>) {
        self.token.lock().unwrap().push_back(Ok((status, body.into())));
    }

    fn then_broken(&self) {
        self.token.lock().unwrap().push_back(Err(Error::Offline("line".into())));
    }
}

impl Transport for Script {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move {
            // Others get a turn: without single flight, two refreshes would overtake each other here.
            tokio::task::yield_now().await;
            let reply = self.answer(&request);
            self.asked.lock().unwrap().push(request);
            reply
        })
    }
}

/// Signs for every sign-in once told to.
#[derive(Default)]
struct Bound(Mutex<bool>);

impl Prover for Bound {
    fn prove(&self, _: &str, sign_in: &[u8; 16], _: &[u8; 32]) -> Result<Option<Proof>> {
        let bound = *self.0.lock().unwrap();
        Ok(bound.then_some(Proof { family: *sign_in, device: [7; 16], signature: [9; 64] }))
    }
}

struct Phone {
    account: AccountClient,
    clock: Arc<FixedClock>,
    script: Arc<Script>,
    bound: Arc<Bound>,
}

fn phone(dir: &Path, script: &Arc<Script>) -> Phone {
    let key = StoreKey::make(&SeededRandomness::new(1));
    let clock = Arc::new(FixedClock::at(NOW_MS));
    let context = Arc::new(Context {
        storage: Storage::open(&dir.join("kinfolio.db"), &key).unwrap(),
        clock: Arc::clone(&clock) as _,
        random: Arc::new(SeededRandomness::new(2)),
        changes: Changes::default(),
        images: None,
        dir: dir.to_path_buf(),
        rooms: vec![],
        text_client: 1,
        steps: crate::steps::Steps::default(),
        beside: vec![],
    });
    let bound = Arc::new(Bound::default());
    let account = AccountClient::new(context, Arc::clone(script) as _, Arc::clone(&bound) as _);
    Phone { account, clock, script: Arc::clone(script), bound }
}

fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap()
}

fn callback(url: &str) -> String {
    format!("{BACK}?code=abc&state={}&iss=https%3A%2F%2Fkinfolio.example", parameter(url, "state"))
}

/// A phone that is signed in, with tokens number 1.
async fn signed_in(dir: &Path) -> Phone {
    let phone = phone(dir, &Arc::default());
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    phone.script.then(200, pair(1));
    phone.account.finish(&callback(&url)).await.unwrap();
    phone
}

#[tokio::test]
async fn begin_asks_for_a_code_with_s256_and_fresh_secrets() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), &Arc::default());
    let url = phone.account.begin("https://kinfolio.example/ ", BACK, CLIENT_APP).await.unwrap();
    assert!(url.starts_with("https://kinfolio.example/oauth/authorize?"));
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "app.kinfolio"),
        ("redirect_uri", BACK),
        ("scope", "sync"),
        ("code_challenge_method", "S256"),
    ] {
        assert_eq!(parameter(&url, name), value);
    }
    assert_eq!((parameter(&url, "code_challenge").len(), parameter(&url, "state").len()), (43, 43));
    let again = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    assert_ne!(parameter(&url, "state"), parameter(&again, "state"));
    assert_ne!(parameter(&url, "code_challenge"), parameter(&again, "code_challenge"));
}

#[tokio::test]
async fn a_server_of_another_name_or_an_older_kind_is_not_signed_in_to() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), &Arc::default());
    let mut lies =
        vec![metadata("https://evil.example"), metadata("https://kinfolio.example/"), "<html>".into()];
    lies.push(metadata(SERVER).replace("S256", "plain"));
    lies.push(metadata(SERVER).replace("true", "false"));
    lies.push(metadata(SERVER).replace("https://kinfolio.example/oauth/token", "http://kinfolio.example/t"));
    for lie in lies {
        *phone.script.metadata.lock().unwrap() = Some(lie.clone());
        assert!(phone.account.begin(SERVER, BACK, CLIENT_APP).await.is_err(), "{lie}");
    }
}

#[tokio::test]
async fn an_http_issuer_other_than_loopback_is_refused_before_anything_is_sent() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), &Arc::default());
    for address in
        ["http://kinfolio.example", "http://localhost:8484", "http://127.0.0.2:8484", "kinfolio.example", ""]
    {
        let begun = phone.account.begin(address, BACK, CLIENT_APP).await;
        assert!(matches!(begun, Err(Error::InvalidInput(_))), "{address}");
    }
    assert!(phone.script.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_sign_in_begun_before_the_process_died_is_finished_after() {
    let dir = tempfile::tempdir().unwrap();
    let script = Arc::new(Script::default());
    let url = phone(dir.path(), &script).account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    let phone = phone(dir.path(), &script);
    phone.script.then(200, pair(1));
    let sign_in = phone.account.finish(&callback(&url)).await.unwrap();
    assert_eq!(sign_in, SignIn { server: SERVER.into(), email: Some("ann@example.org".into()) });
    assert_eq!(phone.account.state().unwrap(), AccountState::SignedIn(sign_in));
    let form = &phone.script.forms()[0];
    assert!(form.contains("grant_type=authorization_code") && form.contains("code=abc"));
    assert!(form.contains("code_verifier=") && form.contains("client_id=app.kinfolio"));
    // The code is used up: the same callback again is nobody's.
    assert!(matches!(phone.account.finish(&callback(&url)).await, Err(Error::InvalidInput(_))));
}

#[tokio::test]
async fn rfc_9700_9_10_asvs_10_2_1_10_2_2_a_callback_that_is_not_the_answer_to_this_sign_in_is_refused_before_its_code_is_used()
 {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), &Arc::default());
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    let good = callback(&url);
    let state = parameter(&url, "state");
    for bad in [
        good.replace(&state, "AAAA"),
        good.replace("state=", "estate="),
        good.replace("kinfolio.example", "evil.example"),
        good.replace("&iss=", "&siss="),
        format!("{good}&code=other"),
        format!("{good}&state={state}"),
        format!("{good}&error=access_denied"),
        good.replace("code=abc&", ""),
        good.replace("app.kinfolio:/", "evil:/"),
        BACK.to_owned(),
        String::new(),
    ] {
        let finished = phone.account.finish(&bad).await;
        assert!(matches!(finished, Err(Error::InvalidInput(_))), "{bad}");
    }
    assert!(phone.script.forms().is_empty(), "no code was sent anywhere");
    phone.script.then(200, pair(1));
    phone.account.finish(&good).await.unwrap();
}

#[tokio::test]
async fn saying_no_cancels_a_broken_line_can_be_tried_again_and_a_used_code_begins_again() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), &Arc::default());
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    let denied = callback(&url).replace("code=abc", "error=access_denied");
    assert_eq!(phone.account.finish(&denied).await, Err(Error::Cancelled));
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    phone.script.then_broken();
    assert!(matches!(phone.account.finish(&callback(&url)).await, Err(Error::Offline(_))));
    phone.script.then(503, "<html>");
    assert!(matches!(phone.account.finish(&callback(&url)).await, Err(Error::Offline(_))));
    phone.script.then(200, pair(1));
    phone.account.finish(&callback(&url)).await.unwrap();
    // The code came through, and its answer was lost: it is used up, and signing in begins again.
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    phone.script.then_broken();
    assert!(matches!(phone.account.finish(&callback(&url)).await, Err(Error::Offline(_))));
    phone.script.then(400, r#"{"error":"invalid_grant"}"#);
    assert_eq!(phone.account.finish(&callback(&url)).await, Err(Error::SignedOut));
    assert!(matches!(phone.account.finish(&callback(&url)).await, Err(Error::InvalidInput(_))));
}

#[tokio::test]
async fn many_requests_at_once_refresh_one_time() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    phone.clock.advance(900_000);
    phone.script.then(200, pair(2));
    let tokens = futures::future::join_all((0..20).map(|_| phone.account.session.access_token())).await;
    assert!(tokens.iter().all(|token| token.as_ref().unwrap().as_str() == "hat_2"));
    assert_eq!(phone.script.forms().len(), 2, "the code and one refresh");
    assert!(phone.script.forms()[1].contains("refresh_token=hrt_1"));
}

#[tokio::test]
async fn the_new_refresh_token_is_durable_before_the_new_access_token_is_used() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    phone.clock.advance(900_000);
    phone.script.then(200, pair(2));
    let token = phone.account.session.access_token().await.unwrap();
    // Whoever holds the token finds its refresh token in the store already.
    let key = StoreKey::make(&SeededRandomness::new(1));
    let stored = Storage::open(&dir.path().join("kinfolio.db"), &key).unwrap();
    let row = stored.read(queries::sign_in).unwrap().unwrap();
    assert_eq!((token.as_str(), row.refresh_token.unwrap().as_str()), ("hat_2", "hrt_2"));
}

#[tokio::test]
async fn a_server_that_gives_no_new_refresh_token_leaves_the_old_one_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    for number in 2..4 {
        phone.clock.advance(900_000);
        phone.script.then(200, format!(r#"{{"access_token":"hat_{number}","token_type":"bearer"}}"#));
        assert_eq!(phone.account.session.access_token().await.unwrap().as_str(), format!("hat_{number}"));
    }
    assert!(phone.script.forms()[1..].iter().all(|form| form.contains("refresh_token=hrt_1")));
}

#[tokio::test]
async fn no_network_keeps_the_sign_in_and_its_end_keeps_everything_else() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    phone.clock.advance(900_000);
    for status in [500, 502, 503, 429] {
        phone.script.then(status, "later");
        assert!(matches!(phone.account.session.access_token().await, Err(Error::Offline(_))));
    }
    phone.script.then_broken();
    assert!(matches!(phone.account.session.access_token().await, Err(Error::Offline(_))));
    // A captive portal's page is not the server's word either.
    phone.script.then(200, "<html>pay for your wifi</html>");
    assert!(matches!(phone.account.session.access_token().await, Err(Error::Offline(_))));
    assert!(matches!(phone.account.state().unwrap(), AccountState::SignedIn(_)));
    phone.script.then(400, r#"{"error":"invalid_grant"}"#);
    assert_eq!(phone.account.session.access_token().await.unwrap_err(), Error::SignedOut);
    let AccountState::SignedOut(sign_in) = phone.account.state().unwrap() else { panic!("signed out") };
    assert_eq!(sign_in.email.as_deref(), Some("ann@example.org"));
    assert_eq!(phone.account.session.access_token().await.unwrap_err(), Error::SignedOut);
}

#[tokio::test]
async fn a_refused_access_token_is_refreshed_once_and_the_request_sent_again() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    *phone.script.good.lock().unwrap() = vec!["hat_2".into()];
    phone.script.then(200, pair(2));
    phone.account.refresh_me().await.unwrap();
    // Refused again right after: no third try.
    *phone.script.good.lock().unwrap() = vec!["none".into()];
    phone.script.then(200, pair(3));
    assert_eq!(phone.account.refresh_me().await, Err(Error::SignedOut));
    assert!(matches!(phone.account.state().unwrap(), AccountState::SignedIn(_)));
}

#[tokio::test]
async fn a_bound_sign_in_sends_the_devices_signature_with_every_refresh() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    phone.clock.advance(900_000);
    phone.script.then(200, pair(2));
    phone.account.session.access_token().await.unwrap();
    *phone.bound.0.lock().unwrap() = true;
    phone.clock.advance(900_000);
    phone.script.then(200, pair(3));
    phone.account.session.access_token().await.unwrap();
    let forms = phone.script.forms();
    assert!(!forms[1].contains("device_proof") && forms[2].contains("device_proof="));
}

#[tokio::test]
async fn signing_out_tells_the_server_and_forgets_the_tokens() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    phone.account.sign_out().await.unwrap();
    assert_eq!(phone.account.state().unwrap(), AccountState::None);
    let asked = phone.script.asked.lock().unwrap();
    let last = asked.last().unwrap();
    assert!(last.url.ends_with("/oauth/revoke"));
    assert_eq!(last.body, b"token=hrt_1&client_id=app.kinfolio");
}
