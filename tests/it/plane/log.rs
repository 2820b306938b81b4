//! The log on the server: what it refuses, and who wins a race.

use kinfolio_protocol::family::SealedKeyring;
use kinfolio_protocol::grant::{Grant, GrantKind, Recipient};
use kinfolio_protocol::log::{Body as EntryBody, Change, Entry, Log, Role, Signer};
use kinfolio_protocol::{Hash32, encode};
use support::on_each_engine;
use support::plane::{Body, Family, Phone, Server, epoch, key_of, random, record, recovery, sealed};

use super::repeats::snapshot;
use super::routes::Household;

on_each_engine!(
    a_forged_reordered_or_foreign_entry_is_refused,
    of_two_entries_for_one_place_one_wins,
    a_new_epoch_must_name_the_head_that_the_server_has,
    a_log_is_read_in_pages_and_replays,
    an_entry_without_its_keyring_or_with_false_grants_is_refused,
    a_removed_parents_paper_and_grants_are_gone,
    a_keyring_goes_back_only_as_the_log_pins_it,
);

async fn a_forged_reordered_or_foreign_entry_is_refused(server: &Server) {
    let ann = Household::new(server, "ann@example.org").await;
    let falcon = Household::new(server, "falcon@example.org").await;
    let (log, phone) = (ann.family.path("/log"), &ann.phone);
    let before = snapshot(server, ann.family.id).await;
    let good = ann.family.next(phone, vec![], None);
    let resigned = |body: EntryBody, key: &kinfolio_protocol::sign::SigningKey| {
        let mut request = good.clone();
        request.entry = Entry::sign(body, key, None);
        request.grants.clear();
        request
    };
    let body = good.entry.body().clone();
    let forged = resigned(body.clone(), &key_of(1));
    let foreign = resigned(EntryBody { family: falcon.family.id, ..body.clone() }, &phone.key);
    let unlisted = resigned(
        EntryBody { signer: Signer::Device(falcon.phone.device), ..body.clone() },
        &falcon.phone.key,
    );
    let beginning = EntryBody { keyring: Hash32(random()), ..ann.family.entries[0].body().clone() };
    let founding = resigned(beginning, &phone.key);
    let gap = resigned(EntryBody { number: body.number + 1, ..body.clone() }, &phone.key);
    let departing = resigned(EntryBody { previous: Hash32(random()), ..body.clone() }, &phone.key);
    let lawless = EntryBody { changes: vec![Change::Found(ann.family.space)], ..body };
    for (request, status, code, why) in [
        (forged, 400, "log_invalid", "forged"),
        (foreign, 400, "log_invalid", "another family's"),
        (unlisted, 400, "log_invalid", "signed by a stranger"),
        (founding.clone(), 409, "log_behind", "another beginning"),
        (gap, 409, "log_behind", "a gap"),
        (departing, 409, "log_behind", "another chain"),
        (resigned(lawless, &phone.key), 400, "log_invalid", "a rule"),
    ] {
        let answer = server.call(&phone.who, "POST", &log, &request).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (status, code), "{why}: {answer}");
    }
    let behind = server.call(&phone.who, "POST", &log, &founding).await;
    assert_eq!(behind.json()["error"]["length"], 2);
    // Every bit of a good entry.
    let bytes = encode(&good);
    for at in (3..bytes.len().min(420)).step_by(7) {
        let mut bent = bytes.clone();
        bent[at] ^= 4;
        let answer = server.call(&phone.who, "POST", &log, Body::Cbor(bent)).await;
        assert!((400..500).contains(&answer.status.as_u16()), "byte {at}: {answer}");
    }
    assert_eq!(snapshot(server, ann.family.id).await, before);
    server.call(&phone.who, "POST", &log, &good).await.is(200);
}

async fn of_two_entries_for_one_place_one_wins(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let ben = Phone::new(server.account("ben@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    family.joined(server, &ann, &ben, Role::Parent).await;
    let path = family.path("/log");
    for _ in 0..8 {
        let one = family.next(
            &ann,
            vec![epoch(family.space, family.log.space(family.space).unwrap().newest().unwrap().epoch + 1, 0)],
            None,
        );
        let other = family.next(&ben, vec![], None);
        let (first, second) = tokio::join!(
            server.call(&ann.who, "POST", &path, &one),
            server.call(&ben.who, "POST", &path, &other)
        );
        let (won, lost) = if first.status.is_success() { (&one, second) } else { (&other, first) };
        assert_eq!((lost.status.as_u16(), lost.code().as_str()), (409, "log_behind"));
        family.log.apply(&won.entry).unwrap();
        family.entries.push(won.entry.clone());
    }
    let served: Vec<Entry> = server.call(&ann.who, "GET", &path, Body::None).await.read();
    assert_eq!(served, family.entries);
}

async fn a_new_epoch_must_name_the_head_that_the_server_has(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    family.stored(server, &ann, vec![record(), record(), record()]).await;
    for head in [0, 2, 4] {
        let request = family.next(&ann, vec![epoch(family.space, 2, head)], None);
        let answer = server.call(&ann.who, "POST", &family.path("/log"), &request).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "head_moved"), "head {head}");
    }
    let request = family.next(&ann, vec![epoch(family.space, 2, 3)], None);
    family.append(server, &ann, &request).await;
    // From now on only the newest epoch is taken.
    let answer = family.push(server, &ann, vec![record()]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (409, "epoch_old"));
    let mut fresh = record();
    fresh.epoch = 2;
    family.stored(server, &ann, vec![fresh]).await;
}

async fn a_log_is_read_in_pages_and_replays(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let mut family = Family::founded(server, &ann).await;
    for _ in 0..20 {
        let request = family.next(&ann, vec![], None);
        family.append(server, &ann, &request).await;
    }
    let mut served: Vec<Entry> = Vec::new();
    for after in [0, 7, 20] {
        let path = family.path(&format!("/log?after={after}"));
        served = server.call(&ann.who, "GET", &path, Body::None).await.read();
        assert_eq!(served, family.entries[after..]);
    }
    assert_eq!(served.len(), 1);
    let served: Vec<Entry> = server.call(&ann.who, "GET", &family.path("/log"), Body::None).await.read();
    assert_eq!(Log::replay(&served).unwrap(), family.log);
    for odd in ["after=x", "after=-1", "after=99999999999999999999"] {
        server.call(&ann.who, "GET", &family.path(&format!("/log?{odd}")), Body::None).await.is(400);
    }
    let past: Vec<Entry> = server
        .call(&ann.who, "GET", &family.path("/log?after=18446744073709551615"), Body::None)
        .await
        .read();
    assert!(past.is_empty());
}

async fn an_entry_without_its_keyring_or_with_false_grants_is_refused(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &ann).await;
    let (path, good) = (family.path("/log"), family.next(&ann, vec![], None));
    let before = snapshot(server, family.id).await;
    let with = |change: &dyn Fn(&mut Vec<Grant>)| {
        let mut request = good.clone();
        change(&mut request.grants);
        request
    };
    let mut other_keyring = good.clone();
    other_keyring.keyring = sealed(512);
    let nobody = Recipient::Device(kinfolio_protocol::DeviceId(random()));
    for (request, why) in [
        (other_keyring, "another keyring"),
        (with(&|grants| grants[0].number = 1), "a grant of another entry"),
        (with(&|grants| grants[0].sender = Signer::Recovery([1; 32])), "a grant of another sender"),
        (with(&|grants| grants[0].recipient = nobody), "a grant to nobody"),
        (with(&|grants| grants[0].recipient = Recipient::Recovery([1; 32])), "a grant to no paper"),
        (with(&|grants| grants.push(grants[0].clone())), "two for one"),
        (with(&|grants| grants[0].kind = GrantKind::Recovery), "the wrong kind"),
        (with(&|grants| grants[0].ciphertext = vec![0; 65 << 10]), "too large"),
    ] {
        let answer = server.call(&ann.who, "POST", &path, &request).await;
        assert_eq!(answer.status.as_u16(), 400, "{why}: {answer}");
    }
    assert_eq!(snapshot(server, family.id).await, before);
}

async fn a_removed_parents_paper_and_grants_are_gone(server: &Server) {
    let mut ann = Household::new(server, "ann@example.org").await;
    let ben = Phone::new(server.account("ben@example.org").await);
    ann.family.joined(server, &ann.phone, &ben, Role::Parent).await;
    let recovery_path = ann.family.path("/recovery");
    server.call(&ann.phone.who, "GET", &recovery_path, Body::None).await.is(200);
    let waiting: Vec<Grant> =
        server.call(&ben.who, "GET", &ann.family.path("/grants"), Body::None).await.read();
    assert_eq!(waiting.len(), 1);
    let gone = vec![
        Change::RemoveMember(ben.member),
        Change::RemoveDevices(vec![ben.device]),
        Change::ClearRecovery,
        epoch(ann.family.space, 2, 2),
    ];
    let request = ann.family.next(&ann.phone, gone, None);
    ann.family.append(server, &ann.phone, &request).await;
    server.call(&ann.phone.who, "GET", &recovery_path, Body::None).await.is(404);
    let left = server
        .state
        .store
        .family_read(ann.family.id, |tx| tx.query("SELECT recipient FROM key_grant", &[]))
        .await
        .unwrap();
    assert!(left.iter().all(|row| row.bytes(0).unwrap() == ann.phone.device.0), "only Ann's own are left");
    // New words take the place of old ones.
    let paper = key_of(77);
    let request = ann.family.next(&ann.phone, vec![recovery(&paper)], Some(&paper));
    ann.family.append(server, &ann.phone, &request).await;
    server.call(&ann.phone.who, "GET", &recovery_path, Body::None).await.is(404);
    let to = Recipient::Recovery(paper.verifying_key().to_bytes());
    let grant = ann.family.grant(&ann.phone, ann.family.log.length(), GrantKind::Recovery, to);
    server.call(&ann.phone.who, "PUT", &recovery_path, &grant).await.is(204);
    let served: Grant = server.call(&ann.phone.who, "GET", &recovery_path, Body::None).await.read();
    assert_eq!(served, grant);
}

async fn a_keyring_goes_back_only_as_the_log_pins_it(server: &Server) {
    let ann = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(server, &ann).await;
    let path = family.path("/keyring");
    let put = |number, sealed: Vec<u8>| SealedKeyring { number, sealed };
    server.call(&ann.who, "PUT", &path, &put(1, sealed(512))).await.is(409);
    server.call(&ann.who, "PUT", &path, &put(2, family.keyring.clone())).await.is(409);
    server.state.store.family(family.id, |tx| tx.execute("DELETE FROM keyring", &[])).await.unwrap();
    server.call(&ann.who, "GET", &path, Body::None).await.is(404);
    server.call(&ann.who, "PUT", &path, &put(1, family.keyring.clone())).await.is(204);
    let served: SealedKeyring = server.call(&ann.who, "GET", &path, Body::None).await.read();
    assert_eq!(served, put(1, family.keyring.clone()));
}
