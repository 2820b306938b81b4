//! The room of reports: begun, drafted once more, edited, kept as sent.

use std::sync::Arc;

use jiff::ToSpan as _;

use super::chips;
use super::draft::{MOST_LINES, draft};
use super::gather::{Year, spellings};
use super::missing::missing;
use crate::calendar;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::export::client::ExportClient;
use crate::ids::{LearnerId, ReportId};
use crate::learners;
use crate::reports::{self, Report, ReportForm, ReportSection, Section};
use crate::shelf::{self, Kept, Look, Shelf};

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
    pub(super) export: ExportClient,
    pub(super) shelf: Shelf<Report>,
}

impl ReportsClient {
    pub(in crate::export) fn new(context: Arc<Context>, export: ExportClient) -> Self {
        Self { shelf: Shelf::new(Arc::clone(&context)), context, export }
    }

    /// Begins a report: every section drafted from the record of those days. What the family writes by itself is
    /// carried over from `like`, a report of an earlier year or of a sibling, and stays marked as carried until changed;
    /// what tells of a sibling's person stays with the sibling.
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
        if let Some(like) = &like {
            for section in form.sections().iter().filter(|section| section.is_own()) {
                let text = carried(like, learner, *section);
                let drafted = reports::drafted(&text);
                report.set(*section, text, drafted);
            }
        }
        self.shelf.add(&drafted_into(&report, &year))
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
        let known = self.spellings(now)?;
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
        self.save(id, &base, &drafted_into(&base, &year))
    }

    /// Keeps what stands now as the version that was sent on a day, and gives it back. The report itself goes on.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a day that is none or has not come yet, [`Error::NotFound`].
    pub fn sent(&self, id: ReportId, day: &str, to: &str) -> Result<Kept<Report>> {
        // Where the family is it may be tomorrow already.
        let latest = self.export.today().saturating_add(1.day());
        if calendar::date_of(day, "the day on which it was sent")? > latest {
            return Err(Error::invalid(
                "the day on which it was sent has not come yet: choose today or a day before",
            ));
        }
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
        let known = self.spellings(&report)?;
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

    pub(super) fn year(&self, report: &Report) -> Result<Year> {
        Year::read(&self.context, about(report)?, &report.first_day, &report.last_day)
    }

    /// How everybody is written, whom the report is about first.
    fn spellings(&self, report: &Report) -> Result<chips::Spellings> {
        let mut everybody = self.context.storage.read(learners::list)?;
        everybody.sort_by_key(|one| !report.learners.contains(&one.id));
        spellings(&self.context, &everybody)
    }
}

pub(super) fn about(report: &Report) -> Result<LearnerId> {
    let learner = report.learners.first().copied();
    learner.ok_or_else(|| Error::invalid("this report is about nobody: choose a learner"))
}

/// The report with each section drafted from the record, once more or for the first time, as long as it may be.
fn drafted_into(report: &Report, year: &Year) -> Report {
    let mut most = MOST_LINES;
    loop {
        let mut now = report.clone();
        for section in report.form.sections().iter().filter(|section| !section.is_own()) {
            let lines = draft(year, *section, most);
            let (text, drafted) = reports::again(report.text(*section), report.drafted(*section), &lines);
            now.set(*section, text, drafted);
        }
        if most == 0 || !now.is_too_long() {
            return now;
        }
        most /= 2;
    }
}

/// A section of another report. Of a sibling's, what is said of them is now said of the learner, but for a line that
/// names the learner already; who the sibling is, [`Section::About`], is nobody else's.
fn carried(like: &Report, learner: LearnerId, section: Section) -> String {
    let text = like.text(section);
    let Some(was) = like.learners.first().copied().filter(|was| *was != learner) else {
        return text.to_owned();
    };
    if section == Section::About {
        return String::new();
    }
    let line = |line: &str| {
        let names_both = reports::tokens(line).any(|(_, who)| who == learner);
        let now = |who| if who == was && !names_both { learner } else { who };
        reports::retold(line, &now)
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
