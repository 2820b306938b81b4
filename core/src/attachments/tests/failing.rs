//! A photo that cannot be taken in: an error that says why, nothing half done, and then it works again.

use std::sync::Mutex;

use super::*;
use crate::progress::Progress;

#[test]
fn a_file_that_is_no_good_leaves_no_half_entry_and_no_file() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let before = phone.client().entries().get(entry).unwrap();
    let cat = std::fs::read(photo("cat.jpg")).unwrap();
    let mut giant = cat.clone();
    let sof = giant.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    giant[sof + 5..sof + 9].copy_from_slice(&[0x2F, 0xD0, 0x3F, 0xC0]);
    for (what, bytes) in [
        ("empty", vec![]),
        ("cut off", cat[..cat.len() / 2].to_vec()),
        ("200 megapixels", giant),
        ("HEIC without a decoder", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()),
        ("too large", vec![0xFF; (64 << 20) + 1]),
    ] {
        let source = ImportSource::Bytes(bytes);
        let refused = phone.room().import(entry, source, "", "", &Cancel::new(), &NoProgress);
        assert!(matches!(refused, Err(Error::Image(_))), "{what}: {refused:?}");
        phone.assert_nothing_of_a_photo(entry, what);
    }
    let missing = ImportSource::Path(photo("no-such.jpg"));
    assert!(matches!(
        phone.room().import(entry, missing, "", "", &Cancel::new(), &NoProgress),
        Err(Error::Image(_))
    ));
    assert_eq!(phone.client().entries().get(entry).unwrap(), before);
    phone.import(entry, "cat.jpg").unwrap();
}

#[test]
fn an_entry_that_is_not_there_or_in_the_trash_takes_no_photo() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    assert_eq!(phone.import(EntryId([9; 16]), "cat.jpg"), Err(Error::NotFound("entry")));
    phone.client().entries().trash(entry).unwrap();
    assert_eq!(phone.import(entry, "cat.jpg"), Err(Error::NotFound("entry")));
    assert_eq!(phone.files(), BTreeSet::new());
}

/// Cancels at a step.
struct CancelAt(u64, Cancel, Mutex<Vec<(u64, u64)>>);

impl Progress for CancelAt {
    fn progress(&self, done: u64, total: u64) {
        self.2.lock().unwrap().push((done, total));
        if done == self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn cancelling_at_any_step_leaves_nothing_and_progress_counts_to_the_end() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let import = |step: u64| {
        let heard = CancelAt(step, Cancel::new(), Mutex::default());
        let source = ImportSource::Path(photo("cup.jpg"));
        let result = phone.room().import(entry, source, "", "", &heard.1, &heard);
        (result, heard.2.into_inner().unwrap())
    };
    for step in 1..=6 {
        let (result, heard) = import(step);
        assert_eq!(result, Err(Error::Cancelled), "step {step}");
        assert_eq!(heard.last(), Some(&(step, 7)));
        phone.assert_nothing_of_a_photo(entry, "cancelled");
    }
    // At the last step it is saved already.
    let (result, heard) = import(7);
    result.unwrap();
    assert_eq!(heard, (1..=7).map(|done| (done, 7)).collect::<Vec<_>>());
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_and_then_works_again() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let folder = phone.dir.path().join("blobs");
    std::fs::write(&folder, b"in the way").unwrap();
    assert!(matches!(phone.import(entry, "cat.jpg"), Err(Error::Internal(_))));
    std::fs::remove_file(&folder).unwrap();
    assert_eq!(phone.rows("attachment") + phone.rows("blob"), 0);
    phone.import(entry, "cat.jpg").unwrap();
}

#[test]
fn a_full_disk_leaves_no_half_photo_and_then_works_again() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let limit = |sql: &str| {
        phone.context().storage.write(|tx| Ok(tx.query_row(sql, [], |_| Ok(()))?)).unwrap();
    };
    // No less than the store has already: it may not grow.
    limit("PRAGMA max_page_count = 1");
    let mut kept = Vec::new();
    let refused = (0..200).find_map(|_| match phone.import(entry, "cat.jpg") {
        Ok(taken) => {
            kept.push(taken);
            None
        }
        Err(error) => Some(error),
    });
    assert_eq!(refused, Some(Error::StorageFull));
    assert_eq!(phone.room().list(entry).unwrap(), kept);
    assert_eq!((phone.files().len(), phone.rows("attachment")), (2 * kept.len(), kept.len() as u64));
    limit("PRAGMA max_page_count = 1000000");
    phone.import(entry, "cat.jpg").unwrap();
}

#[test]
fn a_full_disk_keeps_no_photo_from_being_seen() {
    let phone = Phone::new(1);
    let photo = phone.import(phone.entry(), "cat.jpg").unwrap();
    let write = |sql: &str| phone.context().storage.write(|tx| Ok(tx.execute_batch(sql)?)).unwrap();
    write("UPDATE blob SET used_at = 0");
    write("CREATE TRIGGER full BEFORE UPDATE ON blob BEGIN SELECT RAISE(ABORT, 'full'); END");
    phone.room().read(photo.id, Size::Display).unwrap();
    write("DROP TRIGGER full");
    let looked_at = || -> u64 {
        let sql = "SELECT count(*) FROM blob WHERE used_at > 0";
        phone.context().storage.read(|tx| Ok(tx.query_row(sql, [], |row| row.get(0))?)).unwrap()
    };
    phone.room().read(photo.id, Size::Thumb).unwrap();
    assert_eq!(looked_at(), 0);
    phone.room().read(photo.id, Size::Display).unwrap();
    assert_eq!(looked_at(), 1, "the next look is noted");
}

#[test]
fn files_of_an_import_that_was_killed_are_gone_after_the_next_opening() {
    let mut phone = Phone::new(1);
    let entry = phone.entry();
    let kept = phone.import(entry, "cup.jpg").unwrap();
    let before = phone.files();
    let lost = [BlobId([1; 16]), BlobId([2; 16])];
    tidy::expect(phone.context(), &lost).unwrap();
    files::write(phone.context(), lost[0], b"whole").unwrap();
    std::fs::write(phone.dir.path().join("blobs").join(format!("{}.part", lost[1])), b"ha").unwrap();
    assert_eq!(phone.files().len(), 4);
    phone.reopen(2);
    assert_eq!(phone.files(), before);
    assert_eq!(phone.rows("blob_unused"), 0);
    phone.room().read(kept.id, Size::Display).unwrap();
}
