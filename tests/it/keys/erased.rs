//! A family that was erased on the server with its last account comes back from a phone.

use kinfolio_core::Error;
use kinfolio_core::attachments::Size as Copy;
use kinfolio_core::http::Response;
use kinfolio_core::sync::{EntryState, Reason};
use kinfolio_protocol::FamilyId;
use kinfolio_server::store::{Tx, Value};
use support::family::{Size, grown, plant};
use support::on_each_engine;
use support::server::InProcess;

use super::phone::Phone;
use super::{ANN, ann, two};

on_each_engine!(
    a_family_erased_on_the_server_is_founded_again_by_any_parent_and_everything_goes_up_anew,
    an_account_outside_a_family_that_is_there_founds_nothing_and_changes_nothing,
);

const DAY_US: i64 = 86_400_000_000;

/// Every account's wait is over: its accounts end, and the family with the last of them.
async fn delete_all_accounts(server: &InProcess) {
    let now = server.state.clock.now_us();
    let sql = "INSERT INTO account_deletions (user_id, asked_at, due_at, mails_sent, next_at)
               SELECT user_id, $1, $2, 2, $2 FROM users";
    let ask =
        move |tx: &mut Tx<'_>| tx.execute(sql, &[Value::Int(now - 31 * DAY_US), Value::Int(now - DAY_US)]);
    server.state.store.account(ask).await.unwrap();
    kinfolio_server::erase::round(&server.state).await.unwrap();
}

async fn a_family_erased_on_the_server_is_founded_again_by_any_parent_and_everything_goes_up_anew(
    server: &InProcess,
) {
    let (ann, ben) = two(server).await;
    let family = grown(Size::Entries(6), 3).with_photos(1);
    let planted = plant(ann.client(), &family).unwrap();
    ann.sync().await;
    ben.sync().await;
    let id = FamilyId(ann.keys.place().unwrap().family);
    delete_all_accounts(server).await;
    let gone = server.state.store.family_read(id, |_| Ok(())).await;
    assert_eq!(gone.unwrap_err().status(), 404, "the family is still there");
    assert!(matches!(ben.try_sync().await, Err(Error::SignedOut)));

    // Not the parent who came first: the family is hers none the less.
    ben.sign_up(server, "ben.again@example.org").await;
    ben.keys.turn_on_sync().await.unwrap();
    let sync = ben.client().sync();
    for entry in &planted.entries {
        assert_eq!(sync.state(*entry).unwrap(), EntryState::Waiting(Reason::Sync));
    }
    let waiting = family.learners.len() + family.subjects.len() + family.entries.len();
    assert!(sync.overview().unwrap().waiting_records >= waiting as u64);
    let files = sync.report().blobs_up;
    ben.sync().await;
    for entry in &planted.entries {
        assert_eq!(sync.state(*entry).unwrap(), EntryState::Stored);
    }
    assert_eq!(sync.report().blobs_up - files, 6, "three photos have two files each");

    ann.sign_up(server, "ann.again@example.org").await;
    ann.keys.turn_on_sync().await.unwrap();
    ann.sync().await;
    let third = Phone::new("tablet", server);
    third.sign_up(server, "cleo@example.org").await;
    third.join(&ann).await;
    third.sync().await;
    for phone in [&ann, &third] {
        assert_eq!(phone.content(), ben.content());
    }
    let newest = *planted.entries.last().unwrap();
    let photos = third.client().attachments().list(newest).unwrap();
    assert_eq!(photos.len(), 3);
    for photo in photos {
        let read = |phone: &Phone| phone.client().attachments().read(photo.id, Copy::Display).unwrap();
        assert_eq!(read(&third), read(&ann));
    }
    assert_eq!(ann.keys.devices().unwrap().len(), 3);
}

async fn an_account_outside_a_family_that_is_there_founds_nothing_and_changes_nothing(server: &InProcess) {
    let ann = ann(server).await;
    let planted = plant(ann.client(), &grown(Size::Entries(2), 4)).unwrap();
    ann.sync().await;
    let place = ann.keys.place().unwrap();
    ann.sign_up(server, "stranger@example.org").await;
    for _ in 0..2 {
        match ann.keys.turn_on_sync().await {
            Err(Error::Refused { status: 409, message, .. }) => {
                assert!(message.contains("sign in with an account that is in it"), "{message}");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(ann.keys.place().unwrap(), place);
        assert!(!ann.has_unanswered());
        for entry in &planted.entries {
            assert_eq!(ann.client().sync().state(*entry).unwrap(), EntryState::Stored);
        }
    }
    // Nor does a device that the server takes no proof of, while it shows the family's log.
    ann.sign_in(server, ANN).await;
    ann.line.lie(|request, reply| match request.url.ends_with("/device-proof") {
        true => Response { status: 404, body: vec![], ..reply },
        false => reply,
    });
    assert_eq!(ann.keys.turn_on_sync().await, Err(Error::NotEnrolled));
    assert_eq!(ann.client().sync().state(planted.entries[0]).unwrap(), EntryState::Stored);
    ann.line.be_honest();
    ann.keys.turn_on_sync().await.unwrap();
    assert_eq!(ann.sync().await.repairs, 0);
}
