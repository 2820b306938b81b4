//! The timer: one on each phone, from start to minutes in a draft. It survives the end of the app, and where a clock was
//! changed it counts what is sure and says so.
//!
//! Each call takes `steady_ms`: milliseconds since the phone was started, sleep included, by the platform's clock that
//! nobody can set (`elapsedRealtime` on Android, `mach_continuous_time` on iOS); none where there is no such clock.

mod queries;

#[cfg(test)]
mod tests;

use crate::context::Context;
use crate::entries::{self, Entry, EntryDraft, EntryEdit, MAX_MINUTES};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::EntryId;
use crate::storage::Transaction;
use queries::Row;
use std::sync::Arc;

/// How far two clocks that nobody touched may differ.
const DRIFT_MS: i64 = 60_000;
/// A stretch longer than this was forgotten, not measured.
const LONGEST_MS: i64 = 24 * 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// How the timer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// It is running; else paused.
    pub running: bool,
    /// Milliseconds that are sure.
    pub ms: i64,
    /// A clock was changed, the phone was started anew, or a day went by: it may have been longer. Ask the person.
    pub doubtful: bool,
    /// The entry that its minutes go to; none when a draft is made.
    pub entry: Option<EntryId>,
}

/// What was timed, and where the minutes are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The entry, or the draft that was made.
    pub entry: Entry,
    /// Whole minutes that were added, rounded to the nearest.
    pub minutes: i64,
    /// It may have been longer: ask the person.
    pub doubtful: bool,
}

/// The timer's room.
#[derive(Debug, Clone)]
pub struct TimerClient {
    context: Arc<Context>,
}

impl TimerClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// How the timer stands; none when there is none.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn state(&self, steady_ms: Option<i64>) -> Result<Option<Timed>> {
        let now = self.now(steady_ms);
        Ok(self.context.storage.read(queries::get)?.map(|row| timed(&row, now)))
    }

    /// Starts the timer, for an entry or for a draft to be made.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] while there is one, or for an entry in the trash; [`Error::NotFound`] for one that is none.
    pub fn start(&self, entry: Option<EntryId>, steady_ms: Option<i64>) -> Result<()> {
        let Now { ms, steady } = self.now(steady_ms);
        self.context.storage.write(|tx| {
            if queries::get(tx)?.is_some() {
                return Err(Error::invalid("there is a timer already: stop it first"));
            }
            if let Some(entry) = entry {
                entries::open(tx, entry)?;
            }
            queries::keep(tx, &Row { entry, kept_ms: 0, since: Some((ms, steady)), doubtful: false })
        })
    }

    /// Holds the timer; a timer that is held already stays so.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn pause(&self, steady_ms: Option<i64>) -> Result<Timed> {
        let now = self.now(steady_ms);
        self.context.storage.write(|tx| {
            let row = queries::get(tx)?.or_not_found("timer")?;
            let Timed { ms, doubtful, entry, .. } = timed(&row, now);
            let held = Row { entry, kept_ms: ms, since: None, doubtful };
            queries::keep(tx, &held)?;
            Ok(timed(&held, now))
        })
    }

    /// Goes on after a pause; a timer that runs goes on running.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn resume(&self, steady_ms: Option<i64>) -> Result<Timed> {
        let now = self.now(steady_ms);
        self.context.storage.write(|tx| {
            let mut row = queries::get(tx)?.or_not_found("timer")?;
            row.since = row.since.or(Some((now.ms, now.steady)));
            queries::keep(tx, &row)?;
            Ok(timed(&row, now))
        })
    }

    /// Stops the timer: its minutes are added to its entry, or go into a new draft of `day` where it has none or that
    /// one is gone.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none, [`Error::InvalidInput`] for a day that is none: it runs on then.
    pub fn stop(&self, day: &str, steady_ms: Option<i64>) -> Result<Stopped> {
        let now = self.now(steady_ms);
        self.context.edit(|tx| {
            let row = queries::get(tx.tx)?.or_not_found("timer")?;
            let Timed { ms, doubtful, .. } = timed(&row, now);
            let minutes = ms.saturating_add(MINUTE_MS / 2) / MINUTE_MS;
            let entry = match open_entry(tx.tx, row.entry)? {
                Some(entry) => {
                    let sum = entry.minutes.unwrap_or_default().saturating_add(minutes).min(MAX_MINUTES);
                    let edit = EntryEdit { minutes: Some(sum), base: None, ..EntryEdit::default() };
                    entries::change(entry.id, edit, tx)?
                }
                None => {
                    let minutes = Some(minutes.min(MAX_MINUTES));
                    entries::keep(
                        EntryDraft { learned_on: day.into(), minutes, ..EntryDraft::default() },
                        tx,
                    )?
                }
            };
            queries::clear(tx.tx)?;
            Ok(Stopped { entry, minutes, doubtful })
        })
    }

    /// Throws the timer away.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn discard(&self) -> Result<()> {
        self.context.storage.write(queries::clear)
    }

    fn now(&self, steady: Option<i64>) -> Now {
        Now { ms: self.context.clock.now_ms(), steady }
    }
}

/// Both clocks at one moment.
#[derive(Clone, Copy)]
struct Now {
    ms: i64,
    steady: Option<i64>,
}

/// An entry that may still take minutes.
fn open_entry(tx: &Transaction<'_>, id: Option<EntryId>) -> Result<Option<Entry>> {
    let found = id.map(|id| entries::find(tx, id)).transpose()?.flatten();
    Ok(found.filter(|entry| entry.trashed_at.is_none()))
}

fn timed(row: &Row, now: Now) -> Timed {
    let (ms, doubtful) = row.since.map_or((0, false), |since| stretch(since, now));
    Timed {
        running: row.since.is_some(),
        ms: row.kept_ms.saturating_add(ms),
        doubtful: row.doubtful || doubtful,
        entry: row.entry,
    }
}

/// How long a stretch took as far as it is sure, and whether that is in doubt.
fn stretch((began_ms, began_steady): (i64, Option<i64>), now: Now) -> (i64, bool) {
    let wall = now.ms.saturating_sub(began_ms);
    let steady = began_steady.zip(now.steady).map(|(began, now)| now.saturating_sub(began));
    let (ms, doubtful) = match steady {
        // Both clocks agree.
        Some(steady) if steady >= 0 && (steady - wall).abs() <= DRIFT_MS => (steady, false),
        // The phone was started anew, or somebody set its clock: the shorter time is sure.
        Some(steady) if steady >= 0 => (steady.min(wall), true),
        Some(_) => (wall, true),
        None => (wall, wall < 0),
    };
    (ms.clamp(0, LONGEST_MS), doubtful || ms > LONGEST_MS)
}
