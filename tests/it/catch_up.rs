//! Three hundred photographs become forty entries, however often the phone dies on the way: an entry is there with all its
//! photos or not yet, and no photo comes twice.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use kinfolio_core::attachments::Size;
use kinfolio_core::entries::TimelineQuery;
use kinfolio_core::http::Reqwest;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use support::camera;
use support::phone::Phone;
use tempfile::TempDir;

const PHOTOS: usize = 300;
const DAYS: usize = 40;

/// The program `catch_up`, until it is killed or done.
struct Child {
    process: std::process::Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Child {
    fn start(phone: &Phone, gallery: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_catch_up"))
            .args([phone.folder(), gallery])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let said = BufReader::new(process.stdout.take().expect("its output")).lines();
        Self { process, said }
    }

    /// Waits until it said this kind of step so many times. False when it ended before.
    fn wait_for(&mut self, step: &str, times: usize) -> bool {
        let said = self.said.by_ref().map_while(Result::ok).filter(|line| line.starts_with(step));
        said.take(times).count() == times
    }

    /// Ends it as a pulled battery would (SIGKILL).
    fn kill(mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
    }
}

/// The times of the photos of every entry, oldest entry first; each photo is readable.
fn entries(phone: &Phone) -> Vec<Vec<String>> {
    let query = TimelineQuery { limit: 500, include_drafts: true, ..TimelineQuery::default() };
    let mut entries = phone.client().entries().timeline(&query).expect("a page").entries;
    entries.reverse();
    let times = |entry: &kinfolio_core::entries::Entry| {
        assert_eq!((entry.title.as_str(), entry.on_record), ("Caught up", true));
        let photos = phone.client().attachments().list(entry.id).expect("its photos");
        assert_eq!(photos.iter().map(|photo| photo.id).collect::<Vec<_>>(), entry.attachments);
        let read = |photo| phone.client().attachments().read(photo, Size::Thumb).expect("a photo");
        photos.iter().for_each(|photo| assert!(read(photo.id).starts_with(&[0xFF, 0xD8])));
        photos.into_iter().map(|photo| photo.captured_at.expect("a time")).collect()
    };
    entries.iter().map(times).collect()
}

#[test]
fn a_catch_up_that_is_killed_again_and_again_makes_each_entry_once_and_whole() {
    let folder = TempDir::new_in("/dev/shm").or_else(|_| TempDir::new()).expect("a folder");
    let gallery = folder.path().join("gallery");
    let times = camera::gallery(&gallery, DAYS, PHOTOS).expect("a gallery");
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for time in times {
        expected.entry(time[..10].to_owned()).or_default().push(time);
    }
    let expected: Vec<Vec<String>> = expected.into_values().collect();
    assert_eq!((expected.len(), expected.concat().len()), (DAYS, PHOTOS));

    let mut phone = Phone::in_files("Ann", Arc::new(Reqwest::default()));
    phone.close();
    let mut random = StdRng::seed_from_u64(7);
    let mut kills = [("looked", 50), ("looked", 120)].to_vec();
    kills.extend([3, 30, 1, 44, 8, 60, 17].map(|photos| ("took", photos)));
    let mut made = 0;
    for (step, count) in kills {
        let mut child = Child::start(&phone, &gallery);
        assert!(child.wait_for(step, count), "the program ended before it was killed");
        std::thread::sleep(Duration::from_micros(random.random_range(0..60_000)));
        child.kill();
        phone.reopen();
        let there = entries(&phone);
        assert_eq!(there, expected[..there.len()], "whole entries, in their order, each once");
        assert!(there.len() >= made, "and none is gone again");
        made = there.len();
        let overview = phone.client().catch_up().overview().expect("readable").expect("under way");
        assert_eq!((overview.entries.len(), overview.taken as usize), (made, there.concat().len()));
        let files = std::fs::read_dir(phone.folder().join("phone/blobs")).map_or(0, Iterator::count);
        assert_eq!(files, 2 * there.concat().len(), "nothing is left of what was under way");
        phone.close();
    }
    assert!((1..DAYS).contains(&made), "it was killed on the way: {made} entries");
    let mut last = Child::start(&phone, &gallery);
    assert!(last.wait_for("done", 1), "it comes to its end");
    assert!(last.process.wait().expect("it ends").success());
    phone.reopen();
    assert_eq!(entries(&phone), expected, "{DAYS} entries, {PHOTOS} photos, each once");
}
