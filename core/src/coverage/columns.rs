//! Columns of a table over time: terms, months, years from a day of the family's choice, or one for all.

use crate::calendar;
use crate::error::{Error, Result};
use jiff::ToSpan;
use jiff::civil::Date;

/// What a column is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Span {
    /// A school term: September to December, January to March, April to August.
    #[default]
    Term,
    /// A month.
    Month,
    /// A year from the first day on.
    Year,
    /// All of it.
    Whole,
}

/// One column; both days are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
}

/// Most columns: 200 years of months are a mistake.
const MAX_COLUMNS: usize = 600;

pub(super) fn of(from: &str, to: &str, span: Span) -> Result<Vec<Column>> {
    let (first, last) = span_of(from, to)?;
    let (mut columns, mut start, mut nth) = (Vec::new(), first, 0_i64);
    while start <= last && columns.len() < MAX_COLUMNS {
        nth += 1;
        let next = match span {
            Span::Whole => last.tomorrow().ok(),
            Span::Month => start.last_of_month().tomorrow().ok(),
            Span::Term => term_end(start).tomorrow().ok(),
            // From the first day and not from the column before: a year that began on 29 February stays there.
            Span::Year => first.checked_add(nth.years()).ok(),
        };
        let end = next.and_then(|next| next.yesterday().ok()).map_or(last, |end| end.min(last));
        columns.push(Column { first_day: start.to_string(), last_day: end.to_string() });
        let Some(next) = next else { break };
        start = next;
    }
    Ok(columns)
}

/// The number of weeks in a span, at least one, in sevenths: 10 days are 10.
pub(super) fn weeks(from: &str, to: &str) -> Result<i64> {
    let (first, last) = span_of(from, to)?;
    Ok(first.until(last).map_or(7, |span| i64::from(span.get_days()) + 1).max(7))
}

/// The same day a year before; the first day that is kept where there is none.
pub(super) fn year_before(day: &str) -> String {
    let before = calendar::parse(day).and_then(|day| day.checked_sub(1.year()).ok());
    before.unwrap_or(calendar::FIRST_DAY).max(calendar::FIRST_DAY).to_string()
}

fn span_of(from: &str, to: &str) -> Result<(Date, Date)> {
    let read = |day: &str| {
        calendar::parse(day).ok_or_else(|| {
            Error::invalid("the first and last day must be dates such as 2026-05-03, between 1900 and 2199")
        })
    };
    let (first, last) = (read(from)?, read(to)?);
    if first > last {
        return Err(Error::invalid("choose a first day that is not after the last"));
    }
    Ok((first, last))
}

fn term_end(day: Date) -> Date {
    let last_month = match day.month() {
        9..=12 => 12,
        1..=3 => 3,
        _ => 8,
    };
    day.with().day(1).month(last_month).build().map_or(day, Date::last_of_month)
}
