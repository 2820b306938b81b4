//! Writing a portfolio: as a file of its format or sealed, with photos as large as the file may be.

use std::cell::Cell;
use std::path::Path;

use super::archive::Out;
use super::client::{ExportClient, PortfolioRequest};
use super::docx::write_docx;
use super::file::{Written, write_file_within};
use super::fitting::{self, SizeEstimate, Sizes};
use super::format::Format;
use super::html::{HtmlOptions, write_html};
use super::pdf::{Pages, count_pages, write_pdf};
use super::period;
use super::portfolio::{Photo, Portfolio};
use super::renaming::Renaming;
use super::sealed::{SealedFile, write_sealed};
use super::source::PhotoSource;
use super::zipped::write_zip;
use crate::attachments::AttachmentsClient;
use crate::error::{Error, Result};
use crate::family_log;
use crate::ids::{AttachmentId, LearnerId};
use crate::progress::{Cancel, Progress};

impl ExportClient {
    /// About how large the file would be, sealed or not, with photos so small that it has at most
    /// [`PortfolioRequest::most_bytes`]. Nothing is written and no photo read.
    ///
    /// # Errors
    /// As [`ExportClient::preview`].
    pub fn estimate(&self, request: &PortfolioRequest, sealed: bool) -> Result<SizeEstimate> {
        let portfolio = self.portfolio(&self.material(request)?, request)?;
        Ok(Sizes::of(self, &portfolio, request, sealed, &Cancel::new())?.estimate(request))
    }

    /// How many pages the portfolio has as PDF with these names, and which letters have no font; no photo is read.
    ///
    /// # Errors
    /// As [`ExportClient::preview`].
    pub fn pages(&self, request: &PortfolioRequest, renaming: &Renaming) -> Result<Pages> {
        count_pages(&self.portfolio(&self.material(request)?, request)?, renaming, request.pdf())
    }

    /// Writes the portfolio to `path`, one photo in memory at a time, and returns its length in bytes. Nothing of the
    /// renaming is kept. Cancelled or failed, nothing stands at `path` that was not there before. A file that came out
    /// larger than it may be is written anew with smaller photos; progress then begins again.
    ///
    /// # Errors
    /// As [`ExportClient::preview`]; [`Error::InvalidInput`] for a path that can't be written, where no entry is left to
    /// print, and for a document that is too large however small its photos are; and, unless
    /// [`PortfolioRequest::without_missing`], for a photo that is not on this phone or can't be read; [`Error::Cancelled`];
    /// [`Error::StorageFull`].
    pub fn write_portfolio(
        &self,
        request: &PortfolioRequest,
        renaming: &Renaming,
        path: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<u64> {
        let file = self.fitted(request, false, cancel, |portfolio, photos, most| {
            write_file_within(path, most, |out| {
                document(portfolio, request, renaming, photos, out, progress, cancel)
            })
        })?;
        self.stand(file, Some(request.learner))
    }

    /// Writes the portfolio as one HTML file under six new words, which are in the answer and nowhere else. Cancelled or
    /// failed, nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// As [`ExportClient::write_portfolio`]; [`Error::InvalidInput`] for another format.
    pub fn write_sealed(
        &self,
        request: &PortfolioRequest,
        renaming: &Renaming,
        path: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<SealedFile> {
        only_html(request.format)?;
        let options = HtmlOptions { fixed_names: request.fixed_names };
        let (file, words) = self.fitted(request, true, cancel, |portfolio, photos, most| {
            write_sealed(path, most, &*self.context.random, request.fixed_names, |out| {
                write_html(portfolio, renaming, options, photos, out, progress, cancel)
            })
        })?;
        Ok(SealedFile { length: self.stand(file, Some(request.learner))?, words })
    }

    /// The family log tells of a whole document, which is then moved to its place: where the log can't be written, no
    /// document stands. Gives its length in bytes.
    pub(super) fn stand(&self, file: Written, learner: Option<LearnerId>) -> Result<u64> {
        self.context.edit(|tx| family_log::exported(learner, tx))?;
        file.stand()
    }

    /// Photos out of the store, with at most so many pixels on the long edge.
    pub(super) fn photos<'a>(&'a self, edge: u32, cancel: &'a Cancel) -> Stored<'a> {
        Stored { attachments: &self.attachments, edge, cancel, unreadable: Cell::new(None) }
    }

    /// Calls `write` with ever smaller photos until it gives a file, which has as many bytes as it is told at most.
    fn fitted<T>(
        &self,
        request: &PortfolioRequest,
        sealed: bool,
        cancel: &Cancel,
        mut write: impl FnMut(&Portfolio, &dyn PhotoSource, u64) -> Result<Option<T>>,
    ) -> Result<T> {
        let mut whole = self.portfolio(&self.material(request)?, request)?;
        if whole.entries.is_empty() {
            return Err(Error::invalid(
                "no entry of this learner is chosen: take other days, subjects or entries",
            ));
        }
        let edges = match request.most_bytes {
            Some(_) => Sizes::of(self, &whole, request, sealed, cancel)?.edges(request)?,
            None => vec![fitting::first_edge(request)],
        };
        let most = request.most_bytes.unwrap_or(u64::MAX);
        for edge in edges {
            loop {
                let mut portfolio = whole.clone();
                fitting::shrink(&mut portfolio, edge);
                let album = self.photos(edge, cancel);
                match (write(&portfolio, &album, most), album.unreadable.get()) {
                    (Err(_), Some(photo)) if request.without_missing => whole.leave_out(photo),
                    (Ok(None), _) => break,
                    (Ok(Some(file)), _) => return Ok(file),
                    (Err(error), _) => return Err(error),
                }
            }
        }
        Err(Error::invalid(
            "this document is a little too large with its photos as small as they get: leave out a photo",
        ))
    }
}

/// The document in its format.
pub(super) fn document(
    portfolio: &Portfolio,
    request: &PortfolioRequest,
    renaming: &Renaming,
    photos: &dyn PhotoSource,
    out: &mut dyn Out,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<()> {
    let options = HtmlOptions { fixed_names: request.fixed_names };
    match request.format {
        Format::Html => write_html(portfolio, renaming, options, photos, out, progress, cancel),
        Format::Docx => write_docx(portfolio, renaming, photos, out, progress, cancel),
        Format::Pdf => write_pdf(portfolio, renaming, request.pdf(), photos, out, progress, cancel),
        Format::Zip => write_zip(portfolio, renaming, photos, out, progress, cancel),
    }
}

/// A sealed file opens in a browser.
pub(super) fn only_html(format: Format) -> Result<()> {
    if format == Format::Html {
        return Ok(());
    }
    Err(Error::invalid("a sealed file is a page for a web browser: choose HTML"))
}

/// Photos out of the store, opened and made smaller one at a time.
pub(super) struct Stored<'a> {
    attachments: &'a AttachmentsClient,
    edge: u32,
    cancel: &'a Cancel,
    /// The photo that could not be read.
    unreadable: Cell<Option<AttachmentId>>,
}

impl PhotoSource for Stored<'_> {
    fn photo(&self, photo: &Photo) -> Result<Vec<u8>> {
        self.attachments.read_smaller(photo.attachment, self.edge, self.cancel).map_err(|error| {
            let day = period::date(photo.date);
            let told = unreadable("photograph", &day, error);
            if matches!(told, Error::InvalidInput(_)) {
                self.unreadable.set(Some(photo.attachment));
            }
            told
        })
    }
}

/// What to do about a photo or a file that a document can't have.
pub(super) fn unreadable(what: &str, day: &str, error: Error) -> Error {
    let why = match error {
        Error::NotFound(_) => "is not on this phone: sync first",
        Error::StoreDamaged(_) | Error::Image(_) => "can't be read any more: take it out of its entry",
        other => return other,
    };
    Error::invalid(format!("a {what} of {day} {why}, or make the document without it"))
}
