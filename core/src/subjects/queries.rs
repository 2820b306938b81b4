//! The SQL of subjects.

use super::Subject;
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::ids::{RecordId, SubjectId};
use crate::records::fields::subject as field;
use crate::records::{Document, Kind, Synced, way};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use std::collections::{HashMap, HashSet};

const COLUMNS: &str = "rid, name, colour, position, hidden, core";

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
                "INSERT OR REPLACE INTO subject (rid, name, colour, position, hidden, core, merged_into, root)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?1)",
            )?
            .execute(params![
                rid.as_bytes(),
                doc.string(field::NAME),
                doc.string(field::COLOUR),
                doc.int(field::ORDER).unwrap_or_default(),
                doc.flag(field::HIDDEN),
                doc.flag(field::CORE),
                merged_into(doc),
            ])?;
        }
        find_roots(tx)?;
        Ok(vec![Change::of(ChangeKind::Subject, rid)])
    }
}

/// Writes for each subject which one it became part of in the end. Two phones may have merged two subjects into each
/// other: of a ring, all phones choose the one with the smallest id.
fn find_roots(tx: &Transaction<'_>) -> Result<()> {
    let mut select = tx.prepare_cached("SELECT rid, merged_into, root FROM subject")?;
    let rows =
        select.query_map([], |row| Ok(Merging { rid: row.get(0)?, into: row.get(1)?, root: row.get(2)? }))?;
    let all: Vec<Merging> = rows.collect::<Result<_, _>>()?;
    let there: HashSet<[u8; 16]> = all.iter().map(|one| one.rid).collect();
    let into: HashMap<[u8; 16], [u8; 16]> =
        all.iter().filter_map(|one| Some((one.rid, one.into.filter(|into| there.contains(into))?))).collect();
    let mut update = tx.prepare_cached("UPDATE subject SET root = ?2 WHERE rid = ?1")?;
    for one in all {
        let root = way(one.rid, |id| Ok(into.get(&id).copied()))?.end;
        if root != one.root {
            update.execute([one.rid, root])?;
        }
    }
    Ok(())
}

struct Merging {
    rid: [u8; 16],
    into: Option<[u8; 16]>,
    root: [u8; 16],
}

/// The subject that one became part of.
pub(super) fn merged_into(doc: &Document) -> Option<[u8; 16]> {
    doc.register(field::MERGED_INTO)?.as_bytes()?.try_into().ok()
}

/// A subject with all that became part of it.
pub(super) fn parts(tx: &Transaction<'_>, id: SubjectId) -> Result<Vec<SubjectId>> {
    let mut select = tx.prepare_cached("SELECT rid FROM subject WHERE root = ?1")?;
    let rows = select.query_map([id.as_bytes()], |row| Ok(SubjectId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn list(tx: &Transaction<'_>) -> Result<Vec<Subject>> {
    let sql = format!("SELECT {COLUMNS} FROM subject WHERE root = rid ORDER BY position, rid");
    Ok(tx.prepare_cached(&sql)?.query_map([], read)?.collect::<Result<_, _>>()?)
}

pub(super) fn get(tx: &Transaction<'_>, id: SubjectId) -> Result<Option<Subject>> {
    let sql = format!("SELECT {COLUMNS} FROM subject WHERE rid = ?1");
    Ok(tx.prepare_cached(&sql)?.query_row([id.as_bytes()], read).optional()?)
}

pub(super) fn root(tx: &Transaction<'_>, id: SubjectId) -> Result<SubjectId> {
    let mut select = tx.prepare_cached("SELECT root FROM subject WHERE rid = ?1")?;
    let root = select.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
    Ok(root.map_or(id, SubjectId))
}

/// Subjects that a law calls core.
///
/// # Errors
/// When the store can't be read.
pub fn core(tx: &Transaction<'_>) -> Result<HashSet<SubjectId>> {
    let mut select = tx.prepare_cached("SELECT rid FROM subject WHERE core = 1")?;
    let rows = select.query_map([], |row| Ok(SubjectId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn last_position(tx: &Transaction<'_>) -> Result<i64> {
    Ok(tx.query_row("SELECT coalesce(max(position), 0) FROM subject", [], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Subject> {
    Ok(Subject {
        id: SubjectId(row.get(0)?),
        name: row.get(1)?,
        colour: row.get(2)?,
        order: row.get(3)?,
        hidden: row.get(4)?,
        core: row.get(5)?,
    })
}
