//! Links: one use, in time, for whom they were made; joining goes on after any lost answer.

use kinfolio_protocol::family::AppendRequest;
use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::link::{LinkKind, LinkRequest, LinkResponse, LinkState};
use kinfolio_protocol::log::{Change, Role};
use kinfolio_protocol::{FamilyId, LinkId};
use kinfolio_server::store::Tx;
use support::browser::mails_to;
use support::on_each_engine;
use support::plane::{Answer, Body, Family, Phone, Server, add, epoch, post_of, random};
use support::server::mail_is_out;

on_each_engine!(
    an_invite_and_an_ask_tell_both_sides_how_far_they_are,
    a_shares_device_learns_nothing_about_who_joins,
    a_link_serves_one_phone_once_and_in_time,
    a_link_adds_only_the_keys_that_were_posted,
    a_refused_entry_leaves_nobody_a_member,
    links_of_a_removed_device_die_with_it,
    nobody_fills_a_server_with_links,
    a_known_member_joins_with_another_phone_as_the_same_member,
    links_and_nonces_whose_time_is_over_leave_though_nobody_makes_another,
    a_stolen_token_brings_its_account_into_no_other_family_and_who_comes_into_one_more_is_told,
);

fn invite(family: FamilyId) -> LinkRequest {
    LinkRequest { kind: LinkKind::Invite, family: Some(family), expires_s: 3600, post: None }
}

fn answering(family: &Family, by: &Phone, phone: &Phone, link: LinkId) -> AppendRequest {
    let mut request = family.next(by, vec![add(phone, Role::Parent)], None);
    let number = request.entry.body().number;
    request.grants.push(family.grant(by, number, GrantKind::Join, Recipient::Device(phone.device)));
    request.link = Some(link);
    request
}

async fn look(server: &Server, phone: &Phone, link: LinkId) -> LinkResponse {
    server.call(&phone.who, "GET", &format!("/links/{link}"), Body::None).await.read()
}

async fn an_invite_and_an_ask_tell_both_sides_how_far_they_are(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let cem = Phone::new(server.account("cem@example.org").await);
    let mut family = Family::founded(server, &ann).await;

    let link = LinkId(random());
    server.call(&ann.who, "PUT", &format!("/links/{link}"), &invite(family.id)).await.is(204);
    assert_eq!(look(server, &ben, link).await.state, LinkState::Open);
    assert_eq!(look(server, &ben, link).await.family, Some(family.id));
    let post = post_of(&ben);
    server.call(&ben.who, "PUT", &format!("/links/{link}/post"), &post).await.is(204);
    let seen = look(server, &ann, link).await;
    assert_eq!((seen.state, seen.email.as_deref()), (LinkState::Posted, Some("ben@example.org")));
    assert_eq!((seen.post.as_ref(), seen.member), (Some(&post), None));
    let request = answering(&family, &ann, &ben, link);
    family.append(server, &ann, &request).await;
    let seen = look(server, &ben, link).await;
    assert_eq!((seen.state, seen.number), (LinkState::Joined, Some(2)));

    let link = LinkId(random());
    let ask = LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 600, post: Some(post_of(&cem)) };
    server.call(&cem.who, "PUT", &format!("/links/{link}"), &ask).await.is(204);
    let seen = look(server, &ann, link).await;
    assert_eq!((seen.state, seen.email.as_deref()), (LinkState::Posted, Some("cem@example.org")));
    let request = answering(&family, &ann, &cem, link);
    family.append(server, &ann, &request).await;
    let seen = look(server, &cem, link).await;
    assert_eq!((seen.state, seen.family, seen.number), (LinkState::Joined, Some(family.id), Some(3)));
    for phone in [&ben, &cem] {
        phone.bind(server, family.id).await;
        server.call(&phone.who, "GET", &family.path("/quota"), Body::None).await.is(200);
    }
}

async fn a_shares_device_learns_nothing_about_who_joins(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let tutor = Phone::new(server.account("tutor@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    let share = family.share(server, &ann).await;
    family.joined(server, &ann, &tutor, Role::Share(share)).await;
    let link = LinkId(random());
    server.call(&tutor.who, "PUT", &format!("/links/{}", LinkId(random())), &invite(family.id)).await.is(404);
    server.call(&ann.who, "PUT", &format!("/links/{link}"), &invite(family.id)).await.is(204);
    server.call(&ben.who, "PUT", &format!("/links/{link}/post"), &post_of(&ben)).await.is(204);
    assert!(look(server, &ann, link).await.email.is_some());
    let seen = look(server, &tutor, link).await;
    assert_eq!((seen.state, seen.post, seen.email), (LinkState::Posted, None, None));
}

async fn a_link_serves_one_phone_once_and_in_time(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let eve = Phone::new(server.account("eve@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    let (link, post) = (LinkId(random()), |link: LinkId| format!("/links/{link}/post"));
    let path = format!("/links/{link}");
    server.call(&ann.who, "PUT", &path, &invite(family.id)).await.is(204);
    // Another opening of the same link, and another asker for it.
    server
        .call(
            &eve.who,
            "PUT",
            &path,
            &LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 60, post: Some(post_of(&eve)) },
        )
        .await
        .is(409);
    server.call(&ben.who, "PUT", &post(link), &post_of(&ben)).await.is(204);
    server.call(&eve.who, "PUT", &post(link), &post_of(&eve)).await.is(409);
    let request = answering(&family, &ann, &ben, link);
    family.append(server, &ann, &request).await;
    let again = Phone { member: ben.member, ..Phone::new(server.sign_in(ben.who.account).await) };
    let refused = answering(&family, &ann, &again, link);
    server.call(&ann.who, "POST", &family.path("/log"), &refused).await.is(409);

    let late = LinkId(random());
    server.call(&ann.who, "PUT", &format!("/links/{late}"), &invite(family.id)).await.is(204);
    server.clock.advance(3601);
    server.call(&eve.who, "PUT", &post(late), &post_of(&eve)).await.is(409);
    assert_eq!(look(server, &eve, late).await.state, LinkState::Expired);
    for expires_s in [0, 48 * 3600 + 1, u64::MAX] {
        let odd = LinkRequest { expires_s, ..invite(family.id) };
        server.call(&ann.who, "PUT", &format!("/links/{}", LinkId(random())), &odd).await.is(400);
    }
}

async fn a_link_adds_only_the_keys_that_were_posted(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let family = Family::founded(server, &ann).await;
    let link = LinkId(random());
    server.call(&ann.who, "PUT", &format!("/links/{link}"), &invite(family.id)).await.is(204);
    let swapped = Phone { kem_pk: random(), ..ben.clone() };
    let early = answering(&family, &ann, &ben, link);
    server.call(&ann.who, "POST", &family.path("/log"), &early).await.is(409);
    server.call(&ben.who, "PUT", &format!("/links/{link}/post"), &post_of(&ben)).await.is(204);
    let wrong = answering(&family, &ann, &swapped, link);
    server.call(&ann.who, "POST", &family.path("/log"), &wrong).await.is(409);
    let mut nobody = family.next(&ann, vec![], None);
    nobody.link = Some(link);
    server.call(&ann.who, "POST", &family.path("/log"), &nobody).await.is(400);
    let mut other = early.clone();
    other.link = Some(LinkId(random()));
    server.call(&ann.who, "POST", &family.path("/log"), &other).await.is(409);
    server.call(&ann.who, "POST", &family.path("/log"), &early).await.is(200);
}

async fn a_refused_entry_leaves_nobody_a_member(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    let link = LinkId(random());
    server.call(&ann.who, "PUT", &format!("/links/{link}"), &invite(family.id)).await.is(204);
    server.call(&ben.who, "PUT", &format!("/links/{link}/post"), &post_of(&ben)).await.is(204);
    let late = answering(&family, &ann, &ben, link);
    let request = family.next(&ann, vec![], None);
    family.append(server, &ann, &request).await;
    let lost = server.call(&ann.who, "POST", &family.path("/log"), &late).await;
    assert_eq!((lost.status.as_u16(), lost.code().as_str()), (409, "log_behind"));
    server.call(&ben.who, "GET", &family.path("/log"), Body::None).await.is(404);
    // Built anew it goes through: the link is still open.
    let request = answering(&family, &ann, &ben, link);
    family.append(server, &ann, &request).await;
    ben.bind(server, family.id).await;
}

async fn nobody_fills_a_server_with_links(server: &Server) {
    let eve = Phone::new(server.account("eve@example.org").await);
    let ask = |post| LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 600, post: Some(post) };
    for _ in 0..50 {
        let path = format!("/links/{}", LinkId(random()));
        server.call(&eve.who, "PUT", &path, &ask(post_of(&eve))).await.is(204);
    }
    let path = format!("/links/{}", LinkId(random()));
    let refused = server.call(&eve.who, "PUT", &path, &ask(post_of(&eve))).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after").is_empty()), (429, false));
    server.call(&eve.who, "GET", &path, Body::None).await.is(404);
    server.clock.advance(601);
    server.call(&eve.who, "PUT", &path, &ask(post_of(&eve))).await.is(204);
}

async fn a_stolen_token_brings_its_account_into_no_other_family_and_who_comes_into_one_more_is_told(
    server: &Server,
) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let eve = Phone::new(server.account("eve@example.org").await);
    let home = Family::founded(server, &ann).await;
    let mut family = Family::founded(server, &eve).await;
    let step_up = |answer: &Answer| assert_eq!(answer.code(), "insufficient_user_authentication");
    server.clock.advance(601);
    // A phone of Eve's, and the token of Ann's.
    let stolen = Phone::new(ann.who.clone());
    let link = LinkId(random());
    server.call(&eve.who, "PUT", &format!("/links/{link}"), &invite(family.id)).await.is(204);
    let post = format!("/links/{link}/post");
    step_up(&server.call(&stolen.who, "PUT", &post, &post_of(&stolen)).await);
    let ask = LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 600, post: Some(post_of(&stolen)) };
    let asked = format!("/links/{}", LinkId(random()));
    step_up(&server.call(&stolen.who, "PUT", &asked, &ask).await);
    let request = family.next(&eve, vec![add(&stolen, Role::Parent)], None);
    family.append(server, &eve, &request).await;
    let proof = stolen.proof(server, family.id).await;
    step_up(&server.call(&stolen.who, "POST", "/device-proof", &proof).await);
    assert!(mails_to(&server.mail(), "ann@example.org").is_empty());
    // Into her own family comes another phone of hers without more.
    let own = LinkId(random());
    server.call(&ann.who, "PUT", &format!("/links/{own}"), &invite(home.id)).await.is(204);
    server.call(&stolen.who, "PUT", &format!("/links/{own}/post"), &post_of(&stolen)).await.is(204);
    // Who has just signed in may, and hears of it.
    let signed_in = Phone::new(server.sign_in(ann.who.account).await);
    family.joined(server, &eve, &signed_in, Role::Parent).await;
    mail_is_out(&server.state).await;
    let told = mails_to(&server.mail(), "ann@example.org");
    assert!(matches!(&told[..], [one] if one.contains("Your account came into a family")), "{told:?}");
    assert!(mails_to(&server.mail(), "eve@example.org").is_empty(), "her first");
}

async fn links_and_nonces_whose_time_is_over_leave_though_nobody_makes_another(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    // One link that was said yes to, one that nobody answered, and a nonce that nobody signed.
    family.joined(server, &ann, &ben, Role::Parent).await;
    server.call(&ann.who, "PUT", &format!("/links/{}", LinkId(random())), &invite(family.id)).await.is(204);
    server.call(&ann.who, "POST", "/device-proof/nonce", Body::None).await.is(200);
    let left = async || {
        kinfolio_server::sweep::account_plane(&server.state).await.unwrap();
        let count = |tx: &mut Tx<'_>, sql| tx.query(sql, &[]).map(|rows| rows.len());
        let read = server.state.store.account_read(move |tx| {
            Ok((count(tx, "SELECT 1 FROM links")?, count(tx, "SELECT 1 FROM proof_nonces")?))
        });
        read.await.unwrap()
    };
    assert_eq!(left().await, (2, 3));
    server.clock.advance(3_600 + 86_400 - 1);
    assert_eq!(left().await, (2, 0));
    server.clock.advance(2);
    assert_eq!(left().await, (1, 0));
    server.clock.advance(29 * 86_400);
    assert_eq!(left().await, (0, 0));
}

async fn links_of_a_removed_device_die_with_it(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let eve = Phone::new(server.account("eve@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    family.joined(server, &ann, &ben, Role::Parent).await;
    let link = LinkId(random());
    server.call(&ben.who, "PUT", &format!("/links/{link}"), &invite(family.id)).await.is(204);
    let gone = vec![
        Change::RemoveMember(ben.member),
        Change::RemoveDevices(vec![ben.device]),
        Change::ClearRecovery,
        epoch(family.space, 2, 0),
    ];
    let request = family.next(&ann, gone, None);
    family.append(server, &ann, &request).await;
    server.call(&eve.who, "PUT", &format!("/links/{link}/post"), &post_of(&eve)).await.is(404);
    let fresh = LinkId(random());
    server.call(&ben.who, "PUT", &format!("/links/{fresh}"), &invite(family.id)).await.is(404);
}

async fn a_known_member_joins_with_another_phone_as_the_same_member(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    let new = Phone::new(server.sign_in(ann.who.account).await);
    let link = LinkId(random());
    let ask = LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 600, post: Some(post_of(&new)) };
    server.call(&new.who, "PUT", &format!("/links/{link}"), &ask).await.is(204);
    let seen = look(server, &ann, link).await;
    assert_eq!(seen.member, Some(ann.member), "the approver's phone is told whose phone it is");
    let new = Phone { member: ann.member, ..new };
    let request = answering(&family, &ann, &new, link);
    family.append(server, &ann, &request).await;
    new.bind(server, family.id).await;
    // A member belongs to one account.
    let eve = Phone { member: ann.member, ..Phone::new(server.account("eve@example.org").await) };
    let link = LinkId(random());
    let ask = LinkRequest { kind: LinkKind::Ask, family: None, expires_s: 600, post: Some(post_of(&eve)) };
    server.call(&eve.who, "PUT", &format!("/links/{link}"), &ask).await.is(204);
    let request = answering(&family, &ann, &eve, link);
    server.call(&ann.who, "POST", &family.path("/log"), &request).await.is(409);
}
