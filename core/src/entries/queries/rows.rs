//! Keeps an entry's rows and its place in the search index level with its record.

use crate::changes::{Change, ChangeKind};
use crate::entries::{Annotation, Taught, order};
use crate::error::Result;
use crate::ids::{LearnerId, RecordId};
use crate::records::fields::entry::{self as field, attachment};
use crate::records::{Document, Key, Kind, Synced, Value};
use rusqlite::{OptionalExtension, Transaction, params};

/// Keeps the entry tables level with the records.
#[derive(Debug, Clone, Copy, Default)]
pub struct EntryRows;

impl Synced for EntryRows {
    fn kind(&self) -> u16 {
        Kind::Entry.into()
    }

    fn materialise(&self, tx: &Transaction<'_>, rid: RecordId, doc: &Document) -> Result<Vec<Change>> {
        let old = Placed::load(tx, rid)?;
        if doc.is_purged() {
            if let Some(old) = old {
                old.remove(tx)?;
            }
            return Ok(vec![Change::of(ChangeKind::Entry, rid)]);
        }
        let (learned_on, recorded_at) =
            (doc.string(field::LEARNED_ON), doc.int(field::RECORDED_AT).unwrap_or_default());
        let stays = old.as_ref().filter(|old| old.learned_on == learned_on && old.recorded_at == recorded_at);
        let id = stays.map(|old| Ok(old.id)).unwrap_or_else(|| place(tx, &learned_on, recorded_at, rid))?;
        let annotation = Annotation::read(doc);
        let new = Placed {
            id,
            learned_on,
            recorded_at,
            indexed: !doc.is_trashed(),
            text: Text {
                title: doc.string(field::TITLE),
                note: doc.text(field::NOTE)?,
                lines: lines(doc),
                tags: beside(doc, &annotation),
            },
        };
        // The search index is the dearest part: starring an entry must not write it again.
        let same_text = old
            .as_ref()
            .is_some_and(|old| (old.id, old.indexed, &old.text) == (new.id, new.indexed, &new.text));
        if let Some(old) = old {
            if same_text { old.remove_rows(tx)? } else { old.remove(tx)? }
        }
        new.insert_row(tx, rid, doc, annotation)?;
        if new.indexed && !same_text {
            new.text.index(tx, new.id)?;
        }
        insert_links(tx, new.id, doc)?;
        if doc.flag(field::ON_RECORD) && !doc.is_trashed() {
            insert_shares(tx, new.id, doc)?;
        }
        Ok(vec![Change::of(ChangeKind::Entry, rid)])
    }

    fn naming(&self, tx: &Transaction<'_>, learner: LearnerId) -> Result<Vec<RecordId>> {
        let mut select = tx.prepare_cached(
            "SELECT e.rid FROM entry_learner l JOIN entry e ON e.id = l.entry WHERE l.learner = ?1 ORDER BY e.id",
        )?;
        let rows = select.query_map([learner.as_bytes()], |row| row.get(0).map(RecordId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A free place for an entry, beside others of the same moment.
fn place(tx: &Transaction<'_>, learned_on: &str, recorded_at: i64, rid: RecordId) -> Result<i64> {
    let mut id = order::wanted(learned_on, recorded_at, rid);
    let mut taken = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM entry WHERE id = ?1)")?;
    while taken.query_row([id], |row| row.get(0))? {
        id += 1;
    }
    Ok(id)
}

/// An entry's row as far as its place and the search index are concerned.
struct Placed {
    id: i64,
    learned_on: String,
    recorded_at: i64,
    /// Its text is in the search index, which holds nothing from the trash.
    indexed: bool,
    text: Text,
}

/// What is searched. The index must be told these very values again when they go.
#[derive(PartialEq, Eq)]
struct Text {
    title: String,
    note: String,
    lines: String,
    tags: String,
}

impl Placed {
    fn load(tx: &Transaction<'_>, rid: RecordId) -> Result<Option<Self>> {
        let mut select = tx.prepare_cached(
            "SELECT id, learned_on, recorded_at, trashed_at IS NULL, title, note, lines, tags FROM entry WHERE rid = ?1",
        )?;
        let row = select.query_row([rid.as_bytes()], |row| {
            Ok(Self {
                id: row.get(0)?,
                learned_on: row.get(1)?,
                recorded_at: row.get(2)?,
                indexed: row.get(3)?,
                text: Text { title: row.get(4)?, note: row.get(5)?, lines: row.get(6)?, tags: row.get(7)? },
            })
        });
        Ok(row.optional()?)
    }

    fn remove(&self, tx: &Transaction<'_>) -> Result<()> {
        if self.indexed {
            self.text.unindex(tx, self.id)?;
        }
        self.remove_rows(tx)
    }

    fn remove_rows(&self, tx: &Transaction<'_>) -> Result<()> {
        for sql in [
            "DELETE FROM entry_share WHERE learner IN (SELECT learner FROM entry_learner WHERE entry = ?1) AND entry = ?1",
            "DELETE FROM entry_learner WHERE entry = ?1",
            "DELETE FROM entry_subject WHERE entry = ?1",
            "DELETE FROM entry_tag WHERE entry = ?1",
            "DELETE FROM entry WHERE id = ?1",
        ] {
            tx.prepare_cached(sql)?.execute([self.id])?;
        }
        Ok(())
    }

    fn insert_row(
        &self,
        tx: &Transaction<'_>,
        rid: RecordId,
        doc: &Document,
        annotation: Annotation,
    ) -> Result<()> {
        let taught = Taught::read(doc);
        tx.prepare_cached(
            "INSERT INTO entry (id, rid, title, note, lines, tags, learned_on, recorded_at, minutes, on_record,
                                starred, trashed_at, attachments, sample, went, shows, next, taught_by, provider,
                                place, photos)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        )?
        .execute(params![
            self.id,
            rid.as_bytes(),
            self.text.title,
            self.text.note,
            self.text.lines,
            self.text.tags,
            self.learned_on,
            self.recorded_at,
            doc.int(field::MINUTES),
            doc.flag(field::ON_RECORD),
            doc.flag(field::STARRED),
            doc.trashed_at_ms(),
            attachments(doc),
            annotation.sample,
            annotation.went,
            annotation.shows,
            annotation.next,
            taught.by.map(u8::from),
            taught.provider.map(|provider| provider.0),
            taught.place.map(u8::from),
            photos(doc),
        ])?;
        Ok(())
    }
}

impl Text {
    fn index(&self, tx: &Transaction<'_>, id: i64) -> Result<()> {
        tx.prepare_cached(
            "INSERT INTO entry_text (rowid, title, note, lines, tags) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, self.title, self.note, self.lines, self.tags])?;
        Ok(())
    }

    fn unindex(&self, tx: &Transaction<'_>, id: i64) -> Result<()> {
        tx.prepare_cached(
            "INSERT INTO entry_text (entry_text, rowid, title, note, lines, tags) VALUES ('delete', ?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![id, self.title, self.note, self.lines, self.tags])?;
        Ok(())
    }
}

fn insert_links(tx: &Transaction<'_>, entry: i64, doc: &Document) -> Result<()> {
    let mut learner =
        tx.prepare_cached("INSERT INTO entry_learner (entry, learner, line) VALUES (?1, ?2, ?3)")?;
    for (key, value) in doc.elements(field::LEARNERS) {
        if let Some(id) = key.as_id() {
            learner.execute(params![entry, id, value.as_text().unwrap_or_default()])?;
        }
    }
    let mut subject = tx.prepare_cached("INSERT INTO entry_subject (entry, subject) VALUES (?1, ?2)")?;
    for id in doc.elements(field::SUBJECTS).filter_map(|(key, _)| key.as_id()) {
        subject.execute(params![entry, id])?;
    }
    let mut tag = tx.prepare_cached("INSERT INTO entry_tag (entry, tag) VALUES (?1, ?2)")?;
    for text in doc.elements(field::TAGS).filter_map(|(key, _)| key.as_text()) {
        tag.execute(params![entry, text])?;
    }
    Ok(())
}

/// What it gives each learner and subject. The minutes are split so that the parts add up: 50 minutes of three subjects
/// are 17, 17 and 16.
fn insert_shares(tx: &Transaction<'_>, entry: i64, doc: &Document) -> Result<()> {
    let subjects: Vec<[u8; 16]> = doc.elements(field::SUBJECTS).filter_map(|(key, _)| key.as_id()).collect();
    let taught = Taught::read(doc);
    let minutes = doc.int(field::MINUTES).unwrap_or_default().max(0);
    let of = i64::try_from(subjects.len()).unwrap_or(i64::MAX).max(1);
    let mut insert = tx.prepare_cached(
        "INSERT INTO entry_share (learner, entry, subject, minutes, whole, taught_by, place, provider)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    let named = subjects.iter().map(<[u8; 16]>::as_slice);
    let shown: Vec<&[u8]> = if subjects.is_empty() { vec![&[]] } else { named.collect() };
    for learner in doc.elements(field::LEARNERS).filter_map(|(key, _)| key.as_id()) {
        for (nth, subject) in (0..).zip(&shown) {
            insert.execute(params![
                learner,
                entry,
                subject,
                minutes / of + i64::from(nth < minutes % of),
                nth == 0,
                taught.by.map(u8::from),
                taught.place.map(u8::from),
                taught.provider.map(|provider| provider.0),
            ])?;
        }
    }
    Ok(())
}

fn lines(doc: &Document) -> String {
    joined(doc.elements(field::LEARNERS).filter_map(|(_, value)| value.as_text()))
}

/// Tags, captions, alternative texts, names of files, and what is written beside a sample.
fn beside(doc: &Document, annotation: &Annotation) -> String {
    let Annotation { went, shows, next, .. } = annotation;
    let tags = doc.elements(field::TAGS).filter_map(|(key, _)| key.as_text());
    let of_attachments = doc.elements(field::ATTACHMENTS).flat_map(|(_, value)| {
        [attachment::CAPTION, attachment::ALT, attachment::FILE_NAME]
            .map(|place| item(value, place)?.as_text())
    });
    joined(tags.chain(of_attachments.flatten()).chain([went.as_str(), shows.as_str(), next.as_str()]))
}

fn joined<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let mut all = String::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !all.is_empty() {
            all.push('\n');
        }
        all.push_str(text);
    }
    all
}

/// The attachments' ids one after the other, in the order in which the entry shows them.
fn attachments(doc: &Document) -> Vec<u8> {
    let place = |value: &Value| item(value, attachment::ORDER).and_then(Value::as_int).unwrap_or(i64::MAX);
    let mut found: Vec<(i64, [u8; 16])> = doc
        .elements(field::ATTACHMENTS)
        .filter_map(|(key, value)| Some((place(value), Key::as_id(key)?)))
        .collect();
    found.sort_unstable();
    found.iter().flat_map(|(_, id)| *id).collect()
}

/// How many of its attachments are pictures.
fn photos(doc: &Document) -> i64 {
    let is_photo = |value: &Value| {
        item(value, attachment::MIME).and_then(Value::as_text).is_some_and(|mime| mime.starts_with("image/"))
    };
    doc.elements(field::ATTACHMENTS).filter(|(_, value)| is_photo(value)).map(|_| 1).sum()
}

fn item(value: &Value, at: usize) -> Option<&Value> {
    value.as_list()?.get(at)
}
