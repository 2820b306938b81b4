//! What a portfolio is asked for, and what it would hold.
use kinfolio_core::export::{self, LeftOut, OtherName, Review, Tick};
use kinfolio_core::ids;

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
