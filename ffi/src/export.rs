//! Documents: one learner's portfolio as a file, with names that are given in memory only.
use crate::border::{Result, call, work};
use crate::private::PrivateClient;
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::export::{self, Pages, Paper, PortfolioPreview, PortfolioRequest, Renaming};
use kinfolio_core::ids;
use std::path::Path;
use std::sync::Arc;

type LearnerId = ids::LearnerId;
type EntryId = ids::EntryId;
type SizeEstimate = export::SizeEstimate;
type HeavyEntry = export::HeavyEntry;
type RecordPreview = export::RecordPreview;
type TablePeriod = export::TablePeriod;

/// About how large a file would be.
#[uniffi::remote(Record)]
pub struct SizeEstimate {
    /// Its bytes.
    pub bytes: u64,
    /// Pixels on the long edge of its photos, at most.
    pub photo_edge: u32,
    /// It has no more bytes than it may have.
    pub fits: bool,
    /// Entries whose photos take most, the heaviest first: what to leave out.
    pub heaviest: Vec<HeavyEntry>,
}

/// An entry and what its photos take in the file.
#[uniffi::remote(Record)]
pub struct HeavyEntry {
    /// Which entry.
    pub entry: EntryId,
    /// Its day, as printed.
    pub date: String,
    /// How many photos.
    pub photos: u32,
    /// Their bytes in the file.
    pub bytes: u64,
}

/// What the ZIP of the whole record would hold.
#[uniffi::remote(Record)]
pub struct RecordPreview {
    /// Entries, drafts too.
    pub entries: u32,
    /// Photos in it.
    pub photos: u32,
    /// Photos that have not come to this phone, or were put away: they would be missing.
    pub photos_elsewhere: u32,
    /// Bytes of the photos, which is nearly all of it.
    pub photo_bytes: u64,
    /// Offered as file name; holds no name.
    pub file_name: String,
}

/// A sealed file that was written, and the words that open it: shown once, kept nowhere.
#[derive(uniffi::Record)]
pub struct SealedFile {
    /// Its bytes.
    pub length: u64,
    /// The six words in their order.
    pub words: Vec<String>,
}

impl From<export::SealedFile> for SealedFile {
    fn from(file: export::SealedFile) -> Self {
        Self { length: file.length, words: file.words.list() }
    }
}

/// Whose and which days a table lists.
#[uniffi::remote(Record)]
pub struct TablePeriod {
    /// Whose.
    pub learner: LearnerId,
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
}

type WeekRequest = export::WeekRequest;

/// Which week's sheet.
#[uniffi::remote(Record)]
pub struct WeekRequest {
    /// A day of the week, `YYYY-MM-DD`.
    pub day: String,
    /// Only what is for this learner, or for everybody; none takes all.
    #[uniffi(default = None)]
    pub learner: Option<LearnerId>,
    /// The paper, not that of a book; none is what readers of the language print on.
    #[uniffi(default = None)]
    pub paper: Option<Paper>,
    /// All in Atkinson Hyperlegible, 12 on 18 points.
    #[uniffi(default = false)]
    pub comfort: bool,
    /// BCP 47 tag of the text; empty means "en-GB".
    #[uniffi(default = "")]
    pub language: String,
}

/// A name to print for one learner, in this document only. It is never kept, synced or logged.
#[derive(uniffi::Record)]
pub struct PrintedName {
    /// Whose.
    pub learner: LearnerId,
    /// 1 to 80 characters, on one line.
    pub name: String,
}

pub(crate) fn renaming(names: Vec<PrintedName>) -> kinfolio_core::Result<Renaming> {
    let mut renaming = Renaming::none();
    names.iter().try_for_each(|given| renaming.set(given.learner, &given.name))?;
    Ok(renaming)
}

/// The room of documents.
#[derive(uniffi::Object)]
pub struct ExportClient {
    pub(crate) room: export::ExportClient,
}

#[uniffi::export]
impl ExportClient {
    /// What a portfolio would hold, and where nicknames stand in its text.
    ///
    /// # Errors
    /// As [`export::ExportClient::preview`].
    pub fn preview(&self, request: PortfolioRequest) -> Result<PortfolioPreview> {
        call(|| self.room.preview(&request))
    }

    /// About how large the portfolio would be, sealed or not, with photos so small that it has no more bytes than it may
    /// have. Nothing is written.
    ///
    /// # Errors
    /// As [`export::ExportClient::estimate`].
    #[uniffi::method(default(sealed = false))]
    pub async fn estimate(&self, request: PortfolioRequest, sealed: bool) -> Result<SizeEstimate> {
        let room = self.room.clone();
        work(move || room.estimate(&request, sealed)).await
    }

    /// How many pages the portfolio has as PDF, and which letters have no font; no photo is read.
    ///
    /// # Errors
    /// As [`export::ExportClient::pages`], and as [`Renaming::set`] for the names.
    pub async fn pages(&self, request: PortfolioRequest, names: Vec<PrintedName>) -> Result<Pages> {
        let room = self.room.clone();
        work(move || room.pages(&request, &renaming(names)?)).await
    }

    /// Writes the portfolio to a file and returns its length in bytes. Failed or cancelled, nothing stands at `path`
    /// that was not there before.
    ///
    /// # Errors
    /// As [`export::ExportClient::write_portfolio`], and as [`Renaming::set`] for the names.
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn write_portfolio(
        &self,
        request: PortfolioRequest,
        names: Vec<PrintedName>,
        path: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<u64> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        let write =
            move |names| room.write_portfolio(&request, &names, Path::new(&path), &*progress, &cancel);
        work(move || renaming(names).and_then(write)).await
    }

    /// Writes the portfolio as one HTML file under six new words, to be told by voice; they are in the answer and nowhere
    /// else. Failed or cancelled, nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// As [`export::ExportClient::write_sealed`], and as [`Renaming::set`] for the names.
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn write_sealed(
        &self,
        request: PortfolioRequest,
        names: Vec<PrintedName>,
        path: String,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<SealedFile> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        let write = move |names| room.write_sealed(&request, &names, Path::new(&path), &*progress, &cancel);
        work(move || renaming(names).and_then(write).map(SealedFile::from)).await
    }

    /// What the ZIP of the whole record would hold.
    ///
    /// # Errors
    /// As [`export::ExportClient::record_preview`].
    pub fn record_preview(&self) -> Result<RecordPreview> {
        call(|| self.room.record_preview())
    }

    /// Writes the whole record as one ZIP and returns its length in bytes; with `private`, needs notes and assessments
    /// too. Failed or cancelled, nothing stands at `path` that was not there before.
    ///
    /// # Errors
    /// As [`export::ExportClient::write_record`].
    #[uniffi::method(default(private = None, without_missing = false, cancel = None, progress = None))]
    pub async fn write_record(
        &self,
        path: String,
        private: Option<Arc<PrivateClient>>,
        without_missing: bool,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<u64> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        let private = private.map(|private| private.room.clone());
        work(move || {
            room.write_record(private.as_ref(), without_missing, Path::new(&path), &*progress, &cancel)
        })
        .await
    }

    /// Writes a learner's hours as a table (CSV) and returns its length in bytes.
    ///
    /// # Errors
    /// As [`export::ExportClient::write_hours`], and as [`Renaming::set`] for the names.
    pub async fn write_hours(
        &self,
        request: TablePeriod,
        names: Vec<PrintedName>,
        path: String,
    ) -> Result<u64> {
        let room = self.room.clone();
        work(move || room.write_hours(&request, &renaming(names)?, Path::new(&path))).await
    }

    /// Writes a learner's books and other materials as a table (CSV) and returns its length in bytes.
    ///
    /// # Errors
    /// As [`export::ExportClient::write_reading`], and as [`Renaming::set`] for the names.
    pub async fn write_reading(
        &self,
        request: TablePeriod,
        names: Vec<PrintedName>,
        path: String,
    ) -> Result<u64> {
        let room = self.room.clone();
        work(move || room.write_reading(&request, &renaming(names)?, Path::new(&path))).await
    }

    /// Writes a week's sheet as PDF, with its plans, what comes back on its days, and lines to write on; returns its length in
    /// bytes. Nicknames stand on it: it stays at home.
    ///
    /// # Errors
    /// As [`export::ExportClient::write_week`].
    pub async fn write_week(&self, request: WeekRequest, path: String) -> Result<u64> {
        let room = self.room.clone();
        work(move || room.write_week(&request, Path::new(&path))).await
    }
}

/// What a file may have at most to go into a mail.
#[uniffi::export]
pub fn mail_bytes() -> u64 {
    export::MAIL_BYTES
}
