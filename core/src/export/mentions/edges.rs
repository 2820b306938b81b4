//! What may stand right before and right after a name.

use unicode_normalization::char::is_combining_mark;

use crate::script::runs_on;

/// One side of a nickname in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A word begins or ends here.
    Clear,
    /// It may: "Bean-pole", "ונועה", "小豆今天".
    Joined,
    /// Another word goes on here.
    Inside,
}

/// The side before a nickname that begins with `first`.
pub fn before(before: &str, first: char) -> Edge {
    let mut back = before.chars().rev();
    match back.next() {
        Some('\u{200d}') if !is_letter(first) => Edge::Inside,
        Some(near) if !is_letter(first) || is_clear(near, first) => Edge::Clear,
        Some(near) if is_letter(near) => {
            let run_on = runs_on(near) && runs_on(first);
            if run_on || has_prefix(before, first) { Edge::Joined } else { Edge::Inside }
        }
        Some(near) if is_joint(near) && back.next().is_some_and(is_letter) => Edge::Joined,
        _ => Edge::Clear,
    }
}

/// The side after a nickname that ends with `last`.
pub fn after(after: &str, last: char) -> Edge {
    let mut ahead = after.chars();
    let Some(near) = ahead.next() else { return Edge::Clear };
    if !is_letter(last) {
        let goes_on = near == '\u{200d}' || ('\u{1f3fb}'..='\u{1f3ff}').contains(&near);
        return if goes_on { Edge::Inside } else { Edge::Clear };
    }
    match near {
        near if is_clear(near, last) => Edge::Clear,
        // "Beans' den": plural possessive.
        's' | 'S' => {
            let apostrophe = ahead.next().is_some_and(is_apostrophe);
            if apostrophe && !ahead.next().is_some_and(is_letter) { Edge::Clear } else { Edge::Inside }
        }
        near if is_letter(near) => {
            if runs_on(near) && !is_combining_mark(near) {
                Edge::Joined
            } else {
                Edge::Inside
            }
        }
        near if is_apostrophe(near) => {
            let tail: String = ahead.take_while(|c| is_letter(*c)).flat_map(char::to_lowercase).collect();
            let ends = ["", "s", "ll", "d", "ve", "re", "m"].contains(&tail.as_str());
            if ends { Edge::Clear } else { Edge::Joined }
        }
        near if is_dash(near) && ahead.next().is_some_and(is_letter) => Edge::Joined,
        _ => Edge::Clear,
    }
}

/// "a hedgehog", "Auntie Fern", "Mr. Fern": an animal, or somebody else who is called so.
pub fn is_of_another(before: &str) -> bool {
    const ARTICLES: &str = " a an the another every each some any no one ";
    const TITLES: &str = " mr mrs ms miss dr prof professor aunt auntie uncle saint st lady lord coach ";
    if !before.ends_with(char::is_whitespace) {
        return false;
    }
    let before = before.trim_end();
    let (before, words) = before.strip_suffix('.').map_or((before, ARTICLES), |before| (before, TITLES));
    let word: String = before.chars().rev().take_while(|c| is_letter(*c)).collect();
    let word: String = word.chars().rev().flat_map(char::to_lowercase).collect();
    let is_of = |words: &str| words.contains(&format!(" {word} "));
    !word.is_empty() && (is_of(words) || is_of(TITLES))
}

/// A word with a capital and small letters follows: "Fern Hill", "Bean Town".
pub fn is_first_of_two(after: &str) -> bool {
    let Some(next) = after.strip_prefix([' ', '\u{a0}']) else { return false };
    let mut letters = next.chars().take_while(|c| is_letter(*c));
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// A letter of one writing beside a letter of another, of which one does not part its words: "今天Bean去".
fn is_clear(near: char, own: char) -> bool {
    is_letter(near) && !is_combining_mark(near) && runs_on(near) != runs_on(own)
}

/// Hebrew and Arabic write "and", "to", "in" and others as a letter or two in one word with what follows.
fn has_prefix(before: &str, first: char) -> bool {
    let prefixes = match first {
        '\u{5d0}'..='\u{5ea}' => "ושהבלמכ",
        '\u{620}'..='\u{64a}' => "وفبلكاس",
        _ => return false,
    };
    let word = before.chars().rev().take_while(|c| is_letter(*c));
    let (count, fits) = word.fold((0, true), |(count, fits), c| (count + 1, fits && prefixes.contains(c)));
    fits && count <= 3
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || c == '_'
}

pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02bc}')
}

pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{5be}')
}

fn is_joint(c: char) -> bool {
    is_apostrophe(c) || is_dash(c)
}
