//! Capture helpers: an entry, a day or a template once more, what comes back every week, a week's plans.
use crate::border::{Result, call};
use kinfolio_core::capture;
use kinfolio_core::entries::Entry;
use kinfolio_core::ids::{EntryId, LearnerId, PlanId, TemplateId};
use kinfolio_core::plans::Plan;
use kinfolio_core::shelf::Kept;

type Proposal = capture::Proposal;

/// An activity on one of its days, not yet confirmed: it is stored nowhere and counts nowhere.
#[uniffi::remote(Record)]
pub struct Proposal {
    /// The template that comes back.
    pub template: TemplateId,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// What the entry would be called.
    pub title: String,
    /// How long it usually takes.
    pub minutes: Option<i64>,
    /// Whose it would be, without those who are archived, away or ill.
    pub learners: Vec<LearnerId>,
}

/// The room of capture helpers.
#[derive(uniffi::Object)]
pub struct CaptureClient {
    pub(crate) room: capture::CaptureClient,
}

#[uniffi::export]
impl CaptureClient {
    /// An entry once more: a draft of `day`, without its photos, its star, and what was beside it as a sample.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::duplicate`].
    pub fn duplicate(&self, entry: EntryId, day: String) -> Result<Entry> {
        call(|| self.room.duplicate(entry, &day))
    }

    /// The last day before `day`, of the same weekday, on which this learner has an entry on record.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::last_like`].
    pub fn last_like(&self, learner: LearnerId, day: String) -> Result<Option<String>> {
        call(|| self.room.last_like(learner, &day))
    }

    /// What a learner did on a day, once more: a draft of `day` for each entry, for this learner alone.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::same_as`].
    pub fn same_as(&self, learner: LearnerId, that_day: String, day: String) -> Result<Vec<Entry>> {
        call(|| self.room.same_as(learner, &that_day, &day))
    }

    /// A draft of a day, as a template begins it.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::use_template`].
    pub fn use_template(&self, template: TemplateId, day: String) -> Result<Entry> {
        call(|| self.room.use_template(template, &day))
    }

    /// What comes back on these days, at most 400, and was neither confirmed nor skipped.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::proposals`].
    pub fn proposals(&self, first_day: String, last_day: String) -> Result<Vec<Proposal>> {
        call(|| self.room.proposals(&first_day, &last_day))
    }

    /// It happened: makes the entry, on record. A second call gives the same entry.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::confirm`].
    pub fn confirm(&self, template: TemplateId, day: String) -> Result<Entry> {
        call(|| self.room.confirm(template, &day))
    }

    /// It did not happen: it is not proposed on this day again.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::skip`].
    pub fn skip(&self, template: TemplateId, day: String) -> Result<()> {
        call(|| self.room.skip(template, &day))
    }

    /// Proposes again what was skipped.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::unskip`].
    pub fn unskip(&self, template: TemplateId, day: String) -> Result<()> {
        call(|| self.room.unskip(template, &day))
    }

    /// A planned thing was done: makes its entry, on record, and links both.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::do_plan`].
    pub fn do_plan(&self, plan: PlanId, day: String) -> Result<Entry> {
        call(|| self.room.do_plan(plan, &day))
    }

    /// Plans of the family's week that a day lies in, a learner's or everybody's.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::week`].
    #[uniffi::method(default(learner = None))]
    pub fn week(&self, day: String, learner: Option<LearnerId>) -> Result<Vec<Kept<Plan>>> {
        call(|| self.room.week(learner, &day))
    }

    /// Those of a week that were not done.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::unfinished`].
    #[uniffi::method(default(learner = None))]
    pub fn unfinished(&self, day: String, learner: Option<LearnerId>) -> Result<Vec<Kept<Plan>>> {
        call(|| self.room.unfinished(learner, &day))
    }

    /// Moves plans to the week of a day, all in one go; gives those that moved. What was done stays.
    ///
    /// # Errors
    /// As [`capture::CaptureClient::move_plans`].
    pub fn move_plans(&self, plans: Vec<PlanId>, week_of: String) -> Result<Vec<Kept<Plan>>> {
        call(|| self.room.move_plans(&plans, &week_of))
    }
}
