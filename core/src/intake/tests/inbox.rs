//! What is shared while the record is locked is in it once it is open, and readable to nobody before.

use super::*;
use crate::entries::TimelineQuery;
use std::path::PathBuf;

/// A record that is opened and locked again.
struct Lockable {
    dir: tempfile::TempDir,
    secrets: Arc<MemorySecretStore>,
}

impl Lockable {
    fn new() -> Self {
        let phone = Self { dir: tempfile::tempdir().unwrap(), secrets: Arc::default() };
        phone.open();
        phone
    }

    fn open(&self) -> Client {
        let config = ClientConfig { dir: self.dir.path().to_owned(), device_name: "Mum's phone".into() };
        let secrets = Arc::<MemorySecretStore>::clone(&self.secrets);
        let clock = Arc::new(FixedClock::at(1_780_000_000_000));
        Client::open(config, secrets, None, None, clock, Arc::new(SeededRandomness::new(1))).unwrap()
    }

    fn put(&self, seed: u64, shared: &Shared) -> Result<()> {
        put(self.dir.path(), shared, 1_780_000_000_000 + seed as i64, &SeededRandomness::new(seed))
    }

    fn things(&self) -> Vec<PathBuf> {
        let folder = std::fs::read_dir(self.dir.path().join("inbox")).unwrap();
        let mut things: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
        things.retain(|path| !path.ends_with("key"));
        things.sort();
        things
    }
}

fn take_waiting(client: &Client) -> TakenIn {
    client.intake().take_waiting(&Cancel::new(), &NoProgress).unwrap()
}

#[test]
fn what_is_shared_while_the_record_is_locked_lies_there_sealed_and_is_a_draft_once_it_is_open() {
    let phone = Lockable::new();
    let text = "CANARY of the pond";
    phone
        .put(
            1,
            &Shared {
                text: text.into(),
                files: vec![file("cat.jpg", CAT), file("song.mp3", &recording())],
                ..shared()
            },
        )
        .unwrap();
    phone.put(2, &Shared { title: "Second".into(), ..shared() }).unwrap();
    for path in phone.things() {
        let bytes = std::fs::read(path).unwrap();
        let holds = |part: &[u8]| bytes.windows(part.len()).any(|here| here == part);
        assert!(!holds(b"CANARY") && !holds(b"cat.jpg") && !holds(&CAT[..64]));
    }
    let client = phone.open();
    assert_eq!(client.intake().waiting(), 2);
    let taken = take_waiting(&client);
    assert_eq!((taken.entries.len(), taken.problems), (2, vec![]));
    let entry = client.entries().get(taken.entries[0]).unwrap();
    assert_eq!((entry.note.as_str(), entry.learned_on.as_str(), entry.on_record), (text, DAY, false));
    let kept = client.attachments().list(entry.id).unwrap();
    assert_eq!((kept.len(), kept[1].file.as_ref().unwrap().name.as_str()), (2, "song.mp3"));
    assert_eq!(client.entries().get(taken.entries[1]).unwrap().title, "Second", "oldest first");
    assert_eq!((client.intake().waiting(), phone.things()), (0, vec![]));
}

#[test]
fn a_thing_that_was_kept_before_the_app_was_killed_is_not_kept_twice() {
    let phone = Lockable::new();
    phone.put(1, &Shared { title: "Once".into(), ..shared() }).unwrap();
    let path = phone.things().remove(0);
    let bytes = std::fs::read(&path).unwrap();
    let client = phone.open();
    take_waiting(&client);
    std::fs::write(&path, bytes).unwrap();
    assert_eq!((take_waiting(&client), phone.things()), (TakenIn::default(), vec![]));
    assert_eq!(
        client
            .entries()
            .timeline(&TimelineQuery { include_drafts: true, limit: 9, ..Default::default() })
            .unwrap()
            .entries
            .len(),
        1
    );
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_rest_comes_in() {
    let phone = Lockable::new();
    phone
        .put(
            1,
            &Shared {
                text: "Pond".into(),
                files: vec![file("torn.jpg", &CAT[..500]), file("cat.jpg", CAT)],
                ..shared()
            },
        )
        .unwrap();
    phone.put(2, &Shared { files: vec![file("torn.jpg", &CAT[..500])], ..shared() }).unwrap();
    phone.put(3, &Shared { title: "Damaged on the disk".into(), ..shared() }).unwrap();
    phone.put(4, &Shared { title: "Last".into(), learners: vec![LearnerId([9; 16])], ..shared() }).unwrap();
    let damaged = phone.things().remove(2);
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[120] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let client = phone.open();
    let taken = take_waiting(&client);
    assert_eq!(taken.entries.len(), 2);
    assert_eq!(client.attachments().list(taken.entries[0]).unwrap().len(), 1);
    assert_eq!(client.entries().get(taken.entries[1]).unwrap().learners, vec![], "nobody of that id is here");
    assert_eq!(taken.problems.len(), 3);
    assert!(
        taken.problems[0].starts_with("torn.jpg: ") && taken.problems[2].ends_with("share it again"),
        "{:?}",
        taken.problems
    );
    assert_eq!(phone.things(), Vec::<PathBuf>::new());
}

#[test]
fn what_can_never_be_taken_in_is_refused_at_once_and_leaves_nothing_in_the_inbox() {
    let phone = Lockable::new();
    let heavy = phone.dir.path().join("film.mp4");
    let film = std::fs::File::create(&heavy).unwrap();
    std::io::Write::write_all(&mut &film, b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom").unwrap();
    film.set_len(200_000_000).unwrap();
    let long = "x".repeat(70_000);
    for (shared, says) in [
        (shared(), "nothing was shared"),
        (Shared { text: long, ..shared() }, "the text is longer than"),
        (Shared { title: "Pond".into(), day: "tomorrow".into(), ..Shared::default() }, "the day"),
        (
            Shared {
                files: vec![SharedFile { source: ImportSource::Path(heavy), name: "film.mp4".into() }],
                ..shared()
            },
            "film.mp4 weighs 200 MB",
        ),
        (
            Shared {
                files: vec![SharedFile {
                    source: ImportSource::Path("/nowhere".into()),
                    name: "gone.jpg".into(),
                }],
                ..shared()
            },
            "gone.jpg can't be read",
        ),
    ] {
        let refused = phone.put(1, &shared).unwrap_err().to_string();
        assert!(refused.contains(says), "{refused}");
    }
    assert_eq!(phone.things(), Vec::<PathBuf>::new());
    let never_opened = tempfile::tempdir().unwrap();
    let one = Shared { title: "Pond".into(), ..shared() };
    let refused = put(never_opened.path(), &one, 0, &SeededRandomness::new(1)).unwrap_err().to_string();
    assert_eq!(refused, "open Kinfolio once before something is shared into it");
}

#[test]
fn stopped_the_inbox_keeps_what_was_not_taken_out() {
    let phone = Lockable::new();
    phone.put(1, &Shared { title: "One".into(), ..shared() }).unwrap();
    let client = phone.open();
    let cancel = Cancel::new();
    cancel.cancel();
    assert_eq!(client.intake().take_waiting(&cancel, &NoProgress), Err(Error::Cancelled));
    assert_eq!(take_waiting(&client).entries.len(), 1);
}

#[test]
fn a_thing_that_cannot_be_read_just_now_stays_and_one_that_was_never_finished_goes() {
    let phone = Lockable::new();
    for seed in [1, 2] {
        phone.put(seed, &Shared { title: format!("Number {seed}"), ..shared() }).unwrap();
    }
    let (first, folder) = (phone.things().remove(0), phone.dir.path().join("inbox"));
    // A folder can be opened and not be read, as a disk that fails.
    let aside = folder.join("aside");
    std::fs::rename(&first, &aside).unwrap();
    std::fs::create_dir(&first).unwrap();
    let begun = |at: i64| folder.join(format!("{at:016x}-{}.sealed.unfinished", "ab".repeat(16)));
    let (old, new) = (begun(1_780_000_000_000 - 90_000_000), begun(1_780_000_000_000 - 1_000));
    for path in [&old, &new] {
        std::fs::write(path, b"half").unwrap();
    }
    let client = phone.open();
    let taken = take_waiting(&client);
    assert_eq!(taken.problems, ["something that was shared can't be read just now: it stays"]);
    assert_eq!(taken.entries.len(), 1, "what came after it is taken in");
    assert!(first.exists() && new.exists() && !old.exists());
    std::fs::remove_dir(&first).unwrap();
    std::fs::rename(&aside, &first).unwrap();
    assert_eq!(take_waiting(&client).entries.len(), 1);
}

#[test]
fn a_learner_who_is_named_twice_keeps_nothing_in_the_inbox() {
    let phone = Lockable::new();
    let new = NewLearner { nickname: "Bean".into(), ..NewLearner::default() };
    let client = phone.open();
    let bean = client.learners().add(new).unwrap().id;
    phone.put(7, &Shared { title: "One".into(), learners: vec![bean, bean], ..shared() }).unwrap();
    let taken = take_waiting(&client);
    assert_eq!((taken.entries.len(), client.intake().waiting()), (1, 0));
}
