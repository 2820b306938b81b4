//! A note as blocks: paragraphs, labelled parts ("How it went: …") and the learner's own words in quotation marks.
use super::sentence;
use std::ops::Range;

/// The labels of documents.md that a parent may begin a paragraph with.
const LABELS: [&str; 4] = ["What we did", "How it went", "What it shows", "Next"];

/// One block of a note; ranges are bytes of the note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Range<usize>),
    /// A labelled paragraph.
    Labelled(&'static str, Range<usize>),
    /// A paragraph that is one quotation.
    Words(Range<usize>),
}

/// Splits a note at empty lines and before labels.
pub fn blocks(note: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Option<&'static str>, Range<usize>)> = None;
    let mut at = 0;
    for line in note.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let label = LABELS.into_iter().find(|label| starts_with_label(line, label));
        if line.trim().is_empty() || label.is_some() {
            blocks.extend(open.take().and_then(|(label, range)| close(note, label, range)));
        }
        match (&mut open, label) {
            (_, Some(label)) => open = Some((Some(label), start + line_after_label(line, label)..at)),
            (Some((_, range)), None) => range.end = at,
            (None, None) if !line.trim().is_empty() => open = Some((None, start..at)),
            (None, None) => {}
        }
    }
    blocks.extend(open.and_then(|(label, range)| close(note, label, range)));
    blocks
}

/// The first sentence of a note, for an entry without a title: its byte range, and whether it was cut. It ends in none
/// of the ranges `held`, which are names.
pub fn first_sentence(note: &str, limit: usize, held: &[Range<usize>]) -> Option<(Range<usize>, bool)> {
    let first = match blocks(note).into_iter().next()? {
        Block::Paragraph(range) | Block::Labelled(_, range) | Block::Words(range) => range,
    };
    let text = note.get(first.clone())?;
    let line = text.lines().next()?;
    let name_at =
        |at: usize| held.iter().find(|name| name.start < first.start + at && first.start + at < name.end);
    let sentence = sentence::end(line, &|at| name_at(at).is_some());
    let whole = line.get(..sentence)?;
    if whole.chars().count() <= limit {
        return Some((first.start..first.start + sentence, false));
    }
    let cut = whole.char_indices().nth(limit).map_or(whole.len(), |(at, _)| at);
    let cut = whole
        .get(..cut)?
        .rmatch_indices(' ')
        .find(|(at, _)| name_at(*at).is_none())
        .map_or(cut, |(at, _)| at);
    // No word ends before it: a name is shown whole.
    let cut = name_at(cut).map_or(cut, |name| (name.end - first.start).min(sentence));
    Some((first.start..first.start + cut, true))
}

fn starts_with_label(line: &str, label: &str) -> bool {
    let line = line.trim_start();
    line.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))
        && line.get(label.len()..).is_some_and(|rest| rest.starts_with(':'))
}

fn line_after_label(line: &str, label: &str) -> usize {
    line.len() - line.trim_start().len() + label.len() + 1
}

fn close(note: &str, label: Option<&'static str>, range: Range<usize>) -> Option<Block> {
    let text = note.get(range.clone())?;
    let start = range.start + (text.len() - text.trim_start().len());
    let text = text.trim();
    let range = start..start + text.len();
    match label {
        _ if text.is_empty() => None,
        Some(label) => Some(Block::Labelled(label, range)),
        None if is_quotation(text) => Some(Block::Words(range)),
        None => Some(Block::Paragraph(range)),
    }
}

/// One pair of quotation marks around the whole text.
pub fn is_quotation(text: &str) -> bool {
    let mut letters = text.trim().chars();
    let (first, last) = (letters.next(), letters.next_back());
    matches!((first, last), (Some('“'), Some('”')) | (Some('"'), Some('"')))
        && !letters.any(|c| matches!(c, '“' | '”' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_quotations_and_paragraphs_are_told_apart() {
        let note =
            "We went out.\nIt rained.\n\nHow it went: wet\nand cold\nnext: boots\n\n“Why is rain cold?”\n";
        let seen: Vec<_> = blocks(note)
            .into_iter()
            .map(|block| match block {
                Block::Paragraph(range) => ("", note[range].to_owned()),
                Block::Labelled(label, range) => (label, note[range].to_owned()),
                Block::Words(range) => ("said", note[range].to_owned()),
            })
            .collect();
        let wanted = [
            ("", "We went out.\nIt rained."),
            ("How it went", "wet\nand cold"),
            ("Next", "boots"),
            ("said", "“Why is rain cold?”"),
        ];
        assert_eq!(seen, wanted.map(|(label, text)| (label, text.to_owned())));
    }

    #[test]
    fn the_first_sentence_stands_for_a_missing_title() {
        let title =
            |note: &str| first_sentence(note, 30, &[]).map(|(range, cut)| (note[range].to_owned(), cut));
        assert_eq!(title("Long division. Then lunch."), Some(("Long division".into(), false)));
        assert_eq!(title("Paid 3.50 at the market"), Some(("Paid 3.50 at the market".into(), false)));
        assert_eq!(title("Next: What about snails? Tomorrow"), Some(("What about snails?".into(), false)));
        assert_eq!(
            title("A very long sentence about nothing at all"),
            Some(("A very long sentence about".into(), true))
        );
        assert_eq!(title(" \n\n"), None);
    }

    #[test]
    fn no_title_ends_inside_a_name() {
        let title = |note: &str, name: &str| {
            let held: Vec<_> = note.match_indices(name).map(|(at, _)| at..at + name.len()).collect();
            first_sentence(note, 30, &held).map(|(range, cut)| (note[range].to_owned(), cut))
        };
        let long = "We went to the market with Little Bear and Gran";
        assert_eq!(title(long, "Little Bear"), Some(("We went to the market with".into(), true)));
        assert_eq!(title("J. Bean dug. Then lunch.", "J. Bean"), Some(("J. Bean dug".into(), false)));
        let name = "Bear of the long and dark winter night";
        assert_eq!(title(&format!("{name} slept"), name), Some((name.into(), true)));
    }

    proptest::proptest! {
        #[test]
        fn any_note_is_split_at_letter_borders(note in "(.|\n|Next: |“|\"){0,60}") {
            for block in blocks(&note) {
                let (Block::Paragraph(range) | Block::Labelled(_, range) | Block::Words(range)) = block;
                assert!(!note[range].trim().is_empty());
            }
            if let Some((range, _)) = first_sentence(&note, 20, &[]) {
                assert!(note.get(range).is_some());
            }
        }
    }
}
