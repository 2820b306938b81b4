//! What somebody with a stolen password began, or left behind, ends with the new one that its person sets.

use kinfolio_server::clock::FixedClock;
use support::browser::{Answer, Browser, mail_saying, mails_to};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, mail_is_out};

use super::account::NEW_PASSWORD;
use super::reset::reset;
use super::taking_back::{ask_removal, open_link, sweep};
use super::two_step::{switch_on, type_password};
use super::{EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    a_new_password_on_the_account_page_stops_the_removal_of_two_step_sign_in_that_a_thief_began,
    while_two_step_sign_in_is_to_come_off_the_account_pages_say_when_and_stop_it,
    a_new_password_on_the_account_page_forgets_the_wrong_codes_that_were_typed_behind_the_old_one,
    a_right_backup_code_waits_behind_no_wrong_codes_and_a_wrong_one_counts_like_any,
    a_reset_stops_the_deletion_that_a_thief_began_and_says_so_and_a_change_on_the_account_page_leaves_it,
);

const DAY: i64 = 24 * 3_600;

/// Changes the password on the account page; what follows says what that has ended.
async fn change_password(browser: &mut Browser, from: &str, to: &str) -> Answer {
    let page = browser.get("/account/password").await;
    let page = browser.fill(&page, "/account/password", &[("current", from), ("password", to)]).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    page
}

/// Two thieves with the password type five wrong codes each, at one of the pages for them.
async fn wrong_codes(server: &InProcess, path: &str, code: &str) {
    for _ in 0..2 {
        let mut thief = server.browser();
        type_password(&mut thief, EMAIL).await;
        let page = thief.get(path).await;
        for _ in 0..5 {
            assert_eq!(thief.fill(&page, path, &[("code", code)]).await.status, 422);
        }
    }
}

/// Three days and more go by, and what is due is done.
async fn days_go_by(server: &InProcess, clock: &FixedClock) {
    for _ in 0..4 {
        clock.advance(DAY);
        sweep(server).await;
    }
}

async fn a_new_password_on_the_account_page_stops_the_removal_of_two_step_sign_in_that_a_thief_began(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut owner = server.browser();
    owner.register(EMAIL, PASSWORD, &server.mail()).await;
    switch_on(&mut owner, &clock).await;
    ask_removal(&mut server.browser()).await;
    let told = mail_saying(&server.mail(), EMAIL, "is about to be removed").await;
    let page = change_password(&mut owner, PASSWORD, NEW_PASSWORD).await;
    assert!(page.text.contains("Two-step sign-in stays on"), "{}", page.text);
    let mail = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio password was changed").await;
    assert!(mail.contains("Two-step sign-in stays on"), "{mail}");
    assert_eq!(
        open_link(&server, &mut server.browser(), &told).await.status,
        410,
        "there is nothing to stop"
    );
    days_go_by(&server, &clock).await;
    let page = server.browser().log_in(EMAIL, NEW_PASSWORD).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
}

async fn while_two_step_sign_in_is_to_come_off_the_account_pages_say_when_and_stop_it(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut owner = server.browser();
    owner.register(EMAIL, PASSWORD, &server.mail()).await;
    switch_on(&mut owner, &clock).await;
    for path in ["/account", "/account/two-step"] {
        assert!(!owner.get(path).await.text.contains("comes off"));
        ask_removal(&mut server.browser()).await;
        let page = owner.get(path).await;
        assert!(page.text.contains("comes off on <strong>17 Sept 2026, 14:0"), "{path}: {}", page.text);
        let kept = owner.fill(&page, "/account/two-step/keep", &[]).await;
        assert!(kept.text.contains("Two-step sign-in stays on."), "{}", kept.text);
        assert!(kept.text.contains("href=\"/account/password\""), "and what may come next: {}", kept.text);
        assert!(!owner.get(path).await.text.contains("comes off"));
    }
    days_go_by(&server, &clock).await;
    let page = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
}

async fn a_new_password_on_the_account_page_forgets_the_wrong_codes_that_were_typed_behind_the_old_one(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut owner = server.browser();
    owner.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut owner, &clock).await;
    wrong_codes(&server, "/login/totp", "000000").await;
    change_password(&mut owner, PASSWORD, NEW_PASSWORD).await;
    clock.advance(60);
    let mut next = server.browser();
    let page = next.log_in(EMAIL, NEW_PASSWORD).await;
    let done = next.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(done.is_in(), "{}", done.text);
}

async fn a_right_backup_code_waits_behind_no_wrong_codes_and_a_wrong_one_counts_like_any(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut owner = server.browser();
    owner.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, paper) = switch_on(&mut owner, &clock).await;
    let wrong = "0000-0000-0000-0000-0000-0000";
    for (path, code) in
        [("/login/totp", "000000"), ("/login/backup-code", wrong), ("/login/backup-code", "x")]
    {
        wrong_codes(&server, path, code).await;
        clock.advance(60);
        let mut person = server.browser();
        let page = type_password(&mut person, EMAIL).await;
        let waits = person.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
        assert_eq!(waits.status, 429, "after ten of {path}: {}", waits.text);
        assert!(waits.text.contains("A backup code works at once"), "{}", waits.text);
        let page = person.get("/login/backup-code").await;
        for guess in [wrong, "x", ""] {
            let answer = person.fill(&page, "/login/backup-code", &[("code", guess)]).await;
            assert_eq!(answer.status, 429, "{guess}");
        }
        let used = mails_to(&server.mail(), EMAIL).len();
        let code = &paper[usize::from(path == "/login/backup-code") + usize::from(code == "x")];
        assert!(person.fill(&page, "/login/backup-code", &[("code", code)]).await.is_in());
        mail_is_out(&server.state).await;
        assert!(mails_to(&server.mail(), EMAIL).len() > used, "its person is told");
        // And once: the next browser of a thief who has it stands where it stood.
        let mut thief = server.browser();
        type_password(&mut thief, EMAIL).await;
        let page = thief.get("/login/backup-code").await;
        assert_eq!(thief.fill(&page, "/login/backup-code", &[("code", code)]).await.status, 422);
        // Its hour.
        clock.advance(3600);
    }
}

async fn a_reset_stops_the_deletion_that_a_thief_began_and_says_so_and_a_change_on_the_account_page_leaves_it(
    engine: &Engine,
) {
    const BETWEEN: &str = "quokka banter sleet umbrella forge";
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut thief, _) = signed_in(&server).await;
    let page = thief.get("/account/delete").await;
    thief.fill(&page, "/account/delete", &[]).await;
    let asked = mail_saying(&server.mail(), EMAIL, "is about to be deleted").await;
    let mut owner = server.browser();
    owner.log_in(EMAIL, PASSWORD).await;
    let page = change_password(&mut owner, PASSWORD, BETWEEN).await;
    assert!(!page.text.contains("was to be deleted"), "{}", page.text);
    assert!(owner.get("/account").await.text.contains("This account is to be deleted on"));
    clock.advance(1);
    let mut mailbox = server.browser();
    let page = reset(&server, &mut mailbox).await;
    assert!(page.text.contains("This account was to be deleted"), "{}", page.text);
    assert!(!mailbox.get("/account").await.text.contains("to be deleted"));
    mail_saying(&server.mail(), EMAIL, "The account was to be deleted. The new password has stopped that")
        .await;
    assert_eq!(open_link(&server, &mut server.browser(), &asked).await.status, 410);
    // Who meant it begins it anew, and the next reset has the next thing to say.
    clock.advance(1);
    let page = mailbox.get("/account/delete").await;
    let page = mailbox.fill(&page, "/account/delete", &[]).await;
    assert!(page.text.contains("This account is to be deleted on"), "{}", page.text);
}
