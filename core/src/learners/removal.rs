//! What went along with a learner, written down so that it can be brought back exactly: a record of its own, which lies
//! in the trash from the beginning and goes with it.

use crate::context::Edit;
use crate::error::Result;
use crate::ids::{LearnerId, RecordId, make};
use crate::records::fields::removal as field;
use crate::records::{self, Document, Key, Kind, Stamper, Value, load, trash};
use crate::storage::Transaction;
use std::collections::{BTreeMap, BTreeSet};

/// Things in one such record: more begin the next, which keeps each within what a server takes.
const MOST: usize = 1_000;
/// Bytes of lines in one such record.
const MOST_BYTES: usize = 64 << 10;

/// One place where a learner was taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOff {
    /// The field.
    pub field: u32,
    /// What stood there for this learner; null: it was a register.
    pub was: Value,
    /// What stood there for the one that they turned out to be.
    pub others: Value,
}

/// A removal that is being written, or taken back.
pub struct Removal {
    rid: Option<RecordId>,
    /// Who went.
    pub learner: LearnerId,
    /// Who they turned out to be.
    pub into: Option<LearnerId>,
    local_only: bool,
    /// What went into the trash with them.
    pub trashed: BTreeSet<RecordId>,
    /// Where they were taken off.
    pub taken: BTreeMap<RecordId, Vec<TakenOff>>,
    /// Records of which something else is written down than stands in the store.
    pub touched: BTreeSet<RecordId>,
    bytes: usize,
}

impl Removal {
    /// An empty one.
    pub const fn new(learner: LearnerId, into: Option<LearnerId>, local_only: bool) -> Self {
        Self {
            rid: None,
            learner,
            into,
            local_only,
            trashed: BTreeSet::new(),
            taken: BTreeMap::new(),
            touched: BTreeSet::new(),
            bytes: 0,
        }
    }

    /// Writes down that a record went into the trash.
    pub fn trashed(&mut self, rid: RecordId, tx: &mut Edit<'_>) -> Result<()> {
        self.trashed.insert(rid);
        self.flush_when_full(tx)
    }

    /// Writes down where the learner was taken off a record.
    pub fn taken_off(&mut self, rid: RecordId, taken: Vec<TakenOff>, tx: &mut Edit<'_>) -> Result<()> {
        let length = |value: &Value| value.as_text().map_or(0, str::len);
        self.bytes += taken.iter().map(|taken| length(&taken.was) + length(&taken.others)).sum::<usize>();
        self.taken.insert(rid, taken);
        self.flush_when_full(tx)
    }

    fn flush_when_full(&mut self, tx: &mut Edit<'_>) -> Result<()> {
        let full = self.trashed.len() + self.taken.len() >= MOST || self.bytes >= MOST_BYTES;
        if full { self.finish(tx) } else { Ok(()) }
    }

    /// Keeps what was written down.
    pub fn finish(&mut self, tx: &mut Edit<'_>) -> Result<()> {
        if self.trashed.is_empty() && self.taken.is_empty() {
            return Ok(());
        }
        let rid = RecordId(make(tx.random()));
        let mut doc = Document::new(Kind::Removal);
        doc.set(field::LEARNER, Value::Bytes(self.learner.0.to_vec()), &tx.stamper);
        if let Some(into) = self.into {
            doc.set(field::INTO, Value::Bytes(into.0.to_vec()), &tx.stamper);
        }
        for rid in std::mem::take(&mut self.trashed) {
            doc.put(field::TRASHED, Key::id(rid), Value::Bool(true), &tx.stamper);
        }
        for (rid, taken) in std::mem::take(&mut self.taken) {
            doc.put(field::TAKEN_OFF, Key::id(rid), written(&taken), &tx.stamper);
        }
        self.bytes = 0;
        doc.set_trashed(true, &tx.stamper);
        tx.save(rid, &doc)?;
        if self.local_only {
            records::leave(tx.tx, rid)?;
        }
        Ok(())
    }

    /// Every removal that was not taken back yet, the last one first.
    pub fn open(tx: &Transaction<'_>) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        for one in trash::lying(tx)?.into_iter().filter(|one| one.kind == u16::from(Kind::Removal)) {
            let Some(stored) = load(tx, one.rid)? else { continue };
            let doc = stored.doc;
            let id = |number| doc.register(number)?.as_bytes()?.try_into().ok().map(LearnerId);
            let Some(learner) = id(field::LEARNER).filter(|_| !doc.flag(field::DONE)) else { continue };
            let rid_of = |key: &Key| key.as_id().map(RecordId);
            found.push(Self {
                rid: Some(one.rid),
                learner,
                into: id(field::INTO),
                local_only: stored.local_only,
                trashed: doc.elements(field::TRASHED).filter_map(|(key, _)| rid_of(key)).collect(),
                taken: doc
                    .elements(field::TAKEN_OFF)
                    .filter_map(|(key, value)| Some((rid_of(key)?, places(value))))
                    .collect(),
                touched: BTreeSet::new(),
                bytes: 0,
            });
        }
        Ok(found)
    }

    /// Notes that everything is back.
    pub fn done(&self, tx: &mut Edit<'_>) -> Result<()> {
        self.rewrite(tx, |doc, stamper| {
            doc.set(field::DONE, Value::Bool(true), stamper);
        })
    }

    /// Keeps what changed of it since it was read.
    pub fn keep_touched(&self, tx: &mut Edit<'_>) -> Result<()> {
        if self.touched.is_empty() {
            return Ok(());
        }
        self.rewrite(tx, |doc, stamper| {
            for rid in &self.touched {
                if !self.trashed.contains(rid) {
                    doc.remove(field::TRASHED, &Key::id(*rid), stamper);
                }
                match self.taken.get(rid).filter(|places| !places.is_empty()) {
                    Some(places) => doc.put(field::TAKEN_OFF, Key::id(*rid), written(places), stamper),
                    None => doc.remove(field::TAKEN_OFF, &Key::id(*rid), stamper),
                };
            }
        })
    }

    fn rewrite(&self, tx: &mut Edit<'_>, change: impl FnOnce(&mut Document, &Stamper)) -> Result<()> {
        let Some(rid) = self.rid else { return Ok(()) };
        let mut doc = tx.load(rid, Kind::Removal, "removal")?.doc;
        change(&mut doc, &tx.stamper);
        doc.set_trashed(true, &tx.stamper);
        tx.save(rid, &doc)
    }
}

/// What stands for two learners who are one.
pub fn joined(was: &Value, others: &Value) -> Value {
    match (was, others) {
        (Value::Text(was), Value::Text(others)) if was.is_empty() || was == others => {
            Value::Text(others.clone())
        }
        (Value::Text(was), Value::Text(others)) if !others.is_empty() => {
            Value::Text(format!("{others}\n{was}"))
        }
        _ => was.clone(),
    }
}

fn written(places: &[TakenOff]) -> Value {
    let place = |taken: &TakenOff| {
        Value::List(vec![Value::Int(taken.field.into()), taken.was.clone(), taken.others.clone()])
    };
    Value::List(places.iter().map(place).collect())
}

fn places(value: &Value) -> Vec<TakenOff> {
    let place = |place: &Value| match place.as_list()? {
        [field, was, others] => {
            let field = u32::try_from(field.as_int()?).ok()?;
            Some(TakenOff { field, was: was.clone(), others: others.clone() })
        }
        _ => None,
    };
    value.as_list().unwrap_or_default().iter().filter_map(place).collect()
}
