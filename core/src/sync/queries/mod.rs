//! The SQL of sync: where each space stands, what lies in quarantine, when all was safe.

mod blobs;
mod deletions;
mod left;
mod records;

use kinfolio_protocol::ids::DeviceId;
use kinfolio_protocol::sync::PullItem;
use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::Result;
use crate::ids::{RecordId, SpaceId};
use crate::records::READER;
use crate::storage;

pub use blobs::*;
pub use deletions::*;
pub use left::*;
pub use records::*;

/// Where this phone stands in one space (table `sync_space`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The life of the server's store that the numbers belong to.
    pub incarnation: [u8; 16],
    /// Every row up to this number has been taken in, but for `backfill`.
    pub cursor: u64,
    /// Rows below this number are still to come, newest first; `None` when all are here.
    pub backfill: Option<u64>,
}

/// Reads where the space stands; `None` before its first pull.
pub fn standing(tx: &Transaction<'_>, space: SpaceId) -> Result<Option<Standing>> {
    Ok(tx
        .prepare_cached("SELECT incarnation, cursor, backfill FROM sync_space WHERE space = ?1")?
        .query_row([space.as_bytes()], |row| {
            Ok(Standing { incarnation: row.get(0)?, cursor: row.get(1)?, backfill: row.get(2)? })
        })
        .optional()?)
}

/// Writes where the space stands.
pub fn stand(tx: &Transaction<'_>, space: SpaceId, at: &Standing) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO sync_space (space, incarnation, cursor, backfill) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (space) DO UPDATE SET
           incarnation = excluded.incarnation, cursor = excluded.cursor, backfill = excluded.backfill",
    )?
    .execute(params![space.as_bytes(), at.incarnation, at.cursor, at.backfill])?;
    Ok(())
}

/// Counts one more push request of this phone into the space and returns its number.
pub fn next_push_no(tx: &Transaction<'_>, space: SpaceId) -> Result<u64> {
    Ok(tx
        .prepare_cached("UPDATE sync_space SET push_no = push_no + 1 WHERE space = ?1 RETURNING push_no")?
        .query_row([space.as_bytes()], |row| row.get(0))?)
}

/// Moves the cursor past this phone's own rows when they are all that lies between it and the head, so that
/// they are not downloaded again.
pub fn skip_own_rows(
    tx: &Transaction<'_>,
    space: SpaceId,
    incarnation: &[u8; 16],
    head: u64,
    mut mine: Vec<u64>,
) -> Result<()> {
    mine.sort_unstable();
    let Some(at) = standing(tx, space)? else { return Ok(()) };
    let unbroken = mine.iter().zip(at.cursor.saturating_add(1)..).all(|(seq, expected)| *seq == expected);
    if unbroken && mine.last() == Some(&head) && at.incarnation == *incarnation {
        stand(tx, space, &Standing { cursor: head, ..at })?;
    }
    Ok(())
}

/// Why a row can't be opened; the number is the column's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// This phone has no key of its epoch, yet.
    NoKey = 1,
    /// A newer version of the app wrote it: the envelope or what it holds can't be read by this one.
    TooNew = 2,
    /// It is not what any phone of the family sealed for this place, or a text in it is none.
    Damaged = 3,
    /// A tombstone that came in since the last look at them all.
    Deleted = 4,
    /// A tombstone that waits for a person's word, or for this phone to have seen its record in the trash long enough.
    ToReview = 5,
}

/// Lays a row aside; a later row of the same record takes its place.
pub fn quarantine(tx: &Transaction<'_>, space: SpaceId, row: &PullItem, cause: Cause) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO quarantine (space, rid, seq, fmt, epoch, ct, cause, reader)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        space.as_bytes(),
        row.record.as_bytes(),
        row.seq,
        row.format,
        row.epoch,
        row.ciphertext,
        cause as u8,
        READER,
    ])?;
    Ok(())
}

/// Takes a record's row out of quarantine.
pub fn lift_quarantine(tx: &Transaction<'_>, rid: RecordId) -> Result<()> {
    tx.prepare_cached("DELETE FROM quarantine WHERE rid = ?1")?.execute([rid.as_bytes()])?;
    Ok(())
}

/// Rows that may open now: those that waited for a key, and those that an older app gave up.
pub fn worth_retrying(tx: &Transaction<'_>, space: SpaceId) -> Result<Vec<PullItem>> {
    let mut select = tx.prepare_cached(
        "SELECT rid, seq, fmt, epoch, ct FROM quarantine
          WHERE space = ?1 AND (cause = 1 OR (cause = 2 AND reader < ?2))",
    )?;
    let mut rows = select.query(params![space.as_bytes(), READER])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(PullItem {
            record: RecordId(row.get(0)?),
            seq: row.get(1)?,
            format: row.get(2)?,
            epoch: row.get(3)?,
            ciphertext: row.get(4)?,
            device: DeviceId([0; 16]),
        });
    }
    Ok(found)
}

/// Why a record's newest row can't be opened, if so.
pub fn cause(tx: &Transaction<'_>, rid: RecordId) -> Result<Option<Cause>> {
    let number: Option<u8> = tx
        .prepare_cached("SELECT cause FROM quarantine WHERE rid = ?1")?
        .query_row([rid.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(number.map(|number| match number {
        1 => Cause::NoKey,
        2 => Cause::TooNew,
        4 => Cause::Deleted,
        5 => Cause::ToReview,
        _ => Cause::Damaged,
    }))
}

/// How many rows can't be opened yet.
pub fn quarantined(tx: &Transaction<'_>) -> Result<u64> {
    Ok(tx
        .prepare_cached("SELECT count(*) FROM quarantine WHERE cause < 4")?
        .query_row([], |row| row.get(0))?)
}

/// Whether any space was ever pulled: a server is used from this store.
pub fn ever_connected(tx: &Transaction<'_>) -> Result<bool> {
    Ok(tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM sync_space)")?.query_row([], |row| row.get(0))?)
}

const SAFE_AT: &str = "sync-safe-at";

/// When everything was last stored on the server, ms since 1970.
pub fn safe_at(tx: &Transaction<'_>) -> Result<Option<i64>> {
    storage::number(tx, SAFE_AT)
}

/// Writes that everything is stored as of `now_ms`, if nothing waits; says whether that was so.
pub fn note_safe(tx: &Transaction<'_>, now_ms: i64) -> Result<bool> {
    if waiting_records(tx)?.0 > 0 || blobs_waiting(tx)? > 0 {
        return Ok(false);
    }
    storage::keep_number(tx, SAFE_AT, now_ms)?;
    Ok(true)
}
