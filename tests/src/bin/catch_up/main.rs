//! A phone that catches up with a folder of photographs, and says how far it is, until it is done or killed.
//! `catch_up FOLDER GALLERY`
#![forbid(unsafe_code)]

use std::path::PathBuf;

use kinfolio_core::catch_up::{Assignment, Settings, photos_in};
use kinfolio_core::progress::Cancel;
use support::process::{self, Say, say};

fn main() -> kinfolio_core::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || PathBuf::from(arguments.next().expect("catch_up FOLDER GALLERY"));
    let (folder, gallery) = (next(), next());
    let client = process::open(&folder)?;
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
