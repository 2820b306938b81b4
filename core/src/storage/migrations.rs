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
    (7, include_str!("../../../migrations/device/007_parked.sql")),
    (8, include_str!("../../../migrations/device/008_blob_parts.sql")),
    (9, include_str!("../../../migrations/device/009_sync_space.sql")),
    (10, include_str!("../../../migrations/device/010_notices.sql")),
    (11, include_str!("../../../migrations/device/011_sign_in_ends.sql")),
    (12, include_str!("../../../migrations/device/012_shelves.sql")),
    (13, include_str!("../../../migrations/device/013_subjects_and_shares.sql")),
    (14, include_str!("../../../migrations/device/014_replaced_sign_ins.sql")),
    (15, include_str!("../../../migrations/device/015_originals.sql")),
    (16, include_str!("../../../migrations/device/016_phone.sql")),
    (17, include_str!("../../../migrations/device/017_trash.sql")),
    (18, include_str!("../../../migrations/device/018_catch_up.sql")),
    (19, include_str!("../../../migrations/device/019_finding.sql")),
    (20, include_str!("../../../migrations/device/020_files.sql")),
    (21, include_str!("../../../migrations/device/021_retention.sql")),
    (22, include_str!("../../../migrations/device/022_versions_and_log.sql")),
    (23, include_str!("../../../migrations/device/023_search.sql")),
    (24, include_str!("../../../migrations/device/024_purged.sql")),
    (25, include_str!("../../../migrations/device/025_remembered.sql")),
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
    if apply(connection, MIGRATIONS)? == LATEST { Ok(()) } else { Err(Error::StoreTooNew) }
}

/// Applies those that the store has not seen; gives the number where it stands then.
fn apply(connection: &mut Connection, migrations: &[(u32, &str)]) -> Result<u32> {
    let mut version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (number, sql) in migrations {
        if version >= *number {
            continue;
        }
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
        version = *number;
    }
    Ok(version)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::types::Value;

    #[test]
    fn migrations_are_numbered_upwards() {
        assert!(MIGRATIONS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_record_is_the_same_after_its_table_was_made_anew() {
        let mut store = Connection::open_in_memory().unwrap();
        assert_eq!(apply(&mut store, &MIGRATIONS[..6]).unwrap(), 6);
        store
            .execute_batch(
                "INSERT INTO record VALUES (7, x'01010101010101010101010101010101',
                   x'02020202020202020202020202020202', 2, x'aa', x'bb', 3, 1, x'cc', 44, 1, 0, 0, 5, 'why')",
            )
            .unwrap();
        let before = row(&store, "SELECT * FROM record");
        run(&mut store).unwrap();
        assert_eq!(row(&store, "SELECT * FROM record"), before);
    }

    #[test]
    fn a_photo_file_is_where_it_was_after_a_column_went() {
        let mut store = Connection::open_in_memory().unwrap();
        assert_eq!(apply(&mut store, &MIGRATIONS[..7]).unwrap(), 7);
        let id = "x'01010101010101010101010101010101'";
        store.execute_batch(&format!("INSERT INTO blob VALUES ({id}, {id}, 1, 44, 2, 0, 3, 'why')")).unwrap();
        let kept = "SELECT blob, entry, preview, size, state, tries, parked FROM blob";
        let before = row(&store, kept);
        assert_eq!(apply(&mut store, &MIGRATIONS[..8]).unwrap(), 8);
        assert_eq!(row(&store, "SELECT * FROM blob"), before, "and nothing else is left");
        run(&mut store).unwrap();
        assert_eq!(row(&store, kept), before);
    }

    #[test]
    fn a_photo_is_the_same_after_its_table_was_made_anew() {
        let mut store = Connection::open_in_memory().unwrap();
        assert_eq!(apply(&mut store, &MIGRATIONS[..15]).unwrap(), 15);
        let id = "x'01010101010101010101010101010101'";
        let file = format!("{id}, x'aa', 44, x'bb'");
        store
            .execute_batch(&format!(
                "INSERT INTO attachment VALUES
                   ({id}, {id}, 3, {file}, {file}, 20, 15, 'blur', '2026-05-03T10:20:30', 'image/jpeg', 'c', 'a', x'cc')"
            ))
            .unwrap();
        let kept = "SELECT attachment, entry, position, display, display_key, display_size, display_hash, thumb,
                           thumb_key, thumb_size, thumb_hash, width, height, blurhash, captured_at, mime, caption,
                           alt, original FROM attachment";
        let before = row(&store, kept);
        run(&mut store).unwrap();
        assert_eq!(row(&store, kept), before);
        assert_eq!(row(&store, "SELECT file, file_mime FROM attachment"), [Value::Null, Value::Null]);
    }

    #[test]
    fn a_space_stands_where_it_stood_after_a_column_went() {
        let mut store = Connection::open_in_memory().unwrap();
        assert_eq!(apply(&mut store, &MIGRATIONS[..8]).unwrap(), 8);
        let id = "x'01010101010101010101010101010101'";
        store.execute_batch(&format!("INSERT INTO sync_space VALUES ({id}, {id}, 44, 7, 3, NULL)")).unwrap();
        let kept = "SELECT space, incarnation, cursor, backfill, push_no FROM sync_space";
        let before = row(&store, kept);
        run(&mut store).unwrap();
        assert_eq!(row(&store, "SELECT * FROM sync_space"), before, "and nothing else is left");
    }

    fn row(store: &Connection, sql: &str) -> Vec<Value> {
        let mut select = store.prepare(sql).unwrap();
        let columns = select.column_count();
        select.query_row([], |row| (0..columns).map(|column| row.get(column)).collect()).unwrap()
    }
}
