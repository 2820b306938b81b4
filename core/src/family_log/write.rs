//! What is written into the log, beside every write and in its transaction.

use super::{Act, queries};
use crate::calendar::DAY_MS;
use crate::context::{Beside, Edit};
use crate::error::Result;
use crate::ids::{RecordId, make};
use crate::records::fields::{family_log as field, learner, subject};
use crate::records::{Document, Key, Kind, Names, Value, is_local, is_private, told_as, unpacked};
use crate::steps::Written;
use std::collections::BTreeMap;

/// What one device changes of one thing within this time is one event.
const TOGETHER_MS: i64 = 60 * 60_000;
/// Events in one record of the log: more begin the next, as every day does.
const MOST: u64 = 200;
/// Things in one event: more make several.
const MOST_THINGS: usize = 500;
/// Bytes of one record of the log, before another begins.
const MOST_BYTES: usize = 32 << 10;
/// The kind that stands for everything private.
pub(super) const PRIVATE: u16 = 0;

/// Writes the log beside every write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Logger;

impl Beside for Logger {
    fn written(&self, written: &[Written], tx: &mut Edit<'_>) -> Result<()> {
        let mut events: BTreeMap<(u8, u16), Vec<RecordId>> = BTreeMap::new();
        for one in written {
            if let Some((act, kind, other)) = event(one, tx)? {
                events
                    .entry((act.into(), kind))
                    .or_default()
                    .extend([Some(one.rid), other].into_iter().flatten());
            }
        }
        add(events, tx)
    }
}

/// Notes that a learner's record, or a file of an entry, was written to a place outside of the app; without either, the
/// whole record. No step of the session.
///
/// # Errors
/// When the store can't be written.
pub fn exported<I: Names>(of: Option<I>, tx: &mut Edit<'_>) -> Result<()> {
    tx.is_no_step();
    let kind = if of.is_some() { I::WHAT.kind } else { Kind::Entry };
    let things: Vec<RecordId> = of.into_iter().map(|id| RecordId(id.into())).collect();
    for thing in &things {
        // What stays on this phone is not told to others.
        if is_local(tx.tx, *thing)? {
            return Ok(());
        }
    }
    add(BTreeMap::from([((Act::Exported.into(), kind.into()), things)]), tx)
}

/// What a write did, to which kind, and to which other thing, if the log tells of it.
fn event(written: &Written, tx: &Edit<'_>) -> Result<Option<(Act, u16, Option<RecordId>)>> {
    // What stays on this phone is not told to others.
    if told_as(written.kind).is_none() || is_local(tx.tx, written.rid)? {
        return Ok(None);
    }
    let after = unpacked(&written.after)?;
    let mut other = None;
    let act = match written.before.as_deref().map(unpacked).transpose()? {
        _ if after.is_purged() => Act::Purged,
        // Nobody adds the settings: they are there from the beginning.
        None if written.kind == u16::from(Kind::Setting) => Act::Changed,
        None => Act::Added,
        Some(before) if merged(&before) != merged(&after) && merged(&after).is_some() => {
            other = merged(&after);
            Act::Merged
        }
        Some(before) => match (before.is_trashed(), after.is_trashed()) {
            (false, true) => Act::Trashed,
            (true, false) => Act::Restored,
            _ => Act::Changed,
        },
    };
    let private = is_private(written.kind);
    let thing = (!private).then_some(written.rid);
    if act == Act::Changed && queries::lately(tx.tx, thing, tx.stamper.device_no, tx.now_ms() - TOGETHER_MS)?
    {
        return Ok(None);
    }
    Ok(Some((act, if private { PRIVATE } else { written.kind }, other)))
}

/// What a learner or subject is now, where it turned out to be another one.
fn merged(doc: &Document) -> Option<RecordId> {
    let field = match doc.kind() {
        kind if kind == u16::from(Kind::Learner) => learner::MERGED_INTO,
        kind if kind == u16::from(Kind::Subject) => subject::MERGED_INTO,
        _ => return None,
    };
    doc.register(field)?.as_bytes()?.try_into().ok().map(RecordId)
}

fn add(events: BTreeMap<(u8, u16), Vec<RecordId>>, tx: &mut Edit<'_>) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let today = tx.now_ms() - tx.now_ms().rem_euclid(DAY_MS);
    let mut open = match queries::todays(tx.tx, tx.stamper.device_no, today)? {
        Some(rid) => {
            let doc = tx.load(rid, Kind::FamilyLog, "log")?.doc;
            let next = next_number(&doc);
            (rid, doc, next)
        }
        None => begin(tx),
    };
    for ((act, kind), things) in events {
        let parts = if things.is_empty() { vec![&things[..]] } else { things.chunks(MOST_THINGS).collect() };
        for some in parts {
            if open.2 >= MOST || open.1.encode().len() >= MOST_BYTES {
                tx.save_beside(open.0, &open.1)?;
                open = begin(tx);
            }
            let ids = if kind == PRIVATE { Vec::new() } else { some.iter().flat_map(|id| id.0).collect() };
            let event =
                [Value::Int(tx.now_ms()), Value::Int(act.into()), Value::Int(kind.into()), Value::Bytes(ids)];
            open.1.put(field::EVENTS, Key::Int(open.2), Value::List(event.to_vec()), &tx.stamper);
            open.2 += 1;
        }
    }
    tx.save_beside(open.0, &open.1)
}

/// The number after all that the record has: where a clock went back, its last event is not its latest.
fn next_number(doc: &Document) -> u64 {
    let numbers = doc.elements(field::EVENTS).filter_map(|(key, _)| match key {
        Key::Int(number) => Some(number.saturating_add(1)),
        _ => None,
    });
    numbers.max().unwrap_or(0)
}

/// A new record of the log: its id, its document, and the number of its first event.
fn begin(tx: &Edit<'_>) -> (RecordId, Document, u64) {
    let mut doc = Document::new(Kind::FamilyLog);
    doc.set(field::DEVICE, Value::Int(tx.stamper.device_no.into()), &tx.stamper);
    (RecordId(make(tx.random())), doc, 0)
}
