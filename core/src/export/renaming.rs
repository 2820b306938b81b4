//! Names for one document, in memory only: never stored, synced or logged, wiped when dropped.
use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::portfolio::Person;
use crate::error::{Error, Result};
use crate::ids::LearnerId;

/// The most characters of a name.
pub const LONGEST_NAME: usize = 80;

/// Real names to print instead of nicknames.
#[derive(Default)]
pub struct Renaming {
    names: Vec<(LearnerId, Zeroizing<String>)>,
}

impl Renaming {
    /// Nicknames stay.
    pub fn none() -> Self {
        Self::default()
    }

    /// Prints this learner as `name`: 1 to 80 characters after spaces at its ends are taken off.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for an empty or overlong name, or one on several lines.
    pub fn set(&mut self, learner: LearnerId, name: &str) -> Result<()> {
        let name: Zeroizing<String> = Zeroizing::new(name.trim().nfc().collect());
        let length = name.chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::InvalidInput("type a name of 1 to 80 characters, on one line".into()));
        }
        self.names.retain(|(who, _)| *who != learner);
        self.names.push((learner, name));
        Ok(())
    }

    /// The name of everybody in a cast: the one given, else the nickname.
    pub fn of(&self, cast: &[Person]) -> Vec<Zeroizing<String>> {
        let name = |person: &Person| self.get(person.learner).unwrap_or(&person.nickname).to_owned();
        cast.iter().map(|person| Zeroizing::new(name(person))).collect()
    }

    /// Somebody of a cast keeps the nickname.
    pub fn leaves_one_of(&self, cast: &[Person]) -> bool {
        cast.iter().any(|person| self.get(person.learner).is_none())
    }

    /// The name for a learner, if one was given.
    pub fn get(&self, learner: LearnerId) -> Option<&str> {
        self.names.iter().find(|(who, _)| *who == learner).map(|(_, name)| name.as_str())
    }
}

impl fmt::Debug for Renaming {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Renaming({} names)", self.names.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learner(n: u8) -> LearnerId {
        LearnerId([n; 16])
    }

    #[test]
    fn a_name_never_shows_in_debug_output() {
        let mut renaming = Renaming::none();
        renaming.set(learner(1), "Canary Real Name").unwrap();
        assert_eq!(format!("{renaming:?}"), "Renaming(1 names)");
    }

    #[test]
    fn the_last_name_given_counts_and_bad_ones_are_refused() {
        let mut renaming = Renaming::none();
        renaming.set(learner(1), "Zoe\u{308} ").unwrap();
        assert_eq!(renaming.get(learner(1)), Some("Zoë"));
        renaming.set(learner(1), "<script>").unwrap();
        assert_eq!(renaming.get(learner(1)), Some("<script>"));
        assert_eq!(renaming.get(learner(2)), None);
        for bad in ["", "  ", "two\nlines", &"x".repeat(81)] {
            assert!(renaming.set(learner(1), bad).is_err(), "{bad:?}");
        }
    }
}
