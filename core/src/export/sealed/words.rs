//! Six words, told by voice: 66 random bits from the list that the recovery words use.

use std::fmt;

use bip39::Language;
use zeroize::Zeroizing;

use crate::clock::Randomness;
use crate::error::{OrNotFound, Result};

/// How many.
const WORDS: usize = 6;

/// The words of one sealed file, never printed.
#[derive(PartialEq, Eq)]
pub struct SpokenWords(Zeroizing<String>);

impl SpokenWords {
    /// New ones.
    pub(super) fn make(random: &dyn Randomness) -> Result<Self> {
        let mut text = Zeroizing::new(String::with_capacity(WORDS * 9));
        for _ in 0..WORDS {
            let mut bytes = Zeroizing::new([0; 2]);
            random.fill(&mut *bytes);
            // 2,048 words: eleven bits each.
            let word = list().get(usize::from(u16::from_le_bytes(*bytes) & 0x7FF)).or_not_found("word")?;
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        Ok(Self(text))
    }

    /// In their order, a space between.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// One by one, to be shown and read aloud.
    pub fn list(&self) -> Vec<String> {
        self.0.split(' ').map(str::to_owned).collect()
    }
}

impl fmt::Debug for SpokenWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpokenWords(redacted)")
    }
}

/// All words there are.
pub(super) fn list() -> &'static [&'static str] {
    Language::English.word_list()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededRandomness;
    use std::collections::HashSet;

    #[test]
    fn four_letters_tell_every_word_from_all_others_and_six_fit_a_block_of_the_hash() {
        let beginnings: HashSet<String> = list().iter().map(|word| word.chars().take(4).collect()).collect();
        assert_eq!((list().len(), beginnings.len()), (2_048, 2_048));
        let longest = list().iter().map(|word| word.len()).max().unwrap();
        assert!(longest * WORDS + WORDS - 1 <= 64);
        assert!(list().iter().all(|word| word.chars().all(|c| c.is_ascii_lowercase())));
    }

    #[test]
    fn every_word_comes_up() {
        let random = SeededRandomness::new(5);
        let seen: HashSet<String> =
            (0..4_000).flat_map(|_| SpokenWords::make(&random).unwrap().list()).collect();
        assert_eq!(seen.len(), 2_048);
    }
}
