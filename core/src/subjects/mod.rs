//! Subjects: the family's own list, in its own words.

mod queries;

pub use queries::SubjectRows;

use crate::context::{Context, Edit};
use crate::error::{OrNotFound, Result};
use crate::ids::SubjectId;
use crate::input;
use crate::records::fields::subject as field;
use crate::records::{Document, Kind, Value};
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
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a name or colour that can't be kept.
    pub fn add(&self, name: &str, colour: &str) -> Result<Subject> {
        let id = SubjectId::make(&*self.context.random);
        let edit = SubjectEdit { name: Some(name.into()), colour: Some(colour.into()), order: None };
        self.context.edit(|tx| {
            let mut doc = Document::new(Kind::Subject);
            doc.set(field::ORDER, Value::Int(queries::last_position(tx.tx)? + 1), &tx.stamper);
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
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub fn get(&self, id: SubjectId) -> Result<Subject> {
        self.context.storage.read(|tx| queries::get(tx, id)?.or_not_found("subject"))
    }

    /// Changes a subject; all its entries follow, since they hold the id.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::InvalidInput`](crate::Error::InvalidInput).
    pub fn update(&self, id: SubjectId, edit: SubjectEdit) -> Result<Subject> {
        self.context.edit(|tx| {
            let mut doc = tx.load_visible(id, Kind::Subject, "subject")?.doc;
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

    /// Takes a subject off the list. Its entries stay, and show it again should another phone bring it back.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound).
    pub fn remove(&self, id: SubjectId) -> Result<()> {
        self.context.edit(|tx| {
            let mut doc = tx.load_visible(id, Kind::Subject, "subject")?.doc;
            if doc.set_trashed(true, &tx.stamper) {
                tx.save(id, &doc)?;
            }
            Ok(())
        })
    }
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
    let mut changed = false;
    for (number, value) in values {
        changed |= doc.set(number, value, &tx.stamper);
    }
    Ok(changed)
}
