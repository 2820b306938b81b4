//! Two phones that edit any two fields of a learner, a subject or an entry offline lose nothing. What holds for the small
//! kinds stands in `shelf/tests`.

use super::*;
use crate::ids::RecordId;
use crate::learners::{Scheme, Stage};
use crate::records::Stamper;
use crate::subjects::SubjectEdit;
use std::fmt::Debug;

/// One field's edit on a phone.
type FieldEdit = Box<dyn Fn(&Phone, RecordId)>;

fn doc(phone: &Phone, id: RecordId) -> Option<Document> {
    phone.context().storage.read(|tx| Ok(records::load(tx, id)?.map(|stored| stored.doc))).unwrap()
}

/// Brings what one phone has of a record to another, as a pull would.
fn carry(from: &Phone, to: &Phone, id: RecordId) {
    let theirs = doc(from, id).unwrap();
    let both = match doc(to, id) {
        Some(mut ours) => {
            ours.merge(&theirs).unwrap();
            ours
        }
        None => theirs,
    };
    to.context().edit(|tx| tx.save(id, &both)).unwrap();
}

/// Each edit alone on one phone and all others on the other, merged both ways, gives what all edits on one phone give.
/// A field of a newer app comes through bit by bit.
fn nothing_is_lost<T: PartialEq + Debug>(
    begin: impl Fn(&Phone) -> RecordId,
    edits: &[FieldEdit],
    read: impl Fn(&Phone, RecordId) -> T,
) {
    let newer = Value::Other(vec![0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
    let phones = || {
        let [mum, dad] = [1, 2].map(Phone::new);
        let id = begin(&mum);
        let mut begun = doc(&mum, id).unwrap();
        begun.set(90_001, newer.clone(), &Stamper { now_ms: 1, device_no: 9, text_client: 9 });
        mum.context().edit(|tx| tx.save(id, &begun)).unwrap();
        for any in mum.context().storage.read(records::all).unwrap() {
            carry(&mum, &dad, any);
        }
        assert_eq!(read(&mum, id), read(&dad, id));
        mum.clock.advance(1_000);
        dad.clock.advance(1_000);
        (mum, dad, id)
    };
    let (one, _, id) = phones();
    let before = read(&one, id);
    edits.iter().for_each(|edit| edit(&one, id));
    let all = read(&one, id);
    assert_ne!(before, all);
    for alone in 0..edits.len() {
        let (mum, dad, id) = phones();
        for (at, edit) in edits.iter().enumerate() {
            edit(if at == alone { &mum } else { &dad }, id);
        }
        assert_ne!(read(&mum, id), before, "edit {alone} changes something");
        assert_ne!(read(&mum, id), read(&dad, id));
        let before = doc(&mum, id).unwrap();
        carry(&dad, &mum, id);
        let mut other_way = doc(&dad, id).unwrap();
        other_way.merge(&before).unwrap();
        dad.context().edit(|tx| tx.save(id, &other_way)).unwrap();
        assert_eq!(read(&mum, id), all, "edit {alone}");
        assert_eq!(read(&dad, id), all, "edit {alone}");
        assert_eq!(doc(&mum, id).unwrap().register(90_001), Some(&newer), "edit {alone}");
    }
}

#[test]
fn two_phones_that_edit_any_two_fields_of_a_learner_offline_lose_nothing() {
    let edit = |edit: LearnerEdit| -> FieldEdit {
        Box::new(move |phone, id| {
            phone.client.learners().update(LearnerId(id.0), edit.clone()).unwrap();
        })
    };
    let stage: FieldEdit = Box::new(|phone, id| {
        let stage = Stage {
            scheme: Scheme::Uk,
            place: 3,
            on: "2026-09-01".into(),
            moves_up_on: Some("09-01".into()),
        };
        phone.client.learners().set_stage(LearnerId(id.0), Some(&stage)).unwrap();
    });
    let edits = [
        edit(LearnerEdit { nickname: Some("Otter".into()), ..LearnerEdit::default() }),
        edit(LearnerEdit { colour: Some("#336699".into()), ..LearnerEdit::default() }),
        edit(LearnerEdit { emoji: Some("🦦".into()), ..LearnerEdit::default() }),
        edit(LearnerEdit { order: Some(7), ..LearnerEdit::default() }),
        edit(LearnerEdit { archived: Some(true), ..LearnerEdit::default() }),
        stage,
    ];
    nothing_is_lost(
        |phone| phone.learner("Hedgehog").id.into(),
        &edits,
        |phone, id| phone.client.learners().get(LearnerId(id.0)).unwrap(),
    );
}

#[test]
fn two_phones_that_edit_any_two_fields_of_a_subject_offline_lose_nothing() {
    let edit = |edit: SubjectEdit| -> FieldEdit {
        Box::new(move |phone, id| {
            phone.client.subjects().update(SubjectId(id.0), edit.clone()).unwrap();
        })
    };
    let edits = [
        edit(SubjectEdit { name: Some("Mathematics".into()), ..SubjectEdit::default() }),
        edit(SubjectEdit { colour: Some("#336699".into()), ..SubjectEdit::default() }),
        edit(SubjectEdit { order: Some(7), ..SubjectEdit::default() }),
        edit(SubjectEdit { hidden: Some(true), ..SubjectEdit::default() }),
        edit(SubjectEdit { core: Some(true), ..SubjectEdit::default() }),
    ];
    nothing_is_lost(
        |phone| phone.client.subjects().add("Maths", "").unwrap().id.into(),
        &edits,
        |phone, id| phone.client.subjects().get(SubjectId(id.0)).unwrap(),
    );
}

#[test]
fn two_phones_that_edit_any_two_fields_of_an_entry_offline_lose_nothing() {
    let edit = |edit: fn(&Phone) -> EntryEdit| -> FieldEdit {
        Box::new(move |phone, id| {
            phone.client.entries().update(EntryId(id.0), edit(phone)).unwrap();
        })
    };
    let annotated = |change: fn(&mut Annotation)| -> FieldEdit {
        Box::new(move |phone, id| {
            let mut annotation = phone.client.entries().get(EntryId(id.0)).unwrap().annotation;
            change(&mut annotation);
            let edit = EntryEdit { annotation: Some(annotation), ..EntryEdit::default() };
            phone.client.entries().update(EntryId(id.0), edit).unwrap();
        })
    };
    let taught = |change: fn(&mut Taught)| -> FieldEdit {
        Box::new(move |phone, id| {
            let mut taught = phone.client.entries().get(EntryId(id.0)).unwrap().taught;
            change(&mut taught);
            let edit = EntryEdit { taught: Some(taught), ..EntryEdit::default() };
            phone.client.entries().update(EntryId(id.0), edit).unwrap();
        })
    };
    let edits = [
        edit(|_| EntryEdit { title: Some("Pond".into()), ..EntryEdit::default() }),
        edit(|_| EntryEdit { note: Some("Saw a heron.".into()), ..EntryEdit::default() }),
        edit(|_| EntryEdit { learned_on: Some("2026-05-04".into()), ..EntryEdit::default() }),
        edit(|_| EntryEdit { minutes: Some(45), ..EntryEdit::default() }),
        edit(|_| EntryEdit { on_record: Some(false), ..EntryEdit::default() }),
        edit(|_| EntryEdit { starred: Some(true), ..EntryEdit::default() }),
        edit(|phone| {
            let all = phone.client.learners().list().unwrap();
            let learners = all.iter().map(|one| line(one.id, "Held the net.")).collect();
            EntryEdit { learners: Some(learners), ..EntryEdit::default() }
        }),
        edit(|phone| {
            let all = phone.client.subjects().list().unwrap().iter().map(|one| one.id).collect();
            EntryEdit { subjects: Some(all), ..EntryEdit::default() }
        }),
        edit(|_| EntryEdit { tags: Some(vec!["walk".into()]), ..EntryEdit::default() }),
        annotated(|annotation| annotation.sample = true),
        annotated(|annotation| annotation.went = "Slowly at first.".into()),
        annotated(|annotation| annotation.shows = "Patience.".into()),
        annotated(|annotation| annotation.next = "The river.".into()),
        taught(|taught| taught.by = Some(TaughtBy::Alone)),
        taught(|taught| taught.place = Some(Place::Away)),
    ];
    let begin = |phone: &Phone| {
        let learners = ["Hedgehog", "Otter"].map(|name| phone.learner(name).id);
        phone.client.subjects().add("Science", "").unwrap();
        let learners = learners.map(|id| line(id, "")).to_vec();
        phone.create(EntryDraft { learners, ..draft("River", "2026-05-03") }).id.into()
    };
    nothing_is_lost(begin, &edits, |phone, id| phone.client.entries().get(EntryId(id.0)).unwrap());
}
