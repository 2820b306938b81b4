//! The SQL of subjects.

use super::Subject;
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::ids::{RecordId, SubjectId};
use crate::records::fields::subject as field;
use crate::records::{Document, Kind, Synced};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// Keeps the table `subject` level with the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct SubjectRows;

impl Synced for SubjectRows {
    fn kind(&self) -> u16 {
        Kind::Subject.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<Vec<Change>> {
        if doc.is_purged() || doc.is_trashed() {
            tx.prepare_cached("DELETE FROM subject WHERE rid = ?1")?.execute([rid.as_bytes()])?;
        } else {
            tx.prepare_cached(
                "INSERT OR REPLACE INTO subject (rid, name, colour, position) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                rid.as_bytes(),
                doc.string(field::NAME),
                doc.string(field::COLOUR),
                doc.int(field::ORDER).unwrap_or_default(),
            ])?;
        }
        Ok(vec![Change::of(ChangeKind::Subject, rid)])
    }
}

pub(super) fn list(tx: &Transaction<'_>) -> Result<Vec<Subject>> {
    let mut select =
        tx.prepare_cached("SELECT rid, name, colour, position FROM subject ORDER BY position, rid")?;
    Ok(select.query_map([], read)?.collect::<Result<_, _>>()?)
}

pub(super) fn get(tx: &Transaction<'_>, id: SubjectId) -> Result<Option<Subject>> {
    let mut select = tx.prepare_cached("SELECT rid, name, colour, position FROM subject WHERE rid = ?1")?;
    Ok(select.query_row([id.as_bytes()], read).optional()?)
}

pub(super) fn last_position(tx: &Transaction<'_>) -> Result<i64> {
    Ok(tx.query_row("SELECT coalesce(max(position), 0) FROM subject", [], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Subject> {
    Ok(Subject { id: SubjectId(row.get(0)?), name: row.get(1)?, colour: row.get(2)?, order: row.get(3)? })
}
