//! The account's own pages: what they show, what they change, and what they ask for first.

use kinfolio_server::router::routes;
use kinfolio_server::store::Value;
use serde_json::Value as Json;
use support::browser::{Answer, Browser, mail_saying};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::two_step::switch_on;
use super::{App, EMAIL, NOW, PASSWORD, authorize_url, clock, signed_in, signed_in_as};

on_each_engine!(
    asvs_7_5_1_every_change_of_the_account_asks_for_a_sign_in_of_the_last_ten_minutes,
    rfc_9700_22_asvs_3_7_2_no_parameter_of_signing_in_leads_to_another_site,
    rfc_9700_18_19_asvs_7_5_2_10_4_9_10_7_3_a_phone_is_listed_renamed_and_signed_out_at_once,
    rfc_9700_7_asvs_6_2_2_6_2_3_6_3_7_7_4_3_a_new_password_needs_the_old_one_and_ends_what_stood_on_it,
    a_wait_for_a_code_behind_the_old_password_ends_with_it,
    a_mistyped_address_can_be_mended_on_the_way_to_a_page_of_the_account,
    a_wrong_password_typed_by_somebody_who_is_signed_in_leads_back_to_the_form_that_asked_for_it,
    asvs_16_3_1_the_activity_page_tells_what_happened_and_only_of_the_own_account,
);

pub const NEW_PASSWORD: &str = "orbit candle mustard fence quilt";

/// The id of the only sign-in of an app.
pub async fn sign_in_of(app: &App, browser: &mut Browser) -> String {
    let list = app.api(browser, "GET", "/api/v1/sign-ins").await;
    let list: Json = serde_json::from_str(&list.text).unwrap();
    let own = list.as_array().unwrap().iter().find(|row| row["current"] == true).unwrap();
    own["sign_in"].as_str().unwrap().to_owned()
}

/// Makes a sign-in an enrolled device, as a proof would.
pub async fn enrol(server: &InProcess, sign_in: &str) {
    let id: kinfolio_protocol::SignInId = sign_in.parse().unwrap();
    let sql = "INSERT INTO bindings (signin_id, family_id, device_id, sign_pk, bound_at)
               VALUES ($1, $2, $3, $4, $5)";
    let values =
        [Value::Id(id.0), Value::Id([3; 16]), Value::Id([4; 16]), Value::Bytes(vec![5; 32]), Value::Int(NOW)];
    server.state.store.account(move |tx| tx.execute(sql, &values)).await.unwrap();
}

/// The same, of a family in which the account is since then.
pub async fn enrol_since(server: &InProcess, sign_in: &str, family: [u8; 16], since_us: i64) {
    let id: kinfolio_protocol::SignInId = sign_in.parse().unwrap();
    let member = "INSERT INTO memberships (family_id, member_id, user_id, created_at)
                  SELECT $1, $2, user_id, $3 FROM signins WHERE signin_id = $2";
    let bound = "INSERT INTO bindings (signin_id, family_id, device_id, sign_pk, bound_at)
                 VALUES ($1, $2, $1, $3, $4)";
    let made = server.state.store.account(move |tx| {
        tx.execute(member, &[family.into(), id.0.into(), Value::Int(since_us)])?;
        tx.execute(bound, &[id.0.into(), family.into(), [5; 32].into(), Value::Int(since_us)])
    });
    made.await.unwrap();
}

async fn asvs_7_5_1_every_change_of_the_account_asks_for_a_sign_in_of_the_last_ten_minutes(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let sign_in = sign_in_of(&app, &mut browser).await;
    let csrf = browser.get("/account").await.csrf();
    clock.advance(600);
    let mut asked = 0;
    for route in routes().iter().filter(|route| route.path.starts_with("/account/")) {
        let path = route.path.replace("{id}", &sign_in);
        let answer = match route.method.as_str() {
            "GET" if matches!(route.path, "/account/devices" | "/account/linked" | "/account/activity") => {
                continue;
            }
            "GET" => browser.get(&path).await,
            _ => {
                let fields = [("csrf", csrf.as_str()), ("name", "x"), ("password", NEW_PASSWORD)];
                browser.post(&path, &fields).await
            }
        };
        let to = answer.location().unwrap_or_else(|| panic!("{path}: {}", answer.text)).to_owned();
        assert!(to.starts_with("/login?next="), "{path}: {to}");
        asked += 1;
    }
    assert!(asked >= 14, "{asked}");
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200, "nothing happened");
    // Looking needs a sign-in only; changing leads through it, and back to the page.
    assert_eq!(browser.get("/account").await.status, 200);
    let page = browser.get("/account/two-step").await;
    let page = browser.follow(page).await;
    assert!(page.text.contains("show once more that it is you"), "{}", page.text);
    assert!(page.text.contains(&format!("value=\"{EMAIL}\"")) && page.text.contains("readonly"));
    let before = browser.cookie("sid").unwrap().to_owned();
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.url == "/account/two-step" && page.text.contains("It is off."), "{}", page.text);
    assert_ne!(browser.cookie("sid").unwrap(), before, "29: a new session at every authentication");
    // With two-step sign-in the code is asked for too.
    let (authenticator, _) = switch_on(&mut browser, &clock).await;
    clock.advance(600);
    let page = browser.get("/account/password").await;
    let page = browser.follow(page).await;
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(browser.get("/account/password").await.location().is_some(), "not by the password alone");
    let code = authenticator.code(&clock);
    let page = browser.fill(&page, "/login/totp", &[("code", &code)]).await;
    assert!(page.text.contains("<h1>Change your password</h1>"), "{}", page.text);
}

async fn a_mistyped_address_can_be_mended_on_the_way_to_a_page_of_the_account(engine: &Engine) {
    let server = engine.server().await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    let mut browser = server.browser();
    let page = browser.get("/account/password").await;
    let page = browser.follow(page).await;
    let mistyped = [("email", "maya@exmaple.org"), ("password", PASSWORD)];
    let page = browser.fill(&page, "/login", &mistyped).await;
    assert!(page.status == 422 && page.text.contains("maya@exmaple.org"), "{}", page.text);
    assert!(!page.text.contains("readonly"), "{}", page.text);
    let page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", PASSWORD)]).await;
    assert!(page.text.contains("<h1>Change your password</h1>"), "{}", page.text);
}

async fn a_wrong_password_typed_by_somebody_who_is_signed_in_leads_back_to_the_form_that_asked_for_it(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    clock.advance(600);
    let mut parameters = app.parameters();
    parameters.push(("max_age".to_owned(), "60".to_owned()));
    let url = authorize_url(server.base(), &parameters);
    for (start, choice) in [("/account/password", 0), (url.as_str(), 1)] {
        let page = browser.get(start).await;
        let mut page = browser.follow(page).await;
        for typed in ["a wrong password", "another wrong one"] {
            assert!(page.text.contains("readonly"), "{}", page.text);
            assert_eq!(page.text.matches("Use another account").count(), choice, "{}", page.text);
            assert!(!page.text.contains("Create an account"), "{}", page.text);
            page = browser.fill(&page, "/login", &[("email", EMAIL), ("password", typed)]).await;
            assert_eq!(page.status, 422);
        }
        clock.advance(60);
    }
}

async fn rfc_9700_22_asvs_3_7_2_no_parameter_of_signing_in_leads_to_another_site(server: &InProcess) {
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    for next in
        ["https://evil.example", "//evil.example", "/account", "account%0d%0aLocation:%20//evil.example"]
    {
        for name in ["next", "post_login", "return_to"] {
            let mut browser = server.browser();
            let page = browser.get(&format!("/login?{name}={next}")).await;
            let (action, _) = page.form("/login").unwrap();
            let fields = [("csrf", &*page.csrf()), ("email", EMAIL), ("password", PASSWORD)];
            let answer = browser.post(&action, &fields).await;
            assert_eq!(answer.location(), Some("/signed-in"), "{name}={next}");
        }
        assert_eq!(server.browser().get(&format!("/login?tx={next}")).await.status, 400);
    }
}

async fn rfc_9700_18_19_asvs_7_5_2_10_4_9_10_7_3_a_phone_is_listed_renamed_and_signed_out_at_once(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let theirs = App::phone(server.base());
    let (mut ben, bens_app) = signed_in_as(&server, "ben@example.org", theirs).await;
    let bens = sign_in_of(&bens_app, &mut ben).await;
    let sign_in = sign_in_of(&app, &mut browser).await;
    let list = browser.get("/account/devices").await;
    for shown in ["Phone without a name", "Not part of a family yet", "You are using this one", "Used today"]
    {
        assert!(list.text.contains(shown), "{shown}: {}", list.text);
    }
    assert!(!list.text.contains(&bens));
    let page = browser.get(&list.link("/account/devices/").unwrap()).await;
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200, "asked only");
    let own = format!("/account/devices/{sign_in}");
    let name = [("name", "  Kitchen <phone>\r\n")];
    let list = browser.fill(&page, &format!("{own}/name"), &name).await;
    assert!(list.text.contains("Kitchen &#60;phone&#62;"), "{}", list.text);
    enrol(&server, &sign_in).await;
    assert!(!browser.get("/account/devices").await.text.contains("Not part of a family yet"));
    // 18: somebody else's is like none.
    let unknown = "0".repeat(32);
    for end in ["name", "sign-out"] {
        let fields = [("csrf", &*page.csrf()), ("name", "mine")];
        for id in [&bens, &unknown] {
            let path = format!("/account/devices/{id}/{end}");
            assert_eq!(browser.post(&path, &fields).await.status, 404, "{end} {id}");
        }
    }
    assert_eq!(browser.get(&format!("/account/devices/{bens}")).await.status, 404);
    assert_eq!(bens_app.api(&mut ben, "GET", "/api/v1/me").await.status, 200);
    // 19: dead with the very next request.
    let list = browser.fill(&page, &format!("{own}/sign-out"), &[]).await;
    assert!(!list.text.contains("Kitchen"), "{}", list.text);
    assert_eq!(browser.fill(&page, &format!("{own}/sign-out"), &[]).await.status, 404, "it is over");
    let answer = app.api(&mut browser, "GET", "/api/v1/me").await;
    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    // Other browsers go too.
    let mut elsewhere = server.browser();
    elsewhere.log_in(EMAIL, PASSWORD).await;
    let list = browser.get("/account/devices").await;
    assert!(list.text.contains("1 other browser"), "{}", list.text);
    let list = browser.fill(&list, "/account/devices/browsers", &[]).await;
    assert!(!list.text.contains("other browser"));
    assert_eq!(elsewhere.get("/account").await.location(), Some("/login?next=account"));
}

async fn rfc_9700_7_asvs_6_2_2_6_2_3_6_3_7_7_4_3_a_new_password_needs_the_old_one_and_ends_what_stood_on_it(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, stray) = signed_in(&server).await;
    let mut enrolled = [App::phone(server.base()), App::phone(server.base())];
    for app in &mut enrolled {
        let callback = browser.authorize(&app.authorize_url()).await;
        app.redeem(&mut browser, &callback).await;
        enrol(&server, &sign_in_of(app, &mut browser).await).await;
    }
    let waiting = App::phone(server.base());
    let callback = browser.authorize(&waiting.authorize_url()).await;
    let mut elsewhere = server.browser();
    elsewhere.log_in(EMAIL, PASSWORD).await;
    let page = browser.get("/account/password").await;
    for (current, fresh, said) in [
        ("not the right one", NEW_PASSWORD, "That did not match"),
        ("", NEW_PASSWORD, "That did not match"),
        (PASSWORD, "too short", "That is too short"),
        (PASSWORD, "passwordpassword", "That is easy to guess"),
    ] {
        let fields = [("current", current), ("password", fresh)];
        let answer = browser.fill(&page, "/account/password", &fields).await;
        assert!(answer.status == 422 && answer.text.contains(said), "{said}: {}", answer.text);
        assert!(!answer.text.contains(NEW_PASSWORD), "no password comes back");
    }
    assert_eq!(elsewhere.get("/account").await.status, 200, "nothing has happened yet");
    let sid = browser.cookie("sid").unwrap().to_owned();
    let fields = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    let page = browser.fill(&page, "/account/password", &fields).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio password was changed").await;
    // Browsers, the code on its way (7), and the phone outside any family are out; the family's phones are not.
    assert_ne!(browser.cookie("sid").unwrap(), sid);
    assert_eq!(elsewhere.get("/account").await.location(), Some("/login?next=account"));
    assert_eq!(waiting.try_redeem(&mut browser, &callback).await.status, 400);
    assert_eq!(stray.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    for app in &enrolled {
        assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    }
    // One is ticked, one is not.
    let lost = format!("out-{}", sign_in_of(&enrolled[0], &mut browser).await);
    assert_eq!(page.text.matches("type=\"checkbox\"").count(), 2);
    browser.fill(&page, "/account/password/changed", &[(&lost, "yes")]).await;
    assert_eq!(enrolled[0].api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    assert_eq!(enrolled[1].api(&mut browser, "GET", "/api/v1/me").await.status, 200);
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 422);
    assert!(server.browser().log_in(EMAIL, NEW_PASSWORD).await.is_in());
}

async fn a_wait_for_a_code_behind_the_old_password_ends_with_it(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let (app, _) = switch_on(&mut parent, &clock).await;
    let mut thief = server.browser();
    let waits = thief.log_in(EMAIL, PASSWORD).await;
    let page = parent.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    let page = parent.fill(&page, "/account/password", &fields).await;
    assert!(page.text.contains("Your password is changed"), "{}", page.text);
    let answer = thief.fill(&waits, "/login/totp", &[("code", &app.code(&clock))]).await;
    assert!(answer.text.contains("Please sign in again"), "{}", answer.text);
}

async fn asvs_16_3_1_the_activity_page_tells_what_happened_and_only_of_the_own_account(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, _app) = signed_in(&server).await;
    server.browser().log_in(EMAIL, "wrong wrong wrong wrong").await;
    switch_on(&mut browser, &clock).await;
    let page = browser.get("/account/activity").await;
    for told in ["Account created", "Signed in", "Wrong password typed", "Two-step sign-in switched on"] {
        assert!(page.text.contains(told), "{told}: {}", page.text);
    }
    assert!(page.text.contains("14 Sept 2026, 14:02 UTC"), "{}", page.text);
    // More wrong passwords than the page has lines push nothing out of sight.
    let wrong = "INSERT INTO audit (at, kind, user_id) SELECT $1, 'login_failed', user_id FROM users";
    let values = [Value::Int(NOW + 3_600_000_000)];
    for _ in 0..120 {
        let values = values.clone();
        server.state.store.account(move |tx| tx.execute(wrong, &values)).await.unwrap();
    }
    let folded = browser.get("/account/activity").await;
    for told in ["Account created", "Two-step sign-in switched on", "Wrong password typed, 120 times<span>"] {
        assert!(folded.text.contains(told), "{told}: {}", folded.text);
    }
    let lines = |page: &Answer| page.text.matches("<li>").count();
    assert_eq!(lines(&folded), lines(&page) + 1, "{}", folded.text);
    let data = browser.get("/account/data/kinfolio-account.json").await;
    let data: Json = serde_json::from_str(&data.text).unwrap();
    let run = data["activity"].as_array().unwrap().iter().find(|line| line["times"] == 120);
    assert!(run.is_some_and(|line| line["what"] == "Wrong password typed" && line["first_at"].is_string()));
    let mut other = server.browser();
    other.register("ben@example.org", PASSWORD, &server.mail()).await;
    let page = other.get("/account/activity").await;
    assert_eq!(page.text.matches("<li>").count(), 1, "{}", page.text);
}
