//! Files that are broken, hostile or somebody else's: each refused by name, and nothing half written.

use super::*;
use serde_json::{Value as Json, json};
use std::io::Write;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A ZIP of these files.
fn zipped(files: &[(&str, &[u8])]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chosen.zip");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
    (dir, path)
}

/// A record of these lists, in their order.
fn record(lists: &[(&str, Json)]) -> Vec<u8> {
    let lists: String = lists.iter().map(|(name, list)| format!(",\"{name}\":{list}")).collect();
    format!("{{\"format\":\"kinfolio-record\",\"version\":1,\"made_at\":1780000000000{lists}}}").into_bytes()
}

fn refused(path: &Path) -> String {
    let phone = Phone::new(1);
    let look = phone.client.imports().preview_record(path).unwrap_err();
    assert_eq!(import(&phone, path, &[]).unwrap_err(), look);
    assert_eq!(phone.context().storage.read(records::all).unwrap(), [], "nothing half written");
    look.to_string()
}

#[test]
fn a_file_that_is_no_record_is_refused_in_words() {
    let (dir, whole) = export(&family(1));
    let bytes = std::fs::read(&whole).unwrap();
    let written = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let no_zip = "this is no ZIP file, or one that is damaged: choose the whole file";
    assert_eq!(refused(&written("cut.zip", &bytes[..bytes.len() - 30])), no_zip);
    assert_eq!(refused(&written("text.zip", b"hello")), no_zip);
    assert_eq!(refused(&dir.path().join("nowhere.zip")), "this file can't be read: choose it again");
    assert_eq!(refused(dir.path()), "this file can't be read: choose it again");
    let of = |files: &[(&str, &[u8])]| zipped(files);
    for (json, says) in [
        (
            &b"{\"entries\": [], \"metadata\": {}}"[..],
            "this file was not written by Kinfolio: choose the ZIP file of a record",
        ),
        (
            b"{\"format\": \"other\", \"version\": 1}",
            "this file was not written by Kinfolio: choose the ZIP file of a record",
        ),
        (b"[1, 2]", "this file was not written by Kinfolio: choose the ZIP file of a record"),
        (
            b"{\"format\": \"kinfolio-record\", \"version\": 2, \"made_at\": 0}",
            "written by a newer version: update the app",
        ),
        (
            b"{\"format\": \"kinfolio-record\", \"version\": 1,\n\"entries\": [{\"id\"",
            "record.json is damaged at line 2: choose another copy of the file",
        ),
    ] {
        let (_dir, path) = of(&[("record.json", json)]);
        assert_eq!(refused(&path), says);
    }
    let (_dir, path) = of(&[("readme.txt", b"hi")]);
    assert_eq!(refused(&path), "there is no record.json in this ZIP file: choose one that Kinfolio wrote");
    let (_dir, path) = of(&[("record.json", b"{}"), ("../../evil.sh", b"x")]);
    assert!(refused(&path).starts_with("this ZIP file names a place outside itself"));
}

#[test]
fn a_zip_bomb_is_refused_by_what_it_says_and_by_what_it_does() {
    let bomb = vec![b' '; 64 << 20];
    let (dir, path) = zipped(&[("record.json", &bomb)]);
    assert!(refused(&path).starts_with("this file unpacks to more than any record holds"));
    // The same with small sizes written into its directory: what is unpacked is counted, too.
    let mut lying = std::fs::read(&path).unwrap();
    let size = (64_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..lying.len() - 4).filter(|at| lying[*at..*at + 4] == size).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    let path = dir.path().join("lying.zip");
    std::fs::write(&path, lying).unwrap();
    let says = refused(&path);
    assert!(
        says.starts_with("this file unpacks to more") || says.starts_with("this ZIP file is damaged"),
        "{says}"
    );
}

#[test]
fn a_thing_that_cannot_be_taken_in_is_named_and_the_others_come() {
    let id = |n: u8| plain::id_hex(&[n; 16]);
    let bean = json!({ "id": id(1), "nickname": "Bean" });
    let learners = json!([bean, { "id": id(1), "nickname": "Twin" }, { "id": id(2) }, 7]);
    let entries_in_it = json!([
            { "id": id(3), "title": "Pond", "learned_on": "2026-05-03", "minutes": 20 },
            { "id": id(4), "title": "x".repeat(300), "learned_on": "2026-05-03" },
            { "id": id(5), "learned_on": "3 May" },
            { "id": id(6), "learned_on": "2026-05-04", "minutes": 99_999 },
            { "id": id(1), "learned_on": "2026-05-04" },
            { "id": id(7), "learned_on": "2026-05-05", "attachments": [
                { "id": id(8), "file": "photos/none.jpg" }, { "id": id(9), "file": null }, { "id": id(10), "file": "photos/bad.jpg" },
                { "id": "x" }, { "id": id(11), "file": "photos/cat.jpg", "caption": "Cat" }] },
    ]);
    let lists = [("learners", learners), ("entries", entries_in_it), ("unheard_of", json!([1, 2]))];
    let cat = std::fs::read(photo("cat.jpg")).unwrap();
    let (_dir, path) = zipped(&[
        ("record.json", &record(&lists)),
        ("photos/bad.jpg", b"no photo"),
        ("photos/cat.jpg", &cat),
    ]);
    let phone = Phone::new(1);
    let report = import(&phone, &path, &[]).unwrap();
    let told: Vec<String> =
        report.problems.iter().map(|one| format!("{}: {}", one.item, one.problem)).collect();
    assert_eq!(
        told,
        [
            "learner 2: its id stands twice in the file: the first one was taken",
            "learner 3: its nickname is missing",
            "learner 4: its id is not 32 digits 0 to 9 and a to f",
            "entry 2 of 2026-05-03: title is longer than 200 characters: shorten it",
            "entry 3: learned_on must be a date such as 2026-05-03, between 1900 and 2199",
            "entry 4 of 2026-05-04: its minutes must be between 1 and 10080",
            "entry 5 of 2026-05-04: its id stands twice in the file: the first one was taken",
            "photo 1 of entry 6 of 2026-05-05: its file is not in the ZIP file",
            "photo 2 of entry 6 of 2026-05-05: it was not on the phone that made the file",
            "photo 3 of entry 6 of 2026-05-05: this kind of picture can't be read on this device: save it as JPEG or PNG and choose that",
            "photo 4 of entry 6 of 2026-05-05: its id is not 32 digits 0 to 9 and a to f",
            "the list \"unheard_of\": written by a newer version: update the app",
        ]
    );
    assert_eq!((report.added, report.photos), (3, 1));
    let titles: Vec<usize> = entries(&phone).iter().map(|entry| entry.attachments.len()).collect();
    assert_eq!(titles, [1, 0]);
    let preview = phone.client.imports().preview_record(&path).unwrap();
    assert_eq!((preview.entries, preview.entries_here), (2, 2));
    assert!(preview.problems.len() >= 7);
}

#[test]
fn no_byte_of_metadata_comes_in_with_a_photo_that_only_claims_to_be_ours() {
    use sha2::{Digest, Sha256};
    let phone = family(1);
    let pond = entries(&phone).into_iter().find(|entry| entry.title == "Pond").unwrap();
    let mut tagged = phone.client.attachments().read(pond.attachments[0], Size::Display).unwrap();
    tagged.splice(2..2, *b"\xFF\xE1\x00\x12Exif\0\0CANARY-GPS");
    let hash: String = Sha256::digest(&tagged).iter().map(|byte| format!("{byte:02x}")).collect();
    let photo = json!({ "id": plain::id_hex(&[2; 16]), "file": "photos/a.jpg", "sha256": hash });
    let entry = json!({ "id": plain::id_hex(&[1; 16]), "learned_on": "2026-05-03", "attachments": [photo] });
    let lists = [("entries", json!([entry]))];
    let (_dir, path) = zipped(&[("record.json", &record(&lists)), ("photos/a.jpg", &tagged)]);
    let other = Phone::new(2);
    assert_eq!(import(&other, &path, &[]).unwrap().photos, 1);
    let kept = other.client.attachments().read(entries(&other)[0].attachments[0], Size::Display).unwrap();
    assert!(!kept.windows(6).any(|bytes| bytes == b"CANARY"));
}
