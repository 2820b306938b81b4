//! Rows that can't be opened: laid aside without stopping the rest, and taken out again when they can.

use super::*;
use crate::crypto::SpaceKey;
use crate::crypto::envelope::{Place, RecordKey};
use crate::ids::EntryId;
use crate::records::Sealer;
use crate::sync::{EntryState, Reason};

fn sealed_by(phone: &Phone, rid: RecordId) -> Vec<u8> {
    phone
        .context
        .storage
        .read(|tx| {
            let doc = records::load(tx, rid)?.unwrap().doc;
            Ok(Sealer::current(tx, &*phone.context.random)?.seal(rid, &doc)?.bytes)
        })
        .unwrap()
}

fn sealed(phone: &Phone, rid: RecordId, document: &Document) -> Vec<u8> {
    let context = &phone.context;
    context.storage.read(|tx| Ok(context.sealer(tx)?.seal(rid, document)?.bytes)).unwrap()
}

#[tokio::test]
async fn a_row_under_an_unknown_epoch_makes_the_phone_read_the_log_at_once() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.context.storage.write(|tx| give_key(tx, 2, &[2; 32])).unwrap();
    memory(&server).epoch = 2;
    ann.write(rid(1), "under the new key");
    ann.sync().await;
    ben.log.keys.lock().unwrap().insert(2, [2; 32]);
    ben.sync().await;
    assert_eq!(*ben.log.reads.lock().unwrap(), 1);
    assert_eq!(ben.note(rid(1)), "under the new key");
    assert_eq!(ben.client.report().quarantined, 0);
}

#[tokio::test]
async fn a_row_without_a_key_waits_in_quarantine_and_the_cursor_goes_on() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.context.storage.write(|tx| give_key(tx, 2, &[2; 32])).unwrap();
    memory(&server).epoch = 2;
    ann.write(rid(1), "under the new key");
    ann.sync().await;
    ben.log.announced.lock().unwrap().insert(2);
    ben.sync().await;
    assert_eq!(ben.client.overview().unwrap().quarantined, 1);
    assert!(ben.doc(rid(1)).is_none());
    ben.sync().await;
    assert_eq!(ben.client.report().quarantined, 1, "not pulled again");
    // The key comes another way: the row is opened without asking the server for it.
    ben.context.storage.write(|tx| give_key(tx, 2, &[2; 32])).unwrap();
    ben.sync().await;
    assert_eq!(ben.note(rid(1)), "under the new key");
    assert_eq!(ben.client.overview().unwrap().quarantined, 0);
}

#[tokio::test]
async fn a_row_under_an_epoch_that_nobody_announced_raises_the_alarm_and_loses_nothing() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.context.storage.write(|tx| give_key(tx, 2, &[2; 32])).unwrap();
    memory(&server).epoch = 2;
    ann.write(rid(1), "under a key of nowhere");
    ann.sync().await;
    memory(&server).epoch = 1;
    ben.write(rid(2), "ben's own");
    assert_eq!(ben.try_sync().await.unwrap_err(), Error::HistoryDiffers);
    assert_eq!(*ben.log.reads.lock().unwrap(), 2, "not on one look alone");
    assert_eq!((ben.note(rid(2)), ben.client.report().quarantined), ("ben's own".into(), 0));
    // The log that announces it comes late: the row was not passed over.
    ben.log.announced.lock().unwrap().insert(2);
    ben.log.keys.lock().unwrap().insert(2, [2; 32]);
    ben.sync().await;
    assert_eq!(ben.note(rid(1)), "under a key of nowhere");
}

#[tokio::test]
async fn a_newer_apps_record_waits_and_is_never_pushed_over() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    let newer = sealed_by(&ann, rid(1));
    {
        let mut memory = memory(&server);
        memory.put(rid(1), 1, newer.clone());
        // A record format that this version does not know.
        memory.rows.get_mut(&rid(1)).unwrap().format = 99;
    }
    ben.write(rid(1), "pond, by an old app");
    assert!(ben.try_sync().await.is_ok());
    ben.sync().await;
    assert_eq!(memory(&server).rows[&rid(1)].ciphertext, newer);
    assert_eq!(ben.note(rid(1)), "pond, by an old app", "and nothing of the old app's is lost");
    assert_eq!(ben.client.state(EntryId(rid(1).0)).unwrap(), EntryState::Waiting(Reason::UpdateApp));
}

/// What a newer app may put on the server in place of a record that this one knows.
fn newer_than_this_app(phone: &Phone, rid: RecordId) -> Vec<(&'static str, Vec<u8>)> {
    let good = sealed_by(phone, rid);
    let [mut version, mut suite] = [good.clone(), good];
    version[0] ^= 1;
    suite[1] ^= 2;
    let document = |cells: &[u8]| {
        let mut plaintext = vec![0];
        plaintext.extend_from_slice(&(cells.len() as u32).to_be_bytes());
        plaintext.extend_from_slice(cells);
        plaintext.resize(512, 0);
        let key = RecordKey::derive(&SpaceKey::from_bytes([1; 32]), 1);
        let place = Place { space: SPACE.0, record: rid.0, format: records::FORMAT };
        key.seal(&place, &plaintext, &*phone.context.random).unwrap()
    };
    vec![
        ("version", version),
        ("suite", suite),
        ("an outer key beyond a byte", document(&[0xa4, 0, 2, 1, 1, 2, 0xa0, 0x19, 1, 0, 0xf6])),
        ("a cell of three", document(&[0xa3, 0, 2, 1, 1, 2, 0xa1, 1, 0x83, 0, 0xf6, 0xf6])),
        ("no map at all", document(&[0x80])),
        ("another way to pack", document(b"not CBOR")),
    ]
}

#[tokio::test]
async fn what_only_a_newer_app_can_read_is_never_taken_for_damage() {
    for which in 0..6 {
        let server = server();
        let (ann, ben, carol) = (Phone::new(&server, 1), Phone::new(&server, 2), Phone::new(&server, 3));
        ann.write(rid(1), "pond");
        ann.sync().await;
        ben.sync().await;
        let (what, newer) = newer_than_this_app(&ann, rid(1)).swap_remove(which);
        memory(&server).put(rid(1), 1, newer.clone());
        // Ben has an older version of it, and edits that; Carol has none.
        ben.sync().await;
        ben.write(rid(1), "pond life");
        for phone in [&ben, &carol, &ben] {
            phone.sync().await;
        }
        assert_eq!(memory(&server).rows[&rid(1)].ciphertext, newer, "{what}: not pushed over");
        assert_eq!(ben.client.report().healed, 0, "{what}");
        assert_eq!(ben.note(rid(1)), "pond life", "{what}");
        let state = ben.client.state(EntryId(rid(1).0)).unwrap();
        assert_eq!(state, EntryState::Waiting(Reason::UpdateApp), "{what}");
        assert!(carol.doc(rid(1)).is_none(), "{what}");
        assert_eq!(carol.client.overview().unwrap().quarantined, 1, "{what}");
        // As if an app gave it up that reads less than this one does.
        let tried = || {
            carol.context.storage.write(|tx| {
                tx.execute("UPDATE quarantine SET reader = 0", [])?;
                super::super::queries::worth_retrying(tx, SPACE)
            })
        };
        assert_eq!(tried().unwrap().len(), 1, "{what}: tried again when the app was updated");
    }
}

#[tokio::test]
async fn a_damaged_row_over_one_that_waits_is_healed_and_nothing_waits_any_more() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    let entry = EntryId(rid(1).0);
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    let good = memory(&server).rows[&rid(1)].ciphertext.clone();
    memory(&server).put(rid(1), 1, good.clone());
    memory(&server).rows.get_mut(&rid(1)).unwrap().format = 99;
    ben.sync().await;
    assert_eq!(ben.client.state(entry).unwrap(), EntryState::Waiting(Reason::UpdateApp));
    let mut bad = good;
    bad[40] ^= 1;
    memory(&server).put(rid(1), 1, bad);
    ben.sync().await;
    assert_eq!(ben.client.state(entry).unwrap(), EntryState::Stored);
    assert_eq!(ben.client.overview().unwrap().quarantined, 0);
    let carol = Phone::new(&server, 3);
    carol.sync().await;
    assert_eq!(carol.note(rid(1)), "pond");
}

#[tokio::test]
async fn a_text_that_is_none_is_set_aside_and_said_to_be_damaged() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    // A document of good form whose text can't be read, sealed by a phone of the family.
    let good = ann.doc(rid(1)).unwrap().encode();
    let broken = (0..good.len())
        .filter_map(|at| {
            let mut bytes = good.clone();
            bytes[at] = 0xff;
            Document::decode(&bytes).ok().filter(|doc| doc.check_texts().is_err())
        })
        .next()
        .unwrap();
    for record in [rid(1), rid(2)] {
        memory(&server).put(record, 1, sealed(&ann, record, &broken));
    }
    memory(&server).put(rid(3), 1, sealed(&ann, rid(3), &ann.doc(rid(1)).unwrap()));
    ben.sync().await;
    assert_eq!(ben.client.overview().unwrap().quarantined, 2);
    assert_eq!((ben.note(rid(1)), ben.note(rid(3))), ("pond".into(), "pond".into()), "the rest goes on");
    assert!(ben.doc(rid(2)).is_none());
    let state = ben.client.state(EntryId(rid(1).0)).unwrap();
    assert_eq!(state, EntryState::Waiting(Reason::Damaged), "no update of the app would mend it");
}

#[tokio::test]
async fn a_row_in_quarantine_comes_back_after_a_repair() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    // What stands beside the ciphertext was damaged, not the ciphertext itself.
    memory(&server).rows.get_mut(&rid(1)).unwrap().epoch = 9;
    ben.sync().await;
    assert!(ben.doc(rid(1)).is_none());
    assert_eq!(ben.client.overview().unwrap().quarantined, 1);
    {
        let mut memory = memory(&server);
        memory.incarnation = [2; 16];
        memory.rows.get_mut(&rid(1)).unwrap().epoch = 1;
    }
    ben.sync().await;
    assert_eq!(ben.note(rid(1)), "pond");
    assert_eq!(ben.client.overview().unwrap().quarantined, 0);
}
