//! Days as people write them. What can be read in two ways is asked about, never guessed.

use crate::calendar;
use jiff::civil::Date;

/// Which of two numbers comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

impl DateOrder {
    /// Both.
    pub const ALL: [Self; 2] = [Self::DayFirst, Self::MonthFirst];
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day of a cell, `YYYY-MM-DD`, numbers read in this order. `2026-05-03` and `3 May 2026` need none.
pub(super) fn day(cell: &str, order: DateOrder) -> Option<String> {
    // A time of day may stand behind it.
    let cell = cell
        .split(['T', 't'])
        .next()
        .filter(|date| date.len() >= 8 && starts_with_year(cell))
        .unwrap_or(cell);
    let parts: Vec<&str> = cell.split([' ', '/', '.', '-', ',']).filter(|part| !part.is_empty()).collect();
    let [first, second, third, ..] = parts.as_slice() else { return None };
    if parts
        .iter()
        .skip(3)
        .any(|rest| !rest.contains(':') && !matches!(rest.to_lowercase().as_str(), "am" | "pm"))
    {
        return None;
    }
    let (year, month, day) = match (month(first), month(second)) {
        (Some(month), _) => (year(third)?, month, number(second)?),
        (_, Some(month)) => (year(third)?, month, number(first)?),
        _ if first.len() == 4 => (year(first)?, number(second)?, number(third)?),
        _ => match order {
            DateOrder::DayFirst => (year(third)?, number(second)?, number(first)?),
            DateOrder::MonthFirst => (year(third)?, number(first)?, number(second)?),
        },
    };
    let date = Date::new(year, month, day).ok()?;
    calendar::parse(&date.to_string()).map(|day| day.to_string())
}

/// The orders in which these days can be meant: one where only one fits, or where it makes no difference.
pub(super) fn orders<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Vec<DateOrder> {
    let reads = |cell: &str, order: &DateOrder| day(cell, *order).is_some();
    let a_day = |cell: &&str| DateOrder::ALL.iter().any(|order| reads(cell, order));
    let fits = |order: &DateOrder| cells.clone().filter(a_day).all(|cell| reads(cell, order));
    let fitting: Vec<DateOrder> = DateOrder::ALL.into_iter().filter(fits).collect();
    let same = |cell: &str| day(cell, DateOrder::DayFirst) == day(cell, DateOrder::MonthFirst);
    match fitting.len() {
        1 => fitting,
        _ if cells.clone().all(same) => vec![DateOrder::DayFirst],
        _ => DateOrder::ALL.to_vec(),
    }
}

fn starts_with_year(cell: &str) -> bool {
    cell.len() >= 5
        && cell.bytes().take(4).all(|byte| byte.is_ascii_digit())
        && cell.as_bytes().get(4) == Some(&b'-')
}

fn month(part: &str) -> Option<i8> {
    let part = part.to_lowercase();
    let place = MONTHS.iter().position(|month| part.len() >= 3 && part.starts_with(month))?;
    i8::try_from(place + 1).ok()
}

fn number(part: &str) -> Option<i8> {
    let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (part.len() - digits.len() <= 2).then(|| digits.parse().ok())?
}

fn year(part: &str) -> Option<i16> {
    let year: i16 = part.parse().ok()?;
    match part.len() {
        4 => Some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_written_and_nothing_else_is_one() {
        for (cell, day_first, month_first) in [
            ("2026-05-03", Some("2026-05-03"), Some("2026-05-03")),
            ("2026-05-03T10:20:30Z", Some("2026-05-03"), Some("2026-05-03")),
            ("2026/5/3", Some("2026-05-03"), Some("2026-05-03")),
            ("03/04/2026", Some("2026-04-03"), Some("2026-03-04")),
            ("3.4.26", Some("2026-04-03"), Some("2026-03-04")),
            ("31/12/2026", Some("2026-12-31"), None),
            ("12/31/2026 10:30 PM", None, Some("2026-12-31")),
            ("3 Sept 2026", Some("2026-09-03"), Some("2026-09-03")),
            ("May 3rd, 2026", Some("2026-05-03"), Some("2026-05-03")),
            ("30/02/2026", None, None),
            ("tomorrow", None, None),
            ("3/4", None, None),
            ("", None, None),
        ] {
            assert_eq!(day(cell, DateOrder::DayFirst).as_deref(), day_first, "{cell}");
            assert_eq!(day(cell, DateOrder::MonthFirst).as_deref(), month_first, "{cell}");
        }
    }

    #[test]
    fn only_what_can_be_read_in_two_ways_is_asked() {
        let orders = |cells: &[&str]| orders(cells.iter().copied());
        assert_eq!(orders(&["03/04/2026", "05/06/2026"]), DateOrder::ALL);
        assert_eq!(orders(&["03/04/2026", "31/12/2026"]), [DateOrder::DayFirst]);
        assert_eq!(orders(&["03/04/2026", "12/31/2026"]), [DateOrder::MonthFirst]);
        assert_eq!(
            orders(&["31/12/2026", "12/31/2026", "25/12/2026"]),
            DateOrder::ALL,
            "a majority says nothing"
        );
        assert_eq!(orders(&["2026-05-03", "05/05/2026"]), [DateOrder::DayFirst], "it makes no difference");
    }
}
