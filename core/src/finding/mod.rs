//! Finding: one question to entries, and to books and other small things. Needs notes and assessments are in no answer.

#[cfg(test)]
mod tests;

use crate::context::Context;
use crate::entries::{self, Cursor, Hit, TimelineQuery};
use crate::error::Result;
use crate::goals::Goal;
use crate::letters::Letter;
use crate::plans::Plan;
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::shelf::{self, Item, Look};
use crate::storage::Transaction;
use crate::trips::Trip;
use crate::words::{Piece, Question};
use std::sync::Arc;

/// What was found beside entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThingKind {
    /// A book or other material.
    Reading,
    /// A trip.
    Trip,
    /// A goal.
    Goal,
    /// A planned thing.
    Plan,
    /// A letter.
    Letter,
    /// A provider.
    Provider,
    /// A qualification.
    Qualification,
}

impl ThingKind {
    fn of(kind: u16) -> Option<Self> {
        [
            (Reading::KIND, Self::Reading),
            (Trip::KIND, Self::Trip),
            (Goal::KIND, Self::Goal),
            (Plan::KIND, Self::Plan),
            (Letter::KIND, Self::Letter),
            (Provider::KIND, Self::Provider),
            (Qualification::KIND, Self::Qualification),
        ]
        .into_iter()
        .find_map(|(known, thing)| (u16::from(known) == kind).then_some(thing))
    }
}

/// A small thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// What it is.
    pub kind: ThingKind,
    /// Its id on its own shelf.
    pub id: [u8; 16],
    /// Its title or name.
    pub title: String,
    /// Its day, `YYYY-MM-DD`; empty for none.
    pub day: String,
    /// Some words around the first place, with what was found marked.
    pub pieces: Vec<Piece>,
}

/// What a question found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Entries, newest first.
    pub entries: Vec<Hit>,
    /// Books and other small things, newest first, on the first page of entries.
    pub things: Vec<Thing>,
    /// There are more entries: a page [before](TimelineQuery::before) this has them.
    pub next: Option<Cursor>,
    /// There are more things than a page holds: more words or narrower days find them.
    pub more_things: bool,
}

/// The room of finding.
#[derive(Debug, Clone)]
pub struct FindClient {
    context: Arc<Context>,
}

impl FindClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// What holds every word, the last one as a beginning; accents and case don't matter, and a letter that keyboards
    /// elsewhere lack, such as ł or ß, is found by what is typed for it. Entries are those of `query`.
    /// Of small things it takes the learner, the days and the page's size; where it asks for a subject, a tag, a star, a
    /// sample or a photo, which they have not, none is found.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a first or last day that is none.
    pub fn search(&self, text: &str, query: &TimelineQuery) -> Result<Found> {
        let most = query.size();
        let asks_more = query.subject.is_some()
            || query.tag.is_some()
            || query.starred_only
            || query.samples_only
            || query.with_photo
            || query.before.is_some();
        let (entries, mut things) = self.context.storage.read(|tx| {
            let things = if asks_more { Vec::new() } else { things(tx, text, query)? };
            Ok((entries::search(tx, text, query)?, things))
        })?;
        let next = entries.last().filter(|_| entries.len() >= most as usize).map(|hit| hit.next);
        let more_things = things.len() > most as usize;
        things.truncate(most as usize);
        Ok(Found { entries, things, next, more_things })
    }
}

/// One more than a page holds, where there is one.
fn things(tx: &Transaction<'_>, text: &str, query: &TimelineQuery) -> Result<Vec<Thing>> {
    let Some(question) = Question::parse(text) else { return Ok(Vec::new()) };
    let look = Look {
        learner: query.learner,
        first_day: query.first_day.clone(),
        last_day: query.last_day.clone(),
        trashed: false,
    };
    let found = shelf::find(tx, &question, &look, query.size() + 1)?;
    let thing = |found: shelf::Found| {
        let shelf::Found { kind, id, title, day, pieces } = found;
        Some(Thing { kind: ThingKind::of(kind)?, id: id.0, title, day, pieces })
    };
    Ok(found.into_iter().filter_map(thing).collect())
}
