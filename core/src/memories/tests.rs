//! What looking back promises: only after a yes, only what is on record, and nobody who is archived or gone.

use super::*;
use crate::attachments::ImportSource;
use crate::client::{Client, ClientConfig};
use crate::clock::{FixedClock, SeededRandomness};
use crate::entries::{Annotation, EntryDraft, LearnerLine};
use crate::host::MemorySecretStore;
use crate::learners::NewLearner;
use crate::progress::{Cancel, NoProgress};
use proptest::prelude::*;

struct Phone {
    client: Client,
    _dir: tempfile::TempDir,
}

impl Phone {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = ClientConfig { dir: dir.path().join("store"), device_name: "Mum's phone".into() };
        let (clock, random) =
            (Arc::new(FixedClock::at(1_780_000_000_000)), Arc::new(SeededRandomness::new(1)));
        let secrets = Arc::new(MemorySecretStore::default());
        let client = Client::open(config, secrets, None, None, clock, random).unwrap();
        Self { client, _dir: dir }
    }

    fn room(&self) -> MemoriesClient {
        self.client.memories()
    }

    fn learner(&self, nickname: &str) -> LearnerId {
        let new = NewLearner { nickname: nickname.into(), ..NewLearner::default() };
        self.client.learners().add(new).unwrap().id
    }

    fn entry(&self, title: &str, day: &str, learners: &[LearnerId]) -> Entry {
        self.client.entries().create(draft(title, day, learners)).unwrap()
    }

    /// Titles by how many years ago.
    fn titles(&self, day: &str, learner: Option<LearnerId>) -> Vec<(u32, Vec<String>)> {
        let found = self.room().on_this_day(day, learner).unwrap();
        let titles = |memory: Memory| memory.entries.into_iter().map(|entry| entry.title).collect();
        found.into_iter().map(|memory| (memory.years_ago, titles(memory))).collect()
    }
}

fn draft(title: &str, day: &str, learners: &[LearnerId]) -> EntryDraft {
    let line = |learner: &LearnerId| LearnerLine { learner: *learner, line: format!("line of {learner}") };
    EntryDraft {
        title: title.into(),
        learned_on: day.into(),
        on_record: true,
        learners: learners.iter().map(line).collect(),
        ..EntryDraft::default()
    }
}

fn several(found: &[(u32, &[&str])]) -> Vec<(u32, Vec<String>)> {
    found
        .iter()
        .map(|(ago, titles)| (*ago, titles.iter().map(|title| (*title).to_owned()).collect()))
        .collect()
}

#[test]
fn nothing_is_shown_before_somebody_said_yes_and_nothing_after_a_no() {
    let phone = Phone::new();
    phone.entry("pond", "2025-05-03", &[]);
    assert_eq!(
        (phone.room().choice().unwrap(), phone.titles("2026-05-03", None)),
        (Choice::NotAsked, vec![])
    );
    phone.room().choose(true).unwrap();
    assert_eq!(phone.room().choice().unwrap(), Choice::On);
    assert_eq!(phone.titles("2026-05-03", None), several(&[(1, &["pond"])]));
    phone.room().choose(false).unwrap();
    assert_eq!((phone.room().choice().unwrap(), phone.titles("2026-05-03", None)), (Choice::Off, vec![]));
    assert!(phone.room().on_this_day("3 May", None).is_err());
}

#[test]
fn the_days_around_of_earlier_years_come_nearest_first_across_new_year_and_leap_days() {
    let phone = Phone::new();
    phone.room().choose(true).unwrap();
    for (title, day) in [
        ("today", "2026-01-01"),
        ("last week of this winter", "2025-12-30"),
        ("new year", "2025-01-01"),
        ("eve", "2024-12-31"),
        ("three before", "2023-12-29"),
        ("four before", "2023-12-28"),
        ("three after", "2023-01-04"),
        ("leap day", "2024-02-29"),
    ] {
        phone.entry(title, day, &[]);
    }
    let years = several(&[(1, &["new year", "eve"]), (2, &["three before"]), (3, &["three after"])]);
    assert_eq!(phone.titles("2026-01-01", None), years);
    assert_eq!(
        phone.titles("2026-12-30", None)[0],
        (1, vec!["last week of this winter".into(), "today".into()])
    );
    assert_eq!(phone.titles("2028-02-29", None), several(&[(4, &["leap day"])]));
    assert_eq!(phone.titles("2025-02-28", None), several(&[(1, &["leap day"])]));
}

#[test]
fn drafts_the_trash_and_whoever_is_archived_or_gone_stay_out_of_it() {
    let phone = Phone::new();
    phone.room().choose(true).unwrap();
    let [otter, vole] = ["Otter", "Vole"].map(|name| phone.learner(name));
    phone.entry("both", "2025-05-03", &[otter, vole]);
    phone.entry("otter", "2025-05-02", &[otter]);
    phone.client.entries().trash(phone.entry("thrown away", "2025-05-03", &[otter]).id).unwrap();
    phone
        .client
        .entries()
        .create(EntryDraft { on_record: false, ..draft("draft", "2025-05-03", &[]) })
        .unwrap();
    assert_eq!(phone.titles("2026-05-03", None), several(&[(1, &["both", "otter"])]));
    let seen = phone.room().on_this_day("2026-05-03", Some(vole)).unwrap();
    let lines = &seen[0].entries[0].learners;
    assert!(lines.iter().all(|line| line.line.is_empty() == (line.learner == otter)), "no sibling's line");
    phone.client.learners().archive(vole, true).unwrap();
    assert_eq!(phone.titles("2026-05-03", None), several(&[(1, &["otter"])]));
    assert_eq!(phone.titles("2026-05-03", Some(vole)), []);
}

#[test]
fn then_and_now_are_a_year_apart_of_one_learner_and_subject_with_a_photo_each() {
    let phone = Phone::new();
    let learner = phone.learner("Otter");
    let subjects = ["Art", "Maths"].map(|name| phone.client.subjects().add(name, "").unwrap().id);
    let work = |title: &str, day: &str, subject: usize, sample: bool, photo: bool| {
        let annotation = Annotation { sample, ..Annotation::default() };
        let draft =
            EntryDraft { subjects: vec![subjects[subject]], annotation, ..draft(title, day, &[learner]) };
        let entry = phone.client.entries().create(draft).unwrap();
        if photo {
            let cat = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/photos/cat.jpg");
            let source = ImportSource::Path(cat.into());
            phone.client.attachments().import(entry.id, source, "", "", &Cancel::new(), &NoProgress).unwrap();
        }
    };
    work("first letters", "2025-05-01", 0, true, true);
    work("without a photo", "2025-05-03", 0, true, false);
    work("sums", "2025-05-03", 1, true, true);
    work("a page", "2026-05-10", 0, false, true);
    work("last week", "2026-05-12", 0, true, false);
    let pair = || {
        let found = phone.room().then_and_now(learner, subjects[0]).unwrap();
        found.map(|pair| (pair.then.title, pair.now.title))
    };
    assert_eq!(pair(), None, "nobody said yes");
    phone.room().choose(true).unwrap();
    assert_eq!(pair(), Some(("first letters".into(), "a page".into())));
    work("a sample", "2026-04-20", 0, true, true);
    assert_eq!(pair(), Some(("first letters".into(), "a sample".into())));
    assert_eq!(phone.room().then_and_now(learner, subjects[1]).unwrap(), None);
    phone.client.learners().archive(learner, true).unwrap();
    assert_eq!(pair(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn this_day_equals_a_walk_over_all_entries(
        days in proptest::collection::vec((2020..2027i16, 0..12i64, 0..3usize), 1..40),
        asked in (2021..2028i16, 0..12i64),
        of in proptest::option::of(0..2usize),
    ) {
        let phone = Phone::new();
        phone.room().choose(true).unwrap();
        let learners = ["Otter", "Vole"].map(|name| phone.learner(name));
        let day = |year: i16, n: i64| jiff::civil::date(year, 12, 26).checked_add(n.days()).unwrap();
        for (n, (year, offset, whose)) in days.iter().enumerate() {
            phone.entry(&n.to_string(), &day(*year, *offset).to_string(), &learners[..*whose]);
        }
        let today = day(asked.0, asked.1);
        let learner = of.map(|n| learners[n]);
        let got: Vec<(u32, BTreeSet<String>)> = phone
            .titles(&today.to_string(), learner)
            .into_iter()
            .map(|(ago, titles)| (ago, titles.into_iter().collect()))
            .collect();
        let mut expected = Vec::new();
        for ago in 1..9i16 {
            let then = today.checked_sub(i64::from(ago).years()).unwrap();
            let near = |at: Date| (at - then).get_days().abs() <= 3;
            let titles: BTreeSet<String> = days
                .iter()
                .enumerate()
                .filter(|(_, (year, offset, whose))| {
                    near(day(*year, *offset)) && of.is_none_or(|n| n < *whose)
                })
                .map(|(n, _)| n.to_string())
                .collect();
            if !titles.is_empty() {
                expected.push((u32::try_from(ago).unwrap(), titles));
            }
        }
        for ((ago, got), (year, all)) in got.iter().zip(&expected) {
            prop_assert_eq!(ago, year);
            prop_assert_eq!(got.len(), all.len().min(MOST));
            prop_assert!(got.is_subset(all), "{:?} of {:?}", got, all);
        }
        prop_assert_eq!(got.len(), expected.len());
    }
}
