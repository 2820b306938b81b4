//! Plans: what a week is meant to hold. What was not done stays where it is until somebody moves it.
use crate::shelf::shelf;
use kinfolio_core::{ids, plans};

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type PlanId = ids::PlanId;
type SubjectId = ids::SubjectId;
type Plan = plans::Plan;

/// Something planned.
#[uniffi::remote(Record)]
pub struct Plan {
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// Any day of the week that it is for, `YYYY-MM-DD`.
    pub week_of: String,
    /// How long it may take, 1 to 10,080 minutes.
    #[uniffi(default)]
    pub minutes: Option<i64>,
    /// Its subjects.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
    /// Whose it is; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// The entry that was made of it.
    #[uniffi(default)]
    pub entry: Option<EntryId>,
}

shelf! {
    /// The plans' room.
    PlansClient of Plan by PlanId,
    /// A planned thing, as it is kept.
    KeptPlan
}
