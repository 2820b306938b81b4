//! Records in the store: read, and written together with their ciphertext and dirty flag.

use super::seal::{packed, unpacked};
use super::{Document, Sealer};
use crate::changes::Change;
use crate::error::{OrNotFound, Result};
use crate::ids::{RecordId, SpaceId};
use rusqlite::{OptionalExtension, Transaction, params};

/// A record as it stands on this phone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Its id.
    pub rid: RecordId,
    /// The space that it belongs to.
    pub space: SpaceId,
    /// Its content.
    pub doc: Document,
    /// The server's number that this content builds on; 0 when the server never had it.
    pub base_seq: u64,
    /// The server lacks something of it.
    pub dirty: bool,
    /// It is never pushed.
    pub local_only: bool,
}

/// A room that keeps rows of its own for some kind of record, so that screens can ask in SQL.
pub trait Synced: Send + Sync {
    /// The kind whose records it shows. Several rooms may show one kind.
    fn kind(&self) -> u16;

    /// Makes the room's rows and search index those of this document, in the caller's transaction; gives what
    /// screens should read again. The document may be new, changed, trashed or a tombstone.
    ///
    /// # Errors
    /// When the store can't be written. What a document holds is never an error: it may come from another version.
    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, document: &Document) -> Result<Vec<Change>>;
}

/// Reads a record.
///
/// # Errors
/// [`Error::StoreDamaged`](crate::Error::StoreDamaged) when its cells can't be read.
pub fn load(tx: &Transaction<'_>, rid: impl Into<RecordId>) -> Result<Option<StoredRecord>> {
    let rid = rid.into();
    let mut select =
        tx.prepare_cached("SELECT space, cells, base_seq, dirty, local_only FROM record WHERE rid = ?1")?;
    let mut rows = select.query([rid.as_bytes()])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(StoredRecord {
        rid,
        space: SpaceId(row.get(0)?),
        doc: unpacked(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?,
        base_seq: row.get(2)?,
        dirty: row.get(3)?,
        local_only: row.get(4)?,
    }))
}

/// Writes a record's content with the ciphertext that will be pushed and the dirty flag. A new record belongs to
/// the sealer's space.
///
/// The rooms' rows are not touched: the context's `Edit::save` does both.
///
/// # Errors
/// [`Error::InvalidInput`](crate::Error::InvalidInput) when it is larger than a server takes.
pub fn save(
    tx: &Transaction<'_>,
    sealer: &Sealer<'_>,
    rid: impl Into<RecordId>,
    doc: &Document,
) -> Result<()> {
    let rid = rid.into();
    let packed = packed(doc);
    let sealed = sealer.seal_packed(rid, &packed)?;
    tx.prepare_cached(
        "INSERT INTO record (rid, space, kind, cells, sealed, epoch, fmt, dirty, purge)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8)
         ON CONFLICT (rid) DO UPDATE SET
           space = excluded.space, cells = excluded.cells, sealed = excluded.sealed, epoch = excluded.epoch,
           fmt = excluded.fmt, dirty = 1, purge = excluded.purge, tries = 0, parked = NULL",
    )?
    .execute(params![
        rid.as_bytes(),
        sealer.space().as_bytes(),
        doc.kind(),
        packed.as_slice(),
        sealed.bytes,
        sealed.epoch,
        sealed.fmt,
        doc.is_purged()
    ])?;
    Ok(())
}

/// Seals a record anew as it stands, under the sealer's epoch, and marks it dirty.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such record.
pub fn reseal(tx: &Transaction<'_>, sealer: &Sealer<'_>, rid: impl Into<RecordId>) -> Result<()> {
    let stored = load(tx, rid)?.or_not_found("record")?;
    save(tx, sealer, stored.rid, &stored.doc)
}

/// Seals every record anew for the sealer's space, as one that no server has yet: what a phone does with the work
/// it did before it joined a family.
///
/// # Errors
/// When the store can't be read or written.
pub fn move_all(tx: &Transaction<'_>, sealer: &Sealer<'_>) -> Result<u64> {
    let mut select = tx.prepare("SELECT rid FROM record WHERE local_only = 0")?;
    let rids: Vec<[u8; 16]> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for rid in &rids {
        reseal(tx, sealer, RecordId(*rid))?;
    }
    tx.execute("UPDATE record SET base_seq = 0, ct_hash = NULL WHERE local_only = 0", [])?;
    Ok(rids.len() as u64)
}

/// Whether the server has everything of a record: `None` when there is no such record.
///
/// # Errors
/// When the store can't be read.
pub fn is_stored(tx: &Transaction<'_>, rid: impl Into<RecordId>) -> Result<Option<bool>> {
    let mut select = tx.prepare_cached("SELECT dirty = 0 AND base_seq > 0 FROM record WHERE rid = ?1")?;
    Ok(select.query_row([rid.into().as_bytes()], |row| row.get(0)).optional()?)
}
