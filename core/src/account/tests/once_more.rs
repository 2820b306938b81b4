//! Signing in over a sign-in that is live.

use super::*;

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
