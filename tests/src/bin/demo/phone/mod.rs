//! A phone: a process of its own over the real core, told what to do through its standard input.
mod act;
pub mod asks;
mod line;
mod remote_control;
mod show;
mod write;

pub use line::BORDER;
pub use remote_control::Phone;

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use kinfolio_core::client::{Client, ClientConfig};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::http::Transport;
use line::Line;
use serde_json::json;
use support::keystore::FileSecretStore;

/// Its keystore, in the phone's folder: one file a secret.
pub fn keystore(folder: &Path) -> FileSecretStore {
    FileSecretStore::in_folder(folder.join("keys"))
}

/// The process: opens the store in `folder` and does what it is asked until its input ends.
pub fn run(folder: &Path, captured: &Path, name: &str) -> Result<()> {
    let line = Arc::new(Line::new(captured)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let client = Client::open(
        ClientConfig { dir: folder.to_owned(), device_name: name.to_owned() },
        Arc::new(keystore(folder)),
        None,
        Some(Arc::clone(&line) as Arc<dyn Transport>),
        Arc::new(SystemClock),
        Arc::new(OsRandomness),
    )?;
    for wish in std::io::stdin().lock().lines() {
        let ask: asks::Ask = serde_json::from_str(&wish?)?;
        let answer = match runtime.block_on(act::act(&client, &line, ask)) {
            Ok(value) => json!({ "ok": value }),
            Err(error) => json!({ "error": format!("{error:#}") }),
        };
        println!("{answer}");
    }
    Ok(())
}
