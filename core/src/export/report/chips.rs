//! Names in the text of a report: found where they are typed, filled in where it is printed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::export::mentions::{self, Known, Mention};
use crate::export::text::{Piece, Text};
use crate::ids::LearnerId;
use crate::reports::{replaced, token, tokens};

/// Somebody who may stand in the text: how they are written here.
#[derive(Clone)]
pub struct Spelling {
    /// Who.
    pub learner: LearnerId,
    /// A nickname, or a real name that this phone remembers.
    pub known: Known,
}

/// The text with every name that surely is one kept as a token; what may be another word stays.
pub fn kept(text: &str, spellings: &[Spelling]) -> String {
    let text: String = text.nfc().collect();
    replaced(&text, certain(&text, spellings).into_iter().map(|(range, who)| (range, token(who))))
}

/// Names in the text that may be other words, for the parent to look at.
pub fn doubtful(text: &str, spellings: &[Spelling]) -> Vec<(Range<usize>, LearnerId)> {
    found(text, spellings)
        .into_iter()
        .filter(|(mention, _)| !mention.certain)
        .map(|(one, who)| (one.range, who))
        .collect()
}

/// The text as a document holds it: `place` says where in the cast somebody stands, or in which words.
pub fn document(text: &str, place: &mut dyn FnMut(LearnerId, &str) -> Piece) -> Text {
    let mut out = Text::default();
    let mut at = 0;
    for (range, who) in tokens(text) {
        let before = text.get(at..range.start).unwrap_or_default();
        out.push_words(before);
        match place(who, text.get(..range.start).unwrap_or_default()) {
            Piece::Words(words) => out.push_words(&words),
            name @ Piece::Name(_) => out.pieces.push(name),
        }
        at = range.end;
    }
    out.push_words(text.get(at..).unwrap_or_default());
    out
}

fn certain(text: &str, spellings: &[Spelling]) -> Vec<(Range<usize>, LearnerId)> {
    found(text, spellings)
        .into_iter()
        .filter(|(one, _)| one.certain)
        .map(|(one, who)| (one.range, who))
        .collect()
}

fn found(text: &str, spellings: &[Spelling]) -> Vec<(Mention, LearnerId)> {
    let known: Vec<Known> = spellings.iter().map(|one| one.known.clone()).collect();
    let taken: Vec<Range<usize>> = tokens(text).map(|(range, _)| range).collect();
    mentions::find(text, &known)
        .into_iter()
        .filter(|one| !taken.iter().any(|range| range.contains(&one.range.start)))
        .filter_map(|one| Some((one.clone(), spellings.get(one.who)?.learner)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::shown;
    use proptest::prelude::*;

    fn spelling(number: u8, name: &str) -> Spelling {
        Spelling { learner: LearnerId([number; 16]), known: Known::new(usize::from(number) - 1, name, &[]) }
    }

    #[test]
    fn a_typed_name_is_kept_as_a_token_and_an_everyday_word_is_asked_for() {
        let who = [spelling(1, "Bean"), spelling(2, "Will")];
        let text = kept("Bean's den. Will dug beans.", &who);
        assert_eq!(text, format!("{}'s den. Will dug beans.", token(LearnerId([1; 16]))));
        assert_eq!(doubtful(&text, &who).len(), 1);
        assert_eq!(kept(&text, &who), text);
        assert_eq!(shown(&text, &|_| "Zoë".into()), "Zoë's den. Will dug beans.");
    }

    #[test]
    fn what_only_looks_like_a_token_stays_text() {
        for text in ["{learner:}", "{learner:0102}", "{learner:zz", "a {learner: b"] {
            assert_eq!(tokens(text).count(), 0);
            assert_eq!(shown(text, &|_| "X".into()), text);
        }
    }

    proptest! {
        #[test]
        fn renaming_and_back_gives_the_same_text(words in prop::collection::vec("x[a-z]{1,6}", 0..6), name in "[A-Z][a-zë]{1,8}") {
            let token = token(LearnerId([1; 16]));
            let text = words.join(&format!(" {token} "));
            let named = shown(&text, &|_| format!("{name}q"));
            prop_assert_eq!(kept(&named, &[spelling(1, &format!("{name}q"))]), text);
        }
    }
}
