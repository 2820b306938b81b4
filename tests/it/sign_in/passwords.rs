//! What ASVS asks of passwords, sessions and what the store keeps of them, and no other file here proves.

use kinfolio_server::router::routes;
use sha2::{Digest, Sha256};
use support::browser::{Answer, Browser, code_from, next_mail};
use support::engine::Engine;
use support::on_each_engine;
use support::server::InProcess;

use super::two_step::switch_on;
use super::{App, EMAIL, PASSWORD, clock, signed_in};

on_each_engine!(
    asvs_6_2_12_a_stolen_password_is_chosen_by_nobody_where_the_operator_has_a_list,
    asvs_6_2_6_6_2_7_a_password_is_hidden_while_typed_and_may_be_pasted_or_filled_in,
    asvs_6_2_5_6_2_8_6_2_9_a_long_password_of_any_characters_counts_byte_by_byte,
    asvs_6_2_10_a_password_never_has_to_be_changed_because_it_is_old,
    asvs_6_3_2_a_new_server_has_no_account,
    asvs_6_5_2_7_2_3_11_5_1_tokens_sessions_and_codes_have_128_bits_and_are_kept_as_hashes,
    asvs_7_4_1_7_4_4_every_page_behind_a_sign_in_offers_the_way_out_and_it_is_final,
    asvs_7_6_2_10_7_1_10_7_2_every_sign_in_of_an_app_is_asked_for_and_says_who_and_what,
);

/// The tags of the fields that are named so, in the order of the page.
fn fields_named<'a>(page: &'a Answer, names: &[&str]) -> Vec<&'a str> {
    let tags = page.text.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    tags.filter(|tag| names.iter().any(|name| tag.contains(&format!("name=\"{name}\"")))).collect()
}

fn root(path: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

async fn asvs_6_2_6_6_2_7_a_password_is_hidden_while_typed_and_may_be_pasted_or_filled_in(
    server: &InProcess,
) {
    let mut browser = server.browser();
    let login = browser.get("/login").await;
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, 0).await);
    let choose = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    let fields = [("password", PASSWORD), ("adult", "yes")];
    browser.fill(&choose, "/register/password", &fields).await;
    let change = browser.get("/account/password").await;
    // Password managers pass over what is hidden by its type, and would save the new password for nobody.
    for page in [&choose, &change] {
        let owner = fields_named(page, &["email"]);
        assert_eq!(owner.len(), 1, "{}", page.text);
        for words in
            ["type=\"email\"", "autocomplete=\"username\"", "value=\"maya@example.org\"", " readonly"]
        {
            assert!(owner[0].contains(words), "{words}: {}", owner[0]);
        }
        assert!(owner[0].contains("tabindex=\"-1\" aria-hidden=\"true\""), "{}", owner[0]);
    }
    for (page, fields) in [(login, 1), (choose, 1), (change, 2)] {
        let found = fields_named(&page, &["password", "current"]);
        assert_eq!(found.len(), fields, "{}", page.text);
        for tag in found {
            assert!(tag.contains("type=\"password\""), "{tag}");
            let wanted = ["autocomplete=\"current-password\"", "autocomplete=\"new-password\""];
            assert!(wanted.iter().any(|words| tag.contains(words)), "{tag}");
            assert!(
                !tag.contains("onpaste") && !tag.contains(" maxlength=") && !tag.contains(" pattern="),
                "{tag}"
            );
        }
    }
}

async fn asvs_6_2_5_6_2_8_6_2_9_a_long_password_of_any_characters_counts_byte_by_byte(server: &InProcess) {
    let long = format!(" zwölf Äpfel für die Füchse 🦊 {} ", "quince harbour lantern ".repeat(6));
    assert!(long.chars().count() > 128);
    server.browser().register(EMAIL, &long, &server.mail()).await;
    let (other_case, cut) = (long.to_lowercase(), long.chars().take(64).collect::<String>());
    for almost in [long.trim(), &other_case, &cut] {
        assert_eq!(server.browser().log_in(EMAIL, almost).await.status, 422, "{almost}");
    }
    assert!(server.browser().log_in(EMAIL, &long).await.is_in());
}

async fn asvs_6_2_10_a_password_never_has_to_be_changed_because_it_is_old(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    server.browser().register(EMAIL, PASSWORD, &server.mail()).await;
    clock.advance(10 * 365 * 24 * 3600);
    assert!(server.browser().log_in(EMAIL, PASSWORD).await.is_in());
}

async fn asvs_6_3_2_a_new_server_has_no_account(engine: &Engine) {
    let server = engine.server_at(&clock()).await;
    let count = |tx: &mut kinfolio_server::store::Tx<'_>| {
        tx.query_one("SELECT COUNT(*) FROM users", &[])?.unwrap().int(0)
    };
    assert_eq!(server.state.store.account_read(count).await.unwrap(), 0);
}

#[test]
fn asvs_6_4_2_no_page_and_no_table_knows_a_hint_or_a_secret_question() {
    let mut read = 0;
    for folder in ["sync-server/templates", "sync-server/templates/account", "migrations/server"] {
        for entry in std::fs::read_dir(root(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default().to_lowercase();
            for word in ["hint", "security question", "secret question", "mother"] {
                assert!(!text.contains(word), "{}: {word}", path.display());
            }
            read += 1;
        }
    }
    assert!(read > 20, "{read}");
}

#[test]
fn asvs_6_1_1_docs_operating_md_says_how_guessing_is_limited() {
    let text = std::fs::read_to_string(root("docs/operating.md")).unwrap();
    for said in [
        "10 sign-in tries and 10 more a",
        "3 mailed codes and 3 more an hour",
        "60 token requests a minute",
        "60 requests for a sign-in",
        "may be judged",
        "2 KiB a second",
        "five times a day",
        "5 wrong passwords, then waits from 1 second doubling to 15 minutes",
        "--limits-account-code-failures",
        "--limits-totp-per-hour",
        "--limits-hash-queue",
    ] {
        assert!(text.contains(said), "{said}");
    }
}

/// The one column of a statement's rows.
async fn column(server: &InProcess, sql: &'static str) -> Vec<Vec<u8>> {
    let rows = server.state.store.account_read(move |tx| tx.query(sql, &[])).await.unwrap();
    rows.iter().map(|row| row.opt_bytes(0).unwrap().unwrap()).collect()
}

async fn asvs_6_5_2_7_2_3_11_5_1_tokens_sessions_and_codes_have_128_bits_and_are_kept_as_hashes(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (mut browser, app) = signed_in(&server).await;
    let (_, paper) = switch_on(&mut browser, &clock).await;
    let sid = browser.cookie("sid").unwrap().to_owned();
    for secret in [&sid, &app.access, &app.refresh] {
        let tail = secret.rsplit("_dev_").next().unwrap();
        assert_eq!(tail.len(), 43, "32 bytes as base64url");
    }
    assert_ne!(app.access[8..], app.refresh[8..]);
    let plain: String = paper[0].chars().filter(|c| *c != '-').collect();
    assert_eq!(plain.len(), 24, "120 bits");
    for (sql, secret) in [
        ("SELECT session_hash FROM browser_sessions", &sid),
        ("SELECT token_hash FROM access_tokens", &app.access),
        ("SELECT token_hash FROM refresh_tokens", &app.refresh),
        ("SELECT code_hash FROM backup_codes", &plain),
    ] {
        let kept = column(&server, sql).await;
        assert!(kept.contains(&Sha256::digest(secret.as_bytes()).to_vec()), "{sql}");
        assert!(kept.iter().all(|row| row != secret.as_bytes()), "{sql}");
    }
    let sealed = "SELECT secret_enc FROM totp";
    assert!(column(&server, sealed).await.iter().all(|row| row.len() >= 24 + 20 + 16), "nonce, secret, tag");
}

async fn out(browser: &mut Browser) -> bool {
    browser.get("/account").await.location() == Some("/login?next=account")
}

async fn asvs_7_4_1_7_4_4_every_page_behind_a_sign_in_offers_the_way_out_and_it_is_final(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let mut parent = server.browser();
    parent.register(EMAIL, PASSWORD, &server.mail()).await;
    let table = routes();
    let account = table.iter().filter(|route| route.method == "GET" && route.path.starts_with("/account"));
    let paths: Vec<&str> = account.map(|route| route.path).chain(["/signed-in"]).collect();
    let (mut pages, mut ways) = (0, 0);
    for path in &paths {
        let page = parent.get(path).await;
        if page.status == 200 && page.header("content-type").starts_with("text/html") {
            pages += 1;
            ways += usize::from(page.text.contains("action=\"/logout\""));
        }
    }
    assert!(pages == ways && pages >= 8, "{ways} of {pages} pages of {paths:?}");
    for path in ["/account", "/signed-in"] {
        let mut browser = server.browser();
        browser.log_in(EMAIL, PASSWORD).await;
        let sid = browser.cookie("sid").unwrap().to_owned();
        let page = browser.get(path).await;
        let page = browser.fill(&page, "/logout", &[]).await;
        assert!(page.text.contains("You are signed out"), "{}", page.text);
        assert_eq!(browser.cookie("sid"), None);
        browser.set_cookie("sid", Some(&sid));
        assert!(out(&mut browser).await, "the cookie is worth nothing, kept or not");
    }
}

async fn asvs_7_6_2_10_7_1_10_7_2_every_sign_in_of_an_app_is_asked_for_and_says_who_and_what(
    server: &InProcess,
) {
    let (mut browser, _) = signed_in(server).await;
    for _ in 0..2 {
        let app = App::phone(server.base());
        let answer = browser.get(&app.authorize_url()).await;
        let page = browser.follow(answer).await;
        assert!(page.url.starts_with("/confirm?tx="), "asked, though signed in: {}", page.url);
        assert!(page.text.contains("on this phone as") && page.text.contains("maya"), "{}", page.text);
        let kept = "SELECT code_hash FROM codes WHERE used_at IS NULL";
        assert!(column(server, kept).await.is_empty(), "no code before the answer");
    }
}

/// A good one, but that somebody stole it, and its line in a list.
const STOLEN: &str = "correct battery horse staple 9";
const STOLEN_LINE: &str = "D80278E4460899A6416DB7980B46972E7378E31B:37";

async fn asvs_6_2_12_a_stolen_password_is_chosen_by_nobody_where_the_operator_has_a_list(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("stolen.txt");
    let line = |first: &str| format!("{first}{}:1\r\n", "0".repeat(39));
    std::fs::write(&list, format!("{}{STOLEN_LINE}\r\n{}", line("1"), line("F"))).unwrap();
    let (given, clock) = (list.clone(), clock());
    let server = engine.server_with(|config| config.breached_passwords = Some(given), clock.clone()).await;
    let refuses = |page: &Answer| page.status == 422 && page.text.contains("That one was stolen elsewhere");

    let mut browser = server.browser();
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, 0).await);
    let page = browser.fill(&page, "/register/code", &[("code", &code)]).await;
    let page = browser.fill(&page, "/register/password", &[("password", STOLEN), ("adult", "yes")]).await;
    assert!(refuses(&page), "{}", page.text);
    let page = browser.fill(&page, "/register/password", &[("password", PASSWORD), ("adult", "yes")]).await;
    assert!(page.is_in(), "{}", page.text);

    let page = browser.get("/account/password").await;
    let fields = [("current", PASSWORD), ("password", STOLEN)];
    assert!(refuses(&browser.fill(&page, "/account/password", &fields).await));

    // Mails are found in the order of their time.
    clock.advance(1);
    let mut other = server.browser();
    let page = other.get("/reset").await;
    let page = other.fill(&page, "/reset", &[("email", EMAIL)]).await;
    let code = code_from(&next_mail(&server.mail(), EMAIL, 1).await);
    let page = other.fill(&page, "/reset/code", &[("code", &code)]).await;
    assert!(refuses(&other.fill(&page, "/reset/password", &[("password", STOLEN)]).await));

    // What is no list stops the start, and without one the password is good enough.
    std::fs::write(&list, "password\nqwerty\n").unwrap();
    let mut config = support::server::config(folder.path());
    config.breached_passwords = Some(list);
    match kinfolio_server::State::start(config).await {
        Err(kinfolio_server::config::StartError::Config(why)) => assert!(why.contains("no SHA-1"), "{why}"),
        _ => panic!("it started"),
    }
    let plain = engine.server_at(&clock).await;
    plain.browser().register(EMAIL, STOLEN, &plain.mail()).await;
}
