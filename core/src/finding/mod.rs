//! Finding: one question to entries, and to books and other small things. Needs notes and assessments are in no answer.

#[cfg(test)]
mod tests;

use crate::context::Context;
use crate::entries::{EntriesClient, Hit, TimelineQuery};
use crate::error::Result;
use crate::goals::Goal;
use crate::letters::Letter;
use crate::plans::Plan;
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::shelf::{self, Item, Look};
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
    /// Books and other small things, newest first.
    pub things: Vec<Thing>,
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

    /// What holds every word, the last one as a beginning; accents and case don't matter. Entries are those of `query`.
    /// Of small things it takes the learner, the days and the page's size; where it asks for a subject, a tag, a star, a
    /// sample or a photo, which they have not, none is found.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for a first or last day that is none.
    pub fn search(&self, text: &str, query: &TimelineQuery) -> Result<Found> {
        let entries = EntriesClient::new(Arc::clone(&self.context)).search(text, query)?;
        let asks_more = query.subject.is_some()
            || query.tag.is_some()
            || query.starred_only
            || query.samples_only
            || query.with_photo;
        let things = if asks_more { Vec::new() } else { self.things(text, query)? };
        Ok(Found { entries, things })
    }

    fn things(&self, text: &str, query: &TimelineQuery) -> Result<Vec<Thing>> {
        let Some(question) = Question::parse(text) else { return Ok(Vec::new()) };
        let look = Look {
            learner: query.learner,
            first_day: query.first_day.clone(),
            last_day: query.last_day.clone(),
            trashed: false,
        };
        let found = self.context.storage.read(|tx| shelf::find(tx, &question, &look, query.size()))?;
        Ok(found
            .into_iter()
            .filter_map(|found| {
                let shelf::Found { kind, id, title, day, pieces } = found;
                Some(Thing { kind: ThingKind::of(kind)?, id: id.0, title, day, pieces })
            })
            .collect())
    }
}
