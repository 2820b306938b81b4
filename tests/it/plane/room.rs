//! What a family may keep and how fast it may move it: the quota, versions that are kept, records a minute.

use kinfolio_protocol::BlobId;
use kinfolio_protocol::blob::{BlobRequest, root};
use kinfolio_protocol::family::Quota;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::sync::{PushItem, PushRequest};
use kinfolio_server::Config;
use support::engine::Engine;
use support::on_each_engine;
use support::plane::{Answer, Body, Family, Phone, Server, random, record, sealed};

on_each_engine!(
    replaced_versions_count_until_they_leave_and_they_leave_without_a_push,
    a_quota_holds_against_edits_as_well_and_a_full_family_can_still_be_tidied,
    a_sign_in_that_moves_too_many_records_a_minute_is_told_how_long_to_wait,
);

async fn family(server: &Server) -> (Phone, Family) {
    let phone = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &phone).await;
    (phone, family)
}

async fn quota(server: &Server, phone: &Phone, family: &Family) -> Quota {
    server.call(&phone.who, "GET", &family.path("/quota"), Body::None).await.read()
}

fn replaced(item: &PushItem, base_seq: u64, length: usize) -> PushItem {
    PushItem { base_seq, ciphertext: sealed(length), ..item.clone() }
}

async fn replaced_versions_count_until_they_leave_and_they_leave_without_a_push(server: &Server) {
    let (phone, family) = family(server).await;
    let first = record();
    family.stored(server, &phone, vec![first.clone(), record()]).await;
    family.stored(server, &phone, vec![replaced(&first, 1, 700)]).await;
    assert_eq!(quota(server, &phone, &family).await.used, 600 + 600 + 700);
    let purge = PushItem { purge: true, ..replaced(&first, 3, 512) };
    family.stored(server, &phone, vec![purge]).await;
    assert_eq!(quota(server, &phone, &family).await.used, 600 + 600 + 700 + 512);
    let after = async |days: i64| {
        server.clock.advance(days * 86_400);
        kinfolio_server::sweep::every_family(&server.state.downgrade()).await.unwrap();
        quota(server, &phone, &family).await.used
    };
    assert_eq!(after(13).await, 600 + 600 + 700 + 512);
    assert_eq!(after(2).await, 600 + 512, "the purged ones are destroyed after 14 days");
    let kept = server.state.store.family_read(family.id, |tx| tx.query("SELECT seq FROM record_old", &[]));
    assert!(kept.await.unwrap().is_empty());
}

async fn a_quota_holds_against_edits_as_well_and_a_full_family_can_still_be_tidied(engine: &Engine) {
    let small = |config: &mut Config| config.quota_mib = std::num::NonZeroU64::MIN;
    let server = Server::started_with(*engine, small).await;
    let (phone, family) = family(&server).await;
    let announce = async |size: usize| -> Answer {
        let request = BlobRequest {
            blob: BlobId(random()),
            space: family.space,
            size: size as u64,
            parts: 1,
            root: root(&[sha256(b"part")]),
        };
        server.call(&phone.who, "POST", &family.path("/blobs"), &request).await
    };
    assert_eq!(quota(&server, &phone, &family).await.limit, 1 << 20);
    let first = record();
    family.stored(&server, &phone, vec![first.clone()]).await;
    // An edit of the same size, again and again, keeps what it replaces: the family fills up.
    let mut seq = 1;
    let refused = loop {
        assert!(seq < 20, "the quota does not hold");
        let answer = family.push(&server, &phone, vec![replaced(&first, seq, 200 << 10)]).await;
        if !answer.status.is_success() {
            break answer;
        }
        seq += 1;
    };
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (507, "quota"));
    announce(300 << 10).await.is(507);
    announce(20 << 10).await.is(200);
    // Full for photos, not yet for notes; full for notes, not yet for what makes room.
    let room = (1 << 20) - quota(&server, &phone, &family).await.used as usize;
    announce(room + 1).await.is(507);
    family.stored(&server, &phone, vec![PushItem { ciphertext: sealed(room + 9_000), ..record() }]).await;
    family.push(&server, &phone, vec![PushItem { ciphertext: sealed(9_000), ..record() }]).await.is(507);
    let purge = PushItem { purge: true, ..replaced(&first, seq, 9_000) };
    family.stored(&server, &phone, vec![purge.clone()]).await;
    // Nor do purges go on for ever.
    let again = PushItem { purge: true, ..replaced(&first, seq + 2, 30_000) };
    family.push(&server, &phone, vec![again]).await.is(507);
    server.clock.advance(31 * 86_400);
    family.stored(&server, &phone, vec![record()]).await;
    assert!(quota(&server, &phone, &family).await.used < 100 << 10);
}

async fn a_sign_in_that_moves_too_many_records_a_minute_is_told_how_long_to_wait(engine: &Engine) {
    let slow = |config: &mut Config| config.limits.records_per_minute = 1_000;
    let server = Server::started_with(*engine, slow).await;
    let (phone, family) = family(&server).await;
    for _ in 0..4 {
        family.stored(&server, &phone, (0..245).map(|_| record()).collect()).await;
    }
    let pull = family.path(&format!("/spaces/{}/pull?after=0", family.space));
    for answer in [
        server.call(&phone.who, "GET", &pull, Body::None).await,
        family.push(&server, &phone, (0..256).map(|_| record()).collect()).await,
    ] {
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "slow_down"));
        let seconds: u64 = answer.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&seconds), "{seconds}");
    }
    // Nothing of a refused push is stored, and another sign-in of the same family goes on.
    let other = Phone { who: server.sign_in(phone.who.account).await, ..phone.clone() };
    other.bind(&server, family.id).await;
    let request = PushRequest { push_no: 5, if_head: None, records: vec![record()] };
    let path = family.path(&format!("/spaces/{}/push", family.space));
    let reply: kinfolio_protocol::sync::PushResponse =
        server.call(&other.who, "POST", &path, &request).await.read();
    assert_eq!(reply.head, 981);
}
