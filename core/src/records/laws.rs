//! The laws of merging, on arbitrary documents.

use super::document::{Cell, Document, Kind};
use super::merge::Merged;
use super::text;
use super::value::{Key, Value};
use super::{Stamp, Stamper};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn stamps() -> impl Strategy<Value = Stamp> {
    // Few values on purpose: ties must happen.
    (0..6u64, 1..3u32).prop_map(|(time, device_no)| Stamp { time, device_no })
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-2..3i64).prop_map(Value::Int),
        "[aé]{0,2}".prop_map(Value::Text),
        Just(Value::gone()),
        Just(Value::Bytes(vec![7; 16])),
        Just(Value::List(vec![Value::Int(1), Value::Null])),
        Just(Value::Other(vec![0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0])),
        Just(Value::Other(vec![0xa1, 0x01, 0xc1, 0x02])),
    ]
}

fn keys() -> impl Strategy<Value = Key> {
    prop_oneof![
        (0..2u64).prop_map(Key::Int),
        (0..2u8).prop_map(|n| Key::Bytes(vec![n; 16])),
        "[ab]".prop_map(Key::Text)
    ]
}

/// States that share history, as those of real phones do.
fn states() -> impl Strategy<Value = Vec<u8>> {
    let edits = proptest::collection::vec((0..3u64, "[ab ]{0,6}"), 0..3);
    edits.prop_map(|edits| {
        let mut state = text::edit(None, None, "ab ba", 9).unwrap();
        let mut seen = String::from("9");
        for (client, new) in edits {
            // A client id stands for one history: the same id with other typing behind it would be a fault.
            seen.push_str(&format!("/{client}{new}"));
            let client = seen
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
                >> 11;
            state = text::edit(Some(&state), None, &new, client).unwrap();
        }
        state
    })
}

fn cells() -> impl Strategy<Value = Cell> {
    prop_oneof![
        3 => (stamps(), values()).prop_map(|(stamp, value)| Cell::Register(stamp, value)),
        3 => proptest::collection::btree_map(keys(), (stamps(), values()), 0..4).prop_map(Cell::Map),
        2 => (stamps(), states()).prop_map(|(stamp, state)| Cell::Text(stamp, state)),
    ]
}

/// Arbitrary documents, unknown fields and values among them.
pub(super) fn documents() -> impl Strategy<Value = Document> {
    let fields = proptest::collection::btree_map(prop_oneof![0..4u32, Just(90_000)], cells(), 0..5);
    let trash = proptest::option::weighted(0.3, (stamps(), any::<bool>()));
    let purge = proptest::option::weighted(0.1, stamps());
    (fields, trash, purge).prop_map(|(fields, trash, purge)| match purge {
        Some(_) => Document { kind: 2, min_reader: 1, fields: BTreeMap::new(), trash: None, purge },
        None => Document { kind: 2, min_reader: 1, fields, trash, purge },
    })
}

/// The document without what yrs is free to spell in several ways.
fn content(doc: &Document) -> (Document, BTreeMap<u32, String>) {
    let mut plain = doc.clone();
    let mut texts = BTreeMap::new();
    for (field, cell) in &mut plain.fields {
        if let Cell::Text(_, state) = cell {
            texts.insert(*field, text::read(state).unwrap());
            state.clear();
        }
    }
    (plain, texts)
}

fn merged(a: &Document, b: &Document) -> Document {
    let mut result = a.clone();
    result.merge(b).unwrap();
    result
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn merging_is_commutative(a in documents(), b in documents()) {
        prop_assert_eq!(content(&merged(&a, &b)), content(&merged(&b, &a)));
    }

    #[test]
    fn merging_is_associative(a in documents(), b in documents(), c in documents()) {
        prop_assert_eq!(content(&merged(&merged(&a, &b), &c)), content(&merged(&a, &merged(&b, &c))));
    }

    #[test]
    fn merging_again_changes_nothing(a in documents(), b in documents()) {
        let both = merged(&a, &b);
        for part in [&a, &b, &both] {
            let mut again = both.clone();
            let found = again.merge(part).unwrap();
            prop_assert!(!found.changed_local);
            prop_assert_eq!(&again, &both, "bit by bit");
        }
    }

    #[test]
    fn what_the_other_side_lacks_is_told_and_nothing_else(a in documents(), b in documents()) {
        let mut mine = a.clone();
        let here = mine.merge(&b).unwrap();
        let mut theirs = b.clone();
        let there = theirs.merge(&a).unwrap();
        // What I have and they lack is what changes them, and the other way round.
        prop_assert_eq!(here.remote_lacks, there.changed_local);
        prop_assert_eq!(here.changed_local, there.remote_lacks);
        // Once both hold the merge, neither pushes at the other again, however yrs spells it.
        let settled = mine.merge(&theirs).unwrap();
        prop_assert_eq!(settled, Merged::default());
    }

    #[test]
    fn a_field_of_a_newer_version_is_carried_bit_by_bit(a in documents(), b in documents()) {
        prop_assume!(!a.is_purged() && !b.is_purged());
        let unknown = Cell::Register(Stamp { time: 99, device_no: 1 }, Value::Other(vec![0xfa, 0x47, 0xc3, 0x50, 0]));
        let mut newer = a.clone();
        newer.fields.insert(123_456, unknown.clone());
        let both = Document::decode(&merged(&b, &newer).encode()).unwrap();
        prop_assert_eq!(both.fields.get(&123_456), Some(&unknown));
    }
}

#[test]
fn edit_and_trash_at_the_same_time_lose_nothing() {
    let phone = |now_ms, device_no| Stamper { now_ms, device_no, text_client: u64::from(device_no) };
    let mut start = Document::new(Kind::Entry);
    start.edit_text(1, None, "Built a raft.", &phone(1_000, 1)).unwrap();
    let (mut mum, mut dad) = (start.clone(), start);
    mum.set_trashed(true, &phone(2_000, 1));
    dad.edit_text(1, None, "Built a raft. It floated!", &phone(2_001, 2)).unwrap();
    assert!(mum.is_trashed());
    let both = merged(&mum, &dad);
    assert!(!both.is_trashed(), "the edit that had not seen the trashing brings it back");
    assert_eq!(both.text(1).unwrap(), "Built a raft. It floated!");
}

#[test]
fn an_element_that_is_gone_for_good_comes_back_by_no_later_writing() {
    let phone = |now_ms, device_no| Stamper { now_ms, device_no, text_client: u64::from(device_no) };
    let key = Key::Bytes(vec![1; 16]);
    let mut start = Document::new(Kind::Entry);
    start.put(10, key.clone(), Value::Int(1), &phone(1_000, 1));
    let (mut mum, mut dad) = (start.clone(), start);
    assert!(mum.remove_for_good(10, &key, &phone(2_000, 1)));
    dad.put(10, key.clone(), Value::Int(2), &phone(9_000, 2));
    for mut both in [merged(&mum, &dad), merged(&dad, &mum)] {
        assert_eq!((both.element(10, &key), both.elements(10).count()), (None, 0));
        assert!(!both.put(10, key.clone(), Value::Int(3), &phone(10_000, 1)));
        assert!(!both.remove_for_good(10, &key, &phone(10_000, 1)));
    }
}

#[test]
fn damage_in_one_text_changes_nothing_at_all() {
    let stamp = Stamp { time: 1, device_no: 1 };
    let mut mine = Document::new(Kind::Entry);
    mine.fields.insert(1, Cell::Text(stamp, text::edit(None, None, "x", 1).unwrap()));
    let mut theirs = Document::new(Kind::Entry);
    theirs.fields.insert(0, Cell::Register(stamp, Value::Int(1)));
    theirs.fields.insert(1, Cell::Text(stamp, vec![0xff; 9]));
    let before = mine.clone();
    assert!(mine.merge(&theirs).is_err());
    assert_eq!(mine, before);
}
