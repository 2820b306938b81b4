//! Sums against a plain walk over all entries, and the rules at the edges of years and terms.

mod walk;

use super::*;
use crate::calendar;
use crate::days::Mark;
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{Entry, EntryDraft, Place, Taught, TaughtBy};
use crate::ids::SubjectId;
use crate::settings::{FamilySettings, Term};
use crate::subjects::SubjectEdit;

fn of(first: &str, last: &str, span: Span) -> Result<Vec<Column>> {
    columns::of(first, last, span, &FamilySettings::default())
}

fn days(columns: &[Column]) -> Vec<(&str, &str)> {
    columns.iter().map(|column| (column.first_day.as_str(), column.last_day.as_str())).collect()
}

#[test]
fn columns_meet_without_a_gap_and_keep_to_the_calendar() {
    let terms = of("2025-11-03", "2026-09-02", Span::Term).unwrap();
    assert_eq!(
        days(&terms),
        [
            ("2025-11-03", "2025-12-31"),
            ("2026-01-01", "2026-03-31"),
            ("2026-04-01", "2026-08-31"),
            ("2026-09-01", "2026-09-02")
        ]
    );
    let months = of("2024-01-31", "2024-03-01", Span::Month).unwrap();
    assert_eq!(
        days(&months),
        [("2024-01-31", "2024-01-31"), ("2024-02-01", "2024-02-29"), ("2024-03-01", "2024-03-01")]
    );
    let leap = of("2024-02-29", "2028-03-01", Span::Year).unwrap();
    assert_eq!(leap.len(), 5);
    assert_eq!(
        days(&leap)[4],
        ("2028-02-29", "2028-03-01"),
        "a year that began on a leap day comes back to it"
    );
    assert_eq!(days(&of("2026-07-01", "2027-06-30", Span::Year).unwrap()), [("2026-07-01", "2027-06-30")]);
    assert!(of("2026-02-30", "2026-03-01", Span::Whole).is_err());
    assert!(of("2026-03-02", "2026-03-01", Span::Whole).is_err());
}

#[test]
fn a_familys_own_terms_are_columns_with_their_names_and_holidays_between_them_count_too() {
    let term = |name: &str, first: &str, last: &str| Term {
        name: name.into(),
        first_day: first.into(),
        last_day: last.into(),
    };
    let family = FamilySettings {
        terms: vec![term("Spring", "2027-01-05", "2027-03-26"), term("Autumn", "2026-09-07", "2026-12-18")],
        ..FamilySettings::default()
    };
    let named = |first, last| -> Vec<(String, String, String)> {
        let found = columns::of(first, last, Span::Term, &family).unwrap();
        found.into_iter().map(|column| (column.name, column.first_day, column.last_day)).collect()
    };
    let column = |name: &str, first: &str, last: &str| (name.to_owned(), first.to_owned(), last.to_owned());
    assert_eq!(
        named("2026-03-30", "2027-09-02"),
        [
            column("", "2026-03-30", "2026-03-31"),
            column("", "2026-04-01", "2026-08-31"),
            column("", "2026-09-01", "2026-09-06"),
            column("Autumn", "2026-09-07", "2026-12-18"),
            column("", "2026-12-19", "2027-01-04"),
            column("Spring", "2027-01-05", "2027-03-26"),
            column("", "2027-03-27", "2027-03-31"),
            column("", "2027-04-01", "2027-08-31"),
            column("", "2027-09-01", "2027-09-02"),
        ]
    );
    let overlapping = FamilySettings {
        terms: vec![term("a", "2026-09-07", "2026-12-18"), term("b", "2026-12-01", "2027-03-26")],
        ..FamilySettings::default()
    };
    let found = columns::of("2026-11-30", "2026-12-31", Span::Term, &overlapping).unwrap();
    assert_eq!(days(&found), [("2026-11-30", "2026-11-30"), ("2026-12-01", "2026-12-31")]);
    let july = FamilySettings { year_start: "07-01".into(), ..FamilySettings::default() };
    let quarters = columns::of("2026-07-01", "2027-06-30", Span::Term, &july).unwrap();
    let quarters: Vec<_> = quarters.iter().map(|column| column.last_day.as_str()).collect();
    assert_eq!(quarters, ["2026-09-30", "2026-12-31", "2027-03-31", "2027-06-30"]);
    let leap = FamilySettings { year_start: "02-29".into(), ..FamilySettings::default() };
    let quarters = columns::of("2027-03-01", "2028-02-29", Span::Term, &leap).unwrap();
    let quarters: Vec<_> = quarters.iter().map(|column| column.last_day.as_str()).collect();
    assert_eq!(quarters, ["2027-05-31", "2027-08-31", "2027-11-30", "2028-02-28", "2028-02-29"]);
}

#[test]
fn what_a_family_sets_is_what_its_sums_use() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    phone.create(EntryDraft { learners: vec![line(hedgehog, "")], ..draft("Pond", "2026-05-04") });
    let settings = phone.client.settings();
    let autumn =
        Term { name: "Summer".into(), first_day: "2026-05-04".into(), last_day: "2026-05-04".into() };
    let now = FamilySettings { terms: vec![autumn], ..FamilySettings::default() };
    settings.save_family(&FamilySettings::default(), &now).unwrap();
    let query = CoverageQuery { span: Span::Term, ..year(hedgehog) };
    let found = phone.client.coverage().coverage(&query).unwrap();
    let summer = found.columns.iter().position(|column| column.name == "Summer").unwrap();
    assert_eq!(found.whole.iter().map(|cell| cell.entries).sum::<i64>(), 1);
    assert_eq!(found.whole[summer].entries, 1);
}

#[test]
fn fifty_minutes_of_three_subjects_add_up_to_fifty_for_each_learner() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog"), phone.learner("Otter"));
    let subjects: Vec<SubjectId> =
        ["Art", "Maths", "Music"].map(|name| phone.client.subjects().add(name, "").unwrap().id).to_vec();
    phone.create(EntryDraft {
        minutes: Some(50),
        learners: vec![line(hedgehog.id, ""), line(otter.id, "")],
        subjects: subjects.clone(),
        ..draft("Instruments", "2026-05-03")
    });
    for learner in [hedgehog.id, otter.id] {
        let found = phone.client.coverage().coverage(&year(learner)).unwrap();
        let mut minutes: Vec<i64> = found.rows.iter().map(|row| row.cells[0].minutes).collect();
        minutes.sort_unstable();
        assert_eq!(minutes, [16, 17, 17]);
        assert_eq!(found.whole, [Amount { entries: 1, minutes: 50 }]);
        assert_eq!((found.totals.minutes, found.totals.days), (50, 1));
    }
}

#[test]
fn a_store_of_before_gets_the_shares_that_a_new_one_writes() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let subjects: Vec<SubjectId> =
        (0..5).map(|n| phone.client.subjects().add(&n.to_string(), "").unwrap().id).collect();
    for (n, minutes) in [None, Some(1), Some(50), Some(64), Some(7)].into_iter().enumerate() {
        let learners = [line(hedgehog, ""), line(otter, "")].into_iter().take(n % 3).collect();
        let subjects = subjects.iter().copied().take(n).collect();
        let on_record = n != 3;
        let entry =
            phone.create(EntryDraft { minutes, learners, subjects, on_record, ..draft("x", "2026-05-03") });
        if n == 4 {
            phone.client.entries().trash(entry.id).unwrap();
        }
    }
    let context = phone.client.coverage().context;
    let shares = || -> Vec<Vec<rusqlite::types::Value>> {
        let all = |tx: &Transaction<'_>| {
            let mut select = tx.prepare("SELECT * FROM entry_share ORDER BY learner, entry, subject")?;
            let rows = select.query_map([], |row| (0..8).map(|at| row.get(at)).collect())?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        context.storage.read(all).unwrap()
    };
    let written = shares();
    assert_eq!(written.len(), 1 + 2 * 2);
    let migration = include_str!("../../../../migrations/device/013_subjects_and_shares.sql");
    let fill = &migration[migration.find("INSERT INTO entry_share").unwrap()..];
    context.storage.write(|tx| Ok(tx.execute_batch(&format!("DELETE FROM entry_share; {fill}"))?)).unwrap();
    assert_eq!(shares(), written);
}

fn year(learner: LearnerId) -> CoverageQuery {
    CoverageQuery {
        learner,
        first_day: "2025-09-01".into(),
        last_day: "2026-08-31".into(),
        span: Span::Whole,
    }
}

#[test]
fn marked_days_count_beyond_their_entries_only_and_days_off_are_no_gaps() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    phone.create(EntryDraft {
        minutes: Some(90),
        learners: vec![line(hedgehog, "")],
        ..draft("Pond", "2026-05-04")
    });
    let marks = phone.client.shelf::<DayMark>();
    let mark = |mark, first: &str, last: Option<&str>, minutes| DayMark {
        mark,
        first_day: first.into(),
        last_day: last.map(str::to_owned),
        minutes,
        ..DayMark::default()
    };
    for one in [
        mark(Mark::Taught, "2026-05-04", None, Some(240)),
        mark(Mark::Taught, "2026-05-05", None, Some(60)),
        mark(Mark::Taught, "2026-05-05", None, Some(30)),
        mark(Mark::Ill, "2026-05-04", Some("2026-05-08"), None),
        mark(Mark::Holiday, "2025-08-30", Some("2025-09-02"), None),
    ] {
        marks.add(&one).unwrap();
    }
    let totals = phone.client.coverage().coverage(&year(hedgehog)).unwrap().totals;
    assert_eq!((totals.entries, totals.minutes, totals.days, totals.days_off), (1, 300, 2, 5));
}

#[test]
fn merged_subjects_count_as_one_and_core_at_home_is_told_apart() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    let subjects = phone.client.subjects();
    let [maths, sums] = ["Maths", "Sums"].map(|name| subjects.add(name, "").unwrap().id);
    subjects.update(maths, SubjectEdit { core: Some(true), ..SubjectEdit::default() }).unwrap();
    phone.create(EntryDraft {
        minutes: Some(61),
        learners: vec![line(hedgehog, "")],
        subjects: vec![maths, sums],
        taught: Taught { by: Some(TaughtBy::Parent), place: Some(Place::Home), provider: None },
        ..draft("Shop", "2026-05-04")
    });
    subjects.merge(sums, maths).unwrap();
    let found = phone.client.coverage().coverage(&year(hedgehog)).unwrap();
    assert_eq!(found.rows, [Row { subject: Some(maths), cells: vec![Amount { entries: 1, minutes: 61 }] }]);
    let totals = found.totals;
    assert_eq!((totals.core_minutes, totals.core_home_minutes, totals.parent_minutes), (61, 61, 61));
}

#[test]
fn a_week_is_estimated_from_entries_and_from_what_providers_were_said_to_take() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    let providers = phone.client.shelf::<Provider>();
    let provider = |name: &str, minutes_a_week, until: Option<&str>| Provider {
        name: name.into(),
        minutes_a_week,
        until: until.map(str::to_owned),
        ..Provider::default()
    };
    let tutor = providers.add(&provider("Tutor", None, None)).unwrap().id;
    let club = providers.add(&provider("Club", Some(180), None)).unwrap().id;
    providers.add(&provider("Gone", Some(60), Some("2025-12-31"))).unwrap();
    for (minutes, day, taught) in [
        (140, "2026-05-04", Taught::default()),
        (60, "2026-05-05", Taught { provider: Some(tutor), ..Taught::default() }),
        (45, "2026-05-06", Taught { provider: Some(club), ..Taught::default() }),
        (20, "2026-05-12", Taught { by: Some(TaughtBy::Other), ..Taught::default() }),
    ] {
        let learners = vec![line(hedgehog, "")];
        phone.create(EntryDraft { minutes: Some(minutes), learners, taught, ..draft("x", day) });
    }
    let found = phone.client.coverage().estimate(hedgehog, "2026-05-04", "2026-05-17").unwrap();
    let mut times: Vec<_> = found.providers.iter().map(|time| (time.provider, time.minutes_a_week)).collect();
    times.sort_by_key(|(_, minutes)| *minutes);
    assert_eq!(times, [(tutor, 30), (club, 180)]);
    assert_eq!((found.by_parents, found.by_others, found.meant), (70, 10 + 30 + 180, None));
    let settings = phone.client.settings();
    let base = settings.family().unwrap();
    settings.save_family(&base, &FamilySettings { weekly_minutes: Some(900), ..base.clone() }).unwrap();
    let found = phone.client.coverage().estimate(hedgehog, "2026-05-04", "2026-05-17").unwrap();
    assert_eq!(
        (found.by_parents, found.meant),
        (70, Some(900)),
        "what a week is meant to hold changes no sum"
    );
}

#[test]
fn an_estimate_has_the_hours_of_marked_days_and_of_each_teacher_as_the_coverage_has_them() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    let club = Provider { name: "Club".into(), ..Provider::default() };
    let provider = Some(phone.client.shelf::<Provider>().add(&club).unwrap().id);
    for (minutes, by) in [(10, Some(TaughtBy::Parent)), (20, Some(TaughtBy::Provider)), (40, None)] {
        let taught = Taught { by, provider, ..Taught::default() };
        let learners = vec![line(hedgehog, "")];
        phone.create(EntryDraft { minutes: Some(minutes), learners, taught, ..draft("x", "2026-05-04") });
    }
    let mark = DayMark {
        first_day: "2026-05-05".into(),
        minutes: Some(100),
        mark: Mark::Taught,
        ..DayMark::default()
    };
    phone.client.shelf::<DayMark>().add(&mark).unwrap();
    let week =
        CoverageQuery { first_day: "2026-05-04".into(), last_day: "2026-05-10".into(), ..year(hedgehog) };
    let totals = phone.client.coverage().coverage(&week).unwrap().totals;
    assert_eq!((totals.minutes, totals.parent_minutes, totals.other_minutes), (170, 10, 60));
    let found = phone.client.coverage().estimate(hedgehog, "2026-05-04", "2026-05-10").unwrap();
    assert_eq!((found.by_parents, found.by_others), (10 + 100, 60));
    assert_eq!(found.by_parents + found.by_others, totals.minutes);
}

#[test]
fn a_table_that_would_have_too_many_columns_is_refused() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    let query = |span| CoverageQuery {
        first_day: "1900-01-01".into(),
        last_day: "2199-12-31".into(),
        span,
        learner: hedgehog,
    };
    let refused = phone.client.coverage().coverage(&query(Span::Month)).unwrap_err();
    assert!(refused.to_string().contains("choose fewer days"), "{refused}");
    assert_eq!(phone.client.coverage().coverage(&query(Span::Year)).unwrap().columns.len(), 300);
}
