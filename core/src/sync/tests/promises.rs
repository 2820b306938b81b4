//! Everyday syncing: nothing is lost, nothing is sent twice, nothing waits for anything else.

use super::*;
use crate::ids::EntryId;
use crate::sync::{EntryState, Reason, queries};

#[tokio::test]
async fn two_phones_that_wrote_offline_hold_the_same_in_the_end() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "frogs");
    ben.write(rid(2), "toads");
    ann.sync().await;
    ben.sync().await;
    ann.sync().await;
    for phone in [&ann, &ben] {
        assert_eq!((phone.note(rid(1)), phone.note(rid(2))), ("frogs".into(), "toads".into()));
        assert_eq!(phone.dirty(), 0);
    }
    assert_eq!(*ben.shown.0.lock().unwrap().last().unwrap(), rid(1), "the room was told");
}

#[tokio::test]
async fn a_note_typed_into_on_two_phones_at_once_keeps_both() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    ann.write(rid(1), "a pond");
    ben.write(rid(1), "pond!");
    ben.title(rid(1), "Water");
    ann.sync().await;
    ben.sync().await;
    ann.sync().await;
    assert_eq!((ann.note(rid(1)), ben.note(rid(1))), ("a pond!".into(), "a pond!".into()));
    assert_eq!(ann.doc(rid(1)).unwrap().string(TITLE), "Water");
    assert_eq!((ann.dirty(), ben.dirty()), (0, 0));
}

#[tokio::test]
async fn a_conflict_is_merged_and_pushed_in_the_same_run() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    ann.title(rid(1), "Water");
    ben.write(rid(1), "pond life");
    ann.sync().await;
    // Ben's pull is cut off, so that his push meets what Ann wrote.
    {
        let mut memory = memory(&server);
        let next = memory.log.len();
        memory.faults.insert(next, Fault::Lost);
    }
    assert!(ben.try_sync().await.is_err());
    assert_eq!(ben.client.report().conflicts, 1);
    assert_eq!(ben.dirty(), 0, "upload doesn't wait for download");
    ann.sync().await;
    assert_eq!(ann.note(rid(1)), "pond life");
}

#[tokio::test]
async fn two_idle_phones_send_nothing() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    for phone in [&ann, &ben, &ann, &ben] {
        phone.sync().await;
    }
    let before = memory(&server).clone();
    for phone in [&ann, &ben, &ann, &ben] {
        phone.sync().await;
    }
    let after = memory(&server).clone();
    assert_eq!(after.head, before.head);
    assert_eq!(
        after.log[before.log.len()..],
        vec!["GET pull".to_string(); 4],
        "one question each, and no more"
    );
}

#[tokio::test]
async fn one_new_entry_is_synced_in_two_requests_and_not_downloaded_again() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.write(rid(1), "pond");
    ann.sync().await;
    let asked = memory(&server).log.len();
    ann.write(rid(2), "ducks");
    ann.sync().await;
    assert_eq!(memory(&server).log.len() - asked, 2);
    ann.sync().await;
    assert_eq!(ann.client.report().pulled, 0);
}

#[tokio::test]
async fn a_lost_reply_stores_nothing_twice() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.sync().await;
    ann.write(rid(1), "pond");
    {
        let mut memory = memory(&server);
        let next = memory.log.len();
        // Whichever of the two loops comes second is the push or the pull: lose both replies.
        memory.faults.extend([(next, Fault::ReplyLost), (next + 1, Fault::ReplyLost)]);
    }
    assert!(ann.try_sync().await.is_err());
    assert_eq!(ann.dirty(), 1, "not acknowledged, not given up");
    let head = memory(&server).head;
    assert_eq!(head, 1, "the server has it");
    ann.sync().await;
    assert_eq!((ann.dirty(), memory(&server).head), (0, head));
}

#[tokio::test]
async fn an_edit_made_while_the_push_is_under_way_is_pushed_next() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.sync().await;
    ann.write(rid(1), "pond");
    let (synced, ()) = futures::join!(ann.try_sync(), async {
        tokio::task::yield_now().await;
        ann.write(rid(1), "pond life");
    });
    synced.unwrap();
    ann.sync().await;
    let ben = Phone::new(&server, 2);
    ben.sync().await;
    assert_eq!(ben.note(rid(1)), "pond life");
}

#[tokio::test]
async fn what_acknowledges_an_older_version_leaves_the_newer_one_waiting() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.write(rid(1), "pond");
    let sent =
        ann.context.storage.read(|tx| queries::waiting(tx, SPACE, &[], 10, 1 << 20)).unwrap().remove(0);
    ann.write(rid(1), "pond life");
    ann.context.storage.write(|tx| queries::acknowledge(tx, &sent, 1)).unwrap();
    assert_eq!(ann.dirty(), 1);
}

#[tokio::test]
async fn a_new_phone_sees_the_newest_first_and_goes_on_where_it_was_killed() {
    let server = server();
    let ann = Phone::new(&server, 1);
    for number in 1..=30 {
        ann.write(rid(number), "x");
        ann.sync().await;
    }
    memory(&server).page = 7;
    let ben = Phone::new(&server, 2);
    {
        let mut memory = memory(&server);
        let next = memory.log.len();
        // head, pull after the head, two pages from the top; the third page is cut off.
        memory.faults.insert(next + 4, Fault::Lost);
    }
    assert!(ben.try_sync().await.is_err());
    let here: Vec<u8> = (1..=30).filter(|number| ben.doc(rid(*number)).is_some()).collect();
    assert_eq!(here, (17..=30).collect::<Vec<u8>>());
    // Meanwhile an old one is edited: it leaves the part that is still to come.
    ann.write(rid(3), "changed");
    ann.sync().await;
    let ben = ben.reopened(&server);
    ben.sync().await;
    assert!((1..=30).all(|number| ben.doc(rid(number)).is_some()));
    assert_eq!(ben.note(rid(3)), "changed");
}

#[tokio::test]
async fn a_tombstone_is_never_brought_back() {
    let server = server();
    let (ann, ben) = (Phone::new(&server, 1), Phone::new(&server, 2));
    ann.write(rid(1), "pond");
    ann.sync().await;
    ben.sync().await;
    ann.edit(rid(1), |doc, stamper| doc.purge(stamper));
    ben.write(rid(1), "pond, from a drawer");
    ann.sync().await;
    ben.sync().await;
    ann.sync().await;
    for phone in [&ann, &ben] {
        assert!(phone.doc(rid(1)).unwrap().is_purged());
        assert_eq!(phone.dirty(), 0);
    }
}

#[tokio::test]
async fn states_tell_the_truth() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.write(rid(1), "pond");
    let entry = EntryId(rid(1).0);
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::OnThisPhone);
    assert_eq!(ann.client.overview().unwrap().safe_at, None);
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    assert_eq!(ann.client.overview().unwrap().safe_at, Some(1_700_000_001_000));
    ann.write(rid(1), "pond life");
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Sync));
    assert!(matches!(ann.client.state(EntryId([99; 16])), Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_cancelled_sync_stops_and_keeps_what_it_did() {
    let server = server();
    let ann = Phone::new(&server, 1);
    ann.write(rid(1), "pond");
    let cancel = Cancel::new();
    cancel.cancel();
    let stopped = ann.client.run(cancel, Arc::new(NoProgress)).await;
    assert_eq!(stopped.unwrap_err(), Error::Cancelled);
    ann.sync().await;
    assert_eq!(ann.dirty(), 0);
}
