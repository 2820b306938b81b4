//! The bare probe: axum and one SQLite file speaking our push and pull, without sign-in, membership, isolation, audit
//! or encryption at rest. Durable as ours is: WAL and FULL.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use kinfolio_protocol::sync::{PullItem, PullResponse, PushRequest, PushResponse, PushResult, PushStatus};
use kinfolio_protocol::{DeviceId, RecordId, decode, encode, labels::sha256};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::Deserialize;

type Store = Arc<Mutex<Connection>>;

/// Bytes of ciphertext in a page, as with ours.
const PAGE: usize = 1 << 20;

/// The probe over a fresh file, encrypted when there is a statement that gives the key.
pub fn router(file: &Path, key: Option<&str>) -> Result<Router> {
    let connection = Connection::open(file)?;
    if let Some(key) = key {
        connection.query_row(key, [], |_| Ok(()))?;
    }
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         CREATE TABLE space (head INTEGER NOT NULL);
         INSERT INTO space VALUES (0);
         CREATE TABLE record (id INTEGER PRIMARY KEY, rid BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL UNIQUE,
                              fmt INTEGER NOT NULL, epoch INTEGER NOT NULL, hash BLOB NOT NULL, ct BLOB NOT NULL);",
    )?;
    Ok(Router::new()
        .route("/api/v1/families/{family}/spaces/{space}/push", post(push))
        .route("/api/v1/families/{family}/spaces/{space}/pull", get(pull))
        .layer(DefaultBodyLimit::max(4 << 20))
        .with_state(Arc::new(Mutex::new(connection))))
}

async fn push(State(store): State<Store>, body: Bytes) -> Result<Vec<u8>, StatusCode> {
    run(store, move |connection| {
        let request: PushRequest = decode(&body)?;
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let count = request.records.len() as u64;
        let head: u64 = tx
            .prepare_cached("UPDATE space SET head = head + ?1 RETURNING head")?
            .query_row([count], |row| row.get(0))?;
        let mut results = Vec::with_capacity(request.records.len());
        {
            let mut find = tx.prepare_cached("SELECT seq FROM record WHERE rid = ?1")?;
            let mut insert = tx.prepare_cached(
                "INSERT INTO record (rid, seq, fmt, epoch, hash, ct) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (place, item) in (1..).zip(&request.records) {
                let seq = head - count + place;
                let found: Option<u64> = find.query_row([item.record.0], |row| row.get(0)).optional()?;
                anyhow::ensure!(found.is_none(), "the probe takes new records only");
                let hash = sha256(&item.ciphertext).0;
                insert.execute(params![
                    item.record.0,
                    seq,
                    item.format,
                    item.epoch,
                    hash,
                    item.ciphertext
                ])?;
                results.push(PushResult {
                    status: PushStatus::Stored,
                    seq,
                    format: None,
                    epoch: None,
                    ciphertext: None,
                });
            }
        }
        tx.commit()?;
        Ok(encode(&PushResponse { incarnation: [0; 16], head, results }))
    })
    .await
}

#[derive(Deserialize)]
struct After {
    after: u64,
    limit: u64,
}

async fn pull(State(store): State<Store>, Query(from): Query<After>) -> Result<Vec<u8>, StatusCode> {
    run(store, move |connection| {
        let head = connection.query_row("SELECT head FROM space", [], |row| row.get(0))?;
        let mut select = connection.prepare_cached(
            "SELECT rid, seq, fmt, epoch, ct FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2",
        )?;
        let mut rows = select.query([from.after, from.limit + 1])?;
        let (mut records, mut bytes, mut more) = (Vec::new(), 0, false);
        while let Some(row) = rows.next()? {
            let ciphertext: Vec<u8> = row.get(4)?;
            bytes += ciphertext.len();
            if records.len() as u64 == from.limit || (bytes > PAGE && !records.is_empty()) {
                more = true;
                break;
            }
            records.push(PullItem {
                record: RecordId(row.get(0)?),
                seq: row.get(1)?,
                format: row.get(2)?,
                epoch: row.get(3)?,
                ciphertext,
                device: DeviceId([0; 16]),
            });
        }
        Ok(encode(&PullResponse { incarnation: [0; 16], head, more, records }))
    })
    .await
}

async fn run(
    store: Store,
    work: impl FnOnce(&mut Connection) -> Result<Vec<u8>> + Send + 'static,
) -> Result<Vec<u8>, StatusCode> {
    let done =
        tokio::task::spawn_blocking(move || work(&mut store.lock().unwrap_or_else(PoisonError::into_inner)));
    match done.await {
        Ok(Ok(reply)) => Ok(reply),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
