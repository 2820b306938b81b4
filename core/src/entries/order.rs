//! Where an entry stands in the timeline: one number, so that a page is a range of rows.
//!
//! From the top: 17 bits day of learning (from 1900-01-01), 42 bits milliseconds of writing down (from 1970-01-01),
//! 4 bits of the id. A larger number is newer. It is this phone's own and never leaves it.

use crate::calendar;
use crate::error::Result;
use crate::ids::RecordId;

const DAY: u32 = 46;
const MS: u32 = 4;
const LARGEST_MS: i64 = (1 << (DAY - MS)) - 1;

/// The day as it is kept, `YYYY-MM-DD`.
///
/// # Errors
/// As [`calendar::day`].
pub(super) fn day(text: &str) -> Result<String> {
    calendar::day(text, "the day of learning")
}

/// The smallest place of a day; what another version wrote and this one can't read stands before all days.
pub(super) fn day_start(text: &str) -> i64 {
    i64::from(calendar::number(text).max(0)) << DAY
}

/// The day of a place, counted from 1900-01-01.
pub(super) fn day_number(place: i64) -> i32 {
    i32::try_from(place >> DAY).unwrap_or(i32::MAX)
}

/// The smallest place after a day.
pub(super) fn day_end(text: &str) -> i64 {
    day_start(text).saturating_add(1 << DAY)
}

/// Where an entry of this day and moment belongs; others may have taken just that place.
pub(super) fn wanted(learned_on: &str, recorded_at: i64, rid: RecordId) -> i64 {
    let [first, ..] = rid.0;
    day_start(learned_on) | recorded_at.clamp(0, LARGEST_MS) << MS | i64::from(first >> 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_calendar_and_fit_their_bits() {
        assert!(day_start("2026-05-03") < day_start("2026-05-04"));
        assert_eq!(day_end("2026-05-03"), day_start("2026-05-04"));
        assert!(day_end("2199-12-31") > day_start("2199-12-31"));
        assert!(day_start("2199-12-31").checked_add(1 << DAY).is_some());
        assert_eq!(day_start("not a day"), 0);
    }
}
