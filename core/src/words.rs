//! What is typed into a search: words as they are typed, accents folded; and what was found of them in a text.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words beyond this many are not looked at.
const MAX_WORDS: usize = 16;
/// Around what was found, in the search index's answer; no text that is kept holds them as words.
pub const FOUND: char = '\u{2}';
/// Where it ends.
pub const END: char = '\u{3}';
/// Words shown of a longer text.
const SHOWN: usize = 16;

/// A piece of a text in which something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// It is what was found, to be marked.
    pub found: bool,
}

/// Words to look for; the last one also as a beginning while it is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    words: Vec<String>,
    folded: Vec<String>,
    open: bool,
}

impl Question {
    /// What was typed; none without a word.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<String> = text
            .split(|c| !letter(c))
            .filter(|word| word.chars().any(char::is_alphanumeric))
            .take(MAX_WORDS)
            .map(str::to_owned)
            .collect();
        let folded = words.iter().map(|word| folded(word)).collect();
        if words.is_empty() { None } else { Some(Self { words, folded, open: text.ends_with(letter) }) }
    }

    /// For the search index: every word in quotes, so that none is an operator, and with it the spellings that it may
    /// stand for.
    pub fn in_quotes(&self) -> String {
        let last = self.words.len() - 1;
        let quoted = self.words.iter().zip(&self.folded).enumerate().map(|(nth, (word, folded))| {
            let open = self.open && nth == last;
            let end = if open { "*" } else { "" };
            let mut spelt = spellings(folded, open);
            spelt.remove(word.to_lowercase().as_str());
            let all: Vec<String> = std::iter::once(word.as_str())
                .chain(spelt.iter().map(String::as_str))
                .map(|one| format!("\"{one}\"{end}"))
                .collect();
            if let [one] = all.as_slice() { one.clone() } else { format!("({})", all.join(" OR ")) }
        });
        quoted.collect::<Vec<_>>().join(" AND ")
    }

    /// Whether these texts together hold every word; no more is read than needed, so give the short ones first.
    pub fn is_in(&self, texts: &[&str]) -> bool {
        let mut missing: Vec<usize> = (0..self.folded.len()).collect();
        for word in texts.iter().flat_map(|text| text.split(|c| !letter(c))) {
            if missing.is_empty() {
                break;
            }
            let word = folded(word);
            missing.retain(|nth| !self.is_word(*nth, &word));
        }
        missing.is_empty()
    }

    /// A text's pieces, from a little before the first word that was asked for.
    pub fn mark(&self, text: &str) -> Vec<Piece> {
        let words: Vec<&str> = text.split_inclusive(|c| !letter(c)).collect();
        let is_found = |part: &str| {
            let word = folded(part.trim_end_matches(|c| !letter(c)));
            (0..self.folded.len()).any(|nth| self.is_word(nth, &word))
        };
        let first =
            words.iter().position(|part| is_found(part)).unwrap_or_default().saturating_sub(SHOWN / 2);
        let mut pieces = Vec::new();
        let mut add = |text: &str, found| {
            if !text.is_empty() {
                pieces.push(Piece { text: text.replace('\n', " "), found });
            }
        };
        add(if first > 0 { "…" } else { "" }, false);
        for part in words.iter().skip(first).take(SHOWN) {
            let word = part.trim_end_matches(|c| !letter(c));
            let rest = part.get(word.len()..).unwrap_or_default();
            add(word, is_found(part));
            add(rest, false);
        }
        add(if words.len() > first + SHOWN { "…" } else { "" }, false);
        joined(pieces)
    }

    fn is_word(&self, nth: usize, word: &str) -> bool {
        let Some(wanted) = self.folded.get(nth) else { return false };
        if self.open && nth + 1 == self.folded.len() {
            word.starts_with(wanted.as_str())
        } else {
            word == wanted
        }
    }
}

/// The pieces of the search index's answer, line breaks as spaces.
pub fn pieces(answer: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    for part in answer.split(FOUND) {
        let (marked, rest) = part.split_once(END).unwrap_or(("", part));
        for (text, is_found) in [(marked, true), (rest, false)] {
            if !text.is_empty() {
                found.push(Piece { text: text.replace('\n', " "), found: is_found });
            }
        }
    }
    joined(found)
}

/// How many different words are marked in an answer.
pub fn found_in(answer: &str) -> usize {
    let words = answer.split(FOUND).skip(1).filter_map(|part| part.split_once(END));
    words.map(|(word, _)| folded(word)).collect::<BTreeSet<_>>().len()
}

/// The text of pieces.
pub fn plain(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// The text of an answer without its marks.
pub fn unmarked(answer: &str) -> String {
    answer.chars().filter(|c| ![FOUND, END].contains(c)).collect()
}

fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for piece in pieces {
        match all.last_mut().filter(|last| last.found == piece.found) {
            Some(last) => last.text.push_str(&piece.text),
            None => all.push(piece),
        }
    }
    all
}

/// What the search index takes for a part of a word, too; letters in circles and squares are signs to it.
fn letter(c: char) -> bool {
    let is_sign = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f149}' | '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    (c.is_alphanumeric() && !is_sign) || is_combining_mark(c)
}

/// Letters that keyboards elsewhere lack and that are no other letter with an accent, with what is typed for them.
const ELSEWHERE: [(&str, &str); 9] = [
    ("l", "ł"),
    ("o", "ø"),
    ("d", "đ"),
    ("d", "ð"),
    ("ss", "ß"),
    ("ae", "æ"),
    ("oe", "œ"),
    ("oe", "ø"),
    ("th", "þ"),
];

/// A word without accents, in small letters, each as it is typed everywhere.
fn folded(word: &str) -> String {
    let plain: String = word.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
    if plain.is_ascii() {
        return plain;
    }
    ELSEWHERE.iter().fold(plain, |word, (typed, letter)| word.replace(letter, typed))
}

/// What a [folded] word may stand for in the search index, which knows accents but not those letters: up to two of them
/// in a word, and in the beginning of one also a last letter that is half typed.
fn spellings(word: &str, open: bool) -> BTreeSet<String> {
    let mut places = Vec::new();
    for (at, _) in word.char_indices() {
        for (typed, letter) in ELSEWHERE {
            let rest = word.get(at..).unwrap_or_default();
            if rest.starts_with(typed) {
                places.push((at, at + typed.len(), letter));
            } else if open && typed.starts_with(rest) {
                places.push((at, word.len(), letter));
            }
        }
    }
    let with = |word: &str, (from, to, letter): (usize, usize, &str)| {
        [word.get(..from).unwrap_or_default(), letter, word.get(to..).unwrap_or_default()].concat()
    };
    let mut all = BTreeSet::from([word.to_owned()]);
    for (nth, last) in places.iter().enumerate() {
        let once = with(word, *last);
        // From the end on, so that the places before it stay where they are.
        all.extend(
            places.iter().take(nth).filter(|first| first.1 <= last.0).map(|first| with(&once, *first)),
        );
        all.insert(once);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Question {
        Question::parse(text).unwrap()
    }

    #[test]
    fn nothing_that_is_typed_is_an_operator() {
        assert_eq!(asked("river zinc").in_quotes(), "\"river\" AND \"zinc\"*");
        assert_eq!(asked("river ").in_quotes(), "\"river\"");
        assert_eq!(
            asked("a NOT b\" NEAR(c) ^x title:y*").in_quotes(),
            "\"a\" AND (\"NOT\" OR \"nøt\") AND \"b\" AND \"NEAR\" AND \"c\" AND \"x\" AND (\"title\" OR \"titłe\") AND \"y\""
        );
        assert_eq!(Question::parse("\"*-()^:"), None);
        assert_eq!(Question::parse(""), None);
    }

    #[test]
    fn a_word_stands_for_its_spellings_with_letters_that_keyboards_elsewhere_lack() {
        let spelt = |word, open| spellings(word, open).into_iter().collect::<Vec<_>>();
        assert_eq!(spelt("strasse", false), ["strasse", "straße"]);
        assert_eq!(spelt("stras", true), ["stras", "straß"]);
        assert_eq!(spelt("hol", false), ["hol", "hoł", "høl", "høł"]);
        for (text, typed) in
            [("Łódź", "lodz"), ("Smørrebrød", "smorrebrod"), ("Œuvre", "oeuvre"), ("Weiß", "weiss")]
        {
            assert!(asked(typed).is_in(&[text]) && asked(text).is_in(&[typed]), "{typed}");
        }
        assert!(asked("thor").is_in(&["Þórunn"]) && !asked("thor ").is_in(&["Þórunn"]));
        assert!(spellings(&"o".repeat(40), true).len() < 900);
    }

    #[test]
    fn what_was_found_is_marked_whatever_its_accents() {
        let piece = |text: &str, found| Piece { text: text.into(), found };
        assert_eq!(
            asked("zoe dre").mark("Yesterday, Zoë drew\na newt"),
            [
                piece("Yesterday, ", false),
                piece("Zoë", true),
                piece(" ", false),
                piece("drew", true),
                piece(" a newt", false)
            ]
        );
        let long = format!("{}newt{}", "mud ".repeat(40), " mud".repeat(40));
        let short = asked("newt").mark(&long);
        assert_eq!(short.iter().map(|piece| piece.found).collect::<Vec<_>>(), [false, true, false]);
        assert!(plain(&short).len() < 100 && plain(&short).starts_with('…') && plain(&short).ends_with('…'));
        assert!(asked("otter pond").is_in(&["The Otter", "a pond."]));
        assert!(!asked("otter pon ").is_in(&["The Otter", "a pond."]));
        let answer = format!("a {FOUND}b{END}{FOUND}c{END}\nd");
        assert_eq!(pieces(&answer), [piece("a ", false), piece("bc", true), piece(" d", false)]);
        assert_eq!(unmarked(&answer), "a bc\nd");
        assert_eq!((found_in(&answer), found_in("a b")), (2, 0));
    }
}
