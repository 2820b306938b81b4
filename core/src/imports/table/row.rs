//! One row of a table as an entry in plain words, its names not yet looked up.

use super::columns::CsvField;
use super::dates::{self, DateOrder};
use super::times::Time;
use crate::imports::Given;
use crate::imports::record::alike;
use crate::plain::{self, Object, SET_IN};
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
        let mut time = Time::default();
        let mut own = "";
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
                    own = cell;
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
                CsvField::Minutes => {
                    time.minutes(cell)?;
                    continue;
                }
                CsvField::Hours => {
                    time.hours(cell)?;
                    continue;
                }
                CsvField::Tags => ("tags", list(cell, &[]).into()),
                CsvField::Starred => ("starred", yes(cell).into()),
                CsvField::Sample => ("sample", yes(cell).into()),
                CsvField::Went => ("how_it_went", cell.clone().into()),
                CsvField::Shows => ("what_it_shows", cell.clone().into()),
                CsvField::Next => ("what_comes_next", cell.clone().into()),
                CsvField::Id if plain::hex_id(cell).is_some() => ("id", cell.clone().into()),
                CsvField::Id => continue,
            };
            entry.insert(name.into(), value);
        }
        row.lines = own_lines(own, &row.learners);
        if let Some(minutes) = time.sum()? {
            entry.insert("minutes".into(), minutes.into());
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

/// What is each learner's alone: a nickname of the row's, a colon, a text, which may go on below.
fn own_lines(cell: &str, learners: &[String]) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    for line in cell.lines() {
        // An own table sets further lines in, so that none of them looks like a nickname.
        let below = line.strip_prefix(SET_IN);
        let named = line.split_once(": ").filter(|(who, _)| learners.iter().any(|one| alike(one, who)));
        match (named.filter(|_| below.is_none()), lines.last_mut()) {
            (Some((who, line)), _) => lines.push((who.trim().to_owned(), line.to_owned())),
            (None, Some((_, text))) => {
                text.push('\n');
                text.push_str(below.unwrap_or(line));
            }
            (None, None) => {}
        }
    }
    lines
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

fn yes(cell: &str) -> bool {
    matches!(cell.to_lowercase().as_str(), "yes" | "y" | "true" | "1" | "x" | "✓" | "★" | "ja" | "oui")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_people_write_them() {
        assert_eq!(list("Art, craft", &["art, Craft"]), ["Art, craft"]);
        assert_eq!(list("Maths, Science,maths", &[]), ["Maths", "Science"]);
        assert_eq!(list("Art, craft; Maths", &[]), ["Art, craft", "Maths"]);
    }
}
