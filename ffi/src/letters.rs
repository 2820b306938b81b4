//! Letters: what an authority wrote, when an answer is due, and what was sent back.
use crate::shelf::shelf;
use kinfolio_core::{ids, letters};

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type LetterId = ids::LetterId;
type Letter = letters::Letter;

/// A letter.
#[uniffi::remote(Record)]
pub struct Letter {
    /// From or to whom, 1 to 200 characters.
    pub party: String,
    /// What it is about, up to 200 characters.
    #[uniffi(default)]
    pub about: String,
    /// The family wrote it; else it came.
    #[uniffi(default)]
    pub sent: bool,
    /// The day it came or went, `YYYY-MM-DD`.
    pub day: String,
    /// The day by which an answer is due.
    #[uniffi(default)]
    pub answer_by: Option<String>,
    /// The letter that answers it.
    #[uniffi(default)]
    pub answered_by: Option<LetterId>,
    /// Their reference, up to 80 characters.
    #[uniffi(default)]
    pub reference: String,
    /// What it says, up to 64 KiB.
    #[uniffi(default)]
    pub text: String,
    /// The draft that holds its photographs or file: a draft is in no document.
    #[uniffi(default)]
    pub pages: Option<EntryId>,
    /// Whom it is about; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
}

shelf! {
    /// The letters' room.
    LettersClient of Letter by LetterId,
    /// A letter, as it is kept.
    KeptLetter
}
