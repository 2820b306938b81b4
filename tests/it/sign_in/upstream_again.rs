//! Changing an account that another service signs in to: its person must have been seen just now, by it or by us.

use serde_json::{Value, json};
use support::browser::{code_from, mails_to, next_mail, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::server::mail_is_out;

use super::two_step::switch_on;
use super::upstream::{by_owl, create_by_owl, maya, with_owl};
use super::{EMAIL, NOW, PASSWORD, clock};

on_each_engine!(
    asvs_6_8_4_to_change_the_account_the_provider_must_have_seen_its_person_just_now,
    asvs_6_8_4_7_5_1_who_comes_by_a_provider_that_does_not_say_when_it_saw_them_changes_nothing_without_showing_more,
    an_account_with_a_password_shows_itself_by_it_and_by_no_mailed_code,
    rfc_9700_11_another_site_sends_nobody_to_a_provider,
);

async fn asvs_6_8_4_to_change_the_account_the_provider_must_have_seen_its_person_just_now(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut browser = server.browser();
    create_by_owl(&mut browser, &owl, &maya()).await;
    clock.advance(600);
    let page = browser.get("/account/email").await;
    let page = browser.follow(page).await;
    let start = page.link("/upstream/owl/start").unwrap();
    let sent = browser.get(&start).await;
    let location = sent.location().unwrap();
    assert_eq!(query_of(location, "prompt").as_deref(), Some("login"));
    assert_eq!(query_of(location, "max_age").as_deref(), Some("0"));
    let seen = |seconds_ago: i64| {
        let mut person = maya();
        person["auth_time"] = (NOW / 1_000_000 + 600 - seconds_ago).into();
        person
    };
    // It answers for somebody whom it saw long ago.
    let old = seen(601);
    let page = by_owl(&mut browser, &owl, &start, &old).await;
    assert!(
        page.status == 422 && page.text.contains("Owl does not say that it asked you again"),
        "{}",
        page.text
    );
    assert!(browser.get("/account/email").await.location().is_some());
    // Somebody else agreed there.
    let ben = json!({ "sub": "ben-at-owl", "email": "ben@example.org", "email_verified": true });
    let page = by_owl(&mut browser, &owl, &start, &ben).await;
    assert!(page.status == 422 && page.text.contains("somebody else at Owl"), "{}", page.text);
    let page = by_owl(&mut browser, &owl, &start, &seen(5)).await;
    assert!(page.text.contains("Change your address"), "{}", page.text);
    // An ordinary sign-in by somebody seen long ago is one, and changes nothing.
    let mut other = server.browser();
    assert!(by_owl(&mut other, &owl, "/upstream/owl/start", &old).await.is_in());
    assert!(other.get("/account/email").await.location().is_some());
    clock.advance(-600);
}

/// Maya by a provider that does not say when it saw her.
fn maya_some_day() -> Value {
    let mut person = maya();
    person["auth_time"] = Value::Null;
    person
}

async fn asvs_6_8_4_7_5_1_who_comes_by_a_provider_that_does_not_say_when_it_saw_them_changes_nothing_without_showing_more(
    engine: &Engine,
) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut browser = server.browser();
    // Just made, and come back to: signed in, and not fresh.
    create_by_owl(&mut browser, &owl, &maya_some_day()).await;
    let mut other = server.browser();
    assert!(by_owl(&mut other, &owl, "/upstream/owl/start", &maya_some_day()).await.is_in());
    for browser in [&mut browser, &mut other] {
        assert_eq!(browser.get("/account").await.status, 200);
        assert_eq!(browser.get("/account/email").await.location(), Some("/login?next=email"));
    }
    // Asked again it still does not say: a code to the account's own address does.
    let page = other.get("/login?next=email").await;
    assert!(page.text.contains("Send a code") && !page.text.contains("type=\"password\""), "{}", page.text);
    let start = page.link("/upstream/owl/start").unwrap();
    let page = by_owl(&mut other, &owl, &start, &maya_some_day()).await;
    assert!(page.status == 422 && page.text.contains("Owl does not say that it asked you again"));
    let before = mails_to(&server.mail(), EMAIL).len();
    let page = other.fill(&page, "/login/again", &[]).await;
    assert!(page.text.contains("Type the code from your mail"), "{}", page.text);
    let wrong = other.fill(&page, "/login/again/code", &[("code", "0000 0000")]).await;
    assert!(wrong.text.contains("That code did not match"), "{}", wrong.text);
    let code = code_from(&next_mail(&server.mail(), EMAIL, before).await);
    // It is nobody else's code: not the other browser's, and not of somebody who signed in here meanwhile.
    assert_eq!(browser.get("/login/again/code?next=email").await.location(), Some("/login?next=email"));
    let sid = other.cookie("sid").unwrap().to_owned();
    let page = other.fill(&page, "/login/again/code", &[("code", &code)]).await;
    assert!(page.text.contains("Change your address"), "{}", page.text);
    assert_ne!(other.cookie("sid"), Some(&*sid), "a new session");
    assert!(other.get("/account/activity").await.text.contains("Code from a mail typed"));
    // With two-step sign-in its code, asked for here, shows that she is there.
    let (authenticator, _) = switch_on(&mut other, &clock).await;
    clock.advance(600);
    let page = other.get("/login?next=email").await;
    let start = page.link("/upstream/owl/start").unwrap();
    let waits = by_owl(&mut other, &owl, &start, &maya_some_day()).await;
    assert!(waits.text.contains("<h1>Two-step sign-in</h1>"), "{}", waits.text);
    let before = mails_to(&server.mail(), EMAIL);
    let page = other.get("/login?next=email").await;
    let page = other.fill(&page, "/login/again", &[]).await;
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), EMAIL);
    let fresh = mails.iter().find(|mail| !before.contains(mail) && mail.contains("Your Kinfolio code"));
    let code = code_from(fresh.expect("a code"));
    let page = other.fill(&page, "/login/again/code", &[("code", &code)]).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "not by the mailbox alone: {}", page.text);
    assert!(other.get("/account/email").await.location().is_some());
    let page = other.fill(&page, "/login/totp", &[("code", &authenticator.code(&clock))]).await;
    assert!(page.text.contains("Change your address"), "{}", page.text);
    clock.advance(-600);
}

async fn an_account_with_a_password_shows_itself_by_it_and_by_no_mailed_code(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut browser = server.browser();
    assert_eq!(browser.get("/login/again/code").await.location(), Some("/login?next=account"));
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    clock.advance(600);
    let page = browser.get("/login?next=email").await;
    assert!(!page.text.contains("Send a code") && page.text.contains("type=\"password\""), "{}", page.text);
    mail_is_out(&server.state).await;
    let before = mails_to(&server.mail(), EMAIL).len();
    let answer = browser.post("/login/again?next=email", &[("csrf", &page.csrf())]).await;
    assert_eq!(answer.location(), Some("/login?next=email"));
    mail_is_out(&server.state).await;
    assert_eq!(mails_to(&server.mail(), EMAIL).len(), before);
    clock.advance(-600);
}

async fn rfc_9700_11_another_site_sends_nobody_to_a_provider(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut browser = server.browser();
    for site in ["cross-site", "same-site"] {
        let answer = browser.send("GET", "/upstream/owl/start", &[("sec-fetch-site", site)], None).await;
        assert!(answer.status == 400 && answer.location().is_none(), "{site}: {}", answer.text);
    }
    for site in ["same-origin", "none"] {
        let answer = browser.send("GET", "/upstream/owl/start", &[("sec-fetch-site", site)], None).await;
        assert!(answer.location().is_some_and(|to| to.starts_with(owl.issuer())), "{site}");
    }
}
