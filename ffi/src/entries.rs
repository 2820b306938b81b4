//! Entries: what was learnt, when, by whom.
use crate::border::{Result, call};
use kinfolio_core::entries::{self, Cursor};
use kinfolio_core::ids;

type LearnerId = ids::LearnerId;
type EntryId = ids::EntryId;
type SubjectId = ids::SubjectId;
type AttachmentId = ids::AttachmentId;
type Entry = entries::Entry;
type LearnerLine = entries::LearnerLine;
type EntryDraft = entries::EntryDraft;
type EntryEdit = entries::EntryEdit;
type TimelineQuery = entries::TimelineQuery;
type Page = entries::Page;
type CalendarDay = entries::CalendarDay;
type Hit = entries::Hit;
type Month = entries::Month;
type Annotation = entries::Annotation;
type Place = entries::Place;
type ProviderId = ids::ProviderId;
type Taught = entries::Taught;
type TaughtBy = entries::TaughtBy;

// A place in the timeline, on this phone only: hand it back as it came.
uniffi::custom_type!(Cursor, i64, { remote, lower: |cursor| cursor.0, try_lift: |place| Ok(Cursor(place)) });

/// One entry.
#[uniffi::remote(Record)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// One line, may be empty.
    pub title: String,
    /// What happened, shared by all its learners.
    pub note: String,
    /// The day of the learning, `YYYY-MM-DD`.
    pub learned_on: String,
    /// When it was written down, milliseconds since 1970. It never changes.
    pub recorded_at: i64,
    /// How long it took, in minutes.
    pub minutes: Option<i64>,
    /// On record; else a draft, which no document shows.
    pub on_record: bool,
    /// Marked to be found again.
    pub starred: bool,
    /// Whose learning it is, with a line for each alone.
    pub learners: Vec<LearnerLine>,
    /// Subjects.
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

/// A learner of an entry, and the line that is theirs alone.
#[uniffi::remote(Record)]
pub struct LearnerLine {
    /// Who.
    pub learner: LearnerId,
    /// What was theirs alone, may be empty.
    #[uniffi(default)]
    pub line: String,
}

/// Who taught.
#[uniffi::remote(Enum)]
pub enum TaughtBy {
    /// A parent.
    Parent,
    /// A provider, named or not.
    Provider,
    /// Somebody else.
    Other,
    /// The learner alone.
    Alone,
}

/// Where it happened.
#[uniffi::remote(Enum)]
pub enum Place {
    /// At home.
    Home,
    /// Away from home.
    Away,
}

/// Who taught, and where.
#[uniffi::remote(Record)]
pub struct Taught {
    /// Who.
    #[uniffi(default)]
    pub by: Option<TaughtBy>,
    /// Which provider.
    #[uniffi(default)]
    pub provider: Option<ProviderId>,
    /// Where.
    #[uniffi(default)]
    pub place: Option<Place>,
}

/// What is written beside a sample; the note says what it is.
#[uniffi::remote(Record)]
pub struct Annotation {
    /// It is a sample of the learner's work.
    #[uniffi(default)]
    pub sample: bool,
    /// How it went, up to 64 KiB.
    #[uniffi(default)]
    pub went: String,
    /// What it shows, up to 64 KiB.
    #[uniffi(default)]
    pub shows: String,
    /// What comes next, up to 64 KiB.
    #[uniffi(default)]
    pub next: String,
}

/// What is typed to make an entry.
#[uniffi::remote(Record)]
pub struct EntryDraft {
    /// Up to 200 characters.
    #[uniffi(default)]
    pub title: String,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// `YYYY-MM-DD`.
    pub learned_on: String,
    /// 1 to 10,080; none when nobody looked at the clock.
    #[uniffi(default)]
    pub minutes: Option<i64>,
    /// On record; else a draft.
    #[uniffi(default)]
    pub on_record: bool,
    /// Starred.
    #[uniffi(default)]
    pub starred: bool,
    /// Each learner once, with a line of up to 4,000 characters.
    #[uniffi(default)]
    pub learners: Vec<LearnerLine>,
    /// Subjects.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
    /// Up to 60 characters each.
    #[uniffi(default)]
    pub tags: Vec<String>,
    /// Whether it is a sample, and what it shows.
    #[uniffi(default)]
    pub annotation: Annotation,
    /// Who taught, and where.
    #[uniffi(default)]
    pub taught: Taught,
}

/// What is changed about an entry; what is left out stays as it is.
#[uniffi::remote(Record)]
pub struct EntryEdit {
    /// The entry as the editor first showed it: what came in since then, from another phone, stays.
    #[uniffi(default)]
    pub base: Option<Entry>,
    /// Up to 200 characters.
    #[uniffi(default)]
    pub title: Option<String>,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: Option<String>,
    /// `YYYY-MM-DD`.
    #[uniffi(default)]
    pub learned_on: Option<String>,
    /// 1 to 10,080; 0 for none.
    #[uniffi(default)]
    pub minutes: Option<i64>,
    /// On record; else a draft.
    #[uniffi(default)]
    pub on_record: Option<bool>,
    /// Starred.
    #[uniffi(default)]
    pub starred: Option<bool>,
    /// All learners, each once.
    #[uniffi(default)]
    pub learners: Option<Vec<LearnerLine>>,
    /// All subjects.
    #[uniffi(default)]
    pub subjects: Option<Vec<SubjectId>>,
    /// All tags.
    #[uniffi(default)]
    pub tags: Option<Vec<String>>,
    /// Whether it is a sample, and what it shows; each part by itself.
    #[uniffi(default)]
    pub annotation: Option<Annotation>,
    /// Who taught, and where; each part by itself.
    #[uniffi(default)]
    pub taught: Option<Taught>,
}

/// Which entries, and from where on. All that is given must hold at once.
#[uniffi::remote(Record)]
pub struct TimelineQuery {
    /// Entries of this learner, without other learners' lines.
    #[uniffi(default)]
    pub learner: Option<LearnerId>,
    /// Entries of this subject.
    #[uniffi(default)]
    pub subject: Option<SubjectId>,
    /// Entries with this tag.
    #[uniffi(default)]
    pub tag: Option<String>,
    /// First day, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub first_day: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// Starred entries only.
    #[uniffi(default)]
    pub starred_only: bool,
    /// Samples only.
    #[uniffi(default)]
    pub samples_only: bool,
    /// Entries with a photo only.
    #[uniffi(default)]
    pub with_photo: bool,
    /// Drafts too.
    #[uniffi(default)]
    pub include_drafts: bool,
    /// Only what comes after the page that ended here.
    #[uniffi(default)]
    pub before: Option<Cursor>,
    /// Entries in the page, at most 500; 0 means 50.
    #[uniffi(default)]
    pub limit: u32,
}

/// A month with entries, to jump to.
#[uniffi::remote(Record)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Its entries.
    pub entries: i64,
}

/// A day with entries on record, for a calendar.
#[uniffi::remote(Record)]
pub struct CalendarDay {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Who has an entry on it; nobody when its entries name no learner.
    pub learners: Vec<LearnerId>,
}

/// A page of the timeline, newest day first.
#[uniffi::remote(Record)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; none at the end.
    pub next: Option<Cursor>,
}

/// The entries' room.
#[derive(uniffi::Object)]
pub struct EntriesClient {
    pub(crate) room: entries::EntriesClient,
}

#[uniffi::export]
impl EntriesClient {
    /// Keeps a new entry. It survives a pulled battery once this returns.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::create`].
    pub fn create(&self, draft: EntryDraft) -> Result<Entry> {
        call(|| self.room.create(draft))
    }

    /// One entry, from the trash too.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::get`].
    pub fn get(&self, id: EntryId) -> Result<Entry> {
        call(|| self.room.get(id))
    }

    /// Changes an entry. What others changed since `base` was read stays.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::update`].
    pub fn update(&self, id: EntryId, edit: EntryEdit) -> Result<Entry> {
        call(|| self.room.update(id, edit))
    }

    /// A page of the timeline.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::timeline`].
    pub fn timeline(&self, query: TimelineQuery) -> Result<Page> {
        call(|| self.room.timeline(&query))
    }

    /// The months of a query with their numbers of entries, the newest first.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::months`].
    pub fn months(&self, query: TimelineQuery) -> Result<Vec<Month>> {
        call(|| self.room.months(&query))
    }

    /// The place in the timeline before a month, `YYYY-MM`: a page from here begins with the month's last day.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::jump`].
    pub fn jump(&self, month: String) -> Result<Cursor> {
        call(|| self.room.jump(&month))
    }

    /// Days from first to last that have an entry on record, and whose.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::calendar`].
    pub fn calendar(&self, first_day: String, last_day: String) -> Result<Vec<CalendarDay>> {
        call(|| self.room.calendar(&first_day, &last_day))
    }

    /// Entries that hold every word, the last one as a beginning, newest first. Accents and case don't matter.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::search`].
    pub fn search(&self, text: String, query: TimelineQuery) -> Result<Vec<Hit>> {
        call(|| self.room.search(&text, &query))
    }

    /// Puts an entry into the trash; an edit that another phone makes meanwhile brings it back.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::trash`].
    pub fn trash(&self, id: EntryId) -> Result<()> {
        call(|| self.room.trash(id))
    }

    /// Takes an entry out of the trash.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::restore`].
    pub fn restore(&self, id: EntryId) -> Result<()> {
        call(|| self.room.restore(id))
    }

    /// What lies in the trash, the last one first.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::trashed`].
    pub fn trashed(&self) -> Result<Vec<Entry>> {
        call(|| self.room.trashed())
    }

    /// Drafts, newest day first.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::drafts`].
    pub fn drafts(&self) -> Result<Vec<Entry>> {
        call(|| self.room.drafts())
    }

    /// How many entries there are, drafts too, without those in the trash.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::count`].
    pub fn count(&self) -> Result<u64> {
        call(|| self.room.count())
    }
}
