//! The authorization endpoint against RFC 9700, 8252 and 7636 (sign-in.md 5.3, 1 to 5, 30).

use support::browser::query_of;
use support::server::InProcess;

use super::{App, authorize_url};

/// The parameters of a good request, one of them changed.
fn changed(app: &App, name: &str, value: Option<&str>) -> Vec<(String, String)> {
    let mut parameters = app.parameters();
    parameters.retain(|(key, _)| key != name);
    parameters.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    parameters
}

#[tokio::test]
async fn a_redirect_or_client_in_doubt_gets_a_page_and_never_a_redirect() {
    let server = InProcess::start().await;
    let mut browser = server.browser();
    let phone = App::phone(server.base());
    let desktop = App::desktop(server.base());
    let mut urls = Vec::new();
    for uri in [
        "https://127.0.0.1:8484/app/callback/",
        "https://127.0.0.1:8484/app/callbackx",
        "https://127.0.0.1:8484/app/callback?x=1",
        "https://127.0.0.1:8484/app/callback#x",
        "https://127.0.0.1:8484@evil.example/app/callback",
        "https://127.0.0.1:8484/app%2Fcallback",
        "https://127.0.0.1:9999/app/callback",
        "http://127.0.0.1:5005/callback",
        "app.kinfolio:/oauth2redirect/x",
        "app.kinfolio://oauth2redirect",
        "APP.kinfolio:/oauth2redirect",
        "javascript:alert(1)",
        "",
    ] {
        urls.push(changed(&phone, "redirect_uri", Some(uri)));
    }
    for uri in [
        "http://localhost:5005/callback",
        "http://127.0.0.2:5005/callback",
        "http://0x7f.1:5005/callback",
        "http://[::ffff:127.0.0.1]:5005/callback",
        "http://127.0.0.1:1@evil.example/callback",
        "http://127.0.0.1:5005/callback/x",
        "app.kinfolio:/oauth2redirect",
    ] {
        urls.push(changed(&desktop, "redirect_uri", Some(uri)));
    }
    for id in [None, Some(""), Some("app.kinfolio.evil"), Some("APP.KINFOLIO")] {
        urls.push(changed(&phone, "client_id", id));
    }
    for name in ["redirect_uri", "client_id"] {
        let mut twice = phone.parameters();
        twice.push((name.to_owned(), "app.kinfolio:/oauth2redirect".to_owned()));
        urls.push(twice);
    }
    for parameters in urls {
        let answer = browser.get(&authorize_url(server.base(), &parameters)).await;
        assert_eq!((answer.status, answer.location()), (400, None), "{parameters:?}");
        assert!(answer.text.contains("This app is not known here"));
    }
    assert_eq!(browser.get("/oauth/authorize").await.status, 400);
    assert_eq!(browser.get("/oauth/authorize?client_id=%ff").await.status, 400);
}

#[tokio::test]
async fn every_other_fault_is_told_to_the_app_with_state_and_issuer() {
    let server = InProcess::start().await;
    let mut browser = server.browser();
    let app = App::phone(server.base());
    let short = "a".repeat(42);
    let long = "a".repeat(44);
    let padded = format!("{short}=");
    let foreign = format!("{short}+");
    for (name, value, word) in [
        ("response_type", None, "invalid_request"),
        ("response_type", Some("token"), "unsupported_response_type"),
        ("response_type", Some("id_token"), "unsupported_response_type"),
        ("response_type", Some("code token"), "unsupported_response_type"),
        ("response_mode", Some("fragment"), "invalid_request"),
        ("response_mode", Some("form_post"), "invalid_request"),
        ("request", Some("eyJ"), "request_not_supported"),
        ("request_uri", Some("https://evil.example/"), "request_uri_not_supported"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge", Some(&short), "invalid_request"),
        ("code_challenge", Some(&long), "invalid_request"),
        ("code_challenge", Some(&padded), "invalid_request"),
        ("code_challenge", Some(&foreign), "invalid_request"),
        ("code_challenge_method", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("code_challenge_method", Some("s256"), "invalid_request"),
        ("scope", Some("sync openid"), "invalid_scope"),
        ("scope", Some("admin"), "invalid_scope"),
    ] {
        let answer = browser.get(&authorize_url(server.base(), &changed(&app, name, value))).await;
        let location = answer.location().unwrap_or_default();
        assert_eq!(answer.status, 303, "{name} {value:?}");
        assert!(location.starts_with("app.kinfolio:/oauth2redirect?error="), "{location}");
        assert_eq!(query_of(location, "error").as_deref(), Some(word), "{name} {value:?}");
        assert_eq!(query_of(location, "state").as_deref(), Some(app.state.as_str()));
        assert_eq!(query_of(location, "iss").as_deref(), Some(server.base()));
        assert_eq!(query_of(location, "code"), None);
    }
    let mut twice = app.parameters();
    twice.push(("scope".to_owned(), "sync".to_owned()));
    let answer = browser.get(&authorize_url(server.base(), &twice)).await;
    assert_eq!(query_of(answer.location().unwrap(), "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn a_state_of_any_characters_comes_back_as_it_was_and_an_endless_one_is_refused() {
    let server = InProcess::start().await;
    let mut browser = server.browser();
    let mut app = App::phone(server.base());
    app.state = "<script>'\";--&=%00\r\nX: y ünï 🦔".to_owned();
    browser.register("maya@example.org", super::PASSWORD, &server.mail()).await;
    let callback = browser.authorize(&app.authorize_url()).await;
    assert!(!callback.contains(['<', '\'', '"', '\r', '\n', ' ']), "{callback}");
    assert_eq!(query_of(&callback, "state").as_deref(), Some(app.state.as_str()));
    app.state = "x".repeat(4097);
    let answer = browser.get(&app.authorize_url()).await;
    assert_eq!(query_of(answer.location().unwrap(), "error").as_deref(), Some("invalid_request"));
    assert_eq!(query_of(answer.location().unwrap(), "state"), None);
}

#[tokio::test]
async fn nobody_continues_somebody_elses_request() {
    let server = InProcess::start().await;
    let (mut victim, mut attacker) = (server.browser(), server.browser());
    let app = App::phone(server.base());
    let answer = attacker.get(&app.authorize_url()).await;
    let planted = answer.location().unwrap().to_owned();
    victim.register("maya@example.org", super::PASSWORD, &server.mail()).await;
    for path in
        [planted.clone(), planted.replace("/login", "/confirm"), planted.replace("/login", "/register")]
    {
        let answer = victim.get(&path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.text.contains("This page is too old"));
    }
    for junk in ["/confirm", "/confirm?tx=zz", "/login?tx=https://evil.example", "/login?tx=//evil.example"] {
        assert_eq!(victim.get(junk).await.status, 400, "{junk}");
    }
}

#[tokio::test]
async fn the_metadata_names_this_issuer_and_nothing_that_is_not_there() {
    let server = InProcess::start().await;
    let answer = server.browser().get("/.well-known/oauth-authorization-server").await;
    let metadata: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(metadata["issuer"], server.base());
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(metadata["grant_types_supported"], serde_json::json!(["authorization_code", "refresh_token"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    for missing in ["registration_endpoint", "jwks_uri", "introspection_endpoint", "userinfo_endpoint"] {
        assert!(metadata.get(missing).is_none(), "{missing}");
    }
}
