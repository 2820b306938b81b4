//! The written year: sixty entries of Hedgehog and Otter, from `tests/fixtures/year/entries.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Entry, Family, Learner, Photo};

const ENTRIES: &str = include_str!("../../../fixtures/year/entries.toml");
const SUBJECTS: [&str; 12] = [
    "English",
    "Maths",
    "Science",
    "History",
    "Geography",
    "Art",
    "Music",
    "French",
    "Computing",
    "Cooking",
    "Outdoors",
    "PE",
];

#[derive(Deserialize)]
struct File {
    entry: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    on: String,
    title: String,
    note: String,
    minutes: Option<i64>,
    subjects: Vec<String>,
    tags: Vec<String>,
    learners: BTreeMap<String, String>,
    #[serde(default)]
    starred: bool,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    photos: Vec<WrittenPhoto>,
}

#[derive(Deserialize)]
struct WrittenPhoto {
    file: String,
    caption: String,
    alt: String,
}

/// The family of the demo: two learners, sixty entries from September 2025 to August 2026, nine
/// photos.
///
/// # Panics
/// If the fixture file names a subject or learner that does not exist.
pub fn year() -> Family {
    let learner = |nickname: &str, colour: &str, emoji: &str| Learner {
        nickname: nickname.to_owned(),
        colour: colour.to_owned(),
        emoji: emoji.to_owned(),
    };
    let learners = vec![learner("Hedgehog", "#1e6a58", "🦔"), learner("Otter", "#8a4b2a", "🦦")];
    let file: File = toml::from_str(ENTRIES).expect("tests/fixtures/year/entries.toml reads");
    let entries = file.entry.into_iter().map(|written| entry(written, &learners)).collect();
    Family { learners, subjects: SUBJECTS.map(str::to_owned).to_vec(), entries }
}

fn entry(written: Written, learners: &[Learner]) -> Entry {
    let place = |name: &str| learners.iter().position(|l| l.nickname == name).expect("a learner of the year");
    let subject = |name: &String| SUBJECTS.iter().position(|s| s == name).expect("a subject of the year");
    Entry {
        learned_on: written.on,
        title: written.title,
        note: written.note,
        minutes: written.minutes,
        learners: written.learners.into_iter().map(|(name, line)| (place(&name), line)).collect(),
        subjects: written.subjects.iter().map(subject).collect(),
        tags: written.tags,
        on_record: !written.draft,
        starred: written.starred,
        photos: written
            .photos
            .into_iter()
            .map(|WrittenPhoto { file, caption, alt }| Photo { file, caption, alt })
            .collect(),
    }
}
