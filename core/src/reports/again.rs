//! Drafting once more: what the record says by now comes in, what the parent wrote or took out stays as it is. Pure.

use crate::hex::hex;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// Most lines that are remembered of a section.
const REMEMBERED: usize = 700;

/// A line of a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// What of the record it tells, such as an entry's id: once the parent has changed the line or taken it out, nothing
    /// of the same comes in again, whatever the record says of it by then. Empty for a line that stands for itself.
    pub of: String,
}

/// A line that once came from the record: eight bytes of its SHA-256 as hex, four of what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    line: String,
    of: Option<String>,
}

impl Seen {
    fn of(line: &Line) -> Self {
        let of = Some(&line.of).filter(|of| !of.is_empty());
        Self { line: mark(&line.text), of: of.map(|of| mark(of).chars().take(8).collect()) }
    }

    fn tells_the_same(&self, other: &Self) -> bool {
        self.of.is_some() && self.of == other.of
    }
}

/// Remembers lines without keeping them.
pub fn drafted(text: &str) -> String {
    let marks: Vec<String> = lines(text).map(mark).collect();
    marks.join(" ")
}

/// A section after drafting once more: its text, and what to remember.
///
/// `mine` is what stands there, `was` what is remembered of earlier drafts, `now` the new one. A line that the parent
/// wrote or changed is never touched; one that the parent took out does not come back; one that came from the record and
/// is no longer there goes; a new one comes in place of what told the same, else after the line that it follows in the
/// new draft.
pub fn again(mine: &str, was: &str, now: &[Line]) -> (String, String) {
    let was = remembered(was);
    let now: Vec<Line> = now.iter().flat_map(one_each).collect();
    let fresh: Vec<(Seen, &str)> = now.iter().map(|line| (Seen::of(line), line.text.trim())).collect();
    let stood: BTreeSet<String> = lines(mine).map(mark).collect();
    // The parent changed it or took it out.
    let gone: Vec<&Seen> = was.iter().filter(|seen| !stood.contains(&seen.line)).collect();
    let is_gone = |new: &Seen| gone.iter().any(|seen| seen.line == new.line || seen.tells_the_same(new));

    let mut kept: Vec<(String, &str)> = Vec::new();
    for line in mine.lines() {
        let mark = mark(line);
        let from = was.iter().find(|seen| seen.line == mark);
        if line.trim().is_empty() || from.is_none() || fresh.iter().any(|(new, _)| new.line == mark) {
            kept.push((mark, line));
        } else if let Some((new, text)) =
            fresh.iter().find(|(new, _)| from.is_some_and(|seen| seen.tells_the_same(new)))
            && !is_gone(new)
            && !stood.contains(&new.line)
            && place(&kept, &new.line).is_none()
        {
            kept.push((new.line.clone(), text));
        }
    }
    // Before the first line that both have, else after all that is there.
    let mut after = fresh.iter().find_map(|(new, _)| place(&kept, &new.line)).unwrap_or(kept.len());
    for (new, text) in &fresh {
        if let Some(stands) = place(&kept, &new.line) {
            after = stands + 1;
        } else if !is_gone(new) {
            kept.insert(after, (new.line.clone(), text));
            after += 1;
        }
    }
    let text: Vec<&str> = kept.iter().map(|(_, line)| *line).collect();
    let mut seen: Vec<&Seen> = fresh.iter().map(|(seen, _)| seen).collect();
    for old in gone {
        if !seen.contains(&old) {
            seen.push(old);
        }
    }
    (text.join("\n"), told(&seen))
}

/// For each line, whether the parent wrote or changed it: it is no line of the draft, or of the report before.
pub fn changed(text: &str, was: &str) -> Vec<bool> {
    let known: BTreeSet<String> = remembered(was).into_iter().map(|seen| seen.line).collect();
    text.lines().map(|line| !line.trim().is_empty() && !known.contains(&mark(line))).collect()
}

/// Marks with a space between; `@` and what a line tells follows its mark, which versions before this one pass over.
fn remembered(was: &str) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for word in was.split(' ').filter(|word| !word.is_empty()) {
        match (word.strip_prefix('@'), all.last_mut()) {
            (Some(of), Some(last)) => last.of = Some(of.to_owned()),
            (Some(_), None) => {}
            (None, _) => all.push(Seen { line: word.to_owned(), of: None }),
        }
    }
    all
}

fn told(seen: &[&Seen]) -> String {
    let words = seen.iter().take(REMEMBERED).map(|seen| match &seen.of {
        Some(of) => format!("{} @{of}", seen.line),
        None => seen.line.clone(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A text of several lines as so many; each after the first stands for itself.
fn one_each(line: &Line) -> impl Iterator<Item = Line> {
    let of = (0..).map(|place| if place == 0 { line.of.clone() } else { String::new() });
    lines(&line.text).zip(of).map(|(text, of)| Line { text: text.to_owned(), of })
}

fn place(lines: &[(String, &str)], mark: &str) -> Option<usize> {
    lines.iter().position(|(one, _)| one == mark)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

fn mark(line: &str) -> String {
    let mut mark = hex(&Sha256::digest(line.trim().as_bytes()));
    mark.truncate(16);
    mark
}
