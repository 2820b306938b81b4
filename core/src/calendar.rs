//! Days of the family's calendar: plain dates, whatever the time zone.

use crate::error::{Error, Result};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The first day that is kept.
pub const FIRST_DAY: Date = date(1900, 1, 1);
/// The last one.
pub const LAST_DAY: Date = date(2199, 12, 31);

/// The day as it is kept, `YYYY-MM-DD`; `item` names it in a refusal.
///
/// # Errors
/// [`Error::InvalidInput`] unless it is a day of the calendar between 1900 and 2199, in just that form.
pub fn day(text: &str, item: &str) -> Result<String> {
    parse(text).map(|day| day.to_string()).ok_or_else(|| {
        Error::invalid(format!("{item} must be a date such as 2026-05-03, between 1900 and 2199"))
    })
}

/// A day that is kept.
pub fn parse(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    // The parser takes other spellings too; one day has one.
    (day.to_string() == text && (FIRST_DAY..=LAST_DAY).contains(&day)).then_some(day)
}

/// The day of a [`number`], `YYYY-MM-DD`.
pub fn day_of(number: i32) -> String {
    FIRST_DAY.checked_add(i64::from(number.max(0)).days()).unwrap_or(LAST_DAY).to_string()
}

/// Days since 1900-01-01; before all days for what is none.
pub fn number(day: &str) -> i32 {
    parse(day).and_then(|day| FIRST_DAY.until(day).ok()).map_or(-1, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_kept_and_in_one_form() {
        for good in ["2026-05-03", "2024-02-29", "1900-01-01", "2199-12-31"] {
            assert_eq!(day(good, "the day").unwrap(), good);
        }
        for wrong in [
            "",
            "2026-5-3",
            "2025-02-29",
            "2026-13-01",
            "1899-12-31",
            "2200-01-01",
            "20260503",
            "2026-05-03T10:00",
            " 2026-05-03",
            "+002026-05-03",
            "tomorrow",
        ] {
            assert!(day(wrong, "the day").is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_and_named_again() {
        for day in ["1900-01-01", "1900-02-28", "2000-02-29", "2026-05-03", "2199-12-31"] {
            assert_eq!(day_of(number(day)), day);
        }
        assert_eq!(number("1900-01-02"), 1);
    }
}
