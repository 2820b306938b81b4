//! Photo files: in parts, resumed, opened before they count, and truthful about where they are.

use super::*;
use crate::attachments::{AttachmentsClient, ImportSource, Size};
use crate::entries::{EntriesClient, EntryDraft};
use crate::ids::{AttachmentId, EntryId};
use crate::sync::{EntryState, Reason};

const PHOTO: &[u8] = include_bytes!("../../../../tests/fixtures/photos/cat.jpg");

fn photographed(phone: &Phone) -> (EntryId, AttachmentId) {
    let draft = EntryDraft { title: "Cat".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let entry = EntriesClient::new(phone.context.clone()).create(draft).unwrap();
    let room = AttachmentsClient::open(phone.context.clone()).unwrap();
    let source = ImportSource::Bytes(PHOTO.to_vec());
    let attachment = room.import(entry.id, source, "", "", &Cancel::new(), &NoProgress).unwrap();
    (entry.id, attachment.id)
}

fn read(phone: &Phone, id: AttachmentId, size: Size) -> Result<Vec<u8>> {
    AttachmentsClient::open(phone.context.clone()).unwrap().read(id, size)
}

#[tokio::test]
async fn a_photo_comes_to_the_other_phone_byte_by_byte() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (entry, photo) = photographed(&ann);
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    ben.sync().await;
    for size in [Size::Thumb, Size::Display] {
        assert_eq!(read(&ben, photo, size).unwrap(), read(&ann, photo, size).unwrap());
    }
    assert_eq!((ann.client.report().blobs_up, ben.client.report().blobs_down), (2, 2));
    let asked = memory(&server).log.len();
    ann.sync().await;
    ben.sync().await;
    assert_eq!(memory(&server).log.len() - asked, 2, "nothing is moved twice");
}

#[tokio::test]
async fn an_upload_that_broke_off_goes_on_and_is_stored_only_when_complete() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (entry, photo) = photographed(&ann);
    // Head, pull and push; then each of the six requests of two files is lost once, before or after it is heard.
    for (fault, at) in
        [Fault::Lost, Fault::ReplyLost].into_iter().flat_map(|fault| (0..3).map(move |at| (fault, at)))
    {
        {
            let mut memory = memory(&server);
            let next = memory.log.len() + at + if memory.head == 0 { 3 } else { 1 };
            memory.faults.insert(next, fault);
        }
        let _ = ann.try_sync().await;
        ben.sync().await;
        memory(&server).faults.clear();
        let complete = memory(&server).blobs.values().filter(|blob| blob.complete).count();
        if complete < 2 {
            assert!(matches!(ann.client.state(entry).unwrap(), EntryState::Waiting(_)), "{fault:?} {at}");
        }
    }
    ann.sync().await;
    ben.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    assert_eq!(read(&ben, photo, Size::Display).unwrap(), read(&ann, photo, Size::Display).unwrap());
}

#[tokio::test]
async fn a_photo_that_was_changed_on_the_server_is_never_shown() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (_, photo) = photographed(&ann);
    ann.sync().await;
    let good = memory(&server).blobs.clone();
    for blob in memory(&server).blobs.values_mut() {
        blob.parts.get_mut(&0).unwrap()[1000] ^= 1;
    }
    ben.sync().await;
    assert!(matches!(read(&ben, photo, Size::Display), Err(Error::NotFound(_))));
    assert_eq!(ben.client.report().blobs_down, 0);
    memory(&server).blobs = good;
    ben.sync().await;
    assert_eq!(read(&ben, photo, Size::Display).unwrap(), read(&ann, photo, Size::Display).unwrap());
}

#[tokio::test]
async fn an_entry_says_how_many_of_its_photo_files_wait() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    ann.sync().await;
    let (entry, _) = photographed(&ann);
    {
        let mut memory = memory(&server);
        let next = memory.log.len();
        // Pull and push go through, the announcement doesn't.
        memory.faults.insert(next + 2, Fault::Lost);
    }
    assert!(ann.try_sync().await.is_err());
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Photos(2)));
    assert_eq!(ann.client.overview().unwrap().waiting_photos, 2);
    assert_eq!(ann.client.overview().unwrap().safe_at, Some(1_700_000_000_000), "as of before the photo");
}

#[tokio::test]
async fn after_a_restore_photo_files_are_asked_for_and_sent_only_if_lost() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let (entry, _) = photographed(&ann);
    ann.sync().await;
    let lost = *memory(&server).blobs.keys().next().unwrap();
    {
        let mut memory = memory(&server);
        memory.incarnation = [2; 16];
        memory.blobs.remove(&lost);
    }
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    let memory = memory(&server);
    assert!(memory.blobs.values().all(|blob| blob.complete) && memory.blobs.len() == 2);
}
