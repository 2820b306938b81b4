//! A week's plans: made into entries one by one, and moved to another week only when somebody asks.

use super::{CaptureClient, offered};
use crate::calendar;
use crate::context::Edit;
use crate::entries::{self, Entry, EntryDraft, LearnerLine};
use crate::error::Result;
use crate::ids::{LearnerId, PlanId};
use crate::learners;
use crate::plans::Plan;
use crate::records;
use crate::settings;
use crate::shelf::{self, Kept, Look};
use crate::storage::Transaction;

impl CaptureClient {
    /// A planned thing was done: makes its entry, on record, and links both. What is nobody's becomes the entry of
    /// everybody who is not archived. A second call gives the same entry, for the same day also on a phone that has not heard of
    /// the first.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound); [`Error::InvalidInput`](crate::Error::InvalidInput) for a day that is
    /// none.
    pub fn do_plan(&self, plan: PlanId, day: &str) -> Result<Entry> {
        self.context.edit(|tx| {
            let kept = shelf::open::<Plan>(plan, tx)?;
            if let Some(entry) = entry_of(&kept.item, tx.tx)? {
                return Ok(entry);
            }
            let draft = draft(&kept, day, tx)?;
            let entry = entries::keep_once(b"done", &[plan.as_bytes(), day.as_bytes()], draft, tx)?;
            let now = Plan { entry: Some(entry.id), ..kept.item.clone() };
            shelf::save(plan, &kept.item, &now, tx)?;
            Ok(entry)
        })
    }

    /// Plans of the family's week that a day lies in, a learner's or everybody's, the earliest written down first.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a day that is none.
    pub fn week(&self, learner: Option<LearnerId>, day: &str) -> Result<Vec<Kept<Plan>>> {
        self.context.storage.read(|tx| week(learner, day, tx))
    }

    /// Those of a week that were not done: without an entry, or with one that lies in the trash.
    ///
    /// # Errors
    /// As [`CaptureClient::week`].
    pub fn unfinished(&self, learner: Option<LearnerId>, day: &str) -> Result<Vec<Kept<Plan>>> {
        self.context.storage.read(|tx| {
            let mut open = Vec::new();
            for kept in week(learner, day, tx)? {
                if entry_of(&kept.item, tx)?.is_none() {
                    open.push(kept);
                }
            }
            Ok(open)
        })
    }

    /// Moves plans to the week of a day, all in one go. What was done meanwhile stays where it is; gives those that
    /// moved.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::InvalidInput`](crate::Error::InvalidInput) for a day that is
    /// none: then none has moved.
    pub fn move_plans(&self, plans: &[PlanId], week_of: &str) -> Result<Vec<Kept<Plan>>> {
        let week_of = calendar::day(week_of, "the week")?;
        self.context.edit(|tx| {
            let mut moved = Vec::new();
            for plan in plans {
                let kept = shelf::open::<Plan>(*plan, tx)?;
                if entry_of(&kept.item, tx.tx)?.is_none() {
                    let now = Plan { week_of: week_of.clone(), ..kept.item.clone() };
                    moved.push(shelf::save(*plan, &kept.item, &now, tx)?);
                }
            }
            Ok(moved)
        })
    }
}

fn week(learner: Option<LearnerId>, day: &str, tx: &Transaction<'_>) -> Result<Vec<Kept<Plan>>> {
    let day = calendar::date_of(day, "the day")?;
    let (first, last) = calendar::week(day, settings::of_family(tx)?.week_start.weekday());
    let look = Look {
        learner,
        first_day: Some(first.to_string()),
        last_day: Some(last.to_string()),
        trashed: false,
    };
    let mut found = shelf::listed::<Plan>(tx, &look)?;
    found.sort_by_key(|kept| kept.recorded_at);
    Ok(found)
}

/// The entry that was made of a plan, unless it lies in the trash or is gone.
fn entry_of(plan: &Plan, tx: &Transaction<'_>) -> Result<Option<Entry>> {
    let Some(id) = plan.entry else { return Ok(None) };
    Ok(entries::find(tx, id)?.filter(|entry| entry.trashed_at.is_none()))
}

fn draft(kept: &Kept<Plan>, day: &str, tx: &Edit<'_>) -> Result<EntryDraft> {
    let plan = kept.item.clone();
    let mut learners = plan.learners;
    if learners.is_empty() {
        // A plan of the whole family's is theirs whom the family shares.
        let shared = !records::is_local(tx.tx, kept.id.into())?;
        for learner in learners::list(tx.tx)? {
            if !(shared && records::is_local(tx.tx, learner.id.into())?) {
                learners.push(learner.id);
            }
        }
    }
    let draft = EntryDraft {
        title: plan.title,
        note: plan.note,
        learned_on: day.to_owned(),
        minutes: plan.minutes,
        on_record: true,
        learners: learners.into_iter().map(LearnerLine::from).collect(),
        subjects: plan.subjects,
        ..EntryDraft::default()
    };
    offered(draft, tx)
}
