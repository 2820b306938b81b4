//! Refreshing: what a lost answer, a thief, another client, time and a missing device do to it.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use kinfolio_protocol::family::{ProofNonce, ProofRequest, RefreshProof};
use kinfolio_protocol::{DeviceId, FamilyId, SignInId, encode, sign};
use kinfolio_server::accounts::bindings::{self, Binding};
use kinfolio_server::accounts::sweep;
use serde_json::Value;
use sha2::{Digest, Sha256};
use support::browser::{Browser, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::plane::{Family, Phone};
use support::server::{InProcess, mail_is_out};
use tower::ServiceExt as _;

use super::tokens::who;
use super::{App, EMAIL, NOW, clock, oauth_error, signed_in};

on_each_engine!(
    rfc_9700_17_asvs_10_4_5_a_lost_answer_costs_nothing_and_a_used_old_token_ends_the_sign_in_with_a_mail,
    a_lost_answer_costs_nothing_days_later_either,
    rfc_9700_17_of_twenty_refreshes_at_once_one_pair_lives,
    rfc_9700_17_asvs_10_4_11_a_refresh_token_is_for_its_own_client_and_scope,
    rfc_9700_17_asvs_10_4_8_a_sign_in_ends_after_180_days_of_silence_and_after_400_days_in_any_case,
    rfc_9700_17_asvs_7_4_2_a_disabled_account_is_out_at_once,
    a_bound_sign_in_is_refreshed_by_its_device_only,
    a_stolen_bound_token_is_not_kept_alive_by_a_family_of_the_thiefs_own,
);

async fn rfc_9700_17_asvs_10_4_5_a_lost_answer_costs_nothing_and_a_used_old_token_ends_the_sign_in_with_a_mail(
    server: &InProcess,
) {
    let (mut browser, mut app) = signed_in(server).await;
    let first = app.refresh.clone();
    // Three answers are lost; the same token goes on working.
    let mut lost = Vec::new();
    for _ in 0..3 {
        let answer = app.try_refresh(&mut browser, &first).await;
        assert_eq!(answer.status, 200);
        lost.push(serde_json::from_str::<Value>(&answer.text).unwrap());
    }
    app.refresh(&mut browser).await;
    // What was lost is worth nothing now.
    for tokens in &lost {
        let access = tokens["access_token"].as_str().unwrap();
        let headers = [("authorization", format!("Bearer {access}"))];
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(browser.send("GET", "/api/v1/me", &headers, None).await.status, 401);
    }
    // Acknowledged by its first use: from now on the first token is a stolen one.
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    mail_is_out(&server.state).await;
    let before = support::browser::mails_to(&server.mail(), EMAIL).len();
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &first).await), "invalid_grant");
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
    let mail = next_mail(&server.mail(), EMAIL, before).await;
    assert!(mail.contains("Subject: Sync has stopped on your phone"), "{mail}");
}

async fn a_lost_answer_costs_nothing_days_later_either(engine: &Engine) {
    const DAYS: i64 = 3 * 24 * 3600;
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, mut app) = signed_in(&server).await;
    assert_eq!(app.try_refresh(&mut browser, &app.refresh).await.status, 200);
    clock.advance(DAYS);
    // What the worker does now and then: the access token of the lost answer is long over by now.
    server.state.store.account(|tx| sweep::sweep(tx, NOW + DAYS * 1_000_000)).await.unwrap();
    app.refresh(&mut browser).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
}

async fn rfc_9700_17_of_twenty_refreshes_at_once_one_pair_lives(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let app = Arc::new(app);
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (app, mut browser) = (Arc::clone(&app), server.browser());
            tokio::spawn(async move { app.try_refresh(&mut browser, &app.refresh).await })
        })
        .collect();
    // All answers first: the first use of a token acknowledges it, and a refresh after that is reuse.
    let answers = futures::future::join_all(tasks).await;
    let count = "SELECT COUNT(*) FROM refresh_tokens WHERE state = 'live'";
    let kept = server.state.store.account_read(|tx| tx.query_one(count, &[])).await.unwrap().unwrap();
    assert_eq!(kept.int(0).unwrap(), 1, "one refresh token is live");
    let mut live = 0;
    for answer in answers {
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        let tokens: Value = serde_json::from_str(&answer.text).unwrap();
        let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let used = browser.send("GET", "/api/v1/me", &[("authorization", &bearer)], None).await;
        live += u32::from(used.status == 200);
    }
    assert_eq!(live, 1, "of all answers only the last one's tokens live");
}

async fn rfc_9700_17_asvs_10_4_11_a_refresh_token_is_for_its_own_client_and_scope(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let refresh = |client: &'static str, scope: &'static str| {
        let mut fields = vec![("grant_type", "refresh_token"), ("client_id", client)];
        fields.push(("refresh_token", app.refresh.as_str()));
        if !scope.is_empty() {
            fields.push(("scope", scope));
        }
        fields
    };
    let answer = browser.post("/oauth/token", &refresh("app.kinfolio.desktop", "")).await;
    assert_eq!(oauth_error(&answer), "invalid_grant");
    let answer = browser.post("/oauth/token", &refresh("app.kinfolio", "sync admin")).await;
    assert_eq!(oauth_error(&answer), "invalid_scope");
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, "hrt_x").await), "invalid_grant");
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.access).await), "invalid_grant");
    assert_eq!(browser.post("/oauth/token", &refresh("app.kinfolio", "sync")).await.status, 200);
}

async fn rfc_9700_17_asvs_10_4_8_a_sign_in_ends_after_180_days_of_silence_and_after_400_days_in_any_case(
    engine: &Engine,
) {
    const DAY: i64 = 24 * 3600;
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, mut app) = signed_in(&server).await;
    // Silent for a second less than may be, twice; and used until the last second of all.
    for seconds in [180 * DAY - 1, 180 * DAY - 1, 40 * DAY + 1] {
        clock.advance(seconds);
        app.refresh(&mut browser).await;
        assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    }
    clock.advance(1);
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    let (mut browser, app) =
        super::signed_in_as(&server, "ben@example.org", App::desktop(server.base())).await;
    clock.advance(180 * DAY);
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
}

async fn rfc_9700_17_asvs_7_4_2_a_disabled_account_is_out_at_once(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    server.state.store.account(|tx| tx.execute("UPDATE users SET disabled_at = 1", &[])).await.unwrap();
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &app.refresh).await), "invalid_grant");
    assert!(browser.get("/signed-in").await.location().is_some());
}

/// Binds the app's sign-in to a device, as the family plane does after a proof.
async fn bind(server: &InProcess, browser: &mut Browser, app: &App, key: &SigningKey) -> (SignInId, Binding) {
    let me = app.api(browser, "GET", "/api/v1/me").await;
    let me: Value = serde_json::from_str(&me.text).unwrap();
    let sign_in: SignInId = me["sign_in"].as_str().unwrap().parse().unwrap();
    let (family, device) = (FamilyId([7; 16]), DeviceId([8; 16]));
    let binding = Binding { family, device, sign_pk: key.verifying_key().to_bytes() };
    server.state.store.account(move |tx| bindings::bind(tx, sign_in, [0; 16], &binding, NOW)).await.unwrap();
    (sign_in, binding)
}

async fn a_bound_sign_in_is_refreshed_by_its_device_only(server: &InProcess) {
    let (mut browser, mut app) = signed_in(server).await;
    let (device, thief) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let (sign_in, binding) = bind(server, &mut browser, &app, &device).await;
    let proof = |key: &SigningKey, issuer: &str, token: &str, family: FamilyId| {
        let nonce = Sha256::digest(token.as_bytes()).into();
        let signed = sign::device_proof(issuer, family, binding.device, sign_in, &nonce);
        let proof = RefreshProof { family, device: binding.device, signature: sign::sign(key, &signed) };
        URL_SAFE_NO_PAD.encode(encode(&proof))
    };
    let token = app.refresh.clone();
    let with = |token: &str, proof: String| {
        vec![
            ("grant_type".to_owned(), "refresh_token".to_owned()),
            ("client_id".to_owned(), "app.kinfolio".to_owned()),
            ("refresh_token".to_owned(), token.to_owned()),
            ("device_proof".to_owned(), proof),
        ]
    };
    assert_eq!(oauth_error(&app.try_refresh(&mut browser, &token).await), "invalid_request");
    let wrong = [
        (proof(&thief, server.base(), &token, binding.family), "invalid_grant"),
        (proof(&device, "https://other.example", &token, binding.family), "invalid_grant"),
        (proof(&device, server.base(), "another token", binding.family), "invalid_grant"),
        (proof(&device, server.base(), &token, FamilyId([9; 16])), "invalid_grant"),
        ("not base64!".to_owned(), "invalid_request"),
        (URL_SAFE_NO_PAD.encode([0x83, 0, 0, 0]), "invalid_request"),
    ];
    for (proof, word) in wrong {
        let answer = post(&mut browser, &with(&token, proof)).await;
        assert_eq!(oauth_error(&answer), word);
    }
    // Nothing of that has ended the sign-in.
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    let good = proof(&device, server.base(), &token, binding.family);
    let answer = post(&mut browser, &with(&token, good)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    app.keep(&answer);
    // The old token from elsewhere ends nothing either, or whoever found one would stop a family's sync; it is written down.
    let (missing, foreign) = (String::new(), proof(&thief, server.base(), &token, binding.family));
    for (proof, word) in [(missing, "invalid_request"), (foreign, "invalid_grant")] {
        assert_eq!(oauth_error(&post(&mut browser, &with(&token, proof)).await), word);
    }
    let shown = "SELECT signin_id FROM audit WHERE kind = 'old_key_shown'";
    let shown = server.state.store.account_read(move |tx| tx.query(shown, &[])).await.unwrap();
    let of_it: Vec<_> = shown.iter().filter(|row| row.id(0).unwrap() == sign_in.0).collect();
    assert_eq!(of_it.len(), 2);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    // Once the device is removed from its family, the sign-in is an unbound one again.
    let (family, removed) = (binding.family, binding.device);
    server.state.store.account(move |tx| bindings::unbind(tx, family, removed, NOW)).await.unwrap();
    app.refresh(&mut browser).await;
}

async fn post(browser: &mut Browser, fields: &[(String, String)]) -> support::browser::Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post("/oauth/token", &fields).await
}

pub async fn raw(server: &InProcess, token: &str, method: &str, path: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
    let request = axum::http::Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::from(body))
        .unwrap();
    let answer = kinfolio_server::app(server.state.clone()).oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    (status, axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec())
}

pub async fn found_and_bind(server: &InProcess, phone: &Phone) -> Family {
    let family = Family::at_home(phone);
    assert_eq!(raw(server, &phone.who.token, "POST", "/families", encode(&family.request())).await.0, 201);
    let (status, bytes) = raw(server, &phone.who.token, "POST", "/device-proof/nonce", vec![]).await;
    assert_eq!(status, 200);
    let nonce: ProofNonce = kinfolio_protocol::decode(&bytes).unwrap();
    let message = sign::device_proof(server.base(), family.id, phone.device, phone.who.id, &nonce.nonce);
    let proof = ProofRequest {
        family: family.id,
        device: phone.device,
        nonce: nonce.nonce,
        signature: sign::sign(&phone.key, &message),
    };
    assert_eq!(raw(server, &phone.who.token, "POST", "/device-proof", encode(&proof)).await.0, 204);
    family
}

async fn a_stolen_bound_token_is_not_kept_alive_by_a_family_of_the_thiefs_own(server: &InProcess) {
    let (mut browser, mut app) = signed_in(server).await;
    let who = who(&app, &mut browser).await;
    let home = found_and_bind(server, &Phone::new(who.clone())).await;
    let quota = format!("/families/{}/quota", home.id);
    assert_eq!(raw(server, &app.access, "GET", &quota, vec![]).await.0, 200);
    // The thief has both tokens, and keys of his own.
    let thief = Phone::new(who.clone());
    let own = found_and_bind(server, &thief).await;
    let nonce = Sha256::digest(app.refresh.as_bytes()).into();
    let signed = sign::device_proof(server.base(), own.id, thief.device, who.id, &nonce);
    let signature = sign::sign(&thief.key, &signed);
    let proof = RefreshProof { family: own.id, device: thief.device, signature };
    let fields = [
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", "app.kinfolio".to_owned()),
        ("refresh_token", app.refresh.clone()),
        ("device_proof", URL_SAFE_NO_PAD.encode(encode(&proof))),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let answer = post(&mut browser, &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    app.keep(&answer);
    let (status, _) = raw(server, &app.access, "GET", &quota, vec![]).await;
    assert_eq!(status, 403, "only the family whose device signed is still open to it");
}
