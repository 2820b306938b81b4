//! The cancel storm (tenancy.md 4.4): requests dropped at any moment never leak a transaction or a tenant. The same storm
//! with a fault planted finds it.

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
    /// Rows of another family that a transaction saw.
    foreign: AtomicU64,
    /// Connections that still named a family after their transaction.
    leaked: AtomicU64,
}

impl Counts {
    fn of(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }
}

/// One transaction that writes into its own family and looks for anybody else's rows.
async fn one(store: &Store, counts: &Counts, family: u8, number: i64) {
    let id = [family + 1; 16];
    let foreign = store
        .family(id, move |tx| {
            tx.execute(
                "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, $2, $3, 0)
                 ON CONFLICT (family_id, number) DO NOTHING",
                &[id.into(), Value::Int(number), vec![family].into()],
            )?;
            // Without any predicate: the boundary is the store's.
            let rows = tx.query("SELECT family_id FROM log_entry ORDER BY number LIMIT 50", &[])?;
            Ok(rows.iter().filter(|row| row.id(0).ok() != Some(id)).count())
        })
        .await
        .expect("the store answers");
    counts.foreign.fetch_add(foreign as u64, Ordering::Relaxed);
}

/// Ends its transaction early and asks the connection, as the next borrower finds it, which family it names.
async fn look_after_the_end(store: &Store, counts: &Counts, family: u8) {
    let named = store
        .family_read([family + 1; 16], move |tx| {
            tx.execute("COMMIT", &[])?;
            let named = tx.query_one("SELECT current_setting('app.family_id', true)", &[])?;
            named.map_or(Ok(None), |row| row.opt_text(0))
        })
        .await
        .expect("the store answers");
    counts.leaked.fetch_add(u64::from(named.is_some_and(|named| !named.is_empty())), Ordering::Relaxed);
}

/// What a careless server would do: the family set for the session, not for the transaction.
async fn set_for_the_session(store: &Store, family: u8) {
    let set = "SELECT set_config('app.family_id', current_setting('app.family_id'), false)";
    store.family([family + 1; 16], move |tx| tx.query(set, &[])).await.expect("the store answers");
}

async fn storm(server: &InProcess, transactions: u64, careless: bool) -> Arc<Counts> {
    for family in 0..FAMILIES {
        server.state.store.create_family([family + 1; 16], |_| Ok(())).await.unwrap();
    }
    let counts = Arc::new(Counts::default());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let (state, counts) = (server.state.clone(), Arc::clone(&counts));
            tokio::spawn(async move {
                let mut random = StdRng::seed_from_u64(task);
                while counts.begun.fetch_add(1, Ordering::Relaxed) < transactions {
                    let (family, number) = (random.random_range(0..FAMILIES), random.random_range(0..5000));
                    let kind = random.random_range(0..10);
                    let work = async {
                        match kind {
                            0 => look_after_the_end(&state.store, &counts, family).await,
                            1 if careless => set_for_the_session(&state.store, family).await,
                            _ => one(&state.store, &counts, family, number).await,
                        }
                    };
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
    for family in 0..FAMILIES {
        one(&server.state.store, &counts, family, 1).await;
        look_after_the_end(&server.state.store, &counts, family).await;
    }
    println!("{} finished, {} dropped half-way", Counts::of(&counts.finished), Counts::of(&counts.dropped));
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_transactions_dropped_at_random_leak_no_family_on_postgres() {
    let database = ScratchPostgres::shared().database();
    let server = InProcess::start_on(&database).await;
    let counts = storm(&server, TRANSACTIONS, false).await;
    let dropped = Counts::of(&counts.dropped);
    assert!(dropped > TRANSACTIONS / 50, "only {dropped} were dropped: the storm was none");
    assert_eq!(Counts::of(&counts.foreign), 0, "another family's rows");
    assert_eq!(Counts::of(&counts.leaked), 0, "a connection that still names a family");
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

#[tokio::test(flavor = "multi_thread")]
async fn the_storm_finds_a_family_that_is_set_for_the_session() {
    let server = InProcess::start_on(&ScratchPostgres::shared().database()).await;
    let counts = storm(&server, 1_000, true).await;
    assert!(Counts::of(&counts.leaked) > 0, "the planted fault was not seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_storm_finds_a_table_without_row_security() {
    let database = ScratchPostgres::shared().database();
    let server = InProcess::start_on(&database).await;
    database.psql("ALTER TABLE family.log_entry DISABLE ROW LEVEL SECURITY");
    let counts = storm(&server, 1_000, false).await;
    assert!(Counts::of(&counts.foreign) > 0, "the planted fault was not seen");
}
