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
        let (mut own, mut tags) = ("", Vec::new());
        if cells.iter().skip(self.columns.len()).any(|cell| !cell.is_empty()) {
            return Err(
                "it has more cells than the header: put quote marks around a text that holds the mark \
                        between cells"
                    .into(),
            );
        }
        entry.insert("on_record".into(), self.given.on_record.into());
        for (field, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let (name, value): (&str, Json) = match field {
                CsvField::Skip => continue,
                CsvField::Note => {
                    note.push(cell);
                    continue;
                }
                CsvField::Learners => {
                    add(&mut row.learners, list(cell, &[]));
                    continue;
                }
                CsvField::OwnLines => {
                    own = cell;
                    continue;
                }
                CsvField::Subjects => {
                    add(&mut row.subjects, list(cell, known));
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
                CsvField::Tags => {
                    add(&mut tags, list(cell, &[]));
                    continue;
                }
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
        row.lines = own_lines(own, &row.learners)?;
        if !tags.is_empty() {
            entry.insert("tags".into(), tags.into());
        }
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
fn own_lines(cell: &str, learners: &[String]) -> Result<Vec<(String, String)>, String> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut last = None;
    for line in cell.lines() {
        // An own table sets further lines in, so that none of them looks like a nickname.
        let below = line.strip_prefix(SET_IN);
        let whole = plain::unquoted(line).and_then(|(who, rest)| Some((who, rest.strip_prefix(": ")?)));
        let named = whole.or_else(|| line.split_once(": ").map(|(who, rest)| (who.trim().to_owned(), rest)));
        let named = named.filter(|(who, _)| below.is_none() && learners.iter().any(|one| alike(one, who)));
        let (at, text) = match named {
            Some((who, text)) => match lines.iter().position(|(one, _)| alike(one, &who)) {
                Some(at) => (at, text),
                None => {
                    lines.push((who, text.to_owned()));
                    last = Some(lines.len() - 1);
                    continue;
                }
            },
            None => match last {
                Some(at) => (at, below.unwrap_or(line)),
                None if line.trim().is_empty() => continue,
                None => {
                    return Err(
                        "its own lines begin with no nickname of the row: write \"Bean: counted to ten\""
                            .into(),
                    );
                }
            },
        };
        last = Some(at);
        if let Some((_, whole)) = lines.get_mut(at) {
            whole.push('\n');
            whole.push_str(text);
        }
    }
    Ok(lines)
}

/// Puts items into a list that does not hold them yet.
fn add(list: &mut Vec<String>, more: Vec<String>) {
    for item in more {
        if !list.iter().any(|one| alike(one, &item)) {
            list.push(item);
        }
    }
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
    let mut items = Vec::new();
    add(&mut items, found);
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
        let lines = own_lines("\"Bo: B\": drew\nBo: sang\n\"Ann; Bea\": read\nbo: and danced", &names);
        assert_eq!(
            lines.unwrap(),
            [("Bo: B", "drew"), ("Bo", "sang\nand danced"), ("Ann; Bea", "read")]
                .map(|(a, b)| (a.into(), b.into()))
        );
        assert!(own_lines("counted to ten\nBo: sang", &names).is_err(), "whose is the first?");
        assert!(own_lines("Bo: sang", &[]).is_err());
    }
}
