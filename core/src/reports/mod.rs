//! Reports: what an authority or an evaluator asks for, section by section in the parent's own words. Names stand in
//! the text as `{learner:…}`, so that a real name is never kept; a version that was sent is a record that nobody edits.

mod again;
mod section;
mod tokens;

pub use again::{Line, again, changed, drafted};
pub use section::{ReportForm, Section};
pub use tokens::{replaced, retold, shown, token, tokens};

use crate::changes::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{LearnerId, LetterId, ReportId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item};

/// Most bytes of all sections together: a record's limit, with room for two phones that write at once.
const MOST: usize = 64 << 10;
/// A section's text is the field of this number plus the section's.
const TEXT: u32 = 20;
/// What was drafted of it is the field of this number plus the section's.
const DRAFTED: u32 = 60;

/// A report, or a version of one that was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What it is laid out for.
    pub form: ReportForm,
    /// Whom it is about: one learner.
    pub learners: Vec<LearnerId>,
    /// The first day that it tells of, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// What was written, in the order of the sections; an empty one may be left out.
    pub sections: Vec<ReportSection>,
    /// The day on which this version was sent; it is then no longer edited.
    pub sent_on: Option<String>,
    /// To whom, up to 200 characters.
    pub sent_to: String,
    /// The report that this is a version of.
    pub version_of: Option<ReportId>,
    /// The letter that it answers.
    pub letter: Option<LetterId>,
}

/// A section's text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportSection {
    /// Which one.
    pub section: Section,
    /// Paragraphs, a line each, with names as `{learner:…}`.
    pub text: String,
    /// Which lines came from the record or from another report, see [`drafted`]; whoever saves gives it back as it was.
    pub drafted: String,
}

impl Report {
    /// A section's text, empty when nothing was written.
    pub fn text(&self, section: Section) -> &str {
        self.section(section).map_or("", |one| one.text.as_str())
    }

    /// A section's lines that came from elsewhere.
    pub fn drafted(&self, section: Section) -> &str {
        self.section(section).map_or("", |one| one.drafted.as_str())
    }

    /// Its sections are longer than a report may be.
    pub fn is_too_long(&self) -> bool {
        self.sections.iter().map(|one| one.text.len()).sum::<usize>() > MOST
    }

    fn section(&self, section: Section) -> Option<&ReportSection> {
        self.sections.iter().find(|one| one.section == section)
    }

    /// Puts a section's text in place of what stands there.
    pub fn set(&mut self, section: Section, text: String, drafted: String) {
        self.sections.retain(|one| one.section != section);
        if !text.is_empty() || !drafted.is_empty() {
            let at = self.sections.partition_point(|one| u8::from(one.section) < u8::from(section));
            self.sections.insert(at, ReportSection { section, text, drafted });
        }
    }
}

impl Item for Report {
    type Id = ReportId;
    const KIND: Kind = Kind::Report;
    const CHANGE: ChangeKind = ChangeKind::Report;
    const NAME: &'static str = "report";

    fn fields(&self) -> Result<Vec<Field>> {
        if self.is_too_long() {
            return Err(Error::invalid("the report is longer than 64 KiB: shorten a section"));
        }
        if self.first_day > self.last_day {
            return Err(Error::invalid("choose a first day that is not after the last"));
        }
        let mut fields = vec![
            Field::choice(1, Some(self.form)),
            Field::ids(2, &self.learners, "learners"),
            Field::day(3, &self.first_day, "the first day")?,
            Field::day(4, &self.last_day, "the last day")?,
            Field::optional_day(5, self.sent_on.as_deref(), "the day on which it was sent")?,
            Field::line(6, &self.sent_to, "to whom it was sent", 200)?,
            Field::id(7, self.version_of),
            Field::id(8, self.letter),
        ];
        for section in Section::ALL {
            let number = u32::from(u8::from(section));
            fields.push(Field::text(TEXT + number, self.text(section), section.heading()));
            fields.push(Field::line(DRAFTED + number, self.drafted(section), "what was drafted", 20_000)?);
        }
        Ok(fields)
    }

    fn read(doc: &Document) -> Self {
        let sections = Section::ALL.into_iter().map(|section| {
            let number = u32::from(u8::from(section));
            ReportSection {
                section,
                text: shelf::text(doc, TEXT + number),
                drafted: doc.string(DRAFTED + number),
            }
        });
        Self {
            form: shelf::chosen(doc, 1).unwrap_or_default(),
            learners: shelf::ids(doc, 2),
            first_day: doc.string(3),
            last_day: doc.string(4),
            sent_on: shelf::day(doc, 5),
            sent_to: doc.string(6),
            version_of: shelf::id(doc, 7),
            letter: shelf::id(doc, 8),
            sections: sections.filter(|one| !one.text.is_empty() || !one.drafted.is_empty()).collect(),
        }
    }

    fn day(&self) -> &str {
        &self.last_day
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }
}
