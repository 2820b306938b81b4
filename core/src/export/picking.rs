//! Which entries a document tells of, from the earliest on.

use std::collections::BTreeSet;

use crate::entries::{EntriesClient, Entry, MAX_PAGE, TimelineQuery};
use crate::error::Result;
use crate::ids::{EntryId, LearnerId, SubjectId};

/// Every entry of one learner from the first to the last day, without anybody else's line.
pub fn all(
    room: &EntriesClient,
    learner: LearnerId,
    (first_day, last_day): (&str, &str),
    include_drafts: bool,
) -> Result<Vec<Entry>> {
    let mut query = TimelineQuery {
        learner: Some(learner),
        first_day: Some(first_day.into()),
        last_day: Some(last_day.into()),
        include_drafts,
        limit: MAX_PAGE,
        ..TimelineQuery::default()
    };
    let mut entries = Vec::new();
    loop {
        let page = room.timeline(&query)?;
        entries.extend(page.entries.into_iter().map(|entry| entry.seen_by(learner)));
        query.before = page.next;
        if query.before.is_none() {
            // The timeline is newest first; a document tells from the beginning.
            entries.reverse();
            return Ok(entries);
        }
    }
}

/// At most so many, by day: what the parent marked first, then others evenly over the span.
pub fn spread<'a>(entries: &[&'a Entry], most: usize) -> Vec<&'a Entry> {
    let (marked, plain): (Vec<&'a Entry>, Vec<&'a Entry>) =
        entries.iter().partition(|entry| entry.starred || entry.annotation.sample);
    let mut spread = evenly(&marked, most);
    let left = most.saturating_sub(spread.len());
    spread.extend(evenly(&plain, left));
    spread.sort_by(|one, other| {
        (&one.learned_on, one.recorded_at).cmp(&(&other.learned_on, other.recorded_at))
    });
    spread
}

/// At most so many of each subject, and of those without one; an entry of several subjects counts in each.
pub fn of_each_subject(entries: &[Entry], most: usize) -> BTreeSet<EntryId> {
    let subjects: BTreeSet<Option<SubjectId>> =
        entries.iter().flat_map(|entry| entry.subjects.iter().copied().map(Some)).chain([None]).collect();
    let mut kept = BTreeSet::new();
    for subject in subjects {
        let is_of = |entry: &&Entry| match subject {
            Some(subject) => entry.subjects.contains(&subject),
            None => entry.subjects.is_empty(),
        };
        let of_subject: Vec<&Entry> = entries.iter().filter(is_of).collect();
        kept.extend(spread(&of_subject, most).into_iter().map(|entry| entry.id));
    }
    kept
}

/// At most so many, the first among them, at even distances.
pub fn evenly<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    let count = all.len().min(most);
    (0..count).filter_map(|place| all.get(place * all.len() / count).copied()).collect()
}
