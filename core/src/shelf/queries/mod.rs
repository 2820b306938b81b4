//! The SQL of shelves: one table says in which order and whose, the records' cells hold the rest.

mod words;

pub use words::{Found, find};

use super::{Item, Kept, Look, kept};
use crate::changes::Change;
use crate::error::Result;
use crate::ids::{LearnerId, RecordId};
use crate::records::{Document, Synced, unpacked};
use rusqlite::{OptionalExtension, Row, Transaction, named_params, params};
use std::fmt;
use std::marker::PhantomData;

/// Keeps the table `shelf` level with the records of one kind.
pub struct ShelfRows<T>(PhantomData<T>);

impl<T> Default for ShelfRows<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T> fmt::Debug for ShelfRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShelfRows")
    }
}

impl<T: Item> Synced for ShelfRows<T> {
    fn kind(&self) -> u16 {
        T::KIND.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<Vec<Change>> {
        tx.prepare_cached(&of::<T>("DELETE FROM shelf_learner WHERE rid = ?1"))?.execute([rid.as_bytes()])?;
        let one: Option<Kept<T>> = (!doc.is_purged()).then(|| kept(rid, doc));
        if let Some(one) = &one {
            tx.prepare_cached(&of::<T>(
                "INSERT OR REPLACE INTO shelf (rid, kind, day, recorded_at, trashed_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            ))?
            .execute(params![
                rid.as_bytes(),
                u16::from(T::KIND),
                one.item.day(),
                one.recorded_at,
                doc.trashed_at_ms(),
            ])?;
            let mut insert =
                tx.prepare_cached(&of::<T>("INSERT INTO shelf_learner (rid, learner) VALUES (?1, ?2)"))?;
            for learner in one.item.learners() {
                insert.execute([rid.as_bytes(), learner.as_bytes()])?;
            }
        } else {
            tx.prepare_cached(&of::<T>("DELETE FROM shelf WHERE rid = ?1"))?.execute([rid.as_bytes()])?;
        }
        // Needs notes and assessments are found by nothing.
        if !T::PRIVATE {
            words::keep(tx, rid, one.as_ref().and_then(|one| found_by(&one.item)))?;
        }
        Ok(vec![Change::of(T::CHANGE, rid)])
    }

    fn naming(&self, tx: &Transaction<'_>, learner: LearnerId) -> Result<Vec<RecordId>> {
        let mut select = tx.prepare_cached(&of::<T>(
            "SELECT rid FROM shelf_learner JOIN shelf USING (rid) WHERE learner = ?1 AND kind = ?2 ORDER BY rid",
        ))?;
        let rows = select
            .query_map(params![learner.as_bytes(), u16::from(T::KIND)], |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A thing's title, and its other words.
fn found_by<T: Item>(item: &T) -> Option<(String, String)> {
    let texts = item.found_by();
    let (title, rest) = texts.split_first()?;
    let rest: Vec<&str> = rest.iter().copied().filter(|text| !text.is_empty()).collect();
    Some(((*title).to_owned(), rest.join("\n")))
}

pub(in crate::shelf) fn get<T: Item>(tx: &Transaction<'_>, id: T::Id) -> Result<Option<Kept<T>>> {
    let mut select = tx.prepare_cached(&of::<T>(
        "SELECT rid, cells FROM shelf JOIN record USING (rid) WHERE rid = ?1 AND shelf.kind = ?2",
    ))?;
    let found = select
        .query_row(params![Into::<RecordId>::into(id).as_bytes(), u16::from(T::KIND)], cells)
        .optional()?;
    found.map(read).transpose()
}

/// Those that match, in a read or write that is under way; its days are not checked.
///
/// # Errors
/// When the store can't be read.
pub fn list<T: Item>(tx: &Transaction<'_>, look: &Look) -> Result<Vec<Kept<T>>> {
    let mut select = tx.prepare_cached(&of::<T>(
        "SELECT rid, cells FROM shelf JOIN record USING (rid)
          WHERE shelf.kind = :kind AND (trashed_at IS NOT NULL) = :trashed
            AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR (day <= :until AND day <> ''))
            AND (:learner IS NULL
                 OR NOT EXISTS (SELECT 1 FROM shelf_learner l WHERE l.rid = shelf.rid)
                 OR EXISTS (SELECT 1 FROM shelf_learner l WHERE l.rid = shelf.rid AND l.learner = :learner))
          ORDER BY day DESC, recorded_at DESC, rid",
    ))?;
    let rows = select.query_map(
        named_params! {
            ":kind": u16::from(T::KIND),
            ":trashed": look.trashed,
            ":since": look.first_day,
            ":until": look.last_day,
            ":learner": look.learner.as_ref().map(|learner| learner.as_bytes()),
        },
        cells,
    )?;
    rows.map(|row| read(row?)).collect()
}

/// The same over the tables that this kind is listed in: both have the same columns.
fn of<T: Item>(sql: &str) -> String {
    if T::PRIVATE { sql.replace("shelf", "private_shelf") } else { sql.to_owned() }
}

fn cells(row: &Row<'_>) -> rusqlite::Result<(RecordId, Vec<u8>)> {
    Ok((RecordId(row.get(0)?), row.get(1)?))
}

fn read<T: Item>((rid, cells): (RecordId, Vec<u8>)) -> Result<Kept<T>> {
    Ok(kept(rid, &unpacked(&cells)?))
}
