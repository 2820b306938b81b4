//! A family in a real store, with what a portfolio must leave out.
use std::path::Path;
use std::sync::Arc;

use kinfolio_core::attachments::ImportSource;
use kinfolio_core::client::{Client, ClientConfig};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::entries::{EntryDraft, LearnerLine};
use kinfolio_core::host::MemorySecretStore;
use kinfolio_core::ids::LearnerId;
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress};
use support::family::photo_folder;

/// A family in a real store: a line and a title for each learner, a draft, a photo with a place in it.
pub fn from_store(dir: &Path) -> (Client, LearnerId) {
    let config = ClientConfig { dir: dir.join("phone"), device_name: "Kitchen phone".into() };
    let secrets = Arc::new(MemorySecretStore::default());
    let client =
        Client::open(config, secrets, None, None, Arc::new(SystemClock), Arc::new(OsRandomness)).unwrap();
    let add = |nickname: &str| {
        let new = NewLearner { nickname: nickname.into(), colour: String::new(), emoji: "🦔".into() };
        client.learners().add(new).unwrap().id
    };
    let (hedgehog, otter) = (add("Hedgehog"), add("Otter"));
    let line = |learner, line: &str| LearnerLine { learner, line: line.into() };
    let draft = |title: &str, on_record, learners| EntryDraft {
        title: title.into(),
        note: "What we did: Hedgehog and Otter dammed the brook.".into(),
        learned_on: "2026-05-03".into(),
        minutes: Some(90),
        on_record,
        learners,
        ..EntryDraft::default()
    };
    let both = vec![line(hedgehog, "“It leaks on purpose.”"), line(otter, "sibling-line-canary")];
    let entry = client.entries().create(draft("The dam", true, both)).unwrap();
    client.entries().create(draft("draft-canary", false, vec![line(hedgehog, "draft-canary")])).unwrap();
    client.entries().create(draft("sibling-line-canary alone", true, vec![line(otter, "")])).unwrap();
    let trashed = client.entries().create(draft("trash-canary", true, vec![line(hedgehog, "")])).unwrap();
    client.entries().trash(trashed.id).unwrap();
    let photo = ImportSource::Path(photo_folder().join("cup.jpg"));
    client.attachments().import(entry.id, photo, "Hedgehog's dam", "", &Cancel::new(), &NoProgress).unwrap();
    (client, hedgehog)
}
