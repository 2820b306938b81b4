//! The SQL of files that purges and burnt photographs left on the server: which it is to be told of, and which a record names after all.

use rusqlite::{Transaction, params};

use crate::error::Result;
use crate::ids::{BlobId, RecordId, SpaceId};
use crate::storage;

/// The day on which this phone last looked at what waits on the server.
const LOOKED_ON: &str = "left-looked-on";

/// Files that nothing here names any more, once the server has the record that gave them up. None while something here can't be
/// read: it may name one.
pub fn left(tx: &Transaction<'_>, space: SpaceId, limit: usize) -> Result<Vec<BlobId>> {
    let mut select = tx.prepare_cached(
        "SELECT l.blob FROM blob_left l JOIN record r ON r.rid = l.entry
          WHERE r.space = ?1 AND r.dirty = 0 AND r.base_seq > 0
            AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.space = ?1 AND q.cause < 4)
            AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.blob = l.blob)
          ORDER BY l.blob LIMIT ?2",
    )?;
    let rows = select.query_map(params![space.as_bytes(), limit], |row| row.get(0).map(BlobId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The server was told of these.
pub fn told_left(tx: &Transaction<'_>, blobs: &[BlobId]) -> Result<()> {
    let mut delete = tx.prepare_cached("DELETE FROM blob_left WHERE blob = ?1")?;
    blobs.iter().try_for_each(|blob| delete.execute([blob.as_bytes()]).map(drop))?;
    Ok(())
}

/// Which of these files something here names: shown, in the trash, a draft, or on its way up.
pub fn named(tx: &Transaction<'_>, blobs: &[BlobId]) -> Result<Vec<BlobId>> {
    let mut select = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM blob WHERE blob = ?1)")?;
    let mut found = Vec::new();
    for blob in blobs {
        if select.query_row([blob.as_bytes()], |row| row.get(0))? {
            found.push(*blob);
        }
    }
    Ok(found)
}

/// Whether this phone, which names files, is to look on this day at what waits.
pub fn should_look_at_left(tx: &Transaction<'_>, day: i64) -> Result<bool> {
    let names_any = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM blob WHERE state <> 0)")?
        .query_row([], |row| row.get(0))?;
    Ok(names_any && storage::number(tx, LOOKED_ON)? != Some(day))
}

/// It looked on this day.
pub fn looked_at_left(tx: &Transaction<'_>, day: i64) -> Result<()> {
    storage::keep_number(tx, LOOKED_ON, day)
}

/// It is to look again at the next sync.
pub fn look_at_left_anew(tx: &Transaction<'_>) -> Result<()> {
    storage::forget(tx, LOOKED_ON)
}

/// What the server confirmed of an entry's files is asked for again, and sent if it is gone there.
pub fn doubt_files_of(tx: &Transaction<'_>, entry: RecordId) -> Result<()> {
    tx.prepare_cached("UPDATE blob SET state = 2 WHERE state = 3 AND entry = ?1")?
        .execute([entry.as_bytes()])?;
    Ok(())
}
