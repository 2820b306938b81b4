//! Which family files are open: the least recently used idle one is closed first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::OwnedMutexGuard;

/// One family's place: its only connection, behind the lock that makes it the only writer. Empty until the
/// first transaction opens the file.
pub(super) type Slot = Arc<tokio::sync::Mutex<Option<Connection>>>;

/// A slot that one caller has to itself.
pub(super) type Held = OwnedMutexGuard<Option<Connection>>;

/// The open files, at most `max` of them unless more are in use at the same time.
pub(super) struct OpenFiles {
    max: usize,
    slots: Mutex<Slots>,
}

#[derive(Default)]
struct Slots {
    tick: u64,
    by_family: HashMap<[u8; 16], (Slot, u64)>,
}

impl OpenFiles {
    pub(super) fn new(max: usize) -> Self {
        Self { max, slots: Mutex::default() }
    }

    /// The family's slot, and the idle slots that had to leave for it. Close those on a blocking thread:
    /// closing writes the log back.
    pub(super) fn slot(&self, family: [u8; 16]) -> (Slot, Vec<Slot>) {
        let mut slots = self.locked();
        slots.tick += 1;
        let tick = slots.tick;
        let entry = slots.by_family.entry(family).or_insert_with(|| (Slot::default(), tick));
        entry.1 = tick;
        let slot = Arc::clone(&entry.0);
        let mut evicted = Vec::new();
        while slots.by_family.len() > self.max {
            // Idle: nobody but the map holds it. Files in use stay, even above the maximum.
            let oldest = slots
                .by_family
                .iter()
                .filter(|(_, (slot, _))| Arc::strong_count(slot) == 1)
                .min_by_key(|(_, (_, used))| *used)
                .map(|(family, _)| *family);
            let Some((idle, _)) = oldest.and_then(|family| slots.by_family.remove(&family)) else { break };
            evicted.push(idle);
        }
        (slot, evicted)
    }

    /// Drops a slot that turned out to belong to nobody, unless somebody else waits for it: who comes next would get
    /// another one, and the family's file two writers.
    pub(super) fn forget(&self, family: [u8; 16], held: &Held) {
        let mut slots = self.locked();
        let slot = OwnedMutexGuard::mutex(held);
        let is_this = slots.by_family.get(&family).is_some_and(|(known, _)| Arc::ptr_eq(known, slot));
        // The map's and the caller's. Others come by it only under the lock of the map.
        if is_this && Arc::strong_count(slot) == 2 {
            slots.by_family.remove(&family);
        }
    }

    /// Takes every slot out, for closing.
    pub(super) fn drain(&self) -> Vec<Slot> {
        self.locked().by_family.drain().map(|(_, (slot, _))| slot).collect()
    }

    fn locked(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_idle_file_leaves_first() {
        let files = OpenFiles::new(2);
        let held = files.slot([1; 16]).0;
        files.slot([2; 16]);
        files.slot([1; 16]);
        assert_eq!(files.slot([3; 16]).1.len(), 1);
        let slots = files.locked();
        assert!(slots.by_family.contains_key(&[1; 16]) && slots.by_family.contains_key(&[3; 16]));
        drop(slots);
        drop(held);
    }

    #[tokio::test]
    async fn a_slot_that_somebody_waits_for_is_not_given_to_another() {
        let files = OpenFiles::new(2);
        let held = files.slot([1; 16]).0.lock_owned().await;
        let waits = files.slot([1; 16]).0;
        files.forget([1; 16], &held);
        assert!(Arc::ptr_eq(&files.slot([1; 16]).0, &waits));
        drop(waits);
        files.forget([1; 16], &held);
        assert!(!Arc::ptr_eq(&files.slot([1; 16]).0, OwnedMutexGuard::mutex(&held)));
        files.forget([1; 16], &held);
        assert_eq!(files.locked().by_family.len(), 1, "the new one is not the one that is held");
    }

    #[test]
    fn a_file_in_use_is_never_closed() {
        let files = OpenFiles::new(1);
        let held: Vec<Slot> = (0..5).map(|n| files.slot([n; 16]).0).collect();
        assert_eq!(files.locked().by_family.len(), 5);
        drop(held);
        assert_eq!(files.slot([9; 16]).1.len(), 5);
    }
}
