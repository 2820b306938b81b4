//! A reset and a sign-in in the same moment: whichever comes first, nothing of the old password outlives the reset.

use std::sync::mpsc;
use std::time::Duration;

use kinfolio_server::store::Value;
use support::browser::{Answer, Browser, code_from, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;
use tokio::task::JoinHandle;

use super::two_step::{Authenticator, switch_on};
use super::upstream::{by_owl, create_by_owl, maya, with_owl};
use super::{App, EMAIL, PASSWORD, clock, oauth_error, signed_in};

on_each_engine!(
    a_code_that_is_redeemed_while_a_reset_ends_its_session_signs_nobody_in,
    an_old_password_that_is_typed_while_a_reset_replaces_it_opens_nothing,
    a_second_step_that_is_taken_while_a_reset_ends_it_opens_nothing,
    a_removal_that_is_asked_for_while_a_reset_ends_the_wait_does_not_begin,
    what_a_session_changes_while_a_reset_ends_it_stays_as_it_was,
    a_mailed_code_that_is_typed_while_a_reset_ends_the_session_opens_no_other,
);

const END_SESSIONS: &str = "DELETE FROM browser_sessions WHERE user_id = $1";

/// A reset that has begun and waits to be let go on: it holds the account, then runs `sql`, and commits.
struct Reset {
    go_on: mpsc::Sender<()>,
    done: JoinHandle<()>,
}

impl Reset {
    async fn begin(server: &InProcess, sql: &'static str) -> Self {
        let (go_on, wait) = mpsc::channel::<()>();
        let (says, mut begun) = tokio::sync::mpsc::channel(1);
        let state = server.state.clone();
        let done = tokio::spawn(async move {
            let work = state.store.account(move |tx| {
                let user = tx.query("SELECT user_id FROM users", &[])?[0].id(0)?;
                tx.lock(&user)?;
                let _ = says.blocking_send(());
                let _ = wait.recv();
                tx.execute(sql, &[Value::from(user)])
            });
            assert_eq!(work.await.expect("the reset"), 1, "{sql}");
        });
        begun.recv().await.expect("a begun reset");
        Self { go_on, done }
    }

    /// Long enough for what came meanwhile to have been decided, if it did not wait.
    async fn end(self) {
        tokio::time::sleep(Duration::from_millis(400)).await;
        self.go_on.send(()).expect("it waits");
        self.done.await.expect("the reset");
    }
}

async fn a_code_that_is_redeemed_while_a_reset_ends_its_session_signs_nobody_in(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    let (mut browser, _) = signed_in(&server).await;
    let app = App::desktop(server.base());
    let callback = browser.authorize(&app.authorize_url()).await;
    let reset = Reset::begin(&server, END_SESSIONS).await;
    let (answer, ()) = tokio::join!(app.try_redeem(&mut browser, &callback), reset.end());
    assert_eq!((answer.status, oauth_error(&answer).as_str()), (400, "invalid_grant"), "{}", answer.text);
}

async fn an_old_password_that_is_typed_while_a_reset_replaces_it_opens_nothing(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    signed_in(&server).await;
    let mut thief = server.browser();
    let page = thief.get("/login").await;
    let reset =
        Reset::begin(&server, "UPDATE passwords SET phc = 'another', set_at = set_at + 1 WHERE user_id = $1")
            .await;
    let fields = [("email", EMAIL), ("password", PASSWORD)];
    let (answer, ()) = tokio::join!(thief.fill(&page, "/login", &fields), reset.end());
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert!(answer.text.contains("That did not match"), "{}", answer.text);
}

async fn a_second_step_that_is_taken_while_a_reset_ends_it_opens_nothing(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, _) = signed_in(&server).await;
    let (app, _) = switch_on(&mut browser, &clock).await;
    let mut thief = server.browser();
    let page = thief.log_in(EMAIL, PASSWORD).await;
    let reset = Reset::begin(&server, "DELETE FROM second_steps WHERE user_id = $1").await;
    let code = app.code(&clock);
    let fields = [("code", code.as_str())];
    let (answer, ()) = tokio::join!(thief.fill(&page, "/login/totp", &fields), reset.end());
    assert!(answer.text.contains("Please sign in again"), "{}", answer.text);
}

async fn a_removal_that_is_asked_for_while_a_reset_ends_the_wait_does_not_begin(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, _) = signed_in(&server).await;
    switch_on(&mut browser, &clock).await;
    let mut thief = server.browser();
    thief.log_in(EMAIL, PASSWORD).await;
    let page = thief.get("/login/lost").await;
    let reset = Reset::begin(&server, "DELETE FROM second_steps WHERE user_id = $1").await;
    let (answer, ()) = tokio::join!(thief.fill(&page, "/login/lost", &[]), reset.end());
    assert_eq!(answer.url, "/login", "{}", answer.text);
    let removals = "SELECT 1 FROM two_step_removals";
    let begun = server.state.store.account_read(move |tx| tx.query(removals, &[])).await.unwrap();
    assert!(begun.is_empty(), "it began after the reset that stops it");
}

/// A change of the account that a thief is about to send.
struct Change {
    what: &'static str,
    page: Answer,
    path: &'static str,
    code: String,
    /// Has no row while nothing has changed.
    sql: &'static str,
}

impl Change {
    /// Sends it while a reset ends the session that it is sent by.
    async fn send(&self, server: &InProcess, thief: &mut Browser) {
        let reset = Reset::begin(server, END_SESSIONS).await;
        let fields = [("code", self.code.as_str())];
        let (answer, ()) = tokio::join!(thief.fill(&self.page, self.path, &fields), reset.end());
        assert!(answer.url.starts_with("/login"), "{}: {} {}", self.what, answer.url, answer.text);
        let sql = self.sql;
        let changed = server.state.store.account_read(move |tx| tx.query(sql, &[])).await.unwrap();
        assert!(changed.is_empty(), "{}", self.what);
    }
}

async fn what_a_session_changes_while_a_reset_ends_it_stays_as_it_was(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut thief = server.browser();
    thief.register(EMAIL, PASSWORD, &server.mail()).await;

    let page = by_owl(&mut thief, &owl, "/upstream/owl/start?for=link&next=linked", &maya()).await;
    let (path, sql) = ("/account/linked/new", "SELECT 1 FROM upstream_links");
    Change { what: "a link", page, path, code: String::new(), sql }.send(&server, &mut thief).await;

    thief.log_in(EMAIL, PASSWORD).await;
    let page = thief.get("/account/email").await;
    let page = thief.fill(&page, "/account/email", &[("email", "thief@example.org")]).await;
    let code = code_from(&next_mail(&server.mail(), "thief@example.org", 0).await);
    let (path, sql) = ("/account/email/code", "SELECT 1 FROM users WHERE email = 'thief@example.org'");
    Change { what: "an address", page, path, code, sql }.send(&server, &mut thief).await;

    thief.log_in(EMAIL, PASSWORD).await;
    let page = thief.get("/account/two-step").await;
    let page = thief.fill(&page, "/account/two-step", &[]).await;
    let code = Authenticator::typed_from(&page).code(&clock);
    let (path, sql) = ("/account/two-step/new", "SELECT 1 FROM totp WHERE confirmed_at IS NOT NULL");
    Change { what: "two-step sign-in", page, path, code, sql }.send(&server, &mut thief).await;

    thief.log_in(EMAIL, PASSWORD).await;
    let page = thief.get("/account/delete").await;
    let (path, sql) = ("/account/delete", "SELECT 1 FROM account_deletions");
    Change { what: "its end", page, path, code: String::new(), sql }.send(&server, &mut thief).await;
}

async fn a_mailed_code_that_is_typed_while_a_reset_ends_the_session_opens_no_other(engine: &Engine) {
    let clock = clock();
    let (owl, server) = with_owl(engine, &clock, true).await;
    let mut thief = server.browser();
    create_by_owl(&mut thief, &owl, &maya()).await;
    clock.advance(600);
    let before = mails_to(&server.mail(), EMAIL).len();
    let page = thief.get("/account/email").await;
    let page = thief.follow(page).await;
    let page = thief.fill(&page, "/login/again", &[]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, before).await);
    let (path, sql) = ("/login/again/code", "SELECT 1 FROM browser_sessions");
    Change { what: "a session", page, path, code, sql }.send(&server, &mut thief).await;
}
