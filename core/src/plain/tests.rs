//! What the names promise: every field of every kind has one, and what is told comes back.

use super::*;
use crate::clock::SeededRandomness;
use crate::days::DayMark;
use crate::entries::tests::Phone;
use crate::filters::SavedFilter;
use crate::goals::Goal;
use crate::letters::Letter;
use crate::plans::Plan;
use crate::private::{Assessment, NeedsNote};
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::records::{self, Key, Kind, Value};
use crate::reminders::Reminder;
use crate::reports::Report;
use crate::shelf::tests::samples::Sample;
use crate::shelf::write;
use crate::skills::Skill;
use crate::targets::Target;
use crate::templates::Template;
use crate::trips::Trip;
use std::collections::BTreeSet;

/// Kinds that stay out of the file: what devices say of themselves, and what ends by itself after 30 days.
const LEFT_OUT: &[Kind] = &[Kind::Checkpoint, Kind::Versions, Kind::FamilyLog];

fn stamper() -> Stamper {
    Stamper { now_ms: 1_780_000_000_000, device_no: 1, text_client: 7 }
}

fn back(kind: &PlainKind, object: &Object) -> Document {
    read(kind, object, &stamper(), &|id| id, Limits::Typed).unwrap().1
}

#[test]
fn every_kind_that_a_room_shows_is_in_the_file_or_named_as_left_out() {
    let phone = Phone::new(1);
    for room in &phone.context().rooms {
        let number = room.kind();
        let left_out = LEFT_OUT.iter().any(|kind| u16::from(*kind) == number);
        assert!(kind(number).is_some() != left_out, "kind {number}: give it a row in plain/kinds.rs");
    }
}

#[test]
fn a_number_and_a_name_stand_once() {
    let lists: BTreeSet<&str> = KINDS.iter().map(|kind| kind.list).collect();
    assert_eq!(lists.len(), KINDS.len());
    for kind in KINDS {
        let numbers: BTreeSet<u32> = kind.fields.iter().map(|field| field.number).collect();
        let names: BTreeSet<&str> = kind.fields.iter().map(|field| field.name).collect();
        assert_eq!((numbers.len(), names.len()), (kind.fields.len(), kind.fields.len()), "{}", kind.list);
        assert!(!names.contains("id") && !names.contains(MORE), "{}", kind.list);
    }
}

#[test]
fn every_field_of_every_small_kind_has_a_name_and_comes_back() {
    fn of<T: Sample>() {
        let kind = kind(T::KIND.into()).unwrap();
        for item in T::samples() {
            let mut doc = Document::new(T::KIND);
            doc.set(0, Value::Int(1_780_000_000_000), &stamper());
            for field in item.fields().unwrap() {
                write(&mut doc, None, field, &stamper()).unwrap();
            }
            let object = told(kind, [9; 16], &doc).unwrap();
            assert_eq!(object.get(MORE), None, "{}: a field has no name", kind.list);
            let read = back(kind, &object);
            assert_eq!(T::read(&read), item, "{}", kind.list);
            assert_eq!(told(kind, [9; 16], &read).unwrap(), object);
        }
    }
    of::<Reading>();
    of::<Goal>();
    of::<Plan>();
    of::<DayMark>();
    of::<Provider>();
    of::<Trip>();
    of::<Qualification>();
    of::<Letter>();
    of::<Report>();
    of::<Template>();
    of::<SavedFilter>();
    of::<Target>();
    of::<Skill>();
    of::<Reminder>();
    of::<NeedsNote>();
    of::<Assessment>();
}

#[test]
fn the_familys_settings_come_back_with_their_terms() {
    use crate::settings::{FamilySettings, Term};
    let (phone, kind) = (Phone::new(1), kind(Kind::Setting.into()).unwrap());
    let term = Term { name: "Lent".into(), first_day: "2026-01-10".into(), last_day: "2026-03-20".into() };
    let now = FamilySettings {
        year_groups: false,
        weekly_minutes: Some(900),
        terms: vec![term],
        ..FamilySettings::default()
    };
    let room = phone.client.settings();
    room.save_family(&room.family().unwrap(), &now).unwrap();
    let context = phone.context();
    let stored = context.storage.read(|tx| records::load(tx, records::of_kind(tx, Kind::Setting)?[0]));
    let stored = stored.unwrap().unwrap();
    let object = told(kind, stored.rid.0, &stored.doc).unwrap();
    assert_eq!(
        object["terms"],
        serde_json::json!([{ "first_day": "2026-01-10", "last_day": "2026-03-20", "name": "Lent" }])
    );
    assert_eq!(object.get(MORE), None);
    assert_eq!(told(kind, stored.rid.0, &back(kind, &object)).unwrap(), object);
}

#[test]
fn a_field_without_a_name_is_carried_by_its_number() {
    let kind = kind(Kind::Goal.into()).unwrap();
    let mut doc = Document::new(Kind::Goal);
    doc.set(1, Value::Text("Swim".into()), &stamper());
    doc.set(90, Value::List(vec![Value::Int(3), Value::Bytes(vec![1, 2]), Value::Null]), &stamper());
    doc.put(91, Key::id([5; 16]), Value::Text("a".into()), &stamper());
    doc.put(91, Key::Int(4), Value::Bool(true), &stamper());
    doc.edit_text(92, None, "new words", &stamper()).unwrap();
    // A float, which this version does not know, and a note that is a number.
    doc.set(93, Value::Other(vec![0xFB, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]), &stamper());
    doc.set(2, Value::Int(7), &stamper());
    let object = told(kind, [1; 16], &doc).unwrap();
    let read = back(kind, &object);
    assert_eq!(told(kind, [1; 16], &read).unwrap(), object);
    assert_eq!(
        [90, 93, 2].map(|number| read.register(number)),
        [90, 93, 2].map(|number| doc.register(number))
    );
    assert_eq!(read.text(92).unwrap(), "new words");
    assert_eq!(read.elements(91).count(), 2);
}

#[test]
fn what_nobody_could_have_typed_is_refused_by_the_fields_name() {
    let kind = kind(Kind::Goal.into()).unwrap();
    let id = id_hex(&crate::ids::make(&SeededRandomness::new(1)));
    for (fields, says) in [
        (serde_json::json!({}), "its id is not 32 digits 0 to 9 and a to f"),
        (serde_json::json!({ "id": "zz" }), "its id is not 32 digits 0 to 9 and a to f"),
        (serde_json::json!({ "id": id }), "the goal is empty: type one"),
        (serde_json::json!({ "id": id, "title": 7 }), "its field \"title\" can't be read"),
        (
            serde_json::json!({ "id": id, "title": "x".repeat(201) }),
            "title is longer than 200 characters: shorten it",
        ),
        (
            serde_json::json!({ "id": id, "title": "a", "learners": ["Bean"] }),
            "its field \"learners\" can't be read",
        ),
        (
            serde_json::json!({ "id": id, "title": "a", "target_on": "3/4/2026" }),
            "target_on must be a date such as 2026-05-03, between 1900 and 2199",
        ),
        (
            serde_json::json!({ "id": id, "title": "a", "more": { "1": { "one": "x".repeat(900) } } }),
            "its field \"more\" can't be read",
        ),
        (
            serde_json::json!({ "id": id, "title": "a", "more": { "90": { "one": { "cbor": "83" } } } }),
            "its field \"more\" can't be read",
        ),
        (
            serde_json::json!({ "id": id, "title": "a", "colour_of_hair": "red" }),
            "written by a newer version: update the app",
        ),
    ] {
        let refused =
            read(kind, fields.as_object().unwrap(), &stamper(), &|id| id, Limits::Kept).unwrap_err();
        assert_eq!(refused.to_string(), says);
    }
}

#[test]
fn docs_formats_names_every_list_field_and_word() {
    let formats =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/formats.md")).unwrap();
    let table = formats.split("\nThe lists, and the names").nth(1).unwrap();
    for kind in KINDS {
        let from = table.find(&format!("\n{} ", kind.list)).unwrap_or_else(|| panic!("{}", kind.list));
        let lines: Vec<&str> = table[from + 1..].lines().collect();
        let own = lines.iter().enumerate().take_while(|(n, line)| *n == 0 || line.starts_with("   "));
        let row = own.map(|(_, line)| *line).collect::<Vec<_>>().join(" ");
        for field in kind.fields {
            let word = match field.shape {
                Shape::Choice(words) => format!(" {}({})", field.name, words.join(" ")),
                _ => format!(" {} ", field.name),
            };
            assert!(format!("{row} ").contains(&word), "{}: {word}", kind.list);
        }
    }
}

#[test]
fn a_learner_in_a_reports_text_is_told_by_the_id_that_an_import_gives_them() {
    use crate::ids::LearnerId;
    use crate::reports::{Section, token};
    use crate::shelf::Item;
    let mut report =
        Report { learners: vec![LearnerId([1; 16])], first_day: "2026-01-01".into(), ..Report::default() };
    report.last_day = "2026-12-31".into();
    report.set(Section::About, format!("{} likes owls.", token(LearnerId([1; 16]))), String::new());
    let kind = kind(Kind::Report.into()).unwrap();
    let mut doc = Document::new(Kind::Report);
    for field in report.fields().unwrap() {
        write(&mut doc, None, field, &stamper()).unwrap();
    }
    let object = told(kind, [9; 16], &doc).unwrap();
    let renumbered = |id: [u8; 16]| if id == [1; 16] { [2; 16] } else { id };
    let (_, doc) = read(kind, &object, &stamper(), &renumbered, Limits::Typed).unwrap();
    let there = Report::read(&doc);
    assert_eq!(there.text(Section::About), format!("{} likes owls.", token(LearnerId([2; 16]))));
    assert_eq!(there.learners, [LearnerId([2; 16])]);
}
