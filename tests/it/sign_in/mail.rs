//! Mail over a real socket: by TLS, tried again when it fails, seen by the operator, and never in a page's way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kinfolio_server::clock::FixedClock;
use kinfolio_server::store::Value;
use support::browser::{Browser, code_from};
use support::engine::Engine;
use support::on_each_engine;
use support::plane::random;
use support::server::InProcess;
use support::smtp::{Mood, SmtpPeer, Taken, make_pair};

use super::clock;

on_each_engine!(
    a_mail_is_sent_by_tls_with_the_password_and_arrives_whole,
    a_server_without_tls_or_with_a_foreign_certificate_gets_no_mail_and_no_password,
    a_mail_that_fails_is_tried_again_after_growing_waits_and_arrives_once,
    a_mail_server_that_refuses_the_password_shows_in_healthz_until_it_takes_mail_again,
    a_mail_that_does_not_open_says_nothing_about_the_mail_server,
    a_mail_waits_for_its_next_try_four_hours_at_most,
    a_mail_that_nobody_takes_is_given_up_after_four_days,
    a_code_that_is_over_is_never_mailed_late_and_a_notice_is,
    a_code_that_somebody_waits_for_goes_out_before_the_notices_of_others,
    what_a_waiting_mail_says_lies_sealed_in_the_store,
    a_silent_mail_server_keeps_no_page_waiting,
    the_log_says_that_mail_fails_and_to_whom_it_does_not,
);

const EMAIL: &str = "mailcanary@example.org";

/// A server whose mail goes to `peer`, under a clock that the test moves.
async fn sending_to(
    engine: &Engine,
    peer: &SmtpPeer,
    folder: &std::path::Path,
) -> (InProcess, Arc<FixedClock>) {
    let clock = clock();
    let (url, authority) = (peer.url(), folder.join("peer.pem"));
    let change = |config: &mut kinfolio_server::Config| {
        config.mail = url.parse().unwrap();
        config.mail_ca = Some(authority);
    };
    (engine.server_with(change, clock.clone()).await, clock)
}

/// Asks for a code, which puts a mail into the outbox and wakes the worker.
async fn ask(browser: &mut Browser, email: &str) {
    let page = browser.get("/register").await;
    let page = browser.fill(&page, "/register", &[("email", email)]).await;
    assert!(page.text.contains("Type the code"), "{}", page.text);
}

/// Puts a notice into the outbox, as it lay there before mails were sealed, and wakes the worker.
async fn put(server: &InProcess, email: &str) {
    let (email, now) = (email.to_owned(), Value::Int(server.state.clock.now_us()));
    let id: [u8; 16] = random();
    let put = server.state.store.account(move |tx| {
        tx.execute(
            "INSERT INTO outbox (mail_id, recipient, subject, body, created_at, next_try_at, tries)
             VALUES ($1, $2, 'A notice', 'about something', $3, $3, 0)",
            &[id.into(), email.as_str().into(), now.clone()],
        )
    });
    put.await.unwrap();
    server.state.mail.wake();
}

async fn until<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = found().await {
            return found;
        }
        assert!(Instant::now() < end, "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn taken(peer: &SmtpPeer, email: &str) -> Taken {
    let of = async || peer.taken().into_iter().find(|mail| mail.to == email);
    until("the mail arrives", of).await
}

/// The mails that wait in the outbox, and how often the first of them was tried.
async fn outbox(server: &InProcess) -> (i64, i64) {
    let counted = server.state.store.account_read(|tx| {
        let row = tx.query_one("SELECT count(*), coalesce(max(tries), 0) FROM outbox", &[])?;
        let row = row.expect("a count");
        Ok((row.int(0)?, row.int(1)?))
    });
    counted.await.unwrap()
}

async fn tries_of(server: &InProcess, email: &str) -> Option<i64> {
    let email = email.to_owned();
    let tried = server.state.store.account_read(move |tx| {
        let row = tx.query_one("SELECT tries FROM outbox WHERE recipient = $1", &[email.as_str().into()])?;
        row.map(|row| row.int(0)).transpose()
    });
    tried.await.unwrap()
}

async fn health(server: &InProcess) -> String {
    server.browser().get("/healthz").await.text
}

async fn a_mail_is_sent_by_tls_with_the_password_and_arrives_whole(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, _) = sending_to(engine, &peer, folder.path()).await;
    ask(&mut server.browser(), EMAIL).await;
    let mail = taken(&peer, EMAIL).await;
    assert!(mail.tls);
    assert_eq!(mail.user.as_deref(), Some("kinfolio sesame-canary"));
    assert!(mail.text.contains("Subject: Your Kinfolio code"), "{}", mail.text);
    assert_eq!(code_from(&mail.text).len(), 9);
    until("the outbox is empty", async || (outbox(&server).await.0 == 0).then_some(())).await;
    assert!(health(&server).await.contains(r#""mail":"ok""#));
}

async fn a_server_without_tls_or_with_a_foreign_certificate_gets_no_mail_and_no_password(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    peer.set(Mood::HasNoTls);
    let (server, _) = sending_to(engine, &peer, folder.path()).await;
    ask(&mut server.browser(), EMAIL).await;
    until("it was tried", async || (outbox(&server).await.1 > 0).then_some(())).await;
    assert!(peer.taken().is_empty());
    // Another authority than the one behind the certificate that the server shows.
    let other = tempfile::tempdir().unwrap();
    make_pair(other.path(), "peer");
    peer.set(Mood::Takes);
    let (server, _) = sending_to(engine, &peer, other.path()).await;
    ask(&mut server.browser(), EMAIL).await;
    until("it was tried", async || (outbox(&server).await.1 > 0).then_some(())).await;
    assert!(peer.taken().is_empty());
    assert!(health(&server).await.contains(r#""mail":"failing""#));
}

async fn a_mail_that_fails_is_tried_again_after_growing_waits_and_arrives_once(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, clock) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesRecipient);
    put(&server, EMAIL).await;
    for (tries, minutes) in [(1, 1), (2, 2), (3, 4)] {
        until("it is tried", async || (tries_of(&server, EMAIL).await == Some(tries)).then_some(())).await;
        clock.advance(minutes * 60 - 1);
        // Two rounds of the worker, a second too early: only what is new is tried.
        for n in 0..2 {
            let early = format!("early{n}of{tries}@example.org");
            put(&server, &early).await;
            until("a round", async || (tries_of(&server, &early).await == Some(1)).then_some(())).await;
        }
        assert_eq!(tries_of(&server, EMAIL).await, Some(tries));
        clock.advance(1);
        server.state.mail.wake();
    }
    peer.set(Mood::Takes);
    clock.advance(24 * 3600);
    server.state.mail.wake();
    until("all are sent", async || (outbox(&server).await.0 == 0).then_some(())).await;
    assert_eq!(peer.taken().iter().filter(|mail| mail.to == EMAIL).count(), 1);
}

async fn a_mail_server_that_refuses_the_password_shows_in_healthz_until_it_takes_mail_again(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, _) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesPassword);
    ask(&mut server.browser(), EMAIL).await;
    until("it shows", async || health(&server).await.contains(r#""mail":"failing""#).then_some(())).await;
    peer.set(Mood::Takes);
    ask(&mut server.browser(), "next@example.org").await;
    until("it is over", async || health(&server).await.contains(r#""mail":"ok""#).then_some(())).await;
}

async fn a_mail_that_does_not_open_says_nothing_about_the_mail_server(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, _) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesPassword);
    put(&server, "first@example.org").await;
    until("it shows", async || health(&server).await.contains(r#""mail":"failing""#).then_some(())).await;
    // Sealed by a key that is lost.
    let spoil =
        "INSERT INTO outbox (mail_id, recipient, subject, body, created_at, next_try_at, tries, sealed)
                 VALUES ($1, $2, 'A notice', '', $3, $3, 0, $4)";
    let now = Value::Int(server.state.clock.now_us());
    let values = [random::<16>().into(), EMAIL.into(), now, Value::Bytes(vec![9; 80])];
    server.state.store.account(move |tx| tx.execute(spoil, &values)).await.unwrap();
    server.state.mail.wake();
    until("it is tried", async || (tries_of(&server, EMAIL).await == Some(1)).then_some(())).await;
    assert!(health(&server).await.contains(r#""mail":"failing""#), "nobody has asked the mail server since");
}

async fn a_mail_waits_for_its_next_try_four_hours_at_most(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, clock) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesRecipient);
    put(&server, EMAIL).await;
    until("it is tried", async || (tries_of(&server, EMAIL).await == Some(1)).then_some(())).await;
    let often = "UPDATE outbox SET tries = 12";
    server.state.store.account(move |tx| tx.execute(often, &[])).await.unwrap();
    clock.advance(60);
    server.state.mail.wake();
    until("it is tried", async || (tries_of(&server, EMAIL).await == Some(13)).then_some(())).await;
    clock.advance(4 * 3600);
    server.state.mail.wake();
    until("after four hours", async || (tries_of(&server, EMAIL).await == Some(14)).then_some(())).await;
}

async fn a_mail_that_nobody_takes_is_given_up_after_four_days(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, clock) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesRecipient);
    put(&server, EMAIL).await;
    until("it is tried", async || (outbox(&server).await.1 == 1).then_some(())).await;
    // One recipient's fault is not the server's.
    assert!(health(&server).await.contains(r#""mail":"ok""#));
    clock.advance(4 * 24 * 3600 - 1);
    put(&server, "one@example.org").await;
    until("it is kept", async || (outbox(&server).await == (2, 2)).then_some(())).await;
    clock.advance(5 * 3600);
    put(&server, "two@example.org").await;
    until("it is given up", async || (outbox(&server).await == (2, 2)).then_some(())).await;
    assert!(peer.taken().is_empty());
}

async fn a_code_that_is_over_is_never_mailed_late_and_a_notice_is(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, clock) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesRecipient);
    ask(&mut server.browser(), EMAIL).await;
    put(&server, "notice@example.org").await;
    for tries in 1..=3 {
        let tried = async || (tries_of(&server, EMAIL).await == Some(tries)).then_some(());
        until("it is tried", tried).await;
        clock.advance(60 << (tries - 1));
        server.state.mail.wake();
    }
    // The fifth try would be fifteen minutes after the first.
    until("it is dropped", async || tries_of(&server, EMAIL).await.is_none().then_some(())).await;
    // One that no try found before its end, as when the server stood still.
    peer.set(Mood::RefusesPassword);
    ask(&mut server.browser(), "late@example.org").await;
    let tried = async || (tries_of(&server, "late@example.org").await == Some(1)).then_some(());
    until("it is tried", tried).await;
    clock.advance(10 * 60);
    peer.set(Mood::Takes);
    server.state.mail.wake();
    until("the outbox is empty", async || (outbox(&server).await.0 == 0).then_some(())).await;
    let taken: Vec<String> = peer.taken().into_iter().map(|mail| mail.to).collect();
    assert_eq!(taken, ["notice@example.org"]);
}

async fn a_code_that_somebody_waits_for_goes_out_before_the_notices_of_others(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, _) = sending_to(engine, &peer, folder.path()).await;
    // One mail a round is tried while the mail server is down.
    peer.set(Mood::RefusesPassword);
    let now = Value::Int(server.state.clock.now_us() - 1);
    let queue = server.state.store.account(move |tx| {
        for _ in 0..30 {
            tx.execute(
                "INSERT INTO outbox (mail_id, recipient, subject, body, created_at, next_try_at, tries)
                 VALUES ($1, 'many@example.org', 'A notice', 'about something', $2, $2, 0)",
                &[random::<16>().into(), now.clone()],
            )?;
        }
        Ok(())
    });
    queue.await.unwrap();
    ask(&mut server.browser(), EMAIL).await;
    until("the code is tried", async || (tries_of(&server, EMAIL).await == Some(1)).then_some(())).await;
    let untried = "SELECT count(*) FROM outbox WHERE tries = 0";
    let row = server.state.store.account_read(move |tx| tx.query_one(untried, &[])).await.unwrap();
    let untried = row.unwrap().int(0).unwrap();
    assert!(untried >= 20, "{untried} notices of 30 still wait");
}

async fn what_a_waiting_mail_says_lies_sealed_in_the_store(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    let (server, clock) = sending_to(engine, &peer, folder.path()).await;
    peer.set(Mood::RefusesRecipient);
    ask(&mut server.browser(), EMAIL).await;
    until("it is tried", async || (outbox(&server).await.1 == 1).then_some(())).await;
    let rows = server.state.store.account_read(|tx| tx.query("SELECT * FROM outbox", &[])).await.unwrap();
    assert_eq!(rows.len(), 1);
    let kept = server.state.store.account_read(|tx| tx.query("SELECT body, sealed FROM outbox", &[]));
    let kept = kept.await.unwrap();
    let row = kept.first().unwrap();
    let sealed = row.bytes(1).unwrap();
    peer.set(Mood::Takes);
    clock.advance(60);
    server.state.mail.wake();
    let mail = taken(&peer, EMAIL).await;
    // What was sent is what lay there, and nothing of it could be read: not the code, not a word around it.
    let code = code_from(&mail.text);
    for canary in [code.as_str(), &code.replace(' ', ""), "Your code for", "minutes"] {
        assert!(mail.text.replace(' ', "").contains(&canary.replace(' ', "")), "{canary}");
        assert!(!sealed.windows(canary.len()).any(|part| part == canary.as_bytes()), "{canary}");
        assert!(!format!("{rows:?}").contains(canary), "{canary}");
    }
    assert_eq!(row.text(0).unwrap(), "");
}

async fn a_silent_mail_server_keeps_no_page_waiting(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let peer = SmtpPeer::start(&make_pair(folder.path(), "peer"));
    peer.set(Mood::IsSilent);
    let (server, _) = sending_to(engine, &peer, folder.path()).await;
    let begun = Instant::now();
    for n in 0..3 {
        ask(&mut server.browser(), &format!("quick{n}@example.org")).await;
    }
    // The worker's own patience with the server is 30 seconds a mail.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

async fn the_log_says_that_mail_fails_and_to_whom_it_does_not(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let pair = make_pair(folder.path(), "peer");
    let peer = SmtpPeer::start(&pair);
    peer.set(Mood::RefusesRecipient);
    let (url, authority) = (peer.url(), pair.cert.to_str().unwrap().to_owned());
    let flags = ["--listen", "127.0.0.1:0", "--mail", &url, "--mail-ca", &authority];
    let mut server = engine.place().await.process(folder.path(), &flags, &[("KINFOLIO_LOG", "trace")]);
    ask(&mut Browser::new(server.base()), EMAIL).await;
    let said = async || server.log().contains("a mail waits for its next try").then_some(());
    until("the log says it", said).await;
    assert_eq!(server.terminate(), Some(0));
    let log = server.log();
    assert!(log.contains("the mail server answered 550"), "{log}");
    assert!(!log.contains("mailcanary") && !log.contains("sesame-canary"), "{log}");
}
