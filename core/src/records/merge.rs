//! Bringing two versions of a record together. Pure: it knows cells, never fields, clocks or rooms.
//!
//! Of a kind that is only added to (the family log) the first writing of each cell stays instead of the last, and
//! neither trash nor tombstone takes anything away.
//!
//! Associative, commutative and idempotent up to yrs's spelling of a text's state, so phones that saw the same
//! writings in any order hold the same content.

use super::Stamp;
use super::document::{Cell, Document, Kind};
use super::text;
use super::value::{Key, Value};
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Slot;

/// What a merge found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Merged {
    /// The other version brought something that was not here.
    pub changed_local: bool,
    /// There is something here that the other version does not have, so it must be pushed.
    pub remote_lacks: bool,
}

impl Merged {
    fn mine(&mut self) {
        self.remote_lacks = true;
    }

    fn theirs(&mut self) {
        self.changed_local = true;
    }
}

impl Document {
    /// Takes over how `other` came to a text wherever both read the same: of two who wrote it independently of each other, as
    /// by taking in the family's own file, one text comes of a merge and not two in a row. Only for a record that no
    /// other phone has from here.
    ///
    /// # Errors
    /// [`Error::StoreDamaged`] when a text's state can't be read.
    pub fn take_over_equal_texts(&mut self, other: &Self) -> Result<()> {
        for (field, cell) in &mut self.fields {
            if let (Cell::Text(_, mine), Some(Cell::Text(_, theirs))) = (cell, other.fields.get(field))
                && mine != theirs
                && text::read(mine)? == text::read(theirs)?
            {
                mine.clone_from(theirs);
            }
        }
        Ok(())
    }

    /// Takes in everything that `other` has. On an error nothing has changed.
    ///
    /// # Errors
    /// [`Error::StoreDamaged`] when a text's state can't be read or the two are not versions of one record.
    pub fn merge(&mut self, other: &Self) -> Result<Merged> {
        if self.kind != other.kind {
            return Err(Error::StoreDamaged("two kinds under one record id".into()));
        }
        let mut found = Merged::default();
        let mut result = self.clone();
        larger(&mut result.min_reader, &other.min_reader, &mut found);
        let once = self.kind == u16::from(Kind::FamilyLog);
        if once {
            found.changed_local |= result.purge.take().is_some() | result.trash.take().is_some();
            found.remote_lacks |= other.purge.is_some() || other.trash.is_some();
        }
        if !once && (self.purge.is_some() || other.purge.is_some()) {
            // A tombstone is above everything: whatever else either side holds is gone.
            larger(&mut result.purge, &other.purge, &mut found);
            result.fields.clear();
            result.trash = None;
            found.changed_local |= result != *self;
            found.remote_lacks |= result != *other;
        } else {
            if !once {
                larger(&mut result.trash, &other.trash, &mut found);
            }
            for (field, theirs) in &other.fields {
                match result.fields.entry(*field) {
                    Slot::Vacant(slot) => {
                        slot.insert(theirs.clone());
                        found.theirs();
                    }
                    Slot::Occupied(mut slot) => merge_cell(slot.get_mut(), theirs, once, &mut found)?,
                }
            }
            found.remote_lacks |= result.fields.keys().any(|field| !other.fields.contains_key(field));
        }
        *self = result;
        Ok(found)
    }
}

fn larger<T: Ord + Clone>(mine: &mut T, theirs: &T, found: &mut Merged) {
    match (*mine).cmp(theirs) {
        std::cmp::Ordering::Less => {
            *mine = theirs.clone();
            found.theirs();
        }
        std::cmp::Ordering::Greater => found.mine(),
        std::cmp::Ordering::Equal => {}
    }
}

fn merge_cell(mine: &mut Cell, theirs: &Cell, once: bool, found: &mut Merged) -> Result<()> {
    let below = rank(mine) < rank(theirs);
    match (&mut *mine, theirs) {
        (Cell::Register(stamp, value), Cell::Register(their_stamp, their_value)) => {
            choose((stamp, value), (their_stamp, their_value), once, found);
        }
        (Cell::Map(map), Cell::Map(their_map)) => merge_map(map, their_map, once, found),
        (Cell::Text(stamp, state), Cell::Text(their_stamp, their_state)) => {
            larger(stamp, their_stamp, found);
            if state != their_state {
                if !text::contains(their_state, state)? {
                    found.mine();
                }
                if !text::contains(state, their_state)? {
                    *state = text::merge(state, their_state)?;
                    found.theirs();
                }
            }
        }
        // One field kept in two ways can only be a fault; both sides must still end up with the same one.
        _ if below => {
            *mine = theirs.clone();
            found.theirs();
        }
        _ => found.mine(),
    }
    Ok(())
}

const fn rank(cell: &Cell) -> u8 {
    match cell {
        Cell::Register(..) => 0,
        Cell::Map(_) => 1,
        Cell::Text(..) => 2,
    }
}

fn merge_map(
    mine: &mut BTreeMap<Key, (Stamp, Value)>,
    theirs: &BTreeMap<Key, (Stamp, Value)>,
    once: bool,
    found: &mut Merged,
) {
    for (key, (their_stamp, their_value)) in theirs {
        match mine.entry(key.clone()) {
            Slot::Vacant(slot) => {
                slot.insert((*their_stamp, their_value.clone()));
                found.theirs();
            }
            Slot::Occupied(mut slot) => {
                let (stamp, value) = slot.get_mut();
                match (value.is_gone(), their_value.is_gone()) {
                    // What is gone for good is above every writing, as a tombstone is.
                    (true, false) => found.mine(),
                    (false, true) => {
                        (*stamp, *value) = (*their_stamp, their_value.clone());
                        found.theirs();
                    }
                    _ => choose((stamp, value), (their_stamp, their_value), once, found),
                }
            }
        }
    }
    found.remote_lacks |= mine.keys().any(|key| !theirs.contains_key(key));
}

/// The later stamp wins, or the earlier one of what is written once; a tie of stamps is broken by the value's bytes, so
/// that both sides choose alike.
fn choose(mine: (&mut Stamp, &mut Value), theirs: (&Stamp, &Value), once: bool, found: &mut Merged) {
    if (&*mine.0, &*mine.1) == theirs {
        return;
    }
    if once != ((*mine.0, mine.1.encoded()) < (*theirs.0, theirs.1.encoded())) {
        *mine.0 = *theirs.0;
        *mine.1 = theirs.1.clone();
        found.theirs();
    } else {
        found.mine();
    }
}
