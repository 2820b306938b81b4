//! Files beside photos: taken in whole or not at all, found, given out again, and gone with their entry.

use super::*;
use crate::attachments::cleaning::tests::{PLANTED, make, word};
use crate::entries::TimelineQuery;

impl Phone {
    fn import_file(&self, entry: EntryId, name: &str, bytes: Vec<u8>) -> Result<Attachment> {
        let source = ImportSource::Bytes(bytes);
        self.room().import_file(entry, source, name, "Term two", &Cancel::new(), &NoProgress)
    }

    fn plain(&self, id: AttachmentId) -> Vec<u8> {
        let to = self.dir.path().join("plain");
        self.room().save(id, &to, &Cancel::new(), &NoProgress).unwrap();
        let bytes = std::fs::read(&to).unwrap();
        std::fs::remove_file(&to).unwrap();
        bytes
    }
}

fn all_kinds() -> [(&'static str, Vec<u8>, FileKind); 6] {
    let song = make::Movie { video: false, brand: *b"M4A ", ..make::Movie::default() };
    [
        ("Sums.pdf", make::pdf(), FileKind::Pdf),
        ("Report.docx", word::docx(), FileKind::Docx),
        ("Pond.mp4", make::movie(&make::Movie::default()), FileKind::Video),
        ("Recorder.m4a", make::movie(&song), FileKind::Audio),
        ("Recorder.mp3", make::mp3(), FileKind::Audio),
        ("Reading.aac", make::adts(), FileKind::Audio),
    ]
}

#[test]
fn every_kind_of_file_comes_back_clean_also_after_reopening() {
    let mut phone = Phone::new(1);
    let entry = phone.entry();
    let photo = phone.import(entry, "cat.jpg").unwrap();
    let taken: Vec<_> =
        all_kinds().map(|(name, bytes, _)| phone.import_file(entry, name, bytes).unwrap()).into();
    phone.reopen(2);
    let listed = phone.room().list(entry).unwrap();
    assert_eq!(listed, [vec![photo.clone()], taken.clone()].concat());
    for ((name, bytes, kind), attachment) in all_kinds().into_iter().zip(&taken) {
        let file = attachment.file.clone().unwrap();
        assert_eq!((file.name.as_str(), file.kind), (name, Some(kind)));
        assert_eq!(
            (attachment.width, attachment.mime.as_str(), attachment.caption.as_str()),
            (0, "", "Term two")
        );
        let plain = phone.plain(attachment.id);
        assert_eq!(plain.len() as u64, file.size);
        for words in PLANTED {
            assert!(!plain.windows(words.len()).any(|found| found == words.as_bytes()), "{name}: {words}");
        }
        let part = phone.room().read_part(attachment.id, 7, 50).unwrap();
        assert_eq!(part, plain[7..57], "{name}");
        assert!(plain != bytes || name.ends_with(".aac"), "{name} was cleaned");
        assert_eq!(
            phone.room().read(attachment.id, Size::Thumb),
            Err(Error::NotFound("picture of this attachment"))
        );
    }
    assert_eq!(phone.room().read_part(photo.id, 0, 9), Err(Error::NotFound("file of this attachment")));
    let entry = phone.client().entries().get(entry).unwrap();
    assert_eq!(entry.attachments, listed.iter().map(|attachment| attachment.id).collect::<Vec<_>>());
}

#[test]
fn a_file_is_found_by_its_name_and_does_not_pass_for_a_photo() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    phone.import_file(entry, "C:\\Users\\Somebody\\Hedgehog hotel.pdf", make::pdf()).unwrap();
    let query = TimelineQuery { include_drafts: true, ..TimelineQuery::default() };
    let found =
        |text: &str, query: &TimelineQuery| phone.client().entries().search(text, query).unwrap().len();
    assert_eq!((found("hotel", &query), found("somebody", &query)), (1, 0));
    assert_eq!(found("hotel", &TimelineQuery { with_photo: true, ..query }), 0);
}

#[test]
fn a_photo_among_files_is_taken_in_as_a_photo() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let cat = std::fs::read(photo("cat.jpg")).unwrap();
    let taken = phone.import_file(entry, "cat.jpg", cat.clone()).unwrap();
    assert_eq!((taken.file, taken.width, taken.caption.as_str()), (None, 451, "Term two"));
    let refused = phone.import_file(entry, "cat.jpg", cat[..cat.len() / 2].to_vec()).unwrap_err();
    assert!(refused.to_string().starts_with("cat.jpg: "), "{refused}");
}

#[test]
fn a_file_that_is_no_good_is_named_and_leaves_nothing() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    for (name, bytes, _) in all_kinds() {
        let half = bytes[..bytes.len() / 2 + 3].to_vec();
        let refused = phone.import_file(entry, name, half).unwrap_err();
        assert!(matches!(&refused, Error::InvalidInput(why) if why.starts_with(name)), "{refused}");
        phone.assert_nothing_of_a_photo(entry, name);
    }
    for (name, bytes, says) in
        [("diary.txt", &b"Today we went to the pond"[..], "not kept"), ("empty.pdf", b"", "is empty")]
    {
        let refused = phone.import_file(entry, name, bytes.to_vec()).unwrap_err();
        assert!(matches!(&refused, Error::InvalidInput(why) if why.starts_with(name) && why.contains(says)));
        phone.assert_nothing_of_a_photo(entry, name);
    }
    let gone = ImportSource::Path(photo("no-such.pdf"));
    let refused = phone.room().import_file(entry, gone, "no-such.pdf", "", &Cancel::new(), &NoProgress);
    assert!(matches!(refused, Err(Error::InvalidInput(_))));
    let folder = ImportSource::Path(phone.dir.path().to_owned());
    assert!(phone.room().import_file(entry, folder, "a folder", "", &Cancel::new(), &NoProgress).is_err());
}

/// A sparse file: 4 GB by its size, nothing on the disk.
fn heavy(phone: &Phone, begins: &[u8], size: u64) -> ImportSource {
    let path = phone.dir.path().join("heavy");
    std::fs::write(&path, begins).unwrap();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(size).unwrap();
    ImportSource::Path(path)
}

#[test]
fn a_video_of_4_gb_is_refused_by_its_weight_before_it_is_read() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    for (name, begins, size, weighs) in [
        (
            "Sports day.mp4",
            &make::movie(&make::Movie::default())[..],
            4_300_000_000,
            "4.3 GB, and a video may weigh 100 MB",
        ),
        ("Concert.mp3", &make::mp3(), 60_100_000, "60.1 MB, and a recording may weigh 60.0 MB"),
        ("Report.docx", &word::docx(), 4_300_000_000, "4.3 GB, and a Word document may weigh 25.0 MB"),
        ("Scan.pdf", &make::pdf(), 25_900_000, "25.9 MB, and a PDF may weigh 25.0 MB"),
    ] {
        let source = heavy(&phone, begins, size);
        let began = std::time::Instant::now();
        let refused =
            phone.room().import_file(entry, source, name, "", &Cancel::new(), &NoProgress).unwrap_err();
        assert!(began.elapsed() < std::time::Duration::from_secs(2), "at once");
        assert_eq!(refused.to_string().split(": ").next().unwrap(), format!("{name} weighs {weighs}"));
        phone.assert_nothing_of_a_photo(entry, name);
    }
}

#[test]
fn cancelling_a_file_at_any_step_leaves_nothing() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    for (name, bytes, _) in all_kinds() {
        for step in 0..3 {
            let cancel = Cancel::new();
            let heard = After { left: std::sync::atomic::AtomicU64::new(step), cancel: cancel.clone() };
            if step == 0 {
                cancel.cancel();
            }
            let source = ImportSource::Bytes(bytes.clone());
            let stopped = phone.room().import_file(entry, source, name, "", &cancel, &heard);
            assert_eq!(stopped, Err(Error::Cancelled), "{name}, step {step}");
            phone.assert_nothing_of_a_photo(entry, name);
        }
    }
}

/// Cancels when it has heard this often of progress.
struct After {
    left: std::sync::atomic::AtomicU64,
    cancel: Cancel,
}

impl crate::progress::Progress for After {
    fn progress(&self, done: u64, total: u64) {
        assert!(done <= total);
        if self.left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            self.cancel.cancel();
        }
    }
}

#[test]
fn a_file_of_a_killed_import_is_gone_after_the_next_opening() {
    let mut phone = Phone::new(1);
    let entry = phone.entry();
    let kept = phone.import_file(entry, "Sums.pdf", make::pdf()).unwrap();
    let before = phone.files();
    let blob = BlobId([7; 16]);
    tidy::expect(phone.context(), &[blob]).unwrap();
    let mut half = files::begin(phone.context(), blob).unwrap();
    std::io::Write::write_all(&mut half, b"half a video").unwrap();
    drop(half);
    assert_eq!(phone.files().len(), 2);
    phone.reopen(2);
    assert_eq!(phone.files(), before);
    phone.plain(kept.id);
}

#[test]
fn a_removed_file_takes_its_sealed_file_along_and_saving_never_replaces_a_file() {
    let mut phone = Phone::new(1);
    let entry = phone.entry();
    let taken = phone.import_file(entry, "Sums.pdf", make::pdf()).unwrap();
    let to = phone.dir.path().join("mine.pdf");
    std::fs::write(&to, b"mine").unwrap();
    let refused = phone.room().save(taken.id, &to, &Cancel::new(), &NoProgress);
    assert!(matches!(refused, Err(Error::InvalidInput(_))));
    assert_eq!(std::fs::read(&to).unwrap(), b"mine");
    let cancel = Cancel::new();
    cancel.cancel();
    let elsewhere = phone.dir.path().join("other.pdf");
    assert_eq!(phone.room().save(taken.id, &elsewhere, &cancel, &NoProgress), Err(Error::Cancelled));
    assert!(!elsewhere.exists());
    phone.room().remove(taken.id).unwrap();
    phone.reopen(2);
    phone.assert_nothing_of_a_photo(entry, "removed");
}

#[test]
fn a_changed_file_gives_out_nothing_that_was_changed() {
    let phone = Phone::new(1);
    let entry = phone.entry();
    let long = [make::frames(800), make::mp3()].concat();
    let taken = phone.import_file(entry, "Long.mp3", long).unwrap();
    let path = phone.dir.path().join("blobs").join(phone.files().first().unwrap());
    let mut sealed = std::fs::read(&path).unwrap();
    sealed[200_000] ^= 1;
    std::fs::write(&path, &sealed).unwrap();
    let to = phone.dir.path().join("out.mp3");
    let damaged = phone.room().save(taken.id, &to, &Cancel::new(), &NoProgress);
    assert!(matches!(damaged, Err(Error::StoreDamaged(_))) && !to.exists());
    assert!(phone.room().read_part(taken.id, 0, 100).is_ok(), "another part of it");
    assert!(matches!(phone.room().read_part(taken.id, 200_000, 100), Err(Error::StoreDamaged(_))));
}
