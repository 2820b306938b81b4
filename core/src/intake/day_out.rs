//! A day out: one entry that the pictures of its day fall into, until it is ended or the day is over. It is this phone's
//! own: two phones of an outing gather their pictures each.

use super::IntakeClient;
use crate::entries::{self, Entry, EntryDraft, LearnerLine};
use crate::error::{Error, Result};
use crate::ids::{EntryId, LearnerId};
use crate::storage::{self, Transaction};

/// Name of what is kept: the open entry's id.
const OPEN: &str = "day-out";

impl IntakeClient {
    /// Begins a day out: a draft of that day for these learners, into which pictures and files fall that are
    /// [taken in](IntakeClient::take).
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when one is open, or names the item that can't be kept; [`Error::NotFound`] an unknown
    /// learner.
    pub fn begin_day_out(&self, title: &str, learners: Vec<LearnerId>, day: &str) -> Result<Entry> {
        let draft = EntryDraft {
            title: title.to_owned(),
            learned_on: day.to_owned(),
            learners: learners.into_iter().map(LearnerLine::from).collect(),
            ..EntryDraft::default()
        };
        self.context.edit(|tx| {
            if open(tx.tx, day)?.is_some() {
                return Err(Error::invalid("a day out is open already: end it first"));
            }
            let entry = entries::keep(draft, tx)?;
            storage::keep_id(tx.tx, OPEN, &entry.id.0)?;
            Ok(entry)
        })
    }

    /// The day out that is open on a day, today's. It ends by itself with its day, and when its entry goes into the trash.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn day_out(&self, day: &str) -> Result<Option<Entry>> {
        self.context.storage.read(|tx| open(tx, day))
    }

    /// Ends the day out. Its entry stays the draft that it is.
    ///
    /// # Errors
    /// [`Error::StorageFull`].
    pub fn end_day_out(&self) -> Result<()> {
        self.context.storage.write(|tx| storage::forget(tx, OPEN))
    }
}

fn open(tx: &Transaction<'_>, day: &str) -> Result<Option<Entry>> {
    let Some(id) = storage::id(tx, OPEN)? else { return Ok(None) };
    let entry = entries::find(tx, EntryId(id))?;
    Ok(entry.filter(|entry| entry.learned_on == day && entry.trashed_at.is_none()))
}
