//! What lies in the trash, of every kind, and on how many days this phone saw it there: a clock that jumps must not
//! empty the trash.

use super::Document;
use crate::error::Result;
use crate::ids::RecordId;
use rusqlite::{Row, Transaction, params};

/// A record in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lying {
    /// Which.
    pub rid: RecordId,
    /// Its kind.
    pub kind: u16,
    /// When it was put there, milliseconds since 1970.
    pub trashed_at: i64,
    /// The first day on which this phone saw it there, counted from 1970 by the server's clock.
    pub first_day: Option<i64>,
    /// On how many days this phone saw it there.
    pub days: i64,
}

/// Keeps the list level with a record, wherever that was changed.
///
/// # Errors
/// When the store can't be written.
pub fn note(tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<()> {
    match doc.trashed_at_ms() {
        Some(at) => {
            tx.prepare_cached(
                "INSERT INTO trash (rid, kind, trashed_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (rid) DO UPDATE SET trashed_at = excluded.trashed_at",
            )?
            .execute(params![rid.as_bytes(), doc.kind(), at])?;
        }
        None => {
            tx.prepare_cached("DELETE FROM trash WHERE rid = ?1")?.execute([rid.as_bytes()])?;
        }
    }
    Ok(())
}

/// Everything in the trash, what was put there last first.
///
/// # Errors
/// When the store can't be read.
pub fn lying(tx: &Transaction<'_>) -> Result<Vec<Lying>> {
    let mut select = tx.prepare_cached(
        "SELECT rid, kind, trashed_at, first_day, days FROM trash ORDER BY trashed_at DESC, rid",
    )?;
    Ok(select.query_map([], read)?.collect::<Result<_, _>>()?)
}

/// This phone sees on `day` what lies in the trash; a second look on one day counts nothing.
///
/// # Errors
/// When the store can't be written.
pub fn see(tx: &Transaction<'_>, day: i64) -> Result<()> {
    tx.prepare_cached(
        "UPDATE trash SET days = days + 1, first_day = coalesce(first_day, ?1), last_day = ?1
          WHERE last_day IS NOT ?1",
    )?
    .execute([day])?;
    Ok(())
}

/// Whether this phone has seen a record in the trash for so many days, from the first to `day`.
///
/// # Errors
/// When the store can't be read.
pub fn seen_for(tx: &Transaction<'_>, rid: RecordId, day: i64, days: i64) -> Result<bool> {
    let mut select =
        tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM trash WHERE rid = ?1 AND first_day <= ?2)")?;
    Ok(select.query_row(params![rid.as_bytes(), day - days], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Lying> {
    Ok(Lying {
        rid: RecordId(row.get(0)?),
        kind: row.get(1)?,
        trashed_at: row.get(2)?,
        first_day: row.get(3)?,
        days: row.get(4)?,
    })
}
