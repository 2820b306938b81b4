//! Time and randomness as parameters, so that a test can move the one and repeat the other.

use rand::{Rng, SeedableRng, rngs::StdRng};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the time is.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
}

/// Where random bytes come from.
pub trait Randomness: Send + Sync {
    /// Fills `out`; every byte is unpredictable unless this is a test's source.
    fn fill(&self, out: &mut [u8]);
}

/// The phone's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the phone's clock is read")]
    fn now_ms(&self) -> i64 {
        let now = std::time::SystemTime::now();
        match now.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        }
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `now_ms`, milliseconds since 1970.
    pub const fn at(now_ms: i64) -> Self {
        Self(AtomicI64::new(now_ms))
    }

    /// Moves to `now_ms`, forwards or backwards.
    pub fn set(&self, now_ms: i64) {
        self.0.store(now_ms, Ordering::SeqCst);
    }

    /// Moves on by `ms` milliseconds.
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The operating system's source.
#[derive(Debug, Default, Clone, Copy)]
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn fill(&self, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // A key or nonce of predictable bytes would be worse than a crash, and nothing can be done without.
            std::process::abort();
        }
    }
}

/// A repeatable source for tests and fixtures: the same seed gives the same bytes.
#[derive(Debug)]
pub struct SeededRandomness(Mutex<StdRng>);

impl SeededRandomness {
    /// A source that depends on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, out: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_the_system_does_not() {
        let bytes = |source: &dyn Randomness| {
            let mut out = [0; 32];
            source.fill(&mut out);
            out
        };
        assert_eq!(bytes(&SeededRandomness::new(7)), bytes(&SeededRandomness::new(7)));
        assert_ne!(bytes(&SeededRandomness::new(7)), bytes(&SeededRandomness::new(8)));
        assert_ne!(bytes(&OsRandomness), bytes(&OsRandomness));
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::at(1_000);
        assert_eq!(clock.now_ms(), 1_000);
        clock.advance(-2_000);
        assert_eq!(clock.now_ms(), -1_000);
        clock.set(5);
        assert_eq!(clock.now_ms(), 5);
    }
}
