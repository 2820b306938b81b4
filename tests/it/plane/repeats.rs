//! The same request sent twice changes nothing: every route, compared with every row of the store.

use kinfolio_protocol::FamilyId;
use kinfolio_protocol::family::AppendRequest;
use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::link::{LinkKind, LinkRequest, LinkResponse, LinkState};
use kinfolio_protocol::log::Role;
use kinfolio_protocol::{BlobId, LinkId, sign};
use kinfolio_server::store::{Row, Tx, Value};
use support::on_each_engine;
use support::plane::{Body, Phone, Server, add, post_of, random};

use super::routes::{Household, family_routes};

on_each_engine!(
    the_same_request_twice_gets_the_same_answer_and_changes_nothing,
    a_joining_sent_again_at_every_step_adds_one_device,
    a_stored_joining_sent_again_after_its_link_ended_gets_the_same_answer,
);

/// Every row of a family and of the account plane's tables beside it, what was written down about its members, and
/// every mail that was ever put into the outbox.
pub async fn snapshot(server: &Server, family: FamilyId) -> Vec<String> {
    fn rows(tx: &mut Tx<'_>, of: &str, sql: &'static str) -> Vec<String> {
        let mut rows: Vec<String> =
            tx.query(sql, &[]).unwrap().iter().map(|row: &Row| format!("{of} {row:?}")).collect();
        rows.sort();
        rows
    }
    let mut all = server
        .state
        .store
        .family_read(family, |tx| {
            Ok([
                rows(tx, "family", "SELECT * FROM family"),
                rows(tx, "log_entry", "SELECT * FROM log_entry"),
                rows(tx, "member", "SELECT * FROM member"),
                rows(tx, "device", "SELECT * FROM device"),
                rows(tx, "space", "SELECT * FROM space"),
                rows(tx, "keyring", "SELECT * FROM keyring"),
                rows(tx, "key_grant", "SELECT * FROM key_grant"),
                rows(tx, "record", "SELECT * FROM record"),
                rows(tx, "record_old", "SELECT * FROM record_old"),
                rows(tx, "blob", "SELECT * FROM blob"),
                rows(tx, "blob_part", "SELECT * FROM blob_part"),
                rows(tx, "purge_pending", "SELECT * FROM purge_pending"),
            ]
            .concat())
        })
        .await
        .unwrap();
    all.extend(
        server
            .state
            .store
            .account_read(move |tx| {
                let members = tx.query(
                    "SELECT * FROM memberships WHERE family_id = $1 ORDER BY member_id",
                    &[family.0.into()],
                )?;
                let links = tx
                    .query("SELECT * FROM links WHERE family_id = $1 ORDER BY link_id", &[family.0.into()])?;
                let bindings = tx.query(
                    "SELECT * FROM bindings WHERE family_id = $1 ORDER BY signin_id",
                    &[family.0.into()],
                )?;
                let ordered =
                    tx.query("SELECT * FROM family_erasures WHERE family_id = $1", &[family.0.into()])?;
                let told = tx.query(
                    "SELECT a.* FROM audit a WHERE EXISTS (SELECT 1 FROM memberships m
                        WHERE m.user_id = a.user_id AND m.family_id = $1) ORDER BY a.number",
                    &[family.0.into()],
                )?;
                let waiting = tx.query("SELECT mail_id FROM outbox", &[])?;
                let rows = [members, links, bindings, ordered, told].concat();
                let mails = waiting.iter().map(|row| Ok(mail(&hex(&row.id(0)?))));
                let rows = rows.iter().map(|row| Ok(format!("{row:?}")));
                rows.chain(mails).collect::<Result<Vec<_>, _>>()
            })
            .await
            .unwrap(),
    );
    // The worker writes the file before it takes the row out of the outbox.
    for file in std::fs::read_dir(server.mail()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let id = name.strip_suffix(".eml").and_then(|name| name.split_once('-'));
        all.extend(id.map(|(_, id)| mail(id)));
    }
    all.sort();
    all.dedup();
    all
}

fn mail(id: &str) -> String {
    format!("mail {id}")
}

fn hex(id: &[u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn the_same_request_twice_gets_the_same_answer_and_changes_nothing(server: &Server) {
    let mut ann = Household::new(server, "ann@example.org").await;
    // A new blob and link, and keys lost by the server, so that the first request has something to do.
    (ann.blob, ann.link) = (BlobId(random()), LinkId(random()));
    for sql in ["DELETE FROM keyring", "DELETE FROM key_grant"] {
        server.state.store.family(ann.family.id, move |tx| tx.execute(sql, &[])).await.unwrap();
    }
    let guest = Phone::new(server.account("guest@example.org").await);
    let mut changed = 0;
    let mut routes = family_routes();
    // Complete after the parts, reading after writing, an entry last: it makes an older keyring and grants obsolete.
    routes.sort_by_key(|(method, path)| match (method.as_str(), path.as_str()) {
        ("POST", "/families/{family}/log") => 3,
        (_, path) if path.ends_with("/complete") => 1,
        ("GET" | "DELETE", _) => 2,
        _ => 0,
    });
    for (method, path) in routes {
        let (filled, mut body) = (ann.names().fill(&path), ann.body(&method, &path));
        let who = if path == "/links/{link}/post" { &guest.who } else { &ann.phone.who };
        match path.as_str() {
            // A nonce is for one use: asking again must give another.
            "/device-proof/nonce" => continue,
            "/device-proof" => body = Body::from(&ann.phone.proof(server, ann.family.id).await),
            "/families/{family}/erasure" => {
                body = Body::from(&ann.phone.order(server, ann.family.id, sign::erase_family).await);
            }
            "/families/{family}/erasure/cancel" => {
                body = Body::from(&ann.phone.order(server, ann.family.id, sign::keep_family).await);
            }
            _ => {}
        }
        let begin = snapshot(server, ann.family.id).await;
        let first = server.call(who, &method, &filled, body.clone()).await;
        assert!(first.status.is_success(), "{method} {path}: {first}");
        let once = snapshot(server, ann.family.id).await;
        // Time goes on between a request and its repetition.
        server.clock.advance(90);
        let second = server.call(who, &method, &filled, body).await;
        let twice = snapshot(server, ann.family.id).await;
        let more: Vec<_> = twice.iter().filter(|row| !once.contains(row)).collect();
        assert!(once == twice, "{method} {path} changed something again: {more:?}");
        if path.ends_with("/push") {
            let (first, second): (
                kinfolio_protocol::sync::PushResponse,
                kinfolio_protocol::sync::PushResponse,
            ) = (first.read(), second.read());
            assert_eq!((first.head, first.results[0].seq), (second.head, second.results[0].seq));
        } else {
            assert_eq!(first, second, "{method} {path}");
        }
        changed += usize::from(begin != once);
    }
    assert!(changed >= 10, "{changed} requests changed something the first time");
}

async fn a_joining_sent_again_at_every_step_adds_one_device(server: &Server) {
    let mut ann = Household::new(server, "ann@example.org").await;
    let ben = Phone::new(server.account("ben@example.org").await);
    let link = LinkId(random());
    let (open, path) = (
        LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 3600, post: Some(post_of(&ben)) },
        format!("/links/{link}"),
    );
    for _ in 0..2 {
        server.call(&ben.who, "PUT", &path, &open).await.is(204);
    }
    let mut request = ann.family.next(&ann.phone, vec![add(&ben, Role::Parent)], None);
    let number = request.entry.body().number;
    request.grants.push(ann.family.grant(&ann.phone, number, GrantKind::Join, Recipient::Device(ben.device)));
    request.link = Some(link);
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(server.call(&ann.phone.who, "POST", &ann.family.path("/log"), &request).await.is(200));
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    ann.family.log.apply(&request.entry).unwrap();
    let proof = ben.proof(server, ann.family.id).await;
    for _ in 0..2 {
        server.call(&ben.who, "POST", "/device-proof", &proof).await.is(204);
    }
    let ack = ann.family.path(&format!("/grants/{number}"));
    for _ in 0..2 {
        server.call(&ben.who, "DELETE", &ack, Body::None).await.is(204);
    }
    let devices = server
        .state
        .store
        .family_read(ann.family.id, |tx| tx.query("SELECT device_id FROM device", &[]))
        .await
        .unwrap();
    assert_eq!(devices.len(), 2);
}

/// A server that dies after storing the entry leaves the link open; the phone asks again when it has a network.
async fn a_stored_joining_sent_again_after_its_link_ended_gets_the_same_answer(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let ben = Phone::new(server.account("ben@example.org").await);
    let cem = Phone::new(server.account("cem@example.org").await);
    let (link, others) = (LinkId(random()), LinkId(random()));
    for (phone, link) in [(&ben, link), (&cem, others)] {
        let post = Some(post_of(phone));
        let open = LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 3600, post };
        server.call(&phone.who, "PUT", &format!("/links/{link}"), &open).await.is(204);
    }
    let mut request = ann.family.next(&ann.phone, vec![add(&ben, Role::Parent)], None);
    let number = request.entry.body().number;
    request.grants.push(ann.family.grant(&ann.phone, number, GrantKind::Join, Recipient::Device(ben.device)));
    request.link = Some(link);
    let log = ann.family.path("/log");
    let first = server.call(&ann.phone.who, "POST", &log, &request).await.is(200);
    let unsettled = server.state.store.account(move |tx| {
        let open = "UPDATE links SET number = $1, family_id = $2 WHERE link_id = $3";
        tx.execute(open, &[Value::Null, Value::Null, link.0.into()])
    });
    assert_eq!(unsettled.await.unwrap(), 1);
    // Another's link under the stored entry: nothing of it is closed.
    let foreign = AppendRequest { link: Some(others), ..request.clone() };
    server.call(&ann.phone.who, "POST", &log, &foreign).await;
    let state = async |phone: &Phone, link: LinkId| {
        let reply = server.call(&phone.who, "GET", &format!("/links/{link}"), Body::None).await;
        reply.read::<LinkResponse>().state
    };
    assert_eq!(state(&cem, others).await, LinkState::Posted);
    server.clock.advance(3601);
    assert_eq!(state(&ben, link).await, LinkState::Expired);
    let late = server.call(&ann.phone.who, "POST", &log, &request).await;
    assert_eq!(late, first);
    assert_eq!(state(&ben, link).await, LinkState::Joined, "the rest was made up for");
    // A month later the link is forgotten, the entry is not.
    let swept = server
        .state
        .store
        .account(move |tx| tx.execute("DELETE FROM links WHERE link_id = $1", &[link.0.into()]));
    assert_eq!(swept.await.unwrap(), 1);
    assert_eq!(server.call(&ann.phone.who, "POST", &log, &request).await, first);
}
