//! What a typed line must be before it is kept, and how a file that somebody chose is opened; messages name the item and
//! never quote it.

use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io;
use std::path::Path;
use unicode_normalization::UnicodeNormalization;

/// One line as it is kept: NFC, without control characters, without marks that turn around what comes after them, without
/// white space at its ends.
///
/// # Errors
/// [`Error::InvalidInput`] when it is longer than `most` characters; `item` names it.
pub fn line(text: &str, item: &str, most: usize) -> Result<String> {
    let seen = text.chars().filter(|c| !turns_around(*c));
    let flat: String = seen.map(|c| if c.is_control() { ' ' } else { c }).nfc().collect();
    let flat = flat.trim();
    if flat.chars().count() > most {
        return Err(Error::invalid(format!("{item} is longer than {most} characters: shorten it")));
    }
    Ok(flat.to_owned())
}

/// A [`line`] that must hold something.
///
/// # Errors
/// [`Error::InvalidInput`] when it is empty or too long.
pub fn required_line(text: &str, item: &str, most: usize) -> Result<String> {
    let text = line(text, item, most)?;
    if text.chars().all(is_invisible) {
        Err(Error::invalid(format!("{item} is empty: type one")))
    } else {
        Ok(text)
    }
}

/// A file that somebody chose, and its length: no folder, and no pipe, which would be waited for without end.
///
/// # Errors
/// The system's.
pub fn chosen_file(path: &Path) -> io::Result<(File, u64)> {
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    Ok((File::open(path)?, found.len()))
}

/// A mark that sets the direction of a text until it ends: nobody sees it, and a file's name can lie by it.
const fn turns_around(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A character of which nothing is seen by itself.
const fn is_invisible(c: char) -> bool {
    matches!(c,
        ' ' | '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
        | '\u{2800}' | '\u{3000}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// A colour as `#rrggbb` in lower case, or empty for none.
///
/// # Errors
/// [`Error::InvalidInput`] for anything else.
pub fn colour(text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let digits = text.strip_prefix('#');
    match digits {
        Some(digits) if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(text),
        None if text.is_empty() => Ok(text),
        _ => Err(Error::invalid("the colour must look like #a1b2c3")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_kept_in_one_form_and_a_message_never_quotes_it() {
        assert_eq!(line("  Zoe\u{308}\n&\u{0}co ", "the nickname", 40).unwrap(), "Zoë & co");
        assert_eq!(line("photo\u{202e}gpj.exe", "the name", 40).unwrap(), "photogpj.exe");
        assert_eq!(line(&"é".repeat(40), "the nickname", 40).unwrap().chars().count(), 40);
        let refused = line(&"Hedgehog".repeat(6), "the nickname", 40).unwrap_err().to_string();
        assert_eq!(refused, "the nickname is longer than 40 characters: shorten it");
        assert_eq!(
            required_line(" \u{7} ", "the nickname", 40).unwrap_err().to_string(),
            "the nickname is empty: type one"
        );
        assert!(required_line("\u{200b}\u{a0}\u{feff}", "the nickname", 40).is_err(), "nothing to be seen");
        assert_eq!(required_line("a\u{200d}b", "the nickname", 40).unwrap(), "a\u{200d}b");
    }

    #[test]
    fn a_colour_has_one_spelling() {
        assert_eq!(colour(" #A1B2C3 ").unwrap(), "#a1b2c3");
        assert_eq!(colour("").unwrap(), "");
        for wrong in ["a1b2c3", "#a1b2c", "#a1b2cg", "red", "#é1b2c"] {
            assert!(colour(wrong).is_err(), "{wrong}");
        }
    }
}
