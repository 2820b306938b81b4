//! Which two entries stand beside each other. Pure.

use crate::calendar;
use crate::entries::Entry;

/// Days between two entries that are about a year apart.
const APART: std::ops::RangeInclusive<i32> = 300..=430;

/// What of an entry matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fact {
    /// Days since 1900.
    pub day: i32,
    pub sample: bool,
}

impl Fact {
    pub(super) fn of(entry: &Entry) -> Self {
        Self { day: calendar::number(&entry.learned_on), sample: entry.annotation.sample }
    }
}

/// The places of the earlier and the later one: as many samples as can be, then the newest, then what is nearest to a
/// year, then what comes first.
pub(super) fn best(facts: &[Fact]) -> Option<(usize, usize)> {
    let pairs = facts.iter().enumerate().flat_map(|(now, late)| {
        facts.iter().enumerate().filter_map(move |(then, early)| {
            let apart = late.day - early.day;
            let samples = u8::from(late.sample) + u8::from(early.sample);
            APART.contains(&apart).then_some(((samples, late.day, -(apart - 365).abs()), (then, now)))
        })
    });
    pairs.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, places)| places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(of: &[(i32, bool)]) -> Vec<Fact> {
        of.iter().map(|(day, sample)| Fact { day: *day, sample: *sample }).collect()
    }

    #[test]
    fn samples_come_first_then_the_newest_then_a_year() {
        assert_eq!(best(&[]), None);
        assert_eq!(
            best(&facts(&[(800, false), (440, false), (430, false), (365, true), (0, true)])),
            Some((4, 3))
        );
        assert_eq!(best(&facts(&[(800, false), (440, false), (430, false)])), Some((1, 0)));
        assert_eq!(best(&facts(&[(0, false), (300, false)])), Some((0, 1)));
        assert_eq!(best(&facts(&[(0, false), (299, false)])), None);
    }
}
