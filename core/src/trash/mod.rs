//! The trash of all kinds: seen, given back, and in the end emptied for good on all phones.

mod keep;
#[cfg(test)]
mod tests;

pub use keep::KeepFor;

use crate::attachments::AttachmentsClient;
use crate::calendar::DAY_MS;
use crate::changes::ChangeKind;
use crate::context::{Context, Edit};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{BlobId, RecordId};
use crate::learners::LearnersClient;
use crate::private::PrivateClient;
use crate::records::trash::{self, Lying};
use crate::records::{self, Document, Kind, is_applied, is_private, merged_into, shown_in};
use crate::storage::Transaction;
use crate::subjects;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// On how many days this phone must have seen a thing in the trash before it goes by itself.
const SEEN_DAYS: i64 = 5;
/// Records purged in one transaction.
const AT_ONCE: usize = 100;

/// A thing in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trashed {
    /// Its room.
    pub kind: ChangeKind,
    /// Its id.
    pub id: [u8; 16],
    /// When it was put there, milliseconds since 1970.
    pub trashed_at: i64,
    /// When it goes for good at the earliest; none when nothing goes by itself.
    pub goes_at: Option<i64>,
}

/// The room of the trash.
#[derive(Clone)]
pub struct TrashClient {
    context: Arc<Context>,
    attachments: Arc<AttachmentsClient>,
}

impl fmt::Debug for TrashClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrashClient")
    }
}

impl TrashClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>, attachments: Arc<AttachmentsClient>) -> Self {
        Self { context, attachments }
    }

    /// What lies in the trash, what was put there last first. Needs notes and assessments are on their own shelves.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn list(&self) -> Result<Vec<Trashed>> {
        self.context.storage.read(|tx| {
            let days = keep::for_days(tx)?;
            let shown = |one: &Lying| {
                Some(Trashed {
                    kind: shown_in(one.kind).filter(|_| !is_private(one.kind))?,
                    id: one.rid.0,
                    trashed_at: one.trashed_at,
                    goes_at: days.map(|days| one.trashed_at.saturating_add(days * DAY_MS)),
                })
            };
            let mut found = Vec::new();
            for one in trash::lying(tx)? {
                if !is_merged(&one, tx)? {
                    found.extend(shown(&one));
                }
            }
            Ok(found)
        })
    }

    /// Takes a thing out of the trash; a learner with everything that went along, a subject with all that is part of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not in it, and for a needs note or an assessment: those have shelves of their own.
    pub fn restore(&self, id: RecordId) -> Result<()> {
        let thing = |tx: &Transaction<'_>| {
            let stored = records::load(tx, id)?.filter(|stored| lies(&stored.doc, false));
            Ok(stored.or_not_found("thing in the trash")?.doc)
        };
        let kind = self.context.storage.read(thing)?.kind();
        if kind == u16::from(Kind::Learner) {
            return LearnersClient::new(Arc::clone(&self.context)).restore(id.into()).map(drop);
        }
        self.context.edit(|tx| {
            let mut doc = thing(tx.tx)?;
            if kind == u16::from(Kind::Subject) {
                return subjects::restore(id.into(), tx);
            }
            doc.set_trashed(false, &tx.stamper);
            tx.save(id, &doc)
        })
    }

    /// Destroys what lies in the trash, on all phones and for good, photos too. `expected` is the number that the person
    /// confirmed: another one destroys nothing. What happened up to now can't be undone any more.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] when the number differs; [`Error::NotFound`] when one of them is not in the trash: nothing
    /// is destroyed then. Needs notes and assessments are destroyed where they are unlocked.
    pub fn purge(&self, ids: &[RecordId], expected: u64) -> Result<()> {
        self.purge_of(ids, expected, false)
    }

    /// The same for needs notes and assessments alone, for who may see them.
    ///
    /// # Errors
    /// As [`TrashClient::purge`]; [`Error::NotFound`] for what is neither.
    pub fn purge_private(&self, _shown: &PrivateClient, ids: &[RecordId], expected: u64) -> Result<()> {
        self.purge_of(ids, expected, true)
    }

    fn purge_of(&self, ids: &[RecordId], expected: u64, private: bool) -> Result<()> {
        let ids: BTreeSet<RecordId> = ids.iter().copied().collect();
        if ids.len() as u64 != expected {
            return Err(Error::invalid(
                "the number of things to delete is not the one that was confirmed: look again",
            ));
        }
        let blobs = self.context.edit(|tx| {
            tx.cannot_be_taken_back();
            for id in &ids {
                let stored = records::load(tx.tx, *id)?.filter(|stored| lies(&stored.doc, private));
                stored.or_not_found("thing in the trash")?;
            }
            self.purge_all(ids, tx)
        })?;
        self.attachments.tidy(&blobs)
    }

    /// How long things stay in the trash, on all phones.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn keep_for(&self) -> Result<KeepFor> {
        self.context.storage.read(keep::keep_for)
    }

    /// Sets how long things stay in the trash, on all phones.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_keep_for(&self, keep: KeepFor) -> Result<()> {
        self.context.edit(|tx| keep::set(keep, tx))
    }

    /// Looks into the trash once a day and destroys what has lain there long enough; gives how many. To be called when
    /// the server has just told its time: `offset_ms` is its clock minus this phone's. With more than a day between
    /// them one of the two is wrong, and nothing goes. Nor does what this phone has not seen there on five days.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn tend(&self, offset_ms: i64) -> Result<u64> {
        if !is_applied(offset_ms) {
            return Ok(0);
        }
        let due = self.due(self.context.clock.now_ms().saturating_add(offset_ms))?;
        self.let_go(&due)
    }

    /// What has lain there long enough, and since when.
    fn due(&self, now_ms: i64) -> Result<Vec<(RecordId, i64)>> {
        self.context.storage.write(|tx| {
            trash::see(tx, now_ms.div_euclid(DAY_MS))?;
            let Some(days) = keep::for_days(tx)? else { return Ok(Vec::new()) };
            let due = |one: &Lying| one.days >= SEEN_DAYS && now_ms - one.trashed_at >= days * DAY_MS;
            let mut found = Vec::new();
            for one in trash::lying(tx)?.iter().filter(|one| due(one)) {
                // Who turned out to be somebody else stays known: a phone that was away may still write for them.
                if !is_merged(one, tx)? {
                    found.push((one.rid, one.trashed_at));
                }
            }
            Ok(found)
        })
    }

    /// Destroys it, but for what somebody has taken out since, or thrown away anew: that has its days before it.
    fn let_go(&self, due: &[(RecordId, i64)]) -> Result<u64> {
        let mut gone = 0;
        for some in due.chunks(AT_ONCE) {
            let (blobs, went) = self.context.edit(|tx| {
                tx.is_no_step();
                let mut still = Vec::new();
                for (id, since) in some {
                    let stored = records::load(tx.tx, *id)?;
                    if stored.and_then(|stored| stored.doc.trashed_at_ms()) == Some(*since) {
                        still.push(*id);
                    }
                }
                let went = still.len() as u64;
                Ok((self.purge_all(still, tx)?, went))
            })?;
            self.attachments.tidy(&blobs)?;
            gone += went;
        }
        Ok(gone)
    }

    /// Makes them tombstones; gives the files of their photos.
    fn purge_all(&self, ids: impl IntoIterator<Item = RecordId>, tx: &mut Edit<'_>) -> Result<Vec<BlobId>> {
        let mut blobs = Vec::new();
        for id in ids {
            let stored = records::load(tx.tx, id)?.filter(|stored| stored.doc.is_trashed());
            let mut doc = stored.or_not_found("thing in the trash")?.doc;
            blobs.extend(self.attachments.files_of(tx.tx, id)?);
            doc.purge(&tx.stamper);
            tx.save(id, &doc)?;
        }
        Ok(blobs)
    }
}

/// Whether it lies in the trash, and is private or not as is asked.
fn lies(doc: &Document, private: bool) -> bool {
    doc.is_trashed() && is_private(doc.kind()) == private
}

/// Whether it is a learner who turned out to be another one.
fn is_merged(one: &Lying, tx: &Transaction<'_>) -> Result<bool> {
    Ok(one.kind == u16::from(Kind::Learner)
        && records::load(tx, one.rid)?.is_some_and(|stored| merged_into(&stored.doc).is_some()))
}
