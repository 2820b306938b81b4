//! What taking in a photo promises: it is all there, or nothing of it is; and nothing of it can be read without its
//! entry.

mod burnt;
mod failing;
mod papers;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::element::Part;
use super::*;
use crate::client::{Client, ClientConfig};
use crate::clock::{FixedClock, SeededRandomness};
use crate::crypto::stream;
use crate::entries::EntryDraft;
use crate::host::MemorySecretStore;
use crate::ids::{BlobId, RecordId};
use crate::progress::{Cancel, NoProgress};
use crate::records::{self, Stamper, Synced};

struct Phone {
    dir: tempfile::TempDir,
    secrets: Arc<MemorySecretStore>,
    client: Option<Client>,
}

impl Phone {
    fn new(seed: u64) -> Self {
        let mut phone = Self {
            dir: tempfile::tempdir().unwrap(),
            secrets: Arc::new(MemorySecretStore::default()),
            client: None,
        };
        phone.reopen(seed);
        phone
    }

    fn reopen(&mut self, seed: u64) {
        self.client = None;
        let config = ClientConfig { dir: self.dir.path().to_owned(), device_name: "Mum's phone".into() };
        let clock = Arc::new(FixedClock::at(1_780_000_000_000));
        let random = Arc::new(SeededRandomness::new(seed));
        self.client = Some(Client::open(config, self.secrets.clone(), None, None, clock, random).unwrap());
    }

    fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    fn room(&self) -> &AttachmentsClient {
        self.client().attachments()
    }

    fn context(&self) -> &Context {
        &self.room().context
    }

    fn entry(&self) -> EntryId {
        let draft =
            EntryDraft { title: "Pond".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
        self.client().entries().create(draft).unwrap().id
    }

    fn import(&self, entry: EntryId, name: &str) -> Result<Attachment> {
        let source = ImportSource::Path(photo(name));
        self.room().import(entry, source, "Square three", "Grass", &Cancel::new(), &NoProgress)
    }

    /// Names of the files in the blobs folder.
    fn files(&self) -> BTreeSet<String> {
        let Ok(folder) = std::fs::read_dir(self.dir.path().join("blobs")) else { return BTreeSet::new() };
        folder.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn rows(&self, table: &str) -> u64 {
        let sql = format!("SELECT count(*) FROM {table}");
        self.context().storage.read(|tx| Ok(tx.query_row(&sql, [], |row| row.get(0))?)).unwrap()
    }

    fn assert_nothing_of_a_photo(&self, entry: EntryId, when: &str) {
        assert_eq!(self.files(), BTreeSet::new(), "{when}");
        assert_eq!(self.client().entries().get(entry).unwrap().attachments, [], "{when}");
        for table in ["attachment", "blob", "blob_unused"] {
            assert_eq!(self.rows(table), 0, "{table}, {when}");
        }
    }
}

fn photo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/photos").join(name)
}

#[test]
fn photos_come_back_in_order_with_their_captions_also_after_reopening() {
    let mut phone = Phone::new(1);
    let entry = phone.entry();
    let taken = ["cat.jpg", "grass.jpg", "cup.jpg"].map(|name| phone.import(entry, name).unwrap());
    assert_eq!(taken.each_ref().map(|a| a.position), [1, 2, 3]);
    assert_eq!((taken[0].width, taken[0].height), (451, 300));
    assert_eq!((taken[0].caption.as_str(), taken[0].alt.as_str()), ("Square three", "Grass"));
    assert_eq!(taken[0].state, FileState::Local);
    let shown = phone.room().read(taken[0].id, Size::Display).unwrap();
    assert!(shown.starts_with(&[0xFF, 0xD8]) && shown.ends_with(&[0xFF, 0xD9]));

    phone.reopen(2);
    assert_eq!(phone.room().list(entry).unwrap(), taken);
    assert_eq!(phone.client().entries().get(entry).unwrap().attachments, taken.each_ref().map(|a| a.id));
    assert_eq!(phone.room().read(taken[0].id, Size::Display).unwrap(), shown);
    assert_eq!(phone.files().len(), 6);
}

#[test]
fn every_copy_is_sealed_in_a_file_of_its_own_under_a_key_of_its_own() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let taken = [phone.import(entry, "cat.jpg").unwrap(), phone.import(entry, "cat.jpg").unwrap()];
    let files = taken.each_ref().map(|a| {
        [Part::Display, Part::Thumb]
            .map(|size| phone.context().storage.read(|tx| queries::file(tx, a.id, size)).unwrap().unwrap())
    });
    let all: Vec<_> = files.iter().flatten().collect();
    assert_eq!(all.iter().map(|file| file.key.bytes()).collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(phone.files(), all.iter().map(|file| file.blob.to_string()).collect());
    for file in all {
        let sealed = std::fs::read(phone.context().blob_path(file.blob)).unwrap();
        assert_eq!(sealed.len() as u64, stream::sealed_size(file.size), "padded");
        assert!(!sealed.windows(4).any(|bytes| bytes == b"JFIF"), "no photo byte in the clear");
    }
    // The same photo twice: neither file tells that it is the same.
    let read = |file: &element::File| std::fs::read(phone.context().blob_path(file.blob)).unwrap();
    assert_ne!(read(&files[0][0])[..64], read(&files[1][0])[..64]);
}

#[test]
fn the_record_knows_which_files_its_photos_were_made_from_those_in_the_trash_too() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let taken = ["cat.jpg", "cup.jpg"].map(|name| phone.import(entry, name).unwrap());
    let original = |name: &str| <[u8; 32]>::from(Sha256::digest(std::fs::read(photo(name)).unwrap()));
    let copy: [u8; 32] = Sha256::digest(phone.room().read(taken[0].id, Size::Display).unwrap()).into();
    phone.room().describe(taken[0].id, "Chelsea", "").unwrap();
    phone.client().entries().trash(entry).unwrap();
    let known = phone.room().hashes().unwrap();
    assert!(known.contains(&original("cat.jpg")) && known.contains(&original("cup.jpg")));
    assert!(known.contains(&copy), "a photo of ours that was saved outside and comes back");
    assert!(!known.contains(&original("grass.jpg")));
    phone.room().remove(taken[0].id).unwrap();
    assert!(!phone.room().hashes().unwrap().contains(&original("cat.jpg")));
}

#[test]
fn a_removed_photo_takes_its_files_and_keys_along() {
    let mut phone = Phone::new(1);
    let entry = phone.entry();
    let (gone, kept) = (phone.import(entry, "cat.jpg").unwrap(), phone.import(entry, "cup.jpg").unwrap());
    let key =
        phone.context().storage.read(|tx| queries::file(tx, gone.id, Part::Display)).unwrap().unwrap().key;
    phone.room().remove(gone.id).unwrap();
    assert_eq!(phone.room().list(entry).unwrap(), std::slice::from_ref(&kept));
    assert_eq!(phone.room().read(gone.id, Size::Thumb), Err(Error::NotFound("attachment")));
    assert_eq!(phone.room().remove(gone.id), Err(Error::NotFound("attachment")));
    assert_eq!((phone.rows("blob"), phone.rows("blob_unused")), (2, 2));
    let record = phone.context().storage.read(|tx| records::load(tx, entry)).unwrap().unwrap();
    assert!(
        !record.doc.encode().windows(32).any(|bytes| bytes == key.bytes()),
        "the key is out of the record"
    );
    phone.reopen(2);
    assert_eq!((phone.files().len(), phone.rows("blob"), phone.rows("blob_unused")), (2, 2, 0));
    phone.room().read(kept.id, Size::Display).unwrap();
}

#[test]
fn a_removed_photo_is_brought_back_by_undo_with_its_caption_and_both_copies() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let taken = phone.import(entry, "cat.jpg").unwrap();
    let copies = [Size::Display, Size::Thumb].map(|size| phone.room().read(taken.id, size).unwrap());
    phone.room().remove(taken.id).unwrap();
    phone.client().undo().undo().unwrap();
    let back = phone.room().get(taken.id).unwrap();
    assert_eq!((back.caption.as_str(), back.position), ("Square three", taken.position));
    assert_eq!([Size::Display, Size::Thumb].map(|size| phone.room().read(taken.id, size).unwrap()), copies);
    assert_eq!((phone.files().len(), phone.rows("blob_unused")), (2, 0), "and nothing waits to be deleted");
}

#[test]
fn captions_and_places_are_edited_and_searched_for() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let (one, two) = (phone.import(entry, "cat.jpg").unwrap(), phone.import(entry, "cup.jpg").unwrap());
    let described = phone.room().describe(one.id, "  Chelsea at rest ", "A cat\r\nasleep").unwrap();
    assert_eq!((described.caption.as_str(), described.alt.as_str()), ("Chelsea at rest", "A cat\nasleep"));
    assert_eq!(
        phone
            .client()
            .entries()
            .search(
                "chelsea",
                &crate::entries::TimelineQuery {
                    include_drafts: true,
                    ..crate::entries::TimelineQuery::default()
                }
            )
            .unwrap()
            .len(),
        1
    );
    phone.room().place(one.id, 5).unwrap();
    for beyond in [-1, 1_000_001, i64::MAX] {
        assert!(matches!(phone.room().place(one.id, beyond), Err(Error::InvalidInput(_))), "{beyond}");
    }
    let order: Vec<_> = phone.room().list(entry).unwrap().iter().map(|a| a.id).collect();
    assert_eq!(order, [two.id, one.id]);
    let long = "x".repeat(MAX_TEXT + 1);
    assert!(matches!(phone.room().describe(one.id, &long, ""), Err(Error::InvalidInput(_))));
    assert_eq!(phone.room().get(one.id).unwrap().caption, "Chelsea at rest");
}

#[test]
fn a_changed_or_missing_file_says_so_and_is_fetched_again_if_the_server_has_it() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let taken = phone.import(entry, "cat.jpg").unwrap();
    let file =
        phone.context().storage.read(|tx| queries::file(tx, taken.id, Part::Display)).unwrap().unwrap();
    let path = phone.context().blob_path(file.blob);
    let whole = std::fs::read(&path).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    std::fs::write(&path, &changed).unwrap();
    assert!(matches!(phone.room().read(taken.id, Size::Display), Err(Error::StoreDamaged(_))));
    assert_eq!(phone.room().get(taken.id).unwrap().state, FileState::Local, "nobody else has it");
    std::fs::write(&path, &whole).unwrap();
    phone.room().read(taken.id, Size::Display).unwrap();
    let small = phone.context().storage.read(|tx| queries::file(tx, taken.id, Part::Thumb)).unwrap().unwrap();
    let small = phone.context().blob_path(small.blob);
    let kept = std::fs::read(&small).unwrap();
    std::fs::write(&small, b"damaged").unwrap();
    let stands_in = phone.room().read(taken.id, Size::Thumb).unwrap();
    assert!(
        stands_in.starts_with(&[0xFF, 0xD8]) && stands_in.len() < whole.len(),
        "the large copy stands in"
    );
    std::fs::write(&small, kept).unwrap();

    let stored = |tx: &Transaction<'_>| Ok(tx.execute("UPDATE blob SET state = 3", [])?);
    phone.context().storage.write(stored).unwrap();
    assert_eq!(phone.room().get(taken.id).unwrap().state, FileState::Stored);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(phone.room().read(taken.id, Size::Display), Err(Error::NotFound("photo on this phone")));
    assert_eq!(phone.room().get(taken.id).unwrap().state, FileState::Remote);
    phone.room().read(taken.id, Size::Thumb).unwrap();
}

#[test]
fn a_photo_of_another_phone_is_listed_before_its_files_have_come_and_goes_with_its_element() {
    let (mum, dad) = (Phone::new(1), Phone::new(2));
    let entry = mum.entry();
    let taken = mum.import(entry, "cat.jpg").unwrap();
    let record = mum.context().storage.read(|tx| records::load(tx, entry)).unwrap().unwrap();
    let rows = AttachmentRows::new(dad.context().blob_folder(), Arc::clone(&dad.context().clock));
    let show =
        |doc| dad.context().storage.write(|tx| rows.materialise(tx, RecordId::from(entry), doc)).unwrap();
    assert_eq!(show(&record.doc).len(), 1);
    assert_eq!(show(&record.doc), [], "nothing changed, nobody is told");
    let listed = dad.room().list(entry).unwrap();
    assert_eq!(listed, [Attachment { state: FileState::Remote, ..taken.clone() }]);
    assert_eq!(dad.room().read(taken.id, Size::Thumb), Err(Error::NotFound("photo on this phone")));

    mum.room().remove(taken.id).unwrap();
    let record = mum.context().storage.read(|tx| records::load(tx, entry)).unwrap().unwrap();
    assert_eq!(show(&record.doc).len(), 1);
    assert_eq!((dad.rows("attachment"), dad.rows("blob"), dad.rows("blob_unused")), (0, 0, 2));
}

#[test]
fn a_photo_that_was_taken_out_and_brought_back_keeps_its_files_and_is_still_sent() {
    let (mut mum, dad) = (Phone::new(1), Phone::new(2));
    let entry = mum.entry();
    let taken = mum.import(entry, "cat.jpg").unwrap();
    let with = mum.context().storage.read(|tx| records::load(tx, entry)).unwrap().unwrap().doc;
    let mut without = with.clone();
    let stamper = Stamper { now_ms: 1_790_000_000_000, device_no: 9, text_client: 9 };
    assert!(without.remove(ATTACHMENTS, &Key::id(taken.id), &stamper));
    // Another phone's removal comes first; then a caption that a third one wrote without knowing of it.
    let show = |phone: &Phone, doc| {
        let context = phone.context();
        context.storage.write(|tx| context.materialise(tx, RecordId::from(entry), doc)).unwrap();
    };
    for phone in [&mum, &dad] {
        show(phone, &with);
        show(phone, &without);
        assert_eq!((phone.rows("blob"), phone.rows("blob_unused")), (0, 2));
        show(phone, &with);
        assert_eq!((phone.rows("blob"), phone.rows("blob_unused")), (2, 0));
    }
    assert_eq!(mum.room().get(taken.id).unwrap().state, FileState::Sending, "maybe nobody else has it");
    assert_eq!(dad.room().get(taken.id).unwrap().state, FileState::Remote, "it never was here");
    mum.reopen(3);
    assert_eq!(mum.files().len(), 2);
    mum.room().read(taken.id, Size::Display).unwrap();
}

#[test]
fn photos_taken_in_by_several_threads_are_all_there() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    std::thread::scope(|scope| {
        for name in ["cat.jpg", "cup.jpg", "grass.jpg", "rocket.jpg"] {
            let phone = &phone;
            scope.spawn(move || phone.import(entry, name).unwrap());
        }
    });
    let places: Vec<_> = phone.room().list(entry).unwrap().iter().map(|a| a.position).collect();
    assert_eq!(places, [1, 2, 3, 4]);
    assert_eq!((phone.files().len(), phone.rows("blob_unused")), (8, 0));
}
