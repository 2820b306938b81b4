//! Work done before joining survives joining.

use kinfolio_core::Error;
use kinfolio_core::entries::{EntryDraft, EntryEdit, LearnerLine, TimelineQuery};
use kinfolio_core::family_log::LogQuery;
use kinfolio_core::goals::Goal;
use kinfolio_core::ids::LearnerId;
use kinfolio_core::keys::{Choice, JoinState, LearnerChoice, TakeOver};
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::shelf::Look;
use std::sync::Arc;

use super::phone::Phone;
use super::{ANN, BEN, ann, founded};
use support::line::Fate;
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(
    each_learner_goes_where_the_person_said_and_no_entry_is_lost_or_doubled,
    what_stays_on_the_phone_names_the_familys_learners_and_subjects_too,
    a_phone_killed_while_it_joins_is_either_before_or_after,
    a_phone_that_syncs_a_family_already_keeps_it,
    a_phone_that_turned_its_own_sync_on_while_it_joined_keeps_its_own_family,
);

fn learner(phone: &Phone, nickname: &str) -> LearnerId {
    let new = NewLearner { nickname: nickname.into(), ..NewLearner::default() };
    phone.client().learners().add(new).unwrap().id
}

fn entry(phone: &Phone, title: &str, learners: &[LearnerId]) -> [u8; 16] {
    let draft = EntryDraft {
        title: title.into(),
        note: format!("note of {title}"),
        learned_on: "2026-05-03".into(),
        on_record: true,
        learners: learners
            .iter()
            .map(|learner| LearnerLine { learner: *learner, line: format!("line in {title}") })
            .collect(),
        ..EntryDraft::default()
    };
    phone.client().entries().create(draft).unwrap().id.0
}

async fn sync(phone: &Phone) {
    phone.client().sync().run(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
}

fn titles(phone: &Phone) -> Vec<String> {
    let query = TimelineQuery { include_drafts: true, limit: 100, ..TimelineQuery::default() };
    let page = phone.client().entries().timeline(&query).unwrap();
    let mut titles: Vec<_> = page.entries.into_iter().map(|entry| entry.title).collect();
    titles.sort();
    titles
}

async fn each_learner_goes_where_the_person_said_and_no_entry_is_lost_or_doubled(server: &InProcess) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    let hedgehog = learner(&ann, "Hedgehog");
    entry(&ann, "Ann's", &[hedgehog]);
    ann.client().subjects().add("Maths", "").unwrap();
    sync(&ann).await;

    let (same, added, left) = (learner(&ben, "Igel"), learner(&ben, "Otter"), learner(&ben, "Secret"));
    ben.client().subjects().add("maths", "").unwrap();
    ben.client().subjects().add("Music", "").unwrap();
    let shared = entry(&ben, "shared", &[same, added]);
    entry(&ben, "only Otter", &[added]);
    entry(&ben, "stays", &[left]);
    entry(&ben, "stays too", &[left, added]);
    let goal = |learners: &[LearnerId]| Goal {
        title: "Swim".into(),
        learners: learners.to_vec(),
        ..Goal::default()
    };
    ben.client().shelf().add(&goal(&[left])).unwrap();
    ben.client().shelf().add(&goal(&[same])).unwrap();
    ben.sign_up(server, BEN).await;

    let link = ben.answer_invite(&ann).await;
    ann.approve(link, "Ben").await;
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    let preview = ben.keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    let offered: Vec<_> = preview.learners.iter().map(|l| (l.id, l.nickname.as_str())).collect();
    assert_eq!(offered, [(hedgehog.0, "Hedgehog")]);

    // Without a choice for everybody nothing changes, and a wrong one is refused.
    let own = ben.keys.place().unwrap();
    let choose = |learner: LearnerId, choice| LearnerChoice { learner: learner.0, choice };
    let wrong =
        [choose(same, Choice::SameAs([9; 16])), choose(added, Choice::Add), choose(left, Choice::Leave)];
    for choices in [&[][..], &wrong[1..], &wrong[..]] {
        assert!(matches!(
            ben.keys.complete_join(choices, Cancel::new(), Arc::new(NoProgress)).await,
            Err(Error::InvalidInput(_))
        ));
        assert_eq!(ben.keys.place().unwrap(), own);
    }
    let choices =
        [choose(same, Choice::SameAs(hedgehog.0)), choose(added, Choice::Add), choose(left, Choice::Leave)];
    let taken = ben.keys.complete_join(&choices, Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    // Otter, two entries, Music, a goal; Igel and maths were there; Secret with two entries and a goal stays.
    assert_eq!(taken, TakeOver { added: 5, same: 2, left: 4 });
    assert_eq!(titles(&ben), ["only Otter", "shared", "stays", "stays too"]);
    let kept = ben.client().entries().get(shared.into()).unwrap();
    let mut lines: Vec<_> = kept.learners.iter().map(|line| (line.learner, line.line.as_str())).collect();
    lines.sort();
    let mut expected = vec![(hedgehog, "line in shared"), (added, "line in shared")];
    expected.sort();
    assert_eq!(lines, expected);

    for phone in [&ben, &ann, &ben] {
        sync(phone).await;
    }
    assert_eq!(titles(&ann), ["Ann's", "only Otter", "shared"]);
    assert_eq!(titles(&ben), ["Ann's", "only Otter", "shared", "stays", "stays too"]);
    assert_eq!(ann.client().entries().get(shared.into()).unwrap().learners.len(), 2);
    let nicknames = |phone: &Phone| {
        let mut names: Vec<_> =
            phone.client().learners().list().unwrap().into_iter().map(|learner| learner.nickname).collect();
        names.sort();
        names
    };
    assert_eq!(nicknames(&ann), ["Hedgehog", "Otter"]);
    assert_eq!(nicknames(&ben), ["Hedgehog", "Otter", "Secret"]);
    assert_eq!(ann.client().subjects().list().unwrap().len(), 2);
    let goals = ann.client().shelf::<Goal>().list(&Look::default()).unwrap();
    assert_eq!(goals.iter().map(|goal| &goal.item.learners[..]).collect::<Vec<_>>(), [[hedgehog]]);
    let told = ann.client().family_log().page(&LogQuery::default()).unwrap();
    assert!(told.iter().all(|event| event.things.iter().all(|thing| thing.0 != left.0)), "not who stayed");

    // What is written later about the one who stayed, stays too; what is shared can't begin to name them.
    let line = |learner| LearnerLine { learner, line: String::new() };
    entry(&ben, "later", &[added, left]);
    let naming = EntryEdit { learners: Some(vec![line(added), line(left)]), ..EntryEdit::default() };
    let refused = ben.client().entries().update(shared.into(), naming);
    assert!(matches!(refused, Err(Error::InvalidInput(_))));
    for phone in [&ben, &ann] {
        sync(phone).await;
    }
    assert_eq!(titles(&ann), ["Ann's", "only Otter", "shared"]);
    assert_eq!(titles(&ben), ["Ann's", "later", "only Otter", "shared", "stays", "stays too"]);
}

async fn what_stays_on_the_phone_names_the_familys_learners_and_subjects_too(server: &InProcess) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    let hedgehog = learner(&ann, "Hedgehog");
    let maths = ann.client().subjects().add("Maths", "").unwrap().id;
    sync(&ann).await;

    let (same, left) = (learner(&ben, "Igel"), learner(&ben, "Secret"));
    let own_maths = ben.client().subjects().add("maths", "").unwrap().id;
    let of_both = entry(&ben, "of both", &[left, same]);
    let counted = entry(&ben, "counted", &[left]);
    let subjects = EntryEdit { subjects: Some(vec![own_maths]), ..EntryEdit::default() };
    ben.client().entries().update(counted.into(), subjects).unwrap();
    ben.sign_up(server, BEN).await;
    let link = ben.answer_invite(&ann).await;
    ann.approve(link, "Ben").await;
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    let choices = [(same, Choice::SameAs(hedgehog.0)), (left, Choice::Leave)]
        .map(|(learner, choice)| LearnerChoice { learner: learner.0, choice });
    let taken = ben.keys.complete_join(&choices, Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert_eq!(taken, TakeOver { added: 0, same: 2, left: 3 });

    for phone in [&ben, &ann, &ben] {
        sync(phone).await;
        let get = |id: [u8; 16]| ben.client().entries().get(id.into()).unwrap();
        let mut lines = get(of_both).learners;
        lines.sort_by_key(|line| line.learner == left);
        let expected =
            [hedgehog, left].map(|learner| LearnerLine { learner, line: "line in of both".into() });
        assert_eq!(lines, expected);
        assert_eq!(get(counted).subjects, [maths]);
    }
    let known =
        |learner: &LearnerId| ben.client().learners().list().unwrap().iter().any(|l| l.id == *learner);
    assert!([hedgehog, left].iter().all(known));
    assert_eq!(ben.client().subjects().list().unwrap().len(), 1);
    assert!(titles(&ann).is_empty());
}

async fn a_phone_killed_while_it_joins_is_either_before_or_after(server: &InProcess) {
    let (ann, tablet) = (ann(server).await, Phone::new("tablet", server));
    let otter = learner(&tablet, "Otter");
    entry(&tablet, "before", &[otter]);
    tablet.sign_in(server, ANN).await;
    let link = tablet.answer_invite(&ann).await;
    ann.approve(link, "Ann").await;
    let choices = [LearnerChoice { learner: otter.0, choice: Choice::Add }];
    // Each request of the completion in turn is the last one that the process sends.
    let mut tablet = tablet;
    let mut completed = false;
    for at in 0..20 {
        let mut sent = 0;
        tablet.line.decide(move |_| {
            sent += 1;
            if sent > at { Fate::Lost } else { Fate::Answered }
        });
        completed = tablet.keys.complete_join(&choices, Cancel::new(), Arc::new(NoProgress)).await.is_ok();
        tablet = tablet.restart();
        tablet.line.mend();
        assert_eq!(titles(&tablet), ["before"]);
        if completed {
            break;
        }
        assert_eq!(tablet.keys.place().unwrap().server, None);
    }
    assert!(completed);
    sync(&tablet).await;
    sync(&ann).await;
    assert_eq!(titles(&ann), ["before"]);
    assert_eq!(ann.newest_key(), tablet.newest_key());
}

async fn a_phone_that_syncs_a_family_already_keeps_it(server: &InProcess) {
    let ann = ann(server).await;
    let ben = founded(server, "Ben's phone", BEN).await;
    let code = ann.keys.invite(false).await.unwrap();
    assert!(matches!(ben.keys.scan(&code.payload), Err(Error::InvalidInput(_))));
    assert!(matches!(ben.keys.ask().await, Err(Error::InvalidInput(_))));
    assert!(matches!(ben.keys.scan(b"https://example.org"), Err(Error::InvalidInput(_))));
}

async fn a_phone_that_turned_its_own_sync_on_while_it_joined_keeps_its_own_family(server: &InProcess) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    let otter = learner(&ben, "Otter");
    entry(&ben, "Ben's own", &[otter]);
    ben.sign_up(server, BEN).await;
    let link = ben.answer_invite(&ann).await;
    ann.approve(link, "Ben").await;
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    ben.keys.turn_on_sync().await.unwrap();
    let pushed = ben.sync().await.pushed;
    let own = ben.keys.place().unwrap();

    let choices = [LearnerChoice { learner: otter.0, choice: Choice::Add }];
    assert!(matches!(ben.keys.join_state().await, Err(Error::InvalidInput(_))));
    assert!(matches!(
        ben.keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await,
        Err(Error::InvalidInput(_))
    ));
    assert!(matches!(
        ben.keys.complete_join(&choices, Cancel::new(), Arc::new(NoProgress)).await,
        Err(Error::InvalidInput(_))
    ));
    assert_eq!(ben.keys.place().unwrap(), own);
    // Its sign-in is its own family's still: the server takes what comes next.
    entry(&ben, "written after", &[otter]);
    // The entry, and what the family log says of it.
    assert_eq!(ben.sync().await.pushed, pushed + 2);
    assert!(titles(&ann).is_empty());
    ben.keys.cancel_join().unwrap();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::None);
}
