//! Two-step sign-in: a code of the authenticator app or of the paper, each worth one sign-in, on both engines.

use kinfolio_server::clock::FixedClock;
pub use support::authenticator::Authenticator;
use support::browser::{Answer, Browser, mail_saying, mails_to};
use support::engine::Engine;
use support::on_each_engine;
use support::server::mail_is_out;

use super::{App, EMAIL, PASSWORD, clock};

on_each_engine!(
    rfc_9700_25_26_asvs_6_5_1_of_twenty_posts_of_one_code_at_once_exactly_one_signs_in,
    rfc_9700_25_asvs_6_5_5_6_5_8_a_used_an_old_a_future_and_another_persons_code_are_refused,
    rfc_9700_26_asvs_6_5_6_a_backup_code_works_once_in_any_case_and_new_ones_void_the_old,
    asvs_6_3_1_6_3_5_6_6_3_guessing_codes_ends_after_five_a_login_and_ten_an_hour_and_its_person_is_told,
    asvs_6_3_1_ten_wrong_codes_an_hour_are_all_that_the_browsers_which_an_account_knows_have_together,
    asvs_6_6_2_the_wait_for_a_code_is_one_browsers_and_lasts_ten_minutes,
    rfc_9700_29_asvs_7_2_4_switching_two_step_sign_in_on_begins_a_new_session_and_the_old_one_is_dead,
    a_new_password_alone_makes_nobody_fresh_where_two_step_sign_in_is_on,
    asvs_10_3_4_switching_on_needs_a_right_code_shows_the_paper_once_and_the_app_says_how_it_signed_in,
);

/// Switches two-step sign-in on; the codes are those of the paper. A later code is needed next.
pub async fn switch_on(browser: &mut Browser, clock: &FixedClock) -> (Authenticator, Vec<String>) {
    let page = browser.get("/account/two-step").await;
    let page = browser.fill(&page, "/account/two-step", &[]).await;
    let app = Authenticator::typed_from(&page);
    let page = browser.fill(&page, "/account/two-step/new", &[("code", &app.code(clock))]).await;
    assert!(page.text.contains("Your backup codes"), "{}", page.text);
    clock.advance(30);
    (app, codes_on(&page))
}

fn codes_on(page: &Answer) -> Vec<String> {
    let items = page.text.split("<li>").skip(1);
    let codes: Vec<String> = items.map(|item| item.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(codes.len(), 8);
    codes
}

/// Types the password in a browser; what follows is the page that asks for a code.
pub async fn type_password(browser: &mut Browser, email: &str) -> Answer {
    let page = browser.get("/login").await;
    let page = browser.fill(&page, "/login", &[("email", email), ("password", PASSWORD)]).await;
    assert!(page.text.contains("<h1>Two-step sign-in</h1>"), "{}", page.text);
    page
}

async fn type_backup(browser: &mut Browser, code: &str) -> Answer {
    let page = browser.get("/login/backup-code").await;
    browser.fill(&page, "/login/backup-code", &[("code", code)]).await
}

/// Posts the same form from twenty browsers at once; tells how many were let in.
async fn race(browsers: Vec<Browser>, path: &'static str, code: &str) -> usize {
    let mut tasks = Vec::new();
    for mut browser in browsers {
        let page = browser.get(path).await;
        let code = code.to_owned();
        tasks.push(tokio::spawn(async move { browser.fill(&page, path, &[("code", &code)]).await }));
    }
    let mut let_in = 0;
    for task in tasks {
        let answer = task.await.unwrap();
        assert!(matches!(answer.status, 200 | 422 | 429), "{}: {}", answer.status, answer.text);
        let_in += usize::from(answer.is_in());
    }
    let_in
}

async fn rfc_9700_25_26_asvs_6_5_1_of_twenty_posts_of_one_code_at_once_exactly_one_signs_in(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, paper) = switch_on(&mut parent, &clock).await;
    for (path, code) in [("/login/totp", app.code(&clock)), ("/login/backup-code", paper[0].clone())] {
        let mut browsers = Vec::new();
        for _ in 0..20 {
            let mut browser = server.browser();
            type_password(&mut browser, EMAIL).await;
            browsers.push(browser);
        }
        assert_eq!(race(browsers, path, &code).await, 1, "{path}");
        // The hour of a bucket that nine or more wrong ones have filled.
        clock.advance(3600);
    }
    let mail = mail_saying(&server.mail(), EMAIL, "7 are left.").await;
    assert!(!mail.contains(&paper[0]), "no code in a mail");
}

async fn rfc_9700_25_asvs_6_5_5_6_5_8_a_used_an_old_a_future_and_another_persons_code_are_refused(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut maya, mut ben) = (server.browser(), server.browser());
    maya.register(EMAIL, PASSWORD, &server.mail()).await;
    ben.register("ben@example.org", PASSWORD, &server.mail()).await;
    let (mayas, _) = switch_on(&mut maya, &clock).await;
    let (bens, _) = switch_on(&mut ben, &clock).await;
    clock.advance(90);
    let mut browser = server.browser();
    let page = type_password(&mut browser, EMAIL).await;
    for (code, what) in [
        (mayas.at(&clock, -2), "two steps old"),
        (mayas.at(&clock, 2), "two steps early"),
        (bens.code(&clock), "another person's"),
    ] {
        let answer = browser.fill(&page, "/login/totp", &[("code", &code)]).await;
        assert_eq!(answer.status, 422, "{what}");
        assert!(answer.text.contains("That code did not match"), "{what}");
    }
    let code = mayas.at(&clock, -1);
    assert!(browser.fill(&page, "/login/totp", &[("code", &code)]).await.is_in(), "one step old");
    // The same code, and one that is older than it, in a new sign-in.
    let mut browser = server.browser();
    let page = type_password(&mut browser, EMAIL).await;
    assert_eq!(browser.fill(&page, "/login/totp", &[("code", &code)]).await.status, 422);
    assert!(browser.fill(&page, "/login/totp", &[("code", &mayas.code(&clock))]).await.is_in());
}

async fn rfc_9700_26_asvs_6_5_6_a_backup_code_works_once_in_any_case_and_new_ones_void_the_old(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (_, paper) = switch_on(&mut parent, &clock).await;
    let mut ben = server.browser();
    ben.register("ben@example.org", PASSWORD, &server.mail()).await;
    let (_, bens) = switch_on(&mut ben, &clock).await;
    let mut browser = server.browser();
    type_password(&mut browser, EMAIL).await;
    let answer = type_backup(&mut browser, &bens[0]).await;
    assert!(answer.text.contains("That code did not match"), "another person's: {}", answer.text);
    let typed = format!(" {}", paper[0].to_lowercase().replace('-', " "));
    assert!(type_backup(&mut browser, &typed).await.is_in());
    let mail = mail_saying(&server.mail(), EMAIL, "7 are left.").await;
    assert!(mail.contains("Subject: A backup code was used"), "{mail}");
    let mut browser = server.browser();
    type_password(&mut browser, EMAIL).await;
    assert_eq!(type_backup(&mut browser, &paper[0]).await.status, 422, "twice");
    let page = parent.get("/account").await;
    assert!(page.text.contains("On. 7 of 8 backup codes left"), "{}", page.text);
    let page = parent.get("/account/two-step").await;
    let fresh = codes_on(&parent.fill(&page, "/account/two-step/codes", &[]).await);
    assert_eq!(type_backup(&mut browser, &paper[1]).await.status, 422, "an old one");
    assert!(type_backup(&mut browser, &fresh[1]).await.is_in());
}

async fn asvs_6_3_1_6_3_5_6_6_3_guessing_codes_ends_after_five_a_login_and_ten_an_hour_and_its_person_is_told(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut parent, &clock).await;
    let wrong = ("code", "000 000");
    for _ in 0..2 {
        let mut thief = server.browser();
        let page = type_password(&mut thief, EMAIL).await;
        for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
            let answer = thief.fill(&page, "/login/totp", &[wrong]).await;
            assert!(answer.text.contains(&format!("You have {left} left.")), "{}", answer.text);
        }
        let answer = thief.fill(&page, "/login/totp", &[wrong]).await;
        assert!(answer.text.contains("Please sign in again"), "{}", answer.text);
        let right = ("code", &*app.code(&clock));
        let answer = thief.fill(&page, "/login/totp", &[right]).await;
        assert!(answer.text.contains("Please sign in again"), "the sixth, though right");
    }
    let mut thief = server.browser();
    let page = type_password(&mut thief, EMAIL).await;
    let answer = thief.fill(&page, "/login/totp", &[wrong]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, "3600"));
    assert!(answer.text.contains("Please wait 60 minutes"), "{}", answer.text);
    // The account's own browser has a bucket of its own, and notices nothing.
    let page = parent.get("/account").await;
    parent.fill(&page, "/logout", &[]).await;
    let page = type_password(&mut parent, EMAIL).await;
    assert!(parent.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await.is_in());
    // After the hour one try, and then two hours.
    clock.advance(3600);
    let page = type_password(&mut thief, EMAIL).await;
    assert_eq!(thief.fill(&page, "/login/totp", &[wrong]).await.status, 422);
    assert_eq!(thief.fill(&page, "/login/totp", &[wrong]).await.header("retry-after"), "7200");
    mail_saying(&server.mail(), EMAIL, "Somebody may know your Kinfolio password").await;
    mail_is_out(&server.state).await;
    let mails = mails_to(&server.mail(), EMAIL);
    assert_eq!(mails.iter().filter(|mail| mail.contains("may know your")).count(), 1, "once a day");
}

async fn asvs_6_3_1_ten_wrong_codes_an_hour_are_all_that_the_browsers_which_an_account_knows_have_together(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    // Whoever knows the password signs in often before there is a second step, and keeps the cookies.
    let mut kept = Vec::new();
    for _ in 0..3 {
        let mut thief = server.browser();
        let page = thief.get("/login").await;
        assert!(thief.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await.is_in());
        kept.push(thief);
    }
    switch_on(&mut parent, &clock).await;
    let mut answers = Vec::new();
    for thief in &mut kept {
        let page = type_password(thief, EMAIL).await;
        for _ in 0..4 {
            answers.push(thief.fill(&page, "/login/totp", &[("code", "000000")]).await.status);
        }
    }
    assert_eq!(answers, [[422; 10].as_slice(), &[429; 2]].concat());
}

async fn asvs_6_6_2_the_wait_for_a_code_is_one_browsers_and_lasts_ten_minutes(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut parent, &clock).await;
    let mut browser = server.browser();
    let page = type_password(&mut browser, EMAIL).await;
    // 29: a password alone gives no session, and its cookie is nowhere a signed-in one.
    assert_eq!(browser.cookie("sid"), None);
    assert_eq!(browser.get("/account").await.location(), Some("/login?next=account"));
    assert_eq!(browser.get("/signed-in").await.location(), Some("/login"));
    let mut other = server.browser();
    let theirs = other.get("/login").await;
    assert_eq!(other.get("/login/totp").await.location(), Some("/login"));
    let fields = [("csrf", &*theirs.csrf()), ("code", &*app.code(&clock))];
    let answer = other.post("/login/totp", &fields).await;
    assert!(answer.text.contains("Please sign in again"), "{}", answer.text);
    clock.advance(600);
    let answer = browser.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(answer.text.contains("Please sign in again"), "ten minutes");
    assert_eq!(browser.cookie("sid"), None);
}

async fn rfc_9700_29_asvs_7_2_4_switching_two_step_sign_in_on_begins_a_new_session_and_the_old_one_is_dead(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut parent, mut thief) = (server.browser(), server.browser());
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let before = parent.cookie("sid").map(str::to_owned);
    thief.set_cookie("sid", before.as_deref());
    switch_on(&mut parent, &clock).await;
    assert_ne!(parent.cookie("sid"), before.as_deref());
    assert_eq!(thief.get("/account").await.location(), Some("/login?next=account"));
    // It has shown both steps, and is as old as the password that was typed.
    assert_eq!(parent.get("/account/two-step/off").await.status, 200);
    clock.advance(600 - 30);
    assert_eq!(parent.get("/account/two-step/off").await.location(), Some("/login?next=two-step"));
}

async fn a_new_password_alone_makes_nobody_fresh_where_two_step_sign_in_is_on(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    switch_on(&mut browser, &clock).await;
    clock.advance(500);
    let page = browser.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", "another lecture throw pole artwork")];
    let page = browser.fill(&page, "/account/password", &fields).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    clock.advance(70);
    assert_eq!(browser.get("/account/two-step/off").await.location(), Some("/login?next=two-step"));
}

async fn asvs_10_3_4_switching_on_needs_a_right_code_shows_the_paper_once_and_the_app_says_how_it_signed_in(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut parent, mut elsewhere) = (server.browser(), server.browser());
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let page = elsewhere.get("/login").await;
    elsewhere.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let page = parent.get("/account/two-step").await;
    let page = parent.fill(&page, "/account/two-step", &[]).await;
    assert!(page.text.contains("src=\"data:image/svg+xml;base64,"), "a picture to scan");
    let answer = parent.fill(&page, "/account/two-step/new", &[("code", "000000")]).await;
    assert!(answer.status == 422 && answer.text.contains("That code did not match"));
    assert!(parent.get("/account").await.text.contains("<dd>Off</dd>"), "still off");
    let app = Authenticator::typed_from(&answer);
    let paper = parent.fill(&page, "/account/two-step/new", &[("code", &app.code(&clock))]).await;
    let codes = codes_on(&paper);
    let again = parent.fill(&page, "/account/two-step/new", &[("code", &app.code(&clock))]).await;
    assert!(!again.text.contains(&codes[0]), "shown once");
    assert!(parent.get("/account").await.text.contains("On. 8 of 8"));
    // ASVS 7.4.3: a browser that never showed a code is out.
    assert_eq!(elsewhere.get("/account").await.location(), Some("/login?next=account"));
    clock.advance(60);
    let oauth = App::phone(server.base());
    let start = elsewhere.get(&oauth.authorize_url()).await;
    let page = elsewhere.follow(start).await;
    let page = elsewhere.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    let page = elsewhere.fill(&page, "/login/totp", &[("code", &app.code(&clock))]).await;
    let callback = elsewhere.confirm(&page).await;
    let mut oauth = oauth;
    oauth.redeem(&mut elsewhere, &callback).await;
    mail_saying(&server.mail(), EMAIL, "With      password and two-step code").await;
    let amr = server
        .state
        .store
        .account_read(|tx| tx.query_one("SELECT amr FROM signins", &[])?.unwrap().text(0))
        .await
        .unwrap();
    assert_eq!(amr, "pwd otp");
    // Off again: asked, done, told; then the password is enough.
    let page = parent.get("/account/two-step/off").await;
    let page = parent.fill(&page, "/account/two-step/off", &[]).await;
    assert!(page.text.contains("It is off."), "{}", page.text);
    let mut browser = server.browser();
    let page = browser.get("/login").await;
    let answer = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(answer.is_in());
    for subject in ["Two-step sign-in is on", "Two-step sign-in is off"] {
        mail_saying(&server.mail(), EMAIL, subject).await;
    }
}
