//! The SQL of sync on blobs.

use rusqlite::Transaction;

use crate::error::Result;
use crate::ids::EntryId;

/// How many photo files of one entry the server has not confirmed.
pub fn photos_waiting(_tx: &Transaction<'_>, _entry: EntryId) -> Result<u32> {
    Ok(0)
}

/// How many photo files the server has not confirmed.
pub fn blobs_waiting(_tx: &Transaction<'_>) -> Result<u64> {
    Ok(0)
}
