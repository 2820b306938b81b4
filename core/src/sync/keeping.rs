//! What was deleted for good and stays after all: new records with all that the old ones held, the same on every phone.

use super::queries;
use crate::context::Edit;
use crate::error::{Error, Result};
use crate::ids::RecordId;
use crate::records::derived::{Others, derived};
use crate::records::fields::entry::ATTACHMENTS;
use crate::records::{self, Document, Kind};
use crate::storage::Transaction;

/// A thing as it was before it was deleted, and the tombstone in its place.
pub(super) struct Lost {
    pub rid: RecordId,
    pub doc: Document,
    pub tombstone: Document,
    /// It never left this phone.
    pub local_only: bool,
}

/// What is kept against a tombstone, by its old id: the same on every phone that keeps it.
pub(super) fn kept_id(tx: &Transaction<'_>, old: [u8; 16], tombstone: &Document) -> Result<Option<[u8; 16]>> {
    let time = tombstone.purged_by().map_or(0, |by| by.time).to_be_bytes();
    derived(tx, b"kept", &[&old, &time])
}

/// Makes each anew, and what named an old one names the new; gives the new ids by the old.
pub(super) fn anew(lost: &[Lost], tx: &mut Edit<'_>) -> Result<Others> {
    let others = new_ids(lost, tx)?;
    for one in lost {
        copy(one, &others, tx)?;
    }
    let named_here = records::all(tx.tx)?.into_iter().filter(|rid| !others.contains_key(&rid.0));
    for rid in named_here {
        follow(rid, &others, tx)?;
    }
    Ok(others)
}

/// The server is asked again for the files of what was made anew: it may have let them go since.
pub(super) fn doubt_files(others: &Others, tx: &Edit<'_>) -> Result<()> {
    others.values().try_for_each(|new| queries::doubt_files_of(tx.tx, RecordId(*new)))?;
    queries::look_at_left_anew(tx.tx)
}

/// New ids for what was deleted and for the attachments in it.
fn new_ids(lost: &[Lost], tx: &Edit<'_>) -> Result<Others> {
    let mut others = Others::new();
    for one in lost {
        let elements = one.doc.elements(ATTACHMENTS).filter_map(|(key, _)| key.as_id());
        let inside = elements.filter(|_| one.doc.kind() == u16::from(Kind::Entry));
        for old in std::iter::once(one.rid.0).chain(inside) {
            let new = kept_id(tx.tx, old, &one.tombstone)?;
            others.insert(old, new.ok_or_else(|| Error::internal("no family founded"))?);
        }
    }
    Ok(others)
}

fn copy(lost: &Lost, others: &Others, tx: &mut Edit<'_>) -> Result<()> {
    let Some(new) = others.get(&lost.rid.0).copied().map(RecordId) else { return Ok(()) };
    let mut copy = lost.doc.copied(others);
    if let Some(there) = records::load(tx.tx, new)? {
        // Another phone kept it before, and somebody may have written in it since.
        copy.merge(&there.doc)?;
    }
    tx.save(new, &copy)?;
    if lost.local_only { records::leave(tx.tx, new) } else { Ok(()) }
}

/// Makes a record name what came in the place of others. What is written once stays as it was written.
fn follow(rid: RecordId, others: &Others, tx: &mut Edit<'_>) -> Result<()> {
    let Some(mut stored) = records::load(tx.tx, rid)? else { return Ok(()) };
    let kind = stored.doc.kind();
    let once = [Kind::FamilyLog, Kind::Checkpoint].map(u16::from).contains(&kind);
    if once || stored.doc.is_purged() || others.values().any(|new| *new == rid.0) {
        return Ok(());
    }
    let trashed = stored.doc.is_trashed();
    if stored.doc.follow(others, &tx.stamper) {
        // It names another thing now, and goes on lying where it lay.
        stored.doc.set_trashed(trashed, &tx.stamper);
        tx.save(rid, &stored.doc)?;
    }
    Ok(())
}
