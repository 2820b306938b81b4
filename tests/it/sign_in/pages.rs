//! The pages: cookies, nothing posted by another site, nothing told about who has an account.

use axum::http::{HeaderName, HeaderValue, header::SET_COOKIE};
use kinfolio_server::router::{Plane, routes};
use support::browser::{Answer, Browser, code_from, mails_to, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::{App, EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    asvs_3_3_1_3_3_2_3_3_3_3_3_4_cookies_are_host_only_secure_and_unreadable_behind_https_and_plain_on_loopback,
    rfc_9700_11_asvs_3_5_1_3_5_3_a_form_that_our_page_did_not_send_changes_nothing,
    rfc_9700_29_asvs_7_2_4_a_new_session_begins_at_every_authentication_and_the_old_one_is_dead,
    asvs_7_3_1_7_3_2_a_browser_session_ends_after_half_an_hour_of_silence_and_twelve_hours_in_any_case,
    rfc_9700_24_asvs_6_3_8_an_address_with_an_account_and_one_without_get_the_same_answers,
    asvs_6_4_1_6_5_5_6_6_3_a_code_by_mail_has_five_tries_ten_minutes_and_one_browser,
    every_cookie_ends_at_its_second,
    asvs_6_2_1_6_2_4_a_weak_short_endless_password_or_a_missing_tick_makes_no_account,
);

async fn asvs_3_3_1_3_3_2_3_3_3_3_3_4_cookies_are_host_only_secure_and_unreadable_behind_https_and_plain_on_loopback(
    engine: &Engine,
) {
    let https = |config: &mut kinfolio_server::Config| {
        config.public_url = Some("https://sync.example.org".into());
        config.weak_hash = false;
    };
    for (change, prefix, secure) in
        [(https as fn(&mut kinfolio_server::Config), "__Host-", "; Secure"), (|_| {}, "", "")]
    {
        let server = engine.server_with(change, clock()).await;
        let mut browser = server.browser();
        let answer = browser.get("/register").await;
        let tx = answer.header("set-cookie").to_owned();
        assert!(tx.starts_with(&format!("{prefix}tx=")), "{tx}");
        browser.register(EMAIL, PASSWORD, &server.mail()).await;
        let page = browser.get("/signed-in").await;
        let page = browser.fill(&page, "/logout", &[]).await;
        assert_eq!(browser.cookie("sid"), None);
        for cookie in [&tx, page.header("set-cookie")] {
            let attributes = format!("; HttpOnly; SameSite=Lax{secure}");
            assert!(cookie.contains("; Path=/; Max-Age=") && cookie.ends_with(&attributes), "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    }
}

async fn rfc_9700_11_asvs_3_5_1_3_5_3_a_form_that_our_page_did_not_send_changes_nothing(server: &InProcess) {
    const LED_ON: &str = "";
    let (mut browser, app) = signed_in(server).await;
    let mut other = server.browser();
    let other_token = other.get("/login").await.csrf();
    let page = browser.get("/signed-in").await;
    let token = page.csrf();
    let whole = |token: &str| format!("csrf={token}&email=a%40b.de&password=x&choice=continue&code=1");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let (unread, old) = ("This form cannot be read", "This page is too old");
    let attacks = [
        (vec![kind], whole(""), unread),
        (vec![kind], "email=a".to_owned(), unread),
        (vec![kind], whole(&other_token), LED_ON),
        (vec![kind, ("origin", "https://evil.example")], whole(&token), old),
        (vec![kind, ("sec-fetch-site", "cross-site")], whole(&token), old),
        (vec![kind, ("origin", "null"), ("sec-fetch-site", "cross-site")], whole(&token), old),
        (vec![("content-type", "text/plain")], whole(&token), unread),
        (vec![], whole(&token), unread),
    ];
    let request = browser.get(&app.authorize_url()).await.location().unwrap().to_owned();
    let confirm = request.replace("/login", "/confirm");
    let table = routes();
    let posts = table.iter().filter(|route| route.plane == Plane::Page && route.method == "POST");
    let mut posts: Vec<&str> = posts.map(|route| route.path).filter(|path| *path != "/confirm").collect();
    assert!(posts.len() >= 16 && posts.contains(&"/login/totp"));
    posts.push(&confirm);
    for path in posts {
        for (headers, body, said) in &attacks {
            let answer = browser.send("POST", path, headers, Some(body.clone())).await;
            if *said == LED_ON && (path.starts_with("/account") || ["/undo", "/logout"].contains(&path)) {
                let on = path == "/account/two-step/new";
                assert_eq!(answer.status, if on { 303 } else { 400 }, "{path}");
                assert!(on || answer.text.contains(old), "{path}: {}", answer.text);
                continue;
            }
            if *said == LED_ON {
                // Nothing of the form is taken: the browser is led to where it stands.
                let to = answer.location().unwrap_or_default();
                assert_eq!((answer.status, answer.text.as_str()), (303, ""), "{path}: {}", answer.text);
                assert!(["/signed-in", "/account", &confirm].contains(&to), "{path}: {to}");
                continue;
            }
            assert_eq!(answer.status, 400, "{path} {headers:?}");
            assert!(answer.text.contains(said), "{path} {headers:?}");
        }
    }
    assert!(browser.get("/signed-in").await.text.contains(EMAIL), "still signed in");
}

async fn rfc_9700_29_asvs_7_2_4_a_new_session_begins_at_every_authentication_and_the_old_one_is_dead(
    server: &InProcess,
) {
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let first = browser.cookie("sid").unwrap().to_owned();
    let app = App::phone(server.base());
    let page = browser.get(&app.authorize_url()).await;
    let page = browser.follow(page).await;
    let page = browser.fill(&page, "/confirm", &[("choice", "other")]).await;
    assert!(page.text.contains("<h1>Sign in</h1>"), "{}", page.text);
    let page =
        browser.fill(&page, "/login", &[("email", " MAYA@example.org "), ("password", PASSWORD)]).await;
    assert!(page.text.contains("on this phone as"));
    assert_ne!(browser.cookie("sid").unwrap(), first);
    // A cookie that somebody else has put there is exchanged, and stays worth nothing.
    let (mut victim, fixed) = (server.browser(), "x".repeat(43));
    victim.set_cookie("sid", Some(&fixed));
    let page = victim.get("/login").await;
    victim.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert_ne!(victim.cookie("sid").unwrap(), fixed);
    let mut thief = server.browser();
    thief.set_cookie("sid", Some(&fixed));
    assert_eq!(thief.get("/signed-in").await.location(), Some("/login"));
    let mut thief = server.browser();
    thief.set_cookie("sid", Some(&first));
    assert_eq!(thief.get("/signed-in").await.location(), Some("/login"));
}

async fn every_cookie_ends_at_its_second(server: &InProcess) {
    const DAY: u32 = 24 * 3600;
    let max_ages = |answer: &Answer| -> Vec<(String, u32)> {
        let cookies = answer.headers.get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap());
        let of = |text: &str| {
            let age = text.split("; Max-Age=").nth(1)?.split(';').next()?.parse().ok()?;
            Some((text.split('=').next()?.to_owned(), age))
        };
        cookies.filter_map(of).filter(|(name, _)| name != "tx").collect()
    };
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    let mut other = server.browser();
    let page = other.get("/login").await;
    let tx = page.header("set-cookie");
    assert!(tx.starts_with("tx=") && tx.contains("; Max-Age=3600;"), "{tx}");
    let (action, hidden) = page.form("/login").unwrap();
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    fields.extend([("email", EMAIL), ("password", PASSWORD)]);
    let answer = other.post(&action, &fields).await;
    assert_eq!(max_ages(&answer), [("sid".to_owned(), DAY / 2), ("known".to_owned(), 180 * DAY)]);
    let page = other.get("/signed-in").await;
    let answer = other.post("/logout", &[("csrf", &page.csrf())]).await;
    assert_eq!(max_ages(&answer), [("sid".to_owned(), 0)], "the browser stays known");
}

async fn asvs_7_3_1_7_3_2_a_browser_session_ends_after_half_an_hour_of_silence_and_twelve_hours_in_any_case(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut browser = server.browser();
    browser.register(EMAIL, PASSWORD, &server.mail()).await;
    for _ in 0..24 {
        clock.advance(29 * 60);
        assert_eq!(browser.get("/signed-in").await.status, 200);
    }
    clock.advance(29 * 60);
    assert_eq!(browser.get("/signed-in").await.location(), Some("/login"), "12 hours are over");
    let page = browser.get("/login").await;
    browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    clock.advance(30 * 60 - 1);
    assert_eq!(browser.get("/signed-in").await.status, 200);
    clock.advance(30 * 60);
    assert_eq!(browser.get("/signed-in").await.location(), Some("/login"), "half an hour of silence");
}

/// What an answer tells of an address, without what is random in every answer: status, body and all headers. Of cookies
/// only the value is random.
pub fn told(answer: &Answer, email: &str) -> (u16, String, Vec<(String, String)>) {
    let mut text = answer.text.replace(email, "ADDRESS");
    if text.contains("name=\"csrf\"") {
        text = text.replace(&answer.csrf(), "CSRF");
    }
    let plain = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = value.to_str().unwrap();
        let cookie = value.split_once('=').zip(value.split_once(';')).filter(|_| *name == SET_COOKIE);
        let shown = cookie.map_or_else(|| value.to_owned(), |((name, _), (_, how))| format!("{name};{how}"));
        (name.to_string(), shown)
    };
    let mut headers: Vec<(String, String)> = answer.headers.iter().map(plain).collect();
    headers.sort();
    (answer.status, text, headers)
}

async fn rfc_9700_24_asvs_6_3_8_an_address_with_an_account_and_one_without_get_the_same_answers(
    server: &InProcess,
) {
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut seen = Vec::new();
    // Of the same length, so that bodies can be compared.
    for email in [EMAIL, "nina@example.org"] {
        let mut browser = server.browser();
        let mut answers = Vec::new();
        let page = browser.get("/login").await;
        let (action, hidden) = page.form("/login").unwrap();
        let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        fields.extend([("email", email), ("password", "not the right one at all")]);
        answers.push(told(&browser.post(&action, &fields).await, email));
        let page = browser.get("/register").await;
        let before = mails_to(&server.mail(), email).len();
        let page = browser.fill(&page, "/register", &[("email", email)]).await;
        answers.push(told(&page, email));
        let mail = next_mail(&server.mail(), email, before).await;
        assert_eq!(mail.contains("You already have"), email == EMAIL);
        for _ in 0..6 {
            let page = browser.fill(&page, "/register/code", &[("code", "0000 0000")]).await;
            answers.push(told(&page, email));
        }
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
}

async fn asvs_6_4_1_6_5_5_6_6_3_a_code_by_mail_has_five_tries_ten_minutes_and_one_browser(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let ask = async |browser: &mut Browser, email: &str| {
        let page = browser.get("/register").await;
        let page = browser.fill(&page, "/register", &[("email", email)]).await;
        let code = code_from(&next_mail(&server.mail(), email, 0).await);
        (page, code)
    };
    let wrong = |code: &str| if code.starts_with('0') { "1111 1111" } else { "0000 0000" };
    // Five tries: the sixth is refused although it is right.
    let mut browser = server.browser();
    let (page, code) = ask(&mut browser, "a@example.org").await;
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        let answer = browser.fill(&page, "/register/code", &[("code", wrong(&code))]).await;
        assert!(answer.text.contains(&format!("You have {left} left.")), "{}", answer.text);
    }
    let answer = browser.fill(&page, "/register/code", &[("code", wrong(&code))]).await;
    assert!(answer.text.contains("This code no longer works"));
    let answer = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    assert!(answer.text.contains("This code no longer works"));
    // Another browser has no use for it, though it asks for the same address later.
    let (mut browser, mut thief) = (server.browser(), server.browser());
    let (page, code) = ask(&mut browser, "b@example.org").await;
    let theirs = thief.get("/register").await;
    let theirs = thief.fill(&theirs, "/register", &[("email", "b@example.org")]).await;
    let answer = thief.fill(&theirs, "/register/code", &[("code", &code)]).await;
    assert!(answer.text.contains("That code did not match"));
    assert!(thief.get("/register/password").await.location().is_some());
    // It is used up by its first use: the page leads on, and a second account cannot be made with it.
    let next = browser.fill(&page, "/register/code", &[("code", &code.replace(' ', ""))]).await;
    assert!(next.text.contains("Choose a password"));
    let page = browser.get("/register/code").await;
    let answer = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    assert!(answer.text.contains("This code no longer works"));
    // Ten minutes.
    let mut browser = server.browser();
    let (page, code) = ask(&mut browser, "c@example.org").await;
    clock.advance(600);
    let answer = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    assert!(answer.text.contains("This code no longer works"));
}

async fn asvs_6_2_1_6_2_4_a_weak_short_endless_password_or_a_missing_tick_makes_no_account(
    server: &InProcess,
) {
    let mut browser = server.browser();
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, 0).await);
    let page = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    let long = "ab".repeat(200);
    for (password, adult, word) in [
        ("fourteen chars", "yes", "That is too short"),
        ("passwordpassword", "yes", "That is easy to guess"),
        (EMAIL, "yes", "That is easy to guess"),
        (&long, "yes", "That is too long"),
        (PASSWORD, "", "One tick is missing"),
        (PASSWORD, "no", "One tick is missing"),
    ] {
        let answer =
            browser.fill(&page, "/register/password", &[("password", password), ("adult", adult)]).await;
        assert_eq!(answer.status, 422);
        assert!(
            answer.text.contains(word) && answer.text.contains("<title>Error: "),
            "{word}: {}",
            answer.text
        );
        assert!(!answer.text.contains(password) || password == EMAIL, "a password never comes back");
    }
    let endless = "x".repeat(1 << 20);
    let (action, hidden) = page.form("/register/password").unwrap();
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    fields.push(("password", &endless));
    assert_eq!(browser.post(&action, &fields).await.status, 400);
    let answer = browser.fill(&page, "/register/password", &[("password", PASSWORD), ("adult", "yes")]).await;
    assert!(answer.is_in());
}

#[test]
fn the_pages_fonts_are_the_portfolios() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for name in ["atkinson", "atkinson-ext", "literata", "literata-ext"] {
        let read = |room: &str| std::fs::read(format!("{root}/{room}/assets/fonts/{name}.woff2")).unwrap();
        assert!(read("core") == read("sync-server"), "{name}");
    }
}
