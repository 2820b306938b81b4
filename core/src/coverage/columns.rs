//! Columns of a table over time: terms, months, years from a day of the family's choice, or one for all.

use crate::calendar;
use crate::error::{Error, Result};
use crate::settings::FamilySettings;
use jiff::ToSpan;
use jiff::civil::Date;

/// What a column is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Span {
    /// A term of the family's own, and what lies between two of them; where it has set none: September to December,
    /// January to March, April to August, or the quarters of a year that begins on another day.
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
    /// What the family calls this term; empty for everything else.
    pub name: String,
}

/// Most columns: 200 years of months are a mistake.
const MAX_COLUMNS: usize = 600;

pub(super) fn of(from: &str, to: &str, span: Span, family: &FamilySettings) -> Result<Vec<Column>> {
    let (first, last) = span_of(from, to)?;
    let terms = Terms::of(family);
    let (mut columns, mut start, mut nth) = (Vec::new(), first, 0_i64);
    while start <= last && columns.len() < MAX_COLUMNS {
        nth += 1;
        let mut name = "";
        let next = match span {
            Span::Whole => last.tomorrow().ok(),
            Span::Month => start.last_of_month().tomorrow().ok(),
            Span::Term => {
                let (end, called) = terms.end(start);
                name = called;
                end.tomorrow().ok()
            }
            // From the first day and not from the column before: a year that began on 29 February stays there.
            Span::Year => first.checked_add(nth.years()).ok(),
        };
        let end = next.and_then(|next| next.yesterday().ok()).map_or(last, |end| end.min(last));
        columns.push(Column {
            first_day: start.to_string(),
            last_day: end.to_string(),
            name: name.to_owned(),
        });
        let Some(next) = next else { break };
        start = next;
    }
    if columns.last().is_some_and(|column| column.last_day < last.to_string()) {
        return Err(Error::invalid(
            "these are more columns than a table can have: choose fewer days, or years",
        ));
    }
    Ok(columns)
}

/// The number of weeks in a span, at least one, in sevenths: 10 days are 10.
pub(super) fn weeks(from: &str, to: &str) -> Result<i64> {
    let (first, last) = span_of(from, to)?;
    Ok(first.until(last).map_or(7, |span| i64::from(span.get_days()) + 1).max(7))
}

pub(super) fn span_of(from: &str, to: &str) -> Result<(Date, Date)> {
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

/// Longer than this, two terms have no holiday between them but a year for which nobody set any.
const LONGEST_HOLIDAY: i32 = 100;

/// The family's terms, the earliest first; of two that two phones let overlap, the earlier ends where the later begins.
struct Terms<'f> {
    own: Vec<(Date, Date, &'f str)>,
    turn: Date,
}

impl<'f> Terms<'f> {
    fn of(family: &'f FamilySettings) -> Self {
        let read = |term: &'f crate::settings::Term| {
            Some((calendar::parse(&term.first_day)?, calendar::parse(&term.last_day)?, term.name.as_str()))
        };
        let mut own: Vec<_> = family.terms.iter().filter_map(read).collect();
        own.sort_unstable();
        Self { own, turn: family.turn() }
    }

    /// The last day of the column that begins on `day`, and what it is called.
    fn end(&self, day: Date) -> (Date, &'f str) {
        let after = self.own.partition_point(|(first, ..)| *first <= day);
        let next = self.own.get(after).and_then(|(first, ..)| first.yesterday().ok());
        let until_next = |end: Date| next.map_or(end, |next| end.min(next));
        match after.checked_sub(1).and_then(|before| self.own.get(before)) {
            Some((_, last, name)) if *last >= day => (until_next(*last), name),
            Some((_, last, _)) if next.is_some_and(|next| is_holiday(*last, next)) => {
                (until_next(LATEST), "")
            }
            _ => (until_next(standard_end(day, self.turn)), ""),
        }
    }
}

const LATEST: Date = calendar::LAST_DAY;

fn is_holiday(before: Date, last: Date) -> bool {
    before.until(last).is_ok_and(|span| span.get_days() <= LONGEST_HOLIDAY)
}

/// Where nobody set terms: England's, or quarters where the year begins on another day than 1 September.
fn standard_end(day: Date, turn: Date) -> Date {
    if (turn.month(), turn.day()) == (9, 1) {
        let last_month = match day.month() {
            9..=12 => 12,
            1..=3 => 3,
            _ => 8,
        };
        return day.with().day(1).month(last_month).build().map_or(day, Date::last_of_month);
    }
    let first = calendar::year_start(day, turn);
    let quarter = |nth: i64| first.checked_add((3 * nth).months()).ok().filter(|next| *next > day);
    let next_year = first.checked_add(370.days()).map(|next| calendar::year_start(next, turn)).ok();
    let next = (1..4).find_map(quarter).or(next_year);
    next.and_then(|next| next.yesterday().ok()).unwrap_or(day)
}
