//! What is typed into an entry: checked, and written into its cells where it differs.

use super::{Annotation, Entry, LearnerLine, Taught, facts, order, queries};
use crate::calendar::WEEK_MINUTES;
use crate::context::Edit;
use crate::error::{Error, Result};
use crate::ids::{LearnerId, SubjectId};
use crate::input;
use crate::records::fields::entry as field;
use crate::records::{Document, Key, Names, Value, What, text};
use crate::shelf::{self, MAX_ITEMS};
use std::collections::{BTreeMap, HashMap};

/// Longest title, in characters.
pub const MAX_TITLE: usize = 200;
/// Longest line of one learner, in characters.
const MAX_LINE: usize = 4_000;
/// Longest tag, in characters.
pub const MAX_TAG: usize = 60;
/// Most minutes of an entry: a week.
pub const MAX_MINUTES: i64 = WEEK_MINUTES;

/// What is typed to make an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryDraft {
    /// Up to 200 characters.
    pub title: String,
    /// Up to 64 KiB.
    pub note: String,
    /// `YYYY-MM-DD`.
    pub learned_on: String,
    /// 1 to 10,080; `None` or 0 when nobody looked at the clock.
    pub minutes: Option<i64>,
    /// On record; else a draft.
    pub on_record: bool,
    /// Starred.
    pub starred: bool,
    /// Each learner once, with a line of up to 4,000 characters.
    pub learners: Vec<LearnerLine>,
    /// Subjects.
    pub subjects: Vec<SubjectId>,
    /// Up to 60 characters each.
    pub tags: Vec<String>,
    /// Whether it is a sample, and what it shows.
    pub annotation: Annotation,
    /// Who taught, and where.
    pub taught: Taught,
}

/// What is changed about an entry; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryEdit {
    /// The entry as the editor first showed it. What came in since then, from another phone, stays: only what
    /// differs from this is written. Without it, the entry as it stands counts.
    pub base: Option<Entry>,
    /// Up to 200 characters.
    pub title: Option<String>,
    /// Up to 64 KiB.
    pub note: Option<String>,
    /// `YYYY-MM-DD`.
    pub learned_on: Option<String>,
    /// 1 to 10,080; 0 for none.
    pub minutes: Option<i64>,
    /// On record; else a draft.
    pub on_record: Option<bool>,
    /// Starred.
    pub starred: Option<bool>,
    /// All learners, each once.
    pub learners: Option<Vec<LearnerLine>>,
    /// All subjects.
    pub subjects: Option<Vec<SubjectId>>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// Whether it is a sample, and what it shows; each part by itself.
    pub annotation: Option<Annotation>,
    /// Who taught, and where; each part by itself.
    pub taught: Option<Taught>,
}

/// Fills a new entry's document.
pub(super) fn write_new(doc: &mut Document, draft: EntryDraft, tx: &Edit<'_>) -> Result<()> {
    doc.set(field::RECORDED_AT, Value::Int(tx.now_ms()), &tx.stamper);
    let edit = EntryEdit {
        base: None,
        title: Some(draft.title),
        note: Some(draft.note),
        learned_on: Some(draft.learned_on),
        minutes: draft.minutes,
        on_record: Some(draft.on_record),
        starred: Some(draft.starred),
        learners: Some(draft.learners),
        subjects: Some(draft.subjects),
        tags: Some(draft.tags),
        annotation: Some(draft.annotation),
        taught: Some(draft.taught),
    };
    write_changes(doc, edit, tx).map(|_| ())
}

/// Writes what differs; says whether anything did.
pub(super) fn write_changes(doc: &mut Document, edit: EntryEdit, tx: &Edit<'_>) -> Result<bool> {
    let base = edit.base.as_ref();
    let mut changed = false;
    if let Some(note) = &edit.note {
        let note = text::replacing(doc.text(field::NOTE)?.len(), note, "the note")?;
        changed |= doc.edit_text(field::NOTE, base.map(|base| base.note.as_str()), &note, &tx.stamper)?;
    }
    for (number, value, was) in registers(&edit)? {
        if was.is_none_or(|was| was != value) {
            changed |= doc.set(number, value, &tx.stamper);
        }
    }
    for (now, was) in facts::fields(edit.annotation.as_ref(), edit.taught.as_ref(), base) {
        shelf::known(doc, was.as_ref(), &now, tx)?;
        changed |= shelf::write(doc, was.as_ref(), now, &tx.stamper)?;
    }
    if let Some(learners) = edit.learners {
        let was = base.map(|base| learner_elements(&base.learners));
        let what = Some(LearnerId::WHAT);
        changed |= write_map(doc, field::LEARNERS, was, learner_map(learners)?, what, tx)?;
    }
    if let Some(subjects) = edit.subjects {
        let roots = queries::roots(tx.tx)?;
        let was = base.map(|base| subject_map(&as_held(doc, &base.subjects, &roots)));
        let now = subject_map(&as_held(doc, &subjects, &roots));
        changed |= write_map(doc, field::SUBJECTS, was, now, Some(SubjectId::WHAT), tx)?;
    }
    if let Some(tags) = edit.tags {
        let was = base.map(|base| base.tags.iter().map(|tag| (Key::text(tag), Value::Bool(true))).collect());
        changed |= write_map(doc, field::TAGS, was, tag_map(&tags)?, None, tx)?;
    }
    Ok(changed)
}

type Elements = BTreeMap<Key, Value>;

/// The single values that are given: number, value, and what the editor began with.
fn registers(edit: &EntryEdit) -> Result<Vec<(u32, Value, Option<Value>)>> {
    let base = edit.base.as_ref();
    let mut found = Vec::new();
    if let Some(title) = &edit.title {
        let title = input::line(title, "the title", MAX_TITLE)?;
        found.push((field::TITLE, Value::Text(title), base.map(|base| Value::Text(base.title.clone()))));
    }
    if let Some(day) = &edit.learned_on {
        let day = order::day(day)?;
        found.push((
            field::LEARNED_ON,
            Value::Text(day),
            base.map(|base| Value::Text(base.learned_on.clone())),
        ));
    }
    if let Some(minutes) = edit.minutes {
        let value = match minutes {
            0 => Value::Null,
            1..=MAX_MINUTES => Value::Int(minutes),
            _ => return Err(Error::invalid("the minutes must be between 0 and 10080")),
        };
        found.push((field::MINUTES, value, base.map(|base| base.minutes.map_or(Value::Null, Value::Int))));
    }
    for (number, value, was) in [
        (field::ON_RECORD, edit.on_record, base.map(|base| base.on_record)),
        (field::STARRED, edit.starred, base.map(|base| base.starred)),
    ] {
        found.extend(value.map(|value| (number, Value::Bool(value), was.map(Value::Bool))));
    }
    Ok(found)
}

/// Puts what is new or differs from what the editor began with, and removes what the editor took out. Whom or what the
/// entry names anew must be there; what it names already may be gone since.
fn write_map(
    doc: &mut Document,
    number: u32,
    was: Option<Elements>,
    now: Elements,
    what: Option<What>,
    tx: &Edit<'_>,
) -> Result<bool> {
    if now.len() > MAX_ITEMS.max(doc.elements(number).count()) {
        let name = what.map_or("tag", |what| what.name);
        return Err(Error::invalid(format!("an entry has at most {MAX_ITEMS} {name}s")));
    }
    let was = was.unwrap_or_else(|| {
        doc.elements(number).map(|(key, value)| (key.clone(), value.clone())).collect::<Elements>()
    });
    let mut changed = false;
    for key in was.keys().filter(|key| !now.contains_key(key)) {
        changed |= doc.remove(number, key, &tx.stamper);
    }
    for (key, value) in now {
        if was.get(&key) == Some(&value) {
            continue;
        }
        let new = doc.element(number, &key).is_none();
        if let Some((id, What { kind, name })) = key.as_id().filter(|_| new).zip(what) {
            // Somebody may have taken it out since this editor was opened, which still has it.
            let began = was.contains_key(&key);
            if began {
                tx.load(id, kind, name)?
            } else {
                tx.load_visible(id, kind, name)?
            };
        }
        changed |= doc.put(number, key, value, &tx.stamper);
    }
    Ok(changed)
}

fn learner_elements(learners: &[LearnerLine]) -> Elements {
    learners.iter().map(|line| (Key::id(line.learner), Value::Text(line.line.clone()))).collect()
}

fn learner_map(learners: Vec<LearnerLine>) -> Result<Elements> {
    let mut map = Elements::new();
    for LearnerLine { learner, line } in learners {
        let line = text::normalised(line.trim(), "a learner's line")?;
        if line.chars().count() > MAX_LINE {
            return Err(Error::invalid("a learner's line is longer than 4000 characters: shorten it"));
        }
        if map.insert(Key::id(learner), Value::Text(line)).is_some() {
            return Err(Error::invalid("a learner is listed twice in this entry"));
        }
    }
    Ok(map)
}

/// Subjects under the ids that the document holds: of one that became part of another, an entry keeps the first id.
fn as_held(doc: &Document, subjects: &[SubjectId], roots: &HashMap<SubjectId, SubjectId>) -> Vec<SubjectId> {
    let held: Vec<SubjectId> =
        doc.elements(field::SUBJECTS).filter_map(|(key, _)| key.as_id().map(SubjectId)).collect();
    let mut found = Vec::new();
    for subject in subjects {
        let before = found.len();
        found.extend(held.iter().filter(|id| *id == subject || roots.get(id) == Some(subject)));
        if found.len() == before {
            found.push(*subject);
        }
    }
    found
}

fn subject_map(subjects: &[SubjectId]) -> Elements {
    subjects.iter().map(|subject| (Key::id(*subject), Value::Bool(true))).collect()
}

fn tag_map(tags: &[String]) -> Result<Elements> {
    tags.iter()
        .map(|tag| Ok((Key::text(input::required_line(tag, "a tag", MAX_TAG)?), Value::Bool(true))))
        .collect()
}
