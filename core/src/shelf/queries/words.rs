//! What small things are found by: their words in a search index of their own, in the transaction that writes them.

use crate::error::Result;
use crate::ids::RecordId;
use crate::shelf::Look;
use crate::words::{Piece, Question, pieces};
use rusqlite::{OptionalExtension, Transaction, named_params, params};

/// A small thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number of its kind.
    pub kind: u16,
    /// Its id.
    pub id: RecordId,
    /// Its title or name.
    pub title: String,
    /// Its day, or empty.
    pub day: String,
    /// Some words around the first place.
    pub pieces: Vec<Piece>,
}

/// Things of all kinds that hold every word, newest first, those without a day last.
///
/// # Errors
/// When the store can't be read.
pub fn find(tx: &Transaction<'_>, question: &Question, look: &Look, limit: u32) -> Result<Vec<Found>> {
    let mut select = tx.prepare_cached(
        "SELECT s.kind, s.rid, w.title, s.day, snippet(shelf_text, -1, char(2), char(3), '…', 16)
           FROM shelf_text
           JOIN shelf_words w ON w.id = shelf_text.rowid
           JOIN shelf s ON s.rid = w.rid
          WHERE shelf_text MATCH :question AND (s.trashed_at IS NOT NULL) = :trashed
            AND (:since IS NULL OR s.day >= :since) AND (:until IS NULL OR (s.day <= :until AND s.day <> ''))
            AND (:learner IS NULL
                 OR NOT EXISTS (SELECT 1 FROM shelf_learner l WHERE l.rid = s.rid)
                 OR EXISTS (SELECT 1 FROM shelf_learner l WHERE l.rid = s.rid AND l.learner = :learner))
          ORDER BY s.day DESC, s.recorded_at DESC, s.rid
          LIMIT :limit",
    )?;
    let rows = select.query_map(
        named_params! {
            ":question": question.in_quotes(),
            ":trashed": look.trashed,
            ":since": look.first_day,
            ":until": look.last_day,
            ":learner": look.learner.as_ref().map(|learner| learner.as_bytes()),
            ":limit": limit,
        },
        |row| {
            Ok(Found {
                kind: row.get(0)?,
                id: RecordId(row.get(1)?),
                title: row.get(2)?,
                day: row.get(3)?,
                pieces: pieces(&row.get::<_, String>(4)?),
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes a thing's words these; `None` for one that is gone.
pub(in crate::shelf) fn keep(
    tx: &Transaction<'_>,
    rid: RecordId,
    now: Option<(String, String)>,
) -> Result<()> {
    let mut select = tx.prepare_cached("SELECT id, title, words FROM shelf_words WHERE rid = ?1")?;
    let old: Option<(i64, (String, String))> =
        select.query_row([rid.as_bytes()], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).optional()?;
    // The index is the dearest part: a tick must not write it again.
    if old.as_ref().map(|(_, words)| words) == now.as_ref() {
        return Ok(());
    }
    if let Some((id, (title, words))) = old {
        tx.prepare_cached(
            "INSERT INTO shelf_text (shelf_text, rowid, title, words) VALUES ('delete', ?1, ?2, ?3)",
        )?
        .execute(params![id, title, words])?;
        tx.prepare_cached("DELETE FROM shelf_words WHERE id = ?1")?.execute([id])?;
    }
    if let Some((title, words)) = now {
        tx.prepare_cached("INSERT INTO shelf_words (rid, title, words) VALUES (?1, ?2, ?3)")?
            .execute(params![rid.as_bytes(), title, words])?;
        tx.prepare_cached("INSERT INTO shelf_text (rowid, title, words) VALUES (?1, ?2, ?3)")?
            .execute(params![tx.last_insert_rowid(), title, words])?;
    }
    Ok(())
}
