//! Qualifications: a private candidate's way from the exam centre and its deadline to the result.
use crate::shelf::shelf;
use kinfolio_core::{ids, qualifications};

type LearnerId = ids::LearnerId;
type QualificationId = ids::QualificationId;
type SubjectId = ids::SubjectId;
type Qualification = qualifications::Qualification;

/// A qualification.
#[uniffi::remote(Record)]
pub struct Qualification {
    /// What it is called, 1 to 200 characters.
    pub title: String,
    /// The board or body, up to 200 characters.
    #[uniffi(default)]
    pub board: String,
    /// The level, up to 80 characters.
    #[uniffi(default)]
    pub level: String,
    /// The exam centre, up to 200 characters.
    #[uniffi(default)]
    pub centre: String,
    /// The last day to enter, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub enter_by: Option<String>,
    /// The fee as it is said, up to 40 characters.
    #[uniffi(default)]
    pub fee: String,
    /// The day of the exam, or of the first of several.
    #[uniffi(default)]
    pub exam_on: Option<String>,
    /// The result, up to 80 characters.
    #[uniffi(default)]
    pub result: String,
    /// The day of the result.
    #[uniffi(default)]
    pub result_on: Option<String>,
    /// Its subject.
    #[uniffi(default)]
    pub subject: Option<SubjectId>,
    /// Whose it is; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
}

shelf! {
    /// The qualifications' room.
    QualificationsClient of Qualification by QualificationId,
    /// A qualification, as it is kept.
    KeptQualification
}
