//! What the ZIP of the whole record promises, read as strangers read it.

use super::*;
use crate::attachments::ImportSource;
use crate::coverage::{CoverageQuery, Span};
use crate::days::DayMark;
use crate::entries::tests::Phone;
use crate::entries::{EntryDraft, LearnerLine};
use crate::host::Presence;
use crate::private::NeedsNote;
use crate::progress::NoProgress;
use crate::reading::Reading;
use serde_json::Value as Json;
use std::io::Read;

mod portfolio;

struct Yes;
impl Presence for Yes {
    fn confirm(&self) -> Result<bool> {
        Ok(true)
    }
}

/// A family with one of nearly everything.
fn family() -> Phone {
    let phone = Phone::new(7);
    let client = &phone.client;
    let (bean, otter) = (phone.learner("Bean").id, phone.learner("Otter <3").id);
    let maths = client.subjects().add("Maths & Zählen", "#112233").unwrap().id;
    let science = client.subjects().add("Science", "").unwrap().id;
    let entry = phone.create(EntryDraft {
        title: "=Pond".into(),
        note: "Frogs,\n\"newts\" & <b>toads</b>".into(),
        learned_on: "2026-05-03".into(),
        minutes: Some(90),
        on_record: true,
        learners: vec![
            LearnerLine { learner: bean, line: "counted 7".into() },
            LearnerLine { learner: otter, line: String::new() },
        ],
        subjects: vec![maths, science],
        tags: vec!["pond".into()],
        ..EntryDraft::default()
    });
    for name in ["cat.jpg", "cup.jpg"] {
        let source = ImportSource::Path(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/photos").join(name),
        );
        client.attachments().import(entry.id, source, "A frog", "", &Cancel::new(), &NoProgress).unwrap();
    }
    let trashed = phone.create(EntryDraft {
        title: "GONE".into(),
        learned_on: "2026-05-01".into(),
        ..EntryDraft::default()
    });
    client.entries().trash(trashed.id).unwrap();
    let book = Reading {
        title: "Willows".into(),
        finished_on: Some("2026-02-01".into()),
        learners: vec![bean],
        ..Reading::default()
    };
    client.shelf::<Reading>().add(&book).unwrap();
    let day = DayMark {
        first_day: "2026-05-03".into(),
        minutes: Some(200),
        learners: vec![bean],
        ..DayMark::default()
    };
    client.shelf::<DayMark>().add(&day).unwrap();
    let need = NeedsNote { text: "NEED".into(), day: "2026-05-03".into(), ..NeedsNote::default() };
    client.private(&Yes).unwrap().needs().add(&need).unwrap();
    phone
}

fn file(zip: &Path, name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn words(zip: &Path, name: &str) -> String {
    String::from_utf8(file(zip, name)).unwrap()
}

#[test]
fn the_whole_record_is_one_zip_that_strangers_read() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let export = phone.client.export();
    let told = export.record_preview().unwrap();
    assert_eq!((told.entries, told.photos, told.photos_elsewhere), (1, 2, 0));
    let path = dir.path().join(told.file_name);
    let length = export.write_record(None, false, &path, &NoProgress, &Cancel::new()).unwrap();
    assert_eq!(length, std::fs::metadata(&path).unwrap().len());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);

    let record: Json = serde_json::from_slice(&file(&path, "record.json")).unwrap();
    assert_eq!(record["format"], "kinfolio-record");
    assert_eq!(record["learners"].as_array().unwrap().len(), 2);
    let entries = record["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 1, "the trash stays here");
    assert_eq!(entries[0]["note"], "Frogs,\n\"newts\" & <b>toads</b>");
    let photos = entries[0]["attachments"].as_array().unwrap();
    let stored = phone
        .client
        .entries()
        .get(plain::hex_id(entries[0]["id"].as_str().unwrap()).unwrap().into())
        .unwrap();
    for (nth, photo) in photos.iter().enumerate() {
        let name = format!("photos/2026-05-03_maths-zahlen_{}.jpg", nth + 1);
        assert_eq!(photo["file"], name.as_str());
        let kept = phone.client.attachments().read(stored.attachments[nth], Size::Display).unwrap();
        assert!(file(&path, &name) == kept, "byte by byte");
    }
    let csv = words(&path, "entries.csv");
    assert!(csv.starts_with("\u{feff}date,title,note,") && csv.contains("2026-05-03,'=Pond,"), "{csv}");
    assert!(csv.contains("Bean: counted 7") && !csv.contains("GONE"));
    assert!(words(&path, "reading.csv").contains("Bean,Willows,"));
    let page = words(&path, "index.html");
    assert!(page.contains("src=\"photos/2026-05-03_maths-zahlen_1.jpg\"") && page.contains("Otter &lt;3"));
    assert!(page.contains("&lt;b&gt;toads&lt;/b&gt;") && !page.contains("<script"));
    for name in ["record.json", "entries.csv", "hours.csv", "reading.csv", "index.html"] {
        assert!(!words(&path, name).contains("NEED"), "{name} holds a needs note that nobody ticked");
    }
}

#[test]
fn needs_notes_are_in_the_zip_only_for_who_shows_that_it_is_them() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let path = dir.path().join("all.zip");
    let private = phone.client.private(&Yes).unwrap();
    let export = phone.client.export();
    export.write_record(Some(&private), false, &path, &NoProgress, &Cancel::new()).unwrap();
    let record: Json = serde_json::from_slice(&file(&path, "record.json")).unwrap();
    assert_eq!(record["needs_notes"][0]["text"], "NEED");
    let other = family().client.private(&Yes).unwrap();
    assert!(export.write_record(Some(&other), false, &path, &NoProgress, &Cancel::new()).is_err());
}

#[test]
fn the_hours_table_adds_up_to_the_hours_that_the_app_shows() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let learner = phone.client.learners().list().unwrap()[0].id;
    let of = TablePeriod { learner, first_day: "2026-05-01".into(), last_day: "2026-05-31".into() };
    let path = dir.path().join("hours.csv");
    let mut names = Renaming::none();
    names.set(learner, "Zoë O'Neill").unwrap();
    phone.client.export().write_hours(&of, &names, &path).unwrap();
    let table = std::fs::read_to_string(&path).unwrap();
    let minutes: i64 =
        table.lines().skip(1).map(|row| row.split(',').nth(3).unwrap().parse::<i64>().unwrap()).sum();
    let query = CoverageQuery { learner, first_day: of.first_day, last_day: of.last_day, span: Span::Month };
    assert_eq!(minutes, phone.client.coverage().coverage(&query).unwrap().totals.minutes);
    assert_eq!(
        minutes, 200,
        "90 of the entry, split over two subjects, and 110 of the marked day beyond them"
    );
    assert!(table.contains("Zoë O'Neill") && !table.contains("Bean"));
}

struct StopAt(u64, Cancel);
impl Progress for StopAt {
    fn progress(&self, done: u64, total: u64) {
        assert_eq!(total, 2);
        if done == self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn a_cancelled_zip_leaves_nothing_and_a_missing_photo_is_said_or_left_out() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let export = phone.client.export();
    let path = dir.path().join("all.zip");
    for stop in [1, 2] {
        let cancel = Cancel::new();
        let progress = StopAt(stop, cancel.clone());
        assert_eq!(export.write_record(None, false, &path, &progress, &cancel), Err(Error::Cancelled));
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
    let entry =
        &phone.client.entries().timeline(&crate::entries::TimelineQuery::default()).unwrap().entries[0];
    for blob in std::fs::read_dir(phone.context().blob_folder()).unwrap() {
        std::fs::remove_file(blob.unwrap().path()).unwrap();
    }
    assert_eq!(export.record_preview().unwrap().photos_elsewhere, 2);
    let refused = export.write_record(None, false, &path, &NoProgress, &Cancel::new()).unwrap_err();
    let told = "a photograph of 3 May 2026 is not on this phone: sync first, or make the document without it";
    assert_eq!(refused, Error::InvalidInput(told.into()));
    assert!(!path.exists());
    export.write_record(None, true, &path, &NoProgress, &Cancel::new()).unwrap();
    let record: Json = serde_json::from_slice(&file(&path, "record.json")).unwrap();
    assert_eq!(record["entries"][0]["attachments"].as_array().unwrap().len(), entry.attachments.len());
    assert_eq!(record["entries"][0]["attachments"][0]["file"], Json::Null);
}

#[test]
fn writing_the_record_looks_at_no_photo_that_is_to_be_let_go() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    phone.context().storage.write(|tx| Ok(tx.execute_batch("UPDATE blob SET used_at = 0")?)).unwrap();
    let path = dir.path().join("all.zip");
    phone.client.export().write_record(None, false, &path, &NoProgress, &Cancel::new()).unwrap();
    let sql = "SELECT count(*) FROM blob WHERE used_at > 0";
    let seen: u64 = phone.context().storage.read(|tx| Ok(tx.query_row(sql, [], |row| row.get(0))?)).unwrap();
    assert_eq!(seen, 0);
}

#[test]
fn every_kind_of_file_that_is_taken_in_leaves_under_its_own_ending() {
    for (mime, ending) in [
        ("image/jpeg", "jpg"),
        ("application/pdf", "pdf"),
        ("audio/mp4", "m4a"),
        ("audio/mpeg", "mp3"),
        ("audio/aac", "aac"),
        ("audio/3gpp", "3gp"),
        ("video/3gpp", "3gp"),
        ("video/mp4", "mp4"),
        ("video/quicktime", "mov"),
    ] {
        assert_eq!(crate::export::filed::ending(mime), ending, "{mime}");
    }
}

/// Whatever is written beside the chosen place meets a disk without room.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_while_the_zip_is_written_says_so_and_no_file_is_left() {
    let (phone, dir) = (family(), tempfile::tempdir().unwrap());
    let path = dir.path().join("all.zip");
    std::fs::write(&path, "an older copy").unwrap();
    std::os::unix::fs::symlink("/dev/full", dir.path().join("all.zip.unfinished")).unwrap();
    let refused = phone.client.export().write_record(None, false, &path, &NoProgress, &Cancel::new());
    assert_eq!(refused, Err(Error::StorageFull));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "an older copy");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    phone.client.export().write_record(None, false, &path, &NoProgress, &Cancel::new()).unwrap();
}
