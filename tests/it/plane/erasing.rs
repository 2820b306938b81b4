//! A family's copy that goes by a signed order: who orders it, who is told, who calls it off, who founds it again.

use kinfolio_protocol::SpaceId;
use kinfolio_protocol::family::{EndedBy, ErasureItem, Notices};
use kinfolio_protocol::grant::{GrantKind, Recipient};
use kinfolio_protocol::log::{Change, Role, Signer};
use kinfolio_protocol::sign::{self, SigningKey};
use kinfolio_server::clock::Clock as _;
use kinfolio_server::store::Tx;
use support::browser::mails_to;
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server, epoch, key_of, order, random, record, recovery};
use support::server::mail_is_out;

on_each_engine!(
    a_parents_signature_erases_the_family_after_fourteen_days_with_notices_to_every_phone_and_parent,
    any_parents_phone_calls_the_erasing_off_and_an_old_order_does_not_come_back,
    an_erasing_that_was_broken_off_goes_on_and_nothing_calls_it_off_any_more,
    the_recovery_key_erases_and_keeps_from_any_account,
    a_share_a_stolen_token_and_wrong_signatures_erase_nothing,
    an_erased_family_is_founded_again_by_who_was_a_parent_at_its_end_and_nobody_else,
    every_parents_phone_is_told_that_the_recovery_grant_was_read,
);

const DAY: i64 = 86_400;
const ANN: &str = "ann@example.org";
const BEN: &str = "ben@example.org";
const TUTOR: &str = "tutor@example.org";

/// Ann's and Ben's phones in one family, and a tutor's.
struct Home {
    ann: Phone,
    ben: Phone,
    tutor: Phone,
    share: SpaceId,
    family: Family,
}

impl Home {
    async fn new(server: &Server) -> Self {
        let [ann, ben, tutor] = [ANN, BEN, TUTOR].map(|email| server.account(email));
        let [ann, ben, tutor] = [ann.await, ben.await, tutor.await].map(Phone::new);
        let mut family = Family::founded(server, &ann).await;
        family.joined(server, &ann, &ben, Role::Parent).await;
        let share = family.share(server, &ann).await;
        family.joined(server, &ann, &tutor, Role::Share(share)).await;
        family.stored(server, &ann, vec![record()]).await;
        Self { ann, ben, tutor, share, family }
    }

    async fn told(&self, server: &Server, phone: &Phone) -> Notices {
        server.call(&phone.who, "GET", &self.family.path("/notices"), Body::None).await.is(200).read()
    }

    /// How a request about the family's copy is answered that this phone signs.
    async fn ordered(&self, server: &Server, by: &Phone) -> ErasureItem {
        let request = by.order(server, self.family.id, sign::erase_family).await;
        server.call(&by.who, "POST", &self.family.path("/erasure"), &request).await.is(200).read()
    }

    async fn is_there(&self, server: &Server) -> bool {
        let quota = server.call(&self.ann.who, "GET", &self.family.path("/quota"), Body::None).await;
        quota.status.is_success()
    }
}

async fn sweep(server: &Server) {
    kinfolio_server::erase::round(&server.state).await.expect("a sweep");
}

/// How many mails with this subject came.
async fn mails(server: &Server, email: &str, subject: &str) -> usize {
    mail_is_out(&server.state).await;
    let line = format!("Subject: {subject}");
    mails_to(&server.mail(), email).iter().filter(|mail| mail.contains(&line)).count()
}

const ORDERED: &str = "Your family's sealed copy is about to be erased";
const STAYS: &str = "Your family's sealed copy stays";
const ERASED: &str = "Your family's sealed copy was erased";

async fn a_parents_signature_erases_the_family_after_fourteen_days_with_notices_to_every_phone_and_parent(
    server: &Server,
) {
    let home = Home::new(server).await;
    let due_ms = u64::try_from(server.clock.now_us() / 1000 + 14 * DAY * 1000).unwrap();
    let wanted = ErasureItem { due_ms, by: EndedBy::Device, device: Some(home.ben.device) };
    assert_eq!(home.ordered(server, &home.ben).await, wanted);
    for phone in [&home.ann, &home.ben, &home.tutor] {
        assert_eq!(home.told(server, phone).await.erasure, Some(wanted));
    }
    server.clock.advance(DAY);
    assert_eq!(home.ordered(server, &home.ann).await, wanted, "ordered again it goes on as it is");
    for (days, count) in [(0, 1), (9, 1), (1, 2), (2, 2)] {
        server.clock.advance(days * DAY);
        sweep(server).await;
        for email in [ANN, BEN] {
            assert_eq!(mails(server, email, ORDERED).await, count, "{email} {days} days on");
        }
    }
    assert_eq!(mails(server, TUTOR, ORDERED).await, 0);
    server.clock.advance(DAY - 1);
    sweep(server).await;
    assert!(home.is_there(server).await);
    server.clock.advance(1);
    sweep(server).await;
    for phone in [&home.ann, &home.ben, &home.tutor] {
        server.call(&phone.who, "GET", &home.family.path("/notices"), Body::None).await.is(404);
        server.call(&phone.who, "GET", "/me", Body::None).await.is(200);
    }
    assert_eq!((mails(server, ANN, ERASED).await, mails(server, BEN, ERASED).await), (1, 1));
    let gone = server.state.store.family_read(home.family.id, |_| Ok(())).await;
    assert_eq!(gone.unwrap_err().status(), 404);
    for sql in ["SELECT 1 FROM memberships", "SELECT 1 FROM bindings", "SELECT 1 FROM family_erasures"] {
        let left = server.state.store.account_read(move |tx| tx.query(sql, &[])).await.unwrap();
        assert_eq!(left.len(), 0, "{sql}");
    }
}

async fn any_parents_phone_calls_the_erasing_off_and_an_old_order_does_not_come_back(server: &Server) {
    let home = Home::new(server).await;
    let path = home.family.path("/erasure");
    let cancel = home.family.path("/erasure/cancel");
    let ordered = home.ann.order(server, home.family.id, sign::erase_family).await;
    server.call(&home.ann.who, "POST", &path, &ordered).await.is(200);
    let kept = home.ben.order(server, home.family.id, sign::keep_family).await;
    server.call(&home.ben.who, "POST", &cancel, &kept).await.is(204);
    assert_eq!(home.told(server, &home.ann).await, Notices::default());
    assert_eq!((mails(server, ANN, STAYS).await, mails(server, BEN, STAYS).await), (1, 1));
    // A line that sends the first request once more.
    server.call(&home.ann.who, "POST", &path, &ordered).await.is(409);
    // Ordered anew, the old word against it does not count either.
    home.ordered(server, &home.ann).await;
    server.call(&home.ben.who, "POST", &cancel, &kept).await.is(204);
    assert!(home.told(server, &home.ben).await.erasure.is_some());
    let kept = home.ben.order(server, home.family.id, sign::keep_family).await;
    server.call(&home.ben.who, "POST", &cancel, &kept).await.is(204);
    server.clock.advance(40 * DAY);
    sweep(server).await;
    assert!(home.is_there(server).await);
}

async fn an_erasing_that_was_broken_off_goes_on_and_nothing_calls_it_off_any_more(server: &Server) {
    let home = Home::new(server).await;
    home.ordered(server, &home.ann).await;
    server.clock.advance(11 * DAY);
    sweep(server).await;
    server.clock.advance(3 * DAY);
    // Killed after it was decided, before anything went.
    let now = server.clock.now_us();
    let begin = move |tx: &mut Tx<'_>| tx.execute("UPDATE family_erasures SET begun_at = $1", &[now.into()]);
    server.state.store.account(begin).await.unwrap();
    let kept = home.ben.order(server, home.family.id, sign::keep_family).await;
    server.call(&home.ben.who, "POST", &home.family.path("/erasure/cancel"), &kept).await.is(409);
    assert!(home.told(server, &home.ben).await.erasure.is_some(), "it goes on");
    // Killed again after the rows and the file. Whoever founds it now waits: the rest of the end would take that, too.
    server.state.store.erase_family(home.family.id).await.unwrap();
    server.call(&home.ann.who, "POST", "/families", &home.family.request()).await.is(503);
    sweep(server).await;
    let left = |sql: &'static str| server.state.store.account_read(move |tx| tx.query(sql, &[]));
    for sql in ["SELECT 1 FROM memberships", "SELECT 1 FROM bindings", "SELECT 1 FROM family_erasures"] {
        assert_eq!(left(sql).await.unwrap().len(), 0, "{sql}");
    }
    assert_eq!(left("SELECT 1 FROM users").await.unwrap().len(), 3, "the accounts stay");
}

async fn the_recovery_key_erases_and_keeps_from_any_account(server: &Server) {
    let mut home = Home::new(server).await;
    let paper = SigningKey::from_bytes(&random());
    let mut request = home.family.next(&home.ann, vec![recovery(&paper)], Some(&paper));
    let signer = Signer::Recovery(paper.verifying_key().to_bytes());
    let to = Recipient::Recovery(paper.verifying_key().to_bytes());
    let number = request.entry.body().number;
    request.recovery = Some(home.family.grant(&home.ann, number, GrantKind::Recovery, to));
    home.family.append(server, &home.ann, &request).await;
    let (family, stranger) = (home.family.id, server.account("new@example.org").await);
    let (path, cancel) = (home.family.path("/erasure"), home.family.path("/erasure/cancel"));
    // Other words: to a stranger there is no such family.
    let other = key_of(9);
    let others = Signer::Recovery(other.verifying_key().to_bytes());
    for (signer, key) in [(others, &other), (signer, &other)] {
        let request = order(server, &stranger, family, signer, key, sign::erase_family).await;
        server.call(&stranger, "POST", &path, &request).await.is(404);
    }
    let request = order(server, &stranger, family, signer, &paper, sign::erase_family).await;
    let due: ErasureItem = server.call(&stranger, "POST", &path, &request).await.is(200).read();
    assert_eq!((due.by, due.device), (EndedBy::Recovery, None));
    assert_eq!(home.told(server, &home.tutor).await.erasure, Some(due));
    let request = order(server, &stranger, family, signer, &paper, sign::keep_family).await;
    server.call(&stranger, "POST", &cancel, &request).await.is(204);
    assert_eq!(home.told(server, &home.ann).await.erasure, None);
}

async fn a_share_a_stolen_token_and_wrong_signatures_erase_nothing(server: &Server) {
    let home = Home::new(server).await;
    let (family, path) = (home.family.id, home.family.path("/erasure"));
    let cleo = Phone::new(server.account("cleo@example.org").await);
    Family::founded(server, &cleo).await;
    let request = home.tutor.order(server, family, sign::erase_family).await;
    server.call(&home.tutor.who, "POST", &path, &request).await.is(404);
    // Ann's token without her device; her device's word for something else, for another sign-in, too late.
    let thief = key_of(7);
    let forged =
        order(server, &home.ann.who, family, Signer::Device(home.ann.device), &thief, sign::erase_family);
    let other_verb = home.ann.order(server, family, sign::keep_family).await;
    let foreign = home.ben.order(server, family, sign::erase_family).await;
    for request in [forged.await, other_verb, foreign] {
        let answer = server.call(&home.ann.who, "POST", &path, &request).await.is(400);
        assert_eq!(answer.code(), "proof_invalid");
    }
    let late = home.ann.order(server, family, sign::erase_family).await;
    server.clock.advance(121);
    server.call(&home.ann.who, "POST", &path, &late).await.is(400);
    // A sign-in that is not bound, with the very signature of the device.
    let unbound = Phone { who: server.sign_in(home.ann.who.account).await, ..home.ann.clone() };
    let request = unbound.order(server, family, sign::erase_family).await;
    server.call(&unbound.who, "POST", &path, &request).await.is(403);
    // A parent of another family.
    let request = cleo.order(server, family, sign::erase_family).await;
    server.call(&cleo.who, "POST", &path, &request).await.is(404);
    assert_eq!(home.told(server, &home.ann).await, Notices::default());
    // Nor does any of them call it off.
    home.ordered(server, &home.ann).await;
    let cancel = home.family.path("/erasure/cancel");
    let request = home.tutor.order(server, family, sign::keep_family).await;
    server.call(&home.tutor.who, "POST", &cancel, &request).await.is(404);
    let signer = Signer::Device(home.ben.device);
    let request = order(server, &home.ben.who, family, signer, &thief, sign::keep_family).await;
    server.call(&home.ben.who, "POST", &cancel, &request).await.is(400);
    assert!(home.told(server, &home.ann).await.erasure.is_some());
}

async fn an_erased_family_is_founded_again_by_who_was_a_parent_at_its_end_and_nobody_else(server: &Server) {
    let mut home = Home::new(server).await;
    // Ben's second phone never heard that the first one was removed; nor did the first.
    let spare = Phone { member: home.ben.member, ..Phone::new(server.sign_in(home.ben.who.account).await) };
    home.family.joined(server, &home.ann, &spare, Role::Parent).await;
    let before = home.family.clone();
    let mut changes = vec![Change::RemoveDevices(vec![home.ben.device])];
    for (space, head) in [(home.family.space, 1), (home.share, 0)] {
        changes.push(epoch(space, 2, head));
    }
    let mut request = home.family.next(&home.ann, changes, None);
    let number = request.entry.body().number;
    for phone in [&spare, &home.tutor] {
        let to = Recipient::Device(phone.device);
        request.grants.push(home.family.grant(&home.ann, number, GrantKind::Member, to));
    }
    home.family.append(server, &home.ann, &request).await;
    let known = home.family.clone();
    let request = home.family.next(&home.ann, vec![], None);
    home.family.append(server, &home.ann, &request).await;
    home.ordered(server, &home.ann).await;
    // However late the server comes to it, the end waits for three days after the second mail.
    for days in [14, 3] {
        server.clock.advance(days * DAY);
        sweep(server).await;
    }
    assert!(!home.is_there(server).await);
    // A removed phone, with the log that it knows and with all of it; a tutor's; a parent's without a signature, and one
    // that would let the removed one in again.
    for (phone, family) in
        [(&home.ben, &before), (&home.ben, &home.family), (&home.tutor, &home.family), (&spare, &before)]
    {
        let request = phone.founding_again(server, family).await;
        server.call(&phone.who, "POST", "/families", request).await.is(409);
    }
    server.call(&home.ann.who, "POST", "/families", &home.family.request()).await.is(409);
    let forger = Phone { key: key_of(8), ..home.ann.clone() };
    let request = forger.founding_again(server, &home.family).await;
    server.call(&forger.who, "POST", "/families", request).await.is(409);
    let rows = server.state.store.account_read(|tx| tx.query("SELECT 1 FROM memberships", &[])).await;
    assert_eq!(rows.unwrap().len(), 0, "a refusal leaves nothing");
    // What it missed was no removal.
    let request = spare.founding_again(server, &known).await;
    for _ in 0..2 {
        server.call(&spare.who, "POST", "/families", request.clone()).await.is(201);
    }
    spare.bind(server, home.family.id).await;
    home.ann.bind(server, home.family.id).await;
    assert!(home.is_there(server).await);
    let proof = home.ben.proof(server, home.family.id).await;
    server.call(&home.ben.who, "POST", "/device-proof", &proof).await.is(404);
}

async fn every_parents_phone_is_told_that_the_recovery_grant_was_read(server: &Server) {
    let mut home = Home::new(server).await;
    let paper = SigningKey::from_bytes(&random());
    let mut request = home.family.next(&home.ann, vec![recovery(&paper)], Some(&paper));
    let to = Recipient::Recovery(paper.verifying_key().to_bytes());
    let number = request.entry.body().number;
    request.recovery = Some(home.family.grant(&home.ann, number, GrantKind::Recovery, to));
    home.family.append(server, &home.ann, &request).await;
    let path = home.family.path("/recovery");
    server.call(&home.ann.who, "GET", &path, Body::None).await.is(200);
    assert_eq!(home.told(server, &home.ann).await, Notices::default(), "a parent's phone may");
    let thief = server.sign_in(home.ben.who.account).await;
    server.call(&thief, "GET", &path, Body::None).await.is(200);
    let at_ms = u64::try_from(server.clock.now_us() / 1000).unwrap();
    for phone in [&home.ann, &home.ben] {
        let read = home.told(server, phone).await.recovery_read.expect("told");
        assert_eq!((read.at_ms, read.member), (at_ms, home.ben.member));
    }
    assert_eq!(home.told(server, &home.tutor).await, Notices::default());
    server.clock.advance(91 * DAY);
    assert_eq!(home.told(server, &home.ann).await, Notices::default());
}
