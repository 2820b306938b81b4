//! Signing in with another service that is honest: accounts made and found, on both engines.

use std::sync::Arc;

use kinfolio_server::clock::FixedClock;
use serde_json::{Value, json};
use support::browser::{Answer, Browser, code_from, mail_saying, next_mail, query_of};
use support::engine::Engine;
use support::on_each_engine;
use support::provider::{Mood, Provider};
use support::server::InProcess;

use super::two_step::switch_on;
use super::{App, EMAIL, NOW, PASSWORD, clock};

on_each_engine!(
    asvs_6_8_1_the_first_sign_in_creates_an_account_and_the_next_finds_it_by_issuer_and_subject,
    an_app_is_signed_in_over_another_service_and_its_mail_says_so,
    rfc_9700_28_an_address_that_a_provider_only_claims_takes_a_mailed_code,
    rfc_9700_28_an_address_that_has_an_account_is_never_linked_by_it,
    rfc_9700_28_an_address_that_its_provider_calls_unverified_links_and_proves_nothing,
    asvs_6_3_4_the_code_of_the_second_step_is_asked_for_after_another_service_too,
    a_provider_that_is_down_stops_neither_the_start_nor_other_ways_in,
    a_person_who_says_no_there_reads_what_to_do_and_the_way_to_the_app_goes_on,
    asvs_7_4_2_a_linked_sign_in_opens_no_account_that_is_switched_off,
);

/// Maya, as a provider tells of her.
pub fn maya() -> Value {
    json!({ "sub": "maya-at-owl", "email": EMAIL, "email_verified": true })
}

/// A provider called Owl, and a server that knows it.
pub async fn with_owl(engine: &Engine, clock: &Arc<FixedClock>, trusts_email: bool) -> (Provider, InProcess) {
    let owl = Provider::start(clock.clone()).await;
    let server = engine.server_with(|config| owl.add_to(config, "owl", trusts_email), clock.clone()).await;
    (owl, server)
}

/// The same with a second provider called Elk.
pub async fn with_owl_and_elk(engine: &Engine, clock: &Arc<FixedClock>) -> (Provider, Provider, InProcess) {
    let (owl, elk) = (Provider::start(clock.clone()).await, Provider::start(clock.clone()).await);
    let add = |config: &mut kinfolio_server::Config| {
        owl.add_to(config, "owl", true);
        elk.add_to(config, "elk", true);
    };
    let server = engine.server_with(add, clock.clone()).await;
    (owl, elk, server)
}

/// Goes to Owl from a page of ours, agrees there as this person, and comes back; follows to the page behind.
pub async fn by_owl(browser: &mut Browser, owl: &Provider, start: &str, person: &Value) -> Answer {
    let sent = browser.get(start).await;
    let location = sent.location().unwrap_or_else(|| panic!("to the provider: {}", sent.text)).to_owned();
    let back = owl.agree(&location, person);
    let answer = browser.get(&back).await;
    browser.follow(answer).await
}

/// Creates an account by Owl, whose word for an address is trusted.
pub async fn create_by_owl(browser: &mut Browser, owl: &Provider, person: &Value) {
    let page = by_owl(browser, owl, "/upstream/owl/start", person).await;
    assert!(page.text.contains("Create an account with Owl?"), "{}", page.text);
    let page = browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    assert!(page.is_in(), "{}", page.text);
}

async fn sign_out(browser: &mut Browser) {
    let page = browser.get("/signed-in").await;
    browser.fill(&page, "/logout", &[]).await;
    assert_eq!(browser.cookie("sid"), None);
}

async fn asvs_6_8_1_the_first_sign_in_creates_an_account_and_the_next_finds_it_by_issuer_and_subject(
    engine: &Engine,
) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    let mut browser = server.browser();
    let page = browser.get("/login").await;
    assert!(page.text.contains("Continue with Owl"), "{}", page.text);
    let start = page.link("/upstream/owl/start").unwrap();
    let page = by_owl(&mut browser, &owl, &start, &maya()).await;
    assert!(page.text.contains("Create an account with Owl?") && page.text.contains(EMAIL));
    // Only an adult, asked as everybody is.
    let page = browser.fill(&page, "/register/linked/account", &[]).await;
    assert!(page.status == 422 && page.text.contains("One tick is missing"), "{}", page.text);
    let page = browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    assert!(page.is_in() && page.text.contains(EMAIL), "{}", page.text);
    let rows = "SELECT email, adult_text, email_verified_at FROM users";
    let rows = server.state.store.account_read(move |tx| tx.query(rows, &[])).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].text(1).unwrap(), "18-or-over/1");
    assert_eq!(rows[0].int(2).unwrap(), NOW);
    sign_out(&mut browser).await;
    // The same person under another address there, in another browser.
    let moved = json!({ "sub": "maya-at-owl", "email": "elsewhere@example.org", "email_verified": true });
    let mut other = server.browser();
    let page = by_owl(&mut other, &owl, "/upstream/owl/start", &moved).await;
    assert!(page.is_in() && page.text.contains(EMAIL), "{}", page.text);
    // Another person there with the address that Maya had is nobody here.
    let late = json!({ "sub": "someone-else", "email": EMAIL, "email_verified": true });
    let mut third = server.browser();
    let page = by_owl(&mut third, &owl, "/upstream/owl/start", &late).await;
    assert!(page.status == 409 && page.text.contains("You have an account already"), "{}", page.text);
    assert_eq!(third.cookie("sid"), None);
    let activity = other.get("/account/activity").await;
    assert!(activity.text.contains("Came by a linked sign-in"), "{}", activity.text);
}

async fn an_app_is_signed_in_over_another_service_and_its_mail_says_so(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    let mut browser = server.browser();
    let mut app = App::phone(server.base());
    let page = browser.get(&app.authorize_url()).await;
    let page = browser.follow(page).await;
    let start = page.link("/upstream/owl/start").unwrap();
    assert!(start.contains("?tx="), "the app's request goes along: {start}");
    let page = by_owl(&mut browser, &owl, &start, &maya()).await;
    let page = browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    let callback = browser.confirm(&page).await;
    app.redeem(&mut browser, &callback).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    mail_saying(&server.mail(), EMAIL, "With      linked sign-in").await;
}

async fn rfc_9700_28_an_address_that_a_provider_only_claims_takes_a_mailed_code(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, false).await;

    let mut browser = server.browser();
    let page = by_owl(&mut browser, &owl, "/upstream/owl/start", &maya()).await;
    assert!(page.text.contains("We send a code to your address first."), "{}", page.text);
    assert!(page.text.contains(&format!("value=\"{EMAIL}\"")), "typed for them: {}", page.text);
    let skipped = browser.get("/register/linked/account").await;
    assert_eq!(skipped.location(), Some("/register/linked"), "not without the code");
    let page = browser.fill(&page, "/register/linked", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, 0).await);
    let page = browser.fill(&page, "/register/linked/code", &[("code", &code)]).await;
    assert!(page.text.contains("Create an account with Owl?"), "{}", page.text);
    let page = browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    assert!(page.is_in(), "{}", page.text);
    // A mailed code for this way opens no other one, and no other browser's.
    assert_eq!(browser.get("/register/password").await.location(), Some("/register"));
    assert_eq!(server.browser().get("/register/linked/account").await.location(), Some("/login"));
    // Known from now on, whatever address the provider claims.
    let mut other = server.browser();
    let claims = json!({ "sub": "maya-at-owl", "email": "boss@example.org", "email_verified": true });
    assert!(by_owl(&mut other, &owl, "/upstream/owl/start", &claims).await.is_in());
}

async fn rfc_9700_28_an_address_that_has_an_account_is_never_linked_by_it(engine: &Engine) {
    let clock = clock();
    for trusted in [true, false] {
        let (owl, server) = with_owl(engine, &clock, trusted).await;

        server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
        let mut browser = server.browser();
        let page = by_owl(&mut browser, &owl, "/upstream/owl/start", &maya()).await;
        if trusted {
            assert!(page.status == 409 && page.text.contains("You have an account already"));
            assert!(page.text.contains("you can link Owl on your account page"), "{}", page.text);
        } else {
            // The page says the same as to everybody; the mailbox hears why there is no code.
            let page = browser.fill(&page, "/register/linked", &[("email", EMAIL)]).await;
            assert!(page.text.contains("Type the code from your mail"), "{}", page.text);
            let mail = mail_saying(&server.mail(), EMAIL, "choose Linked sign-ins").await;
            assert!(!mail.contains("code for"), "{mail}");
            let page = browser.fill(&page, "/register/linked/code", &[("code", "0000 0000")]).await;
            assert!(page.text.contains("That code did not match"));
        }
        assert_eq!(browser.get("/register/linked/account").await.status, 303, "no account is made");
        assert_eq!(browser.cookie("sid"), None);
        let links = "SELECT 1 FROM upstream_links";
        let links = server.state.store.account_read(move |tx| tx.query(links, &[])).await.unwrap();
        assert!(links.is_empty());
    }
}

/// A provider whose word is trusted, for what it says: it does not say that it has seen this mailbox.
async fn rfc_9700_28_an_address_that_its_provider_calls_unverified_links_and_proves_nothing(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    for verified in [json!(false), json!(null), json!("false")] {
        for email in [EMAIL, "nina@example.org"] {
            let mut person = json!({ "sub": format!("{email} at owl"), "email": email });
            person["email_verified"] = verified.clone();
            let mut browser = server.browser();
            let page = by_owl(&mut browser, &owl, "/upstream/owl/start", &person).await;
            proves_nothing(&server, &mut browser, &page).await;
        }
    }
}

/// Back from a provider that does not vouch for an address: it is asked for, and a mailed code is the proof.
pub async fn proves_nothing(server: &InProcess, browser: &mut Browser, page: &Answer) {
    // A provider that says it in another form than the standard's is not believed at all.
    let asks = page.url == "/register/linked" && page.status == 200;
    assert!(asks || page.text.contains("Owl gave a wrong answer"), "{} {}", page.url, page.text);
    assert_eq!(browser.cookie("sid"), None);
    assert_eq!(browser.get("/register/linked/account").await.status, 303, "no account is made");
    let links = "SELECT 1 FROM upstream_links";
    let links = server.state.store.account_read(move |tx| tx.query(links, &[])).await.unwrap();
    assert!(links.is_empty(), "nothing is linked");
}

async fn asvs_6_3_4_the_code_of_the_second_step_is_asked_for_after_another_service_too(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    let mut browser = server.browser();
    create_by_owl(&mut browser, &owl, &maya()).await;
    let (authenticator, _) = switch_on(&mut browser, &clock).await;
    let mut other = server.browser();
    let page = by_owl(&mut other, &owl, "/upstream/owl/start", &maya()).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
    assert_eq!(other.cookie("sid"), None);
    assert_eq!(other.get("/account").await.location(), Some("/login?next=account"));
    let page = other.fill(&page, "/login/totp", &[("code", &authenticator.code(&clock))]).await;
    assert!(page.is_in(), "{}", page.text);
    clock.advance(30);
    // And before the account is changed: the other service alone is not enough.
    clock.advance(600);
    let page = other.get("/account/email").await;
    let page = other.follow(page).await;
    let start = page.link("/upstream/owl/start").unwrap();
    assert!(start.contains("next=email"), "{start}");
    let page = by_owl(&mut other, &owl, &start, &maya()).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
    assert!(other.get("/account/email").await.location().is_some(), "not by the other service alone");
    let page = other.fill(&page, "/login/totp", &[("code", &authenticator.code(&clock))]).await;
    assert!(page.text.contains("Change your address"), "{}", page.text);
    clock.advance(30);
    let mut app = App::phone(server.base());
    let callback = other.authorize(&app.authorize_url()).await;
    app.redeem(&mut other, &callback).await;
    mail_saying(&server.mail(), EMAIL, "With      linked sign-in and two-step code").await;
}

async fn a_provider_that_is_down_stops_neither_the_start_nor_other_ways_in(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    owl.mood("discovery", Mood::Broken);
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut browser = server.browser();
    let page = browser.get("/upstream/owl/start").await;
    assert!(page.status == 503 && page.text.contains("Owl cannot be reached"), "{}", page.text);
    let asked = owl.asked("discovery");
    for _ in 0..3 {
        assert_eq!(browser.get("/upstream/owl/start").await.status, 503);
    }
    assert_eq!(owl.asked("discovery"), asked, "a provider in trouble is left alone for a while");
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.is_in(), "from that very page: {}", page.text);
    owl.be_honest();
    clock.advance(10);
    let mut other = server.browser();
    assert!(other.get("/upstream/owl/start").await.location().is_some(), "up again");
    // What it said about itself is kept for an hour.
    let asked = owl.asked("discovery");
    other.get("/upstream/owl/start").await;
    assert_eq!(owl.asked("discovery"), asked);
}

async fn a_person_who_says_no_there_reads_what_to_do_and_the_way_to_the_app_goes_on(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    let mut browser = server.browser();
    let app = App::phone(server.base());
    let page = browser.get(&app.authorize_url()).await;
    let page = browser.follow(page).await;
    let sent = browser.get(&page.link("/upstream/owl/start").unwrap()).await;
    let state = query_of(sent.location().unwrap(), "state").unwrap();
    let page = browser.get(&format!("/upstream/owl/callback?error=access_denied&state={state}")).await;
    assert!(page.status == 422 && page.text.contains("Owl did not sign you in"), "{}", page.text);
    assert!(page.text.contains("Nothing has changed") && !page.text.contains("access_denied"));
    let start = page.link("/upstream/owl/start").expect("another try");
    let page = by_owl(&mut browser, &owl, &start, &maya()).await;
    let page = browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    assert!(browser.confirm(&page).await.starts_with("app.kinfolio:/oauth2redirect?code="));
}

async fn asvs_7_4_2_a_linked_sign_in_opens_no_account_that_is_switched_off(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;

    create_by_owl(&mut server.browser(), &owl, &maya()).await;
    let off = "UPDATE users SET disabled_at = 1";
    server.state.store.account(move |tx| tx.execute(off, &[])).await.unwrap();
    let mut browser = server.browser();
    let page = by_owl(&mut browser, &owl, "/upstream/owl/start", &maya()).await;
    assert!(page.status == 422 && page.text.contains("This account is switched off"), "{}", page.text);
    assert_eq!(browser.cookie("sid"), None);
    assert_eq!(browser.get("/register/linked/account").await.location(), Some("/login"), "and no second one");
}
