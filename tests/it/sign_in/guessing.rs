//! Guessing at one account for long: a mailed code comes before the password, and nobody is locked out.

use std::sync::Arc;

use futures::future::join_all;
use kinfolio_server::State;
use kinfolio_server::clock::{FixedClock, OsRandomness};
use kinfolio_server::config::Config;
use kinfolio_server::secrets::Secrets;
use support::browser::{Browser, code_from, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, config, is_let_go, mail_is_out};

use super::pages::told;
use super::{EMAIL, PASSWORD, clock};

on_each_engine!(
    asvs_6_3_1_after_a_hundred_wrong_passwords_an_unknown_browser_needs_a_mailed_code_first,
    asvs_6_3_8_an_address_without_an_account_asks_for_a_code_in_the_same_words_and_sends_none,
    an_accounts_throttle_survives_a_restart,
    after_a_new_pepper_every_sign_in_of_one_moment_is_right,
    a_new_browser_that_strangers_make_wait_goes_on_at_once_with_a_mailed_code,
    a_password_that_a_busy_server_did_not_compare_counts_as_no_try,
);

const WRONG: &str = "wrong wrong wrong";
/// As long as the other one, so that answers can be compared.
const STRANGER: &str = "nora@example.org";

/// A hundred wrong passwords, each from an address and a browser of its own, as slowly as it takes.
async fn guess_a_hundred_times(server: &InProcess, clock: &FixedClock, email: &str) {
    for guess in 0..100 {
        let answer = server.browser().log_in(email, WRONG).await;
        assert_eq!(answer.status, 422, "guess {guess}: {}", answer.text);
        clock.advance(15 * 60);
    }
}

async fn asvs_6_3_1_after_a_hundred_wrong_passwords_an_unknown_browser_needs_a_mailed_code_first(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let page = parent.get("/signed-in").await;
    parent.fill(&page, "/logout", &[]).await;
    guess_a_hundred_times(&server, &clock, EMAIL).await;
    // The parent's own browser notices nothing.
    assert!(parent.log_in(EMAIL, PASSWORD).await.is_in());

    // A new browser is asked for a code, at once: whoever goes on guessing makes it wait for nothing.
    mail_is_out(&server.state).await;
    let before = mails_to(&server.mail(), EMAIL).len();
    let mut new = server.browser();
    let page = new.log_in(EMAIL, PASSWORD).await;
    assert_eq!((page.status, page.url.as_str()), (200, "/login/code"));
    assert!(page.text.contains("Why a code?") && page.text.contains(EMAIL), "{}", page.text);
    let mail = next_mail(&server.mail(), EMAIL, before).await;
    assert!(mail.contains("Many wrong passwords"), "{mail}");
    // Trying again sends no second mail, and a wrong code opens nothing.
    assert_eq!(new.log_in(EMAIL, PASSWORD).await.url, "/login/code");
    let page = new.fill(&page, "/login/code", &[("code", "0000 0000")]).await;
    assert!(page.text.contains("You have 4 tries left"), "{}", page.text);
    mail_is_out(&server.state).await;
    assert_eq!(mails_to(&server.mail(), EMAIL).len(), before + 1);
    let page = new.fill(&page, "/login/code", &[("code", &code_from(&mail))]).await;
    assert_eq!(page.url, "/login", "the password is asked for again");
    // The code opens the form, not the account, and no registration; and wrong passwords are still counted.
    assert_eq!(new.get("/register/password").await.status, 303);
    for _ in 0..5 {
        assert_eq!(new.log_in(EMAIL, WRONG).await.status, 422);
    }
    assert_eq!(new.log_in(EMAIL, PASSWORD).await.status, 429);
    clock.advance(1);
    assert!(new.log_in(EMAIL, PASSWORD).await.is_in());
    // A right password ends the count: the next new browser types its password as ever.
    assert_eq!(server.browser().log_in(EMAIL, WRONG).await.status, 422);
}

async fn asvs_6_3_8_an_address_without_an_account_asks_for_a_code_in_the_same_words_and_sends_none(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut shown = Vec::new();
    for email in [EMAIL, STRANGER] {
        guess_a_hundred_times(&server, &clock, email).await;
        let mut browser = server.browser();
        let page = browser.log_in(email, PASSWORD).await;
        assert_eq!(page.url, "/login/code");
        let wrong = browser.fill(&page, "/login/code", &[("code", "0000 0000")]).await;
        shown.push([told(&page, email), told(&wrong, email)]);
    }
    assert_eq!(shown[0], shown[1]);
    mail_is_out(&server.state).await;
    assert!(mails_to(&server.mail(), STRANGER).is_empty());
}

async fn a_new_browser_that_strangers_make_wait_goes_on_at_once_with_a_mailed_code(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    for _ in 0..15 {
        clock.advance(15 * 60);
        for email in [EMAIL, STRANGER] {
            assert_eq!(server.browser().log_in(email, WRONG).await.status, 422);
        }
    }
    mail_is_out(&server.state).await;
    let before = mails_to(&server.mail(), EMAIL).len();
    let mut new = server.browser();
    let page = new.log_in(EMAIL, PASSWORD).await;
    assert_eq!(page.status, 429);
    assert!(page.text.contains("Send me a code"), "{}", page.text);
    let page = new.fill(&page, "/login", &[("email", EMAIL), ("password", ""), ("by", "code")]).await;
    assert_eq!((page.status, page.url.as_str()), (200, "/login/code"), "{}", page.text);
    let mail = next_mail(&server.mail(), EMAIL, before).await;
    new.fill(&page, "/login/code", &[("code", &code_from(&mail))]).await;
    assert!(new.log_in(EMAIL, PASSWORD).await.is_in());
    // In the same words where there is no account.
    let mut other = server.browser();
    let page = other.log_in(STRANGER, PASSWORD).await;
    assert!(page.status == 429 && page.text.contains("Send me a code"), "{}", page.text);
    let page = other.fill(&page, "/login", &[("email", STRANGER), ("password", ""), ("by", "code")]).await;
    assert_eq!((page.status, page.url.as_str()), (200, "/login/code"), "{}", page.text);
    // Who need not wait is sent none.
    let mut idle = server.browser();
    let page = idle.get("/login").await;
    let fields = [("email", "ida@example.org"), ("password", ""), ("by", "code")];
    assert_eq!(idle.fill(&page, "/login", &fields).await.url, "/login");
}

async fn a_password_that_a_busy_server_did_not_compare_counts_as_no_try(engine: &Engine) {
    // Hashes that take their time, and room for one that waits.
    let change = |config: &mut Config| (config.weak_hash, config.limits.hash_queue) = (false, 1);
    let server = engine.server_with(change, clock()).await;
    let at_once = (0..5).map(|_| async { server.browser().log_in(STRANGER, WRONG).await.status });
    let statuses = join_all(at_once).await;
    let busy = statuses.iter().filter(|status| **status == 503).count();
    assert!(busy > 0 && statuses.iter().all(|status| [422, 503].contains(status)), "{statuses:?}");
    for _ in 0..busy {
        assert_eq!(server.browser().log_in(STRANGER, WRONG).await.status, 422);
    }
    assert_eq!(server.browser().log_in(STRANGER, WRONG).await.status, 429);
}

async fn an_accounts_throttle_survives_a_restart(engine: &Engine) {
    let place = engine.place().await;
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let mut config = config(folder.path());
        place.written_to(&mut config);
        let state = State::start_with(config, clock.clone(), Arc::new(OsRandomness)).await;
        let state = state.unwrap();
        for _ in 0..4 {
            let mut browser = Browser::in_process(kinfolio_server::app(state.clone()), state.origin.url());
            seen.push(browser.log_in(STRANGER, WRONG).await.status);
        }
        let data = state.config.data.clone();
        drop(state);
        is_let_go(&data).await;
    }
    assert_eq!(seen, [422, 422, 422, 422, 422, 429, 429, 429]);
}

async fn after_a_new_pepper_every_sign_in_of_one_moment_is_right(engine: &Engine) {
    let place = engine.place().await;
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let start = async || {
        let mut config = config(folder.path());
        place.written_to(&mut config);
        State::start_with(config, clock.clone(), Arc::new(OsRandomness)).await.unwrap()
    };
    let state = start().await;
    let browser =
        |state: &State| Browser::in_process(kinfolio_server::app(state.clone()), state.origin.url());
    let mails = folder.path().join("mail");
    browser(&state).register(EMAIL, PASSWORD, &mails).await;
    let data = state.config.data.clone();
    drop(state);
    is_let_go(&data).await;
    Secrets::renew_pepper(&data.join("secrets.json"), &OsRandomness).unwrap();
    let state = start().await;
    // Each renews the hash that the others were compared with.
    let mut browsers: Vec<Browser> = (0..4).map(|_| browser(&state)).collect();
    let pages = join_all(browsers.iter_mut().map(|browser| browser.log_in(EMAIL, PASSWORD))).await;
    for page in pages {
        assert!(page.is_in(), "{}", page.text);
    }
}
