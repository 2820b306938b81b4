//! Syncing with the family's server, and the truth about where everything is.
use crate::border::{Result, call, wait};
use crate::ids::Id;
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::changes::ChangeKind;
use kinfolio_core::ids::RecordId;
use kinfolio_core::{ids, sync};
use std::sync::Arc;

type AttachmentId = ids::AttachmentId;
type Deletion = sync::Deletion;
type Purged = sync::Purged;
type EntryId = ids::EntryId;
type EntryState = sync::EntryState;
type Reason = sync::Reason;
type Overview = sync::Overview;
type Report = sync::Report;

/// Where one entry is.
#[uniffi::remote(Enum)]
pub enum EntryState {
    /// Nowhere else, and nothing is under way.
    OnThisPhone,
    /// On its way.
    Waiting(Reason),
    /// The server confirmed the entry and every photo of it, and all of it is on this phone, but for what was let go to make
    /// room.
    Stored,
}

/// What an entry waits for.
#[uniffi::remote(Enum)]
pub enum Reason {
    /// The next sync.
    Sync,
    /// This many photo files of it are still on their way: not yet on the server, or not yet here.
    Photos(u32),
    /// It, or a photo file of it, is no longer tried; says why. An edit makes the entry tried again, a check its photo
    /// files.
    Refused(String),
    /// Somebody's newer version of it needs a newer app. It can be edited: what is written here waits on this phone
    /// until the app is updated.
    UpdateApp,
    /// Somebody's newer version of it can't be opened yet.
    Key,
    /// The server's version of it is damaged.
    Damaged,
    /// A phone deleted it for good, with many others: it stays here until somebody looks at what was deleted.
    Review,
    /// The server shows another history than this phone knows: nothing is sent there until that is cleared up.
    HistoryDiffers,
}

/// The state of the whole phone.
#[uniffi::remote(Record)]
pub struct Overview {
    /// Whether a server has ever been used from this phone's store.
    pub on: bool,
    /// Records that the server has not confirmed.
    pub waiting_records: u64,
    /// Photo files of this phone that the server has not confirmed.
    pub waiting_photos: u64,
    /// Records that can't be sent as they are, also counted as waiting, and photo files that are no longer tried.
    pub refused: u64,
    /// Rows that can't be opened yet.
    pub quarantined: u64,
    /// Things that another phone deleted for good, so many at once that they wait here for a person's word.
    pub deletions: u64,
    /// Everything on this phone was stored at this time, milliseconds since 1970.
    pub safe_at: Option<i64>,
    /// Server time minus phone time in milliseconds, when it is large enough to be told.
    pub clock_off_ms: i64,
    /// The alarm: the server shows another history than this phone knows. Everything here stays usable.
    pub history_differs: bool,
    /// The server's copy of the family is to be erased at this time, milliseconds since 1970; the keys room tells by whom,
    /// and calls it off.
    pub erasure_ms: Option<i64>,
}

/// A thing that another phone deleted for good, and that stands here as it was.
#[uniffi::remote(Record)]
pub struct Deletion {
    /// Its room.
    pub kind: ChangeKind,
    /// Its id; its room still gives it.
    pub id: Id,
    /// When it was deleted, milliseconds since 1970, by the other phone's clock.
    pub deleted_at: i64,
    /// The number of the device.
    pub device_no: u32,
}

/// A thing that was deleted for good and that the server still has.
#[uniffi::remote(Record)]
pub struct Purged {
    /// Its room.
    pub kind: ChangeKind,
    /// The id that it had.
    pub id: Id,
    /// Its title or name; empty when it had none.
    pub title: String,
    /// When it was deleted, milliseconds since 1970, by the clock of the phone that did it.
    pub purged_at: i64,
    /// The number of the device.
    pub device_no: u32,
    /// When the server destroys it, milliseconds since 1970.
    pub goes_at: i64,
}

/// What syncing did since the client was opened; only ever grows.
#[uniffi::remote(Record)]
pub struct Report {
    /// Rows taken in from the server.
    pub pulled: u64,
    /// Records that the server confirmed.
    pub pushed: u64,
    /// Pulled rows that were merged with something already here.
    pub merged: u64,
    /// Pushes that met somebody else's writing.
    pub conflicts: u64,
    /// Rows laid aside because they can't be opened yet.
    pub quarantined: u64,
    /// Damaged rows of the server that this phone put its good version over.
    pub healed: u64,
    /// Records and photo files that can't be sent as they are, or that the server keeps refusing.
    pub parked: u64,
    /// Comparisons by digest.
    pub repairs: u64,
    /// Photo files stored on the server.
    pub blobs_up: u64,
    /// Photo files brought here.
    pub blobs_down: u64,
}

/// The room of syncing.
#[derive(uniffi::Object)]
pub struct SyncClient {
    pub(crate) room: sync::SyncClient,
}

#[uniffi::export]
impl SyncClient {
    /// Syncs everything once: records both ways, then photo files. Every step is kept, so that the next run goes on
    /// where this one stopped.
    ///
    /// # Errors
    /// As [`sync::SyncClient::run`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn run(
        &self,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Report> {
        let room = self.room.clone();
        wait(async move { room.run(token(cancel), heard_by(progress)).await }).await
    }

    /// Compares digests with the server and mends both sides; for a person in doubt.
    ///
    /// # Errors
    /// As [`sync::SyncClient::check`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn check(
        &self,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<Report> {
        let room = self.room.clone();
        wait(async move { room.check(token(cancel), heard_by(progress)).await }).await
    }

    /// Brings an attachment's files to this phone now, also while a sync is under way: one that was let go to make room, or
    /// that has not come yet.
    ///
    /// # Errors
    /// As [`sync::SyncClient::fetch`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn fetch(
        &self,
        attachment: AttachmentId,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<()> {
        let room = self.room.clone();
        wait(async move { room.fetch(attachment, token(cancel), heard_by(progress)).await }).await
    }

    /// Whether the phone's connection is mobile data, to be told whenever it changes: photo files wait then, unless this
    /// phone's settings let them.
    ///
    /// # Errors
    /// None: it only keeps what it is told.
    pub fn set_on_mobile_data(&self, on: bool) -> Result<()> {
        self.room.set_on_mobile_data(on);
        Ok(())
    }

    /// What syncing did since the client was opened.
    ///
    /// # Errors
    /// None but [`KinfolioError::Unexpected`](crate::error::KinfolioError::Unexpected): it only reads what was counted.
    pub fn report(&self) -> Result<Report> {
        call(|| Ok(self.room.report()))
    }

    /// What other phones deleted for good, so much at once that it waits here for a person's word.
    ///
    /// # Errors
    /// As [`sync::SyncClient::deletions`].
    pub fn deletions(&self) -> Result<Vec<Deletion>> {
        call(|| self.room.deletions())
    }

    /// Deletes here too what was deleted elsewhere. `expected` is the number that the person confirmed.
    ///
    /// # Errors
    /// As [`sync::SyncClient::accept_deletions`].
    pub fn accept_deletions(&self, ids: Vec<Id>, expected: u64) -> Result<()> {
        call(|| self.room.accept_deletions(&ids.into_iter().map(RecordId).collect::<Vec<_>>(), expected))
    }

    /// Keeps what was deleted elsewhere, for all phones: each comes back as a new thing. Gives the new ids in that order.
    ///
    /// # Errors
    /// As [`sync::SyncClient::keep_deleted`].
    pub fn keep_deleted(&self, ids: Vec<Id>) -> Result<Vec<Id>> {
        let ids: Vec<RecordId> = ids.into_iter().map(RecordId).collect();
        call(|| Ok(self.room.keep_deleted(&ids)?.into_iter().map(|id| id.0).collect()))
    }

    /// What was deleted for good in the last 14 days and can be brought back; asks the server. `private`: needs notes and
    /// assessments, and only those.
    ///
    /// # Errors
    /// As [`sync::SyncClient::purged`].
    #[uniffi::method(default(private = false))]
    pub async fn purged(&self, private: bool) -> Result<Vec<Purged>> {
        let room = self.room.clone();
        wait(async move { room.purged(private).await }).await
    }

    /// Brings back what was deleted for good, for all phones and with its files: each as a new thing. Gives the new ids in
    /// that order.
    ///
    /// # Errors
    /// As [`sync::SyncClient::bring_back`].
    pub async fn bring_back(&self, ids: Vec<Id>) -> Result<Vec<Id>> {
        let (room, ids) = (self.room.clone(), ids.into_iter().map(RecordId).collect::<Vec<_>>());
        wait(async move { Ok(room.bring_back(&ids).await?.into_iter().map(|id| id.0).collect()) }).await
    }

    /// Where one entry is.
    ///
    /// # Errors
    /// As [`sync::SyncClient::state`].
    pub fn state(&self, entry: EntryId) -> Result<EntryState> {
        call(|| self.room.state(entry))
    }

    /// The state of the whole phone.
    ///
    /// # Errors
    /// As [`sync::SyncClient::overview`].
    pub fn overview(&self) -> Result<Overview> {
        call(|| self.room.overview())
    }
}
