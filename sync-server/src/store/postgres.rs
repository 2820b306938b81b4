//! The Postgres engine: two pools, two roles, and row security that the server itself cannot lift.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use sqlx_postgres::Postgres as PgDb;
use tokio::runtime::Handle;

use super::embedded::blocking;
use super::pg_error::{commit_error, lost, wants_retry};
use super::pg_start::PostgresUrls;
use super::tx::{Engine, Tx};
use super::value::{Row, Value};
use super::{Result, pg_roles, pg_start, pg_value};
use crate::clock::Clock;
use crate::config::StartError;
use crate::error::ApiError;
use crate::secrets::{MailSeal, Secrets};

/// How often a transaction that Postgres asked to repeat is begun again.
const TRIES: u32 = 8;

pub(super) struct Postgres {
    accounts: PgPool,
    app: PgPool,
    mail: Arc<MailSeal>,
    clock: Arc<dyn Clock>,
}

/// What opens a transaction, besides `BEGIN`.
#[derive(Clone)]
enum Scope {
    Account { read: bool, mail: Arc<MailSeal> },
    Family { id: [u8; 16], read: bool },
    NewFamily { id: [u8; 16], now_us: i64 },
}

impl Postgres {
    pub(super) async fn open(
        urls: &PostgresUrls,
        secrets: &Secrets,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartError> {
        let accounts = pg_start::pool(&urls.accounts, "accounts", urls.connections).await?;
        let app = pg_start::pool(&urls.app, "family", urls.connections).await?;
        pg_roles::refuse_bypass(&accounts, "accounts").await?;
        pg_roles::refuse_bypass(&app, "app").await?;
        for pool in [&accounts, &app] {
            pg_start::refuse_other_version(pool).await?;
        }
        Ok(Self { accounts, app, mail: Arc::new(secrets.mail_seal()), clock })
    }

    pub(super) async fn account<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        run(&self.accounts, Scope::Account { read: false, mail: Arc::clone(&self.mail) }, f).await
    }

    pub(super) async fn account_read<T, F>(&self, f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        run(&self.accounts, Scope::Account { read: true, mail: Arc::clone(&self.mail) }, f).await
    }

    pub(super) async fn family<T, F>(&self, id: [u8; 16], f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        run(&self.app, Scope::Family { id, read: false }, f).await
    }

    pub(super) async fn family_read<T, F>(&self, id: [u8; 16], f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        run(&self.app, Scope::Family { id, read: true }, f).await
    }

    pub(super) async fn create_family<T, F>(&self, id: [u8; 16], f: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        run(&self.app, Scope::NewFamily { id, now_us: self.clock.now_us() }, f).await
    }

    pub(super) async fn erase_family(&self, id: [u8; 16]) -> Result<()> {
        let erased = self.family(id, move |tx| {
            // Devices name their member and their share; everything else goes with the family's own row.
            tx.execute("DELETE FROM device WHERE family_id = $1", &[id.into()])?;
            tx.execute("DELETE FROM family WHERE family_id = $1", &[id.into()]).map(drop)
        });
        match erased.await {
            Err(error) if error.status() == StatusCode::NOT_FOUND => Ok(()),
            erased => erased,
        }
    }

    pub(super) async fn close(&self) {
        self.accounts.close().await;
        self.app.close().await;
    }
}

/// Runs `f` on a blocking thread with a connection that no dropped future can take away half-way: sqlx's
/// own `begin` hands connections back with the tenant still set when its future is dropped.
async fn run<T, F>(pool: &PgPool, scope: Scope, f: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
{
    let mut connection = pool.acquire().await?;
    let pool = pool.clone();
    let handle = Handle::current();
    blocking(move || {
        let mut tries = 0;
        loop {
            tries += 1;
            let outcome =
                std::panic::catch_unwind(AssertUnwindSafe(|| attempt(&handle, &mut connection, &scope, &f)));
            let (clean, result) =
                outcome.unwrap_or_else(|_| (false, Err(ApiError::internal("a transaction panicked"))));
            if !clean {
                // Its state is unknown: never lend it to anybody again.
                connection.close_on_drop();
            }
            match result {
                Err(error) if tries < TRIES && (wants_retry(&error) || (!clean && lost(&error))) => {
                    if !clean {
                        connection = handle.block_on(pool.acquire())?;
                    }
                    // 2, 4, 8, … ms: the other transaction ends first.
                    std::thread::sleep(Duration::from_millis(1 << tries));
                }
                result => return result,
            }
        }
    })
    .await?
}

/// One try. The flag tells whether the connection is idle again.
fn attempt<T, F>(
    handle: &Handle,
    connection: &mut PoolConnection<PgDb>,
    scope: &Scope,
    f: &F,
) -> (bool, Result<T>)
where
    F: Fn(&mut Tx<'_>) -> Result<T>,
{
    match handle.block_on(begin(connection, scope)) {
        Ok(true) => {}
        Ok(false) => return (rollback(handle, connection), Err(ApiError::not_found())),
        Err(error) => {
            let error = ApiError::from(error);
            // Nothing has run: a connection that died while idle is safe to replace.
            return (false, Err(error));
        }
    }
    let engine = Engine::Postgres(Statements { handle, connection });
    let mail = match scope {
        Scope::Account { mail, .. } => Some(&**mail),
        Scope::Family { .. } | Scope::NewFamily { .. } => None,
    };
    let result = f(&mut Tx::new(engine, mail));
    match result {
        Ok(value) => match handle.block_on(sqlx::raw_sql("COMMIT").execute(&mut **connection)) {
            Ok(_) => (true, Ok(value)),
            Err(error) => {
                let idle = rollback(handle, connection);
                (idle, Err(commit_error(error)))
            }
        },
        Err(error) => (rollback(handle, connection), Err(error)),
    }
}

/// Opens the transaction and sets the family, in one round trip. False: there is no such family.
async fn begin(connection: &mut PgConnection, scope: &Scope) -> Result<bool, sqlx::Error> {
    match *scope {
        Scope::Account { read: false, .. } => sqlx::raw_sql("BEGIN").execute(connection).await.map(|_| true),
        Scope::Account { read: true, .. } => {
            sqlx::raw_sql("BEGIN READ ONLY").execute(connection).await.map(|_| true)
        }
        // The row lock makes one writer per family, as the embedded engine has it.
        Scope::Family { id, read: false } => {
            let sql = format!("BEGIN; {}; SELECT 1 FROM family FOR UPDATE", set_family(id));
            Ok(sqlx::raw_sql(AssertSqlSafe(sql)).fetch_optional(connection).await?.is_some())
        }
        Scope::Family { id, read: true } => {
            let isolation = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            let sql = format!("{isolation}; {}; SELECT 1 FROM family", set_family(id));
            Ok(sqlx::raw_sql(AssertSqlSafe(sql)).fetch_optional(connection).await?.is_some())
        }
        Scope::NewFamily { id, now_us } => {
            let sql = format!("BEGIN; {}", set_family(id));
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
            sqlx::query("INSERT INTO family (family_id, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(uuid::Uuid::from_bytes(id))
                .bind(now_us)
                .execute(&mut *connection)
                .await?;
            let sql = "SELECT 1 FROM family FOR UPDATE";
            Ok(sqlx::query(sql).fetch_optional(connection).await?.is_some())
        }
    }
}

/// The only dynamic SQL: a literal made from a typed uuid. Literal, because Citus passes on nothing else.
fn set_family(id: [u8; 16]) -> String {
    format!("SET LOCAL app.family_id = '{}'", uuid::Uuid::from_bytes(id).hyphenated())
}

fn rollback(handle: &Handle, connection: &mut PoolConnection<PgDb>) -> bool {
    handle.block_on(sqlx::raw_sql("ROLLBACK").execute(&mut **connection)).is_ok()
}

/// Statements of one open transaction, from synchronous code.
pub(super) struct Statements<'a> {
    handle: &'a Handle,
    connection: &'a mut PgConnection,
}

impl Statements<'_> {
    pub(super) fn execute(&mut self, sql: Cow<'static, str>, values: &[Value]) -> Result<u64> {
        let arguments = pg_value::arguments(values)?;
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments).execute(&mut *self.connection);
        Ok(self.handle.block_on(query)?.rows_affected())
    }

    pub(super) fn query(&mut self, sql: Cow<'static, str>, values: &[Value]) -> Result<Vec<Row>> {
        let arguments = pg_value::arguments(values)?;
        let query = sqlx::query_with(AssertSqlSafe(sql), arguments).fetch_all(&mut *self.connection);
        self.handle.block_on(query)?.iter().map(pg_value::row).collect()
    }

    pub(super) fn lock(&mut self, subject: &[u8]) -> Result<()> {
        let sql = "SELECT pg_advisory_xact_lock(('x' || substr(encode(sha256($1), 'hex'), 1, 16))::bit(64)::bigint)";
        let query = sqlx::query(sql).bind(subject).execute(&mut *self.connection);
        self.handle.block_on(query)?;
        Ok(())
    }
}
