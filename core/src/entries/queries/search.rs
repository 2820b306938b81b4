//! Full-text search: words as they are typed, accents folded, newest first, with the place where they were found.

use super::Filtered;
use crate::entries::{Cursor, TimelineQuery};
use crate::error::Result;
use crate::ids::{EntryId, LearnerId};
use crate::words::{FOUND, Piece, Question, found_in, pieces, plain, unmarked};
use rusqlite::{OptionalExtension, Row, Transaction, params};

/// The columns of the index one by one, so that a hit tells where; of what stands beside, all of it.
const COLUMNS: &str = "e.id, e.rid, e.title, e.learned_on,
    snippet(entry_text, 0, char(2), char(3), '…', 16), snippet(entry_text, 1, char(2), char(3), '…', 16),
    snippet(entry_text, 2, char(2), char(3), '…', 16), snippet(entry_text, 3, char(2), char(3), '…', 16)";

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Where {
    /// In the title.
    Title,
    /// In the note.
    Note,
    /// In a learner's own line.
    Line,
    /// In a tag.
    Tag,
    /// In a caption, an alternative text or the name of a file.
    Attachment,
    /// In what stands beside a sample.
    Annotation,
}

/// An entry that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The entry.
    pub entry: EntryId,
    /// Its title, may be empty.
    pub title: String,
    /// The day of the learning, `YYYY-MM-DD`.
    pub learned_on: String,
    /// Some words around the first place, on one line.
    pub snippet: String,
    /// The same in pieces, with what was found marked.
    pub pieces: Vec<Piece>,
    /// Where that place is.
    pub place: Where,
    /// Where a page begins that holds what comes after this one.
    pub next: Cursor,
}

pub(in crate::entries) fn search(
    tx: &Transaction<'_>,
    text: &str,
    query: &TimelineQuery,
) -> Result<Vec<Hit>> {
    let Some(question) = Question::parse(text) else { return Ok(Vec::new()) };
    let (mut found, most) = (Vec::new(), query.size() as usize);
    // It stops at the limit: a word that every entry has costs no more than a rare one.
    Filtered::of(tx, query, Some(question.in_quotes()))?.each(tx, COLUMNS, |row| {
        let row = Answer::read(row)?;
        found.extend(match query.learner {
            Some(learner) if row.lines.contains(FOUND) => row.of_learner(tx, &question, learner)?,
            _ => Some(row.hit(tx)?),
        });
        Ok(found.len() < most)
    })?;
    Ok(found)
}

/// What the index answers of one entry.
struct Answer {
    id: i64,
    entry: EntryId,
    title: String,
    learned_on: String,
    marked_title: String,
    note: String,
    lines: String,
    beside: String,
}

impl Answer {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            entry: EntryId(row.get(1)?),
            title: row.get(2)?,
            learned_on: row.get(3)?,
            marked_title: row.get(4)?,
            note: row.get(5)?,
            lines: row.get(6)?,
            beside: row.get(7)?,
        })
    }

    /// The place in which most of the words were found; of several the first, in the order in which an entry is read.
    fn hit(self, tx: &Transaction<'_>) -> Result<Hit> {
        let places = [
            (Some(Where::Title), &self.marked_title),
            (Some(Where::Note), &self.note),
            (Some(Where::Line), &self.lines),
            (None, &self.beside),
        ];
        // Of equals the last is taken.
        let best = places.into_iter().rev().max_by_key(|(_, text)| found_in(text));
        let (place, text) = best.unwrap_or((None, &self.beside));
        let (place, pieces) = (place.map_or_else(|| self.beside(tx), Ok)?, pieces(text));
        Ok(self.at(place, pieces))
    }

    /// The same as one learner's record shows it: another learner's line finds nothing here.
    fn of_learner(
        mut self,
        tx: &Transaction<'_>,
        question: &Question,
        learner: LearnerId,
    ) -> Result<Option<Hit>> {
        let mut select = tx.prepare_cached(
            "SELECT l.line, title, tags, note FROM entry JOIN entry_learner l ON l.entry = entry.id
              WHERE entry.id = ?1 AND l.learner = ?2",
        )?;
        let texts: [String; 4] = select.query_row(params![self.id, learner.as_bytes()], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        })?;
        let [own, ..] = &texts;
        if !question.is_in(&texts.each_ref().map(String::as_str)) {
            return Ok(None);
        }
        self.lines.clear();
        let elsewhere =
            [&self.marked_title, &self.note, &self.beside].iter().any(|text| text.contains(FOUND));
        if elsewhere {
            return self.hit(tx).map(Some);
        }
        let pieces = question.mark(own);
        Ok(Some(self.at(Where::Line, pieces)))
    }

    /// Which of the texts beside an entry the words were found in.
    fn beside(&self, tx: &Transaction<'_>) -> Result<Where> {
        // A text's line, or the middle of a longer one.
        let lines = self.beside.split('\n');
        let found = lines.rev().max_by_key(|line| found_in(line)).unwrap_or_default();
        let found = unmarked(found);
        let found = found.trim_matches('…');
        let is_tag = tx
            .prepare_cached("SELECT 1 FROM entry_tag WHERE entry = ?1 AND instr(tag, ?2) > 0")?
            .exists(params![self.id, found])?;
        if is_tag {
            return Ok(Where::Tag);
        }
        let mut select = tx.prepare_cached(
            "SELECT instr(went, ?2) + instr(shows, ?2) + instr(next, ?2) > 0 FROM entry WHERE id = ?1",
        )?;
        let is_annotation = select.query_row(params![self.id, found], |row| row.get(0)).optional()?;
        Ok(if is_annotation == Some(true) { Where::Annotation } else { Where::Attachment })
    }

    fn at(self, place: Where, pieces: Vec<Piece>) -> Hit {
        let Self { id, entry, title, learned_on, .. } = self;
        Hit { entry, title, learned_on, snippet: plain(&pieces), pieces, place, next: Cursor(id) }
    }
}
