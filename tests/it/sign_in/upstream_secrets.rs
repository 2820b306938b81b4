//! What signing in elsewhere leaves behind: no token, no secret, in no store, log or refused start.

use std::sync::Arc;

use support::browser::{Browser, query_of};
use support::engine::{Engine, Place};
use support::on_each_engine;
use support::provider::{CLIENT_SECRET, Mood, Provider};
use support::server::{InProcess, Process};

use super::canaries::every_row;
use super::upstream::maya;
use super::{EMAIL, clock};

on_each_engine!(
    no_token_of_the_provider_and_no_secret_of_the_way_there_is_kept,
    the_servers_log_holds_no_secret_of_a_sign_in_elsewhere,
);

/// Every row of the account plane, as text and as hex.
async fn dump(server: &InProcess, place: &Place) -> String {
    if let Some(database) = place.database() {
        return String::from_utf8_lossy(&database.dump()).into_owned();
    }
    server.state.store.account_read(every_row).await.unwrap()
}

async fn no_token_of_the_provider_and_no_secret_of_the_way_there_is_kept(engine: &Engine) {
    let clock = clock();
    let owl = Provider::start(clock.clone()).await;
    let place = engine.place().await;
    let server = place.server_with(|config| owl.add_to(config, "owl", true), clock.clone()).await;
    let mut browser = server.browser();
    let sent = browser.get("/upstream/owl/start").await;
    let location = sent.location().unwrap().to_owned();
    let secret = |name: &str| query_of(&location, name).unwrap();
    let underway = dump(&server, &place).await;
    assert!(underway.contains("sign-in"), "the journey is in the dump");
    let answer = browser.get(&owl.agree(&location, &maya())).await;
    let page = browser.follow(answer).await;
    let arrived = dump(&server, &place).await;
    assert!(arrived.contains("maya-at-owl"), "the arrival is in the dump");
    browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    let linked = dump(&server, &place).await;
    let mut canaries = owl.tokens();
    assert_eq!(canaries.len(), 2);
    canaries.extend([secret("state"), secret("nonce"), secret("code_challenge")]);
    canaries.extend([CLIENT_SECRET.to_owned(), "canary-of-a-refresh-token".to_owned()]);
    for dump in [underway, arrived, linked] {
        for canary in &canaries {
            assert!(!dump.contains(canary), "the store holds {canary}");
        }
    }
}

async fn the_servers_log_holds_no_secret_of_a_sign_in_elsewhere(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let owl = Provider::start(Arc::new(kinfolio_server::clock::SystemClock)).await;
    let mut variables = owl.variables("owl", true);
    variables.extend([("KINFOLIO_LOG".into(), "trace".into()), ("KINFOLIO_UPSTREAM".into(), "owl".into())]);
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut server = engine.place().await.process(folder.path(), &["--listen", "127.0.0.1:0"], &variables);
    let mut browser = Browser::new(server.base());
    let sent = browser.get("/upstream/owl/start").await;
    let location = sent.location().unwrap().to_owned();
    let back = owl.agree(&location, &maya());
    let answer = browser.get(&back).await;
    let page = browser.follow(answer).await;
    browser.fill(&page, "/register/linked/account", &[("adult", "yes")]).await;
    owl.mood("token", Mood::Broken);
    let sent = browser.get("/upstream/owl/start").await;
    let refused = owl.agree(sent.location().unwrap(), &maya());
    assert_eq!(browser.get(&refused).await.status, 502);
    assert_eq!(server.terminate(), Some(0));
    let log = server.log();
    assert!(log.contains("/upstream/owl/callback"), "the redirect URI to register is said at start: {log}");
    assert!(log.contains("nobody is signed in by this provider"), "{log}");
    let mut canaries = owl.tokens();
    for url in [&location, &back, &refused] {
        canaries.extend(
            ["state", "code", "nonce", "code_challenge"].iter().filter_map(|name| query_of(url, name)),
        );
    }
    canaries.extend([CLIENT_SECRET, EMAIL, "maya-at-owl", "canary-of-a-refresh-token"].map(str::to_owned));
    assert!(canaries.len() >= 12);
    for canary in canaries {
        assert!(!log.contains(&canary), "the log holds {canary}");
    }
}

#[tokio::test]
async fn a_provider_without_its_secret_or_beyond_https_stops_the_start_and_shows_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let owl = Provider::start(clock()).await;
    // The variables without those of the names in `left_out`, and with more.
    let start = |left_out: &str, more: &[(&str, &str)]| {
        let mut variables = owl.variables("owl", false);
        variables.retain(|(name, _)| left_out.is_empty() || !name.ends_with(left_out));
        variables.extend(
            more.iter().map(|(what, value)| (format!("KINFOLIO_UPSTREAM_OWL_{what}"), (*value).into())),
        );
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(name, value)| (&**name, &**value)).collect();
        let flags = ["--listen", "127.0.0.1:0", "--upstream", "owl"];
        Process::try_start(folder.path(), &flags, &variables).err()
    };
    assert!(start("", &[]).is_none(), "as it should be, it starts");
    for (left_out, more, says) in [
        ("CLIENT_SECRET", ("LABEL", "Owl"), "KINFOLIO_UPSTREAM_OWL_CLIENT_SECRET is missing"),
        (
            "ISSUER",
            ("ISSUER", "http://id.example.org"),
            "KINFOLIO_UPSTREAM_OWL_ISSUER must begin with https://",
        ),
        ("", ("CLIENT_SECRET_FILE", "/none/such"), "both set"),
    ] {
        let (code, log) = start(left_out, &[more]).expect("it does not start");
        assert_eq!(code, Some(78), "{log}");
        assert!(log.contains(says) && !log.contains(CLIENT_SECRET), "{says}: {log}");
    }
    // A secret from a file, as container platforms hand it over.
    let file = folder.path().join("owl-secret");
    std::fs::write(&file, format!("{CLIENT_SECRET}\n")).unwrap();
    let refused = start("CLIENT_SECRET", &[("CLIENT_SECRET_FILE", file.to_str().unwrap())]);
    assert!(refused.is_none(), "{refused:?}");
}
