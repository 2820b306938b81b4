//! A stranger with the keys and docs/formats.md gets everything back, without our code.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use kinfolio_core::attachments::{ImportSource, Size};
use kinfolio_core::entries::EntryDraft;
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::records::fields::entry::ATTACHMENTS;
use kinfolio_core::records::{self, Key};
use kinfolio_protocol::labels::sha256;

use super::phone::Phone;
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(a_phones_record_keyring_and_photo_open_without_our_code,);

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What the opener prints about a file of vectors.
fn open(file: &Path) -> String {
    let opener = Path::new(ROOT).join("tests/openers/open.py");
    let output = Command::new("python3").arg(opener).arg(file).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn every_vector_of_docs_formats_md_opens_without_our_code() {
    let said = open(&Path::new(ROOT).join("docs/formats.md"));
    for what in
        ["Hedgehog", "18 bytes", "Ann's phone", "log: 3 entries", "grants: member, join", "proof: holds"]
    {
        assert!(said.contains(what), "{what} is missing: {said}");
    }
}

async fn a_phones_record_keyring_and_photo_open_without_our_code(server: &InProcess) {
    let phone = Phone::new("Ann's phone", server);
    let nickname = NewLearner { nickname: "Otter".into(), ..NewLearner::default() };
    let learner = phone.client().learners().add(nickname).unwrap().id;
    let draft = EntryDraft { learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let entry = phone.client().entries().create(draft).unwrap().id;
    let photo = std::fs::read(Path::new(ROOT).join("tests/fixtures/photos/cat.jpg")).unwrap();
    let source = ImportSource::Bytes(photo);
    let attachment = phone.client().attachments().import(entry, source, "", "", &Cancel::new(), &NoProgress);
    let attachment = attachment.unwrap();
    let thumb = phone.client().attachments().read(attachment.id, Size::Thumb).unwrap();

    let place = phone.keys.place().unwrap();
    let mut file = String::new();
    let (fields, blob) = phone
        .store()
        .read(|tx| {
            let (sealed, fmt) =
                tx.query_row("SELECT sealed, fmt FROM record WHERE rid = ?1", [learner.as_bytes()], |row| {
                    Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, u16>(1)?))
                })?;
            let (number, keyring) = tx.query_row("SELECT number, keyring FROM log_entry", [], |row| {
                Ok((row.get::<_, u64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })?;
            let entry = records::load(tx, entry)?.expect("the entry");
            let list = entry.doc.element(ATTACHMENTS, &Key::id(attachment.id)).expect("the photo");
            let list = list.as_list().expect("a list").to_vec();
            let fields = vec![
                ("space_key", hex(&phone.newest_key().1)),
                ("record.space", hex(&place.space)),
                ("record.id", hex(learner.as_bytes())),
                ("record.format", format!("\"{fmt}\"")),
                ("record.sealed", hex(&sealed)),
                ("family", hex(&place.family)),
                ("keyring.number", format!("\"{number}\"")),
                ("keyring.sealed", hex(&keyring)),
            ];
            Ok((fields, list))
        })
        .unwrap();
    for (name, value) in fields {
        writeln!(file, "{name} = {value}").unwrap();
    }
    // The thumbnail: blob id, key, length and hash stand at 4 to 7.
    let bytes = |at: usize| blob[at].as_bytes().expect("bytes").to_vec();
    let sealed = std::fs::read(phone.folder().join("phone/blobs").join(hex(&bytes(4)))).unwrap();
    writeln!(file, "blob.id = {}\nblob.key = {}", hex(&bytes(4)), hex(&bytes(5))).unwrap();
    writeln!(file, "blob.length = \"{}\"\nblob.sealed = {}", blob[6].as_int().unwrap(), hex(&sealed))
        .unwrap();
    let path = phone.folder().join("exported.txt");
    std::fs::write(&path, file).unwrap();
    let said = open(&path);
    assert!(said.contains("'Otter'") && said.contains("keyring: [\"Ann's phone\"]"), "{said}");
    assert!(said.contains(&format!("{} bytes, sha256 {}", thumb.len(), sha256(&thumb))), "{said}");
}
