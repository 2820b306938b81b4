//! Names in the text of a report: found where they are typed, filled in where it is printed.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::export::mentions::{Known, Lookout, Mention};
use crate::export::text::{Piece, Text};
use crate::ids::LearnerId;
use crate::reports::{replaced, token, tokens};

/// How everybody who may stand in the text is written here: by nickname, or by a real name that this phone remembers.
#[derive(Clone, Default)]
pub struct Spellings {
    learners: Vec<LearnerId>,
    lookout: Lookout,
}

impl Spellings {
    /// Whom a report is about comes first: of two who are called alike, the first is asked about. `works` are titles,
    /// authors and places of the record.
    pub fn new(
        nicknames: &[(LearnerId, &str)],
        real: &[(LearnerId, &str)],
        subjects: &[String],
        works: &[String],
    ) -> Self {
        let mut learners: Vec<LearnerId> = Vec::new();
        let mut known: Vec<Known> = Vec::new();
        let spelt = nicknames.iter().map(|one| (one, false)).chain(real.iter().map(|one| (one, true)));
        for (who, ((learner, name), is_real)) in spelt.enumerate() {
            let mut one = Known { is_real, ..Known::new(who, name, subjects) };
            for (before, whose) in known.iter_mut().zip(&learners).filter(|(_, whose)| *whose != learner) {
                let alike = before.is_like(&one);
                before.doubtful |= alike;
                one.doubtful |= alike && whose != learner;
            }
            known.push(one);
            learners.push(*learner);
        }
        Self { learners, lookout: Lookout::new(known, works) }
    }

    /// Every place of the text, which must be NFC, that is no token yet.
    pub fn found(&self, text: &str) -> Vec<(Mention, LearnerId)> {
        let taken: Vec<Range<usize>> = tokens(text).map(|(range, _)| range).collect();
        self.lookout
            .find(text)
            .into_iter()
            .filter(|one| !taken.iter().any(|range| range.contains(&one.range.start)))
            .filter_map(|one| Some((one.clone(), *self.learners.get(one.who)?)))
            .collect()
    }

    /// Names of several words, which no cut may part: every place of the text that may be one.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        self.lookout.find(text).into_iter().map(|one| one.range).collect()
    }
}

/// The text with every name that surely is one kept as a token; what may be another word stays.
pub fn kept(text: &str, spellings: &Spellings) -> String {
    let text: String = text.nfc().collect();
    let certain = spellings.found(&text).into_iter().filter(|(one, _)| one.certain);
    replaced(&text, certain.map(|(one, who)| (one.range, token(who))))
}

/// Names in the text that may be other words, for the parent to look at.
pub fn doubtful(text: &str, spellings: &Spellings) -> Vec<(Range<usize>, LearnerId)> {
    spellings.found(text).into_iter().map(|(one, who)| (one.range, who)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::shown;
    use proptest::prelude::*;

    fn spelt(names: &[&str]) -> Spellings {
        let names: Vec<_> = (1..).zip(names).map(|(number, name)| (LearnerId([number; 16]), *name)).collect();
        Spellings::new(&names, &[], &[], &["The Bean Tree".into()])
    }

    #[test]
    fn a_typed_name_is_kept_as_a_token_and_an_everyday_word_is_asked_for() {
        let who = spelt(&["Bean", "Will"]);
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
            prop_assert_eq!(kept(&named, &spelt(&[&format!("{name}q")])), text);
        }
    }
}
