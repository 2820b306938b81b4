//! What this session wrote, step by step, so that the last step can be taken back. In memory only.

use crate::ids::RecordId;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Steps that are remembered.
const MOST: usize = 50;
/// Records that all of them together may have touched: each is held twice, at about a kilobyte.
const MOST_WRITTEN: usize = 20_000;
/// Typing that goes on is one step, as long as it pauses no longer than this.
const PAUSE_MS: i64 = 30_000;

/// One record before and after a step, as the store keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// Which.
    pub rid: RecordId,
    /// Its kind.
    pub kind: u16,
    /// What it was; none for a new one.
    pub before: Option<Vec<u8>>,
    /// What it became.
    pub after: Vec<u8>,
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Written({})", self.rid)
    }
}

/// What one transaction wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The records, in the order in which they were first written.
    pub written: Vec<Written>,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
}

/// The steps of this session.
#[derive(Default)]
pub struct Steps(Mutex<VecDeque<Arc<Step>>>);

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Steps")
    }
}

impl Steps {
    /// Remembers a step. `goes_on` says whether it is the same typing as the step before it.
    pub fn push(&self, step: Step, goes_on: impl FnOnce(&Written, &Written) -> bool) {
        if step.written.is_empty() {
            return;
        }
        let mut steps = self.lock();
        if let (Some(last), [now]) = (steps.back_mut(), step.written.as_slice())
            && let [was] = last.written.as_slice()
            && was.rid == now.rid
            && (0..PAUSE_MS).contains(&(step.at_ms - last.at_ms))
            && was.after == *now.before.as_deref().unwrap_or_default()
            && goes_on(was, now)
        {
            let last = Arc::make_mut(last);
            for was in &mut last.written {
                was.after.clone_from(&now.after);
            }
            last.at_ms = step.at_ms;
            return;
        }
        steps.push_back(Arc::new(step));
        while steps.len() > MOST || steps.iter().map(|step| step.written.len()).sum::<usize>() > MOST_WRITTEN
        {
            steps.pop_front();
        }
    }

    /// The last step.
    pub fn last(&self) -> Option<Arc<Step>> {
        self.lock().back().cloned()
    }

    /// Forgets the last step, if it is still this one.
    pub fn forget(&self, step: &Arc<Step>) {
        let mut steps = self.lock();
        if steps.back().is_some_and(|last| Arc::ptr_eq(last, step)) {
            steps.pop_back();
        }
    }

    /// Forgets everything: what was done now can't be taken back, and nothing older may be in its place.
    pub fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Step>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(rid: u8, before: Option<u8>, after: u8, at_ms: i64) -> Step {
        let before = before.map(|byte| vec![byte]);
        let written = vec![Written { rid: RecordId([rid; 16]), kind: 2, before, after: vec![after] }];
        Step { written, at_ms }
    }

    #[test]
    fn typing_that_goes_on_is_one_step_and_a_pause_or_another_record_begins_the_next() {
        let steps = Steps::default();
        let push = |step| steps.push(step, |_, _| true);
        push(step(1, Some(0), 1, 0));
        push(step(1, Some(1), 2, 10_000));
        assert_eq!(steps.last().as_deref(), Some(&step(1, Some(0), 2, 10_000)));
        push(step(1, Some(2), 3, 50_000));
        assert_eq!(steps.last().as_deref(), Some(&step(1, Some(2), 3, 50_000)), "a pause");
        push(step(2, Some(7), 8, 50_001));
        assert_eq!(steps.last().as_deref(), Some(&step(2, Some(7), 8, 50_001)), "another record");
        steps.push(step(2, Some(8), 9, 50_002), |_, _| false);
        assert_eq!(steps.last().as_deref(), Some(&step(2, Some(8), 9, 50_002)), "another field");
        push(step(2, Some(5), 6, 50_003));
        assert_eq!(steps.last().as_deref(), Some(&step(2, Some(5), 6, 50_003)), "somebody wrote in between");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let steps = Steps::default();
        for nth in 0..200 {
            steps.push(step(nth, None, 1, 0), |_, _| false);
        }
        assert_eq!(steps.lock().len(), MOST);
        let many = vec![step(0, None, 1, 0).written.remove(0); MOST_WRITTEN];
        steps.push(Step { written: many, at_ms: 0 }, |_, _| false);
        assert_eq!(steps.lock().len(), 1, "one large step stays alone");
    }
}
