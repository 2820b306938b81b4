//! A phone that takes something in, and says how far it is, until it is done or killed.
//! `imports FOLDER files|zip|csv PATH`: each file of a folder to one entry, an own ZIP, a table.
#![forbid(unsafe_code)]

use std::path::PathBuf;

use kinfolio_core::Client;
use kinfolio_core::attachments::ImportSource;
use kinfolio_core::entries::{EntryDraft, TimelineQuery};
use kinfolio_core::imports::CsvRequest;
use kinfolio_core::progress::Cancel;
use support::process::{self, Say, say};

/// Those of a folder that the entry has not yet, by their names.
fn files(client: &Client, folder: &PathBuf) -> kinfolio_core::Result<()> {
    let query = TimelineQuery { include_drafts: true, ..TimelineQuery::default() };
    let entry = match client.entries().timeline(&query)?.entries.first() {
        Some(entry) => entry.id,
        None => {
            let draft = EntryDraft { learned_on: "2026-05-03".to_owned(), ..EntryDraft::default() };
            client.entries().create(draft)?.id
        }
    };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|one| one.expect("a file").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let here = client.attachments().list(entry)?;
        if !here.iter().any(|one| one.file.as_ref().is_some_and(|file| file.name == name)) {
            let room = client.attachments();
            room.import_file(entry, ImportSource::Path(path), &name, "", &Cancel::new(), &Say("took"))?;
        }
    }
    Ok(())
}

fn main() -> kinfolio_core::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("imports FOLDER files|zip|csv PATH");
    let (folder, kind, path) = (PathBuf::from(next()), next(), PathBuf::from(next()));
    let client = process::open(&folder)?;
    match kind.as_str() {
        "files" => files(&client, &path)?,
        "zip" => drop(client.imports().import_record(&path, &[], &Say("took"), &Cancel::new())?),
        _ => {
            drop(client.imports().import_csv(&path, &CsvRequest::default(), &Say("took"), &Cancel::new())?)
        }
    }
    say("done");
    Ok(())
}
