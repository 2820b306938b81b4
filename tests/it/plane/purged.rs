//! What a purge leaves: versions that can be brought back for 14 days, and files that wait as long and are then destroyed.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kinfolio_protocol::blob::{BlobCompleteRequest, BlobRequest, root};
use kinfolio_protocol::family::Quota;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::log::Role;
use kinfolio_protocol::purge::{BlobsRequest, LeftResponse, PurgedResponse};
use kinfolio_protocol::sign::{self, SigningKey};
use kinfolio_protocol::sync::{PURGE_HEADER, PushItem};
use kinfolio_protocol::{BlobId, SpaceId, encode, limits};
use support::on_each_engine;
use support::plane::{Answer, Body, Family, Phone, Server, random, record, sealed};

on_each_engine!(
    files_that_a_purge_left_wait_14_days_and_are_destroyed,
    a_parents_phone_takes_files_back_and_a_shares_does_not,
    a_purge_names_files_of_its_own_space_or_does_nothing,
    a_stolen_token_without_the_devices_key_lists_no_file,
    a_server_that_dies_while_it_destroys_goes_on_and_nothing_is_half_there,
    many_files_are_destroyed_in_one_sweep,
    versions_of_a_purged_record_are_there_for_parents_for_14_days,
);

const DAY: i64 = 86_400;

async fn founded(server: &Server) -> (Phone, Family) {
    let phone = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &phone).await;
    (phone, family)
}

/// A whole file of so many bytes.
async fn file(server: &Server, phone: &Phone, family: &Family, space: SpaceId, size: usize) -> BlobId {
    let (blob, part) = (BlobId(random()), sealed(size));
    let root = root(&[sha256(&part)]);
    let request = BlobRequest { blob, space, size: size as u64, parts: 1, root };
    let at = family.path(&format!("/blobs/{blob}"));
    server.call(&phone.who, "POST", &family.path("/blobs"), &request).await.is(200);
    let body = Body::Part(part.clone(), sha256(&part).to_string());
    server.call(&phone.who, "PUT", &format!("{at}/parts/0"), body).await.is(204);
    let complete = BlobCompleteRequest { parts: 1, root };
    server.call(&phone.who, "POST", &format!("{at}/complete"), &complete).await.is(200);
    blob
}

fn path(family: &Family, space: SpaceId, rest: &str) -> String {
    family.path(&format!("/spaces/{space}/purged{rest}"))
}

/// The request of a phone that signs with this key.
fn signed(server: &Server, family: &Family, space: SpaceId, key: &SigningKey, blobs: &[BlobId]) -> Body {
    let request = BlobsRequest { blobs: blobs.to_vec() };
    let order = sign::purge_blobs(server.issuer(), family.id, space, &request);
    Body::Headed(encode(&request), PURGE_HEADER, URL_SAFE_NO_PAD.encode(sign::sign(key, &order)))
}

async fn leave(server: &Server, phone: &Phone, family: &Family, blobs: &[BlobId]) -> Answer {
    let body = signed(server, family, family.space, &phone.key, blobs);
    server.call(&phone.who, "POST", &path(family, family.space, "/blobs"), body).await
}

async fn keep(server: &Server, phone: &Phone, family: &Family, blobs: &[BlobId]) -> Answer {
    let request = BlobsRequest { blobs: blobs.to_vec() };
    server.call(&phone.who, "POST", &path(family, family.space, "/blobs/keep"), &request).await
}

async fn waiting(server: &Server, phone: &Phone, family: &Family) -> Vec<BlobId> {
    let at = path(family, family.space, "/blobs");
    let page: LeftResponse = server.call(&phone.who, "GET", &at, Body::None).await.read();
    page.blobs.into_iter().map(|one| one.blob).collect()
}

async fn is_there(server: &Server, phone: &Phone, family: &Family, blob: BlobId) -> bool {
    let at = family.path(&format!("/blobs/{blob}/parts/0"));
    let answer = server.call(&phone.who, "GET", &at, Body::None).await;
    assert!([200, 404].contains(&answer.status.as_u16()), "{answer}");
    answer.status.is_success()
}

async fn sweep_after(server: &Server, days: i64) {
    server.clock.advance(days * DAY);
    kinfolio_server::sweep::every_family(&server.state.downgrade()).await.unwrap();
}

async fn used(server: &Server, phone: &Phone, family: &Family) -> u64 {
    let quota: Quota = server.call(&phone.who, "GET", &family.path("/quota"), Body::None).await.read();
    quota.used
}

/// The bytes of a file that lie in the blob folder.
fn bytes_of(server: &Server, family: &Family, blob: BlobId) -> usize {
    let folder: PathBuf = server.data().join("blobs").join(family.id.to_string()).join(blob.to_string());
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

async fn files_that_a_purge_left_wait_14_days_and_are_destroyed(server: &Server) {
    let (phone, family) = founded(server).await;
    let gone = file(server, &phone, &family, family.space, 5_000).await;
    let kept = file(server, &phone, &family, family.space, 3_000).await;
    for _ in 0..2 {
        leave(server, &phone, &family, &[gone, BlobId(random())]).await.is(204);
        server.clock.advance(60);
    }
    assert_eq!(waiting(server, &phone, &family).await, [gone]);
    sweep_after(server, 13).await;
    assert!(is_there(server, &phone, &family, gone).await, "it is read as before while it waits");
    assert_eq!(used(server, &phone, &family).await, 8_000, "and counts");
    assert_eq!(bytes_of(server, &family, gone), 1);
    sweep_after(server, 2).await;
    assert!(!is_there(server, &phone, &family, gone).await);
    assert!(is_there(server, &phone, &family, kept).await);
    assert_eq!((bytes_of(server, &family, gone), bytes_of(server, &family, kept)), (0, 1));
    assert_eq!(used(server, &phone, &family).await, 3_000);
    assert!(waiting(server, &phone, &family).await.is_empty());
    // A phone that lay in a drawer says it again.
    leave(server, &phone, &family, &[gone]).await.is(204);
    assert!(waiting(server, &phone, &family).await.is_empty());
}

async fn a_parents_phone_takes_files_back_and_a_shares_does_not(server: &Server) {
    let (phone, mut family) = founded(server).await;
    let (ben, tutor) = (
        Phone::new(server.account("ben@example.org").await),
        Phone::new(server.account("tutor@example.org").await),
    );
    family.joined(server, &phone, &ben, Role::Parent).await;
    let share = family.share(server, &phone).await;
    family.joined(server, &phone, &tutor, Role::Share(share)).await;
    let blob = file(server, &phone, &family, family.space, 5_000).await;
    let (of_ann, of_tutor) =
        (file(server, &phone, &family, share, 700).await, file(server, &tutor, &family, share, 700).await);
    leave(server, &phone, &family, &[blob]).await.is(204);
    // What waits, what was purged, and taking back are for parents; of files a share's device leaves its own only.
    for space in [family.space, share] {
        for rest in ["", "/blobs"] {
            server.call(&tutor.who, "GET", &path(&family, space, rest), Body::None).await.is(404);
        }
        let request = BlobsRequest { blobs: vec![blob] };
        server.call(&tutor.who, "POST", &path(&family, space, "/blobs/keep"), &request).await.is(404);
    }
    let in_share = |blobs: &[BlobId]| signed(server, &family, share, &tutor.key, blobs);
    let at = path(&family, share, "/blobs");
    server.call(&tutor.who, "POST", &at, in_share(&[of_tutor, of_ann])).await.is(404);
    let seen = async || {
        let page: LeftResponse = server.call(&phone.who, "GET", &at, Body::None).await.read();
        page.blobs.into_iter().map(|one| one.blob).collect::<Vec<_>>()
    };
    assert!(seen().await.is_empty(), "nothing is half done");
    server.call(&tutor.who, "POST", &at, in_share(&[blob, of_tutor])).await.is(204);
    assert_eq!(seen().await, [of_tutor], "another space's file is as one that never was");
    assert_eq!(waiting(server, &phone, &family).await, [blob]);
    for _ in 0..2 {
        keep(server, &ben, &family, &[blob]).await.is(204);
    }
    sweep_after(server, 15).await;
    assert!(is_there(server, &ben, &family, blob).await, "any parent's phone takes it back");
    assert!(!is_there(server, &phone, &family, of_tutor).await);
}

async fn a_purge_names_files_of_its_own_space_or_does_nothing(server: &Server) {
    let (phone, mut family) = founded(server).await;
    let share = family.share(server, &phone).await;
    let mine = file(server, &phone, &family, family.space, 5_000).await;
    let other = file(server, &phone, &family, share, 5_000).await;
    let answer = leave(server, &phone, &family, &[mine, other]).await.is(400);
    assert_eq!(answer.code(), "malformed");
    assert!(waiting(server, &phone, &family).await.is_empty(), "nothing is half done");
    let many: Vec<BlobId> = (0..=limits::PURGE_BLOBS).map(|_| BlobId(random())).collect();
    leave(server, &phone, &family, &many).await.is(413);
    keep(server, &phone, &family, &many).await.is(413);
    let bad = path(&family, family.space, "/blobs?start=zz");
    server.call(&phone.who, "GET", &bad, Body::None).await.is(400);
}

async fn a_stolen_token_without_the_devices_key_lists_no_file(server: &Server) {
    let (phone, family) = founded(server).await;
    let blob = file(server, &phone, &family, family.space, 5_000).await;
    let other = BlobId(random());
    let thief = SigningKey::from_bytes(&random());
    let Body::Headed(_, _, for_another) = signed(server, &family, family.space, &phone.key, &[other]) else {
        unreachable!()
    };
    let request = BlobsRequest { blobs: vec![blob] };
    for body in [
        Body::from(&request),
        signed(server, &family, family.space, &thief, &[blob]),
        Body::Headed(encode(&request), PURGE_HEADER, for_another),
    ] {
        let at = path(&family, family.space, "/blobs");
        let answer = server.call(&phone.who, "POST", &at, body).await.is(400);
        assert_eq!(answer.code(), "proof_invalid");
    }
    assert!(waiting(server, &phone, &family).await.is_empty());
}

async fn a_server_that_dies_while_it_destroys_goes_on_and_nothing_is_half_there(server: &Server) {
    let (phone, family) = founded(server).await;
    let blob = file(server, &phone, &family, family.space, 5_000).await;
    leave(server, &phone, &family, &[blob]).await.is(204);
    server.clock.advance(15 * DAY);
    // As after its first step: the rows are gone, the bytes and the note are not.
    for sql in
        ["DELETE FROM blob", "UPDATE purge_pending SET ending = NOT ending", "UPDATE space SET bytes = 0"]
    {
        server.state.store.family(family.id, move |tx| tx.execute(sql, &[])).await.unwrap();
    }
    assert!(!is_there(server, &phone, &family, blob).await);
    keep(server, &phone, &family, &[blob]).await.is(204);
    let again =
        BlobRequest { blob, space: family.space, size: 9, parts: 1, root: root(&[sha256(b"new bytes")]) };
    let announce = async || server.call(&phone.who, "POST", &family.path("/blobs"), &again).await;
    assert_eq!(
        announce().await.is(409).code(),
        "conflict",
        "its bytes are going: nothing new comes in their way"
    );
    assert_eq!(bytes_of(server, &family, blob), 1);
    sweep_after(server, 0).await;
    assert_eq!(bytes_of(server, &family, blob), 0);
    announce().await.is(200);
    assert_eq!(used(server, &phone, &family).await, 9);
}

async fn many_files_are_destroyed_in_one_sweep(server: &Server) {
    let (phone, family) = founded(server).await;
    let mut blobs = Vec::new();
    for _ in 0..120 {
        blobs.push(file(server, &phone, &family, family.space, 40).await);
    }
    leave(server, &phone, &family, &blobs[..110]).await.is(204);
    assert_eq!(waiting(server, &phone, &family).await.len(), 110);
    sweep_after(server, 15).await;
    assert_eq!(used(server, &phone, &family).await, 10 * 40);
    assert!(waiting(server, &phone, &family).await.is_empty());
}

async fn versions_of_a_purged_record_are_there_for_parents_for_14_days(server: &Server) {
    let (phone, family) = founded(server).await;
    let (first, other) = (record(), record());
    family.stored(server, &phone, vec![first.clone(), other.clone()]).await;
    let second = PushItem { base_seq: 1, ciphertext: sealed(700), ..first.clone() };
    family.stored(server, &phone, vec![second.clone()]).await;
    let edited = PushItem { base_seq: 2, ciphertext: sealed(700), ..other };
    family.stored(server, &phone, vec![edited]).await;
    let tombstone = PushItem { base_seq: 3, ciphertext: sealed(90), purge: true, ..first.clone() };
    family.stored(server, &phone, vec![tombstone]).await;
    let purged = async |after: u64| -> PurgedResponse {
        let at = path(&family, family.space, &format!("?after={after}"));
        server.call(&phone.who, "GET", &at, Body::None).await.read()
    };
    let page = purged(0).await;
    let versions: Vec<_> = page.versions.iter().map(|one| (one.record, one.seq, &one.ciphertext)).collect();
    let expected = [(first.record, 1, &first.ciphertext), (first.record, 3, &second.ciphertext)];
    assert!(versions == expected, "both versions, and nothing of what was only edited");
    assert!(!page.more);
    assert_eq!(purged(1).await.versions.len(), 1);
    server.clock.advance(15 * DAY);
    assert!(purged(0).await.versions.is_empty(), "and no longer, swept or not");
    // More than a page of a MiB.
    let large: Vec<_> = (0..5).map(|_| PushItem { ciphertext: sealed(250 << 10), ..record() }).collect();
    for item in &large {
        let seq = family.stored(server, &phone, vec![item.clone()]).await.head;
        let purge = PushItem { base_seq: seq, ciphertext: sealed(90), purge: true, ..item.clone() };
        family.stored(server, &phone, vec![purge]).await;
    }
    let (mut after, mut found, mut pages) = (0, 0, 0);
    loop {
        let page = purged(after).await;
        (found, pages) = (found + page.versions.len(), pages + 1);
        after = page.versions.last().expect("a version").seq;
        if !page.more {
            break;
        }
    }
    assert_eq!((found, pages), (5, 2));
}
