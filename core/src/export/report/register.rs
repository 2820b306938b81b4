//! Answers for the register of children not in school (England, the Act of 2026): what the record can answer, and
//! nothing beyond the Act. Names, birth and addresses are typed when the page is printed.

use super::gather::Year;
use crate::export::period;

/// One provider, as the register asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderAnswer {
    /// The name.
    pub name: String,
    /// Where, or the address where one was written down.
    pub place: String,
    /// The website or mail address, where it is online.
    pub online: String,
    /// An estimate of minutes in a week.
    pub minutes_a_week: i64,
}

/// What the record answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAnswers {
    /// Minutes in a week taught by parents, an estimate.
    pub by_parents: i64,
    /// Minutes in a week taught by others, an estimate.
    pub by_others: i64,
    /// Those others.
    pub providers: Vec<ProviderAnswer>,
}

impl RegisterAnswers {
    pub(super) fn of(year: &Year) -> Self {
        let providers = year.estimate.providers.iter().filter_map(|time| {
            let provider = year.providers.get(&time.provider)?;
            let place = if provider.address.is_empty() { &provider.place } else { &provider.address };
            Some(ProviderAnswer {
                name: provider.name.clone(),
                place: place.clone(),
                online: if provider.online { provider.website.clone() } else { String::new() },
                minutes_a_week: time.minutes_a_week,
            })
        });
        Self {
            by_parents: year.estimate.by_parents,
            by_others: year.estimate.by_others,
            providers: providers.collect(),
        }
    }

    /// The page as plain text, for copying: a line each, blank where the record says nothing.
    #[must_use]
    pub fn text(&self) -> String {
        let a_week = |minutes: i64| match u32::try_from(minutes) {
            Ok(minutes @ 1..) => format!("{} a week", period::duration(minutes)),
            _ => String::new(),
        };
        let mut lines = vec![
            format!("Estimated time taught by parents: {}", a_week(self.by_parents)),
            format!("Estimated time taught by others: {}", a_week(self.by_others)),
        ];
        for one in &self.providers {
            let about = [one.name.as_str(), &one.place, &one.online, &a_week(one.minutes_a_week)];
            let about: Vec<&str> = about.into_iter().filter(|text| !text.is_empty()).collect();
            lines.push(format!("Provider: {}", about.join(", ")));
        }
        lines.join("\n")
    }
}
