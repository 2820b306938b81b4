//! The outbox under several servers, and under one that dies: each mail goes out, and once.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use kinfolio_server::clock::{FixedClock, OsRandomness};
use kinfolio_server::store::Value;
use kinfolio_server::{Config, State};
use support::browser::Browser;
use support::engine::{Engine, Place};
use support::on_each_engine;
use support::server::{config, mail_is_out};
use support::smtp::{Mood, SmtpPeer, make_pair};

use super::{EMAIL, NOW, clock};

on_each_engine!(a_mail_in_the_hands_of_a_server_that_died_is_sent_by_the_next_after_a_while,);

/// So long a mail belongs to the server that took it.
const LEASE: i64 = 120;

/// A configuration in `folder`, whose mail goes to `peer`.
fn sending_to(peer: &SmtpPeer, folder: &Path, place: &Place) -> Config {
    let mut config = config(folder);
    place.written_to(&mut config);
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
    let (folder, place) = (tempfile::tempdir().unwrap(), Engine::Postgres.place().await);
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let mut servers = Vec::new();
    for _ in 0..2 {
        let config = sending_to(&peer, folder.path(), &place);
        servers.push(State::start_with(config, clock(), Arc::new(OsRandomness)).await.unwrap());
    }
    let fill = |tx: &mut kinfolio_server::store::Tx<'_>| {
        for number in 0..50_u8 {
            let to = format!("parent{number}@example.org");
            // One after the other: both servers want the oldest first.
            let made = Value::Int(NOW - 50 + i64::from(number));
            tx.execute(
                "INSERT INTO outbox (mail_id, recipient, subject, body, created_at, next_try_at, tries)
                 VALUES ($1, $2, 'A mail', 'to one of fifty', $3, $4, 0)",
                &[[number; 16].into(), to.as_str().into(), made, Value::Int(NOW)],
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

async fn a_mail_in_the_hands_of_a_server_that_died_is_sent_by_the_next_after_a_while(engine: &Engine) {
    let (folder, place) = (tempfile::tempdir().unwrap(), engine.place().await);
    let pair = make_pair(folder.path(), "peer");
    let peer = SmtpPeer::start(&pair);
    peer.set(Mood::IsSilent);
    let (url, authority) = (peer.url(), pair.cert.to_str().unwrap().to_owned());
    let flags = ["--listen", "127.0.0.1:0", "--mail", &url, "--mail-ca", &authority];
    let mut first = place.process(folder.path(), &flags, &[]);
    ask(&mut Browser::new(first.base()), EMAIL).await;
    until("it hands the mail over", || peer.connections() > 0).await;
    first.kill();

    peer.set(Mood::Takes);
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_micros();
    let clock = Arc::new(FixedClock::at(i64::try_from(now).unwrap()));
    let config = sending_to(&peer, folder.path(), &place);
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
