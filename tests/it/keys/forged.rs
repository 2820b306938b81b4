//! A server that lies: forged, reordered, foreign and missing entries, swapped keyrings and keys.

use kinfolio_core::Error;
use kinfolio_core::http::{Method, Response};
use kinfolio_core::keys::JoinState;
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_protocol::family::SealedKeyring;
use kinfolio_protocol::link::LinkResponse;
use kinfolio_protocol::log::{Body, Change, Entry, Log, Signer};
use kinfolio_protocol::sign::SigningKey;
use kinfolio_protocol::sync::PullResponse;
use kinfolio_protocol::{Hash32, decode, encode};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::phone::Phone;
use super::{asked, founded, two};
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(
    an_entry_that_nobody_of_the_family_signed_is_refused_and_the_phone_goes_on,
    a_served_prefix_is_never_used_and_what_is_missing_is_put_back,
    after_a_restore_of_an_old_backup_every_parent_gets_in_again,
    a_joiner_takes_over_nothing_from_a_log_that_does_not_hold,
    a_page_that_repeats_for_ever_does_not_hold_a_joining_phone,
    a_swapped_keyring_is_refused,
    a_server_that_puts_its_own_keys_into_a_link_is_found_out,
    an_entry_signed_by_the_other_device_of_the_log_but_claiming_mine_is_refused,
);

pub type Lie = Box<dyn FnMut(Vec<Entry>) -> Vec<Entry> + Send>;

/// From now on every page of the log that the phone reads is changed like this.
pub fn lie_about_the_log(phone: &Phone, mut change: Lie) {
    phone.line.lie(move |request, reply| {
        if request.method == Method::Get && request.url.contains("/log?") && reply.status == 200 {
            let entries = change(decode(&reply.body).unwrap());
            return Response { body: encode(&entries), ..reply };
        }
        reply
    });
}

pub fn forged(entry: &Entry, number: u64, previous: Hash32, key: &SigningKey, changes: Vec<Change>) -> Entry {
    let body = Body { number, previous, changes, ..entry.body().clone() };
    Entry::sign(body, key, None)
}

async fn an_entry_that_nobody_of_the_family_signed_is_refused_and_the_phone_goes_on(server: &InProcess) {
    let (ann, _ben) = two(server).await;
    let before = ann.keys.devices().unwrap();
    let stranger = SigningKey::from_bytes(&[9; 32]);
    lie_about_the_log(
        &ann,
        Box::new(move |mut entries| {
            if let Some(last) = entries.last().cloned() {
                let number = last.body().number + 1;
                entries.push(forged(&last, number, last.hash(), &stranger, vec![]));
            }
            entries
        }),
    );
    assert!(matches!(ann.keys.update().await, Err(Error::Sealed(_))));
    assert_eq!(ann.keys.devices().unwrap(), before);
    ann.line.be_honest();
    ann.keys.update().await.unwrap();
}

async fn a_served_prefix_is_never_used_and_what_is_missing_is_put_back(server: &InProcess) {
    let (ann, ben) = two(server).await;
    ann.keys.rename_device("A").await.unwrap();
    ann.keys.rename_device("B").await.unwrap();
    // The server is a restored one: it lost the last two entries.
    let family = kinfolio_protocol::FamilyId(ann.keys.place().unwrap().family);
    server
        .state
        .store
        .family(family, |tx| {
            tx.execute("DELETE FROM log_entry WHERE number > 2", &[])?;
            tx.execute("DELETE FROM keyring WHERE family_id = family_id", &[])?;
            Ok(())
        })
        .await
        .unwrap();
    // Ben saw none of the two; Ann did and has their keyrings.
    ann.keys.update().await.unwrap();
    ben.keys.update().await.unwrap();
    assert_eq!(ben.keys.devices().unwrap()[0].name, "B");
}

async fn after_a_restore_of_an_old_backup_every_parent_gets_in_again(server: &InProcess) {
    let (ann, ben) = two(server).await;
    let place = ann.keys.place().unwrap();
    let (family, device) = (kinfolio_protocol::FamilyId(place.family), place.device);
    // The backup is older than Ben's joining: neither plane knows him.
    let store = &server.state.store;
    store
        .account(move |tx| {
            tx.execute(
                "DELETE FROM memberships WHERE family_id = $1 AND user_id <>
                    (SELECT user_id FROM memberships WHERE family_id = $1 ORDER BY created_at LIMIT 1)",
                &[family.0.into()],
            )?;
            tx.execute("DELETE FROM bindings WHERE family_id = $1", &[family.0.into()])
        })
        .await
        .unwrap();
    store
        .family(family, move |tx| {
            tx.execute("DELETE FROM log_entry WHERE number > 1", &[])?;
            tx.execute("DELETE FROM device WHERE device_id <> $1", &[device.into()])?;
            tx.execute("DELETE FROM member WHERE member_id NOT IN (SELECT member_id FROM device)", &[])?;
            tx.execute("DELETE FROM keyring", &[])?;
            Ok(())
        })
        .await
        .unwrap();
    assert!(matches!(ben.keys.update().await, Err(Error::Refused { status: 404, .. })));
    ann.keys.update().await.unwrap();
    ben.keys.update().await.unwrap();
    ben.keys.rename_device("Ben's").await.unwrap();
    ann.keys.update().await.unwrap();
    assert!(ann.keys.devices().unwrap().iter().any(|device| device.name == "Ben's"));
}

async fn a_joiner_takes_over_nothing_from_a_log_that_does_not_hold(server: &InProcess) {
    let (ann, ben, link) = asked(server).await;
    let own = ben.keys.place().unwrap();
    ann.approve(link, "Ben").await;
    let lies: Vec<Lie> = vec![
        // Reordered.
        Box::new(|mut entries| {
            entries.reverse();
            entries
        }),
        // Without the entry that adds this phone.
        Box::new(|mut entries| {
            entries.retain(|entry| entry.body().number == 1);
            entries
        }),
        // A bit in a signature.
        Box::new(|entries| {
            entries
                .iter()
                .map(|entry| {
                    let mut bytes = encode(entry);
                    let last = bytes.len() - 10;
                    bytes[last] ^= 1;
                    decode(&bytes).unwrap()
                })
                .collect()
        }),
    ];
    for lie in lies {
        lie_about_the_log(&ben, lie);
        assert!(matches!(ben.keys.join_state().await, Err(Error::Sealed(_))));
        assert!(ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.is_err());
        assert_eq!(ben.keys.place().unwrap(), own);
    }
    // Another family's log, valid in itself, under the same invite.
    let other = founded(server, "Mallory's phone", "mallory@example.org").await;
    let foreign: Vec<Entry> = other
        .store()
        .read(|tx| {
            let mut rows = tx.prepare("SELECT entry FROM log_entry")?;
            let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(rows.map(|row| decode(&row.unwrap()).unwrap()).collect())
        })
        .unwrap();
    lie_about_the_log(
        &ben,
        Box::new(move |entries| if entries.is_empty() { entries } else { foreign.clone() }),
    );
    assert!(matches!(ben.keys.join_state().await, Err(Error::Sealed(_))));
    ben.line.be_honest();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
}

async fn a_page_that_repeats_for_ever_does_not_hold_a_joining_phone(server: &InProcess) {
    let (ann, ben, link) = asked(server).await;
    ann.client().learners().add(NewLearner { nickname: "Otter".into(), ..NewLearner::default() }).unwrap();
    ann.sync().await;
    ann.approve(link, "Ben").await;
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    // It ends at last, so that a phone that believes it is found out and does not hang.
    let (asked, count) = (Arc::new(AtomicU64::new(0)), 20);
    let (pulls, mut first) = (asked.clone(), None);
    ben.line.lie(move |request, reply| {
        if request.url.contains("/pull?") {
            let page = first.get_or_insert_with(|| decode::<PullResponse>(&reply.body).unwrap()).clone();
            let more = pulls.fetch_add(1, Ordering::SeqCst) < count;
            return Response { body: encode(&PullResponse { more, ..page }), ..reply };
        }
        reply
    });
    assert!(matches!(
        ben.keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await,
        Err(Error::Sealed(_))
    ));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    ben.line.be_honest();
    let learners = ben.keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await.unwrap().learners;
    let nicknames: Vec<_> = learners.iter().map(|learner| learner.nickname.as_str()).collect();
    assert_eq!(nicknames, ["Otter"]);
}

async fn a_swapped_keyring_is_refused(server: &InProcess) {
    let (ann, ben) = two(server).await;
    ben.keys.rename_device("Ben's new phone").await.unwrap();
    let old = ann
        .store()
        .read(|tx| Ok(tx.query_row("SELECT keyring FROM log_entry WHERE number = 2", [], |row| row.get(0))?));
    let old: Vec<u8> = old.unwrap();
    ann.line.lie(move |request, reply| {
        if request.method == Method::Get && request.url.ends_with("/keyring") {
            let body = encode(&SealedKeyring { number: 3, sealed: old.clone() });
            return Response { body, ..reply };
        }
        reply
    });
    assert!(matches!(ann.keys.update().await, Err(Error::Sealed(_))));
    ann.line.be_honest();
    ann.keys.update().await.unwrap();
    assert_eq!(ann.keys.devices().unwrap()[1].name, "Ben's new phone");
}

async fn a_server_that_puts_its_own_keys_into_a_link_is_found_out(server: &InProcess) {
    let (ann, _ben, link) = asked(server).await;
    ann.line.lie(|request, reply| {
        if request.method == Method::Get && request.url.contains("/links/") {
            let mut link: LinkResponse = decode(&reply.body).unwrap();
            if let Some(post) = &mut link.post {
                post.kem_pk = [9; 32];
            }
            return Response { body: encode(&link), ..reply };
        }
        reply
    });
    assert!(matches!(ann.keys.pending(link).await, Err(Error::Sealed(_))));
    ann.line.be_honest();
    assert!(ann.keys.pending(link).await.unwrap().is_some());
}

async fn an_entry_signed_by_the_other_device_of_the_log_but_claiming_mine_is_refused(server: &InProcess) {
    let (ann, ben) = two(server).await;
    let mine = Signer::Device(kinfolio_protocol::DeviceId(ann.keys.place().unwrap().device));
    let seed =
        ben.store().read(|tx| Ok(tx.query_row("SELECT sign_seed FROM family_self", [], |row| row.get(0))?));
    let other = SigningKey::from_bytes(&seed.unwrap());
    let served = ann.store().read(|tx| {
        let mut rows = tx.prepare("SELECT entry FROM log_entry ORDER BY number")?;
        let rows = rows.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(rows.map(|row| decode(&row.unwrap()).unwrap()).collect::<Vec<Entry>>())
    });
    let served = served.unwrap();
    let last = served.last().unwrap().clone();
    let by = move |signer| {
        let body = last.body().clone();
        let body = Body { number: body.number + 1, previous: last.hash(), changes: vec![], signer, ..body };
        Entry::sign(body, &other, None)
    };
    // Under its own name the other device may sign this very entry.
    let theirs = Signer::Device(kinfolio_protocol::DeviceId(ben.keys.place().unwrap().device));
    assert!(Log::replay(served.iter().chain([&by(theirs)])).is_ok());
    assert_eq!(Log::replay(served.iter().chain([&by(mine)])), Err(kinfolio_protocol::Error::Signature));

    lie_about_the_log(&ann, Box::new(move |entries| [entries, vec![by(mine)]].concat()));
    assert!(matches!(ann.keys.update().await, Err(Error::Sealed(_))));
    ann.line.be_honest();
    ann.keys.update().await.unwrap();
}
