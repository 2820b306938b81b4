//! From an account to a family of two phones.

use std::sync::Arc;

use super::phone::Phone;
use super::{ANN, BEN, ann, asked};
use kinfolio_core::Error;
use kinfolio_core::account::AccountState;
use kinfolio_core::keys::{JoinState, RecoveryState};
use kinfolio_core::progress::{Cancel, NoProgress};
use support::line::Fate;
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(
    a_parent_signs_up_turns_sync_on_and_her_device_is_bound,
    a_second_phone_of_another_adult_joins_by_invite,
    a_second_phone_of_the_same_adult_joins_by_ask_and_keeps_the_member,
    an_invite_as_text_works_from_far_away_and_signing_in_may_come_after_the_scan,
    an_approval_whose_reply_is_lost_and_whose_phone_dies_is_finished_by_the_next_start,
    recovery_words_are_in_force_only_after_they_were_confirmed_and_acknowledged,
    words_made_before_any_account_go_up_with_the_log,
    two_phones_that_change_the_family_at_once_both_succeed_in_turn,
    a_device_added_between_look_and_approval_asks_for_another_look,
);

async fn a_parent_signs_up_turns_sync_on_and_her_device_is_bound(server: &InProcess) {
    let phone = ann(server).await;
    let AccountState::SignedIn(sign_in) = phone.account.state().unwrap() else { panic!("signed in") };
    assert_eq!((sign_in.server.as_str(), sign_in.email.as_deref()), (server.base(), Some(ANN)));
    assert_eq!(phone.keys.place().unwrap().server.as_deref(), Some(server.base()));
    // The keyring answers a bound device only.
    phone.keys.update().await.unwrap();
    phone.keys.turn_on_sync().await.unwrap();
    phone.keys.resume_pending().await.unwrap();
    assert_eq!(phone.keys.devices().unwrap().len(), 1);
}

async fn a_second_phone_of_another_adult_joins_by_invite(server: &InProcess) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    ben.sign_up(server, BEN).await;
    let code = ann.keys.invite(false).await.unwrap();
    assert!(code.svg.starts_with("<?xml") && code.text.is_some());
    assert_eq!(ann.keys.pending(code.link).await.unwrap(), None);
    ben.keys.scan(&code.payload).unwrap();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Waiting);
    let details = ann.keys.pending(code.link).await.unwrap().unwrap();
    assert_eq!((details.device_name.as_str(), details.email.as_deref()), ("Ben's phone", Some(BEN)));
    assert_eq!(details.member, None);
    ann.keys.approve(&details, "Ben").await.unwrap();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    let preview = ben.keys.join_preview(Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert_eq!((preview.added_by.as_str(), preview.learners.len()), ("Ann's phone", 0));
    ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    ben.keys.update().await.unwrap();
    let (hers, his) = (ann.keys.place().unwrap(), ben.keys.place().unwrap());
    assert_eq!((hers.family, hers.space), (his.family, his.space));
    assert_eq!(his.device_no, 2);
    let devices = ben.keys.devices().unwrap();
    let told: Vec<_> =
        devices.iter().map(|d| (d.name.as_str(), d.member.as_str(), d.added_by.as_str())).collect();
    assert_eq!(told, [("Ann's phone", "", ""), ("Ben's phone", "Ben", "Ann's phone")]);
    assert_eq!(ann.newest_key(), ben.newest_key());
    // The code was for one use.
    assert!(matches!(ann.keys.pending(code.link).await, Err(Error::NotFound(_))));
}

async fn a_second_phone_of_the_same_adult_joins_by_ask_and_keeps_the_member(server: &InProcess) {
    let (first, second) = (ann(server).await, Phone::new("Ann's tablet", server));
    second.sign_in(server, ANN).await;
    let code = second.keys.ask().await.unwrap();
    assert_eq!(second.keys.join_state().await.unwrap(), JoinState::Waiting);
    let kinfolio_core::keys::Scanned::Ask { link } = first.keys.scan(&code.payload).unwrap() else {
        panic!("an ask")
    };
    let details = first.keys.pending(link).await.unwrap().unwrap();
    assert!(details.member.is_some(), "her own account is known");
    first.keys.approve(&details, "somebody").await.unwrap();
    second.keys.join_state().await.unwrap();
    second.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert_eq!(first.newest_key(), second.newest_key());
    let members: Vec<_> = second.keys.devices().unwrap().into_iter().map(|device| device.member).collect();
    assert_eq!(members[0], members[1]);
}

async fn an_invite_as_text_works_from_far_away_and_signing_in_may_come_after_the_scan(server: &InProcess) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    let code = ann.keys.invite(true).await.unwrap();
    ben.keys.scan_text(code.text.as_deref().unwrap()).unwrap();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::SignIn { server: server.base().to_owned() });
    let ben = ben.restart();
    ben.sign_up(server, BEN).await;
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Waiting);
    let details = ann.keys.pending(code.link).await.unwrap().unwrap();
    ann.keys.approve(&details, "Ben").await.unwrap();
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert_eq!(ann.newest_key(), ben.newest_key());
}

async fn an_approval_whose_reply_is_lost_and_whose_phone_dies_is_finished_by_the_next_start(
    server: &InProcess,
) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    ben.sign_up(server, BEN).await;
    for fate in [Fate::Lost, Fate::ReplyLost] {
        let link = ben.answer_invite(&ann).await;
        let details = ann.keys.pending(link).await.unwrap().unwrap();
        // The first request to the log is a read: the second, the append, meets its fate.
        let mut reads = 0;
        ann.line.decide(move |request| {
            let append = request.url.ends_with("/log");
            reads += u32::from(append);
            if append && reads == 1 { fate } else { Fate::Answered }
        });
        assert!(matches!(ann.keys.approve(&details, "Ben").await, Err(Error::Offline(_))));
        assert!(ann.has_unanswered());
        if fate == Fate::Lost {
            ann.keys.approve(&details, "Ben").await.unwrap();
            assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
            ben.keys.cancel_join().unwrap();
        } else {
            let ann = ann.restart();
            ann.keys.resume_pending().await.unwrap();
            assert!(!ann.has_unanswered());
            assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
            ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
            assert_eq!(ann.newest_key(), ben.newest_key());
            assert_eq!(ann.keys.devices().unwrap().len(), 3);
            return;
        }
    }
}

async fn recovery_words_are_in_force_only_after_they_were_confirmed_and_acknowledged(server: &InProcess) {
    let ann = ann(server).await;
    assert_eq!(ann.keys.recovery_state().unwrap(), RecoveryState::None);
    let words = ann.keys.make_recovery_words().unwrap();
    assert_eq!(words.len(), 12);
    assert_eq!(ann.keys.recovery_state().unwrap(), RecoveryState::Unconfirmed);
    let others = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    assert!(matches!(ann.keys.confirm_recovery(others).await, Err(Error::InvalidInput(_))));
    let mut appended = false;
    ann.line.decide(move |request| {
        let append = request.url.ends_with("/log") && !std::mem::replace(&mut appended, true);
        if append { Fate::ReplyLost } else { Fate::Answered }
    });
    assert!(matches!(ann.keys.confirm_recovery(&words.join(" ")).await, Err(Error::Offline(_))));
    assert_eq!(ann.keys.recovery_state().unwrap(), RecoveryState::Waiting);
    let ann = ann.restart();
    ann.keys.resume_pending().await.unwrap();
    assert_eq!(ann.keys.recovery_state().unwrap(), RecoveryState::Set);
    let drafts: i64 = ann
        .store()
        .read(|tx| Ok(tx.query_row("SELECT count(*) FROM recovery_draft", [], |row| row.get(0))?))
        .unwrap();
    assert_eq!(drafts, 0, "the words' private key is gone from the phone");
}

async fn words_made_before_any_account_go_up_with_the_log(server: &InProcess) {
    let phone = Phone::new("Ann's phone", server);
    let words = phone.keys.make_recovery_words().unwrap().join(" ");
    phone.keys.confirm_recovery(&words).await.unwrap();
    assert_eq!(phone.keys.recovery_state().unwrap(), RecoveryState::Set);
    phone.keys.rename_device("Ann's Pixel").await.unwrap();
    phone.sign_up(server, ANN).await;
    phone.line.once("/api/v1/families", Fate::ReplyLost);
    assert!(matches!(phone.keys.turn_on_sync().await, Err(Error::Offline(_))));
    let phone = phone.restart();
    phone.keys.turn_on_sync().await.unwrap();
    phone.keys.resume_pending().await.unwrap();
    assert_eq!(phone.keys.devices().unwrap()[0].name, "Ann's Pixel");
    let ben = Phone::new("Ben's phone", server);
    ben.sign_up(server, BEN).await;
    ben.join(&phone).await;
    assert_eq!(ben.keys.recovery_state().unwrap(), RecoveryState::Set);
}

async fn two_phones_that_change_the_family_at_once_both_succeed_in_turn(server: &InProcess) {
    let (ann, ben) = (ann(server).await, Phone::new("Ben's phone", server));
    ben.sign_up(server, BEN).await;
    ben.join(&ann).await;
    let (hers, his) = tokio::join!(ann.keys.rename_device("A"), ben.keys.rename_device("B"));
    hers.unwrap();
    his.unwrap();
    for phone in [&ann, &ben] {
        phone.keys.update().await.unwrap();
        let names: Vec<_> = phone.keys.devices().unwrap().into_iter().map(|device| device.name).collect();
        assert_eq!(names, ["A", "B"]);
    }
}

async fn a_device_added_between_look_and_approval_asks_for_another_look(server: &InProcess) {
    let (ann, ben, link) = asked(server).await;
    let seen = ann.keys.pending(link).await.unwrap().unwrap();
    let tablet = Phone::new("Ann's tablet", server);
    tablet.sign_in(server, ANN).await;
    tablet.join(&ann).await;
    let refused = ann.keys.approve(&seen, "Ben").await;
    assert!(matches!(refused, Err(Error::Refused { code, .. }) if code == "confirm_again"));
    ann.approve(link, "Ben").await;
    ben.keys.join_state().await.unwrap();
    ben.keys.complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await.unwrap();
    assert_eq!(ben.keys.devices().unwrap().len(), 3);
}
