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
                CsvField::Starred => ("starred", yes(*field, cell)?.into()),
                CsvField::Sample => ("sample", yes(*field, cell)?.into()),
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
        let told = ["title", "note", "minutes", "tags", "how_it_went", "what_it_shows", "what_comes_next"];
        if row.subjects.is_empty()
            && row.lines.is_empty()
            && !told.iter().any(|name| entry.contains_key(*name))
        {
            return Err("it has a date and says nothing else".into());
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
        let whole = plain::unquoted(line).and_then(|(who, rest)| Some((who, rest.strip_prefix(": ")?)));
        let named = whole.or_else(|| line.split_once(": ").map(|(who, rest)| (who.trim().to_owned(), rest)));
        let named = named.filter(|(who, _)| below.is_none() && learners.iter().any(|one| alike(one, who)));
        match (named, lines.last_mut()) {
            (Some((who, line)), _) => lines.push((who, line.to_owned())),
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
    let mut found = plain::items(cell, ';');
    if found.len() == 1 && plain::unquoted(cell.trim()).is_none_or(|(_, rest)| !rest.is_empty()) {
        found = plain::items(cell, ',');
    }
    let mut items: Vec<String> = Vec::new();
    for item in found {
        if !items.iter().any(|one| alike(one, &item)) {
            items.push(item);
        }
    }
    items
}

fn yes(field: CsvField, cell: &str) -> Result<bool, String> {
    match cell.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "x" | "✓" | "★" | "ja" | "oui" => Ok(true),
        "no" | "n" | "false" | "0" | "-" | "" | "nein" | "non" => Ok(false),
        _ => {
            let what = if field == CsvField::Starred { "starred" } else { "a sample" };
            Err(format!("whether it is {what} can't be read: write yes or no, or leave the column out"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_people_write_them() {
        assert_eq!(list("Art, craft", &["art, Craft"]), ["Art, craft"]);
        assert_eq!(list("Maths, Science,maths", &[]), ["Maths", "Science"]);
        assert_eq!(list("Art, craft; Maths", &[]), ["Art, craft", "Maths"]);
        assert_eq!(list("\"Art, craft\"", &[]), ["Art, craft"]);
        let names = ["Bo".to_owned(), "Bo: B".to_owned(), "Ann; Bea".to_owned()];
        let lines = own_lines("\"Bo: B\": drew\nBo: sang\n\"Ann; Bea\": read", &names);
        assert_eq!(
            lines,
            [("Bo: B", "drew"), ("Bo", "sang"), ("Ann; Bea", "read")].map(|(a, b)| (a.into(), b.into()))
        );
    }
}
