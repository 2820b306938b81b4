//! Rows that can't be opened: laid aside without stopping the rest, and taken out again when they can.

use super::*;
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
