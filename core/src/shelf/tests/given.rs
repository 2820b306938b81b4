//! What may be given to every small kind: what is there, and as much as the record holds already.

use super::samples::Sample;
use super::*;
use crate::context::Edit;
use crate::entries::tests::draft;
use crate::ids::{GoalId, RecordId};
use crate::records::{self, Key};
use crate::shelf::Shelf;
use crate::storage::Transaction;

#[test]
fn an_id_that_nobody_has_or_that_is_of_something_else_is_refused_by_every_kind() {
    fn of<T: Sample>() {
        let [one, _] = T::samples();
        let named = one.fields().unwrap().iter().find_map(|field| match field {
            Field::Id(_, Some(_), what) | Field::Ids(_, _, _, what) => Some(what.name),
            _ => None,
        });
        let Some(named) = named else { return };
        let phone = Phone::new(1);
        let shelf = Shelf::<T>::new(phone.context());
        assert_eq!(shelf.add(&one).err(), Some(Error::NotFound(named)), "{}", T::NAME);
        // Everything that the samples name is there, but as something that none of them names.
        let others = |tx: &mut Edit<'_>| {
            (0..=255).try_for_each(|byte| tx.save(RecordId([byte; 16]), &Document::new(Kind::Skill)))
        };
        phone.context().edit(others).unwrap();
        assert_eq!(shelf.add(&one).err(), Some(Error::NotFound(named)), "{}", T::NAME);
    }
    of_every_kind!(of);
}

#[test]
fn what_another_phone_filled_beyond_what_is_taken_here_can_still_be_edited() {
    let phone = Phone::new(1);
    let shelf = phone.client.shelf::<Goal>();
    let goal = shelf.add(&Goal { title: "Swim".into(), ..Goal::default() }).unwrap();
    let theirs = |tx: &mut Edit<'_>| {
        let mut doc = tx.load(goal.id, Kind::Goal, "goal")?.doc;
        let stamper = Stamper { now_ms: tx.now_ms(), ..stamper(9) };
        doc.set(1, Value::Text("x".repeat(300)), &stamper);
        for byte in 0..130 {
            doc.put(8, Key::id([byte; 16]), Value::Bool(true), &stamper);
        }
        tx.save(goal.id, &doc)
    };
    phone.context().edit(theirs).unwrap();
    let seen = shelf.get(goal.id).unwrap().item;
    let titled = Goal { title: "Swim far".into(), evidence: seen.evidence[1..].to_vec(), ..seen.clone() };
    let kept = shelf.save(goal.id, &seen, &titled).unwrap().item;
    assert_eq!((kept.title.as_str(), kept.evidence.len()), ("Swim far", 129));
    let entries = [1, 2].map(|_| phone.create(draft("Pond", "2026-05-03")).id);
    let more = |some: &[_]| Goal { evidence: [&kept.evidence, some].concat(), ..kept.clone() };
    let refused = shelf.save(goal.id, &kept, &more(&entries[..1])).unwrap_err();
    assert_eq!(refused, Error::invalid("entries: 100 at most"));
    let swapped = Goal { evidence: more(&entries[..1]).evidence[1..].to_vec(), ..kept.clone() };
    assert_eq!(shelf.save(goal.id, &kept, &swapped).unwrap().item.evidence.len(), 129);
}

#[test]
fn what_names_a_learner_who_stays_on_this_phone_stays_too() {
    let phone = Phone::new(1);
    let (here, shared) = (phone.learner("Otter").id, phone.learner("Hedgehog").id);
    let leave = |tx: &Transaction<'_>| records::leave(tx, here.into());
    phone.context().storage.write(leave).unwrap();
    let goal = |learners: &[LearnerId]| Goal {
        title: "Swim".into(),
        learners: learners.to_vec(),
        ..Goal::default()
    };
    let shelf = phone.client.shelf::<Goal>();
    let is_local = |id: GoalId| phone.context().storage.read(|tx| records::is_local(tx, id.into())).unwrap();
    let stays = shelf.add(&goal(&[shared, here])).unwrap();
    assert!(is_local(stays.id));
    let goes = shelf.add(&goal(&[shared])).unwrap();
    assert!(!is_local(goes.id));
    let named = shelf.save(goes.id, &goes.item, &goal(&[shared, here]));
    assert!(matches!(named, Err(Error::InvalidInput(_))), "what is shared already names nobody who stays");
    assert!(shelf.save(stays.id, &stays.item, &goal(&[here])).is_ok());
}

#[test]
fn days_that_are_given_in_the_wrong_order_are_refused_and_those_that_two_phones_made_so_can_be_edited() {
    fn refused<T: Item>(phone: &Phone, item: &T) {
        let shelf = Shelf::<T>::new(phone.context());
        assert_eq!(
            shelf.add(item).map(drop),
            Err(Error::invalid(format!(
                "this {} ends before it begins: change one of its two days",
                T::NAME
            )))
        );
    }
    let phone = Phone::new(1);
    let (first, last) = (Some("2026-05-04".to_owned()), Some("2026-05-03".to_owned()));
    let [day, title] = ["2026-05-04", "Sea"].map(str::to_owned);
    refused(
        &phone,
        &Reading {
            title: title.clone(),
            started_on: first.clone(),
            finished_on: last.clone(),
            ..Reading::default()
        },
    );
    refused(
        &phone,
        &Trip { title: title.clone(), first_day: day.clone(), last_day: last.clone(), ..Trip::default() },
    );
    refused(&phone, &Target { first_day: day.clone(), last_day: last.clone(), ..Target::default() });
    refused(
        &phone,
        &Provider { name: title.clone(), since: first.clone(), until: last.clone(), ..Provider::default() },
    );
    refused(
        &phone,
        &SavedFilter {
            name: title.clone(),
            first_day: first.clone(),
            last_day: last.clone(),
            ..SavedFilter::default()
        },
    );
    refused(
        &phone,
        &Template { name: title.clone(), first_day: first, last_day: last.clone(), ..Template::default() },
    );
    refused(&phone, &DayMark { first_day: day.clone(), last_day: last, ..DayMark::default() });

    let shelf = phone.client.shelf::<Trip>();
    let to = |last: &str| Trip {
        title: title.clone(),
        first_day: day.clone(),
        last_day: Some(last.into()),
        ..Trip::default()
    };
    let trip = shelf.add(&to("2026-05-08")).unwrap();
    assert!(shelf.save(trip.id, &trip.item, &to("2026-05-03")).is_err());
    let theirs = |tx: &mut Edit<'_>| {
        let mut doc = tx.load(trip.id, Kind::Trip, "trip")?.doc;
        doc.set(4, Value::Text("2026-05-01".into()), &tx.stamper);
        tx.save(trip.id, &doc)
    };
    phone.context().edit(theirs).unwrap();
    let base = shelf.get(trip.id).unwrap().item;
    let renamed = Trip { title: "The sea".into(), ..base.clone() };
    assert_eq!(shelf.save(trip.id, &base, &renamed).unwrap().item, renamed);
}

#[test]
fn a_letter_does_not_answer_itself() {
    let phone = Phone::new(1);
    let shelf = phone.client.shelf::<Letter>();
    let letter = Letter { party: "The council".into(), day: "2026-05-04".into(), ..Letter::default() };
    let kept = shelf.add(&letter).unwrap();
    let own = Letter { answered_by: Some(kept.id), ..letter.clone() };
    assert!(matches!(shelf.save(kept.id, &letter, &own), Err(Error::InvalidInput(_))));
}

#[test]
fn a_part_that_is_more_than_the_whole_and_a_website_that_is_none_are_refused() {
    let phone = Phone::new(1);
    let targets = phone.client.shelf::<Target>();
    let hours = |all, core, home| Target {
        first_day: "2025-09-01".into(),
        minutes: all,
        core_minutes: core,
        core_home_minutes: home,
        ..Target::default()
    };
    for wrong in
        [hours(Some(600), Some(601), None), hours(None, Some(60), Some(61)), hours(Some(60), None, Some(61))]
    {
        assert!(matches!(targets.add(&wrong), Err(Error::InvalidInput(_))));
    }
    targets.add(&hours(Some(60_000), Some(36_000), Some(24_000))).unwrap();
    let providers = phone.client.shelf::<Provider>();
    let with =
        |website: &str| Provider { name: "Club".into(), website: website.into(), ..Provider::default() };
    for wrong in ["javascript:alert(1)", "file:///etc", "Data:text/html,x"] {
        assert!(matches!(providers.add(&with(wrong)), Err(Error::InvalidInput(_))), "{wrong}");
    }
    for right in
        ["", "club.example", "https://club.example", "http://club.example:8080/a:b", "club.example:8080"]
    {
        providers.add(&with(right)).unwrap();
    }
}
