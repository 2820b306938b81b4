//! An import into a family that has a life of its own.

use super::*;
use crate::attachments::cleaning_tests::{make, word};
use crate::clock::Clock;
use crate::entries::EntryEdit;
use crate::error::Error;
use crate::ids::EntryId;

#[test]
fn what_was_edited_here_since_stays_and_is_listed_and_what_is_missing_comes_in() {
    let phone = family(1);
    let (_dir, path) = export(&phone);
    phone.clock.advance(60_000);
    let pond = entries(&phone).into_iter().find(|entry| entry.title == "Pond").unwrap();
    let edit =
        EntryEdit { note: Some("Toads".into()), tags: Some(vec!["mud".into()]), ..EntryEdit::default() };
    phone.client.entries().update(pond.id, edit).unwrap();
    phone.client.attachments().remove(pond.attachments[0]).unwrap();
    let report = import(&phone, &path, &[]).unwrap();
    assert_eq!((report.added, report.completed, report.photos), (0, 0, 0), "{report:?}");
    let kept: Vec<_> = report.kept.iter().map(|one| (one.item.as_str(), one.problem.as_str())).collect();
    assert_eq!(kept, [("entry 1 of 2026-05-03", "note"), ("entry 1 of 2026-05-03", "tags")]);
    let now = phone.client.entries().get(pond.id).unwrap();
    assert_eq!((now.note.as_str(), now.tags.len(), now.attachments.len()), ("Toads", 1, 1));
    let [problem] = report.problems.as_slice() else { panic!("{report:?}") };
    let told = ("photo 1 of entry 1 of 2026-05-03", "it was taken out of its entry here, and stays out");
    assert_eq!((problem.item.as_str(), problem.problem.as_str()), told);
}

#[test]
fn a_photo_comes_in_byte_by_byte_and_without_being_compressed_again() {
    let phone = family(1);
    let (_dir, path) = export(&phone);
    let other = Phone::new(2);
    let report = import(&other, &path, &[]).unwrap();
    assert_eq!(report.photos, 2);
    let of =
        |phone: &Phone| entries(phone).into_iter().find(|entry| entry.title == "Pond").unwrap().attachments;
    assert_eq!(of(&phone), of(&other));
    for id in of(&phone) {
        let read = |phone: &Phone| phone.client.attachments().read(id, Size::Display).unwrap();
        assert!(read(&phone) == read(&other));
        let told = |phone: &Phone| phone.client.attachments().get(id).unwrap();
        assert_eq!(told(&phone).captured_at, told(&other).captured_at);
        assert_eq!(told(&other).caption, "A caption");
        assert_eq!(other.client.attachments().read(id, Size::Thumb).unwrap()[..2], [0xFF, 0xD8]);
    }
}

#[test]
fn two_learners_of_a_file_who_are_one_here_keep_both_their_lines() {
    let phone = Phone::new(1);
    let ids = ["Ann", "Annie"].map(|nickname| phone.learner(nickname).id);
    let learners = ids.into_iter().zip(["dug", "planted"]);
    let learners = learners.map(|(learner, line)| LearnerLine { learner, line: line.into() }).collect();
    phone.create(EntryDraft { learners, ..draft("Garden") });
    let (_dir, path) = export(&phone);
    let other = Phone::new(2);
    let ann = other.learner("Ann").id;
    let choices = ids.map(|id| SameLearner { found: id, into: Some(ann) });
    import(&other, &path, &choices).unwrap();
    let lines = entries(&other).remove(0).learners;
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    let mut words: Vec<_> = line.line.lines().collect();
    words.sort_unstable();
    assert_eq!((line.learner, words), (ann, vec!["dug", "planted"]));
    let again = import(&other, &path, &choices).unwrap();
    assert_eq!((again.added, again.completed, again.kept), (0, 0, vec![]));

    let table = unpacked(&path).remove("entries.csv").unwrap();
    let (dir, csv) = (tempfile::tempdir().unwrap(), "entries.csv");
    std::fs::write(dir.path().join(csv), table).unwrap();
    let third = Phone::new(3);
    let ann = third.learner("Ann").id;
    let choice = |nickname: &str| NameChoice { nickname: nickname.into(), into: Some(ann) };
    let request = CsvRequest { learners: vec![choice("Ann"), choice("Annie")], ..CsvRequest::default() };
    third.client.imports().import_csv(&dir.path().join(csv), &request, &NoProgress, &Cancel::new()).unwrap();
    let words = &entries(&third)[0].learners[0].line;
    assert!(words.contains("dug") && words.contains("planted"), "{words}");
}

#[test]
fn two_learners_of_one_nickname_are_asked_about_and_subjects_of_one_name_are_one() {
    let (_dir, path) = export(&family(1));
    let phone = Phone::new(2);
    let here = phone.learner(" bean").id;
    let maths = phone.client.subjects().add("maths", "").unwrap().id;
    let preview = phone.client.imports().preview_record(&path).unwrap();
    assert_eq!((preview.entries, preview.entries_here, preview.photos, preview.learners.len()), (2, 0, 2, 1));
    assert_eq!(preview.learners[0].same_nickname, [here]);
    let found = preview.learners[0].id;
    let refused = import(&phone, &path, &[]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a learner of this file has the nickname of one here: say whether they are the same"
    );
    assert_eq!(entries(&phone), [], "nothing half written");
    let stranger = SameLearner { found, into: Some(LearnerId([1; 16])) };
    assert_eq!(import(&phone, &path, &[stranger]), Err(Error::NotFound("learner")));
    let same = [SameLearner { found, into: Some(here) }];
    import(&phone, &path, &same).unwrap();
    assert_eq!(phone.client.learners().list().unwrap().len(), 1);
    assert_eq!(phone.client.subjects().list().unwrap().len(), 1);
    let pond = entries(&phone).into_iter().find(|entry| entry.title == "Pond").unwrap();
    assert_eq!((pond.learners[0].learner, pond.subjects[0]), (here, maths));
    let again = import(&phone, &path, &same).unwrap();
    assert_eq!((again.added, again.completed), (0, 0), "{again:?}");
    let new = Phone::new(3);
    new.learner("Bean");
    import(&new, &path, &[SameLearner { found, into: None }]).unwrap();
    assert_eq!(new.client.learners().list().unwrap().len(), 2);
}

#[test]
fn what_lies_in_the_trash_stays_there_and_is_said() {
    let phone = family(1);
    let (_dir, path) = export(&phone);
    let ids: Vec<EntryId> = entries(&phone).iter().map(|entry| entry.id).collect();
    ids.iter().for_each(|id| phone.client.entries().trash(*id).unwrap());
    let report = import(&phone, &path, &[]).unwrap();
    assert_eq!(entries(&phone), []);
    assert_eq!(report.problems.len(), 2);
    assert_eq!(report.problems[0].problem, "it lies in the trash here: restore it there");
}

/// Cancels after so many steps.
struct StopAt(u64, Cancel);
impl Progress for StopAt {
    fn progress(&self, done: u64, _: u64) {
        if done == self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn one_that_is_stopped_anywhere_leaves_whole_things_and_is_taken_up_by_running_it_again() {
    let phone = family(1);
    let (_dir, path) = export(&phone);
    let whole = unpacked(&path);
    let other = Phone::new(2);
    other.clock.set(phone.clock.now_ms());
    for stop in 1..5 {
        let cancel = Cancel::new();
        let stopped =
            other.client.imports().import_record(&path, &[], &StopAt(stop, cancel.clone()), &cancel);
        assert_eq!(stopped, Err(Error::Cancelled), "after {stop}");
        for entry in entries(&other) {
            let there = entries(&phone).into_iter().find(|one| one.id == entry.id).unwrap();
            assert_eq!(entry.attachments, there.attachments, "an entry comes with all its photos");
        }
        let named: usize = entries(&other).iter().map(|entry| entry.attachments.len() * 2).sum();
        let files = std::fs::read_dir(other.context().blob_folder()).map_or(0, Iterator::count);
        assert_eq!(files, named, "no file without an entry");
    }
    import(&other, &path, &[]).unwrap();
    let (_again, second) = export(&other);
    assert!(unpacked(&second) == whole);
}

#[test]
fn an_edit_that_another_phone_made_after_the_file_was_written_is_newer_than_the_file() {
    let phone = family(1);
    let (_dir, path) = export(&phone);
    let (other, id) =
        (Phone::new(2), entries(&phone).into_iter().find(|one| one.title == "Pond").unwrap().id);
    other.clock.set(phone.clock.now_ms() + 3_600_000);
    import(&other, &path, &[]).unwrap();
    phone.clock.advance(60_000);
    let edit = EntryEdit { title: Some("Pond, again".into()), ..EntryEdit::default() };
    phone.client.entries().update(id, edit).unwrap();
    let load = |phone: &Phone| phone.context().storage.read(|tx| records::load(tx, id)).unwrap().unwrap().doc;
    let mut merged = load(&other);
    merged.merge(&load(&phone)).unwrap();
    assert_eq!(merged.string(records::fields::entry::TITLE), "Pond, again");
}

#[test]
fn two_phones_that_read_one_file_hold_one_text_and_not_two() {
    let (_dir, path) = export(&family(1));
    let phones = [Phone::new(2), Phone::new(3)];
    for phone in &phones {
        import(phone, &path, &[]).unwrap();
    }
    let id = entries(&phones[0]).into_iter().find(|one| one.title == "Pond").unwrap().id;
    let [mut one, two] = phones
        .each_ref()
        .map(|phone| phone.context().storage.read(|tx| records::load(tx, id)).unwrap().unwrap().doc);
    one.merge(&two).unwrap();
    assert_eq!(one.text(records::fields::entry::NOTE).unwrap(), "Frogs");
}

#[test]
fn files_beside_photos_leave_and_come_back_as_the_same_record() {
    let phone = family(1);
    let pond = entries(&phone).into_iter().find(|entry| entry.title == "Pond").unwrap();
    let song = make::Movie { video: false, brand: *b"M4A ", ..make::Movie::default() };
    for (name, bytes) in [
        ("Sums.pdf", make::pdf()),
        ("Report.docx", word::docx()),
        ("Pond.mp4", make::movie(&make::Movie::default())),
        ("Song.m4a", make::movie(&song)),
        ("Song.mp3", make::mp3()),
        ("Reading.aac", make::adts()),
    ] {
        let (room, source) = (phone.client.attachments(), ImportSource::Bytes(bytes));
        room.import_file(pond.id, source, name, "Term two", &Cancel::new(), &NoProgress).unwrap();
    }
    let (_dir, path) = export(&phone);
    let names: Vec<String> = unpacked(&path).into_keys().collect();
    for ending in [".pdf", ".docx", ".mp4", ".m4a", ".mp3", ".aac", ".jpg"] {
        assert!(names.iter().any(|name| name.ends_with(ending)), "{ending}: {names:?}");
    }
    let other = Phone::new(2);
    other.clock.set(phone.clock.now_ms());
    let report = import(&other, &path, &[]).unwrap();
    assert_eq!((report.photos, report.problems.len()), (8, 0), "{report:?}");
    let (_again, second) = export(&other);
    let (first, second) = (unpacked(&path), unpacked(&second));
    for (name, bytes) in &first {
        assert!(second.get(name) == Some(bytes), "{name}");
    }
    assert_eq!(first.len(), second.len());
    let again = import(&other, &path, &[]).unwrap();
    assert_eq!((again.added, again.completed, again.photos), (0, 0, 0), "{again:?}");
}

#[test]
fn what_two_phones_made_longer_than_anybody_may_type_comes_back_whole() {
    use crate::records::fields::entry as field;
    let phone = Phone::new(1);
    let (bean, maths) = (phone.learner("Bean").id, phone.client.subjects().add("Maths", "").unwrap().id);
    let learners = vec![LearnerLine { learner: bean, line: "short".into() }];
    let pond = phone.create(EntryDraft { learners, subjects: vec![maths], ..draft("Pond") });
    let (long, line) = ("a".repeat(40_000), "b".repeat(6_000));
    let context = phone.context();
    context
        .edit(|tx| {
            let mut doc = tx.load(pond.id, Kind::Entry, "entry")?.doc;
            doc.edit_text(field::NOTE, None, &format!("{long}{long}"), &tx.stamper)?;
            doc.put(field::LEARNERS, records::Key::id(bean), records::Value::Text(line.clone()), &tx.stamper);
            for n in 0..120 {
                let tag = records::Key::text(format!("tag {n}"));
                doc.put(field::TAGS, tag, records::Value::Bool(true), &tx.stamper);
            }
            tx.save(pond.id, &doc)
        })
        .unwrap();
    let (_dir, path) = export(&phone);
    let other = Phone::new(2);
    assert_eq!(other.client.imports().preview_record(&path).unwrap().problems, []);
    assert_eq!(import(&other, &path, &[]).unwrap().problems, []);
    let [here, there] = [&phone, &other].map(|phone| phone.client.entries().get(pond.id).unwrap());
    assert_eq!((here.note.len(), here.tags.len()), (80_000, 120));
    assert_eq!(here, there);
}
