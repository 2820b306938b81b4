//! The week sheet: a page for the fridge. What is planned for a week and what comes back on its days stands there, with room to write
//! under each day; photographed, it goes into entries like any other paper.

use std::path::Path;

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::client::ExportClient;
use super::file::write_file;
use super::language::language;
use super::pdf::{Paper, PdfOptions, write_week_pdf};
use crate::calendar;
use crate::capture::CaptureClient;
use crate::error::{Error, Result};
use crate::ids::LearnerId;
use crate::settings;

/// Which sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekRequest {
    /// A day of the week, "YYYY-MM-DD".
    pub day: String,
    /// Only what is for this learner, or for everybody; None takes all.
    pub learner: Option<LearnerId>,
    /// The paper, not that of a book; none is what readers of the language print on.
    pub paper: Option<Paper>,
    /// All in Atkinson Hyperlegible, 12 on 18 points.
    pub comfort: bool,
    /// BCP 47 tag of the text; empty means "en-GB".
    pub language: String,
}

/// A sheet's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WeekSheet {
    pub days: Vec<(Date, Vec<String>)>,
    pub plans: Vec<String>,
    pub language: String,
    pub made_on: Date,
}

impl ExportClient {
    /// Writes the sheet of a week as PDF and returns its length in bytes. Nicknames stand on it: it stays at home.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a day that is none, a book's paper and a path that can't be written;
    /// [`Error::StorageFull`].
    pub fn write_week(&self, request: &WeekRequest, path: &Path) -> Result<u64> {
        if request.paper == Some(Paper::Book) {
            return Err(Error::invalid("a week's sheet is printed on A4 or Letter: choose one of them"));
        }
        let sheet = self.week(request)?;
        let options = PdfOptions::new(request.paper, &request.language, request.comfort);
        let file = write_file(path, |out| write_week_pdf(&sheet, options, out))?;
        self.stand(file, request.learner)
    }

    fn week(&self, request: &WeekRequest) -> Result<WeekSheet> {
        let capture = CaptureClient::new(std::sync::Arc::clone(&self.context));
        let day = calendar::date_of(&request.day, "the day")?;
        let start = self.context.storage.read(settings::of_family)?.week_start.weekday();
        let (first, last) = calendar::week(day, start);
        let known = self.learners.list()?;
        let line = |title: &str, minutes: Option<i64>, learners: &[LearnerId]| {
            let mut words = title.to_owned();
            let names =
                known.iter().filter(|one| learners.contains(&one.id)).map(|one| one.nickname.as_str());
            let names = names.collect::<Vec<_>>().join(", ");
            if !names.is_empty() {
                words.push_str(&format!(" ({names})"));
            }
            if let Some(minutes) = minutes {
                words.push_str(&format!(", {minutes} min"));
            }
            words
        };
        let wanted = |of: &[LearnerId]| of.is_empty() || request.learner.is_none_or(|one| of.contains(&one));
        let plans = capture.unfinished(request.learner, &request.day)?;
        let back = capture.proposals(&first.to_string(), &last.to_string())?;
        let days = first.series(1.day()).take_while(|day| *day <= last).map(|day| {
            let of_day = back.iter().filter(|one| one.day == day.to_string() && wanted(&one.learners));
            (day, of_day.map(|one| line(&one.title, one.minutes, &one.learners)).collect())
        });
        Ok(WeekSheet {
            days: days.collect(),
            plans: plans
                .iter()
                .map(|plan| line(&plan.item.title, plan.item.minutes, &plan.item.learners))
                .collect(),
            language: language(&request.language)?,
            made_on: self.today(),
        })
    }
}
