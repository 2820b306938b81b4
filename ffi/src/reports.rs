//! Reports: drafted from the record, edited section by section, kept as they were sent, written with names that are given
//! in memory only.
use crate::border::{Result, call, work};
use crate::details::ReportDetails;
use crate::export::{PrintedName, SealedFile, renaming};
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::export::{self, Format, OtherName, Others, Pages, Paper, Review, Tick};
use kinfolio_core::shelf::Look;
use kinfolio_core::{ids, reports};
use std::path::Path;
use std::sync::Arc;

type LearnerId = ids::LearnerId;
type ReportId = ids::ReportId;
type Report = reports::Report;
type ReportForm = reports::ReportForm;
type Section = reports::Section;
type ReportRequest = export::ReportRequest;
type Doubt = export::Doubt;
type KeptReport = kinfolio_core::shelf::Kept<Report>;

/// How a report is written to a file.
#[uniffi::remote(Record)]
pub struct ReportRequest {
    /// Which report, or which version of it.
    pub report: ReportId,
    /// The date at its top, `YYYY-MM-DD`; none is today.
    #[uniffi(default)]
    pub dated: Option<String>,
    /// What becomes of other learners' nicknames.
    pub others: Others,
    /// Ticks of the review that differ from the proposal.
    #[uniffi(default)]
    pub ticks: Vec<Tick>,
    /// Names of people who are no learners, printed as initials.
    #[uniffi(default)]
    pub shortened: Vec<String>,
    /// What kind of file.
    pub format: Format,
    /// No rename bar and no script in the file.
    #[uniffi(default)]
    pub fixed_names: bool,
    /// BCP 47 tag of the text; empty means `en-GB`.
    #[uniffi(default)]
    pub language: String,
    /// The paper of a PDF; none is what readers of the language print on.
    #[uniffi(default)]
    pub paper: Option<Paper>,
    /// A PDF all in Atkinson Hyperlegible, 12 on 18 points.
    #[uniffi(default)]
    pub comfort: bool,
    /// Samples of the learner's work with their photographs; forms that ask for no samples have them at their end.
    #[uniffi(default)]
    pub photos: bool,
    /// The reading log of Pennsylvania says on which day each line was written down.
    #[uniffi(default)]
    pub recorded: bool,
}

/// A word in a report that may be a learner's name or another word.
#[uniffi::remote(Record)]
pub struct Doubt {
    /// In which section.
    pub section: Section,
    /// Byte of its text at which it begins.
    pub start: u32,
    /// The word.
    pub word: String,
    /// Whose name it may be.
    pub learner: LearnerId,
}

/// The room of reports.
#[derive(uniffi::Object)]
pub struct ReportsClient {
    pub(crate) room: export::ReportsClient,
}

#[uniffi::export]
impl ReportsClient {
    /// Begins a report, drafted from the record; what the family writes by itself is carried over from `like`.
    ///
    /// # Errors
    /// As [`export::ReportsClient::begin`].
    #[uniffi::method(default(like = None))]
    pub fn begin(
        &self,
        form: ReportForm,
        learner: LearnerId,
        first_day: String,
        last_day: String,
        like: Option<ReportId>,
    ) -> Result<KeptReport> {
        call(|| self.room.begin(form, learner, &first_day, &last_day, like))
    }

    /// One report.
    ///
    /// # Errors
    /// As [`export::ReportsClient::get`].
    pub fn get(&self, id: ReportId) -> Result<KeptReport> {
        call(|| self.room.get(id))
    }

    /// Reports and the versions that were sent, the newest first.
    ///
    /// # Errors
    /// As [`export::ReportsClient::list`].
    pub fn list(&self, look: Look) -> Result<Vec<KeptReport>> {
        call(|| self.room.list(&look))
    }

    /// The versions of a report that were sent, the newest first.
    ///
    /// # Errors
    /// As [`export::ReportsClient::versions`].
    pub fn versions(&self, id: ReportId) -> Result<Vec<KeptReport>> {
        call(|| self.room.versions(id))
    }

    /// Makes one read `now`. `base` is what the editor began with: what others changed since then stays.
    ///
    /// # Errors
    /// As [`export::ReportsClient::save`].
    pub fn save(&self, id: ReportId, base: Report, now: Report) -> Result<KeptReport> {
        call(|| self.room.save(id, &base, &now))
    }

    /// Drafts once more: what is new comes in, what was written, changed or taken out by hand stays so.
    ///
    /// # Errors
    /// As [`export::ReportsClient::draft_again`].
    pub fn draft_again(&self, id: ReportId) -> Result<KeptReport> {
        call(|| self.room.draft_again(id))
    }

    /// Keeps what stands now as the version that was sent on a day. The report itself goes on.
    ///
    /// # Errors
    /// As [`export::ReportsClient::sent`].
    pub fn sent(&self, id: ReportId, day: String, to: String) -> Result<KeptReport> {
        call(|| self.room.sent(id, &day, &to))
    }

    /// Puts one into the trash.
    ///
    /// # Errors
    /// As [`export::ReportsClient::trash`].
    pub fn trash(&self, id: ReportId) -> Result<()> {
        call(|| self.room.trash(id))
    }

    /// Takes one out of the trash.
    ///
    /// # Errors
    /// As [`export::ReportsClient::restore`].
    pub fn restore(&self, id: ReportId) -> Result<()> {
        call(|| self.room.restore(id))
    }

    /// For each line of a section, whether the parent wrote or changed it since it was drafted or carried over.
    ///
    /// # Errors
    /// As [`export::ReportsClient::changed`].
    pub fn changed(&self, id: ReportId, section: Section) -> Result<Vec<bool>> {
        call(|| self.room.changed(id, section))
    }

    /// What the form asks for and the record or the report does not hold yet, a line each.
    ///
    /// # Errors
    /// As [`export::ReportsClient::missing`].
    pub fn missing(&self, id: ReportId) -> Result<Vec<String>> {
        call(|| self.room.missing(id))
    }

    /// Words of the report that may be learners' names or other words.
    ///
    /// # Errors
    /// As [`export::ReportsClient::doubts`].
    pub fn doubts(&self, id: ReportId) -> Result<Vec<Doubt>> {
        call(|| self.room.doubts(id))
    }

    /// Where nicknames stand in its tables and samples, for the parent to tick; those in its sections are `doubts`.
    ///
    /// # Errors
    /// As [`export::ReportsClient::review`].
    pub fn review(&self, request: ReportRequest) -> Result<Vec<Review>> {
        call(|| self.room.review(&request))
    }

    /// What may be names of people who are no learners in its text, for the parent to shorten.
    ///
    /// # Errors
    /// As [`export::ReportsClient::names_of_others`].
    pub fn names_of_others(&self, request: ReportRequest) -> Result<Vec<OtherName>> {
        call(|| self.room.names_of_others(&request))
    }

    /// A section as text with these names; paragraphs stay lines.
    ///
    /// # Errors
    /// As [`export::ReportsClient::section_text`], and as [`export::Renaming::set`] for the names.
    pub fn section_text(
        &self,
        request: ReportRequest,
        section: Section,
        names: Vec<PrintedName>,
    ) -> Result<String> {
        call(|| self.room.section_text(&request, section, &renaming(names)?))
    }

    /// How many pages the report has as PDF, and which letters have no font.
    ///
    /// # Errors
    /// As [`export::ReportsClient::pages`], and as [`export::Renaming::set`] for the names.
    pub async fn pages(
        &self,
        request: ReportRequest,
        details: ReportDetails,
        names: Vec<PrintedName>,
    ) -> Result<Pages> {
        let room = self.room.clone();
        work(move || room.pages(&request, details.into(), &renaming(names)?)).await
    }

    /// Writes the report to a file and returns its length in bytes. Failed or cancelled, nothing stands at `path` that was
    /// not there before.
    ///
    /// # Errors
    /// As [`export::ReportsClient::write`], and as [`export::Renaming::set`] for the names.
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn write(
        &self,
        request: ReportRequest,
        details: ReportDetails,
        names: Vec<PrintedName>,
        path: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<u64> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        let write =
            move |names| room.write(&request, details.into(), &names, Path::new(&path), &*progress, &cancel);
        work(move || renaming(names).and_then(write)).await
    }

    /// Writes the report as one HTML file under six new words, to be told by voice; they are in the answer and nowhere
    /// else.
    ///
    /// # Errors
    /// As [`export::ReportsClient::write_sealed`], and as [`export::Renaming::set`] for the names.
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn write_sealed(
        &self,
        request: ReportRequest,
        details: ReportDetails,
        names: Vec<PrintedName>,
        path: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<SealedFile> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        let write = move |names| {
            room.write_sealed(&request, details.into(), &names, Path::new(&path), &*progress, &cancel)
        };
        work(move || renaming(names).and_then(write).map(SealedFile::from)).await
    }
}
