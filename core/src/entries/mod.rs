//! Entries: what was learnt, when, by whom. Dated by the day of learning, newest first.

mod edit;
mod facts;
mod order;
mod queries;

#[cfg(test)]
mod naive;
#[cfg(test)]
pub(crate) mod tests;

pub use edit::{EntryDraft, EntryEdit, MAX_MINUTES, MAX_TITLE};
pub use facts::{Annotation, Place, Taught, TaughtBy};
pub use queries::{EntryRows, Hit, Share, Where, shares};

use crate::context::{Context, Edit};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{AttachmentId, EntryId, LearnerId, SubjectId};
use crate::records::{self, Document, Kind};
use crate::storage::Transaction;
use kinfolio_protocol::labels::sha256;
use std::sync::Arc;

/// Most entries in one page.
pub const MAX_PAGE: u32 = 500;
/// Entries in a page when nothing is said.
const PAGE: u32 = 50;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// One line, may be empty.
    pub title: String,
    /// What happened, shared by all its learners.
    pub note: String,
    /// The day of the learning, `YYYY-MM-DD`: a day of the family's calendar, whatever the time zone.
    pub learned_on: String,
    /// When it was written down, milliseconds since 1970. It never changes.
    pub recorded_at: i64,
    /// How long it took, in minutes.
    pub minutes: Option<i64>,
    /// On record; else a draft, which no document shows.
    pub on_record: bool,
    /// Marked to be found again.
    pub starred: bool,
    /// Whose learning it is, by learner id, with a line for each alone.
    pub learners: Vec<LearnerLine>,
    /// Subjects, by id.
    pub subjects: Vec<SubjectId>,
    /// Tags, sorted.
    pub tags: Vec<String>,
    /// Attachments, in their order.
    pub attachments: Vec<AttachmentId>,
    /// Whether it is a sample, and what it shows.
    pub annotation: Annotation,
    /// Who taught, and where.
    pub taught: Taught,
    /// When it was put into the trash, milliseconds since 1970.
    pub trashed_at: Option<i64>,
}

impl Entry {
    /// The entry as one learner's record shows it: the shared text, and no other learner's line.
    #[must_use]
    pub fn seen_by(mut self, learner: LearnerId) -> Self {
        for other in self.learners.iter_mut().filter(|line| line.learner != learner) {
            other.line.clear();
        }
        self
    }
}

/// A learner of an entry, and the line that is theirs alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnerLine {
    /// Who.
    pub learner: LearnerId,
    /// What was theirs alone, may be empty.
    pub line: String,
}

impl From<LearnerId> for LearnerLine {
    /// A learner without a line.
    fn from(learner: LearnerId) -> Self {
        Self { learner, line: String::new() }
    }
}

/// A place between two entries of the timeline. It holds on this phone only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub i64);

/// Which entries, and from where on. All that is given must hold at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineQuery {
    /// Entries of this learner, each as [`Entry::seen_by`] them.
    pub learner: Option<LearnerId>,
    /// Entries of this subject.
    pub subject: Option<SubjectId>,
    /// Entries with this tag.
    pub tag: Option<String>,
    /// First day, `YYYY-MM-DD`.
    pub first_day: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub last_day: Option<String>,
    /// Starred entries only.
    pub starred_only: bool,
    /// Samples only.
    pub samples_only: bool,
    /// Entries with a photo only.
    pub with_photo: bool,
    /// Drafts too.
    pub include_drafts: bool,
    /// Only what comes after the page that ended here.
    pub before: Option<Cursor>,
    /// Entries in the page, at most [`MAX_PAGE`]; 0 means 50.
    pub limit: u32,
}

impl TimelineQuery {
    /// Entries in a page.
    #[must_use]
    pub const fn size(&self) -> u32 {
        match self.limit {
            0 => PAGE,
            limit if limit > MAX_PAGE => MAX_PAGE,
            limit => limit,
        }
    }
}

/// A page of the timeline, newest day first; within a day, what was written down last comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// A month with entries, to jump to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Its entries.
    pub entries: i64,
}

/// A day with entries on record, for a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Who has an entry on it; nobody when its entries name no learner.
    pub learners: Vec<LearnerId>,
}

/// Writes a new entry, with what `also` puts into its document, in a transaction under way.
///
/// # Errors
/// As [`EntriesClient::create`], and what `also` returns.
pub fn add(
    tx: &mut Edit<'_>,
    id: EntryId,
    draft: EntryDraft,
    also: impl FnOnce(&mut Edit<'_>, &mut Document) -> Result<()>,
) -> Result<Entry> {
    let mut doc = Document::new(Kind::Entry);
    edit::write_new(&mut doc, draft, tx)?;
    also(tx, &mut doc)?;
    tx.save_new(id, &doc)?;
    queries::get(tx.tx, id)?.or_not_found("entry")
}

/// Keeps a new entry with nothing beside its draft, in a write that is under way.
///
/// # Errors
/// As [`EntriesClient::create`].
pub fn keep(draft: EntryDraft, tx: &mut Edit<'_>) -> Result<Entry> {
    let id = EntryId::make(tx.random());
    add(tx, id, draft, |_, _| Ok(()))
}

/// Keeps the entry that is made of `of`, so that phones which make it without hearing of each other make one. The draft
/// holds no text but its note. One that is there already stays as it is; one that was thrown away gets a successor.
///
/// # Errors
/// As [`EntriesClient::create`].
pub fn keep_once(made_by: &[u8], of: &[&[u8]], draft: EntryDraft, tx: &mut Edit<'_>) -> Result<Entry> {
    let Some(id) = records::derived(tx.tx, made_by, of)?.map(EntryId) else { return keep(draft, tx) };
    match records::load(tx.tx, id)? {
        Some(there) if there.doc.is_shown() => return queries::get(tx.tx, id)?.or_not_found("entry"),
        Some(_) => return keep(draft, tx),
        None => {}
    }
    // Typed by nobody in particular: the same note from two phones is one text, another note is another's.
    let own = tx.stamper;
    tx.stamper.text_client = same_typist(id, &draft.note);
    let kept = add(tx, id, draft, |_, _| Ok(()));
    tx.stamper = own;
    kept
}

/// A number of 53 bits for who types this note into this entry.
fn same_typist(id: EntryId, note: &str) -> u64 {
    let hash = sha256(&[id.as_bytes(), note.as_bytes()].concat());
    hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes)) >> 11
}

/// Changes an entry in a write that is under way.
///
/// # Errors
/// As [`EntriesClient::update`].
pub fn change(id: EntryId, edit: EntryEdit, tx: &mut Edit<'_>) -> Result<Entry> {
    let before = tx.load(id, Kind::Entry, "entry")?;
    let mut doc = before.doc.clone();
    if doc.is_trashed() {
        return Err(Error::invalid("this entry is in the trash: restore it first"));
    }
    if edit::write_changes(&mut doc, edit, tx)? {
        tx.save_changed("entry", &before, &doc)?;
    }
    queries::get(tx.tx, id)?.or_not_found("entry")
}

/// One entry in a read or write that is under way, from the trash too; none when there is none.
///
/// # Errors
/// When the store can't be read.
pub fn find(tx: &Transaction<'_>, id: EntryId) -> Result<Option<Entry>> {
    queries::get(tx, id)
}

/// Refuses what [`add`] would refuse, and writes nothing.
///
/// # Errors
/// As [`EntriesClient::create`].
pub fn check(tx: &Edit<'_>, draft: EntryDraft) -> Result<()> {
    edit::write_new(&mut Document::new(Kind::Entry), draft, tx)
}

/// The entries' room.
#[derive(Debug, Clone)]
pub struct EntriesClient {
    context: Arc<Context>,
}

impl EntriesClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Keeps a new entry. It survives a pulled battery once this returns.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names the item that can't be kept, [`Error::NotFound`] an unknown learner or subject.
    ///
    /// An entry that names a learner who was left on this phone stays on it too.
    pub fn create(&self, draft: EntryDraft) -> Result<Entry> {
        self.context.edit(|tx| keep(draft, tx))
    }

    /// One entry, from the trash too.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: EntryId) -> Result<Entry> {
        self.context.storage.read(|tx| queries::get(tx, id)?.or_not_found("entry"))
    }

    /// Changes an entry. What others changed since [`EntryEdit::base`] was read stays.
    ///
    /// # Errors
    /// As [`EntriesClient::create`]; [`Error::InvalidInput`] for an entry in the trash.
    pub fn update(&self, id: EntryId, edit: EntryEdit) -> Result<Entry> {
        self.context.edit(|tx| change(id, edit, tx))
    }

    /// A page of the timeline.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn timeline(&self, query: &TimelineQuery) -> Result<Page> {
        self.context.storage.read(|tx| queries::timeline(tx, query))
    }

    /// The months of a query with their numbers of entries, the newest first: its cursor and page size don't count.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn months(&self, query: &TimelineQuery) -> Result<Vec<Month>> {
        self.context.storage.read(|tx| queries::months(tx, query))
    }

    /// The place in the timeline before a month, `YYYY-MM`: a page from here begins with the month's last day.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a month that is none.
    pub fn jump(&self, month: &str) -> Result<Cursor> {
        let first = crate::calendar::parse(&format!("{month}-01"));
        let first = first.ok_or_else(|| Error::invalid("the month must look like 2026-05"))?;
        Ok(Cursor(order::day_end(&first.last_of_month().to_string())))
    }

    /// Days from first to last that have an entry on record, and whose.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for days that are none.
    pub fn calendar(&self, first_day: &str, last_day: &str) -> Result<Vec<CalendarDay>> {
        let (first, last) = (order::day(first_day)?, order::day(last_day)?);
        self.context.storage.read(|tx| queries::days(tx, &first, &last))
    }

    /// Entries of `query` that hold every word, the last one as a beginning, newest first. Accents and case don't
    /// matter, and no character means anything else than itself.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn search(&self, text: &str, query: &TimelineQuery) -> Result<Vec<Hit>> {
        self.context.storage.read(|tx| queries::search(tx, text, query))
    }

    /// Puts an entry into the trash; an edit that another phone makes meanwhile brings it back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn trash(&self, id: EntryId) -> Result<()> {
        self.set_trashed(id, true)
    }

    /// Takes an entry out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn restore(&self, id: EntryId) -> Result<()> {
        self.set_trashed(id, false)
    }

    /// What lies in the trash, the last one first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn trashed(&self) -> Result<Vec<Entry>> {
        self.context.storage.read(queries::trashed)
    }

    /// Drafts, newest day first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn drafts(&self) -> Result<Vec<Entry>> {
        self.context.storage.read(queries::drafts)
    }

    /// How many entries there are, drafts too, without those in the trash.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn count(&self) -> Result<u64> {
        self.context.storage.read(queries::count)
    }

    fn set_trashed(&self, id: EntryId, trashed: bool) -> Result<()> {
        self.context.edit(|tx| {
            let mut doc = tx.load(id, Kind::Entry, "entry")?.doc;
            if doc.set_trashed(trashed, &tx.stamper) {
                tx.save(id, &doc)?;
            }
            Ok(())
        })
    }
}
