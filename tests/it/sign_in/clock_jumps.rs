//! A server whose clock ran ahead and was put right: what it wrote meanwhile keeps nobody out, and lets nobody do more.

use kinfolio_server::clock::Clock as _;
use kinfolio_server::{accounts, leap};
use support::browser::mail_saying;
use support::engine::Engine;
use support::on_each_engine;

use super::reset::ask_on;
use super::two_step::{switch_on, type_password};
use super::{App, EMAIL, PASSWORD, clock};

on_each_engine!(
    asvs_7_5_1_a_sign_in_ahead_of_the_clock_changes_no_account,
    nobody_waits_for_what_was_tried_ahead_of_the_clock,
    a_code_that_was_used_ahead_of_the_clock_refuses_none_of_today,
    what_began_ahead_of_the_clock_does_not_last_until_it_is_caught_up_with,
    a_clock_that_is_put_right_by_seconds_ends_nothing,
    a_clock_that_leaps_ahead_destroys_nothing_until_that_has_lasted_for_a_day,
    a_removal_that_was_put_off_by_a_clock_ahead_goes_on_once_it_is_put_right,
);

const YEAR: i64 = 365 * 24 * 3600;

async fn asvs_7_5_1_a_sign_in_ahead_of_the_clock_changes_no_account(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    clock.advance(YEAR);
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    assert_eq!(parent.get("/account/password").await.status, 200);
    clock.advance(-YEAR);
    assert_eq!(parent.get("/account/password").await.location(), Some("/login?next=password"));
    let page = parent.get("/login?next=password").await;
    let page = parent.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_eq!((page.status, page.url.as_str()), (200, "/account/password"), "{}", page.text);
}

async fn nobody_waits_for_what_was_tried_ahead_of_the_clock(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    clock.advance(YEAR);
    let (mut login, mut mails) = (0, 0);
    for _ in 0..7 {
        let mut browser = server.browser();
        let page = browser.get("/login").await;
        let fields = [("email", EMAIL), ("password", "wrong wrong wrong")];
        login = browser.fill(&page, "/login", &fields).await.status;
    }
    let mut asker = server.browser();
    for _ in 0..7 {
        let page = asker.get("/reset").await;
        mails = asker.fill(&page, "/reset", &[("email", EMAIL)]).await.status;
    }
    assert_eq!((login, mails), (429, 429));
    clock.advance(-YEAR);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.is_in(), "{}", page.text);
}

async fn a_code_that_was_used_ahead_of_the_clock_refuses_none_of_today(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut parent, &clock).await;
    clock.advance(YEAR);
    let mut thief = server.browser();
    let page = type_password(&mut thief, EMAIL).await;
    assert!(thief.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await.is_in());
    let mut last = 0;
    for _ in 0..3 {
        let mut thief = server.browser();
        let page = type_password(&mut thief, EMAIL).await;
        for _ in 0..5 {
            last = thief.fill(&page, "/login/totp", &[("code", "000 000")]).await.status;
        }
    }
    assert_eq!(last, 429, "ten an hour");
    mail_saying(&server.mail(), EMAIL, "Somebody may know your Kinfolio password").await;
    clock.advance(-YEAR);
    let mut browser = server.browser();
    let page = type_password(&mut browser, EMAIL).await;
    let page = browser.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(page.is_in(), "{}", page.text);
    // And from here on each counts once, as ever.
    let mut browser = server.browser();
    let page = type_password(&mut browser, EMAIL).await;
    let page = browser.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert_eq!(page.status, 422, "{}", page.text);
}

async fn what_began_ahead_of_the_clock_does_not_last_until_it_is_caught_up_with(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    clock.advance(YEAR);
    let app = App::phone(server.base());
    // A session and a request on its way; the wait for a second step; a mailed code.
    let (mut parent, mut waiting, mut asker) = (server.browser(), server.browser(), server.browser());
    parent.log_in(EMAIL, PASSWORD).await;
    let request = parent.get(&app.authorize_url()).await.location().unwrap().to_owned();
    let page = asker.get("/reset").await;
    let (page, code) = ask_on(&page, &server, &mut asker, EMAIL).await;
    switch_on(&mut parent, &clock).await;
    type_password(&mut waiting, EMAIL).await;
    clock.advance(-YEAR);
    assert_eq!(parent.get("/account").await.location(), Some("/login?next=account"));
    assert_eq!(parent.get(&request).await.status, 400);
    assert_eq!(waiting.get("/login/totp").await.location(), Some("/login"));
    let typed = asker.fill(&page, "/reset/code", &[("code", &code)]).await;
    assert_eq!(typed.status, 422, "{}", typed.text);
}

async fn a_clock_that_is_put_right_by_seconds_ends_nothing(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    clock.advance(-50);
    assert_eq!(parent.get("/account").await.status, 200);
}

async fn a_clock_that_leaps_ahead_destroys_nothing_until_that_has_lasted_for_a_day(engine: &Engine) {
    const HOUR: i64 = 3600;
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let believed = async || leap::is_believed(&server.state.store, clock.now_us()).await.unwrap();
    assert!(believed().await, "a new server");
    clock.advance(6 * 24 * HOUR);
    assert!(believed().await, "one that stood still for some days");
    clock.advance(YEAR);
    assert!(!believed().await);
    clock.advance(HOUR);
    assert!(!believed().await, "an hour later neither");
    clock.advance(-YEAR);
    assert!(believed().await, "put right");
    clock.advance(YEAR);
    assert!(!believed().await, "what stood before does not count");
    clock.advance(24 * HOUR - 1);
    assert!(!believed().await);
    clock.advance(1);
    assert!(believed().await, "the server was off for a year");
    clock.advance(HOUR);
    assert!(believed().await);
}

async fn a_removal_that_was_put_off_by_a_clock_ahead_goes_on_once_it_is_put_right(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    switch_on(&mut parent, &clock).await;
    clock.advance(YEAR);
    let mut lost = server.browser();
    lost.log_in(EMAIL, PASSWORD).await;
    let page = lost.get("/login/lost").await;
    lost.fill(&page, "/login/lost", &[]).await;
    clock.advance(-YEAR);
    // Each round is due within a day, and none is left out: two more mails, then it comes off.
    for _ in 0..3 {
        accounts::remove_two_step(&server.state).await.unwrap();
        clock.advance(24 * 3600);
    }
    accounts::remove_two_step(&server.state).await.unwrap();
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in(), "two-step sign-in is off");
}
