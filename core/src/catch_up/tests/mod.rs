//! What catching up promises: every photo once, an entry with all its photos or not yet, and nothing in silence.

mod arranging;
mod refused;

use std::path::PathBuf;
use std::sync::Mutex;

use super::*;
use crate::attachments::Size;
use crate::client::{Client, ClientConfig};
use crate::clock::{FixedClock, SeededRandomness};
use crate::entries::Entry;
use crate::host::MemorySecretStore;
use crate::learners::NewLearner;
use crate::progress::{Cancel, NoProgress, Progress};

struct Phone {
    dir: tempfile::TempDir,
    secrets: Arc<MemorySecretStore>,
    client: Option<Client>,
}

impl Phone {
    fn new() -> Self {
        let secrets = Arc::new(MemorySecretStore::default());
        let mut phone = Self { dir: tempfile::tempdir().unwrap(), secrets, client: None };
        phone.reopen(1);
        phone
    }

    fn reopen(&mut self, seed: u64) {
        self.client = None;
        let config = ClientConfig { dir: self.dir.path().join("store"), device_name: "Mum's phone".into() };
        let (clock, random) =
            (Arc::new(FixedClock::at(1_780_000_000_000)), Arc::new(SeededRandomness::new(seed)));
        self.client = Some(Client::open(config, self.secrets.clone(), None, None, clock, random).unwrap());
    }

    fn room(&self) -> &CatchUpClient {
        self.client.as_ref().unwrap().catch_up()
    }

    fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    fn learner(&self, nickname: &str) -> LearnerId {
        let new = NewLearner { nickname: nickname.into(), ..NewLearner::default() };
        self.client().learners().add(new).unwrap().id
    }

    /// A file in the phone's gallery.
    fn file(&self, name: &str, bytes: &[u8]) -> Source {
        let path = self.gallery(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        Source { place: Place::Path(path.to_str().unwrap().into()), name: name.into(), modified_ms: None }
    }

    fn gallery(&self, name: &str) -> PathBuf {
        self.dir.path().join("gallery").join(name)
    }

    /// Photos taken at these times, each another.
    fn shots(&self, times: &[&str]) -> Vec<Source> {
        let shot = |(n, time): (u8, &&str)| self.file(&format!("IMG_{n}.jpg"), &shot(n, time));
        (1..).zip(times).map(shot).collect()
    }

    fn begin(&self, sources: &[Source]) -> Overview {
        self.room().begin(sources, &london()).unwrap()
    }

    fn scan(&self) -> Overview {
        self.room().scan(None, &Cancel::new(), &NoProgress).unwrap()
    }

    fn run(&self) -> Overview {
        self.room().run(None, &Cancel::new(), &NoProgress).unwrap()
    }

    fn entry(&self, id: EntryId) -> Entry {
        self.client().entries().get(id).unwrap()
    }

    /// When each photo of an entry was taken, in its order.
    fn times(&self, id: EntryId) -> Vec<String> {
        let list = self.client().attachments().list(id).unwrap();
        list.into_iter().map(|photo| photo.captured_at.unwrap()).collect()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.dir.path().join("store/blobs")).map_or(0, Iterator::count)
    }
}

fn london() -> Settings {
    Settings { zone: Some("Europe/London".into()), ..Settings::default() }
}

/// A small JPEG as a camera would leave it; an empty time is none.
fn shot(colour: u8, taken: &str) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    if !taken.is_empty() {
        // One directory that points to the camera's own, which holds DateTimeOriginal (EXIF 2.32, 4.6).
        let mut exif = b"MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0".to_vec();
        exif.extend(b"\0\x01\x90\x03\0\x02\0\0\0\x14\0\0\0\x2c\0\0\0\0");
        let (day, time) = taken.split_once('T').unwrap();
        exif.extend(format!("{} {time}\0", day.replace('-', ":")).bytes());
        encoder.add_exif_metadata(&exif).unwrap();
    }
    let pixels: Vec<u8> =
        (0..24 * 16).flat_map(|n: u32| [colour, (n / 24 * 9) as u8, (n % 24 * 9) as u8]).collect();
    encoder.encode(&pixels, 24, 16, jpeg_encoder::ColorType::Rgb).unwrap();
    jpeg
}

const WEEK: [&str; 6] = [
    "2026-05-04T09:05:00",
    "2026-05-03T10:00:00",
    "2026-05-03T10:20:00",
    "2026-05-03T15:00:00",
    "2026-05-04T00:01:00",
    "2026-05-03T23:59:00",
];

/// Cancels once so many steps are done.
struct CancelAt(u64, Cancel, Mutex<Vec<(u64, u64)>>);

impl Progress for CancelAt {
    fn progress(&self, done: u64, total: u64) {
        self.2.lock().unwrap().push((done, total));
        if done == self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn photos_become_one_entry_for_each_part_of_a_day_and_none_is_lost() {
    let phone = Phone::new();
    let learner = phone.learner("Otter");
    let given = phone.begin(&phone.shots(&WEEK));
    assert_eq!((given.given, given.looked_at, phone.room().groups().unwrap().len()), (6, 0, 0));
    let seen = phone.scan();
    assert_eq!((seen.looked_at, seen.waiting, seen.entries.len()), (6, 5, 0));
    let groups = phone.room().groups().unwrap();
    let days: Vec<_> = groups.iter().map(|group| (group.day.clone().unwrap(), group.wanted)).collect();
    let days: Vec<_> = days.iter().map(|(day, wanted)| (day.as_str(), *wanted)).collect();
    let expected =
        [("2026-05-03", 2), ("2026-05-03", 1), ("2026-05-03", 1), ("2026-05-04", 1), ("2026-05-04", 1)];
    assert_eq!(days, expected);

    let all: Vec<_> = groups.iter().map(|group| group.number).collect();
    let what = Assignment {
        title: Some("Pond".into()),
        learners: Some(vec![learner]),
        tags: Some(vec!["walk".into(), "très".into()]),
        on_record: Some(true),
        ..Assignment::default()
    };
    phone.room().assign(&all, &what).unwrap();
    let steps = CancelAt(0, Cancel::new(), Mutex::default());
    let done = phone.room().run(None, &Cancel::new(), &steps).unwrap();
    assert_eq!(steps.2.into_inner().unwrap(), (1..=6).map(|done| (done, 6)).collect::<Vec<_>>());
    assert_eq!((done.taken, done.waiting, done.entries.len()), (6, 0, 5));
    assert_eq!(phone.times(done.entries[0]), ["2026-05-03T10:00:00", "2026-05-03T10:20:00"]);
    for id in &done.entries {
        let entry = phone.entry(*id);
        assert_eq!((entry.title.as_str(), entry.on_record), ("Pond", true));
        assert_eq!(entry.tags, ["très", "walk"]);
        assert_eq!(entry.learners.iter().map(|line| line.learner).collect::<Vec<_>>(), [learner]);
        for photo in entry.attachments {
            phone.client().attachments().read(photo, Size::Display).unwrap();
        }
    }
    assert_eq!(phone.run(), done, "a second time there is nothing to do");
    phone.room().end().unwrap();
    assert_eq!(phone.room().overview().unwrap(), None);
    assert_eq!(phone.client().entries().count().unwrap(), 5);
    assert!(phone.gallery("IMG_1.jpg").exists(), "what was given stays where it is");
}

#[test]
fn a_scan_and_a_run_that_were_broken_off_go_on_after_the_next_opening() {
    let mut phone = Phone::new();
    let times: Vec<String> =
        (0..40).map(|n| format!("2026-05-{:02}T10:{:02}:00", 1 + n / 4, n % 4)).collect();
    let times: Vec<&str> = times.iter().map(String::as_str).collect();
    phone.begin(&phone.shots(&times));
    let broken = CancelAt(20, Cancel::new(), Mutex::default());
    assert_eq!(phone.room().scan(None, &broken.1, &broken), Err(Error::Cancelled));
    let seen = phone.room().overview().unwrap().unwrap();
    assert_eq!((seen.looked_at, phone.room().groups().unwrap().len()), (20, 0), "no half of a proposal");
    phone.reopen(2);
    let steps = CancelAt(0, Cancel::new(), Mutex::default());
    assert_eq!(phone.room().scan(None, &Cancel::new(), &steps).unwrap().waiting, 10);
    assert_eq!(steps.2.into_inner().unwrap().first(), Some(&(21, 40)), "it goes on where it was");

    for (photos, entries) in [(3, 0), (9, 2), (1, 2), (15, 5)] {
        let broken = CancelAt(photos, Cancel::new(), Mutex::default());
        assert_eq!(phone.room().run(None, &broken.1, &broken), Err(Error::Cancelled));
        phone.reopen(photos);
        let now = phone.room().overview().unwrap().unwrap();
        assert_eq!(
            (now.entries.len(), now.taken, now.waiting),
            (entries, 4 * entries as u32, 10 - entries as u32)
        );
        assert_eq!(
            phone.files(),
            8 * entries,
            "nothing of the photos of a group that did not become an entry"
        );
        let count = phone.client().entries().count().unwrap();
        assert_eq!(count, entries as u64);
    }
    let done = phone.run();
    let all: Vec<String> = done.entries.iter().flat_map(|id| phone.times(*id)).collect();
    assert_eq!(all, times, "each once, in order");
    assert_eq!((done.entries.len(), phone.client().entries().count().unwrap()), (10, 10));
    assert!(phone.client().entries().drafts().unwrap().len() == 10, "drafts unless asked otherwise");
}

#[test]
fn what_is_there_already_is_left_out_unless_somebody_asks_for_it() {
    let phone = Phone::new();
    let sources = phone.shots(&WEEK[..3]);
    phone.begin(&sources);
    phone.scan();
    let first = phone.run();
    phone.room().end().unwrap();
    // One entry is in the trash by now, and another photo comes twice.
    phone.client().entries().trash(first.entries[0]).unwrap();
    let new = phone.file("new.jpg", &shot(90, "2026-05-09T10:00:00"));
    let again = phone.file("copy of new.jpg", &shot(90, "2026-05-09T10:00:00"));
    phone.begin(&[&sources[..], &[new, again]].concat());
    let seen = phone.scan();
    assert_eq!((seen.duplicates, seen.waiting), (4, 1));
    let duplicates: Vec<_> =
        phone.room().photos().unwrap().into_iter().map(|photo| photo.duplicate).collect();
    let given = Some(Duplicate::Given(PhotoNumber(4)));
    assert_eq!(
        duplicates,
        [Some(Duplicate::Kept), Some(Duplicate::Kept), Some(Duplicate::Kept), None, given]
    );
    phone.room().leave_out(&[PhotoNumber(5)], false).unwrap();
    phone.room().leave_out(&[PhotoNumber(1)], false).unwrap();
    let done = phone.run();
    assert_eq!((done.taken, done.duplicates, done.entries.len()), (3, 2, 2));
    assert_eq!(phone.times(done.entries[1]), ["2026-05-09T10:00:00"; 2]);
}

#[test]
fn a_photo_of_before_files_hashes_were_kept_is_known_by_its_copies() {
    let phone = Phone::new();
    let sources = phone.shots(&WEEK[..1]);
    phone.begin(&sources);
    phone.scan();
    let entry = phone.run().entries[0];
    phone.room().end().unwrap();
    let copy = phone.client().attachments().list(entry).unwrap()[0].id;
    let copy = phone.client().attachments().read(copy, Size::Display).unwrap();
    phone
        .room()
        .context
        .storage
        .write(|tx| Ok(tx.execute("UPDATE attachment SET original = NULL", [])?))
        .unwrap();
    phone.begin(&[&sources[..], &[phone.file("saved.jpg", &copy)]].concat());
    // Our own copy is known at once, the camera's file once it is decoded.
    let seen = phone.scan();
    assert_eq!((seen.duplicates, seen.waiting), (1, 1));
    let done = phone.run();
    assert_eq!((done.duplicates, done.taken, done.waiting, done.entries.len()), (2, 0, 0, 0));
    assert_eq!((phone.client().entries().count().unwrap(), phone.files()), (1, 2));
}
