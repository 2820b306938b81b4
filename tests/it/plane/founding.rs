//! Founding on a server: who has an id, who is which member, and what a refusal or a stop leaves behind.

use kinfolio_protocol::LinkId;
use kinfolio_protocol::family::LogLength;
use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::link::{LinkKind, LinkRequest};
use kinfolio_protocol::log::{Entry, Role};
use kinfolio_server::store::Value;
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server, add, key_of, post_of, random, record};

on_each_engine!(
    a_taken_family_id_is_refused,
    a_grant_of_a_stranger_founds_no_family,
    a_strangers_founding_of_a_taken_family_leaves_no_row,
    of_two_foundings_of_one_id_at_once_one_is_left_without_a_trace,
    after_a_restore_a_device_proof_says_again_whose_the_member_is,
    a_founding_or_joining_that_stopped_between_the_planes_goes_on,
    an_account_belongs_to_500_families_and_no_more,
);

async fn a_grant_of_a_stranger_founds_no_family(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let eve = Phone::new(server.account("eve@example.org").await);
    let family = Family::at_home(&ann);
    for (sender, status) in [(&eve, 400), (&ann, 201)] {
        let mut request = family.request();
        request.grants.push(family.grant(sender, 1, GrantKind::Member, Recipient::Device(ann.device)));
        server.call(&ann.who, "POST", "/families", &request).await.is(status);
    }
}

async fn a_taken_family_id_is_refused(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    let eve = Phone::new(server.account("eve@example.org").await);
    let mut copied = Family::at_home(&eve);
    let mut body = copied.entries[0].body().clone();
    body.family = family.id;
    copied.entries = vec![Entry::sign(body, &eve.key, None)];
    server.call(&eve.who, "POST", "/families", &copied.request()).await.is(409);
    // The very log of Ann, sent by Eve.
    server.call(&eve.who, "POST", "/families", &family.request()).await.is(409);
    server.call(&eve.who, "GET", &family.path("/log"), Body::None).await.is(404);
    let rows: Vec<kinfolio_protocol::family::FamilyItem> =
        server.call(&eve.who, "GET", "/families", Body::None).await.read();
    assert!(rows.is_empty());
    // Founded again after the log has grown: the same answer.
    let founding = family.request();
    let request = family.next(&ann, vec![], None);
    family.append(server, &ann, &request).await;
    let again: LogLength = server.call(&ann.who, "POST", "/families", &founding).await.is(201).read();
    assert_eq!(again.length, 1);
    let two = Phone { member: ann.member, ..Phone::new(server.sign_in(ann.who.account).await) };
    let request = family.next(&ann, vec![add(&two, Role::Parent)], None);
    family.append(server, &ann, &request).await;
    two.bind(server, family.id).await;
}

async fn an_account_belongs_to_500_families_and_no_more(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let account = ann.who.account;
    let mut last = Family::at_home(&ann);
    // 499 families, and the row of a founding that was stopped before its answer.
    let (family, member) = (last.id, ann.member);
    let rows = server.state.store.account(move |tx| {
        let rows = (0..499_u64).map(|n| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&n.to_be_bytes());
            (id, [1; 16])
        });
        let values: Vec<Value> = rows
            .chain([(family.0, member.0)])
            .flat_map(|(family, member)| [family.into(), member.into(), account.0.into(), 1.into()])
            .collect();
        tx.execute_many(
            "INSERT INTO memberships (family_id, member_id, user_id, created_at) VALUES",
            4,
            &values,
            "",
        )
    });
    assert_eq!(rows.await.unwrap(), 500);
    server.call(&ann.who, "POST", "/families", &last.request()).await.is(201);
    ann.bind(server, last.id).await;
    let more = Family::at_home(&ann);
    let refused = server.call(&ann.who, "POST", "/families", &more.request()).await.is(409);
    assert!(refused.json()["error"]["message"].as_str().unwrap().contains("too many families"), "{refused}");
    assert_eq!(memberships(server, more.id).await, 0);
    // Nor does she join one.
    let other = Phone::new(server.sign_in(ann.who.account).await);
    let family = Family::founded(server, &ben).await;
    let link = LinkId(random());
    let ask = LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 600, post: Some(post_of(&other)) };
    server.call(&other.who, "PUT", &format!("/links/{link}"), &ask).await.is(204);
    let mut request = family.next(&ben, vec![add(&other, Role::Parent)], None);
    request.link = Some(link);
    server.call(&ben.who, "POST", &family.path("/log"), &request).await.is(409);
    assert_eq!(memberships(server, family.id).await, 1);
    // Another phone of hers in a family that is counted already is no other family.
    let second = Phone::new(server.sign_in(ann.who.account).await);
    last.joined(server, &ann, &second, Role::Parent).await;
}

/// How many rows of the account plane name this family.
async fn memberships(server: &Server, family: kinfolio_protocol::FamilyId) -> usize {
    let rows = server.state.store.account_read(move |tx| {
        tx.query("SELECT member_id FROM memberships WHERE family_id = $1", &[family.0.into()])
    });
    rows.await.unwrap().len()
}

async fn a_strangers_founding_of_a_taken_family_leaves_no_row(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &ann).await;
    let eve = Phone::new(server.account("eve@example.org").await);
    let mut copied = Family::at_home(&eve);
    let mut body = copied.entries[0].body().clone();
    body.family = family.id;
    copied.entries = vec![Entry::sign(body, &eve.key, None)];
    server.call(&eve.who, "POST", "/families", &copied.request()).await.is(409);
    assert_eq!(memberships(server, family.id).await, 1);
    // Nor does she get what a restore has lost by sending a log that others know too.
    forget_members(server, family.id).await;
    server.call(&eve.who, "POST", "/families", &family.request()).await.is(201);
    assert_eq!(memberships(server, family.id).await, 0);
    server.call(&eve.who, "GET", &family.path("/log"), Body::None).await.is(404);
    ann.bind(server, family.id).await;
    server.call(&eve.who, "POST", "/families", &family.request()).await.is(409);
}

async fn of_two_foundings_of_one_id_at_once_one_is_left_without_a_trace(server: &Server) {
    for round in 0..8 {
        let ann = Phone::new(server.account(&format!("ann{round}@example.org")).await);
        let eve = Phone::new(server.account(&format!("eve{round}@example.org")).await);
        let family = Family::at_home(&ann);
        let mut copied = Family::at_home(&eve);
        let mut body = copied.entries[0].body().clone();
        body.family = family.id;
        copied.entries = vec![Entry::sign(body, &eve.key, None)];
        let (mine, theirs) = (family.request(), copied.request());
        let (first, second) = tokio::join!(
            server.call(&ann.who, "POST", "/families", &mine),
            server.call(&eve.who, "POST", "/families", &theirs)
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(memberships(server, family.id).await, 1);
        let winner = if first.status.is_success() { &ann } else { &eve };
        winner.bind(server, family.id).await;
    }
}

async fn forget_members(server: &Server, family: kinfolio_protocol::FamilyId) {
    let forgotten = server.state.store.account(move |tx| {
        tx.execute("DELETE FROM memberships WHERE family_id = $1", &[family.0.into()])?;
        tx.execute("DELETE FROM bindings WHERE family_id = $1", &[family.0.into()])
    });
    assert!(forgotten.await.unwrap() > 0);
}

/// Entries put back after a restore carry no link: nobody says which account a member is, but their devices can.
async fn after_a_restore_a_device_proof_says_again_whose_the_member_is(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    family.joined(server, &ann, &ben, Role::Parent).await;
    forget_members(server, family.id).await;
    let quota = family.path("/quota");
    server.call(&ben.who, "GET", &quota, Body::None).await.is(404);
    // Somebody who knows the ids but not the key, and whoever proves a device that is none.
    let eve = Phone { who: server.account("eve@example.org").await, key: key_of(9), ..ben.clone() };
    let forged = eve.proof(server, family.id).await;
    server.call(&eve.who, "POST", "/device-proof", &forged).await.is(404);
    assert_eq!(memberships(server, family.id).await, 0);
    let proof = ben.proof(server, family.id).await;
    for _ in 0..2 {
        server.call(&ben.who, "POST", "/device-proof", &proof).await.is(204);
    }
    server.call(&ben.who, "GET", &quota, Body::None).await.is(200);
    // Held now: a second account with the very key does not get it.
    let second = Phone { who: server.account("second@example.org").await, ..ben.clone() };
    let late = second.proof(server, family.id).await;
    server.call(&second.who, "POST", "/device-proof", &late).await.is(404);
    assert_eq!(memberships(server, family.id).await, 1);
}

/// The account plane is written first. A server that dies right then leaves a row that opens nothing.
async fn a_founding_or_joining_that_stopped_between_the_planes_goes_on(server: &Server) {
    let claim = |family: kinfolio_protocol::FamilyId, phone: &Phone| {
        let (member, account) = (phone.member, phone.who.account);
        server.state.store.account(move |tx| {
            tx.execute(
                "INSERT INTO memberships (family_id, member_id, user_id, created_at) VALUES ($1, $2, $3, $4)",
                &[family.0.into(), member.0.into(), account.0.into(), 1.into()],
            )
        })
    };
    let ann = Phone::new(server.account("ann@example.org").await);
    let mut family = Family::at_home(&ann);
    claim(family.id, &ann).await.unwrap();
    server.call(&ann.who, "GET", &family.path("/log"), Body::None).await.is(404);
    let rows: Vec<kinfolio_protocol::family::FamilyItem> =
        server.call(&ann.who, "GET", "/families", Body::None).await.read();
    assert!(rows.is_empty());
    server.call(&ann.who, "POST", "/families", &family.request()).await.is(201);
    ann.bind(server, family.id).await;

    let ben = Phone::new(server.account("ben@example.org").await);
    claim(family.id, &ben).await.unwrap();
    for path in ["/log", "/recovery", "/quota"] {
        server.call(&ben.who, "GET", &family.path(path), Body::None).await.is(404);
    }
    family.joined(server, &ann, &ben, Role::Parent).await;
    server.call(&ben.who, "GET", &family.path("/quota"), Body::None).await.is(200);
}

#[tokio::test]
async fn a_family_file_that_is_gone_is_an_error_and_none_is_made_in_its_place() {
    let server = Server::with(|mut config| {
        config.open_families = std::num::NonZeroUsize::MIN;
        config
    })
    .await;
    let [ann, ben] = ["ann@example.org", "ben@example.org"].map(|email| server.account(email));
    let (ann, ben) = (Phone::new(ann.await), Phone::new(ben.await));
    let family = Family::founded(&server, &ann).await;
    family.stored(&server, &ann, vec![record()]).await;
    // Ben's takes the one place: Ann's file is closed.
    Family::founded(&server, &ben).await;
    let file = server.state.config.data.join(format!("families/{}.db", family.id));
    let whole = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    for _ in 0..2 {
        server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(500);
        assert!(!file.exists());
    }
    // Emptied it is no better.
    std::fs::write(&file, "").unwrap();
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(500);
    std::fs::write(&file, whole).unwrap();
    server.call(&ann.who, "GET", &family.path("/quota"), Body::None).await.is(200);
}
