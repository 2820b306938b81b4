//! The SQL of the timer: one row, or none.

use crate::error::Result;
use crate::ids::EntryId;
use rusqlite::{OptionalExtension, Transaction, params};

/// The timer as it is kept.
pub(super) struct Row {
    pub entry: Option<EntryId>,
    /// What earlier stretches took.
    pub kept_ms: i64,
    /// When this stretch began, by the phone's clock and by the one that nobody can set; none while it is held.
    pub since: Option<(i64, Option<i64>)>,
    pub doubtful: bool,
}

pub(super) fn get(tx: &Transaction<'_>) -> Result<Option<Row>> {
    let mut select = tx.prepare_cached("SELECT entry, kept_ms, since_ms, since_boot, doubtful FROM timer")?;
    let row = select.query_row([], |row| {
        let since_boot = row.get(3)?;
        Ok(Row {
            entry: row.get::<_, Option<_>>(0)?.map(EntryId),
            kept_ms: row.get(1)?,
            since: row.get::<_, Option<i64>>(2)?.map(|since| (since, since_boot)),
            doubtful: row.get(4)?,
        })
    });
    Ok(row.optional()?)
}

pub(super) fn keep(tx: &Transaction<'_>, row: &Row) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO timer (one, entry, kept_ms, since_ms, since_boot, doubtful)
         VALUES (1, ?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        row.entry.map(|entry| entry.0),
        row.kept_ms,
        row.since.map(|(ms, _)| ms),
        row.since.and_then(|(_, steady)| steady),
        row.doubtful,
    ])?;
    Ok(())
}

pub(super) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached("DELETE FROM timer")?.execute([])?;
    Ok(())
}
