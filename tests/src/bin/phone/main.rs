//! A phone that works until it is killed: it saves, takes in photos and syncs without pause, and says on its output
//! what it begins and what was acknowledged. `phone FOLDER NAME PHOTO`
#![forbid(unsafe_code)]

mod loud;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kinfolio_core::attachments::{ImportSource, Size};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::entries::{EntryDraft, EntryEdit, TimelineQuery};
use kinfolio_core::http::Reqwest;
use kinfolio_core::ids::EntryId;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::{Client, ClientConfig};
use loud::Loud;
use sha2::{Digest, Sha256};
use support::keystore::FileSecretStore;
use support::process::say;

/// Entries that this phone types into.
const ENTRIES: usize = 12;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("phone FOLDER NAME PHOTO");
    let (folder, name, photo) = (PathBuf::from(next()), next(), PathBuf::from(next()));
    let photo = std::fs::read(photo).expect("the photo");
    let client = Client::open(
        ClientConfig { dir: folder.join("phone"), device_name: name.clone() },
        Arc::new(FileSecretStore::in_folder(folder.join("keys"))),
        None,
        Some(Arc::new(Loud(Reqwest::default()))),
        Arc::new(SystemClock),
        Arc::new(OsRandomness),
    )
    .expect("the store opens");
    let client = Arc::new(client);
    say("ready");
    let threads = [
        std::thread::spawn({
            let client = Arc::clone(&client);
            let name = name.clone();
            move || type_on(&client, &name)
        }),
        std::thread::spawn({
            let client = Arc::clone(&client);
            move || take_photos(&client, &photo)
        }),
        std::thread::spawn(move || sync_on(&client)),
    ];
    for thread in threads {
        thread.join().expect("works until it is killed");
    }
}

/// The entries that there are, from this phone and others.
fn entries(client: &Client) -> Vec<EntryId> {
    let query = TimelineQuery { include_drafts: true, limit: 100, ..TimelineQuery::default() };
    client.entries().timeline(&query).expect("a page").entries.into_iter().map(|entry| entry.id).collect()
}

/// Types one word after another, each into some entry.
fn type_on(client: &Client, name: &str) {
    let run = std::process::id();
    for number in 0.. {
        let word = format!("{name}-{run}-{number};");
        let all = entries(client);
        say("begin save");
        let id = if all.len() < ENTRIES {
            let draft =
                EntryDraft { note: word.clone(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
            client.entries().create(draft).expect("kept").id
        } else {
            let id = all[number % all.len()];
            let base = client.entries().get(id).expect("an entry");
            let edit =
                EntryEdit { note: Some(base.note.clone() + &word), base: Some(base), ..EntryEdit::default() };
            client.entries().update(id, edit).expect("kept").id
        };
        say(&format!("did save {} {word}", hex(&id.0)));
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Takes in a photo now and then.
fn take_photos(client: &Client, photo: &[u8]) {
    loop {
        if let Some(entry) = entries(client).first() {
            say("begin import");
            let attachment = client
                .attachments()
                .import(*entry, ImportSource::Bytes(photo.to_vec()), "", "", &Cancel::new(), &NoProgress)
                .expect("taken in");
            let bytes = client.attachments().read(attachment.id, Size::Display).expect("its copy");
            say(&format!("did import {} {}", hex(&attachment.id.0), hex(&Sha256::digest(bytes))));
        }
        // Rarely enough that a slow machine's uploads keep up.
        std::thread::sleep(Duration::from_millis(700));
    }
}

/// Syncs without pause; a server that is down is asked again.
fn sync_on(client: &Client) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        loop {
            if let Err(error) = client.sync().run(Cancel::new(), Arc::new(NoProgress)).await {
                say(&format!("failed sync {error}"));
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    });
}
