//! The SQL of entries: timeline pages here, what is written in `rows`, full text in `search`.

mod calendar;
mod rows;
mod search;
mod shares;

pub(super) use calendar::{days, months};
pub use rows::EntryRows;
pub(super) use search::search;
pub use search::{Hit, Where};
pub use shares::{Share, shares};

use super::{Annotation, Cursor, Entry, LearnerLine, Page, Taught, TimelineQuery, order};
use crate::error::Result;
use crate::ids::{AttachmentId, EntryId, LearnerId, ProviderId, SubjectId};
use rusqlite::{OptionalExtension, Row, ToSql, Transaction};
use std::collections::HashMap;

const COLUMNS: &str =
    "e.id, e.rid, e.title, e.note, e.learned_on, e.recorded_at, e.minutes, e.on_record, e.starred,
                       e.attachments, e.trashed_at, e.sample, e.went, e.shows, e.next, e.taught_by, e.provider, e.place";

pub(super) fn get(tx: &Transaction<'_>, id: EntryId) -> Result<Option<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM entry e WHERE e.rid = ?1");
    let row = tx.prepare_cached(&sql)?.query_row([id.as_bytes()], read).optional()?;
    Ok(filled(tx, row.into_iter().collect(), None)?.pop())
}

pub(super) fn timeline(tx: &Transaction<'_>, query: &TimelineQuery) -> Result<Page> {
    let limit = query.size();
    let rows = Filtered::of(tx, query, None)?.rows(tx, COLUMNS, limit + 1, read)?;
    // One row more than asked for tells whether there is a next page.
    let more = rows.len() > limit as usize;
    let shown: Vec<_> = rows.into_iter().take(limit as usize).collect();
    let next = shown.last().filter(|_| more).map(|(id, _)| Cursor(*id));
    Ok(Page { entries: filled(tx, shown, query.learner)?, next })
}

pub(super) fn trashed(tx: &Transaction<'_>) -> Result<Vec<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e WHERE e.trashed_at IS NOT NULL ORDER BY e.trashed_at DESC, e.id DESC"
    );
    all(tx, &sql)
}

pub(super) fn drafts(tx: &Transaction<'_>) -> Result<Vec<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e WHERE e.on_record = 0 AND e.trashed_at IS NULL ORDER BY e.id DESC"
    );
    all(tx, &sql)
}

pub(super) fn count(tx: &Transaction<'_>) -> Result<u64> {
    // Two counts over small indexes; counting the rows themselves would read every note.
    let all: u64 = tx.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    let trashed: u64 =
        tx.query_row("SELECT count(*) FROM entry WHERE trashed_at IS NOT NULL", [], |row| row.get(0))?;
    Ok(all.saturating_sub(trashed))
}

fn all(tx: &Transaction<'_>, sql: &str) -> Result<Vec<Entry>> {
    let rows = tx.prepare_cached(sql)?.query_map([], read)?.collect::<Result<Vec<_>, _>>()?;
    filled(tx, rows, None)
}

/// A timeline query as SQL: the rarest thing asked for leads, the others are looked up for each of its entries.
struct Filtered {
    from: String,
    values: Vec<Box<dyn ToSql>>,
}

impl Filtered {
    /// `words`: a question to the search index, which then leads.
    fn of(tx: &Transaction<'_>, query: &TimelineQuery, words: Option<String>) -> Result<Self> {
        let mut tables = Vec::new();
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        let searched = words.is_some();
        values.extend(words.map(|words| -> Box<dyn ToSql> { Box::new(words) }));
        if let Some(tag) = &query.tag {
            tables.push(("entry_tag", "tag"));
            values.push(Box::new(tag.clone()));
        }
        let subjects = query.subject.map(|subject| parts_of(tx, subject)).transpose()?.unwrap_or_default();
        if let [subject] = subjects.as_slice() {
            tables.push(("entry_subject", "subject"));
            values.push(Box::new(subject.0));
        }
        if let Some(learner) = query.learner {
            tables.push(("entry_learner", "learner"));
            values.push(Box::new(learner.0));
        }
        let marks = if searched { None } else { marks(query, tables.is_empty()) };
        // CROSS JOIN keeps the order as written; the planner knows nothing of how rare a tag or a star is.
        let (lead, mut from) = match (tables.first(), marks) {
            // The row ids of the index are the places in the timeline: it walks newest first by itself.
            _ if searched => (
                "entry_text.rowid".to_owned(),
                "entry_text CROSS JOIN entry e ON e.id = entry_text.rowid".into(),
            ),
            (_, Some(index)) => ("e.id".to_owned(), format!("entry e INDEXED BY {index}")),
            (Some((table, _)), None) => {
                (format!("{table}.entry"), format!("{table} CROSS JOIN entry e ON e.id = {table}.entry"))
            }
            (None, None) => ("e.id".to_owned(), "entry e".to_owned()),
        };
        let is_led_by_table = !searched && marks.is_none();
        for (table, _) in tables.iter().skip(usize::from(is_led_by_table)) {
            from.push_str(&format!(" CROSS JOIN {table} ON {table}.entry = {lead}"));
        }
        let mut terms: Vec<String> = searched.then(|| "entry_text MATCH ?".to_owned()).into_iter().collect();
        terms.extend(tables.iter().map(|(table, column)| format!("{table}.{column} = ?")));
        if subjects.len() > 1 {
            let any = vec!["?"; subjects.len()].join(", ");
            terms.push(format!(
                "EXISTS (SELECT 1 FROM entry_subject s WHERE s.entry = {lead} AND s.subject IN ({any}))"
            ));
            values.extend(subjects.iter().map(|subject| -> Box<dyn ToSql> { Box::new(subject.0) }));
        }
        terms.push("e.trashed_at IS NULL".into());
        if !query.include_drafts {
            terms.push("e.on_record = 1".into());
        }
        if query.starred_only {
            terms.push("e.starred = 1".into());
        }
        if query.samples_only {
            terms.push("e.sample = 1".into());
        }
        if query.with_photo {
            terms.push("e.photos > 0".into());
        }
        let first = query.first_day.as_deref().map(order::day).transpose()?.map(|day| order::day_start(&day));
        let end = query.last_day.as_deref().map(order::day).transpose()?.map(|day| order::day_end(&day));
        let before = query.before.map(|Cursor(id)| id).into_iter().chain(end).min();
        for (bound, value) in [(">=", first), ("<", before)] {
            if let Some(value) = value {
                terms.push(format!("{lead} {bound} ?"));
                values.push(Box::new(value));
            }
        }
        let from = format!("FROM {from} WHERE {} ORDER BY {lead} DESC LIMIT ?", terms.join(" AND "));
        Ok(Self { from, values })
    }

    /// Row by row, as long as `take` wants more.
    fn each(
        mut self,
        tx: &Transaction<'_>,
        columns: &str,
        mut take: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.values.push(Box::new(-1));
        let mut select = tx.prepare_cached(&format!("SELECT {columns} {}", self.from))?;
        let mut rows = select.query(rusqlite::params_from_iter(self.values))?;
        while let Some(row) = rows.next()? {
            if !take(row)? {
                break;
            }
        }
        Ok(())
    }

    fn rows<T>(
        mut self,
        tx: &Transaction<'_>,
        columns: &str,
        limit: u32,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.values.push(Box::new(limit));
        let mut select = tx.prepare_cached(&format!("SELECT {columns} {}", self.from))?;
        let rows = select.query_map(rusqlite::params_from_iter(self.values), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// The index over what a mark asks for: stars and samples are rarer than any subject, photos only than everything.
fn marks(query: &TimelineQuery, all: bool) -> Option<&'static str> {
    match query {
        TimelineQuery { starred_only: true, .. } => Some("entry_starred"),
        TimelineQuery { samples_only: true, .. } => Some("entry_sample"),
        TimelineQuery { with_photo: true, .. } if all => Some("entry_photo"),
        _ => None,
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Entry)> {
    let attachments =
        row.get_ref(9)?.as_blob()?.as_chunks::<16>().0.iter().map(|id| AttachmentId(*id)).collect();
    let entry = Entry {
        id: EntryId(row.get(1)?),
        title: row.get(2)?,
        note: row.get(3)?,
        learned_on: row.get(4)?,
        recorded_at: row.get(5)?,
        minutes: row.get(6)?,
        on_record: row.get(7)?,
        starred: row.get(8)?,
        attachments,
        trashed_at: row.get(10)?,
        annotation: Annotation {
            sample: row.get(11)?,
            went: row.get(12)?,
            shows: row.get(13)?,
            next: row.get(14)?,
        },
        taught: Taught {
            by: chosen(row, 15)?,
            provider: row.get::<_, Option<_>>(16)?.map(ProviderId),
            place: chosen(row, 17)?,
        },
        learners: Vec::new(),
        subjects: Vec::new(),
        tags: Vec::new(),
    };
    Ok((row.get(0)?, entry))
}

/// Each subject with the one that it is shown as: itself, or the one that it became part of. None that was removed.
pub(super) fn roots(tx: &Transaction<'_>) -> Result<HashMap<SubjectId, SubjectId>> {
    let mut select = tx.prepare_cached("SELECT rid, root FROM subject")?;
    let rows = select.query_map([], |row| Ok((SubjectId(row.get(0)?), SubjectId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A subject and all with which it is one: what it became part of, and what became part of that.
fn parts_of(tx: &Transaction<'_>, subject: SubjectId) -> Result<Vec<SubjectId>> {
    let mut select = tx.prepare_cached(
        "SELECT rid FROM subject WHERE root = (SELECT root FROM subject WHERE rid = ?1) AND rid <> ?1 ORDER BY rid",
    )?;
    let others = select.query_map([subject.as_bytes()], |row| Ok(SubjectId(row.get(0)?)))?;
    let others: Vec<SubjectId> = others.collect::<Result<_, _>>()?;
    Ok(std::iter::once(subject).chain(others).collect())
}

fn chosen<C: TryFrom<u8>>(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<C>> {
    Ok(row.get::<_, Option<u8>>(at)?.and_then(|choice| C::try_from(choice).ok()))
}

/// Adds learners, subjects and tags, with one question each for the whole page.
fn filled(tx: &Transaction<'_>, rows: Vec<(i64, Entry)>, seen_by: Option<LearnerId>) -> Result<Vec<Entry>> {
    let ids: Vec<String> = rows.iter().map(|(id, _)| id.to_string()).collect();
    let ids = format!("[{}]", ids.join(","));
    let mut learners: HashMap<i64, Vec<LearnerLine>> = HashMap::new();
    linked(tx, ("entry_learner", "learner, line"), &ids, |entry, row| {
        let line = LearnerLine { learner: LearnerId(row.get(1)?), line: row.get(2)? };
        learners.entry(entry).or_default().push(line);
        Ok(())
    })?;
    let roots = roots(tx)?;
    let mut subjects: HashMap<i64, Vec<SubjectId>> = HashMap::new();
    linked(tx, ("entry_subject", "subject"), &ids, |entry, row| {
        let subject = SubjectId(row.get(1)?);
        let shown = *roots.get(&subject).unwrap_or(&subject);
        let all = subjects.entry(entry).or_default();
        if !all.contains(&shown) {
            all.push(shown);
        }
        Ok(())
    })?;
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    linked(tx, ("entry_tag", "tag"), &ids, |entry, row| {
        tags.entry(entry).or_default().push(row.get(1)?);
        Ok(())
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, mut entry)| {
            entry.learners = learners.remove(&id).unwrap_or_default();
            entry.subjects = subjects.remove(&id).unwrap_or_default();
            entry.tags = tags.remove(&id).unwrap_or_default();
            match seen_by {
                Some(learner) => entry.seen_by(learner),
                None => entry,
            }
        })
        .collect())
}

fn linked(
    tx: &Transaction<'_>,
    (table, columns): (&str, &str),
    ids: &str,
    mut take: impl FnMut(i64, &Row<'_>) -> rusqlite::Result<()>,
) -> Result<()> {
    // CROSS JOIN: one look-up for each entry of the page, never a walk over the whole table.
    let sql =
        format!("SELECT entry, {columns} FROM json_each(?1) CROSS JOIN {table} ON entry = json_each.value");
    let mut select = tx.prepare_cached(&sql)?;
    let mut rows = select.query([ids])?;
    while let Some(row) = rows.next()? {
        take(row.get(0)?, row)?;
    }
    Ok(())
}
