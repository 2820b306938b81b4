//! The end of the server's copy as phones order it, show it and call it off; and the end of an account begun in the app.

use kinfolio_core::Error;
use kinfolio_core::http::Method;
use kinfolio_core::keys::{FamilyNotices, OrderedBy};
use kinfolio_protocol::family::AppendRequest;
use kinfolio_protocol::labels::keyring_hash;
use kinfolio_protocol::log::{Body, Change, Entry, Epoch, Signer};
use kinfolio_protocol::sign::SigningKey;
use kinfolio_protocol::{DeviceId, FamilyId, Hash32, MemberId, encode};
use kinfolio_server::clock::Clock as _;
use kinfolio_server::store::Tx;
use support::engine::Engine;
use support::family::{Size, grown, plant};
use support::on_each_engine;
use support::server::InProcess;

use super::phone::Phone;
use super::{ANN, BEN, ann, two};
use crate::sign_in::clock;

on_each_engine!(
    one_parent_orders_the_erasing_every_phone_shows_it_and_another_parent_calls_it_off,
    the_twelve_words_order_it_from_a_phone_that_has_nothing_and_a_signed_in_thief_does_not,
    an_account_is_deleted_from_the_app_after_a_fresh_sign_in_on_the_clock_of_what_goes_with_it,
    a_removed_members_phone_does_not_found_the_erased_family_again,
    parents_phones_show_that_somebody_without_a_phone_asked_for_what_the_words_open,
    a_phone_signs_for_what_it_purges_and_the_server_takes_it,
);

const DAY: i64 = 86_400;
const DAY_MS: i64 = DAY * 1000;

async fn sweep(server: &InProcess) {
    kinfolio_server::erase::round(&server.state).await.expect("a sweep");
}

/// The 12 words of a phone's family, in force.
async fn paper(phone: &Phone) -> String {
    let words = phone.keys.make_recovery_words().unwrap().join(" ");
    phone.keys.confirm_recovery(&words).await.unwrap();
    words
}

fn shown(phone: &Phone) -> Option<i64> {
    phone.client().sync().overview().unwrap().erasure_ms
}

async fn one_parent_orders_the_erasing_every_phone_shows_it_and_another_parent_calls_it_off(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (ann, ben) = two(&server).await;
    plant(ann.client(), &grown(Size::Entries(2), 5)).unwrap();
    ann.sync().await;
    ben.sync().await;
    let due_ms = ben.keys.order_erasure().await.unwrap();
    assert_eq!(due_ms, clock.now_us() / 1000 + 14 * DAY_MS);
    assert_eq!((shown(&ben), shown(&ann)), (Some(due_ms), None));
    ann.sync().await;
    assert_eq!(shown(&ann), Some(due_ms));
    let erasure = ann.keys.notices().unwrap().erasure.unwrap();
    let by = OrderedBy::Phone { name: "Ben's phone".into(), member: "Dad".into() };
    assert_eq!((erasure.due_ms, erasure.by), (due_ms, by));
    ann.keys.cancel_erasure().await.unwrap();
    ann.keys.cancel_erasure().await.unwrap();
    assert_eq!(ann.keys.notices().unwrap(), FamilyNotices::default());
    ben.sync().await;
    assert_eq!(shown(&ben), None);
    // Ordered again, and nobody minds: the server has nothing any more, the phones have everything.
    let due_ms = ann.keys.order_erasure().await.unwrap();
    assert_eq!(ben.keys.order_erasure().await, Ok(due_ms));
    let before = ben.content();
    for days in [11, 3] {
        clock.advance(days * DAY);
        sweep(&server).await;
    }
    for phone in [&ann, &ben] {
        assert!(matches!(phone.try_sync().await, Err(Error::Refused { status: 404, .. })));
        assert_eq!(phone.content(), before);
    }
    // And they bring it back, whoever comes first.
    ben.keys.turn_on_sync().await.unwrap();
    ben.sync().await;
    ann.keys.turn_on_sync().await.unwrap();
    ann.sync().await;
    assert_eq!((shown(&ann), ann.content()), (None, before));
}

async fn the_twelve_words_order_it_from_a_phone_that_has_nothing_and_a_signed_in_thief_does_not(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let ann = ann(&server).await;
    let words = paper(&ann).await;
    let family = ann.keys.place().unwrap().family;
    let thief = Phone::new("A stranger's phone", &server);
    thief.sign_in(&server, ANN).await;
    // Their own family is another one, and was never brought here.
    assert_eq!(thief.keys.order_erasure().await, Err(Error::NotEnrolled));
    let other = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let by_words = thief.keys.order_erasure_by_words(family, other).await;
    assert!(matches!(by_words, Err(Error::InvalidInput(_))), "{by_words:?}");
    let new = Phone::new("A new phone", &server);
    new.sign_up(&server, "ann.again@example.org").await;
    let due_ms = new.keys.order_erasure_by_words(family, &words).await.unwrap();
    assert_eq!(due_ms, clock.now_us() / 1000 + 14 * DAY_MS);
    ann.sync().await;
    assert_eq!(ann.keys.notices().unwrap().erasure.unwrap().by, OrderedBy::Words);
    // Signed in anew and not bound yet, the family's phone calls it off all the same.
    ann.account.sign_out().await.unwrap();
    ann.sign_in(&server, ANN).await;
    ann.keys.cancel_erasure().await.unwrap();
    assert_eq!(shown(&ann), None);
}

async fn an_account_is_deleted_from_the_app_after_a_fresh_sign_in_on_the_clock_of_what_goes_with_it(
    engine: &Engine,
) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let now_ms = || clock.now_us() / 1000;
    let mum = ann(&server).await;
    // Ten minutes later the app is told to sign in once more; then the same call works, and this device signs.
    clock.advance(600);
    assert_eq!(mum.keys.delete_account().await, Err(Error::TwoFactorRequired));
    assert_eq!(mum.account.deletion().await, Ok(None));
    mum.sign_in(&server, ANN).await;
    let due_ms = mum.keys.delete_account().await.unwrap();
    assert_eq!((due_ms, mum.account.deletion().await.unwrap()), (now_ms() + 14 * DAY_MS, Some(due_ms)));
    clock.advance(60);
    assert_eq!(mum.keys.delete_account().await, Ok(due_ms), "again it goes on as it is");
    // Every phone shows it as the end of the family's copy, and until then works as before.
    mum.keys.bind().await.unwrap();
    mum.sync().await;
    assert_eq!(mum.keys.notices().unwrap().erasure.unwrap().by, OrderedBy::Accounts);
    assert_eq!(shown(&mum), Some(due_ms));
    // The phone calls both off at once.
    mum.keys.cancel_erasure().await.unwrap();
    assert_eq!((shown(&mum), mum.account.deletion().await.unwrap()), (None, None));
    // Signed in on a phone outside the family it takes 30 days; no family, 7; another parent there, 7.
    let tablet = Phone::new("Mum's tablet", &server);
    tablet.sign_in(&server, ANN).await;
    assert_eq!(tablet.keys.delete_account().await, Ok(now_ms() + 30 * DAY_MS));
    tablet.account.keep_account().await.unwrap();
    let alone = Phone::new("Cleo's phone", &server);
    alone.sign_up(&server, "cleo@example.org").await;
    assert_eq!(alone.keys.delete_account().await, Ok(now_ms() + 7 * DAY_MS));
    alone.account.keep_account().await.unwrap();
    assert_eq!(alone.account.deletion().await, Ok(None));
    let ben = Phone::new("Ben's phone", &server);
    ben.sign_up(&server, BEN).await;
    ben.join(&mum).await;
    assert_eq!(ben.keys.delete_account().await, Ok(now_ms() + 7 * DAY_MS));
    ben.account.keep_account().await.unwrap();
    // Signed for by the last one, the copy goes on the fourteenth day and not before.
    ben.account.sign_out().await.unwrap();
    let gone = "DELETE FROM memberships WHERE user_id IN (SELECT user_id FROM users WHERE email = $1)";
    server.state.store.account(move |tx| tx.execute(gone, &[BEN.into()])).await.unwrap();
    mum.sign_in(&server, ANN).await;
    assert_eq!(mum.keys.delete_account().await, Ok(now_ms() + 14 * DAY_MS));
    mum.keys.bind().await.unwrap();
    let family = FamilyId(mum.keys.place().unwrap().family);
    for (days, seconds, there) in [(11, 0, true), (3, -1, true), (0, 1, false)] {
        clock.advance(days * DAY + seconds);
        sweep(&server).await;
        let read = server.state.store.family_read(family, |_| Ok(())).await;
        assert_eq!(read.is_ok(), there, "{days} days on");
    }
    assert_eq!(mum.try_sync().await.map(drop), Err(Error::SignedOut));
}

async fn a_removed_members_phone_does_not_found_the_erased_family_again(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (ann, ben) = two(&server).await;
    remove(&server, &ann, &ben).await;
    ann.keys.order_erasure().await.unwrap();
    for days in [11, 3] {
        clock.advance(days * DAY);
        sweep(&server).await;
    }
    ben.sign_in(&server, BEN).await;
    for _ in 0..2 {
        match ben.keys.turn_on_sync().await {
            Err(Error::Refused { status: 409, message, .. }) => {
                assert!(message.contains("only a phone that was a parent's then"), "{message}");
            }
            other => panic!("{other:?}"),
        }
        assert!(!ben.has_unanswered());
    }
    let left = server.state.store.account_read(|tx| tx.query("SELECT 1 FROM memberships", &[])).await;
    assert_eq!(left.unwrap().len(), 0);
}

/// Ann's phone removes Ben's device and Ben, in an entry that is made here: the app has no such button yet.
async fn remove(server: &InProcess, ann: &Phone, ben: &Phone) {
    let (place, bens) = (ann.keys.place().unwrap(), ben.keys.place().unwrap());
    let seed: [u8; 32] = ann
        .store()
        .read(|tx| Ok(tx.query_row("SELECT sign_seed FROM family_self", [], |row| row.get(0))?))
        .unwrap();
    let family = FamilyId(place.family);
    let load = move |tx: &mut Tx<'_>| kinfolio_server::log::load(tx, family);
    let log = server.state.store.family_read(family, load).await.unwrap();
    let keyring = vec![0x5a; 512];
    let member: MemberId = log.devices()[&DeviceId(bens.device)].member;
    let head_seq = server
        .state
        .store
        .family_read(family, |tx| tx.query("SELECT head FROM space", &[])?[0].int(0))
        .await
        .unwrap();
    let body = Body {
        family,
        number: log.length() + 1,
        previous: log.head().hash,
        changes: vec![
            Change::RemoveMember(member),
            Change::RemoveDevices(vec![DeviceId(bens.device)]),
            Change::ClearRecovery,
            Change::Epoch(Epoch {
                space: log.family_space(),
                epoch: 2,
                commitment: Hash32([7; 32]),
                head_seq: u64::try_from(head_seq).unwrap(),
            }),
        ],
        keyring: keyring_hash(&keyring),
        signer: Signer::Device(DeviceId(place.device)),
    };
    let entry = Entry::sign(body, &SigningKey::from_bytes(&seed), None);
    let request = AppendRequest { entry, keyring, grants: vec![], recovery: None, link: None };
    let path = format!("/api/v1/families/{family}/log");
    let reply = ann.account.door().send(Method::Post, &path, vec![], encode(&request)).await.unwrap();
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
}

async fn parents_phones_show_that_somebody_without_a_phone_asked_for_what_the_words_open(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let (ann, ben) = two(&server).await;
    paper(&ann).await;
    let family = FamilyId(ann.keys.place().unwrap().family);
    let thief = Phone::new("A stranger's phone", &server);
    thief.sign_in(&server, ANN).await;
    let path = format!("/api/v1/families/{family}/recovery");
    let fetch = async || thief.account.door().send(Method::Get, &path, vec![], vec![]).await.unwrap();
    assert_eq!(fetch().await.status, 200);
    ben.sync().await;
    let read = ben.keys.notices().unwrap().recovery_read.expect("told");
    assert_eq!(read.at_ms, clock.now_us() / 1000);
    ben.keys.put_away_recovery_read().unwrap();
    ben.sync().await;
    assert_eq!(ben.keys.notices().unwrap().recovery_read, None);
    ann.sync().await;
    assert!(ann.keys.notices().unwrap().recovery_read.is_some(), "it was put away on his phone only");
    clock.advance(DAY + 1);
    assert_eq!(fetch().await.status, 200);
    ben.sync().await;
    assert!(ben.keys.notices().unwrap().recovery_read.is_some(), "told anew");
}

async fn a_phone_signs_for_what_it_purges_and_the_server_takes_it(engine: &Engine) {
    let clock = clock();
    let server = engine.server_at(&clock).await;
    let ann = ann(&server).await;
    let planted = plant(ann.client(), &grown(Size::Entries(2), 6)).unwrap();
    ann.sync().await;
    let entry = planted.entries[0];
    ann.client().entries().trash(entry).unwrap();
    ann.client().trash().purge(&[entry.into()], 1).unwrap();
    ann.sync().await;
    let overview = ann.client().sync().overview().unwrap();
    assert_eq!((overview.refused, overview.waiting_records), (0, 0));
    let family = FamilyId(ann.keys.place().unwrap().family);
    let pending = server
        .state
        .store
        .family_read(family, |tx| tx.query("SELECT record_id, purge_pending FROM record_old", &[]));
    let pending = pending.await.unwrap();
    // What the family log said before is kept too, for its 30 days.
    let purged: Vec<_> = pending.iter().filter(|row| row.bool(1).unwrap()).collect();
    assert_eq!(purged.len(), 1);
    assert!(purged[0].id(0).unwrap() == entry.0);
}
