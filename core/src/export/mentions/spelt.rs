//! How a nickname may be typed: other capitals, another apostrophe, two spaces, a hyphen for a space.

use super::edges::{is_apostrophe, is_dash};

/// A nickname as it stands in a text.
pub struct Spelt {
    /// Bytes that spell it.
    pub end: usize,
    /// As a name is typed: the capitals of the nickname or all capitals, its words a space apart.
    pub as_a_name: bool,
}

/// The nickname at the start of `rest`.
pub fn at_start(rest: &str, nickname: &str) -> Option<Spelt> {
    let (mut end, mut first_same, mut rest_same, mut apart) = (0, true, true, true);
    for (nth, wanted) in nickname.chars().enumerate() {
        let ahead = rest.get(end..)?;
        if wanted == ' ' || is_dash(wanted) {
            let (bytes, same) = gap(ahead, wanted)?;
            end += bytes;
            apart &= same;
            continue;
        }
        let letter = ahead.chars().next()?;
        end += letter.len_utf8();
        if letter == wanted || (is_apostrophe(letter) && is_apostrophe(wanted)) {
            continue;
        }
        if !letter.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
        if nth == 0 {
            first_same = false;
        } else {
            rest_same = false;
        }
    }
    let matched = rest.get(..end)?;
    let capitals = nickname.chars().count() > 1 && !matched.chars().any(char::is_lowercase);
    // A nickname typed in small letters is as sure at the start of a sentence.
    let starts_small = nickname.chars().next().is_some_and(char::is_lowercase);
    let as_a_name = apart && (capitals || (rest_same && (first_same || starts_small)));
    Some(Spelt { end, as_a_name })
}

/// What stands between two words of a nickname: its bytes, and whether it is what the nickname has there.
fn gap(ahead: &str, wanted: char) -> Option<(usize, bool)> {
    let spaces = ahead.len() - ahead.trim_start().len();
    let lines = ahead.get(..spaces)?.matches('\n').count();
    match ahead.chars().next()? {
        letter if is_dash(letter) => Some((letter.len_utf8(), wanted != ' ')),
        // An empty line ends a paragraph, and nobody's name goes on after it.
        _ if spaces > 0 && lines <= 1 => Some((spaces, wanted == ' ' && lines == 0)),
        _ => None,
    }
}
