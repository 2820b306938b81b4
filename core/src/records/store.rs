//! Records in the store: read, and written together with their ciphertext and dirty flag.

use super::seal::{FORMAT, Packed, Sealed, packed, too_large, unpacked};
use super::{Document, Sealer};
use crate::changes::Change;
use crate::error::{OrNotFound, Result};
use crate::ids::{LearnerId, RecordId, SpaceId};
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

    /// The records of this room that may name a learner.
    ///
    /// # Errors
    /// When the store can't be read.
    fn naming(&self, _tx: &Transaction<'_>, _learner: LearnerId) -> Result<Vec<RecordId>> {
        Ok(Vec::new())
    }
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

/// A record's cells as they are kept.
///
/// # Errors
/// When the store can't be read.
pub fn cells(tx: &Transaction<'_>, rid: RecordId) -> Result<Option<Vec<u8>>> {
    let mut select = tx.prepare_cached("SELECT cells FROM record WHERE rid = ?1")?;
    Ok(select.query_row([rid.as_bytes()], |row| row.get(0)).optional()?)
}

/// What the state tells of a record that is parked for its size.
const TOO_LARGE: &str = "two versions of it together are too large: shorten it";

/// Writes a record's content with the ciphertext that will be pushed and the dirty flag. A new record belongs to
/// the sealer's space.
///
/// The rooms' rows are not touched: the context's `Edit::save` does both.
///
/// # Errors
/// [`Error::InvalidInput`](crate::Error::InvalidInput) when it is larger than a server takes, unless a merge had made
/// it so before: shortening that in steps, or throwing it away, must not be refused.
pub fn save(
    tx: &Transaction<'_>,
    sealer: &Sealer<'_>,
    rid: impl Into<RecordId>,
    doc: &Document,
) -> Result<()> {
    let rid = rid.into();
    let packed = packed(doc);
    let sealed = sealer.seal_packed(rid, &packed)?;
    if sealed.is_none() && !is_too_large(tx, rid)? {
        return Err(too_large());
    }
    write(tx, sealer, rid, doc, &packed, sealed)
}

/// As [`save`], for what nobody is there to be refused: a merge, or a record sealed anew. One that is too large is
/// kept and parked; says whether it can be pushed.
///
/// # Errors
/// When the store can't be written.
pub fn keep(tx: &Transaction<'_>, sealer: &Sealer<'_>, rid: RecordId, doc: &Document) -> Result<bool> {
    let packed = packed(doc);
    let sealed = sealer.seal_packed(rid, &packed)?;
    let fits = sealed.is_some();
    write(tx, sealer, rid, doc, &packed, sealed)?;
    Ok(fits)
}

fn write(
    tx: &Transaction<'_>,
    sealer: &Sealer<'_>,
    rid: RecordId,
    doc: &Document,
    packed: &Packed,
    sealed: Option<Sealed>,
) -> Result<()> {
    let parked = sealed.is_none().then_some(TOO_LARGE);
    let fmt = sealed.as_ref().map_or(FORMAT, |sealed| sealed.fmt);
    tx.prepare_cached(
        "INSERT INTO record (rid, space, kind, cells, sealed, epoch, fmt, dirty, purge, parked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)
         ON CONFLICT (rid) DO UPDATE SET
           space = excluded.space, cells = excluded.cells, sealed = excluded.sealed, epoch = excluded.epoch,
           fmt = excluded.fmt, dirty = 1, purge = excluded.purge, tries = 0, parked = excluded.parked",
    )?
    .execute(params![
        rid.as_bytes(),
        sealer.space().as_bytes(),
        doc.kind(),
        &**packed,
        sealed.map(|sealed| sealed.bytes),
        sealer.epoch(),
        fmt,
        doc.is_purged(),
        parked,
    ])?;
    Ok(())
}

/// Whether a merge made it larger than a server takes: nothing is sealed, and it waits to be shortened.
fn is_too_large(tx: &Transaction<'_>, rid: RecordId) -> Result<bool> {
    let mut select = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM record WHERE rid = ?1 AND dirty = 1 AND sealed IS NULL)",
    )?;
    Ok(select.query_row([rid.as_bytes()], |row| row.get(0))?)
}

/// Whether this phone has no record at all.
///
/// # Errors
/// When the store can't be read.
pub fn is_empty(tx: &Transaction<'_>) -> Result<bool> {
    Ok(tx.query_row("SELECT NOT EXISTS (SELECT 1 FROM record)", [], |row| row.get(0))?)
}

/// Every record, in the order in which they came.
///
/// # Errors
/// When the store can't be read.
pub fn all(tx: &Transaction<'_>) -> Result<Vec<RecordId>> {
    let mut select = tx.prepare_cached("SELECT rid FROM record ORDER BY id")?;
    let rows = select.query_map([], |row| Ok(RecordId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every record of a kind, in the order of their ids.
///
/// # Errors
/// When the store can't be read.
pub fn of_kind(tx: &Transaction<'_>, kind: impl Into<u16>) -> Result<Vec<RecordId>> {
    let mut select = tx.prepare_cached("SELECT rid FROM record WHERE kind = ?1 ORDER BY rid")?;
    let rows = select.query_map([kind.into()], |row| Ok(RecordId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every record that may leave this phone, with its kind, in the order in which they came.
///
/// # Errors
/// When the store can't be read.
pub fn shared(tx: &Transaction<'_>) -> Result<Vec<(RecordId, u16)>> {
    let mut select = tx.prepare_cached("SELECT rid, kind FROM record WHERE local_only = 0 ORDER BY id")?;
    let rows = select.query_map([], |row| Ok((RecordId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a record stays on this phone.
///
/// # Errors
/// When the store can't be read.
pub fn is_local(tx: &Transaction<'_>, rid: RecordId) -> Result<bool> {
    let mut select = tx.prepare_cached("SELECT local_only FROM record WHERE rid = ?1")?;
    Ok(select.query_row([rid.as_bytes()], |row| row.get(0)).optional()?.unwrap_or(false))
}

/// Keeps a record on this phone for good.
///
/// # Errors
/// When the store can't be written.
pub fn leave(tx: &Transaction<'_>, rid: RecordId) -> Result<()> {
    tx.prepare_cached("UPDATE record SET local_only = 1, dirty = 0, sealed = NULL WHERE rid = ?1")?
        .execute([rid.as_bytes()])?;
    Ok(())
}

/// The server has lost everything: what is shared counts as unconfirmed until it is compared and uploaded anew.
/// Checkpoints are compared with nothing and come from phones that write them.
///
/// # Errors
/// When the store can't be written.
pub fn doubt_all(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached("UPDATE record SET base_seq = 0 WHERE base_seq <> 0 AND kind <> ?1")?
        .execute([u16::from(super::Kind::Checkpoint)])?;
    Ok(())
}

/// Seals a record anew as it stands, under the sealer's epoch, and marks it dirty.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such record.
pub fn reseal(tx: &Transaction<'_>, sealer: &Sealer<'_>, rid: RecordId) -> Result<()> {
    let stored = load(tx, rid)?.or_not_found("record")?;
    keep(tx, sealer, rid, &stored.doc).map(drop)
}
