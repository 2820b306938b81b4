//! Catching up: hundreds of photographs become entries, grouped by day.
use crate::border::{Result, call, work};
use crate::host::{PhotoOpener, opened_by};
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::catch_up::{self, GroupNumber, PhotoNumber};
use kinfolio_core::client::Client;
use kinfolio_core::ids;
use std::sync::Arc;

type CatchUpOverview = catch_up::Overview;
type CatchUpPhoto = catch_up::Photo;
type CatchUpSettings = catch_up::Settings;
type DatedBy = catch_up::DatedBy;
type EntryId = ids::EntryId;
type GroupAssignment = catch_up::Assignment;
type LearnerId = ids::LearnerId;
type PhotoDuplicate = catch_up::Duplicate;
type PhotoGroup = catch_up::Group;
type PhotoPlace = catch_up::Place;
type PhotoSource = catch_up::Source;
type PhotoState = catch_up::PhotoState;
type SubjectId = ids::SubjectId;

uniffi::custom_type!(PhotoNumber, u32, { remote, lower: |photo| photo.0, try_lift: |number| Ok(PhotoNumber(number)) });
uniffi::custom_type!(GroupNumber, u32, { remote, lower: |group| group.0, try_lift: |number| Ok(GroupNumber(number)) });

/// Where a photo is.
#[uniffi::remote(Enum)]
pub enum PhotoPlace {
    /// The path of a file of this phone.
    Path(String),
    /// How the app finds it again, also after a restart; its opener is asked with it.
    Reference(String),
}

/// A photo that is given. Its file stays where it is and as it is.
#[uniffi::remote(Record)]
pub struct PhotoSource {
    /// Where it is.
    pub place: PhotoPlace,
    /// The file's name, for people.
    pub name: String,
    /// When the file was last written, milliseconds since 1970; a path's file tells by itself.
    #[uniffi(default)]
    pub modified_ms: Option<i64>,
}

/// How photos are made into groups.
#[uniffi::remote(Record)]
pub struct CatchUpSettings {
    /// More hours than this between two photos begin another group, 1 to 24; so does midnight.
    #[uniffi(default = 3)]
    pub gap_hours: u32,
    /// The entries go on record; else they are drafts.
    #[uniffi(default)]
    pub on_record: bool,
    /// Where the files' own times were written, such as `Europe/London`; none for this phone's zone.
    #[uniffi(default)]
    pub zone: Option<String>,
}

/// Where the date of a photo comes from: the camera wrote it, the file was last written then, or nobody knows.
#[uniffi::remote(Enum)]
pub enum DatedBy {
    Camera,
    File,
    Nothing,
}

/// Why a photo counts as one that is there already.
#[uniffi::remote(Enum)]
pub enum PhotoDuplicate {
    /// The same file was given before, as this one.
    Given(PhotoNumber),
    /// It is a photo of the record, maybe of one in the trash.
    Kept,
}

/// How far a photo is.
#[uniffi::remote(Enum)]
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
#[uniffi::remote(Record)]
pub struct CatchUpPhoto {
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
    pub duplicate: Option<PhotoDuplicate>,
    /// It is not to be taken in: a duplicate, unless somebody asked for it, or one that somebody left out.
    pub left_out: bool,
    /// The group that it is in.
    pub group: Option<GroupNumber>,
}

/// Photos that become one entry, with what it will say.
#[uniffi::remote(Record)]
pub struct PhotoGroup {
    /// Its number.
    pub number: GroupNumber,
    /// The entry's day of learning, `YYYY-MM-DD`. A group without one waits until one is chosen.
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

/// What many groups are to say; what is left out stays as it is.
#[uniffi::remote(Record)]
pub struct GroupAssignment {
    /// The day of learning, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub day: Option<String>,
    /// Up to 200 characters.
    #[uniffi(default)]
    pub title: Option<String>,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: Option<String>,
    /// All learners.
    #[uniffi(default)]
    pub learners: Option<Vec<LearnerId>>,
    /// All subjects.
    #[uniffi(default)]
    pub subjects: Option<Vec<SubjectId>>,
    /// All tags.
    #[uniffi(default)]
    pub tags: Option<Vec<String>>,
    /// On record; else drafts.
    #[uniffi(default)]
    pub on_record: Option<bool>,
    /// To become entries.
    #[uniffi(default)]
    pub ticked: Option<bool>,
}

/// How far everything is.
#[uniffi::remote(Record)]
pub struct CatchUpOverview {
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
    pub unreadable: Vec<CatchUpPhoto>,
}

/// The photos of a folder and of the folders in it, in the order of their paths.
///
/// # Errors
/// As [`catch_up::photos_in`].
#[uniffi::export]
pub fn photos_in(folder: String) -> Result<Vec<PhotoSource>> {
    call(|| catch_up::photos_in(folder.as_ref()))
}

/// The room of catching up. One batch of photos at a time is under way.
#[derive(uniffi::Object)]
pub struct CatchUpClient {
    pub(crate) client: Arc<Client>,
}

#[uniffi::export]
impl CatchUpClient {
    /// Begins with these photos. Nothing of them is read yet.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::begin`].
    pub fn begin(&self, sources: Vec<PhotoSource>, settings: CatchUpSettings) -> Result<CatchUpOverview> {
        call(|| self.client.catch_up().begin(&sources, &settings))
    }

    /// Adds photos to those under way; they are looked at next, and make groups of their own.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::add`].
    pub fn add(&self, sources: Vec<PhotoSource>) -> Result<CatchUpOverview> {
        call(|| self.client.catch_up().add(&sources))
    }

    /// How far everything is; none when nothing is under way.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::overview`].
    pub fn overview(&self) -> Result<Option<CatchUpOverview>> {
        call(|| self.client.catch_up().overview())
    }

    /// Every photo that was given, in that order.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::photos`].
    pub fn photos(&self) -> Result<Vec<CatchUpPhoto>> {
        call(|| self.client.catch_up().photos())
    }

    /// The groups, the oldest first, one without a day last.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::groups`].
    pub fn groups(&self) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().groups())
    }

    /// Looks at the photos that were not looked at yet, and makes groups of them. Broken off, it goes on where it was.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::scan`].
    #[uniffi::method(default(opener = None, cancel = None, progress = None))]
    pub async fn scan(
        &self,
        opener: Option<Arc<dyn PhotoOpener>>,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<CatchUpOverview> {
        let (client, opener) = (Arc::clone(&self.client), opened_by(opener));
        let (cancel, progress) = (token(cancel), heard_by(progress));
        work(move || client.catch_up().scan(opener.as_deref(), &cancel, &*progress)).await
    }

    /// Makes groups anew by another gap; what the old ones said is gone, but for those that became entries.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::regroup`].
    pub fn regroup(&self, gap_hours: u32) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().regroup(gap_hours))
    }

    /// Makes one group of several. It says what the oldest said, and has all their learners, subjects and tags.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::merge`].
    pub fn merge(&self, groups: Vec<GroupNumber>) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().merge(&groups))
    }

    /// Parts a group in two: this photo of it and all after it make a new one that says the same.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::split`].
    pub fn split(&self, photo: PhotoNumber) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().split(photo))
    }

    /// Puts a photo into another group, or into a new one of its own.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::move_photo`].
    pub fn move_photo(&self, photo: PhotoNumber, to: Option<GroupNumber>) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().move_photo(photo, to))
    }

    /// Leaves photos out, or takes them in although they are duplicates.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::leave_out`].
    pub fn leave_out(&self, photos: Vec<PhotoNumber>, left_out: bool) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().leave_out(&photos, left_out))
    }

    /// Says the same of many groups, or refuses for all of them.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::assign`].
    pub fn assign(&self, groups: Vec<GroupNumber>, what: GroupAssignment) -> Result<Vec<PhotoGroup>> {
        call(|| self.client.catch_up().assign(&groups, &what))
    }

    /// Makes entries of the ticked groups that have a day. Broken off, it goes on with the next group: an entry is there
    /// with all its photos, or not yet.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::run`].
    #[uniffi::method(default(opener = None, cancel = None, progress = None))]
    pub async fn run(
        &self,
        opener: Option<Arc<dyn PhotoOpener>>,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<CatchUpOverview> {
        let (client, opener) = (Arc::clone(&self.client), opened_by(opener));
        let (cancel, progress) = (token(cancel), heard_by(progress));
        work(move || client.catch_up().run(opener.as_deref(), &cancel, &*progress)).await
    }

    /// Forgets photos and groups, whether or not they became entries. The entries stay, and so do the photos' files.
    ///
    /// # Errors
    /// As [`catch_up::CatchUpClient::end`].
    pub fn end(&self) -> Result<()> {
        call(|| self.client.catch_up().end())
    }
}
