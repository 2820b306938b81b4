//! Documents: one learner's portfolio as a file that belongs to the family, with names that are filled in last, in memory
//! only; and the whole record as one ZIP, which any computer reads.
mod archive;
mod build;
mod client;
mod docx;
mod everyday;
mod file;
mod filed;
mod fitting;
mod format;
mod hours;
mod html;
mod language;
mod mentions;
mod names_of_others;
#[cfg(test)]
mod naming_tests;
mod note;
mod pdf;
mod period;
mod picking;
mod portfolio;
mod queries;
mod reading;
mod record;
mod renaming;
mod report;
mod review;
mod rows;
mod sealed;
mod sentence;
mod sheet;
#[cfg(test)]
mod siblings_tests;
mod source;
mod text;
mod week;
mod works;
mod write;
mod zipped;

pub use build::{Chosen, ChosenPhoto, Decisions, Material};
pub use client::{ExportClient, LeftOut, PortfolioPicture, PortfolioPreview, PortfolioRequest, Tick};
pub use docx::{write_docx, write_report_docx};
pub use fitting::{HeavyEntry, MAIL_BYTES, SizeEstimate};
pub use format::Format;
pub use hours::Hours;
pub use html::{HtmlOptions, write_html};
pub use names_of_others::OtherName;
pub use pdf::{Pages, Paper, PdfOptions, count_pages, write_pdf, write_report_pdf};
pub use period::Period;
pub use portfolio::{Others, Page, Part, Person, Photo, Portfolio};
pub use record::{RecordPreview, TablePeriod};
pub use renaming::{LONGEST_NAME, Renaming};
pub use report::{
    Details, Doubt, ProviderAnswer, RegisterAnswers, RegisterRequest, Remembered, ReportBlock, ReportPaper,
    ReportPart, ReportRequest, ReportsClient, Table,
};
pub use review::{MentionId, Place, Review};
pub use sealed::{SealedFile, SpokenWords};
pub use source::PhotoSource;
pub use text::{Piece, Text};
pub use week::WeekRequest;
