//! The SQL of sync on photo files: what is to be sent, what is to be fetched, how far each has come.

use kinfolio_protocol::ids::Hash32;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::crypto::stream::BlobKey;
use crate::error::Result;
use crate::ids::{AttachmentId, BlobId, EntryId, SpaceId};

/// How often a file is tried that fails for a reason of its own.
const TRIES: u32 = 5;

/// States of a file on this phone that the server has not confirmed: local, being sent.
const UNSENT: &str = "b.state IN (0, 2)";

/// A file that is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    pub blob: BlobId,
    /// The server may have parts of it already.
    pub begun: bool,
}

/// The next file to send: small copies first, whole files last, in the order they were taken in.
pub fn next_outgoing(
    tx: &Transaction<'_>,
    space: SpaceId,
    after: Option<BlobId>,
) -> Result<Option<Outgoing>> {
    let sql = format!(
        "SELECT b.blob, b.state = 2 FROM blob b JOIN record r ON r.rid = b.entry
          WHERE {UNSENT} AND b.parked IS NULL AND r.space = ?1 AND r.local_only = 0
            AND (?2 IS NULL
                 OR (b.preview, -b.whole, -b.rowid) < (SELECT preview, -whole, -rowid FROM blob WHERE blob = ?2))
          ORDER BY b.preview DESC, b.whole, b.rowid LIMIT 1"
    );
    let row =
        tx.prepare_cached(&sql)?.query_row(params![space.as_bytes(), after.map(|blob| blob.0)], |row| {
            Ok(Outgoing { blob: BlobId(row.get(0)?), begun: row.get(1)? })
        });
    Ok(row.optional()?)
}

/// The file is on its way.
pub fn sending(tx: &Transaction<'_>, blob: BlobId) -> Result<()> {
    tx.prepare_cached("UPDATE blob SET state = 2 WHERE blob = ?1 AND state < 3")?
        .execute([blob.as_bytes()])?;
    Ok(())
}

/// The file is complete on the server and on this phone. One that was being let go is no longer.
pub fn complete(tx: &Transaction<'_>, blob: BlobId) -> Result<()> {
    tx.prepare_cached("UPDATE blob SET state = 3, let_go = 0, tries = 0, parked = NULL WHERE blob = ?1")?
        .execute([blob.as_bytes()])?;
    tx.prepare_cached("DELETE FROM blob_unused WHERE blob = ?1")?.execute([blob.as_bytes()])?;
    Ok(())
}

/// Somebody looked at the file.
pub fn looked_at(tx: &Transaction<'_>, blob: BlobId, now_ms: i64) -> Result<()> {
    tx.prepare_cached("UPDATE blob SET used_at = ?2 WHERE blob = ?1")?
        .execute(params![blob.as_bytes(), now_ms])?;
    Ok(())
}

/// Whether there is such an attachment.
pub fn has_attachment(tx: &Transaction<'_>, id: AttachmentId) -> Result<bool> {
    let mut select = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM attachment WHERE attachment = ?1)")?;
    Ok(select.query_row([id.as_bytes()], |row| row.get(0))?)
}

/// Counts a failure that is the file's own; after a few it is parked with its reason. Says whether it is parked now.
pub fn blob_failed(tx: &Transaction<'_>, blob: BlobId, reason: &str) -> Result<bool> {
    let parked = tx
        .prepare_cached(
            "UPDATE blob SET tries = tries + 1, parked = CASE WHEN tries + 1 >= ?2 THEN ?3 END WHERE blob = ?1
             RETURNING parked IS NOT NULL",
        )?
        .query_row(params![blob.as_bytes(), TRIES, reason], |row| row.get(0))
        .optional()?;
    Ok(parked.unwrap_or(false))
}

/// A file that is to be fetched, and what it must turn out to be.
#[derive(Debug)]
pub struct Incoming {
    pub blob: BlobId,
    /// Bytes of the sealed file.
    pub size: u64,
    pub key: BlobKey,
    /// Bytes of the plain file.
    pub plain_size: u64,
    /// SHA-256 of the plain file.
    pub plain_hash: Hash32,
}

/// What of a file must be known to fetch it.
const INCOMING: &str = "SELECT b.blob, b.size,
           CASE WHEN b.preview THEN a.thumb_key WHEN b.whole THEN a.file_key ELSE a.display_key END,
           CASE WHEN b.preview THEN a.thumb_size WHEN b.whole THEN a.file_size ELSE a.display_size END,
           CASE WHEN b.preview THEN a.thumb_hash WHEN b.whole THEN a.file_hash ELSE a.display_hash END
      FROM blob b
      JOIN record r ON r.rid = b.entry
      JOIN attachment a ON a.entry = b.entry AND b.blob IN (a.display, a.thumb, a.file)";

fn incoming(row: &Row<'_>) -> rusqlite::Result<Incoming> {
    Ok(Incoming {
        blob: BlobId(row.get(0)?),
        size: row.get(1)?,
        key: BlobKey::from_bytes(row.get(2)?),
        plain_size: row.get(3)?,
        plain_hash: Hash32(row.get(4)?),
    })
}

/// The next file to fetch: small copies first, whole files last, in the order in which their entries came: the newest first
/// on a new phone. What was let go stays where it is.
pub fn next_incoming(
    tx: &Transaction<'_>,
    space: SpaceId,
    after: Option<BlobId>,
) -> Result<Option<Incoming>> {
    let sql = format!(
        "{INCOMING}
          WHERE b.state = 4 AND b.let_go = 0 AND b.parked IS NULL AND r.space = ?1 AND r.base_seq > 0
            AND (?2 IS NULL
                 OR (b.preview, -b.whole, -b.rowid) < (SELECT preview, -whole, -rowid FROM blob WHERE blob = ?2))
          ORDER BY b.preview DESC, b.whole, b.rowid LIMIT 1"
    );
    let row =
        tx.prepare_cached(&sql)?.query_row(params![space.as_bytes(), after.map(|blob| blob.0)], incoming);
    Ok(row.optional()?)
}

/// A file of one attachment that is not here, the small copy first; whether it was let go or given up.
pub fn incoming_of(tx: &Transaction<'_>, space: SpaceId, id: AttachmentId) -> Result<Option<Incoming>> {
    let sql = format!(
        "{INCOMING}
          WHERE b.state = 4 AND r.space = ?1 AND r.base_seq > 0 AND a.attachment = ?2
          ORDER BY b.preview DESC LIMIT 1"
    );
    let row = tx.prepare_cached(&sql)?.query_row(params![space.as_bytes(), id.as_bytes()], incoming);
    Ok(row.optional()?)
}

/// At every repair: what the server confirmed before is asked for again, and what was given up is tried again.
pub fn doubt_all(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("UPDATE blob SET state = 2 WHERE state = 3", [])?;
    tx.execute("UPDATE blob SET tries = 0, parked = NULL", [])?;
    Ok(())
}

/// How many photo files of one entry are still on their way, to the server or to this phone, and why one of them is
/// no longer tried, if so.
pub fn photos_waiting(tx: &Transaction<'_>, entry: EntryId) -> Result<(u32, Option<String>)> {
    Ok(tx
        .prepare_cached(
            "SELECT count(*), min(parked) FROM blob WHERE state <> 3 AND let_go = 0 AND entry = ?1",
        )?
        .query_row([entry.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// How many photo files are no longer tried.
pub fn blobs_parked(tx: &Transaction<'_>) -> Result<u64> {
    Ok(tx
        .prepare_cached(
            "SELECT count(*) FROM blob b JOIN record r ON r.rid = b.entry
              WHERE b.state <> 3 AND b.parked IS NOT NULL AND r.local_only = 0",
        )?
        .query_row([], |row| row.get(0))?)
}

/// How many photo files of this phone the server has not confirmed.
pub fn blobs_waiting(tx: &Transaction<'_>) -> Result<u64> {
    let sql = format!(
        "SELECT count(*) FROM blob b JOIN record r ON r.rid = b.entry WHERE {UNSENT} AND r.local_only = 0"
    );
    Ok(tx.prepare_cached(&sql)?.query_row([], |row| row.get(0))?)
}

/// The entry that names a file, for the change listener.
pub fn entry_of(tx: &Transaction<'_>, blob: BlobId) -> Result<Option<[u8; 16]>> {
    let row = tx
        .prepare_cached("SELECT entry FROM blob WHERE blob = ?1")?
        .query_row([blob.as_bytes()], |row| row.get(0));
    Ok(row.optional()?)
}
