//! The SQL of attachments.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::element::{Element, File};
use super::{Attachment, Size};
use crate::crypto::stream::{BlobKey, sealed_size};
use crate::error::Result;
use crate::ids::{AttachmentId, BlobId, EntryId, RecordId};

/// Where a sealed file is: column `state` of table `blob`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FileState {
    /// On this phone; nothing asked of it yet.
    Local = 0,
    /// Being sent.
    Sending = 2,
    /// Complete on the server, and on this phone.
    Stored = 3,
    /// Not on this phone (yet).
    Remote = 4,
}

impl FileState {
    /// From the column.
    pub const fn from_column(state: u8) -> Self {
        match state {
            0 => Self::Local,
            2 => Self::Sending,
            3 => Self::Stored,
            _ => Self::Remote,
        }
    }
}

const COLUMNS: &str = "SELECT a.attachment, a.entry, a.width, a.height, a.blurhash, a.captured_at, a.mime,
           a.position, a.caption, a.alt,
           COALESCE(MIN(b.state), 0) AS least, COALESCE(MAX(b.state = 4), 0) AS remote
      FROM attachment a LEFT JOIN blob b ON b.blob IN (a.display, a.thumb)";

fn attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let state =
        if row.get("remote")? { FileState::Remote } else { FileState::from_column(row.get("least")?) };
    Ok(Attachment {
        id: AttachmentId(row.get("attachment")?),
        entry: EntryId(row.get("entry")?),
        width: row.get("width")?,
        height: row.get("height")?,
        blurhash: row.get("blurhash")?,
        captured_at: row.get("captured_at")?,
        mime: row.get("mime")?,
        position: row.get("position")?,
        caption: row.get("caption")?,
        alt: row.get("alt")?,
        state,
    })
}

pub(super) fn of_entry(tx: &Transaction<'_>, entry: EntryId) -> Result<Vec<Attachment>> {
    let sql = format!("{COLUMNS} WHERE a.entry = ?1 GROUP BY a.attachment ORDER BY a.position, a.attachment");
    let mut select = tx.prepare_cached(&sql)?;
    Ok(select.query_map([entry.as_bytes()], attachment)?.collect::<Result<_, _>>()?)
}

pub(super) fn one(tx: &Transaction<'_>, id: AttachmentId) -> Result<Option<Attachment>> {
    let sql = format!("{COLUMNS} WHERE a.attachment = ?1 GROUP BY a.attachment");
    Ok(tx.prepare_cached(&sql)?.query_row([id.as_bytes()], attachment).optional()?)
}

pub(super) fn file(tx: &Transaction<'_>, id: AttachmentId, size: Size) -> Result<Option<File>> {
    let sql = match size {
        Size::Display => {
            "SELECT display, display_key, display_size, display_hash FROM attachment WHERE attachment = ?1"
        }
        Size::Thumb => {
            "SELECT thumb, thumb_key, thumb_size, thumb_hash FROM attachment WHERE attachment = ?1"
        }
    };
    let row = tx.prepare_cached(sql)?.query_row([id.as_bytes()], |row| {
        Ok(File {
            blob: BlobId(row.get(0)?),
            key: BlobKey::from_bytes(row.get(1)?),
            size: row.get(2)?,
            hash: row.get(3)?,
        })
    });
    Ok(row.optional()?)
}

/// SHA-256 of every file that a photo of this record was made from, and of the copies themselves: of those that lie in
/// the trash, too.
pub(super) fn hashes(tx: &Transaction<'_>) -> Result<HashSet<[u8; 32]>> {
    let mut select = tx.prepare_cached("SELECT original, display_hash, thumb_hash FROM attachment")?;
    let mut rows = select.query([])?;
    let mut found = HashSet::new();
    while let Some(row) = rows.next()? {
        found.extend(row.get::<_, Option<[u8; 32]>>(0)?);
        found.extend([row.get::<_, [u8; 32]>(1)?, row.get(2)?]);
    }
    Ok(found)
}

/// SHA-256 of the larger copies of photos whose file's hash nobody kept.
pub(super) fn hashes_of_older(tx: &Transaction<'_>) -> Result<HashSet<[u8; 32]>> {
    let mut select = tx.prepare_cached("SELECT display_hash FROM attachment WHERE original IS NULL")?;
    let hashes = select.query_map([], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

pub(super) fn ids_of_entry(tx: &Transaction<'_>, entry: RecordId) -> Result<BTreeSet<AttachmentId>> {
    let mut select = tx.prepare_cached("SELECT attachment FROM attachment WHERE entry = ?1")?;
    let ids = select.query_map([entry.as_bytes()], |row| Ok(AttachmentId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The place after an entry's last attachment.
pub(super) fn next_position(tx: &Transaction<'_>, entry: EntryId) -> Result<i64> {
    let mut select =
        tx.prepare_cached("SELECT COALESCE(MAX(position), 0) + 1 FROM attachment WHERE entry = ?1")?;
    Ok(select.query_row([entry.as_bytes()], |row| row.get(0))?)
}

/// Writes an attachment's row and those of files that this phone did not know; says whether anything changed. `blobs`
/// is the folder of sealed files.
pub(super) fn put(
    tx: &Transaction<'_>,
    entry: RecordId,
    id: AttachmentId,
    element: &Element,
    blobs: &Path,
) -> Result<bool> {
    let Element { display, thumb, .. } = element;
    // The row is written only if a column differs: a record is often saved without its photos being touched.
    let written = tx
        .prepare_cached(
            "INSERT INTO attachment VALUES
               (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
             ON CONFLICT (attachment) DO UPDATE SET
               entry = ?2, position = ?3, display = ?4, display_key = ?5, display_size = ?6, display_hash = ?7,
               thumb = ?8, thumb_key = ?9, thumb_size = ?10, thumb_hash = ?11, width = ?12, height = ?13,
               blurhash = ?14, captured_at = ?15, mime = ?16, caption = ?17, alt = ?18,
               original = ?19
             WHERE (entry, position, display, display_key, display_size, display_hash, thumb, thumb_key, thumb_size,
                    thumb_hash, width, height, blurhash, captured_at, mime, caption, alt, original)
               IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            id.as_bytes(),
            entry.as_bytes(),
            element.position,
            display.blob.as_bytes(),
            display.key.bytes(),
            display.size,
            display.hash,
            thumb.blob.as_bytes(),
            thumb.key.bytes(),
            thumb.size,
            thumb.hash,
            element.width,
            element.height,
            element.blurhash,
            element.captured_at,
            element.mime,
            element.caption,
            element.alt,
            element.original,
        ])?;
    if written > 0 {
        for (file, preview) in [(display, false), (thumb, true)] {
            // An element that was taken out and is brought back may find its file still here, and nowhere else.
            let here = forget_unused(tx, file.blob)? && blobs.join(file.blob.to_string()).exists();
            let state = if here { FileState::Sending } else { FileState::Remote };
            add_file(tx, entry, file, preview, state)?;
        }
    }
    Ok(written > 0)
}

/// Adds a file's row unless it is there.
pub(super) fn add_file(
    tx: &Transaction<'_>,
    entry: RecordId,
    file: &File,
    preview: bool,
    state: FileState,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO blob (blob, entry, preview, size, state) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        file.blob.as_bytes(),
        entry.as_bytes(),
        preview,
        sealed_size(file.size),
        state as u8
    ])?;
    Ok(())
}

/// Takes an attachment's rows out; its files are noted as unused, unless another attachment names them too: then they
/// are that one's entry's.
pub(super) fn take_out(tx: &Transaction<'_>, id: AttachmentId) -> Result<()> {
    for sql in [
        "UPDATE blob SET entry = o.entry FROM attachment o
          WHERE o.attachment <> ?1 AND (o.display = blob.blob OR o.thumb = blob.blob)
            AND blob.blob IN (SELECT display FROM attachment WHERE attachment = ?1
                              UNION ALL SELECT thumb FROM attachment WHERE attachment = ?1)",
        "INSERT OR IGNORE INTO blob_unused
           SELECT b.blob FROM attachment a JOIN blob b ON b.blob IN (a.display, a.thumb)
            WHERE a.attachment = ?1
              AND NOT EXISTS (SELECT 1 FROM attachment o
                               WHERE o.attachment <> ?1 AND (o.display = b.blob OR o.thumb = b.blob))",
        "DELETE FROM blob WHERE blob IN (SELECT blob FROM blob_unused)
            AND blob IN (SELECT display FROM attachment WHERE attachment = ?1
                         UNION ALL SELECT thumb FROM attachment WHERE attachment = ?1)",
        "DELETE FROM attachment WHERE attachment = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([id.as_bytes()])?;
    }
    Ok(())
}

/// The files that are an entry's.
pub(super) fn files_of(tx: &Transaction<'_>, entry: RecordId) -> Result<Vec<BlobId>> {
    let mut select = tx.prepare_cached("SELECT blob FROM blob WHERE entry = ?1")?;
    Ok(select.query_map([entry.as_bytes()], |row| Ok(BlobId(row.get(0)?)))?.collect::<Result<_, _>>()?)
}

/// The file is not on this phone, or not as it was; one that the server has is fetched again.
pub(super) fn file_lost(tx: &Transaction<'_>, blob: BlobId) -> Result<()> {
    tx.execute("UPDATE blob SET state = 4 WHERE blob = ?1 AND state = 3", [blob.as_bytes()])?;
    Ok(())
}

pub(super) fn unused(tx: &Transaction<'_>, blob: BlobId) -> Result<()> {
    tx.prepare_cached("INSERT OR IGNORE INTO blob_unused (blob) VALUES (?1)")?.execute([blob.as_bytes()])?;
    Ok(())
}

/// Says whether the file was noted as unused.
pub(super) fn forget_unused(tx: &Transaction<'_>, blob: BlobId) -> Result<bool> {
    Ok(tx.prepare_cached("DELETE FROM blob_unused WHERE blob = ?1")?.execute([blob.as_bytes()])? > 0)
}

pub(super) fn all_unused(tx: &Transaction<'_>) -> Result<Vec<BlobId>> {
    let mut select = tx.prepare_cached("SELECT blob FROM blob_unused")?;
    Ok(select.query_map([], |row| Ok(BlobId(row.get(0)?)))?.collect::<Result<_, _>>()?)
}
