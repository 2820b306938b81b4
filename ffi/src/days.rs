//! Marked days: a day that was taught without an entry to show for it, or one on which somebody was away or ill, so
//! that no gap is seen where there is none.
use crate::shelf::shelf;
use kinfolio_core::{days, ids};

type DayMarkId = ids::DayMarkId;
type LearnerId = ids::LearnerId;
type Mark = days::Mark;
type DayMark = days::DayMark;

/// What the day was.
#[uniffi::remote(Enum)]
pub enum Mark {
    /// Taught.
    Taught,
    /// Away.
    Away,
    /// Ill.
    Ill,
    /// A holiday of the family's.
    Holiday,
}

/// One marked day, or several in a row.
#[uniffi::remote(Record)]
pub struct DayMark {
    /// What it was.
    pub mark: Mark,
    /// The day, or the first of several, `YYYY-MM-DD`.
    pub first_day: String,
    /// The last day, where it is another one.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// Minutes of a taught day, 1 to 1,440: counted as hours for each of its days.
    #[uniffi(default)]
    pub minutes: Option<i64>,
    /// Up to 200 characters.
    #[uniffi(default)]
    pub note: String,
    /// Whose; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
}

shelf! {
    /// The marked days' room.
    DaysClient of DayMark by DayMarkId,
    /// A marked day, as it is kept.
    KeptDayMark
}
