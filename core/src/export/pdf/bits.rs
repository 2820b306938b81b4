//! A paragraph in bits: stretches of one look and one direction, between places where a line may end.

use std::ops::Range;
use std::rc::Rc;

use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};
use unicode_linebreak::{BreakOpportunity, linebreaks};
use zeroize::Zeroizing;

use super::fonts::{Fonts, Shaped};
use super::style::Style;

/// Names up to this many letters never wrap.
const NEVER_WRAPS: usize = 24;

/// Words of one look.
#[derive(Clone)]
pub struct Span {
    pub text: Zeroizing<String>,
    pub style: Style,
    pub kind: Kind,
}

/// What a line's end does to a span.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Words,
    /// A name: one run of text, wrapped at spaces only, and only when long.
    Name,
    /// A date: never wrapped.
    Whole,
}

/// Whether a line may end before a bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    No,
    May,
    Must,
}

/// A stretch that stays together.
pub struct Bit {
    pub word: Rc<[Shaped]>,
    /// Points.
    pub width: f32,
    pub span: usize,
    pub style: Style,
    pub level: Level,
    pub space: bool,
    pub before: Break,
    /// Its text, for a word that is wider than a line.
    pub text: Zeroizing<String>,
}

/// A paragraph, its bits in the order of reading.
pub struct Bits {
    pub bits: Vec<Bit>,
    /// It reads from right to left.
    pub right_to_left: bool,
}

/// Takes a paragraph apart.
pub fn bits(fonts: &mut Fonts, spans: &[Span]) -> Bits {
    let mut text = Zeroizing::new(String::new());
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for span in spans {
        let start = text.len();
        for letter in span.text.chars() {
            match letter {
                '\t' => text.push(' '),
                '\n' => text.push('\n'),
                letter if letter.is_control() => {}
                letter => text.push(letter),
            }
        }
        ranges.push(start..text.len());
    }
    let breaks = breaks(&text, spans, &ranges);
    let Direction { levels, right_to_left } = direction(&text, spans, &ranges);
    let level_at = |at: usize| levels.get(at).copied().unwrap_or(Level::ltr());
    let mut bits = Vec::new();
    for (number, (span, range)) in spans.iter().zip(&ranges).enumerate() {
        let mut start = range.start;
        for (at, letter) in text.get(range.clone()).unwrap_or_default().char_indices() {
            let end = range.start + at + letter.len_utf8();
            let next = text.get(end..range.end).and_then(|rest| rest.chars().next());
            let goes_on = next.is_some_and(|next| {
                (next == ' ') == (letter == ' ')
                    && next != '\n'
                    && letter != '\n'
                    && level_at(end) == level_at(start)
                    && kind_at(&breaks, end) == Break::No
            });
            if goes_on {
                continue;
            }
            let piece = text.get(start..end).unwrap_or_default().trim_end_matches('\n');
            let is_name = span.kind == Kind::Name;
            let level = level_at(start);
            let word = fonts.word(piece, span.style.face, span.style.tabular, level.is_rtl(), is_name);
            let width = word.iter().map(Shaped::width).sum::<f32>() * span.style.size;
            bits.push(Bit {
                word,
                width,
                span: number,
                style: span.style,
                level,
                space: letter == ' ',
                before: kind_at(&breaks, start),
                text: Zeroizing::new(piece.to_owned()),
            });
            start = end;
        }
    }
    Bits { bits, right_to_left }
}

/// The level of each byte, and whether the paragraph reads from right to left; no levels where nothing does.
#[derive(Default)]
struct Direction {
    levels: Vec<Level>,
    right_to_left: bool,
}

/// A name stands by itself, whichever way it reads: the paragraph's own words say how the paragraph does. Where there
/// are none, the name says it.
fn direction(text: &str, spans: &[Span], ranges: &[Range<usize>]) -> Direction {
    if !text.chars().any(is_right_to_left) {
        return Direction::default();
    }
    let spans = || {
        spans.iter().zip(ranges).map(|(span, range)| (span.kind, text.get(range.clone()).unwrap_or_default()))
    };
    let strong = |letter: &char| matches!(bidi_class(*letter), BidiClass::L | BidiClass::R | BidiClass::AL);
    let mut own = spans().filter(|(kind, _)| *kind != Kind::Name);
    let default = if own.any(|(_, words)| words.chars().any(|letter| strong(&letter))) {
        None
    } else {
        Some(if text.chars().find(strong).is_some_and(is_right_to_left) {
            Level::rtl()
        } else {
            Level::ltr()
        })
    };
    let mut isolated = Zeroizing::new(String::with_capacity(text.len()));
    let mut places = Vec::new();
    for (kind, words) in spans() {
        let (opens, closes) = if kind == Kind::Name { ("\u{2068}", "\u{2069}") } else { ("", "") };
        isolated.push_str(opens);
        places.push(isolated.len()..isolated.len() + words.len());
        isolated.push_str(words);
        isolated.push_str(closes);
    }
    let info = BidiInfo::new(&isolated, default);
    let levels = places.into_iter().filter_map(|place| info.levels.get(place)).flatten().copied().collect();
    let right_to_left = info.paragraphs.first().is_some_and(|paragraph| paragraph.level.is_rtl());
    Direction { levels, right_to_left }
}

/// Where a line may or must end, ascending.
fn breaks(text: &str, spans: &[Span], ranges: &[Range<usize>]) -> Vec<(usize, Break)> {
    let held = |at: usize| {
        spans.iter().zip(ranges).any(|(span, range)| {
            let inside = range.start < at && at < range.end;
            match span.kind {
                Kind::Words => false,
                Kind::Name => {
                    inside
                        && (span.text.chars().count() <= NEVER_WRAPS
                            || !text.get(..at).is_some_and(|before| before.ends_with(' ')))
                }
                Kind::Whole => inside,
            }
        })
    };
    linebreaks(text)
        .filter(|(at, _)| *at < text.len())
        .filter_map(|(at, kind)| match kind {
            BreakOpportunity::Mandatory => Some((at, Break::Must)),
            BreakOpportunity::Allowed => (!held(at)).then_some((at, Break::May)),
        })
        .collect()
}

fn kind_at(breaks: &[(usize, Break)], at: usize) -> Break {
    let place = breaks.binary_search_by_key(&at, |(at, _)| *at).ok();
    place.and_then(|place| breaks.get(place)).map_or(Break::No, |(_, kind)| *kind)
}

/// Hebrew, Arabic and their neighbours.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::pdf::style::TEXT;

    fn broken(spans: &[(&str, Kind)]) -> Vec<String> {
        let spans: Vec<Span> = spans
            .iter()
            .map(|(text, kind)| Span { text: Zeroizing::new((*text).into()), style: TEXT, kind: *kind })
            .collect();
        let mut parts: Vec<String> = Vec::new();
        for bit in bits(&mut Fonts::new(), &spans).bits {
            match parts.last_mut() {
                Some(last) if bit.before == Break::No => last.push_str(&bit.text),
                _ => parts.push(bit.text.to_string()),
            }
        }
        parts
    }

    #[test]
    fn a_short_name_never_wraps_and_a_long_one_at_spaces_only() {
        assert_eq!(
            broken(&[("by ", Kind::Words), ("Anne-Marie Lee", Kind::Name), ("'s dog", Kind::Words)]),
            ["by ", "Anne-Marie Lee's ", "dog"]
        );
        let long = "Anne-Marie Featherstonehaugh-Smith";
        assert_eq!(broken(&[(long, Kind::Name)]), ["Anne-Marie ", "Featherstonehaugh-Smith"]);
        assert_eq!(broken(&[("Anne-Marie", Kind::Words)]), ["Anne-", "Marie"]);
        assert_eq!(broken(&[("9 Sept 2025", Kind::Whole)]), ["9 Sept 2025"]);
    }

    #[test]
    fn a_paragraph_reads_as_its_own_words_do_whichever_way_its_names_read() {
        let reads = |spans: &[(&str, Kind)]| {
            let spans: Vec<Span> = spans
                .iter()
                .map(|(text, kind)| Span { text: Zeroizing::new((*text).into()), style: TEXT, kind: *kind })
                .collect();
            let Bits { bits, right_to_left } = bits(&mut Fonts::new(), &spans);
            let levels: Vec<Level> = bits.iter().map(|bit| bit.level).collect();
            let seen =
                BidiInfo::reorder_visual(&levels).into_iter().map(|place| bits[place].text.to_string());
            (right_to_left, seen.collect::<String>())
        };
        let noa = ("נועה", Kind::Name);
        assert_eq!(reads(&[noa, (" read 2 books.", Kind::Words)]), (false, "נועה read 2 books.".into()));
        assert_eq!(reads(&[noa, (", ", Kind::Words), noa, (" read.", Kind::Words)]).1, "נועה, נועה read.");
        assert_eq!(reads(&[("Zoë", Kind::Name), (" קראה", Kind::Words)]), (true, "קראה Zoë".into()));
        assert!(reads(&[noa]).0 && reads(&[noa, (", 2018", Kind::Words)]).0);
    }
}
