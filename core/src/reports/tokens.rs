//! Learners in the text of a report: kept as `{learner:<id>}`, so that what a parent types is stored and sent without a name.

use crate::hex::unhex;
use crate::ids::LearnerId;
use std::ops::Range;

const OPENS: &str = "{learner:";
/// Hex digits of an id, and the brace.
const REST: usize = 33;

/// How a learner's name is kept.
pub fn token(learner: LearnerId) -> String {
    format!("{OPENS}{}}}", learner)
}

/// The tokens of a text and whose they are.
pub fn tokens(text: &str) -> impl Iterator<Item = (Range<usize>, LearnerId)> {
    text.match_indices(OPENS).filter_map(|(at, _)| {
        let from = at + OPENS.len();
        let id = text.get(from..from + REST)?.strip_suffix('}')?;
        Some((at..from + REST, learner_of(id)?))
    })
}

/// The text with other people in the places of some.
pub fn retold(text: &str, who: &dyn Fn(LearnerId) -> LearnerId) -> String {
    replaced(text, tokens(text).map(|(range, one)| (range, token(who(one)))))
}

/// The text as the editor shows it: with what each is called, which `called` says.
pub fn shown(text: &str, called: &dyn Fn(LearnerId) -> String) -> String {
    replaced(text, tokens(text).map(|(range, who)| (range, called(who))))
}

/// The text with other words in some places.
pub fn replaced(text: &str, places: impl IntoIterator<Item = (Range<usize>, String)>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, stands) in places {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(&stands);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn learner_of(hex: &str) -> Option<LearnerId> {
    unhex(hex)?.try_into().ok().map(LearnerId)
}
