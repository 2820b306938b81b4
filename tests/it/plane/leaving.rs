//! What goes with an account that is deleted: the families in which it was the last parent, and nothing else.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use kinfolio_protocol::BlobId;
use kinfolio_protocol::blob::{BlobRequest, root};
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::Role;
use kinfolio_server::clock::Clock as _;
use kinfolio_server::store::{Tx, Value};
use support::browser::mail_saying;
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server, SignIn, random, record, sealed};

on_each_engine!(
    the_last_parents_account_takes_the_family_with_it_after_thirty_days,
    another_parent_keeps_the_family,
    a_parent_whose_account_is_switched_off_keeps_no_family,
    an_end_that_was_broken_off_goes_on_and_nothing_of_the_family_is_left,
);

const DAY: i64 = 86_400;
const DAY_US: i64 = DAY * 1_000_000;

/// As the page begins it for an account without a family: due after seven days, both mails sent.
async fn ask(server: &Server, who: &SignIn) {
    let (account, now) = (who.account, server.clock.now_us());
    let due = Value::Int(now + 7 * DAY_US);
    let sql = "INSERT INTO account_deletions (user_id, asked_at, due_at, mails_sent, next_at)
               VALUES ($1, $2, $3, $4, $5)";
    let values = [account.0.into(), Value::Int(now), due.clone(), Value::Int(2), due];
    server.state.store.account(move |tx| tx.execute(sql, &values)).await.unwrap();
}

async fn sweep(server: &Server) {
    kinfolio_server::erase::round(&server.state).await.expect("a sweep");
}

/// Files below a folder whose path names an id.
fn files_named(folder: &Path, id: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains(id) {
            found.push(path.clone());
        }
        if path.is_dir() {
            found.extend(files_named(&path, id));
        }
    }
    found
}

async fn upload(server: &Server, phone: &Phone, family: &Family) -> String {
    let (bytes, blob) = (sealed(1000), BlobId(random()));
    let hash = sha256(&bytes);
    let size = bytes.len() as u64;
    let request = BlobRequest { blob, space: family.space, size, parts: 1, root: root(&[hash]) };
    server.call(&phone.who, "POST", &family.path("/blobs"), &request).await.is(200);
    let path = family.path(&format!("/blobs/{blob}/parts/0"));
    server.call(&phone.who, "PUT", &path, Body::Part(bytes, hash.to_string())).await.is(204);
    path
}

async fn the_last_parents_account_takes_the_family_with_it_after_thirty_days(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let tom = Phone::new(server.account("tom@example.org").await);
    let cleo = Phone::new(server.account("cleo@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    let share = family.share(server, &ann).await;
    family.joined(server, &ann, &tom, Role::Share(share)).await;
    let others = Family::founded(server, &cleo).await;
    for (phone, family) in [(&ann, &family), (&cleo, &others)] {
        family.stored(server, phone, vec![record(), record()]).await;
        upload(server, phone, family).await;
    }
    ask(server, &ann.who).await;
    server.clock.advance(7 * DAY);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(200);
    let told = mail_saying(&server.mail(), "ann@example.org", "about to be deleted").await;
    assert!(told.contains("1 July 2026"), "the new day is told: {told}");
    server.clock.advance(20 * DAY - 1);
    sweep(server).await;
    server.clock.advance(1);
    sweep(server).await;
    server.clock.advance(3 * DAY - 1);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(200);
    let data = server.state.config.data.clone();
    let id = family.id.to_string();
    assert!(!files_named(&data, &id).is_empty());
    server.clock.advance(1);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(401);
    server.call(&tom.who, "GET", &family.path("/quota"), Body::None).await.is(404);
    assert_eq!(files_named(&data, &id), Vec::<PathBuf>::new(), "its file and its photos are gone");
    server.call(&cleo.who, "GET", &others.path("/quota"), Body::None).await.is(200);
    assert!(!files_named(&data, &others.id.to_string()).is_empty());
    // The phone has everything: it may come back with a new account.
    let again = Phone { who: server.account("ann@example.org").await, ..ann };
    let request = again.founding_again(server, &family).await;
    server.call(&again.who, "POST", "/families", request).await.is(201);
}

async fn another_parent_keeps_the_family(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    family.joined(server, &ann, &ben, Role::Parent).await;
    family.stored(server, &ann, vec![record()]).await;
    let photo = upload(server, &ann, &family).await;
    ask(server, &ann.who).await;
    server.clock.advance(7 * DAY - 1);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(200);
    server.clock.advance(1);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(401);
    server.call(&ben.who, "GET", &photo, Body::None).await.is(200);
    family.stored(server, &ben, vec![record()]).await;
}

async fn a_parent_whose_account_is_switched_off_keeps_no_family(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    family.joined(server, &ann, &ben, Role::Parent).await;
    let (account, off) = (ben.who.account, "UPDATE users SET disabled_at = 1 WHERE user_id = $1");
    server.state.store.account(move |tx| tx.execute(off, &[account.0.into()])).await.unwrap();
    ask(server, &ann.who).await;
    server.clock.advance(7 * DAY);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(200);
    server.clock.advance(20 * DAY);
    sweep(server).await;
    server.clock.advance(3 * DAY);
    sweep(server).await;
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(401);
    let data = server.state.config.data.clone();
    assert_eq!(files_named(&data, &family.id.to_string()), Vec::<PathBuf>::new());
    let left =
        server.state.store.account_read(|tx| tx.query("SELECT user_id FROM users", &[])).await.unwrap();
    assert_eq!(left.len(), 1, "Ben's account is the operator's to end");
}

/// Ann's family of one phone with a photo, asked to go so long ago that it goes with the next sweep.
async fn due(server: &Server, email: &str) -> (Phone, Family) {
    let phone = Phone::new(server.account(email).await);
    let family = Family::founded(server, &phone).await;
    upload(server, &phone, &family).await;
    ask(server, &phone.who).await;
    (phone, family)
}

async fn an_end_that_was_broken_off_goes_on_and_nothing_of_the_family_is_left(server: &Server) {
    let (ann, mut family) = due(server, "ann@example.org").await;
    let tom = Phone::new(server.account("tom@example.org").await);
    let share = family.share(server, &ann).await;
    family.joined(server, &ann, &tom, Role::Share(share)).await;
    server.clock.advance(30 * DAY);
    // Killed after the rows and the file, before the photos.
    let (account, id, now) = (ann.who.account, family.id, server.clock.now_us());
    let close = move |tx: &mut Tx<'_>| {
        tx.execute(
            "UPDATE users SET disabled_at = $1 WHERE user_id = $2",
            &[Value::Int(now), account.0.into()],
        )?;
        tx.execute(
            "INSERT INTO erasures (family_id, user_id) VALUES ($1, $2)",
            &[id.0.into(), account.0.into()],
        )
    };
    server.state.store.account(close).await.unwrap();
    server.state.store.erase_family(family.id).await.unwrap();
    let data = server.state.config.data.clone();
    assert!(!files_named(&data, &family.id.to_string()).is_empty(), "the photos are still there");
    // Whoever founds it again in the meantime waits: the rest of the end would take that, too.
    let again = server.account("ann@example.net").await;
    server.call(&again, "POST", "/families", &family.request()).await.is(503);
    sweep(server).await;
    assert_eq!(files_named(&data, &family.id.to_string()), Vec::<PathBuf>::new());
    let left = |sql: &'static str| server.state.store.account_read(move |tx| tx.query(sql, &[]));
    for sql in ["SELECT 1 FROM memberships", "SELECT 1 FROM bindings", "SELECT 1 FROM erasures"] {
        assert_eq!(left(sql).await.unwrap().len(), 0, "{sql}");
    }
    assert_eq!(left("SELECT email FROM users").await.unwrap().len(), 2, "Tom's, and the new one");
}

#[tokio::test]
async fn a_damaged_family_keeps_no_account_and_one_that_fails_keeps_no_other_waiting() {
    let server = Server::with(|mut config| {
        config.open_families = NonZeroUsize::MIN;
        config
    })
    .await;
    let mut families = Vec::new();
    for name in ["ann", "ben", "cleo", "dora"] {
        families.push(due(&server, &format!("{name}@example.org")).await);
    }
    // The last one has its file open still.
    families.pop();
    families.sort_by_key(|(phone, _)| phone.who.account.0);
    let data = server.state.config.data.clone();
    let damaged = data.join(format!("families/{}.db", families[1].1.id));
    std::fs::write(&damaged, vec![7; 4096]).unwrap();
    // The file of the first one that is to go cannot be removed: it is a folder.
    let stuck = data.join(format!("families/{}.db", families[0].1.id));
    std::fs::remove_file(&stuck).unwrap();
    std::fs::create_dir(&stuck).unwrap();
    server.clock.advance(30 * DAY);
    kinfolio_server::erase::round(&server.state).await.unwrap_err();
    let left = || server.state.store.account_read(|tx| tx.query("SELECT user_id FROM users", &[]));
    let waiting: Vec<_> = left().await.unwrap().iter().map(|row| row.id(0).unwrap()).collect();
    assert_eq!(waiting, [families[0].0.who.account.0], "every other one had its turn");
    assert!(!damaged.exists());
    std::fs::remove_dir(&stuck).unwrap();
    sweep(&server).await;
    assert_eq!(left().await.unwrap().len(), 0);
}
