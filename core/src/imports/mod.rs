//! The way in: an own ZIP, another program's diary, a table. First a look at what is there, then the work; run again, it
//! adds nothing twice. Each thing comes whole or not at all, and what stands on the phone is never written over.

mod archive;
mod day_one;
mod record;
mod stream;
mod table;
mod take;

#[cfg(test)]
mod tests;

pub use table::{CsvField, CsvPreview, CsvRequest, DateOrder, NameChoice};

use crate::attachments::AttachmentsClient;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::ids::{LearnerId, RecordId, SubjectId};
use crate::plain::{self, Object};
use crate::records::fields::{learner, subject};
use crate::records::{self, Kind};
use crate::storage::Transaction;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Most refusals or differences that are told one by one.
const MAX_TOLD: usize = 1_000;

/// What a file holds, seen from this phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportPreview {
    /// When the file was made, milliseconds since 1970; none when it does not say.
    pub made_at: Option<i64>,
    /// Entries in it.
    pub entries: u32,
    /// Entries of it that are here already.
    pub entries_here: u32,
    /// Photos and files in it.
    pub photos: u32,
    /// Books, goals, letters and all other things in it.
    pub others: u32,
    /// Of those, here already.
    pub others_here: u32,
    /// Needs notes and assessments among them.
    pub private: u32,
    /// Learners in it.
    pub learners: Vec<FoundLearner>,
    /// What can't be taken in, and why.
    pub problems: Vec<Problem>,
}

/// A learner of the file.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundLearner {
    /// The file's id of this learner.
    pub id: LearnerId,
    /// What the file calls this learner.
    pub nickname: String,
    /// The same learner is here already.
    pub here: bool,
    /// Others here who have this nickname: whether one of them is meant has to be said.
    pub same_nickname: Vec<LearnerId>,
}

impl fmt::Debug for FoundLearner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FoundLearner({:?}, here: {}, {:?})", self.id, self.here, self.same_nickname)
    }
}

/// Who a learner of the file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameLearner {
    /// The file's id.
    pub found: LearnerId,
    /// The learner here; none for somebody new.
    pub into: Option<LearnerId>,
}

/// A thing that could not be taken in, or was left as it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which, such as "entry 12 of 2026-05-03": its place in the file's list.
    pub item: String,
    /// Why.
    pub problem: String,
}

/// What every entry of a diary or table gets, where it says nothing else itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// On record at once; else a draft.
    pub on_record: bool,
    /// Whose they are.
    pub learners: Vec<LearnerId>,
    /// Their subjects.
    pub subjects: Vec<SubjectId>,
}

impl Given {
    fn write(&self, entry: &mut Object) {
        let lines = self.learners.iter().map(|one| json!({ "learner": plain::id_hex(&one.0) }));
        let lines: Vec<Json> = lines.collect();
        let subjects: Vec<Json> = self.subjects.iter().map(|one| plain::id_hex(&one.0).into()).collect();
        for (name, items) in [("learners", lines), ("subjects", subjects)] {
            if !items.is_empty() {
                entry.insert(name.into(), items.into());
            }
        }
    }
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// New things, entries and all others.
    pub added: u32,
    /// Things that were here and got a field or a photo more.
    pub completed: u32,
    /// Things that were here just so.
    pub unchanged: u32,
    /// Photos and files that came in.
    pub photos: u32,
    /// Fields that hold something else here: they stay as they are.
    pub kept: Vec<Problem>,
    /// What did not come in.
    pub problems: Vec<Problem>,
}

/// The room of imports.
#[derive(Clone)]
pub struct ImportsClient {
    context: Arc<Context>,
    attachments: Arc<AttachmentsClient>,
}

impl fmt::Debug for ImportsClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImportsClient")
    }
}

impl ImportsClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>, attachments: Arc<AttachmentsClient>) -> Self {
        Self { context, attachments }
    }

    /// Every record that is here, in the trash too.
    fn here(&self) -> Result<BTreeSet<RecordId>> {
        Ok(self.context.storage.read(records::all)?.into_iter().collect())
    }

    fn check(&self, given: &Given) -> Result<()> {
        self.context.storage.read(|tx| {
            are_here(tx, Kind::Learner, "learner", given.learners.iter().map(|id| id.0))?;
            are_here(tx, Kind::Subject, "subject", given.subjects.iter().map(|id| id.0))
        })
    }
}

/// Refuses a choice of somebody or something that nobody sees here.
fn are_here(
    tx: &Transaction<'_>,
    kind: Kind,
    name: &'static str,
    mut chosen: impl Iterator<Item = [u8; 16]>,
) -> Result<()> {
    let here = named(tx, kind)?;
    let all = chosen.all(|id| here.iter().any(|(one, _)| *one == id));
    if all { Ok(()) } else { Err(Error::NotFound(name)) }
}

/// Adds to a list that is shown to a person, unless it is too long to be read.
fn tell(list: &mut Vec<Problem>, item: String, problem: impl Into<String>) {
    if list.len() < MAX_TOLD {
        list.push(Problem { item, problem: problem.into() });
    }
}

/// Learners or subjects that people see, with what they are called.
fn named(tx: &Transaction<'_>, kind: Kind) -> Result<Vec<([u8; 16], String)>> {
    let field = if kind == Kind::Learner { learner::NICKNAME } else { subject::NAME };
    let mut named = Vec::new();
    for rid in records::of_kind(tx, kind)? {
        let Some(doc) = records::load(tx, rid)?.map(|stored| stored.doc) else { continue };
        let merged = kind == Kind::Subject && doc.register(subject::MERGED_INTO).is_some();
        if doc.is_shown() && !merged {
            named.push((rid.0, doc.string(field)));
        }
    }
    Ok(named)
}
