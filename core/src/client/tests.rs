//! What opening the store promises: what was kept is there, and nothing is replaced in silence.

use super::*;
use crate::clock::{FixedClock, SeededRandomness};
use crate::entries::EntryDraft;
use crate::host::MemorySecretStore;
use crate::learners::NewLearner;

fn open(dir: &Path, secrets: &Arc<MemorySecretStore>, seed: u64) -> Result<Client> {
    Client::open(
        ClientConfig { dir: dir.join("store"), device_name: "Mum's phone".into() },
        secrets.clone(),
        None,
        None,
        Arc::new(FixedClock::at(1_780_000_000_000)),
        Arc::new(SeededRandomness::new(seed)),
    )
}

#[test]
fn what_was_kept_is_there_when_the_store_is_opened_again() {
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(MemorySecretStore::default()));
    let client = open(dir.path(), &secrets, 1).unwrap();
    let family = client.keys().place().unwrap();
    let learner =
        client.learners().add(NewLearner { nickname: "Otter".into(), ..NewLearner::default() }).unwrap();
    let draft = EntryDraft { title: "Pond".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let entry = client.entries().create(draft).unwrap();
    drop(client);
    let client = open(dir.path(), &secrets, 2).unwrap();
    assert_eq!(client.learners().list().unwrap(), vec![learner]);
    assert_eq!(client.entries().get(entry.id).unwrap(), entry);
    assert_eq!(client.keys().place().unwrap(), family, "founded once");
}

#[test]
fn a_store_whose_key_is_gone_is_never_replaced() {
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(MemorySecretStore::default()));
    drop(open(dir.path(), &secrets, 1).unwrap());
    let path = dir.path().join("store").join(STORE);
    let before = std::fs::read(&path).unwrap();
    let other = Arc::new(MemorySecretStore::default());
    assert_eq!(open(dir.path(), &other, 2).unwrap_err(), Error::WrongKey);
    assert_eq!(other.load(STORE_KEY).unwrap(), None, "and no key is made up for it");
    other.save(STORE_KEY, &[7; 32]).unwrap();
    assert_eq!(open(dir.path(), &other, 2).unwrap_err(), Error::WrongKey);
    assert!(std::fs::read(&path).unwrap() == before);
    open(dir.path(), &secrets, 3).unwrap();
}

#[test]
fn two_installations_type_under_different_numbers_that_fit_53_bits() {
    let secrets = [MemorySecretStore::default(), MemorySecretStore::default()];
    let [one, two] = [0, 1].map(|n| text_client(&secrets[n as usize], &SeededRandomness::new(n)).unwrap());
    assert!(one != two && one < 1 << 53 && two < 1 << 53);
    assert_eq!(text_client(&secrets[0], &SeededRandomness::new(9)).unwrap(), one, "kept");
}
