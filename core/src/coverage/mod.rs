//! Coverage: what was noted of one learner in a span of days, by subject and term. Numbers only; nothing is judged.

mod columns;
mod estimate;
mod hours;
mod sum;

#[cfg(test)]
mod tests;

pub use columns::{Column, Span};
pub use estimate::{Estimate, ProviderTime};
pub use hours::Taken;
pub use sum::{Amount, Coverage, Row, Totals};

use crate::context::Context;
use crate::days::{self, DayMark};
use crate::entries;
use crate::error::Result;
use crate::ids::LearnerId;
use crate::providers::Provider;
use crate::settings;
use crate::shelf::{self, Look};
use crate::storage::Transaction;
use crate::subjects;
use std::sync::Arc;

/// Whose, when, and in what columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageQuery {
    /// Whose.
    pub learner: LearnerId,
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
    /// What a column is.
    pub span: Span,
}

/// The coverage's room.
#[derive(Debug, Clone)]
pub struct CoverageClient {
    context: Arc<Context>,
}

impl CoverageClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Entries, minutes and days by subject and column.
    ///
    /// An entry of several subjects counts in each of them and once in the whole; its minutes are split between them,
    /// so that they add up. The minutes of a marked day count beyond those of its entries only, so that none count twice.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) for days that are none, or in the wrong order.
    pub fn coverage(&self, query: &CoverageQuery) -> Result<Coverage> {
        let (from, to) = (query.first_day.as_str(), query.last_day.as_str());
        columns::span_of(from, to)?;
        self.context.storage.read(|tx| {
            let columns = columns::of(from, to, query.span, &settings::of_family(tx)?)?;
            let shares = entries::shares(tx, query.learner, from, to)?;
            Ok(sum::sum(columns, &shares, &marks(tx, query.learner, from, to)?, &subjects::core(tx)?))
        })
    }

    /// The minutes of a learner one by one, as a table lists them: they add up to the minutes of
    /// [`CoverageClient::coverage`], whatever the columns.
    ///
    /// # Errors
    /// As [`CoverageClient::coverage`].
    pub fn hours(&self, learner: LearnerId, from: &str, to: &str) -> Result<Vec<Taken>> {
        columns::span_of(from, to)?;
        self.context.storage.read(|tx| taken(tx, learner, from, to))
    }

    /// What a week holds on average, for forms that ask for an estimate: taught by parents, by others, and by which
    /// providers. A person changes it as they see fit.
    ///
    /// # Errors
    /// As [`CoverageClient::coverage`].
    pub fn estimate(&self, learner: LearnerId, first_day: &str, last_day: &str) -> Result<Estimate> {
        let weeks = columns::weeks(first_day, last_day)?;
        let look = Look { learner: Some(learner), ..Look::default() };
        self.context.storage.read(|tx| {
            let providers = shelf::list::<Provider>(tx, &look)?;
            let taken = taken(tx, learner, first_day, last_day)?;
            let meant = settings::of_family(tx)?.weekly_minutes;
            Ok(estimate::of(&taken, &providers, (first_day, last_day), weeks, meant))
        })
    }
}

fn taken(tx: &Transaction<'_>, learner: LearnerId, from: &str, to: &str) -> Result<Vec<Taken>> {
    let shares = entries::shares(tx, learner, from, to)?;
    Ok(hours::taken(&shares, &marks(tx, learner, from, to)?, from, to))
}

/// Marks that touch the span.
fn marks(tx: &Transaction<'_>, learner: LearnerId, from: &str, to: &str) -> Result<Vec<DayMark>> {
    let kept = shelf::list::<DayMark>(tx, &days::touching(Some(learner), from, to))?;
    Ok(kept.into_iter().map(|kept| kept.item).collect())
}
