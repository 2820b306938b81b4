//! Adding up, in one walk over a learner's shares.

use super::Column;
use crate::calendar;
use crate::days::{DayMark, Mark};
use crate::entries::{Place, Share, TaughtBy};
use crate::ids::{ProviderId, SubjectId};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What was noted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    /// Entries.
    pub entries: i64,
    /// Minutes.
    pub minutes: i64,
}

/// One subject's numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The subject; none for what names none, or one that was removed.
    pub subject: Option<SubjectId>,
    /// One for each column.
    pub cells: Vec<Amount>,
}

/// Sums over the whole span. Minutes and days are counted once, whatever the number of subjects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Entries.
    pub entries: i64,
    /// Minutes of entries, and of marked days beyond those.
    pub minutes: i64,
    /// Days with an entry or a mark that says taught.
    pub days: i64,
    /// Days marked as away, ill or a holiday, without an entry.
    pub days_off: i64,
    /// Minutes of core subjects.
    pub core_minutes: i64,
    /// Of those, at home.
    pub core_home_minutes: i64,
    /// Minutes at home.
    pub home_minutes: i64,
    /// Minutes away from home.
    pub away_minutes: i64,
    /// Minutes taught by a parent.
    pub parent_minutes: i64,
    /// Minutes taught by a provider or somebody else.
    pub other_minutes: i64,
}

/// A learner's span of days in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The columns, one after the other.
    pub columns: Vec<Column>,
    /// Subjects, those with most minutes first, then those with most entries.
    pub rows: Vec<Row>,
    /// Each column as a whole: an entry of several subjects is counted once.
    pub whole: Vec<Amount>,
    /// Taught days of each column.
    pub days: Vec<i64>,
    /// The whole span.
    pub totals: Totals,
}

/// Whether somebody else taught: a provider says so where nothing else does, and who is named as the teacher outweighs it.
pub(super) fn by_others(taught_by: Option<TaughtBy>, provider: Option<ProviderId>) -> bool {
    match taught_by {
        Some(TaughtBy::Provider | TaughtBy::Other) => true,
        Some(TaughtBy::Parent | TaughtBy::Alone) => false,
        None => provider.is_some(),
    }
}

/// Adds up. Days of `shares` are places in the calendar ([`Share::day`]), ascending or not.
pub(super) fn sum(
    columns: Vec<Column>,
    shares: &[Share],
    marks: &[DayMark],
    core: &HashSet<SubjectId>,
) -> Coverage {
    let starts: Vec<i32> = columns.iter().map(|column| calendar::number(&column.first_day)).collect();
    let last = columns.last().map_or(i32::MIN, |column| calendar::number(&column.last_day));
    let first = starts.first().copied().unwrap_or(i32::MAX);
    let column_of = |day: i32| starts.partition_point(|start| *start <= day).saturating_sub(1);
    let mut whole = vec![Amount::default(); columns.len()];
    let mut rows: BTreeMap<Option<SubjectId>, Vec<Amount>> = BTreeMap::new();
    let mut totals = Totals::default();
    let mut by_day: BTreeMap<i32, i64> = BTreeMap::new();
    let mut add = |day: i32, subject: Option<SubjectId>, entries: i64, minutes: i64, once: bool| {
        let column = column_of(day);
        let cells = rows.entry(subject).or_insert_with(|| vec![Amount::default(); columns.len()]);
        for (cell, entries) in [(cells.get_mut(column), entries), (whole.get_mut(column), i64::from(once))] {
            if let Some(cell) = cell {
                cell.entries += entries;
                cell.minutes += minutes;
            }
        }
    };
    let mut counted = HashSet::new();
    for share in shares {
        let subject = share.subject;
        // Two subjects of one entry may have become one: the entry counts once in it.
        let first_here = counted.insert((share.entry, subject));
        add(share.day, subject, i64::from(first_here), share.minutes, share.whole);
        *by_day.entry(share.day).or_default() += share.minutes;
        totals.entries += i64::from(share.whole);
        let is_core = subject.is_some_and(|subject| core.contains(&subject));
        let at_home = share.place == Some(Place::Home);
        for (sum, counts) in [
            (&mut totals.core_minutes, is_core),
            (&mut totals.core_home_minutes, is_core && at_home),
            (&mut totals.home_minutes, at_home),
            (&mut totals.away_minutes, share.place == Some(Place::Away)),
            (&mut totals.parent_minutes, share.taught_by == Some(TaughtBy::Parent)),
            (&mut totals.other_minutes, by_others(share.taught_by, share.provider)),
        ] {
            *sum += if counts { share.minutes } else { 0 };
        }
    }
    let (taught, off) = marked(marks, first, last);
    for (day, minutes) in taught {
        let noted = by_day.entry(day).or_default();
        let beyond = (minutes - *noted).max(0);
        *noted += beyond;
        if beyond > 0 {
            add(day, None, 0, beyond, false);
        }
    }
    let mut days = vec![0; columns.len()];
    for (day, minutes) in &by_day {
        if let Some(count) = days.get_mut(column_of(*day)) {
            *count += 1;
        }
        totals.days += 1;
        totals.minutes += minutes;
    }
    totals.days_off = off.iter().filter(|day| !by_day.contains_key(day)).map(|_| 1).sum();
    let mut rows: Vec<Row> = rows.into_iter().map(|(subject, cells)| Row { subject, cells }).collect();
    rows.sort_by_key(|row| {
        let minutes: i64 = row.cells.iter().map(|cell| cell.minutes).sum();
        let entries: i64 = row.cells.iter().map(|cell| cell.entries).sum();
        (std::cmp::Reverse((minutes, entries)), row.subject)
    });
    Coverage { columns, rows, whole, days, totals }
}

/// Days from first to last that are marked: those taught, with the most minutes that a mark gives them, and those off.
pub(super) fn marked(marks: &[DayMark], first: i32, last: i32) -> (BTreeMap<i32, i64>, BTreeSet<i32>) {
    let (mut taught, mut off) = (BTreeMap::<i32, i64>::new(), BTreeSet::new());
    for mark in marks {
        let from = calendar::number(&mark.first_day);
        let to = mark.last_day.as_deref().map_or(from, calendar::number);
        for day in from.max(first)..=to.min(last) {
            if mark.mark == Mark::Taught {
                let minutes = taught.entry(day).or_default();
                *minutes = mark.minutes.unwrap_or_default().max(*minutes);
            } else {
                off.insert(day);
            }
        }
    }
    (taught, off)
}
