//! What the entries' room promises, on a real store.

mod keeping;
mod naming;
mod two_phones;

use super::*;
use crate::changes::{Change, ChangeKind, ChangeListener};
use crate::client::{Client, ClientConfig};
use crate::clock::{Clock, FixedClock, SeededRandomness};
use crate::context::{Context, Edit};
use crate::error::Error;
use crate::host::MemorySecretStore;
use crate::learners::{Learner, LearnerEdit, NewLearner};
use crate::records::{self, Document, Kind, Value, fields};
use std::sync::{Arc, Mutex};

pub(crate) struct Phone {
    pub client: Client,
    pub clock: Arc<FixedClock>,
    dir: tempfile::TempDir,
}

impl Phone {
    pub fn new(seed: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(1_780_000_000_000));
        let config = ClientConfig { dir: dir.path().to_path_buf(), device_name: "phone".into() };
        let secrets = Arc::new(MemorySecretStore::default());
        let random = Arc::new(SeededRandomness::new(seed));
        let client = Client::open(config, secrets, None, None, clock.clone(), random).unwrap();
        Self { client, clock, dir }
    }

    pub fn context(&self) -> Arc<Context> {
        self.client.entries().context
    }

    pub fn learner(&self, nickname: &str) -> Learner {
        self.client.learners().add(NewLearner { nickname: nickname.into(), ..NewLearner::default() }).unwrap()
    }

    pub fn create(&self, draft: EntryDraft) -> Entry {
        self.clock.advance(1_000);
        self.client.entries().create(draft).unwrap()
    }

    fn titles(&self, query: TimelineQuery) -> Vec<String> {
        self.client.entries().timeline(&query).unwrap().entries.into_iter().map(|entry| entry.title).collect()
    }

    fn found(&self, text: &str) -> Vec<String> {
        self.client
            .entries()
            .search(text, &everything(50))
            .unwrap()
            .into_iter()
            .map(|hit| hit.title)
            .collect()
    }
}

/// Drafts too.
pub(super) fn everything(limit: u32) -> TimelineQuery {
    TimelineQuery { include_drafts: true, limit, ..TimelineQuery::default() }
}

pub(crate) fn draft(title: &str, learned_on: &str) -> EntryDraft {
    EntryDraft {
        title: title.into(),
        learned_on: learned_on.into(),
        on_record: true,
        ..EntryDraft::default()
    }
}

pub(crate) fn line(learner: LearnerId, line: &str) -> LearnerLine {
    LearnerLine { learner, line: line.into() }
}

#[test]
fn an_entry_comes_back_as_it_was_typed() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog"), phone.learner("Otter"));
    let maths = phone.client.subjects().add("Maths", "#aabbcc").unwrap();
    let entry = phone.create(EntryDraft {
        title: " Pond \n dipping ".into(),
        note: "We counted frogs.\r\nZoe\u{308} drew one.".into(),
        learned_on: "2026-05-03".into(),
        minutes: Some(45),
        on_record: true,
        starred: true,
        learners: vec![line(otter.id, "Held the net."), line(hedgehog.id, "")],
        subjects: vec![maths.id],
        tags: vec!["pond".into(), "frogs".into(), "pond".into()],
        annotation: Annotation {
            sample: true,
            went: "Slowly, then fast.".into(),
            shows: "Counts past twenty.".into(),
            next: "Newts.".into(),
        },
        taught: Taught { by: Some(TaughtBy::Parent), provider: None, place: Some(Place::Away) },
    });
    assert_eq!(
        (entry.title.as_str(), entry.note.as_str()),
        ("Pond   dipping", "We counted frogs.\nZoë drew one.")
    );
    assert_eq!(entry.tags, ["frogs", "pond"].map(String::from).to_vec());
    assert_eq!(entry.learners.len(), 2);
    assert_eq!(entry.recorded_at, phone.clock.now_ms());
    assert_eq!((entry.annotation.sample, entry.annotation.shows.as_str()), (true, "Counts past twenty."));
    assert_eq!((entry.taught.by, entry.taught.place), (Some(TaughtBy::Parent), Some(Place::Away)));
    assert_eq!(phone.found("newts"), ["Pond   dipping"], "what stands beside a sample is searched too");
    assert_eq!((entry.minutes, entry.on_record, entry.starred), (Some(45), true, true));
    assert_eq!(phone.client.entries().get(entry.id).unwrap(), entry);
    let page = phone.client.entries().timeline(&TimelineQuery::default()).unwrap();
    assert_eq!(page, Page { entries: vec![entry], next: None });
}

#[test]
fn one_learners_view_shows_no_other_learners_line() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog"), phone.learner("Otter"));
    let learners = vec![line(hedgehog.id, "HERS"), line(otter.id, "HIS")];
    phone.create(EntryDraft { note: "Shared.".into(), learners, ..draft("Both", "2026-05-03") });
    let query = TimelineQuery { learner: Some(otter.id), ..TimelineQuery::default() };
    let page = phone.client.entries().timeline(&query).unwrap();
    let text = format!("{page:?}");
    assert!(text.contains("Shared.") && text.contains("HIS") && !text.contains("HERS"));
    assert_eq!(page.entries[0].learners.len(), 2, "who else was there stays");
}

#[test]
fn the_day_of_learning_orders_and_the_moment_of_writing_never_changes() {
    let phone = Phone::new(1);
    let first = phone.create(draft("late", "2026-05-09"));
    phone.create(draft("back-dated", "2026-04-01"));
    phone.create(draft("same day, later", "2026-05-09"));
    let all = TimelineQuery::default;
    assert_eq!(phone.titles(all()), ["same day, later", "late", "back-dated"]);
    let edit = EntryEdit { learned_on: Some("2026-01-01".into()), ..EntryEdit::default() };
    phone.clock.advance(5_000);
    let moved = phone.client.entries().update(first.id, edit).unwrap();
    assert_eq!(moved.recorded_at, first.recorded_at);
    assert_eq!(phone.titles(all()), ["same day, later", "back-dated", "late"]);
    let april =
        TimelineQuery { first_day: Some("2026-04-01".into()), last_day: Some("2026-04-01".into()), ..all() };
    assert_eq!(phone.titles(april), ["back-dated"]);
}

#[test]
fn bad_input_is_refused_by_name_and_leaves_nothing() {
    let phone = Phone::new(1);
    let entries = phone.client.entries();
    let base = || draft("Pond", "2026-05-03");
    let unknown = LearnerId([9; 16]);
    let otter = phone.learner("Otter").id;
    let cases: Vec<(EntryDraft, &str)> = vec![
        (
            EntryDraft { title: "SECRET".repeat(40), ..base() },
            "the title is longer than 200 characters: shorten it",
        ),
        (EntryDraft { note: "x".repeat((64 << 10) + 1), ..base() }, "the note is longer than 64 KiB"),
        (
            EntryDraft { learned_on: "3 May".into(), ..base() },
            "the day of learning must be a date such as 2026-05-03",
        ),
        (EntryDraft { minutes: Some(-1), ..base() }, "the minutes must be between 0 and 10080"),
        (EntryDraft { tags: vec![" ".into()], ..base() }, "a tag is empty: type one"),
        (
            EntryDraft { tags: (0..101).map(|n| n.to_string()).collect(), ..base() },
            "an entry has at most 100",
        ),
        (EntryDraft { learners: vec![line(unknown, "")], ..base() }, "learner not found"),
        (EntryDraft { subjects: vec![SubjectId([9; 16])], ..base() }, "subject not found"),
        (
            EntryDraft { learners: vec![line(otter, "a"), line(otter, "b")], ..base() },
            "a learner is listed twice",
        ),
        (
            EntryDraft { learners: vec![line(otter, &"x".repeat(4_001))], ..base() },
            "a learner's line is longer",
        ),
    ];
    for (draft, message) in cases {
        let refused = entries.create(draft).unwrap_err().to_string();
        assert!(refused.starts_with(message), "{refused}");
        assert!(!refused.contains("SECRET"));
    }
    assert_eq!(entries.count().unwrap(), 0);
    assert!(phone.found("Pond").is_empty());
    assert_eq!(entries.get(EntryId([1; 16])), Err(Error::NotFound("entry")));
    assert_eq!(entries.trash(EntryId([1; 16])), Err(Error::NotFound("entry")));
    let wrong_kind = EntryId(otter.0);
    assert_eq!(entries.update(wrong_kind, EntryEdit::default()), Err(Error::NotFound("entry")));
}

#[test]
fn an_entry_too_large_for_the_server_is_refused_at_saving() {
    let phone = Phone::new(1);
    // Text that does not compress, in many tags and lines; each item is within its own limit.
    let random = SeededRandomness::new(5);
    let noise = |length: usize| {
        let mut bytes = vec![0; length];
        crate::clock::Randomness::fill(&random, &mut bytes);
        bytes.iter().map(|b| char::from_u32(0x4e00 + u32::from(*b) * 61).unwrap()).collect::<String>()
    };
    let learners: Vec<_> = (0..90).map(|n| line(phone.learner(&format!("L{n}")).id, &noise(4_000))).collect();
    let refused =
        phone.client.entries().create(EntryDraft { learners, ..draft("Huge", "2026-05-03") }).unwrap_err();
    assert_eq!(refused.to_string(), "this is too large to be kept as one record: split it");
    assert_eq!(phone.client.entries().count().unwrap(), 0);
}

#[test]
fn what_is_in_the_trash_is_found_nowhere_else_until_it_is_restored() {
    let phone = Phone::new(1);
    let entries = phone.client.entries();
    let entry = phone.create(draft("Heron", "2026-05-03"));
    let other = phone.create(draft("Otter", "2026-05-04"));
    entries.trash(entry.id).unwrap();
    entries.trash(entry.id).unwrap();
    assert_eq!(phone.titles(TimelineQuery::default()), ["Otter"]);
    assert!(phone.found("heron").is_empty());
    assert_eq!(entries.count().unwrap(), 1);
    let trashed = entries.trashed().unwrap();
    assert_eq!(trashed.iter().map(|entry| entry.id).collect::<Vec<_>>(), [entry.id]);
    assert_eq!(trashed[0].trashed_at, Some(phone.clock.now_ms()));
    let edit = EntryEdit { title: Some("Crane".into()), ..EntryEdit::default() };
    assert!(matches!(entries.update(entry.id, edit.clone()), Err(Error::InvalidInput(_))));
    entries.restore(entry.id).unwrap();
    assert_eq!(entries.update(entry.id, edit).unwrap().trashed_at, None);
    assert_eq!(phone.titles(TimelineQuery::default()), ["Otter", "Crane"]);
    assert_eq!(phone.found("crane"), ["Crane"]);
    assert!(phone.found("heron").is_empty(), "the old text left the index");
    assert_eq!(entries.get(other.id).unwrap(), other);
}

#[test]
fn drafts_are_listed_apart_and_shown_only_on_request() {
    let phone = Phone::new(1);
    phone.create(EntryDraft { on_record: false, ..draft("Half a thought", "2026-05-03") });
    phone.create(draft("Done", "2026-05-02"));
    assert_eq!(phone.titles(TimelineQuery::default()), ["Done"]);
    let both = TimelineQuery { include_drafts: true, ..TimelineQuery::default() };
    assert_eq!(phone.titles(both), ["Half a thought", "Done"]);
    let drafts = phone.client.entries().drafts().unwrap();
    assert_eq!(drafts.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["Half a thought"]);
}

#[test]
fn search_folds_accents_takes_the_last_word_as_a_beginning_and_is_newest_first() {
    let phone = Phone::new(1);
    phone.create(EntryDraft { note: "Besuch im Café am Fluß".into(), ..draft("Old", "2026-01-01") });
    phone.create(EntryDraft { tags: vec!["cafeteria".into()], ..draft("New", "2026-06-01") });
    let otter = phone.learner("Otter").id;
    phone.create(EntryDraft {
        learners: vec![line(otter, "Ordered in a CAFE\u{301}.")],
        ..draft("Line", "2026-03-01")
    });
    assert_eq!(phone.found("cafe"), ["New", "Line", "Old"]);
    assert_eq!(phone.found("CAFÉ "), ["Line", "Old"], "a finished word is a whole word");
    assert_eq!(phone.found("am caf"), ["Old"]);
    assert_eq!(phone.found("café nowhere"), Vec::<String>::new());
    assert_eq!(phone.client.entries().search("cafe", &everything(1)).unwrap().len(), 1);
    let hit = &phone.client.entries().search("fluß", &everything(9)).unwrap()[0];
    assert_eq!((hit.learned_on.as_str(), hit.snippet.as_str()), ("2026-01-01", "Besuch im Café am Fluß"));
}

#[test]
fn what_another_phone_changed_under_an_open_editor_stays() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog"), phone.learner("Otter"));
    let entry = phone.create(EntryDraft {
        note: "Walked to the river. Saw a heron.".into(),
        learners: vec![line(hedgehog.id, "")],
        tags: vec!["walk".into(), "bird".into()],
        ..draft("River", "2026-05-03")
    });
    // The editor opens here; meanwhile the other phone's edit is merged.
    let base = entry.clone();
    let entries = phone.client.entries();
    let meanwhile = EntryEdit {
        title: Some("River and ducks".into()),
        note: Some("Walked to the river. Saw a heron and two ducks.".into()),
        learners: Some(vec![line(hedgehog.id, ""), line(otter.id, "Fed them.")]),
        tags: Some(vec!["walk".into(), "bird".into(), "ducks".into()]),
        ..EntryEdit::default()
    };
    entries.update(entry.id, meanwhile).unwrap();
    let saved = EntryEdit {
        base: Some(base),
        title: Some("River".into()),
        note: Some("Walked to the river with Gran. Saw a heron.".into()),
        learners: Some(vec![line(hedgehog.id, "Found a feather.")]),
        tags: Some(vec!["walk".into()]),
        starred: Some(true),
        ..EntryEdit::default()
    };
    let both = entries.update(entry.id, saved).unwrap();
    assert_eq!(both.note, "Walked to the river with Gran. Saw a heron and two ducks.");
    assert_eq!(both.title, "River and ducks", "the editor left the title alone");
    let mut expected = vec![line(hedgehog.id, "Found a feather."), line(otter.id, "Fed them.")];
    expected.sort_by_key(|line| line.learner);
    assert_eq!(both.learners, expected);
    assert_eq!(both.tags, ["ducks", "walk"].map(String::from).to_vec());
    assert!(both.starred);
}

#[test]
fn saving_what_is_there_already_writes_nothing() {
    let phone = Phone::new(1);
    let entry = phone.create(EntryDraft {
        note: "Same.".into(),
        tags: vec!["a".into()],
        ..draft("Same", "2026-05-03")
    });
    let heard = Arc::new(Heard::default());
    let _listening = phone.client.on_change(heard.clone());
    let edit = EntryEdit {
        title: Some(entry.title.clone()),
        note: Some(entry.note.clone()),
        tags: Some(entry.tags.clone()),
        learned_on: Some(entry.learned_on.clone()),
        on_record: Some(true),
        minutes: Some(0),
        ..EntryEdit::default()
    };
    phone.client.entries().update(entry.id, edit).unwrap();
    assert!(heard.0.lock().unwrap().is_empty());
}

#[derive(Default)]
struct Heard(Mutex<Vec<Vec<Change>>>);
impl ChangeListener for Heard {
    fn changed(&self, changes: Vec<Change>) {
        self.0.lock().unwrap().push(changes);
    }
}

#[test]
fn a_calendar_has_a_day_for_each_learner_and_a_jump_lands_on_the_months_last_day() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let of = |title: &str, day: &str, learners: &[LearnerId]| {
        let learners = learners.iter().map(|id| line(*id, "")).collect();
        phone.create(EntryDraft { learners, ..draft(title, day) })
    };
    of("both", "2026-05-31", &[hedgehog, otter]);
    of("again", "2026-05-31", &[otter]);
    of("nobody", "2026-05-02", &[]);
    of("before", "2026-04-30", &[otter]);
    phone.create(EntryDraft { on_record: false, ..draft("draft", "2026-05-09") });
    let entries = phone.client.entries();
    let mut days = entries.calendar("2026-05-01", "2026-05-31").unwrap();
    days.iter_mut().for_each(|day| day.learners.sort_unstable());
    let mut both = vec![hedgehog, otter];
    both.sort_unstable();
    let day =
        |day: &str, learners: &[LearnerId]| CalendarDay { day: day.into(), learners: learners.to_vec() };
    assert_eq!(days, [day("2026-05-02", &[]), day("2026-05-31", &both)]);
    let from = |month: &str| TimelineQuery {
        before: Some(entries.jump(month).unwrap()),
        ..TimelineQuery::default()
    };
    assert_eq!(phone.titles(from("2026-05")), ["again", "both", "nobody", "before"]);
    assert_eq!(phone.titles(from("2026-04")), ["before"]);
    assert!(entries.jump("2026-13").is_err() && entries.jump("May").is_err());
}
