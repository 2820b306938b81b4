//! A report as it is kept: its form, its sections, what was written.
use kinfolio_core::{ids, reports};

type LearnerId = ids::LearnerId;
type LetterId = ids::LetterId;
type ReportId = ids::ReportId;
type Report = reports::Report;
type ReportForm = reports::ReportForm;
type ReportSection = reports::ReportSection;
type Section = reports::Section;
type KeptReport = kinfolio_core::shelf::Kept<Report>;

/// What a report is laid out for: a local authority in England, or a state.
#[uniffi::remote(Enum)]
pub enum ReportForm {
    England,
    Pennsylvania,
    NewYork,
    Missouri,
    Queensland,
}

/// A section that is written.
#[uniffi::remote(Enum)]
pub enum Section {
    About,
    Approach,
    Time,
    English,
    Maths,
    Other,
    Physical,
    Resources,
    Progress,
    Next,
    Closing,
    Covered,
    Levels,
    Shortfall,
    Evaluation,
    Review,
}

/// A section's text.
#[uniffi::remote(Record)]
pub struct ReportSection {
    /// Which one.
    pub section: Section,
    /// Paragraphs, a line each, with learners as `{learner:` id `}`.
    pub text: String,
    /// Which lines came from elsewhere; whoever saves gives it back as it was.
    #[uniffi(default)]
    pub drafted: String,
}

/// A report, or a version of one that was sent.
#[uniffi::remote(Record)]
#[uniffi(name = "EducationReport")]
pub struct Report {
    /// What it is laid out for.
    pub form: ReportForm,
    /// Whom it is about: one learner.
    pub learners: Vec<LearnerId>,
    /// The first day that it tells of, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// What was written, in the order of the sections.
    pub sections: Vec<ReportSection>,
    /// The day on which this version was sent; it is then no longer edited.
    #[uniffi(default)]
    pub sent_on: Option<String>,
    /// To whom, up to 200 characters.
    #[uniffi(default)]
    pub sent_to: String,
    /// The report that this is a version of.
    #[uniffi(default)]
    pub version_of: Option<ReportId>,
    /// The letter that it answers.
    #[uniffi(default)]
    pub letter: Option<LetterId>,
}

/// A report, as it is kept.
#[uniffi::remote(Record)]
pub struct KeptReport {
    /// Its id.
    pub id: ReportId,
    /// What was written.
    pub item: Report,
    /// When it was begun, milliseconds since 1970. It never changes.
    pub recorded_at: i64,
}

/// The sections that a form asks for, in its order.
#[uniffi::export]
pub fn sections_of(form: ReportForm) -> Vec<Section> {
    form.sections().to_vec()
}

/// What stands over a section; that of `About` goes on with the learner's name.
#[uniffi::export]
pub fn heading_of(section: Section) -> String {
    section.heading().to_owned()
}
