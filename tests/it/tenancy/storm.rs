//! The cancel storm (tenancy.md 4.4): requests dropped at any moment never leak a transaction or a tenant.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kinfolio_server::store::{Store, Value};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use support::postgres::ScratchPostgres;
use support::server::InProcess;

const TASKS: u64 = 64;
const TRANSACTIONS: u64 = 20_000;
const FAMILIES: u8 = 16;

#[derive(Default)]
struct Counts {
    begun: AtomicU64,
    finished: AtomicU64,
    dropped: AtomicU64,
}

/// One transaction that writes into its own family and looks for anybody else's rows.
async fn one(store: &Store, family: u8, number: i64) {
    let id = [family + 1; 16];
    let foreign = store
        .family(id, move |tx| {
            tx.execute(
                "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, $2, $3, 0)
                 ON CONFLICT (family_id, number) DO NOTHING",
                &[id.into(), Value::Int(number), vec![family].into()],
            )?;
            // Without any predicate: the boundary is the store's.
            let rows = tx.query("SELECT family_id FROM log_entry LIMIT 50", &[])?;
            Ok(rows.iter().filter(|row| row.id(0).ok() != Some(id)).count())
        })
        .await
        .expect("the store answers");
    assert_eq!(foreign, 0, "another family's row");
}

async fn storm(server: &InProcess) {
    for family in 0..FAMILIES {
        server.state.store.create_family([family + 1; 16], |_| Ok(())).await.unwrap();
    }
    let counts = Arc::new(Counts::default());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (state, counts) = (server.state.clone(), Arc::clone(&counts));
            tokio::spawn(async move {
                let mut random = StdRng::seed_from_u64(task);
                while counts.begun.fetch_add(1, Ordering::Relaxed) < TRANSACTIONS {
                    let work =
                        one(&state.store, random.random_range(0..FAMILIES), random.random_range(0..5000));
                    if random.random_range(0..2) == 0 {
                        work.await;
                        counts.finished.fetch_add(1, Ordering::Relaxed);
                    } else {
                        let patience = Duration::from_micros(random.random_range(0..40_000));
                        match tokio::time::timeout(patience, work).await {
                            Ok(()) => counts.finished.fetch_add(1, Ordering::Relaxed),
                            Err(_) => counts.dropped.fetch_add(1, Ordering::Relaxed),
                        };
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let (finished, dropped) =
        (counts.finished.load(Ordering::Relaxed), counts.dropped.load(Ordering::Relaxed));
    println!("{finished} finished, {dropped} dropped half-way");
    assert!(dropped > TRANSACTIONS / 50, "only {dropped} were dropped: the storm was none");
    for family in 0..FAMILIES {
        one(&server.state.store, family, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_transactions_dropped_at_random_leak_no_family_on_postgres() {
    let database = ScratchPostgres::shared().database();
    let server = InProcess::start_on(&database).await;
    storm(&server).await;
    // No connection is left inside a transaction.
    let busy = "SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND usename LIKE 'kinfolio%' AND state LIKE 'idle in%'";
    let mut left = String::new();
    for _ in 0..100 {
        left = database.psql(busy);
        if left == "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(left, "0");
}
