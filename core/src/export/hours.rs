//! The hours table: estimates from dated entries, by subject and term.
use jiff::civil::Date;

use super::period::term;
use super::report::Table;
use super::text::Text;

/// Stands below the table.
pub const NOTE: &str = "Estimates from dated entries. An entry with two subjects counts half for each.";

/// Hours by subject and term, in tenths of an hour, so that the printed numbers add up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// Column headings.
    pub terms: Vec<String>,
    /// Subject, then one number per term; most hours first.
    pub rows: Vec<(Text, Vec<u32>)>,
}

impl Hours {
    /// From day, minutes and subjects of each entry; an entry with two subjects counts half for each. `None` if
    /// nothing was noted.
    pub fn count<'a>(entries: impl Iterator<Item = (Date, u32, &'a [String])> + Clone) -> Option<Self> {
        let mut terms: Vec<String> = Vec::new();
        for (day, _, _) in entries.clone().filter(|(_, minutes, _)| *minutes > 0) {
            let term = term(day);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
        let other = [String::from("Other")];
        for (day, minutes, subjects) in entries.filter(|(_, minutes, _)| *minutes > 0) {
            let subjects = if subjects.is_empty() { other.as_slice() } else { subjects };
            let share = f64::from(minutes) / subjects.len() as f64;
            let column = terms.iter().position(|one| *one == term(day))?;
            for subject in subjects {
                if !rows.iter().any(|(name, _)| name == subject) {
                    rows.push((subject.clone(), vec![0.0; terms.len()]));
                }
                let cell = rows
                    .iter_mut()
                    .find(|(name, _)| name == subject)
                    .and_then(|(_, cells)| cells.get_mut(column));
                if let Some(cell) = cell {
                    *cell += share;
                }
            }
        }
        let tenths = |minutes: f64| (minutes / 6.0).round() as u32;
        let mut rows: Vec<(String, Vec<u32>)> =
            rows.into_iter().map(|(name, cells)| (name, cells.into_iter().map(tenths).collect())).collect();
        rows.sort_by_key(|(name, cells)| (std::cmp::Reverse(cells.iter().sum::<u32>()), name.clone()));
        let rows: Vec<_> = rows.into_iter().map(|(subject, cells)| (Text::words(subject), cells)).collect();
        (!rows.is_empty()).then_some(Self { terms, rows })
    }

    /// The table with its last row, the sums.
    pub fn table(&self) -> Table {
        let cells = |heading: Text, cells: &[u32]| {
            let numbers = cells.iter().copied().chain([cells.iter().sum()]);
            let mut row = vec![heading];
            row.extend(numbers.map(|tenths| Text::words(number(tenths))));
            row
        };
        let mut rows: Vec<Vec<Text>> =
            self.rows.iter().map(|(subject, tenths)| cells(subject.clone(), tenths)).collect();
        rows.push(cells(Text::words("Total"), &self.totals()));
        let mut head = vec!["Subject".to_owned()];
        head.extend(self.terms.iter().cloned());
        head.push("Year".to_owned());
        let numbers = head.len() - 1;
        Table { head, rows, numbers }
    }

    /// The sum of each printed column.
    pub fn totals(&self) -> Vec<u32> {
        (0..self.terms.len())
            .map(|column| self.rows.iter().filter_map(|(_, cells)| cells.get(column)).sum())
            .collect()
    }
}

/// Tenths as a number: 125 is "12.5", 120 is "12".
pub fn number(tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_entry_with_two_subjects_counts_half_for_each_and_the_table_adds_up() {
        let english = vec!["English".to_owned()];
        let both = vec!["English".to_owned(), "Maths".to_owned()];
        let entries = [
            (date(2025, 9, 9), 90, english.as_slice()),
            (date(2026, 2, 1), 60, both.as_slice()),
            (date(2026, 2, 2), 45, &[]),
        ];
        let hours = Hours::count(entries.iter().copied()).unwrap();
        assert_eq!(hours.terms, ["Autumn 2025", "Spring 2026"]);
        assert_eq!(hours.rows[0], (Text::words("English"), vec![15, 5]));
        assert_eq!(hours.rows[1], (Text::words("Other"), vec![0, 8]));
        assert_eq!(hours.totals(), [15, 18]);
        assert_eq!([15, 20].map(number), ["1.5", "2"]);
        assert_eq!(Hours::count([(date(2026, 1, 1), 0, english.as_slice())].into_iter()), None);
    }
}
