//! Files beside photos: after every picture, in parts, opened in pieces before they count.

use super::photos::photographed;
use super::*;
use crate::attachments::{AttachmentsClient, ImportSource};
use crate::ids::{AttachmentId, EntryId};
use crate::sync::queries;

/// Two minutes of silence, in several parts.
fn recording() -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
    frame.repeat(8_000)
}

fn recorded(phone: &Phone, entry: EntryId) -> AttachmentId {
    let room = AttachmentsClient::open(phone.context.clone()).unwrap();
    let source = ImportSource::Bytes(recording());
    room.import_file(entry, source, "Recorder.mp3", "", &Cancel::new(), &NoProgress).unwrap().id
}

fn plain(phone: &Phone, id: AttachmentId) -> Vec<u8> {
    let room = AttachmentsClient::open(phone.context.clone()).unwrap();
    let mut bytes = Vec::new();
    loop {
        let part = room.read_part(id, bytes.len() as u64, u64::MAX).unwrap();
        if part.is_empty() {
            return bytes;
        }
        bytes.extend(part);
    }
}

#[tokio::test]
async fn a_file_is_moved_after_every_photo_and_comes_whole() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (entry, _) = photographed(&ann);
    let file = recorded(&ann, entry);
    photographed(&ann);
    let order = |phone: &Phone| {
        let mut whole = Vec::new();
        let mut after = None;
        phone
            .context
            .storage
            .read(|tx| {
                while let Some(next) = queries::next_outgoing(tx, SPACE, after)? {
                    after = Some(next.blob);
                    let sql = "SELECT whole FROM blob WHERE blob = ?1";
                    whole.push(tx.query_row(sql, [next.blob.as_bytes()], |row| row.get::<_, bool>(0))?);
                }
                Ok(())
            })
            .unwrap();
        whole
    };
    assert_eq!(order(&ann), [false, false, false, false, true]);
    ann.sync().await;
    ben.sync().await;
    assert_eq!((ann.client.report().blobs_up, ben.client.report().blobs_down), (5, 5));
    assert!(plain(&ben, file) == recording());
    let told = AttachmentsClient::open(ben.context.clone()).unwrap().get(file).unwrap().file.unwrap();
    assert_eq!((told.name.as_str(), told.length), ("Recorder.mp3", Some(208_979)));
}

#[tokio::test]
async fn a_file_that_was_changed_on_the_server_is_never_given_out() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let (entry, _) = photographed(&ann);
    let file = recorded(&ann, entry);
    ann.sync().await;
    for blob in memory(&server).blobs.values_mut().filter(|blob| blob.parts.len() > 1) {
        blob.parts.get_mut(&1).unwrap()[1000] ^= 1;
    }
    ben.sync().await;
    assert_eq!(ben.client.report().blobs_down, 2, "its photo came");
    let room = AttachmentsClient::open(ben.context.clone()).unwrap();
    assert_eq!(room.read_part(file, 0, 10), Err(Error::NotFound("photo on this phone")));
}
