//! Many sign-ins at once, with the password hashes of a real server: the rest of it stays answered.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use futures::future::join_all;
use support::browser::{Answer, Browser};
use support::engine::Engine;
use support::on_each_engine;
use support::server::Process;

use super::{App, EMAIL, PASSWORD};

on_each_engine!(
    two_hundred_sign_ins_at_once_leave_health_and_sync_answered_and_memory_bounded,
    rfc_9700_31_a_password_that_is_too_long_costs_no_hash,
);

/// `count` browsers at addresses of their own post a password each, all at the same time.
async fn all_at_once(base: &str, network: u8, count: u8, password: &str) -> Vec<Answer> {
    let guests = (1..=count).map(|n| async move {
        let mut browser = Browser::at_address(base, Ipv4Addr::new(127, 200, network, n));
        let page = browser.get("/login").await;
        (browser, page, n)
    });
    let ready = join_all(guests).await;
    let posts = ready.into_iter().map(|(mut browser, page, n)| async move {
        let email = format!("guest{n}@example.org");
        browser.fill(&page, "/login", &[("email", &email), ("password", password)]).await
    });
    join_all(posts).await
}

/// The most memory that a process has held, in MiB.
fn peak_mib(process: &Process) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

async fn two_hundred_sign_ins_at_once_leave_health_and_sync_answered_and_memory_bounded(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let place = engine.place().await;
    let mut server = place.process_for_people(folder.path(), &["--listen", "127.0.0.1:0"]);
    let base = server.base().to_owned();
    let mut parent = Browser::new(&base);
    parent.register(EMAIL, PASSWORD, &folder.path().join("mail")).await;
    let mut app = App::desktop(&base);
    let callback = parent.authorize(&app.authorize_url()).await;
    app.redeem(&mut parent, &callback).await;

    let before = peak_mib(&server);
    let storm = tokio::spawn(async move { all_at_once(&base, 1, 200, "a password of nobody").await });
    let (mut asked, mut slowest) = (0, Duration::ZERO);
    while !storm.is_finished() {
        let begun = Instant::now();
        assert_eq!(parent.get("/healthz").await.status, 200);
        let health = begun.elapsed();
        assert_eq!(app.api(&mut parent, "GET", "/api/v1/families").await.status, 200);
        slowest = slowest.max(health).max(begun.elapsed() - health);
        asked += 2;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let answers = storm.await.unwrap();
    let hashed = answers.iter().filter(|answer| answer.status == 422).count();
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    let after = peak_mib(&server);
    println!(
        "200 sign-ins at once: {hashed} hashed, {} told to come back; meanwhile {asked} requests, the slowest \
         {slowest:?}; peak memory {before} MiB before, {after} MiB after",
        busy.len()
    );
    assert_eq!(hashed + busy.len(), 200, "every one is answered, one way or the other");
    assert!(hashed >= 1 && !busy.is_empty());
    assert!(busy.iter().all(|answer| !answer.header("retry-after").is_empty()));
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    // One hash is 64 MiB, half the processors may hash at a time.
    let hashes = (std::thread::available_parallelism().map_or(1, usize::from) / 2).max(1) as u64;
    assert!(after < before + hashes * 64 + 200, "{after} MiB");
    assert_eq!(server.terminate(), Some(0));
}

async fn rfc_9700_31_a_password_that_is_too_long_costs_no_hash(engine: &Engine) {
    let folder = tempfile::tempdir().unwrap();
    let place = engine.place().await;
    let mut server = place.process_for_people(folder.path(), &["--listen", "127.0.0.1:0"]);
    // Far more at once than may wait for a hash: none is told that the server is busy.
    for (network, password, status) in
        [(2, "x".repeat(257), 422), (3, "é".repeat(513), 422), (4, "x".repeat(1 << 20), 400)]
    {
        let answers = all_at_once(server.base(), network, 60, &password).await;
        assert!(answers.iter().all(|answer| answer.status == status), "{:?}", answers[0]);
    }
    assert_eq!(server.terminate(), Some(0));
}
