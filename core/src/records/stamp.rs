//! When and by which phone a cell was written, and how the next stamp is made.

use crate::clock::Clock;
use crate::error::Result;
use crate::storage::{self, Transaction};

/// Beyond a day the offset is a wrong clock somewhere, shown to the person and not applied.
const MAX_OFFSET_MS: u64 = 24 * 3_600_000;
const OFFSET: &str = "clock-offset-ms";

/// Orders the writings of a cell. The later one wins; a tie is broken by the device, then by the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// Milliseconds since 1970 shifted left by 16, plus a counter.
    pub time: u64,
    /// Number of the membership log entry that added the device.
    pub device_no: u32,
}

impl Stamp {
    /// The time of it, milliseconds since 1970.
    pub fn ms(self) -> i64 {
        i64::try_from(self.time >> 16).unwrap_or(i64::MAX)
    }
}

/// Makes the stamps of one transaction.
///
/// A stamp is `max(now, the stamp being replaced + 1)`: whoever edits after seeing another edit wins, however wrong
/// either clock is. No stamp is ever refused, and none moves a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamper {
    /// Corrected time, milliseconds since 1970.
    pub now_ms: i64,
    /// Number of the membership log entry that added this device.
    pub device_no: u32,
    /// Who types in text cells: 53 random bits of this installation.
    pub text_client: u64,
}

impl Stamper {
    /// The stamp of a writing that replaces one of `seen`.
    pub fn next(&self, seen: Option<Stamp>) -> Stamp {
        let now = u64::try_from(self.now_ms).unwrap_or(0).saturating_mul(1 << 16);
        let time = seen.map_or(now, |seen| now.max(seen.time.saturating_add(1)));
        Stamp { time, device_no: self.device_no }
    }
}

/// The phone's clock corrected by what the server's last answer told, in milliseconds since 1970.
///
/// # Errors
/// When the store can't be read.
pub fn corrected_now(tx: &Transaction<'_>, clock: &dyn Clock) -> Result<i64> {
    Ok(clock.now_ms().saturating_add(clock_offset(tx)?))
}

/// Server time minus phone time as last learnt, in milliseconds; 0 when none is known or it is beyond a day.
///
/// # Errors
/// When the store can't be read.
pub fn clock_offset(tx: &Transaction<'_>) -> Result<i64> {
    Ok(seen_clock_offset(tx)?.filter(|offset| is_applied(*offset)).unwrap_or(0))
}

/// Server time minus phone time as last learnt, in milliseconds, however large; `None` before any server's answer.
///
/// # Errors
/// When the store can't be read.
pub fn seen_clock_offset(tx: &Transaction<'_>) -> Result<Option<i64>> {
    storage::number(tx, OFFSET)
}

/// Whether an offset corrects the clock, or is only shown.
pub const fn is_applied(offset_ms: i64) -> bool {
    offset_ms.unsigned_abs() <= MAX_OFFSET_MS
}

/// Keeps the offset learnt from a server's answer; it is used offline too.
///
/// # Errors
/// When the store can't be written.
pub fn set_clock_offset(tx: &Transaction<'_>, offset_ms: i64) -> Result<()> {
    storage::keep_number(tx, OFFSET, offset_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_seen_edit_wins_however_wrong_a_clock_is() {
        let stamper = |now_ms, device_no| Stamper { now_ms, device_no, text_client: 0 };
        let ahead = stamper(4_000_000_000_000, 2).next(None);
        let seen = stamper(1_000, 1).next(Some(ahead));
        assert!(seen > ahead);
        assert_eq!(seen.time, ahead.time + 1);
        assert!(stamper(-5, 1).next(None).time == 0, "before 1970");
        assert!(stamper(2_000, 1).next(Some(stamper(1_000, 9).next(None))).time == 2_000 << 16);
    }
}
