//! Signed in is not enrolled: what a bare token reaches, and what ends when a device is removed.

use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::log::{Change, Role};
use kinfolio_protocol::{FamilyId, SpaceId};
use support::browser::{mails_to, next_mail};
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server, SignIn, epoch, random};
use support::server::mail_is_out;

use super::routes::{Household, family_routes};

on_each_engine!(
    an_unbound_sign_in_reaches_founding_links_log_and_recovery_only,
    a_stranger_gets_404_everywhere,
    no_token_and_a_false_one_get_401_everywhere,
    a_proof_binds_only_its_own_sign_in_device_family_and_nonce,
    a_removed_device_is_out_at_once,
    a_shares_device_reaches_its_own_space_only,
    a_shares_device_fills_its_own_blobs_only,
    every_parent_is_told_when_a_sign_in_without_a_phone_reads_the_recovery_grant,
);

/// What a member's own account may do without a device.
fn bare_token_enough(method: &str, path: &str) -> bool {
    matches!(
        (method, path),
        (_, "/families" | "/families/{family}/log" | "/device-proof" | "/device-proof/nonce")
            | ("GET", "/families/{family}/recovery" | "/links/{link}")
            | ("PUT", "/links/{link}/post")
    )
}

async fn an_unbound_sign_in_reaches_founding_links_log_and_recovery_only(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let thief = server.sign_in(ann.phone.who.account).await;
    let mut refused = 0;
    for (method, path) in family_routes() {
        let answer = server.call(&thief, &method, &ann.names().fill(&path), ann.body(&method, &path)).await;
        if bare_token_enough(&method, &path) {
            assert!(answer.status.is_success() || path == "/device-proof", "{method} {path}: {answer}");
        } else {
            assert_eq!(answer.status.as_u16(), 403, "{method} {path}: {answer}");
            assert_eq!(answer.code(), "device_not_enrolled");
            refused += 1;
        }
    }
    assert!(refused >= 17, "{refused} routes");
}

async fn a_stranger_gets_404_everywhere(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let stranger = server.account("stranger@example.org").await;
    for (method, path) in family_routes().iter().filter(|(_, path)| path.contains("{family}")) {
        let answer = server.call(&stranger, method, &ann.names().fill(path), ann.body(method, path)).await;
        assert_eq!(answer.status.as_u16(), 404, "{method} {path}: {answer}");
    }
}

async fn no_token_and_a_false_one_get_401_everywhere(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    for (method, path) in family_routes() {
        for token in
            [None, Some(""), Some("hat_dev_"), Some("x y"), Some(&*format!("hat_dev_{}", "a".repeat(43)))]
        {
            let answer =
                server.send(token, &method, &ann.names().fill(&path), ann.body(&method, &path)).await;
            assert_eq!(answer.status.as_u16(), 401, "{method} {path}");
        }
    }
}

async fn a_proof_binds_only_its_own_sign_in_device_family_and_nonce(server: &Server) {
    let phone = Phone::new(server.account("ann@example.org").await);
    let family = Family::at_home(&phone);
    server.call(&phone.who, "POST", "/families", &family.request()).await.is(201);
    let quota = family.path("/quota");

    let good = phone.proof(server, family.id).await;
    let mut bent = good.clone();
    bent.signature[10] ^= 1;
    server.call(&phone.who, "POST", "/device-proof", &bent).await.is(400);
    server.call(&phone.who, "POST", "/device-proof", &good).await.is(400);
    server.call(&phone.who, "GET", &quota, Body::None).await.is(403);

    // Another sign-in's nonce, another key, another device, an old nonce.
    let second = Phone { who: server.sign_in(phone.who.account).await, ..phone.clone() };
    let foreign = second.proof(server, family.id).await;
    server.call(&phone.who, "POST", "/device-proof", &foreign).await.is(400);
    let forger = Phone { key: support::plane::key_of(9), ..phone.clone() };
    let forged = forger.proof(server, family.id).await;
    server.call(&phone.who, "POST", "/device-proof", &forged).await.is(400);
    let mut other = phone.proof(server, family.id).await;
    other.device = kinfolio_protocol::DeviceId(random());
    server.call(&phone.who, "POST", "/device-proof", &other).await.is(404);
    let late = phone.proof(server, family.id).await;
    server.clock.advance(121);
    server.call(&phone.who, "POST", "/device-proof", &late).await.is(400);
    server.call(&phone.who, "GET", &quota, Body::None).await.is(403);

    let good = phone.proof(server, family.id).await;
    for _ in 0..2 {
        server.call(&phone.who, "POST", "/device-proof", &good).await.is(204);
        server.call(&phone.who, "GET", &quota, Body::None).await.is(200);
    }
    server.call(&second.who, "GET", &quota, Body::None).await.is(403);
}

async fn a_removed_device_is_out_at_once(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let spare = Phone { member: ben.member, ..Phone::new(server.sign_in(ben.who.account).await) };
    let mut family = Family::founded(server, &ann).await;
    family.joined(server, &ann, &ben, Role::Parent).await;
    family.joined(server, &ann, &spare, Role::Parent).await;
    let quota = family.path("/quota");
    server.call(&ben.who, "GET", &quota, Body::None).await.is(200);

    let gone = vec![Change::RemoveDevices(vec![ben.device]), epoch(family.space, 2, 0)];
    let mut request = family.next(&ann, gone, None);
    request.grants.push(family.grant(&ann, 4, GrantKind::Member, Recipient::Device(spare.device)));
    family.append(server, &ann, &request).await;
    server.call(&ben.who, "GET", &quota, Body::None).await.is(403);
    let proof = ben.proof(server, family.id).await;
    server.call(&ben.who, "POST", "/device-proof", &proof).await.is(404);
    server.call(&spare.who, "GET", &quota, Body::None).await.is(200);

    let gone = vec![
        Change::RemoveMember(ben.member),
        Change::RemoveDevices(vec![spare.device]),
        Change::ClearRecovery,
        epoch(family.space, 3, 0),
    ];
    let request = family.next(&ann, gone, None);
    family.append(server, &ann, &request).await;
    for who in [&ben.who, &spare.who] {
        server.call(who, "GET", &quota, Body::None).await.is(404);
        server.call(who, "GET", &family.path("/log"), Body::None).await.is(404);
    }
    let rows: Vec<kinfolio_protocol::family::FamilyItem> =
        server.call(&ben.who, "GET", "/families", Body::None).await.read();
    assert_eq!(rows[0].standing, kinfolio_protocol::family::Standing::Removed);
    // Each account's activity tells of its own: both devices went, and who made the keys that they do not get.
    let told = async |who: &SignIn, kind: &'static str| {
        let sql = "SELECT COUNT(*) FROM audit WHERE user_id = $1 AND kind = $2";
        let values = [who.account.0.into(), kind.into()];
        let row = server.state.store.account_read(move |tx| tx.query_one(sql, &values)).await.unwrap();
        row.unwrap().int(0).unwrap()
    };
    assert_eq!((told(&ben.who, "device_unbound").await, told(&ann.who, "device_unbound").await), (2, 0));
    server.call(&ann.who, "POST", &family.path("/log"), &request).await.is(200);
    assert_eq!((told(&ann.who, "keys_rotated").await, told(&ben.who, "keys_rotated").await), (2, 0));
}

async fn a_shares_device_reaches_its_own_space_only(server: &Server) {
    let mut ann = Household::new(server, "ann@example.org").await;
    let share = ann.family.share(server, &ann.phone).await;
    let other = ann.family.share(server, &ann.phone).await;
    let tutor = Phone::new(server.account("tutor@example.org").await);
    ann.family.joined(server, &ann.phone, &tutor, Role::Share(share)).await;
    let reach =
        |family: FamilyId, space: SpaceId, verb: &str| format!("/families/{family}/spaces/{space}/{verb}");
    for verb in ["head", "pull", "digest", "bucket/3"] {
        let path = reach(ann.family.id, share, verb);
        server.call(&tutor.who, "GET", &path, Body::None).await.is(200);
        for space in [ann.family.space, other, SpaceId(random())] {
            let path = reach(ann.family.id, space, verb);
            server.call(&tutor.who, "GET", &path, Body::None).await.is(404);
        }
    }
    for path in ["/keyring", "/blobs/{blob}", "/blobs/{blob}/parts/{part}"] {
        let path = ann.names().fill(&format!("/families/{{family}}{path}"));
        server.call(&tutor.who, "GET", &path, Body::None).await.is(404);
    }
    for route in ["/families/{family}/keyring", "/families/{family}/grants", "/families/{family}/recovery"] {
        let path = ann.names().fill(route);
        server.call(&tutor.who, "PUT", &path, ann.body("PUT", route)).await.is(404);
    }
    let unbound = server.sign_in(tutor.who.account).await;
    for path in ["/quota", "/recovery"].map(|path| ann.family.path(path)) {
        server.call(&ann.phone.who, "GET", &path, Body::None).await.is(200);
        server.call(&tutor.who, "GET", &path, Body::None).await.is(404);
    }
    server.call(&unbound, "GET", &ann.family.path("/recovery"), Body::None).await.is(404);
    // Its own records it may change, a parent's in the same space it may not.
    let push = |records| kinfolio_protocol::sync::PushRequest { push_no: 1, if_head: None, records };
    let path = reach(ann.family.id, share, "push");
    let (mine, theirs) = (support::plane::record(), support::plane::record());
    server.call(&tutor.who, "POST", &path, &push(vec![mine.clone()])).await.is(200);
    server.call(&ann.phone.who, "POST", &path, &push(vec![theirs.clone()])).await.is(200);
    let again = |item: &kinfolio_protocol::sync::PushItem, base_seq| kinfolio_protocol::sync::PushItem {
        base_seq,
        ciphertext: support::plane::sealed(600),
        ..item.clone()
    };
    server.call(&tutor.who, "POST", &path, &push(vec![again(&theirs, 2)])).await.is(404);
    server.call(&tutor.who, "POST", &path, &push(vec![again(&mine, 1)])).await.is(200);
    // Nor does it sign entries.
    let entry = ann.family.next(&tutor, vec![], None);
    server.call(&tutor.who, "POST", &ann.family.path("/log"), &entry).await.is(400);
}

async fn a_shares_device_fills_its_own_blobs_only(server: &Server) {
    let mut ann = Household::new(server, "ann@example.org").await;
    let share = ann.family.share(server, &ann.phone).await;
    let tutor = Phone::new(server.account("tutor@example.org").await);
    ann.family.joined(server, &ann.phone, &tutor, Role::Share(share)).await;
    for (maker, others) in [(&ann.phone, true), (&tutor, false)] {
        let mut home = ann.clone();
        home.blob = kinfolio_protocol::BlobId(random());
        let announce = "/families/{family}/blobs";
        let at = |path: &str| home.names().fill(path);
        server.call(&maker.who, "POST", &at(announce), home.announce(share)).await.is(200);
        for (method, path) in [
            ("PUT", "/families/{family}/blobs/{blob}/parts/{part}"),
            ("POST", "/families/{family}/blobs/{blob}/complete"),
        ] {
            let tried = server.call(&tutor.who, method, &at(path), home.body(method, path)).await;
            assert_eq!(tried.status.as_u16() == 404, others, "{method} {path}: {tried}");
            // A parent's device fills any.
            let filled = server.call(&ann.phone.who, method, &at(path), home.body(method, path)).await;
            assert!(filled.status.is_success(), "{method} {path}: {filled}");
        }
        let again = server.call(&tutor.who, "POST", &at(announce), home.announce(share)).await;
        assert_eq!(again.status.as_u16() == 404, others, "{again}");
        // What it may read it reads, whoever made it.
        let part = at("/families/{family}/blobs/{blob}/parts/{part}");
        server.call(&tutor.who, "GET", &part, Body::None).await.is(200);
    }
}

async fn every_parent_is_told_when_a_sign_in_without_a_phone_reads_the_recovery_grant(server: &Server) {
    let mut ann = Household::new(server, "ann@example.org").await;
    let ben = Phone::new(server.account("ben@example.org").await);
    let tutor = Phone::new(server.account("tutor@example.org").await);
    ann.family.joined(server, &ann.phone, &ben, Role::Parent).await;
    let share = ann.family.share(server, &ann.phone).await;
    ann.family.joined(server, &ann.phone, &tutor, Role::Share(share)).await;
    let path = ann.family.path("/recovery");
    let thief = server.sign_in(ann.phone.who.account).await;
    let told = async |email| {
        mail_is_out(&server.state).await;
        mails_to(&server.mail(), email).len()
    };
    server.call(&ann.phone.who, "GET", &path, Body::None).await.is(200);
    server.call(&tutor.who, "GET", &path, Body::None).await.is(404);
    for day in 0..2 {
        for _ in 0..3 {
            server.call(&thief, "GET", &path, Body::None).await.is(200);
        }
        for (email, whose) in [("ann@example.org", "your account"), ("ben@example.org", "another parent")] {
            let mail = next_mail(&server.mail(), email, day).await;
            assert!(mail.contains("12 words") && mail.contains(whose), "{mail}");
            assert!(!mail.contains(&ann.family.id.to_string()), "{mail}");
        }
        // Ann is told in the transaction that tells Ben, once a day and sign-in.
        assert_eq!((told("ann@example.org").await, told("ben@example.org").await), (day + 1, day + 1));
        server.clock.advance(86_401);
    }
    assert_eq!(told("tutor@example.org").await, 0);
}
