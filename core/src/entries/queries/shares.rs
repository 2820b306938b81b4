//! What entries give a learner, for sums: no text is read.

use super::{chosen, roots};
use crate::entries::{Place, TaughtBy, order};
use crate::error::Result;
use crate::ids::{LearnerId, ProviderId, SubjectId};
use rusqlite::{Transaction, params};

/// What one entry on record gives one learner and one of its subjects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// The entry's place in the timeline.
    pub entry: i64,
    /// Its day, counted from 1900-01-01.
    pub day: i32,
    /// The subject as it is shown, one that others became part of; none when the entry names none, or one that was
    /// removed.
    pub subject: Option<SubjectId>,
    /// Its part of the minutes.
    pub minutes: i64,
    /// True for one share of each entry.
    pub whole: bool,
    /// Who taught.
    pub taught_by: Option<TaughtBy>,
    /// Where.
    pub place: Option<Place>,
    /// Which provider.
    pub provider: Option<ProviderId>,
}

/// A learner's shares of these days, the oldest first.
///
/// # Errors
/// When the store can't be read.
pub fn shares(tx: &Transaction<'_>, learner: LearnerId, from: &str, to: &str) -> Result<Vec<Share>> {
    let mut select = tx.prepare_cached(
        "SELECT entry, subject, minutes, whole, taught_by, place, provider FROM entry_share
          WHERE learner = ?1 AND entry >= ?2 AND entry < ?3 ORDER BY entry, subject",
    )?;
    let roots = roots(tx)?;
    let between = params![learner.as_bytes(), order::day_start(from), order::day_end(to)];
    let rows = select.query_map(between, |row| {
        let entry = row.get(0)?;
        let subject = row.get_ref(1)?.as_blob()?.try_into().ok().map(SubjectId);
        Ok(Share {
            entry,
            day: order::day_number(entry),
            subject: subject.and_then(|subject| roots.get(&subject).copied()),
            minutes: row.get(2)?,
            whole: row.get(3)?,
            taught_by: chosen(row, 4)?,
            place: chosen(row, 5)?,
            provider: row.get::<_, Option<_>>(6)?.map(ProviderId),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
