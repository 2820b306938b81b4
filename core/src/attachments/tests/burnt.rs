//! What cutting and blacking out promise: what is covered is nowhere any more, and everything else stays.

use super::*;
use crate::attachments::picture;

const BLACK: Area = Area { x: 100, y: 60, width: 120, height: 90 };

fn blacked() -> PictureEdit {
    PictureEdit { crop: None, black: vec![BLACK] }
}

fn imported(phone: &Phone) -> (EntryId, Attachment) {
    let entry = phone.entry();
    (entry, phone.import(entry, "cat.jpg").unwrap())
}

#[test]
fn a_burnt_photo_stands_in_the_place_of_the_one_that_it_was() {
    let phone = Phone::new(1);
    let (entry, was) = imported(&phone);
    let room = phone.room();
    let before: Vec<Vec<u8>> =
        [Size::Display, Size::Thumb].map(|size| room.read(was.id, size).unwrap()).into();
    let preview = room.burn_preview(was.id, &blacked(), &Cancel::new()).unwrap();
    assert_eq!(room.list(entry).unwrap(), std::slice::from_ref(&was), "looking changes nothing");
    let now = room.burn(was.id, &blacked(), &Cancel::new()).unwrap();
    assert_eq!(room.list(entry).unwrap(), std::slice::from_ref(&now));
    assert_ne!(now.id, was.id);
    assert_ne!(now.blurhash, was.blurhash, "the blur is painted from what is left");
    assert_eq!(
        (&now.caption, &now.alt, now.position, &now.captured_at, now.width, now.height),
        (&was.caption, &was.alt, was.position, &was.captured_at, was.width, was.height)
    );
    assert_eq!(room.read(now.id, Size::Display).unwrap(), preview);
    assert!(!before.contains(&room.read(now.id, Size::Display).unwrap()));
    assert!(!before.contains(&room.read(now.id, Size::Thumb).unwrap()));
    assert_eq!(room.read(was.id, Size::Display), Err(Error::NotFound("attachment")));
    let original: [u8; 32] = Sha256::digest(std::fs::read(photo("cat.jpg")).unwrap()).into();
    assert!(room.hashes().unwrap().contains(&original), "catching up knows the camera's file");
}

#[test]
fn no_file_and_no_state_of_the_record_holds_what_was_there() {
    let mut phone = Phone::new(2);
    let (entry, was) = imported(&phone);
    let blobs = phone.context().storage.read(|tx| queries::blobs(tx, was.id)).unwrap();
    let keys =
        phone.context().storage.read(|tx| queries::file(tx, was.id, Part::Display)).unwrap().unwrap().key;
    phone.room().burn(was.id, &blacked(), &Cancel::new()).unwrap();
    for blob in &blobs {
        assert!(!phone.context().blob_path(*blob).exists());
    }
    let doc =
        phone.context().storage.read(|tx| records::load(tx, RecordId::from(entry))).unwrap().unwrap().doc;
    let state = doc.encode();
    assert!(!state.windows(32).any(|bytes| bytes == keys.bytes()), "its key is in no state that is synced");
    assert_eq!(phone.client().undo().last().unwrap(), None, "nothing takes it back");
    phone.reopen(3);
    assert_eq!(phone.files().len(), 2);
}

#[test]
fn an_edit_that_is_none_and_one_of_what_is_no_photo_are_refused_and_leave_all_as_it_was() {
    let phone = Phone::new(4);
    let (entry, was) = imported(&phone);
    let room = phone.room();
    let burn = |edit: &PictureEdit| room.burn(was.id, edit, &Cancel::new()).unwrap_err().to_string();
    assert!(burn(&PictureEdit::default()).contains("mark what is to be kept"));
    let outside = Area { x: was.width, ..BLACK };
    assert!(burn(&PictureEdit { crop: None, black: vec![outside] }).contains("outside the picture"));
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(room.burn(was.id, &blacked(), &cancel), Err(Error::Cancelled));
    assert_eq!(room.list(entry).unwrap(), std::slice::from_ref(&was));
    assert_eq!(phone.files().len(), 2);
    room.remove(was.id).unwrap();
    assert_eq!(room.burn(was.id, &blacked(), &Cancel::new()), Err(Error::NotFound("attachment")));
}

#[test]
fn a_photo_is_burnt_again_and_again() {
    let phone = Phone::new(5);
    let (entry, was) = imported(&phone);
    let room = phone.room();
    let crop = Area { x: 90, y: 50, width: 200, height: 120 };
    let once = room.burn(was.id, &blacked(), &Cancel::new()).unwrap();
    let twice = room.burn(once.id, &PictureEdit { crop: Some(crop), black: vec![] }, &Cancel::new()).unwrap();
    assert_eq!((twice.width, twice.height), (200, 120));
    assert_eq!(room.list(entry).unwrap(), std::slice::from_ref(&twice));
    let thumb = room.read(twice.id, Size::Thumb).unwrap();
    let small =
        picture::burnt(&thumb, Some(Area { x: 10, y: 10, width: 100, height: 80 }), &[], &Cancel::new());
    assert!(small.is_ok());
}
