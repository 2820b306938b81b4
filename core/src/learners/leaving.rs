//! A learner goes, or turns out to be another one: what is only theirs goes along, what they share stays with the others,
//! and for 30 days all of it can be brought back.

use super::bringing_back::bring_back;
use super::removal::{Removal, TakenOff, joined};
use super::{Learner, LearnersClient, queries};
use crate::context::{Context, Edit};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::LearnerId;
use crate::records::fields::learner as field;
use crate::records::{
    Document, Key, Kind, Named, StoredRecord, Value, is_private, load, merged_into, trash, way,
};
use crate::storage::Transaction;

/// What would go with a learner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Entries that are only theirs: they go into the trash.
    pub entries: u64,
    /// Entries that they share: they stay with the others, without this learner and their line.
    pub shared_entries: u64,
    /// Books, goals, letters and other things that are only theirs: they go into the trash.
    pub items: u64,
    /// Such things that they share.
    pub shared_items: u64,
    /// Needs notes and assessments that are only theirs: they go into the trash.
    pub private: u64,
}

/// A learner who is gone, for as long as they can be brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// Who.
    pub id: LearnerId,
    /// What the family called them.
    pub nickname: String,
    /// When they went, milliseconds since 1970.
    pub gone_at: i64,
    /// Who they turned out to be; none for one who was removed.
    pub same_as: Option<LearnerId>,
}

impl LearnersClient {
    /// What removing a learner would do. Writes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn leaving(&self, id: LearnerId) -> Result<Leaving> {
        self.context.storage.read(|tx| {
            queries::get(tx, id)?.or_not_found("learner")?;
            let mut found = Leaving::default();
            for stored in naming(&self.context, tx, id)? {
                let alone = is_only_theirs(&stored.doc, id);
                let kind = stored.doc.kind();
                let count = match alone {
                    true if is_private(kind) => &mut found.private,
                    true if kind == u16::from(Kind::Entry) => &mut found.entries,
                    true => &mut found.items,
                    false if kind == u16::from(Kind::Entry) => &mut found.shared_entries,
                    false => &mut found.shared_items,
                };
                *count += 1;
            }
            Ok(found)
        })
    }

    /// Removes a learner: they and what is only theirs go into the trash, and they leave what they share with others.
    /// [`LearnersClient::restore`] brings all of it back, on any phone, for as long as the trash keeps it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn remove(&self, id: LearnerId) -> Result<()> {
        self.context.edit(|tx| {
            let mut learner = tx.load_visible(id, Kind::Learner, "learner")?;
            learner.doc.set_trashed(true, &tx.stamper);
            tx.save(id, &learner.doc)?;
            let mut removal = Removal::new(id, None, learner.local_only);
            for StoredRecord { rid, mut doc, .. } in naming(&self.context, tx.tx, id)? {
                if is_only_theirs(&doc, id) {
                    doc.set_trashed(true, &tx.stamper);
                    removal.trashed(rid, tx)?;
                } else {
                    let taken = take_off(&mut doc, id, tx);
                    removal.taken_off(rid, taken, tx)?;
                }
                tx.save(rid, &doc)?;
            }
            removal.finish(tx)
        })
    }

    /// Says that two learners are the same one, as when two phones added them before they met: everything of the first is
    /// the other's from now on, also what a phone that has not heard of it yet still writes. Lines that both have in one
    /// entry stand below each other. [`LearnersClient::restore`] takes it back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a learner and themselves, and for one whom the family shares and one
    /// who was left on this phone: the other way round it goes.
    pub fn merge(&self, id: LearnerId, into: LearnerId) -> Result<()> {
        if id == into {
            return Err(Error::invalid("a learner can't become part of themselves: choose another one"));
        }
        self.context.edit(|tx| {
            let mut learner = tx.load_visible(id, Kind::Learner, "learner")?;
            if tx.load_visible(into, Kind::Learner, "learner")?.local_only && !learner.local_only {
                return Err(Error::invalid(
                    "the second learner stays on this phone, and the first is shared with the family: merge them the other way round",
                ));
            }
            learner.doc.set(field::MERGED_INTO, Value::Bytes(into.0.to_vec()), &tx.stamper);
            learner.doc.set_trashed(true, &tx.stamper);
            tx.save(id, &learner.doc)?;
            hand_over(&self.context, (id, into), learner.local_only, tx)
        })
    }

    /// Who is gone and can be brought back, the last one first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn gone(&self) -> Result<Vec<Gone>> {
        self.context.storage.read(|tx| {
            let mut found = Vec::new();
            for one in trash::lying(tx)?.into_iter().filter(|one| one.kind == u16::from(Kind::Learner)) {
                let Some(stored) = load(tx, one.rid)? else { continue };
                found.push(Gone {
                    id: one.rid.into(),
                    nickname: stored.doc.string(field::NICKNAME),
                    gone_at: one.trashed_at,
                    same_as: merged_into(&stored.doc),
                });
            }
            Ok(found)
        })
    }

    /// Brings back a learner who was removed, or who was said to be another one, with everything that went along: also
    /// their lines in what they share, unless somebody wrote others since.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a learner who is not gone, or gone for good.
    pub fn restore(&self, id: LearnerId) -> Result<Learner> {
        self.context.edit(|tx| {
            let mut doc = tx.load(id, Kind::Learner, "learner")?.doc;
            Some(()).filter(|()| doc.is_trashed()).or_not_found("learner who is gone")?;
            bring_back(id, tx)?;
            doc.set(field::MERGED_INTO, Value::Null, &tx.stamper);
            doc.set_trashed(false, &tx.stamper);
            tx.save(id, &doc)?;
            queries::get(tx.tx, id)?.or_not_found("learner")
        })
    }

    /// Hands over what phones that had not heard of a merge wrote since; gives how many learners that touched.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn settle(&self) -> Result<u64> {
        let gone: Vec<Gone> = self.gone()?.into_iter().filter(|gone| gone.same_as.is_some()).collect();
        let mut touched = 0;
        for one in &gone {
            let next = |id| gone.iter().find(|gone| gone.id == id).and_then(|gone| gone.same_as);
            let way = way(one.id, |id| Ok(next(id)))?;
            if way.ring && way.end == one.id {
                // Two phones said it of each other: on all phones the smallest id stays.
                self.context.edit(|tx| {
                    tx.is_no_step();
                    let mut doc = tx.load(one.id, Kind::Learner, "learner")?.doc;
                    doc.set(field::MERGED_INTO, Value::Null, &tx.stamper);
                    doc.set_trashed(false, &tx.stamper);
                    tx.save(one.id, &doc)
                })?;
                touched += 1;
            } else if !self.context.storage.read(|tx| naming(&self.context, tx, one.id))?.is_empty() {
                self.context.edit(|tx| {
                    tx.is_no_step();
                    let local_only = tx.load(one.id, Kind::Learner, "learner")?.local_only;
                    hand_over(&self.context, (one.id, way.end), local_only, tx)
                })?;
                touched += 1;
            }
        }
        Ok(touched)
    }
}

/// The records outside of the trash that name a learner.
fn naming(context: &Context, tx: &Transaction<'_>, id: LearnerId) -> Result<Vec<StoredRecord>> {
    let mut found = Vec::new();
    for rid in context.naming(tx, id)? {
        let stored = load(tx, rid)?.filter(|stored| stored.doc.is_shown());
        found.extend(stored.filter(|stored| !stored.doc.naming(id.0).is_empty()));
    }
    Ok(found)
}

fn is_only_theirs(doc: &Document, id: LearnerId) -> bool {
    !doc.naming(id.0).iter().all(|named| matches!(named, Named::Element { beside_others: true, .. }))
}

fn take_off(doc: &mut Document, id: LearnerId, tx: &Edit<'_>) -> Vec<TakenOff> {
    let mut taken = Vec::new();
    for named in doc.naming(id.0) {
        if let Named::Element { field, value, .. } = named {
            doc.remove(field, &Key::id(id), &tx.stamper);
            taken.push(TakenOff { field, was: value, others: Value::Null });
        }
    }
    taken
}

/// Puts `into` wherever `id` is named.
fn hand_over(
    context: &Context,
    (id, into): (LearnerId, LearnerId),
    local_only: bool,
    tx: &mut Edit<'_>,
) -> Result<()> {
    let mut removal = Removal::new(id, Some(into), local_only);
    for StoredRecord { rid, mut doc, .. } in naming(context, tx.tx, id)? {
        let mut taken = Vec::new();
        for named in doc.naming(id.0) {
            match named {
                Named::Register(field) => {
                    doc.set(field, Value::Bytes(into.0.to_vec()), &tx.stamper);
                    taken.push(TakenOff { field, was: Value::Null, others: Value::Null });
                }
                Named::Element { field, value, .. } => {
                    let others = doc.element(field, &Key::id(into)).cloned().unwrap_or(Value::Null);
                    doc.put(field, Key::id(into), joined(&value, &others), &tx.stamper);
                    doc.remove(field, &Key::id(id), &tx.stamper);
                    taken.push(TakenOff { field, was: value, others });
                }
            }
        }
        removal.taken_off(rid, taken, tx)?;
        tx.save(rid, &doc)?;
    }
    removal.finish(tx)
}
