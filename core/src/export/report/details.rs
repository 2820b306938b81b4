//! What a report says of a family beside the name: in memory for one document, never stored, synced or logged.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// Most characters of one detail, over all its lines.
const LONGEST: usize = 400;
/// Most lines of one.
const LINES: usize = 6;

/// What was typed for one document; whatever is empty is left out.
#[derive(Default, Clone)]
pub struct Details {
    /// The learner's whole name, for the title and the first section; else the name of the renaming.
    pub name_in_title: Zeroizing<String>,
    /// The day of birth as the family says it.
    pub born: Zeroizing<String>,
    /// Lines of the sender: who writes, the address, how to answer.
    pub sender: Zeroizing<String>,
    /// Lines of whom it goes to.
    pub recipient: Zeroizing<String>,
    /// Their reference.
    pub reference: Zeroizing<String>,
    /// Who educates, such as the parents' names; a line to sign for each.
    pub educated_by: Zeroizing<String>,
}

impl Details {
    /// Nothing stands in it.
    pub(super) fn is_empty(&self) -> bool {
        let Self { name_in_title, born, sender, recipient, reference, educated_by } = self;
        [name_in_title, born, sender, recipient, reference, educated_by].iter().all(|one| one.is_empty())
    }

    /// Without control characters and without spaces at the ends of lines.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names what is longer than 400 characters or six lines.
    pub fn checked(self) -> Result<Self> {
        Ok(Self {
            name_in_title: lines(&self.name_in_title, 1, "the whole name")?,
            born: lines(&self.born, 1, "the day of birth")?,
            sender: lines(&self.sender, LINES, "the sender")?,
            recipient: lines(&self.recipient, LINES, "the recipient")?,
            reference: lines(&self.reference, 1, "the reference")?,
            educated_by: lines(&self.educated_by, LINES, "who educates")?,
        })
    }
}

impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details")
    }
}

fn lines(text: &str, most: usize, item: &str) -> Result<Zeroizing<String>> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    let mut count = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        count += 1;
        if !kept.is_empty() {
            kept.push('\n');
        }
        kept.extend(line.chars().filter(|c| !c.is_control()).nfc());
    }
    if count > most || kept.chars().count() > LONGEST {
        return Err(Error::invalid(format!("{item}: {LONGEST} characters on {most} line(s) at most")));
    }
    Ok(kept)
}

/// "Jo Marlow and Sam Marlow" of lines.
pub fn joined(lines: &str) -> String {
    let lines: Vec<&str> = lines.lines().collect();
    match lines.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_plain_lines_and_never_show_in_debug_output() {
        let typed = Details {
            sender: Zeroizing::new(" Jo Marlow \r\n\n 14 Orchard\u{7} Lane ".into()),
            ..Details::default()
        };
        let kept = typed.checked().unwrap();
        assert_eq!(*kept.sender, "Jo Marlow\n14 Orchard Lane");
        assert_eq!(format!("{kept:?}"), "Details");
        let long = Details { reference: Zeroizing::new("x\ny".into()), ..Details::default() };
        assert_eq!(
            long.checked().unwrap_err().to_string(),
            "the reference: 400 characters on 1 line(s) at most"
        );
    }
}
