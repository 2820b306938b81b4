//! Where the first sentence of a line ends. A full stop is no end after "St.", "a.m." or an initial, before a small
//! letter, and inside a number.

/// Shortened words that something follows.
const TITLES: &str =
    " mr mrs ms mx dr prof st ste rev fr sgt capt col gen lt hon mt messrs mme mlle vs cf approx ";
/// Shortened words that a number follows.
const BEFORE_NUMBERS: &str = " no nos nr p pp ch vol fig ex ed sec par approx c ";

/// The byte at which the first sentence of a line ends, without its full stop: a heading has none. `is_name` tells
/// whether a byte lies in a name, which may have full stops of its own.
pub fn end(line: &str, is_name: &dyn Fn(usize) -> bool) -> usize {
    let stop = line.char_indices().find(|(at, c)| {
        let (before, after) = line.split_at(*at);
        ends_here(before, *c, after.get(c.len_utf8()..).unwrap_or_default()) && !is_name(*at)
    });
    let Some((at, c)) = stop else { return line.len() };
    let (before, after) = line.split_at(at);
    let after = after.get(c.len_utf8()..).unwrap_or_default();
    let closing = after.len() - after.trim_start_matches(is_closing).len();
    if c == '.' && closing == 0 && !before.ends_with('.') && !is_short(before, after) {
        at
    } else {
        at + c.len_utf8() + closing
    }
}

fn ends_here(before: &str, c: char, after: &str) -> bool {
    if !matches!(c, '.' | '?' | '!') {
        return false;
    }
    let rest = after.trim_start_matches(is_closing);
    if rest.trim().is_empty() {
        return true;
    }
    let next = rest.trim_start();
    // A quotation goes on in its sentence: “Is it dead?” she asked.
    let goes_on = (c == '.' || rest.len() < after.len()) && next.starts_with(char::is_lowercase);
    rest.starts_with(char::is_whitespace) && !goes_on && !(c == '.' && is_short(before, next))
}

/// Whether the full stop after `before` only shortens its last word, or counts: "1. Read".
fn is_short(before: &str, after: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’');
    let word = before.get(before.trim_end_matches(is_part).len()..).unwrap_or_default();
    let mut letters = word.chars();
    let (first, alone) = (letters.next(), letters.next().is_none());
    let low = format!(" {} ", word.to_lowercase());
    let counts = word.len() == before.trim_start().len() && word.chars().all(|c| c.is_ascii_digit());
    let dotted =
        word.split('.').all(|part| part.chars().count() <= 2 && part.chars().all(char::is_alphabetic));
    !word.is_empty()
        && (counts
            || (word.contains('.') && dotted && !word.ends_with('.'))
            || (alone && first.is_some_and(|c| c.is_uppercase() && c != 'I'))
            || TITLES.contains(&low)
            || (BEFORE_NUMBERS.contains(&low)
                && after.trim_start().starts_with(|c: char| c.is_ascii_digit())))
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»')
}

/// Whether a text needs no full stop before another sentence follows.
pub fn is_ended(text: &str) -> bool {
    text.trim_end_matches(is_closing).ends_with(['.', '!', '?', '…', ':'])
}

#[cfg(test)]
mod tests {
    use super::{end, is_ended};

    #[test]
    fn a_sentence_ends_where_its_writer_ended_it() {
        for (first, rest) in [
            ("We went to St. Ives by train", ". It rained."),
            ("Dr. Patel and Mrs. O'Neill came", ". Then lunch."),
            ("We began at 9 a.m. and stopped at noon", "."),
            ("Up at 7 a.m. Then we walked", ". Home."),
            ("Fruit, e.g. Braeburn apples, was weighed", ". 3.5 kg."),
            ("Poured 3.5 litres", ". Then 2."),
            ("Read J. K. Rowling on the sofa", ". Slept."),
            ("Read ch. 3 and no. 7 of the plan", ". Slept."),
            ("1. Sorted the shells", ". 2. Drew them."),
            ("She counted... and counted", ". Done."),
            ("“Is it dead?” she asked", ". It was not."),
            ("He said “No.”", " Then he laughed."),
            ("What about snails?", " Tomorrow."),
            ("So cold!", " brr"),
            ("Ran out of ink...", " Bought more."),
            ("Fern and I", ". Then lunch."),
            ("Said no", ". Then yes."),
            ("No stop at all", ""),
            ("Stopped at 9 a.m.", ""),
            ("Zoë made crêpes", ". Élan!"),
        ] {
            let line = format!("{first}{rest}");
            assert_eq!(line.get(..end(&line, &|_| false)), Some(first), "{line}");
        }
        assert!(is_ended("He said “No.”") && !is_ended("He said “no”"));
    }
}
