//! The outbox under several servers, and under one that dies: each mail goes out, and once.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use kinfolio_server::clock::{FixedClock, OsRandomness};
use kinfolio_server::store::Value;
use kinfolio_server::{Config, State};
use support::browser::Browser;
use support::postgres::{Database, ScratchPostgres};
use support::server::{Process, config, config_on, mail_is_out};
use support::smtp::{Mood, SmtpPeer, make_pair};

use super::{EMAIL, NOW, clock};

/// So long a mail belongs to the server that took it.
const LEASE: i64 = 120;

/// A configuration in `folder`, whose mail goes to `peer`.
fn sending_to(peer: &SmtpPeer, folder: &Path, database: Option<&Database>) -> Config {
    let mut config = database.map_or_else(|| config(folder), |database| config_on(folder, database));
    config.mail = peer.url().parse().unwrap();
    config.mail_ca = Some(folder.join("peer.pem"));
    config
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

async fn ask(browser: &mut Browser, email: &str) {
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", email)]).await;
    assert!(page.text.contains("Type the code"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_mails_two_servers_on_one_postgres_send_each_once() {
    let (folder, database) = (tempfile::tempdir().unwrap(), ScratchPostgres::shared().database());
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let mut servers = Vec::new();
    for _ in 0..2 {
        let config = sending_to(&peer, folder.path(), Some(&database));
        servers.push(State::start_with(config, clock(), Arc::new(OsRandomness)).await.unwrap());
    }
    let fill = |tx: &mut kinfolio_server::store::Tx<'_>| {
        for number in 0..50_u8 {
            let to = format!("parent{number}@example.org");
            tx.execute(
                "INSERT INTO outbox (mail_id, recipient, subject, body, created_at, next_try_at, tries)
                 VALUES ($1, $2, 'A mail', 'to one of fifty', $3, $4, 0)",
                &[[number; 16].into(), to.as_str().into(), Value::Int(NOW), Value::Int(NOW)],
            )?;
        }
        Ok(())
    };
    servers[0].store.account(fill).await.unwrap();
    servers.iter().for_each(|server| server.mail.wake());
    mail_is_out(&servers[0]).await;
    let mut recipients: Vec<String> = peer.taken().into_iter().map(|mail| mail.to).collect();
    assert_eq!(recipients.len(), 50);
    recipients.sort();
    recipients.dedup();
    assert_eq!(recipients.len(), 50);
}

/// A server is killed while it hands a mail over; another one with its store sends it once the time of the first is over.
async fn a_mail_in_the_hands_of_a_server_that_died_is_sent_by_the_next(database: Option<&Database>) {
    let folder = tempfile::tempdir().unwrap();
    let pair = make_pair(folder.path(), "peer");
    let peer = SmtpPeer::start(&pair);
    peer.set(Mood::IsSilent);
    let (url, authority) = (peer.url(), pair.cert.to_str().unwrap().to_owned());
    let flags = ["--listen", "127.0.0.1:0", "--mail", &url, "--mail-ca", &authority];
    let urls = database.map(|database| (database.app_url(), database.migrator_url()));
    let variables = match &urls {
        Some((app, migrator)) => {
            vec![
                ("KINFOLIO_DATABASE_URL", app.as_str()),
                ("KINFOLIO_MIGRATOR_DATABASE_URL", migrator.as_str()),
            ]
        }
        None => Vec::new(),
    };
    let mut first = Process::start_with(folder.path(), &flags, &variables);
    ask(&mut Browser::new(first.base()), EMAIL).await;
    until("it hands the mail over", || peer.connections() > 0).await;
    first.kill();

    peer.set(Mood::Takes);
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros();
    let clock = Arc::new(FixedClock::at(i64::try_from(now).unwrap()));
    let config = sending_to(&peer, folder.path(), database);
    let next = State::start_with(config, clock.clone(), Arc::new(OsRandomness)).await.unwrap();
    let mut browser = Browser::in_process(kinfolio_server::app(next.clone()), next.origin.url());
    ask(&mut browser, "another@example.org").await;
    let taken = |email: &str| peer.taken().iter().filter(|mail| mail.to == email).count();
    until("mail goes out", || taken("another@example.org") == 1).await;
    assert_eq!(taken(EMAIL), 0, "for all that this server knows the first one sends it");
    clock.advance(LEASE);
    next.mail.wake();
    until("it is sent", || taken(EMAIL) == 1).await;
    mail_is_out(&next).await;
    assert_eq!(taken(EMAIL), 1);
}

#[tokio::test]
async fn a_mail_in_the_hands_of_a_server_that_died_is_sent_after_a_while_on_the_embedded_store() {
    a_mail_in_the_hands_of_a_server_that_died_is_sent_by_the_next(None).await;
}

#[tokio::test]
async fn a_mail_in_the_hands_of_a_server_that_died_is_sent_after_a_while_on_postgres() {
    let database = ScratchPostgres::shared().database();
    a_mail_in_the_hands_of_a_server_that_died_is_sent_by_the_next(Some(&database)).await;
}
