//! Which earlier version is kept, and where: up to ten an entry and phone, in a record of their own.

use super::queries;
use crate::context::{Beside, Edit};
use crate::error::Result;
use crate::ids::{RecordId, make};
use crate::records::fields::{entry, versions as field};
use crate::records::{self, Document, Key, Kind, Stamp, Value, unpacked};
use crate::steps::Written;
use std::collections::BTreeMap;

/// Versions that one phone keeps of one entry.
const SLOTS: u64 = 10;
/// Bytes of all versions that one record may hold: sealed, it must fit what a server takes.
const MOST_BYTES: usize = 128 << 10;
/// Edits of one phone with shorter pauses belong together: what stood between them is no version.
const PAUSE_MS: i64 = 10 * 60_000;
/// However long somebody goes on writing, a version is kept this often.
const AT_LEAST_MS: i64 = 60 * 60_000;
/// What makes no version: a star says nothing, photos are gone for good when they are taken out, and when an entry was
/// written down never changes.
pub(super) const LEFT_OUT: [u32; 4] =
    [entry::STARRED, entry::ATTACHMENTS, entry::RECORDED_AT, entry::ON_RECORD];

/// Keeps what an entry was before it is changed, in the same transaction.
#[derive(Debug, Clone, Copy, Default)]
pub struct Keeper;

impl Beside for Keeper {
    fn written(&self, written: &[Written], tx: &mut Edit<'_>) -> Result<()> {
        for one in written.iter().filter(|one| one.kind == u16::from(Kind::Entry)) {
            let Some(before) = &one.before else { continue };
            let (before, after) = (unpacked(before)?, unpacked(&one.after)?);
            if after.is_purged() {
                forget(one.rid, tx)?;
            } else if !after.changed_fields(&before).iter().all(|field| LEFT_OUT.contains(field)) {
                keep(one.rid, &before, tx)?;
            }
        }
        Ok(())
    }
}

/// One version as its slot holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// When it was replaced, milliseconds since 1970.
    pub replaced_at: i64,
    /// When it was written.
    pub written_at: i64,
    /// What the entry was.
    pub seen: Vec<u8>,
}

impl Held {
    pub fn from_value(value: &Value) -> Option<Self> {
        let [replaced_at, written_at, seen] = value.as_list()? else { return None };
        Some(Self {
            replaced_at: replaced_at.as_int()?,
            written_at: written_at.as_int()?,
            seen: seen.as_bytes()?.to_vec(),
        })
    }

    fn to_value(&self) -> Value {
        Value::List(vec![
            Value::Int(self.replaced_at),
            Value::Int(self.written_at),
            Value::Bytes(self.seen.clone()),
        ])
    }
}

/// The versions in a record, by slot.
pub fn held(doc: &Document) -> BTreeMap<u64, Held> {
    let slot = |(key, value): (&Key, &Value)| match key {
        Key::Int(slot) => Some((*slot, Held::from_value(value)?)),
        _ => None,
    };
    doc.elements(field::VERSIONS).filter_map(slot).collect()
}

fn keep(entry: RecordId, before: &Document, tx: &mut Edit<'_>) -> Result<()> {
    let now = tx.now_ms();
    let mine = queries::of_device(tx.tx, entry, tx.stamper.device_no)?;
    let (rid, mut doc) = match mine {
        Some(rid) => (rid, tx.load(rid, Kind::Versions, "versions")?.doc),
        None => (RecordId(make(tx.random())), Document::new(Kind::Versions)),
    };
    let mut there = held(&doc);
    let written = before.newest_content();
    if goes_on(before, written, &there, tx.stamper.device_no, now) {
        return Ok(());
    }
    let mut seen = before.as_seen();
    LEFT_OUT.iter().for_each(|field| seen.without(*field));
    let new = Held { replaced_at: now, written_at: written.map_or(0, Stamp::ms), seen: seen.encode() };
    if new.seen.len() > MOST_BYTES {
        return Ok(());
    }
    let slot = (0..SLOTS).find(|slot| !there.contains_key(slot));
    let slot = slot.or_else(|| oldest(&there)).unwrap_or_default();
    doc.set(field::ENTRY, Value::Bytes(entry.0.to_vec()), &tx.stamper);
    doc.set(field::DEVICE, Value::Int(tx.stamper.device_no.into()), &tx.stamper);
    doc.put(field::VERSIONS, Key::Int(slot), new.to_value(), &tx.stamper);
    there.insert(slot, new);
    while there.values().map(|one| one.seen.len()).sum::<usize>() > MOST_BYTES {
        let Some(slot) = oldest(&there) else { break };
        there.remove(&slot);
        doc.remove(field::VERSIONS, &Key::Int(slot), &tx.stamper);
    }
    tx.save_beside(rid, &doc)?;
    // What stays on this phone has its earlier versions here too.
    if records::is_local(tx.tx, entry)? {
        records::leave(tx.tx, rid)?;
    }
    Ok(())
}

/// Whether this edit goes on with what the same phone wrote a moment ago, from which a version is kept or which is new.
fn goes_on(
    before: &Document,
    written: Option<Stamp>,
    there: &BTreeMap<u64, Held>,
    device_no: u32,
    now: i64,
) -> bool {
    let lately = |at: i64, within: i64| (0..within).contains(&(now - at));
    let mine = written.is_some_and(|stamp| stamp.device_no == device_no && lately(stamp.ms(), PAUSE_MS));
    let begun = before.int(entry::RECORDED_AT).into_iter().chain(there.values().map(|one| one.replaced_at));
    mine && begun.into_iter().any(|at| lately(at, AT_LEAST_MS))
}

fn oldest(there: &BTreeMap<u64, Held>) -> Option<u64> {
    there.iter().min_by_key(|(slot, one)| (one.replaced_at, **slot)).map(|(slot, _)| *slot)
}

/// A purged entry takes the versions along that every phone kept of it.
pub(super) fn forget(entry: RecordId, tx: &mut Edit<'_>) -> Result<()> {
    for rid in queries::of_entry(tx.tx, entry)? {
        let mut doc = tx.load(rid, Kind::Versions, "versions")?.doc;
        doc.purge(&tx.stamper);
        tx.save_beside(rid, &doc)?;
    }
    Ok(())
}

/// Takes out what was replaced before `until`; says whether that changed anything.
pub(super) fn expire(rid: RecordId, until: i64, tx: &mut Edit<'_>) -> Result<()> {
    let mut doc = tx.load(rid, Kind::Versions, "versions")?.doc;
    let old: Vec<u64> =
        held(&doc).into_iter().filter(|(_, one)| one.replaced_at < until).map(|(slot, _)| slot).collect();
    for slot in &old {
        doc.remove(field::VERSIONS, &Key::Int(*slot), &tx.stamper);
    }
    if old.is_empty() { Ok(()) } else { tx.save_beside(rid, &doc) }
}
