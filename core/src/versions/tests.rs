//! What earlier versions promise.

use super::*;
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{EntryDraft, EntryEdit};
use crate::records::{packed, shared};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

fn note(text: &str) -> EntryEdit {
    EntryEdit { note: Some(text.into()), ..EntryEdit::default() }
}

/// Writes it after a pause.
fn edit(phone: &Phone, entry: EntryId, pause: i64, edit: EntryEdit) {
    phone.clock.advance(pause);
    phone.client.entries().update(entry, edit).unwrap();
}

fn notes(phone: &Phone, entry: EntryId) -> Vec<String> {
    phone.client.versions().list(entry).unwrap().into_iter().map(|one| one.note).collect()
}

#[test]
fn an_edit_keeps_what_was_there_and_typing_does_not() {
    let phone = Phone::new(1);
    let entry = phone.create(EntryDraft { note: "We saw frogs.".into(), ..draft("Pond", "2026-05-03") });
    for nth in 0..40 {
        edit(&phone, entry.id, 20_000, note(&format!("We saw frogs. {}", "x".repeat(nth))));
    }
    assert_eq!(notes(&phone, entry.id), [""; 0], "still being written");
    edit(&phone, entry.id, 2 * DAY, note("We saw toads."));
    edit(&phone, entry.id, MINUTE, note("We saw toads!"));
    edit(&phone, entry.id, MINUTE, EntryEdit { starred: Some(true), ..EntryEdit::default() });
    assert_eq!(notes(&phone, entry.id), [format!("We saw frogs. {}", "x".repeat(39))]);
    edit(&phone, entry.id, DAY, note(""));
    assert_eq!(notes(&phone, entry.id)[0], "We saw toads!");
    let mut writing = String::new();
    for nth in 0..40 {
        writing.push_str(&format!("{nth} "));
        edit(&phone, entry.id, 5 * MINUTE, note(&writing));
    }
    assert_eq!(notes(&phone, entry.id).len(), 5, "three hours of writing: one an hour");
}

#[test]
fn a_version_is_written_back_as_an_edit_with_lines_tags_and_day() {
    let phone = Phone::new(1);
    let (otter, mole) = (phone.learner("Otter"), phone.learner("Mole"));
    let maths = phone.client.subjects().add("Maths", "").unwrap();
    let entry = phone.create(EntryDraft {
        note: "We saw frogs.".into(),
        minutes: Some(30),
        learners: vec![line(otter.id, "Held the net."), line(mole.id, "")],
        subjects: vec![maths.id],
        tags: vec!["pond".into()],
        ..draft("Pond", "2026-05-03")
    });
    let other = EntryEdit {
        title: Some("Sea".into()),
        learned_on: Some("2026-05-09".into()),
        minutes: Some(0),
        learners: Some(vec![line(mole.id, "Fell in.")]),
        subjects: Some(vec![]),
        tags: Some(vec!["sea".into()]),
        ..note("")
    };
    edit(&phone, entry.id, DAY, other);
    let changed = phone.client.entries().get(entry.id).unwrap();
    let versions = phone.client.versions();
    let [version] = versions.list(entry.id).unwrap().try_into().unwrap();
    assert_eq!((version.title.as_str(), version.minutes, version.subjects.len()), ("Pond", Some(30), 1));
    phone.clock.advance(DAY);
    versions.restore(entry.id, version.id).unwrap();
    assert_eq!(phone.client.entries().get(entry.id).unwrap(), entry);
    assert_eq!(versions.list(entry.id).unwrap()[0].title, "Sea", "what it was until now is kept in turn");
    phone.client.undo().undo().unwrap();
    assert_eq!(phone.client.entries().get(entry.id).unwrap(), changed);
    phone.client.entries().trash(entry.id).unwrap();
    assert!(versions.restore(entry.id, version.id).unwrap_err().to_string().contains("restore it first"));
}

#[test]
fn a_version_written_back_right_after_typing_is_taken_back_by_itself() {
    let phone = Phone::new(1);
    let entry = phone.create(EntryDraft { note: "Frogs.".into(), ..draft("Pond", "2026-05-03") });
    edit(&phone, entry.id, DAY, note("Toads."));
    let versions = phone.client.versions();
    versions.restore(entry.id, versions.list(entry.id).unwrap()[0].id).unwrap();
    assert_eq!(phone.client.entries().get(entry.id).unwrap().note, "Frogs.");
    phone.client.undo().undo().unwrap();
    assert_eq!(phone.client.entries().get(entry.id).unwrap().note, "Toads.");
}

#[test]
fn a_deleted_sentence_is_gone_after_thirty_days_and_at_once_with_a_purge() {
    let phone = Phone::new(1);
    let context = phone.context();
    let found = |secret: &str| {
        context.storage.read(|tx| {
            let mut hits = 0;
            for (rid, _) in shared(tx)? {
                let Some(stored) = load(tx, rid)? else { continue };
                hits += stored
                    .doc
                    .encode()
                    .windows(secret.len())
                    .filter(|part| *part == secret.as_bytes())
                    .count();
            }
            Ok(hits)
        })
    };
    let written = |secret: &str| {
        let entry = phone.create(EntryDraft { note: secret.into(), ..draft("Pond", "2026-05-03") });
        edit(&phone, entry.id, DAY, note("Nothing."));
        assert_eq!(found(secret).unwrap(), 1);
        entry.id
    };
    let old = written("FIRSTSECRET");
    phone.clock.advance(29 * DAY);
    let versions = phone.client.versions();
    assert_eq!(versions.tend(0).unwrap(), 0);
    phone.clock.advance(2 * DAY);
    assert!(versions.list(old).unwrap().is_empty(), "not shown any more");
    assert_eq!(versions.tend(-60 * DAY).unwrap(), 0, "a wrong clock ends nothing");
    assert_eq!(versions.tend(0).unwrap(), 1);
    assert_eq!(found("FIRSTSECRET").unwrap(), 0);
    let purged = written("SECONDSECRET");
    phone.client.entries().trash(purged).unwrap();
    phone.client.trash().purge(&[purged.into()], 1).unwrap();
    assert_eq!(found("SECONDSECRET").unwrap(), 0);
    assert!(versions.list(purged).unwrap().is_empty());
}

#[test]
fn versions_are_few_and_small_however_often_and_large_an_entry_is_edited() {
    let phone = Phone::new(1);
    let words = "We counted the newts in the pond, and Otter drew each of them with its spots. ".repeat(8);
    let entry = phone.create(EntryDraft { note: words.clone(), ..draft("Pond", "2026-05-03") });
    let size = || {
        let of = |tx: &crate::storage::Transaction<'_>| {
            let mut sizes = Vec::new();
            for record in queries::of_entry(tx, entry.id.into())? {
                sizes.push(packed(&load(tx, record)?.or_not_found("record")?.doc).len());
            }
            Ok(sizes)
        };
        phone.context().storage.read(of).unwrap()
    };
    for nth in 0..30 {
        edit(&phone, entry.id, DAY / 2, note(&format!("{words} On day {nth} there were {nth}.")));
    }
    assert_eq!(phone.client.versions().list(entry.id).unwrap().len(), 10);
    let [small] = size()[..] else { panic!("one record") };
    assert!(small < 1_000, "ten versions of a note of 600 characters: {small} bytes");
    for nth in 0..6 {
        edit(&phone, entry.id, DAY / 2, note(&format!("{nth}{}", "é".repeat(30 << 10))));
    }
    let kept = phone.client.versions().list(entry.id).unwrap();
    assert!((2..6).contains(&kept.len()), "{} of 60 KiB each", kept.len());
    assert!(kept.iter().any(|one| one.note.starts_with('4')), "the newest among them");
}

#[test]
fn a_version_of_before_two_learners_turned_out_to_be_one_comes_back_with_the_one() {
    let phone = Phone::new(1);
    let (otter, bean, mole) = (phone.learner("Otter"), phone.learner("Bean"), phone.learner("Mole"));
    let entry = phone.create(EntryDraft {
        note: "We saw frogs.".into(),
        learners: vec![line(bean.id, "Held the net."), line(mole.id, "Fell in.")],
        ..draft("Pond", "2026-05-03")
    });
    edit(&phone, entry.id, DAY, note("We saw toads."));
    phone.client.learners().merge(bean.id, otter.id).unwrap();
    phone.client.learners().remove(mole.id).unwrap();
    let versions = phone.client.versions();
    let first = versions.list(entry.id).unwrap().pop().unwrap();
    phone.clock.advance(DAY);
    versions.restore(entry.id, first.id).unwrap();
    let restored = phone.client.entries().get(entry.id).unwrap();
    assert_eq!(restored.note, "We saw frogs.");
    assert_eq!(restored.learners, [line(otter.id, "Held the net.")], "and who was removed stays away");
}

#[test]
fn a_version_of_another_entry_is_written_over_none() {
    let phone = Phone::new(1);
    let [pond, sea] = ["Pond", "Sea"].map(|title| phone.create(draft(title, "2026-05-03")).id);
    edit(&phone, pond, DAY, note("Frogs."));
    let versions = phone.client.versions();
    let of_pond = versions.list(pond).unwrap()[0].id;
    assert_eq!(versions.restore(sea, of_pond), Err(Error::NotFound("version of this entry")));
    assert_eq!(phone.client.entries().get(sea).unwrap().title, "Sea");
    versions.restore(pond, of_pond).unwrap();
}
