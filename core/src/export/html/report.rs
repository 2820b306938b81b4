//! A report: letter head, details, numbered sections, lines to sign.
use std::io::Write;

use super::HtmlOptions;
use super::page::{self, Frame};
use super::photos::Album;
use super::tables;
use super::write::Writer;
use super::{bar, entry};
use crate::error::Result;
use crate::export::format::Format;
use crate::export::period;
use crate::export::portfolio::Person;
use crate::export::renaming::Renaming;
use crate::export::report::{Details, ReportBlock, ReportPaper, ReportPart, joined};
use crate::export::source::PhotoSource;
use crate::export::text::Text;
use crate::progress::{Cancel, Progress};

/// Writes the report piece by piece: at most one photo is in memory.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled), those of `photos`, and those of writing to `out`.
#[expect(clippy::too_many_arguments, reason = "a document, its names, and how it is written")]
pub fn write_report(
    paper: &ReportPaper,
    details: &Details,
    renaming: &Renaming,
    options: HtmlOptions,
    photos: &dyn PhotoSource,
    out: impl Write,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let names = renaming.of(&paper.cast);
    let mut page = Writer::new(out, &names, !options.fixed_names);
    let mut album = Album::inside(photos, paper.photo_count(), progress);
    let frame = frame(paper, details);
    page::head(&mut page, &frame)?;
    bar::bar(&mut page, &frame)?;
    page.raw("<div class=\"page report\">\n")?;
    top(&mut page, paper, details)?;
    page.raw("<main>\n")?;
    first(&mut page, paper, details)?;
    for (number, part) in (2..).zip(&paper.parts) {
        cancel.check()?;
        self::part(&mut page, number, part, &mut album)?;
    }
    signatures(&mut page, details)?;
    page.raw("</main>\n</div>\n")?;
    bar::script(&mut page)?;
    page.raw("</body>\n</html>\n")?;
    page.flush()
}

fn frame<'a>(paper: &'a ReportPaper, details: &'a Details) -> Frame<'a> {
    let whole = details.name_in_title.as_str();
    let mut title = Text::words(format!("{}: ", paper.title));
    if whole.is_empty() {
        title.pieces.extend(Text::name(0).pieces);
    }
    let footer = format!("{}\u{2003}{}", paper.title, period::date(paper.made_on));
    let cast: &[Person] = &paper.cast;
    Frame {
        language: &paper.language,
        cast,
        title,
        whole,
        footer,
        file_name: paper.file_name(Format::Html),
        photos: "data:",
    }
}

fn top<W: Write>(page: &mut Writer<'_, W>, paper: &ReportPaper, details: &Details) -> Result<()> {
    page.raw("<header class=\"letter\">\n<div class=\"sides\">\n")?;
    lines(page, "to", &details.recipient)?;
    lines(page, "from", &details.sender)?;
    page.raw("</div>\n<p class=\"dated\">")?;
    page.words(&period::long_date(paper.made_on))?;
    page.raw(&format!("</p>\n<h1>{}: ", paper.title))?;
    whole_name(page, details)?;
    page.raw("</h1>\n<p>")?;
    page.words(&format!(
        "{} to {}.",
        period::long_date(paper.period.from),
        period::long_date(paper.period.to)
    ))?;
    if !details.reference.is_empty() {
        page.raw(" Your reference: ")?;
        page.words(&details.reference)?;
    }
    page.raw("</p>\n</header>\n")
}

/// The name as it was typed for this document: not a place where the bar renames.
fn whole_name<W: Write>(page: &mut Writer<'_, W>, details: &Details) -> Result<()> {
    if details.name_in_title.is_empty() { page.name(0) } else { page.words(&details.name_in_title) }
}

fn lines<W: Write>(page: &mut Writer<'_, W>, class: &str, text: &str) -> Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    page.raw(&format!("<p class=\"{class}\">"))?;
    page.words(text)?;
    page.raw("</p>\n")
}

/// Who it is about and who educates.
fn first<W: Write>(page: &mut Writer<'_, W>, paper: &ReportPaper, details: &Details) -> Result<()> {
    open(page, 1, &Text::words("Details"))?;
    page.raw("<dl class=\"details\">\n<dt>Child</dt><dd>")?;
    whole_name(page, details)?;
    if !details.born.is_empty() {
        page.raw(", born ")?;
        page.words(&details.born)?;
    }
    if let Some(group) = &paper.year_group {
        page.raw(", ")?;
        page.words(group)?;
    }
    page.raw("</dd>\n")?;
    if !details.educated_by.is_empty() {
        page.raw("<dt>Educated by</dt><dd>")?;
        page.words(&joined(&details.educated_by))?;
        page.raw("</dd>\n")?;
    }
    page.raw("</dl>\n</div>\n</section>\n")
}

fn open<W: Write>(page: &mut Writer<'_, W>, number: usize, heading: &Text) -> Result<()> {
    page.raw(&format!(
        "<section aria-labelledby=\"s{number}\">\n<h2 id=\"s{number}\"><span>{number}</span> <span>"
    ))?;
    page.text(heading)?;
    page.raw("</span></h2>\n<div class=\"body\">\n")
}

fn part<W: Write>(
    page: &mut Writer<'_, W>,
    number: usize,
    part: &ReportPart,
    album: &mut Album<'_>,
) -> Result<()> {
    open(page, number, &part.heading)?;
    for (nth, block) in (1..).zip(&part.blocks) {
        match block {
            ReportBlock::Paragraph { label, text } => {
                page.raw("<p>")?;
                if !label.is_empty() {
                    page.raw("<b>")?;
                    page.words(label)?;
                    page.raw(".</b> ")?;
                }
                page.text(text)?;
                page.raw("</p>\n")?;
            }
            ReportBlock::Table(table) => tables::table(page, table, None)?,
            ReportBlock::Sample(sample) => entry::sample(page, &format!("{number}-{nth}"), sample, album)?,
        }
    }
    page.raw("</div>\n</section>\n")
}

fn signatures<W: Write>(page: &mut Writer<'_, W>, details: &Details) -> Result<()> {
    if details.educated_by.is_empty() {
        return Ok(());
    }
    page.raw("<div class=\"sign\">\n")?;
    for name in details.educated_by.lines() {
        page.raw("<p>")?;
        page.words(name)?;
        page.raw("</p>\n")?;
    }
    page.raw("</div>\n")
}
