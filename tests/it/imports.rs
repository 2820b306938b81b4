//! Files, an own ZIP and a table, taken in by a phone that dies again and again: each thing is there whole or not yet, nothing
//! is left of what was under way, and a last run completes it without anything twice.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kinfolio_core::attachments::ImportSource;
use kinfolio_core::entries::EntryDraft;
use kinfolio_core::http::Reqwest;
use kinfolio_core::progress::{Cancel, NoProgress};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use support::phone::Phone;
use tempfile::TempDir;

use crate::metadata::make;

/// What a phone holds, by entry: title, note, and the names and sizes of its files, each of which was opened.
type Held = BTreeSet<(String, String, Vec<(String, u64)>)>;

fn scratch() -> TempDir {
    TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a folder")
}

fn held(phone: &Phone) -> Held {
    let (mut held, mut files) = (Held::new(), 0);
    let out = scratch();
    for entry in phone.content().entries.values() {
        let room = phone.client().attachments();
        let opened = room.list(entry.id).expect("its files").into_iter().map(|one| {
            let file = one.file.expect("a file");
            let to = out.path().join(format!("{files}"));
            room.save(one.id, &to, &Cancel::new(), &NoProgress).expect("the whole file");
            assert_eq!(std::fs::metadata(to).expect("a file").len(), file.size);
            files += 1;
            (file.name, file.size)
        });
        let opened: Vec<(String, u64)> = opened.collect();
        assert!(held.insert((entry.title.clone(), entry.note.clone(), opened)), "twice: {}", entry.title);
    }
    let sealed = std::fs::read_dir(phone.folder().join("phone/blobs")).map_or(0, Iterator::count);
    assert_eq!(sealed, files, "nothing is left of what was under way");
    held
}

/// Runs the program to its end, or kills it (SIGKILL) some time after it has taken so many steps.
fn run(phone: &Phone, kind: &str, path: &Path, kill: Option<(usize, Duration)>) -> bool {
    let mut process = Command::new(env!("CARGO_BIN_EXE_imports"))
        .arg(phone.folder())
        .arg(kind)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let said = BufReader::new(process.stdout.take().expect("its output")).lines().map_while(Result::ok);
    match kill {
        Some((steps, after)) => {
            let took = said.filter(|line| line.starts_with("took")).take(steps).count();
            std::thread::sleep(after);
            let alive = process.try_wait().expect("ours").is_none();
            process.kill().expect("it can be killed");
            process.wait().expect("it ends");
            took == steps && alive
        }
        None => {
            assert_eq!(said.last().as_deref(), Some("done"));
            process.wait().expect("it ends").success()
        }
    }
}

/// Kills the import at each of these steps, then lets it come to its end; gives what the phone holds then.
fn killed(kind: &str, path: &Path, steps: &[usize], whole: &dyn Fn(&Held)) -> Held {
    let mut phone = Phone::in_files("Ann", Arc::new(Reqwest::default()));
    phone.close();
    let mut random = StdRng::seed_from_u64(7);
    let mut hits = 0;
    let mut before = Held::new();
    for step in steps {
        let after = Duration::from_micros(random.random_range(0..20_000));
        hits += usize::from(run(&phone, kind, path, Some((*step, after))));
        phone.reopen();
        let now = held(&phone);
        whole(&now);
        assert!(now.len() >= before.len(), "and none is gone again");
        before = now;
        phone.close();
    }
    assert!(hits * 2 > steps.len(), "killed on the way only {hits} times of {}", steps.len());
    for _ in 0..2 {
        assert!(run(&phone, kind, path, None));
    }
    phone.reopen();
    held(&phone)
}

/// Recordings of some megabytes, a document, a video.
fn files() -> [(&'static str, Vec<u8>); 5] {
    [
        ("1.mp3", make::frames(6_000)),
        ("2.pdf", make::pdf()),
        ("3.mp4", make::movie(&make::Movie::default())),
        ("4.mp3", make::frames(9_000)),
        ("5.aac", make::adts()),
    ]
}

#[test]
fn files_whose_import_is_killed_are_there_whole_or_not_at_all() {
    let folder = scratch();
    for (name, bytes) in files() {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    let steps = [1, 20, 45, 3, 60, 9, 30, 70, 2, 15];
    let end = killed("files", folder.path(), &steps, &|held| assert!(held.len() <= 1));
    let (_, _, names) = end.first().expect("the entry");
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, files().map(|(name, _)| name));
}

#[test]
fn an_own_zip_whose_import_is_killed_comes_in_entry_by_entry_and_once() {
    let source = Phone::in_files("Ben", Arc::new(Reqwest::default()));
    for number in 0..30 {
        let draft = EntryDraft {
            title: format!("Day {number}"),
            note: format!("Note {number}"),
            learned_on: "2026-05-03".to_owned(),
            ..EntryDraft::default()
        };
        let entry = source.client().entries().create(draft).expect("kept").id;
        for (name, bytes) in files().into_iter().skip(1).take(2).chain([("long.mp3", make::frames(400))]) {
            let from = ImportSource::Bytes(bytes);
            let room = source.client().attachments();
            room.import_file(entry, from, name, "", &Cancel::new(), &NoProgress).expect("taken in");
        }
    }
    let expected = held(&source);
    let folder = scratch();
    let zip = folder.path().join("all.zip");
    source.client().export().write_record(None, false, &zip, &NoProgress, &Cancel::new()).expect("written");
    let end = killed("zip", &zip, &[1, 3, 2, 9, 12, 4, 20, 15], &|held| {
        assert!(held.is_subset(&expected), "an entry comes with all of its files");
    });
    assert_eq!(end, expected);
}

#[test]
fn a_table_whose_import_is_killed_comes_in_row_by_row_and_once() {
    let folder = scratch();
    let table = folder.path().join("table.csv");
    let row = |number: u32| format!("2026-05-03,Day {number},Note {number}\r\n");
    let rows: String = (0..900).map(row).collect();
    std::fs::write(&table, format!("Date,Title,Notes\r\n{rows}")).expect("written");
    let expected: Held =
        (0..900).map(|number| (format!("Day {number}"), format!("Note {number}"), Vec::new())).collect();
    let end = killed("csv", &table, &[1, 150, 20, 350, 420, 260], &|held| {
        assert!(held.is_subset(&expected));
    });
    assert_eq!(end, expected);
}
