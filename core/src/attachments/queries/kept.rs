//! The SQL of which files stay on this phone, and which go to make room.

use rusqlite::{Transaction, params};

use crate::calendar::DAY_MS;
use crate::error::Result;
use crate::ids::BlobId;
use crate::storage;

/// Name of the setting: days; nothing or 0 keeps all.
const DAYS: &str = "keep-days";

/// What is true of a file whose entry, or one of whose learners, is pinned.
const PINNED: &str = "(EXISTS (SELECT 1 FROM pinned p WHERE p.rid = b.entry)
     OR EXISTS (SELECT 1 FROM entry e JOIN entry_learner l ON l.entry = e.id JOIN pinned p ON p.rid = l.learner
                 WHERE e.rid = b.entry))";

/// How many days a file stays after it was last looked at; `None` keeps all.
pub fn days(tx: &Transaction<'_>) -> Result<Option<u32>> {
    Ok(storage::number(tx, DAYS)?.and_then(|days| u32::try_from(days).ok()).filter(|days| *days > 0))
}

pub fn keep_days(tx: &Transaction<'_>, days: Option<u32>) -> Result<()> {
    storage::keep_number(tx, DAYS, days.unwrap_or_default().into())
}

/// Files last looked at before this time may go; `None` when all are kept.
pub fn since(tx: &Transaction<'_>, now_ms: i64) -> Result<Option<i64>> {
    Ok(days(tx)?.map(|days| before(now_ms, days)))
}

/// The time so many days ago.
pub fn before(now_ms: i64, days: u32) -> i64 {
    now_ms.saturating_sub(i64::from(days).saturating_mul(DAY_MS))
}

/// Of what is not here, says anew what is to come by itself and what stays on the server. One file, or all.
pub fn settle(tx: &Transaction<'_>, now_ms: i64, blob: Option<BlobId>) -> Result<()> {
    let since = since(tx, now_ms)?;
    let sql = format!(
        "UPDATE blob AS b SET let_go = (?1 IS NOT NULL AND b.used_at < ?1 AND NOT {PINNED})
          WHERE b.state = 4 AND b.preview = 0 AND (?2 IS NULL OR b.blob = ?2)"
    );
    tx.prepare_cached(&sql)?.execute(params![since, blob.map(|blob| blob.0)])?;
    Ok(())
}

/// A file that may go.
pub struct Going {
    pub blob: BlobId,
    /// Bytes of the sealed file.
    pub size: u64,
}

/// Files that may go, the longest unseen first: complete on the server, no small copies, not pinned.
pub fn going(tx: &Transaction<'_>, since: i64, limit: u32) -> Result<Vec<Going>> {
    let sql = format!(
        "SELECT b.blob, b.size FROM blob b
          WHERE b.state = 3 AND b.preview = 0 AND b.used_at < ?1 AND NOT {PINNED}
          ORDER BY b.used_at, b.rowid LIMIT ?2"
    );
    let mut select = tx.prepare_cached(&sql)?;
    let rows = select
        .query_map(params![since, limit], |row| Ok(Going { blob: BlobId(row.get(0)?), size: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many files may go, and their bytes.
pub fn sum_going(tx: &Transaction<'_>, since: i64) -> Result<(u64, u64)> {
    let sql = format!(
        "SELECT count(*), coalesce(sum(b.size), 0) FROM blob b
          WHERE b.state = 3 AND b.preview = 0 AND b.used_at < ?1 AND NOT {PINNED}"
    );
    Ok(tx.prepare_cached(&sql)?.query_row([since], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The file is no longer of this phone; its bytes are noted as unused.
pub fn let_go(tx: &Transaction<'_>, blob: BlobId) -> Result<()> {
    tx.prepare_cached("UPDATE blob SET state = 4, let_go = 1 WHERE blob = ?1 AND state = 3")?
        .execute([blob.as_bytes()])?;
    super::unused(tx, blob)
}

/// Whether a look at the file is news: it was last looked at a day ago or more.
pub fn is_news(tx: &Transaction<'_>, blob: BlobId, now_ms: i64) -> Result<bool> {
    let mut select = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM blob WHERE blob = ?1 AND preview = 0 AND used_at <= ?2)",
    )?;
    Ok(select.query_row(params![blob.as_bytes(), now_ms - DAY_MS], |row| row.get(0))?)
}

/// Somebody looked at the file.
pub fn used(tx: &Transaction<'_>, blob: BlobId, now_ms: i64) -> Result<()> {
    tx.prepare_cached("UPDATE blob SET used_at = ?2 WHERE blob = ?1")?
        .execute(params![blob.as_bytes(), now_ms])?;
    Ok(())
}

pub fn pin(tx: &Transaction<'_>, rid: [u8; 16], kind: u8) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO pinned (rid, kind) VALUES (?1, ?2)")?
        .execute(params![rid, kind])?;
    Ok(())
}

pub fn unpin(tx: &Transaction<'_>, rid: [u8; 16]) -> Result<()> {
    tx.prepare_cached("DELETE FROM pinned WHERE rid = ?1")?.execute([rid])?;
    Ok(())
}

/// What is pinned: id and kind.
pub fn pins(tx: &Transaction<'_>) -> Result<Vec<([u8; 16], u8)>> {
    let mut select = tx.prepare_cached("SELECT rid, kind FROM pinned ORDER BY kind, rid")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Bytes of small copies here, of other files here, and of those that were let go.
pub fn sums(tx: &Transaction<'_>) -> Result<(u64, u64, u64)> {
    Ok(tx
        .prepare_cached(
            "SELECT coalesce(sum(size) FILTER (WHERE preview = 1 AND state <> 4), 0),
                    coalesce(sum(size) FILTER (WHERE preview = 0 AND state <> 4), 0),
                    coalesce(sum(size) FILTER (WHERE let_go = 1), 0)
               FROM blob",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}
