//! What other apps share into this one, and the day out that pictures fall into.
use crate::attachments::ImportSource;
use crate::border::{Result, call, work};
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::clock::{Clock, OsRandomness, SystemClock};
use kinfolio_core::{entries, ids, intake};
use std::sync::Arc;

type Entry = entries::Entry;
type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;

/// What another app shares.
#[derive(uniffi::Record)]
pub struct Shared {
    /// The title of a page or message; empty where there is none.
    #[uniffi(default = "")]
    pub title: String,
    /// Its text.
    #[uniffi(default = "")]
    pub text: String,
    /// Its address.
    #[uniffi(default = "")]
    pub url: String,
    /// Pictures, PDFs, recordings, videos, in their order.
    #[uniffi(default = [])]
    pub files: Vec<SharedFile>,
    /// Whose it is, where that was asked.
    #[uniffi(default = [])]
    pub learners: Vec<LearnerId>,
    /// Today on this phone, `YYYY-MM-DD`.
    pub day: String,
}

/// A file that another app shares.
#[derive(uniffi::Record)]
pub struct SharedFile {
    /// Its bytes, or where they are.
    pub source: ImportSource,
    /// What it is called there.
    pub name: String,
}

impl From<SharedFile> for intake::SharedFile {
    fn from(file: SharedFile) -> Self {
        Self { source: file.source.into(), name: file.name }
    }
}

impl From<Shared> for intake::Shared {
    fn from(shared: Shared) -> Self {
        let Shared { title, text, url, files, learners, day } = shared;
        Self { title, text, url, files: files.into_iter().map(Into::into).collect(), learners, day }
    }
}

/// What came out of the inbox.
#[derive(uniffi::Record)]
pub struct TakenIn {
    /// The new drafts, oldest first.
    pub entries: Vec<EntryId>,
    /// What could not be taken in, and why.
    pub problems: Vec<String>,
}

/// Puts something into the inbox of the record in `folder`, which may be locked or closed: nothing is opened for it. It
/// comes out by [`IntakeClient::take_waiting`] once the record is open.
///
/// # Errors
/// As [`intake::put`].
#[uniffi::export]
pub async fn put_into_inbox(folder: String, shared: Shared) -> Result<()> {
    work(move || intake::put(folder.as_ref(), &shared.into(), SystemClock.now_ms(), &OsRandomness)).await
}

/// The room of what comes in.
#[derive(uniffi::Object)]
pub struct IntakeClient {
    pub(crate) room: intake::IntakeClient,
}

#[uniffi::export]
impl IntakeClient {
    /// Takes something shared into a draft of its own; pictures and files alone go into the day out that is open. All of
    /// it is there when this returns, or nothing.
    ///
    /// # Errors
    /// As [`intake::IntakeClient::take`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn take(
        &self,
        shared: Shared,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Entry> {
        let (room, cancel, progress) = (self.room.clone(), token(cancel), heard_by(progress));
        work(move || room.take(shared.into(), &cancel, &*progress)).await
    }

    /// How many things wait in the inbox.
    ///
    /// # Errors
    /// None but `Unexpected`.
    pub fn waiting(&self) -> Result<u32> {
        call(|| Ok(self.room.waiting()))
    }

    /// Takes out what waits, each as a draft of its own. Stopped or killed, the next time goes on there.
    ///
    /// # Errors
    /// As [`intake::IntakeClient::take_waiting`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn take_waiting(
        &self,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<TakenIn> {
        let (room, cancel, progress) = (self.room.clone(), token(cancel), heard_by(progress));
        let taken = work(move || room.take_waiting(&cancel, &*progress)).await?;
        Ok(TakenIn { entries: taken.entries, problems: taken.problems })
    }

    /// Begins a day out: a draft of that day for these learners, into which pictures and files fall.
    ///
    /// # Errors
    /// As [`intake::IntakeClient::begin_day_out`].
    pub fn begin_day_out(&self, title: String, learners: Vec<LearnerId>, day: String) -> Result<Entry> {
        call(|| self.room.begin_day_out(&title, learners, &day))
    }

    /// The day out that is open on a day, today's. It ends by itself with its day.
    ///
    /// # Errors
    /// As [`intake::IntakeClient::day_out`].
    pub fn day_out(&self, day: String) -> Result<Option<Entry>> {
        call(|| self.room.day_out(&day))
    }

    /// Ends the day out. Its entry stays the draft that it is.
    ///
    /// # Errors
    /// As [`intake::IntakeClient::end_day_out`].
    pub fn end_day_out(&self) -> Result<()> {
        call(|| self.room.end_day_out())
    }
}
