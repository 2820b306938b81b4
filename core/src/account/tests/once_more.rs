//! Signing in over a sign-in that is live.

use super::*;
use crate::http::Method;
use futures::FutureExt as _;

/// The tokens of which the server was told that they are over.
fn revoked(phone: &Phone) -> Vec<String> {
    let asked = phone.script.asked.lock().unwrap();
    let told = asked.iter().filter(|request| request.url.ends_with("/oauth/revoke"));
    told.map(|request| String::from_utf8(request.body.clone()).unwrap()).collect()
}

#[tokio::test]
async fn rfc_9470_a_phone_that_is_signed_in_asks_for_a_sign_in_of_the_last_ten_minutes_and_another_for_any() {
    let dir = tempfile::tempdir().unwrap();
    let fresh = phone(dir.path(), &Arc::default());
    assert!(!fresh.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap().contains("max_age"));
    drop(fresh);
    let phone = signed_in(dir.path()).await;
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    assert_eq!(parameter(&url, "max_age"), "600");
    phone.clock.advance(900_000);
    phone.script.then(400, r#"{"error":"invalid_grant"}"#);
    assert_eq!(phone.account.session.access_token().await.unwrap_err(), Error::SignedOut);
    assert!(!phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap().contains("max_age"));
}

#[tokio::test]
async fn a_sign_in_over_a_live_one_ends_that_and_keeps_nothing_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    assert_eq!(revoked(&phone), Vec::<String>::new());
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    phone.script.then(200, pair(2));
    phone.account.finish(&callback(&url)).await.unwrap();
    assert_eq!(revoked(&phone), ["token=hrt_1&client_id=app.kinfolio"]);
    assert_eq!(phone.account.session.access_token().await.unwrap().as_str(), "hat_2");
    phone.clock.advance(900_000);
    phone.script.then(200, pair(3));
    phone.account.session.access_token().await.unwrap();
    assert_eq!(revoked(&phone).len(), 1, "told once");
    phone.account.sign_out().await.unwrap();
    assert_eq!(revoked(&phone)[1..], ["token=hrt_3&client_id=app.kinfolio"]);
}

#[tokio::test]
async fn an_answer_to_the_sign_in_from_before_says_nothing_of_the_one_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    let session = &phone.account.session;
    let (_, asked) = session.send_as(Method::Post, "/api/v1/device-proof/nonce").await.unwrap();
    session.note_sign_in(&asked, &[5; 16]).unwrap();
    // The question is on its way when the phone signs in as somebody else, and the answer comes after that.
    let mut late = Box::pin(phone.account.refresh_me());
    assert_eq!((&mut late).now_or_never(), None);
    let url = phone.account.begin(SERVER, BACK, CLIENT_APP).await.unwrap();
    phone.script.then(200, pair(2));
    sign_in::finish(&phone.account.context, &*session.transport, &callback(&url)).await.unwrap();
    assert_eq!(late.await, Err(Error::SignedOut));
    assert_eq!(session.note_sign_in(&asked, &[5; 16]), Err(Error::SignedOut));
    let row = phone.account.context.storage.read(queries::sign_in).unwrap().unwrap();
    assert_eq!((row.sign_in, row.email, row.refresh_token.unwrap().as_str()), (None, None, "hrt_2"));
    phone.account.refresh_me().await.unwrap();
    let AccountState::SignedIn(known) = phone.account.state().unwrap() else { panic!("signed in") };
    assert_eq!(known.email.as_deref(), Some("ann@example.org"));
}
