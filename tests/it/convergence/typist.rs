//! Somebody who types characters that nobody else types, and remembers which were deleted.

use std::collections::{BTreeMap, BTreeSet};

use kinfolio_core::ids::EntryId;
use rand::RngExt;
use rand::rngs::StdRng;

/// What was typed into each entry of one family, and what was deleted by anyone.
#[derive(Default)]
pub struct Typed {
    next: u32,
    entries: BTreeMap<EntryId, (BTreeSet<char>, BTreeSet<char>)>,
}

/// A note after one change, and what the change was.
pub struct Keystrokes {
    pub note: String,
    typed: Vec<char>,
    deleted: Vec<char>,
}

impl Typed {
    /// Changes a note as a person would: types somewhere, or deletes a stretch.
    pub fn change(&mut self, note: &str, random: &mut StdRng) -> Keystrokes {
        let mut chars: Vec<char> = note.chars().collect();
        let (mut typed, mut deleted) = (Vec::new(), Vec::new());
        if chars.len() > 4 && random.random_bool(0.3) {
            let from = random.random_range(0..chars.len());
            let to = (from + random.random_range(1..6)).min(chars.len());
            deleted.extend(chars.drain(from..to));
        } else {
            let at = random.random_range(0..=chars.len());
            typed.extend((0..random.random_range(1..8)).map(|_| self.fresh()));
            chars.splice(at..at, typed.iter().copied());
        }
        Keystrokes { note: chars.into_iter().collect(), typed, deleted }
    }

    /// The phone kept the change.
    pub fn kept(&mut self, entry: EntryId, strokes: Keystrokes) {
        let (typed, deleted) = self.entries.entry(entry).or_default();
        typed.extend(strokes.typed);
        deleted.extend(strokes.deleted);
    }

    /// A character that was never typed in this family: Chinese ones are many and stay as they are.
    fn fresh(&mut self) -> char {
        self.next += 1;
        char::from_u32(0x4e00 + self.next).expect("a character")
    }

    /// Every typed, undeleted character stands in the note once, and nothing else does. Gives how many.
    pub fn check(&self, entry: EntryId, note: &str, seed: u64) -> u64 {
        let Some((typed, deleted)) = self.entries.get(&entry) else { return 0 };
        let mut expected: Vec<char> = typed.difference(deleted).copied().collect();
        let mut found: Vec<char> = note.chars().collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "seed {seed}: the note of {entry}");
        found.len() as u64
    }
}
