//! When a sign-in ends, as the server says with its tokens.

use super::*;

#[tokio::test]
async fn a_servers_word_on_the_end_of_a_sign_in_is_kept_and_nonsense_in_its_place_ends_none() {
    const DAY_MS: i64 = 86_400_000;
    let dir = tempfile::tempdir().unwrap();
    let phone = signed_in(dir.path()).await;
    assert_eq!(phone.account.sign_in_ends_soon().unwrap(), None, "this server does not say");
    for (number, says, wanted) in [
        (2, "864000", Some(10 * DAY_MS)),
        (3, "\"soon\"", None),
        (4, "-5", Some(-5000)),
        (5, "2592001", None),
    ] {
        phone.clock.advance(900_000);
        let pair = pair(number).replace('}', &format!(r#","refresh_token_expires_in":{says}}}"#));
        phone.script.then(200, pair);
        phone.account.session.access_token().await.unwrap();
        let told = phone.account.sign_in_ends_soon().unwrap();
        assert_eq!(told.map(|at_ms| at_ms - phone.clock.now_ms()), wanted, "{says}");
    }
    // Every request to the token endpoint says which app this is.
    let asked = phone.script.asked.lock().unwrap();
    for request in asked.iter().filter(|request| request.url.ends_with("/oauth/token")) {
        let agent = request.headers.iter().find(|(name, _)| name == "user-agent").unwrap();
        assert_eq!(agent.1, crate::http::user_agent());
    }
}
