//! Time and randomness as parameters, so that tests can move the one and repeat the other; units and words of time.

use std::sync::atomic::{AtomicI64, Ordering};

/// Microseconds of a second, a minute, an hour, a day.
pub(crate) const SECOND_US: i64 = 1_000_000;
pub(crate) const MINUTE_US: i64 = 60 * SECOND_US;
pub(crate) const HOUR_US: i64 = 60 * MINUTE_US;
pub(crate) const DAY_US: i64 = 24 * HOUR_US;

/// What was to last until `lifetime_us` from its beginning ends by this moment at the latest: beyond it, it was written by a clock
/// that ran ahead. Clocks that are put right by seconds end nothing.
pub(crate) fn latest_us(now_us: i64, lifetime_us: i64) -> i64 {
    now_us + lifetime_us + MINUTE_US
}

/// Where the server reads the time.
pub trait Clock: Send + Sync {
    /// Microseconds since the Unix epoch, UTC: the unit of every time column.
    fn now_us(&self) -> i64;
}

/// Where the server takes its random bytes.
pub trait Randomness: Send + Sync {
    /// Fills `out` with unpredictable bytes.
    fn fill(&self, out: &mut [u8]);
}

impl dyn Randomness + '_ {
    /// An array of unpredictable bytes.
    #[must_use]
    pub fn make<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now_us(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }
}

/// A clock that stands still until it is told to move.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that stands at `now_us`.
    #[must_use]
    pub fn at(now_us: i64) -> Self {
        Self(AtomicI64::new(now_us))
    }

    /// Moves the clock by `seconds`, which may be negative.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * SECOND_US, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The operating system's generator.
pub struct OsRandomness;

impl Randomness for OsRandomness {
    fn fill(&self, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // A server without randomness must not make a single token.
            tracing::error!("the operating system gave no random bytes: stopping");
            std::process::abort();
        }
    }
}

/// `14 Sept 2026, 14:02 UTC`.
pub(crate) fn utc(at_us: i64) -> String {
    let time = zoned(at_us);
    format!("{}, {:02}:{:02} UTC", day(at_us), time.hour(), time.minute())
}

/// `14 Sept 2026`, in UTC.
pub(crate) fn day(at_us: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];
    let time = zoned(at_us);
    let month = usize::try_from(time.month() - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"");
    format!("{} {month} {}", time.day(), time.year())
}

fn zoned(at_us: i64) -> jiff::Zoned {
    jiff::Timestamp::from_microsecond(at_us)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(jiff::tz::TimeZone::UTC)
}
