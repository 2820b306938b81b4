//! A report as a document: sections in their order, with names as references, ready to be written in any format.

use jiff::civil::Date;

use crate::export::format::Format;
use crate::export::period::Period;
use crate::export::portfolio::{Page, Person, Photo};
use crate::export::text::Text;

/// A report, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportPaper {
    /// What it is called, such as "Home education report"; the name follows.
    pub title: &'static str,
    /// What its file is called before the year, such as "report".
    pub stem: &'static str,
    /// BCP 47 tag of the text, such as "en-GB".
    pub language: String,
    /// The learner, then everybody else who is named in the text.
    pub cast: Vec<Person>,
    /// First and last day.
    pub period: Period,
    /// The date at the top.
    pub made_on: Date,
    /// "Year 3", where the family keeps year groups.
    pub year_group: Option<String>,
    /// What is printed, numbered from 2; the details come first.
    pub parts: Vec<ReportPart>,
}

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportPart {
    /// The heading, in which the learner's name may stand.
    pub heading: Text,
    /// In reading order.
    pub blocks: Vec<ReportBlock>,
}

/// One block of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum ReportBlock {
    /// A paragraph, with what stands before it in bold: a subject.
    Paragraph {
        /// May be empty.
        label: String,
        /// The parent's words.
        text: Text,
    },
    /// Rows under a header.
    Table(Table),
    /// A sample of the learner's work.
    Sample(Page),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Headings of the columns.
    pub head: Vec<String>,
    /// Cells of each row.
    pub rows: Vec<Vec<Text>>,
    /// How many columns at the end hold numbers.
    pub numbers: usize,
}

impl ReportPaper {
    /// The photographs of its samples.
    pub fn photo_count(&self) -> usize {
        let blocks = self.parts.iter().flat_map(|part| &part.blocks);
        blocks.map(|block| if let ReportBlock::Sample(page) = block { page.photos.len() } else { 0 }).sum()
    }

    pub(super) fn photos_mut(&mut self) -> impl Iterator<Item = &mut Photo> {
        let blocks = self.parts.iter_mut().flat_map(|part| &mut part.blocks);
        blocks.flat_map(|block| {
            if let ReportBlock::Sample(page) = block { page.photos.as_mut_slice() } else { &mut [] }
        })
    }

    /// "report-2026.html": no name in it, whatever the document holds.
    pub fn file_name(&self, format: Format) -> String {
        format!("{}-{}.{}", self.stem, self.period.to.year(), format.ending())
    }
}
