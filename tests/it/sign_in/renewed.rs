//! The cookie that binds requests and codes to a browser: whoever put it there, or saw it, has nothing of what the browser's
//! person shows afterwards.

use support::browser::{Answer, Browser};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::account::NEW_PASSWORD;
use super::reset::ask;
use super::two_step::switch_on;
use super::{App, EMAIL, PASSWORD, clock};

on_each_engine!(
    rfc_9700_12_a_noted_cookie_is_worthless_once_its_person_typed_a_right_code,
    rfc_9700_12_a_noted_cookie_continues_no_request_once_its_person_signed_in_or_out,
    a_form_that_is_sent_twice_at_once_leads_on_or_says_that_the_page_is_too_old,
);

/// Somebody else with the cookie that a browser has just now.
fn noted(server: &InProcess, of: &Browser) -> Browser {
    let mut other = server.browser();
    other.set_cookie("tx", of.cookie("tx"));
    other
}

async fn rfc_9700_12_a_noted_cookie_is_worthless_once_its_person_typed_a_right_code(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (authenticator, _) = switch_on(&mut parent, &clock).await;
    let mut person = server.browser();
    let (page, code) = ask(&server, &mut person, EMAIL).await;
    let mut thief = noted(&server, &person);
    let page = person.fill(&page, "/reset/code", &[("code", &code)]).await;
    assert_eq!(thief.get("/reset/password").await.location(), Some("/reset"));
    let mut thief = noted(&server, &person);
    let page = person.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    assert!(page.form("/login/totp").is_some(), "{}", page.text);
    for waits in ["/login/totp", "/login/backup-code", "/login/lost", "/reset/password"] {
        let to = thief.get(waits).await.location().map(str::to_owned);
        assert!(matches!(to.as_deref(), Some("/login" | "/reset")), "{waits}: {to:?}");
    }
    clock.advance(60);
    let page = person.fill(&page, "/login/totp", &[("code", &authenticator.code(&clock))]).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
}

async fn rfc_9700_12_a_noted_cookie_continues_no_request_once_its_person_signed_in_or_out(
    server: &InProcess,
) {
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let (mut person, mut app) = (server.browser(), App::phone(server.base()));
    let answer = person.get(&app.authorize_url()).await;
    let page = person.follow(answer).await;
    let mut thief = noted(server, &person);
    assert_eq!(thief.get(&page.url).await.status, 200, "so far it is the same browser");
    let page = person.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let request = page.url.split_once('?').unwrap().1.to_owned();
    for path in ["/login", "/confirm"] {
        assert_eq!(thief.get(&format!("{path}?{request}")).await.status, 400, "{path}");
    }
    // "Use another account": the request goes on, under one more secret.
    let mut thief = noted(server, &person);
    let page = person.fill(&page, "/confirm", &[("choice", "other")]).await;
    assert_eq!(thief.get(&format!("/login?{request}")).await.status, 400);
    let page = person.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let callback = person.confirm(&page).await;
    app.redeem(&mut person, &callback).await;
    let before = person.cookie("tx").unwrap().to_owned();
    let page = person.get("/signed-in").await;
    person.fill(&page, "/logout", &[]).await;
    assert_ne!(person.cookie("tx").unwrap(), before);
    assert!(person.log_in(EMAIL, PASSWORD).await.is_in());
}

/// Sends the form of a page twice at once, as two clicks do: where each led, and the first with the cookies it was given.
async fn twice(
    server: &InProcess,
    mut first: Browser,
    page: &Answer,
    path: &str,
    fields: &[(&str, &str)],
) -> [(Browser, Answer); 2] {
    let mut second = noted(server, &first);
    let (one, two) = tokio::join!(first.fill(page, path, fields), second.fill(page, path, fields));
    [(first, one), (second, two)]
}

async fn a_form_that_is_sent_twice_at_once_leads_on_or_says_that_the_page_is_too_old(server: &InProcess) {
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut person = server.browser();
    let (page, code) = ask(server, &mut person, EMAIL).await;
    let (mut led_on, mut led_back) = (None, 0);
    for (browser, page) in twice(server, person, &page, "/reset/code", &[("code", &code)]).await {
        assert_eq!(page.status, 200, "{}", page.text);
        match page.form("/reset/password") {
            Some(_) => assert!(led_on.replace((browser, page)).is_none(), "the code counts once"),
            None => led_back += usize::from(page.form("/reset").is_some()),
        }
    }
    assert_eq!(led_back, 1);
    let (mut person, page) = led_on.expect("one of them");
    let page = person.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    // On the way of an app, too: one of the two is asked the app's question.
    let (mut person, app) = (server.browser(), App::phone(server.base()));
    let answer = person.get(&app.authorize_url()).await;
    let page = person.follow(answer).await;
    let fields = [("email", EMAIL), ("password", NEW_PASSWORD)];
    let pages = twice(server, person, &page, "/login", &fields).await.map(|(_, page)| page);
    let asked = pages.iter().filter(|page| page.form("/confirm").is_some()).count();
    let over = pages.iter().filter(|page| page.text.contains("This page is too old")).count();
    assert_eq!((asked, over), (1, 1), "{pages:#?}");
}
