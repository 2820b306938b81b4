//! Skills: lists that a family may tick, off unless somebody makes one. A tick has its day and takes nothing away.
use crate::shelf::shelf;
use kinfolio_core::{ids, skills};

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type SkillId = ids::SkillId;
type SkillState = skills::SkillState;
type Skill = skills::Skill;

/// How it stands.
#[uniffi::remote(Enum)]
pub enum SkillState {
    /// Not looked at.
    Open,
    /// Begun.
    Begun,
    /// Done.
    Done,
}

/// One skill of a list, for its learners.
#[uniffi::remote(Record)]
pub struct Skill {
    /// The list that it stands in, 1 to 80 characters.
    pub list: String,
    /// What it is, 1 to 400 characters.
    pub title: String,
    /// Place in the list, ascending.
    #[uniffi(default)]
    pub order: i64,
    /// How it stands.
    pub state: SkillState,
    /// The day of the tick, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub on: Option<String>,
    /// Whose; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Entries that show it.
    #[uniffi(default)]
    pub evidence: Vec<EntryId>,
}

shelf! {
    /// The skills' room.
    SkillsClient of Skill by SkillId,
    /// A skill, as it is kept.
    KeptSkill
}
