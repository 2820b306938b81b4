//! Files go to make room and come back: over random histories none that only this phone has, and each as it was.

use proptest::prelude::*;

use super::*;
use crate::attachments::{Attachment, AttachmentsClient, FileState, ImportSource, Pin, Room};
use crate::entries::{EntriesClient, EntryDraft};
use crate::ids::{AttachmentId, EntryId};
use crate::sync::EntryState;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A short recording like no other.
pub(super) fn recording(number: u8) -> Vec<u8> {
    let mut frame = vec![number; 417];
    frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
    frame.repeat(3)
}

pub(super) fn room(phone: &Phone) -> AttachmentsClient {
    AttachmentsClient::open(phone.context.clone()).unwrap()
}

pub(super) fn recorded(phone: &Phone, number: u8) -> (EntryId, AttachmentId) {
    let draft = EntryDraft { title: "Song".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let entry = EntriesClient::new(phone.context.clone()).create(draft).unwrap().id;
    let source = ImportSource::Bytes(recording(number));
    let taken = room(phone).import_file(entry, source, "song.mp3", "", &Cancel::new(), &NoProgress).unwrap();
    (entry, taken.id)
}

fn free(phone: &Phone) -> Room {
    let room = room(phone);
    let would = room.would_free(None).unwrap();
    let freed = room.free_space(&Cancel::new(), &NoProgress).unwrap();
    assert_eq!(freed, would, "the figure told before");
    freed
}

async fn fetch(phone: &Phone, id: AttachmentId) -> Result<()> {
    phone.client.fetch(id, Cancel::new(), Arc::new(NoProgress)).await
}

fn wait(phone: &Phone, days: i64) {
    phone.clock.advance(days * DAY_MS);
}

fn state(phone: &Phone, id: AttachmentId) -> FileState {
    room(phone).get(id).unwrap().state
}

/// What is not here, is whole on the server; what the server lacks, is here.
fn assert_nothing_lost(phone: &Phone, server: &MemoryRemote) {
    let rows: Vec<([u8; 16], u8)> = phone
        .context
        .storage
        .read(|tx| {
            let mut select = tx.prepare("SELECT blob, state FROM blob")?;
            let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<std::result::Result<_, _>>()?)
        })
        .unwrap();
    for (blob, state) in rows {
        let here = phone.context.blob_path(crate::ids::BlobId(blob)).exists();
        let there = memory(server).blobs.get(&crate::ids::BlobId(blob)).is_some_and(|blob| blob.complete);
        assert!(here || there, "a file in state {state} is nowhere");
        assert!(there || state != 4 && here, "a file in state {state} went before the server had it");
        assert_eq!(here, state != 4, "state {state} says where it is");
    }
}

#[tokio::test]
async fn what_was_not_looked_at_for_the_days_set_goes_and_comes_back_when_looked_at() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let ((_, old), (entry, new)) = (recorded(&ann, 1), recorded(&ann, 2));
    ann.sync().await;
    assert_eq!(free(&ann), Room::default(), "all is kept until somebody says otherwise");
    room(&ann).set_keep_days(Some(30)).unwrap();
    wait(&ann, 29);
    room(&ann).read_part(new, 0, 1).unwrap();
    wait(&ann, 2);
    assert_eq!(free(&ann).files, 1);
    assert_eq!((state(&ann, old), state(&ann, new)), (FileState::OnServer, FileState::Stored));
    assert_eq!(room(&ann).read_part(old, 0, 1), Err(Error::NotFound("photo on this phone")));
    let held = room(&ann).held().unwrap();
    assert!(held.let_go > 0 && held.others > 0);
    ann.sync().await;
    assert_eq!(state(&ann, old), FileState::OnServer, "a sync does not bring it back");
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    fetch(&ann, old).await.unwrap();
    assert_eq!(room(&ann).read_part(old, 0, u64::MAX).unwrap(), recording(1));
    assert_eq!((state(&ann, old), free(&ann)), (FileState::Stored, Room::default()));
    assert!(matches!(fetch(&ann, AttachmentId([9; 16])).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn an_entry_whose_files_were_let_go_is_stored_and_keeping_all_brings_them_back() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let (entry, file) = recorded(&ann, 1);
    ann.sync().await;
    room(&ann).set_keep_days(Some(1)).unwrap();
    wait(&ann, 2);
    free(&ann);
    assert_eq!(ann.client.state(entry).unwrap(), EntryState::Stored);
    room(&ann).set_keep_days(None).unwrap();
    assert_eq!(state(&ann, file), FileState::Remote);
    ann.sync().await;
    assert_eq!(room(&ann).read_part(file, 0, u64::MAX).unwrap(), recording(1));
}

#[tokio::test]
async fn a_new_phone_that_keeps_little_brings_what_is_new_and_small_copies_of_all() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (_, photo) = photos::photographed(&ann);
    let (_, old) = recorded(&ann, 1);
    wait(&ann, 100);
    let (_, new) = recorded(&ann, 2);
    ann.sync().await;
    room(&ben).set_keep_days(Some(30)).unwrap();
    wait(&ben, 100);
    ben.sync().await;
    assert_eq!((state(&ben, old), state(&ben, new)), (FileState::OnServer, FileState::Stored));
    assert!(room(&ben).read(photo, crate::attachments::Size::Thumb).is_ok(), "small copies always stay");
    fetch(&ben, old).await.unwrap();
    assert_eq!(room(&ben).read_part(old, 0, u64::MAX).unwrap(), recording(1));
}

#[tokio::test]
async fn what_is_pinned_stays_and_what_was_let_go_comes_back_once_it_is_pinned() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let ((kept, stays), (entry, goes)) = (recorded(&ann, 1), recorded(&ann, 2));
    ann.sync().await;
    room(&ann).set_keep_days(Some(1)).unwrap();
    room(&ann).pin(Pin::Entry(kept)).unwrap();
    wait(&ann, 9);
    assert_eq!(free(&ann).files, 1);
    assert_eq!((state(&ann, stays), state(&ann, goes)), (FileState::Stored, FileState::OnServer));
    room(&ann).pin(Pin::Entry(entry)).unwrap();
    assert_eq!(room(&ann).pins().unwrap().len(), 2);
    ann.sync().await;
    assert_eq!(state(&ann, goes), FileState::Stored);
    room(&ann).unpin(Pin::Entry(kept)).unwrap();
    assert_eq!(free(&ann).files, 1);
    assert_eq!(state(&ann, stays), FileState::OnServer);
    assert!(matches!(room(&ann).pin(Pin::Entry(EntryId([9; 16]))), Err(Error::NotFound(_))));
    for days in [0, 36_501] {
        assert!(matches!(room(&ann).set_keep_days(Some(days)), Err(Error::InvalidInput(_))));
    }
}

#[tokio::test]
async fn cancelled_at_once_nothing_goes() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    recorded(&ann, 1);
    ann.sync().await;
    room(&ann).set_keep_days(Some(1)).unwrap();
    wait(&ann, 9);
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(room(&ann).free_space(&cancel, &NoProgress).unwrap(), Room::default());
    assert_eq!(free(&ann).files, 1);
}

#[derive(Debug, Clone)]
enum Step {
    Record,
    Sync,
    Check,
    Days(Option<u32>),
    Wait(i64),
    Pin(u8),
    Unpin(u8),
    Free,
    Look(u8),
    Fetch(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Record),
        3 => Just(Step::Sync),
        1 => Just(Step::Check),
        2 => prop::option::of(1..20u32).prop_map(Step::Days),
        3 => (0..30i64).prop_map(Step::Wait),
        1 => any::<u8>().prop_map(Step::Pin),
        1 => any::<u8>().prop_map(Step::Unpin),
        4 => Just(Step::Free),
        2 => any::<u8>().prop_map(Step::Look),
        2 => any::<u8>().prop_map(Step::Fetch),
    ];
    prop::collection::vec(step, 1..25)
}

async fn live(steps: Vec<Step>) {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let mut all: Vec<(EntryId, AttachmentId)> = Vec::new();
    for step in steps {
        let one = |number: u8| all.get(usize::from(number) % all.len().max(1)).copied();
        match step {
            Step::Record => all.push(recorded(&ann, all.len() as u8)),
            Step::Sync => ann.sync().await,
            Step::Check => drop(ann.client.check(Cancel::new(), Arc::new(NoProgress)).await.unwrap()),
            Step::Days(days) => room(&ann).set_keep_days(days).unwrap(),
            Step::Wait(days) => wait(&ann, days),
            Step::Pin(number) => {
                if let Some((entry, _)) = one(number) {
                    room(&ann).pin(Pin::Entry(entry)).unwrap();
                }
            }
            Step::Unpin(number) => {
                if let Some((entry, _)) = one(number) {
                    room(&ann).unpin(Pin::Entry(entry)).unwrap();
                }
            }
            Step::Free => {
                let before: Vec<Attachment> =
                    all.iter().map(|(_, id)| room(&ann).get(*id).unwrap()).collect();
                free(&ann);
                for was in before.iter().filter(|was| was.state != FileState::Stored) {
                    assert_eq!(state(&ann, was.id), was.state, "only what the server has may go");
                }
                for pin in room(&ann).pins().unwrap() {
                    for was in before.iter().filter(|was| Pin::Entry(was.entry) == pin) {
                        assert_eq!(state(&ann, was.id), was.state, "what is pinned stays");
                    }
                }
            }
            Step::Look(number) => {
                if let Some((_, id)) = one(number) {
                    let at = all.iter().position(|(_, other)| *other == id).unwrap() as u8;
                    match room(&ann).read_part(id, 0, u64::MAX) {
                        Ok(bytes) => assert!(bytes == recording(at)),
                        Err(error) => assert_eq!(error, Error::NotFound("photo on this phone")),
                    }
                }
            }
            Step::Fetch(number) => {
                if let Some((_, id)) = one(number) {
                    fetch(&ann, id).await.unwrap();
                    assert!(room(&ann).read_part(id, 0, u64::MAX).is_ok());
                }
            }
        }
        assert_nothing_lost(&ann, &server);
    }
    room(&ann).set_keep_days(None).unwrap();
    ann.sync().await;
    for (number, (_, id)) in (0..).zip(&all) {
        assert!(room(&ann).read_part(*id, 0, u64::MAX).unwrap() == recording(number), "came back as it was");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_only_this_phone_has_ever_goes_and_all_that_goes_comes_back(steps in steps()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(live(steps));
    }
}
