//! The authorization endpoint against RFC 9700, 8252 and 7636 (sign-in.md 5.3, 1 to 5, 8, 12, 20, 30).

use kinfolio_server::store::Value;
use support::browser::query_of;
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::{App, authorize_url};

on_each_engine!(
    rfc_9700_1_asvs_10_4_1_a_redirect_that_is_not_registered_gets_a_page_and_never_a_redirect,
    rfc_9700_2_an_unknown_client_gets_a_page_and_never_a_redirect,
    rfc_9700_3_a_loopback_redirect_may_choose_its_port_and_nothing_else,
    rfc_9700_4_asvs_10_4_12_another_type_or_mode_of_response_is_refused,
    rfc_9700_5_asvs_10_4_6_a_challenge_is_there_is_s256_and_has_its_shape,
    asvs_10_4_11_more_than_the_one_scope_and_a_doubled_parameter_are_refused,
    rfc_9700_8_no_request_and_no_code_without_a_challenge_can_be_kept,
    rfc_9700_20_asvs_10_3_3_an_account_is_no_client_and_a_client_is_no_account,
    rfc_9700_30_a_state_of_any_characters_comes_back_as_it_was_and_an_endless_one_is_refused,
    rfc_9700_12_asvs_10_1_2_nobody_continues_somebody_elses_request,
    a_request_on_its_way_lives_for_ten_minutes,
    a_sign_in_that_begins_late_in_the_life_of_the_browsers_cookie_has_all_its_time,
    asvs_10_4_4_the_metadata_names_this_issuer_and_nothing_that_is_not_there,
    a_program_on_a_computer_signs_in_at_a_public_address_only_where_that_is_switched_on,
);

/// The parameters of a good request, one of them changed.
fn changed(app: &App, name: &str, value: Option<&str>) -> Vec<(String, String)> {
    let mut parameters = app.parameters();
    parameters.retain(|(key, _)| key != name);
    parameters.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    parameters
}

/// Each is answered by a page, and nothing is redirected.
async fn nothing_is_redirected(server: &InProcess, requests: Vec<Vec<(String, String)>>) {
    let mut browser = server.browser();
    for parameters in requests {
        let answer = browser.get(&authorize_url(server.base(), &parameters)).await;
        assert_eq!((answer.status, answer.location()), (400, None), "{parameters:?}");
        assert!(answer.text.contains("This app is not known here"));
    }
}

/// The parameters of a good request, one of them twice.
fn twice(app: &App, name: &str, second: &str) -> Vec<(String, String)> {
    let mut parameters = app.parameters();
    parameters.push((name.to_owned(), second.to_owned()));
    parameters
}

async fn rfc_9700_1_asvs_10_4_1_a_redirect_that_is_not_registered_gets_a_page_and_never_a_redirect(
    server: &InProcess,
) {
    let phone = App::phone(server.base());
    let mut requests: Vec<_> = [
        "https://127.0.0.1:8484/app/callback/",
        "https://127.0.0.1:8484/app/callbackx",
        "https://127.0.0.1:8484/app/callbac",
        "https://127.0.0.1:8484/App/callback",
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
    ]
    .map(|uri| changed(&phone, "redirect_uri", Some(uri)))
    .to_vec();
    requests.push(twice(&phone, "redirect_uri", "app.kinfolio:/oauth2redirect"));
    nothing_is_redirected(server, requests).await;
    for registered in ["https://127.0.0.1:8484/app/callback", "app.kinfolio:/oauth2redirect"] {
        leads_on(server, &changed(&phone, "redirect_uri", Some(registered))).await;
    }
}

/// The way to sign in begins.
async fn leads_on(server: &InProcess, parameters: &[(String, String)]) {
    let answer = server.browser().get(&authorize_url(server.base(), parameters)).await;
    assert!(
        answer.location().is_some_and(|to| to.starts_with("/login?tx=")),
        "{parameters:?}: {}",
        answer.text
    );
}

async fn rfc_9700_2_an_unknown_client_gets_a_page_and_never_a_redirect(server: &InProcess) {
    let phone = App::phone(server.base());
    let unknown = [None, Some(""), Some("app.kinfolio.evil"), Some("APP.KINFOLIO")];
    let mut requests = unknown.map(|id| changed(&phone, "client_id", id)).to_vec();
    requests.push(twice(&phone, "client_id", "app.kinfolio"));
    nothing_is_redirected(server, requests).await;
    let mut browser = server.browser();
    assert_eq!(browser.get("/oauth/authorize").await.status, 400);
    assert_eq!(browser.get("/oauth/authorize?client_id=%ff").await.status, 400);
}

async fn rfc_9700_3_a_loopback_redirect_may_choose_its_port_and_nothing_else(server: &InProcess) {
    let desktop = App::desktop(server.base());
    let wrong = [
        "http://localhost:5005/callback",
        "http://127.0.0.2:5005/callback",
        "http://0x7f.1:5005/callback",
        "http://[::ffff:127.0.0.1]:5005/callback",
        "http://127.0.0.1:1@evil.example/callback",
        "http://127.0.0.1:5005/callback/x",
        "http://127.0.0.1:5005/other",
        "app.kinfolio:/oauth2redirect",
    ];
    nothing_is_redirected(server, wrong.map(|uri| changed(&desktop, "redirect_uri", Some(uri))).to_vec())
        .await;
    for host in ["127.0.0.1:5005", "127.0.0.1:65535", "127.0.0.1", "[::1]:5005"] {
        let uri = format!("http://{host}/callback");
        leads_on(server, &changed(&desktop, "redirect_uri", Some(&uri))).await;
    }
}

/// Each fault is told to the app by redirect, with state and issuer and without a code.
async fn told_to_the_app(server: &InProcess, faults: &[(&str, Option<&str>, &str)]) {
    let mut browser = server.browser();
    let app = App::phone(server.base());
    for (name, value, word) in faults {
        let answer = browser.get(&authorize_url(server.base(), &changed(&app, name, *value))).await;
        let location = answer.location().unwrap_or_default();
        assert_eq!(answer.status, 303, "{name} {value:?}");
        assert!(location.starts_with("app.kinfolio:/oauth2redirect?error="), "{name} {value:?}: {location}");
        assert_eq!(query_of(location, "error").as_deref(), Some(*word), "{name} {value:?}");
        assert_eq!(query_of(location, "state").as_deref(), Some(app.state.as_str()));
        assert_eq!(query_of(location, "iss").as_deref(), Some(server.base()));
        assert_eq!(query_of(location, "code"), None);
    }
}

async fn rfc_9700_4_asvs_10_4_12_another_type_or_mode_of_response_is_refused(server: &InProcess) {
    told_to_the_app(
        server,
        &[
            ("response_type", None, "invalid_request"),
            ("response_type", Some("token"), "unsupported_response_type"),
            ("response_type", Some("id_token"), "unsupported_response_type"),
            ("response_type", Some("code token"), "unsupported_response_type"),
            ("response_mode", Some("fragment"), "invalid_request"),
            ("response_mode", Some("form_post"), "invalid_request"),
            ("request", Some("eyJ"), "request_not_supported"),
            ("request_uri", Some("https://evil.example/"), "request_uri_not_supported"),
        ],
    )
    .await;
}

async fn rfc_9700_5_asvs_10_4_6_a_challenge_is_there_is_s256_and_has_its_shape(server: &InProcess) {
    let short = "a".repeat(42);
    let (long, padded, foreign) = (format!("{short}aa"), format!("{short}="), format!("{short}+"));
    told_to_the_app(
        server,
        &[
            ("code_challenge", None, "invalid_request"),
            ("code_challenge", Some(&short), "invalid_request"),
            ("code_challenge", Some(&long), "invalid_request"),
            ("code_challenge", Some(&padded), "invalid_request"),
            ("code_challenge", Some(&foreign), "invalid_request"),
            ("code_challenge_method", None, "invalid_request"),
            ("code_challenge_method", Some("plain"), "invalid_request"),
            ("code_challenge_method", Some("s256"), "invalid_request"),
        ],
    )
    .await;
}

async fn asvs_10_4_11_more_than_the_one_scope_and_a_doubled_parameter_are_refused(server: &InProcess) {
    told_to_the_app(
        server,
        &[("scope", Some("sync openid"), "invalid_scope"), ("scope", Some("admin"), "invalid_scope")],
    )
    .await;
    for doubled in ["scope", "state", "response_type", "code_challenge", "code_challenge_method"] {
        let request = twice(&App::phone(server.base()), doubled, "sync");
        let answer = server.browser().get(&authorize_url(server.base(), &request)).await;
        let location = answer.location().unwrap_or_else(|| panic!("{doubled}: {}", answer.text));
        assert_eq!(query_of(location, "error").as_deref(), Some("invalid_request"), "{doubled}");
        assert_eq!(query_of(location, "state").is_none(), doubled == "state", "{doubled}: {location}");
    }
}

async fn rfc_9700_8_no_request_and_no_code_without_a_challenge_can_be_kept(engine: &Engine) {
    let server = engine.server_at(&super::clock()).await;
    let app = App::phone(server.base());
    let request = changed(&app, "code_challenge", None);
    let answer = server.browser().get(&authorize_url(server.base(), &request)).await;
    assert_eq!(query_of(answer.location().unwrap(), "error").as_deref(), Some("invalid_request"));
    server.browser().register(super::EMAIL, super::PASSWORD, &server.mail()).await;
    for sql in [
            "INSERT INTO auth_tx (tx_id, browser_hash, client_id, redirect_uri, code_challenge, scope, expires_at)
             VALUES ($1, $2, 'app.kinfolio', 'x', $3, 'sync', 0)",
            "INSERT INTO codes (user_id, code_hash, code_challenge, session_hash, client_id, redirect_uri, auth_time,
                                amr, scope, expires_at)
             VALUES (COALESCE((SELECT user_id FROM users), $1), $2, $3, $2, 'app.kinfolio', 'x', 0, 'pwd', 'sync', 0)",
        ] {
            for (challenge, kept) in [(None, false), (Some("x"), true)] {
                let values = [Value::Id([0; 16]), Value::Bytes(vec![0; 32]), challenge.into()];
                let insert = server.state.store.account(move |tx| tx.execute(sql, &values)).await;
                assert_eq!(insert.is_ok(), kept, "{sql}: {insert:?}");
            }
        }
}

async fn rfc_9700_20_asvs_10_3_3_an_account_is_no_client_and_a_client_is_no_account(server: &InProcess) {
    let (mut browser, app) = super::signed_in(server).await;
    let me = app.api(&mut browser, "GET", "/api/v1/me").await;
    let me: serde_json::Value = serde_json::from_str(&me.text).unwrap();
    let account = me["account"].as_str().unwrap().to_owned();
    assert!(!account.contains('.') && app.client_id.contains('.'), "{account}");
    nothing_is_redirected(server, vec![changed(&app, "client_id", Some(&account))]).await;
    for (path, token) in [("/oauth/token", "refresh_token"), ("/oauth/revoke", "token")] {
        let fields = [("grant_type", "refresh_token"), ("client_id", &account), (token, &app.refresh)];
        let answer = browser.post(path, &fields).await;
        assert_eq!(super::oauth_error(&answer), "invalid_client", "{path}");
    }
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
}

async fn rfc_9700_30_a_state_of_any_characters_comes_back_as_it_was_and_an_endless_one_is_refused(
    server: &InProcess,
) {
    let mut browser = server.browser();
    let mut app = App::phone(server.base());
    app.state = "<script>'\";--&=%00\r\nX: y ünï 🦔".to_owned();
    browser.register("maya@example.org", super::PASSWORD, &server.mail()).await;
    let callback = browser.authorize(&app.authorize_url()).await;
    assert!(!callback.contains(['<', '\'', '"', '\r', '\n', ' ']), "{callback}");
    assert_eq!(query_of(&callback, "state").as_deref(), Some(app.state.as_str()));
    app.state = "x".repeat(4096);
    leads_on(server, &app.parameters()).await;
    app.state = "x".repeat(4097);
    let answer = browser.get(&app.authorize_url()).await;
    assert_eq!(query_of(answer.location().unwrap(), "error").as_deref(), Some("invalid_request"));
    assert_eq!(query_of(answer.location().unwrap(), "state"), None);
}

async fn rfc_9700_12_asvs_10_1_2_nobody_continues_somebody_elses_request(server: &InProcess) {
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
    // Nor by an answer that was never asked for, with the victim's own session and token.
    let csrf = victim.get("/signed-in").await.csrf();
    let fields = [("csrf", &*csrf), ("choice", "continue")];
    let answer = victim.post(&planted.replace("/login", "/confirm"), &fields).await;
    assert_eq!((answer.status, answer.location()), (400, None), "{}", answer.text);
    assert!(answer.text.contains("or is too old"), "{}", answer.text);
    for junk in ["/confirm", "/confirm?tx=zz", "/login?tx=https://evil.example", "/login?tx=//evil.example"] {
        assert_eq!(victim.get(junk).await.status, 400, "{junk}");
    }
}

async fn asvs_10_4_4_the_metadata_names_this_issuer_and_nothing_that_is_not_there(server: &InProcess) {
    let answer = server.browser().get("/.well-known/oauth-authorization-server").await;
    let metadata: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    let base = server.base();
    let whole = serde_json::json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth/authorize"),
        "token_endpoint": format!("{base}/oauth/token"),
        "revocation_endpoint": format!("{base}/oauth/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "scopes_supported": ["sync"],
    });
    assert_eq!(metadata, whole);
}

async fn a_program_on_a_computer_signs_in_at_a_public_address_only_where_that_is_switched_on(
    engine: &Engine,
) {
    for on in [false, true] {
        let change = move |config: &mut kinfolio_server::Config| {
            config.public_url = Some("https://sync.example.org".into());
            (config.weak_hash, config.desktop_client) = (false, on);
        };
        let server = engine.server_with(change, super::clock()).await;
        let request = App::desktop(server.base()).parameters();
        if on {
            leads_on(&server, &request).await;
        } else {
            nothing_is_redirected(&server, vec![request]).await;
        }
        leads_on(&server, &App::phone(server.base()).parameters()).await;
    }
}

async fn a_request_on_its_way_lives_for_ten_minutes(engine: &Engine) {
    let clock = super::clock();
    let server = engine.server_at(&clock).await;
    let (mut known, mut stranger) = (server.browser(), server.browser());
    known.register(super::EMAIL, super::PASSWORD, &server.mail()).await;
    let app = App::phone(server.base());
    let answer = known.get(&app.authorize_url()).await;
    let confirm = known.follow(answer).await;
    let answer = stranger.get(&app.authorize_url()).await;
    let login = stranger.follow(answer).await;
    assert!(confirm.url.starts_with("/confirm?tx=") && login.url.starts_with("/login?tx="));
    clock.advance(599);
    assert_eq!(known.get(&confirm.url).await.status, 200);
    assert_eq!(stranger.get(&login.url).await.status, 200);
    clock.advance(1);
    assert_eq!(known.get(&confirm.url).await.status, 400);
    assert_eq!(stranger.get(&login.url).await.status, 400);
    let answer = known.fill(&confirm, "/confirm", &[("choice", "continue")]).await;
    assert_eq!((answer.status, answer.location()), (400, None), "{}", answer.text);
    let fields = [("email", super::EMAIL), ("password", super::PASSWORD)];
    let answer = stranger.fill(&login, "/login", &fields).await;
    assert_eq!((answer.status, stranger.cookie("sid")), (400, None), "{}", answer.text);
}

async fn a_sign_in_that_begins_late_in_the_life_of_the_browsers_cookie_has_all_its_time(engine: &Engine) {
    let server = engine.server_at(&super::clock()).await;
    let mut browser = server.browser();
    browser.get("/login").await;
    let secret = browser.cookie("tx").unwrap().to_owned();
    // Every page that may be the first of something, asked for in the cookie's last minute.
    for path in ["/login", "/register", "/reset", &App::phone(server.base()).authorize_url()] {
        let answer = browser.get(path).await;
        let set = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let renewed = set.filter(|text| text.starts_with(&format!("tx={secret};"))).collect::<Vec<_>>();
        assert!(matches!(renewed[..], [text] if text.contains("Max-Age=3600")), "{path}: {renewed:?}");
    }
}
