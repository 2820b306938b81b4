//! Keeps the write-ahead log short, beside the writer: a save never waits until hundreds of pages are written back.

use super::{StoreKey, lock, open};
use crate::error::Result;
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;

/// So many more pages in the log, 4 MB, and they are written back. `SQLite` itself does it at as many, inside the
/// commit: every 24th save then took 8 to 24 ms longer.
const SOME: u32 = 1000;

/// At so many pages, 40 MB, somebody writes without a pause: the writer helps, and is slowed by it.
const TOO_MANY: u32 = 10_000;

/// How long the log is, and who writes it back.
pub(super) struct LogKeeper {
    pages: Arc<AtomicU32>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The log's pages when it was last written back.
    done_at: u32,
    running: Option<JoinHandle<()>>,
}

impl LogKeeper {
    /// Takes the place of `SQLite`'s own check after each commit of this connection.
    pub(super) fn of(writer: &mut Connection) -> Result<Self> {
        let pages = Arc::new(AtomicU32::new(0));
        let seen = pages.clone();
        writer.wal_hook(Some(move |_: &mut _, now: i32| {
            seen.store(u32::try_from(now).unwrap_or_default(), Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Self { pages, state: Mutex::default() })
    }

    /// After a commit. A failure is no failure of the commit: the log stays, whole, and the next try may work.
    pub(super) fn committed(&self, writer: &Connection, path: &Path, key: &StoreKey) {
        let pages = self.pages.load(Ordering::Relaxed);
        let mut state = lock(&self.state);
        if pages < state.done_at {
            // All of it had been written back, and it began anew.
            state.done_at = 0;
        }
        if pages < state.done_at.saturating_add(SOME) {
            return;
        }
        if pages >= TOO_MANY {
            state.done_at = pages;
            drop(write_back(writer));
        } else if state.running.as_ref().is_none_or(JoinHandle::is_finished) {
            state.done_at = pages;
            let (path, key) = (path.to_path_buf(), key.clone());
            let work = move || drop(open::log_keeper(&path, &key).and_then(|own| write_back(&own)));
            state.running = std::thread::Builder::new().name("kinfolio-log".into()).spawn(work).ok();
        }
    }

    /// Waits until nobody writes back.
    pub(super) fn finish(&self) {
        if let Some(running) = lock(&self.state).running.take() {
            drop(running.join());
        }
    }
}

/// What no reader still needs as it was, without waiting for anybody.
fn write_back(connection: &Connection) -> Result<()> {
    Ok(connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
}
