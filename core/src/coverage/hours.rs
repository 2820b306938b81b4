//! The minutes of a learner one by one: what the sums are made of.

use super::sum::marked;
use crate::calendar;
use crate::days::DayMark;
use crate::entries::{Place, Share, TaughtBy};
use crate::ids::{ProviderId, SubjectId};
use std::collections::BTreeMap;

/// Minutes of one day and subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The subject; none for what names none.
    pub subject: Option<SubjectId>,
    /// How many.
    pub minutes: i64,
    /// Who taught.
    pub taught_by: Option<TaughtBy>,
    /// Which provider.
    pub provider: Option<ProviderId>,
    /// Where.
    pub place: Option<Place>,
    /// Of a marked day, beyond those of its entries.
    pub marked: bool,
}

/// Every share that has minutes, and what marked days give beyond them, by day.
pub(super) fn taken(shares: &[Share], marks: &[DayMark], from: &str, to: &str) -> Vec<Taken> {
    let mut by_day: BTreeMap<i32, i64> = BTreeMap::new();
    let mut rows: Vec<Taken> = Vec::new();
    for share in shares.iter().filter(|share| share.minutes > 0) {
        *by_day.entry(share.day).or_default() += share.minutes;
        rows.push(Taken {
            day: calendar::day_of(share.day),
            subject: share.subject,
            minutes: share.minutes,
            taught_by: share.taught_by,
            provider: share.provider,
            place: share.place,
            marked: false,
        });
    }
    let (taught, _) = marked(marks, calendar::number(from), calendar::number(to));
    for (day, minutes) in taught {
        let beyond = minutes - by_day.get(&day).copied().unwrap_or_default();
        if beyond > 0 {
            rows.push(Taken {
                day: calendar::day_of(day),
                subject: None,
                minutes: beyond,
                taught_by: None,
                provider: None,
                place: None,
                marked: true,
            });
        }
    }
    rows.sort_by(|a, b| (&a.day, a.marked).cmp(&(&b.day, b.marked)));
    rows
}
