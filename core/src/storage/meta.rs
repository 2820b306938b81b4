//! Single numbers that belong to no table of their own, by name (table `meta`).

use super::Transaction;
use crate::error::Result;
use rusqlite::OptionalExtension;

/// Reads a number; `None` before it was first kept.
///
/// # Errors
/// When the store can't be read.
pub fn number(tx: &Transaction<'_>, name: &str) -> Result<Option<i64>> {
    let mut select = tx.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    let value: Option<Vec<u8>> = select.query_row([name], |row| row.get(0)).optional()?;
    Ok(value.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes))
}

/// Keeps a number.
///
/// # Errors
/// When the store can't be written.
pub fn keep_number(tx: &Transaction<'_>, name: &str, number: i64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute((name, number.to_be_bytes()))?;
    Ok(())
}
