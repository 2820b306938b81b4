//! The vectors of docs/formats.md for records: a stranger's opener, from the document's bytes alone.

use super::fields::entry;
use super::seal::{packed, unpacked};
use super::{Document, FORMAT, Key, Kind, Stamper, Value};
use crate::clock::Randomness;
use crate::crypto::SpaceKey;
use crate::crypto::envelope::{Place, RecordKey};

const FORMATS: &str = include_str!("../../../docs/formats.md");
const PLACE: Place = Place { space: [0x50; 16], record: [0x7e; 16], format: FORMAT };

fn written(name: &str) -> Vec<u8> {
    let line = FORMATS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
    let digits = line.unwrap_or_else(|| panic!("docs/formats.md lacks {name}")).as_bytes();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Nines;
impl Randomness for Nines {
    fn fill(&self, out: &mut [u8]) {
        out.fill(0x99);
    }
}

fn document() -> Document {
    let stamper = Stamper { now_ms: 1_780_000_000_000, device_no: 1, text_client: 7 };
    let mut doc = Document::new(Kind::Entry);
    doc.edit_text(entry::NOTE, None, "Zoë counted frogs.", &stamper).unwrap();
    doc.set(entry::TITLE, Value::Text("Pond".into()), &stamper);
    doc.set(entry::MINUTES, Value::Int(45), &stamper);
    doc.put(entry::LEARNERS, Key::id([0x1e; 16]), Value::Text("Held the net.".into()), &stamper);
    doc.put(entry::TAGS, Key::text("pond"), Value::Bool(true), &stamper);
    doc.put(entry::TAGS, Key::text("mud"), Value::Bool(true), &stamper);
    doc.remove(entry::TAGS, &Key::text("mud"), &stamper);
    doc.set_trashed(true, &stamper);
    doc
}

#[test]
fn the_document_of_formats_md_is_the_one_that_is_written() {
    let doc = document();
    assert_eq!(hex(&doc.encode()), hex(&written("document")), "\ndocument = {}\n", hex(&doc.encode()));
    assert_eq!(
        Document::decode(&written("document")).unwrap().text(entry::NOTE).unwrap(),
        "Zoë counted frogs."
    );
}

#[test]
fn the_sealed_record_of_formats_md_opens_to_its_plaintext_and_document() {
    let key = RecordKey::derive(&SpaceKey::from_bytes([0x5a; 32]), 1);
    let mut plaintext = packed(&document()).to_vec();
    plaintext.resize(512, 0);
    let sealed = key.seal(&PLACE, &plaintext, &Nines).unwrap();
    let lines = format!("\nrecord-plaintext = {}\nrecord-sealed = {}\n", hex(&plaintext), hex(&sealed));
    // Another deflate may write other bytes: what counts is that those of the document open.
    let opened = key.open(&PLACE, &written("record-sealed")).unwrap_or_else(|_| panic!("{lines}"));
    assert_eq!(hex(&opened), hex(&written("record-plaintext")), "{lines}");
    assert_eq!(unpacked(&opened).unwrap(), document());
}
