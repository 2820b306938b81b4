//! The SQL of the family log.

use super::write::PRIVATE;
use super::{Act, Event, LogCursor, LogQuery};
use crate::changes::{Change, ChangeKind};
use crate::error::Result;
use crate::ids::RecordId;
use crate::records::fields::family_log as field;
use crate::records::{Document, Key, Kind, Synced, told_as};
use rusqlite::{OptionalExtension, Row, Transaction, named_params, params};
use std::collections::BTreeMap;

/// Keeps the tables `family_log` and `family_log_thing` level with the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogRows;

impl Synced for LogRows {
    fn kind(&self) -> u16 {
        Kind::FamilyLog.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<Vec<Change>> {
        let device_no = doc.int(field::DEVICE).unwrap_or_default();
        let mut kept = kept(tx, rid)?;
        let mut event = tx.prepare_cached(
            "INSERT INTO family_log (rid, number, at, device_no, act, kind, things) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        let mut thing = tx.prepare_cached(
            "INSERT OR IGNORE INTO family_log_thing (thing, rid, number) VALUES (?1, ?2, ?3)",
        )?;
        for (key, value) in doc.elements(field::EVENTS) {
            let (Key::Int(number), Some([at, act, kind, things, ..])) = (key, value.as_list()) else {
                continue;
            };
            let (Some(at), Some(act), Some(kind)) = (at.as_int(), act.as_int(), kind.as_int()) else {
                continue;
            };
            let Ok(number) = i64::try_from(*number) else { continue };
            let things = things.as_bytes().unwrap_or_default();
            let row = Line { at, device_no, act, kind, things: things.to_vec() };
            match kept.remove(&number) {
                // Nearly all: each save adds one event to a record that has up to 200.
                Some(same) if same == row => continue,
                Some(_) => drop_event(tx, rid, number)?,
                None => {}
            }
            event.execute(params![rid.as_bytes(), number, at, device_no, act, kind, things])?;
            for id in things.as_chunks::<16>().0 {
                thing.execute(params![id, rid.as_bytes(), number])?;
            }
        }
        kept.into_keys().try_for_each(|number| drop_event(tx, rid, number))?;
        Ok(vec![Change::all(ChangeKind::FamilyLog)])
    }
}

/// An event's row.
#[derive(PartialEq)]
struct Line {
    at: i64,
    device_no: i64,
    act: i64,
    kind: i64,
    things: Vec<u8>,
}

/// The rows of a record of the log, by the number of the event.
fn kept(tx: &Transaction<'_>, rid: RecordId) -> Result<BTreeMap<i64, Line>> {
    let mut select =
        tx.prepare_cached("SELECT number, at, device_no, act, kind, things FROM family_log WHERE rid = ?1")?;
    let rows = select.query_map([rid.as_bytes()], |row| {
        let line = Line {
            at: row.get(1)?,
            device_no: row.get(2)?,
            act: row.get(3)?,
            kind: row.get(4)?,
            things: row.get(5)?,
        };
        Ok((row.get(0)?, line))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn drop_event(tx: &Transaction<'_>, rid: RecordId, number: i64) -> Result<()> {
    for sql in [
        "DELETE FROM family_log_thing WHERE rid = ?1 AND number = ?2",
        "DELETE FROM family_log WHERE rid = ?1 AND number = ?2",
    ] {
        tx.prepare_cached(sql)?.execute(params![rid.as_bytes(), number])?;
    }
    Ok(())
}

/// Where today's events of a device go.
pub(super) fn todays(tx: &Transaction<'_>, device_no: u32, since: i64) -> Result<Option<RecordId>> {
    let mut select = tx.prepare_cached(
        "SELECT l.rid FROM family_log l JOIN record r USING (rid)
          WHERE l.device_no = ?1 AND l.at >= ?2 AND r.local_only = 0 ORDER BY l.at DESC, l.number DESC LIMIT 1",
    )?;
    Ok(select.query_row(params![device_no, since], |row| row.get(0).map(RecordId)).optional()?)
}

/// Whether a device added or changed a thing since then; without a thing: anything private.
pub(super) fn lately(
    tx: &Transaction<'_>,
    thing: Option<RecordId>,
    device_no: u32,
    since: i64,
) -> Result<bool> {
    let mut select = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM family_log_thing t JOIN family_log l USING (rid, number)
                         WHERE t.thing = :thing AND l.device_no = :device AND l.at >= :since AND l.act IN (1, 2))
             OR (:thing IS NULL
                 AND EXISTS (SELECT 1 FROM family_log l
                              WHERE l.at >= :since AND l.device_no = :device AND l.kind = :private AND l.act IN (1, 2)))",
    )?;
    let found = select.query_row(
        named_params! {
            ":thing": thing.as_ref().map(|thing| thing.as_bytes()),
            ":device": device_no,
            ":since": since,
            ":private": PRIVATE,
        },
        |row| row.get(0),
    )?;
    Ok(found)
}

pub(super) fn page(tx: &Transaction<'_>, query: &LogQuery, limit: u32) -> Result<Vec<Event>> {
    let mut select = tx.prepare_cached(
        "SELECT l.at, l.act, l.kind, l.things, l.device_no, l.rid, l.number FROM family_log l
          WHERE (:device IS NULL OR l.device_no = :device)
            AND (:thing IS NULL OR EXISTS (SELECT 1 FROM family_log_thing t
                                            WHERE t.thing = :thing AND t.rid = l.rid AND t.number = l.number))
            AND (:at IS NULL OR (l.at, l.rid, l.number) < (:at, :rid, :number))
          ORDER BY l.at DESC, l.rid DESC, l.number DESC",
    )?;
    let before = query.before.as_ref();
    let rows = select.query_map(
        named_params! {
            ":device": query.device_no,
            ":thing": query.thing.as_ref().map(|thing| thing.as_bytes()),
            ":at": before.map(|place| place.at),
            ":rid": before.map(|place| place.record.as_bytes()),
            ":number": before.map(|place| place.number),
        },
        event,
    )?;
    // What a newer app did and this one has no word for is left out, and does not count for the page.
    rows.filter_map(|row| row.transpose()).take(limit as usize).map(|row| Ok(row?)).collect()
}

fn event(row: &Row<'_>) -> rusqlite::Result<Option<Event>> {
    let Some(act) = u8::try_from(row.get::<_, i64>(1)?).ok().and_then(|act| Act::try_from(act).ok()) else {
        return Ok(None);
    };
    let number: u16 = row.get(2)?;
    let kind = told_as(number);
    if kind.is_none() && number != PRIVATE {
        return Ok(None);
    }
    let at = row.get(0)?;
    Ok(Some(Event {
        at,
        act,
        kind,
        things: row.get_ref(3)?.as_blob()?.as_chunks::<16>().0.iter().map(|id| RecordId(*id)).collect(),
        device_no: row.get(4)?,
        place: LogCursor { at, record: RecordId(row.get(5)?), number: row.get(6)? },
    }))
}

/// How many records the log has, and their bytes.
#[cfg(test)]
pub(super) fn sizes(tx: &Transaction<'_>) -> Result<(u64, u64)> {
    let sql = "SELECT count(*), coalesce(sum(length(cells)), 0) FROM record WHERE kind = ?1";
    Ok(tx.query_row(sql, [u16::from(Kind::FamilyLog)], |row| Ok((row.get(0)?, row.get(1)?)))?)
}
