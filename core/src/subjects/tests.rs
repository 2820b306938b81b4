//! What the subjects' room promises, on a real store.

use super::*;
use crate::entries::tests::{Phone, draft};
use crate::entries::{EntryDraft, EntryEdit, TimelineQuery};

#[test]
fn a_merged_subject_is_shown_as_the_other_everywhere_and_no_entry_is_written() {
    let phone = Phone::new(1);
    let subjects = phone.client.subjects();
    let [maths, sums, counting] =
        ["Maths", "Sums", "Counting"].map(|name| subjects.add(name, "").unwrap().id);
    let of = |title: &str, all: &[SubjectId]| {
        phone.create(EntryDraft { subjects: all.to_vec(), ..draft(title, "2026-05-03") }).id
    };
    let both = of("both", &[maths, sums]);
    let one = of("one", &[sums]);
    let deep = of("deep", &[counting]);
    subjects.merge(counting, sums).unwrap();
    subjects.merge(sums, maths).unwrap();
    for id in [both, one, deep] {
        assert_eq!(phone.client.entries().get(id).unwrap().subjects, [maths]);
    }
    assert_eq!(subjects.list().unwrap().iter().map(|subject| subject.id).collect::<Vec<_>>(), [maths]);
    let query = TimelineQuery { subject: Some(maths), ..TimelineQuery::default() };
    assert_eq!(phone.client.entries().timeline(&query).unwrap().entries.len(), 3);
    for (from, into) in [(maths, maths), (maths, counting), (maths, sums)] {
        let refused = subjects.merge(from, into).unwrap_err();
        assert_eq!(refused, Error::invalid("a subject can't become part of itself: choose another one"));
    }
    // What is taken off an entry is gone from it, under whatever id the entry holds it.
    let base = phone.client.entries().get(deep).unwrap();
    let edit = EntryEdit { base: Some(base), subjects: Some(vec![]), ..EntryEdit::default() };
    assert_eq!(phone.client.entries().update(deep, edit).unwrap().subjects, []);
}

#[test]
fn a_list_of_a_place_is_added_once_and_put_in_any_order() {
    let phone = Phone::new(1);
    let subjects = phone.client.subjects();
    let own = subjects.add("science", "").unwrap();
    let added = subjects.add_preset(Preset::Missouri).unwrap();
    assert_eq!(
        (added.len(), added.iter().filter(|subject| subject.core).count()),
        (8, 4),
        "science was there"
    );
    assert_eq!(subjects.add_preset(Preset::Missouri).unwrap(), []);
    let last = added.last().unwrap().id;
    subjects.reorder(&[last]).unwrap();
    let order: Vec<SubjectId> = subjects.list().unwrap().iter().map(|subject| subject.id).collect();
    assert_eq!(order[..2], [last, own.id]);
    let hidden = SubjectEdit { hidden: Some(true), ..SubjectEdit::default() };
    assert!(subjects.update(last, hidden).unwrap().hidden);
}

#[test]
fn what_became_part_of_a_subject_goes_with_it_and_comes_back_with_it() {
    let phone = Phone::new(1);
    let subjects = phone.client.subjects();
    let [maths, sums, art] = ["Maths", "Sums", "Art"].map(|name| subjects.add(name, "").unwrap().id);
    let entry = phone.create(EntryDraft { subjects: vec![sums], ..draft("Shop", "2026-05-03") }).id;
    subjects.merge(sums, maths).unwrap();
    assert!(subjects.remove(sums).is_err(), "it is part of another by now");
    subjects.remove(maths).unwrap();
    let ids = || subjects.list().unwrap().iter().map(|subject| subject.id).collect::<Vec<_>>();
    assert_eq!(ids(), [art]);
    phone.client.trash().restore(maths.into()).unwrap();
    assert_eq!(ids(), [maths, art]);
    assert_eq!(phone.client.entries().get(entry).unwrap().subjects, [maths]);
    assert_eq!(phone.client.trash().list().unwrap(), []);
}

#[test]
fn two_subjects_of_one_name_are_refused_whoever_types_the_second() {
    let phone = Phone::new(1);
    let subjects = phone.client.subjects();
    let [maths, art] = ["Maths", "Art"].map(|name| subjects.add(name, "").unwrap().id);
    for refused in [subjects.add(" maths ", ""), subjects.rename(art, "MATHS")] {
        let text = refused.unwrap_err().to_string();
        assert_eq!(text, "there is a subject of this name: choose another name, or use that one");
    }
    assert_eq!(subjects.rename(maths, "MATHS").unwrap().name, "MATHS", "its own");
    subjects.remove(maths).unwrap();
    subjects.add("Maths", "").unwrap();
}
