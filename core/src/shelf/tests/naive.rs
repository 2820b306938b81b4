//! Every question to a shelf, answered again by a plain walk over all that was put on it.

use super::*;
use crate::shelf::Kept;
use proptest::prelude::*;

const DAYS: [&str; 4] = ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_list_equals_a_walk_over_all_items(
        items in proptest::collection::vec((0..5u8, 0..4u8, any::<bool>()), 1..25)
    ) {
        let phone = Phone::new(9);
        let learners = [phone.learner("a").id, phone.learner("b").id];
        let shelf = phone.client.shelf::<Goal>();
        let mut all: Vec<(Kept<Goal>, bool)> = Vec::new();
        for (day, who, trashed) in items {
            phone.clock.advance(1_000);
            let goal = Goal {
                title: "Swim".into(),
                target_on: DAYS.get(usize::from(day)).map(|day| (*day).to_owned()),
                learners: learners.iter().enumerate().filter(|(n, _)| who & (1 << n) != 0).map(|(_, id)| *id).collect(),
                ..Goal::default()
            };
            let kept = shelf.add(&goal).unwrap();
            if trashed {
                shelf.trash(kept.id).unwrap();
            }
            all.push((kept, trashed));
        }
        all.sort_by_key(|(kept, _)| std::cmp::Reverse((kept.item.target_on.clone(), kept.recorded_at)));
        for mask in 0..16_usize {
            let bit = |at: usize| mask & 1 << at != 0;
            let look = Look {
                learner: bit(0).then_some(learners[mask / 8]),
                first_day: bit(1).then(|| "2024-02-28".to_owned()),
                last_day: bit(2).then(|| "2024-02-29".to_owned()),
                trashed: bit(3),
            };
            let expected: Vec<_> = all
                .iter()
                .filter(|(_, trashed)| *trashed == look.trashed)
                .map(|(kept, _)| kept)
                .filter(|kept| {
                    let of = &kept.item.learners;
                    look.learner.is_none_or(|learner| of.is_empty() || of.contains(&learner))
                })
                .filter(|kept| match (&kept.item.target_on, &look.first_day, &look.last_day) {
                    (_, None, None) => true,
                    (None, ..) => false,
                    (Some(day), first, last) => {
                        first.as_ref().is_none_or(|first| day >= first) && last.as_ref().is_none_or(|last| day <= last)
                    }
                })
                .map(|kept| kept.id)
                .collect();
            let got: Vec<_> = shelf.list(&look).unwrap().into_iter().map(|kept| kept.id).collect();
            prop_assert_eq!(got, expected, "{:?}", look);
        }
    }
}
