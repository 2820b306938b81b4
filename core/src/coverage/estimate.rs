//! What a week holds, for forms that ask for an estimate.

use super::hours::Taken;
use super::sum::by_others;
use crate::ids::ProviderId;
use crate::providers::Provider;
use crate::shelf::Kept;
use std::collections::BTreeMap;

/// Minutes in a week with one provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTime {
    /// The provider.
    pub provider: ProviderId,
    /// What the family wrote down for a week, else the average of its entries.
    pub minutes_a_week: i64,
}

/// Estimates for a week, in minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Estimate {
    /// Taught by parents, and what nobody is named for: marked days, too, beyond their entries.
    pub by_parents: i64,
    /// Taught by others: the providers below, and entries that name somebody else.
    pub by_others: i64,
    /// Each provider of the span.
    pub providers: Vec<ProviderTime>,
    /// What the family means a week to hold, from its settings; to be shown beside the others.
    pub meant: Option<i64>,
}

/// `sevenths`: the span's weeks, in days.
pub(super) fn of(
    taken: &[Taken],
    providers: &[Kept<Provider>],
    (from, to): (&str, &str),
    sevenths: i64,
    meant: Option<i64>,
) -> Estimate {
    let a_week = |minutes: i64| (minutes * 7 + sevenths / 2) / sevenths;
    let (mut parents, mut others) = (0, 0);
    let mut noted: BTreeMap<ProviderId, i64> = BTreeMap::new();
    for one in taken {
        match (by_others(one.taught_by, one.provider), one.provider) {
            (true, Some(provider)) => *noted.entry(provider).or_default() += one.minutes,
            (true, None) => others += one.minutes,
            (false, _) => parents += one.minutes,
        }
    }
    let meets = |provider: &Provider| {
        provider.since.as_deref().is_none_or(|since| since <= to)
            && provider.until.as_deref().is_none_or(|until| until >= from)
    };
    for kept in providers.iter().filter(|kept| meets(&kept.item)) {
        noted.entry(kept.id).or_default();
    }
    let said: BTreeMap<ProviderId, i64> =
        providers.iter().filter_map(|kept| Some((kept.id, kept.item.minutes_a_week?))).collect();
    let providers: Vec<ProviderTime> = noted
        .into_iter()
        .map(|(provider, minutes)| ProviderTime {
            provider,
            minutes_a_week: said.get(&provider).copied().unwrap_or_else(|| a_week(minutes)),
        })
        .filter(|time| time.minutes_a_week > 0)
        .collect();
    let by_providers: i64 = providers.iter().map(|time| time.minutes_a_week).sum();
    Estimate { by_parents: a_week(parents), by_others: a_week(others) + by_providers, providers, meant }
}
