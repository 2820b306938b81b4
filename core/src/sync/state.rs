//! The truth about safety: where each entry is, and since when everything is.

use super::queries::{self, Standing};
use super::run::SyncClient;
use crate::error::{OrNotFound, Result};
use crate::ids::EntryId;

/// Where one entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryState {
    /// Nowhere else, and nothing is under way: no family server is used, or it stays here by choice.
    OnThisPhone,
    /// On its way.
    Waiting(Reason),
    /// The server confirmed the entry and every photo of it.
    Stored,
}

/// What an entry waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The next sync.
    Sync,
    /// This many photo files of it are not yet on the server.
    Photos(u32),
    /// The server keeps refusing it; holds the server's reason. An edit makes it tried again.
    Refused(String),
    /// Somebody's newer version of it needs a newer app; it is read-only until then.
    UpdateApp,
    /// Somebody's newer version of it can't be opened yet.
    Key,
}

/// The state of the whole phone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overview {
    /// Whether a server has ever been used from this phone's store.
    pub on: bool,
    /// Records that the server has not confirmed.
    pub waiting_records: u64,
    /// Photo files that the server has not confirmed.
    pub waiting_photos: u64,
    /// Records that the server keeps refusing; also counted as waiting.
    pub refused: u64,
    /// Rows that can't be opened yet.
    pub quarantined: u64,
    /// Everything on this phone was stored at this time, in ms since 1970; `None` if that was never so.
    pub safe_at: Option<i64>,
    /// Server time minus phone time in ms, when it is large enough to be told.
    pub clock_off_ms: i64,
}
