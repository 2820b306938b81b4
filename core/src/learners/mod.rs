//! Learners: a nickname, a colour and an emoji each. There is no field for a legal name.

mod bringing_back;
mod leaving;
mod queries;
mod removal;
mod stage;
#[cfg(test)]
mod tests;

pub use leaving::{Gone, Leaving};
pub use queries::{LearnerRows, list};
pub use stage::{Scheme, Stage};

use crate::context::{Context, Edit};
use crate::error::{OrNotFound, Result};
use crate::ids::LearnerId;
use crate::input;
use crate::records::fields::learner as field;
use crate::records::{Document, Kind, Value};
use crate::settings;
use std::sync::Arc;

/// Longest nickname, in characters.
pub const MAX_NICKNAME: usize = 40;
/// Longest emoji, in characters: families and flags are joined from up to ten.
const MAX_EMOJI: usize = 16;

/// One learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Learner {
    /// Its id.
    pub id: LearnerId,
    /// What the family calls this learner here. Two learners may share one.
    pub nickname: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// One emoji, or empty.
    pub emoji: String,
    /// Place in lists, ascending.
    pub order: i64,
    /// No longer offered for new entries; everything about them stays.
    pub archived: bool,
    /// The year group, where the family uses them.
    pub stage: Option<Stage>,
}

/// What is typed to add a learner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLearner {
    /// 1 to 40 characters.
    pub nickname: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// One emoji, or empty.
    pub emoji: String,
}

/// What is changed about a learner; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnerEdit {
    /// 1 to 40 characters.
    pub nickname: Option<String>,
    /// `#rrggbb`, or empty.
    pub colour: Option<String>,
    /// One emoji, or empty.
    pub emoji: Option<String>,
    /// Place in lists.
    pub order: Option<i64>,
    /// No longer offered for new entries.
    pub archived: Option<bool>,
}

/// The learners' room.
#[derive(Debug, Clone)]
pub struct LearnersClient {
    context: Arc<Context>,
}

impl LearnersClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Adds a learner at the end of the list.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a nickname, colour or emoji that can't be kept.
    pub fn add(&self, new: NewLearner) -> Result<Learner> {
        let edit = LearnerEdit {
            nickname: Some(new.nickname),
            colour: Some(new.colour),
            emoji: Some(new.emoji),
            ..LearnerEdit::default()
        };
        let id = LearnerId::make(&*self.context.random);
        self.context.edit(|tx| {
            let mut doc = Document::new(Kind::Learner);
            doc.set(field::ORDER, Value::Int(queries::last_position(tx.tx)?.saturating_add(1)), &tx.stamper);
            write(&mut doc, edit, tx)?;
            tx.save(id, &doc)?;
            queries::get(tx.tx, id)?.or_not_found("learner")
        })
    }

    /// Everybody, archived learners too, in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn list(&self) -> Result<Vec<Learner>> {
        self.context.storage.read(list)
    }

    /// One learner.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub fn get(&self, id: LearnerId) -> Result<Learner> {
        self.context.storage.read(|tx| queries::get(tx, id)?.or_not_found("learner"))
    }

    /// Changes a learner, everywhere at once: entries hold the id and never the nickname.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::InvalidInput`](crate::Error::InvalidInput).
    pub fn update(&self, id: LearnerId, edit: LearnerEdit) -> Result<Learner> {
        self.context.edit(|tx| {
            let mut doc = tx.load_visible(id, Kind::Learner, "learner")?.doc;
            if write(&mut doc, edit, tx)? {
                tx.save(id, &doc)?;
            }
            queries::get(tx.tx, id)?.or_not_found("learner")
        })
    }

    /// Puts learners in this order; those that are not named come after, as they stood.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub fn reorder(&self, order: &[LearnerId]) -> Result<()> {
        self.context.edit(|tx| {
            let all = list(tx.tx)?.into_iter().map(|learner| learner.id).collect();
            tx.reorder((order, all), (Kind::Learner, "learner"), field::ORDER)
        })
    }

    /// Says which year group a learner is in, or that the family uses none.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::InvalidInput`](crate::Error::InvalidInput).
    pub fn set_stage(&self, id: LearnerId, stage: Option<&Stage>) -> Result<Learner> {
        self.context.edit(|tx| {
            let mut doc = tx.load_visible(id, Kind::Learner, "learner")?.doc;
            if stage::write(&mut doc, stage, &tx.stamper)? {
                tx.save(id, &doc)?;
            }
            queries::get(tx.tx, id)?.or_not_found("learner")
        })
    }

    /// What a learner's year group is called on a day, `YYYY-MM-DD`; none when the family has switched year groups off,
    /// uses none for this learner, or the scheme has no name for it any more, or yet.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub fn year_group(&self, id: LearnerId, day: &str) -> Result<Option<String>> {
        self.context.storage.read(|tx| {
            let stage = queries::get(tx, id)?.or_not_found("learner")?.stage;
            let shown = settings::of_family(tx)?.year_groups;
            Ok(stage.filter(|_| shown).and_then(|stage| stage.name_on(day)))
        })
    }

    /// No longer offers a learner for new entries, or offers them again. Nothing of theirs goes.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub fn archive(&self, id: LearnerId, archived: bool) -> Result<Learner> {
        self.update(id, LearnerEdit { archived: Some(archived), ..LearnerEdit::default() })
    }
}

fn write(doc: &mut Document, edit: LearnerEdit, tx: &Edit<'_>) -> Result<bool> {
    let mut values = Vec::new();
    if let Some(nickname) = edit.nickname {
        let nickname = input::required_line(&nickname, "the nickname", MAX_NICKNAME)?;
        values.push((field::NICKNAME, Value::Text(nickname)));
    }
    if let Some(colour) = edit.colour {
        values.push((field::COLOUR, Value::Text(input::colour(&colour)?)));
    }
    if let Some(emoji) = edit.emoji {
        values.push((field::EMOJI, Value::Text(input::line(&emoji, "the emoji", MAX_EMOJI)?)));
    }
    values.extend(edit.order.map(|order| (field::ORDER, Value::Int(order))));
    values.extend(edit.archived.map(|archived| (field::ARCHIVED, Value::Bool(archived))));
    let mut changed = false;
    for (number, value) in values {
        changed |= doc.set(number, value, &tx.stamper);
    }
    Ok(changed)
}
