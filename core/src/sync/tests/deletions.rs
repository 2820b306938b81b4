//! Deletions for good in numbers: they wait for a person, nothing is lost meanwhile, and what is kept is kept everywhere.

use super::*;
use crate::attachments::{AttachmentsClient, ImportSource};
use crate::clock::Clock;
use crate::entries::{EntriesClient, EntryDraft};
use crate::ids::EntryId;
use crate::records::trash;
use crate::sync::EntryState;
use crate::sync::Reason;

const DAY_MS: i64 = 86_400_000;

fn ids(numbers: std::ops::RangeInclusive<u8>) -> Vec<RecordId> {
    numbers.map(rid).collect()
}

/// Two phones with the same 30 entries.
async fn two(server: &Arc<MemoryRemote>) -> (Phone, Phone) {
    let (ann, ben) = (Phone::new(server, 1), Phone::new(server, 2));
    ids(1..=30).into_iter().for_each(|rid| ann.title(rid, "pond"));
    ann.sync().await;
    ben.sync().await;
    (ann, ben)
}

fn purge(phone: &Phone, rids: &[RecordId]) {
    rids.iter().for_each(|rid| phone.edit(*rid, |doc, stamper| doc.purge(stamper)));
}

fn trash_or_not(phone: &Phone, rids: &[RecordId], trashed: bool) {
    for rid in rids {
        phone.edit(*rid, |doc, stamper| assert!(doc.set_trashed(trashed, stamper)));
    }
}

fn standing(phone: &Phone, rids: &[RecordId]) -> usize {
    rids.iter().filter(|rid| phone.doc(**rid).is_some_and(|doc| doc.is_shown())).count()
}

fn waiting(phone: &Phone) -> Vec<RecordId> {
    let waiting = phone.client.deletions().unwrap();
    assert_eq!(waiting.len() as u64, phone.client.overview().unwrap().deletions);
    waiting.into_iter().map(|one| RecordId(one.id)).collect()
}

#[tokio::test]
async fn many_deletions_wait_for_a_person_and_survive_a_restart() {
    let server = server();
    let (ann, ben) = two(&server).await;
    let gone = ids(1..=25);
    purge(&ann, &gone);
    ann.sync().await;
    ben.sync().await;
    assert_eq!((standing(&ben, &gone), waiting(&ben)), (25, gone.clone()));
    let first = ben.client.deletions().unwrap()[0];
    assert_eq!((first.kind, first.device_no), (ChangeKind::Entry, 1));
    assert_eq!(ben.client.state(EntryId(rid(1).0)).unwrap(), EntryState::Waiting(Reason::Review));
    // The cursor went on: what is new comes in, and a few more deletions wait beside the others.
    ann.title(rid(40), "river");
    purge(&ann, &ids(26..=26));
    ann.sync().await;
    let ben = ben.reopened(&server);
    ben.title(rid(2), "pond, at night");
    ben.sync().await;
    ben.client.check(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert!(ben.doc(rid(40)).is_some());
    assert_eq!((standing(&ben, &gone), waiting(&ben).len()), (25, 26));
    // Done only with the number that was confirmed.
    assert!(ben.client.accept_deletions(&gone, 24).is_err());
    assert!(ben.client.accept_deletions(&[rid(40)], 1).is_err());
    assert_eq!(standing(&ben, &gone), 25);
    ben.client.accept_deletions(&gone, 25).unwrap();
    assert_eq!((standing(&ben, &gone), waiting(&ben)), (0, ids(26..=26)));
    ben.sync().await;
    assert_eq!((ben.dirty(), waiting(&ben)), (0, ids(26..=26)));
}

#[tokio::test]
async fn a_few_deletions_ask_nobody() {
    let server = server();
    let (ann, ben) = two(&server).await;
    purge(&ann, &ids(1..=5));
    ann.sync().await;
    ben.sync().await;
    assert_eq!((standing(&ben, &ids(1..=5)), waiting(&ben)), (0, vec![]));
    purge(&ann, &ids(6..=11));
    ann.sync().await;
    ben.sync().await;
    assert_eq!(
        (standing(&ben, &ids(6..=11)), waiting(&ben).len()),
        (6, 6),
        "six of 25 are more than the fifth"
    );
}

#[tokio::test]
async fn what_lay_in_the_trash_goes_when_its_days_are_over_and_asks_nobody() {
    let server = server();
    let (ann, ben) = two(&server).await;
    let (gone, back) = (ids(1..=25), ids(1..=2));
    trash_or_not(&ann, &gone, true);
    ann.sync().await;
    ben.sync().await;
    let day = || ben.clock.now_ms().div_euclid(DAY_MS);
    ben.context.storage.write(|tx| trash::see(tx, day())).unwrap();
    purge(&ann, &gone);
    ann.sync().await;
    ben.clock.advance(29 * DAY_MS);
    ben.sync().await;
    let lying = |phone: &Phone| gone.iter().filter(|rid| phone.doc(**rid).unwrap().is_trashed()).count();
    assert_eq!((lying(&ben), waiting(&ben)), (25, vec![]), "too early, and no question");
    // Taken out of the trash here: that is a person's word, and it is asked for once more.
    trash_or_not(&ben, &back, false);
    ben.clock.advance(DAY_MS);
    ben.sync().await;
    assert_eq!((lying(&ben), standing(&ben, &gone), waiting(&ben)), (0, 2, back));
}

#[tokio::test]
async fn what_two_phones_keep_comes_back_once_on_all_phones() {
    let server = server();
    let (ann, ben) = two(&server).await;
    let cat = Phone::new(&server, 3);
    cat.sync().await;
    // Something that stays names one of those that go.
    ben.edit(rid(50), |doc, stamper| {
        doc.put(20, records::Key::id(rid(1).0), Value::Bool(true), stamper);
    });
    ben.sync().await;
    let gone = ids(1..=25);
    purge(&ann, &gone);
    ann.sync().await;
    ben.sync().await;
    cat.sync().await;
    let kept = ben.client.keep_deleted(&gone).unwrap();
    assert_eq!((standing(&ben, &gone), standing(&ben, &kept), waiting(&ben)), (0, 25, vec![]));
    ben.title(kept[0], "pond, kept");
    assert_eq!(cat.client.keep_deleted(&gone[..10]).unwrap(), kept[..10], "the same ids on every phone");
    for phone in [&ben, &cat, &ann, &ben, &cat] {
        phone.sync().await;
    }
    let all = ids(1..=30);
    for phone in [&ann, &ben, &cat] {
        assert_eq!(standing(phone, &kept), 25);
        assert_eq!((standing(phone, &all), phone.dirty()), (5, 0));
        assert_eq!(phone.doc(kept[0]).unwrap().string(TITLE), "pond, kept");
        assert!(phone.doc(rid(50)).unwrap().element(20, &records::Key::id(kept[0].0)).is_some());
    }
    assert!(ben.client.keep_deleted(&gone[..1]).is_err(), "nothing waits any more");
}

#[tokio::test]
async fn the_photos_of_what_waits_stay_and_come_back_with_it() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let photo = include_bytes!("../../../../tests/fixtures/photos/cat.jpg");
    let room = |phone: &Phone| AttachmentsClient::open(phone.context.clone()).unwrap();
    let entries: Vec<EntryId> = (0..6)
        .map(|_| {
            let draft =
                EntryDraft { title: "Cat".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
            EntriesClient::new(ann.context.clone()).create(draft).unwrap().id
        })
        .collect();
    let source = ImportSource::Bytes(photo.to_vec());
    room(&ann).import(entries[0], source, "Tom", "", &Cancel::new(), &NoProgress).unwrap();
    ann.sync().await;
    ben.sync().await;
    let files = |phone: &Phone| std::fs::read_dir(phone.context.blob_folder()).unwrap().count();
    let before = files(&ben);
    assert!(before > 0);
    let gone: Vec<RecordId> = entries.iter().map(|id| (*id).into()).collect();
    purge(&ann, &gone);
    ann.sync().await;
    ben.sync().await;
    room(&ben);
    assert_eq!((files(&ben), waiting(&ben).len()), (before, 6));
    let kept = ben.client.keep_deleted(&gone).unwrap();
    room(&ben);
    assert_eq!(files(&ben), before);
    ben.sync().await;
    ann.sync().await;
    for phone in [&ann, &ben] {
        let photos = room(phone).list(kept[0].into()).unwrap();
        assert_eq!(photos.iter().map(|one| one.caption.as_str()).collect::<Vec<_>>(), ["Tom"]);
    }
}
