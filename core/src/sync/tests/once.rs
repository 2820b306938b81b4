//! What two phones confirm without hearing of each other, or take in from one file, is there once.

use super::*;
use crate::capture::CaptureClient;
use crate::entries::EntriesClient;
use crate::plans::Plan;
use crate::shelf::Shelf;
use crate::templates::Template;

async fn meet(phones: &[&Phone]) {
    for phone in phones.iter().chain(phones) {
        phone.sync().await;
    }
}

#[tokio::test]
async fn two_phones_that_confirm_one_proposal_offline_make_one_entry() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let template = Template {
        name: "Swimming".into(),
        note: "Lengths:".into(),
        minutes: Some(45),
        weekdays: Some(2),
        first_day: Some("2026-05-05".into()),
        ..Template::default()
    };
    let template = Shelf::<Template>::new(ann.context.clone()).add(&template).unwrap();
    let plan = Plan {
        title: "Map".into(),
        note: "Of the wood.".into(),
        week_of: "2026-05-04".into(),
        ..Plan::default()
    };
    let plan = Shelf::<Plan>::new(ann.context.clone()).add(&plan).unwrap();
    meet(&[&ann, &ben]).await;
    let mut made = Vec::new();
    for phone in [&ann, &ben] {
        let capture = CaptureClient::new(phone.context.clone());
        phone.clock.advance(i64::from(phone.no) * 60_000);
        let confirmed = capture.confirm(template.id, "2026-05-05").unwrap();
        let done = capture.do_plan(plan.id, "2026-05-06").unwrap();
        assert_ne!(confirmed.id, capture.confirm(template.id, "2026-05-12").unwrap().id);
        made.push((confirmed.id, done.id));
    }
    assert_eq!(made[0], made[1]);
    meet(&[&ann, &ben]).await;
    for phone in [&ann, &ben] {
        let entries = EntriesClient::new(phone.context.clone());
        assert_eq!(entries.count().unwrap(), 3);
        assert_eq!(entries.get(made[0].0).unwrap().note, "Lengths:", "one note, not two in a row");
        assert_eq!(entries.get(made[0].1).unwrap().note, "Of the wood.");
        assert_eq!(phone.dirty(), 0);
    }
    // Thrown away and done once more, it is another entry.
    let (entries, capture) =
        (EntriesClient::new(ann.context.clone()), CaptureClient::new(ann.context.clone()));
    entries.trash(made[0].1).unwrap();
    assert_ne!(capture.do_plan(plan.id, "2026-05-06").unwrap().id, made[0].1);
}

#[tokio::test]
async fn who_changed_the_note_before_confirming_loses_none_of_it() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    let plan = Plan { title: "Map".into(), week_of: "2026-05-04".into(), ..Plan::default() };
    let shelf = |phone: &Phone| Shelf::<Plan>::new(phone.context.clone());
    let plan = shelf(&ann).add(&plan).unwrap();
    meet(&[&ann, &ben]).await;
    let mut done = Vec::new();
    for (phone, note) in [(&ann, "Of the wood."), (&ben, "Of the hill.")] {
        let now = Plan { note: note.into(), ..plan.item.clone() };
        shelf(phone).save(plan.id, &plan.item, &now).unwrap();
        let capture = CaptureClient::new(phone.context.clone());
        done.push(capture.do_plan(plan.id, "2026-05-06").unwrap().id);
    }
    assert_eq!(done[0], done[1]);
    meet(&[&ann, &ben]).await;
    let notes =
        [&ann, &ben].map(|phone| EntriesClient::new(phone.context.clone()).get(done[0]).unwrap().note);
    assert_eq!(notes[0], notes[1]);
    assert!(notes[0].contains("Of the wood.") && notes[0].contains("Of the hill."));
}

#[tokio::test]
async fn what_came_in_by_the_familys_own_file_before_the_first_pull_is_there_once() {
    let server = server();
    let (ann, ben) = (Phone::with_rooms(&server, 1), Phone::with_rooms(&server, 2));
    ann.write(rid(1), "Frogs.");
    ann.write(rid(1), "Frogs and newts.");
    ann.write(rid(2), "Rivers.");
    ann.sync().await;
    // As an import does: the ids of the file, every text typed anew here.
    ben.write(rid(1), "Frogs and newts.");
    ben.write(rid(2), "Rivers, and more.");
    meet(&[&ben, &ann]).await;
    for phone in [&ann, &ben] {
        assert_eq!(phone.note(rid(1)), "Frogs and newts.");
        let both = phone.note(rid(2));
        assert!(both.contains("Rivers.") && both.contains("Rivers, and more."), "{both}: nothing is lost");
        assert_eq!(phone.dirty(), 0);
    }
    // From here on it is one text for both.
    ann.write(rid(1), "Frogs and newts, in May.");
    ben.write(rid(1), "Two frogs and newts.");
    meet(&[&ann, &ben]).await;
    assert_eq!(ann.note(rid(1)), ben.note(rid(1)));
    assert!(!ann.note(rid(1)).contains("newtsnewts") && ann.note(rid(1)).contains("in May"));
}
