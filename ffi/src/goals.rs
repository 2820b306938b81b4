//! Goals: what a family means to do, with entries as evidence. Nothing is judged.
use crate::shelf::shelf;
use kinfolio_core::{goals, ids};

type EntryId = ids::EntryId;
type GoalId = ids::GoalId;
type LearnerId = ids::LearnerId;
type SubjectId = ids::SubjectId;
type GoalState = goals::GoalState;
type Goal = goals::Goal;

/// How it stands.
#[uniffi::remote(Enum)]
pub enum GoalState {
    /// Under way.
    Open,
    /// Done.
    Done,
    /// No longer meant, or meant otherwise.
    Changed,
}

/// A goal.
#[uniffi::remote(Record)]
pub struct Goal {
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// How it stands.
    pub state: GoalState,
    /// The day it is meant for, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub target_on: Option<String>,
    /// The day it was done or changed.
    #[uniffi(default)]
    pub ended_on: Option<String>,
    /// Its subject.
    #[uniffi(default)]
    pub subject: Option<SubjectId>,
    /// Whose it is; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Entries that show it.
    #[uniffi(default)]
    pub evidence: Vec<EntryId>,
}

shelf! {
    /// The goals' room.
    GoalsClient of Goal by GoalId,
    /// A goal, as it is kept.
    KeptGoal
}
