//! Dates as documents print them, the period on the cover, and school terms.
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::{Error, Result};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// First and last day of a document, both inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Period {
    /// From two dates "YYYY-MM-DD".
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for what is no such date, or when the first day is after the last.
    pub fn parse(from: &str, to: &str) -> Result<Self> {
        let (from, to) = (parse_date(from)?, parse_date(to)?);
        if from > to {
            return Err(Error::InvalidInput("choose a first day that is not after the last".into()));
        }
        Ok(Self { from, to })
    }

    /// Start and end as words, in two parts that do not wrap: "September 2025", "to August 2026". Whole months need
    /// no days; one month needs no second part.
    pub fn words(&self) -> (String, String) {
        let whole_months = self.from.day() == 1 && self.to == self.to.last_of_month();
        let start = if whole_months { month_year(self.from) } else { long_date(self.from) };
        let end = if whole_months { month_year(self.to) } else { long_date(self.to) };
        if start == end { (start, String::new()) } else { (start, format!("to {end}")) }
    }

    /// Both parts on one line: "September 2025 to August 2026".
    pub fn line(&self) -> String {
        let (start, end) = self.words();
        format!("{start} {end}").trim_end().to_owned()
    }
}

/// Reads "YYYY-MM-DD".
pub fn parse_date(text: &str) -> Result<Date> {
    text.parse().map_err(|_| Error::InvalidInput("write the day as YYYY-MM-DD".into()))
}

/// "9 Sept 2025".
pub fn date(date: Date) -> String {
    format!("{} {} {}", date.day(), short(date), date.year())
}

/// "Tuesday".
pub fn weekday(date: Date) -> &'static str {
    let day = usize::try_from(date.weekday().to_monday_zero_offset()).ok();
    day.and_then(|day| WEEKDAYS.get(day)).copied().unwrap_or_default()
}

/// "9 Sept", in lists whose heading names the year.
pub fn day(date: Date) -> String {
    format!("{} {}", date.day(), short(date))
}

/// "1 h 30", "45 min", "2 h".
pub fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02}"),
    }
}

/// The school term of a day: September to December, January to March, April to August.
pub fn term(date: Date) -> String {
    let term = match date.month() {
        9..=12 => "Autumn",
        1..=3 => "Spring",
        _ => "Summer",
    };
    format!("{term} {}", date.year())
}

fn short(date: Date) -> &'static str {
    pick(&SHORT, date)
}

fn month_year(date: Date) -> String {
    format!("{} {}", pick(&MONTHS, date), date.year())
}

/// "9 September 2025".
pub fn long_date(date: Date) -> String {
    format!("{} {}", date.day(), month_year(date))
}

fn pick(names: &[&'static str; 12], date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|month| names.get(month)).copied().unwrap_or_default()
}

/// The day of a moment, milliseconds since 1970, where this phone is.
pub fn day_here(ms: i64) -> Date {
    let moment = Timestamp::from_millisecond(ms).unwrap_or_default();
    moment.to_zoned(TimeZone::try_system().unwrap_or(TimeZone::UTC)).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_never_ambiguous() {
        let day = parse_date("2026-04-03").unwrap();
        assert_eq!(date(day), "3 Apr 2026");
        assert_eq!(weekday(day), "Friday");
        assert_eq!(term(day), "Summer 2026");
        assert!(parse_date("03/04/2026").is_err());
    }

    #[test]
    fn a_period_is_said_in_months_where_it_is_whole_months() {
        let words = |from, to| Period::parse(from, to).unwrap().words();
        assert_eq!(words("2025-09-01", "2026-08-31"), ("September 2025".into(), "to August 2026".into()));
        assert_eq!(words("2026-05-01", "2026-05-31"), ("May 2026".into(), String::new()));
        assert_eq!(
            words("2025-09-09", "2026-08-31"),
            ("9 September 2025".into(), "to 31 August 2026".into())
        );
        assert!(Period::parse("2026-02-01", "2026-01-01").is_err());
    }

    #[test]
    fn times_read_like_a_person_says_them() {
        assert_eq!([45, 60, 90, 125].map(duration), ["45 min", "1 h", "1 h 30", "2 h 05"]);
    }
}
