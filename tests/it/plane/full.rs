//! A full disk on the server is an error that stores nothing, and then everything works again.

use kinfolio_protocol::BlobId;
use kinfolio_protocol::blob::{BlobRequest, root};
use kinfolio_protocol::family::{AppendRequest, GrantsRequest, SealedKeyring};
use kinfolio_protocol::grant::{Grant, GrantKind, Recipient};
use kinfolio_protocol::labels::{keyring_hash, sha256};
use kinfolio_protocol::log::{Body as EntryBody, Entry};
use kinfolio_protocol::sync::{PushItem, PushRequest};
use support::plane::{Answer, Body, Family, Phone, Server, random, record, sealed};
use support::postgres::ScratchPostgres;

use super::repeats::snapshot;
use super::routes::Household;

/// Every table of a family into which a request inserts.
const TABLES: [&str; 5] = ["record", "log_entry", "keyring", "key_grant", "blob_part"];

fn large() -> PushItem {
    PushItem { ciphertext: sealed(100_000), ..record() }
}

/// The next entry with a keyring and a grant that take more room than a page has left.
fn large_entry(family: &Family, phone: &Phone) -> AppendRequest {
    let (request, keyring) = (family.next(phone, vec![], None), sealed(100_000));
    let body = EntryBody { keyring: keyring_hash(&keyring), ..request.entry.body().clone() };
    let grants = vec![Grant { ciphertext: sealed(60_000), ..request.grants[0].clone() }];
    AppendRequest { entry: Entry::sign(body, &phone.key, None), keyring, grants, ..request }
}

/// A household whose server lost the keyring and the grant of its newest entry, and has used their room up.
async fn household(server: &Server) -> Household {
    let mut home = Household::new(server, "ann@example.org").await;
    let request = large_entry(&home.family, &home.phone);
    home.family.append(server, &home.phone, &request).await;
    for sql in ["DELETE FROM keyring", "DELETE FROM key_grant"] {
        server.state.store.family(home.family.id, move |tx| tx.execute(sql, &[])).await.unwrap();
    }
    home.family.stored(server, &home.phone, vec![large(), large(), large()]).await;
    home
}

/// Nothing more fits, then there is room again: what a family's push, log, keyring, grants and blobs answer.
async fn fills_up(server: &Server, fill: impl AsyncFn(&Family), empty: impl AsyncFn(&Family)) {
    let mut home = household(server).await;
    let parts = announced(server, &home).await;
    let (phone, family) = (home.phone.clone(), &home.family);
    let me = Recipient::Device(phone.device);
    let grant = family.grant(&phone, family.log.length(), GrantKind::Member, me);
    let grants = vec![Grant { ciphertext: sealed(60_000), ..grant }];
    let push = PushRequest { push_no: 1, if_head: None, records: vec![large()] };
    let entry = large_entry(family, &phone);
    let writes: [(&str, String, Body); 4] = [
        ("POST", format!("/spaces/{}/push", family.space), Body::from(&push)),
        (
            "PUT",
            "/keyring".into(),
            Body::from(&SealedKeyring { number: family.log.length(), sealed: family.keyring.clone() }),
        ),
        ("PUT", "/grants".into(), Body::from(&GrantsRequest { grants })),
        ("POST", "/log".into(), Body::from(&entry)),
    ];
    let send = async |method: &str, path: &str, body: &Body| {
        server.call(&phone.who, method, &family.path(path), body.clone()).await
    };

    let before = snapshot(server, family.id).await;
    fill(family).await;
    for (method, path, body) in &writes {
        for _ in 0..2 {
            full(&send(method, path, body).await, path);
        }
    }
    assert!(snapshot(server, family.id).await == before, "nothing of it was stored");
    // The row of a part is small: some find room in pages that are there.
    let mut refused = None;
    for (path, body) in &parts {
        let before = snapshot(server, family.id).await;
        let answer = send("PUT", path, body).await;
        if answer.status != 204 {
            full(&answer, path);
            assert!(snapshot(server, family.id).await == before, "the part is not said to be here");
            refused = Some((path, body));
            break;
        }
    }
    let (path, body) = refused.expect("a part that found no room");
    send("GET", path, &Body::None).await.is(404);
    send("GET", "/quota", &Body::None).await.is(200);

    empty(family).await;
    for (method, path, body) in &writes {
        let answer = send(method, path, body).await;
        assert!(answer.status.is_success(), "{path}: {answer}");
    }
    send("PUT", path, body).await.is(204);
    let Body::Part(bytes, _) = body else { unreachable!("a part") };
    assert_eq!(&send("GET", path, &Body::None).await.is(200).bytes, bytes);
    // The entry that was refused is the newest one now, and the next one follows it.
    home.family.log.apply(&entry.entry).unwrap();
    let next = large_entry(&home.family, &phone);
    home.family.append(server, &phone, &next).await;
}

#[track_caller]
fn full(answer: &Answer, path: &str) {
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (507, "storage_full"), "{path}");
}

/// Blobs of one short part each, announced; where their parts go, and the parts.
async fn announced(server: &Server, home: &Household) -> Vec<(String, Body)> {
    let mut parts = Vec::new();
    for _ in 0..100 {
        let (blob, part) = (BlobId(random()), sealed(40));
        let (hash, space) = (sha256(&part), home.family.space);
        let request = BlobRequest { blob, space, size: part.len() as u64, parts: 1, root: root(&[hash]) };
        server.call(&home.phone.who, "POST", &home.family.path("/blobs"), &request).await.is(200);
        parts.push((format!("/blobs/{blob}/parts/0"), Body::Part(part, hash.to_string())));
    }
    parts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_that_stores_nothing_and_then_works_again_on_the_embedded_store() {
    let server = Server::embedded().await;
    // SQLite refuses to grow a file the way it refuses on a full disk. The family's file stays open meanwhile.
    let pages = async |family: &Family, sql: &'static str| {
        server.state.store.family(family.id, move |tx| tx.query(sql, &[])).await.unwrap();
    };
    fills_up(
        &server,
        async |family| pages(family, "PRAGMA max_page_count = 1").await,
        async |family| pages(family, "PRAGMA max_page_count = 1000000").await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_an_error_that_stores_nothing_and_then_works_again_on_postgres() {
    let database = ScratchPostgres::shared().database();
    let server = Server::on(&database).await;
    // What Postgres raises when its disk is full.
    let function = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;";
    let on_each = |sql: fn(&str) -> String| TABLES.map(sql).concat();
    let raise = on_each(|table| {
        format!("CREATE TRIGGER full_disk BEFORE INSERT ON family.{table} EXECUTE FUNCTION full_disk();")
    });
    let stop = on_each(|table| format!("DROP TRIGGER full_disk ON family.{table};"));
    fills_up(
        &server,
        async |_| drop(database.psql(&format!("{function}{raise}"))),
        async |_| drop(database.psql(&stop)),
    )
    .await;
}
