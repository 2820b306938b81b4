//! The alarm "server history differs": what raises it, what goes on under it, and the way back.

use kinfolio_core::Error;
use kinfolio_core::entries::EntryDraft;
use kinfolio_core::http::{Method, Response};
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::sync::{EntryState, Reason};
use kinfolio_protocol::sign::SigningKey;
use kinfolio_protocol::sync::PullResponse;
use kinfolio_protocol::{Hash32, decode, encode};
use std::sync::Arc;

use super::forged::{forged, lie_about_the_log};
use super::phone::Phone;
use super::two;
use support::line::Fate;
use support::on_each_engine;
use support::server::InProcess;

on_each_engine!(
    a_log_that_departs_raises_the_alarm_and_nothing_is_granted_any_more,
    under_the_alarm_work_goes_on_and_the_phone_says_why_it_waits,
    a_look_lifts_the_alarm_only_when_the_server_shows_the_known_log_again,
    a_row_under_an_epoch_that_nobody_announced_raises_the_alarm,
);

async fn sync(phone: &Phone) -> Result<(), Error> {
    phone.client().sync().run(Cancel::new(), Arc::new(NoProgress)).await.map(drop)
}

fn draft(title: &str) -> EntryDraft {
    EntryDraft { title: title.into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() }
}

/// From now on the log that the phone reads is another one.
fn depart(phone: &Phone) {
    let stranger = SigningKey::from_bytes(&[9; 32]);
    lie_about_the_log(
        phone,
        Box::new(move |entries| {
            entries
                .iter()
                .map(|entry| forged(entry, entry.body().number, Hash32([7; 32]), &stranger, vec![]))
                .collect()
        }),
    );
}

async fn a_log_that_departs_raises_the_alarm_and_nothing_is_granted_any_more(server: &InProcess) {
    let (ann, ben) = two(server).await;
    depart(&ann);
    assert_eq!(ann.keys.update().await, Err(Error::HistoryDiffers));
    assert!(ann.keys.place().unwrap().history_differs);
    ann.line.be_honest();
    // The alarm stays, over a restart too; the other phone is not touched by it.
    let ann = ann.restart();
    assert_eq!(ann.keys.update().await, Err(Error::HistoryDiffers));
    assert!(matches!(ann.keys.invite(false).await, Err(Error::HistoryDiffers)));
    ann.client().learners().list().unwrap();
    ben.keys.update().await.unwrap();
}

async fn under_the_alarm_work_goes_on_and_the_phone_says_why_it_waits(server: &InProcess) {
    let (ann, _ben) = two(server).await;
    sync(&ann).await.unwrap();
    depart(&ann);
    assert_eq!(ann.keys.update().await, Err(Error::HistoryDiffers));
    let entry = ann.client().entries().create(draft("Pond")).unwrap();
    assert_eq!(sync(&ann).await, Err(Error::HistoryDiffers));
    let state = ann.client().sync().state(entry.id).unwrap();
    assert_eq!(state, EntryState::Waiting(Reason::HistoryDiffers));
    assert!(ann.client().sync().overview().unwrap().history_differs);
}

async fn a_look_lifts_the_alarm_only_when_the_server_shows_the_known_log_again(server: &InProcess) {
    let (ann, ben) = two(server).await;
    depart(&ann);
    assert_eq!(ann.keys.update().await, Err(Error::HistoryDiffers));
    assert_eq!(ann.keys.look_again().await, Err(Error::HistoryDiffers));
    assert!(ann.keys.place().unwrap().history_differs);
    ann.line.decide(|_| Fate::Lost);
    assert!(matches!(ann.keys.look_again().await, Err(Error::Offline(_))));
    assert!(ann.keys.place().unwrap().history_differs, "not seen is not cleared up");
    ann.line.mend();
    // The operator puts the right backup back; meanwhile the family's log went on.
    ann.line.be_honest();
    ben.keys.rename_device("Ben's new phone").await.unwrap();
    ann.keys.look_again().await.unwrap();
    assert!(!ann.keys.place().unwrap().history_differs);
    assert_eq!(ann.keys.devices().unwrap()[1].name, "Ben's new phone");
    let entry = ann.client().entries().create(draft("Pond")).unwrap();
    sync(&ann).await.unwrap();
    assert_eq!(ann.client().sync().state(entry.id).unwrap(), EntryState::Stored);
}

async fn a_row_under_an_epoch_that_nobody_announced_raises_the_alarm(server: &InProcess) {
    let (ann, ben) = two(server).await;
    let entry = ben.client().entries().create(draft("Pond")).unwrap();
    sync(&ben).await.unwrap();
    ann.line.lie(|request, reply| {
        if request.method == Method::Get && request.url.contains("/pull?") && reply.status == 200 {
            let mut page: PullResponse = decode(&reply.body).unwrap();
            for row in &mut page.records {
                row.epoch = 2;
                row.ciphertext[2..6].copy_from_slice(&2u32.to_be_bytes());
            }
            return Response { body: encode(&page), ..reply };
        }
        reply
    });
    assert_eq!(sync(&ann).await, Err(Error::HistoryDiffers));
    assert!(ann.keys.place().unwrap().history_differs);
    // Nothing was passed over: once the server shows what the family wrote, it comes.
    ann.line.be_honest();
    ann.keys.look_again().await.unwrap();
    sync(&ann).await.unwrap();
    assert_eq!(ann.client().entries().get(entry.id).unwrap().title, "Pond");
}
