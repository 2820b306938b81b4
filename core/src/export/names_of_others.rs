//! Names of people who are no learners of the family: listed in context before a document is made, and printed as initials
//! where the parent says so. Nobody can tell a name from a place by its letters: so nothing is changed unasked.

use std::collections::{BTreeMap, BTreeSet};

use super::everyday::is_everyday;
use super::portfolio::{Page, Part, Portfolio};
use super::report::{ReportBlock, ReportPaper, WHAT};
use super::text::{Piece, Text};

/// Letters of context on each side.
const CONTEXT: usize = 40;
/// They stay before an initial: "Mr H.".
const TITLES: [&str; 7] = ["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof"];

/// Beside a number they are a day.
const CALENDAR: &str = " jan feb mar apr jun jul aug sep sept oct nov dec january february march april august september \
 october november december mon tue tues wed weds thu thur thurs fri sat sun ";

/// What may be somebody's name: words with capitals where a sentence needs none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// As it stands there.
    pub name: String,
    /// In how many places.
    pub times: u32,
    /// Text before the first of them.
    pub before: String,
    /// Text after it.
    pub after: String,
}

/// Sentences and captions of a portfolio.
pub(super) fn of_portfolio(portfolio: &mut Portfolio) -> Vec<&mut Text> {
    let cover = portfolio.cover.iter_mut().flat_map(|photo| [&mut photo.caption, &mut photo.alt]);
    portfolio.entries.iter_mut().flat_map(of_page).chain(cover).collect()
}

/// Sentences of a report, and what its diary tells of days. Other tables hold no sentences.
pub(super) fn of_report(paper: &mut ReportPaper) -> Vec<&mut Text> {
    let blocks = paper.parts.iter_mut().flat_map(|part| &mut part.blocks);
    let texts = blocks.flat_map(|block| match block {
        ReportBlock::Paragraph { text, .. } => vec![text],
        ReportBlock::Sample(page) => of_page(page),
        ReportBlock::Table(table) => {
            let what = table.head.iter().position(|head| head == WHAT);
            let cells = |row| what.and_then(|what| <[Text]>::get_mut(row, what));
            table.rows.iter_mut().map(Vec::as_mut_slice).filter_map(cells).collect()
        }
    });
    texts.collect()
}

fn of_page(page: &mut Page) -> Vec<&mut Text> {
    let parts = page.parts.iter_mut().map(|part| match part {
        Part::Paragraph(text)
        | Part::Labelled(_, text)
        | Part::Words(text)
        | Part::Own(text)
        | Part::OwnWords(text) => text,
    });
    let photos = page.photos.iter_mut().flat_map(|photo| [&mut photo.caption, &mut photo.alt]);
    std::iter::once(&mut page.title).chain(parts).chain(photos).collect()
}

/// What may be names in these texts, the most frequent first. `known` are the family's own words for other things, such as
/// its subjects.
pub(super) fn found(texts: &[&mut Text], known: &[String]) -> Vec<OtherName> {
    let pieces = || {
        texts.iter().flat_map(|text| {
            text.pieces.iter().enumerate().filter_map(|(nth, piece)| match piece {
                Piece::Words(words) => Some((nth == 0, words.as_str())),
                Piece::Name(_) => None,
            })
        })
    };
    // What is written small anywhere is no name: "We went to the Museum", "a museum".
    let small: BTreeSet<&str> = pieces()
        .flat_map(|(_, words)| words_of(words))
        .map(|word| word.text)
        .filter(|word| !is_capital(word))
        .collect();
    let known: BTreeSet<String> =
        known.iter().flat_map(|known| words_of(known)).map(|word| word.text.to_lowercase()).collect();
    let ordinary = |word: &str| {
        let low = word.to_lowercase();
        small.contains(low.as_str()) || known.contains(&low) || is_everyday(word)
    };
    let mut names: BTreeMap<String, OtherName> = BTreeMap::new();
    for (begins, words) in pieces() {
        for (start, end) in runs(words, begins, &ordinary) {
            let name = words.get(start..end).unwrap_or_default();
            let one = names.entry(name.to_owned()).or_insert_with(|| {
                let before = words.get(..start).unwrap_or_default();
                let cut = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
                OtherName {
                    name: name.to_owned(),
                    times: 0,
                    before: before.get(cut..).unwrap_or_default().to_owned(),
                    after: words.get(end..).unwrap_or_default().chars().take(CONTEXT).collect(),
                }
            });
            one.times += 1;
        }
    }
    let mut names: Vec<OtherName> = names.into_values().collect();
    names.sort_by(|one, other| other.times.cmp(&one.times).then_with(|| one.name.cmp(&other.name)));
    names
}

/// Prints initials for these names wherever they stand as whole words.
pub(super) fn shorten(texts: Vec<&mut Text>, names: &[String]) {
    let mut names: Vec<Vec<&str>> =
        names.iter().map(|name| words_of(name).map(|word| word.text).collect::<Vec<_>>()).collect();
    names.retain(|name| !name.is_empty());
    // "Sam Jones" before "Sam".
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for piece in texts.into_iter().flat_map(|text| &mut text.pieces) {
        if let Piece::Words(words) = piece {
            *words = shortened(words, &names);
        }
    }
}

fn shortened(words: &str, names: &[Vec<&str>]) -> String {
    let all: Vec<Word<'_>> = words_of(words).collect();
    let (mut told, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(left) = all.get(at..).filter(|left| !left.is_empty()) {
        let here = names.iter().find(|name| {
            left.len() >= name.len() && left.iter().zip(name.iter()).all(|(word, part)| word.text == *part)
        });
        let Some(name) = here else {
            at += 1;
            continue;
        };
        let (Some(first), Some(last)) = (left.first(), left.get(name.len() - 1)) else { break };
        told.push_str(words.get(copied..first.start).unwrap_or_default());
        let initials: Vec<String> = name.iter().map(|part| initial(part)).collect();
        let initials = initials.join(" ");
        let rest = words.get(last.end()..).unwrap_or_default();
        // A sentence that ends here ends with one full stop.
        told.push_str(if rest.starts_with('.') { initials.trim_end_matches('.') } else { &initials });
        copied = last.end();
        at += name.len();
    }
    told.push_str(words.get(copied..).unwrap_or_default());
    told
}

fn initial(word: &str) -> String {
    if TITLES.contains(&word) {
        return word.to_owned();
    }
    word.chars().next().map(|first| format!("{first}.")).unwrap_or_default()
}

/// A word and the byte at which it starts. The possessive is no part of it.
#[derive(Clone, Copy)]
struct Word<'a> {
    start: usize,
    text: &'a str,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

fn words_of(text: &str) -> impl Iterator<Item = Word<'_>> {
    let inner =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '\'' | '’' | '-') || is_mark(letter);
    text.split(move |letter| !inner(letter)).filter_map(move |piece| {
        let trimmed = piece.trim_matches(['\'', '’', '-']);
        let own = ["'s", "’s"].iter().find_map(|own| trimmed.strip_suffix(own)).unwrap_or(trimmed);
        let start = own.as_ptr() as usize - text.as_ptr() as usize;
        (!own.is_empty()).then_some(Word { start, text: own })
    })
}

/// Accents that stand apart from their letter.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Runs of words with capitals, but for those that begin a sentence, abbreviations in capitals alone, and "I".
fn runs(text: &str, begins: bool, ordinary: &impl Fn(&str) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut end = 0;
    let mut open = false;
    for (nth, word) in words_of(text).enumerate() {
        let gap = text.get(end..word.start).unwrap_or_default();
        let gap = gap.trim_start_matches("'s").trim_start_matches("’s");
        let after_title =
            runs.last().is_some_and(|(start, to)| *to == end && TITLES.contains(&&text[*start..*to]));
        let starts = (nth == 0 && begins && gap.trim().is_empty())
            || (gap.contains(['.', '!', '?', ':', '\n', '“', '"', '•']) && !(after_title && gap == ". "));
        let first = word.text.chars().next().is_some_and(|letter| letter == 'I')
            && (word.text.len() == 1 || word.text.contains(['\'', '’']));
        let shouted = word.text.chars().count() > 1 && !word.text.chars().any(char::is_lowercase);
        let title = TITLES.contains(&word.text);
        let before = text.get(..word.start).unwrap_or_default().trim_end();
        let after = text.get(word.end()..).unwrap_or_default().trim_start();
        let digit = |letter: char| letter.is_ascii_digit();
        let day = CALENDAR.contains(&format!(" {} ", word.text.to_lowercase()))
            && (before.ends_with(digit) || after.starts_with(digit));
        let named = !day
            && is_capital(word.text)
            && !first
            && !shouted
            && (title || (!starts && !ordinary(word.text)));
        let joined = open && (gap == " " || (after_title && gap == ". "));
        match runs.last_mut() {
            Some(last) if named && joined => last.1 = word.end(),
            _ if named => runs.push((word.start, word.end())),
            _ => {}
        }
        open = named;
        end = word.end();
    }
    runs.retain(|(start, to)| text.get(*start..*to).is_some_and(|name| !TITLES.contains(&name)));
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(texts: &[&str], known: &[&str]) -> Vec<(String, u32)> {
        let mut texts: Vec<Text> = texts.iter().map(|text| Text::words(*text)).collect();
        let texts: Vec<&mut Text> = texts.iter_mut().collect();
        let known: Vec<String> = known.iter().map(|word| (*word).to_owned()).collect();
        found(&texts, &known).into_iter().map(|one| (one.name, one.times)).collect()
    }

    fn told(text: &str, names: &[&str]) -> String {
        let mut text = Text::words(text);
        shorten(vec![&mut text], &names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        text.plain(&[] as &[&str])
    }

    #[test]
    fn names_of_others_are_listed_and_what_is_none_is_not() {
        let texts = [
            "We met Sam Jones and Mrs. O’Neill at the Museum. Then Sam Jones's dog ran.",
            "The museum has a BBC film, and I'm sure that Zoë’s brother saw it on Monday. Science with Priya: Maths too on 28 Mar 2026.",
        ];
        let names = listed(&texts, &["Maths", "Science"]);
        let expected = [("Sam Jones", 2), ("Mrs. O’Neill", 1), ("Priya", 1), ("Zoë", 1)];
        assert_eq!(names, expected.map(|(name, times)| (name.to_owned(), times)));
        let mut names = [Text { pieces: vec![Piece::Name(0), Piece::Words(" and Sam dug".into())] }];
        let texts: Vec<&mut Text> = names.iter_mut().collect();
        let sam = found(&texts, &[]);
        assert_eq!(
            (sam[0].name.as_str(), sam[0].before.as_str(), sam[0].after.as_str()),
            ("Sam", " and ", " dug")
        );
    }

    #[test]
    fn a_name_that_is_shortened_stands_nowhere_whole_and_other_words_stay() {
        let names = ["Sam", "Sam Jones", "Mrs. O’Neill", "Zoë"];
        assert_eq!(
            told("Sam Jones's dog, Sammy, and Sam. Mrs. O’Neill came; “Zoë” sang: Sam-Joe too", &names),
            "S. J.'s dog, Sammy, and S. Mrs O. came; “Z.” sang: Sam-Joe too"
        );
        assert_eq!(told("nobody", &["", " "]), "nobody");
    }
}
