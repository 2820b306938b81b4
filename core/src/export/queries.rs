//! The SQL of what this phone remembers for documents.

use rusqlite::{OptionalExtension, Row, Transaction, params};
use zeroize::Zeroizing;

use super::report::{Details, Remembered};
use crate::error::Result;
use crate::ids::LearnerId;

pub fn remembered(tx: &Transaction<'_>, learner: LearnerId) -> Result<Option<Remembered>> {
    let mut select = tx.prepare_cached(
        "SELECT name, name_in_title, born, sender, recipient, reference, educated_by FROM remembered WHERE learner = ?1",
    )?;
    Ok(select.query_row([learner.as_bytes()], read).optional()?)
}

/// Names that this phone knows learners by, beside their nicknames.
pub fn names(tx: &Transaction<'_>) -> Result<Vec<(LearnerId, Zeroizing<String>)>> {
    let mut select = tx.prepare_cached(
        "SELECT learner, name FROM remembered WHERE name <> ''
          UNION SELECT learner, name_in_title FROM remembered WHERE name_in_title <> ''",
    )?;
    let rows = select.query_map([], |row| Ok((LearnerId(row.get(0)?), Zeroizing::new(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn remember(tx: &Transaction<'_>, learner: LearnerId, one: &Remembered) -> Result<()> {
    let Details { name_in_title, born, sender, recipient, reference, educated_by } = &one.details;
    tx.prepare_cached(
        "INSERT OR REPLACE INTO remembered
           (learner, name, name_in_title, born, sender, recipient, reference, educated_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        learner.as_bytes(),
        &*one.name,
        &**name_in_title,
        &**born,
        &**sender,
        &**recipient,
        &**reference,
        &**educated_by
    ])?;
    Ok(())
}

pub fn forget(tx: &Transaction<'_>, learner: LearnerId) -> Result<()> {
    tx.prepare_cached("DELETE FROM remembered WHERE learner = ?1")?.execute([learner.as_bytes()])?;
    Ok(())
}

pub fn forget_all(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM remembered", [])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Remembered> {
    let text = |column| Ok::<_, rusqlite::Error>(Zeroizing::new(row.get::<_, String>(column)?));
    Ok(Remembered {
        name: text(0)?,
        details: Details {
            name_in_title: text(1)?,
            born: text(2)?,
            sender: text(3)?,
            recipient: text(4)?,
            reference: text(5)?,
            educated_by: text(6)?,
        },
    })
}
