//! The spike behind docs/adr/0001-store-engines.md: what a synchronous closure on a blocking thread costs beside
//! plain async sqlx, and what the embedded engine does. Run it in release, with or without a database:
//! `cargo run --release -p kinfolio-server --example store_engines -- [app URL] [migrator URL]`
#![forbid(unsafe_code)]

use std::future::Future;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use kinfolio_server::store::Value;
use kinfolio_server::{Config, State};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgPool};

const SECONDS: u64 = 3;
const FAMILIES: u8 = 8;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = std::env::temp_dir().join(format!("kinfolio-spike-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let embedded = State::start(config(&folder, "embedded")).await?;
    for tasks in [1, FAMILIES] {
        line("embedded, one write", tasks, closures(&embedded, tasks, 1).await?)?;
        line("embedded, 100 rows", tasks, closures(&embedded, tasks, 100).await?)?;
    }
    if let [app, migrator, ..] = arguments.as_slice() {
        let mut settings = config(&folder, "postgres");
        settings.database_url = Some(app.clone());
        settings.migrator_database_url = Some(migrator.clone());
        let postgres = State::start(settings).await?;
        let pool = PgPoolOptions::new().max_connections(8).test_before_acquire(false).connect(app).await?;
        for tasks in [1, FAMILIES] {
            line("postgres, closure, one write", tasks, closures(&postgres, tasks, 1).await?)?;
            line("postgres, async sqlx, one write", tasks, plain(&pool, tasks, 1).await?)?;
            line("postgres, closure, 100 rows", tasks, closures(&postgres, tasks, 100).await?)?;
            line("postgres, async sqlx, 100 rows", tasks, plain(&pool, tasks, 100).await?)?;
        }
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn config(folder: &Path, name: &str) -> Config {
    let mut config = Config::in_folder(folder.join(name), folder.join("mail"));
    config.public_url = Some("http://127.0.0.1:1".into());
    config
}

fn line(what: &str, tasks: u8, per_second: f64) -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{what:<34} {tasks} at once  {per_second:>8.0} transactions/s")
}

/// Transactions a second of `tasks` loops, each on a family of its own.
async fn rate<F, Fut>(tasks: u8, work: F) -> anyhow::Result<f64>
where
    F: Fn(u8, i64) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = anyhow::Result<()>> + Send,
{
    let began = Instant::now();
    let loops: Vec<_> = (0..tasks)
        .map(|task| {
            let work = work.clone();
            tokio::spawn(async move {
                let mut count = 0_i64;
                while began.elapsed() < Duration::from_secs(SECONDS) {
                    work(task, count).await?;
                    count += 1;
                }
                anyhow::Ok(count)
            })
        })
        .collect();
    let mut sum = 0;
    for one in loops {
        sum += one.await??;
    }
    Ok(sum as f64 / began.elapsed().as_secs_f64())
}

/// Two statements in a transaction, through the store.
async fn closures(state: &State, tasks: u8, rows: i64) -> anyhow::Result<f64> {
    for task in 0..tasks {
        state.store.create_family([task + 1; 16], |_| Ok(())).await?;
    }
    let state = state.clone();
    rate(tasks, move |task, _| {
        let state = state.clone();
        async move {
            let id = [task + 1; 16];
            let insert = "INSERT INTO log_entry (family_id, number, entry, at) VALUES";
            state
                .store
                .family(id, move |tx| {
                    let last = tx.query_one("SELECT COALESCE(MAX(number), 0) FROM log_entry", &[])?;
                    let last = last.map_or(Ok(0), |row| row.int(0))?;
                    let values: Vec<Value> = (1..=rows)
                        .flat_map(|n| [id.into(), Value::Int(last + n), vec![7; 64].into(), Value::Int(0)])
                        .collect();
                    tx.execute_many(insert, 4, &values, "")
                })
                .await?;
            Ok(())
        }
    })
    .await
}

/// The same two statements with sqlx alone: what the store's shape is measured against.
async fn plain(pool: &PgPool, tasks: u8, rows: i64) -> anyhow::Result<f64> {
    let pool = pool.clone();
    rate(tasks, move |task, _| {
        let pool = pool.clone();
        async move {
            let id = uuid::Uuid::from_bytes([task + 1; 16]);
            let mut connection = pool.acquire().await?;
            let begin =
                format!("BEGIN; SET LOCAL app.family_id = '{id}'; SELECT 1 FROM family.family FOR UPDATE");
            sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut *connection).await?;
            let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) FROM family.log_entry")
                .fetch_one(&mut *connection)
                .await?;
            let groups: Vec<String> = (0..rows)
                .map(|n| format!("(${}, ${}, ${}, ${})", n * 4 + 1, n * 4 + 2, n * 4 + 3, n * 4 + 4))
                .collect();
            let sql = format!(
                "INSERT INTO family.log_entry (family_id, number, entry, at) VALUES {}",
                groups.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for n in 1..=rows {
                query = query.bind(id).bind(last + n).bind(vec![7_u8; 64]).bind(0_i64);
            }
            query.execute(&mut *connection).await?;
            sqlx::raw_sql("COMMIT").execute(&mut *connection).await?;
            Ok(())
        }
    })
    .await
}
