//! Opening one SQLCipher file, behind gates that make silence impossible (reliability.md).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::{Zeroize, Zeroizing};

use super::Result;
use crate::error::ApiError;

/// The raw key of one file.
pub(super) type FileKey = Zeroizing<[u8; 32]>;

/// How a file is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Read and write; the file is made when it is missing.
    Create,
    /// Read only, beside the writer.
    Read,
}

/// Opens `path` under `key`. Refuses to go on when the library would write plain SQLite, when the key does
/// not fit, or when a commit would not survive a pulled plug.
pub(super) fn open(path: &Path, key: &FileKey, mode: Mode) -> Result<Connection> {
    refuse_plain(path)?;
    let flags = match mode {
        Mode::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Mode::Read => OpenFlags::SQLITE_OPEN_READ_WRITE,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Its own log goes to stderr and would mix with ours.
    pragma(&connection, "PRAGMA cipher_log_level = NONE")?;
    let mut statement = Zeroizing::new(String::with_capacity(96));
    statement.push_str("PRAGMA key = \"x'");
    let mut hex = crate::hex::hex(key.as_slice());
    statement.push_str(&hex);
    hex.zeroize();
    statement.push_str("'\"");
    pragma(&connection, &statement)?;
    // Without the cipher `PRAGMA key` is ignored in silence: ask who answers.
    let version = pragma(&connection, "PRAGMA cipher_version")?;
    let provider = pragma(&connection, "PRAGMA cipher_provider")?;
    if version.is_none() || !matches!(provider.as_deref(), Some("openssl" | "commoncrypto")) {
        return Err(ApiError::internal("this build has no SQLCipher: refusing to open a store"));
    }
    if pragma(&connection, "PRAGMA journal_mode = WAL")?.as_deref() != Some("wal") {
        return Err(ApiError::internal("the store cannot use a write-ahead log here"));
    }
    // NORMAL loses acknowledged writes when the power goes.
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 10000; PRAGMA secure_delete = ON;",
    )?;
    if connection.query_row("PRAGMA synchronous", [], |row| row.get::<_, i64>(0))? != 2 {
        return Err(ApiError::internal("the store does not wait for the disk"));
    }
    if mode == Mode::Read {
        connection.execute_batch("PRAGMA query_only = ON")?;
    }
    Ok(connection)
}

/// The first row of a pragma as text, if it answers at all. Errors name no key.
fn pragma(connection: &Connection, sql: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(row.get::<_, Option<String>>(0).ok().flatten())
}

/// A file that begins like plain SQLite was never ours.
fn refuse_plain(path: &Path) -> Result<()> {
    let mut header = [0; 16];
    let read = match File::open(path) {
        Ok(mut file) => file.read(&mut header).unwrap_or(0),
        Err(_) => 0,
    };
    if read == header.len() && header == *b"SQLite format 3\0" {
        return Err(ApiError::internal("the store file is not encrypted: refusing to open it"));
    }
    Ok(())
}

impl From<rusqlite::Error> for ApiError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::conflict(
                kinfolio_protocol::json::code::CONSTRAINT,
                "this is already there, or what it belongs to is not",
            ),
            Some(ErrorCode::DiskFull) => Self::storage_full(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::busy(1),
            _ => Self::internal("embedded store"),
        }
        .with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> FileKey {
        Zeroizing::new([byte; 32])
    }

    #[test]
    fn a_store_file_is_noise_from_its_first_byte() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        let connection = open(&path, &key(1), Mode::Create).unwrap();
        connection.execute_batch("CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('canary-canary')").unwrap();
        drop(connection);
        let bytes = std::fs::read(&path).unwrap();
        assert_ne!(&bytes[..15], b"SQLite format 3");
        assert!(!bytes.windows(6).any(|window| window == b"canary"));
    }

    #[test]
    fn the_wrong_key_opens_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        open(&path, &key(1), Mode::Create).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
        let before = std::fs::read(&path).unwrap();
        for byte in 2..=201 {
            assert!(open(&path, &key(byte), Mode::Create).is_err());
        }
        assert_eq!(std::fs::read(&path).unwrap(), before);
        assert!(open(&path, &key(1), Mode::Create).is_ok());
    }

    #[test]
    fn a_plain_sqlite_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("plain.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
        assert!(open(&path, &key(1), Mode::Create).is_err());
    }
}
