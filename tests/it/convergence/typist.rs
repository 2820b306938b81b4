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

impl Typed {
    /// Changes a note as a person would: types somewhere, or deletes a stretch.
    pub fn change(&mut self, entry: EntryId, note: &str, random: &mut StdRng) -> String {
        let mut chars: Vec<char> = note.chars().collect();
        if chars.len() > 4 && random.random_bool(0.3) {
            let from = random.random_range(0..chars.len());
            let to = (from + random.random_range(1..6)).min(chars.len());
            let gone: Vec<char> = chars.drain(from..to).collect();
            self.entries.entry(entry).or_default().1.extend(gone);
        } else {
            let at = random.random_range(0..=chars.len());
            let typed: Vec<char> = (0..random.random_range(1..8)).map(|_| self.fresh()).collect();
            self.entries.entry(entry).or_default().0.extend(&typed);
            chars.splice(at..at, typed);
        }
        chars.into_iter().collect()
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
