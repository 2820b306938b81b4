//! The numbered changes of the schema, embedded, each in one transaction.

use crate::error::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};

/// Number and text of every migration, ascending. A landed one never changes.
const MIGRATIONS: &[(u32, &str)] = &[
    (1, include_str!("../../../migrations/device/001_records.sql")),
    (2, include_str!("../../../migrations/device/002_rooms.sql")),
    (3, include_str!("../../../migrations/device/003_attachments.sql")),
    (4, include_str!("../../../migrations/device/004_keys.sql")),
    (5, include_str!("../../../migrations/device/005_account.sql")),
    (6, include_str!("../../../migrations/device/006_sync.sql")),
];

/// The schema that this version writes.
pub const LATEST: u32 = latest();

const fn latest() -> u32 {
    match MIGRATIONS.last() {
        Some((number, _)) => *number,
        None => 0,
    }
}

/// Brings the schema from wherever it stands to [`LATEST`].
pub(super) fn run(connection: &mut Connection) -> Result<()> {
    let mut version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (number, sql) in MIGRATIONS {
        if version >= *number {
            continue;
        }
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
        version = *number;
    }
    if version == LATEST { Ok(()) } else { Err(Error::StoreTooNew) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_upwards() {
        assert!(MIGRATIONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
