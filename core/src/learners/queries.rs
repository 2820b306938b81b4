//! The SQL of learners.

use super::{Learner, Scheme, Stage};
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::ids::{LearnerId, RecordId};
use crate::records::fields::learner as field;
use crate::records::{Document, Kind, Synced};
use rusqlite::{OptionalExtension, Row, Transaction, params};

const COLUMNS: &str =
    "rid, nickname, colour, emoji, position, archived, scheme, stage, stage_on, moves_up_on";

/// Keeps the table `learner` level with the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct LearnerRows;

impl Synced for LearnerRows {
    fn kind(&self) -> u16 {
        Kind::Learner.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<Vec<Change>> {
        if doc.is_purged() || doc.is_trashed() {
            tx.prepare_cached("DELETE FROM learner WHERE rid = ?1")?.execute([rid.as_bytes()])?;
        } else {
            let stage = Stage::read(doc);
            tx.prepare_cached(
                "INSERT OR REPLACE INTO learner (rid, nickname, colour, emoji, position, archived, scheme, stage,
                                                 stage_on, moves_up_on)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                rid.as_bytes(),
                doc.string(field::NICKNAME),
                doc.string(field::COLOUR),
                doc.string(field::EMOJI),
                doc.int(field::ORDER).unwrap_or_default(),
                doc.flag(field::ARCHIVED),
                stage.as_ref().map(|stage| u8::from(stage.scheme)),
                stage.as_ref().map(|stage| stage.place),
                stage.as_ref().map(|stage| &stage.on),
                stage.as_ref().and_then(|stage| stage.moves_up_on.as_ref()),
            ])?;
        }
        Ok(vec![Change::of(ChangeKind::Learner, rid)])
    }
}

/// Everybody, archived learners too, in their order.
///
/// # Errors
/// When the store can't be read.
pub fn list(tx: &Transaction<'_>) -> Result<Vec<Learner>> {
    let sql = format!("SELECT {COLUMNS} FROM learner ORDER BY position, rid");
    let mut select = tx.prepare_cached(&sql)?;
    Ok(select.query_map([], read)?.collect::<Result<_, _>>()?)
}

pub(super) fn get(tx: &Transaction<'_>, id: LearnerId) -> Result<Option<Learner>> {
    let sql = format!("SELECT {COLUMNS} FROM learner WHERE rid = ?1");
    Ok(tx.prepare_cached(&sql)?.query_row([id.as_bytes()], read).optional()?)
}

pub(super) fn last_position(tx: &Transaction<'_>) -> Result<i64> {
    Ok(tx.query_row("SELECT coalesce(max(position), 0) FROM learner", [], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Learner> {
    Ok(Learner {
        id: LearnerId(row.get(0)?),
        nickname: row.get(1)?,
        colour: row.get(2)?,
        emoji: row.get(3)?,
        order: row.get(4)?,
        archived: row.get(5)?,
        stage: stage(row)?,
    })
}

fn stage(row: &Row<'_>) -> rusqlite::Result<Option<Stage>> {
    let scheme = row.get::<_, Option<u8>>(6)?.and_then(|scheme| Scheme::try_from(scheme).ok());
    let (place, on, moves_up_on) = (row.get(7)?, row.get(8)?, row.get(9)?);
    let found = |((scheme, place), on)| Stage { scheme, place, on, moves_up_on };
    Ok(scheme.zip(place).zip(on).map(found))
}
