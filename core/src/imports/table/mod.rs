//! A table of what was done, from a spreadsheet or another program: one entry a row.

mod columns;
mod dates;
mod row;
mod text;
mod times;

pub use columns::CsvField;
pub use dates::DateOrder;

use super::day_one::id;
use super::record::alike;
use super::take::{Taker, refused};
use super::{Given, ImportReport, ImportsClient, Problem, are_here, named, tell};
use crate::error::{Error, Result};
use crate::ids::{LearnerId, RecordId};
use crate::plain::{self, Limits, Object, PlainKind};
use crate::progress::{Cancel, Progress};
use crate::records::{self, Kind};
use row::Table;
use serde_json::json;
use std::collections::HashMap;
use std::path::Path;

/// What the ids of new learners and subjects begin with, before they are hashed.
const NEW_LEARNER: &str = "table-name";
const NEW_SUBJECT: &str = "table-subject";
/// Rows that a preview shows.
const SHOWN: usize = 5;

/// What a table holds, and how it would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvPreview {
    /// The header's cells.
    pub header: Vec<String>,
    /// What each column is taken for; to be changed and given back.
    pub columns: Vec<CsvField>,
    /// The first rows as they stand there.
    pub first_rows: Vec<Vec<String>>,
    /// Rows below the header.
    pub rows: u32,
    /// How its days can be read; with two, the person is to say which.
    pub date_orders: Vec<DateOrder>,
    /// Nicknames that nobody here has, or several have: the person is to say who they are.
    pub unknown_learners: Vec<String>,
    /// Subjects that are not here: they would be added.
    pub new_subjects: Vec<String>,
    /// Rows that would not come in, and why.
    pub problems: Vec<Problem>,
}

/// Who a nickname of the table is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameChoice {
    /// As the table writes it.
    pub nickname: String,
    /// The learner here; none for somebody new of that nickname.
    pub into: Option<LearnerId>,
}

/// How a table is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CsvRequest {
    /// What each column is; empty for what the preview said.
    pub columns: Vec<CsvField>,
    /// Which of two numbers is the day, where that has to be said.
    pub date_order: Option<DateOrder>,
    /// Who the unknown nicknames are.
    pub learners: Vec<NameChoice>,
    /// What every entry gets besides.
    pub given: Given,
}

impl ImportsClient {
    /// What a table holds and how it would be read: with `columns`, as they say. Nothing is written.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a file that can't be read or is no table.
    pub fn preview_csv(&self, path: &Path, columns: &[CsvField]) -> Result<CsvPreview> {
        let rows = text::read(path)?;
        let columns = columns::of(&rows.header, columns)?;
        let date_orders = columns::dates(&rows, &columns);
        let order = date_orders.first().copied().unwrap_or(DateOrder::DayFirst);
        let table = Table { columns: &columns, order, given: &Given::default() };
        let (learners, subjects) = (self.named(Kind::Learner)?, self.named(Kind::Subject)?);
        let (mut unknown_learners, mut new_subjects, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        let subject_names: Vec<&str> = subjects.iter().map(|(_, name)| name.as_str()).collect();
        for (line, cells) in &rows.rows {
            match table.read(cells, &subject_names) {
                Ok(row) => {
                    if let Some(problem) = refused(&row.entry) {
                        tell(&mut problems, format!("row {line}"), problem);
                    }
                    add_unknown(&mut unknown_learners, row.learners, &learners, |count| count != 1);
                    add_unknown(&mut new_subjects, row.subjects, &subjects, |count| count == 0);
                }
                Err(problem) => tell(&mut problems, format!("row {line}"), problem),
            }
        }
        Ok(CsvPreview {
            rows: u32::try_from(rows.rows.len()).unwrap_or(u32::MAX),
            first_rows: rows.rows.iter().take(SHOWN).map(|(_, cells)| cells.clone()).collect(),
            header: rows.header,
            columns,
            date_orders,
            unknown_learners,
            new_subjects,
            problems,
        })
    }

    /// Reads a table in, one entry a row, on record or as drafts. Subjects that are not here are added. The same row of
    /// the same table is the same entry: a second run adds nothing.
    ///
    /// # Errors
    /// As [`ImportsClient::preview_csv`]; [`Error::InvalidInput`] when days can be read in two ways, or a nickname is
    /// unknown, and the request does not say; [`Error::NotFound`] for a choice of nobody; [`Error::Cancelled`];
    /// [`Error::StorageFull`].
    pub fn import_csv(
        &self,
        path: &Path,
        request: &CsvRequest,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<ImportReport> {
        self.check(&request.given)?;
        let rows = text::read(path)?;
        let columns = columns::of(&rows.header, &request.columns)?;
        let order = match (request.date_order, columns::dates(&rows, &columns).as_slice()) {
            (Some(order), _) | (None, &[order]) => order,
            _ => {
                return Err(Error::invalid(
                    "days such as 03/04/2026 can be read in two ways: say whether the day or the month comes first",
                ));
            }
        };
        let table = Table { columns: &columns, order, given: &request.given };
        let subjects = self.named(Kind::Subject)?;
        let subject_names: Vec<&str> = subjects.iter().map(|(_, name)| name.as_str()).collect();
        let read: Vec<_> =
            rows.rows.iter().map(|(line, cells)| (*line, table.read(cells, &subject_names))).collect();
        let mut taker = Taker::new(self, cancel, (HashMap::new(), Limits::Typed), None)?;
        let mut people = People::new(self, &request.learners)?;
        for (line, row) in read.iter().filter_map(|(line, row)| Some((line, row.as_ref().ok()?))) {
            row.learners.iter().try_for_each(|nickname| people.learner(*line, nickname))?;
        }
        for (line, row) in read.iter().filter_map(|(line, row)| Some((line, row.as_ref().ok()?))) {
            row.subjects.iter().try_for_each(|name| people.subject(*line, name, &subjects))?;
        }
        for (line, kind, object) in &people.new {
            let item = format!("{} of row {line}", kind.one);
            taker.take_as(item, kind, object, &mut |_| Err(Error::internal("a photo of a table")))?;
        }
        let entries =
            plain::kind(Kind::Entry.into()).ok_or_else(|| Error::internal("the kind of entries"))?;
        let total = read.len() as u64;
        let mut twins = HashMap::<String, u32>::new();
        for (done, (line, row)) in (1..).zip(read) {
            match row {
                Ok(row) => {
                    let twin = twins.entry(row.key.clone()).or_default();
                    *twin += 1;
                    let entry = people.entry(row, *twin);
                    taker.take(entries, line, &entry, &mut |_| Err(Error::internal("a photo of a table")))?;
                }
                Err(problem) => tell(&mut taker.report.problems, format!("row {line}"), problem),
            }
            progress.progress(done, total);
        }
        taker.flush()?;
        Ok(taker.report)
    }

    fn named(&self, kind: Kind) -> Result<Vec<([u8; 16], String)>> {
        self.context.storage.read(|tx| named(tx, kind))
    }
}

fn add_unknown(
    unknown: &mut Vec<String>,
    names: Vec<String>,
    here: &[([u8; 16], String)],
    is_unknown: fn(usize) -> bool,
) {
    for name in names {
        let count = here.iter().filter(|(_, one)| alike(one, &name)).count();
        if is_unknown(count) && !unknown.iter().any(|one| alike(one, &name)) {
            unknown.push(name);
        }
    }
}

/// Who and what the table's names are.
struct People<'a> {
    room: &'a ImportsClient,
    choices: &'a [NameChoice],
    here: Vec<([u8; 16], String)>,
    learners: Vec<(String, [u8; 16])>,
    subjects: Vec<(String, [u8; 16])>,
    /// The first row that has it, and what is added.
    new: Vec<(u64, &'static PlainKind, Object)>,
}

impl<'a> People<'a> {
    fn new(room: &'a ImportsClient, choices: &'a [NameChoice]) -> Result<Self> {
        let chosen = choices.iter().filter_map(|choice| Some(choice.into?.0));
        let here = room.context.storage.read(|tx| {
            are_here(tx, Kind::Learner, "learner", chosen)?;
            named(tx, Kind::Learner)
        })?;
        Ok(Self { room, choices, here, learners: Vec::new(), subjects: Vec::new(), new: Vec::new() })
    }

    fn learner(&mut self, line: u64, nickname: &str) -> Result<()> {
        if self.learners.iter().any(|(one, _)| alike(one, nickname)) {
            return Ok(());
        }
        let same: Vec<[u8; 16]> =
            self.here.iter().filter(|(_, here)| alike(here, nickname)).map(|(id, _)| *id).collect();
        let id = match (self.choices.iter().find(|choice| alike(&choice.nickname, nickname)), same.as_slice())
        {
            (Some(NameChoice { into: Some(into), .. }), _) => into.0,
            (None, [one]) => *one,
            // Somebody new, unless a run before this one added them.
            (Some(_), _) => self.add(line, (Kind::Learner, NEW_LEARNER, "nickname"), nickname)?,
            (None, _) => {
                let which = if same.is_empty() { "that nobody here has" } else { "that several here have" };
                return Err(Error::invalid(format!(
                    "row {line} of this table has a nickname {which}: say who is meant"
                )));
            }
        };
        self.learners.push((nickname.to_owned(), id));
        Ok(())
    }

    fn subject(&mut self, line: u64, name: &str, here: &[([u8; 16], String)]) -> Result<()> {
        if !self.subjects.iter().any(|(one, _)| alike(one, name)) {
            let id = match here.iter().find(|(_, here)| alike(here, name)) {
                Some((id, _)) => *id,
                None => self.add(line, (Kind::Subject, NEW_SUBJECT, "name"), name)?,
            };
            self.subjects.push((name.to_owned(), id));
        }
        Ok(())
    }

    /// The same name gets the same id in every run, unless what a run before this one added was removed since.
    fn add(&mut self, line: u64, (kind, label, field): (Kind, &str, &str), name: &str) -> Result<[u8; 16]> {
        let kind = plain::kind(kind.into()).ok_or_else(|| Error::internal("a kind of a table"))?;
        let lower = name.trim().to_lowercase();
        let (id, is_new) = self.room.context.storage.read(|tx| {
            for nth in 0_u32.. {
                // A learner never gets that of a subject.
                let hex = match nth {
                    0 => id(label, &[&lower]),
                    _ => id(label, &[&lower, &nth.to_string()]),
                };
                let id = plain::hex_id(&hex).ok_or_else(|| Error::internal("an id of a table"))?;
                match records::load(tx, RecordId(id))? {
                    None => return Ok((id, true)),
                    Some(stored) if stored.doc.is_shown() => return Ok((id, false)),
                    Some(_) => {}
                }
            }
            Err(Error::internal("an id of a table"))
        })?;
        if is_new {
            let object = json!({ "id": plain::id_hex(&id), field: name, "order": 1_000 + self.new.len() });
            self.new.extend(object.as_object().map(|object| (line, kind, object.clone())));
        }
        Ok(id)
    }

    /// The row as an entry; the second of two equal rows is another one.
    fn entry(&self, row: row::Row, twin: u32) -> Object {
        let of = |list: &[(String, [u8; 16])], name: &String| {
            list.iter().find(|(one, _)| alike(one, name)).map(|(_, id)| plain::id_hex(id))
        };
        let mut entry = row.entry;
        entry.entry("id").or_insert_with(|| id("table", &[&row.key, &twin.to_string()]).into());
        let lines = row.learners.iter().filter_map(|name| {
            let own =
                row.lines.iter().find(|(who, _)| alike(who, name)).map_or("", |(_, line)| line.as_str());
            Some(json!({ "learner": of(&self.learners, name)?, "line": own }))
        });
        let lines: Vec<_> = lines.collect();
        if !lines.is_empty() {
            entry.insert("learners".into(), lines.into());
        }
        let subjects: Vec<String> = row.subjects.iter().filter_map(|name| of(&self.subjects, name)).collect();
        if !subjects.is_empty() {
            entry.insert("subjects".into(), subjects.into());
        }
        entry
    }
}
