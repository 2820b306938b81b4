//! What is shared is there as a whole, or not at all; a day out gathers its pictures until it is over.

mod inbox;

use super::*;
use crate::client::{Client, ClientConfig};
use crate::clock::{FixedClock, SeededRandomness};
use crate::host::MemorySecretStore;
use crate::learners::NewLearner;
use crate::progress::NoProgress;
use std::collections::BTreeSet;
use std::sync::Mutex;

const CAT: &[u8] = include_bytes!("../../../../tests/fixtures/photos/cat.jpg");
const DAY: &str = "2026-05-03";

struct Phone {
    dir: tempfile::TempDir,
    client: Client,
}

impl Phone {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = ClientConfig { dir: dir.path().to_owned(), device_name: "Mum's phone".into() };
        let secrets = Arc::new(MemorySecretStore::default());
        let clock = Arc::new(FixedClock::at(1_780_000_000_000));
        let random = Arc::new(SeededRandomness::new(1));
        Self { dir, client: Client::open(config, secrets, None, None, clock, random).unwrap() }
    }

    fn take(&self, shared: Shared) -> Result<Entry> {
        self.client.intake().take(shared, &Cancel::new(), &NoProgress)
    }

    fn learner(&self, nickname: &str) -> LearnerId {
        self.client
            .learners()
            .add(NewLearner { nickname: nickname.into(), ..NewLearner::default() })
            .unwrap()
            .id
    }

    fn sealed(&self) -> BTreeSet<std::path::PathBuf> {
        let Ok(folder) = std::fs::read_dir(self.dir.path().join("blobs")) else { return BTreeSet::new() };
        folder.map(|file| file.unwrap().path()).collect()
    }
}

fn file(name: &str, bytes: &[u8]) -> SharedFile {
    SharedFile { source: ImportSource::Bytes(bytes.to_vec()), name: name.into() }
}

fn recording() -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
    frame.repeat(10)
}

fn shared() -> Shared {
    Shared { day: DAY.into(), ..Shared::default() }
}

#[test]
fn a_page_a_text_and_files_land_as_one_draft() {
    let phone = Phone::new();
    let otter = phone.learner("Otter");
    let entry = phone
        .take(Shared {
            title: "How ponds live".into(),
            text: "Read this together".into(),
            url: "https://example.org/ponds".into(),
            files: vec![file("cat.jpg", CAT), file("song.mp3", &recording())],
            learners: vec![otter],
            ..shared()
        })
        .unwrap();
    assert_eq!(entry.title, "How ponds live");
    assert_eq!(entry.note, "Read this together\n\nhttps://example.org/ponds");
    assert_eq!((entry.on_record, entry.learned_on.as_str(), entry.learners[0].learner), (false, DAY, otter));
    let kept = phone.client.attachments().list(entry.id).unwrap();
    assert_eq!(entry.attachments, kept.iter().map(|one| one.id).collect::<Vec<_>>());
    let names: Vec<_> = kept.iter().map(|one| one.file.as_ref().map(|file| file.name.as_str())).collect();
    assert_eq!(names, [None, Some("song.mp3")]);
    assert_eq!(phone.client.entries().drafts().unwrap(), [entry]);
}

#[test]
fn an_address_stands_once_and_a_long_title_is_cut() {
    let phone = Phone::new();
    let url = "https://example.org/ponds";
    let entry = phone.take(Shared { text: format!("Look: {url}"), url: url.into(), ..shared() }).unwrap();
    assert_eq!(entry.note, format!("Look: {url}"));
    let entry = phone.take(Shared { title: "pond ".repeat(100), url: url.into(), ..shared() }).unwrap();
    assert_eq!((entry.title.chars().count(), entry.note.as_str()), (200, url));
    assert!(entry.title.ends_with('…'));
}

#[test]
fn what_can_not_be_kept_is_named_and_nothing_of_the_rest_is_kept() {
    let phone = Phone::new();
    assert!(matches!(phone.take(shared()), Err(Error::InvalidInput(_))), "nothing");
    let many = vec![file("cat.jpg", CAT); MAX_FILES + 1];
    let cases = [
        (
            "diary.txt",
            vec![file("cat.jpg", CAT), file("diary.txt", b"today we went out"), file("cat.jpg", CAT)],
        ),
        ("half.jpg", vec![file("song.mp3", &recording()), file("half.jpg", &CAT[..9_000])]),
        ("100 files", many),
    ];
    for (named, files) in cases {
        let refused = phone.take(Shared { text: "Out".into(), files, ..shared() }).unwrap_err();
        assert!(matches!(&refused, Error::InvalidInput(why) if why.contains(named)), "{refused}");
    }
    let long = Shared { text: "x".repeat(70_000), files: vec![file("cat.jpg", CAT)], ..shared() };
    assert!(matches!(phone.take(long), Err(Error::InvalidInput(_))));
    let nobody = Shared {
        text: "Out".into(),
        files: vec![file("cat.jpg", CAT)],
        learners: vec![LearnerId([9; 16])],
        ..shared()
    };
    assert!(matches!(phone.take(nobody), Err(Error::NotFound(_))));
    assert_eq!((phone.client.entries().count().unwrap(), phone.sealed().len()), (0, 0));
}

/// Cancels at a step of a thousand a file.
struct CancelAt(u64, Cancel, Mutex<Vec<(u64, u64)>>);

impl Progress for CancelAt {
    fn progress(&self, done: u64, total: u64) {
        self.2.lock().unwrap().push((done, total));
        if done >= self.0 {
            self.1.cancel();
        }
    }
}

#[test]
fn cancelling_anywhere_leaves_nothing_and_progress_counts_to_the_end() {
    let phone = Phone::new();
    let take = |at: u64| {
        let heard = CancelAt(at, Cancel::new(), Mutex::default());
        let files = vec![file("cat.jpg", CAT), file("song.mp3", &recording())];
        let result = phone.client.intake().take(Shared { files, ..shared() }, &heard.1, &heard);
        (result, heard.2.into_inner().unwrap())
    };
    for at in [1, 1000, 1200, 1700, 2000] {
        assert_eq!(take(at).0, Err(Error::Cancelled), "{at}");
        assert_eq!((phone.client.entries().count().unwrap(), phone.sealed().len()), (0, 0), "{at}");
    }
    let (result, heard) = take(9_000);
    result.unwrap();
    assert_eq!(heard.last(), Some(&(2000, 2000)));
    assert!(heard.windows(2).all(|pair| pair[0].0 <= pair[1].0));
}

#[test]
fn pictures_of_the_day_fall_into_the_day_out_and_everything_else_does_not() {
    let phone = Phone::new();
    let (otter, mole) = (phone.learner("Otter"), phone.learner("Mole"));
    let room = phone.client.intake();
    assert_eq!(room.day_out(DAY).unwrap(), None);
    let day = room.begin_day_out("The zoo", vec![otter, mole], DAY).unwrap();
    assert_eq!((day.on_record, day.learners.len()), (false, 2));
    assert!(matches!(room.begin_day_out("Again", vec![], DAY), Err(Error::InvalidInput(_))));
    let picture = || Shared { files: vec![file("cat.jpg", CAT)], ..shared() };
    for count in 1..=2 {
        let entry = phone.take(picture()).unwrap();
        assert_eq!((entry.id, entry.attachments.len()), (day.id, count));
    }
    let titled = phone.take(Shared { title: "The otters".into(), ..picture() }).unwrap();
    let captions: Vec<String> =
        titled.attachments.iter().map(|id| phone.client.attachments().get(*id).unwrap().caption).collect();
    assert_eq!(
        (titled.id, titled.title.as_str(), captions),
        (day.id, "The zoo", ["", "", "The otters"].map(str::to_owned).to_vec())
    );
    let page = Shared { url: "https://example.org".into(), ..picture() };
    assert_ne!(phone.take(page).unwrap().id, day.id);
    assert_eq!(room.day_out(DAY).unwrap().unwrap().id, day.id);

    let tomorrow = Shared { day: "2026-05-04".into(), ..picture() };
    assert_eq!(room.day_out("2026-05-04").unwrap(), None, "over at midnight");
    assert_ne!(phone.take(tomorrow).unwrap().id, day.id);
    room.end_day_out().unwrap();
    assert_ne!(phone.take(picture()).unwrap().id, day.id);
}

#[test]
fn a_day_out_that_went_into_the_trash_takes_nothing_in_and_another_may_begin() {
    let phone = Phone::new();
    let room = phone.client.intake();
    let first = room.begin_day_out("The zoo", vec![], DAY).unwrap();
    phone.client.entries().trash(first.id).unwrap();
    let entry = phone.take(Shared { files: vec![file("cat.jpg", CAT)], ..shared() }).unwrap();
    assert_ne!(entry.id, first.id);
    let second = room.begin_day_out("The zoo again", vec![], DAY).unwrap();
    assert_eq!(room.day_out(DAY).unwrap().unwrap().id, second.id);
}

#[test]
fn a_day_out_that_is_not_kept_as_open_leaves_no_entry() {
    let phone = Phone::new();
    let intake = phone.client.intake();
    let write = |sql: &str| intake.context.storage.write(|tx| Ok(tx.execute_batch(sql)?)).unwrap();
    write(
        "CREATE TRIGGER full BEFORE INSERT ON meta WHEN NEW.name = 'day-out'
           BEGIN SELECT RAISE(ABORT, 'full'); END",
    );
    assert!(intake.begin_day_out("Museum", Vec::new(), DAY).is_err());
    assert!(intake.entries().drafts().is_ok_and(|found| found.is_empty()));
    write("DROP TRIGGER full");
    let begun = intake.begin_day_out("Museum", Vec::new(), DAY).unwrap();
    assert_eq!(intake.day_out(DAY).unwrap(), Some(begun));
}
