//! The embedded engine: one SQLCipher file for accounts and one per family, each family under its own
//! random key, wrapped by the server's key.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, TransactionBehavior};
use tokio::sync::{Mutex, OwnedMutexGuard};
use zeroize::Zeroizing;

use super::Result;
use super::migrations::{self, EMBEDDED_ACCOUNTS, EMBEDDED_FAMILY};
use super::open_files::{OpenFiles, Slot};
use super::sqlcipher::{self, FileKey, Mode};
use super::tx::{Engine, Tx};
use super::value::{Row, Value};
use crate::clock::{Clock, Randomness};
use crate::config::StartError;
use crate::error::{ApiError, hex};
use crate::secrets::Secrets;

/// Connections that read accounts beside the one writer.
const ACCOUNT_READERS: usize = 2;

pub(super) struct Embedded {
    dir: PathBuf,
    wrapping: crate::secrets::FamilyKeyWrap,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Randomness>,
    accounts: Arc<Mutex<Connection>>,
    account_readers: Vec<Arc<Mutex<Connection>>>,
    next_reader: AtomicUsize,
    families: OpenFiles,
    /// Held as long as the engine lives: a second server on the same folder must not start.
    _lock: File,
}

impl Embedded {
    pub(super) async fn open(
        dir: &Path,
        secrets: &Secrets,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Randomness>,
        open_families: usize,
    ) -> Result<Self, StartError> {
        let dir = dir.to_owned();
        let accounts_key = secrets.accounts_file_key();
        let wrapping = secrets.family_key_wrap();
        let (lock, accounts, readers) = {
            let dir = dir.clone();
            blocking(move || open_accounts(&dir, &accounts_key)).await??
        };
        Ok(Self {
            dir,
            wrapping,
            clock,
            random,
            accounts: Arc::new(Mutex::new(accounts)),
            account_readers: readers.into_iter().map(|reader| Arc::new(Mutex::new(reader))).collect(),
            next_reader: AtomicUsize::new(0),
            families: OpenFiles::new(open_families),
            _lock: lock,
        })
    }

    pub(super) async fn account<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let mut connection = Arc::clone(&self.accounts).lock_owned().await;
        blocking(move || transact(&mut connection, &f)).await?
    }

    pub(super) async fn account_read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let turn = self.next_reader.fetch_add(1, Ordering::Relaxed) % self.account_readers.len().max(1);
        let reader = self.account_readers.get(turn).ok_or_else(|| ApiError::internal("no account reader"))?;
        let mut connection = Arc::clone(reader).lock_owned().await;
        blocking(move || {
            let transaction = connection.transaction()?;
            f(&mut Tx(Engine::Embedded(&transaction)))
        })
        .await?
    }

    pub(super) async fn family<T, F>(&self, family: [u8; 16], f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let mut slot = self.ready(family).await?;
        blocking(move || {
            let connection = opened(&mut slot)?;
            transact(connection, &|tx: &mut Tx<'_>| {
                is_founded(tx, family)?;
                f(tx)
            })
        })
        .await?
    }

    /// Refuses to write, as Postgres does: a room that writes while it reads is found on either engine.
    pub(super) async fn family_read<T, F>(&self, family: [u8; 16], f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let mut slot = self.ready(family).await?;
        blocking(move || {
            // Put back only once it may write again: whatever stops in between, the file is opened anew.
            let connection = slot.take().ok_or_else(closed)?;
            connection.pragma_update(None, "query_only", true)?;
            let read = || {
                let transaction = connection.unchecked_transaction()?;
                let mut tx = Tx(Engine::Embedded(&transaction));
                is_founded(&mut tx, family)?;
                f(&mut tx)
            };
            let answer = read();
            connection.pragma_update(None, "query_only", false)?;
            *slot = Some(connection);
            answer
        })
        .await?
    }

    pub(super) async fn create_family<T, F>(&self, family: [u8; 16], f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let key: FileKey = Zeroizing::new(self.random.make());
        let wrapped = self.wrapping.wrap(family, &key, self.random.make())?;
        let now = self.clock.now_us();
        // The key first: a file whose key is lost would be noise. A key without a family is harmless, and
        // the next try takes it up.
        self.account(move |tx| {
            tx.execute(
                "INSERT INTO family_keys (family_id, wrapped_key, created_at) VALUES ($1, $2, $3)
                 ON CONFLICT (family_id) DO NOTHING",
                &[family.into(), wrapped.clone().into(), now.into()],
            )
        })
        .await?;
        let mut slot = self.ready(family).await?;
        blocking(move || {
            let connection = opened(&mut slot)?;
            transact(connection, &|tx: &mut Tx<'_>| {
                tx.execute(
                    "INSERT INTO family (family_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    &[family.into(), now.into()],
                )?;
                f(tx)
            })
        })
        .await?
    }

    /// The key first: without it the file is noise.
    pub(super) async fn erase_family(&self, family: [u8; 16]) -> Result<()> {
        // Whoever waits for the slot finds no key behind it.
        let mut slot = self.slot(family).lock_owned().await;
        let forget = move |tx: &mut Tx<'_>| {
            tx.execute("DELETE FROM family_keys WHERE family_id = $1", &[family.into()])
        };
        self.account(forget).await?;
        let folder = self.dir.join("families");
        blocking(move || {
            drop(slot.take());
            for end in ["", "-wal", "-shm"] {
                match std::fs::remove_file(folder.join(format!("{}.db{end}", hex(&family)))) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(ApiError::internal("a family's file stays").with_source(error));
                    }
                    _ => {}
                }
            }
            sync_folder(&folder)
        })
        .await??;
        self.families.forget(family);
        Ok(())
    }

    pub(super) async fn close(&self) {
        for slot in self.families.drain() {
            let mut slot = slot.lock_owned().await;
            let _ = blocking(move || drop(slot.take())).await;
        }
        let accounts = Arc::clone(&self.accounts).lock_owned().await;
        let checkpoint = blocking(move || accounts.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")).await;
        if !matches!(checkpoint, Ok(Ok(()))) {
            tracing::warn!("the account store's log stays for the next start");
        }
    }

    /// The family's slot, open or not. Those that leave for it are closed beside.
    fn slot(&self, family: [u8; 16]) -> Slot {
        let (slot, evicted) = self.families.slot(family);
        if !evicted.is_empty() {
            tokio::task::spawn_blocking(move || drop(evicted));
        }
        slot
    }

    /// The family's slot with its file open, locked for the caller alone.
    async fn ready(&self, family: [u8; 16]) -> Result<OwnedMutexGuard<Option<Connection>>> {
        let mut guard = self.slot(family).lock_owned().await;
        if guard.is_some() {
            return Ok(guard);
        }
        let wrapped = self
            .account_read(move |tx| {
                tx.query_one("SELECT wrapped_key FROM family_keys WHERE family_id = $1", &[family.into()])?
                    .map(|row| row.bytes(0))
                    .transpose()
            })
            .await?;
        let Some(wrapped) = wrapped else {
            self.families.forget(family);
            return Err(ApiError::not_found());
        };
        let key = self.wrapping.unwrap(family, &wrapped)?;
        let dir = self.dir.join("families");
        blocking(move || {
            let path = dir.join(format!("{}.db", hex(&family)));
            let new = !path.exists();
            let mut connection = sqlcipher::open(&path, &key, Mode::Create)?;
            migrations::run_embedded(&mut connection, EMBEDDED_FAMILY)?;
            if new {
                // Or a pulled plug could take the file's name away.
                sync_folder(&dir)?;
            }
            *guard = Some(connection);
            Ok(guard)
        })
        .await?
    }
}

type Accounts = (File, Connection, Vec<Connection>);

fn open_accounts(dir: &Path, key: &FileKey) -> std::result::Result<Accounts, StartError> {
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

fn sync_folder(dir: &Path) -> Result<()> {
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
        None => StartError::Store(error.to_string()),
    }
}

fn opened(slot: &mut OwnedMutexGuard<Option<Connection>>) -> Result<&mut Connection> {
    slot.as_mut().ok_or_else(closed)
}

fn closed() -> ApiError {
    ApiError::internal("the family's file is closed")
}

/// A file without this row is the rest of a founding that failed.
fn is_founded(tx: &mut Tx<'_>, family: [u8; 16]) -> Result<()> {
    tx.query_one("SELECT 1 FROM family WHERE family_id = $1", &[Value::Id(family)])?
        .map(drop)
        .ok_or_else(ApiError::not_found)
}

fn transact<T>(connection: &mut Connection, f: &dyn Fn(&mut Tx<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = f(&mut Tx(Engine::Embedded(&transaction)))?;
    transaction.commit()?;
    Ok(value)
}

/// Runs `f` on a blocking thread. Once it has begun it runs to its end, whatever becomes of the request.
pub(super) async fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f)
        .await
        .map_err(|error| ApiError::internal("a transaction stopped half-way").with_source(error))
}

pub(super) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    check_order(&statement)?;
    Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
}

pub(super) fn query(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    check_order(&statement)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|column| Ok(cell(row.get_ref(column)?))).collect::<Result<_>>()?;
        answer.push(Row(cells));
    }
    Ok(answer)
}

/// SQLite counts `$n` by first appearance, Postgres by the number: both must agree. Every statement is run by tests,
/// so a build for use does not look again.
fn check_order(statement: &rusqlite::Statement<'_>) -> Result<()> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).and_then(|name| name.strip_prefix('$'));
        if name.and_then(|number| number.parse().ok()) != Some(index) {
            return Err(ApiError::internal("the statement's parameters are not in order of first use"));
        }
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        // No column is REAL (STRICT tables); an expression that makes one shows as text.
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Id(id) => ValueRef::Blob(id),
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
        }))
    }
}
