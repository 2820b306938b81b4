//! Documents: one learner's portfolio as a file, with names that are given in memory only.
use crate::border::{Result, call, work};
use crate::private::PrivateClient;
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::export::{self, LeftOut, OtherName, Renaming, Review, Tick};
use kinfolio_core::ids;
use std::path::Path;
use std::sync::Arc;

type LearnerId = ids::LearnerId;
type EntryId = ids::EntryId;
type SubjectId = ids::SubjectId;
type AttachmentId = ids::AttachmentId;
type PortfolioRequest = export::PortfolioRequest;
type PortfolioPreview = export::PortfolioPreview;
type Others = export::Others;
type Format = export::Format;
type Paper = export::Paper;
type Pages = export::Pages;
type SizeEstimate = export::SizeEstimate;
type HeavyEntry = export::HeavyEntry;
type RecordPreview = export::RecordPreview;
type TablePeriod = export::TablePeriod;

/// Which portfolio.
#[uniffi::remote(Record)]
pub struct PortfolioRequest {
    /// Whom it is about.
    pub learner: LearnerId,
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day, `YYYY-MM-DD`.
    pub last_day: String,
    /// Only these entries; none takes all of the learner's in the period.
    #[uniffi(default)]
    pub entries: Option<Vec<EntryId>>,
    /// Only entries of these subjects; none takes all.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
    /// Starred entries only.
    #[uniffi(default)]
    pub starred_only: bool,
    /// At most so many entries of each subject: starred ones and samples first, then others evenly over the period.
    #[uniffi(default)]
    pub most_per_subject: Option<u32>,
    /// Texts that are left out.
    #[uniffi(default)]
    pub left_out: Vec<LeftOut>,
    /// Drafts too.
    #[uniffi(default)]
    pub include_drafts: bool,
    /// What becomes of other learners' nicknames in shared text.
    pub others: Others,
    /// Ticks of the review that differ from the proposal.
    #[uniffi(default)]
    pub ticks: Vec<Tick>,
    /// Names of people who are no learners, printed as initials.
    #[uniffi(default)]
    pub shortened: Vec<String>,
    /// The photo on the cover; else one is chosen.
    #[uniffi(default)]
    pub cover: Option<AttachmentId>,
    /// Print the hours table.
    #[uniffi(default = true)]
    pub hours: bool,
    /// Print the reading list.
    #[uniffi(default = true)]
    pub reading: bool,
    /// What kind of file.
    pub format: Format,
    /// The small copies of the photos.
    #[uniffi(default)]
    pub small_photos: bool,
    /// The file has at most so many bytes, such as those of `mail_bytes`: photos are made smaller until it fits.
    #[uniffi(default)]
    pub most_bytes: Option<u64>,
    /// Photos that are not on this phone, or can't be read, are left out instead of stopping the document.
    #[uniffi(default)]
    pub without_missing: bool,
    /// No rename bar and no script in the file.
    #[uniffi(default)]
    pub fixed_names: bool,
    /// BCP 47 tag of the text; empty means `en-GB`.
    #[uniffi(default)]
    pub language: String,
    /// The paper of a PDF; none is what readers of the language print on.
    #[uniffi(default)]
    pub paper: Option<Paper>,
    /// A PDF all in Atkinson Hyperlegible, 12 on 18 points.
    #[uniffi(default)]
    pub comfort: bool,
}

/// What becomes of other learners' nicknames: printed, their first letter, or "a sibling".
#[uniffi::remote(Enum)]
pub enum Others {
    Nickname,
    Initial,
    Sibling,
}

/// What a document is written as: one HTML file for any browser, a document for word processors, pages to
/// print, or a folder in one file with a page, its photos and tables (of portfolios only).
#[uniffi::remote(Enum)]
pub enum Format {
    Html,
    Docx,
    Pdf,
    Zip,
}

/// The paper of a PDF: 210 by 297 mm, 8.5 by 11 inches, or a photo book of square pages with bleed for a printer.
#[uniffi::remote(Enum)]
pub enum Paper {
    A4,
    Letter,
    Book,
}

/// What a document would be as PDF.
#[uniffi::remote(Record)]
pub struct Pages {
    /// How many pages.
    pub pages: u32,
    /// Letters for which neither the program nor this phone has a font; a frame stands for each. Empty nearly always.
    pub without_font: String,
}

/// What a portfolio would hold.
#[uniffi::remote(Record)]
pub struct PortfolioPreview {
    /// Entries in it.
    pub entries: u32,
    /// Photos in it, the cover's counted once more.
    pub photos: u32,
    /// Offered as file name; holds no name.
    pub file_name: String,
    /// Nicknames in free text, for the parent to tick.
    pub review: Vec<Review>,
    /// What may be names of people who are no learners, the most frequent first.
    pub names_of_others: Vec<OtherName>,
    /// The contact sheet: every photo in it once, to be looked over for names and faces before it is printed.
    pub pictures: Vec<PortfolioPicture>,
}

type PortfolioPicture = export::PortfolioPicture;

/// A photo that a portfolio would hold.
#[uniffi::remote(Record)]
pub struct PortfolioPicture {
    /// Of which entry.
    pub entry: EntryId,
    /// Which photo.
    pub photo: AttachmentId,
    /// Day of the entry, as printed.
    pub date: String,
}

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
