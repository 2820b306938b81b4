//! Single numbers and ids that belong to no table of their own, by name (table `meta`).

use super::Transaction;
use crate::error::Result;
use rusqlite::OptionalExtension;

/// Reads a number; `None` before it was first kept.
///
/// # Errors
/// When the store can't be read.
pub fn number(tx: &Transaction<'_>, name: &str) -> Result<Option<i64>> {
    Ok(value(tx, name)?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes))
}

/// Reads an id; `None` before it was first kept.
///
/// # Errors
/// When the store can't be read.
pub fn id(tx: &Transaction<'_>, name: &str) -> Result<Option<[u8; 16]>> {
    Ok(value(tx, name)?.and_then(|bytes| bytes.try_into().ok()))
}

fn value(tx: &Transaction<'_>, name: &str) -> Result<Option<Vec<u8>>> {
    let mut select = tx.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

/// Keeps a number.
///
/// # Errors
/// When the store can't be written.
pub fn keep_number(tx: &Transaction<'_>, name: &str, number: i64) -> Result<()> {
    keep(tx, name, &number.to_be_bytes())
}

/// Keeps an id.
///
/// # Errors
/// When the store can't be written.
pub fn keep_id(tx: &Transaction<'_>, name: &str, id: &[u8; 16]) -> Result<()> {
    keep(tx, name, id)
}

/// Keeps nothing under this name any more.
///
/// # Errors
/// When the store can't be written.
pub fn forget(tx: &Transaction<'_>, name: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM meta WHERE name = ?1")?.execute([name])?;
    Ok(())
}

fn keep(tx: &Transaction<'_>, name: &str, value: &[u8]) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )?
    .execute((name, value))?;
    Ok(())
}
