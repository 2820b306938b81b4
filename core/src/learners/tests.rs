//! What a learner's leaving promises.

use super::*;
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{Entry, EntryDraft, EntryEdit, TimelineQuery};
use crate::error::Error;
use crate::goals::Goal;
use crate::ids::EntryId;
use crate::private::NeedsNote;
use crate::records::{self, Key, Stamper, fields::entry};
use crate::shelf::{Kept, Look, Shelf};
use crate::templates::Template;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that somebody can see.
#[derive(Debug, PartialEq)]
struct Record {
    learners: Vec<Learner>,
    entries: Vec<Entry>,
    goals: Vec<Kept<Goal>>,
    needs: Vec<Kept<NeedsNote>>,
}

fn record(phone: &Phone) -> Record {
    let query = TimelineQuery { include_drafts: true, limit: 500, ..TimelineQuery::default() };
    Record {
        learners: phone.client.learners().list().unwrap(),
        entries: phone.client.entries().timeline(&query).unwrap().entries,
        goals: phone.client.shelf().list(&Look::default()).unwrap(),
        needs: Shelf::new(phone.context()).list(&Look::default()).unwrap(),
    }
}

fn entry_of(phone: &Phone, title: &str, learners: &[(LearnerId, &str)]) -> EntryId {
    let learners = learners.iter().map(|(id, text)| line(*id, text)).collect();
    phone.create(EntryDraft { learners, ..draft(title, "2026-05-03") }).id
}

fn goal(phone: &Phone, learners: &[LearnerId]) {
    let goal = Goal { title: "Swim".into(), learners: learners.to_vec(), ..Goal::default() };
    phone.client.shelf().add(&goal).unwrap();
}

#[test]
fn what_comes_back_for_a_learner_goes_and_comes_back_with_them() {
    let phone = Phone::new(1);
    let ann = phone.learner("Ann").id;
    let templates = Shelf::<Template>::new(phone.context());
    templates.add(&Template { name: "Swimming".into(), learners: vec![ann], ..Template::default() }).unwrap();
    let learners = phone.client.learners();
    assert_eq!(learners.leaving(ann).unwrap().items, 1);
    learners.remove(ann).unwrap();
    assert_eq!(templates.list(&Look::default()).unwrap().len(), 0);
    learners.restore(ann).unwrap();
    assert_eq!(templates.list(&Look::default()).unwrap().len(), 1);
}

#[test]
fn learners_are_put_in_order_in_one_step_and_who_is_not_named_comes_after() {
    let phone = Phone::new(1);
    let learners = phone.client.learners();
    let ids = ["Ann", "Ben", "Cat"].map(|nickname| phone.learner(nickname).id);
    let names = || learners.list().unwrap().into_iter().map(|one| one.nickname).collect::<Vec<_>>();
    learners.reorder(&[ids[2]]).unwrap();
    assert_eq!(names(), ["Cat", "Ann", "Ben"]);
    phone.client.undo().undo().unwrap();
    assert_eq!(names(), ["Ann", "Ben", "Cat"]);
    learners.remove(ids[0]).unwrap();
    assert!(matches!(learners.reorder(&ids), Err(Error::NotFound(_))));
    assert_eq!(names(), ["Ben", "Cat"]);
}

#[test]
fn removing_says_first_what_goes_takes_only_what_is_theirs_and_gives_all_of_it_back() {
    let phone = Phone::new(1);
    let (otter, mole) = (phone.learner("Otter"), phone.learner("Mole"));
    let learners = phone.client.learners();
    let alone = entry_of(&phone, "Alone", &[(otter.id, "His.")]);
    let shared = entry_of(&phone, "Shared", &[(otter.id, "Held the net."), (mole.id, "Fell in.")]);
    let thrown = entry_of(&phone, "Thrown away before", &[(otter.id, "")]);
    phone.client.entries().trash(thrown).unwrap();
    entry_of(&phone, "Mole's", &[(mole.id, "")]);
    goal(&phone, &[otter.id]);
    goal(&phone, &[otter.id, mole.id]);
    goal(&phone, &[]);
    let needs = Shelf::<NeedsNote>::new(phone.context());
    needs
        .add(&NeedsNote { day: "2026-05-03".into(), learners: vec![otter.id], ..NeedsNote::default() })
        .unwrap();
    let before = record(&phone);
    let told = learners.leaving(otter.id).unwrap();
    let expected = Leaving { entries: 1, shared_entries: 1, items: 1, shared_items: 1, private: 1 };
    assert_eq!((told, record(&phone) == before), (expected, true));

    phone.clock.advance(60_000);
    learners.remove(otter.id).unwrap();
    let now = record(&phone);
    assert_eq!(now.learners, std::slice::from_ref(&mole));
    assert_eq!((now.entries.len(), now.goals.len(), now.needs.len()), (2, 2, 0));
    assert_eq!(phone.client.entries().get(shared).unwrap().learners, [line(mole.id, "Fell in.")]);
    assert!(phone.client.entries().get(alone).unwrap().trashed_at.is_some());
    assert_eq!(learners.leaving(otter.id), Err(Error::NotFound("learner")));
    let [gone] = learners.gone().unwrap().try_into().unwrap();
    assert_eq!((gone.id, gone.nickname.as_str(), gone.same_as), (otter.id, "Otter", None));

    phone.clock.advance(20 * 86_400_000);
    assert_eq!(learners.restore(otter.id).unwrap(), otter);
    assert_eq!(record(&phone), before);
    assert!(phone.client.entries().get(thrown).unwrap().trashed_at.is_some(), "that went by itself");
    assert_eq!(learners.restore(otter.id), Err(Error::NotFound("learner who is gone")));
    phone.client.undo().undo().unwrap();
    assert_eq!(record(&phone), now, "bringing back is a step like any other");
    phone.client.trash().restore(otter.id.into()).unwrap();
    assert_eq!(record(&phone), before, "from the trash as well");
}

#[test]
fn what_another_phone_writes_for_a_learner_who_is_being_removed_is_not_lost() {
    let phone = Phone::new(1);
    let (otter, mole) = (phone.learner("Otter"), phone.learner("Mole"));
    let alone = entry_of(&phone, "Alone", &[(otter.id, "")]);
    let shared = entry_of(&phone, "Shared", &[(otter.id, "Old."), (mole.id, "")]);
    let context = phone.context();
    let load = |id: EntryId| context.storage.read(|tx| records::load(tx, id)).unwrap().unwrap().doc;
    let (mut there, mut there_shared) = (load(alone), load(shared));
    phone.client.learners().remove(otter.id).unwrap();
    // The other phone has not heard of it.
    let theirs = Stamper { now_ms: 1_790_000_000_000, device_no: 9, text_client: 9 };
    there.edit_text(entry::NOTE, None, "Newts!", &theirs).unwrap();
    there_shared.put(entry::LEARNERS, Key::id(otter.id), Value::Text("New.".into()), &theirs);
    for (id, theirs) in [(alone, there), (shared, there_shared)] {
        context
            .edit(|tx| {
                tx.is_no_step();
                let mut doc = records::load(tx.tx, id)?.unwrap().doc;
                doc.merge(&theirs)?;
                tx.save(id, &doc)
            })
            .unwrap();
    }
    let entries = phone.client.entries();
    let kept = entries.get(alone).unwrap();
    assert_eq!((kept.note.as_str(), kept.trashed_at), ("Newts!", None), "work is never thrown away unseen");
    assert_eq!(entries.get(shared).unwrap().learners.len(), 2);
    phone.client.learners().restore(otter.id).unwrap();
    let lines = entries.get(shared).unwrap().learners;
    assert!(lines.contains(&line(otter.id, "New.")), "the newer line stays");
}

#[test]
fn two_learners_who_are_one_become_one_and_two_again() {
    let phone = Phone::new(1);
    let (otter, same, mole) = (phone.learner("Otter"), phone.learner("otter"), phone.learner("Mole"));
    let learners = phone.client.learners();
    let both = entry_of(&phone, "Both", &[(otter.id, "Swam."), (same.id, "Dived."), (mole.id, "")]);
    let hers = entry_of(&phone, "Hers", &[(same.id, "Ran.")]);
    goal(&phone, &[same.id, mole.id]);
    let filter =
        crate::filters::SavedFilter { name: "Hers".into(), learner: Some(same.id), ..Default::default() };
    let filters = phone.client.shelf::<crate::filters::SavedFilter>();
    let filter = filters.add(&filter).unwrap();
    let before = record(&phone);
    assert!(learners.merge(otter.id, otter.id).unwrap_err().to_string().contains("choose another one"));
    learners.merge(same.id, otter.id).unwrap();
    let entries = phone.client.entries();
    assert_eq!(record(&phone).learners, [otter.clone(), mole.clone()]);
    let lines = entries.get(both).unwrap().learners;
    assert!(lines.len() == 2 && lines.contains(&line(otter.id, "Swam.\nDived.")), "{lines:?}");
    assert_eq!(entries.get(hers).unwrap().learners, [line(otter.id, "Ran.")]);
    assert_eq!(filters.get(filter.id).unwrap().item.learner, Some(otter.id));
    let query = TimelineQuery { learner: Some(otter.id), ..TimelineQuery::default() };
    assert_eq!(entries.timeline(&query).unwrap().entries.len(), 2);

    // A phone that has not heard of it writes for the one who is gone.
    let late = entry_of(&phone, "Late", &[(otter.id, "")]);
    let write_late = |id| {
        phone
            .context()
            .edit(|tx| {
                tx.is_no_step();
                let mut doc = records::load(tx.tx, late)?.unwrap().doc;
                doc.remove(entry::LEARNERS, &Key::id(otter.id), &tx.stamper);
                doc.put(entry::LEARNERS, Key::id(id), Value::Text("Late.".into()), &tx.stamper);
                tx.save(late, &doc)
            })
            .unwrap();
    };
    write_late(same.id);
    assert_eq!(learners.settle().unwrap(), 1);
    assert_eq!(learners.settle().unwrap(), 0, "once");
    assert_eq!(entries.get(late).unwrap().learners, [line(otter.id, "Late.")]);
    assert!(phone.client.trash().list().unwrap().is_empty(), "nobody was thrown away");

    learners.restore(same.id).unwrap();
    assert_eq!(entries.get(late).unwrap().learners, [line(same.id, "Late.")]);
    entries.trash(late).unwrap();
    assert_eq!(record(&phone), before);
    assert_eq!(filters.get(filter.id).unwrap().item.learner, Some(same.id));
}

#[test]
fn of_two_learners_said_to_be_each_other_one_stays_with_everything() {
    let phone = Phone::new(1);
    let (one, two) = (phone.learner("Otter"), phone.learner("Otter"));
    let learners = phone.client.learners();
    let entries = [entry_of(&phone, "One", &[(one.id, "")]), entry_of(&phone, "Two", &[(two.id, "")])];
    learners.merge(one.id, two.id).unwrap();
    // The other phone said the opposite at the same time.
    phone
        .context()
        .edit(|tx| {
            let mut doc = tx.load(two.id, Kind::Learner, "learner")?.doc;
            doc.set(field::MERGED_INTO, Value::Bytes(one.id.0.to_vec()), &tx.stamper);
            doc.set_trashed(true, &tx.stamper);
            tx.save(two.id, &doc)
        })
        .unwrap();
    assert!(learners.list().unwrap().is_empty());
    while learners.settle().unwrap() > 0 {}
    let stays = one.id.min(two.id);
    assert_eq!(learners.list().unwrap().iter().map(|learner| learner.id).collect::<Vec<_>>(), [stays]);
    for entry in entries {
        assert_eq!(phone.client.entries().get(entry).unwrap().learners, [line(stays, "")]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn removing_or_merging_anybody_and_bringing_them_back_gives_the_same_record(
        shapes in proptest::collection::vec(proptest::collection::btree_map(0..3usize, "[a-b ]{0,3}", 0..4), 1..10),
        goals in proptest::collection::vec(proptest::collection::btree_set(0..3usize, 0..4), 0..4),
        who in 0..3usize,
        into in proptest::option::of(0..3usize),
    ) {
        let phone = Phone::new(3);
        let all = ["Otter", "Mole", "Toad"].map(|name| phone.learner(name).id);
        for shape in &shapes {
            let lines: Vec<_> = shape.iter().map(|(nth, text)| (all[*nth], text.trim())).collect();
            let id = entry_of(&phone, "Day", &lines);
            if lines.len() == 2 {
                phone.client.entries().update(id, EntryEdit { starred: Some(true), ..EntryEdit::default() }).unwrap();
            }
        }
        for shape in &goals {
            goal(&phone, &shape.iter().map(|nth| all[*nth]).collect::<Vec<_>>());
        }
        let before = record(&phone);
        let learners = phone.client.learners();
        phone.clock.advance(1_000);
        match into.filter(|into| *into != who) {
            Some(into) => learners.merge(all[who], all[into]).unwrap(),
            None => learners.remove(all[who]).unwrap(),
        }
        prop_assert!(record(&phone).entries.iter().all(|entry| entry.learners.iter().all(|line| line.learner != all[who])));
        let gone = record(&phone);
        phone.clock.advance(86_400_000);
        learners.restore(all[who]).unwrap();
        prop_assert_eq!(record(&phone), before);
        phone.client.undo().undo().unwrap();
        prop_assert_eq!(record(&phone), gone);
    }
}

/// What is still so of a learner who is gone.
#[derive(Debug, Clone, Copy)]
enum Went {
    Away(usize),
    Into(usize, usize),
}

/// Whose a record is, and the words of each, when only these acts are in force.
fn in_force(shape: &BTreeMap<usize, String>, acts: &[Went]) -> BTreeMap<usize, BTreeSet<String>> {
    let mut whose: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (learner, line) in shape {
        let mut at = Some(*learner);
        while let Some(act) =
            acts.iter().find(|act| matches!(act, Went::Away(who) | Went::Into(who, _) if Some(*who) == at))
        {
            at = match act {
                Went::Away(_) => None,
                Went::Into(_, into) => Some(*into),
            };
        }
        if let Some(at) = at {
            whose
                .entry(at)
                .or_default()
                .extend(line.split('\n').filter(|line| !line.is_empty()).map(str::to_owned));
        }
    }
    whose
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn whoever_comes_back_first_the_record_is_as_if_the_others_alone_had_gone(
        shapes in proptest::collection::vec(proptest::collection::btree_map(0..4usize, "[a-c]{0,2}", 1..5), 1..8),
        acts in proptest::collection::vec((0..4usize, proptest::option::of(0..4usize), any::<bool>()), 1..10),
    ) {
        let phone = Phone::new(3);
        let all = ["Otter", "Mole", "Toad", "Vole"].map(|name| phone.learner(name).id);
        // Each line says whose it was.
        let said = |who: usize, text: &str| if text.is_empty() { String::new() } else { format!("{text}{who}") };
        let shapes: Vec<BTreeMap<usize, String>> =
            shapes.iter().map(|shape| shape.iter().map(|(who, text)| (*who, said(*who, text))).collect()).collect();
        let ids: Vec<_> = shapes
            .iter()
            .map(|shape| entry_of(&phone, "Day", &shape.iter().map(|(who, line)| (all[*who], line.as_str())).collect::<Vec<_>>()))
            .collect();
        let learners = phone.client.learners();
        let mut went: Vec<Went> = Vec::new();
        let gone = |went: &[Went], who: usize| went.iter().any(|act| matches!(act, Went::Away(one) | Went::Into(one, _) if *one == who));
        for (who, into, back) in acts {
            phone.clock.advance(1_000);
            if gone(&went, who) {
                if back {
                    learners.restore(all[who]).unwrap();
                    went.retain(|act| !matches!(act, Went::Away(one) | Went::Into(one, _) if *one == who));
                }
            } else if let Some(into) = into {
                if into == who || gone(&went, into) {
                    continue;
                }
                learners.merge(all[who], all[into]).unwrap();
                went.push(Went::Into(who, into));
            } else {
                learners.remove(all[who]).unwrap();
                went.push(Went::Away(who));
            }
            for (id, shape) in ids.iter().zip(&shapes) {
                let entry = phone.client.entries().get(*id).unwrap();
                let shown: BTreeMap<usize, BTreeSet<String>> = if entry.trashed_at.is_some() {
                    BTreeMap::new()
                } else {
                    entry.learners.iter().map(|line| {
                        let who = all.iter().position(|id| *id == line.learner).unwrap();
                        (who, line.line.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect())
                    }).collect()
                };
                prop_assert_eq!(shown, in_force(shape, &went), "{:?} of {:?}", went, shape);
            }
        }
    }
}
