//! The embedded engine: one SQLCipher file for accounts and one per family, each family under its own
//! random key, wrapped by the server's key.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::migrations::{self, EMBEDDED_FAMILY};
use super::open_files::{Held, OpenFiles, Slot};
use super::sqlcipher::{self, FileKey, Mode};
use super::tx::{Engine, Tx};
use super::value::Value;
use super::{Result, account_files};
use crate::clock::{Clock, Randomness};
use crate::config::StartError;
use crate::error::ApiError;
use crate::hex::hex;
use crate::secrets::{FamilyKeyWrap, MailSeal, Secrets};

pub(super) struct Embedded {
    dir: PathBuf,
    wrapping: FamilyKeyWrap,
    mail: Arc<MailSeal>,
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
        let (wrapping, mail) = (secrets.family_key_wrap(), Arc::new(secrets.mail_seal()));
        let (lock, accounts, readers) = {
            let dir = dir.clone();
            blocking(move || account_files::open(&dir, &accounts_key)).await??
        };
        Ok(Self {
            dir,
            wrapping,
            mail,
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
        let mail = Arc::clone(&self.mail);
        blocking(move || transact(&mut connection, Some(&mail), &f)).await?
    }

    pub(super) async fn account_read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let turn = self.next_reader.fetch_add(1, Ordering::Relaxed) % self.account_readers.len().max(1);
        let reader = self.account_readers.get(turn).ok_or_else(|| ApiError::internal("no account reader"))?;
        let mut connection = Arc::clone(reader).lock_owned().await;
        let mail = Arc::clone(&self.mail);
        blocking(move || {
            let transaction = connection.transaction()?;
            f(&mut Tx::new(Engine::Embedded(&transaction), Some(&mail)))
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
            transact(connection, None, &|tx: &mut Tx<'_>| {
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
                let mut tx = Tx::new(Engine::Embedded(&transaction), None);
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
        let made = blocking(move || {
            let connection = opened(&mut slot)?;
            transact(connection, None, &|tx: &mut Tx<'_>| {
                tx.execute(
                    "INSERT INTO family (family_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    &[family.into(), now.into()],
                )?;
                f(tx)
            })
        })
        .await??;
        self.note_whole(family).await?;
        Ok(made)
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
        let slot = blocking(move || {
            drop(slot.take());
            for end in ["", "-wal", "-shm"] {
                match std::fs::remove_file(folder.join(format!("{}.db{end}", hex(&family)))) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(ApiError::internal("a family's file stays").with_source(error));
                    }
                    _ => {}
                }
            }
            account_files::sync_folder(&folder)?;
            Ok(slot)
        })
        .await??;
        self.families.forget(family, &slot);
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
    async fn ready(&self, family: [u8; 16]) -> Result<Held> {
        let mut guard = self.slot(family).lock_owned().await;
        if guard.is_some() {
            return Ok(guard);
        }
        let known = self
            .account_read(move |tx| {
                let sql = "SELECT wrapped_key, made_at FROM family_keys WHERE family_id = $1";
                let row = tx.query_one(sql, &[family.into()])?;
                row.map(|row| Ok((row.bytes(0)?, row.opt_int(1)?.is_some()))).transpose()
            })
            .await?;
        let Some((wrapped, was_made)) = known else {
            self.families.forget(family, &guard);
            return Err(ApiError::not_found());
        };
        let key = self.wrapping.unwrap(family, &wrapped)?;
        let dir = self.dir.join("families");
        let (guard, whole) = blocking(move || {
            let path = dir.join(format!("{}.db", hex(&family)));
            let new = !std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
            if new && was_made {
                return Err(ApiError::internal(format!(
                    "{} is gone: put it back from its copy",
                    path.display()
                )));
            }
            let mut connection = sqlcipher::open(&path, &key, Mode::Create)?;
            migrations::run_embedded(&mut connection, EMBEDDED_FAMILY)?;
            if new {
                // Or a pulled plug could take the file's name away.
                account_files::sync_folder(&dir)?;
            }
            // A founding whose last step was lost has its file whole all the same.
            let whole = !was_made && connection.prepare("SELECT 1 FROM family")?.exists([])?;
            *guard = Some(connection);
            Ok::<_, ApiError>((guard, whole))
        })
        .await??;
        if whole {
            self.note_whole(family).await?;
        }
        Ok(guard)
    }

    /// From here on a missing file is a loss.
    async fn note_whole(&self, family: [u8; 16]) -> Result<()> {
        let now = self.clock.now_us();
        let whole = move |tx: &mut Tx<'_>| {
            let sql = "UPDATE family_keys SET made_at = $1 WHERE family_id = $2 AND made_at IS NULL";
            tx.execute(sql, &[now.into(), family.into()])
        };
        self.account(whole).await.map(drop)
    }
}

fn opened(slot: &mut Held) -> Result<&mut Connection> {
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

fn transact<T>(
    connection: &mut Connection,
    mail: Option<&MailSeal>,
    f: &dyn Fn(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = f(&mut Tx::new(Engine::Embedded(&transaction), mail))?;
    transaction.commit()?;
    Ok(value)
}

/// Runs `f` on a blocking thread. Once it has begun it runs to its end, whatever becomes of the request.
pub(super) async fn blocking<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(f)
        .await
        .map_err(|error| ApiError::internal("a transaction stopped half-way").with_source(error))
}
