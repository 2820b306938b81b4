//! The SQL of sync on records: what waits, what was acknowledged, what came in.

use std::collections::BTreeMap;

use kinfolio_protocol::ids::Hash32;
use kinfolio_protocol::labels::sha256;
use kinfolio_protocol::sync::PullItem;
use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::Result;
use crate::ids::{RecordId, SpaceId};
use crate::records::{Document, Kind, Packed, packed};

/// A record as it waits to be pushed: the exact ciphertext, kept until it is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub rid: RecordId,
    pub base_seq: u64,
    pub fmt: u16,
    pub epoch: u32,
    pub sealed: Vec<u8>,
    pub tries: u32,
    /// It is a tombstone.
    pub purge: bool,
}

/// Records that wait, the untried first; those in quarantine or parked stay out.
///
/// Stops before `limit` records or `bytes` of ciphertext are passed; a single larger record still comes alone.
/// A record that was refused before comes alone too, so that it can't take others down with it.
pub fn waiting(
    tx: &Transaction<'_>,
    space: SpaceId,
    skip: &[RecordId],
    limit: usize,
    bytes: usize,
) -> Result<Vec<Waiting>> {
    let mut select = tx.prepare_cached(
        "SELECT rid, base_seq, fmt, epoch, sealed, tries, purge FROM record
          WHERE dirty = 1 AND space = ?1 AND local_only = 0 AND parked IS NULL
            AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.space = record.space AND q.rid = record.rid)
          ORDER BY tries, id",
    )?;
    let mut rows = select.query([space.as_bytes()])?;
    let (mut batch, mut size) = (Vec::<Waiting>::new(), 0);
    while let Some(row) = rows.next()? {
        let next = Waiting {
            rid: RecordId(row.get(0)?),
            base_seq: row.get(1)?,
            fmt: row.get(2)?,
            epoch: row.get(3)?,
            sealed: row.get(4)?,
            tries: row.get(5)?,
            purge: row.get(6)?,
        };
        if skip.contains(&next.rid) {
            continue;
        }
        size += next.sealed.len();
        let alone = next.tries > 0;
        if !batch.is_empty() && (alone || batch.len() >= limit || size > bytes) {
            break;
        }
        batch.push(next);
        if alone {
            break;
        }
    }
    Ok(batch)
}

/// The server has this ciphertext under `seq`: clean, unless the record was edited while it was on its way.
pub fn acknowledge(tx: &Transaction<'_>, item: &Waiting, seq: u64) -> Result<()> {
    let hash = sha256(&item.sealed);
    let clean = tx
        .prepare_cached(
            "UPDATE record SET dirty = 0, sealed = NULL, base_seq = ?2, ct_hash = ?3, tries = 0
              WHERE rid = ?1 AND sealed = ?4",
        )?
        .execute(params![item.rid.as_bytes(), seq, hash.as_bytes(), item.sealed])?;
    if clean == 0 {
        // Edited or merged meanwhile. What was sent is contained in what is here: it builds on it.
        tx.prepare_cached(
            "UPDATE record SET base_seq = ?2, ct_hash = ?3, tries = 0 WHERE rid = ?1 AND base_seq < ?2",
        )?
        .execute(params![item.rid.as_bytes(), seq, hash.as_bytes()])?;
    }
    Ok(())
}

/// Gives the record the number that the server's row has; 0 when it has none.
pub fn renumber(tx: &Transaction<'_>, rid: RecordId, seq: u64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE record SET base_seq = ?2, ct_hash = CASE WHEN ?2 = 0 THEN NULL ELSE ct_hash END WHERE rid = ?1",
    )?
    .execute(params![rid.as_bytes(), seq])?;
    Ok(())
}

/// Counts a refusal of one record and parks it at the last try; says whether it was parked now.
pub fn refused(tx: &Transaction<'_>, rid: RecordId, last: u32, reason: &str) -> Result<bool> {
    let tries: u32 = tx
        .prepare_cached("UPDATE record SET tries = tries + 1 WHERE rid = ?1 RETURNING tries")?
        .query_row([rid.as_bytes()], |row| row.get(0))?;
    if tries < last {
        return Ok(false);
    }
    tx.prepare_cached("UPDATE record SET parked = ?2 WHERE rid = ?1")?
        .execute(params![rid.as_bytes(), reason])?;
    Ok(true)
}

/// Waiting records of the space that were sealed under an epoch before this one.
pub fn sealed_before(tx: &Transaction<'_>, space: SpaceId, epoch: u32) -> Result<Vec<RecordId>> {
    let mut select =
        tx.prepare_cached("SELECT rid FROM record WHERE dirty = 1 AND space = ?1 AND epoch < ?2")?;
    let rows = select.query_map(params![space.as_bytes(), epoch], |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What this phone knows the server to hold of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub rid: RecordId,
    pub hash: Hash32,
    pub quarantined: bool,
}

/// Everything held of the space, by the first byte of the record id, sorted by id. Checkpoints are in no digest: they
/// are left out, also those that a newer app's phone wrote.
pub fn held(tx: &Transaction<'_>, space: SpaceId) -> Result<BTreeMap<u8, Vec<Held>>> {
    let mut all = BTreeMap::new();
    let mut select = tx.prepare_cached(
        "SELECT rid, ct_hash FROM record WHERE space = ?1 AND kind <> ?2 AND ct_hash IS NOT NULL",
    )?;
    let mut rows = select.query(params![space.as_bytes(), u16::from(Kind::Checkpoint)])?;
    while let Some(row) = rows.next()? {
        let rid = RecordId(row.get(0)?);
        all.insert(rid, Held { rid, hash: Hash32(row.get(1)?), quarantined: false });
    }
    let mut select = tx.prepare_cached("SELECT rid, ct, cause < 4 FROM quarantine WHERE space = ?1")?;
    let mut rows = select.query([space.as_bytes()])?;
    while let Some(row) = rows.next()? {
        let rid = RecordId(row.get(0)?);
        all.insert(rid, Held { rid, hash: sha256(&row.get::<_, Vec<u8>>(1)?), quarantined: row.get(2)? });
    }
    let mut buckets = BTreeMap::<u8, Vec<Held>>::new();
    for (RecordId([first, ..]), row) in all {
        buckets.entry(first).or_default().push(row);
    }
    Ok(buckets)
}

/// Writes a record that was not here before, as the server holds it.
pub fn insert(
    tx: &Transaction<'_>,
    space: SpaceId,
    row: &PullItem,
    document: &Document,
    packed: &Packed,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO record (rid, space, kind, cells, epoch, fmt, ct_hash, base_seq, purge)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        row.record.as_bytes(),
        space.as_bytes(),
        document.kind(),
        &**packed,
        row.epoch,
        row.format,
        sha256(&row.ciphertext).as_bytes(),
        row.seq,
        document.is_purged(),
    ])?;
    Ok(())
}

/// Writes content that needs no ciphertext of ours, because the server has all of it.
pub fn set_cells(tx: &Transaction<'_>, rid: RecordId, document: &Document) -> Result<()> {
    tx.prepare_cached("UPDATE record SET cells = ?2, purge = ?3 WHERE rid = ?1")?.execute(params![
        rid.as_bytes(),
        &*packed(document),
        document.is_purged()
    ])?;
    Ok(())
}

/// Writes that the record now builds on this row. `clean`: the server lacks nothing of it.
pub fn build_on(tx: &Transaction<'_>, row: &PullItem, clean: bool) -> Result<()> {
    let (rid, hash) = (row.record.as_bytes(), sha256(&row.ciphertext));
    if clean {
        tx.prepare_cached(
            "UPDATE record SET base_seq = ?2, ct_hash = ?3, dirty = 0, sealed = NULL, tries = 0, parked = NULL,
                    epoch = ?4, fmt = ?5
              WHERE rid = ?1",
        )?
        .execute(params![rid, row.seq, hash.as_bytes(), row.epoch, row.format])?;
    } else {
        tx.prepare_cached("UPDATE record SET base_seq = ?2, ct_hash = ?3 WHERE rid = ?1")?
            .execute(params![rid, row.seq, hash.as_bytes()])?;
    }
    Ok(())
}

/// What `state` tells of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowState {
    pub base_seq: u64,
    pub dirty: bool,
    pub local_only: bool,
    pub parked: Option<String>,
}

/// The state columns of one record.
pub fn row_state(tx: &Transaction<'_>, rid: RecordId) -> Result<Option<RowState>> {
    Ok(tx
        .prepare_cached("SELECT base_seq, dirty, local_only, parked FROM record WHERE rid = ?1")?
        .query_row([rid.as_bytes()], |row| {
            Ok(RowState {
                base_seq: row.get(0)?,
                dirty: row.get(1)?,
                local_only: row.get(2)?,
                parked: row.get(3)?,
            })
        })
        .optional()?)
}

/// How many records wait, and how many of them are parked.
pub fn waiting_records(tx: &Transaction<'_>) -> Result<(u64, u64)> {
    Ok(tx
        .prepare_cached(
            "SELECT count(*), count(parked) FROM record WHERE (dirty = 1 OR base_seq = 0) AND local_only = 0",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
