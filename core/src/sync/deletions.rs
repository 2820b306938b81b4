//! Deletions for good that come from other phones: few are done, many at once wait for a person's word.
//!
//! What this phone saw in the trash for 30 days goes without a word, so that a monthly emptying asks nobody.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::absorb::take_in_document;
use super::engine::{Counters, Engine};
use super::keeping::{self, Lost};
use super::queries::{self, Cause, HeldDeletion};
use super::run::SyncClient;
use crate::calendar::DAY_MS;
use crate::changes::{Change, ChangeKind};
use crate::context::Context;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{RecordId, SpaceId};
use crate::progress::blocking;
use crate::records::{self, Document, Opener, StoredRecord, corrected_now, shown_in, trash};
use crate::storage::Transaction;

/// For how many days a phone must have seen a thing in the trash to let it go without a word.
const SEEN_DAYS: i64 = 30;
/// The twentieth part of what is here may go in one sync, but never more than so many, and always so many.
const PART: u64 = 20;
const MOST: u64 = 20;
const FEW: u64 = 5;

/// A thing that another phone deleted for good, and that stands here as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// Its room.
    pub kind: ChangeKind,
    /// Its id; its room still gives it.
    pub id: [u8; 16],
    /// When it was deleted, milliseconds since 1970, by the other phone's clock.
    pub deleted_at: i64,
    /// The number of the device ([`Device::number`](crate::keys::Device::number)).
    pub device_no: u32,
}

/// The day by the corrected clock, counted from 1970.
pub(super) fn today(tx: &Transaction<'_>, context: &Context) -> Result<i64> {
    Ok(corrected_now(tx, &*context.clock)?.div_euclid(DAY_MS))
}

/// Whether a row deletes something that people see here and that did not lie in this phone's trash for its days.
pub(super) fn is_unexpected(
    tx: &Transaction<'_>,
    theirs: &Document,
    local: &StoredRecord,
    day: i64,
) -> Result<bool> {
    let deletes = theirs.is_purged() && !local.doc.is_purged() && local.doc.kind() == theirs.kind();
    Ok(deletes
        && shown_in(theirs.kind()).is_some()
        && !(local.doc.is_trashed() && trash::seen_for(tx, local.rid, day, SEEN_DAYS)?))
}

impl Engine {
    /// Looks at all deletions that came in: does what is few or was long in the trash, and lets the others wait.
    pub(super) async fn settle_deletions(self: &Arc<Self>, space: SpaceId) -> Result<()> {
        let engine = Arc::clone(self);
        blocking(move || {
            let desk = (&*engine.context, &*engine.counts);
            let changes = engine.context.storage.write(|tx| settle(tx, desk, space))?;
            engine.context.changes.tell(changes);
            Ok(())
        })
        .await
    }
}

fn settle(tx: &Transaction<'_>, desk: (&Context, &Counters), space: SpaceId) -> Result<Vec<Change>> {
    let held = queries::held_deletions(tx)?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let day = today(tx, desk.0)?;
    let (mut due, mut shown, mut lying) = (Vec::new(), Vec::new(), Vec::new());
    let mut some_wait = false;
    for one in held.into_iter().filter(|one| one.space == space) {
        let local = records::load(tx, one.row.record)?.filter(|local| !local.doc.is_purged());
        match local {
            Some(local) if !local.dirty && was_kept(tx, &one)? => due.push(one),
            Some(local) if !local.doc.is_trashed() && one.asked => some_wait = true,
            Some(local) if !local.doc.is_trashed() => shown.push(one),
            Some(local) if trash::seen_for(tx, local.rid, day, SEEN_DAYS)? => due.push(one),
            Some(_) if one.asked => {}
            Some(_) => lying.push(one),
            None => due.push(one),
        }
    }
    let few = (queries::standing_records(tx, space)? / PART).clamp(FEW, MOST);
    let mut changes = Vec::new();
    // Beside others that wait already, a few more wait too. What lies in the trash waits without a word for its days.
    for (some, wait) in [(shown, some_wait), (lying, false)] {
        if wait || some.len() as u64 > few {
            some.iter().try_for_each(|one| queries::ask(tx, one.row.record))?;
            changes.push(Change::all(ChangeKind::Sync));
        } else {
            due.extend(some);
        }
    }
    for one in due {
        changes.extend(apply(tx, desk, &one)?);
    }
    Ok(changes)
}

/// Whether somebody kept it on another phone, so that it is here once more under its new id.
fn was_kept(tx: &Transaction<'_>, held: &HeldDeletion) -> Result<bool> {
    let Ok((theirs, _)) = tombstone(tx, held) else { return Ok(false) };
    let new = keeping::kept_id(tx, held.row.record.0, &theirs)?;
    new.map_or(Ok(false), |new| Ok(records::load(tx, RecordId(new))?.is_some()))
}

/// Does what the tombstone says.
fn apply(tx: &Transaction<'_>, desk: (&Context, &Counters), held: &HeldDeletion) -> Result<Vec<Change>> {
    let row = &held.row;
    let Ok((theirs, packed)) = tombstone(tx, held) else {
        queries::quarantine(tx, held.space, row, Cause::NoKey)?;
        return Ok(Vec::new());
    };
    let local = records::load(tx, row.record)?;
    take_in_document(tx, desk, &desk.0.sealer(tx)?, row, (&theirs, &packed), local)
}

fn tombstone(tx: &Transaction<'_>, held: &HeldDeletion) -> Result<(Document, records::Packed)> {
    Opener::load(tx, held.space)?.open(held.row.record, held.row.format, &held.row.ciphertext)
}

/// Those that wait for a person.
fn waiting(tx: &Transaction<'_>) -> Result<Vec<HeldDeletion>> {
    let mut found = Vec::new();
    for one in queries::held_deletions(tx)?.into_iter().filter(|one| one.asked) {
        if records::load(tx, one.row.record)?.is_some_and(|local| local.doc.is_shown()) {
            found.push(one);
        }
    }
    Ok(found)
}

/// How many wait for a person.
pub(super) fn waiting_for_a_person(tx: &Transaction<'_>) -> Result<u64> {
    Ok(waiting(tx)?.len() as u64)
}

/// Those of them that are named.
fn named(tx: &Transaction<'_>, ids: &[RecordId]) -> Result<Vec<HeldDeletion>> {
    let ids: BTreeSet<RecordId> = ids.iter().copied().collect();
    let mut found = waiting(tx)?;
    found.retain(|one| ids.contains(&one.row.record));
    if found.len() < ids.len() {
        return Err(Error::NotFound("deletion that waits"));
    }
    Ok(found)
}

impl SyncClient {
    /// What other phones deleted for good, so much at once that it waits here for a person's word: until then it
    /// stands on this phone as it was, photos too.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn deletions(&self) -> Result<Vec<Deletion>> {
        self.context.storage.read(|tx| {
            let mut found = Vec::new();
            for one in waiting(tx)? {
                let (doc, _) = tombstone(tx, &one)?;
                let (Some(kind), Some(by)) = (shown_in(doc.kind()), doc.purged_by()) else { continue };
                let (id, deleted_at) = (one.row.record.0, by.ms());
                found.push(Deletion { kind, id, deleted_at, device_no: by.device_no });
            }
            Ok(found)
        })
    }

    /// Deletes here too what was deleted elsewhere. `expected` is the number that the person confirmed: another one deletes
    /// nothing.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when the number differs; [`Error::NotFound`] when one of them does not wait.
    pub fn accept_deletions(&self, ids: &[RecordId], expected: u64) -> Result<()> {
        let counts = Arc::clone(&self.counts);
        let changes = self.context.storage.write(|tx| {
            let held = named(tx, ids)?;
            if held.len() as u64 != expected {
                return Err(Error::invalid(
                    "the number of things to delete is not the one that was confirmed: look again",
                ));
            }
            let mut changes = vec![Change::all(ChangeKind::Sync)];
            for one in &held {
                changes.extend(apply(tx, (&self.context, &counts), one)?);
            }
            Ok(changes)
        })?;
        self.context.steps.clear();
        self.context.changes.tell(changes);
        Ok(())
    }

    /// Keeps what was deleted elsewhere, for all phones: each thing comes back as a new one with all that it held, and what
    /// named the old one names the new. Two phones that keep the same thing make one of it. Gives the new ids, in the
    /// order of the old.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one of them does not wait: nothing is kept then.
    pub fn keep_deleted(&self, ids: &[RecordId]) -> Result<Vec<RecordId>> {
        let counts = Arc::clone(&self.counts);
        let (kept, mut changes) = self.context.edit(|tx| {
            tx.cannot_be_taken_back();
            let held = named(tx.tx, ids)?;
            let lost = held.iter().map(|one| lost(tx.tx, one)).collect::<Result<Vec<_>>>()?;
            let others = keeping::anew(&lost, tx)?;
            let mut changes = Vec::new();
            for one in &held {
                changes.extend(apply(tx.tx, (&self.context, &counts), one)?);
            }
            keeping::doubt_files(&others, tx)?;
            let kept = ids.iter().filter_map(|id| others.get(&id.0).copied().map(RecordId)).collect();
            Ok((kept, changes))
        })?;
        changes.push(Change::all(ChangeKind::Sync));
        self.context.changes.tell(changes);
        Ok(kept)
    }
}

fn lost(tx: &Transaction<'_>, held: &HeldDeletion) -> Result<Lost> {
    let stored = records::load(tx, held.row.record)?.or_not_found("record")?;
    let tombstone = tombstone(tx, held)?.0;
    Ok(Lost { rid: stored.rid, doc: stored.doc, tombstone, local_only: stored.local_only })
}
