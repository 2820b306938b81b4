//! Which environment and which secrets a store belongs to: written at its first start, compared at every other.

use std::path::Path;

use crate::clock::Randomness;
use crate::config::{Config, Environment, StartError};
use crate::secrets::Secrets;
use crate::store::{Store, Value};

/// The secrets file at `path`, made anew only where no store was made with another one; true: it was.
pub fn open_secrets(
    path: &Path,
    environment: Environment,
    config: &Config,
    random: &dyn Randomness,
) -> Result<(Secrets, bool), StartError> {
    // Nothing in this file opens without its own secrets.
    let store = config.data.join("accounts.db");
    if config.database_url.is_none() && !path.exists() && store.exists() {
        return Err(StartError::Config(format!(
            "the secrets file is missing and the store was made with it: put it back from its copy as {}",
            path.display()
        )));
    }
    Secrets::open(path, environment, random)
}

/// Writes environment and secrets into a new store, and refuses another environment's or other secrets'.
pub async fn stamp(
    store: &Store,
    environment: Environment,
    secrets: &Secrets,
    now_us: i64,
) -> Result<(), StartError> {
    let mine = secrets.mark();
    let stamped = store
        .account(move |tx| {
            tx.execute(
                "INSERT INTO server_stamp (only_row, environment, created_at, secrets_mark)
                 VALUES (1, $1, $2, $3) ON CONFLICT (only_row) DO NOTHING",
                &[environment.word().into(), Value::Int(now_us), mine.into()],
            )?;
            // A store from before marks were written takes the one of the secrets that it runs with.
            tx.execute(
                "UPDATE server_stamp SET secrets_mark = $1 WHERE secrets_mark IS NULL",
                &[mine.into()],
            )?;
            tx.query_one("SELECT environment, secrets_mark FROM server_stamp", &[])?
                .map(|row| Ok((row.text(0)?, row.hash(1)?)))
                .transpose()
        })
        .await?;
    match stamped {
        Some((word, mark)) if word == environment.word() && mark == mine => Ok(()),
        Some((word, _)) if word == environment.word() => Err(StartError::Config(
            "the store was made with another secrets file: put that one back from its copy".into(),
        )),
        word => Err(StartError::Config(format!(
            "the store belongs to {}, this server runs as {environment}: look at the public URL, or use another data folder",
            word.as_ref().map_or("nobody", |(word, _)| word)
        ))),
    }
}
