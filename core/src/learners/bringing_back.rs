//! Bringing a learner back: what was written down when they went is taken back, and what was written down of others is
//! kept level with it, so that the order in which learners come back makes no difference.

use super::removal::{Removal, TakenOff, joined};
use crate::context::Edit;
use crate::error::Result;
use crate::ids::{LearnerId, RecordId};
use crate::records::{Document, Key, Named, Value, load};

/// Brings back everything that went with a learner.
pub fn bring_back(learner: LearnerId, tx: &mut Edit<'_>) -> Result<()> {
    let mut open = Removal::open(tx.tx)?;
    while let Some(at) = open.iter().position(|one| one.learner == learner) {
        let own = open.remove(at);
        for rid in &own.trashed {
            if let Some(mut stored) = load(tx.tx, *rid)?
                && !stored.doc.is_purged()
                && stored.doc.set_trashed(false, &tx.stamper)
            {
                tx.save(*rid, &stored.doc)?;
            }
        }
        for (rid, places) in &own.taken {
            let Some(mut stored) = load(tx.tx, *rid)?.filter(|stored| !stored.doc.is_purged()) else {
                continue;
            };
            let lay = stored.doc.is_trashed();
            let mut here = Here { rid: *rid, doc: &mut stored.doc, open: &mut open, tx };
            let mut changed = false;
            for place in places {
                changed |= here.put_back(&own, place);
            }
            if changed {
                // Thrown away by somebody since: there it stays.
                let stays = lay && !here.had_nobody_left();
                stored.doc.set_trashed(stays, &tx.stamper);
                tx.save(*rid, &stored.doc)?;
            }
        }
        own.done(tx)?;
    }
    open.iter().try_for_each(|one| one.keep_touched(tx))
}

/// One record from which somebody was taken off, and the removals of all who are gone still.
struct Here<'a, 'tx> {
    rid: RecordId,
    doc: &'a mut Document,
    open: &'a mut Vec<Removal>,
    tx: &'a Edit<'tx>,
}

impl Here<'_, '_> {
    /// Puts a learner back where they stood. Says whether that changed the record.
    fn put_back(&mut self, own: &Removal, place: &TakenOff) -> bool {
        let TakenOff { field, was, others } = place;
        if let Some(into) = own.into {
            if *was == Value::Null {
                return self.name(*field, into, own.learner);
            }
            let changed = self.replace(*field, into, joined(was, others), others.clone());
            return self.put_unless_there(*field, own.learner, was) || changed;
        }
        self.put_unless_there(*field, own.learner, was)
    }

    fn put_unless_there(&mut self, field: u32, learner: LearnerId, was: &Value) -> bool {
        self.doc.element(field, &Key::id(learner)).is_none()
            && self.doc.put(field, Key::id(learner), was.clone(), &self.tx.stamper)
    }

    /// Names a learner again where `who` was put in their place, or who that one turned out to be.
    fn name(&mut self, field: u32, mut who: LearnerId, learner: LearnerId) -> bool {
        let rid = self.rid;
        loop {
            if self.doc.register(field).and_then(Value::as_bytes) == Some(who.0.as_slice()) {
                return self.doc.set(field, Value::Bytes(learner.0.to_vec()), &self.tx.stamper);
            }
            let next = self.find(field, |one, place| one.learner == who && place.was == Value::Null);
            let Some((removal, nth)) = next else { return false };
            let Some(next) = removal.into else { return false };
            removal.forget(rid, nth);
            who = next;
        }
    }

    /// Puts `new` in the place of what `who` had as `old`; null is nothing. What somebody wrote since stays.
    fn replace(&mut self, field: u32, mut who: LearnerId, mut old: Value, mut new: Value) -> bool {
        let rid = self.rid;
        // Each removal is passed once as one that came on top, and once as the way of who is gone.
        for _ in 0..=2 * self.open.len() {
            if old == new {
                return false;
            }
            if let Some((removal, nth)) =
                self.find(field, |one, place| one.into == Some(who) && place.others == old)
            {
                // Another learner became the same one later: theirs stands on top of this.
                let was = removal.change(rid, nth, |place| {
                    place.others = new.clone();
                    place.was.clone()
                });
                (old, new) = (joined(&was, &old), joined(&was, &new));
            } else if let Some(now) = self.doc.element(field, &Key::id(who)) {
                return *now == old && self.doc.put(field, Key::id(who), new, &self.tx.stamper);
            } else if let Some((removal, nth)) =
                self.find(field, |one, place| one.learner == who && place.was == old)
            {
                // Gone since: what is written down of them must not bring this back.
                let others = removal.change(rid, nth, |place| {
                    place.was = new.clone();
                    place.others.clone()
                });
                if new == Value::Null {
                    removal.forget(rid, nth);
                }
                let Some(next) = removal.into else { return false };
                who = next;
                new = if new == Value::Null { others.clone() } else { joined(&new, &others) };
                old = joined(&old, &others);
            } else {
                return false;
            }
        }
        false
    }

    /// The record went into the trash with the last of its learners, who is gone still: it does without them now.
    fn had_nobody_left(&mut self) -> bool {
        let rid = self.rid;
        let Some(last) = self.open.iter_mut().find(|one| one.trashed.contains(&rid)) else { return false };
        let named = self.doc.naming(last.learner.0);
        if named.iter().any(|named| matches!(named, Named::Register(_))) {
            return false;
        }
        last.trashed.remove(&rid);
        last.touched.insert(rid);
        for named in named {
            if let Named::Element { field, value, .. } = named {
                self.doc.remove(field, &Key::id(last.learner), &self.tx.stamper);
                let taken = TakenOff { field, was: value, others: Value::Null };
                last.taken.entry(rid).or_default().push(taken);
            }
        }
        true
    }

    /// The removal that took somebody off this field of the record in such a way, and where that is written down.
    fn find(
        &mut self,
        field: u32,
        is_it: impl Fn(&Removal, &TakenOff) -> bool,
    ) -> Option<(&mut Removal, usize)> {
        let rid = self.rid;
        self.open.iter_mut().find_map(|one| {
            let places = one.taken.get(&rid)?;
            let nth = places.iter().position(|place| place.field == field && is_it(one, place))?;
            Some((one, nth))
        })
    }
}

impl Removal {
    fn change(&mut self, rid: RecordId, nth: usize, change: impl FnOnce(&mut TakenOff) -> Value) -> Value {
        self.touched.insert(rid);
        let place = self.taken.get_mut(&rid).and_then(|places| places.get_mut(nth));
        place.map_or(Value::Null, change)
    }

    fn forget(&mut self, rid: RecordId, nth: usize) {
        self.touched.insert(rid);
        if let Some(places) = self.taken.get_mut(&rid)
            && nth < places.len()
        {
            places.remove(nth);
        }
    }
}
