//! Seeded families of S, M and L: the same seed gives the same record on every machine.

use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use super::words::{ENDINGS, NICKNAMES, SENTENCES, SLOTS, SUBJECTS, TAGS, TITLES};
use super::{Entry, Family, Learner};

/// How much record (performance.md 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 2,000 entries.
    Small,
    /// 15,000 entries.
    Medium,
    /// 50,000 entries.
    Large,
    /// Any other number.
    Entries(usize),
}

impl Size {
    /// Entries of this size.
    pub fn entries(self) -> usize {
        match self {
            Self::Small => 2_000,
            Self::Medium => 15_000,
            Self::Large => 50_000,
            Self::Entries(count) => count,
        }
    }
}

/// First day of the record; it runs for ten years, to 2026-08-30.
const FIRST_DAY: jiff::civil::Date = jiff::civil::date(2017, 1, 2);
const DAYS: usize = 3_527;
const NOTE: usize = 600;

/// A family of `size` entries over ten years: notes of 600 characters on average, three tags and 1.6
/// learners an entry. Its photos come with [`Family::with_photos`].
pub fn grown(size: Size, seed: u64) -> Family {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let learners = NICKNAMES
        .iter()
        .map(|(nickname, colour, emoji)| Learner {
            nickname: (*nickname).to_owned(),
            colour: (*colour).to_owned(),
            emoji: (*emoji).to_owned(),
        })
        .collect();
    let count = size.entries();
    let entries = (0..count).map(|number| entry(&mut rng, number * DAYS / count.max(1))).collect();
    Family { learners, subjects: SUBJECTS.iter().map(|s| (*s).to_owned()).collect(), entries }
}

fn entry(rng: &mut Xoshiro256PlusPlus, day: usize) -> Entry {
    let learned_on = FIRST_DAY.saturating_add(jiff::Span::new().days(day as i64));
    let how_many = match rng.random_range(0..10) {
        0..5 => 1,
        5..9 => 2,
        _ => 3,
    };
    let mut learners: Vec<(usize, String)> = Vec::new();
    for place in rand::seq::index::sample(rng, NICKNAMES.len(), how_many) {
        let line = if rng.random_ratio(2, 5) { sentence(rng, ENDINGS) } else { String::new() };
        learners.push((place, line));
    }
    learners.sort();
    let how_many = 1 + usize::from(rng.random_ratio(1, 3));
    let mut subjects = rand::seq::index::sample(rng, SUBJECTS.len(), how_many).into_vec();
    subjects.sort_unstable();
    let mut tags = Vec::new();
    while tags.len() < 3 {
        // Squared: some tags are on every second entry, others seen once a year.
        let place = rng.random_range(0.0..1.0f64).powi(2) * TAGS.len() as f64;
        let tag = TAGS.get(place as usize).copied().unwrap_or("walk").to_owned();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Entry {
        learned_on: learned_on.to_string(),
        title: sentence(rng, TITLES),
        note: note(rng),
        minutes: rng.random_ratio(7, 10).then(|| rng.random_range(3..=30) * 5),
        learners,
        subjects,
        tags,
        on_record: rng.random_ratio(19, 20),
        starred: rng.random_ratio(1, 20),
        photos: Vec::new(),
    }
}

fn note(rng: &mut Xoshiro256PlusPlus) -> String {
    let mut note = String::with_capacity(NOTE + 100);
    let wanted = rng.random_range(NOTE - 235..NOTE + 155);
    while note.len() < wanted {
        if !note.is_empty() {
            note.push(' ');
        }
        note.push_str(&sentence(rng, SENTENCES));
    }
    note
}

/// One of `patterns` with a word of the list put in for each digit.
fn sentence(rng: &mut Xoshiro256PlusPlus, patterns: &[&str]) -> String {
    let pattern = patterns.choose(rng).copied().unwrap_or_default();
    let mut text = String::with_capacity(96);
    for letter in pattern.chars() {
        match letter.to_digit(10).and_then(|slot| SLOTS.get(slot as usize)) {
            Some(words) => text.push_str(words.choose(rng).copied().unwrap_or_default()),
            None => text.push(letter),
        }
    }
    text
}
