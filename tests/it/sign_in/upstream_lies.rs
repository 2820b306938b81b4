//! A provider that lies, and a browser that was not asked: nobody is signed in (RFC 9700, sign-in.md 5.3 no. 28).

use std::time::Instant;

use serde_json::{Value, json};
use support::browser::{Answer, Browser, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::provider::{Mood, Provider, Signature};
use support::server::InProcess;

use super::upstream::{by_owl, create_by_owl, maya, with_owl, with_owl_and_elk};
use super::{NOW, clock};

on_each_engine!(
    rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in,
    rfc_9700_28_a_state_counts_once_in_its_own_browser_for_ten_minutes,
    rfc_9700_28_of_twenty_uses_of_one_state_at_once_exactly_one_signs_in,
    rfc_9700_28_the_answer_of_one_provider_is_nothing_at_anothers_address,
    an_answer_without_end_or_with_a_way_to_elsewhere_is_not_followed,
    a_provider_that_does_not_answer_is_waited_for_eight_seconds_and_by_nobody_after_it,
    what_a_provider_says_about_itself_is_not_believed_beyond_its_issuer_and_https,
    a_provider_may_change_its_keys_and_is_not_asked_for_them_by_every_made_up_one,
);

/// Comes back from Owl in a browser of its own.
async fn comes_back(server: &InProcess, owl: &Provider) -> (Browser, Answer) {
    let mut browser = server.browser();
    let answer = by_owl(&mut browser, owl, "/upstream/owl/start", &maya()).await;
    (browser, answer)
}

/// Nobody is signed in, and nothing is waiting to become an account.
async fn is_nobody(browser: &mut Browser, what: &str) {
    assert_eq!(browser.cookie("sid"), None, "{what}");
    assert_eq!(browser.get("/register/linked/account").await.location(), Some("/login"), "{what}");
}

type Bend = fn(&mut Value);

async fn rfc_9700_28_asvs_6_8_2_9_1_2_10_5_1_10_5_2_10_5_3_10_5_4_a_token_that_is_not_wholly_right_signs_nobody_in(
    engine: &Engine,
) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let seconds = NOW / 1_000_000;
    assert_eq!(seconds, 1_789_394_520, "as the lies about time below have it");
    let claims: [(&str, Bend); 15] = [
        ("asvs_10_5_1 wrong nonce", |claims| claims["nonce"] = "another".into()),
        ("asvs_10_5_1 no nonce", |claims| claims["nonce"] = Value::Null),
        ("asvs_10_5_4 another audience", |claims| claims["aud"] = "another-client".into()),
        ("asvs_10_5_4 another audience too", |claims| {
            claims["aud"] = json!(["kinfolio-at-owl", "another-client"])
        }),
        ("asvs_10_5_4 no audience", |claims| claims["aud"] = json!([])),
        ("another authorized party", |claims| claims["azp"] = "another-client".into()),
        ("asvs_10_5_3 another issuer", |claims| claims["iss"] = "https://accounts.google.com".into()),
        ("asvs_10_5_3 the issuer with a slash", |claims| {
            claims["iss"] = format!("{}/", claims["iss"].as_str().unwrap()).into();
        }),
        ("expired", |claims| claims["exp"] = 1_789_394_520.into()),
        ("no end", |claims| claims["exp"] = Value::Null),
        ("issued in the future", |claims| claims["iat"] = 1_789_394_821.into()),
        ("asvs_10_5_2 no subject", |claims| claims["sub"] = Value::Null),
        ("an empty subject", |claims| claims["sub"] = "".into()),
        ("an endless subject", |claims| claims["sub"] = "x".repeat(256).into()),
        ("a subject with a NUL", |claims| claims["sub"] = "maya\0at-owl".into()),
    ];
    let signatures = [
        ("asvs_9_1_2 alg none", Signature::None),
        ("asvs_9_1_2 HS256 by the client secret", Signature::ClientSecret),
        ("an unknown key", Signature::UnknownKey),
        ("a forged signature", Signature::Forged),
    ];

    // An account that each lie would open.
    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    for (what, bend) in claims {
        owl.bend_claims(bend);
        let (mut browser, answer) = comes_back(&server, &owl).await;
        assert_eq!(answer.status, 502, "{what}: {}", answer.text);
        assert!(answer.text.contains("Owl gave a wrong answer"), "{what}");
        is_nobody(&mut browser, what).await;
    }
    owl.be_honest();
    for (what, signature) in signatures {
        owl.sign(signature);
        let (mut browser, answer) = comes_back(&server, &owl).await;
        assert_eq!(answer.status, 502, "{what}: {}", answer.text);
        is_nobody(&mut browser, what).await;
    }
    owl.be_honest();
    assert!(comes_back(&server, &owl).await.1.is_in(), "and the whole truth signs in");
}

async fn rfc_9700_28_a_state_counts_once_in_its_own_browser_for_ten_minutes(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    let mut browser = server.browser();
    let begin = async |browser: &mut Browser| {
        let sent = browser.get("/upstream/owl/start").await;
        owl.agree(sent.location().unwrap(), &maya())
    };
    // A link that somebody else made, to sign a victim in as them.
    let back = begin(&mut browser).await;
    let mut victim = server.browser();
    victim.get("/login").await;
    let answer = victim.get(&back).await;
    assert!(answer.status == 400 && answer.text.contains("This page is too old"), "{}", answer.text);
    assert_eq!(victim.cookie("sid"), None);
    // Its own browser is not disturbed by that, and comes back once.
    let answer = browser.get(&back).await;
    assert_eq!(answer.location(), Some("/signed-in"));
    let sid = browser.cookie("sid").unwrap().to_owned();
    assert_eq!(browser.get(&back).await.status, 400, "reused");
    let other_code = begin(&mut browser).await;
    let mixed = back.replace(&query_of(&back, "code").unwrap(), &query_of(&other_code, "code").unwrap());
    assert_eq!(browser.get(&mixed).await.status, 400, "a used state with a new code");
    assert_eq!(browser.cookie("sid"), Some(&*sid));
    // Too late.
    let mut late = server.browser();
    let back = begin(&mut late).await;
    clock.advance(600);
    assert_eq!(late.get(&back).await.status, 400, "after ten minutes");
    // Made up, missing, doubled.
    for query in [
        "",
        "?code=x",
        "?code=x&state=",
        "?code=x&state=made-up",
        "?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "?code=x&state=%00",
        "?code=%ff&state=x",
    ] {
        let answer = late.get(&format!("/upstream/owl/callback{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text);
    }
    let back = begin(&mut late).await;
    assert_eq!(late.get(&format!("{back}&code=again")).await.status, 400, "doubled");
    assert_eq!(late.cookie("sid"), None);
}

async fn rfc_9700_28_of_twenty_uses_of_one_state_at_once_exactly_one_signs_in(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    let mut browser = server.browser();
    let sent = browser.get("/upstream/owl/start").await;
    let back = owl.agree(sent.location().unwrap(), &maya());
    let tx = browser.cookie("tx").unwrap().to_owned();
    let mut tasks = Vec::new();
    for _ in 0..20 {
        let (mut twin, back, tx) = (server.browser(), back.clone(), tx.clone());
        twin.set_cookie("tx", Some(&tx));
        tasks.push(tokio::spawn(async move { twin.get(&back).await.status }));
    }
    let mut in_and_out = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            303 => in_and_out.0 += 1,
            400 => in_and_out.1 += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!(in_and_out, (1, 19));
}

async fn rfc_9700_28_the_answer_of_one_provider_is_nothing_at_anothers_address(engine: &Engine) {
    let clock = clock();
    let (owl, elk, server) = with_owl_and_elk(engine, &clock).await;

    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    let mut browser = server.browser();
    let sent = browser.get("/upstream/owl/start").await;
    let back = owl.agree(sent.location().unwrap(), &maya());
    let asked = elk.asked("token");
    let swapped = back.replace("/upstream/owl/", "/upstream/elk/");
    assert_eq!(browser.get(&swapped).await.status, 400);
    assert_eq!(elk.asked("token"), asked, "no code of the one is shown to the other");
    // The same subject at the other provider is another person.
    let sent = browser.get("/upstream/elk/start").await;
    let back_from_elk = elk.agree(sent.location().unwrap(), &maya());
    let answer = browser.get(&back_from_elk).await;
    assert!(answer.status == 409 && answer.text.contains("You have an account already"), "{}", answer.text);
    // RFC 9207: an answer that says it is another's.
    let answer = browser.get(&format!("{back}&iss={}", elk.issuer())).await;
    assert!(answer.status == 422 && browser.cookie("sid").is_none(), "{}", answer.text);
    assert_eq!(server.browser().get("/upstream/nobody/start").await.status, 404);
    assert_eq!(server.browser().get("/upstream/nobody/callback?code=x&state=y").await.status, 404);
}

async fn an_answer_without_end_or_with_a_way_to_elsewhere_is_not_followed(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    for (mood, status) in [(Mood::Endless, 503), (Mood::Redirecting, 502), (Mood::Broken, 502)] {
        owl.mood("token", mood);
        let (mut browser, answer) = comes_back(&server, &owl).await;
        assert_eq!(answer.status, status, "token {mood:?}: {}", answer.text);
        is_nobody(&mut browser, "token").await;
    }
    owl.be_honest();
    for address in ["discovery", "keys"] {
        for (mood, status) in [(Mood::Endless, 503), (Mood::Redirecting, 502), (Mood::Broken, 503)] {
            // What was known is forgotten after an hour, and silence after ten seconds.
            clock.advance(3601);
            owl.mood(address, mood);
            let answer = server.browser().get("/upstream/owl/start").await;
            assert_eq!(answer.status, status, "{address} {mood:?}: {}", answer.text);
            owl.be_honest();
        }
    }
    clock.advance(3601);
    assert!(comes_back(&server, &owl).await.1.is_in());
}

async fn a_provider_that_does_not_answer_is_waited_for_eight_seconds_and_by_nobody_after_it(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    owl.mood("discovery", Mood::Silent);
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..5 {
        let mut browser = server.browser();
        tasks.push(tokio::spawn(async move { browser.get("/upstream/owl/start").await }));
    }
    for task in tasks {
        let answer = task.await.unwrap();
        assert!(answer.status == 503 && answer.text.contains("Owl cannot be reached"), "{}", answer.text);
    }
    let took = began.elapsed().as_secs();
    assert!((7..=14).contains(&took), "{took} s for five at once");
    assert_eq!(owl.asked("discovery"), 1);
}

async fn what_a_provider_says_about_itself_is_not_believed_beyond_its_issuer_and_https(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let lies: [(&str, Bend, u16); 5] = [
        ("issuer", |said| said["issuer"] = "https://accounts.google.com".into(), 502),
        ("authorize", |said| said["authorization_endpoint"] = "http://owl.example.org/authorize".into(), 502),
        ("script", |said| said["authorization_endpoint"] = "javascript:alert(1)".into(), 502),
        ("keys", |said| said["jwks_uri"] = "http://owl.example.org/keys".into(), 503),
        ("no json", |said| *said = "owl".into(), 502),
    ];
    for (what, bend, status) in lies {
        clock.advance(3601);
        owl.bend_discovery(bend);
        let answer = server.browser().get("/upstream/owl/start").await;
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
    }
    clock.advance(3601);
    owl.bend_discovery(|said| said["token_endpoint"] = "http://owl.example.org/token".into());
    let (mut browser, answer) = comes_back(&server, &owl).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    is_nobody(&mut browser, "a token endpoint in the clear").await;
}

async fn a_provider_may_change_its_keys_and_is_not_asked_for_them_by_every_made_up_one(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    clock.advance(61);
    owl.change_keys();
    assert!(comes_back(&server, &owl).await.1.is_in(), "the new key is asked for");
    let asked = owl.asked("keys");
    owl.sign(Signature::UnknownKey);
    for _ in 0..3 {
        assert_eq!(comes_back(&server, &owl).await.1.status, 502);
    }
    assert_eq!(owl.asked("keys"), asked, "within the same minute");
}
