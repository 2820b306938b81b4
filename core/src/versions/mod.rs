//! Earlier versions of entries: kept for 30 days on all phones, shown, and written back as an edit.

mod keep;
mod queries;
#[cfg(test)]
mod tests;

pub use keep::Keeper;
pub use queries::VersionRows;

use crate::calendar::DAY_MS;
use crate::context::{Context, Edit};
use crate::entries::LearnerLine;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{EntryId, LearnerId, RecordId, SubjectId};
use crate::records::fields::{entry as field, versions};
use crate::records::{self, Document, Key, Kind, Value, is_applied, load};
use keep::{Held, LEFT_OUT, held};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a version is kept after it was replaced: 30 days.
const LIFE_MS: i64 = 30 * DAY_MS;
/// An entry's texts, which merge letter by letter.
const TEXTS: [u32; 4] = [field::NOTE, field::WENT, field::SHOWS, field::NEXT];

/// Which version: the record that holds it, and its place there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionId {
    /// The record.
    pub record: RecordId,
    /// The place.
    pub place: u64,
}

/// What an entry was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Which.
    pub id: VersionId,
    /// When it was written, milliseconds since 1970.
    pub written_at: i64,
    /// When it was replaced.
    pub replaced_at: i64,
    /// Its title.
    pub title: String,
    /// Its note.
    pub note: String,
    /// Its day, `YYYY-MM-DD`.
    pub learned_on: String,
    /// Its minutes.
    pub minutes: Option<i64>,
    /// Its learners with their lines.
    pub learners: Vec<LearnerLine>,
    /// Its subjects.
    pub subjects: Vec<SubjectId>,
    /// Its tags.
    pub tags: Vec<String>,
}

/// The room of earlier versions.
#[derive(Debug, Clone)]
pub struct VersionsClient {
    context: Arc<Context>,
}

impl VersionsClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// What an entry was in the last 30 days, the newest first, whichever phone changed it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn list(&self, entry: EntryId) -> Result<Vec<Version>> {
        self.context.storage.read(|tx| {
            // It may have been destroyed elsewhere a moment ago; what this phone kept of it goes at the end of the sync.
            if load(tx, entry)?.is_none_or(|stored| stored.doc.is_purged()) {
                return Ok(Vec::new());
            }
            let since = self.context.clock.now_ms() - LIFE_MS;
            let mut found = Vec::new();
            for record in queries::of_entry(tx, entry.into())? {
                let Some(stored) = load(tx, record)? else { continue };
                for (place, one) in held(&stored.doc).into_iter().filter(|(_, one)| one.replaced_at >= since)
                {
                    found.push(version(VersionId { record, place }, &one)?);
                }
            }
            found.sort_by_key(|one| std::cmp::Reverse((one.written_at, one.replaced_at)));
            Ok(found)
        })
    }

    /// Makes an entry read as a version does, by an edit: what it is now becomes a version in turn. Photos stay as they are.
    ///
    /// # Errors
    /// [`Error::NotFound`], for a version of another entry too; [`Error::InvalidInput`] for an entry in the trash.
    pub fn restore(&self, entry: EntryId, version: VersionId) -> Result<()> {
        self.context.edit(|tx| {
            tx.is_a_step_by_itself();
            let mut doc = tx.load(entry, Kind::Entry, "entry")?.doc;
            if doc.is_trashed() {
                return Err(Error::invalid("this entry is in the trash: restore it first"));
            }
            let kept = tx.load(version.record, Kind::Versions, "version")?.doc;
            let of = kept.register(versions::ENTRY).and_then(Value::as_bytes);
            Some(()).filter(|()| of == Some(entry.as_bytes())).or_not_found("version of this entry")?;
            let one = held(&kept).remove(&version.place).or_not_found("version")?;
            if write_back(&mut doc, &Document::decode(&one.seen)?, tx)? {
                tx.save(entry, &doc)?;
            }
            Ok(())
        })
    }

    /// Lets go of versions that were replaced more than 30 days ago, and of those of entries that are gone for good.
    /// `offset_ms` is the server's clock minus this phone's.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn tend(&self, offset_ms: i64) -> Result<u64> {
        let until = self.context.clock.now_ms().saturating_add(offset_ms) - LIFE_MS;
        let (old, purged) = self.context.storage.read(|tx| {
            // With more than a day between the two clocks one of them is wrong, and nothing is old for sure.
            let old = if is_applied(offset_ms) { queries::older_than(tx, until)? } else { Vec::new() };
            Ok((old, queries::of_purged(tx)?))
        })?;
        if old.is_empty() && purged.is_empty() {
            return Ok(0);
        }
        self.context.edit(|tx| {
            tx.is_no_step();
            for rid in &old {
                keep::expire(*rid, until, tx)?;
            }
            purged.iter().try_for_each(|(_, entry)| keep::forget(*entry, tx))
        })?;
        Ok((old.len() + purged.len()) as u64)
    }
}

fn version(id: VersionId, one: &Held) -> Result<Version> {
    let seen = Document::decode(&one.seen)?;
    let line = |(key, value): (&Key, &Value)| {
        let learner = LearnerId(key.as_id()?);
        Some(LearnerLine { learner, line: value.as_text().unwrap_or_default().to_owned() })
    };
    Ok(Version {
        id,
        written_at: one.written_at,
        replaced_at: one.replaced_at,
        title: seen.string(field::TITLE),
        note: seen.string(field::NOTE),
        learned_on: seen.string(field::LEARNED_ON),
        minutes: seen.int(field::MINUTES),
        learners: seen.elements(field::LEARNERS).filter_map(line).collect(),
        subjects: seen.elements(field::SUBJECTS).filter_map(|(key, _)| key.as_id().map(SubjectId)).collect(),
        tags: seen.elements(field::TAGS).filter_map(|(key, _)| key.as_text().map(str::to_owned)).collect(),
    })
}

/// Writes a version's fields where they differ; learners who are gone since stay away, and who turned out to be somebody else
/// comes as that one.
fn write_back(doc: &mut Document, seen: &Document, tx: &Edit<'_>) -> Result<bool> {
    let numbers: std::collections::BTreeSet<u32> = doc.fields().chain(seen.fields()).collect();
    let mut changed = false;
    for number in numbers.into_iter().filter(|number| !LEFT_OUT.contains(number)) {
        if TEXTS.contains(&number) {
            changed |= doc.edit_text(number, None, &seen.string(number), &tx.stamper)?;
            continue;
        }
        let elements = |doc: &Document| -> BTreeMap<Key, Value> {
            doc.elements(number).map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        let (now, then) = (elements(doc), elements(seen));
        if now.is_empty() && then.is_empty() {
            let value = seen.register(number).cloned().unwrap_or(Value::Null);
            changed |= doc.register(number) != seen.register(number) && doc.set(number, value, &tx.stamper);
            continue;
        }
        let then = if number == field::LEARNERS { who_they_are(then, tx)? } else { then };
        for key in now.keys().filter(|key| !then.contains_key(key)) {
            changed |= doc.remove(number, key, &tx.stamper);
        }
        for (key, value) in then {
            changed |= doc.put(number, key, value, &tx.stamper);
        }
    }
    Ok(changed)
}

/// A version's learners with their lines, each as who they are by now.
fn who_they_are(then: BTreeMap<Key, Value>, tx: &Edit<'_>) -> Result<BTreeMap<Key, Value>> {
    let (mut they, mut others) = (BTreeMap::new(), Vec::new());
    for (key, line) in then {
        let Some(id) = key.as_id().map(LearnerId) else { continue };
        match records::who_it_is(tx.tx, id)? {
            Some(now) if now == id => drop(they.insert(key, line)),
            Some(now) => others.push((Key::id(now), line)),
            None => {}
        }
    }
    // Where both stand in the version, the line is that of the one who stayed.
    for (key, line) in others {
        they.entry(key).or_insert(line);
    }
    Ok(they)
}
