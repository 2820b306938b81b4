//! Joining a family tells how far it is and can be stopped between pages and records; then it is begun again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use kinfolio_core::Error;
use kinfolio_core::keys::{Choice, JoinState, LearnerChoice};
use kinfolio_core::progress::{Cancel, NoProgress, Progress};
use support::family::{Size, grown, plant};
use support::on_each_engine;
use support::server::InProcess;

use super::asked;

on_each_engine!(joining_tells_how_far_it_is_and_stopped_it_changes_nothing_and_is_begun_again,);

/// More than one page of the server's.
const FAMILYS: usize = 1_050;
const OWN: usize = 40;

/// Hears all, and stops when so many steps are done.
struct Listener {
    heard: Mutex<Vec<(u64, u64)>>,
    cancel: Cancel,
    stop_at: u64,
}

impl Listener {
    fn until(stop_at: u64) -> Arc<Self> {
        Arc::new(Self { heard: Mutex::default(), cancel: Cancel::new(), stop_at })
    }

    fn heard(&self) -> Vec<(u64, u64)> {
        self.heard.lock().unwrap().clone()
    }
}

impl Progress for Listener {
    fn progress(&self, done: u64, total: u64) {
        self.heard.lock().unwrap().push((done, total));
        if done >= self.stop_at {
            self.cancel.cancel();
        }
    }
}

async fn joining_tells_how_far_it_is_and_stopped_it_changes_nothing_and_is_begun_again(server: &InProcess) {
    let (ann, ben, link) = asked(server).await;
    plant(ann.client(), &grown(Size::Entries(FAMILYS), 6)).unwrap();
    ann.sync().await;
    let planted = plant(ben.client(), &grown(Size::Entries(OWN), 7)).unwrap();
    ann.approve(link, "Ben").await;
    assert_eq!(ben.keys.join_state().await.unwrap(), JoinState::Ready);
    let (own, content) = (ben.keys.place().unwrap(), ben.content());
    let pulls = Arc::new(AtomicU64::new(0));
    let counted = pulls.clone();
    ben.line.lie(move |request, reply| {
        counted.fetch_add(u64::from(request.url.contains("/pull?")), Ordering::SeqCst);
        reply
    });

    // Stopped after the first page; begun again it goes on with the second.
    let stops = Listener::until(1);
    assert_eq!(ben.keys.join_preview(stops.cancel.clone(), stops.clone()).await, Err(Error::Cancelled));
    assert_eq!(pulls.swap(0, Ordering::SeqCst), 1);
    let hears = Listener::until(u64::MAX);
    let preview = ben.keys.join_preview(hears.cancel.clone(), hears.clone()).await.unwrap();
    assert_eq!(preview.learners.len(), 4);
    assert_eq!(pulls.swap(0, Ordering::SeqCst), 1);
    let heard = stops.heard().into_iter().chain(hears.heard()).map(|(done, _)| done).sum::<u64>();
    assert!(heard >= FAMILYS as u64, "{heard} of {FAMILYS} records were told");

    // Stopped when all is read and this phone's records are next: nothing is taken over.
    let choices: Vec<_> =
        planted.learners.iter().map(|id| LearnerChoice { learner: id.0, choice: Choice::Add }).collect();
    let cancel = Cancel::new();
    let (stop, counted) = (cancel.clone(), pulls.clone());
    ben.line.lie(move |request, reply| {
        if request.url.contains("/pull?") {
            counted.fetch_add(1, Ordering::SeqCst);
            stop.cancel();
        }
        reply
    });
    let stopped = ben.keys.complete_join(&choices, cancel, Arc::new(NoProgress)).await;
    assert_eq!(stopped, Err(Error::Cancelled));
    assert_eq!(pulls.load(Ordering::SeqCst), 1, "what was looked at is read again");
    assert_eq!((ben.keys.place().unwrap(), ben.content()), (own, content.clone()));
    ben.line.be_honest();

    let hears = Listener::until(u64::MAX);
    let taken = ben.keys.complete_join(&choices, hears.cancel.clone(), hears.clone()).await.unwrap();
    let last = *hears.heard().last().unwrap();
    // This phone's record of the family log goes along uncounted.
    assert_eq!(last.0, taken.added + taken.same + taken.left + 1);
    assert!(last.0 >= OWN as u64 && last.1 >= last.0, "{last:?}");
    assert_eq!(ben.content().entries.len(), content.entries.len());
    ben.sync().await;
    ann.sync().await;
    assert_eq!(ann.content(), ben.content());
    assert_eq!(ann.content().entries.len(), FAMILYS + OWN);
}
