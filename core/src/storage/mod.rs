//! The encrypted store: one file, one writer, two readers.

mod failure;
mod key;
mod log;
mod meta;
mod migrations;
mod open;

pub use key::StoreKey;
pub use meta::{forget, id, keep_id, keep_number, number};
pub use migrations::LATEST;
/// An open transaction of the store.
pub use rusqlite::Transaction;

use crate::error::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Connections that only read. More would only hold more page cache.
const READERS: usize = 2;

/// The open store. Everything in it is encrypted; pictures lie beside it in files of their own.
pub struct Storage {
    path: PathBuf,
    key: StoreKey,
    writer: Mutex<Connection>,
    log: log::LogKeeper,
    readers: Mutex<Readers>,
    reader_back: Condvar,
}

/// Readers that nobody uses just now, and how many were opened. A second one is opened when it is first needed.
#[derive(Default)]
struct Readers {
    idle: Vec<Connection>,
    opened: usize,
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}

impl Storage {
    /// Opens the store at `path`, or makes it there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::WrongKey`] and [`Error::StoreTooNew`] leave the file as it was; [`Error::StorageFull`] leaves the schema at a finished migration.
    pub fn open(path: &Path, key: &StoreKey) -> Result<Self> {
        let mut writer = open::writer(path, key)?;
        migrations::run(&mut writer)?;
        let log = log::LogKeeper::of(&mut writer)?;
        Ok(Self {
            path: path.to_path_buf(),
            key: key.clone(),
            writer: Mutex::new(writer),
            log,
            readers: Mutex::default(),
            reader_back: Condvar::new(),
        })
    }

    /// Reads at one moment: what is written meanwhile is not seen. Waits while both readers are in use.
    ///
    /// # Errors
    /// What `work` returns, and [`Error::StoreDamaged`].
    pub fn read<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut reader = self.reader()?;
        let tx = reader.connection()?.transaction()?;
        let result = work(&tx);
        sound(&tx)?;
        result
    }

    /// Writes in one transaction: all of it is durable when this returns, or none of it happened.
    ///
    /// # Errors
    /// What `work` returns, and [`Error::StorageFull`].
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = lock(&self.writer);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&tx);
        sound(&tx)?;
        let value = result?;
        tx.commit()?;
        self.log.committed(&writer, &self.path, &self.key);
        Ok(value)
    }

    /// Moves everything out of the write-ahead log into the file, as before the system suspends the app.
    ///
    /// # Errors
    /// [`Error::StorageFull`]; nothing is lost, the log stays.
    pub fn checkpoint(&self) -> Result<()> {
        let writer = lock(&self.writer);
        self.log.finish();
        Ok(writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    fn reader(&self) -> Result<Reader<'_>> {
        let mut readers = lock(&self.readers);
        loop {
            if let Some(connection) = readers.idle.pop() {
                return Ok(Reader { storage: self, connection: Some(connection) });
            }
            if readers.opened < READERS {
                let connection = open::reader(&self.path, &self.key)?;
                readers.opened += 1;
                return Ok(Reader { storage: self, connection: Some(connection) });
            }
            readers = self.reader_back.wait(readers).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        self.log.finish();
    }
}

/// A damaged page fails its authentication, yet SQLCipher hands out the row that needed it, with other bytes in it,
/// and only notes the failure. So no answer leaves before the note was read. It is taken while the statement is
/// compiled, so this one is compiled each time.
fn sound(tx: &Transaction<'_>) -> Result<()> {
    let status: String = tx.query_row("PRAGMA cipher_status", [], |row| row.get(0))?;
    if status == "1" { Ok(()) } else { Err(Error::StoreDamaged("page".into())) }
}

/// A reader on loan; it goes back when dropped, whatever happened to its borrower.
struct Reader<'a> {
    storage: &'a Storage,
    connection: Option<Connection>,
}

impl Reader<'_> {
    fn connection(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or_else(|| Error::internal("reader on loan"))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            lock(&self.storage.readers).idle.push(connection);
            self.storage.reader_back.notify_one();
        }
    }
}

/// A panic inside a transaction rolled it back, so the connection behind a poisoned lock is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
