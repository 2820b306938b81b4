//! The room of documents: gathers what a portfolio shows and writes it to a file.
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::build::{Chosen, ChosenPhoto, Decisions, Material};
use super::format::Format;
use super::language::language;
use super::names_of_others::{self, OtherName};
use super::pdf::{Paper, PdfOptions};
use super::period::{self, Period};
use super::picking;
use super::portfolio::{Others, Person, Photo, Portfolio};
use super::report::ReportsClient;
use super::review::{MentionId, Place, Review};
use super::works::works;
use crate::attachments::{Attachment, AttachmentsClient, FileState};
use crate::context::Context;
use crate::entries::{EntriesClient, Entry};
use crate::error::{OrNotFound, Result};
use crate::ids::{AttachmentId, EntryId, LearnerId, SubjectId};
use crate::learners::LearnersClient;
use crate::reading::Reading;
use crate::shelf::{Kept, Look, Shelf};
use crate::subjects::SubjectsClient;

/// Which portfolio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioRequest {
    /// Whom it is about.
    pub learner: LearnerId,
    /// First day, "YYYY-MM-DD".
    pub first_day: String,
    /// Last day, "YYYY-MM-DD".
    pub last_day: String,
    /// Only these entries; `None` takes all of the learner's in the period.
    pub entries: Option<Vec<EntryId>>,
    /// Only entries of these subjects; none takes all.
    pub subjects: Vec<SubjectId>,
    /// Starred entries only.
    pub starred_only: bool,
    /// At most so many entries of each subject: starred ones and samples first, then others evenly over the period.
    pub most_per_subject: Option<u32>,
    /// Texts that are left out.
    pub left_out: Vec<LeftOut>,
    /// Drafts too.
    pub include_drafts: bool,
    /// What becomes of other learners' nicknames in shared text.
    pub others: Others,
    /// Ticks of the review that differ from the proposal.
    pub ticks: Vec<Tick>,
    /// Names of people who are no learners, printed as initials.
    pub shortened: Vec<String>,
    /// The photo on the cover; else one is chosen.
    pub cover: Option<AttachmentId>,
    /// Print the hours table.
    pub hours: bool,
    /// Print the reading list.
    pub reading: bool,
    /// What kind of file.
    pub format: Format,
    /// The small copies of the photos.
    pub small_photos: bool,
    /// The file has at most so many bytes, such as [`MAIL_BYTES`](super::MAIL_BYTES): photos are made smaller until it fits.
    pub most_bytes: Option<u64>,
    /// Photos that are not on this phone, or can't be read, are left out instead of stopping the document.
    pub without_missing: bool,
    /// No rename bar and no script in the file.
    pub fixed_names: bool,
    /// BCP 47 tag of the text; empty means "en-GB".
    pub language: String,
    /// The paper of a PDF; none is what readers of the language print on.
    pub paper: Option<Paper>,
    /// A PDF all in Atkinson Hyperlegible, 12 on 18 points: for readers whom a serif or small letters tire.
    pub comfort: bool,
}

/// A text that a document leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Of which entry.
    pub entry: EntryId,
    /// Which of its texts.
    pub place: Place,
}

/// A tick of the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// Which nickname in the text.
    pub mention: MentionId,
    /// Print it as the learner's name.
    pub on: bool,
}

impl PortfolioRequest {
    fn takes(&self, entry: &Entry) -> bool {
        self.entries.as_ref().is_none_or(|chosen| chosen.contains(&entry.id))
            && (self.subjects.is_empty() || entry.subjects.iter().any(|one| self.subjects.contains(one)))
            && (entry.starred || !self.starred_only)
    }

    pub(super) fn pdf(&self) -> PdfOptions {
        PdfOptions::new(self.paper, &self.language, self.comfort)
    }

    fn ticks(&self) -> BTreeMap<MentionId, bool> {
        self.ticks.iter().map(|tick| (tick.mention, tick.on)).collect()
    }

    /// All on-record entries of a learner from the first to the last day.
    pub fn new(learner: LearnerId, first_day: impl Into<String>, last_day: impl Into<String>) -> Self {
        Self {
            learner,
            first_day: first_day.into(),
            last_day: last_day.into(),
            entries: None,
            subjects: Vec::new(),
            starred_only: false,
            most_per_subject: None,
            left_out: Vec::new(),
            include_drafts: false,
            others: Others::default(),
            ticks: Vec::new(),
            shortened: Vec::new(),
            cover: None,
            hours: true,
            reading: true,
            format: Format::default(),
            small_photos: false,
            most_bytes: None,
            without_missing: false,
            fixed_names: false,
            language: String::new(),
            paper: None,
            comfort: false,
        }
    }
}

/// What a portfolio would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A photo that a portfolio would hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortfolioPicture {
    /// Of which entry.
    pub entry: EntryId,
    /// Which photo.
    pub photo: AttachmentId,
    /// Day of the entry, as printed.
    pub date: String,
}

/// The room of documents.
#[derive(Debug, Clone)]
pub struct ExportClient {
    pub(super) context: Arc<Context>,
    pub(super) learners: LearnersClient,
    pub(super) subjects: SubjectsClient,
    entries: EntriesClient,
    pub(super) attachments: Arc<AttachmentsClient>,
}

impl ExportClient {
    /// The room over this store; the other rooms are read only.
    pub fn new(context: Arc<Context>, attachments: Arc<AttachmentsClient>) -> Self {
        Self {
            learners: LearnersClient::new(Arc::clone(&context)),
            subjects: SubjectsClient::new(Arc::clone(&context)),
            entries: EntriesClient::new(Arc::clone(&context)),
            attachments,
            context,
        }
    }

    /// Reports.
    pub fn reports(&self) -> ReportsClient {
        ReportsClient::new(Arc::clone(&self.context), self.clone())
    }

    /// What a portfolio would hold, and where nicknames stand in its text.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for days that are none,
    /// [`Error::NotFound`](crate::Error::NotFound) for an unknown learner.
    pub fn preview(&self, request: &PortfolioRequest) -> Result<PortfolioPreview> {
        let material = self.material(request)?;
        let mut portfolio = self.portfolio(&material, request)?;
        let picture = |photo: &Photo| PortfolioPicture {
            entry: photo.entry,
            photo: photo.attachment,
            date: period::date(photo.date),
        };
        let known = material.known();
        let names_of_others = names_of_others::found(&names_of_others::of_portfolio(&mut portfolio), &known);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(PortfolioPreview {
            entries: count(portfolio.entries.len()),
            photos: count(portfolio.photo_count()),
            file_name: portfolio.file_name(request.format),
            review: material.review(&request.ticks()),
            names_of_others,
            pictures: portfolio.entries.iter().flat_map(|page| &page.photos).map(picture).collect(),
        })
    }

    pub(super) fn portfolio(&self, material: &Material, request: &PortfolioRequest) -> Result<Portfolio> {
        let decisions = Decisions {
            others: request.others,
            ticks: request.ticks(),
            cover: request.cover,
            hours: request.hours,
            language: language(&request.language)?,
        };
        let period = Period::parse(&request.first_day, &request.last_day)?;
        let mut portfolio = material.portfolio(&decisions, period, self.today());
        names_of_others::shorten(names_of_others::of_portfolio(&mut portfolio), &request.shortened);
        Ok(portfolio)
    }

    /// What the learner read in the period.
    fn books(&self, request: &PortfolioRequest) -> Result<Vec<Kept<Reading>>> {
        let look = Look {
            learner: Some(request.learner),
            first_day: Some(request.first_day.clone()),
            last_day: Some(request.last_day.clone()),
            ..Look::default()
        };
        let mut kept = Shelf::<Reading>::new(Arc::clone(&self.context)).list(&look)?;
        // The list is newest first; a document tells from the beginning.
        kept.reverse();
        Ok(kept)
    }

    pub(super) fn material(&self, request: &PortfolioRequest) -> Result<Material> {
        Period::parse(&request.first_day, &request.last_day)?;
        let mut others = self.learners.list()?;
        let place =
            others.iter().position(|learner| learner.id == request.learner).or_not_found("learner")?;
        let learner = others.remove(place);
        let subjects: BTreeMap<SubjectId, String> =
            self.subjects.list()?.into_iter().map(|subject| (subject.id, subject.name)).collect();
        let person = |learner: crate::learners::Learner| Person {
            learner: learner.id,
            nickname: learner.nickname,
            emoji: learner.emoji,
        };
        let days = (request.first_day.as_str(), request.last_day.as_str());
        let mut entries = picking::all(&self.entries, request.learner, days, request.include_drafts)?;
        entries.retain(|entry| request.takes(entry));
        if let Some(most) = request.most_per_subject {
            let kept = picking::of_each_subject(&entries, usize::try_from(most).unwrap_or(usize::MAX));
            entries.retain(|entry| kept.contains(&entry.id));
        }
        let entries = entries.into_iter().map(|entry| {
            let mut one = self.chosen(entry, request, &subjects)?;
            let id = one.id;
            for left_out in request.left_out.iter().filter(|left_out| left_out.entry == id) {
                one.leave_out(left_out.place);
            }
            Ok(one)
        });
        let entries = entries.collect::<Result<Vec<_>>>()?;
        Ok(Material {
            learner: person(learner),
            others: others.into_iter().map(person).collect(),
            subjects: subjects.into_iter().collect(),
            works: works(&self.context)?,
            entries,
            reading: if request.reading { self.books(request)? } else { Vec::new() },
        })
    }

    /// The photos of an entry; with `without_missing`, those that are on this phone. Other files have no place in a document.
    pub(super) fn photos_of(&self, entry: EntryId, without_missing: bool) -> Result<Vec<ChosenPhoto>> {
        let shown = |one: &Attachment| {
            let is_here = !matches!(one.state, FileState::Remote | FileState::OnServer);
            one.width > 0 && (is_here || !without_missing)
        };
        let photos = self.attachments.list(entry)?.into_iter().filter(shown).map(|photo| ChosenPhoto {
            id: photo.id,
            mime: photo.mime,
            width: photo.width,
            height: photo.height,
            caption: photo.caption,
            alt: photo.alt,
        });
        Ok(photos.collect())
    }

    fn chosen(
        &self,
        entry: Entry,
        request: &PortfolioRequest,
        subjects: &BTreeMap<SubjectId, String>,
    ) -> Result<Chosen> {
        let PortfolioRequest { learner, without_missing, .. } = *request;
        let photos = self.photos_of(entry.id, without_missing)?;
        Ok(Chosen {
            id: entry.id,
            date: period::parse_date(&entry.learned_on)?,
            line: entry
                .learners
                .iter()
                .find(|one| one.learner == learner)
                .map(|one| one.line.clone())
                .unwrap_or_default(),
            with: entry.learners.iter().map(|one| one.learner).filter(|one| *one != learner).collect(),
            subjects: entry.subjects.iter().filter_map(|id| subjects.get(id).cloned()).collect(),
            minutes: entry.minutes.and_then(|minutes| u32::try_from(minutes).ok()),
            starred: entry.starred,
            annotation: entry.annotation,
            title: entry.title,
            note: entry.note,
            photos,
        })
    }

    /// Today where this phone is.
    pub(super) fn today(&self) -> Date {
        period::day_here(self.context.clock.now_ms())
    }
}
