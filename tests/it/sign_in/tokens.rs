//! Codes and tokens that must not work (sign-in.md 5.3, 6 to 10, 16 to 19).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::browser::{Browser, encode, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::plane::{Phone, SignIn};
use support::server::InProcess;

use super::refresh::{found_and_bind, raw};
use super::{App, EMAIL, PASSWORD, clock, oauth_error, signed_in, signed_in_as};

on_each_engine!(
    rfc_9700_6_7_a_code_works_for_its_client_redirect_and_verifier_only_and_any_attempt_burns_it,
    rfc_9700_7_asvs_10_4_3_a_code_lives_for_a_minute,
    rfc_9700_7_asvs_10_4_2_a_code_used_twice_by_its_app_ends_the_sign_in_and_by_a_stranger_does_not,
    rfc_9700_7_asvs_10_4_2_of_twenty_redemptions_at_once_exactly_one_wins,
    rfc_9700_7_a_code_dies_with_the_browser_session_that_made_it,
    a_code_of_an_account_that_was_disabled_since_signs_nobody_in,
    rfc_9700_16_asvs_7_2_1_14_2_1_an_access_token_works_in_its_header_for_a_quarter_of_an_hour,
    asvs_10_3_2_a_token_reaches_what_its_scope_account_and_device_were_granted_and_nothing_else,
    rfc_9700_18_19_another_persons_sign_in_is_like_one_that_never_existed,
    rfc_9700_17_19_asvs_10_4_9_revoking_ends_the_whole_sign_in_and_an_unknown_token_is_no_news,
    a_client_that_sends_a_secret_in_a_header_learns_that_it_has_none_and_loses_nothing,
    a_request_without_a_token_is_asked_for_one_and_a_bad_one_is_called_bad,
);

async fn with_code(server: &InProcess) -> (Browser, App, String) {
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let app = App::phone(server.base());
    let callback = browser.authorize(&app.authorize_url()).await;
    (browser, app, callback)
}

async fn new_code(browser: &mut Browser, app: &App) -> String {
    browser.authorize(&app.authorize_url()).await
}

async fn rfc_9700_6_7_a_code_works_for_its_client_redirect_and_verifier_only_and_any_attempt_burns_it(
    server: &InProcess,
) {
    let (mut browser, app, _) = with_code(server).await;
    let wrong: [(&str, Option<&str>); 5] = [
        ("client_id", Some("app.kinfolio.desktop")),
        ("redirect_uri", Some("https://127.0.0.1:8484/app/callback")),
        ("code_verifier", Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
        ("code_verifier", Some(&app.challenge())),
        ("code_verifier", Some(&format!("{} ", app.verifier))),
    ];
    for (name, value) in wrong {
        let callback = new_code(&mut browser, &app).await;
        let code = query_of(&callback, "code").unwrap();
        let mut fields = app.redemption(&code).to_vec();
        fields.retain(|(key, _)| *key != name);
        fields.extend(value.map(|value| (name, value)));
        let answer = browser.post("/oauth/token", &fields).await;
        assert_eq!((answer.status, oauth_error(&answer).as_str()), (400, "invalid_grant"), "{name}");
        // Burnt: now everything is right, and it is refused all the same.
        let answer = app.try_redeem(&mut browser, &callback).await;
        assert_eq!((answer.status, oauth_error(&answer).as_str()), (400, "invalid_grant"), "{name}");
    }
    // Verifiers that no app may have, each with the challenge that is truly its own.
    for (verifier, status) in [
        ("a".repeat(42), 400),
        ("a".repeat(43), 200),
        ("-._~".repeat(32), 200),
        ("a".repeat(129), 400),
        (format!("{}+", "a".repeat(50)), 400),
        (format!("{} ", "a".repeat(50)), 400),
        (format!("{}ä", "a".repeat(50)), 400),
    ] {
        let odd = App { verifier, ..App::phone(server.base()) };
        let callback = new_code(&mut browser, &odd).await;
        let answer = odd.try_redeem(&mut browser, &callback).await;
        assert_eq!(answer.status, status, "{}: {}", odd.verifier, answer.text);
        assert!(status == 200 || oauth_error(&answer) == "invalid_grant", "{}", answer.text);
    }
    let callback = new_code(&mut browser, &app).await;
    let code = query_of(&callback, "code").unwrap();
    for missing in ["code_verifier", "redirect_uri", "code", "client_id", "grant_type"] {
        let mut fields = app.redemption(&code).to_vec();
        fields.retain(|(key, _)| *key != missing);
        let answer = browser.post("/oauth/token", &fields).await;
        assert_eq!((answer.status, oauth_error(&answer).as_str()), (400, "invalid_request"), "{missing}");
        assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    }
    let mut twice = app.redemption(&code).to_vec();
    twice.push(("code", &code));
    assert_eq!(oauth_error(&browser.post("/oauth/token", &twice).await), "invalid_request");
    let mut other = app.redemption(&code).to_vec();
    other[0].1 = "password";
    assert_eq!(oauth_error(&browser.post("/oauth/token", &other).await), "unsupported_grant_type");
    let mut other = app.redemption(&code).to_vec();
    other[1].1 = "app.evil";
    assert_eq!(oauth_error(&browser.post("/oauth/token", &other).await), "invalid_client");
}

async fn rfc_9700_7_asvs_10_4_3_a_code_lives_for_a_minute(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, mut app, callback) = with_code(&server).await;
    clock.advance(59);
    app.redeem(&mut browser, &callback).await;
    let late = new_code(&mut browser, &app).await;
    clock.advance(60);
    assert_eq!(oauth_error(&app.try_redeem(&mut browser, &late).await), "invalid_grant");
    // The sign-in of the first code is untouched.
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
}

async fn rfc_9700_7_asvs_10_4_2_a_code_used_twice_by_its_app_ends_the_sign_in_and_by_a_stranger_does_not(
    server: &InProcess,
) {
    let (mut browser, mut app, callback) = with_code(server).await;
    app.redeem(&mut browser, &callback).await;
    // Whoever holds the code but not the verifier cannot end anything.
    let right = std::mem::replace(&mut app.verifier, "x".repeat(43));
    assert_eq!(oauth_error(&app.try_redeem(&mut browser, &callback).await), "invalid_grant");
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    app.verifier = right;
    assert_eq!(oauth_error(&app.try_redeem(&mut browser, &callback).await), "invalid_grant");
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
}

async fn rfc_9700_7_asvs_10_4_2_of_twenty_redemptions_at_once_exactly_one_wins(server: &InProcess) {
    let (mut browser, app, callback) = with_code(server).await;
    let shared = Arc::new(app);
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (app, callback, mut browser) = (Arc::clone(&shared), callback.clone(), server.browser());
            tokio::spawn(async move { app.try_redeem(&mut browser, &callback).await })
        })
        .collect();
    let mut won = Vec::new();
    for task in tasks {
        let answer = task.await.unwrap();
        assert!(matches!(answer.status, 200 | 400), "{}", answer.status);
        won.extend((answer.status == 200).then_some(answer));
    }
    assert_eq!(won.len(), 1);
    // The nineteen were the app itself by all that can be seen, or somebody who has what it has: nothing of the code lives.
    let mut app = App::phone(server.base());
    app.keep(&won[0]);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
}

async fn rfc_9700_7_a_code_dies_with_the_browser_session_that_made_it(server: &InProcess) {
    let (mut browser, app, callback) = with_code(server).await;
    let page = browser.get("/signed-in").await;
    let page = browser.fill(&page, "/logout", &[]).await;
    assert!(page.text.contains("You are signed out"));
    assert_eq!(oauth_error(&app.try_redeem(&mut browser, &callback).await), "invalid_grant");
}

async fn a_code_of_an_account_that_was_disabled_since_signs_nobody_in(server: &InProcess) {
    let (mut browser, app, callback) = with_code(server).await;
    server.state.store.account(|tx| tx.execute("UPDATE users SET disabled_at = 1", &[])).await.unwrap();
    assert_eq!(oauth_error(&app.try_redeem(&mut browser, &callback).await), "invalid_grant");
}

async fn rfc_9700_16_asvs_7_2_1_14_2_1_an_access_token_works_in_its_header_for_a_quarter_of_an_hour(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let bearer = format!("Bearer {}", app.access);
    for (path, headers) in [
        (format!("/api/v1/me?access_token={}", app.access), vec![]),
        ("/api/v1/me".into(), vec![("authorization", format!("Basic {}", app.access))]),
        ("/api/v1/me".into(), vec![("authorization", format!("Bearer {}", app.refresh))]),
        ("/api/v1/me".into(), vec![("authorization", bearer.replace("hat_dev_", "hat_"))]),
        ("/api/v1/me".into(), vec![("authorization", format!("{bearer}x"))]),
        ("/api/v1/me".into(), vec![("authorization", bearer.clone()), ("authorization", bearer.clone())]),
        ("/api/v1/me".into(), vec![("cookie", format!("access_token={}", app.access))]),
    ] {
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.send("GET", &path, &headers, None).await;
        assert_eq!(answer.status, 401, "{path} {headers:?}");
    }
    clock.advance(15 * 60 - 1);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    clock.advance(1);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
}

async fn asvs_10_3_2_a_token_reaches_what_its_scope_account_and_device_were_granted_and_nothing_else(
    server: &InProcess,
) {
    let (mut browser, app) = signed_in(server).await;
    let home = found_and_bind(server, &Phone::new(who(&app, &mut browser).await)).await;
    let quota = format!("/families/{}/quota", home.id);
    let mut unbound = App::phone(server.base());
    let callback = new_code(&mut browser, &unbound).await;
    unbound.redeem(&mut browser, &callback).await;
    let (_, others) = signed_in_as(server, "ben@example.org", App::desktop(server.base())).await;
    // The enrolled phone's sign-in, another one of the same account, and another account's.
    for (token, status) in [(&app.access, 200), (&unbound.access, 403), (&others.access, 404)] {
        assert_eq!(raw(server, token, "GET", &quota, vec![]).await.0, status);
        assert_eq!(raw(server, token, "GET", "/me", vec![]).await.0, 200);
    }
    // There is one scope. A sign-in of another, from a server of tomorrow, is worth nothing here.
    let other = "UPDATE signins SET scope = 'read'";
    server.state.store.account(move |tx| tx.execute(other, &[])).await.unwrap();
    for path in [&*quota, "/me", "/families", "/sign-ins"] {
        assert_eq!(raw(server, &app.access, "GET", path, vec![]).await.0, 401, "{path}");
    }
}

/// Whose sign-in an app has.
pub async fn who(app: &App, browser: &mut Browser) -> SignIn {
    let me = app.api(browser, "GET", "/api/v1/me").await;
    let me: serde_json::Value = serde_json::from_str(&me.text).unwrap();
    SignIn {
        account: me["account"].as_str().unwrap().parse().unwrap(),
        id: me["sign_in"].as_str().unwrap().parse().unwrap(),
        token: app.access.clone(),
    }
}

/// The very next request with the access token is refused, and told why.
async fn is_dead(app: &App, browser: &mut Browser) {
    let answer = app.api(browser, "GET", "/api/v1/me").await;
    let told = (answer.status, answer.header("www-authenticate"));
    assert_eq!(told, (401, "Bearer error=\"invalid_token\""));
}

async fn rfc_9700_18_19_another_persons_sign_in_is_like_one_that_never_existed(engine: &Engine) {
    let clock = clock();
    let server = &engine.server_at(&clock).await;
    let (mut other, others) = signed_in_as(server, "ben@example.org", App::desktop(server.base())).await;
    let theirs = who(&others, &mut other).await;
    found_and_bind(server, &Phone::new(theirs.clone())).await;
    let (mut browser, app) = signed_in(server).await;
    let mut phone = App::phone(server.base());
    let callback = new_code(&mut browser, &phone).await;
    phone.redeem(&mut browser, &callback).await;
    found_and_bind(server, &Phone::new(who(&phone, &mut browser).await)).await;
    clock.advance(14 * 60);
    // Long after they signed in, one outside any family asks, and a family's phone.
    for asking in [&app, &phone] {
        let mut answers = Vec::new();
        for id in [&*theirs.id.to_string(), &"0".repeat(32), "junk", "..%2F"] {
            let answer = asking.api(&mut browser, "DELETE", &format!("/api/v1/sign-ins/{id}")).await;
            let mut body: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            body["error"]["id"].take();
            answers.push((answer.status, body));
        }
        assert_eq!(answers[0].0, 404, "{answers:?}");
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    assert_eq!(others.api(&mut other, "GET", "/api/v1/me").await.status, 200);
    // The own one can be ended, and then its token is dead with the next request.
    let me = app.api(&mut browser, "GET", "/api/v1/me").await;
    let me: serde_json::Value = serde_json::from_str(&me.text).unwrap();
    let mine = format!("/api/v1/sign-ins/{}", me["sign_in"].as_str().unwrap());
    assert_eq!(app.api(&mut browser, "DELETE", &mine).await.status, 204);
    is_dead(&app, &mut browser).await;
}

async fn rfc_9700_17_19_asvs_10_4_9_revoking_ends_the_whole_sign_in_and_an_unknown_token_is_no_news(
    server: &InProcess,
) {
    let (mut browser, app) = signed_in(server).await;
    for (client, token) in [
        ("app.kinfolio", "hrt_dev_unknown"),
        ("app.kinfolio.desktop", app.refresh.as_str()),
        ("app.kinfolio", "%00"),
    ] {
        let answer = browser.post("/oauth/revoke", &[("client_id", client), ("token", token)]).await;
        assert_eq!(answer.status, 200);
    }
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    for doubled in ["token", "client_id", "token_type_hint", "anything"] {
        let mut fields = vec![("client_id", "app.kinfolio"), ("token", app.refresh.as_str())];
        fields.extend([(doubled, "x"); 2]);
        let answer = browser.post("/oauth/revoke", &fields).await;
        assert_eq!((answer.status, oauth_error(&answer).as_str()), (400, "invalid_request"), "{doubled}");
    }
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    let answer =
        browser.post("/oauth/revoke", &[("client_id", "app.kinfolio"), ("token", &app.access)]).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    is_dead(&app, &mut browser).await;
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
}

async fn a_client_that_sends_a_secret_in_a_header_learns_that_it_has_none_and_loses_nothing(
    server: &InProcess,
) {
    let (mut browser, mut app, callback) = with_code(server).await;
    let code = query_of(&callback, "code").unwrap();
    let form = app.redemption(&code).map(|(name, value)| format!("{name}={}", encode(value))).join("&");
    let form_type = ("content-type", "application/x-www-form-urlencoded");
    // As libraries do that try this way first: the client's id and an empty secret.
    let basic = format!("Basic {}", STANDARD.encode(format!("{}:", app.client_id)));
    for path in ["/oauth/token", "/oauth/revoke"] {
        let headers = [form_type, ("authorization", &basic)];
        let answer = browser.send("POST", path, &headers, Some(form.clone())).await;
        assert_eq!((answer.status, oauth_error(&answer)), (401, "invalid_client".into()), "{path}");
        assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{path}");
    }
    app.redeem(&mut browser, &callback).await;
}

async fn a_request_without_a_token_is_asked_for_one_and_a_bad_one_is_called_bad(server: &InProcess) {
    let mut browser = server.browser();
    let bad = format!("Bearer hat_dev_{}", "x".repeat(43));
    for (token, challenge) in [
        (None, "Bearer"),
        (Some("Basic YTo="), "Bearer"),
        (Some("Bearer x"), "Bearer error=\"invalid_token\""),
        (Some(&*bad), "Bearer error=\"invalid_token\""),
    ] {
        let headers: Vec<_> = token.map(|token| ("authorization", token)).into_iter().collect();
        let answer = browser.send("GET", "/api/v1/me", &headers, None).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, challenge), "{token:?}");
    }
}
