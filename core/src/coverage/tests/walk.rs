//! Every sum again, by a plain walk over all entries and days.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_sum_equals_a_walk_over_all_entries(
        family in proptest::collection::vec(typed(), 1..30),
        marked in proptest::collection::vec((0..400i64, 0..4i64, 1..5u8, proptest::option::of(1..300i64), 0..4usize), 0..8),
    ) {
        let phone = Phone::new(3);
        let learners = [phone.learner("a").id, phone.learner("b").id];
        let own = |who: usize| learners.iter().enumerate().filter(move |(n, _)| who & (1 << n) != 0).map(|(_, id)| *id);
        let subjects: Vec<SubjectId> =
            (0..5).map(|n| phone.client.subjects().add(&n.to_string(), "").unwrap().id).collect();
        let club = Provider { name: "Club".into(), ..Provider::default() };
        let club = phone.client.shelf::<Provider>().add(&club).unwrap().id;
        let mut ids = Vec::new();
        for one in &family {
            let taught = Taught { by: one.by, place: one.place, provider: one.provider.then_some(club) };
            let entry = phone.create(EntryDraft {
                minutes: one.minutes,
                on_record: one.on_record,
                learners: own(one.who).map(|id| line(id, "")).collect(),
                subjects: one.subjects.iter().map(|n| subjects[*n]).collect(),
                taught,
                ..draft("", &nth(one.day))
            });
            if one.day % 30 == 7 {
                phone.client.entries().trash(entry.id).unwrap();
            } else {
                ids.push(entry.id);
            }
        }
        let mut marks = Vec::new();
        for (first, more, mark, minutes, who) in marked {
            let mark = DayMark {
                mark: Mark::try_from(mark).unwrap(),
                first_day: nth(first),
                last_day: Some(nth(first + more)),
                minutes,
                learners: own(who).collect(),
                ..DayMark::default()
            };
            marks.push(phone.client.shelf::<DayMark>().add(&mark).unwrap().item);
        }
        let core = SubjectEdit { core: Some(true), ..SubjectEdit::default() };
        phone.client.subjects().update(subjects[0], core).unwrap();
        phone.client.subjects().merge(subjects[2], subjects[0]).unwrap();
        phone.client.subjects().remove(subjects[4]).unwrap();
        let removed = subjects[4];

        let query = CoverageQuery { span: Span::Month, ..year(learners[0]) };
        let found = phone.client.coverage().coverage(&query).unwrap();
        let is_mine = |entry: &Entry| {
            entry.on_record
                && entry.learners.iter().any(|line| line.learner == learners[0])
                && entry.learned_on >= query.first_day
                && entry.learned_on <= query.last_day
        };
        let all: Vec<Entry> =
            ids.iter().map(|id| phone.client.entries().get(*id).unwrap()).filter(is_mine).collect();
        let sum = |counts: &dyn Fn(&Entry) -> bool| -> i64 {
            all.iter().filter(|entry| counts(entry)).filter_map(|entry| entry.minutes).sum()
        };
        // Every day of the year by itself, as somebody would tick it off on paper.
        let (mut days, mut days_off, mut beyond) = (0, 0, 0);
        let mut beyond_in = vec![0; found.columns.len()];
        let mut days_in = vec![0; found.columns.len()];
        for day in (0..460).map(nth).filter(|day| (&query.first_day..=&query.last_day).contains(&day)) {
            let column = found.columns.iter().position(|column| day <= column.last_day).unwrap();
            let is_noted = all.iter().any(|entry| entry.learned_on == day);
            let here = |mark: &&DayMark| {
                (mark.learners.is_empty() || mark.learners.contains(&learners[0]))
                    && (&mark.first_day..=mark.last_day.as_ref().unwrap()).contains(&&day)
            };
            let taught = marks.iter().filter(here).filter(|mark| mark.mark == Mark::Taught);
            let most = taught.map(|mark| mark.minutes.unwrap_or(0)).max();
            let is_off = marks.iter().filter(here).any(|mark| mark.mark != Mark::Taught);
            let more = (most.unwrap_or(0) - sum(&|entry| entry.learned_on == day)).max(0);
            beyond += more;
            beyond_in[column] += more;
            let is_day = is_noted || most.is_some();
            days += i64::from(is_day);
            days_in[column] += i64::from(is_day);
            days_off += i64::from(is_off && !is_day);
        }
        let totals = found.totals;
        prop_assert_eq!(totals.minutes, sum(&|_| true) + beyond);
        prop_assert_eq!(totals.entries, all.len() as i64);
        prop_assert_eq!((totals.days, totals.days_off), (days, days_off));
        prop_assert_eq!(&found.days, &days_in);
        let at = |place| move |entry: &Entry| entry.taught.place == Some(place);
        prop_assert_eq!((totals.home_minutes, totals.away_minutes), (sum(&at(Place::Home)), sum(&at(Place::Away))));
        prop_assert_eq!(totals.parent_minutes, sum(&|entry| entry.taught.by == Some(TaughtBy::Parent)));
        prop_assert_eq!(
            totals.other_minutes,
            sum(&|entry| match entry.taught.by {
                Some(by) => by == TaughtBy::Provider || by == TaughtBy::Other,
                None => entry.taught.provider.is_some(),
            })
        );
        let of = |row: &Row| row.cells.iter().map(|cell| cell.minutes).sum::<i64>();
        prop_assert_eq!(found.rows.iter().map(of).sum::<i64>(), totals.minutes);
        let cores: i64 = found.rows.iter().filter(|row| row.subject == Some(subjects[0])).map(of).sum();
        prop_assert_eq!(totals.core_minutes, cores);
        let only = |entry: &Entry| entry.subjects == [subjects[0]];
        let some = |entry: &Entry| entry.subjects.contains(&subjects[0]);
        let home = |entry: &Entry| entry.taught.place == Some(Place::Home);
        prop_assert!((sum(&only)..=sum(&some)).contains(&totals.core_minutes));
        let at_home = sum(&|entry| only(entry) && home(entry))..=sum(&|entry| some(entry) && home(entry));
        prop_assert!(at_home.contains(&totals.core_home_minutes));
        prop_assert!(found.rows.iter().all(|row| row.subject != Some(removed) && row.subject != Some(subjects[2])));
        for (nth, column) in found.columns.iter().enumerate() {
            let here = |entry: &Entry| entry.learned_on >= column.first_day && entry.learned_on <= column.last_day;
            let entries = |counts: &dyn Fn(&Entry) -> bool| all.iter().filter(|entry| here(entry) && counts(entry)).count() as i64;
            prop_assert_eq!(found.whole[nth].entries, entries(&|_| true));
            prop_assert_eq!(found.whole[nth].minutes, sum(&here) + beyond_in[nth]);
            for row in &found.rows {
                let named = |entry: &Entry| match row.subject {
                    Some(subject) => entry.subjects.contains(&subject),
                    None => entry.subjects.is_empty() || entry.subjects.contains(&removed),
                };
                prop_assert_eq!(row.cells[nth].entries, entries(&named));
            }
        }
    }
}

/// An entry as it is typed; its day counts from 1 June 2025.
#[derive(Debug, Clone)]
struct Typed {
    day: i64,
    minutes: Option<i64>,
    subjects: BTreeSet<usize>,
    who: usize,
    on_record: bool,
    by: Option<TaughtBy>,
    place: Option<Place>,
    provider: bool,
}

fn typed() -> impl Strategy<Value = Typed> {
    let subjects = proptest::collection::btree_set(0..5usize, 0..4);
    let minutes = proptest::option::of(0..500i64);
    let by = proptest::option::of(proptest::sample::select(vec![
        TaughtBy::Parent,
        TaughtBy::Provider,
        TaughtBy::Other,
        TaughtBy::Alone,
    ]));
    let place = proptest::option::of(proptest::sample::select(vec![Place::Home, Place::Away]));
    (0..400i64, minutes, subjects, 0..4usize, any::<[bool; 2]>(), by, place).prop_map(
        |(day, minutes, subjects, who, [on_record, provider], by, place)| Typed {
            day,
            minutes,
            subjects,
            who,
            on_record,
            by,
            place,
            provider,
        },
    )
}

fn nth(day: i64) -> String {
    let first = calendar::parse("2025-06-01").unwrap();
    first.checked_add(jiff::Span::new().days(day)).unwrap().to_string()
}
