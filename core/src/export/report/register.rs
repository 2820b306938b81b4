//! Answers for the register of children not in school (England, the Act of 2026): what the record can answer, and
//! nothing beyond the Act. Names, birth and addresses are typed when the page is printed.

use std::path::Path;

use super::build::Names;
use super::chips::{self, Spellings};
use super::client::ReportsClient;
use super::details::Details;
use super::gather::{Year, spellings_beside};
use super::paper::{ReportBlock, ReportPaper, ReportPart, Table};
use super::write::Way;
use crate::error::{Error, Result};
use crate::export::format::Format;
use crate::export::language::language;
use crate::export::pdf::Paper;
use crate::export::period;
use crate::export::portfolio::Others;
use crate::export::renaming::Renaming;
use crate::export::text::Text;
use crate::ids::LearnerId;
use crate::learners::Learner;
use crate::progress::{Cancel, NoProgress};
use crate::providers::ProviderForm;

/// Which answers, and as what file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRequest {
    /// Whom they are about.
    pub learner: LearnerId,
    /// The first day from which the estimate is made, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// The date at the top; none is today.
    pub dated: Option<String>,
    /// What kind of file.
    pub format: Format,
    /// No rename bar and no script in the file.
    pub fixed_names: bool,
    /// BCP 47 tag of the text; empty means "en-GB".
    pub language: String,
    /// The paper of a PDF; none is what readers of the language print on.
    pub paper: Option<Paper>,
    /// A PDF all in Atkinson Hyperlegible, 12 on 18 points.
    pub comfort: bool,
}

/// One provider, as the register asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderAnswer {
    /// The name.
    pub name: String,
    /// What they are.
    pub form: ProviderForm,
    /// Where, or the address where one was written down.
    pub place: String,
    /// The website or mail address, where it is online.
    pub online: String,
    /// An estimate of minutes in a week.
    pub minutes_a_week: i64,
}

/// What the record answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAnswers {
    /// Minutes in a week taught by parents, an estimate.
    pub by_parents: i64,
    /// Minutes in a week taught by others, an estimate.
    pub by_others: i64,
    /// Those others.
    pub providers: Vec<ProviderAnswer>,
}

impl RegisterAnswers {
    pub(super) fn of(year: &Year) -> Self {
        let providers = year.estimate.providers.iter().filter_map(|time| {
            let provider = year.providers.get(&time.provider)?;
            let place = if provider.address.is_empty() { &provider.place } else { &provider.address };
            Some(ProviderAnswer {
                name: provider.name.clone(),
                form: provider.form,
                place: place.clone(),
                online: if provider.online { provider.website.clone() } else { String::new() },
                minutes_a_week: time.minutes_a_week,
            })
        });
        Self {
            by_parents: year.estimate.by_parents,
            by_others: year.estimate.by_others,
            providers: providers.collect(),
        }
    }

    /// The page as plain text, for copying: a line each, blank where the record says nothing.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |one: &ProviderAnswer| {
            let mut cells: Vec<String> = one.cells().into_iter().filter(|text| !text.is_empty()).collect();
            if let Some(time) = cells.last_mut().filter(|_| one.minutes_a_week > 0) {
                time.push_str(" a week");
            }
            format!("Provider: {}", cells.join(", "))
        };
        let a_week = |time: String| if time.is_empty() { time } else { format!("{time} a week") };
        let times = self.times().map(|(what, time)| format!("Estimated time {what}: {}", a_week(time)));
        times.into_iter().chain(self.providers.iter().map(line)).collect::<Vec<_>>().join("\n")
    }

    fn times(&self) -> [(&'static str, String); 2] {
        [("taught by parents", time(self.by_parents)), ("taught by others", time(self.by_others))]
    }

    /// The answers as a page; surely meant nicknames are names.
    fn page(&self, known: &Spellings, names: &mut Names<'_>) -> Vec<ReportPart> {
        let mut named = |text: &str| names.text(&chips::kept(text, known));
        let row =
            |(what, time): (&str, String)| vec![Text::words(format!("Estimated, {what}")), Text::words(time)];
        let mut parts = vec![part("Time", &["", "In a week"], self.times().map(row).to_vec())];
        if !self.providers.is_empty() {
            let rows = self.providers.iter().map(|one| one.cells().iter().map(|text| named(text)).collect());
            parts.push(part(
                "Others who teach",
                &["Name", "What", "Where", "Online", "In a week"],
                rows.collect(),
            ));
        }
        parts
    }
}

impl ProviderAnswer {
    fn cells(&self) -> [String; 5] {
        let what = match self.form {
            ProviderForm::Tutor => "Tutor",
            ProviderForm::Club => "Club or group",
            ProviderForm::Class => "Class or course",
            ProviderForm::CoOp => "Families together",
            ProviderForm::School => "School or college",
            ProviderForm::Other => "",
        };
        [self.name.clone(), what.into(), self.place.clone(), self.online.clone(), time(self.minutes_a_week)]
    }
}

fn time(minutes: i64) -> String {
    match u32::try_from(minutes) {
        Ok(minutes @ 1..) => period::duration(minutes),
        _ => String::new(),
    }
}

fn part(heading: &str, head: &[&str], rows: Vec<Vec<Text>>) -> ReportPart {
    let head = head.iter().map(|one| (*one).to_owned()).collect();
    ReportPart {
        heading: Text::words(heading),
        blocks: vec![ReportBlock::Table(Table { head, rows, numbers: 0 })],
    }
}

impl ReportsClient {
    /// What the record answers of the register's questions, on days of one learner.
    ///
    /// # Errors
    /// As [`ReportsClient::begin`].
    pub fn register(&self, learner: LearnerId, first_day: &str, last_day: &str) -> Result<RegisterAnswers> {
        Ok(RegisterAnswers::of(&Year::read(&self.context, learner, first_day, last_day)?))
    }

    /// Writes them as a page and returns its length in bytes. Nothing of the names and details is kept. Cancelled or
    /// failed, nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// As [`ReportsClient::write`]; [`Error::InvalidInput`] where no time and nobody else who teaches is noted.
    pub fn write_register(
        &self,
        request: &RegisterRequest,
        details: Details,
        names: &Renaming,
        path: &Path,
        cancel: &Cancel,
    ) -> Result<u64> {
        let way = Way::new(
            request.format,
            request.fixed_names,
            (request.paper, &request.language, request.comfort),
        )?;
        let year = Year::read(&self.context, request.learner, &request.first_day, &request.last_day)?;
        let answers = RegisterAnswers::of(&year);
        if (answers.by_parents, answers.by_others, answers.providers.len()) == (0, 0, 0) {
            return Err(Error::invalid(
                "no time and nobody else who teaches is noted on these days: choose other days, or add minutes or a class",
            ));
        }
        let mut cast = Names::of(&year.learner, &year.others, Others::Sibling);
        let family: Vec<Learner> = std::iter::once(&year.learner).chain(&year.others).cloned().collect();
        // What a provider is called is no work of others: "Bean's piano" means the learner.
        let known = spellings_beside(&self.context, &family, &[])?;
        let parts = answers.page(&known, &mut cast);
        let paper = ReportPaper {
            title: "Answers for the register",
            stem: "register",
            language: language(&request.language)?,
            cast: cast.cast(),
            period: year.period,
            made_on: self.dated(request.dated.as_deref())?,
            year_group: None,
            parts,
        };
        self.file(&paper, Some(request.learner), &way, details, names, path, &NoProgress, cancel)
    }
}
