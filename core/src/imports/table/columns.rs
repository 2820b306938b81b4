//! What the columns of a table are: recognised by their header, changed by the person.

use super::dates::{self, DateOrder};
use super::text::Rows;
use crate::error::{Error, Result};

/// What a column holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CsvField {
    /// Nothing that is taken in.
    #[default]
    Skip,
    /// The day of the learning.
    Date,
    /// The title.
    Title,
    /// What happened. Several columns of this kind are put one below the other.
    Note,
    /// How long it took, in minutes, or as 1:30.
    Minutes,
    /// How long it took, in hours.
    Hours,
    /// Nicknames, with `;` or a comma between them. Several columns of this kind, and of subjects and tags, are one list.
    Learners,
    /// What is each learner's alone, a line each: the nickname, a colon, the text.
    OwnLines,
    /// Subjects, with `;` or a comma between them.
    Subjects,
    /// Tags, with `;` or a comma between them.
    Tags,
    /// Yes or no.
    Starred,
    /// Yes or no: a sample of work.
    Sample,
    /// How it went.
    Went,
    /// What it shows.
    Shows,
    /// What comes next.
    Next,
    /// The id that an own table wrote.
    Id,
}

/// Headers by which a column is known, in small letters.
const KNOWN: &[(CsvField, &[&str])] = &[
    (CsvField::Date, &["date", "day", "learned on", "when", "datum", "fecha"]),
    (CsvField::Title, &["title", "activity", "lesson", "what", "topic", "name of activity"]),
    (
        CsvField::Note,
        &["note", "notes", "description", "text", "details", "comment", "comments", "what we did"],
    ),
    (CsvField::Minutes, &["minutes", "mins", "min", "duration", "duration (minutes)", "time spent"]),
    (CsvField::Hours, &["hours", "hrs", "duration (hours)"]),
    (CsvField::Learners, &["learners", "learner", "child", "children", "kids", "kid", "who", "nickname"]),
    (CsvField::OwnLines, &["own lines"]),
    (CsvField::Subjects, &["subjects", "subject", "area", "areas", "learning area"]),
    (CsvField::Tags, &["tags", "tag", "labels", "label", "keywords"]),
    (CsvField::Starred, &["starred", "star", "favourite", "favorite"]),
    (CsvField::Sample, &["sample"]),
    (CsvField::Went, &["how it went"]),
    (CsvField::Shows, &["what it shows"]),
    (CsvField::Next, &["what comes next", "next"]),
    (CsvField::Id, &["id"]),
];

/// What each column is: as was said, or by its header.
pub(super) fn of(header: &[String], said: &[CsvField]) -> Result<Vec<CsvField>> {
    if !said.is_empty() && said.len() != header.len() {
        return Err(Error::invalid("say for each column of the table what it is"));
    }
    let mut columns = Vec::new();
    for field in said {
        if !may_repeat(*field) && columns.contains(field) {
            return Err(Error::invalid(format!(
                "two columns of this table are said to be {}: choose one, and skip the other",
                name_of(*field)
            )));
        }
        columns.push(*field);
    }
    for name in header.iter().filter(|_| said.is_empty()) {
        let name = name.trim().to_lowercase().replace('_', " ");
        let known = KNOWN.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field);
        let again = known.filter(|field| !may_repeat(*field) && columns.contains(field));
        columns.push(if again.is_some() { CsvField::Skip } else { known.unwrap_or_default() });
    }
    Ok(columns)
}

/// What several columns may say.
const fn may_repeat(field: CsvField) -> bool {
    matches!(
        field,
        CsvField::Skip | CsvField::Note | CsvField::Learners | CsvField::Subjects | CsvField::Tags
    )
}

/// What the header of a column of this kind says.
fn name_of(field: CsvField) -> &'static str {
    let known = KNOWN.iter().find(|(one, _)| *one == field);
    known.and_then(|(_, names)| names.first()).copied().unwrap_or("skipped")
}

/// The orders in which the days of the table can be meant.
pub(super) fn dates(rows: &Rows, columns: &[CsvField]) -> Vec<DateOrder> {
    let Some(place) = columns.iter().position(|field| *field == CsvField::Date) else {
        return vec![DateOrder::DayFirst];
    };
    dates::orders(rows.rows.iter().filter_map(|(_, cells)| cells.get(place)).map(String::as_str))
}
