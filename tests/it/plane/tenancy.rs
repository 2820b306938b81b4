//! Another family's ids are answered like ids that never existed: same status, same body, nothing changed.

use kinfolio_protocol::family::ProofRequest;
use kinfolio_protocol::link::{LinkKind, LinkRequest, LinkResponse};
use support::on_each_engine;
use support::plane::{Body, Server, random};

use super::repeats::snapshot;
use super::routes::{Household, Names, family_routes};

on_each_engine!(
    every_id_of_another_family_is_404_on_every_route,
    a_foreign_id_in_a_body_is_404_too,
    an_id_that_cannot_be_one_is_404,
    a_link_tells_a_stranger_nothing_of_the_family,
);

async fn every_id_of_another_family_is_404_on_every_route(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let falcon = Household::new(server, "falcon@example.org").await;
    let before = snapshot(server, ann.family.id).await;
    let (mine, theirs, nobodys) = (falcon.names(), ann.names(), Names::nobodys());
    let mut asked = 0;
    for (method, path) in family_routes() {
        // All ids foreign, then each kind on its own beside my own ids.
        let mut wrong = vec![(theirs, nobodys)];
        if path.contains("{space}") {
            wrong.push((Names { space: theirs.space, ..mine }, Names { space: nobodys.space, ..mine }));
        }
        if path.contains("{blob}") {
            wrong.push((Names { blob: theirs.blob, ..mine }, Names { blob: nobodys.blob, ..mine }));
        }
        if !path.contains("{family}") {
            continue;
        }
        // With my own body, and with the very body that the owner would send.
        for (foreign, missing) in wrong {
            for sender in [&falcon, &ann] {
                let body = sender.body(&method, &path);
                let found = server.call(&falcon.phone.who, &method, &foreign.fill(&path), body.clone()).await;
                let never = server.call(&falcon.phone.who, &method, &missing.fill(&path), body).await;
                assert_eq!(found.error().0, 404, "{method} {path}: {found}");
                assert_eq!(found.error(), never.error(), "{method} {path}");
                asked += 1;
            }
        }
    }
    assert!(asked >= 50, "{asked} questions");
    assert_eq!(snapshot(server, ann.family.id).await, before, "nothing of Ann's changed");
}

async fn a_foreign_id_in_a_body_is_404_too(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let falcon = Household::new(server, "falcon@example.org").await;
    let before = snapshot(server, ann.family.id).await;
    let nobodys = Names::nobodys();
    for (theirs, nobodys) in [(ann.family.space, nobodys.space)] {
        let path = falcon.family.path("/blobs");
        let found = server.call(&falcon.phone.who, "POST", &path, falcon.announce(theirs)).await;
        let never = server.call(&falcon.phone.who, "POST", &path, falcon.announce(nobodys)).await;
        assert_eq!((found.error().0, found.error()), (404, never.error()), "a blob of Ann's space");
    }
    // Another family's file is as one that never was, to leave and to keep.
    for (path, taken) in [("/purged/blobs", ann.blob), ("/purged/blobs/keep", ann.blob)] {
        let (path, mut named) = (format!("/families/{{family}}/spaces/{{space}}{path}"), falcon.clone());
        named.blob = taken;
        let body = named.body("POST", &path);
        server.call(&falcon.phone.who, "POST", &falcon.names().fill(&path), body).await.is(204);
    }
    let link = format!("/links/{}", nobodys.link);
    let invite =
        |family| LinkRequest { kind: LinkKind::Invite, family: Some(family), expires_s: 60, post: None };
    let found = server.call(&falcon.phone.who, "PUT", &link, &invite(ann.family.id)).await;
    let never = server.call(&falcon.phone.who, "PUT", &link, &invite(nobodys.family)).await;
    assert_eq!((found.error().0, found.error()), (404, never.error()), "an invite to Ann's family");
    for device in [ann.phone.device, falcon.phone.device] {
        let proof = |family| ProofRequest { family, device, nonce: [1; 32], signature: [1; 64] };
        let found = server.call(&falcon.phone.who, "POST", "/device-proof", &proof(ann.family.id)).await;
        let never = server.call(&falcon.phone.who, "POST", "/device-proof", &proof(nobodys.family)).await;
        assert_eq!((found.error().0, found.error()), (404, never.error()), "a proof for Ann's family");
    }
    // Ann's record id in my own space is just an id: it makes my record, and hers stays.
    let pulled = server
        .call(
            &ann.phone.who,
            "GET",
            &ann.family.path(&format!("/spaces/{}/pull", ann.family.space)),
            Body::None,
        )
        .await;
    let page: kinfolio_protocol::sync::PullResponse = pulled.read();
    let mut item = support::plane::record();
    item.record = page.records[0].record;
    falcon.family.stored(server, &falcon.phone, vec![item]).await;
    assert_eq!(snapshot(server, ann.family.id).await, before, "nothing of Ann's changed");
}

async fn an_id_that_cannot_be_one_is_404(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    for (method, path) in family_routes() {
        let Some((kept, _)) = path.split_once('{') else { continue };
        for id in ["x", "00", &"F".repeat(32), &"0".repeat(33), "%ff%fe", "..%2f..", "%00"] {
            let rest = path.split_once('}').unwrap().1;
            let bent = ann.names().fill(&format!("{kept}{id}{rest}"));
            let answer = server.call(&ann.phone.who, &method, &bent, ann.body(&method, &path)).await;
            assert_eq!(answer.status.as_u16(), 404, "{method} {bent}: {answer}");
        }
    }
}

async fn a_link_tells_a_stranger_nothing_of_the_family(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let stranger = server.account("stranger@example.org").await;
    let eve = server.account("eve@example.org").await;
    let link = format!("/links/{}", ann.link);
    let phone = support::plane::Phone::new(stranger.clone());
    server.call(&stranger, "PUT", &format!("{link}/post"), &support::plane::post_of(&phone)).await.is(204);
    let seen: LinkResponse = server.call(&eve, "GET", &link, Body::None).await.read();
    assert_eq!(
        (seen.email, seen.post, seen.member),
        (None, None, None),
        "who posted is nobody else's business"
    );
    let seen: LinkResponse = server.call(&ann.phone.who, "GET", &link, Body::None).await.read();
    assert_eq!(seen.email.as_deref(), Some("stranger@example.org"));
    server
        .call(&eve, "GET", &format!("/links/{}", kinfolio_protocol::LinkId(random())), Body::None)
        .await
        .is(404);
}
