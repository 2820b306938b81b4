//! A phone that is a process of its own: it says how far it is, line by line, until it is done or killed.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::error::Result;
use kinfolio_core::progress::Progress;
use kinfolio_core::{Client, ClientConfig};

use crate::keystore::FileSecretStore;

/// The phone of this folder, with its keys beside its record.
pub fn open(folder: &Path) -> Result<Client> {
    Client::open(
        ClientConfig { dir: folder.join("phone"), device_name: "Ann".to_owned() },
        Arc::new(FileSecretStore::in_folder(folder.join("keys"))),
        None,
        None,
        Arc::new(SystemClock),
        Arc::new(OsRandomness),
    )
}

/// Says each step, before anything else happens: this word and how many are done.
pub struct Say(pub &'static str);

impl Progress for Say {
    fn progress(&self, done: u64, _total: u64) {
        say(&format!("{} {done}", self.0));
    }
}

/// One line to who started this process.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // The reader is gone only when the test is over.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
