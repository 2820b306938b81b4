//! Sums by subject and term. Numbers only; nothing is judged.
use crate::border::{Result, call};
use kinfolio_core::{coverage, ids};

type LearnerId = ids::LearnerId;
type ProviderId = ids::ProviderId;
type SubjectId = ids::SubjectId;
type Amount = coverage::Amount;
type Column = coverage::Column;
type Coverage = coverage::Coverage;
type CoverageQuery = coverage::CoverageQuery;
type Estimate = coverage::Estimate;
type ProviderTime = coverage::ProviderTime;
type Row = coverage::Row;
type Span = coverage::Span;
type Totals = coverage::Totals;

/// What a column is.
#[uniffi::remote(Enum)]
pub enum Span {
    /// A term of the family's own, and what lies between two of them; where it has set none, England's terms or quarters.
    Term,
    /// A month.
    Month,
    /// A year from the first day on.
    Year,
    /// All of it.
    Whole,
}

/// One column; both days are in it.
#[uniffi::remote(Record)]
pub struct Column {
    /// First day, `YYYY-MM-DD`.
    pub first_day: String,
    /// Last day.
    pub last_day: String,
    /// What the family calls this term; empty for everything else.
    pub name: String,
}

/// Whose, when, and in what columns.
#[uniffi::remote(Record)]
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

/// What was noted.
#[uniffi::remote(Record)]
pub struct Amount {
    /// Entries.
    pub entries: i64,
    /// Minutes.
    pub minutes: i64,
}

/// One subject's numbers.
#[uniffi::remote(Record)]
pub struct Row {
    /// The subject; none for what names none, or one that was removed.
    pub subject: Option<SubjectId>,
    /// One for each column.
    pub cells: Vec<Amount>,
}

/// Sums over the whole span. Minutes and days are counted once, whatever the number of subjects.
#[uniffi::remote(Record)]
pub struct Totals {
    /// Entries.
    pub entries: i64,
    /// Minutes of entries, and of marked days beyond those.
    pub minutes: i64,
    /// Days with an entry or a mark that says taught.
    pub days: i64,
    /// Days marked as away, ill or a holiday, without an entry.
    pub days_off: i64,
    /// Minutes of core subjects.
    pub core_minutes: i64,
    /// Of those, at home.
    pub core_home_minutes: i64,
    /// Minutes at home.
    pub home_minutes: i64,
    /// Minutes away from home.
    pub away_minutes: i64,
    /// Minutes taught by a parent.
    pub parent_minutes: i64,
    /// Minutes taught by a provider or somebody else.
    pub other_minutes: i64,
}

/// A learner's span of days in numbers.
#[uniffi::remote(Record)]
pub struct Coverage {
    /// The columns, one after the other.
    pub columns: Vec<Column>,
    /// Subjects, those with most minutes first, then those with most entries.
    pub rows: Vec<Row>,
    /// Each column as a whole: an entry of several subjects is counted once.
    pub whole: Vec<Amount>,
    /// Taught days of each column.
    pub days: Vec<i64>,
    /// The whole span.
    pub totals: Totals,
}

/// Minutes in a week with one provider.
#[uniffi::remote(Record)]
pub struct ProviderTime {
    /// The provider.
    pub provider: ProviderId,
    /// What the family wrote down for a week, else the average of its entries.
    pub minutes_a_week: i64,
}

/// Estimates for a week, in minutes.
#[uniffi::remote(Record)]
pub struct Estimate {
    /// Taught by parents, and what nobody is named for.
    pub by_parents: i64,
    /// Taught by others: the providers below, and entries that name somebody else.
    pub by_others: i64,
    /// Each provider of the span.
    pub providers: Vec<ProviderTime>,
    /// What the family means a week to hold, from its settings; to be shown beside the others.
    pub meant: Option<i64>,
}

/// The coverage's room.
#[derive(uniffi::Object)]
pub struct CoverageClient {
    pub(crate) room: coverage::CoverageClient,
}

#[uniffi::export]
impl CoverageClient {
    /// Entries, minutes and days by subject and column. An entry of several subjects counts in each of them and once in the
    /// whole; its minutes are split between them.
    ///
    /// # Errors
    /// As [`coverage::CoverageClient::coverage`].
    pub fn coverage(&self, query: CoverageQuery) -> Result<Coverage> {
        call(|| self.room.coverage(&query))
    }

    /// What a week holds on average, for forms that ask for an estimate.
    ///
    /// # Errors
    /// As [`coverage::CoverageClient::estimate`].
    pub fn estimate(&self, learner: LearnerId, first_day: String, last_day: String) -> Result<Estimate> {
        call(|| self.room.estimate(learner, &first_day, &last_day))
    }
}
