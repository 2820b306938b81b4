//! The rule that makes groups of photos: a day, and within a day what is close together. Pure.

use jiff::civil::DateTime;

use super::{MAX_PHOTOS, PhotoNumber};

/// A photo, and when it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dated {
    pub number: PhotoNumber,
    pub at: Option<DateTime>,
}

/// The groups in the order of time, each in the order of time; photos of one second in the order in which they were
/// given. Photos without a date make a group of their own, at the end.
pub(super) fn groups(mut photos: Vec<Dated>, gap_hours: u32) -> Vec<Vec<PhotoNumber>> {
    photos.sort_by_key(|photo| (photo.at.is_none(), photo.at, photo.number));
    let mut groups: Vec<Vec<PhotoNumber>> = Vec::new();
    let mut last: Option<Dated> = None;
    for photo in photos {
        let goes_on = last.is_some_and(|last| together(last.at, photo.at, gap_hours));
        match groups.last_mut().filter(|group| goes_on && group.len() < MAX_PHOTOS) {
            Some(group) => group.push(photo.number),
            None => groups.push(vec![photo.number]),
        }
        last = Some(photo);
    }
    groups
}

/// Whether two photos that follow each other belong together.
fn together(one: Option<DateTime>, next: Option<DateTime>, gap_hours: u32) -> bool {
    match (one, next) {
        (Some(one), Some(next)) => {
            let apart = one.duration_until(next).as_secs();
            one.date() == next.date() && apart <= i64::from(gap_hours) * 3_600
        }
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dated(times: &[&str]) -> Vec<Dated> {
        let time = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        (0..).zip(times).map(|(n, text)| Dated { number: PhotoNumber(n), at: time(text) }).collect()
    }

    fn grouped(times: &[&str], gap_hours: u32) -> Vec<Vec<u32>> {
        let groups = groups(dated(times), gap_hours);
        groups.into_iter().map(|group| group.into_iter().map(|photo| photo.0).collect()).collect()
    }

    #[test]
    fn midnight_parts_two_days_however_close_the_photos_are() {
        let times = ["2026-05-04T00:01:00", "2026-05-03T23:59:00", "2026-05-03T23:58:00"];
        assert_eq!(grouped(&times, 24), [vec![2, 1], vec![0]]);
    }

    #[test]
    fn more_hours_than_asked_for_part_a_day_and_just_as_many_do_not() {
        let times = ["2026-05-03T09:00:00", "2026-05-03T12:00:00", "2026-05-03T15:00:01"];
        assert_eq!(grouped(&times, 3), [vec![0, 1], vec![2]]);
        assert_eq!(grouped(&times, 4), [vec![0, 1, 2]]);
    }

    #[test]
    fn clocks_that_change_make_no_gap_and_leap_days_are_days() {
        // In the night of 29 March 2026 clocks in England go from 01:00 to 02:00: by the camera two hours passed.
        assert_eq!(grouped(&["2026-03-29T00:30:00", "2026-03-29T02:30:00"], 2), [vec![0, 1]]);
        assert_eq!(grouped(&["2024-02-29T12:00:00", "2024-03-01T12:00:00"], 24), [vec![0], vec![1]]);
    }

    #[test]
    fn photos_without_a_date_are_a_group_at_the_end() {
        assert_eq!(grouped(&["", "2026-05-03T09:00:00", ""], 3), [vec![1], vec![0, 2]]);
        assert!(grouped(&[], 3).is_empty());
    }

    proptest! {
        #[test]
        fn groups_are_a_partition_in_order_and_keep_the_rule(
            minutes in proptest::collection::vec(proptest::option::weighted(0.95, 0..6_000i64), 0..300),
            gap_hours in 1..24u32,
        ) {
            let first: DateTime = "2024-02-28T08:00:00".parse().unwrap();
            let at = |minute: i64| first.checked_add(jiff::SignedDuration::from_mins(minute)).unwrap();
            let photos: Vec<Dated> = (0..)
                .zip(&minutes)
                .map(|(n, minute)| Dated { number: PhotoNumber(n), at: minute.map(at) })
                .collect();
            let groups = groups(photos.clone(), gap_hours);
            let mut all: Vec<u32> = groups.iter().flatten().map(|photo| photo.0).collect();
            let flat: Vec<_> = all.iter().map(|n| photos[*n as usize]).collect();
            prop_assert!(flat.is_sorted_by_key(|photo| (photo.at.is_none(), photo.at, photo.number)));
            all.sort_unstable();
            prop_assert_eq!(all, (0..minutes.len() as u32).collect::<Vec<_>>());
            prop_assert!(groups.iter().all(|group| (1..=MAX_PHOTOS).contains(&group.len())));
            let time = |photo: &PhotoNumber| photos[photo.0 as usize].at;
            for group in &groups {
                for pair in group.windows(2) {
                    let (one, next) = (time(&pair[0]), time(&pair[1]));
                    prop_assert_eq!(one.is_none(), next.is_none());
                    if let (Some(one), Some(next)) = (one, next) {
                        prop_assert_eq!(one.date(), next.date());
                        prop_assert!((next.duration_since(one)).as_secs() <= i64::from(gap_hours) * 3600);
                    }
                }
            }
            for pair in groups.windows(2) {
                if let (Some(one), Some(next)) = (time(pair[0].last().unwrap()), time(&pair[1][0])) {
                    let far = next.duration_since(one).as_secs() > i64::from(gap_hours) * 3600;
                    prop_assert!(one.date() != next.date() || far || pair[0].len() == MAX_PHOTOS);
                }
            }
        }
    }
}
