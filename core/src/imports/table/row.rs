//! One row of a table as an entry in plain words, its names not yet looked up.

use super::columns::CsvField;
use super::dates::{self, DateOrder};
use crate::imports::Given;
use crate::imports::record::alike;
use crate::plain::{self, Object};
use serde_json::Value as Json;

/// How rows are read.
pub(super) struct Table<'a> {
    pub columns: &'a [CsvField],
    pub order: DateOrder,
    pub given: &'a Given,
}

/// A row that can be taken in.
pub(super) struct Row {
    pub entry: Object,
    pub learners: Vec<String>,
    /// Nicknames, and what is theirs alone.
    pub lines: Vec<(String, String)>,
    pub subjects: Vec<String>,
    /// All of its cells: what makes it this row and no other.
    pub key: String,
}

impl Table<'_> {
    /// Reads a row, or says why it can't be; `known` subjects may have commas in their names.
    pub fn read(&self, cells: &[String], known: &[&str]) -> Result<Row, String> {
        let mut entry = Object::new();
        let mut row = Row {
            entry: Object::new(),
            learners: Vec::new(),
            lines: Vec::new(),
            subjects: Vec::new(),
            key: cells.join("\u{1f}"),
        };
        let mut note: Vec<&str> = Vec::new();
        entry.insert("on_record".into(), self.given.on_record.into());
        for (field, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let (name, value): (&str, Json) = match field {
                CsvField::Skip => continue,
                CsvField::Note => {
                    note.push(cell);
                    continue;
                }
                CsvField::Learners => {
                    row.learners = list(cell, &[]);
                    continue;
                }
                CsvField::OwnLines => {
                    let lines = cell.lines().filter_map(|line| line.split_once(": "));
                    row.lines = lines.map(|(who, line)| (who.to_owned(), line.to_owned())).collect();
                    continue;
                }
                CsvField::Subjects => {
                    row.subjects = list(cell, known);
                    continue;
                }
                CsvField::Date => {
                    let day = dates::day(cell, self.order)
                        .ok_or("its date can't be read: write it as 2026-05-03")?;
                    ("learned_on", day.into())
                }
                CsvField::Title => ("title", cell.clone().into()),
                CsvField::Minutes => ("minutes", minutes(cell, 1.0)?.into()),
                CsvField::Hours => ("minutes", minutes(cell, 60.0)?.into()),
                CsvField::Tags => ("tags", list(cell, &[]).into()),
                CsvField::Starred => ("starred", yes(cell).into()),
                CsvField::Sample => ("sample", yes(cell).into()),
                CsvField::Went => ("how_it_went", cell.clone().into()),
                CsvField::Shows => ("what_it_shows", cell.clone().into()),
                CsvField::Next => ("what_comes_next", cell.clone().into()),
                CsvField::Id if plain::hex_id(cell).is_some() => ("id", cell.clone().into()),
                CsvField::Id => continue,
            };
            if name != "minutes" || value != 0 {
                entry.insert(name.into(), value);
            }
        }
        if !entry.contains_key("learned_on") {
            return Err("it has no date".into());
        }
        if !note.is_empty() {
            entry.insert("note".into(), note.join("\n\n").into());
        }
        self.given.write(&mut entry);
        row.entry = entry;
        Ok(row)
    }
}

/// The items of a cell: between semicolons, else between commas, unless the whole is a name that is known.
fn list(cell: &str, known: &[&str]) -> Vec<String> {
    if known.iter().any(|name| alike(name, cell)) {
        return vec![cell.trim().to_owned()];
    }
    let mark = if cell.contains(';') { ';' } else { ',' };
    let mut items: Vec<String> = Vec::new();
    for item in cell.split(mark).map(str::trim).filter(|item| !item.is_empty()) {
        if !items.iter().any(|one| alike(one, item)) {
            items.push(item.to_owned());
        }
    }
    items
}

/// Minutes of "90", "1:30", "1,5" or "1 h 30", where a bare number is of so many minutes.
fn minutes(cell: &str, of: f64) -> Result<i64, String> {
    let wrong = || "its time can't be read: write it in minutes".to_owned();
    let cell = cell.trim().to_lowercase();
    if let Some((hours, rest)) = cell.split_once([':', 'h']).filter(|(hours, _)| !hours.contains(['.', ',']))
    {
        let number = |text: &str| {
            let digits = text.trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace());
            if digits.is_empty() { Ok(0) } else { digits.parse::<i64>().map_err(|_| wrong()) }
        };
        return Ok(number(hours)?.saturating_mul(60).saturating_add(number(rest)?));
    }
    let digits = cell.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace()).replace(',', ".");
    let of = if cell.ends_with('h') || cell.contains("hour") { 60.0 } else { of };
    let number: f64 = digits.parse().map_err(|_| wrong())?;
    let minutes = (number * of).round();
    if !(0.0..=10_080.0).contains(&minutes) {
        return Err("its time must be between 0 and 10080 minutes".into());
    }
    Ok(minutes as i64)
}

fn yes(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "yes" | "y" | "true" | "1" | "x" | "✓" | "★" | "ja" | "oui")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_lists_are_read_as_people_write_them() {
        for (cell, of, expected) in [
            ("90", 1.0, Some(90)),
            ("1:30", 1.0, Some(90)),
            ("1 h 30", 1.0, Some(90)),
            ("1h30", 1.0, Some(90)),
            ("2h", 1.0, Some(120)),
            ("45 min", 1.0, Some(45)),
            ("1.5", 60.0, Some(90)),
            ("1,5", 60.0, Some(90)),
            ("1.5h", 1.0, Some(90)),
            ("2 hours", 1.0, Some(120)),
            ("0", 1.0, Some(0)),
            ("99999", 1.0, None),
            ("-3", 1.0, None),
            ("long", 1.0, None),
        ] {
            assert_eq!(minutes(cell, of).ok(), expected, "{cell}");
        }
        assert_eq!(list("Art, craft", &["art, Craft"]), ["Art, craft"]);
        assert_eq!(list("Maths, Science,maths", &[]), ["Maths", "Science"]);
        assert_eq!(list("Art, craft; Maths", &[]), ["Art, craft", "Maths"]);
    }
}
