//! Capture helpers: an entry, a day or a template once more, what comes back every week, and a week's plans made into
//! entries. What is proposed is computed each time and counts nowhere until somebody says that it happened.

mod again;
mod planned;
mod repeats;

#[cfg(test)]
mod tests;

pub use repeats::Proposal;

use crate::context::{Context, Edit};
use crate::entries::{Entry, EntryDraft, LearnerLine};
use crate::error::{Error, Result};
use crate::ids::{LearnerId, RecordId, TemplateId};
use crate::records::Kind;
use crate::records::fields::learner;
use crate::shelf;
use crate::templates::Template;
use std::sync::Arc;

/// The room of capture helpers.
#[derive(Debug, Clone)]
pub struct CaptureClient {
    context: Arc<Context>,
}

impl CaptureClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// A draft of a day, as a template begins it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidInput`] for a day that is none.
    pub fn use_template(&self, template: TemplateId, day: &str) -> Result<Entry> {
        self.context.edit(|tx| {
            let template = shelf::open::<Template>(template, tx)?.item;
            let learners = template.learners.clone();
            crate::entries::keep(of_template(template, learners, day, tx)?, tx)
        })
    }
}

/// What a template makes, for these of its learners.
fn of_template(template: Template, learners: Vec<LearnerId>, day: &str, tx: &Edit<'_>) -> Result<EntryDraft> {
    let draft = EntryDraft {
        title: if template.title.is_empty() { template.name } else { template.title },
        note: template.note,
        learned_on: day.to_owned(),
        minutes: template.minutes,
        learners: learners.into_iter().map(LearnerLine::from).collect(),
        subjects: template.subjects,
        tags: template.tags,
        taught: template.taught,
        ..EntryDraft::default()
    };
    offered(draft, tx)
}

/// Without learners who are archived or gone, and without subjects and a provider that are gone: nobody would choose them
/// today.
fn offered(mut draft: EntryDraft, tx: &Edit<'_>) -> Result<EntryDraft> {
    let mut learners = Vec::new();
    for line in draft.learners {
        if is_offered(line.learner, tx)? {
            learners.push(line);
        }
    }
    let mut subjects = Vec::new();
    for subject in draft.subjects {
        if is_there(subject, (Kind::Subject, "subject"), tx)? {
            subjects.push(subject);
        }
    }
    if let Some(provider) = draft.taught.provider
        && !is_there(provider, (Kind::Provider, "provider"), tx)?
    {
        draft.taught.provider = None;
    }
    draft.learners = learners;
    draft.subjects = subjects;
    Ok(draft)
}

fn is_offered(id: LearnerId, tx: &Edit<'_>) -> Result<bool> {
    match tx.load_visible(id, Kind::Learner, "learner") {
        Ok(stored) => Ok(!stored.doc.flag(learner::ARCHIVED)),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_there(id: impl Into<RecordId>, (kind, name): (Kind, &'static str), tx: &Edit<'_>) -> Result<bool> {
    match tx.load_visible(id, kind, name) {
        Ok(_) => Ok(true),
        Err(Error::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
