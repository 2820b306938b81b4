//! Tells screens what to read again, after the commit that changed it and never before.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Which room changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// A learner.
    Learner,
    /// A subject.
    Subject,
    /// An entry.
    Entry,
    /// An attachment's file or its state.
    Attachment,
    /// A book or other material.
    Reading,
    /// A goal.
    Goal,
    /// A planned thing.
    Plan,
    /// A marked day.
    DayMark,
    /// A provider.
    Provider,
    /// A trip.
    Trip,
    /// A qualification.
    Qualification,
    /// A letter.
    Letter,
    /// A report.
    Report,
    /// A template.
    Template,
    /// A saved filter.
    SavedFilter,
    /// A target.
    Target,
    /// A skill.
    Skill,
    /// A reminder.
    Reminder,
    /// A needs note.
    NeedsNote,
    /// An assessment.
    Assessment,
    /// The family's settings.
    Setting,
    /// The family log.
    FamilyLog,
    /// How far sync has come.
    Sync,
    /// Who is signed in.
    Account,
    /// Devices, membership, recovery.
    Keys,
}

/// One thing that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// Its room.
    pub kind: ChangeKind,
    /// Its id; `None` when the room as a whole should be read again.
    pub id: Option<[u8; 16]>,
}

impl Change {
    /// One thing of a room.
    pub fn of(kind: ChangeKind, id: impl Into<[u8; 16]>) -> Self {
        Self { kind, id: Some(id.into()) }
    }

    /// A whole room.
    pub const fn all(kind: ChangeKind) -> Self {
        Self { kind, id: None }
    }
}

/// Hears of changes. Called on the thread that made them: hand over quickly, and don't write from inside.
pub trait ChangeListener: Send + Sync {
    /// What one transaction changed, each thing once.
    fn changed(&self, changes: Vec<Change>);
}

type Listeners = Mutex<Vec<(u64, Arc<dyn ChangeListener>)>>;

/// Who listens.
#[derive(Default, Clone)]
pub struct Changes {
    listeners: Arc<Listeners>,
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Changes")
    }
}

impl Changes {
    /// Listens until the subscription is dropped.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Subscription {
        let mut listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner);
        let number = listeners.last().map_or(0, |(number, _)| number + 1);
        listeners.push((number, listener));
        Subscription { number, listeners: Arc::downgrade(&self.listeners) }
    }

    /// Tells everybody; to be called after the commit. Nothing changed, nobody is told.
    pub fn tell(&self, mut changes: Vec<Change>) {
        changes.sort_unstable();
        changes.dedup();
        if changes.is_empty() {
            return;
        }
        // The lock is let go first: a listener may subscribe, or drop a subscription, while it is told.
        let listeners = self.listeners.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (_, listener) in listeners {
            listener.changed(changes.clone());
        }
    }
}

/// Listening, until dropped.
#[must_use = "dropping the subscription ends it"]
pub struct Subscription {
    number: u64,
    listeners: Weak<Listeners>,
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subscription({})", self.number)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(listeners) = self.listeners.upgrade() {
            let mut listeners = listeners.lock().unwrap_or_else(PoisonError::into_inner);
            listeners.retain(|(number, _)| *number != self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Heard(Mutex<Vec<Vec<Change>>>);
    impl ChangeListener for Heard {
        fn changed(&self, changes: Vec<Change>) {
            self.0.lock().unwrap().push(changes);
        }
    }

    #[test]
    fn each_change_is_told_once_and_nobody_hears_after_unsubscribing() {
        let changes = Changes::default();
        let (one, two) = (Arc::new(Heard::default()), Arc::new(Heard::default()));
        let first = changes.subscribe(one.clone());
        let _second = changes.subscribe(two.clone());
        let entry = Change::of(ChangeKind::Entry, [1; 16]);
        changes.tell(vec![entry, entry]);
        changes.tell(vec![]);
        drop(first);
        changes.tell(vec![Change::all(ChangeKind::Sync)]);
        assert_eq!(*one.0.lock().unwrap(), vec![vec![entry]]);
        assert_eq!(two.0.lock().unwrap().len(), 2);
    }
}
