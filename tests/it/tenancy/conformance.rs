//! One suite for both engines: every operation of the transaction type, and random scripts compared answer
//! by answer.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use kinfolio_server::ApiError;
use kinfolio_server::store::{Row, Store, Tx, Value};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use support::on_each_engine;
use support::postgres::ScratchPostgres;
use support::server::InProcess;

on_each_engine!(every_operation_works, a_family_has_one_writer_at_a_time,);

type Answer = Result<Vec<Vec<String>>, (u16, &'static str)>;

fn text(rows: &[Row], columns: usize) -> Vec<Vec<String>> {
    let cell = |row: &Row, column: usize| match row.value(column).unwrap() {
        // An id is a blob of 16 bytes in one engine and a uuid in the other.
        Value::Id(id) => format!("{:?}", Value::Bytes(id.to_vec())),
        value => format!("{value:?}"),
    };
    rows.iter().map(|row| (0..columns).map(|column| cell(row, column)).collect()).collect()
}

async fn every_operation_works(server: &InProcess) {
    let store = &server.state.store;
    let family = [5; 16];
    // Unknown is 404, and asking makes nothing.
    assert_eq!(store.family(family, |_| Ok(())).await.unwrap_err().status().as_u16(), 404);
    assert_eq!(store.family_read(family, |_| Ok(())).await.unwrap_err().status().as_u16(), 404);
    // A founding that fails leaves nothing.
    let failed = store.create_family(family, |_| Err::<(), _>(ApiError::bad_request("no", "no"))).await;
    assert_eq!(failed.unwrap_err().code(), "no");
    assert_eq!(store.family(family, |_| Ok(())).await.unwrap_err().status().as_u16(), 404);
    store.create_family(family, |_| Ok(())).await.unwrap();
    store.create_family(family, |_| Ok(())).await.unwrap();
    // Every kind of value goes in and comes out, NULL of each type included.
    let space = [6; 16];
    store
        .family(family, move |tx| {
            tx.execute(
                "INSERT INTO space (family_id, space_id, epoch, ended, incarnation, head, bytes)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                &[
                    family.into(),
                    space.into(),
                    Value::Int(i64::MAX),
                    Value::Null,
                    [7; 16].into(),
                    Value::Int(-1),
                    Value::Int(0),
                ],
            )?;
            let row = tx.query_one(
                "SELECT space_id, epoch, ended, head FROM space WHERE space_id = $1",
                &[space.into()],
            )?;
            let row = row.unwrap();
            assert_eq!(row.id(0)?, space);
            assert_eq!((row.int(1)?, row.opt_int(2)?, row.int(3)?), (i64::MAX, None, -1));
            assert!(row.int(2).is_err() && row.text(1).is_err() && row.value(9).is_err());
            // The same statement with a value where NULL stood before.
            let update = "UPDATE space SET ended = $1 WHERE space_id = $2 RETURNING ended";
            assert_eq!(tx.query_one(update, &[Value::Int(3), space.into()])?.unwrap().opt_int(0)?, Some(3));
            assert_eq!(tx.query_one(update, &[Value::Null, space.into()])?.unwrap().opt_int(0)?, None);
            Ok(())
        })
        .await
        .unwrap();
    // Many rows at once, in and out.
    let many = store
        .family(family, move |tx| {
            let rows: Vec<Value> = (0..300_i64)
                .flat_map(|n| {
                    [family.into(), Value::Int(n), Value::Bytes(vec![n as u8; 3]), Value::Int(n * 2)]
                })
                .collect();
            let made =
                tx.execute_many("INSERT INTO log_entry (family_id, number, entry, at) VALUES", 4, &rows, "")?;
            let wanted: Vec<Value> = (0..5).map(Value::Int).collect();
            let some =
                tx.query_many("SELECT at FROM log_entry WHERE number IN (", 1, &wanted, ") ORDER BY number")?;
            let sum = tx.query_one("SELECT CAST(sum(at) AS BIGINT), count(*) FROM log_entry", &[])?.unwrap();
            assert_eq!((sum.int(0)?, sum.int(1)?), (299 * 300, 300));
            assert_eq!(tx.execute_many("INSERT INTO log_entry VALUES", 4, &[], "")?, 0);
            Ok((made, text(&some, 1)))
        })
        .await
        .unwrap();
    assert_eq!(many.0, 300);
    assert_eq!(many.1, [["Int(0)"], ["Int(2)"], ["Int(4)"], ["Int(6)"], ["Int(8)"]]);
    // What fails is rolled back whole; a broken constraint is 409; reading cannot write.
    let broken = store
        .family(family, move |tx| {
            tx.execute("DELETE FROM log_entry", &[])?;
            tx.execute(
                "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, 1, $2, 1), ($1, 1, $2, 1)",
                &[family.into(), vec![1].into()],
            )
        })
        .await;
    assert_eq!(broken.unwrap_err().status().as_u16(), 409);
    let count = |tx: &mut Tx<'_>| tx.query_one("SELECT count(*) FROM log_entry", &[])?.unwrap().int(0);
    assert_eq!(store.family_read(family, count).await.unwrap(), 300);
    let write = |tx: &mut Tx<'_>| tx.execute("DELETE FROM log_entry", &[]);
    assert!(store.family_read(family, write).await.is_err(), "reading a family cannot write");
    assert_eq!(store.family_read(family, count).await.unwrap(), 300);
    assert_eq!(store.family(family, count).await.unwrap(), 300, "and writing works again");
    let orphan = store.family(family, move |tx| {
        tx.execute(
            "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, 900, $2, 1)",
            &[[9; 16].into(), vec![1].into()],
        )
    });
    assert!(orphan.await.is_err(), "a row of a family that is not this one");
    assert!(store.account_read(|tx| tx.execute("DELETE FROM users", &[])).await.is_err());
    for change in ["UPDATE audit SET kind = 'x'", "DELETE FROM audit"] {
        let changed = store.account(move |tx| {
            tx.execute("INSERT INTO audit (at, kind) VALUES (1, 'planted')", &[])?;
            tx.execute(change, &[])
        });
        assert!(changed.await.is_err(), "the audit log is append-only");
    }
    // A panic inside a transaction is an error, and the store goes on.
    let panicked = store.family(family, |_| -> Result<(), ApiError> { panic!("planted") }).await;
    assert_eq!(panicked.unwrap_err().status().as_u16(), 500);
    assert_eq!(store.family_read(family, count).await.unwrap(), 300);
    let panicked = store.family_read(family, |_| -> Result<(), ApiError> { panic!("planted") }).await;
    assert_eq!(panicked.unwrap_err().status().as_u16(), 500);
    let write = |tx: &mut Tx<'_>| tx.execute("DELETE FROM log_entry WHERE number = 0", &[]);
    assert_eq!(
        store.family(family, write).await.unwrap(),
        1,
        "the family can be written after a reading panic"
    );
    assert!(store.family_read(family, write).await.is_err(), "and reading it still cannot write");
}

async fn a_family_has_one_writer_at_a_time(server: &InProcess) {
    let state = &server.state;
    let family = [5; 16];
    state.store.create_family(family, |_| Ok(())).await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let (state, runs) = (state.clone(), Arc::clone(&runs));
            tokio::spawn(async move {
                state
                    .store
                    .family(family, move |tx| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        // Read, then decide: safe because a family has one writer at a time.
                        let row = tx.query_one("SELECT COALESCE(MAX(number), 0) FROM log_entry", &[])?;
                        let next = row.unwrap().int(0)? + 1;
                        tx.execute(
                            "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, $2, $3, 0)",
                            &[family.into(), Value::Int(next), vec![1].into()],
                        )
                    })
                    .await
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    let sql = "SELECT count(*), MAX(number) FROM log_entry";
    let row = state.store.family_read(family, move |tx| tx.query_one(sql, &[])).await.unwrap().unwrap();
    assert_eq!((row.int(0).unwrap(), row.int(1).unwrap()), (40, 40));
    assert_eq!(runs.load(Ordering::SeqCst), 40);
}

/// One random step, the same on both engines.
async fn step(store: &Store, kind: u8, family: u8, number: i64) -> Answer {
    let id = [family; 16];
    let outcome = match kind {
        0 => store.create_family(id, |_| Ok(Vec::new())).await,
        1..=4 => {
            let insert = "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, $2, $3, $4)
                          RETURNING number, entry";
            let values = [id.into(), Value::Int(number), vec![family, kind].into(), Value::Int(number)];
            store.family(id, move |tx| tx.query(insert, &values)).await.map(|rows| text(&rows, 2))
        }
        5 => {
            let upsert = "INSERT INTO log_entry (family_id, number, entry, at) VALUES ($1, $2, $3, $4)
                          ON CONFLICT (family_id, number) DO UPDATE SET at = log_entry.at + 1 RETURNING at";
            let values = [id.into(), Value::Int(number), vec![kind].into(), Value::Int(number)];
            store.family(id, move |tx| tx.query(upsert, &values)).await.map(|rows| text(&rows, 1))
        }
        6 => {
            let delete = "DELETE FROM log_entry WHERE number > $1 RETURNING number";
            let rows = store.family(id, move |tx| tx.query(delete, &[Value::Int(number)])).await;
            rows.map(|rows| {
                let mut rows = text(&rows, 1);
                rows.sort();
                rows
            })
        }
        7 => {
            // Half done, then refused: nothing of it may stay.
            store
                .family(id, move |tx| {
                    tx.execute("DELETE FROM log_entry WHERE number = $1", &[Value::Int(number)])?;
                    Err::<Vec<Vec<String>>, _>(ApiError::conflict("planted", "planted"))
                })
                .await
        }
        _ => {
            let all = "SELECT family_id, number, entry, at FROM log_entry ORDER BY number DESC LIMIT 20";
            store.family_read(id, move |tx| tx.query(all, &[])).await.map(|rows| text(&rows, 4))
        }
    };
    outcome.map_err(|error| (error.status().as_u16(), error.code()))
}

#[tokio::test]
async fn the_same_random_script_gets_the_same_answers_from_both_engines() {
    let embedded = InProcess::start().await;
    let postgres = InProcess::start_on(&ScratchPostgres::shared().database()).await;
    let seen = Mutex::new([0_u32; 3]);
    for seed in 0..10 {
        let mut random = StdRng::seed_from_u64(seed);
        for _ in 0..120 {
            let (kind, family) = (random.random_range(0..9), random.random_range(0..3) + seed as u8 * 4);
            let number = random.random_range(1..12);
            let one = step(&embedded.state.store, kind, family, number).await;
            let two = step(&postgres.state.store, kind, family, number).await;
            assert_eq!(one, two, "seed {seed}, kind {kind}, family {family}, number {number}");
            let mut seen = seen.lock().unwrap();
            match one {
                Ok(_) => seen[0] += 1,
                Err((404, _)) => seen[1] += 1,
                Err(_) => seen[2] += 1,
            }
        }
    }
    let [answers, missing, conflicts] = *seen.lock().unwrap();
    println!("{answers} answers, {missing} missing, {conflicts} conflicts");
    assert!(answers > 500 && missing > 20 && conflicts > 100, "{answers} {missing} {conflicts}");
}

#[tokio::test]
async fn one_familys_file_is_noise_under_another_familys_key_and_a_moved_one_does_not_open() {
    let server = InProcess::start().await;
    let (one, two) = ([1; 16], [2; 16]);
    for family in [one, two] {
        server.state.store.create_family(family, |_| Ok(())).await.unwrap();
    }
    let folder = server.data().join("families");
    let path = |family: [u8; 16]| folder.join(format!("{}.db", format!("{:02x}", family[0]).repeat(16)));
    let bytes = std::fs::read(path(one)).unwrap();
    assert_ne!(&bytes[..6], b"SQLite");
    server.state.store.close().await;
    std::fs::copy(path(one), path(two)).unwrap();
    let refused = server.state.store.family(two, |_| Ok(())).await.unwrap_err();
    assert_eq!(refused.status().as_u16(), 500);
    assert!(server.state.store.family(one, |_| Ok(())).await.is_ok());
}
