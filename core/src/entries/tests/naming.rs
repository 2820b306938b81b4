//! Whom and what an entry names: what is newly given must be there, what it names already may be gone since.

use super::*;
use crate::error::Error;
use crate::goals::Goal;
use crate::ids::ProviderId;
use crate::providers::Provider;
use crate::records::{Key, Stamper};

/// Another phone writes into an entry.
fn written_there(phone: &Phone, entry: EntryId, write: impl FnOnce(&mut Document, &Stamper)) {
    let theirs = |tx: &mut Edit<'_>| {
        tx.is_no_step();
        let mut doc = tx.load(entry, Kind::Entry, "entry")?.doc;
        write(&mut doc, &Stamper { now_ms: tx.now_ms(), device_no: 9, text_client: 9 });
        tx.save(entry, &doc)
    };
    phone.context().edit(theirs).unwrap();
}

fn with(learners: &[LearnerLine]) -> EntryEdit {
    EntryEdit { learners: Some(learners.to_vec()), ..EntryEdit::default() }
}

#[test]
fn an_entry_takes_nobody_who_is_gone_and_keeps_whom_it_names_already() {
    let phone = Phone::new(1);
    let (entries, learners) = (phone.client.entries(), phone.client.learners());
    let [otter, bean, mole] = ["Otter", "Bean", "Mole"].map(|name| phone.learner(name).id);
    let entry =
        phone.create(EntryDraft { learners: vec![line(otter, "Net.")], ..draft("Pond", "2026-05-03") });
    learners.merge(bean, otter).unwrap();
    learners.remove(mole).unwrap();
    let nobody = LearnerId([9; 16]);
    for gone in [bean, mole, nobody] {
        let asked = EntryDraft { learners: vec![line(gone, "")], ..draft("Sea", "2026-05-03") };
        assert_eq!(entries.create(asked), Err(Error::NotFound("learner")));
        let edit = with(&[line(otter, "Net."), line(gone, "")]);
        assert_eq!(entries.update(entry.id, edit), Err(Error::NotFound("learner")));
    }
    written_there(&phone, entry.id, |doc, theirs| {
        assert!(doc.put(fields::entry::LEARNERS, Key::id(nobody), Value::Text("Theirs.".into()), theirs));
    });
    let base = entries.get(entry.id).unwrap();
    let now = [line(nobody, "Theirs still."), line(otter, "Held the net.")];
    let edited = entries.update(entry.id, EntryEdit { base: Some(base.clone()), ..with(&now) }).unwrap();
    assert_eq!(edited.learners.len(), 2);
    // The editor began with somebody whom another phone took out since, and who has gone for good.
    written_there(&phone, entry.id, |doc, theirs| {
        assert!(doc.remove(fields::entry::LEARNERS, &Key::id(nobody), theirs));
    });
    let kept = entries.update(entry.id, EntryEdit { base: Some(edited.clone()), ..with(&now) }).unwrap();
    assert_eq!(kept.learners, [line(otter, "Held the net.")], "what is not touched stays taken out");
}

#[test]
fn an_entry_takes_no_subject_or_provider_that_is_nowhere_in_the_trash_or_something_else() {
    let phone = Phone::new(1);
    let entries = phone.client.entries();
    let goal = phone.client.shelf::<Goal>().add(&Goal { title: "Swim".into(), ..Goal::default() }).unwrap();
    let providers = phone.client.shelf::<Provider>();
    let club = providers.add(&Provider { name: "Club".into(), ..Provider::default() }).unwrap();
    let gone = providers.add(&Provider { name: "Tutor".into(), ..Provider::default() }).unwrap();
    providers.trash(gone.id).unwrap();
    let maths = phone.client.subjects().add("Maths", "").unwrap().id;
    phone.client.subjects().remove(maths).unwrap();
    let by = |provider| Taught { provider: Some(provider), ..Taught::default() };
    for id in [ProviderId([9; 16]), ProviderId(goal.id.0), gone.id] {
        let asked = EntryDraft { taught: by(id), ..draft("Pond", "2026-05-03") };
        assert_eq!(entries.create(asked), Err(Error::NotFound("provider")));
    }
    for id in [SubjectId([9; 16]), SubjectId(goal.id.0), maths] {
        let asked = EntryDraft { subjects: vec![id], ..draft("Pond", "2026-05-03") };
        assert_eq!(entries.create(asked), Err(Error::NotFound("subject")));
    }
    assert_eq!(entries.count().unwrap(), 0);
    let entry = phone.create(EntryDraft { taught: by(club.id), ..draft("Pond", "2026-05-03") });
    providers.trash(club.id).unwrap();
    let elsewhere = Taught { place: Some(Place::Away), ..by(club.id) };
    let edit = EntryEdit { taught: Some(elsewhere.clone()), ..EntryEdit::default() };
    assert_eq!(entries.update(entry.id, edit).unwrap().taught, elsewhere, "it was named before it went");
}

#[test]
fn an_entry_that_two_phones_gave_more_tags_than_one_may_can_still_be_edited() {
    let phone = Phone::new(1);
    let entry = phone.create(draft("Pond", "2026-05-03"));
    written_there(&phone, entry.id, |doc, theirs| {
        for nth in 0..130 {
            assert!(doc.put(fields::entry::TAGS, Key::text(format!("tag {nth}")), Value::Bool(true), theirs));
        }
    });
    let base = phone.client.entries().get(entry.id).unwrap();
    let save = |tags: Vec<String>| {
        let edit = EntryEdit { base: Some(base.clone()), tags: Some(tags), ..EntryEdit::default() };
        phone.client.entries().update(entry.id, edit)
    };
    let one_more = [base.tags.clone(), vec!["sea".into()]].concat();
    assert!(matches!(save(one_more.clone()), Err(Error::InvalidInput(_))));
    let another = one_more[1..].to_vec();
    assert_eq!(save(another).unwrap().tags.len(), 130);
}

#[test]
fn what_the_family_shares_is_given_nobody_who_stays_on_this_phone() {
    let phone = Phone::new(1);
    let [here, shared] = ["Otter", "Mole"].map(|name| phone.learner(name).id);
    phone.context().storage.write(|tx| records::leave(tx, here.into())).unwrap();
    let is_local = |id: EntryId| phone.context().storage.read(|tx| records::is_local(tx, id.into())).unwrap();
    let entry = phone.create(EntryDraft { learners: vec![line(shared, "")], ..draft("Pond", "2026-05-03") });
    let named = phone.client.entries().update(entry.id, with(&[line(shared, ""), line(here, "")]));
    assert!(named.unwrap_err().to_string().contains("this entry is shared with the family"));
    let own = phone.create(EntryDraft { learners: vec![line(here, "")], ..draft("Sea", "2026-05-03") });
    assert!(is_local(own.id) && !is_local(entry.id));
    let evidence = |entry| Goal { title: "Swim".into(), evidence: vec![entry], ..Goal::default() };
    let goals = phone.client.shelf::<Goal>();
    let goal = goals.add(&evidence(entry.id)).unwrap();
    let refused = goals.save(goal.id, &goal.item, &evidence(own.id)).unwrap_err();
    assert!(refused.to_string().contains("this goal is shared with the family"));
    let merged = phone.client.learners().merge(shared, here);
    assert!(merged.unwrap_err().to_string().contains("the other way round"));
    phone.client.learners().merge(here, shared).unwrap();
}

#[test]
fn a_plan_of_the_whole_family_becomes_an_entry_of_those_whom_it_shares() {
    let phone = Phone::new(1);
    let [here, shared] = ["Otter", "Mole"].map(|name| phone.learner(name).id);
    phone.context().storage.write(|tx| records::leave(tx, here.into())).unwrap();
    let plan =
        crate::plans::Plan { title: "Pond".into(), week_of: "2026-05-03".into(), ..Default::default() };
    let plan = phone.client.shelf().add(&plan).unwrap();
    let done = phone.client.capture().do_plan(plan.id, "2026-05-03").unwrap();
    assert_eq!(done.learners, [line(shared, "")]);
}
