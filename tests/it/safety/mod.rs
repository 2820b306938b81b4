//! What one phone throws away, destroys, changes or takes back, as the family's other phone and its server see it.

mod purged;

use kinfolio_core::changes::ChangeKind;
use kinfolio_core::entries::{Entry, EntryDraft, EntryEdit, LearnerLine};
use kinfolio_core::family_log::{Act, LogQuery};
use kinfolio_core::ids::{EntryId, LearnerId};
use kinfolio_core::learners::NewLearner;
use support::line::Line;
use support::phone::Phone;
use support::server::InProcess;

const DAY: i64 = 86_400_000;

/// Two phones of one family.
async fn family() -> [Phone; 2] {
    let server = InProcess::start().await;
    let phones = ["Ann's phone", "Ben's phone"].map(|name| Phone::new(name, Line::to(server.router())));
    let mut browser = server.browser();
    phones[0].found_family(&mut browser, server.base(), "ann@example.org", &server.mail()).await;
    phones[1].authorize(&mut browser, server.base()).await;
    phones[1].join(&phones[0]).await;
    phones
}

async fn meet([ann, ben]: &[Phone; 2]) {
    for phone in [ann, ben, ann] {
        phone.sync().await;
    }
}

fn learner(phone: &Phone, nickname: &str) -> LearnerId {
    let new = NewLearner { nickname: nickname.into(), ..NewLearner::default() };
    phone.client().learners().add(new).expect("a learner").id
}

fn entry(phone: &Phone, note: &str, learners: &[(LearnerId, &str)]) -> Entry {
    let line = |(learner, line): &(LearnerId, &str)| LearnerLine { learner: *learner, line: (*line).into() };
    let draft = EntryDraft {
        title: "Pond".into(),
        note: note.into(),
        learned_on: "2026-05-03".into(),
        on_record: true,
        learners: learners.iter().map(line).collect(),
        ..EntryDraft::default()
    };
    phone.client().entries().create(draft).expect("kept")
}

fn rewrite(phone: &Phone, id: EntryId, note: &str) {
    let edit = EntryEdit { note: Some(note.into()), ..EntryEdit::default() };
    phone.client().entries().update(id, edit).expect("kept");
}

#[tokio::test]
async fn a_purge_reaches_the_other_phone_and_nothing_brings_it_back() {
    let family = family().await;
    let [ann, ben] = &family;
    let (one, two) = (entry(ann, "Frogs.", &[]), entry(ann, "Newts.", &[]));
    meet(&family).await;
    ann.client().entries().trash(one.id).expect("thrown away");
    meet(&family).await;
    assert_eq!(ben.client().trash().list().expect("read").len(), 1);
    ann.client().trash().purge(&[one.id.into()], 1).expect("destroyed");
    // Written on the other phone before it hears of it.
    ben.client().trash().restore(one.id.into()).expect("restored");
    rewrite(ben, one.id, "Frogs!");
    meet(&family).await;
    for phone in &family {
        assert!(phone.client().entries().get(one.id).is_err(), "{}", phone.name());
        assert!(phone.client().trash().list().expect("read").is_empty());
        assert!(phone.client().versions().list(one.id).expect("read").is_empty());
        assert_eq!(phone.client().entries().get(two.id).expect("there").note, "Newts.");
    }
    assert_eq!(ann.client().sync().overview().expect("read").waiting_records, 0);
}

#[tokio::test]
async fn undo_goes_to_the_other_phone_and_stops_at_what_was_written_there() {
    let family = family().await;
    let [ann, ben] = &family;
    let kept = entry(ann, "Frogs.", &[]);
    meet(&family).await;
    rewrite(ann, kept.id, "Toads.");
    meet(&family).await;
    ann.client().undo().undo().expect("taken back");
    meet(&family).await;
    assert_eq!(ben.client().entries().get(kept.id).expect("there").note, "Frogs.");
    ann.clock().advance(DAY);
    rewrite(ann, kept.id, "Newts.");
    meet(&family).await;
    rewrite(ben, kept.id, "Newts. And a heron.");
    meet(&family).await;
    let refused = ann.client().undo().undo().expect_err("somebody wrote since");
    assert!(refused.to_string().contains("changed elsewhere"));
    assert_eq!(ann.client().entries().get(kept.id).expect("there").note, "Newts. And a heron.");
}

#[tokio::test]
async fn earlier_versions_and_the_log_are_read_on_any_phone_of_the_family() {
    let family = family().await;
    let [ann, ben] = &family;
    let kept = entry(ann, "Frogs.", &[]);
    meet(&family).await;
    for phone in &family {
        phone.clock().advance(DAY);
    }
    rewrite(ann, kept.id, "Toads.");
    meet(&family).await;
    for phone in &family {
        phone.clock().advance(DAY);
    }
    rewrite(ben, kept.id, "");
    meet(&family).await;
    let notes = |phone: &Phone| {
        let versions = phone.client().versions().list(kept.id).expect("read");
        versions.into_iter().map(|version| version.note).collect::<Vec<_>>()
    };
    assert_eq!((notes(ann), notes(ben)), (vec!["Toads.".into(), "Frogs.".into()], notes(ann)));
    let query = LogQuery { thing: Some(kept.id.into()), ..LogQuery::default() };
    let log = ben.client().family_log().page(&query).expect("read");
    assert_eq!(ann.client().family_log().page(&query).expect("read"), log);
    let devices = ben.client().keys().devices().expect("read");
    let told: Vec<_> = log
        .iter()
        .map(|event| {
            let device = devices.iter().find(|device| device.number == event.device_no).expect("a device");
            assert_eq!(event.kind, Some(ChangeKind::Entry));
            (event.act, device.this)
        })
        .collect();
    assert_eq!(told, [(Act::Changed, true), (Act::Changed, false), (Act::Added, false)]);
}

#[tokio::test]
async fn a_learner_removed_on_one_phone_is_brought_back_whole_on_the_other() {
    let family = family().await;
    let [ann, ben] = &family;
    let (otter, mole) = (learner(ann, "Otter"), learner(ann, "Mole"));
    let alone = entry(ann, "Frogs.", &[(otter, "His.")]);
    let shared = entry(ann, "Newts.", &[(otter, "Held the net."), (mole, "Fell in.")]);
    meet(&family).await;
    let before = ben.content();
    ann.client().learners().remove(otter).expect("removed");
    // The other phone writes for the one who is being removed.
    rewrite(ben, shared.id, "Newts and a heron.");
    meet(&family).await;
    let seen = ben.client().entries().get(shared.id).expect("there");
    assert_eq!((seen.learners.len(), seen.note.as_str()), (1, "Newts and a heron."));
    assert!(ben.client().entries().get(alone.id).expect("there").trashed_at.is_some());
    ben.client().learners().restore(otter).expect("brought back");
    rewrite(ben, shared.id, "Newts.");
    meet(&family).await;
    assert_eq!(ann.content(), before);
    assert_eq!(ben.content(), before);
}

#[tokio::test]
async fn learners_who_are_one_take_along_what_the_other_phone_still_writes_for_the_first() {
    let family = family().await;
    let [ann, ben] = &family;
    let (one, same) = (learner(ann, "Otter"), learner(ben, "otter"));
    meet(&family).await;
    ann.client().learners().merge(same, one).expect("merged");
    let late = entry(ben, "Frogs.", &[(same, "Late.")]);
    meet(&family).await;
    for phone in &family {
        phone.client().learners().settle().expect("settled");
    }
    meet(&family).await;
    for phone in &family {
        let lines = phone.client().entries().get(late.id).expect("there").learners;
        assert_eq!(lines, [LearnerLine { learner: one, line: "Late.".into() }], "{}", phone.name());
        assert_eq!(phone.client().learners().list().expect("read").len(), 1);
    }
}

#[tokio::test]
async fn many_deletions_of_one_phone_wait_on_the_other_and_are_kept_for_both() {
    let family = family().await;
    let [ann, ben] = &family;
    let otter = learner(ann, "Otter");
    let ids: Vec<EntryId> = (0..8).map(|_| entry(ann, "Frogs.", &[(otter, "Drew one.")]).id).collect();
    meet(&family).await;
    for id in &ids {
        ann.client().entries().trash(*id).expect("thrown away");
    }
    let gone: Vec<_> = ids.iter().map(|id| (*id).into()).collect();
    ann.client().trash().purge(&gone, 8).expect("destroyed");
    meet(&family).await;
    let sync = ben.client().sync();
    assert_eq!(sync.overview().expect("read").deletions, 8);
    assert_eq!(sync.deletions().expect("read").len(), 8);
    assert_eq!(ben.client().entries().count().expect("read"), 8, "it stands as it was");
    sync.accept_deletions(&gone[..2], 2).expect("deleted here too");
    let kept = sync.keep_deleted(&gone[2..]).expect("kept");
    meet(&family).await;
    for phone in &family {
        assert_eq!(phone.client().entries().count().expect("read"), 6, "{}", phone.name());
        let back = phone.client().entries().get(kept[0].into()).expect("there");
        assert_eq!((back.note.as_str(), back.learners[0].line.as_str()), ("Frogs.", "Drew one."));
        assert_eq!(phone.client().sync().overview().expect("read").deletions, 0);
        assert_eq!(phone.client().sync().overview().expect("read").waiting_records, 0);
    }
}
