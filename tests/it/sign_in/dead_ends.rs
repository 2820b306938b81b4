//! No page of signing in is a dead end: one that cannot go on says why in words that are true there, and has a link on.

use support::browser::{Answer, Browser, code_from, mail_saying, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::{InProcess, mail_is_out};

use super::reset::ask;
use super::taking_back::{ask_removal, open_link};
use super::two_step::switch_on;
use super::{EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    when_there_are_no_more_codes_the_one_that_came_is_typed_on_the_same_page,
    where_no_code_is_sent_the_page_for_the_address_says_so_and_leads_to_the_one_that_came,
    a_wait_for_a_new_password_speaks_of_no_other_password_and_leads_back,
    a_page_that_is_too_old_or_is_not_there_leads_on_in_the_browser,
    what_is_taken_back_is_said_and_a_new_password_is_a_choice_where_it_is_one,
);

/// Asks for one more code until there are none; the page that says so.
async fn use_up(browser: &mut Browser, page: &Answer, path: &str) -> Answer {
    for _ in 0..10 {
        let answer = browser.fill(page, path, &[]).await;
        if answer.status == 429 {
            return answer;
        }
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    panic!("codes without end");
}

/// Says for how long there are no more codes, and speaks of nothing that does not belong here.
fn says_no_more_codes(page: &Answer) {
    assert!(page.text.contains("No more codes for "), "{}", page.text);
    assert!(!page.header("retry-after").is_empty());
    for foreign in ["set a new password", "too many tries"] {
        assert!(!page.text.contains(foreign), "{foreign}: {}", page.text);
    }
}

async fn when_there_are_no_more_codes_the_one_that_came_is_typed_on_the_same_page(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut browser = server.browser();
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", EMAIL)]).await;
    let full = use_up(&mut browser, &page, "/register/code/new").await;
    says_no_more_codes(&full);
    mail_is_out(&server.state).await;
    // Under a clock that stands still mails come in no order: one of them is the newest.
    let mut typed = full;
    for number in 0..5 {
        let code = code_from(&next_mail(&server.mail(), EMAIL, number).await);
        typed = browser.fill(&typed, "/register/code", &[("code", &code)]).await;
        if typed.text.contains("Choose a password") {
            return;
        }
    }
    panic!("no code works: {}", typed.text);
}

async fn where_no_code_is_sent_the_page_for_the_address_says_so_and_leads_to_the_one_that_came(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    for email in [EMAIL, "nobody@example.org"] {
        let mut browser = server.browser();
        let (page, _) = ask(&server, &mut browser, email).await;
        says_no_more_codes(&use_up(&mut browser, &page, "/reset/code/new").await);
        let page = browser.get("/reset").await;
        let full = browser.fill(&page, "/reset", &[("email", email)]).await;
        assert_eq!(full.status, 429);
        assert!(full.text.contains("No more codes for ") && full.form("/reset").is_some(), "{}", full.text);
        let page = browser.get(&full.link("/reset/code").expect("a way")).await;
        assert!(page.text.contains("Type the code from your mail"), "{}", page.text);
    }
}

async fn a_wait_for_a_new_password_speaks_of_no_other_password_and_leads_back(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut browser = server.browser();
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, 0).await);
    let page = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    let fields = [("password", "short"), ("adult", "yes")];
    let mut wait = browser.fill(&page, "/register/password", &fields).await;
    while wait.status != 429 {
        wait = browser.fill(&page, "/register/password", &fields).await;
    }
    assert!(wait.text.contains("Please wait") && !wait.text.contains("new password"), "{}", wait.text);
    let back = browser.get(&wait.link("/register/password").expect("a way back")).await;
    assert!(back.text.contains("Choose a password"), "{}", back.text);
}

async fn a_page_that_is_too_old_or_is_not_there_leads_on_in_the_browser(server: &InProcess) {
    let (mut browser, app) = signed_in(server).await;
    let mut stranger = server.browser();
    let over = stranger.get(&app.authorize_url()).await.location().unwrap().to_owned();
    let mut other = server.browser();
    for path in [over.as_str(), "/nothing", "/confirm", "/login/nothing"] {
        for (browser, on) in [(&mut other, "/login"), (&mut browser, "/account")] {
            let page = browser.send("GET", path, &[("accept", "text/html")], None).await;
            assert!(matches!(page.status, 400 | 404), "{path}: {}", page.text);
            assert_eq!(page.link(on).as_deref(), Some(on), "{path}: {}", page.text);
        }
    }
    assert_eq!(browser.get("/account").await.status, 200);
}

/// Presses the button of the link in a mail; the page that says what is done.
async fn take_back(server: &InProcess, mail: &str) -> Answer {
    let mut mailbox = server.browser();
    let page = open_link(server, &mut mailbox, mail).await;
    let done = mailbox.fill(&page, "/undo", &[]).await;
    assert!(done.status == 200 && done.link("/reset").is_some(), "{}", done.text);
    done
}

async fn what_is_taken_back_is_said_and_a_new_password_is_a_choice_where_it_is_one(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, _) = signed_in(&server).await;
    let saying = async |words: &str| mail_saying(&server.mail(), EMAIL, words).await;
    let page = browser.get("/account/delete").await;
    let page = browser.fill(&page, "/account/delete", &[]).await;
    let kept = browser.fill(&page, "/account/delete/stop", &[]).await;
    assert!(kept.text.contains("Your account is kept."), "{}", kept.text);
    assert!(!browser.get("/account").await.text.contains("is kept"), "it is said once");
    clock.advance(1);
    let before = saying("is about to be deleted").await;
    let page = browser.get("/account/delete").await;
    browser.fill(&page, "/account/delete", &[]).await;
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), EMAIL);
    let mails = mails.into_iter().map(|mail| mail.replace("\r\n", " "));
    let mail = mails.filter(|mail| mail.contains("is about to be deleted")).find(|mail| *mail != before);
    let done = take_back(&server, &mail.expect("a second mail")).await;
    assert!(done.text.contains("<h1>Your account is kept</h1>"), "{}", done.text);
    assert!(
        done.text.contains("You can close this page") && done.text.contains("Was it not you"),
        "{}",
        done.text
    );
    switch_on(&mut browser, &clock).await;
    ask_removal(&mut server.browser()).await;
    let done = take_back(&server, &saying("is about to be removed").await).await;
    assert!(done.text.contains("<h1>Two-step sign-in stays on</h1>"), "{}", done.text);
    let done = take_back(&server, &saying("Subject: Two-step sign-in is on").await).await;
    assert!(done.text.contains("<h1>Two-step sign-in is off</h1>"), "{}", done.text);
    assert!(
        done.text.contains("set a new one now") && !done.text.contains("close this page"),
        "{}",
        done.text
    );
}
