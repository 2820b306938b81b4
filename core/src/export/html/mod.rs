//! A document as one HTML file that needs nothing outside itself and can prove that it talks to nobody.
mod bar;
mod entry;
mod fonts;
mod page;
mod photos;
mod report;
mod tables;
mod write;

use std::collections::BTreeMap;
use std::io::Write;

use super::portfolio::Portfolio;
use super::renaming::Renaming;
use super::source::PhotoSource;
use crate::error::Result;
use crate::ids::AttachmentId;
use crate::progress::{Cancel, Progress};
use zeroize::Zeroizing;

pub use bar::SCRIPT as RENAMING_SCRIPT;
use photos::Album;
pub use report::write_report;
pub use write::{Writer, written};

/// How a file is written.
#[derive(Debug, Clone, Copy, Default)]
pub struct HtmlOptions {
    /// No rename bar and no script: the names stay as they are.
    pub fixed_names: bool,
}

/// Writes the portfolio piece by piece: at most one photo is in memory.
///
/// # Errors
/// [`Error::Cancelled`](crate::Error::Cancelled), those of `photos`, and those of writing to `out`.
pub fn write_html(
    portfolio: &Portfolio,
    renaming: &Renaming,
    options: HtmlOptions,
    photos: &dyn PhotoSource,
    out: impl Write,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let names = renaming.of(&portfolio.cast);
    let page = Writer::new(out, &names, !options.fixed_names);
    let album = Album::inside(photos, portfolio.photo_count(), progress);
    body(portfolio, page::Frame::of(portfolio), page, album, cancel)
}

/// Writes the page of a portfolio whose photos are in these files beside it. Its names stay as they are.
///
/// # Errors
/// As [`write_html`].
pub fn write_beside(
    portfolio: &Portfolio,
    names: &[Zeroizing<String>],
    files: &BTreeMap<AttachmentId, String>,
    out: impl Write,
    cancel: &Cancel,
) -> Result<()> {
    let frame = page::Frame { photos: "'self' file:", ..page::Frame::of(portfolio) };
    body(portfolio, frame, Writer::new(out, names, false), Album::Beside(files), cancel)
}

fn body<W: Write>(
    portfolio: &Portfolio,
    frame: page::Frame<'_>,
    mut page: Writer<'_, W>,
    mut album: Album<'_>,
    cancel: &Cancel,
) -> Result<()> {
    page::head(&mut page, &frame)?;
    bar::bar(&mut page, &frame)?;
    page.raw("<div class=\"page\">\n")?;
    page::cover(&mut page, portfolio, &mut album)?;
    page::contents(&mut page, portfolio)?;
    page.raw("<main>\n")?;
    for (number, one) in (1..).zip(&portfolio.entries) {
        cancel.check()?;
        entry::entry(&mut page, number, one, &mut album)?;
    }
    if let Some(hours) = &portfolio.hours {
        tables::hours(&mut page, hours)?;
    }
    if let Some(list) = &portfolio.reading {
        tables::reading(&mut page, list)?;
    }
    page.raw("</main>\n</div>\n")?;
    bar::script(&mut page)?;
    page.raw("</body>\n</html>\n")?;
    page.flush()
}
