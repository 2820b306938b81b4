//! An app that asks for a sign-in of the last minutes (RFC 9470, `max_age`), in a browser that is still signed in.

use serde_json::Value;
use support::browser::{Answer, Browser, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::two_step::switch_on;
use super::{App, EMAIL, NOW, PASSWORD, authorize_url, clock, signed_in};

on_each_engine!(
    rfc_9470_a_request_with_max_age_asks_once_more_in_a_browser_that_signed_in_longer_ago,
    asvs_10_3_4_a_sign_in_is_as_old_as_its_person_was_asked_and_no_refresh_makes_it_younger,
    rfc_9470_with_two_step_sign_in_it_asks_for_its_code_too,
    rfc_9470_whoever_is_asked_once_more_may_use_another_account,
    rfc_9470_a_max_age_that_is_no_number_of_seconds_is_an_invalid_request,
);

const ASKED: &str = "show once more that it is you";
const QUESTION: &str = "Continue only if you opened this page";

/// A request of the app's that says how long ago its person may have signed in.
fn url(app: &App, max_age: &str) -> String {
    let mut parameters = app.parameters();
    parameters.push(("max_age".to_owned(), max_age.to_owned()));
    authorize_url(&app.base, &parameters)
}

/// Where an app's address leads this browser.
async fn open(browser: &mut Browser, url: &str) -> Answer {
    let answer = browser.get(url).await;
    browser.follow(answer).await
}

async fn rfc_9470_a_request_with_max_age_asks_once_more_in_a_browser_that_signed_in_longer_ago(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, mut app) = signed_in(&server).await;
    assert!(open(&mut browser, &url(&app, "600")).await.text.contains(QUESTION), "signed in just now");
    clock.advance(600);
    let refused = app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await;
    let challenge = "Bearer error=\"insufficient_user_authentication\", max_age=600";
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, challenge));
    for old_enough in [app.authorize_url(), url(&app, "601")] {
        assert!(open(&mut browser, &old_enough).await.text.contains(QUESTION), "{old_enough}");
    }
    let page = open(&mut browser, &url(&app, "600")).await;
    assert!(page.text.contains(ASKED) && page.text.contains(EMAIL), "{}", page.text);
    // Nor past the page: the question is not put, and not answered.
    let confirm = page.form("/login").unwrap().0.replace("/login", "/confirm");
    let login = confirm.replace("/confirm", "/login");
    assert_eq!(browser.get(&confirm).await.location(), Some(&*login));
    let csrf = page.csrf();
    let fields = [("csrf", csrf.as_str()), ("choice", "continue")];
    assert_eq!(browser.post(&confirm, &fields).await.location(), Some(&*login));
    let wrong = browser.fill(&page, "/login", &[("email", EMAIL), ("password", "not this one, no")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(browser.get(&confirm).await.location(), Some(&*login));
    let page = browser.get(&login).await;
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 404, "there is none");
    // 0 asks in any case, and once.
    clock.advance(1);
    let page = open(&mut browser, &url(&app, "0")).await;
    assert!(page.text.contains(ASKED), "{}", page.text);
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    clock.advance(60);
    browser.confirm(&page).await;
}

async fn asvs_10_3_4_a_sign_in_is_as_old_as_its_person_was_asked_and_no_refresh_makes_it_younger(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let kept = async || {
        let newest = "SELECT auth_time, amr FROM signins ORDER BY created_at DESC LIMIT 1";
        let row = server.state.store.account_read(move |tx| tx.query_one(newest, &[])).await;
        let row = row.unwrap().unwrap();
        (row.int(0).unwrap(), row.text(1).unwrap())
    };
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    // Five minutes later an app is let in by the browser's session: its person was asked when that began.
    clock.advance(300);
    let mut app = App::phone(server.base());
    let callback = browser.authorize(&app.authorize_url()).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(kept().await, (NOW, "pwd".to_owned()));
    clock.advance(299);
    app.refresh(&mut browser).await;
    assert_eq!(
        app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status,
        404,
        "fresh: there is none"
    );
    assert_eq!(browser.get("/account/two-step").await.status, 200);
    clock.advance(1);
    for _ in 0..2 {
        let refused = app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await;
        assert_eq!(refused.status, 401);
        assert!(refused.header("www-authenticate").contains("insufficient_user_authentication"));
        app.refresh(&mut browser).await;
    }
    assert_eq!(browser.get("/account/two-step").await.location(), Some("/login?next=two-step"));
    assert_eq!(kept().await.0, NOW);
    // Shown once more, the next sign-in is of now, and of all that was asked.
    let page = open(&mut browser, &url(&app, "600")).await;
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(kept().await, (NOW + 600_000_000, "pwd".to_owned()));
    let (authenticator, _) = switch_on(&mut browser, &clock).await;
    clock.advance(600);
    let page = open(&mut browser, &url(&app, "600")).await;
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    clock.advance(60);
    let page = browser.fill(&page, "/login/totp", &[("code", &authenticator.code(&clock))]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(kept().await, (NOW + 1_290_000_000, "pwd otp".to_owned()), "when the last step was shown");
}

async fn rfc_9470_with_two_step_sign_in_it_asks_for_its_code_too(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, mut app) = signed_in(&server).await;
    let (authenticator, _) = switch_on(&mut browser, &clock).await;
    clock.advance(600);
    let page = open(&mut browser, &url(&app, "600")).await;
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
    assert!(open(&mut browser, &url(&app, "600")).await.text.contains(ASKED), "half of it is nothing");
    let page = browser.fill(&page, "/login/totp", &[("code", &authenticator.code(&clock))]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 404);
}

async fn rfc_9470_whoever_is_asked_once_more_may_use_another_account(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register("ben@example.org", PASSWORD, &server.mail()).await;
    let (mut browser, mut app) = signed_in(&server).await;
    clock.advance(600);
    let page = open(&mut browser, &url(&app, "600")).await;
    let page = browser.fill(&page, "/confirm", &[("choice", "other")]).await;
    assert!(page.text.contains("Create an account") && !page.text.contains(EMAIL), "{}", page.text);
    let page = browser.fill(&page, "/login", &[("email", "ben@example.org"), ("password", PASSWORD)]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    let me: Value = serde_json::from_str(&app.api(&mut browser, "GET", "/api/v1/me").await.text).unwrap();
    assert_eq!(me["email"], "ben@example.org");
}

async fn rfc_9470_a_max_age_that_is_no_number_of_seconds_is_an_invalid_request(server: &InProcess) {
    let mut browser = server.browser();
    let app = App::phone(server.base());
    let error = |answer: &Answer| query_of(answer.location().unwrap_or_default(), "error");
    for wrong in ["-1", "+5", "1.5", "600s", " 600", "4294967296", "0x10", "٦٠"] {
        let answer = browser.get(&url(&app, wrong)).await;
        assert_eq!(error(&answer).as_deref(), Some("invalid_request"), "{wrong}");
        assert_eq!(query_of(answer.location().unwrap(), "state").as_deref(), Some(&*app.state));
    }
    let twice = browser.get(&format!("{}&max_age=600", url(&app, "600"))).await;
    assert_eq!(error(&twice).as_deref(), Some("invalid_request"));
    for right in ["0", "600", "4294967295"] {
        let answer = browser.get(&url(&app, right)).await;
        assert!(answer.location().is_some_and(|to| to.starts_with("/login?tx=")), "{right}");
    }
}
