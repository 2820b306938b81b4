//! The core against answers that are not its own: a mix-up of servers, and somebody else's code (sign-in.md 5.3, 9, 10).

use std::sync::Arc;

use kinfolio_core::account::{AccountState, CLIENT_APP};
use kinfolio_core::error::Error;
use kinfolio_core::http::Reqwest;
use support::browser::{Browser, encode, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::phone::Phone;
use support::server::Listening;

use super::{EMAIL, PASSWORD};

on_each_engine!(
    rfc_9700_9_asvs_10_2_2_an_answer_that_names_another_issuer_or_none_is_refused,
    rfc_9700_10_asvs_10_2_1_a_code_of_somebody_else_signs_nobody_in,
);

const BACK: &str = "app.kinfolio:/oauth2redirect";

/// A phone that has begun to sign in, and the address that its browser is sent to.
async fn begun(server: &Listening) -> (Phone, String) {
    let phone = Phone::new("phone", Arc::new(Reqwest::default()));
    let url = phone.client().account().begin(server.base(), BACK, CLIENT_APP).await.unwrap();
    (phone, url)
}

async fn person(server: &Listening, email: &str) -> Browser {
    let mut browser = server.browser();
    browser.register(email, PASSWORD, &server.mail()).await;
    browser
}

fn is_signed_in(phone: &Phone) -> bool {
    matches!(phone.client().account().state(), Ok(AccountState::SignedIn(_)))
}

async fn rfc_9700_9_asvs_10_2_2_an_answer_that_names_another_issuer_or_none_is_refused(engine: &Engine) {
    let server = engine.listening().await;
    let mut browser = person(&server, EMAIL).await;
    let (phone, url) = begun(&server).await;
    let back = browser.authorize(&url).await;
    let iss = format!("&iss={}", encode(server.base()));
    assert!(back.ends_with(&iss), "{back}");
    for other in ["&iss=https%3A%2F%2Fevil.example", ""] {
        let finished = phone.client().account().finish(&back.replace(&iss, other)).await;
        assert!(matches!(finished, Err(Error::InvalidInput(_))), "{other}");
        assert!(!is_signed_in(&phone));
    }
    phone.client().account().finish(&back).await.unwrap();
    assert!(is_signed_in(&phone));
    server.stop().await;
}

async fn rfc_9700_10_asvs_10_2_1_a_code_of_somebody_else_signs_nobody_in(engine: &Engine) {
    let server = engine.listening().await;
    let mut thief = person(&server, "thief@example.org").await;
    let (_thiefs, thiefs_url) = begun(&server).await;
    let (phone, url) = begun(&server).await;
    // As it came: the state is the thief's.
    let thiefs = thief.authorize(&thiefs_url).await;
    let finished = phone.client().account().finish(&thiefs).await;
    assert!(
        matches!(finished, Err(Error::InvalidInput(_))),
        "refused before anything was sent: {finished:?}"
    );
    assert!(!is_signed_in(&phone));
    // With the state that the phone waits for: the server misses the verifier.
    let (thiefs_state, state) = (query_of(&thiefs, "state").unwrap(), query_of(&url, "state").unwrap());
    let dressed = thiefs.replace(&encode(&thiefs_state), &encode(&state));
    assert_ne!(dressed, thiefs);
    assert_eq!(phone.client().account().finish(&dressed).await, Err(Error::SignedOut));
    assert!(!is_signed_in(&phone));
    server.stop().await;
}
