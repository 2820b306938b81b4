//! The family log: who added, changed, threw away, brought back, destroyed or exported what, when, on which device. It holds
//! ids and kinds, never a name or a text, and is only ever added to.

mod queries;
#[cfg(test)]
mod tests;
mod write;

pub use queries::LogRows;
pub use write::{Logger, exported};

use crate::changes::ChangeKind;
use crate::context::Context;
use crate::error::Result;
use crate::ids::RecordId;
use crate::shelf::choice;
use std::sync::Arc;

/// Most events in one page.
const MAX_PAGE: u32 = 500;

choice! {
    /// What was done.
    Act {
        /// Added.
        Added = 1,
        /// Changed; what one device changes of one thing within an hour is one event.
        Changed = 2,
        /// Put into the trash.
        Trashed = 3,
        /// Taken out of the trash.
        Restored = 4,
        /// Destroyed for good.
        Purged = 5,
        /// Written to a document or a file outside of the app.
        Exported = 6,
        /// Said to be another one: a learner, or a subject that became part of another.
        Merged = 7,
    }
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// What was done.
    pub act: Act,
    /// The room of what it was done to; none for a private note, of which the log says no more.
    pub kind: Option<ChangeKind>,
    /// The ids of what it was done to, as far as they are told; none of the whole record, exported. Of what was merged, the
    /// other one's comes too. What is destroyed since has no other trace.
    pub things: Vec<RecordId>,
    /// The number of the device ([`Device::number`](crate::keys::Device::number)): whose it is stands there.
    pub device_no: u32,
    /// Its place in the log.
    pub place: LogCursor,
}

/// A place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogCursor {
    /// When, milliseconds since 1970.
    pub at: i64,
    /// The record of the log that holds the event.
    pub record: RecordId,
    /// The event's number there.
    pub number: u64,
}

/// Which events. All that is given must hold at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// What was done to this.
    pub thing: Option<RecordId>,
    /// What this device did, by its number.
    pub device_no: Option<u32>,
    /// Only what comes after the page that ended here.
    pub before: Option<LogCursor>,
    /// Events in the page, at most 500; 0 means 50.
    pub limit: u32,
}

/// The room of the family log.
#[derive(Debug, Clone)]
pub struct FamilyLogClient {
    context: Arc<Context>,
}

impl FamilyLogClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A page of the log, the newest event first. Where fewer come than were asked for, the log ends.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn page(&self, query: &LogQuery) -> Result<Vec<Event>> {
        let limit = if query.limit == 0 { 50 } else { query.limit.min(MAX_PAGE) };
        self.context.storage.read(|tx| queries::page(tx, query, limit))
    }
}
