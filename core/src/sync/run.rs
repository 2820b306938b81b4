//! The room's object: one sync at a time, from first contact to the last photo.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::engine::{AfterPull, Counters, Engine, LogReader, Stop};
use super::fetching::Busy;
use super::queries;
use super::remote::Remote;
use crate::changes::{Change, ChangeKind};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::http::Door;
use crate::ids::{FamilyId, SpaceId};
use crate::keys;
use crate::progress::{Cancel, Progress, Watch, blocking};
use crate::settings;

/// How often one run begins again because the server's store is in another life.
const LIVES: u32 = 3;

/// What syncing did since the client was opened; only ever grows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

/// Syncing with the family's server.
#[derive(Clone)]
pub struct SyncClient {
    pub(super) context: Arc<Context>,
    door: Arc<dyn Door>,
    log: Arc<dyn LogReader>,
    chores: Arc<dyn AfterPull>,
    pub(super) counts: Arc<Counters>,
    busy: Busy,
    /// The phone's connection is mobile data.
    on_mobile_data: Arc<AtomicBool>,
    /// One sync at a time; a second caller waits for the first and then finds little to do.
    pub(super) turn: Arc<tokio::sync::Mutex<()>>,
}

impl SyncClient {
    /// The room over an open store; `log` reads the membership log, `chores` are done when all was pulled.
    pub(crate) fn new(
        context: Arc<Context>,
        door: Arc<dyn Door>,
        log: Arc<dyn LogReader>,
        chores: Arc<dyn AfterPull>,
    ) -> Self {
        Self {
            context,
            door,
            log,
            chores,
            counts: Arc::default(),
            busy: Busy::default(),
            on_mobile_data: Arc::default(),
            turn: Arc::default(),
        }
    }

    /// Syncs everything once: records both ways, then photo files, small ones first. What fails leaves the rest
    /// going on; every step is kept, so that the next run continues where this one stopped.
    ///
    /// `progress` counts records and photo parts. Over mobile data photo files wait, unless this phone's settings let them.
    ///
    /// # Errors
    /// The first failure: [`Error::SignedOut`], [`Error::NotEnrolled`], [`Error::InvalidInput`] when signed in to
    /// another server than the family's, [`Error::Offline`], [`Error::Cancelled`], [`Error::StorageFull`],
    /// [`Error::HistoryDiffers`], or a refusal. What was done before it is kept.
    pub async fn run(&self, cancel: Cancel, progress: Arc<dyn Progress>) -> Result<Report> {
        let _turn = self.turn.lock().await;
        let engine = self.engine().await?;
        let watch = Watch::new(cancel, progress);
        let records = self.records(&engine, &watch).await;
        let blobs = match &records {
            Err(Error::Cancelled | Error::SignedOut | Error::NotEnrolled) => Ok(()),
            _ if self.files_wait().await? => Ok(()),
            _ => engine.blobs(&watch).await,
        };
        let left = if records.is_ok() { engine.settle_left().await } else { Ok(()) };
        let learnt = engine.learn_offset().await;
        let told = engine.learn_notices().await;
        records.and(blobs).and(left).and(learnt).and(told)?;
        self.note_safe().await?;
        Ok(self.report())
    }

    /// Compares digests with the server and mends both sides; for a person in doubt.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn check(&self, cancel: Cancel, progress: Arc<dyn Progress>) -> Result<Report> {
        let _turn = self.turn.lock().await;
        let engine = self.engine().await?;
        let watch = Watch::new(cancel, progress);
        let space = engine.space;
        failed(engine.first_contact(space).await.map(drop))?;
        failed(engine.repair(space, &watch).await)?;
        self.records(&engine, &watch).await?;
        Ok(self.report())
    }

    /// Whether the phone's connection is mobile data, as the platform tells whenever it changes; not, until it is told.
    pub fn set_on_mobile_data(&self, on: bool) {
        self.on_mobile_data.store(on, Ordering::Relaxed);
    }

    async fn files_wait(&self) -> Result<bool> {
        if !self.on_mobile_data.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let context = Arc::clone(&self.context);
        blocking(move || Ok(!context.storage.read(settings::of_phone)?.files_on_mobile_data)).await
    }

    /// What syncing did since the client was opened.
    pub fn report(&self) -> Report {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let Counters {
            pulled,
            pushed,
            merged,
            conflicts,
            quarantined,
            healed,
            parked,
            repairs,
            blobs_up,
            blobs_down,
        } = &*self.counts;
        Report {
            pulled: read(pulled),
            pushed: read(pushed),
            merged: read(merged),
            conflicts: read(conflicts),
            quarantined: read(quarantined),
            healed: read(healed),
            parked: read(parked),
            repairs: read(repairs),
            blobs_up: read(blobs_up),
            blobs_down: read(blobs_down),
        }
    }

    pub(super) async fn engine(&self) -> Result<Arc<Engine>> {
        let signed_in = self.door.who()?;
        let context = Arc::clone(&self.context);
        let place = blocking(move || context.storage.read(keys::place)).await?;
        if place.history_differs {
            return Err(Error::HistoryDiffers);
        }
        keys::check_server(place.server.as_deref(), &signed_in)?;
        let (family, space) = (FamilyId(place.family), SpaceId(place.space));
        Ok(Arc::new(Engine {
            context: Arc::clone(&self.context),
            remote: Remote::new(Arc::clone(&self.door), Arc::clone(&self.context.clock), family),
            space,
            log: Arc::clone(&self.log),
            chores: Arc::clone(&self.chores),
            counts: Arc::clone(&self.counts),
            busy: self.busy.clone(),
            log_was_read: AtomicBool::new(false),
            refused: Mutex::default(),
        }))
    }

    /// Records both ways; the two loops don't wait for each other. What the pull merged is pushed at the end.
    pub(super) async fn records(&self, engine: &Arc<Engine>, watch: &Watch) -> Result<()> {
        let space = engine.space;
        engine.retry_quarantine(space).await?;
        for _ in 0..LIVES {
            failed(engine.first_contact(space).await.map(drop))?;
            engine.learn_offset().await?;
            let (pulled, pushed) = futures::join!(engine.pull(space, watch), engine.push(space, watch));
            if matches!((&pulled, &pushed), (Err(Stop::OtherLife), _) | (_, Err(Stop::OtherLife))) {
                match engine.repair(space, watch).await {
                    Ok(()) | Err(Stop::OtherLife) => continue,
                    Err(Stop::Failed(error)) => return Err(error),
                }
            }
            failed(pulled)?;
            failed(pushed)?;
            engine.settle_deletions(space).await?;
            match engine.push(space, watch).await {
                Err(Stop::OtherLife) => {}
                Ok(()) if engine.tend().await? => return failed(engine.push(space, watch).await),
                pushed => return failed(pushed),
            }
        }
        Err(Error::Offline("the server keeps changing its store".into()))
    }

    /// After a run without failures: when nothing waits, everything is safe as of now.
    async fn note_safe(&self) -> Result<()> {
        let context = Arc::clone(&self.context);
        blocking(move || {
            let now = context.clock.now_ms();
            let written = context.storage.write(|tx| queries::note_safe(tx, now))?;
            if written {
                context.changes.tell(vec![Change::all(ChangeKind::Sync)]);
            }
            Ok(())
        })
        .await
    }
}

fn failed(stopped: Result<(), Stop>) -> Result<()> {
    match stopped {
        Ok(()) => Ok(()),
        Err(Stop::Failed(error)) => Err(error),
        Err(Stop::OtherLife) => Err(Error::Offline("the server's store was replaced: sync again".into())),
    }
}
