//! Push and pull: compare-and-swap, a cursor without gaps, pages, digests, versions kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::sign::{self, Checkpoint, SigningKey};
use kinfolio_protocol::sync::{
    BucketItem, DigestResponse, HeadResponse, PURGE_HEADER, PullResponse, PushItem, PushRequest,
    PushResponse, PushStatus, bucket,
};
use kinfolio_protocol::{Hash32, RecordId, encode, limits};
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server, key_of, record, sealed};

on_each_engine!(
    a_record_is_stored_once_and_a_newer_one_is_never_overwritten,
    a_tailing_puller_never_misses_a_row,
    pages_hold_to_their_limits_in_both_directions,
    digests_say_what_is_there_and_leave_checkpoints_out,
    a_push_with_if_head_is_stored_at_that_head_only,
    replaced_and_purged_versions_are_kept_for_their_time,
    a_stolen_bound_token_without_the_devices_key_purges_nothing,
    a_push_over_the_limits_is_refused_whole,
    a_phone_that_names_the_head_it_has_is_told_that_nothing_is_new,
);

async fn family(server: &Server) -> (Phone, Family) {
    let phone = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &phone).await;
    (phone, family)
}

fn path(family: &Family, verb: &str) -> String {
    family.path(&format!("/spaces/{}/{verb}", family.space))
}

async fn pull(server: &Server, phone: &Phone, family: &Family, query: &str) -> PullResponse {
    server.call(&phone.who, "GET", &path(family, &format!("pull?{query}")), Body::None).await.read()
}

async fn a_record_is_stored_once_and_a_newer_one_is_never_overwritten(server: &Server) {
    let (phone, family) = family(server).await;
    let first = record();
    let reply = family.stored(server, &phone, vec![first.clone()]).await;
    assert_eq!((reply.head, reply.results[0].status, reply.results[0].seq), (1, PushStatus::Stored, 1));
    let reply = family.stored(server, &phone, vec![first.clone()]).await;
    assert_eq!((reply.head, reply.results[0].status, reply.results[0].seq), (1, PushStatus::Same, 1));
    let second = PushItem { base_seq: 1, ciphertext: sealed(700), ..first.clone() };
    let reply = family.stored(server, &phone, vec![second.clone(), record()]).await;
    assert_eq!((reply.head, reply.results[0].seq, reply.results[1].seq), (3, 2, 3));
    for base_seq in [0, 1, 3, 99] {
        let stale = PushItem { base_seq, ciphertext: sealed(650), ..first.clone() };
        let reply = family.stored(server, &phone, vec![stale]).await;
        let result = &reply.results[0];
        assert_eq!((reply.head, result.status, result.seq), (3, PushStatus::Conflict, 2));
        assert_eq!(result.ciphertext.as_ref(), Some(&second.ciphertext), "theirs comes along");
    }
    let unknown = PushItem { base_seq: 5, ..record() };
    let result = &family.stored(server, &phone, vec![unknown]).await.results[0];
    assert_eq!((result.status, result.seq, &result.ciphertext), (PushStatus::Conflict, 0, &None));
}

async fn a_tailing_puller_never_misses_a_row(server: &Server) {
    let (phone, family) = family(server).await;
    let (pushes, writers) = (25, 4);
    let pushing = async {
        let all = (0..writers).map(|_| async {
            for _ in 0..pushes {
                family.stored(server, &phone, vec![record(), record()]).await;
            }
        });
        futures::future::join_all(all).await;
    };
    let pulling = async {
        let mut seen = Vec::new();
        while seen.len() < writers * pushes * 2 {
            let cursor = seen.last().copied().unwrap_or(0);
            let page = pull(server, &phone, &family, &format!("after={cursor}")).await;
            assert!(page.records.iter().all(|item| item.seq <= page.head));
            seen.extend(page.records.iter().map(|item| item.seq));
        }
        seen
    };
    let ((), seen) = tokio::join!(pushing, pulling);
    assert_eq!(seen, (1..=(writers * pushes * 2) as u64).collect::<Vec<_>>(), "in order and without a gap");
}

async fn pages_hold_to_their_limits_in_both_directions(server: &Server) {
    let (phone, family) = family(server).await;
    for _ in 0..2 {
        family.stored(server, &phone, (0..200).map(|_| record()).collect()).await;
    }
    for size in [limits::RECORD, limits::RECORD, limits::RECORD, limits::RECORD - 10_000, limits::RECORD] {
        family.stored(server, &phone, vec![PushItem { ciphertext: sealed(size), ..record() }]).await;
    }
    for (first, next) in [("after=0", "after"), ("before=9007199254740992", "before")] {
        let (mut query, mut seqs) = (format!("{first}&limit=150"), Vec::new());
        loop {
            let page = pull(server, &phone, &family, &query).await;
            let bytes: usize = page.records.iter().map(|item| item.ciphertext.len()).sum();
            assert!(page.records.len() <= 150 && bytes <= limits::PUSH_BYTES);
            assert!(!page.records.is_empty());
            seqs.extend(page.records.iter().map(|item| item.seq));
            if !page.more {
                break;
            }
            query = format!("{next}={}&limit=150", seqs.last().unwrap());
        }
        let mut expected: Vec<u64> = (1..=405).collect();
        if next == "before" {
            expected.reverse();
        }
        assert_eq!(seqs, expected, "{next}");
    }
    let page = pull(server, &phone, &family, "after=10&limit=3").await;
    assert_eq!((page.records.len(), page.records[0].seq, page.more), (3, 11, true));
    for _ in 0..6 {
        family.stored(server, &phone, (0..200).map(|_| record()).collect()).await;
    }
    let page = pull(server, &phone, &family, "after=405&limit=5000").await;
    assert_eq!(
        (page.records.len(), page.more),
        (limits::PULL_RECORDS, true),
        "asking for more gives no more"
    );
    for (query, status) in [("after=1&before=2", 400), ("limit=x", 400), ("after=-1", 400), ("limit=0", 200)]
    {
        let answer =
            server.call(&phone.who, "GET", &path(&family, &format!("pull?{query}")), Body::None).await;
        assert_eq!(answer.status.as_u16(), status, "{query}");
    }
}

async fn digests_say_what_is_there_and_leave_checkpoints_out(server: &Server) {
    let (phone, family) = family(server).await;
    let items: Vec<PushItem> = (0..100).map(|_| record()).collect();
    family.stored(server, &phone, items.clone()).await;
    let checkpoint = PushItem { record: Checkpoint::record_id(phone.device, family.space), ..record() };
    family.stored(server, &phone, vec![checkpoint.clone()]).await;
    let mut sorted: BTreeMap<RecordId, Hash32> = BTreeMap::new();
    sorted.extend(items.iter().map(|item| (item.record, sha256(&item.ciphertext))));
    let expected: Vec<[u8; 16]> = (0..=255u8)
        .map(|byte| bucket(sorted.iter().filter(|(id, _)| id.0[0] == byte).map(|(id, hash)| (*id, *hash))))
        .collect();
    let digest: DigestResponse =
        server.call(&phone.who, "GET", &path(&family, "digest"), Body::None).await.read();
    assert_eq!((digest.head, &digest.buckets), (101, &expected));
    let mut listed = BTreeMap::new();
    for byte in 0..=255 {
        let rows: Vec<BucketItem> = server
            .call(&phone.who, "GET", &path(&family, &format!("bucket/{byte}")), Body::None)
            .await
            .read();
        assert!(rows.windows(2).all(|pair| pair[0].record < pair[1].record));
        assert!(rows.iter().all(|row| row.record.0[0] == byte && row.record != checkpoint.record));
        listed.extend(rows.into_iter().map(|row| (row.record, row.ct_hash)));
    }
    assert_eq!(listed, sorted);
    for odd in ["256", "-1", "x"] {
        server.call(&phone.who, "GET", &path(&family, &format!("bucket/{odd}")), Body::None).await.is(404);
    }
    let head: HeadResponse = server.call(&phone.who, "GET", &path(&family, "head"), Body::None).await.read();
    assert_eq!((head.head, head.incarnation), (101, digest.incarnation));
}

async fn a_push_with_if_head_is_stored_at_that_head_only(server: &Server) {
    let (phone, family) = family(server).await;
    family.stored(server, &phone, vec![record()]).await;
    let request = |if_head, item: &PushItem| PushRequest { push_no: 2, if_head, records: vec![item.clone()] };
    let item = record();
    for head in [0, 2] {
        let answer =
            server.call(&phone.who, "POST", &path(&family, "push"), &request(Some(head), &item)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "head_moved"));
        assert_eq!(answer.json()["error"]["head"], 1);
    }
    // The same request again after its answer was lost: stored already, whatever the head is now.
    for status in [PushStatus::Stored, PushStatus::Same] {
        let reply: PushResponse =
            server.call(&phone.who, "POST", &path(&family, "push"), &request(Some(1), &item)).await.read();
        assert_eq!((reply.head, reply.results[0].status), (2, status));
    }
}

async fn replaced_and_purged_versions_are_kept_for_their_time(server: &Server) {
    let (phone, family) = family(server).await;
    let count = || async {
        let rows = server
            .state
            .store
            .family_read(family.id, |tx| {
                tx.query("SELECT purge_pending, expires_at FROM record_old ORDER BY seq", &[])
            })
            .await
            .unwrap();
        rows.iter().map(|row| row.bool(0).unwrap()).collect::<Vec<_>>()
    };
    let first = record();
    family.stored(server, &phone, vec![first.clone()]).await;
    let second = PushItem { base_seq: 1, ciphertext: sealed(700), ..first.clone() };
    family.stored(server, &phone, vec![second]).await;
    assert_eq!(count().await, [false]);
    let tombstone = PushItem { base_seq: 2, ciphertext: sealed(90), purge: true, ..first };
    family.stored(server, &phone, vec![tombstone]).await;
    assert_eq!(count().await, [true, true], "both versions wait for their end");
    server.clock.advance(13 * 86_400);
    family.stored(server, &phone, vec![record()]).await;
    assert_eq!(count().await.len(), 2, "they can be brought back for 14 days");
    server.clock.advance(2 * 86_400);
    family.stored(server, &phone, vec![record()]).await;
    assert_eq!(count().await.len(), 0);
}

async fn a_stolen_bound_token_without_the_devices_key_purges_nothing(server: &Server) {
    let (phone, mut family) = family(server).await;
    let ben = Phone::new(server.account("ben@example.org").await);
    family.joined(server, &phone, &ben, Role::Parent).await;
    let (first, second) = (record(), record());
    family.stored(server, &phone, vec![first.clone(), second.clone()]).await;
    let purge =
        |of: &PushItem, base_seq| PushItem { base_seq, ciphertext: sealed(90), purge: true, ..of.clone() };
    let push = |records| PushRequest { push_no: 1, if_head: None, records };
    let request =
        push(vec![purge(&first, 1), PushItem { base_seq: 2, ciphertext: sealed(700), ..second.clone() }]);
    let order = |request| sign::purge(server.issuer(), family.id, family.space, request).unwrap();
    let signed = |key: &SigningKey, order: &[u8]| Some(URL_SAFE_NO_PAD.encode(sign::sign(key, order)));
    // Nothing, another key, the word for another push, for other records, another phone's.
    let other = push(vec![purge(&first, 1)]);
    let elsewhere = push(vec![purge(&second, 2), request.records[0].clone()]);
    for signature in [
        None,
        Some("AAAA".to_owned()),
        signed(&key_of(9), &order(&request)),
        signed(&phone.key, &order(&other)),
        signed(&phone.key, &order(&elsewhere)),
        signed(&ben.key, &order(&request)),
    ] {
        let body = match signature {
            Some(signature) => Body::Headed(encode(&request), PURGE_HEADER, signature),
            None => Body::from(&request),
        };
        let answer = server.call(&phone.who, "POST", &path(&family, "push"), body).await.is(400);
        assert_eq!(answer.code(), "proof_invalid");
    }
    let page = pull(server, &phone, &family, "after=0").await;
    assert_eq!((page.head, page.records.len()), (2, 2), "nothing of such a push is stored");
    let body = Body::Headed(encode(&request), PURGE_HEADER, signed(&phone.key, &order(&request)).unwrap());
    for _ in 0..2 {
        server.call(&phone.who, "POST", &path(&family, "push"), body.clone()).await.is(200);
    }
    assert_eq!(pull(server, &phone, &family, "after=0").await.head, 4);
}

async fn a_push_over_the_limits_is_refused_whole(server: &Server) {
    let (phone, family) = family(server).await;
    let twice = record();
    for (records, status, why) in [
        ((0..257).map(|_| record()).collect(), 413, "257 records"),
        (vec![PushItem { ciphertext: sealed(limits::RECORD + 1), ..record() }], 413, "a record over 256 KiB"),
        ((0..5).map(|_| PushItem { ciphertext: sealed(220_000), ..record() }).collect(), 413, "over 1 MiB"),
        (vec![twice.clone(), twice], 400, "a record twice"),
    ] {
        let answer = family.push(server, &phone, records).await;
        assert_eq!(answer.status.as_u16(), status, "{why}: {answer}");
    }
    let full: Vec<PushItem> = (0..256).map(|_| PushItem { ciphertext: sealed(4096), ..record() }).collect();
    let reply = family.stored(server, &phone, full).await;
    assert_eq!(reply.head, 256, "exactly at both limits");
    let server = Arc::new(server);
    assert_eq!(family.stored(&server, &phone, vec![]).await.head, 256, "an empty push is harmless");
}

async fn a_phone_that_names_the_head_it_has_is_told_that_nothing_is_new(server: &Server) {
    let (phone, family) = family(server).await;
    let uri = path(&family, "head");
    let asked = async |tag: &str| server.ask_if_new(&phone.who, &uri, tag).await;
    let first = server.call(&phone.who, "GET", &uri, Body::None).await;
    let head: HeadResponse = first.read();
    let tag = first.header("etag").to_owned();
    assert!(tag.len() > 34 && tag.starts_with('"'), "{tag}");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}")] {
        let answer = asked(&known).await.is(304);
        assert!(answer.bytes.is_empty() && answer.header("etag") == tag);
    }
    family.stored(server, &phone, vec![record()]).await;
    let newer = asked(&tag).await.is(200);
    assert_eq!(newer.read::<HeadResponse>(), HeadResponse { head: head.head + 1, ..head });
    assert_ne!(newer.header("etag"), tag);
}
