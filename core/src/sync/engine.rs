//! What the loops share: the store, the server, the rooms, the counts, and the reasons to stop.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::BoxFuture;
use kinfolio_protocol::family::Notices;
use kinfolio_protocol::purge::BlobsRequest;
use kinfolio_protocol::sync::PushRequest;

use super::fetching::Busy;
use super::remote::Remote;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::ids::{RecordId, SpaceId};
use crate::progress::blocking;

/// What sync asks of the keys room.
pub trait LogReader: Send + Sync {
    /// Reads the family's membership log on from where this phone stands, and takes the keys that it was granted.
    ///
    /// # Errors
    /// `Offline`, `HistoryDiffers`, and those of the store.
    fn read_log(&self) -> BoxFuture<'_, Result<()>>;

    /// Whether the log, as far as this phone has read it, announces a space's epoch.
    ///
    /// # Errors
    /// Those of the store.
    fn announces(&self, space: SpaceId, epoch: u32) -> Result<bool>;

    /// Keeps what every phone of the family is told.
    ///
    /// # Errors
    /// Those of the store.
    fn keep_notices(&self, told: &Notices) -> Result<()>;

    /// This device's signature for what a push purges; `None` when it purges nothing.
    ///
    /// # Errors
    /// Those of the store.
    fn sign_purge(&self, space: SpaceId, push: &PushRequest) -> Result<Option<[u8; 64]>>;

    /// This device's signature for files that a purge left without a record.
    ///
    /// # Errors
    /// Those of the store.
    fn sign_left(&self, space: SpaceId, left: &BlobsRequest) -> Result<[u8; 64]>;

    /// Raises the alarm and keeps it.
    ///
    /// # Errors
    /// Always: `HistoryDiffers`, or why the store can't be written.
    fn alarm(&self) -> Result<()>;
}

/// What is done by other rooms once a sync has everything and heard the server's time.
pub trait AfterPull: Send + Sync {
    /// Does what is due; `offset_ms` is the server's clock minus this phone's, heard just now. Gives how many records
    /// it wrote.
    ///
    /// # Errors
    /// Those of the store.
    fn tend(&self, offset_ms: i64) -> Result<u64>;
}

/// One sync under way; lives as long as the loops need it.
pub(super) struct Engine {
    pub context: Arc<Context>,
    pub remote: Remote,
    pub space: SpaceId,
    pub log: Arc<dyn LogReader>,
    pub chores: Arc<dyn AfterPull>,
    pub counts: Arc<Counters>,
    /// Files that are being fetched.
    pub busy: Busy,
    /// The log was read in this run already: reading it once more can't help.
    pub log_was_read: AtomicBool,
    /// Refused in this run: one try a run is enough.
    pub refused: Mutex<Vec<RecordId>>,
}

impl Engine {
    /// Compares the server's incarnation with the one that the cursor belongs to.
    pub fn same_life(&self, ours: &[u8; 16], theirs: &[u8; 16]) -> Result<(), Stop> {
        if ours == theirs { Ok(()) } else { Err(Stop::OtherLife) }
    }

    /// The records that were refused in this run.
    pub fn refused(&self) -> MutexGuard<'_, Vec<RecordId>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the membership log, once a run; says whether it was read now.
    pub async fn read_log_once(&self) -> Result<bool> {
        if self.log_was_read.swap(true, Ordering::SeqCst) {
            return Ok(false);
        }
        self.log.read_log().await?;
        Ok(true)
    }
}

impl Engine {
    /// Lets the other rooms do what is due, if the server told its time in this run; says whether they wrote anything.
    pub async fn tend(self: &Arc<Self>) -> Result<bool> {
        let Some(offset) = self.remote.offset_ms() else { return Ok(false) };
        let engine = Arc::clone(self);
        blocking(move || Ok(engine.chores.tend(offset)? > 0)).await
    }

    /// Keeps what the last page of a pull told, if one came.
    pub async fn learn_notices(self: &Arc<Self>) -> Result<()> {
        let Some(told) = self.remote.told() else { return Ok(()) };
        let engine = Arc::clone(self);
        blocking(move || engine.log.keep_notices(&told)).await
    }
}

/// Why a loop ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// It failed; what was done so far is kept.
    Failed(Error),
    /// The server's store is in another life, or its numbers went back: compare digests, then begin again.
    OtherLife,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What happened since the client was opened; only ever grows.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub pulled: AtomicU64,
    pub pushed: AtomicU64,
    pub merged: AtomicU64,
    pub conflicts: AtomicU64,
    pub quarantined: AtomicU64,
    pub healed: AtomicU64,
    pub parked: AtomicU64,
    pub repairs: AtomicU64,
    pub blobs_up: AtomicU64,
    pub blobs_down: AtomicU64,
}

/// Adds to a counter.
pub(super) fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}
