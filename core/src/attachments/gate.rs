//! One at a time: whoever wants in waits, and may give up waiting.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::error::Result;
use crate::progress::Cancel;

/// How often somebody who waits looks whether to give up.
const LOOK: Duration = Duration::from_millis(50);

/// A door with room for one.
#[derive(Debug, Default)]
pub(super) struct Gate {
    taken: Mutex<bool>,
    free: Condvar,
}

/// Being inside; leaving is dropping it.
#[derive(Debug)]
pub(super) struct Inside<'a>(&'a Gate);

impl Gate {
    /// Waits until nobody is inside.
    pub(super) fn enter(&self, cancel: &Cancel) -> Result<Inside<'_>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            cancel.check()?;
            if !*taken {
                *taken = true;
                return Ok(Inside(self));
            }
            (taken, _) = self.free.wait_timeout(taken, LOOK).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.free.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn nobody_is_ever_inside_together() {
        let (gate, inside) = (Gate::default(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _inside = gate.enter(&Cancel::new()).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
    }

    #[test]
    fn whoever_waits_may_give_up() {
        let gate = Gate::default();
        let inside = gate.enter(&Cancel::new()).unwrap();
        let cancel = Cancel::new();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gate.enter(&cancel).map(drop));
            cancel.cancel();
            assert_eq!(waiting.join().unwrap(), Err(Error::Cancelled));
        });
        drop(inside);
        assert!(gate.enter(&Cancel::new()).is_ok());
    }
}
