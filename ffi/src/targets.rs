//! Targets of a year, as a law or a family sets them; none unless somebody does.
use crate::shelf::shelf;
use kinfolio_core::{ids, targets};

type LearnerId = ids::LearnerId;
type TargetId = ids::TargetId;
type Target = targets::Target;

/// What a year is meant to hold.
#[uniffi::remote(Record)]
pub struct Target {
    /// The first day of the year, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day, where it is not a year later.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// Days, 1 to 366.
    #[uniffi(default)]
    pub days: Option<i64>,
    /// Minutes, 1 to 300,000.
    #[uniffi(default)]
    pub minutes: Option<i64>,
    /// Minutes of core subjects.
    #[uniffi(default)]
    pub core_minutes: Option<i64>,
    /// Minutes of core subjects at home.
    #[uniffi(default)]
    pub core_home_minutes: Option<i64>,
    /// Whose; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
}

shelf! {
    /// The targets' room.
    TargetsClient of Target by TargetId,
    /// A target, as it is kept.
    KeptTarget
}
