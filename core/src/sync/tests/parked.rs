//! What the server can't take: too large, refused, or no room; the rest goes on, and nothing is lost.

use super::*;
use crate::clock::Randomness;
use crate::ids::EntryId;
use crate::sync::{EntryState, Reason};

/// Text that hardly deflates.
fn noise(seed: u64, letters: usize) -> String {
    let mut bytes = vec![0; letters * 2];
    SeededRandomness::new(seed).fill(&mut bytes);
    let letter = |pair: &[u8]| {
        char::from_u32(0x4e00 + u32::from(u16::from_be_bytes([pair[0], pair[1]])) % 20_000).unwrap()
    };
    bytes.chunks(2).map(letter).collect()
}

fn state(phone: &Phone, number: u8) -> EntryState {
    phone.client.state(EntryId(rid(number).0)).unwrap()
}

/// Fills fields from `first` on with what is, by itself, legal.
fn fill(phone: &Phone, number: u8, first: u32) {
    phone.edit(rid(number), |doc, stamper| {
        for field in first..first + 4 {
            doc.set(field, Value::Text(noise(field.into(), 20_000)), stamper);
        }
    });
}

#[tokio::test]
async fn a_merge_that_outgrows_a_record_is_parked_and_the_rest_of_the_page_goes_on() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    fill(&ann, 1, 100);
    ann.write(rid(2), "frogs");
    ann.sync().await;
    fill(&ben, 1, 200);
    ben.sync().await;
    assert_eq!(ben.note(rid(2)), "frogs");
    let both = |doc: &Document| [100, 200].map(|field| doc.string(field).is_empty()) == [false, false];
    assert!(both(&ben.doc(rid(1)).unwrap()), "both versions are on this phone");
    assert_eq!((ben.dirty(), ben.client.overview().unwrap().refused), (1, 1));
    let told = |why: &str| why.contains("too large");
    assert!(matches!(state(&ben, 1), EntryState::Waiting(Reason::Refused(why)) if told(&why)));
    // It is whole after a restart, taken in anew without harm, and not offered as it is.
    let ben = ben.reopened(&server);
    ann.title(rid(1), "Water");
    ann.sync().await;
    ben.sync().await;
    assert!(both(&ben.doc(rid(1)).unwrap()));
    assert_eq!(ben.doc(rid(1)).unwrap().string(TITLE), "Water");
    let asked = memory(&server).log.len();
    ben.sync().await;
    assert_eq!(memory(&server).log.len() - asked, 1);
    // What doesn't shorten it enough is kept and waits too; what does is sent.
    ben.title(rid(1), "Water and frogs");
    assert!(matches!(state(&ben, 1), EntryState::Waiting(Reason::Refused(_))));
    ben.edit(rid(1), |doc, stamper| {
        for field in 100..104 {
            doc.set(field, Value::Null, stamper);
        }
    });
    assert_eq!(state(&ben, 1), EntryState::Waiting(Reason::Sync));
    ben.sync().await;
    assert_eq!((ben.dirty(), ben.client.overview().unwrap().refused), (0, 0));
    ann.sync().await;
    assert_eq!(ann.doc(rid(1)), ben.doc(rid(1)));
    assert_eq!(ann.doc(rid(1)).unwrap().string(TITLE), "Water and frogs");
}

#[tokio::test]
async fn an_edit_that_makes_a_record_too_large_is_refused_and_nothing_is_parked() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.write(rid(1), "pond");
    fill(&ann, 1, 100);
    let before = ann.doc(rid(1));
    let refused = ann.context.edit(|edit| {
        let mut doc = records::load(edit.tx, rid(1))?.unwrap().doc;
        for field in 200..204 {
            doc.set(field, Value::Text(noise(field.into(), 20_000)), &edit.stamper);
        }
        edit.save(rid(1), &doc)
    });
    assert!(matches!(refused, Err(Error::InvalidInput(_))));
    assert_eq!(ann.doc(rid(1)), before);
    ann.sync().await;
    assert_eq!(ann.dirty(), 0);
}

#[tokio::test]
async fn an_over_large_record_stays_parked_when_the_key_is_renewed() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    fill(&ann, 1, 100);
    ann.sync().await;
    fill(&ben, 1, 200);
    ben.sync().await;
    assert_eq!(ben.client.overview().unwrap().refused, 1);
    memory(&server).epoch = 2;
    ben.log.keys.lock().unwrap().insert(2, [2; 32]);
    ben.write(rid(2), "under the new key");
    ben.sync().await;
    assert_eq!((ben.dirty(), ben.client.overview().unwrap().refused), (1, 1));
    assert_eq!(memory(&server).rows[&rid(2)].epoch, 2);
}

#[tokio::test]
async fn a_record_that_the_server_refuses_is_parked_and_the_rest_goes_on() {
    let server = server();
    let ann = Phone::new(&server, 1);
    for number in 1..=9 {
        ann.write(rid(number), "x");
    }
    let noise: String = (0..4000u32).map(|n| char::from_u32(0x4e00 + n * 7919 % 20_000).unwrap()).collect();
    ann.write(rid(5), &noise);
    memory(&server).largest = 4000;
    for _ in 0..4 {
        ann.sync().await;
        assert_eq!(ann.dirty(), 1, "the others are through");
        assert_eq!(ann.client.state(EntryId(rid(5).0)).unwrap(), EntryState::Waiting(Reason::Sync));
    }
    ann.sync().await;
    assert!(matches!(
        ann.client.state(EntryId(rid(5).0)).unwrap(),
        EntryState::Waiting(Reason::Refused(why)) if why.contains("413")
    ));
    assert_eq!(ann.client.overview().unwrap().refused, 1);
    let asked = memory(&server).log.len();
    ann.sync().await;
    assert_eq!(memory(&server).log.len() - asked, 1, "parked: not tried any more");
    ann.write(rid(5), "short");
    ann.sync().await;
    assert_eq!(ann.dirty(), 0, "an edit makes it tried again");
}

#[tokio::test]
async fn a_photo_file_that_the_server_keeps_refusing_is_told_and_sent_after_a_check() {
    let server = server();
    let (ann, entry, _) = photos::half_sent(&server).await;
    memory(&server).refusing = Some((413, None));
    for _ in 0..4 {
        ann.sync().await;
        assert_eq!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Photos(2)));
        assert_eq!(ann.client.overview().unwrap().refused, 0);
    }
    ann.sync().await;
    let state = ann.client.state(entry).unwrap();
    assert!(matches!(&state, EntryState::Waiting(Reason::Refused(why)) if why.contains("413")), "{state:?}");
    let overview = ann.client.overview().unwrap();
    assert_eq!((overview.refused, overview.waiting_photos, ann.client.report().parked), (2, 2, 2));
    memory(&server).refusing = None;
    ann.sync().await;
    assert!(memory(&server).blobs.is_empty(), "parked: not tried any more");
    ann.client.check(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    assert_eq!(ann.client.overview().unwrap().refused, 0);
}

#[tokio::test]
async fn a_server_that_lost_the_whole_family_makes_no_photo_file_be_given_up() {
    let server = server();
    let (ann, entry, _) = photos::half_sent(&server).await;
    memory(&server).refusing = Some((404, None));
    for _ in 0..7 {
        assert!(matches!(ann.try_sync().await, Err(Error::Refused { status: 404, .. })));
    }
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Photos(2)));
    memory(&server).refusing = None;
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
}

#[tokio::test]
async fn a_full_server_is_told_as_such_and_everything_is_sent_when_there_is_room() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::new(&server, 2));
    ben.write(rid(2), "ben's own");
    ben.sync().await;
    let (entry, _) = photos::photographed(&ann);
    memory(&server).refusing = Some((507, None));
    for _ in 0..7 {
        assert_eq!(ann.try_sync().await.unwrap_err(), Error::ServerFull);
        assert_eq!(ann.client.overview().unwrap().refused, 0, "it is no fault of the record's");
        assert_eq!(ann.client.overview().unwrap().waiting_photos, 2);
    }
    assert_eq!(ann.client.report().pulled, 1, "what others wrote comes all the same");
    memory(&server).refusing = None;
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
}

#[tokio::test]
async fn a_server_that_says_wait_is_asked_again_and_nothing_is_given_up() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let (entry, _) = photos::photographed(&ann);
    for status in [429, 503] {
        // Longer than one sync waits: the next one tries again, however often.
        memory(&server).refusing = Some((status, Some(60)));
        for _ in 0..7 {
            assert!(matches!(ann.try_sync().await, Err(Error::Offline(_))));
        }
        assert_eq!(ann.client.overview().unwrap().refused, 0);
        assert!(matches!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Sync)));
    }
    // Short enough: the same sync asks again.
    memory(&server).refusing = Some((429, Some(0)));
    let asked = memory(&server).log.len();
    assert!(ann.try_sync().await.is_err());
    let pushes =
        memory(&server).log.split_off(asked).iter().filter(|request| *request == "POST push").count();
    assert!(pushes >= 3, "{pushes} tries");
    memory(&server).refusing = None;
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
}
