//! Documents as PDF: tagged, with fonts inside, laid out by documents.md, written as a stream (docs/adr/0048).

mod bits;
mod book;
mod document;
mod draw;
mod ending;
mod entry;
mod flow;
mod fonts;
mod images;
mod lines;
mod objects;
mod paper;
mod photos;
mod piece;
mod portfolio;
mod report;
mod setter;
mod style;
mod tables;
mod tags;
mod week;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::Write;

use zeroize::Zeroizing;

use super::portfolio::{Photo, Portfolio};
use super::renaming::Renaming;
use super::report::{Details, ReportPaper};
use super::source::PhotoSource;
use super::week::WeekSheet;
use crate::error::Result;
use crate::progress::{Cancel, NoProgress, Progress};
use book::Book;
use document::{Document, Look, count, lay};
use fonts::Fonts;
use objects::Objects;
use report::Letter;
use write::{Album, Ending, Writer};

pub use paper::Paper;

/// How a PDF is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PdfOptions {
    /// The paper.
    pub paper: Paper,
    /// All text in Atkinson Hyperlegible, 12 on 18 points.
    pub comfort: bool,
}

/// What a document would be as PDF.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pages {
    /// How many pages.
    pub pages: u32,
    /// Letters for which neither the program nor this phone has a font; a frame stands for each, and copying it out of
    /// the file gives the letter. Empty nearly always.
    pub without_font: String,
}

/// Writes the portfolio; at most one photo is in memory. The same portfolio gives the same bytes.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled), those of `photos`, [`Error::Image`](crate::Error::Image) for a photo
/// that is no JPEG, and those of writing to `out`.
pub fn write_pdf(
    portfolio: &Portfolio,
    renaming: &Renaming,
    options: PdfOptions,
    photos: &dyn PhotoSource,
    out: &mut dyn Write,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let names = renaming.of(&portfolio.cast);
    let album = Album { source: photos, progress, cancel, done: 0, total: portfolio.photo_count() as u64 };
    let book = Book(portfolio);
    write(options.document(portfolio, &book), options.look(&names), album, out)
}

/// Writes a report; at most one photo is in memory.
///
/// # Errors
/// As [`write_pdf`].
#[expect(clippy::too_many_arguments, reason = "a document, its names, and how it is written")]
pub fn write_report_pdf(
    paper: &ReportPaper,
    details: &Details,
    renaming: &Renaming,
    options: PdfOptions,
    photos: &dyn PhotoSource,
    out: &mut dyn Write,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let (names, whole) = report_names(paper, details, renaming);
    let album = Album { source: photos, progress, cancel, done: 0, total: paper.photo_count() as u64 };
    write(&Letter { paper, details, whole }, options.look(&names), album, out)
}

/// Writes the sheet of a week, which holds no names but nicknames.
///
/// # Errors
/// Those of writing to `out`.
pub(super) fn write_week_pdf(sheet: &WeekSheet, options: PdfOptions, out: &mut dyn Write) -> Result<()> {
    let cancel = Cancel::default();
    let album = Album { source: &NoPhotos, progress: &NoProgress, cancel: &cancel, done: 0, total: 0 };
    write(sheet, options.look(&[]), album, out)
}

/// Lays the portfolio out without reading a photo.
///
/// # Errors
/// None that is known: the layout is computed in memory.
pub fn count_pages(portfolio: &Portfolio, renaming: &Renaming, options: PdfOptions) -> Result<Pages> {
    let book = Book(portfolio);
    pages_of(options.document(portfolio, &book), options.look(&renaming.of(&portfolio.cast)))
}

/// Lays a report out.
///
/// # Errors
/// None that is known: the layout is computed in memory.
pub fn count_report_pages(
    paper: &ReportPaper,
    details: &Details,
    renaming: &Renaming,
    options: PdfOptions,
) -> Result<Pages> {
    let (names, whole) = report_names(paper, details, renaming);
    pages_of(&Letter { paper, details, whole }, options.look(&names))
}

impl PdfOptions {
    /// The paper that was chosen, else the one that readers of this language print on.
    pub fn new(paper: Option<Paper>, language: &str, comfort: bool) -> Self {
        Self { paper: paper.unwrap_or_else(|| Paper::of(language)), comfort }
    }

    fn document<'p>(self, portfolio: &'p Portfolio, book: &'p Book<'p>) -> &'p dyn Document {
        if self.paper == Paper::Book { book } else { portfolio }
    }

    fn look(self, names: &[Zeroizing<String>]) -> Look<'_> {
        Look { sheet: self.paper.sheet(), names, comfort: self.comfort }
    }
}

/// The names of the cast, and which of them is the learner's whole one.
fn report_names(
    paper: &ReportPaper,
    details: &Details,
    renaming: &Renaming,
) -> (Vec<Zeroizing<String>>, usize) {
    let mut names = renaming.of(&paper.cast);
    if details.name_in_title.is_empty() {
        return (names, 0);
    }
    names.push(details.name_in_title.clone());
    let whole = names.len() - 1;
    (names, whole)
}

fn pages_of(document: &dyn Document, look: Look<'_>) -> Result<Pages> {
    let mut fonts = Fonts::new();
    let places = count(document, look, &mut fonts, &Cancel::default())?;
    let without: BTreeSet<char> = std::mem::take(&mut fonts.missing);
    Ok(Pages {
        pages: u32::try_from(places.pages).unwrap_or(u32::MAX),
        without_font: without.into_iter().collect(),
    })
}

fn write(document: &dyn Document, look: Look<'_>, album: Album<'_>, out: &mut dyn Write) -> Result<()> {
    let cancel = album.cancel;
    let mut fonts = Fonts::new();
    let places = count(document, look, &mut fonts, cancel)?;
    let mut writer = Writer::new(Objects::begin(out)?, look.sheet, &places, album);
    let tags = lay(document, look, &mut fonts, &places, &mut writer, cancel)?;
    let plain = |text: &super::text::Text| Zeroizing::new(text.plain(look.names));
    let bookmarks = document.bookmarks().iter().map(|(target, title)| (*target, plain(title))).collect();
    let title = plain(&document.title());
    let ending =
        Ending { language: document.language(), title: &title, made_on: document.made_on(), bookmarks };
    writer.end(&tags, &fonts, &ending)
}

struct NoPhotos;

impl PhotoSource for NoPhotos {
    fn photo(&self, _: &Photo) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }
}
