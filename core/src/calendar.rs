//! Days of the family's calendar: plain dates, whatever the time zone.

use crate::error::{Error, Result};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Minutes of a week: as many as anything that is timed may take.
pub const WEEK_MINUTES: i64 = 7 * 24 * 60;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The first day that is kept.
pub const FIRST_DAY: Date = date(1900, 1, 1);
/// The last one.
pub const LAST_DAY: Date = date(2199, 12, 31);

/// The day as it is kept, `YYYY-MM-DD`; `item` names it in a refusal.
///
/// # Errors
/// [`Error::InvalidInput`] unless it is a day of the calendar between 1900 and 2199, in just that form.
pub fn day(text: &str, item: &str) -> Result<String> {
    Ok(date_of(text, item)?.to_string())
}

/// The same, to count with.
///
/// # Errors
/// As [`day`].
pub fn date_of(text: &str, item: &str) -> Result<Date> {
    parse(text).ok_or_else(|| {
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

/// A day that comes back every year, `MM-DD`, as a day of a leap year, so that 29 February is one.
pub fn month_and_day(text: &str) -> Option<Date> {
    parse(&format!("2000-{text}"))
}

/// The first day of the year that a day lies in, where years begin on `turn`: in common years, what begins on
/// 29 February begins on 1 March.
pub fn year_start(day: Date, turn: Date) -> Date {
    let begins = |year: i16| {
        let found = day.with().day(1).year(year).month(turn.month()).build();
        // A month too short for the day ends before it.
        found.and_then(|first| first.checked_add((i64::from(turn.day()) - 1).days())).unwrap_or(day)
    };
    let this = begins(day.year());
    if this <= day { this } else { begins(day.year() - 1) }
}

/// The first and last day of a week, where weeks begin on a weekday: 0 is Monday.
pub fn week(day: Date, begins_on: i8) -> (Date, Date) {
    let into = (day.weekday().to_monday_zero_offset() - begins_on).rem_euclid(7);
    let first = day.checked_sub(i64::from(into).days()).unwrap_or(day);
    (first, first.checked_add(6.days()).unwrap_or(day))
}

/// Today as an instant's day, in UTC; `ms` since 1970.
pub fn day_of_ms(ms: i64) -> String {
    let days = i32::try_from(ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX);
    day_of(days.saturating_add(number("1970-01-01")))
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

    #[test]
    fn years_begin_on_their_own_day_and_weeks_on_theirs() {
        let start =
            |day: &str, turn: &str| year_start(parse(day).unwrap(), month_and_day(turn).unwrap()).to_string();
        assert_eq!(
            ["2026-08-31", "2026-09-01", "2027-01-01"].map(|day| start(day, "09-01")),
            ["2025-09-01", "2026-09-01", "2026-09-01"]
        );
        assert_eq!(start("2026-01-01", "01-01"), "2026-01-01");
        assert_eq!(start("2025-12-31", "01-01"), "2025-01-01");
        assert_eq!(
            ["2027-02-28", "2027-03-01", "2028-02-28", "2028-02-29"].map(|day| start(day, "02-29")),
            ["2026-03-01", "2027-03-01", "2027-03-01", "2028-02-29"]
        );
        let week = |day: &str, begins_on| week(parse(day).unwrap(), begins_on).0.to_string();
        assert_eq!(week("2026-05-03", 0), "2026-04-27", "a Sunday ends a week that begins on Monday");
        assert_eq!(["2026-05-03", "2026-05-09"].map(|day| week(day, 6)), ["2026-05-03", "2026-05-03"]);
        assert_eq!(week("2024-03-01", 5), "2024-02-24");
        assert_eq!(day_of_ms(1_780_000_000_000), "2026-05-28");
        assert_eq!(day_of_ms(-1), "1969-12-31");
    }
}
