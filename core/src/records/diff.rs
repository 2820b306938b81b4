//! What changed between two texts, small enough that two people's edits of one note don't touch each other.

use crate::script::runs_on;
use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices};
use std::ops::Range;

/// Words on one side times words on the other; beyond it lines are compared, and beyond it again the whole.
/// Keeps the worst case (64 KiB replaced by other 64 KiB) within a few milliseconds.
const MAX_WORK: usize = 4_000_000;

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Bytes of the old text that go; empty for an insertion. On character boundaries.
    pub at: Range<usize>,
    /// What stands there instead; empty for a deletion.
    pub text: String,
}

/// The replacements that turn `old` into `new`, in order, never overlapping.
pub fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    if old == new {
        return Vec::new();
    }
    let (head, tail) = common_ends(old, new);
    let old_middle = old.get(head..old.len() - tail).unwrap_or_default();
    let new_middle = new.get(head..new.len() - tail).unwrap_or_default();
    let mut found = Vec::new();
    for split in [words, lines] {
        let (a, b) = (split(old_middle), split(new_middle));
        if a.len().saturating_mul(b.len()) <= MAX_WORK {
            collect(&a, &b, head, &mut found);
            return found;
        }
    }
    found.push(Hunk { at: head..old.len() - tail, text: new_middle.to_owned() });
    found
}

/// The replacements that bring into `current` what an editor made of `base`, while `current` went on elsewhere.
///
/// What the editor deleted goes where it still stands; what the editor typed goes to where it was typed; what came
/// into `current` meanwhile stays.
pub fn rebased(base: &str, new: &str, current: &str) -> Vec<Hunk> {
    if base == current {
        return hunks(current, new);
    }
    let kept = kept_runs(base, &hunks(base, current));
    let mut moved = Vec::new();
    for hunk in hunks(base, new) {
        let mut insert_at = None;
        for run in &kept {
            let run_end = run.base + run.length;
            if insert_at.is_none() && hunk.at.start <= run_end {
                insert_at = Some(run.current + hunk.at.start.saturating_sub(run.base));
            }
            let (from, to) = (hunk.at.start.max(run.base), hunk.at.end.min(run_end));
            if from < to {
                moved.push(Hunk {
                    at: run.current + from - run.base..run.current + to - run.base,
                    text: String::new(),
                });
            }
        }
        if !hunk.text.is_empty() {
            let at = insert_at.unwrap_or(current.len());
            moved.push(Hunk { at: at..at, text: hunk.text });
        }
    }
    // Stable: what was typed in two places that became one keeps its order.
    moved.sort_by_key(|hunk| (hunk.at.start, hunk.at.end));
    moved
}

/// Applies replacements that are in order.
#[cfg(test)]
pub fn apply(text: &str, hunks: &[Hunk]) -> String {
    let mut text = text.to_owned();
    for hunk in hunks.iter().rev() {
        text.replace_range(hunk.at.clone(), &hunk.text);
    }
    text
}

/// A stretch that both texts have.
struct Run {
    base: usize,
    current: usize,
    length: usize,
}

fn kept_runs(base: &str, hunks: &[Hunk]) -> Vec<Run> {
    let (mut in_base, mut in_current, mut runs) = (0, 0, Vec::new());
    for hunk in hunks {
        let length = hunk.at.start.saturating_sub(in_base);
        runs.push(Run { base: in_base, current: in_current, length });
        in_base = hunk.at.end;
        in_current += length + hunk.text.len();
    }
    runs.push(Run { base: in_base, current: in_current, length: base.len() - in_base });
    runs
}

/// Bytes that both texts begin with, and bytes that both end with after that, on character boundaries.
fn common_ends(a: &str, b: &str) -> (usize, usize) {
    let head = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    let (a, b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    let tail =
        a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum();
    (head, tail)
}

fn words(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut in_word) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        // A sentence of a writing without spaces would be one word: two changes in it would hide what stands between them.
        let letter = c.is_alphanumeric() && !runs_on(c);
        if at > start && !(letter && in_word) {
            parts.extend(text.get(start..at));
            start = at;
        }
        in_word = letter;
    }
    parts.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    parts
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn collect(a: &[&str], b: &[&str], offset: usize, found: &mut Vec<Hunk>) {
    let (mut at, mut a_parts, mut b_parts) = (offset, a.iter(), b.iter());
    for op in capture_diff_slices(Algorithm::Myers, a, b) {
        let (a_count, b_count) = counts(&op);
        let old: String = a_parts.by_ref().take(a_count).copied().collect();
        let new: String = b_parts.by_ref().take(b_count).copied().collect();
        if op.tag() != DiffTag::Equal {
            let (head, tail) = common_ends(&old, &new);
            let text = new.get(head..new.len() - tail).unwrap_or_default().to_owned();
            found.push(Hunk { at: at + head..at + old.len() - tail, text });
        }
        at += old.len();
    }
}

fn counts(op: &DiffOp) -> (usize, usize) {
    (op.old_range().len(), op.new_range().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_what_changed_is_touched() {
        let old = "We measured the garden.\nThen we baked bread.";
        let new = "Today we measured the garden.\nThen we baked two loaves.";
        let found = hunks(old, new);
        assert_eq!(apply(old, &found), new);
        assert!(found.iter().all(|hunk| !old[hunk.at.clone()].contains("garden")));
    }

    #[test]
    fn an_edit_made_on_an_older_text_keeps_what_came_meanwhile() {
        let base = "Walked to the river. Saw a heron.";
        let mine = "Walked to the river with Gran. Saw a heron.";
        let current = "Walked to the river. Saw a heron and two ducks.";
        let merged = apply(current, &rebased(base, mine, current));
        assert_eq!(merged, "Walked to the river with Gran. Saw a heron and two ducks.");
        let deleted = apply(current, &rebased(base, "Walked to the river.", current));
        assert_eq!(deleted, "Walked to the river. and two ducks");
        assert_eq!(apply("", &rebased(base, mine, "")), " with Gran");
    }

    #[test]
    fn what_is_deleted_between_two_changes_goes_in_a_writing_without_spaces_too() {
        for (base, mine, current, merged) in [
            ("我们今天去河边看鸟", "我们今天河边看鸟", "今天我们都去河边看鸟和鱼", "今天我们都河边看鸟和鱼"),
            (
                "わたしは本を読んだ",
                "わたしは本読んだ",
                "きのうわたしは本を全部読んだ",
                "きのうわたしは本全部読んだ",
            ),
        ] {
            assert_eq!(apply(current, &rebased(base, mine, current)), merged);
        }
    }

    #[test]
    fn replacing_the_largest_note_stays_cheap() {
        let old: String = (0..9_000).map(|n| format!("a{n} ")).collect();
        let new: String = (0..9_000).map(|n| format!("b{n} ")).collect();
        assert_eq!(apply(&old, &hunks(&old, &new)), new);
    }

    proptest! {
        #[test]
        fn hunks_turn_one_text_into_the_other(old in "[ab é\n]{0,40}", new in "[ab é\n]{0,40}") {
            let found = hunks(&old, &new);
            prop_assert!(found.windows(2).all(|pair| pair[0].at.end <= pair[1].at.start));
            prop_assert_eq!(apply(&old, &found), new);
        }

        #[test]
        fn rebasing_never_splits_a_character_and_on_the_same_text_is_the_plain_edit(
            base in "[ab é\n]{0,30}", new in "[ab é\n]{0,30}", current in "[ab é\n]{0,30}"
        ) {
            let found = rebased(&base, &new, &current);
            prop_assert!(found.windows(2).all(|pair| pair[0].at.end <= pair[1].at.start));
            apply(&current, &found);
            prop_assert_eq!(apply(&base, &rebased(&base, &new, &base)), new);
            prop_assert_eq!(apply(&current, &rebased(&base, &base, &current)), current);
        }
    }
}
