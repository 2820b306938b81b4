//! Two to five phones under random offline edits, lost replies and dying processes end up with the same content, and
//! every entry and every typed character that nobody deleted is there once. Against the real server, in this process.

mod family;
mod grown;
mod typist;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use support::server::InProcess;

use family::Family;

/// Histories in one run; KINFOLIO_SEEDS asks for more, or names one as `=17`.
const SEEDS: u64 = 500;

/// What must have happened for the run to mean anything; counted over all histories.
#[derive(Debug, Default)]
struct Counts {
    phones: AtomicU64,
    edits: AtomicU64,
    conflicts: AtomicU64,
    merges: AtomicU64,
    edits_against_trash: AtomicU64,
    crashes: AtomicU64,
    lost_replies: AtomicU64,
    lost_requests: AtomicU64,
    edits_during_sync: AtomicU64,
    characters: AtomicU64,
}

fn add(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn phones_under_random_offline_edits_converge_and_nothing_typed_is_lost() {
    let seeds: Vec<u64> = match std::env::var("KINFOLIO_SEEDS")
        .ok()
        .as_deref()
        .map(|asked| asked.strip_prefix('=').ok_or(asked))
    {
        Some(Ok(one)) => vec![one.parse().expect("a seed")],
        Some(Err(many)) => (0..many.parse().expect("a number of seeds")).collect(),
        None => (0..SEEDS).collect(),
    };
    let began = Instant::now();
    let server = Arc::new(InProcess::start().await);
    let counts = Arc::new(Counts::default());
    let next = Arc::new(AtomicU64::new(0));
    let all = seeds.len();
    let seeds = Arc::new(seeds);
    let lanes: Vec<_> = (0..4)
        .map(|_| {
            let (server, counts, next, seeds) = (server.clone(), counts.clone(), next.clone(), seeds.clone());
            tokio::spawn(async move {
                while let Some(seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    Family::new(*seed, &server, counts.clone()).await.live().await;
                }
            })
        })
        .collect();
    for lane in lanes {
        lane.await.expect("a history that converges");
    }
    println!("{all} histories in {:.0?}: {counts:?}", began.elapsed());
    if all as u64 >= SEEDS {
        let floors = [
            ("conflicts", &counts.conflicts, 400),
            ("merges", &counts.merges, 1_000),
            ("edits against trash", &counts.edits_against_trash, 100),
            ("crashes", &counts.crashes, 300),
            ("lost replies", &counts.lost_replies, 300),
            ("edits during a sync", &counts.edits_during_sync, 300),
            ("characters typed and not deleted", &counts.characters, 20_000),
        ];
        for (what, count, floor) in floors {
            let count = count.load(Ordering::Relaxed);
            assert!(count >= floor, "only {count} {what}: this run shows too little");
        }
    }
}
