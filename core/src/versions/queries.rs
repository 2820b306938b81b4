//! The SQL of earlier versions: which records hold those of an entry.

use super::keep::held;
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::ids::RecordId;
use crate::records::fields::versions as field;
use crate::records::{Document, Kind, Synced, Value};
use rusqlite::{OptionalExtension, Transaction, params};

/// Keeps the table `entry_versions` level with the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct VersionRows;

impl Synced for VersionRows {
    fn kind(&self) -> u16 {
        Kind::Versions.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<Vec<Change>> {
        let entry = doc.register(field::ENTRY).and_then(Value::as_bytes).filter(|id| id.len() == 16);
        let Some(entry) = entry else {
            tx.prepare_cached("DELETE FROM entry_versions WHERE rid = ?1")?.execute([rid.as_bytes()])?;
            return Ok(Vec::new());
        };
        let oldest = held(doc).values().map(|one| one.replaced_at).min();
        tx.prepare_cached(
            "INSERT OR REPLACE INTO entry_versions (rid, entry, device_no, oldest) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            rid.as_bytes(),
            entry,
            doc.int(field::DEVICE).unwrap_or_default(),
            oldest
        ])?;
        let entry: [u8; 16] = entry.try_into().unwrap_or_default();
        Ok(vec![Change::of(ChangeKind::Entry, entry)])
    }
}

/// The record in which a device keeps its versions of an entry.
pub(super) fn of_device(tx: &Transaction<'_>, entry: RecordId, device_no: u32) -> Result<Option<RecordId>> {
    let mut select = tx.prepare_cached(
        "SELECT rid FROM entry_versions WHERE entry = ?1 AND device_no = ?2 ORDER BY rid LIMIT 1",
    )?;
    let rid = select.query_row(params![entry.as_bytes(), device_no], |row| row.get(0)).optional()?;
    Ok(rid.map(RecordId))
}

/// All records with versions of an entry.
pub(super) fn of_entry(tx: &Transaction<'_>, entry: RecordId) -> Result<Vec<RecordId>> {
    let mut select = tx.prepare_cached("SELECT rid FROM entry_versions WHERE entry = ?1 ORDER BY rid")?;
    let rows = select.query_map([entry.as_bytes()], |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records with a version that was replaced before `until`.
pub(super) fn older_than(tx: &Transaction<'_>, until: i64) -> Result<Vec<RecordId>> {
    let mut select = tx.prepare_cached("SELECT rid FROM entry_versions WHERE oldest < ?1 ORDER BY rid")?;
    let rows = select.query_map([until], |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records with versions of an entry that is purged: it went on another phone.
pub(super) fn of_purged(tx: &Transaction<'_>) -> Result<Vec<(RecordId, RecordId)>> {
    let mut select = tx.prepare_cached(
        "SELECT v.rid, v.entry FROM entry_versions v JOIN record r ON r.rid = v.entry WHERE r.purge = 1",
    )?;
    let rows = select.query_map([], |row| Ok((RecordId(row.get(0)?), RecordId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
