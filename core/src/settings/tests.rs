//! What settings promise: defaults, checks, merging, and years and weeks that follow them.

use super::*;
use crate::entries::tests::Phone;
use crate::ids::RecordId;
use crate::records::{self, Stamper};

fn term(name: &str, first_day: &str, last_day: &str) -> Term {
    Term { name: name.into(), first_day: first_day.into(), last_day: last_day.into() }
}

#[test]
fn a_family_that_sets_nothing_has_a_year_from_september_weeks_from_monday_and_no_goal() {
    let phone = Phone::new(1);
    let settings = phone.client.settings();
    let family = settings.family().unwrap();
    assert_eq!(
        family,
        FamilySettings {
            year_start: "09-01".into(),
            week_start: WeekStart::Monday,
            weekly_minutes: None,
            year_groups: true,
            terms: vec![],
        }
    );
    let days = |first: &str, last: &str| Days { first_day: first.into(), last_day: last.into() };
    assert_eq!(settings.year_of("2026-08-31").unwrap(), days("2025-09-01", "2026-08-31"));
    assert_eq!(settings.week_of("2026-05-03").unwrap(), days("2026-04-27", "2026-05-03"));
    let leap = FamilySettings {
        year_start: "02-29".into(),
        week_start: WeekStart::Sunday,
        ..FamilySettings::default()
    };
    assert_eq!(settings.save_family(&family, &leap).unwrap(), leap);
    phone.client.undo().undo().unwrap();
    assert_eq!(settings.family().unwrap(), family, "a setting is a step like any other");
    settings.save_family(&family, &leap).unwrap();
    assert_eq!(settings.year_of("2028-02-29").unwrap(), days("2028-02-29", "2029-02-28"));
    assert_eq!(settings.year_of("2028-02-28").unwrap(), days("2027-03-01", "2028-02-28"));
    assert_eq!(settings.week_of("2026-05-03").unwrap(), days("2026-05-03", "2026-05-09"));
    assert!(settings.year_of("2027-02-29").is_err());
}

#[test]
fn settings_that_cannot_be_kept_are_named_and_nothing_is_half_written() {
    let phone = Phone::new(1);
    let settings = phone.client.settings();
    let base = FamilySettings::default();
    for (wrong, why) in [
        (
            FamilySettings { year_start: "9-1".into(), ..base.clone() },
            "the first day of the year must be a month and day such as 09-01",
        ),
        (
            FamilySettings { weekly_minutes: Some(0), ..base.clone() },
            "the minutes of a week must be between 1 and 10080",
        ),
        (
            FamilySettings { terms: vec![term("", "2026-09-01", "2026-08-01")], ..base.clone() },
            "a term must end after it begins, within a year",
        ),
        (
            FamilySettings {
                week_start: WeekStart::Sunday,
                terms: vec![term("b", "2026-12-18", "2027-03-01"), term("a", "2026-09-01", "2026-12-18")],
                ..base.clone()
            },
            "two terms share a day: let one end before the other begins",
        ),
    ] {
        assert_eq!(settings.save_family(&base, &wrong).unwrap_err().to_string(), why);
    }
    assert_eq!(settings.family().unwrap(), base);
    let late = PhoneSettings { quiet_end: 1_440, ..PhoneSettings::default() };
    assert!(settings.save_phone(&late).is_err());
    let eighth = PhoneSettings { weekly_jot: Some(8), ..PhoneSettings::default() };
    assert!(settings.save_phone(&eighth).is_err());
    assert_eq!(settings.phone().unwrap(), PhoneSettings::default());
}

#[test]
fn two_phones_that_set_different_things_before_they_met_keep_both() {
    let [mum, dad] = [1, 2].map(Phone::new);
    let base = FamilySettings::default();
    let hers = FamilySettings {
        weekly_minutes: Some(900),
        terms: vec![term("Autumn", "2026-09-07", "2026-12-18")],
        ..base.clone()
    };
    mum.client.settings().save_family(&base, &hers).unwrap();
    let his = FamilySettings {
        year_start: "07-01".into(),
        year_groups: false,
        terms: vec![term("Spring", "2027-01-05", "2027-03-26")],
        ..base.clone()
    };
    dad.client.settings().save_family(&base, &his).unwrap();
    let doc = |phone: &Phone| phone.context().storage.read(record).unwrap().expect("somebody set something");
    let (mut one, two) = (doc(&mum), doc(&dad));
    one.merge(&two).unwrap();
    let context = mum.context();
    context.edit(|tx| tx.save(RecordId(*b"kinfolio-setting"), &one)).unwrap();
    let both = FamilySettings {
        year_start: "07-01".into(),
        week_start: WeekStart::Monday,
        weekly_minutes: Some(900),
        year_groups: false,
        terms: vec![term("Autumn", "2026-09-07", "2026-12-18"), term("Spring", "2027-01-05", "2027-03-26")],
    };
    assert_eq!(mum.client.settings().family().unwrap(), both);
    // A field of a newer app stays when this one saves.
    let stamper = Stamper { now_ms: 1, device_no: 9, text_client: 9 };
    one.set(77, records::Value::Int(5), &stamper);
    context.edit(|tx| tx.save(RecordId(*b"kinfolio-setting"), &one)).unwrap();
    let none = FamilySettings { weekly_minutes: None, ..both.clone() };
    assert_eq!(mum.client.settings().save_family(&both, &none).unwrap(), none);
    assert_eq!(doc(&mum).int(77), Some(5));
}

#[test]
fn a_phones_own_settings_are_in_no_record_and_quiet_hours_go_over_midnight() {
    let phone = Phone::new(1);
    let settings = phone.client.settings();
    let own = PhoneSettings {
        reminders: false,
        quiet_start: 21 * 60,
        quiet_end: 7 * 60,
        weekly_jot: Some(5),
        files_on_mobile_data: true,
    };
    settings.save_phone(&own).unwrap();
    assert_eq!(settings.phone().unwrap(), own);
    let back = PhoneSettings { weekly_jot: None, ..own };
    settings.save_phone(&back).unwrap();
    assert_eq!(settings.phone().unwrap(), back);
    assert_eq!(phone.context().storage.read(records::all).unwrap(), [], "nothing of it is synced");
    let quiet = [20 * 60 + 59, 21 * 60, 0, 7 * 60 - 1, 7 * 60].map(|minute| back.is_quiet(minute));
    assert_eq!(quiet, [false, true, true, true, false]);
    let never = PhoneSettings { quiet_start: 60, quiet_end: 60, ..back };
    assert!((0..1_440).all(|minute| !never.is_quiet(minute)));
    let noon = PhoneSettings { quiet_start: 720, quiet_end: 780, ..never };
    assert_eq!([719, 720, 779, 780].map(|minute| noon.is_quiet(minute)), [false, true, true, false]);
}

#[test]
fn terms_that_two_phones_set_on_the_same_days_stand_in_nobodys_way() {
    let phone = Phone::new(1);
    let settings = phone.client.settings();
    let theirs = |doc: &mut records::Document, stamper: &Stamper| {
        for (first, last) in [("2026-09-01", "2026-12-18"), ("2026-12-01", "2027-03-01")] {
            let term = [records::Value::Text(last.into()), records::Value::Text("Theirs".into())];
            doc.put(5, records::Key::text(first), records::Value::List(term.to_vec()), stamper);
        }
        Ok(true)
    };
    phone.context().edit(|tx| change(tx, theirs)).unwrap();
    let base = settings.family().unwrap();
    assert_eq!(base.terms.len(), 2);
    let weekly = FamilySettings { weekly_minutes: Some(900), ..base.clone() };
    assert_eq!(settings.save_family(&base, &weekly).unwrap(), weekly);
    let mended = FamilySettings { terms: weekly.terms[..1].to_vec(), ..weekly.clone() };
    assert_eq!(settings.save_family(&weekly, &mended).unwrap(), mended);
}
