//! What the store promises: encrypted, durable, untouched by a wrong key, whole after a full disk.

use super::*;
use crate::clock::SeededRandomness;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

fn key(seed: u64) -> StoreKey {
    StoreKey::make(&SeededRandomness::new(seed))
}

fn scratch() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("kinfolio.db");
    (dir, path)
}

fn put(storage: &Storage, name: &str, value: &[u8]) -> Result<()> {
    storage.write(|tx| {
        tx.execute("INSERT INTO meta (name, value) VALUES (?1, ?2)", (name, value))?;
        Ok(())
    })
}

fn count(storage: &Storage) -> i64 {
    storage.read(|tx| Ok(tx.query_row("SELECT count(*) FROM meta", [], |row| row.get(0))?)).unwrap()
}

/// Every file of the folder by name, with a hash that a failed assertion can print.
fn fingerprints(dir: &Path) -> BTreeMap<PathBuf, (usize, String)> {
    use kinfolio_protocol::labels::sha256;
    files(dir).into_iter().map(|(name, bytes)| (name, (bytes.len(), sha256(&bytes).to_string()))).collect()
}

/// Every file of the folder, by name.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| path.extension().is_some_and(|e| e != "db-shm"))
        .map(|p| (p.clone(), std::fs::read(p).unwrap()))
        .collect()
}

#[test]
fn no_byte_of_the_store_is_plain() {
    let (dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    put(&storage, "canary-in-a-row", b"canary-in-a-blob").unwrap();
    for (name, bytes) in files(dir.path()) {
        for plain in [&b"SQLite format 3"[..], b"canary", b"CREATE TABLE", b"meta"] {
            assert!(!bytes.windows(plain.len()).any(|window| window == plain), "{}", name.display());
        }
    }
    storage.checkpoint().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"));
    assert!(!bytes.windows(6).any(|window| window == b"canary"));
}

#[test]
fn the_gates_hold_on_every_connection() {
    let (_dir, path) = scratch();
    let _storage = Storage::open(&path, &key(1)).unwrap();
    for connection in [open::writer(&path, &key(1)).unwrap(), open::reader(&path, &key(1)).unwrap()] {
        let text = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let int = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert!(text("PRAGMA cipher_version").starts_with("4."));
        // libtomcrypt, the fall-back, would be several times slower; Apple's is commoncrypto.
        assert_eq!(
            text("PRAGMA cipher_provider"),
            if cfg!(target_vendor = "apple") { "commoncrypto" } else { "openssl" }
        );
        assert_eq!(text("PRAGMA journal_mode"), "wal");
        assert_eq!(int("PRAGMA cache_size"), -16_000);
        assert_eq!(int("PRAGMA temp_store"), 2);
    }
    let writer = open::writer(&path, &key(1)).unwrap();
    let int = |sql: &str| writer.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(
        (int("PRAGMA synchronous"), int("PRAGMA fullfsync"), int("PRAGMA checkpoint_fullfsync")),
        (2, 1, 1)
    );
    let reader = open::reader(&path, &key(1)).unwrap();
    assert!(reader.execute("DELETE FROM meta", []).is_err(), "a reader can't write");
}

#[test]
fn a_wrong_key_says_so_and_leaves_every_byte_as_it_was() {
    let (dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    put(&storage, "a", b"1").unwrap();
    storage.checkpoint().unwrap();
    put(&storage, "b", b"2").unwrap();
    // A copy as a killed process leaves it: a write-ahead log that was never written back.
    let copy = tempfile::tempdir().unwrap();
    for (name, bytes) in files(dir.path()) {
        std::fs::write(copy.path().join(name.file_name().unwrap()), bytes).unwrap();
    }
    let before = fingerprints(copy.path());
    assert_eq!(before.len(), 2, "file and log");
    assert_eq!(Storage::open(&copy.path().join("kinfolio.db"), &key(2)).unwrap_err(), Error::WrongKey);
    assert_eq!(fingerprints(copy.path()), before);
    let again = Storage::open(&copy.path().join("kinfolio.db"), &key(1)).unwrap();
    assert_eq!(count(&again), 2, "and the right key finds everything");
}

#[test]
fn a_plain_sqlite_file_is_refused_and_left_alone() {
    let (dir, path) = scratch();
    let plain = Connection::open(&path).unwrap();
    plain.execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
    drop(plain);
    let before = fingerprints(dir.path());
    assert_eq!(Storage::open(&path, &key(1)).unwrap_err(), Error::WrongKey);
    assert_eq!(fingerprints(dir.path()), before);
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_alone() {
    let (_dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    storage.write(|tx| Ok(tx.pragma_update(None, "user_version", LATEST + 1)?)).unwrap();
    drop(storage);
    let before = std::fs::read(&path).unwrap();
    assert_eq!(Storage::open(&path, &key(1)).unwrap_err(), Error::StoreTooNew);
    assert!(std::fs::read(&path).unwrap() == before, "the file changed");
}

#[test]
fn a_failed_write_leaves_nothing_and_a_panic_does_not_block_the_next() {
    let (_dir, path) = scratch();
    let storage = Arc::new(Storage::open(&path, &key(1)).unwrap());
    let failed: Result<()> = storage.write(|tx| {
        tx.execute("INSERT INTO meta (name, value) VALUES ('x', x'00')", [])?;
        Err(Error::Cancelled)
    });
    assert_eq!(failed, Err(Error::Cancelled));
    assert_eq!(count(&storage), 0);
    for _ in 0..5 {
        let storage = storage.clone();
        let panicking = std::thread::spawn(move || {
            let writing: Result<()> = storage.write(|tx| {
                tx.execute("INSERT INTO meta (name, value) VALUES ('x', x'00')", [])?;
                let _: Result<()> = storage.read(|_| panic!("inside a read"));
                Ok(())
            });
            writing
        });
        assert!(panicking.join().is_err());
    }
    put(&storage, "y", b"1").unwrap();
    assert_eq!(count(&storage), 1);
}

#[test]
fn a_reader_sees_one_moment_while_others_write() {
    let (_dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    put(&storage, "a", b"1").unwrap();
    storage
        .read(|tx| {
            let rows = || tx.query_row("SELECT count(*) FROM meta", [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(rows(), 1);
            put(&storage, "b", b"2")?;
            assert_eq!(rows(), 1);
            Ok(())
        })
        .unwrap();
    assert_eq!(count(&storage), 2);
}

#[test]
fn a_full_disk_is_an_error_loses_nothing_and_works_again_afterwards() {
    let (_dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    put(&storage, "before", b"kept").unwrap();
    let pages = |limit: &str| {
        let sql = format!("PRAGMA max_page_count = {limit}");
        lock(&storage.writer).query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let now: i64 = lock(&storage.writer).query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    pages(&now.to_string());
    let big = vec![7; 100_000];
    assert_eq!(put(&storage, "big", &big), Err(Error::StorageFull));
    assert_eq!(count(&storage), 1);
    pages("1000000");
    put(&storage, "big", &big).unwrap();
    assert_eq!(count(&storage), 2);
}

#[test]
fn a_damaged_page_is_told_and_never_read_as_something_else() {
    let (_dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    put(&storage, "big", &vec![7; 100_000]).unwrap();
    drop(storage);
    let whole = std::fs::read(&path).unwrap();
    for seed in 0..40u64 {
        let mut bytes = whole.clone();
        let at = 4096 + usize::try_from(seed * 2_654_435_761 % (bytes.len() as u64 - 4096)).unwrap();
        bytes[at] ^= 1 << (seed % 8);
        std::fs::write(&path, bytes).unwrap();
        let read = Storage::open(&path, &key(1)).and_then(|storage| {
            storage.read(|tx| {
                Ok(tx.query_row("SELECT value FROM meta WHERE name = 'big'", [], |row| {
                    row.get::<_, Vec<u8>>(0)
                })?)
            })
        });
        // A flip in an unused page is not noticed; it never changes what is read.
        match read {
            Err(Error::StoreDamaged(_)) => {}
            Ok(value) => {
                let wrong: Vec<usize> =
                    value.iter().enumerate().filter(|(_, b)| **b != 7).map(|(i, _)| i).collect();
                assert!(
                    value.len() == 100_000 && wrong.is_empty(),
                    "{seed}: {} bytes, wrong {:?}..{:?} of {}",
                    value.len(),
                    wrong.first(),
                    wrong.last(),
                    wrong.len()
                );
            }
            Err(other) => panic!("{seed}: {other}"),
        }
    }
}

#[test]
fn the_log_is_written_back_while_nobody_waits_and_stays_short() {
    let (dir, path) = scratch();
    let storage = Storage::open(&path, &key(1)).unwrap();
    let log = dir.path().join("kinfolio.db-wal");
    let page = vec![7; 400_000];
    // 120 MB of pages; without anybody to write them back, all of them would lie in the log.
    for n in 0..300 {
        put(&storage, &format!("p{n}"), &page).unwrap();
    }
    assert!(std::fs::metadata(&log).unwrap().len() < 60_000_000, "the log grows");
    storage.log.finish();
    put(&storage, "one more", b"1").unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 60_000_000, "nothing was written back");
    // As a killed process leaves it: the file and what of the log was not written back are the whole record.
    let copy = tempfile::tempdir().unwrap();
    for (name, bytes) in files(dir.path()) {
        std::fs::write(copy.path().join(name.file_name().unwrap()), bytes).unwrap();
    }
    assert_eq!(count(&Storage::open(&copy.path().join("kinfolio.db"), &key(1)).unwrap()), 301);
}
