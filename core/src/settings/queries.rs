//! The SQL of this phone's own settings.

use crate::error::Result;
use rusqlite::{OptionalExtension, Transaction};

pub(super) fn number(tx: &Transaction<'_>, name: &str) -> Result<Option<i64>> {
    let mut select = tx.prepare_cached("SELECT value FROM phone_setting WHERE name = ?1")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

/// Keeps a number, or the default again where there is none.
pub(super) fn keep(tx: &Transaction<'_>, name: &str, value: Option<i64>) -> Result<()> {
    match value {
        Some(value) => tx
            .prepare_cached("INSERT OR REPLACE INTO phone_setting (name, value) VALUES (?1, ?2)")?
            .execute((name, value))?,
        None => tx.prepare_cached("DELETE FROM phone_setting WHERE name = ?1")?.execute([name])?,
    };
    Ok(())
}
