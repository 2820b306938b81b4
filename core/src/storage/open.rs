//! Opening one connection, with every gate that must hold before a byte is trusted.

use super::StoreKey;
use crate::error::{Error, Result};
use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Statements kept compiled on each connection.
const STATEMENTS: usize = 64;

/// NORMAL loses acknowledged writes in a power cut; fullfsync is what makes FULL true on Apple's disks.
const DURABLE: &str = "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;";

/// The connection that writes. The file is made when it isn't there.
pub(super) fn writer(path: &Path, key: &StoreKey) -> Result<Connection> {
    let connection = keyed(path, key, OpenFlags::SQLITE_OPEN_CREATE)?;
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > super::LATEST {
        return Err(Error::StoreTooNew);
    }
    // From here on the file may change: the key opens it and its schema is known.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::internal("the store has no write-ahead log"));
    }
    connection.execute_batch(DURABLE)?;
    Ok(connection)
}

/// The connection that writes the log back into the file, beside the writer.
pub(super) fn log_keeper(path: &Path, key: &StoreKey) -> Result<Connection> {
    let connection = keyed(path, key, OpenFlags::empty())?;
    connection.execute_batch(DURABLE)?;
    Ok(connection)
}

/// A connection that only reads. The store must have been opened by [`writer`] before.
pub(super) fn reader(path: &Path, key: &StoreKey) -> Result<Connection> {
    let connection = keyed(path, key, OpenFlags::empty())?;
    connection.execute_batch("PRAGMA query_only = ON")?;
    // The last connection to close writes the log back, whichever it is.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(connection)
}

/// Opens, gives the key, and checks that the store is encrypted and that the key is the right one.
fn keyed(path: &Path, key: &StoreKey, more: OpenFlags) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(Duration::from_secs(5))?;
    // Closing would write the log back into the file; with a wrong key the file must stay as it is.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // It would write to stderr, page by page, when a key is wrong.
    execute(&connection, "PRAGMA cipher_log_level = NONE")?;
    execute(&connection, &key.pragma())?;
    // A build without SQLCipher ignores the key in silence and writes plain text.
    for gate in ["PRAGMA cipher_version", "PRAGMA cipher_provider"] {
        let answer: Option<String> = connection.query_row(gate, [], |row| row.get(0)).ok();
        if answer.is_none_or(|answer| answer.is_empty()) {
            return Err(Error::internal("this build can't encrypt the store"));
        }
    }
    check_key(&connection)?;
    // The default cache of 2 MB makes a timeline page three times slower.
    execute(
        &connection,
        "PRAGMA cache_size = -16000;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;",
    )?;
    Ok(connection)
}

/// Reads the first page: under a wrong key its authentication fails.
fn check_key(connection: &Connection) -> Result<()> {
    match connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Ok(()),
        Err(rusqlite::Error::SqliteFailure(failure, _)) if failure.code == ErrorCode::NotADatabase => {
            Err(Error::WrongKey)
        }
        Err(error) => Err(error.into()),
    }
}

/// Runs statements, some of which answer with a row.
fn execute(connection: &Connection, sql: &str) -> Result<()> {
    let mut batch = rusqlite::Batch::new(connection, sql);
    while let Some(mut statement) = batch.next()? {
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    Ok(())
}
