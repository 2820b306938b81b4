//! Looking back: what happened around this day in earlier years, and one subject a year apart. Only when somebody said yes
//! to it on this phone, and never with a learner who is archived or gone.

mod pair;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar;
use crate::context::Context;
use crate::entries::{EntriesClient, Entry, MAX_PAGE, TimelineQuery};
use crate::error::Result;
use crate::ids::{LearnerId, SubjectId};
use crate::learners::LearnersClient;
use crate::storage;

/// Days before and after the day of the year that count as that day.
const AROUND: i64 = 3;
/// Most entries of one earlier year.
const MOST: usize = 12;
/// Name of what was chosen in table `meta`.
const CHOICE: &str = "memories";

/// What was chosen on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Nobody was asked yet: nothing is shown.
    NotAsked,
    /// Somebody said yes.
    On,
    /// Nothing is shown, and nobody is asked.
    Off,
}

/// What happened around one day in an earlier year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// How many years ago.
    pub years_ago: u32,
    /// Entries on record, those of the day itself first, then the nearest; at most 12.
    pub entries: Vec<Entry>,
}

/// One learner's work in one subject, about a year apart. Both entries have a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThenAndNow {
    /// The earlier one.
    pub then: Entry,
    /// The later one.
    pub now: Entry,
}

/// The room of looking back.
#[derive(Debug, Clone)]
pub struct MemoriesClient {
    context: Arc<Context>,
    entries: EntriesClient,
    learners: LearnersClient,
}

impl MemoriesClient {
    /// The room over this store.
    pub fn new(context: Arc<Context>) -> Self {
        let entries = EntriesClient::new(Arc::clone(&context));
        let learners = LearnersClient::new(Arc::clone(&context));
        Self { context, entries, learners }
    }

    /// What was chosen on this phone.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn choice(&self) -> Result<Choice> {
        let kept = self.context.storage.read(|tx| storage::number(tx, CHOICE))?;
        Ok(match kept {
            Some(1) => Choice::On,
            Some(_) => Choice::Off,
            None => Choice::NotAsked,
        })
    }

    /// Keeps what somebody answered; it holds on this phone only.
    ///
    /// # Errors
    /// [`Error::StorageFull`](crate::Error::StorageFull).
    pub fn choose(&self, on: bool) -> Result<()> {
        self.context.storage.write(|tx| storage::keep_number(tx, CHOICE, i64::from(on)))
    }

    /// Entries on record of earlier years from three days before to three days after this day of the year, the last year
    /// first; of one learner as that learner's record shows them, or of everybody. Nothing unless [`MemoriesClient::choose`]
    /// said yes.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a day that is none.
    pub fn on_this_day(&self, day: &str, learner: Option<LearnerId>) -> Result<Vec<Memory>> {
        let day = calendar::date_of(day, "the day")?;
        if self.choice()? != Choice::On {
            return Ok(Vec::new());
        }
        let shown = self.shown()?;
        let months = self.entries.months(&TimelineQuery::default())?;
        let oldest = months.last().and_then(|month| month.month.get(..4)?.parse().ok()).unwrap_or(day.year());
        let mut found = Vec::new();
        // Of a December, the first days of January belong to an earlier year, too.
        for years_ago in 1..=day.year().saturating_sub(oldest).saturating_add(1) {
            let Some(then) = years_before(day, years_ago) else { break };
            let (first, last) = (then.checked_sub(AROUND.days()), then.checked_add(AROUND.days()));
            let (Ok(first), Ok(last)) = (first, last) else { break };
            let first = first.max(calendar::FIRST_DAY);
            let query = TimelineQuery {
                learner,
                first_day: Some(first.to_string()),
                last_day: Some(last.to_string()),
                limit: MAX_PAGE,
                ..TimelineQuery::default()
            };
            let mut entries = self.entries.timeline(&query)?.entries;
            entries.retain(|entry| seen(entry, &shown));
            entries.sort_by_key(|entry| calendar::number(&entry.learned_on).abs_diff(number(then)));
            entries.truncate(MOST);
            if !entries.is_empty() {
                found.push(Memory { years_ago: u32::try_from(years_ago).unwrap_or(0), entries });
            }
        }
        Ok(found)
    }

    /// Two entries on record with a photo, of one learner and subject and about a year apart: samples before others, then the
    /// newest. `None` when there are none, and unless [`MemoriesClient::choose`] said yes.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn then_and_now(&self, learner: LearnerId, subject: SubjectId) -> Result<Option<ThenAndNow>> {
        let shown = self.shown()?;
        if self.choice()? != Choice::On || !shown.contains(&learner) {
            return Ok(None);
        }
        let mut query = TimelineQuery {
            learner: Some(learner),
            subject: Some(subject),
            with_photo: true,
            limit: MAX_PAGE,
            ..TimelineQuery::default()
        };
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let page = self.entries.timeline(&query)?;
            entries.extend(page.entries.into_iter().filter(|entry| seen(entry, &shown)));
            match page.next {
                Some(next) => query.before = Some(next),
                None => break,
            }
        }
        let facts: Vec<_> = entries.iter().map(pair::Fact::of).collect();
        Ok(pair::best(&facts).and_then(|(then, now)| {
            Some(ThenAndNow { then: entries.get(then)?.clone(), now: entries.get(now)?.clone() })
        }))
    }

    /// Learners who are there and not archived.
    fn shown(&self) -> Result<BTreeSet<LearnerId>> {
        let all = self.learners.list()?;
        Ok(all.into_iter().filter(|learner| !learner.archived).map(|learner| learner.id).collect())
    }
}

/// Whether everybody whom the entry is about may be shown: a photo of two shows both.
fn seen(entry: &Entry, shown: &BTreeSet<LearnerId>) -> bool {
    entry.learners.iter().all(|line| shown.contains(&line.learner))
}

/// The same day so many years before; of the 29th of February, the 28th.
fn years_before(day: Date, years: i16) -> Option<Date> {
    day.checked_sub(i64::from(years).years()).ok().filter(|then| *then >= calendar::FIRST_DAY)
}

fn number(day: Date) -> i32 {
    calendar::number(&day.to_string())
}
