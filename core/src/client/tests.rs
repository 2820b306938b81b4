//! What opening the store promises: what was kept is there, and nothing is replaced in silence.

use super::*;
use crate::calendar::DAY_MS;
use crate::clock::{FixedClock, SeededRandomness};
use crate::entries::EntryDraft;
use crate::host::MemorySecretStore;
use crate::learners::NewLearner;

const NOW_MS: i64 = 1_780_000_000_000;

fn open(dir: &Path, secrets: &Arc<MemorySecretStore>, seed: u64) -> Result<Client> {
    open_at(NOW_MS, dir, secrets, seed)
}

fn open_at(now_ms: i64, dir: &Path, secrets: &Arc<MemorySecretStore>, seed: u64) -> Result<Client> {
    Client::open(
        ClientConfig { dir: dir.join("store"), device_name: "Mum's phone".into() },
        secrets.clone(),
        None,
        None,
        Arc::new(FixedClock::at(now_ms)),
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
    let before = fs::read(&path).unwrap();
    let other = Arc::new(MemorySecretStore::default());
    assert_eq!(open(dir.path(), &other, 2).unwrap_err(), Error::WrongKey);
    assert_eq!(other.load(STORE_KEY).unwrap(), None, "and no key is made up for it");
    other.save(STORE_KEY, &[7; 32]).unwrap();
    assert_eq!(open(dir.path(), &other, 2).unwrap_err(), Error::WrongKey);
    assert!(fs::read(&path).unwrap() == before);
    open(dir.path(), &secrets, 3).unwrap();
}

#[test]
fn a_record_whose_file_is_gone_or_empty_is_not_taken_for_a_new_one() {
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(MemorySecretStore::default()));
    let client = open(dir.path(), &secrets, 1).unwrap();
    client.checkpoint().unwrap();
    drop(client);
    let path = dir.path().join("store").join(STORE);
    let whole = fs::read(&path).unwrap();
    let refused = || open(dir.path(), &secrets, 2).unwrap_err();
    fs::write(&path, b"").unwrap();
    assert!(matches!(refused(), Error::StoreDamaged(_)));
    fs::remove_file(&path).unwrap();
    assert!(refused().to_string().contains("bring the record back"), "{}", refused());
    assert!(!path.exists(), "nothing stands in its place");
    fs::write(&path, whole).unwrap();
    open(dir.path(), &secrets, 3).unwrap();
}

#[test]
fn two_installations_type_under_different_numbers_that_fit_53_bits() {
    let secrets = [MemorySecretStore::default(), MemorySecretStore::default()];
    let [one, two] = [0, 1].map(|n| text_client(&secrets[n as usize], &SeededRandomness::new(n)).unwrap());
    assert!(one != two && one < 1 << 53 && two < 1 << 53);
    assert_eq!(text_client(&secrets[0], &SeededRandomness::new(9)).unwrap(), one, "kept");
}

/// A store that is opened on one day after the other, and on each of them has this in its trash or not.
#[test]
fn a_phone_that_never_had_a_server_lets_go_of_its_trash_after_its_days() {
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(MemorySecretStore::default()));
    let on_day = |day: i64| open_at(NOW_MS + day * DAY_MS, dir.path(), &secrets, day.unsigned_abs()).unwrap();
    let draft = EntryDraft { title: "Pond".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let client = on_day(0);
    let entry = client.entries().create(draft).unwrap().id;
    client.entries().trash(entry).unwrap();
    drop(client);
    let is_there = |day| on_day(day).entries().get(entry).is_ok();
    assert!((1..30).all(is_there));
    assert!(!is_there(30));
}

#[test]
fn a_clock_that_leaps_empties_no_trash_of_a_phone_without_a_server() {
    let (dir, secrets) = (tempfile::tempdir().unwrap(), Arc::new(MemorySecretStore::default()));
    let on_day = |day: i64| open_at(NOW_MS + day * DAY_MS, dir.path(), &secrets, day.unsigned_abs()).unwrap();
    let draft = EntryDraft { title: "Pond".into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() };
    let client = on_day(0);
    let entry = client.entries().create(draft).unwrap().id;
    client.entries().trash(entry).unwrap();
    drop(client);
    let is_there = |day| on_day(day).entries().get(entry).is_ok();
    assert!((1..20).all(is_there));
    // A year ahead for some days, and back again.
    assert!([400, 400, 401, 402, 20, 21, 22].into_iter().all(is_there));
    assert!((400..404).all(is_there));
    assert!(!is_there(404), "a clock that stays is believed in the end");
}
