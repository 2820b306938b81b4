//! Photo files: in parts, resumed, opened before they count, and truthful about where they are.

use super::*;
use crate::attachments::{AttachmentsClient, ImportSource, Size};
use crate::entries::{EntriesClient, EntryDraft};
use crate::ids::{AttachmentId, EntryId};
use crate::sync::{EntryState, Reason};

const PHOTO: &[u8] = include_bytes!("../../../../tests/fixtures/photos/cat.jpg");

pub(super) fn photographed(phone: &Phone) -> (EntryId, AttachmentId) {
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
    let ann = Phone::with_rooms(&server, 1);
    ann.sync().await;
    // Each of the six requests of an entry's two files is lost once, before or after it is heard.
    for (number, fault) in (0..12).zip([Fault::Lost, Fault::ReplyLost].into_iter().cycle()) {
        let (entry, photo) = photographed(&ann);
        let before = memory(&server).blobs.len();
        {
            let mut memory = memory(&server);
            let next = memory.log.len();
            // After the pull and the push.
            memory.faults.insert(next + 2 + number / 2, fault);
        }
        assert!(ann.try_sync().await.is_err(), "{number} {fault:?}");
        assert!(memory(&server).faults.is_empty(), "{number} {fault:?}");
        let state = ann.client.state(entry).unwrap();
        assert!(matches!(state, EntryState::Waiting(Reason::Photos(_))), "{number} {fault:?}: {state:?}");
        ann.sync().await;
        assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
        assert_eq!(memory(&server).blobs.len(), before + 2);
        if number == 11 {
            let ben = Phone::with_rooms(&server, 2);
            ben.sync().await;
            assert_eq!(read(&ben, photo, Size::Display).unwrap(), read(&ann, photo, Size::Display).unwrap());
        }
    }
}

#[tokio::test]
async fn photos_that_stay_on_this_phone_do_not_hold_safe_back() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let (entry, _) = photographed(&ann);
    ann.context
        .storage
        .write(|tx| {
            tx.execute("UPDATE record SET local_only = 1, dirty = 0, sealed = NULL", [])?;
            Ok(())
        })
        .unwrap();
    ann.sync().await;
    let overview = ann.client.overview().unwrap();
    assert_eq!((overview.waiting_records, overview.waiting_photos), (0, 0));
    assert!(overview.safe_at.is_some());
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::OnThisPhone);
    assert!(memory(&server).blobs.is_empty());
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

/// Ann's entry is on the server, its two photo files are not: the announcement of the first was lost.
pub(super) async fn half_sent(server: &Arc<MemoryRemote>) -> (Phone, EntryId, AttachmentId) {
    let ann = Phone::with_rooms(server, 1);
    ann.sync().await;
    let (entry, photo) = photographed(&ann);
    {
        let mut memory = memory(server);
        let next = memory.log.len();
        memory.faults.insert(next + 2, Fault::Lost);
    }
    assert!(ann.try_sync().await.is_err());
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Photos(2)));
    (ann, entry, photo)
}

#[tokio::test]
async fn an_entry_of_another_phone_is_stored_only_when_its_photos_have_come() {
    let server = server();
    let (ann, entry, photo) = half_sent(&server).await;
    let ben = Phone::with_rooms(&server, 2);
    ben.sync().await;
    assert_eq!(ben.client.state(entry).unwrap(), EntryState::Waiting(Reason::Photos(2)));
    assert!(ben.client.overview().unwrap().safe_at.is_some(), "all that is on this phone is stored");
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    ben.sync().await;
    assert_eq!(ben.client.state(entry).unwrap(), EntryState::Stored);
    read(&ben, photo, Size::Display).unwrap();
}

#[tokio::test]
async fn a_photo_that_others_took_out_and_brought_back_is_still_sent_by_the_phone_that_has_it() {
    let server = server();
    let (ann, entry, photo) = half_sent(&server).await;
    let (ben, carol) = (Phone::with_rooms(&server, 2), Phone::with_rooms(&server, 3));
    for phone in [&ben, &carol] {
        phone.sync().await;
    }
    AttachmentsClient::open(ben.context.clone()).unwrap().remove(photo).unwrap();
    carol.clock.advance(60_000);
    AttachmentsClient::open(carol.context.clone()).unwrap().describe(photo, "Chelsea", "").unwrap();
    ben.sync().await;
    // What Ann pulls takes the photo out before anything of it was sent.
    ann.sync().await;
    assert_eq!(EntriesClient::new(ann.context.clone()).get(entry).unwrap().attachments, []);
    for phone in [&carol, &ann, &carol] {
        phone.sync().await;
    }
    assert_eq!(read(&carol, photo, Size::Display).unwrap(), read(&ann, photo, Size::Display).unwrap());
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
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

#[tokio::test]
async fn over_mobile_data_files_wait_and_records_go_unless_this_phone_lets_them() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (entry, photo) = photographed(&ann);
    ann.client.set_on_mobile_data(true);
    ben.client.set_on_mobile_data(true);
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Waiting(Reason::Photos(2)));
    assert_eq!((ann.dirty(), ann.client.report().blobs_up), (0, 0));
    assert_eq!(ann.client.overview().unwrap().safe_at, None, "what waits is not safe");
    let settings = crate::settings::SettingsClient::new(ann.context.clone());
    let now = crate::settings::PhoneSettings { files_on_mobile_data: true, ..settings.phone().unwrap() };
    settings.save_phone(&now).unwrap();
    ann.sync().await;
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    ben.sync().await;
    assert_eq!(ben.client.report().blobs_down, 0);
    ben.client.set_on_mobile_data(false);
    ben.sync().await;
    assert_eq!(read(&ben, photo, Size::Thumb).unwrap(), read(&ann, photo, Size::Thumb).unwrap());
}

/// The other phone writes later, and had not heard of it.
#[tokio::test]
async fn a_photo_that_was_burnt_stays_so_whatever_another_phone_wrote_meanwhile() {
    use crate::attachments::{Area, PictureEdit};
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (entry, photo) = photographed(&ann);
    ann.sync().await;
    ben.sync().await;
    let room = |phone: &Phone| AttachmentsClient::open(phone.context.clone()).unwrap();
    let black = vec![Area { x: 10, y: 10, width: 60, height: 60 }];
    let burnt = room(&ann).burn(photo, &PictureEdit { crop: None, black }, &Cancel::new()).unwrap();
    ben.clock.advance(60_000);
    room(&ben).describe(photo, "Later", "Later").unwrap();
    for phone in [&ann, &ben, &ann, &ben] {
        phone.sync().await;
    }
    for phone in [&ann, &ben] {
        let shown = room(phone).list(entry).unwrap();
        assert_eq!(shown.iter().map(|one| one.id).collect::<Vec<_>>(), [burnt.id]);
        assert_eq!(read(phone, photo, Size::Display), Err(Error::NotFound("attachment")));
        assert_eq!(read(phone, burnt.id, Size::Display), read(&ann, burnt.id, Size::Display));
    }
}
