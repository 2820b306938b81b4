//! The room of reports, on the way out: a report as a file, as pages, as text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;

use super::build::{self, Print};
use super::client::{ReportsClient, about};
use super::details::Details;
use super::gather::learner_and_others;
use super::paper::ReportPaper;
use crate::calendar;
use crate::error::{Error, Result};
use crate::export::client::Tick;
use crate::export::docx::write_report_docx;
use crate::export::file::write_file;
use crate::export::format::Format;
use crate::export::html::{HtmlOptions, write_report};
use crate::export::language::language;
use crate::export::names_of_others::{self, OtherName};
use crate::export::pdf::{Pages, Paper, PdfOptions, count_report_pages, write_report_pdf};
use crate::export::period;
use crate::export::portfolio::Others;
use crate::export::renaming::Renaming;
use crate::export::review::Review;
use crate::export::sealed::{SealedFile, write_sealed};
use crate::export::write::only_html;
use crate::ids::{LearnerId, ReportId};
use crate::learners::LearnersClient;
use crate::progress::{Cancel, Progress};
use crate::records;
use crate::reports::{self, Report, Section};

/// How a report is written to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRequest {
    /// Which report, or which version of it.
    pub report: ReportId,
    /// The date at its top, `YYYY-MM-DD`; none is today.
    pub dated: Option<String>,
    /// What becomes of other learners' nicknames.
    pub others: Others,
    /// Ticks of the review that differ from the proposal.
    pub ticks: Vec<Tick>,
    /// Names of people who are no learners, printed as initials.
    pub shortened: Vec<String>,
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
    /// Samples of the learner's work with their photographs; forms that ask for no samples have them at their end.
    pub photos: bool,
    /// The reading log of Pennsylvania says on which day each line was written down.
    pub recorded: bool,
}

/// Pixels of a photograph's long edge: a report is mailed.
const EDGE: u32 = 1_280;

impl ReportRequest {
    fn way(&self) -> Result<Way> {
        Way::new(self.format, self.fixed_names, (self.paper, &self.language, self.comfort))
    }
}

/// How a paper becomes a file.
pub(super) struct Way {
    format: Format,
    html: HtmlOptions,
    pdf: PdfOptions,
}

impl Way {
    pub fn new(format: Format, fixed_names: bool, pdf: (Option<Paper>, &str, bool)) -> Result<Self> {
        let (paper, language, comfort) = pdf;
        if paper == Some(Paper::Book) {
            return Err(Error::invalid("a report is no book: choose A4 or Letter"));
        }
        if format == Format::Zip {
            return Err(Error::invalid("a report is one file: choose PDF, Word or a web page"));
        }
        Ok(Self { format, html: HtmlOptions { fixed_names }, pdf: PdfOptions::new(paper, language, comfort) })
    }
}

impl ReportsClient {
    /// Writes the report to `path`, one photograph in memory at a time, and returns its length in bytes. Nothing of the
    /// names and details is kept. Cancelled or failed, nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a path that can't be written, a day that is none, a report in
    /// which nothing stands, photographs where no sample has any, and one that is not on this phone or can't be read;
    /// [`Error::Cancelled`]; [`Error::StorageFull`].
    pub fn write(
        &self,
        request: &ReportRequest,
        details: Details,
        names: &Renaming,
        path: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<u64> {
        let (paper, learner) = self.paper(request)?;
        self.file(&paper, learner, &request.way()?, details, names, path, progress, cancel)
    }

    /// Writes a paper.
    #[expect(clippy::too_many_arguments, reason = "a document, its names, and how it is written")]
    pub(super) fn file(
        &self,
        paper: &ReportPaper,
        learner: Option<LearnerId>,
        way: &Way,
        details: Details,
        names: &Renaming,
        path: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<u64> {
        let details = details.checked()?;
        let photos = &self.export.photos(EDGE, cancel);
        let file = write_file(path, |out| match way.format {
            Format::Html => write_report(paper, &details, names, way.html, photos, out, progress, cancel),
            Format::Docx => write_report_docx(paper, &details, names, photos, out, progress, cancel),
            Format::Pdf | Format::Zip => {
                write_report_pdf(paper, &details, names, way.pdf, photos, out, progress, cancel)
            }
        })?;
        self.export.stand(file, learner)
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
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<SealedFile> {
        only_html(request.format)?;
        let (paper, learner) = self.paper(request)?;
        let details = details.checked()?;
        let options = request.way()?.html;
        let file = write_sealed(path, u64::MAX, &*self.context.random, request.fixed_names, |out| {
            let photos = &self.export.photos(EDGE, cancel);
            write_report(&paper, &details, names, options, photos, out, progress, cancel)
        })?;
        let (file, words) = file.ok_or_else(|| Error::internal("a sealed file's length"))?;
        Ok(SealedFile { length: self.export.stand(file, learner)?, words })
    }

    /// How many pages the report has as PDF with these names and details, and which letters have no font.
    ///
    /// # Errors
    /// As [`ReportsClient::write`].
    pub fn pages(&self, request: &ReportRequest, details: Details, names: &Renaming) -> Result<Pages> {
        let (paper, _) = self.paper(request)?;
        count_report_pages(&paper, &details.checked()?, names, request.way()?.pdf)
    }

    /// Where nicknames stand in what the report prints beside its sections, in tables and samples, for the parent to tick.
    /// Those in the sections are [`ReportsClient::doubts`].
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn review(&self, request: &ReportRequest) -> Result<Vec<Review>> {
        Ok(self.built(request)?.1)
    }

    /// What may be names of people who are no learners in the report's text, the most frequent first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn names_of_others(&self, request: &ReportRequest) -> Result<Vec<OtherName>> {
        let report = self.by_now(request.report)?;
        let year = self.year(&report)?;
        let people = std::iter::once(&year.learner).chain(&year.others).map(|learner| &learner.nickname);
        let known: Vec<String> = year.subjects.iter().map(|(_, name)| name).chain(people).cloned().collect();
        let whole = ReportRequest { shortened: Vec::new(), ..request.clone() };
        let (mut paper, _) = self.built(&whole)?;
        Ok(names_of_others::found(&names_of_others::of_report(&mut paper), &known))
    }

    /// The date at the top.
    pub(super) fn dated(&self, day: Option<&str>) -> Result<Date> {
        match day {
            Some(day) => period::parse_date(&calendar::day(day, "the date of the report")?),
            None => Ok(self.export.today()),
        }
    }

    fn paper(&self, request: &ReportRequest) -> Result<(ReportPaper, Option<LearnerId>)> {
        let (paper, _) = self.built(request)?;
        if paper.parts.is_empty() {
            return Err(Error::invalid(
                "nothing stands in this report yet: write a section, or draft it once more",
            ));
        }
        if request.photos && paper.photo_count() == 0 {
            return Err(Error::invalid(
                "no sample of these days has a photograph: mark entries with photographs as samples, or make the report without",
            ));
        }
        let learner = paper.cast.first().map(|person| person.learner);
        Ok((paper, learner))
    }

    fn built(&self, request: &ReportRequest) -> Result<(ReportPaper, Vec<Review>)> {
        let report = self.by_now(request.report)?;
        let year = self.year(&report)?;
        let made_on = self.dated(request.dated.as_deref())?;
        let group =
            LearnersClient::new(Arc::clone(&self.context)).year_group(year.learner.id, &report.last_day)?;
        let ticks = request.ticks.iter().map(|tick| (tick.mention, tick.on)).collect();
        let language = language(&request.language)?;
        let samples = year.entries.iter().filter(|entry| entry.annotation.sample && request.photos);
        let photos = samples.map(|entry| Ok((entry.id, self.export.photos_of(entry.id, false)?)));
        let photos = request.photos.then_some(photos.collect::<Result<BTreeMap<_, _>>>()?);
        let print = Print {
            language: &language,
            others: request.others,
            ticks: &ticks,
            photos: photos.as_ref(),
            recorded: request.recorded,
        };
        let (mut paper, review) = build::paper(&report, &year, group, made_on, print);
        names_of_others::shorten(names_of_others::of_report(&mut paper), &request.shortened);
        paper.photos_mut().for_each(|photo| photo.shrink(EDGE));
        Ok((paper, review))
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
}
