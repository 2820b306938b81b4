//! The SQL of deletions that are kept aside: tombstones in quarantine, whose records stand as they were.

use kinfolio_protocol::ids::DeviceId;
use kinfolio_protocol::sync::PullItem;
use rusqlite::{Transaction, params};

use super::Cause;
use crate::error::Result;
use crate::ids::{RecordId, SpaceId};

/// A tombstone that is kept aside.
#[derive(Debug)]
pub struct HeldDeletion {
    /// The server's row.
    pub row: PullItem,
    /// Its space.
    pub space: SpaceId,
    /// It was looked at before, and was too many.
    pub asked: bool,
}

/// Keeps a tombstone aside; one that waits for a person goes on waiting when it comes again.
pub fn hold(tx: &Transaction<'_>, space: SpaceId, row: &PullItem) -> Result<()> {
    let asked = super::cause(tx, row.record)? == Some(Cause::ToReview);
    super::quarantine(tx, space, row, if asked { Cause::ToReview } else { Cause::Deleted })
}

/// From now on it waits.
pub fn ask(tx: &Transaction<'_>, rid: RecordId) -> Result<()> {
    tx.prepare_cached("UPDATE quarantine SET cause = 5 WHERE rid = ?1 AND cause = 4")?
        .execute([rid.as_bytes()])?;
    Ok(())
}

/// All that are kept aside, by their numbers.
pub fn held_deletions(tx: &Transaction<'_>) -> Result<Vec<HeldDeletion>> {
    let mut select = tx.prepare_cached(
        "SELECT rid, seq, fmt, epoch, ct, space, cause FROM quarantine WHERE cause >= 4 ORDER BY space, seq",
    )?;
    let rows = select.query_map([], |row| {
        Ok(HeldDeletion {
            row: PullItem {
                record: RecordId(row.get(0)?),
                seq: row.get(1)?,
                format: row.get(2)?,
                epoch: row.get(3)?,
                ciphertext: row.get(4)?,
                device: DeviceId([0; 16]),
            },
            space: SpaceId(row.get(5)?),
            asked: row.get::<_, u8>(6)? == Cause::ToReview as u8,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many records of the space are no tombstones.
pub fn standing_records(tx: &Transaction<'_>, space: SpaceId) -> Result<u64> {
    Ok(tx
        .prepare_cached("SELECT count(*) FROM record WHERE space = ?1 AND purge = 0")?
        .query_row(params![space.as_bytes()], |row| row.get(0))?)
}
