//! Catching up: hundreds of photographs become entries, grouped by day. What was given, looked at and arranged stands in
//! the store until the work is done, so that a phone that dies on the way goes on where it was.

mod arrange;
mod grouping;
mod queries;
mod run;
mod scan;
mod source;

#[cfg(test)]
mod tests;

pub use source::{Place, Source, photos_in};

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use crate::attachments::AttachmentsClient;
use crate::context::Context;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{EntryId, LearnerId, SubjectId};

/// Most photos of one group: an entry's record with them stays far below what a server takes.
pub const MAX_PHOTOS: usize = 200;
/// Most photos under way at once.
pub const MAX_SOURCES: usize = 20_000;

/// A photo that was given, by its place among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoNumber(pub u32);

/// A group of photos that becomes one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupNumber(pub u32);

/// How photos are made into groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// More hours than this between two photos begin another group, 1 to 24; so does midnight.
    pub gap_hours: u32,
    /// The entries go on record; else they are drafts.
    pub on_record: bool,
    /// Where the files' own times were written, such as `Europe/London`, for photos whose camera wrote none; `None` for
    /// this phone's zone.
    pub zone: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { gap_hours: 3, on_record: false, zone: None }
    }
}

/// Where the date of a photo comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatedBy {
    /// The camera wrote it into the photo, in its own local time.
    Camera,
    /// The file was last written then.
    File,
    /// Nobody knows.
    Nothing,
}

/// Why a photo counts as one that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicate {
    /// The same file was given before, as this one.
    Given(PhotoNumber),
    /// It is a photo of the record, maybe of one in the trash.
    Kept,
}

/// How far a photo is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoState {
    /// Not looked at yet.
    New,
    /// Looked at.
    Ready,
    /// It can't be taken in; says why, and what to do.
    Unreadable(String),
    /// A photo of an entry.
    Taken,
}

/// A photo that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its number.
    pub number: PhotoNumber,
    /// The file's name.
    pub name: String,
    /// How far it is.
    pub state: PhotoState,
    /// When it was taken, as the camera's or this phone's clock showed it: `2026-05-03T10:20:30`.
    pub taken_at: Option<String>,
    /// Where that comes from.
    pub dated_by: DatedBy,
    /// Bytes of the file.
    pub size: u64,
    /// The same as another.
    pub duplicate: Option<Duplicate>,
    /// It is not to be taken in: a duplicate, unless somebody asked for it, or one that somebody left out.
    pub left_out: bool,
    /// The group that it is in.
    pub group: Option<GroupNumber>,
}

/// Photos that become one entry, with what it will say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its number.
    pub number: GroupNumber,
    /// The entry's day of learning, `YYYY-MM-DD`: the one that was chosen, else the first photo's. A group without one waits
    /// until one is chosen.
    pub day: Option<String>,
    /// Its photos in the order of their times, those that are left out too.
    pub photos: Vec<PhotoNumber>,
    /// How many of them the entry will have, or has.
    pub wanted: u32,
    /// The entry's title.
    pub title: String,
    /// The entry's note.
    pub note: String,
    /// Whose learning it is.
    pub learners: Vec<LearnerId>,
    /// Subjects.
    pub subjects: Vec<SubjectId>,
    /// Tags.
    pub tags: Vec<String>,
    /// On record; else a draft.
    pub on_record: bool,
    /// It is to become an entry.
    pub ticked: bool,
    /// The entry that it became. It is not changed here any more.
    pub entry: Option<EntryId>,
    /// Why it did not become one when it was its turn.
    pub why: Option<String>,
}

/// What many groups are to say; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The day of learning, `YYYY-MM-DD`.
    pub day: Option<String>,
    /// Up to 200 characters.
    pub title: Option<String>,
    /// Up to 64 KiB.
    pub note: Option<String>,
    /// All learners.
    pub learners: Option<Vec<LearnerId>>,
    /// All subjects.
    pub subjects: Option<Vec<SubjectId>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// On record; else drafts.
    pub on_record: Option<bool>,
    /// To become entries.
    pub ticked: Option<bool>,
}

/// How far everything is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// Photos that were given.
    pub given: u32,
    /// Those that were looked at.
    pub looked_at: u32,
    /// Those that are the same as another, and left out.
    pub duplicates: u32,
    /// Others that somebody left out.
    pub left_out: u32,
    /// Those that are in entries.
    pub taken: u32,
    /// Groups that are to become entries.
    pub waiting: u32,
    /// Groups that can't before a day is chosen for them.
    pub without_day: u32,
    /// What became of the others, the oldest first.
    pub entries: Vec<EntryId>,
    /// Photos that can't be taken in, each with the reason in its state.
    pub unreadable: Vec<Photo>,
}

/// The room of catching up. One batch of photos at a time is under way.
pub struct CatchUpClient {
    context: Arc<Context>,
    attachments: Arc<AttachmentsClient>,
    // Looking, arranging and taking in never happen together: what is taken in is what was shown.
    work: Mutex<()>,
}

impl fmt::Debug for CatchUpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CatchUpClient")
    }
}

impl CatchUpClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>, attachments: Arc<AttachmentsClient>) -> Self {
        Self { context, attachments, work: Mutex::new(()) }
    }

    /// Begins with these photos. Nothing of them is read yet.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when others are under way, when there are none or too many of them, and for settings that can't
    /// be.
    pub fn begin(&self, sources: &[Source], settings: &Settings) -> Result<Overview> {
        let _work = self.work()?;
        settings.checked()?;
        let now_ms = self.context.clock.now_ms();
        self.context.storage.write(|tx| {
            if queries::settings(tx)?.is_some() {
                return Err(Error::invalid(
                    "photos are being caught up already: finish those, or drop them, before others",
                ));
            }
            queries::begin(tx, settings, now_ms)?;
            queries::add(tx, checked(sources, 0)?)
        })?;
        self.overview()?.or_not_found("catch-up")
    }

    /// Adds photos to those under way; they are looked at next, and make groups of their own.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none are under way; else as [`CatchUpClient::begin`].
    pub fn add(&self, sources: &[Source]) -> Result<Overview> {
        let _work = self.work()?;
        self.context.storage.write(|tx| {
            queries::settings(tx)?.or_not_found("catch-up")?;
            queries::add(tx, checked(sources, queries::count(tx)?)?)
        })?;
        self.overview()?.or_not_found("catch-up")
    }

    /// How far everything is; `None` when nothing is under way.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn overview(&self) -> Result<Option<Overview>> {
        self.context.storage.read(|tx| {
            if queries::settings(tx)?.is_none() {
                return Ok(None);
            }
            let (photos, groups) = (queries::photos(tx)?, queries::groups(tx)?);
            Ok(Some(overview(photos.into_iter().map(|stored| stored.photo), &groups)))
        })
    }

    /// Every photo that was given, in that order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn photos(&self) -> Result<Vec<Photo>> {
        let stored = self.context.storage.read(queries::photos)?;
        Ok(stored.into_iter().map(|stored| stored.photo).collect())
    }

    /// The groups, the oldest first, one without a day last.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn groups(&self) -> Result<Vec<Group>> {
        self.context.storage.read(queries::groups)
    }

    /// Forgets photos and groups, whether or not they became entries. The entries stay, and so do the photos' files.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] while they are being looked at or taken in.
    pub fn end(&self) -> Result<()> {
        let _work = self.work()?;
        self.context.storage.write(queries::end)
    }

    fn work(&self) -> Result<MutexGuard<'_, ()>> {
        match self.work.try_lock() {
            Ok(work) => Ok(work),
            // What a panic left behind is in the store's last transaction, whole.
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(Error::invalid("the photos are being worked on: wait for that, or cancel it"))
            }
        }
    }
}

impl Settings {
    fn checked(&self) -> Result<()> {
        if !(1..=24).contains(&self.gap_hours) {
            return Err(Error::invalid("the hours between two entries must be between 1 and 24"));
        }
        source::zone(self.zone.as_deref()).map(drop)
    }
}

fn checked(sources: &[Source], before: usize) -> Result<&[Source]> {
    match sources.len() {
        0 => Err(Error::invalid("there are no photos here: choose some, or another folder")),
        more if more + before <= MAX_SOURCES => Ok(sources),
        _ => Err(Error::invalid("these are more than 20000 photos: choose fewer at a time")),
    }
}

fn overview(photos: impl Iterator<Item = Photo>, groups: &[Group]) -> Overview {
    let mut found = Overview::default();
    for photo in photos {
        found.given += 1;
        found.looked_at += u32::from(photo.state != PhotoState::New);
        match &photo.state {
            PhotoState::Taken => found.taken += 1,
            PhotoState::Unreadable(_) => found.unreadable.push(photo),
            _ if photo.left_out && photo.duplicate.is_some() => found.duplicates += 1,
            _ => found.left_out += u32::from(photo.left_out),
        }
    }
    for group in groups {
        let open = group.entry.is_none() && group.ticked && group.wanted > 0;
        found.waiting += u32::from(open && group.day.is_some());
        found.without_day += u32::from(open && group.day.is_none());
        found.entries.extend(group.entry);
    }
    found
}
