//! Before Postgres is used: its URLs, its pools, and the migrations that this server needs.

use std::cmp::Ordering;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use super::migrations::POSTGRES;
use super::pg_line;
use crate::config::StartError;

/// Where the two planes are, each with its own role.
#[derive(Clone)]
pub struct PostgresUrls {
    /// Role `kinfolio_app`: the family plane.
    pub app: String,
    /// Role `kinfolio_accounts`: the account plane.
    pub accounts: String,
    /// Connections of each pool.
    pub connections: u32,
}

/// Connections of one plane's role.
pub(super) async fn pool(url: &str, schema: &str, connections: u32) -> Result<PgPool, StartError> {
    let options = options(url)?
        .options([("search_path", schema), ("lock_timeout", "10s"), ("statement_timeout", "30s")])
        .application_name("kinfolio-server");
    let place = format!("{}:{}", options.get_host(), options.get_port());
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        // A ping would cost a round trip each time; a dead connection is noticed at BEGIN and replaced.
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(|error| {
            StartError::Store(format!("the {schema} database at {place} does not answer: {error}"))
        })
}

fn options(url: &str) -> Result<PgConnectOptions, StartError> {
    // sqlx quotes the URL, which holds a password; and it looks at no scheme.
    let wrong =
        || StartError::Config("the database URL cannot be read: use postgres://role@host/name".into());
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(wrong());
    }
    let options = PgConnectOptions::from_str(url).map_err(|_| wrong())?;
    pg_line::refuse_open(&options)?;
    Ok(options)
}

/// The database was migrated to just what this server knows, as far as this role sees.
pub(super) async fn refuse_other_version(pool: &PgPool) -> Result<(), StartError> {
    let newest = POSTGRES.last().map_or(0, |migration| migration.number);
    let version: Option<i64> =
        sqlx::query_scalar("SELECT max(number) FROM migrations.applied").fetch_one(pool).await.map_err(
            |_| StartError::Config("the database is empty: run `kinfolio-server migrate` first".into()),
        )?;
    let why = match version.unwrap_or(0).cmp(&newest) {
        Ordering::Equal => return Ok(()),
        Ordering::Less => "the database is older than this server: run `kinfolio-server migrate`",
        Ordering::Greater => "the database is from a newer server: install that one",
    };
    Err(StartError::Config(why.into()))
}

/// Applies what is missing, as the role `kinfolio_migrator`.
///
/// # Errors
/// [`StartError::Config`] for a URL that cannot be used, [`StartError::Store`] with what the database said.
pub async fn migrate(url: &str) -> Result<(), StartError> {
    let failed = |error: sqlx::Error| StartError::Store(format!("the database cannot be migrated: {error}"));
    let mut connection = PgConnection::connect_with(&options(url)?).await.map_err(failed)?;
    sqlx::raw_sql(
        "SELECT pg_advisory_lock(4202666183);
         SET ROLE kinfolio_owner;
         CREATE SCHEMA IF NOT EXISTS migrations;
         CREATE TABLE IF NOT EXISTS migrations.applied (
             number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now());
         GRANT USAGE ON SCHEMA migrations TO kinfolio_accounts, kinfolio_app;
         GRANT SELECT ON migrations.applied TO kinfolio_accounts, kinfolio_app;",
    )
    .execute(&mut connection)
    .await
    .map_err(failed)?;
    let done: Option<i64> = sqlx::query_scalar("SELECT max(number) FROM migrations.applied")
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    for migration in POSTGRES.iter().filter(|migration| migration.number > done.unwrap_or(0)) {
        sqlx::raw_sql("BEGIN").execute(&mut connection).await.map_err(failed)?;
        sqlx::raw_sql(migration.sql).execute(&mut connection).await.map_err(failed)?;
        sqlx::query("INSERT INTO migrations.applied (number, name) VALUES ($1, $2)")
            .bind(migration.number)
            .bind(migration.name)
            .execute(&mut connection)
            .await
            .map_err(failed)?;
        sqlx::raw_sql("COMMIT").execute(&mut connection).await.map_err(failed)?;
        tracing::info!(migration = migration.name, "migrated");
    }
    connection.close().await.map_err(failed)
}
