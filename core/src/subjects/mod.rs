//! Subjects: the family's own list, in its own words.

mod presets;
mod queries;

#[cfg(test)]
mod tests;

pub use presets::Preset;
pub use queries::{SubjectRows, core};

use crate::context::{Context, Edit};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::SubjectId;
use crate::input;
use crate::records::fields::subject as field;
use crate::records::{self, Document, Kind, Value, trash};
use std::sync::Arc;

/// Longest name, in characters.
pub const MAX_NAME: usize = 80;

/// One subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// Place in lists, ascending.
    pub order: i64,
    /// Not offered for new entries; what has it keeps it.
    pub hidden: bool,
    /// One of those that a law calls core.
    pub core: bool,
}

/// What is changed about a subject; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectEdit {
    /// 1 to 80 characters.
    pub name: Option<String>,
    /// `#rrggbb`, or empty.
    pub colour: Option<String>,
    /// Place in lists.
    pub order: Option<i64>,
    /// Not offered for new entries.
    pub hidden: Option<bool>,
    /// One of those that a law calls core.
    pub core: Option<bool>,
}

/// The subjects' room.
#[derive(Debug, Clone)]
pub struct SubjectsClient {
    context: Arc<Context>,
}

impl SubjectsClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Adds a subject at the end of the list.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a name or colour that can't be kept, or a name that another subject has.
    pub fn add(&self, name: &str, colour: &str) -> Result<Subject> {
        let id = SubjectId::make(&*self.context.random);
        let edit =
            SubjectEdit { name: Some(name.into()), colour: Some(colour.into()), ..SubjectEdit::default() };
        self.context.edit(|tx| {
            is_free(name, None, tx)?;
            let mut doc = Document::new(Kind::Subject);
            doc.set(field::ORDER, Value::Int(queries::last_position(tx.tx)?.saturating_add(1)), &tx.stamper);
            write(&mut doc, edit, tx)?;
            tx.save(id, &doc)?;
            queries::get(tx.tx, id)?.or_not_found("subject")
        })
    }

    /// All subjects in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn list(&self) -> Result<Vec<Subject>> {
        self.context.storage.read(queries::list)
    }

    /// One subject.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: SubjectId) -> Result<Subject> {
        self.context.storage.read(|tx| queries::get(tx, id)?.or_not_found("subject"))
    }

    /// Changes a subject; all its entries follow, since they hold the id.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] as in [`SubjectsClient::add`].
    pub fn update(&self, id: SubjectId, edit: SubjectEdit) -> Result<Subject> {
        self.context.edit(|tx| {
            let mut doc = tx.load_visible(id, Kind::Subject, "subject")?.doc;
            if let Some(name) = edit.name.as_deref().filter(|name| !is_named(&doc.string(field::NAME), name))
            {
                is_free(name, Some(id), tx)?;
            }
            if write(&mut doc, edit, tx)? {
                tx.save(id, &doc)?;
            }
            queries::get(tx.tx, id)?.or_not_found("subject")
        })
    }

    /// Gives a subject another name.
    ///
    /// # Errors
    /// As [`SubjectsClient::update`].
    pub fn rename(&self, id: SubjectId, name: &str) -> Result<Subject> {
        self.update(id, SubjectEdit { name: Some(name.into()), ..SubjectEdit::default() })
    }

    /// Makes a subject part of another: every entry that has it shows the other from now on, on all phones, and it
    /// leaves the list. No entry is written, so it costs the same for ten entries as for ten thousand.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for a subject merged into itself or into one that became part of it.
    pub fn merge(&self, id: SubjectId, into: SubjectId) -> Result<()> {
        self.context.edit(|tx| {
            let mut doc = tx.load_visible(id, Kind::Subject, "subject")?.doc;
            tx.load_visible(into, Kind::Subject, "subject")?;
            if queries::root(tx.tx, into)? == id {
                return Err(Error::invalid("a subject can't become part of itself: choose another one"));
            }
            if doc.set(field::MERGED_INTO, Value::Bytes(into.0.to_vec()), &tx.stamper) {
                tx.save(id, &doc)?;
            }
            Ok(())
        })
    }

    /// Puts the list into this order; those that are not named follow as they stood.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn reorder(&self, order: &[SubjectId]) -> Result<()> {
        self.context.edit(|tx| {
            let all = queries::list(tx.tx)?.into_iter().map(|subject| subject.id).collect();
            tx.reorder((order, all), (Kind::Subject, "subject"), field::ORDER)
        })
    }

    /// Adds a list of subjects as a place or law names them, without those that are there by that name.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn add_preset(&self, preset: Preset) -> Result<Vec<Subject>> {
        self.context.edit(|tx| {
            let there = queries::list(tx.tx)?;
            let mut place = queries::last_position(tx.tx)?;
            let mut added = Vec::new();
            for (name, core) in preset.subjects() {
                if there.iter().any(|subject| is_named(&subject.name, name)) {
                    continue;
                }
                place = place.saturating_add(1);
                let id = SubjectId::make(tx.random());
                let mut doc = Document::new(Kind::Subject);
                let edit = SubjectEdit {
                    name: Some((*name).into()),
                    order: Some(place),
                    core: core.then_some(true),
                    ..SubjectEdit::default()
                };
                write(&mut doc, edit, tx)?;
                tx.save(id, &doc)?;
                added.extend(queries::get(tx.tx, id)?);
            }
            Ok(added)
        })
    }

    /// Takes a subject off the list, with all that became part of it. Its entries stay, and show it again should another
    /// phone bring it back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for one that became part of another.
    pub fn remove(&self, id: SubjectId) -> Result<()> {
        self.context.edit(|tx| {
            tx.load_visible(id, Kind::Subject, "subject")?;
            if queries::root(tx.tx, id)? != id {
                return Err(Error::invalid("this subject became part of another one: remove that one"));
            }
            for part in queries::parts(tx.tx, id)? {
                set_trashed(part, true, tx)?;
            }
            Ok(())
        })
    }
}

/// Takes a subject out of the trash in a write that is under way, with all that became part of it.
///
/// # Errors
/// When the store can't be written.
pub fn restore(id: SubjectId, tx: &mut Edit<'_>) -> Result<()> {
    let mut back = vec![id];
    let mut next = 0;
    while let Some(id) = back.get(next).copied() {
        next += 1;
        set_trashed(id, false, tx)?;
        for one in trash::lying(tx.tx)?.into_iter().filter(|one| one.kind == u16::from(Kind::Subject)) {
            let into = records::load(tx.tx, one.rid)?.and_then(|part| queries::merged_into(&part.doc));
            if into == Some(id.0) && !back.contains(&one.rid.into()) {
                back.push(one.rid.into());
            }
        }
    }
    Ok(())
}

fn set_trashed(id: SubjectId, trashed: bool, tx: &mut Edit<'_>) -> Result<()> {
    let mut doc = tx.load(id, Kind::Subject, "subject")?.doc;
    if doc.set_trashed(trashed, &tx.stamper) {
        tx.save(id, &doc)?;
    }
    Ok(())
}

/// Refuses a name that another subject of the list has.
fn is_free(name: &str, of: Option<SubjectId>, tx: &Edit<'_>) -> Result<()> {
    if queries::list(tx.tx)?.iter().any(|other| Some(other.id) != of && is_named(&other.name, name)) {
        return Err(Error::invalid("there is a subject of this name: choose another name, or use that one"));
    }
    Ok(())
}

/// Whether a subject's name is this one, in whatever case it is typed.
fn is_named(kept: &str, typed: &str) -> bool {
    kept.to_lowercase() == typed.trim().to_lowercase()
}

fn write(doc: &mut Document, edit: SubjectEdit, tx: &Edit<'_>) -> Result<bool> {
    let mut values = Vec::new();
    if let Some(name) = edit.name {
        values.push((field::NAME, Value::Text(input::required_line(&name, "the subject's name", MAX_NAME)?)));
    }
    if let Some(colour) = edit.colour {
        values.push((field::COLOUR, Value::Text(input::colour(&colour)?)));
    }
    values.extend(edit.order.map(|order| (field::ORDER, Value::Int(order))));
    values.extend(edit.hidden.map(|hidden| (field::HIDDEN, Value::Bool(hidden))));
    values.extend(edit.core.map(|core| (field::CORE, Value::Bool(core))));
    let mut changed = false;
    for (number, value) in values {
        changed |= doc.set(number, value, &tx.stamper);
    }
    Ok(changed)
}
