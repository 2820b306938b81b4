//! A form that is tapped twice did its work the first time: its person is led on to where the browser stands by then, and nothing of
//! the second is taken.

use support::browser::{Answer, Browser, code_from, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::account::NEW_PASSWORD;
use super::reset::ask_on;
use super::two_step::{Authenticator, switch_on};
use super::{App, EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    a_form_that_is_tapped_twice_leads_on_from_registering_to_a_new_password,
    a_new_password_that_is_tapped_twice_leads_to_what_it_has_ended,
    a_form_for_other_cookies_takes_nothing_and_shows_nothing_that_a_look_would_not,
    a_real_browser_that_taps_twice_while_the_next_page_is_on_its_way_comes_to_it,
    an_answer_that_was_lost_is_followed_by_nothing_untrue_and_a_way_on,
    a_password_from_another_tab_is_not_told_to_be_the_new_one,
    the_apps_question_answered_twice_says_to_look_into_the_app,
);

/// Sends the form of a page, and once more before the next page is there: by then the browser has the new cookies. Both lead to the
/// same page, and what is on it.
async fn tap_twice(browser: &mut Browser, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
    let (action, hidden) = page.form(path).unwrap_or_else(|| panic!("no form to {path}: {}", page.text));
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
    let first = browser.post(&action, &fields).await;
    let second = browser.post(&action, &fields).await;
    assert_eq!((first.status, second.status), (303, 303), "{path}: {}", second.text);
    assert_eq!(second.location(), first.location(), "{path}");
    assert_eq!((second.header("set-cookie"), second.text.as_str()), ("", ""), "{path}");
    browser.follow(second).await
}

/// The first page of signing in: by itself, or for an app.
async fn begin(server: &InProcess, app: Option<&App>) -> (Browser, Answer) {
    let mut browser = server.browser();
    let answer = browser.get(&app.map_or_else(|| "/login".to_owned(), App::authorize_url)).await;
    let page = browser.follow(answer).await;
    (browser, page)
}

/// Whether somebody is through: signed in, or asked the app's question.
fn is_through(page: &Answer, app: Option<&App>) -> bool {
    if app.is_some() { page.form("/confirm").is_some() } else { page.is_in() }
}

async fn times(browser: &mut Browser, told: &str) -> usize {
    browser.get("/account/activity").await.text.matches(told).count()
}

async fn a_form_that_is_tapped_twice_leads_on_from_registering_to_a_new_password(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let for_app = App::phone(server.base());
    for (email, app) in [("ann@example.org", None), ("ben@example.org", Some(&for_app))] {
        let (mut browser, page) = begin(&server, app).await;
        let page = browser.get(&page.link("/register").unwrap()).await;
        let page = browser.fill(&page, "/register", &[("email", email)]).await;
        let code = code_from(&next_mail(&server.mail(), email, 0).await);
        let page = tap_twice(&mut browser, &page, "/register/code", &[("code", &code)]).await;
        let fields = [("password", PASSWORD), ("adult", "yes")];
        let page = tap_twice(&mut browser, &page, "/register/password", &fields).await;
        assert!(is_through(&page, app), "{}", page.text);
        assert_eq!(times(&mut browser, "Account created").await, 1);
        let typed = [("email", email), ("password", PASSWORD)];
        let (mut other, page) = begin(&server, app).await;
        let page = tap_twice(&mut other, &page, "/login", &typed).await;
        assert!(is_through(&page, app), "{}", page.text);
        // With two-step sign-in, and after a forgotten password.
        let (authenticator, paper): (Authenticator, _) = switch_on(&mut browser, &clock).await;
        for (step, code) in
            [("/login/totp", authenticator.code(&clock)), ("/login/backup-code", paper[0].clone())]
        {
            let (mut other, page) = begin(&server, app).await;
            let page = tap_twice(&mut other, &page, "/login", &typed).await;
            let page = other.get(&page.url.replace("/login/totp", step)).await;
            let page = tap_twice(&mut other, &page, step, &[("code", &code)]).await;
            assert!(is_through(&page, app), "{}", page.text);
        }
        clock.advance(30);
        let (mut other, page) = begin(&server, app).await;
        let page = other.get(&page.link("/reset").unwrap()).await;
        let (page, code) = ask_on(&page, &server, &mut other, email).await;
        let page = tap_twice(&mut other, &page, "/reset/code", &[("code", &code)]).await;
        let page = tap_twice(&mut other, &page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
        assert!(page.text.contains("Your new password counts once this code is right."), "{}", page.text);
        let code = authenticator.code(&clock);
        let page = tap_twice(&mut other, &page, "/login/totp", &[("code", &code)]).await;
        assert!(page.text.contains("Your password is changed"), "{}", page.text);
        assert_eq!(times(&mut other, "New password set by a mailed code").await, 1);
    }
}

async fn a_new_password_that_is_tapped_twice_leads_to_what_it_has_ended(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let page = browser.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    let page = tap_twice(&mut browser, &page, "/account/password", &fields).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    for app in [None, Some(&app)] {
        clock.advance(60);
        let (mut browser, page) = begin(&server, app).await;
        let page = browser.get(&page.link("/reset").unwrap()).await;
        let (page, code) = ask_on(&page, &server, &mut browser, EMAIL).await;
        let page = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
        let fields = [("password", "quokka banter sleet umbrella forge")];
        let page = tap_twice(&mut browser, &page, "/reset/password", &fields).await;
        assert!(page.text.contains("Your password is changed"), "{}", page.text);
        let on = if app.is_some() { "/confirm?tx=" } else { "/account" };
        assert!(page.link(on).is_some(), "{}", page.text);
    }
}

async fn a_form_for_other_cookies_takes_nothing_and_shows_nothing_that_a_look_would_not(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let foreign = server.browser().get("/login").await.csrf();
    let request = browser.get(&app.authorize_url()).await.location().unwrap().to_owned();
    let confirm = request.replace("/login", "/confirm");
    let fields = [
        ("csrf", foreign.as_str()),
        ("choice", "continue"),
        ("email", EMAIL),
        ("current", PASSWORD),
        ("password", NEW_PASSWORD),
    ];
    for (path, to) in [
        ("/login", "/signed-in"),
        (confirm.as_str(), confirm.as_str()),
        ("/reset/password", "/signed-in"),
        ("/account/two-step/new", "/account/two-step"),
    ] {
        let answer = browser.post(path, &fields).await;
        assert_eq!((answer.status, answer.location()), (303, Some(to)), "{path}: {}", answer.text);
        assert_eq!((answer.header("set-cookie"), answer.text.as_str()), ("", ""), "{path}");
    }
    // Of what would have changed something its person learns that it has not.
    for (path, back) in [
        ("/logout", Some("/signed-in")),
        ("/undo", None),
        ("/account/password", Some("/account/password")),
        ("/account/delete", Some("/account/delete")),
        ("/account/password/changed", Some("/account/devices")),
        ("/account/two-step/off", Some("/account/two-step")),
        ("/account/devices/browsers", Some("/account/devices")),
    ] {
        let answer = browser.post(path, &fields).await;
        assert!(answer.status == 400 && answer.text.contains("Nothing "), "{path}: {}", answer.text);
        assert!(answer.text.contains("This page is too old"), "{path}: {}", answer.text);
        assert_eq!(back.and_then(|back| answer.link(back)).as_deref(), back, "{path}");
    }
    let account = browser.get("/account").await;
    assert!(account.status == 200 && !account.text.contains("to be deleted"), "{}", account.text);
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in(), "the password is the old one");
    // Another site's form is refused where it was, and a browser that stands nowhere is led nowhere.
    browser.origin = Some("https://evil.example".to_owned());
    assert_eq!(browser.post("/login", &fields).await.status, 400);
    let mut stranger = server.browser();
    stranger.get("/login").await;
    for path in ["/login", "/register/code", "/login/totp", "/account/password", &confirm, &request] {
        let answer = stranger.post(path, &fields).await;
        assert_eq!((answer.status, answer.location()), (400, None), "{path}: {}", answer.text);
        assert!(answer.text.contains("This page is too old"), "{path}: {}", answer.text);
    }
}

async fn a_password_from_another_tab_is_not_told_to_be_the_new_one(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let tab = browser.get("/account/password").await;
    let page = browser.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    assert!(
        browser.fill(&page, "/account/password", &fields).await.text.contains("Your password is changed")
    );
    clock.advance(31);
    let fields = [("current", PASSWORD), ("password", "quokka banter sleet umbrella forge")];
    let answer = browser.fill(&tab, "/account/password", &fields).await;
    assert!(answer.status == 400 && answer.text.contains("Nothing of it was taken"), "{}", answer.text);
    assert!(server.browser().log_in(EMAIL, NEW_PASSWORD).await.is_in());
}

async fn the_apps_question_answered_twice_says_to_look_into_the_app(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let answer = browser.get(&app.authorize_url()).await;
    let page = browser.follow(answer).await;
    let (action, fields) = page.form("/confirm").unwrap();
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("choice", "continue"));
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    let again = browser.post(&action, &fields).await;
    assert!(again.status == 400 && again.text.contains("Look into the app"), "{}", again.text);
}

async fn an_answer_that_was_lost_is_followed_by_nothing_untrue_and_a_way_on(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (authenticator, _) = switch_on(&mut parent, &clock).await;
    let app = App::phone(server.base());
    for app in [None, Some(&app)] {
        clock.advance(60);
        let (mut browser, page) = begin(&server, app).await;
        let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
        let mut lost = server.browser();
        lost.set_cookie("tx", browser.cookie("tx"));
        let code = authenticator.code(&clock);
        let through = browser.fill(&page, "/login/totp", &[("code", &code)]).await;
        assert!(is_through(&through, app), "{}", through.text);
        let answer = lost.fill(&page, "/login/totp", &[("code", &code)]).await;
        assert!(!answer.text.contains("too many tries, or ten minutes have passed"), "{}", answer.text);
        match app {
            None => assert!(answer.text.contains("or because it was done already"), "{}", answer.text),
            Some(_) => assert!(answer.link("/login").is_some(), "{}", answer.text),
        }
    }
}

async fn a_real_browser_that_taps_twice_while_the_next_page_is_on_its_way_comes_to_it(engine: &Engine) {
    engine.place().await.web("double-tap.test.mjs");
}
