//! What capture helpers promise: nothing of the old day goes along, and nothing counts before somebody says so.

use super::*;
use crate::coverage::{CoverageQuery, Span};
use crate::days::{DayMark, Mark};
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{Annotation, Place, Taught, TaughtBy, TimelineQuery};
use crate::ids::PlanId;
use crate::plans::Plan;
use crate::settings::{FamilySettings, WeekStart};
use crate::shelf::Kept;
use crate::subjects::SubjectEdit;

fn swimming(learners: Vec<LearnerId>) -> Template {
    Template {
        name: "Swimming".into(),
        note: "Lengths:".into(),
        minutes: Some(45),
        learners,
        weekdays: Some(2),
        first_day: Some("2026-05-05".into()),
        taught: Taught { by: Some(TaughtBy::Provider), provider: None, place: Some(Place::Away) },
        ..Template::default()
    }
}

fn days(phone: &Phone, first: &str, last: &str) -> Vec<String> {
    phone.client.capture().proposals(first, last).unwrap().into_iter().map(|found| found.day).collect()
}

#[test]
fn an_entry_once_more_is_a_draft_without_its_star_sample_photos_and_leavers() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let maths = phone.client.subjects().add("Maths", "").unwrap().id;
    let first = phone.create(EntryDraft {
        note: "Sums with shells.".into(),
        minutes: Some(30),
        starred: true,
        learners: vec![line(hedgehog, "to 20"), line(otter, "to 5")],
        subjects: vec![maths],
        tags: vec!["beach".into()],
        annotation: Annotation { sample: true, shows: "Counts".into(), ..Annotation::default() },
        taught: Taught { by: Some(TaughtBy::Parent), ..Taught::default() },
        ..draft("Shells", "2026-05-05")
    });
    phone.client.learners().archive(otter, true).unwrap();
    phone
        .client
        .subjects()
        .update(maths, SubjectEdit { hidden: Some(true), ..SubjectEdit::default() })
        .unwrap();
    phone.clock.advance(86_400_000);
    let again = phone.client.capture().duplicate(first.id, "2026-05-12").unwrap();
    let expected = Entry {
        id: again.id,
        learned_on: "2026-05-12".into(),
        recorded_at: again.recorded_at,
        on_record: false,
        starred: false,
        learners: vec![line(hedgehog, "to 20")],
        annotation: Annotation::default(),
        ..first.clone()
    };
    assert_eq!(again, expected);
    assert_ne!((again.id, again.recorded_at), (first.id, first.recorded_at));
    assert_eq!(phone.client.entries().get(first.id).unwrap(), first);
    phone.client.entries().trash(first.id).unwrap();
    assert!(matches!(phone.client.capture().duplicate(first.id, "2026-05-12"), Err(Error::InvalidInput(_))));
}

#[test]
fn the_same_as_last_tuesday_is_what_this_learner_did_and_nobody_elses_line() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    phone.create(EntryDraft { learners: vec![line(hedgehog, "")], ..draft("Older", "2026-04-28") });
    let both = vec![line(hedgehog, "hers"), line(otter, "HIS")];
    phone.create(EntryDraft { learners: both, ..draft("Maths", "2026-05-05") });
    phone.create(EntryDraft { learners: vec![line(hedgehog, "")], ..draft("Piano", "2026-05-05") });
    phone.create(EntryDraft { learners: vec![line(otter, "")], ..draft("Football", "2026-05-05") });
    let on_record = false;
    phone.create(EntryDraft {
        on_record,
        learners: vec![line(hedgehog, "")],
        ..draft("Draft", "2026-05-05")
    });
    phone.create(EntryDraft { learners: vec![line(hedgehog, "")], ..draft("Monday", "2026-05-11") });
    let capture = phone.client.capture();
    assert_eq!(capture.last_like(hedgehog, "2026-05-12").unwrap().as_deref(), Some("2026-05-05"));
    assert_eq!(capture.last_like(hedgehog, "2026-05-05").unwrap().as_deref(), Some("2026-04-28"));
    assert_eq!(capture.last_like(otter, "2026-05-05").unwrap(), None);
    let drafts = capture.same_as(hedgehog, "2026-05-05", "2026-05-12").unwrap();
    let titles: Vec<_> = drafts.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(titles, ["Maths", "Piano"]);
    assert_eq!(drafts[0].learners, [line(hedgehog, "hers")]);
    assert!(drafts.iter().all(|entry| !entry.on_record && entry.learned_on == "2026-05-12"));
    assert_eq!(capture.same_as(otter, "2026-05-06", "2026-05-12").unwrap(), []);
    phone.client.learners().archive(otter, true).unwrap();
    assert!(capture.same_as(otter, "2026-05-05", "2026-05-12").is_err());
    assert!(capture.last_like(hedgehog, "Tuesday").is_err());
}

#[test]
fn a_template_becomes_a_draft_in_one_call() {
    let phone = Phone::new(1);
    let otter = phone.learner("Otter").id;
    let template = phone.client.shelf::<Template>().add(&swimming(vec![otter])).unwrap();
    let entry = phone.client.capture().use_template(template.id, "2026-05-07").unwrap();
    assert_eq!((entry.title.as_str(), entry.note.as_str()), ("Swimming", "Lengths:"));
    assert_eq!((entry.minutes, entry.on_record, entry.taught.place), (Some(45), false, Some(Place::Away)));
    assert_eq!(entry.learners, [line(otter, "")]);
    phone.client.shelf::<Template>().trash(template.id).unwrap();
    assert!(phone.client.capture().use_template(template.id, "2026-05-07").is_err());
}

#[test]
fn what_comes_back_is_proposed_on_its_days_and_counts_only_once_it_is_confirmed() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let shelf = phone.client.shelf::<Template>();
    let kept = shelf.add(&swimming(vec![hedgehog, otter])).unwrap();
    let capture = phone.client.capture();
    assert_eq!(
        days(&phone, "2026-05-01", "2026-05-26"),
        ["2026-05-05", "2026-05-12", "2026-05-19", "2026-05-26"]
    );
    let sums = |learner| {
        let (first_day, last_day) = ("2026-05-01".into(), "2026-05-31".into());
        let query = CoverageQuery { learner, first_day, last_day, span: Span::Whole };
        phone.client.coverage().coverage(&query).unwrap().totals
    };
    let everything = TimelineQuery { include_drafts: true, ..TimelineQuery::default() };
    assert_eq!(phone.client.entries().timeline(&everything).unwrap().entries, []);
    assert_eq!((sums(otter).entries, sums(otter).minutes), (0, 0), "nothing is stored");

    let entry = capture.confirm(kept.id, "2026-05-05").unwrap();
    assert_eq!((entry.on_record, entry.minutes, entry.title.as_str()), (true, Some(45), "Swimming"));
    assert_eq!(capture.confirm(kept.id, "2026-05-05").unwrap(), entry, "a second tap makes no second entry");
    capture.skip(kept.id, "2026-05-12").unwrap();
    capture.skip(kept.id, "2026-05-12").unwrap();
    assert_eq!(days(&phone, "2026-05-01", "2026-05-26"), ["2026-05-19", "2026-05-26"]);
    assert_eq!((sums(otter).entries, sums(otter).minutes), (1, 45));
    assert!(capture.confirm(kept.id, "2026-05-12").is_err(), "skipped");
    assert!(capture.confirm(kept.id, "2026-05-06").is_err(), "not one of its days");
    assert!(capture.skip(kept.id, "2026-05-05").is_err(), "confirmed");
    assert!(capture.unskip(kept.id, "2026-05-05").is_err());
    capture.unskip(kept.id, "2026-05-12").unwrap();
    assert_eq!(days(&phone, "2026-05-12", "2026-05-12"), ["2026-05-12"]);
    phone.client.entries().trash(entry.id).unwrap();
    assert_eq!(days(&phone, "2026-05-05", "2026-05-05"), [""; 0], "thrown away, not asked for again");
    capture.unskip(kept.id, "2026-05-05").unwrap();
    assert_eq!(days(&phone, "2026-05-05", "2026-05-05"), ["2026-05-05"], "unless somebody does ask");
    let again = capture.confirm(kept.id, "2026-05-05").unwrap();
    assert!(again.id != entry.id && again.on_record, "a successor");
    phone.client.entries().trash(again.id).unwrap();
    let third = capture.confirm(kept.id, "2026-05-05").unwrap();
    assert!(third.id != again.id, "also straight away");
    phone.client.entries().trash(third.id).unwrap();
    capture.skip(kept.id, "2026-05-05").unwrap();
    assert!(capture.confirm(kept.id, "2026-05-05").is_err(), "skipped");
    assert!(capture.skip(kept.id, "2026-05-06").is_err(), "not one of its days");

    // An editor that began before keeps what was settled meanwhile.
    let renamed = Template { name: "Swim club".into(), ..kept.item.clone() };
    assert_eq!(shelf.save(kept.id, &kept.item, &renamed).unwrap().item.settled.len(), 1);
    shelf.trash(kept.id).unwrap();
    assert_eq!(days(&phone, "2026-05-01", "2026-05-26"), [""; 0]);
    assert!(capture.proposals("2026-05-02", "2026-05-01").is_err());
    assert!(capture.proposals("2026-01-01", "2028-05-01").is_err());
}

#[test]
fn nobody_is_asked_on_days_away_or_ill() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    phone.client.shelf::<Template>().add(&swimming(vec![hedgehog, otter])).unwrap();
    phone.client.shelf::<Template>().add(&Template { name: "Everybody".into(), ..swimming(vec![]) }).unwrap();
    let marks = phone.client.shelf::<DayMark>();
    let mark = |mark, first: &str, last: &str, learners: &[LearnerId]| DayMark {
        mark,
        first_day: first.into(),
        last_day: Some(last.into()),
        learners: learners.to_vec(),
        ..DayMark::default()
    };
    marks.add(&mark(Mark::Ill, "2026-05-11", "2026-05-13", &[otter])).unwrap();
    marks.add(&mark(Mark::Away, "2026-05-18", "2026-05-20", &[])).unwrap();
    marks.add(&mark(Mark::Holiday, "2025-06-02", "2026-05-05", &[hedgehog, otter])).unwrap();
    marks.add(&mark(Mark::Taught, "2026-05-26", "2026-05-26", &[])).unwrap();
    let found = phone.client.capture().proposals("2026-05-01", "2026-05-26").unwrap();
    let mut both = vec![hedgehog, otter];
    both.sort_unstable();
    let seen: Vec<_> =
        found.iter().map(|one| (one.day.as_str(), one.title.as_str(), one.learners.clone())).collect();
    assert_eq!(
        seen,
        [
            ("2026-05-12", "Everybody", vec![]),
            ("2026-05-12", "Swimming", vec![hedgehog]),
            ("2026-05-26", "Everybody", vec![]),
            ("2026-05-26", "Swimming", both),
        ]
    );
    let entry = phone.client.capture().confirm(found[1].template, "2026-05-12").unwrap();
    assert_eq!(entry.learners, [line(hedgehog, "")]);
}

#[test]
fn every_second_week_is_counted_in_the_familys_weeks_over_years_and_leap_days() {
    let phone = Phone::new(1);
    let shelf = phone.client.shelf::<Template>();
    let fortnightly = Template {
        weekdays: Some(1 + 64),
        every_weeks: Some(2),
        first_day: Some("2027-12-20".into()),
        last_day: Some("2028-03-13".into()),
        ..swimming(vec![])
    };
    shelf.add(&fortnightly).unwrap();
    // Monday and Sunday of every second week that begins on a Monday.
    assert_eq!(
        days(&phone, "2027-12-01", "2028-01-10"),
        ["2027-12-20", "2027-12-26", "2028-01-03", "2028-01-09"]
    );
    assert_eq!(days(&phone, "2028-02-27", "2028-04-30"), ["2028-02-28", "2028-03-05", "2028-03-13"]);
    let settings = phone.client.settings();
    let sunday = FamilySettings { week_start: WeekStart::Sunday, ..FamilySettings::default() };
    settings.save_family(&FamilySettings::default(), &sunday).unwrap();
    // Where weeks begin on Sunday, its Sunday comes before its Monday.
    assert_eq!(days(&phone, "2027-12-01", "2028-01-10"), ["2027-12-20", "2028-01-02", "2028-01-03"]);
    let open = Template { first_day: None, last_day: None, weekdays: Some(8), ..swimming(vec![]) };
    assert!(shelf.add(&open).is_err(), "nobody says when it begins");
}

#[test]
fn two_phones_that_confirm_different_days_keep_both() {
    let phone = Phone::new(1);
    let shelf = phone.client.shelf::<Template>();
    let kept = shelf.add(&swimming(vec![])).unwrap();
    let settled = |day: &str| {
        let one = crate::templates::Settled { day: day.into(), entry: None };
        Template { settled: vec![one], ..kept.item.clone() }
    };
    shelf.save(kept.id, &kept.item, &settled("2026-05-05")).unwrap();
    shelf.save(kept.id, &kept.item, &settled("2026-05-12")).unwrap();
    assert_eq!(shelf.get(kept.id).unwrap().item.settled.len(), 2);
}

#[test]
fn a_plan_becomes_an_entry_in_one_call_and_unfinished_ones_move_only_when_asked() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let shelf = phone.client.shelf::<Plan>();
    let plan = |title: &str, week_of: &str, learners: &[LearnerId]| -> Kept<Plan> {
        phone.clock.advance(1_000);
        let plan = Plan {
            title: title.into(),
            week_of: week_of.into(),
            minutes: Some(90),
            learners: learners.to_vec(),
            ..Plan::default()
        };
        shelf.add(&plan).unwrap()
    };
    let bread = plan("Bread", "2026-05-06", &[]);
    let map = plan("Map", "2026-05-10", &[otter]);
    let song = plan("Song", "2026-05-04", &[hedgehog]);
    plan("Next", "2026-05-11", &[]);
    let capture = phone.client.capture();
    let titles =
        |found: Vec<Kept<Plan>>| -> Vec<String> { found.into_iter().map(|kept| kept.item.title).collect() };
    assert_eq!(titles(capture.week(None, "2026-05-08").unwrap()), ["Bread", "Map", "Song"]);
    assert_eq!(titles(capture.week(Some(otter), "2026-05-08").unwrap()), ["Bread", "Map"]);

    let entry = capture.do_plan(bread.id, "2026-05-07").unwrap();
    assert_eq!((entry.title.as_str(), entry.minutes, entry.on_record), ("Bread", Some(90), true));
    assert_eq!(entry.learners.len(), 2, "what is nobody's is everybody's");
    assert_eq!(shelf.get(bread.id).unwrap().item.entry, Some(entry.id), "the link is kept");
    assert_eq!(capture.do_plan(bread.id, "2026-05-08").unwrap(), entry);
    assert_eq!(titles(capture.unfinished(None, "2026-05-04").unwrap()), ["Map", "Song"]);
    assert_eq!(titles(capture.week(None, "2026-05-11").unwrap()), ["Next"], "nothing moves by itself");

    let unknown = PlanId([9; 16]);
    assert!(capture.move_plans(&[map.id, unknown], "2026-05-11").is_err());
    assert_eq!(shelf.get(map.id).unwrap(), map, "all or none");
    let moved = capture.move_plans(&[map.id, bread.id, song.id], "2026-05-11").unwrap();
    assert_eq!(titles(moved), ["Map", "Song"], "what was done stays");
    assert_eq!(titles(capture.week(None, "2026-05-17").unwrap()), ["Map", "Song", "Next"]);
    phone.client.entries().trash(entry.id).unwrap();
    assert_eq!(titles(capture.unfinished(None, "2026-05-04").unwrap()), ["Bread"]);
    assert_ne!(capture.do_plan(bread.id, "2026-05-08").unwrap().id, entry.id);
}

#[test]
fn a_provider_who_is_gone_is_left_out_and_stops_nothing() {
    use crate::providers::Provider;
    let phone = Phone::new(1);
    let bean = phone.learner("Bean").id;
    let pool = Provider { name: "Pool".into(), ..Provider::default() };
    let pool = phone.client.shelf::<Provider>().add(&pool).unwrap().id;
    let taught = Taught { by: Some(TaughtBy::Provider), provider: Some(pool), place: Some(Place::Away) };
    let swum =
        EntryDraft { learners: vec![line(bean, "")], taught: taught.clone(), ..draft("Swim", "2026-05-05") };
    let swum = phone.create(EntryDraft { on_record: true, ..swum });
    let template = Template { taught: taught.clone(), ..swimming(vec![bean]) };
    let template = phone.client.shelf::<Template>().add(&template).unwrap().id;
    phone.client.shelf::<Provider>().trash(pool).unwrap();
    let capture = phone.client.capture();
    let proposal = capture.proposals("2026-05-05", "2026-05-12").unwrap().remove(0);
    let made = [
        capture.duplicate(swum.id, "2026-05-12").unwrap(),
        capture.use_template(template, "2026-05-12").unwrap(),
        capture.same_as(bean, "2026-05-05", "2026-05-12").unwrap().remove(0),
        capture.confirm(proposal.template, &proposal.day).unwrap(),
    ];
    for entry in made {
        assert_eq!(entry.taught, Taught { provider: None, ..taught.clone() });
    }
}
