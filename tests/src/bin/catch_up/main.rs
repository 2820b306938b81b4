//! A phone that catches up with a folder of photographs, and says how far it is, until it is done or killed.
//! `catch_up FOLDER GALLERY`
#![forbid(unsafe_code)]

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use kinfolio_core::catch_up::{Assignment, Settings, photos_in};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::progress::{Cancel, Progress};
use kinfolio_core::{Client, ClientConfig};
use support::keystore::FileSecretStore;

/// Says each step, durable there before anything else happens.
struct Say(&'static str);

impl Progress for Say {
    fn progress(&self, done: u64, _total: u64) {
        say(&format!("{} {done}", self.0));
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // The reader is gone only when the test is over.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn main() -> kinfolio_core::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || PathBuf::from(arguments.next().expect("catch_up FOLDER GALLERY"));
    let (folder, gallery) = (next(), next());
    let client = Client::open(
        ClientConfig { dir: folder.join("phone"), device_name: "Ann".to_owned() },
        Arc::new(FileSecretStore::in_folder(folder.join("keys"))),
        None,
        None,
        Arc::new(SystemClock),
        Arc::new(OsRandomness),
    )?;
    let room = client.catch_up();
    if room.overview()?.is_none() {
        room.begin(&photos_in(&gallery)?, &Settings::default())?;
    }
    room.scan(None, &Cancel::new(), &Say("looked"))?;
    let open: Vec<_> = room.groups()?.iter().filter(|g| g.entry.is_none()).map(|g| g.number).collect();
    let what =
        Assignment { title: Some("Caught up".to_owned()), on_record: Some(true), ..Assignment::default() };
    room.assign(&open, &what)?;
    room.run(None, &Cancel::new(), &Say("took"))?;
    say("done");
    Ok(())
}
