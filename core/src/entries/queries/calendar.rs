//! Months to jump to, and days with a dot for each learner: counted without reading a text.

use super::Filtered;
use crate::calendar;
use crate::entries::{CalendarDay, Month, TimelineQuery, order};
use crate::error::Result;
use crate::ids::LearnerId;
use rusqlite::{Row, Transaction, params};
use std::collections::BTreeMap;

pub(in crate::entries) fn months(tx: &Transaction<'_>, query: &TimelineQuery) -> Result<Vec<Month>> {
    let all = TimelineQuery { before: None, limit: 0, ..query.clone() };
    let id = |row: &Row<'_>| row.get::<_, i64>(0);
    let days: Vec<i64> = if all == TimelineQuery::default() {
        // The whole timeline out of a small index: the rows themselves are pages full of notes.
        let mut select = tx.prepare_cached(
            "SELECT id FROM entry INDEXED BY entry_on_record WHERE on_record = 1 AND trashed_at IS NULL ORDER BY id DESC",
        )?;
        select.query_map([], id)?.collect::<Result<_, _>>()?
    } else {
        Filtered::of(tx, &all, None)?.rows(tx, "e.id", u32::MAX, id)?
    };
    let mut counted: BTreeMap<String, i64> = BTreeMap::new();
    let (mut last_day, mut month) = (i32::MIN, String::new());
    for id in days {
        let day = order::day_number(id);
        if day != last_day {
            last_day = day;
            month = calendar::day_of(day).chars().take(7).collect();
        }
        match counted.get_mut(&month) {
            Some(entries) => *entries += 1,
            None => drop(counted.insert(month.clone(), 1)),
        }
    }
    Ok(counted.into_iter().rev().map(|(month, entries)| Month { month, entries }).collect())
}

pub(in crate::entries) fn days(tx: &Transaction<'_>, from: &str, to: &str) -> Result<Vec<CalendarDay>> {
    let mut select = tx.prepare_cached(
        "SELECT DISTINCT e.id >> 46, l.learner FROM entry e LEFT JOIN entry_learner l ON l.entry = e.id
          WHERE e.id >= ?1 AND e.id < ?2 AND e.on_record = 1 AND e.trashed_at IS NULL ORDER BY 1, 2",
    )?;
    let rows = select.query_map(params![order::day_start(from), order::day_end(to)], |row| {
        Ok((row.get::<_, i32>(0)?, row.get::<_, Option<[u8; 16]>>(1)?))
    })?;
    let mut found: BTreeMap<i32, Vec<LearnerId>> = BTreeMap::new();
    for row in rows {
        let (day, learner) = row?;
        found.entry(day).or_default().extend(learner.map(LearnerId));
    }
    Ok(found
        .into_iter()
        .map(|(day, learners)| CalendarDay { day: calendar::day_of(day), learners })
        .collect())
}
