//! What holds for every small kind: fields come back as they were written, and two phones that edit lose nothing.

mod naive;
pub(crate) mod samples;

use super::{Field, Item, Look, field};
use crate::days::DayMark;
use crate::entries::TimelineQuery;
use crate::entries::tests::Phone;
use crate::error::Error;
use crate::filters::SavedFilter;
use crate::goals::{Goal, GoalState};
use crate::host::Presence;
use crate::ids::LearnerId;
use crate::letters::Letter;
use crate::plans::Plan;
use crate::private::{Assessment, NeedsNote};
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::{Form, Reading};
use crate::records::{Document, Kind, Stamper, Value, shown_in};
use crate::reminders::Reminder;
use crate::reports::Report;
use crate::skills::Skill;
use crate::targets::Target;
use crate::templates::Template;
use crate::trips::Trip;
use samples::Sample;
use std::collections::BTreeSet;

/// Runs a test for every kind.
macro_rules! of_every_kind {
    ($test:ident $(, $with:expr)?) => {
        $test::<Reading>($($with)?);
        $test::<Goal>($($with)?);
        $test::<Plan>($($with)?);
        $test::<DayMark>($($with)?);
        $test::<Provider>($($with)?);
        $test::<Trip>($($with)?);
        $test::<Qualification>($($with)?);
        $test::<Letter>($($with)?);
        $test::<Report>($($with)?);
        $test::<Template>($($with)?);
        $test::<SavedFilter>($($with)?);
        $test::<Target>($($with)?);
        $test::<Skill>($($with)?);
        $test::<Reminder>($($with)?);
        $test::<NeedsNote>($($with)?);
        $test::<Assessment>($($with)?);
    };
}

mod given;

fn stamper(device_no: u32) -> Stamper {
    Stamper { now_ms: 1_000_000, device_no, text_client: u64::from(device_no) }
}

fn document<T: Item>(item: &T) -> Document {
    let mut doc = Document::new(T::KIND);
    for field in item.fields().unwrap() {
        field::write(&mut doc, None, field, &stamper(1)).unwrap();
    }
    doc
}

const fn number(field: &Field) -> u32 {
    match field {
        Field::One(number, _)
        | Field::Text(number, ..)
        | Field::Each(number, _)
        | Field::Few(number, ..)
        | Field::Id(number, ..)
        | Field::Ids(number, ..) => *number,
    }
}

#[test]
fn what_was_typed_comes_back_field_by_field() {
    fn of<T: Sample>() {
        let [one, two] = T::samples();
        for item in [&one, &two] {
            assert_eq!(T::read(&document(item)), *item);
        }
        let (one, two) = (one.fields().unwrap(), two.fields().unwrap());
        let numbers: BTreeSet<u32> = one.iter().map(number).collect();
        assert_eq!(numbers.len(), one.len(), "{}: a number stands twice", T::NAME);
        assert!(!numbers.contains(&super::RECORDED_AT));
        for (one, two) in one.iter().zip(&two) {
            assert_eq!(number(one), number(two), "{}", T::NAME);
            assert_ne!(one, two, "{}: both samples hold the same", T::NAME);
        }
    }
    of_every_kind!(of);
}

#[test]
fn every_kind_that_people_see_is_among_them() {
    let mut held: BTreeSet<u16> = [Kind::Learner, Kind::Entry, Kind::Subject].map(u16::from).into();
    fn of<T: Sample>(held: &mut BTreeSet<u16>) {
        held.insert(u16::from(T::KIND));
    }
    of_every_kind!(of, &mut held);
    let shown: BTreeSet<u16> = (0..=u16::MAX).filter(|kind| shown_in(*kind).is_some()).collect();
    assert_eq!(held, shown, "entries/tests holds learners, subjects and entries, this file everything else");
}

#[test]
fn two_phones_that_edit_any_two_fields_of_any_kind_offline_lose_nothing() {
    fn of<T: Sample>() {
        let [one, two] = T::samples();
        let (before, after) = (one.fields().unwrap(), two.fields().unwrap());
        for alone in 0..after.len() {
            let (mut mum, mut dad) = (document(&one), document(&one));
            for (at, (was, now)) in before.iter().zip(&after).enumerate() {
                let (doc, stamper) =
                    if at == alone { (&mut mum, stamper(1)) } else { (&mut dad, stamper(2)) };
                assert!(field::write(doc, Some(was), now.clone(), &stamper).unwrap());
            }
            let mut other_way = dad.clone();
            other_way.merge(&mum).unwrap();
            mum.merge(&dad).unwrap();
            assert_eq!(T::read(&mum), two, "{} {alone}", T::NAME);
            assert_eq!(T::read(&other_way), two, "{} {alone}", T::NAME);
        }
    }
    of_every_kind!(of);
}

#[test]
fn a_field_of_a_newer_app_is_carried_bit_by_bit_through_an_edit_of_every_kind() {
    fn of<T: Sample>() {
        let [one, two] = T::samples();
        let mut doc = document(&one);
        let newer = Value::Other(vec![0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
        doc.set(90_001, newer.clone(), &stamper(3));
        for (was, now) in one.fields().unwrap().iter().zip(two.fields().unwrap()) {
            field::write(&mut doc, Some(was), now, &stamper(1)).unwrap();
        }
        let kept = Document::decode(&doc.encode()).unwrap();
        assert_eq!((kept.register(90_001), T::read(&kept)), (Some(&newer), two), "{}", T::NAME);
    }
    of_every_kind!(of);
}

#[test]
fn a_field_and_a_choice_of_a_newer_app_stay_as_they_are() {
    let [one, _] = Reading::samples();
    let mut doc = document(&one);
    doc.set(3, Value::Int(77), &stamper(3));
    doc.set(900, Value::Text("newer".into()), &stamper(3));
    let seen = Reading::read(&doc);
    assert_eq!(seen.form, Form::default(), "shown as the plainest choice");
    let retitled = Reading { title: "Willows".into(), ..seen.clone() };
    for (was, now) in seen.fields().unwrap().iter().zip(retitled.fields().unwrap()) {
        field::write(&mut doc, Some(was), now, &stamper(1)).unwrap();
    }
    assert_eq!(
        (doc.string(1).as_str(), doc.int(3), doc.string(900).as_str()),
        ("Willows", Some(77), "newer")
    );
}

#[test]
fn a_shelf_keeps_lists_and_throws_away() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog"), phone.learner("Otter"));
    let shelf = phone.client.shelf::<Reading>();
    let book = |title: &str, finished: Option<&str>, learners: &[LearnerId]| Reading {
        title: title.into(),
        finished_on: finished.map(str::to_owned),
        learners: learners.to_vec(),
        ..Reading::default()
    };
    let willows = shelf.add(&book("Willows", Some("2026-03-09"), &[hedgehog.id])).unwrap();
    let rivers = shelf.add(&book("Rivers", Some("2026-04-01"), &[])).unwrap();
    let owls = shelf.add(&book("Owls", None, &[otter.id])).unwrap();
    let titles = |look: &Look| -> Vec<String> {
        shelf.list(look).unwrap().into_iter().map(|kept| kept.item.title).collect()
    };
    assert_eq!(titles(&Look::default()), ["Rivers", "Willows", "Owls"]);
    let of = |learner| Look { learner: Some(learner), ..Look::default() };
    assert_eq!(titles(&of(otter.id)), ["Rivers", "Owls"], "what is nobody's is everybody's");
    let march =
        Look { first_day: Some("2026-03-01".into()), last_day: Some("2026-03-31".into()), ..Look::default() };
    assert_eq!(titles(&march), ["Willows"]);
    let early = Look { last_day: Some("2026-03-31".into()), ..Look::default() };
    assert_eq!(titles(&early), ["Willows"], "what has no day is in no span of days");

    // Another phone gave a rating meanwhile: an editor that began before keeps it.
    let rated = Reading { rating: Some(4), ..willows.item.clone() };
    shelf.save(willows.id, &willows.item, &rated).unwrap();
    let retitled = Reading { title: "The Wind in the Willows".into(), ..willows.item.clone() };
    let now = shelf.save(willows.id, &willows.item, &retitled).unwrap();
    assert_eq!((now.item.rating, now.item.title.as_str()), (Some(4), "The Wind in the Willows"));
    assert_eq!(now.recorded_at, willows.recorded_at);

    shelf.trash(rivers.id).unwrap();
    assert_eq!(titles(&Look::default()), ["The Wind in the Willows", "Owls"]);
    assert_eq!(titles(&Look { trashed: true, ..Look::default() }), ["Rivers"]);
    let refused = shelf.save(rivers.id, &rivers.item, &rivers.item).unwrap_err();
    assert_eq!(refused, Error::invalid("this book is in the trash: restore it first"));
    shelf.restore(rivers.id).unwrap();
    assert_eq!(shelf.get(rivers.id).unwrap(), rivers);
    assert_eq!(
        phone.client.shelf::<Goal>().get(crate::ids::GoalId(owls.id.0)).unwrap_err(),
        Error::NotFound("goal")
    );
}

#[test]
fn what_cannot_be_kept_is_named_and_nothing_is_half_written() {
    let phone = Phone::new(1);
    let shelf = phone.client.shelf::<Goal>();
    let goal = Goal { title: "Swim".into(), ..Goal::default() };
    for (wrong, why) in [
        (Goal::default(), "the goal is empty: type one"),
        (
            Goal { note: "x".repeat(70_000), ..goal.clone() },
            "the note is longer than 64 KiB, some 60,000 letters: shorten it",
        ),
        (
            Goal { target_on: Some("2026-02-30".into()), ..goal.clone() },
            "the day it is meant for must be a date such as 2026-05-03, between 1900 and 2199",
        ),
    ] {
        assert_eq!(shelf.add(&wrong).unwrap_err().to_string(), why);
    }
    let unknown = Goal { learners: vec![LearnerId([9; 16])], ..goal.clone() };
    assert_eq!(shelf.add(&unknown).unwrap_err(), Error::NotFound("learner"));
    assert_eq!(shelf.list(&Look::default()).unwrap(), []);
    let kept = shelf.add(&goal).unwrap();
    let done = Goal { state: GoalState::Done, title: String::new(), ..goal.clone() };
    shelf.save(kept.id, &goal, &done).unwrap_err();
    assert_eq!(shelf.get(kept.id).unwrap(), kept);
}

#[test]
fn needs_notes_and_assessments_take_a_lock_prompt_and_are_in_no_other_list_or_search() {
    struct Shown(bool);
    impl Presence for Shown {
        fn confirm(&self) -> crate::Result<bool> {
            Ok(self.0)
        }
    }
    let phone = Phone::new(1);
    assert_eq!(phone.client.private(&Shown(false)).unwrap_err(), Error::Cancelled);
    let private = phone.client.private(&Shown(true)).unwrap();
    let note =
        NeedsNote { text: "Large print helps.".into(), day: "2026-03-01".into(), ..NeedsNote::default() };
    let kept = private.needs().add(&note).unwrap();
    assert_eq!(private.needs().list(&Look::default()).unwrap(), [kept]);
    let [result, _] = Assessment::samples();
    private.assessments().add(&Assessment { learners: vec![], subject: None, ..result }).unwrap();
    let all = TimelineQuery { include_drafts: true, ..TimelineQuery::default() };
    assert_eq!(phone.client.entries().search("large", &all).unwrap(), []);
    assert_eq!(phone.client.entries().timeline(&all).unwrap().entries, []);
    assert_eq!(phone.client.shelf::<Goal>().list(&Look::default()).unwrap(), []);
    let context = &private.context;
    let rows = |table: &str| -> i64 {
        let count = format!("SELECT count(*) FROM {table}");
        context.storage.read(|tx| Ok(tx.query_row(&count, [], |row| row.get(0))?)).unwrap()
    };
    assert_eq!(
        [rows("shelf"), rows("shelf_learner"), rows("entry_text"), rows("private_shelf")],
        [0, 0, 0, 2]
    );
}
