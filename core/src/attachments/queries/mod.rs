//! The SQL of attachments.

pub(super) mod kept;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::element::{Element, File, Part};
use super::{AttachedFile, Attachment, FileKind};
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
    /// Not on this phone, yet: it comes with the next sync.
    Remote = 4,
    /// Let go from this phone to make room: it comes when somebody wants it.
    OnServer = 5,
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
           a.position, a.caption, a.alt, a.file_mime, a.file_name, a.file_size, a.file_length,
           COALESCE(MIN(b.state), 0) AS least, COALESCE(MAX(b.state = 4 AND b.let_go = 0), 0) AS remote,
           COALESCE(MAX(b.let_go), 0) AS let_go
      FROM attachment a LEFT JOIN blob b ON b.blob IN (a.display, a.thumb, a.file)";

fn attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let state = match (row.get("remote")?, row.get("let_go")?) {
        (true, _) => FileState::Remote,
        (false, true) => FileState::OnServer,
        (false, false) => FileState::from_column(row.get("least")?),
    };
    let file = row.get::<_, Option<String>>("file_mime")?.map(|mime| {
        Ok::<_, rusqlite::Error>(AttachedFile {
            kind: FileKind::of_mime(&mime),
            mime,
            name: row.get("file_name")?,
            size: row.get("file_size")?,
            length: row.get("file_length")?,
        })
    });
    Ok(Attachment {
        id: AttachmentId(row.get("attachment")?),
        entry: EntryId(row.get("entry")?),
        width: row.get::<_, Option<_>>("width")?.unwrap_or_default(),
        height: row.get::<_, Option<_>>("height")?.unwrap_or_default(),
        blurhash: row.get::<_, Option<_>>("blurhash")?.unwrap_or_default(),
        captured_at: row.get("captured_at")?,
        mime: row.get::<_, Option<_>>("mime")?.unwrap_or_default(),
        position: row.get("position")?,
        caption: row.get("caption")?,
        alt: row.get("alt")?,
        file: file.transpose()?,
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

/// One of an attachment's sealed files, where it has such a one.
pub(super) fn file(tx: &Transaction<'_>, id: AttachmentId, part: Part) -> Result<Option<File>> {
    let sql = match part {
        Part::Display => {
            "SELECT display, display_key, display_size, display_hash FROM attachment
              WHERE attachment = ?1 AND display IS NOT NULL"
        }
        Part::Thumb => {
            "SELECT thumb, thumb_key, thumb_size, thumb_hash FROM attachment
              WHERE attachment = ?1 AND thumb IS NOT NULL"
        }
        Part::Whole => {
            "SELECT file, file_key, file_size, file_hash FROM attachment
              WHERE attachment = ?1 AND file IS NOT NULL"
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

/// The sealed files of an attachment.
pub(super) fn blobs(tx: &Transaction<'_>, id: AttachmentId) -> Result<Vec<BlobId>> {
    let mut select = tx.prepare_cached(
        "SELECT b.blob FROM attachment a JOIN blob b ON b.blob IN (a.display, a.thumb, a.file)
          WHERE a.attachment = ?1",
    )?;
    Ok(select.query_map([id.as_bytes()], |row| Ok(BlobId(row.get(0)?)))?.collect::<Result<_, _>>()?)
}

/// SHA-256 of every file that an attachment of this record was made from, and of what is kept of it: of those that lie
/// in the trash, too.
pub(super) fn hashes(tx: &Transaction<'_>) -> Result<HashSet<[u8; 32]>> {
    let mut select =
        tx.prepare_cached("SELECT original, display_hash, thumb_hash, file_hash FROM attachment")?;
    let mut rows = select.query([])?;
    let mut found = HashSet::new();
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            found.extend(row.get::<_, Option<[u8; 32]>>(column)?);
        }
    }
    Ok(found)
}

/// SHA-256 of the larger copies of photos whose file's hash nobody kept.
pub(super) fn hashes_of_older(tx: &Transaction<'_>) -> Result<HashSet<[u8; 32]>> {
    let mut select = tx.prepare_cached(
        "SELECT display_hash FROM attachment WHERE original IS NULL AND display IS NOT NULL",
    )?;
    let hashes = select.query_map([], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

pub(super) fn ids_of_entry(tx: &Transaction<'_>, entry: RecordId) -> Result<BTreeSet<AttachmentId>> {
    let mut select = tx.prepare_cached("SELECT attachment FROM attachment WHERE entry = ?1")?;
    let ids = select.query_map([entry.as_bytes()], |row| Ok(AttachmentId(row.get(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The last place that is given; what another phone wrote may be beyond.
pub(super) const LAST_POSITION: i64 = 1_000_000;

/// The place after an entry's last attachment.
pub(super) fn next_position(tx: &Transaction<'_>, entry: EntryId) -> Result<i64> {
    let mut select =
        tx.prepare_cached("SELECT COALESCE(MAX(position), 0) FROM attachment WHERE entry = ?1")?;
    let last: i64 = select.query_row([entry.as_bytes()], |row| row.get(0))?;
    Ok(last.clamp(0, LAST_POSITION - 1) + 1)
}

/// What this phone does with files that it did not know.
pub(super) struct Coming<'a> {
    /// The folder of sealed files.
    pub blobs: &'a Path,
    /// When their entry was written down, ms since 1970.
    pub written_at: i64,
    /// Now, ms since 1970.
    pub now_ms: i64,
}

/// Writes an attachment's row and those of files that this phone did not know; says whether anything changed.
pub(super) fn put(
    tx: &Transaction<'_>,
    entry: RecordId,
    id: AttachmentId,
    element: &Element,
    coming: &Coming<'_>,
) -> Result<bool> {
    let (copies, whole) = (element.copies.as_ref(), element.whole.as_ref());
    let (display, thumb) = (copies.map(|copies| &copies.display), copies.map(|copies| &copies.thumb));
    let file = whole.map(|whole| &whole.file);
    // The row is written only if a column differs: a record is often saved without its photos being touched.
    let written = tx
        .prepare_cached(
            "INSERT INTO attachment
               (attachment, entry, position, display, display_key, display_size, display_hash, thumb, thumb_key,
                thumb_size, thumb_hash, width, height, blurhash, mime, file, file_key, file_size, file_hash,
                file_mime, file_name, file_length, captured_at, caption, alt, original)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                     ?22, ?23, ?24, ?25, ?26)
             ON CONFLICT (attachment) DO UPDATE SET
               entry = ?2, position = ?3, display = ?4, display_key = ?5, display_size = ?6, display_hash = ?7,
               thumb = ?8, thumb_key = ?9, thumb_size = ?10, thumb_hash = ?11, width = ?12, height = ?13,
               blurhash = ?14, mime = ?15, file = ?16, file_key = ?17, file_size = ?18, file_hash = ?19,
               file_mime = ?20, file_name = ?21, file_length = ?22, captured_at = ?23, caption = ?24, alt = ?25,
               original = ?26
             WHERE (entry, position, display, display_key, display_size, display_hash, thumb, thumb_key, thumb_size,
                    thumb_hash, width, height, blurhash, mime, file, file_key, file_size, file_hash, file_mime,
                    file_name, file_length, captured_at, caption, alt, original)
               IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                       ?22, ?23, ?24, ?25, ?26)",
        )?
        .execute(params![
            id.as_bytes(),
            entry.as_bytes(),
            element.position,
            display.map(|file| file.blob.as_bytes()),
            display.map(|file| file.key.bytes()),
            display.map(|file| file.size),
            display.map(|file| file.hash),
            thumb.map(|file| file.blob.as_bytes()),
            thumb.map(|file| file.key.bytes()),
            thumb.map(|file| file.size),
            thumb.map(|file| file.hash),
            copies.map(|copies| copies.width),
            copies.map(|copies| copies.height),
            copies.map(|copies| &copies.blurhash),
            copies.map(|copies| &copies.mime),
            file.map(|file| file.blob.as_bytes()),
            file.map(|file| file.key.bytes()),
            file.map(|file| file.size),
            file.map(|file| file.hash),
            whole.map(|whole| &whole.mime),
            whole.map(|whole| &whole.name),
            whole.and_then(|whole| whole.length),
            element.captured_at,
            element.caption,
            element.alt,
            element.original,
        ])?;
    if written > 0 {
        for (file, part) in element.files() {
            // An element that was taken out and is brought back may find its file still here, and nowhere else.
            let here = forget_unused(tx, file.blob)? && coming.blobs.join(file.blob.to_string()).exists();
            let state = if here { FileState::Sending } else { FileState::Remote };
            if add_file(tx, entry, file, part, state, coming.written_at)? && !here {
                kept::settle(tx, coming.now_ms, Some(file.blob))?;
            }
        }
    }
    Ok(written > 0)
}

/// Adds a file's row unless it is there; says whether it was not.
pub(super) fn add_file(
    tx: &Transaction<'_>,
    entry: RecordId,
    file: &File,
    part: Part,
    state: FileState,
    used_at: i64,
) -> Result<bool> {
    let mut insert = tx.prepare_cached(
        "INSERT OR IGNORE INTO blob (blob, entry, preview, whole, size, state, used_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let added = insert.execute(params![
        file.blob.as_bytes(),
        entry.as_bytes(),
        part == Part::Thumb,
        part == Part::Whole,
        sealed_size(file.size),
        state as u8,
        used_at,
    ])?;
    Ok(added > 0)
}

/// Takes an attachment's rows out; its files are noted as unused, unless another attachment names them too: then they
/// are that one's entry's. `left`: the record that gives it up for good, so that a server that has the file is told.
pub(super) fn take_out(tx: &Transaction<'_>, id: AttachmentId, left: Option<RecordId>) -> Result<()> {
    for blob in blobs(tx, id)? {
        let mut other = tx.prepare_cached(
            "UPDATE blob SET entry = o.entry FROM attachment o
              WHERE blob.blob = ?2 AND o.attachment <> ?1 AND (o.display = ?2 OR o.thumb = ?2 OR o.file = ?2)",
        )?;
        if other.execute(params![id.as_bytes(), blob.as_bytes()])? == 0 {
            unused(tx, blob)?;
            if let Some(entry) = left {
                leave(tx, blob, entry)?;
            }
            tx.prepare_cached("DELETE FROM blob WHERE blob = ?1")?.execute([blob.as_bytes()])?;
        }
    }
    tx.prepare_cached("DELETE FROM attachment WHERE attachment = ?1")?.execute([id.as_bytes()])?;
    Ok(())
}

/// Notes a file that the server may have, and that nothing names any more.
fn leave(tx: &Transaction<'_>, blob: BlobId, entry: RecordId) -> Result<()> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO blob_left (blob, entry) SELECT blob, ?2 FROM blob WHERE blob = ?1 AND state >= ?3",
    )?
    .execute(params![blob.as_bytes(), entry.as_bytes(), FileState::Sending as u8])?;
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
