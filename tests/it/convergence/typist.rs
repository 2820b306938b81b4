//! Somebody who types characters that nobody else types, and remembers which were deleted.

use std::collections::{BTreeMap, BTreeSet};

use kinfolio_core::entries::{Entry, EntryDraft};
use kinfolio_core::ids::EntryId;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What was typed into each entry that a family ever wrote, and what was deleted by anyone.
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

    /// Every entry that was ever written is still there, no other is, and in its note stands every typed, undeleted
    /// character once, and nothing else. Gives how many characters.
    pub fn check(&self, found: &BTreeMap<[u8; 16], Entry>) -> Result<u64, String> {
        let mut characters = 0;
        for (id, (typed, deleted)) in &self.entries {
            let entry = found.get(&id.0).ok_or_else(|| format!("the entry {id} is gone"))?;
            let mut expected: Vec<char> = typed.difference(deleted).copied().collect();
            let mut note: Vec<char> = entry.note.chars().collect();
            expected.sort_unstable();
            note.sort_unstable();
            if note != expected {
                return Err(format!("the note of {id} has {note:?} instead of {expected:?}"));
            }
            characters += note.len() as u64;
        }
        match found.keys().find(|id| !self.entries.contains_key(&EntryId(**id))) {
            Some(id) => Err(format!("nobody wrote the entry {}", EntryId(*id))),
            None => Ok(characters),
        }
    }
}

#[tokio::test]
async fn a_lost_entry_and_a_character_lost_or_doubled_are_noticed() {
    let server = support::server::InProcess::start().await;
    let phone = support::phone::Phone::new("phone", support::line::Line::to(server.router()));
    let mut random = StdRng::seed_from_u64(1);
    let mut typed = Typed::default();
    for _ in 0..2 {
        let strokes = typed.change("", &mut random);
        let draft = EntryDraft {
            note: strokes.note.clone(),
            learned_on: "2026-05-03".into(),
            ..EntryDraft::default()
        };
        typed.kept(phone.client().entries().create(draft).expect("kept").id, strokes);
    }
    let whole = phone.content().entries;
    let count = typed.check(&whole).expect("nothing is missing");
    assert!(count >= 2, "{count} characters");
    let id = *whole.keys().next().expect("an entry");
    let edited = |edit: fn(&str) -> String| {
        let mut entries = whole.clone();
        let entry = entries.get_mut(&id).expect("the entry");
        entry.note = edit(&entry.note);
        typed.check(&entries).expect_err("a loss")
    };
    assert!(edited(|note| note.chars().skip(1).collect()).contains("instead of"));
    assert!(edited(|note| note.repeat(2)).contains("instead of"));
    let mut fewer = whole.clone();
    let entry = fewer.remove(&id).expect("the entry");
    assert!(typed.check(&fewer).expect_err("a loss").contains("is gone"));
    fewer.extend([(id, entry.clone()), ([9; 16], entry)]);
    assert!(typed.check(&fewer).expect_err("a stray").contains("nobody wrote"));
}
