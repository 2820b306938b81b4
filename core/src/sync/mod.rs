//! Moves dirty records and blobs to the server and brings others' here; local work never waits for it.

mod absorb;
mod blobs;
mod deletions;
mod downloads;
mod engine;
mod fetching;
mod keeping;
mod left;
#[cfg(test)]
mod memory_remote;
mod offset;
mod pull;
mod purged;
mod push;
mod queries;
mod remote;
mod repair;
mod run;
mod state;
#[cfg(test)]
mod tests;

pub use deletions::Deletion;
pub use engine::{AfterPull, LogReader};
pub use purged::Purged;
pub use run::{Report, SyncClient};
pub use state::{EntryState, Overview, Reason};
