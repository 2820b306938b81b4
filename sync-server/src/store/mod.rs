//! The two engines behind one small transaction type (tenancy.md 2).
//!
//! Rooms write plain synchronous closures. They run on a blocking thread for both engines, so that a
//! client that disconnects can never drop a transaction half-way. A closure may run more than once
//! (Postgres asks for a retry on 40001 and 40P01), hence `Fn`.
//!
//! # Errors
//! Every transaction answers with its closure's own error, or with the store's: 404 for a family that is not there, 409
//! `constraint` for a row that another one excludes, 503 `busy` or `database_gone` while the database does not answer,
//! 507 `storage_full` on a full disk (all of these have stored nothing), and else 500, of which a lost answer to a commit
//! may have stored everything: send the same again.

mod account_files;
mod embedded;
mod migrations;
mod open_files;
mod pg_error;
mod pg_line;
mod pg_roles;
mod pg_start;
mod pg_value;
mod postgres;
mod sqlcipher;
mod sqlite_value;
mod tx;
mod value;

use std::path::Path;
use std::sync::Arc;

pub use migrations::{EMBEDDED_ACCOUNTS, EMBEDDED_FAMILY, Migration, POSTGRES, ROLES};
pub use pg_start::{PostgresUrls, migrate as migrate_postgres};
pub use tx::Tx;
pub use value::{Row, Value};

use crate::clock::{Clock, Randomness};
use crate::config::StartError;
use crate::error::ApiError;
use crate::secrets::Secrets;

/// What every closure and every store function returns.
pub type Result<T, E = ApiError> = std::result::Result<T, E>;

/// The server's store: the account plane, and one family plane per family.
pub struct Store(Engine);

enum Engine {
    Embedded(embedded::Embedded),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the embedded engine in `dir`: one SQLCipher file for accounts, one per family, at most
    /// `open_families` of them open at a time.
    ///
    /// # Errors
    /// [`StartError::Config`]: another server uses the folder, or the store does not open under these secrets.
    /// [`StartError::Store`]: the folder cannot be written, or a file is from a newer server.
    pub async fn open_embedded(
        dir: &Path,
        secrets: &Secrets,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Randomness>,
        open_families: usize,
    ) -> Result<Self, StartError> {
        Ok(Self(Engine::Embedded(
            embedded::Embedded::open(dir, secrets, clock, random, open_families).await?,
        )))
    }

    /// Opens the Postgres engine, after checking that neither role could bypass row security.
    ///
    /// # Errors
    /// [`StartError::Config`]: a URL that cannot be read or would be spoken to without verified TLS, a role that may too
    /// much, a database of another version. [`StartError::Store`]: it does not answer.
    pub async fn open_postgres(
        urls: &PostgresUrls,
        secrets: &Secrets,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        Ok(Self(Engine::Postgres(postgres::Postgres::open(urls, secrets, clock).await?)))
    }

    /// A read-write transaction on the account plane.
    ///
    /// On Postgres it runs READ COMMITTED: a closure that reads and then decides takes [`Tx::lock`] first,
    /// or decides inside one statement.
    ///
    /// # Errors
    /// The closure's, 409, 503, 507 or 500: see [the module](self).
    pub async fn account<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0 {
            Engine::Embedded(engine) => engine.account(f).await,
            Engine::Postgres(engine) => engine.account(f).await,
        }
    }

    /// A read-only transaction on the account plane, beside its writer.
    ///
    /// # Errors
    /// The closure's, 503 or 500: see [the module](self).
    pub async fn account_read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0 {
            Engine::Embedded(engine) => engine.account_read(f).await,
            Engine::Postgres(engine) => engine.account_read(f).await,
        }
    }

    /// A read-write transaction on one family's plane, the only one of that family at a time. It creates
    /// nothing: an unknown family is 404.
    ///
    /// # Errors
    /// The closure's, 404, 409, 503, 507 or 500: see [the module](self).
    pub async fn family<T, F>(&self, family: impl Into<[u8; 16]>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0 {
            Engine::Embedded(engine) => engine.family(family.into(), f).await,
            Engine::Postgres(engine) => engine.family(family.into(), f).await,
        }
    }

    /// A read-only transaction on one family's plane, on one consistent state.
    ///
    /// # Errors
    /// The closure's, 404, 503 or 500: see [the module](self).
    pub async fn family_read<T, F>(&self, family: impl Into<[u8; 16]>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0 {
            Engine::Embedded(engine) => engine.family_read(family.into(), f).await,
            Engine::Postgres(engine) => engine.family_read(family.into(), f).await,
        }
    }

    /// Makes the family if it is not there, then runs `f` in the same transaction. When `f` fails, a new
    /// family is not made either. The same call again is harmless: `f` decides what it finds.
    ///
    /// # Errors
    /// The closure's, 409, 503, 507 or 500: see [the module](self).
    pub async fn create_family<T, F>(&self, family: impl Into<[u8; 16]>, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        match &self.0 {
            Engine::Embedded(engine) => engine.create_family(family.into(), f).await,
            Engine::Postgres(engine) => engine.create_family(family.into(), f).await,
        }
    }

    /// Ends a family for good: its rows, and on the embedded store its key and file. One that is not there is fine.
    ///
    /// # Errors
    /// 503, 507 or 500: see [the module](self). Call it again: it goes on where it stopped.
    pub async fn erase_family(&self, family: impl Into<[u8; 16]>) -> Result<()> {
        match &self.0 {
            Engine::Embedded(engine) => engine.erase_family(family.into()).await,
            Engine::Postgres(engine) => engine.erase_family(family.into()).await,
        }
    }

    /// Closes every file and connection, after the transactions that run now.
    pub async fn close(&self) {
        match &self.0 {
            Engine::Embedded(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close().await,
        }
    }
}

#[cfg(test)]
pub(crate) mod memory {
    //! An account plane in memory, for tests of what runs inside one transaction.

    use std::sync::LazyLock;

    use rusqlite::Connection;

    use super::migrations::{EMBEDDED_ACCOUNTS, run_embedded};
    use super::tx::{Engine, Tx};
    use crate::secrets::MailSeal;

    static MAIL: LazyLock<MailSeal> = LazyLock::new(|| MailSeal::of(&[7; 32]));

    /// A migrated account plane without a file.
    pub(crate) fn accounts() -> Connection {
        let mut connection = Connection::open_in_memory().expect("a store in memory");
        run_embedded(&mut connection, EMBEDDED_ACCOUNTS).expect("migrations run");
        connection
    }

    /// A transaction type on an open connection; the caller begins and ends.
    pub(crate) fn tx(connection: &Connection) -> Tx<'_> {
        Tx::new(Engine::Embedded(connection), Some(&MAIL))
    }
}
