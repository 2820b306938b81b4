//! Needs notes and assessment results, behind a lock prompt of their own.
use crate::border::{Result, call};
use crate::ids::Id;
use crate::shelf::shelf;
use crate::undo::UndoClient;
use kinfolio_core::ids::RecordId;
use kinfolio_core::trash::TrashClient;
use kinfolio_core::{ids, private, undo};
use std::sync::Arc;

type AssessmentId = ids::AssessmentId;
type LearnerId = ids::LearnerId;
type NeedsNoteId = ids::NeedsNoteId;
type SubjectId = ids::SubjectId;
type Assessment = private::Assessment;
type NeedsNote = private::NeedsNote;

/// Both rooms, unlocked. Let go of it when the app locks.
#[derive(uniffi::Object)]
pub struct PrivateClient {
    pub(crate) room: private::PrivateClient,
    pub(crate) trash: TrashClient,
}

#[uniffi::export]
impl PrivateClient {
    /// What learners need.
    pub fn needs(&self) -> Arc<NeedsClient> {
        Arc::new(NeedsClient { room: self.room.needs() })
    }

    /// Destroys needs notes and assessments that lie in the trash, on all phones and for good. `expected` is the number that
    /// the person confirmed.
    ///
    /// # Errors
    /// As [`TrashClient::purge_private`].
    pub fn purge(&self, ids: Vec<Id>, expected: u64) -> Result<()> {
        call(|| {
            self.trash.purge_private(&self.room, &ids.into_iter().map(RecordId).collect::<Vec<_>>(), expected)
        })
    }

    /// Undo of everything, needs notes and assessments too.
    pub fn undo(&self) -> Arc<UndoClient> {
        Arc::new(UndoClient { room: undo::UndoClient::private(&self.room) })
    }

    /// Results of assessments.
    pub fn assessments(&self) -> Arc<AssessmentsClient> {
        Arc::new(AssessmentsClient { room: self.room.assessments() })
    }
}

/// What a learner needs, and how it is met.
#[uniffi::remote(Record)]
pub struct NeedsNote {
    /// Up to 200 characters.
    #[uniffi(default)]
    pub title: String,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub text: String,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Whose; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
}

shelf! {
    /// The needs notes' room.
    NeedsClient of NeedsNote by NeedsNoteId,
    /// A needs note, as it is kept.
    KeptNeedsNote
}

/// The result of an assessment.
#[uniffi::remote(Record)]
pub struct Assessment {
    /// What was assessed, 1 to 200 characters.
    pub title: String,
    /// The result as it is said, up to 200 characters.
    #[uniffi(default)]
    pub result: String,
    /// Who assessed, up to 200 characters.
    #[uniffi(default)]
    pub assessor: String,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Its subject.
    #[uniffi(default)]
    pub subject: Option<SubjectId>,
    /// Whose; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
}

shelf! {
    /// The assessments' room.
    AssessmentsClient of Assessment by AssessmentId,
    /// An assessment, as it is kept.
    KeptAssessment
}
