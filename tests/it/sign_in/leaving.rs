//! An account that its person wants deleted, and the file of all that is known about it.

use kinfolio_server::clock::Clock as _;
use kinfolio_server::store::EMBEDDED_ACCOUNTS;
use serde_json::Value as Json;
use support::browser::{Answer, Browser, mail_saying, mails_to};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::account::{enrol, sign_in_of};
use super::taking_back::open_link;
use super::{EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    an_account_is_deleted_after_seven_days_and_two_mails_and_its_address_is_free,
    until_then_the_page_the_link_in_a_mail_and_an_enrolled_phone_keep_the_account,
    a_deletion_that_was_begun_and_called_off_five_times_is_begun_again_a_day_later,
    account_data_are_one_file_with_all_that_is_known_and_no_secret,
);

const DAY: i64 = 86_400;

/// Asks for the deletion, as a person does it.
async fn ask(browser: &mut Browser) -> Answer {
    let page = browser.get("/account/delete").await;
    assert!(page.text.contains("<h1>Delete the account?</h1>"), "{}", page.text);
    browser.fill(&page, "/account/delete", &[]).await
}

/// What is due by now is done, as the server's sweep does it.
async fn sweep(server: &InProcess) {
    kinfolio_server::erase::round(&server.state).await.expect("a sweep");
}

async fn an_account_is_deleted_after_seven_days_and_two_mails_and_its_address_is_free(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let page = browser.get("/account/delete").await;
    assert!(page.text.contains("after 7 days") && page.text.contains("All records on all phones"));
    let asked_ms = clock.now_us() / 1000;
    let account = ask(&mut browser).await;
    assert!(account.text.contains("This account is to be deleted on"), "{}", account.text);
    mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio account is about to be deleted").await;
    // Asked again it is the same: no second mail.
    assert_eq!(browser.post("/account/delete", &[("csrf", &account.csrf())]).await.status, 303);
    let me: Json = serde_json::from_str(&app.api(&mut browser, "GET", "/api/v1/me").await.text).unwrap();
    assert_eq!(me["deletion_ms"], asked_ms + 7 * DAY * 1000);
    clock.advance(3 * DAY);
    sweep(&server).await;
    let about = |mails: Vec<String>| mails.iter().filter(|mail| mail.contains("about to be deleted")).count();
    assert_eq!(about(mails_to(&server.mail(), EMAIL)), 1);
    // The server was off for a week: the second mail is late, and the end waits for three days after it.
    clock.advance(7 * DAY);
    sweep(&server).await;
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in());
    clock.advance(3 * DAY - 1);
    sweep(&server).await;
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in());
    clock.advance(1);
    sweep(&server).await;
    mail_saying(&server.mail(), EMAIL, "Subject: Your Kinfolio account was deleted").await;
    assert_eq!(about(mails_to(&server.mail(), EMAIL)), 2);
    assert_eq!(server.browser().log_in(EMAIL, PASSWORD).await.status, 422);
    assert_eq!(app.api(&mut browser, "GET", "/api/v1/me").await.status, 401);
    clock.advance(DAY);
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
}

async fn until_then_the_page_the_link_in_a_mail_and_an_enrolled_phone_keep_the_account(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let account = ask(&mut browser).await;
    let kept = browser.fill(&account, "/account/delete/stop", &[]).await;
    assert!(!kept.text.contains("to be deleted"), "{}", kept.text);
    // The phone, just signed in; later only once it has proved to be a family's device.
    clock.advance(1);
    ask(&mut browser).await;
    assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 204);
    clock.advance(1);
    ask(&mut browser).await;
    let older = "UPDATE signins SET auth_time = auth_time - 600000000";
    server.state.store.account(move |tx| tx.execute(older, &[])).await.unwrap();
    let refused = app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await;
    // RFC 9470: what the app has to ask for.
    let challenge = refused.header("www-authenticate");
    assert_eq!(challenge, "Bearer error=\"insufficient_user_authentication\", max_age=600");
    let sign_in = sign_in_of(&app, &mut browser).await;
    enrol(&server, &sign_in).await;
    assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 204);
    assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 404);
    // The mail: looking changes nothing, the button does, once, and links from before keep nothing.
    clock.advance(1);
    ask(&mut browser).await;
    let mut links = Vec::new();
    for _ in 0..100 {
        links = mails_to(&server.mail(), EMAIL);
        links.retain(|mail| mail.contains("about to be deleted"));
        if links.len() == 4 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let mut mailbox = server.browser();
    for old in &links[..3] {
        assert_eq!(open_link(&server, &mut mailbox, old).await.status, 410);
    }
    let page = open_link(&server, &mut mailbox, &links[3]).await;
    assert!(page.text.contains("<h1>Keep your account?</h1>") && page.text.contains(EMAIL), "{}", page.text);
    assert!(browser.get("/account").await.text.contains("to be deleted"));
    mailbox.fill(&page, "/undo", &[]).await;
    assert!(!browser.get("/account").await.text.contains("to be deleted"));
    assert_eq!(mailbox.fill(&page, "/undo", &[]).await.status, 410);
    clock.advance(40 * DAY);
    sweep(&server).await;
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in());
}

async fn a_deletion_that_was_begun_and_called_off_five_times_is_begun_again_a_day_later(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    for _ in 0..5 {
        assert_eq!(app.api(&mut browser, "POST", "/api/v1/me/deletion").await.status, 200);
        assert_eq!(app.api(&mut browser, "DELETE", "/api/v1/me/deletion").await.status, 204);
        clock.advance(1);
    }
    let refused = app.api(&mut browser, "POST", "/api/v1/me/deletion").await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    let page = ask(&mut browser).await;
    assert!(page.status == 429 && page.text.contains("Please wait"), "{}", page.text);
    support::server::mail_is_out(&server.state).await;
    let told = mails_to(&server.mail(), EMAIL);
    assert_eq!(told.iter().filter(|mail| mail.contains("about to be deleted")).count(), 5);
    clock.advance(DAY);
    browser.log_in(EMAIL, PASSWORD).await;
    assert!(ask(&mut browser).await.text.contains("This account is to be deleted on"));
}

async fn account_data_are_one_file_with_all_that_is_known_and_no_secret(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let page = browser.get("/account/data").await;
    let file = browser.get(&page.link("/account/data/").unwrap()).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"kinfolio-account.json\"");
    assert_eq!((file.header("content-type"), file.header("cache-control")), ("application/json", "no-store"));
    let data: Json = serde_json::from_str(&file.text).unwrap();
    assert_eq!(data["format"], "kinfolio-account/1");
    assert_eq!(data["account"]["email"], EMAIL);
    assert_eq!(data["account"]["said_18_or_over_at"], "2026-09-14T14:02:00Z");
    assert_eq!(data["sign_ins"].as_array().unwrap().len(), 1);
    assert_eq!(data["sign_ins"][0]["last_used_day"], "2026-09-14T00:00:00Z");
    assert_eq!(data["sign_ins"][0]["signed_out_by"], Json::Null);
    let told: Vec<_> = data["activity"].as_array().unwrap().iter().map(|line| &line["what"]).collect();
    assert!(told.contains(&&"Account created".into()) && told.contains(&&"Account data downloaded".into()));
    let (sid, token) = (browser.cookie("sid").unwrap(), app.access.as_str());
    for secret in [PASSWORD, "$argon2id", sid, token, &app.refresh] {
        assert!(!file.text.contains(secret));
    }
    // Signed out by its app: the file says when, and by what.
    app.revoke(&mut browser).await;
    let data: Json =
        serde_json::from_str(&browser.get("/account/data/kinfolio-account.json").await.text).unwrap();
    assert_eq!(data["sign_ins"][0]["signed_out_by"], "the app, another device or the account page");
}

/// Secrets and their hashes, what is forgotten within minutes, or what another line of the file says.
const UNTOLD: [&str; 10] = [
    "backup_codes",
    "totp",
    "passwords",
    "second_steps",
    "upstream_arrivals",
    "codes",
    "erasures",
    "access_tokens",
    "refresh_tokens",
    "proof_nonces",
];
/// Told by the rooms that own them.
const BY_CALL: [(&str, &str); 3] = [
    ("audit", "audit::of_user("),
    ("account_deletions", "(deletion::due_at("),
    ("two_step_removals", "(two_step_removal::due_at("),
];

#[test]
fn every_table_that_names_an_account_is_in_the_file_of_its_data() {
    let store = rusqlite::Connection::open_in_memory().unwrap();
    for migration in EMBEDDED_ACCOUNTS {
        store.execute_batch(migration.sql).unwrap();
    }
    let sql = "SELECT DISTINCT m.name FROM sqlite_master m, pragma_table_info(m.name) c
                WHERE m.type = 'table' AND c.name IN ('user_id', 'opener_user', 'recipient', 'signin_id')";
    let mut statement = store.prepare(sql).unwrap();
    let tables: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    let source = include_str!("../../../sync-server/src/accounts/own_data.rs");
    for table in tables.iter().map(String::as_str).filter(|table| !UNTOLD.contains(table)) {
        let told = match BY_CALL.iter().find(|(name, _)| *name == table) {
            Some((_, call)) => source.contains(call),
            None => ["FROM", "JOIN"].iter().any(|word| source.contains(&format!("{word} {table} "))),
        };
        assert!(told, "{table}");
    }
}
