//! Another e-mail address, and two-step sign-in that is lost: what is changed, who is told, and how it is taken back.

use support::browser::{Answer, Browser, code_from, mail_saying, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, mail_is_out};

use super::account::{enrol, sign_in_of};
use super::two_step::switch_on;
use super::{App, EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    a_removal_that_fails_keeps_no_other_waiting,
    asvs_6_3_7_a_new_address_takes_its_mailed_code_and_the_old_mailbox_can_take_it_back,
    a_thief_who_changes_the_address_twice_cannot_take_back_what_the_owner_took_back,
    an_address_with_an_account_gets_the_same_page_and_is_not_taken,
    a_link_that_takes_an_address_back_works_for_seven_days,
    asvs_6_4_4_two_step_sign_in_that_is_lost_comes_off_after_72_hours_and_three_mails,
    asvs_6_4_4_the_link_in_any_of_its_mails_and_a_right_code_stop_the_removal,
    a_thief_who_knows_the_password_cannot_keep_its_person_out_by_switching_two_step_sign_in_on,
    an_address_that_is_put_back_takes_along_the_two_step_sign_in_switched_on_since,
    a_thief_who_first_switches_two_step_sign_in_on_and_then_changes_the_address_keeps_nobody_out,
);

const OTHER: &str = "maya.hill@example.org";
const HOUR: i64 = 3_600;

/// The page behind the link in a mail, opened in a browser that has never been here, as a mailbox does it.
pub async fn open_link(server: &InProcess, browser: &mut Browser, mail: &str) -> Answer {
    let start = mail.find("http://").expect("a link");
    let link = mail[start..].split_whitespace().next().unwrap();
    browser.get(link.strip_prefix(server.base()).expect("an address of ours")).await
}

/// Asks for another address; gives the page that takes its code.
async fn ask(browser: &mut Browser, to: &str) -> Answer {
    let page = browser.get("/account/email").await;
    browser.fill(&page, "/account/email", &[("email", to)]).await
}

/// What is due by now is done, as the server's sweep does it.
pub async fn sweep(server: &InProcess) {
    kinfolio_server::accounts::remove_two_step(&server.state).await.expect("a sweep");
}

async fn asvs_6_3_7_a_new_address_takes_its_mailed_code_and_the_old_mailbox_can_take_it_back(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, stray) = signed_in(&server).await;
    let mut phone = App::phone(server.base());
    let callback = browser.authorize(&phone.authorize_url()).await;
    phone.redeem(&mut browser, &callback).await;
    enrol(&server, &sign_in_of(&phone, &mut browser).await).await;
    let own = ask(&mut browser, "Maya@Example.org").await;
    assert!(own.status == 422 && own.text.contains("That is your address now"), "{}", own.text);
    let page = ask(&mut browser, OTHER).await;
    let code = code_from(&next_mail(&server.mail(), OTHER, 0).await);
    let wrong = if code.starts_with('0') { "1111 1111" } else { "0000 0000" };
    let answer = browser.fill(&page, "/account/email/code", &[("code", wrong)]).await;
    assert!(answer.text.contains("That code did not match"), "{}", answer.text);
    assert!(browser.get("/account").await.text.contains(&format!("<dd>{EMAIL}</dd>")), "nothing has changed");
    let done = browser.fill(&page, "/account/email/code", &[("code", &code)]).await;
    assert!(done.text.contains(&format!("<dd>{OTHER}</dd>")), "{}", done.text);
    let told = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio address was changed").await;
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 422);
    assert!(server.browser().log_in(OTHER, PASSWORD).await.is_in());
    // Looking changes nothing; the button does, once.
    let mut mailbox = server.browser();
    let page = open_link(&server, &mut mailbox, &told).await;
    assert!(page.text.contains("Put the old address back?") && page.text.contains(OTHER), "{}", page.text);
    open_link(&server, &mut mailbox, &told).await;
    // What a thief begins with the new address ends with it.
    let leaving = browser.get("/account/delete").await;
    let leaving = browser.fill(&leaving, "/account/delete", &[]).await;
    assert!(leaving.text.contains("to be deleted"), "{}", leaving.text);
    let reset = mailbox.fill(&page, "/undo", &[]).await;
    assert!(reset.text.contains("Set a new password"), "{}", reset.text);
    assert_eq!(browser.get("/account").await.location(), Some("/login?next=account"), "signed out");
    assert_eq!(stray.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(phone.api(&mut browser, "GET", "/api/v1/me").await.status, 200, "the family's phone");
    assert_eq!(server.browser().log_in(OTHER, PASSWORD).await.status, 422);
    // Nor does the password open the old address: its person sets a new one.
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 422);
    let mut owner = server.browser();
    super::mailed_codes::reset(&server, &mut owner).await;
    assert!(!owner.get("/account").await.text.contains("to be deleted"));
    assert_eq!(open_link(&server, &mut mailbox, &told).await.status, 410, "a link works once");
    assert_eq!(mailbox.fill(&page, "/undo", &[]).await.status, 410);
}

async fn a_thief_who_changes_the_address_twice_cannot_take_back_what_the_owner_took_back(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut thief, _) = signed_in(&server).await;
    let mut links = Vec::new();
    for (from, to) in [(EMAIL, "b@thief.example"), ("b@thief.example", "c@thief.example")] {
        clock.advance(1);
        let page = ask(&mut thief, to).await;
        let code = code_from(&next_mail(&server.mail(), to, 0).await);
        let done = thief.fill(&page, "/account/email/code", &[("code", &code)]).await;
        assert!(done.text.contains(&format!("<dd>{to}</dd>")), "{}", done.text);
        links.push(mail_saying(&server.mail(), from, "Subject: Your Kinfolio address was changed").await);
    }
    // The later link is open in the thief's browser already.
    let mut browser = server.browser();
    let page = open_link(&server, &mut browser, &links[1]).await;
    let mut owner = server.browser();
    let own = open_link(&server, &mut owner, &links[0]).await;
    assert!(own.text.contains(EMAIL) && own.text.contains("c@thief.example"), "{}", own.text);
    owner.fill(&own, "/undo", &[]).await;
    mail_saying(&server.mail(), "c@thief.example", "Subject: Your Kinfolio address was put back").await;
    assert_eq!(browser.fill(&page, "/undo", &[]).await.status, 410);
    assert_eq!(open_link(&server, &mut browser, &links[1]).await.status, 410);
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.text.contains("That did not match"));
    super::mailed_codes::reset(&server, &mut owner).await;
}

async fn an_address_with_an_account_gets_the_same_page_and_is_not_taken(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(OTHER, PASSWORD, &server.mail()).await;
    let (mut browser, _) = signed_in(&server).await;
    let taken = ask(&mut browser, OTHER).await;
    let free = ask(&mut browser, "free@example.org").await;
    let without = |page: &Answer, address: &str| page.text.replace(address, "").replace(&page.csrf(), "");
    assert_eq!(without(&taken, OTHER), without(&free, "free@example.org"));
    mail_saying(&server.mail(), OTHER, "This address has a Kinfolio account already").await;
    // Each address may ask for three codes an hour.
    let mut browser = server.browser();
    browser.log_in(EMAIL, PASSWORD).await;
    let page = ask(&mut browser, OTHER).await;
    for code in ["0000 0000", "1234 5678"] {
        let answer = browser.fill(&page, "/account/email/code", &[("code", code)]).await;
        assert_eq!(answer.status, 422, "no code was sent");
    }
    // An address that gets an account while its code is typed.
    let page = ask(&mut browser, "late@example.org").await;
    let code = code_from(&next_mail(&server.mail(), "late@example.org", 0).await);
    // Mails are found in the order of their time.
    clock.advance(1);
    server.browser().register("late@example.org", PASSWORD, &server.mail()).await;
    let answer = browser.fill(&page, "/account/email/code", &[("code", &code)]).await;
    assert!(answer.status == 409 && answer.text.contains("This address is taken"), "{}", answer.text);
    assert!(browser.get("/account").await.text.contains(&format!("<dd>{EMAIL}</dd>")));
}

async fn a_link_that_takes_an_address_back_works_for_seven_days(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, _) = signed_in(&server).await;
    let page = ask(&mut browser, OTHER).await;
    let code = code_from(&next_mail(&server.mail(), OTHER, 0).await);
    browser.fill(&page, "/account/email/code", &[("code", &code)]).await;
    let told = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio address was changed").await;
    clock.advance(7 * 24 * HOUR - 1);
    assert_eq!(open_link(&server, &mut server.browser(), &told).await.status, 200);
    clock.advance(1);
    let over = open_link(&server, &mut server.browser(), &told).await;
    assert!(over.status == 410 && over.text.contains("This link does not work any more"), "{}", over.text);
    for forged in ["", "?key=", "?key=x", &format!("?key={}", "A".repeat(43)), "?key=%ff"] {
        assert_eq!(server.browser().get(&format!("/undo{forged}")).await.status, 410, "{forged}");
    }
}

/// Types the password of an account with two-step sign-in, and asks for its removal; what follows is the page.
pub async fn ask_removal(browser: &mut Browser) -> Answer {
    let page = browser.log_in(EMAIL, PASSWORD).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
    let page = browser.get(&page.link("/login/lost").expect("a way")).await;
    browser.fill(&page, "/login/lost", &[]).await
}

async fn asvs_6_4_4_two_step_sign_in_that_is_lost_comes_off_after_72_hours_and_three_mails(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    switch_on(&mut parent, &clock).await;
    let mut stranger = server.browser();
    assert_eq!(stranger.get("/login/lost").await.location(), Some("/login"), "only behind a password");
    let mut browser = server.browser();
    let page = ask_removal(&mut browser).await;
    let due = |page: &Answer| {
        let (_, rest) = page.text.split_once("comes off on <strong>").expect("a date");
        rest.split('<').next().unwrap().to_owned()
    };
    let first = due(&page);
    let sent = async |server: &InProcess| {
        mail_is_out(&server.state).await;
        let mails = mails_to(&server.mail(), EMAIL);
        mails.iter().filter(|mail| mail.contains("is about to be removed")).count()
    };
    mail_saying(&server.mail(), EMAIL, "is about to be removed").await;
    for mails in [2, 3] {
        clock.advance(24 * HOUR - 1);
        sweep(&server).await;
        assert_eq!(sent(&server).await, mails - 1, "a second too early");
        clock.advance(1);
        sweep(&server).await;
        sweep(&server).await;
        assert_eq!(sent(&server).await, mails);
        // Asking again changes nothing.
        let mut browser = server.browser();
        let page = browser.log_in(EMAIL, PASSWORD).await;
        let page = browser.get(&page.link("/login/lost").unwrap()).await;
        assert_eq!(due(&page), first);
        let csrf = browser.get("/login/totp").await.csrf();
        assert_eq!(browser.post("/login/lost", &[("csrf", &csrf)]).await.status, 303);
    }
    clock.advance(24 * HOUR - 1);
    sweep(&server).await;
    let page = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "71 hours and more: {}", page.text);
    clock.advance(1);
    sweep(&server).await;
    mail_saying(&server.mail(), EMAIL, "Subject: Two-step sign-in is off").await;
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in());
    assert_eq!(sent(&server).await, 3, "asking again sent no more");
}

async fn asvs_6_4_4_the_link_in_any_of_its_mails_and_a_right_code_stop_the_removal(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut parent, &clock).await;
    ask_removal(&mut server.browser()).await;
    let told = mail_saying(&server.mail(), EMAIL, "is about to be removed").await;
    clock.advance(24 * HOUR);
    sweep(&server).await;
    let mut mailbox = server.browser();
    let page = open_link(&server, &mut mailbox, &told).await;
    assert!(page.text.contains("Keep two-step sign-in?"), "{}", page.text);
    let reset = mailbox.fill(&page, "/undo", &[]).await;
    assert!(reset.text.contains("Set a new password"), "{}", reset.text);
    // Once more, and this time the app is found again.
    let mut browser = server.browser();
    let page = ask_removal(&mut browser).await;
    let page = browser.get(&page.link("/login/totp").unwrap()).await;
    let done = browser.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(done.is_in(), "{}", done.text);
    let activity = browser.get("/account/activity").await.text;
    assert_eq!(activity.matches("Removal of two-step sign-in stopped").count(), 2, "{activity}");
    clock.advance(100 * HOUR);
    sweep(&server).await;
    let page = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
}

async fn a_removal_that_fails_keeps_no_other_waiting(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    for name in ["ann", "ben", "cleo"] {
        server.browser().register(&format!("{name}@example.org"), PASSWORD, &server.mail()).await;
    }
    // No number comes after the one that the first of them has: its next step cannot be kept.
    let wait = "INSERT INTO two_step_removals (user_id, mails_sent, next_at) SELECT user_id, 0, 1 FROM users";
    let stuck = "UPDATE two_step_removals SET mails_sent = 9223372036854775807
                  WHERE user_id = (SELECT user_id FROM users ORDER BY user_id LIMIT 1)";
    let begin = |tx: &mut kinfolio_server::store::Tx<'_>| {
        tx.execute(wait, &[])?;
        tx.execute(stuck, &[])
    };
    server.state.store.account(begin).await.unwrap();
    kinfolio_server::accounts::remove_two_step(&server.state).await.unwrap_err();
    let sent = "SELECT mails_sent FROM two_step_removals ORDER BY user_id";
    let rows = server.state.store.account_read(move |tx| tx.query(sent, &[])).await.unwrap();
    let sent: Vec<i64> = rows.iter().map(|row| row.int(0).unwrap()).collect();
    assert_eq!(sent, [i64::MAX, 1, 1], "every other one had its turn");
}

async fn a_thief_who_knows_the_password_cannot_keep_its_person_out_by_switching_two_step_sign_in_on(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut thief, _) = signed_in(&server).await;
    let (_, _) = switch_on(&mut thief, &clock).await;
    let told = mail_saying(&server.mail(), EMAIL, "Subject: Two-step sign-in is on").await;
    let stopped = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(stopped.text.contains("Two-step sign-in"), "{}", stopped.text);
    // Looking changes nothing, and after three days the link is over.
    let mut mailbox = server.browser();
    let page = open_link(&server, &mut mailbox, &told).await;
    assert!(page.text.contains("Take two-step sign-in off?"), "{}", page.text);
    clock.advance(72 * HOUR);
    assert_eq!(open_link(&server, &mut server.browser(), &told).await.status, 410);
    clock.advance(-HOUR);
    let page = open_link(&server, &mut mailbox, &told).await;
    let reset = mailbox.fill(&page, "/undo", &[]).await;
    assert!(reset.text.contains("Set a new password"), "{}", reset.text);
    assert_eq!(thief.get("/account").await.location(), Some("/login?next=account"), "the thief is out");
    mail_saying(&server.mail(), EMAIL, "Subject: Two-step sign-in is off").await;
    let again = open_link(&server, &mut server.browser(), &told).await;
    assert_eq!(again.status, 410, "it works once");
    // Quicker than its person, the thief types the password and would switch it on once more.
    let quick = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(quick.text.contains("That did not match"), "{}", quick.text);
    super::mailed_codes::reset(&server, &mut mailbox).await;
}

async fn an_address_that_is_put_back_takes_along_the_two_step_sign_in_switched_on_since(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut thief, _) = signed_in(&server).await;
    let page = ask(&mut thief, OTHER).await;
    let code = code_from(&next_mail(&server.mail(), OTHER, 0).await);
    thief.fill(&page, "/account/email/code", &[("code", &code)]).await;
    let told = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio address was changed").await;
    clock.advance(60);
    switch_on(&mut thief, &clock).await;
    let mut mailbox = server.browser();
    let page = open_link(&server, &mut mailbox, &told).await;
    mailbox.fill(&page, "/undo", &[]).await;
    let quick = server.browser().log_in(EMAIL, PASSWORD).await;
    assert!(quick.text.contains("That did not match"), "{}", quick.text);
    super::mailed_codes::reset(&server, &mut mailbox).await;
}

async fn a_thief_who_first_switches_two_step_sign_in_on_and_then_changes_the_address_keeps_nobody_out(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut thief, _) = signed_in(&server).await;
    switch_on(&mut thief, &clock).await;
    let page = ask(&mut thief, OTHER).await;
    let code = code_from(&next_mail(&server.mail(), OTHER, 0).await);
    thief.fill(&page, "/account/email/code", &[("code", &code)]).await;
    let told = mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio address was changed").await;
    clock.advance(5 * 24 * HOUR);
    let mut mailbox = server.browser();
    let page = open_link(&server, &mut mailbox, &told).await;
    mailbox.fill(&page, "/undo", &[]).await;
    super::mailed_codes::reset(&server, &mut mailbox).await;
}
