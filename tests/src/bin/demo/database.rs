//! The server's database as the demo chose it: the embedded store, or a scratch Postgres.
use std::path::Path;

use anyhow::{Result, anyhow};
use support::postgres::{self, ScratchPostgres};

use crate::search::embedded::{self, Rows};

/// Where the server keeps its rows.
pub enum Database {
    Embedded,
    Postgres { database: postgres::Database, _runs: ScratchPostgres },
}

impl Database {
    pub fn scratch_postgres() -> Self {
        let running = ScratchPostgres::start(&["fsync=on"]);
        let database = running.database();
        Self::Postgres { database, _runs: running }
    }

    /// What the server's environment must say.
    pub fn environment(&self) -> Vec<(String, String)> {
        match self {
            Self::Embedded => Vec::new(),
            Self::Postgres { database, .. } => vec![
                ("KINFOLIO_DATABASE_URL".into(), database.app_url()),
                ("KINFOLIO_ACCOUNTS_DATABASE_URL".into(), database.accounts_url()),
                ("KINFOLIO_MIGRATOR_DATABASE_URL".into(), database.migrator_url()),
            ],
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Embedded => "embedded store: one SQLCipher file per family",
            Self::Postgres { .. } => "scratch Postgres",
        }
    }

    pub fn opened_how(&self) -> &'static str {
        match self {
            Self::Embedded => "opened with the server's own keys",
            Self::Postgres { .. } => {
                "dumped by pg_dump as superuser (row security is forced on its owner too)"
            }
        }
    }

    /// Every row.
    pub fn rows(&self, data: &Path) -> Result<Vec<Rows>> {
        match self {
            Self::Embedded => embedded::rows(data),
            Self::Postgres { database, .. } => {
                let dump = database.dump();
                Ok(rows_of(dump))
            }
        }
    }

    /// One plain text in one row.
    pub fn plant(&self, data: &Path, text: &str) -> Result<()> {
        match self {
            Self::Embedded => embedded::plant(data, text),
            Self::Postgres { database, .. } => {
                let sql = format!(
                    "CREATE TABLE planted (words bytea); INSERT INTO planted VALUES (convert_to('{text}', 'UTF8'))"
                );
                database.try_psql(&database.superuser_url(), &sql).map(drop).map_err(|error| anyhow!(error))
            }
        }
    }
}

/// The dump is one INSERT a row; it writes bytes as hex, which the search knows.
fn rows_of(dump: Vec<u8>) -> Vec<Rows> {
    let rows = dump.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"INSERT INTO")).count();
    vec![Rows { place: "pg_dump".into(), rows, bytes: dump }]
}
