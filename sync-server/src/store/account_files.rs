//! The data folder at a start: locked for one server, and its accounts.db opened by one writer and its readers.

use std::fs::{File, TryLockError};
use std::path::Path;

use rusqlite::Connection;

use super::Result;
use super::migrations::{self, EMBEDDED_ACCOUNTS};
use super::sqlcipher::{self, FileKey, Mode};
use crate::config::StartError;
use crate::error::ApiError;

/// Connections that read accounts beside the one writer.
const ACCOUNT_READERS: usize = 2;

/// The lock, the one writer, the readers.
pub(super) type Accounts = (File, Connection, Vec<Connection>);

/// Opens or makes `accounts.db` in a folder that is this server's alone from now on.
pub(super) fn open(dir: &Path, key: &FileKey) -> std::result::Result<Accounts, StartError> {
    let folder = |error: std::io::Error| {
        StartError::Store(format!("the data folder {} cannot be written: {error}", dir.display()))
    };
    std::fs::create_dir_all(dir.join("families")).map_err(folder)?;
    let lock = File::create(dir.join("lock")).map_err(folder)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => StartError::Config(format!(
            "another server uses the data folder {}: stop it, or name another folder with --data",
            dir.display()
        )),
        TryLockError::Error(error) => folder(error),
    })?;
    if families_without_accounts(dir).map_err(folder)? {
        let why = "accounts.db is missing or empty, but families/ holds families: put accounts.db and what begins with \
                   its name back from the copy";
        return Err(StartError::Config(why.into()));
    }
    open_files_of_accounts(dir, key, lock).map_err(start_error)
}

/// A new accounts.db would hold none of their keys.
fn families_without_accounts(dir: &Path) -> std::io::Result<bool> {
    let accounts = std::fs::metadata(dir.join("accounts.db")).is_ok_and(|file| file.len() > 0);
    Ok(!accounts && std::fs::read_dir(dir.join("families"))?.next().is_some())
}

fn open_files_of_accounts(dir: &Path, key: &FileKey, lock: File) -> Result<Accounts> {
    let path = dir.join("accounts.db");
    let mut accounts = sqlcipher::open(&path, key, Mode::Create)?;
    migrations::run_embedded(&mut accounts, EMBEDDED_ACCOUNTS)?;
    sync_folder(dir)?;
    let readers =
        (0..ACCOUNT_READERS).map(|_| sqlcipher::open(&path, key, Mode::Read)).collect::<Result<Vec<_>>>()?;
    Ok((lock, accounts, readers))
}

/// Makes the names of new files last through a pulled plug.
pub(super) fn sync_folder(dir: &Path) -> Result<()> {
    File::open(dir)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| ApiError::internal("the data folder cannot be synced").with_source(error))
}

fn start_error(error: ApiError) -> StartError {
    let cause = error.source_as::<rusqlite::Error>().and_then(rusqlite::Error::sqlite_error_code);
    if cause == Some(rusqlite::ErrorCode::NotADatabase) {
        let why = "the store does not open with these secrets: put the secrets file back that it was made with, or, if \
                   this is that file, the store from its copy: its first page is damaged";
        return StartError::Config(why.into());
    }
    match error.source_as::<rusqlite::Error>() {
        Some(cause) => StartError::Store(format!("accounts.db in the data folder cannot be opened: {cause}")),
        None => error.into(),
    }
}
