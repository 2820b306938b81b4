//! A forgotten password: a mailed code, a new password, and the second step where it is on.

use support::browser::{Answer, Browser, code_from, mail_saying, mails_to};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, mail_is_out};

use super::account::{NEW_PASSWORD, enrol_since, sign_in_of};
use super::pages::told;
use super::two_step::switch_on;
use super::{App, EMAIL, NOW, PASSWORD, clock, signed_in};

const DAY_US: i64 = 24 * 3600 * 1_000_000;

on_each_engine!(
    rfc_9700_27_a_reset_sets_a_password_once_and_ends_browsers_and_stray_phones,
    rfc_9700_27_asvs_6_4_3_a_reset_does_not_pass_by_two_step_sign_in_and_changes_nothing_without_it,
    rfc_9700_27_a_reset_code_has_five_tries_one_browser_ten_minutes_and_one_purpose,
    a_reset_signs_out_the_phone_of_a_family_founded_under_the_account_not_long_ago_and_says_so,
    asvs_6_3_1_wrong_codes_behind_a_stolen_password_keep_nobody_waiting_who_comes_by_the_mailbox,
    a_reset_ends_the_session_that_its_browser_had_for_another_account,
    a_browser_that_was_known_before_a_reset_is_a_stranger_after_it,
    a_reset_ends_the_codes_that_other_browsers_have_typed_already,
    rfc_9700_24_asvs_6_3_8_a_reset_of_an_unknown_address_looks_the_same,
);

/// Asks for a code; returns the page that takes it, and the code.
pub async fn ask(server: &InProcess, browser: &mut Browser, email: &str) -> (Answer, String) {
    let page = browser.get("/login").await;
    let page = browser.get(&page.link("/reset").unwrap()).await;
    ask_on(&page, server, browser, email).await
}

/// The same, on the page that asks for the address. An address without an account gets a mail without a code.
pub async fn ask_on(
    page: &Answer,
    server: &InProcess,
    browser: &mut Browser,
    email: &str,
) -> (Answer, String) {
    mail_is_out(&server.state).await;
    let before = mails_to(&server.mail(), email);
    let page = browser.fill(page, "/reset", &[("email", email)]).await;
    assert!(page.text.contains(" digits to"), "{}", page.text);
    mail_is_out(&server.state).await;
    // Under a clock that stands still mails come in no order.
    let mails = mails_to(&server.mail(), email);
    let fresh = mails.iter().find(|mail| !before.contains(mail)).expect("a mail");
    let has_none = fresh.contains("Subject: No Kinfolio account");
    (page, if has_none { "1234 5678".to_owned() } else { code_from(fresh) })
}

async fn a_reset_ends_the_session_that_its_browser_had_for_another_account(engine: &Engine) {
    let server = engine.server().await;
    let mut browser = server.browser();
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    browser.register("ben@example.org", PASSWORD, &server.mail()).await;
    let bens = browser.cookie("sid").map(str::to_owned);
    let page = browser.get("/reset").await;
    let (page, code) = ask_on(&page, &server, &mut browser, EMAIL).await;
    let page = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    let page = browser.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_ne!(browser.cookie("sid").map(str::to_owned), bens);
    let mut held = server.browser();
    held.set_cookie("sid", bens.as_deref());
    assert_eq!(held.get("/account").await.location(), Some("/login?next=account"));
}

async fn rfc_9700_27_a_reset_sets_a_password_once_and_ends_browsers_and_stray_phones(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut old, stray) = signed_in(&server).await;
    let mut phone = App::phone(server.base());
    let callback = old.authorize(&phone.authorize_url()).await;
    phone.redeem(&mut old, &callback).await;
    enrol_since(&server, &sign_in_of(&phone, &mut old).await, [3; 16], NOW - 30 * DAY_US).await;
    let mut browser = server.browser();
    let (asked, code) = ask(&server, &mut browser, EMAIL).await;
    let before = browser.cookie("tx").map(str::to_owned);
    let page = browser.fill(&asked, "/reset/code", &[("code", &code)]).await;
    let twice = browser.fill(&asked, "/reset/code", &[("code", &code)]).await;
    assert_eq!(twice.url, "/reset/password", "led on: {}", twice.text);
    let mut held = server.browser();
    held.set_cookie("tx", before.as_deref());
    let twice = held.fill(&asked, "/reset/code", &[("code", &code)]).await;
    assert_eq!(
        (twice.status, twice.url.as_str()),
        (200, "/reset"),
        "held until it was right: {}",
        twice.text
    );
    let typed = browser.get("/reset/code").await;
    let twice = browser.fill(&typed, "/reset/code", &[("code", &code)]).await;
    assert!(twice.text.contains("This code no longer works"), "{}", twice.text);
    let answer = browser.fill(&page, "/reset/password", &[("password", "passwordpassword")]).await;
    assert!(answer.text.contains("That is easy to guess"), "{}", answer.text);
    let done = browser.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    assert!(done.text.contains("Your password is changed"), "{}", done.text);
    assert_eq!(done.text.matches("type=\"checkbox\"").count(), 1, "the family's phone");
    mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio password was changed").await;
    // Used up: neither the code nor the page works again.
    let again = browser.fill(&page, "/reset/password", &[("password", PASSWORD)]).await;
    assert!(again.text.contains("Your password is changed"), "led on, and nothing taken: {}", again.text);
    assert_eq!(browser.get("/reset/password").await.location(), Some("/reset"));
    assert_eq!(browser.get("/reset/code").await.location(), Some("/reset"), "nothing waits for a code");
    assert_eq!(old.get("/account").await.location(), Some("/login?next=account"));
    assert_eq!(stray.api(&mut old, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(phone.api(&mut old, "GET", "/api/v1/me").await.status, 200);
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 422);
    assert!(server.browser().log_in(EMAIL, NEW_PASSWORD).await.is_in());
}

async fn rfc_9700_27_asvs_6_4_3_a_reset_does_not_pass_by_two_step_sign_in_and_changes_nothing_without_it(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, paper) = switch_on(&mut parent, &clock).await;
    let mut browser = server.browser();
    let (page, code) = ask(&server, &mut browser, EMAIL).await;
    let page = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    let page = browser.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
    // Who has the mailbox only: signed in nowhere, and the old password, browsers and phones stay.
    assert_eq!(browser.cookie("sid"), None);
    assert_eq!(browser.fill(&page, "/login/totp", &[("code", "000000")]).await.status, 422);
    assert_eq!(parent.get("/account").await.status, 200);
    let mut other = server.browser();
    let waits = other.log_in(EMAIL, NEW_PASSWORD).await;
    assert_eq!(waits.status, 422, "the new one does not count yet");
    let waits = other.log_in(EMAIL, PASSWORD).await;
    assert!(waits.text.contains("<h1>Two-step sign-in</h1>"));
    // With the code it counts, and the wait behind the old password is over.
    let done = browser.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(done.text.contains("Your password is changed"), "{}", done.text);
    assert_eq!(parent.get("/account").await.location(), Some("/login?next=account"));
    clock.advance(30);
    let answer = other.fill(&waits, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(answer.text.contains("Please sign in again"), "{}", answer.text);
    // A backup code does it too.
    let mut browser = server.browser();
    let (page, code) = ask(&server, &mut browser, EMAIL).await;
    let page = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    browser.fill(&page, "/reset/password", &[("password", PASSWORD)]).await;
    let page = browser.get("/login/backup-code").await;
    let done = browser.fill(&page, "/login/backup-code", &[("code", &paper[0])]).await;
    assert!(done.text.contains("Your password is changed"), "{}", done.text);
    let answer = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(answer.text.contains("<h1>Two-step sign-in</h1>"), "{}", answer.text);
}

/// Sets a new password by a mailed code; what the last page says.
pub async fn reset(server: &InProcess, browser: &mut Browser) -> Answer {
    let (page, code) = ask(server, browser, EMAIL).await;
    let page = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    browser.fill(&page, "/reset/password", &[("password", NEW_PASSWORD)]).await
}

async fn a_reset_signs_out_the_phone_of_a_family_founded_under_the_account_not_long_ago_and_says_so(
    engine: &Engine,
) {
    let server = engine.server_at(&clock()).await;
    let (mut browser, _) = signed_in(&server).await;
    let mut phones = Vec::new();
    for (family, days) in [(3, 30), (9, 29), (5, 400)] {
        let mut phone = App::phone(server.base());
        let callback = browser.authorize(&phone.authorize_url()).await;
        phone.redeem(&mut browser, &callback).await;
        let sign_in = sign_in_of(&phone, &mut browser).await;
        enrol_since(&server, &sign_in, [family; 16], NOW - days * DAY_US).await;
        phones.push(phone);
    }
    let mut person = server.browser();
    let page = reset(&server, &mut person).await;
    for (phone, status) in phones.iter().zip([200, 401, 200]) {
        assert_eq!(
            phone.api(&mut browser, "GET", "/api/v1/me").await.status,
            status,
            "the thief's alone is out"
        );
    }
    // Nothing of that happens in silence: on the page, and in the mail.
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 2, "{}", page.text);
    assert_eq!(page.text.matches("<li>One without a name").count(), 1, "{}", page.text);
    assert!(page.text.contains("In its family since 15 Aug 2026"), "{}", page.text);
    let data = person.get("/account/data/kinfolio-account.json").await.text;
    assert!(data.contains("the account was in its family for less than 30 days"), "{data}");
    assert!(page.text.contains("less than 30 days"), "{}", page.text);
    let mail = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio password was changed").await;
    let (ended, stay) = mail.split_once("Still signed in:").expect("the phones that stay");
    assert!(ended.contains("less than") && ended.matches("- One without a name").count() == 1, "{mail}");
    assert_eq!(stay.matches("- One without a name").count(), 2, "{mail}");
}

async fn asvs_6_3_1_wrong_codes_behind_a_stolen_password_keep_nobody_waiting_who_comes_by_the_mailbox(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut parent, &clock).await;
    // Ten wrong codes, from a browser each five.
    for _ in 0..2 {
        let mut thief = server.browser();
        let page = thief.log_in(EMAIL, PASSWORD).await;
        for _ in 0..5 {
            assert_eq!(thief.fill(&page, "/login/totp", &[("code", "000000")]).await.status, 422);
        }
    }
    clock.advance(60);
    let mut person = server.browser();
    let page = person.log_in(EMAIL, PASSWORD).await;
    let waits = person.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert_eq!(waits.status, 429, "{}", waits.text);
    assert!(waits.text.contains("Forgot your password?"), "the page says how it goes on: {}", waits.text);
    let page = reset(&server, &mut person).await;
    let done = person.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(done.text.contains("Your password is changed"), "{}", done.text);
    // And nothing of it is left for the next browser of that person.
    clock.advance(60);
    let mut next = server.browser();
    let page = next.log_in(EMAIL, NEW_PASSWORD).await;
    let done = next.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(done.is_in(), "{}", done.text);
    // Who has the mailbox alone has no more tries than by the password, from however many resets.
    let mut refused = None;
    for tries in 0..12 {
        let mut thief = server.browser();
        let page = reset(&server, &mut thief).await;
        let answer = thief.fill(&page, "/login/totp", &[("code", "000000")]).await;
        clock.advance(1);
        if answer.status == 429 {
            refused = Some(tries);
            break;
        }
    }
    assert_eq!(refused, Some(10));
    // Who has the mailbox is told of by itself, whatever was said of a password.
    mail_saying(&server.mail(), EMAIL, "Somebody may read your mails").await;
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), EMAIL);
    assert_eq!(mails.iter().filter(|mail| mail.contains("may read your mails")).count(), 1, "once a day");
}

async fn a_reset_ends_the_codes_that_other_browsers_have_typed_already(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut thief = server.browser();
    let (page, code) = ask(&server, &mut thief, EMAIL).await;
    let page = thief.fill(&page, "/reset/code", &[("code", &code)]).await;
    reset(&server, &mut server.browser()).await;
    let late = thief.fill(&page, "/reset/password", &[("password", PASSWORD)]).await;
    assert_eq!(late.url, "/reset", "{}", late.text);
    assert!(server.browser().log_in(EMAIL, NEW_PASSWORD).await.is_in());
}

async fn a_browser_that_was_known_before_a_reset_is_a_stranger_after_it(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut thief = server.browser();
    thief.register(EMAIL, PASSWORD, &server.mail()).await;
    let known = thief.cookie("known").map(str::to_owned);
    let mut person = server.browser();
    reset(&server, &mut person).await;
    let own = person.cookie("known").map(str::to_owned);
    for _ in 0..5 {
        assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 422);
    }
    for (cookie, status) in [(known, 429), (own, 200)] {
        let mut browser = server.browser();
        browser.set_cookie("known", cookie.as_deref());
        assert_eq!(browser.log_in(EMAIL, NEW_PASSWORD).await.status, status);
    }
}

async fn rfc_9700_27_a_reset_code_has_five_tries_one_browser_ten_minutes_and_one_purpose(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let wrong = |code: &str| if code.starts_with('0') { "1111 1111" } else { "0000 0000" };
    let mut browser = server.browser();
    let (page, code) = ask(&server, &mut browser, EMAIL).await;
    let mut thief = server.browser();
    let csrf = thief.get("/login").await.csrf();
    thief.post("/reset/code", &[("csrf", &*csrf), ("code", &*code)]).await;
    assert_eq!(thief.get("/reset/password").await.location(), Some("/reset"));
    let (theirs, _) = ask(&server, &mut thief, EMAIL).await;
    let answer = thief.fill(&theirs, "/reset/code", &[("code", &code)]).await;
    assert!(answer.text.contains("That code did not match"), "in another browser");
    assert_eq!(thief.get("/reset/password").await.location(), Some("/reset"));
    for _ in 0..5 {
        assert_eq!(browser.fill(&page, "/reset/code", &[("code", wrong(&code))]).await.status, 422);
    }
    let answer = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    assert!(answer.text.contains("This code no longer works"), "the sixth");
    let mut browser = server.browser();
    let (page, code) = ask(&server, &mut browser, EMAIL).await;
    clock.advance(600);
    let answer = browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    assert!(answer.text.contains("This code no longer works"), "ten minutes");
    // A proven address of a registration resets nothing, and the other way round.
    let mut browser = server.browser();
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", "new@example.org")]).await;
    let code = code_from(&mail_saying_raw(&server, "new@example.org").await);
    browser.fill(&page, "/register/code", &[("code", &code)]).await;
    assert_eq!(browser.get("/reset/password").await.location(), Some("/reset"));
    let mut browser = server.browser();
    let (page, code) = ask(&server, &mut browser, EMAIL).await;
    browser.fill(&page, "/reset/code", &[("code", &code)]).await;
    assert_eq!(browser.get("/register/password").await.location(), Some("/register"));
}

async fn mail_saying_raw(server: &InProcess, email: &str) -> String {
    support::browser::next_mail(&server.mail(), email, 0).await
}

async fn rfc_9700_24_asvs_6_3_8_a_reset_of_an_unknown_address_looks_the_same(server: &InProcess) {
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut seen = Vec::new();
    for email in [EMAIL, "nina@example.org"] {
        let mut browser = server.browser();
        let (page, _) = ask(server, &mut browser, email).await;
        let mut answers = vec![told(&page, email)];
        for _ in 0..6 {
            let answer = browser.fill(&page, "/reset/code", &[("code", "0000 0000")]).await;
            answers.push(told(&answer, email));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    mail_saying(&server.mail(), "nina@example.org", "There is no account").await;
}
