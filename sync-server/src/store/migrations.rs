//! The numbered migrations of the server, embedded, and the runner for each engine.

use rusqlite::{Connection, TransactionBehavior};

use super::Result;
use crate::error::ApiError;

/// One migration: applied once, in its own transaction, never changed after a release.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, … without gaps.
    pub number: i64,
    /// The file's name.
    pub name: &'static str,
    /// The statements.
    pub sql: &'static str,
}

/// Reads `migrations/server/<folder>/<name>.sql` at build time.
macro_rules! migration {
    ($number:literal, $folder:literal, $name:literal) => {
        Migration {
            number: $number,
            name: $name,
            sql: include_str!(concat!("../../../migrations/server/", $folder, "/", $name, ".sql")),
        }
    };
}

/// The account plane of the embedded engine.
pub const EMBEDDED_ACCOUNTS: &[Migration] = &[
    migration!(1, "embedded/accounts", "001_accounts"),
    migration!(2, "embedded/accounts", "002_members"),
    migration!(3, "embedded/accounts", "003_secrets_mark"),
    migration!(4, "embedded/accounts", "004_two_step"),
    migration!(5, "embedded/accounts", "005_taking_back"),
    migration!(6, "embedded/accounts", "006_leaving"),
    migration!(7, "embedded/accounts", "007_approved_sign_ins"),
    migration!(8, "embedded/accounts", "008_upstream"),
    migration!(9, "embedded/accounts", "009_arrival_time"),
    migration!(10, "embedded/accounts", "010_erasing"),
    migration!(11, "embedded/accounts", "011_apps"),
    migration!(12, "embedded/accounts", "012_code_digits"),
    migration!(13, "embedded/accounts", "013_two_step_on"),
    migration!(14, "embedded/accounts", "014_max_age"),
    migration!(15, "embedded/accounts", "015_waiting_mails"),
    migration!(16, "embedded/accounts", "016_resets"),
    migration!(17, "embedded/accounts", "017_audit_detail"),
    migration!(18, "embedded/accounts", "018_clock"),
];

/// One family's file of the embedded engine.
pub const EMBEDDED_FAMILY: &[Migration] = &[
    migration!(1, "embedded/family", "001_family"),
    migration!(2, "embedded/family", "002_family_plane"),
    migration!(3, "embedded/family", "003_kept_versions_count"),
    migration!(4, "embedded/family", "004_purge_pending"),
];

/// Both planes of the Postgres engine.
pub const POSTGRES: &[Migration] = &[
    migration!(1, "postgres", "001_accounts_and_family"),
    migration!(2, "postgres", "002_family_plane"),
    migration!(3, "postgres", "003_secrets_mark_and_kept_versions"),
    migration!(4, "postgres", "004_two_step"),
    migration!(5, "postgres", "005_taking_back"),
    migration!(6, "postgres", "006_leaving"),
    migration!(7, "postgres", "007_approved_sign_ins"),
    migration!(8, "postgres", "008_upstream"),
    migration!(9, "postgres", "009_arrival_time"),
    migration!(10, "postgres", "010_erasing"),
    migration!(11, "postgres", "011_apps"),
    migration!(12, "postgres", "012_code_digits"),
    migration!(13, "postgres", "013_two_step_on"),
    migration!(14, "postgres", "014_max_age"),
    migration!(15, "postgres", "015_waiting_mails"),
    migration!(16, "postgres", "016_resets"),
    migration!(17, "postgres", "017_audit_detail"),
    migration!(18, "postgres", "018_purge_pending"),
    migration!(19, "postgres", "019_clock"),
];

/// The roles of the Postgres engine: run once by a superuser, before the first migration.
pub const ROLES: &str = include_str!("../../../migrations/server/postgres/roles.sql");

/// Brings an embedded file up to date. A file from a newer server is refused untouched.
pub(super) fn run_embedded(connection: &mut Connection, migrations: &[Migration]) -> Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let newest = migrations.last().map_or(0, |migration| migration.number);
    if version > newest {
        return Err(ApiError::internal("the store is from a newer server: install that one"));
    }
    for migration in migrations.iter().filter(|migration| migration.number > version) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration.sql)?;
        transaction.pragma_update(None, "user_version", migration.number)?;
        transaction.commit()?;
        tracing::info!(migration = migration.name, "migrated");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_gaps() {
        for list in [EMBEDDED_ACCOUNTS, EMBEDDED_FAMILY, POSTGRES] {
            for (index, migration) in list.iter().enumerate() {
                assert_eq!(migration.number, index as i64 + 1, "{}", migration.name);
                assert!(migration.name.starts_with(&format!("{:03}_", migration.number)));
            }
        }
    }

    #[test]
    fn running_migrations_again_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        for _ in 0..2 {
            run_embedded(&mut connection, EMBEDDED_ACCOUNTS).unwrap();
        }
        connection.pragma_update(None, "user_version", 9_999).unwrap();
        assert!(run_embedded(&mut connection, EMBEDDED_ACCOUNTS).is_err());
    }
}
