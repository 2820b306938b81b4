//! The room of reports: begun, drafted once more, edited, kept as sent, written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::build::{self, Print};
use super::chips;
use super::details::Details;
use super::draft::draft;
use super::gather::{Year, learner_and_others, spellings};
use super::missing::missing;
use super::paper::ReportPaper;
use super::register::RegisterAnswers;
use crate::calendar;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::export::client::ExportClient;
use crate::export::docx::write_report_docx;
use crate::export::file::write_file;
use crate::export::format::Format;
use crate::export::html::{HtmlOptions, write_report};
use crate::export::pdf::{Pages, Paper, PdfOptions, count_report_pages, write_report_pdf};
use crate::export::portfolio::Others;
use crate::export::queries;
use crate::export::renaming::Renaming;
use crate::export::sealed::{SealedFile, write_sealed};
use crate::export::write::only_html;
use crate::ids::{LearnerId, ReportId};
use crate::learners::{self, LearnersClient};
use crate::records;
use crate::reports::{self, Report, ReportForm, ReportSection, Section};
use crate::shelf::{self, Kept, Look, Shelf};
use crate::subjects::SubjectsClient;

/// How a report is written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    /// Which report, or which version of it.
    pub report: ReportId,
    /// The date at its top, `YYYY-MM-DD`; none is today.
    pub dated: Option<String>,
    /// What becomes of other learners' nicknames.
    pub others: Others,
    /// What kind of file.
    pub format: Format,
    /// No rename bar and no script in the file.
    pub fixed_names: bool,
    /// BCP 47 tag of the text; empty means "en-GB".
    pub language: String,
    /// The paper of a PDF; none is what readers of the language print on.
    pub paper: Option<Paper>,
    /// A PDF all in Atkinson Hyperlegible, 12 on 18 points: for readers whom a serif or small letters tire.
    pub comfort: bool,
}

impl ReportRequest {
    fn pdf(&self) -> Result<PdfOptions> {
        if self.paper == Some(Paper::Book) {
            return Err(Error::invalid("a report is no book: choose A4 or Letter"));
        }
        Ok(PdfOptions::new(self.paper, &self.language, self.comfort))
    }
}

/// A word in a report that may be a learner's name or another word.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone)]
pub struct ReportsClient {
    pub(super) context: Arc<Context>,
    export: ExportClient,
    shelf: Shelf<Report>,
}

impl ReportsClient {
    pub(in crate::export) fn new(context: Arc<Context>, export: ExportClient) -> Self {
        Self { shelf: Shelf::new(Arc::clone(&context)), context, export }
    }

    /// Begins a report: every section drafted from the record of those days. What the family writes by itself is
    /// carried over from `like`, a report of an earlier year or of a sibling, and stays marked as carried until changed.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for days that are none, [`Error::NotFound`] for an unknown learner or report.
    pub fn begin(
        &self,
        form: ReportForm,
        learner: LearnerId,
        first_day: &str,
        last_day: &str,
        like: Option<ReportId>,
    ) -> Result<Kept<Report>> {
        let year = Year::read(&self.context, learner, first_day, last_day)?;
        let like = like.map(|id| self.shelf.get(id)).transpose()?.map(|kept| kept.item);
        let mut report = Report {
            form,
            learners: vec![learner],
            first_day: first_day.into(),
            last_day: last_day.into(),
            ..Report::default()
        };
        for section in form.sections() {
            let text = match &like {
                Some(like) if section.is_own() => carried(like, learner, *section),
                _ => draft(&year, *section),
            };
            let drafted = reports::drafted(&text);
            report.set(*section, text, drafted);
        }
        self.shelf.add(&report)
    }

    /// One report.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: ReportId) -> Result<Kept<Report>> {
        self.shelf.get(id)
    }

    /// Reports and the versions that were sent, the newest first.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn list(&self, look: &Look) -> Result<Vec<Kept<Report>>> {
        self.shelf.list(look)
    }

    /// The versions of a report that were sent, the newest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn versions(&self, id: ReportId) -> Result<Vec<Kept<Report>>> {
        let mut versions = self.shelf.list(&Look::default())?;
        versions.retain(|kept| kept.item.version_of == Some(id));
        versions.sort_by(|one, other| {
            other.item.sent_on.cmp(&one.item.sent_on).then(other.recorded_at.cmp(&one.recorded_at))
        });
        Ok(versions)
    }

    /// Makes one read `now`. `base` is what the editor began with: what others changed since then stays. Nicknames that
    /// surely are names are kept as tokens.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a version that was sent, and for what can't be kept; [`Error::NotFound`].
    pub fn save(&self, id: ReportId, base: &Report, now: &Report) -> Result<Kept<Report>> {
        let known = self.spellings()?;
        let mut now = now.clone();
        for section in &mut now.sections {
            section.text = chips::kept(&section.text, &known);
        }
        self.context.edit(|tx| {
            let stands = shelf::open::<Report>(id, tx)?.item;
            if stands.sent_on.is_some() {
                return Err(Error::invalid(
                    "this version was sent: begin a new report from it to change something",
                ));
            }
            shelf::save(id, base, &now, tx)
        })
    }

    /// Drafts the sections once more that the record tells of: what is new comes in, what was written, changed or taken
    /// out by hand stays so.
    ///
    /// # Errors
    /// As [`ReportsClient::save`].
    pub fn draft_again(&self, id: ReportId) -> Result<Kept<Report>> {
        let base = self.shelf.get(id)?.item;
        let year = self.year(&base)?;
        let mut now = base.clone();
        for section in base.form.sections().iter().filter(|section| !section.is_own()) {
            let (text, drafted) =
                reports::again(base.text(*section), base.drafted(*section), &draft(&year, *section));
            now.set(*section, text, drafted);
        }
        self.save(id, &base, &now)
    }

    /// Keeps what stands now as the version that was sent on a day, and gives it back. The report itself goes on.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a day that is none, [`Error::NotFound`].
    pub fn sent(&self, id: ReportId, day: &str, to: &str) -> Result<Kept<Report>> {
        self.context.edit(|tx| {
            let stands = shelf::open::<Report>(id, tx)?.item;
            let of = if stands.sent_on.is_some() { stands.version_of } else { Some(id) };
            let version = Report { sent_on: Some(day.into()), sent_to: to.into(), version_of: of, ..stands };
            shelf::add(&version, tx)
        })
    }

    /// Puts one into the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn trash(&self, id: ReportId) -> Result<()> {
        self.shelf.trash(id)
    }

    /// Takes one out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn restore(&self, id: ReportId) -> Result<()> {
        self.shelf.restore(id)
    }

    /// Which lines of a section the parent wrote or changed since it was drafted or carried over.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn changed(&self, id: ReportId, section: Section) -> Result<Vec<bool>> {
        let report = self.shelf.get(id)?.item;
        Ok(reports::changed(report.text(section), report.drafted(section)))
    }

    /// What the form asks for and the record or the report does not hold yet.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn missing(&self, id: ReportId) -> Result<Vec<String>> {
        let report = self.shelf.get(id)?.item;
        Ok(missing(&self.year(&report)?, &report))
    }

    /// Words of the report that may be learners' names or not: a parent looks at them before it goes out.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn doubts(&self, id: ReportId) -> Result<Vec<Doubt>> {
        let report = self.shelf.get(id)?.item;
        let known = self.spellings()?;
        let of = |one: &ReportSection| {
            let text = one.text.clone();
            let found = chips::doubtful(&text, &known);
            let section = one.section;
            found.into_iter().map(move |(range, learner)| Doubt {
                section,
                start: u32::try_from(range.start).unwrap_or(u32::MAX),
                word: text.get(range).unwrap_or_default().to_owned(),
                learner,
            })
        };
        Ok(report.sections.iter().flat_map(of).collect())
    }

    /// A section as text with these names, for a form on a website; paragraphs stay lines.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn section_text(
        &self,
        request: &ReportRequest,
        section: Section,
        names: &Renaming,
    ) -> Result<String> {
        let report = self.by_now(request.report)?;
        let (learner, others) = learner_and_others(&self.context, about(&report)?)?;
        let (text, cast) = build::text(report.text(section), &learner, &others, request.others);
        Ok(text.plain(&names.of(&cast)))
    }

    /// What the record answers of the register's questions, on days of one learner.
    ///
    /// # Errors
    /// As [`ReportsClient::begin`].
    pub fn register(&self, learner: LearnerId, first_day: &str, last_day: &str) -> Result<RegisterAnswers> {
        Ok(RegisterAnswers::of(&Year::read(&self.context, learner, first_day, last_day)?))
    }

    /// Writes the report to `path` and returns its length in bytes. Nothing of the names and details is kept. Failed,
    /// nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a path that can't be written, a day that is none, and for a
    /// report in which nothing stands; [`Error::StorageFull`].
    pub fn write(
        &self,
        request: &ReportRequest,
        details: Details,
        names: &Renaming,
        path: &Path,
    ) -> Result<u64> {
        let (paper, learner) = self.paper(request)?;
        let details = details.checked()?;
        let options = HtmlOptions { fixed_names: request.fixed_names };
        let length = write_file(path, |out| match request.format {
            Format::Html => write_report(&paper, &details, names, options, out),
            Format::Docx => write_report_docx(&paper, &details, names, out),
            Format::Pdf => write_report_pdf(&paper, &details, names, request.pdf()?, out),
        })?;
        self.export.tell(length, learner)
    }

    /// Writes the report as one HTML file under six new words, which are in the answer and nowhere else.
    ///
    /// # Errors
    /// As [`ReportsClient::write`]; [`Error::InvalidInput`] for another format.
    pub fn write_sealed(
        &self,
        request: &ReportRequest,
        details: Details,
        names: &Renaming,
        path: &Path,
    ) -> Result<SealedFile> {
        only_html(request.format)?;
        let (paper, learner) = self.paper(request)?;
        let details = details.checked()?;
        let options = HtmlOptions { fixed_names: request.fixed_names };
        let file = write_sealed(path, u64::MAX, &*self.context.random, request.fixed_names, |out| {
            write_report(&paper, &details, names, options, out)
        })?;
        let file = file.ok_or_else(|| Error::internal("a sealed file's length"))?;
        self.export.tell(file.length, learner)?;
        Ok(file)
    }

    /// How many pages the report has as PDF with these names and details, and which letters have no font.
    ///
    /// # Errors
    /// As [`ReportsClient::write`].
    pub fn pages(&self, request: &ReportRequest, details: Details, names: &Renaming) -> Result<Pages> {
        let (paper, _) = self.paper(request)?;
        count_report_pages(&paper, &details.checked()?, names, request.pdf()?)
    }

    fn paper(&self, request: &ReportRequest) -> Result<(ReportPaper, Option<LearnerId>)> {
        let report = self.by_now(request.report)?;
        let year = self.year(&report)?;
        let made_on = match &request.dated {
            Some(day) => crate::export::period::parse_date(&calendar::day(day, "the date of the report")?)?,
            None => self.export.today(),
        };
        let group =
            LearnersClient::new(Arc::clone(&self.context)).year_group(year.learner.id, &report.last_day)?;
        let print = Print { language: &request.language, others: request.others };
        let paper = build::paper(&report, &year, group, made_on, print);
        if paper.parts.is_empty() {
            return Err(Error::invalid(
                "nothing stands in this report yet: write a section, or draft it once more",
            ));
        }
        Ok((paper, report.learners.first().copied()))
    }

    /// A report in which learners who turned out to be others are those.
    fn by_now(&self, id: ReportId) -> Result<Report> {
        let mut report = self.shelf.get(id)?.item;
        self.context.storage.read(|tx| {
            for section in &mut report.sections {
                let who: BTreeSet<LearnerId> = reports::tokens(&section.text).map(|(_, who)| who).collect();
                let now = who.into_iter().map(|who| Ok((who, records::who_it_is(tx, who)?.unwrap_or(who))));
                let now = now.collect::<Result<BTreeMap<_, _>>>()?;
                section.text = reports::retold(&section.text, &|who| now.get(&who).copied().unwrap_or(who));
            }
            Ok(report)
        })
    }

    fn year(&self, report: &Report) -> Result<Year> {
        Year::read(&self.context, about(report)?, &report.first_day, &report.last_day)
    }

    fn spellings(&self) -> Result<Vec<chips::Spelling>> {
        let everybody = self.context.storage.read(learners::list)?;
        let subjects: Vec<String> =
            SubjectsClient::new(Arc::clone(&self.context)).list()?.into_iter().map(|one| one.name).collect();
        let names = self.context.storage.read(queries::names)?;
        Ok(spellings(everybody.iter(), &names, &subjects))
    }
}

fn about(report: &Report) -> Result<LearnerId> {
    let learner = report.learners.first().copied();
    learner.ok_or_else(|| Error::invalid("this report is about nobody: choose a learner"))
}

/// A section of another report; the learner whom that one was about becomes the one whom this is about.
fn carried(like: &Report, learner: LearnerId, section: Section) -> String {
    let was = like.learners.first().copied();
    reports::retold(like.text(section), &|who| if Some(who) == was { learner } else { who })
}
