//! What a report may draw on: one learner's record of a span of days.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::chips::Spellings;
use crate::context::Context;
use crate::coverage::{Amount, Coverage, CoverageClient, CoverageQuery, Estimate, Span};
use crate::entries::{EntriesClient, Entry};
use crate::error::{OrNotFound, Result};
use crate::export::period::{self, Period};
use crate::export::picking;
use crate::export::queries;
use crate::export::works::works;
use crate::goals::Goal;
use crate::ids::{LearnerId, ProviderId, SubjectId};
use crate::learners::{Learner, LearnersClient};
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::shelf::{Item, Kept, Look, Shelf};
use crate::subjects::SubjectsClient;
use crate::trips::Trip;
use zeroize::Zeroizing;

/// One learner's record of a span of days.
pub(super) struct Year {
    /// Whom it is about.
    pub learner: Learner,
    /// Everybody else of the family.
    pub others: Vec<Learner>,
    /// How they are written, the one that it is about first.
    pub spellings: Spellings,
    pub period: Period,
    /// By day.
    pub entries: Vec<Entry>,
    pub readings: Vec<Kept<Reading>>,
    pub providers: BTreeMap<ProviderId, Provider>,
    pub trips: Vec<Kept<Trip>>,
    pub goals: Vec<Kept<Goal>>,
    pub qualifications: Vec<Kept<Qualification>>,
    /// Names of subjects, those in use and others, in the family's order.
    pub subjects: Vec<(SubjectId, String)>,
    pub coverage: Coverage,
    pub estimate: Estimate,
}

impl Year {
    /// Reads it; nobody else's line comes along.
    pub fn read(context: &Arc<Context>, learner: LearnerId, first_day: &str, last_day: &str) -> Result<Self> {
        let (about, others) = learner_and_others(context, learner)?;
        let coverage = CoverageClient::new(Arc::clone(context));
        let query = CoverageQuery {
            learner,
            first_day: first_day.into(),
            last_day: last_day.into(),
            span: Span::Term,
        };
        let look = Look { learner: Some(learner), ..Look::default() };
        let subjects = SubjectsClient::new(Arc::clone(context)).list()?;
        let family: Vec<Learner> = std::iter::once(&about).chain(&others).cloned().collect();
        Ok(Self {
            learner: about,
            others,
            spellings: spellings(context, &family)?,
            period: Period::parse(first_day, last_day)?,
            entries: picking::all(
                &EntriesClient::new(Arc::clone(context)),
                learner,
                (first_day, last_day),
                false,
            )?,
            readings: items(context, &look)?,
            providers: Shelf::<Provider>::new(Arc::clone(context))
                .list(&look)?
                .into_iter()
                .map(|kept: Kept<Provider>| (kept.id, kept.item))
                .collect(),
            trips: items(context, &look)?,
            goals: items(context, &look)?,
            qualifications: items(context, &look)?,
            subjects: subjects.into_iter().map(|subject| (subject.id, subject.name)).collect(),
            coverage: coverage.coverage(&query)?,
            estimate: coverage.estimate(learner, first_day, last_day)?,
        })
    }

    /// Whether a day lies in the span.
    pub fn holds(&self, day: Option<&str>) -> bool {
        day.and_then(|day| period::parse_date(day).ok()).is_some_and(|day| self.holds_date(day))
    }

    /// Whether a book or another material was begun or finished in the span.
    pub fn is_read(&self, reading: &Reading) -> bool {
        self.holds(reading.started_on.as_deref()) || self.holds(reading.finished_on.as_deref())
    }

    fn holds_date(&self, day: Date) -> bool {
        (self.period.from..=self.period.to).contains(&day)
    }

    /// Each subject that something was noted of, with its sum over the span.
    pub fn noted(&self) -> impl Iterator<Item = (SubjectId, &str, Amount)> {
        self.subjects.iter().filter_map(|(id, name)| {
            let row = self.coverage.rows.iter().find(|row| row.subject == Some(*id))?;
            let sum = row.cells.iter().fold(Amount::default(), |sum, cell| Amount {
                entries: sum.entries + cell.entries,
                minutes: sum.minutes + cell.minutes,
            });
            Some((*id, name.as_str(), sum))
        })
    }

    /// The names of an entry's subjects, in the family's order.
    pub fn subjects_of(&self, entry: &Entry) -> Vec<&str> {
        let of_entry = self.subjects.iter().filter(|(id, _)| entry.subjects.contains(id));
        of_entry.map(|(_, name)| name.as_str()).collect()
    }

    /// Entries of no subject, which stand under no heading of their own.
    pub fn without_subject(&self) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| self.subjects_of(entry).is_empty()).collect()
    }
}

/// A learner, and everybody else of the family.
pub(super) fn learner_and_others(
    context: &Arc<Context>,
    learner: LearnerId,
) -> Result<(Learner, Vec<Learner>)> {
    let mut others = LearnersClient::new(Arc::clone(context)).list()?;
    let place = others.iter().position(|one| one.id == learner).or_not_found("learner")?;
    Ok((others.remove(place), others))
}

/// How learners are written: nicknames, and names that this phone remembers.
pub(super) fn spellings(context: &Arc<Context>, family: &[Learner]) -> Result<Spellings> {
    spellings_beside(context, family, &works(context)?)
}

/// The same where only these `works` may mean another by a nickname.
pub(super) fn spellings_beside(
    context: &Arc<Context>,
    family: &[Learner],
    works: &[String],
) -> Result<Spellings> {
    let subjects: Vec<String> =
        SubjectsClient::new(Arc::clone(context)).list()?.into_iter().map(|one| one.name).collect();
    let names: Vec<(LearnerId, Zeroizing<String>)> = context.storage.read(queries::names)?;
    let nicknames: Vec<_> = family.iter().map(|one| (one.id, one.nickname.as_str())).collect();
    let names: Vec<_> = names.iter().map(|(learner, name)| (*learner, name.as_str())).collect();
    Ok(Spellings::new(&nicknames, &names, &subjects, works))
}

fn items<T: Item>(context: &Arc<Context>, look: &Look) -> Result<Vec<Kept<T>>> {
    let mut kept = Shelf::<T>::new(Arc::clone(context)).list(look)?;
    kept.reverse();
    Ok(kept)
}
