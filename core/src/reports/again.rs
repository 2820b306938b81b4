//! Drafting once more: what the record says by now comes in, what the parent wrote or took out stays as it is. Pure.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Remembers lines without keeping them: eight bytes of each one's SHA-256 as hex, a space between.
pub fn drafted(text: &str) -> String {
    let marks: Vec<String> = lines(text).map(mark).collect();
    marks.join(" ")
}

/// A section after drafting once more: its text, and what to remember.
///
/// `mine` is what stands there, `was` what [`drafted`] remembers of the last draft, `now` the new one. A line that the
/// parent wrote or changed is never touched; one that the parent took out does not come back; one that came from the
/// record and is no longer there goes; a new one comes after the line that it follows in the new draft.
pub fn again(mine: &str, was: &str, now: &str) -> (String, String) {
    let known: BTreeSet<&str> = was.split(' ').collect();
    let fresh: Vec<(String, &str)> = lines(now).map(|line| (mark(line), line)).collect();
    let still: BTreeSet<&str> = fresh.iter().map(|(mark, _)| mark.as_str()).collect();
    let mut kept: Vec<(String, &str)> = mine
        .lines()
        .map(|line| (mark(line), line))
        .filter(|(mark, line)| {
            line.trim().is_empty() || !known.contains(mark.as_str()) || still.contains(mark.as_str())
        })
        .collect();
    // Before the first line that both have, else after all that is there.
    let mut after = fresh.iter().find_map(|(mark, _)| place(&kept, mark)).unwrap_or(kept.len());
    for (mark, line) in &fresh {
        if let Some(stands) = place(&kept, mark) {
            after = stands + 1;
        } else if !known.contains(mark.as_str()) {
            kept.insert(after, (mark.clone(), line));
            after += 1;
        }
    }
    let text: Vec<&str> = kept.iter().map(|(_, line)| *line).collect();
    (text.join("\n"), drafted(now))
}

/// For each line, whether the parent wrote or changed it: it is no line of the draft, or of the report before.
pub fn changed(text: &str, was: &str) -> Vec<bool> {
    let known: BTreeSet<&str> = was.split(' ').collect();
    text.lines().map(|line| !line.trim().is_empty() && !known.contains(mark(line).as_str())).collect()
}

fn place(lines: &[(String, &str)], mark: &str) -> Option<usize> {
    lines.iter().position(|(one, _)| one == mark)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

fn mark(line: &str) -> String {
    Sha256::digest(line.trim().as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_new_line_comes_where_it_belongs_and_edits_stay() {
        let first = "Read a book.\nWent to the sea.\nBuilt a dam.";
        let mine = "Read a long book.\nWent to the sea.\nOur own words.";
        let now = "Read a book.\nWent to the sea.\nSaw a seal.\nBuilt a dam.";
        let (text, was) = again(mine, &drafted(first), now);
        assert_eq!(text, "Read a long book.\nWent to the sea.\nSaw a seal.\nOur own words.");
        assert_eq!(was, drafted(now));
        assert_eq!(changed(&text, &was), [true, false, false, true]);
    }

    #[test]
    fn what_left_the_record_goes_unless_the_parent_changed_it() {
        let was = drafted("One.\nTwo.");
        assert_eq!(again("One.\nTwo.", &was, "Two.").0, "Two.");
        assert_eq!(again("One, at length.\nTwo.", &was, "Two.").0, "One, at length.\nTwo.");
    }

    fn some() -> impl Strategy<Value = String> {
        prop::collection::vec("[a-e]{1,2}", 0..8).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn drafting_again_keeps_every_line_that_a_parent_wrote(mine in some(), was in some(), now in some()) {
            let known: BTreeSet<&str> = was.lines().collect();
            let own: Vec<&str> = mine.lines().filter(|line| !known.contains(line)).collect();
            let (text, marks) = again(&mine, &drafted(&was), &now);
            let mut left = text.lines();
            for line in own {
                prop_assert!(left.any(|one| one == line), "{line} went from {text:?}");
            }
            prop_assert_eq!(again(&text, &marks, &now).0, text);
        }

        #[test]
        fn an_untouched_section_is_the_new_draft(was in some(), now in some()) {
            let once = |text: &str| {
                let mut seen = BTreeSet::new();
                text.lines().filter(|line| seen.insert(*line)).collect::<Vec<_>>().join("\n")
            };
            let (was, now) = (once(&was), once(&now));
            let (text, _) = again(&was, &drafted(&was), &now);
            let sorted = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<_>>();
            prop_assert_eq!(sorted(&text), sorted(&now));
        }
    }
}
