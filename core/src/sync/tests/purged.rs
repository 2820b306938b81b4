//! What a purge leaves on the server: told once nothing names it, kept where something does, and brought back with its files.

use super::kept::{recorded, recording, room};
use super::photos::photographed;
use super::*;
use crate::attachments::{Area, AttachmentsClient, PictureEdit};
use crate::entries::{EntriesClient, TimelineQuery};
use crate::ids::{AttachmentId, EntryId};
use crate::records::Key;
use crate::records::fields::entry::ATTACHMENTS;
use crate::trash::TrashClient;

const DAY_MS: i64 = 86_400_000;

pub(super) fn purge(phone: &Phone, entry: EntryId) -> Result<()> {
    let attachments = Arc::new(AttachmentsClient::open(phone.context.clone()).unwrap());
    EntriesClient::new(phone.context.clone()).trash(entry)?;
    TrashClient::new(phone.context.clone(), attachments).purge(&[entry.into()], 1)
}

/// The files of the server, and which of them wait for their end.
fn files(server: &MemoryRemote) -> (usize, usize) {
    let memory = memory(server);
    (memory.blobs.len(), memory.left.len())
}

fn sound(phone: &Phone, id: AttachmentId) -> Result<Vec<u8>> {
    room(phone).read_part(id, 0, 1 << 20)
}

fn titles(phone: &Phone) -> Vec<(EntryId, String)> {
    let timeline = EntriesClient::new(phone.context.clone());
    let page =
        timeline.timeline(&TimelineQuery { include_drafts: true, ..TimelineQuery::default() }).unwrap();
    page.entries.into_iter().map(|entry| (entry.id, entry.title)).collect()
}

fn pass(phones: &[&Phone], days: i64) {
    phones.iter().for_each(|phone| phone.clock.advance(days * DAY_MS));
}

/// 14 days go by, on which these phones sync.
async fn end_of(server: &MemoryRemote, phones: &[&Phone]) {
    let since = memory(server).waiting();
    pass(phones, 1);
    for phone in phones {
        phone.sync().await;
    }
    memory(server).destroy(&since);
}

#[tokio::test]
async fn a_purge_tells_the_server_which_files_it_leaves() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let ((gone, _), (_, kept)) = (recorded(&ann, 1), recorded(&ann, 2));
    ann.sync().await;
    ben.sync().await;
    assert_eq!(files(&server), (2, 0));
    purge(&ann, gone).unwrap();
    assert_eq!(files(&server), (2, 0), "told when the server has the tombstone");
    ann.sync().await;
    assert_eq!(files(&server), (2, 1));
    ben.sync().await;
    end_of(&server, &[&ann, &ben]).await;
    assert_eq!(files(&server), (1, 0));
    for phone in [&ann, &ben] {
        assert!(sound(phone, kept).is_ok());
    }
    let asked = memory(&server).log.len();
    ann.sync().await;
    assert_eq!(memory(&server).log.len() - asked, 1, "told once");
}

#[tokio::test]
async fn the_list_survives_a_kill_and_a_lost_reply_between_the_purge_and_the_server() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let (entry, _) = recorded(&ann, 1);
    ann.sync().await;
    purge(&ann, entry).unwrap();
    // Killed before it was pushed; then each reply in turn is lost, that of the push and that of the list.
    let mut ann = ann.reopened_with_rooms(&server);
    for number in [1, 0] {
        {
            let mut memory = memory(&server);
            let next = memory.log.len();
            memory.faults.insert(next + 1 + number, Fault::ReplyLost);
        }
        assert!(ann.try_sync().await.is_err(), "{number}");
        ann = ann.reopened_with_rooms(&server);
    }
    ann.sync().await;
    assert_eq!((files(&server), ann.dirty()), ((1, 1), 0));
}

#[tokio::test]
async fn the_purge_of_what_was_never_uploaded_lists_nothing() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    ann.sync().await;
    let (entry, _) = recorded(&ann, 1);
    purge(&ann, entry).unwrap();
    let asked = memory(&server).log.len();
    ann.sync().await;
    let log = memory(&server).log[asked..].to_vec();
    assert!(log.iter().all(|line| !line.contains("purged")), "{log:?}");
    assert_eq!((files(&server), ann.dirty()), ((0, 0), 0));
}

#[tokio::test]
async fn an_older_server_is_told_once_it_is_newer() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    memory(&server).is_older = true;
    let (entry, _) = recorded(&ann, 1);
    ann.sync().await;
    purge(&ann, entry).unwrap();
    ann.sync().await;
    assert_eq!((files(&server), ann.dirty()), ((1, 0), 0));
    assert_eq!(ann.client.purged(false).await.unwrap(), []);
    memory(&server).is_older = false;
    ann.sync().await;
    assert_eq!(files(&server), (1, 1));
}

#[tokio::test]
async fn nothing_is_told_while_something_here_cannot_be_read() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let (entry, _) = recorded(&ann, 1);
    ann.sync().await;
    ann.context
        .storage
        .write(|tx| {
            tx.execute(
                "INSERT INTO quarantine (space, rid, seq, fmt, epoch, ct, cause, reader)
                 VALUES (?1, ?2, 90, 1, 1, x'00', 2, 99)",
                params![SPACE.as_bytes(), rid(9).as_bytes()],
            )?;
            Ok(())
        })
        .unwrap();
    purge(&ann, entry).unwrap();
    ann.sync().await;
    assert_eq!(files(&server), (1, 0), "it may name the file");
    ann.context.storage.write(|tx| Ok(tx.execute("DELETE FROM quarantine", [])?)).unwrap();
    ann.sync().await;
    assert_eq!(files(&server), (1, 1));
}

#[tokio::test]
async fn a_file_that_another_entry_or_draft_or_the_trash_names_is_not_listed() {
    let server = server();
    let ann = Phone::with_rooms(&server, 1);
    let ((one, photo), (two, _)) = (recorded(&ann, 1), recorded(&ann, 2));
    let element = ann.doc(one.into()).unwrap().element(ATTACHMENTS, &Key::id(photo)).unwrap().clone();
    ann.edit(two.into(), |doc, stamper| {
        doc.put(ATTACHMENTS, Key::id(AttachmentId([3; 16])), element, stamper);
    });
    EntriesClient::new(ann.context.clone()).trash(two).unwrap();
    ann.sync().await;
    purge(&ann, one).unwrap();
    ann.sync().await;
    assert_eq!(files(&server), (2, 0), "the other one, in the trash, has it too");
}

#[tokio::test]
async fn a_burnt_photograph_leaves_its_old_files_and_one_that_is_only_taken_out_does_not() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (_, photo) = photographed(&ann);
    let (_, taken_out) = recorded(&ann, 1);
    ann.sync().await;
    ben.sync().await;
    let black = vec![Area { x: 1, y: 1, width: 9, height: 9 }];
    room(&ann).burn(photo, &PictureEdit { crop: None, black }, &Cancel::new()).unwrap();
    room(&ann).remove(taken_out).unwrap();
    ann.sync().await;
    assert_eq!(files(&server), (5, 2), "an edit on another phone may bring the recording back");
    ben.sync().await;
    end_of(&server, &[&ann, &ben]).await;
    assert_eq!(files(&server), (3, 0));
}

#[tokio::test]
async fn a_purged_entry_is_brought_back_on_every_phone_with_its_files() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (old, old_sound) = recorded(&ann, 1);
    ann.sync().await;
    ben.sync().await;
    purge(&ben, old).unwrap();
    ben.sync().await;
    ann.sync().await;
    assert!(titles(&ann).is_empty() && titles(&ben).is_empty());
    let listed = ann.client.purged(false).await.unwrap();
    let [one] = &listed[..] else { panic!("{listed:?}") };
    let expected = (ChangeKind::Entry, old.0, "Song", 2);
    assert_eq!((one.kind, one.id, one.title.as_str(), one.device_no), expected);
    assert_eq!(ann.client.purged(true).await.unwrap(), [], "it is no needs note");
    let back = ann.client.bring_back(&[old.into()]).await.unwrap();
    assert_eq!(files(&server), (1, 0), "its file stays");
    assert_eq!(ann.client.purged(false).await.unwrap(), [], "it is back");
    assert_eq!(
        ann.client.bring_back(&[old.into()]).await,
        Err(Error::NotFound("deleted thing")),
        "and not twice"
    );
    ann.sync().await;
    ben.sync().await;
    end_of(&server, &[&ann, &ben]).await;
    for phone in [&ann, &ben] {
        assert_eq!(titles(phone), [(EntryId(back[0].0), "Song".to_owned())]);
        let [new] = &room(phone).list(EntryId(back[0].0)).unwrap()[..] else { panic!("one recording") };
        phone.client.fetch(new.id, Cancel::new(), Arc::new(NoProgress)).await.unwrap();
        assert!(new.id != old_sound);
        assert_eq!(sound(phone, new.id).unwrap(), recording(1));
        assert!(phone.doc(old.into()).unwrap().is_purged(), "the tombstone stands");
    }
    assert_eq!(files(&server), (1, 0));
}

#[tokio::test]
async fn what_two_phones_bring_back_is_one_thing() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (old, _) = recorded(&ann, 1);
    ann.sync().await;
    purge(&ann, old).unwrap();
    ann.sync().await;
    ben.sync().await;
    let mut back = Vec::new();
    for phone in [&ann, &ben] {
        back.extend(phone.client.bring_back(&[old.into()]).await.unwrap());
    }
    for phone in [&ann, &ben, &ann] {
        phone.sync().await;
    }
    assert_eq!(back[0], back[1]);
    assert_eq!((titles(&ann).len(), titles(&ben).len()), (1, 1));
}

#[tokio::test]
async fn a_copy_that_another_phone_keeps_does_not_lose_its_file() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let made: Vec<_> = (1..=8).map(|number| recorded(&ann, number).0).collect();
    ann.sync().await;
    ben.sync().await;
    made.iter().for_each(|entry| purge(&ann, *entry).unwrap());
    ann.sync().await;
    assert_eq!(files(&server), (8, 8));
    ben.sync().await;
    // So many wait there for a person, and their files with them.
    end_of(&server, &[&ann, &ben]).await;
    assert_eq!(files(&server), (8, 0));
    let waiting: Vec<_> = ben.client.deletions().unwrap().iter().map(|one| RecordId(one.id)).collect();
    ben.client.keep_deleted(&waiting[..3]).unwrap();
    ben.client.accept_deletions(&waiting[3..], 5).unwrap();
    ben.sync().await;
    ann.sync().await;
    end_of(&server, &[&ann, &ben]).await;
    assert_eq!(files(&server), (3, 0), "what is kept has its files, what is accepted has not");
    for phone in [&ann, &ben] {
        assert_eq!(titles(phone).len(), 3);
    }
}

#[tokio::test]
async fn what_a_phone_keeps_after_the_server_let_its_files_go_is_sent_again() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let made: Vec<_> = (1..=8).map(|number| recorded(&ann, number).0).collect();
    ann.sync().await;
    ben.sync().await;
    made.iter().for_each(|entry| purge(&ann, *entry).unwrap());
    ann.sync().await;
    // Ben's phone hears of it and then lies in a drawer for a month.
    memory(&server).is_older = true;
    ben.sync().await;
    memory(&server).is_older = false;
    let since = memory(&server).waiting();
    memory(&server).destroy(&since);
    assert_eq!(files(&server), (0, 0));
    let waiting: Vec<_> = ben.client.deletions().unwrap().iter().map(|one| RecordId(one.id)).collect();
    let kept = ben.client.keep_deleted(&waiting).unwrap();
    ben.sync().await;
    ann.sync().await;
    assert_eq!(files(&server), (8, 0));
    let [new] = &room(&ann).list(EntryId(kept[0].0)).unwrap()[..] else { panic!("one recording") };
    ann.client.fetch(new.id, Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert!(sound(&ann, new.id).is_ok());
}
