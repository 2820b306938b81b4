//! An entry or a whole day once more: drafts of a new day, without what belonged to the old one.

use super::{CaptureClient, offered};
use crate::calendar;
use crate::entries::{self, EntriesClient, Entry, EntryDraft, TimelineQuery};
use crate::error::{Error, Result};
use crate::ids::{EntryId, LearnerId};
use jiff::ToSpan;
use std::sync::Arc;

/// How far back the same weekday is looked for, in days: a year.
const BACK: i64 = 366;

impl CaptureClient {
    /// An entry once more: a draft of `day` with its words, learners, subjects, tags and minutes, and without its
    /// photos, its star, and what was written beside it as a sample.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for a day that is none, or an entry in the trash.
    pub fn duplicate(&self, entry: EntryId, day: &str) -> Result<Entry> {
        self.context.edit(|tx| {
            let entry = entries::open(tx.tx, entry)?;
            entries::keep(offered(again(entry, day), tx)?, tx)
        })
    }

    /// The last day before `day`, of the same weekday, on which this learner has an entry on record; none within a year.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a day that is none.
    pub fn last_like(&self, learner: LearnerId, day: &str) -> Result<Option<String>> {
        let today = calendar::date_of(day, "the day")?;
        let bound =
            |back: i64| today.checked_sub(back.days()).unwrap_or(today).max(calendar::FIRST_DAY).to_string();
        let days = self.entries().calendar(&bound(BACK), &bound(1))?;
        let same = |day: &str| calendar::parse(day).is_some_and(|day| day.weekday() == today.weekday());
        let found = days
            .into_iter()
            .rev()
            .find(|found| found.day.as_str() < day && same(&found.day) && found.learners.contains(&learner));
        Ok(found.map(|found| found.day))
    }

    /// What a learner did on a day, once more: a draft of `day` for each of their entries on record, for this learner
    /// alone. Gives the drafts in the order of that day; none when there was nothing.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for days that are none, [`Error::NotFound`] for a learner who is archived or gone.
    pub fn same_as(&self, learner: LearnerId, that_day: &str, day: &str) -> Result<Vec<Entry>> {
        let query = TimelineQuery {
            learner: Some(learner),
            first_day: Some(that_day.to_owned()),
            last_day: Some(that_day.to_owned()),
            limit: entries::MAX_PAGE,
            ..TimelineQuery::default()
        };
        self.context.edit(|tx| {
            let found = entries::page(tx.tx, &query)?.entries;
            if !super::is_offered(learner, tx)? {
                return Err(Error::NotFound("learner"));
            }
            let mut drafts = Vec::new();
            // The timeline begins with what was written down last.
            for mut entry in found.into_iter().rev() {
                entry.learners.retain(|line| line.learner == learner);
                drafts.push(entries::keep(offered(again(entry, day), tx)?, tx)?);
            }
            Ok(drafts)
        })
    }

    pub(super) fn entries(&self) -> EntriesClient {
        EntriesClient::new(Arc::clone(&self.context))
    }
}

fn again(entry: Entry, day: &str) -> EntryDraft {
    EntryDraft {
        title: entry.title,
        note: entry.note,
        learned_on: day.to_owned(),
        minutes: entry.minutes,
        learners: entry.learners,
        subjects: entry.subjects,
        tags: entry.tags,
        taught: entry.taught,
        ..EntryDraft::default()
    }
}
