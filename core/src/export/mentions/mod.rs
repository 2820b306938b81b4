//! Nicknames in free text: whole words only, Unicode and case aware, never inside another word.
mod edges;
mod spelt;

#[cfg(test)]
mod tests;

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::everyday;
use edges::Edge;

/// A nickname to look for.
#[derive(Debug, Clone)]
pub struct Known {
    /// Place in the cast.
    pub who: usize,
    /// The nickname in NFC, its words a space apart.
    pub nickname: String,
    /// A capital alone does not show who is meant: it is an everyday word or a subject too, or two are called so.
    pub doubtful: bool,
    /// A name that this phone remembers, which a surname may follow.
    pub is_real: bool,
}

impl Known {
    /// A nickname, and the names of the family's subjects ("Art" may be both).
    pub fn new(who: usize, nickname: &str, subjects: &[String]) -> Self {
        let nickname: String = nickname.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        let doubtful = everyday::is_everyday(&nickname)
            || subjects.iter().any(|subject| subject.trim().to_lowercase() == nickname.to_lowercase());
        Self { who, nickname, doubtful, is_real: false }
    }

    /// Both are written alike, so that a text does not tell who is meant.
    pub fn is_like(&self, other: &Self) -> bool {
        self.nickname.to_lowercase() == other.nickname.to_lowercase()
    }
}

/// A place where a nickname stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Whose nickname.
    pub who: usize,
    /// Byte range in the text.
    pub range: Range<usize>,
    /// Surely the name: no everyday word, no "a hedgehog", no part of "Bean-pole", "Fern Hill" or a book's title.
    pub certain: bool,
}

/// Who is looked for, and what else the family's record calls so.
#[derive(Debug, Clone, Default)]
pub struct Lookout {
    known: Vec<Known>,
    /// Titles, authors and places in which a nickname stands.
    works: Vec<String>,
}

impl Lookout {
    /// `works` are titles, authors and places of the record: a nickname inside one of them may be another's name.
    pub fn new(known: Vec<Known>, works: &[String]) -> Self {
        let works = works.iter().map(|work| work.trim().nfc().collect::<String>());
        let works = works.filter(|work| !find(work, &known).is_empty()).collect();
        Self { known, works }
    }

    /// Every mention in `text`, which must be NFC.
    pub fn find(&self, text: &str) -> Vec<Mention> {
        let mut mentions = find(text, &self.known);
        for work in &self.works {
            for (at, _) in text.match_indices(work.as_str()) {
                let inside = |one: &&mut Mention| one.range.start >= at && one.range.end <= at + work.len();
                mentions.iter_mut().filter(inside).for_each(|one| one.certain = false);
            }
        }
        mentions
    }
}

/// Finds every mention in `text`, which must be NFC. Longer nicknames win; mentions never overlap.
fn find(text: &str, known: &[Known]) -> Vec<Mention> {
    let mut longest_first: Vec<&Known> = known.iter().filter(|one| !one.nickname.is_empty()).collect();
    longest_first.sort_by_key(|one| std::cmp::Reverse(one.nickname.len()));
    let mut mentions = Vec::new();
    let mut done = 0;
    for (at, _) in text.char_indices() {
        if at < done {
            continue;
        }
        let here = longest_first.iter().find_map(|one| mention_at(text, at, one));
        if let Some(mention) = here {
            done = mention.range.end;
            mentions.push(mention);
        }
    }
    mentions
}

fn mention_at(text: &str, at: usize, known: &Known) -> Option<Mention> {
    let (before, rest) = text.split_at_checked(at)?;
    let spelt = spelt::at_start(rest, &known.nickname)?;
    let after = rest.get(spelt.end..)?;
    let first = edges::before(before, known.nickname.chars().next()?);
    let last = edges::after(after, known.nickname.chars().next_back()?);
    if first == Edge::Inside || last == Edge::Inside {
        return None;
    }
    let alone = (first, last) == (Edge::Clear, Edge::Clear);
    let of_another = edges::is_of_another(before) || (!known.is_real && edges::is_first_of_two(after));
    let certain = !known.doubtful && alone && spelt.as_a_name && !of_another;
    Some(Mention { who: known.who, range: at..at + spelt.end, certain })
}
