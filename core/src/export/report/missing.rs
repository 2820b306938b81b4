//! What a form asks for that the record does not hold yet: told beside the report, never printed.

use std::collections::BTreeSet;

use super::gather::Year;
use crate::entries::Entry;
use crate::export::period;
use crate::reports::{Report, ReportForm, Section};

/// What is still missing, a line each, in words for the parent.
pub(super) fn missing(year: &Year, report: &Report) -> Vec<String> {
    let mut missing = Vec::new();
    if year.entries.is_empty() {
        let (from, to) = (period::date(year.period.from), period::date(year.period.to));
        missing.push(format!("Nothing is noted between {from} and {to}: look at the days."));
    }
    match year.without_subject().len() {
        0 => {}
        1 => missing.push("1 entry has no subject: choose one, or it counts for none.".into()),
        count => {
            missing.push(format!("{count} entries have no subject: choose them, or they count for none."))
        }
    }
    match report.form {
        ReportForm::England => {}
        ReportForm::Pennsylvania => {
            thirds(year, &mut missing);
            days_or_hours(year, &mut missing);
            if year.readings.is_empty() {
                missing.push("The log: no reading material is noted by title.".into());
            }
        }
        ReportForm::NewYork => quarter(year, &mut missing),
        ReportForm::Missouri => {
            let totals = year.coverage.totals;
            for (what, minutes, hours) in [
                ("hours", totals.minutes, 1_000),
                ("hours in core subjects", totals.core_minutes, 600),
                ("hours in core subjects at home", totals.core_home_minutes, 400),
            ] {
                if minutes < hours * 60 {
                    missing.push(format!("{} of {hours} {what} are noted.", minutes / 60));
                }
            }
            thirds(year, &mut missing);
        }
        ReportForm::Queensland => queensland(year, &mut missing),
    }
    for section in report.form.sections() {
        if report.text(*section).trim().is_empty() && is_asked_for(report.form, *section) {
            missing.push(format!("“{}” is empty.", section.heading()));
        }
    }
    missing
}

/// England asks for nothing by law; the others print exactly their items.
const fn is_asked_for(form: ReportForm, section: Section) -> bool {
    !matches!(form, ReportForm::England) && !matches!(section, Section::Shortfall)
}

fn samples(year: &Year) -> impl Iterator<Item = &Entry> {
    year.entries.iter().filter(|entry| entry.annotation.sample)
}

/// Samples from the beginning, the middle and the end.
fn thirds(year: &Year, missing: &mut Vec<String>) {
    let length = year.period.from.until(year.period.to).map_or(0, |span| span.get_days()) + 1;
    let third = |entry: &Entry| {
        let day = period::parse_date(&entry.learned_on).ok()?;
        let into = year.period.from.until(day).ok()?.get_days();
        Some((into * 3 / length.max(1)).clamp(0, 2))
    };
    let held: BTreeSet<i32> = samples(year).filter_map(third).collect();
    for (place, part) in [(0, "beginning"), (1, "middle"), (2, "end")] {
        if !held.contains(&place) {
            missing.push(format!("Samples: none from the {part} of the period."));
        }
    }
}

fn days_or_hours(year: &Year, missing: &mut Vec<String>) {
    let totals = year.coverage.totals;
    if totals.days < 180 && totals.minutes < 900 * 60 {
        missing.push(format!(
            "{} of 180 days are noted, and {} of 900 hours (990 in grades 7 to 12); one of the two is asked for.",
            totals.days,
            totals.minutes / 60
        ));
    }
}

fn quarter(year: &Year, missing: &mut Vec<String>) {
    if year.coverage.totals.minutes == 0 {
        missing.push("The hours of the quarter: none are noted.".into());
    }
    let noted: BTreeSet<_> = year.coverage.rows.iter().filter_map(|row| row.subject).collect();
    for (id, name) in &year.subjects {
        if !noted.contains(id) {
            missing.push(format!("{name}: nothing is noted in this quarter."));
        }
    }
}

/// Six samples with their annotations: two in English, two in maths, two of one other area.
fn queensland(year: &Year, missing: &mut Vec<String>) {
    use super::draft::{Area, area_of};
    let of = |area: Area| {
        samples(year).filter(|entry| year.subjects_of(entry).iter().any(|name| area_of(name) == area)).count()
    };
    for (name, count) in [("English", of(Area::English)), ("maths", of(Area::Maths))] {
        if count < 2 {
            missing.push(format!("Samples in {name}: {count} of 2."));
        }
    }
    let most = year
        .subjects
        .iter()
        .map(|(_, name)| name)
        .filter(|name| !matches!(area_of(name), Area::English | Area::Maths))
        .map(|name| samples(year).filter(|entry| year.subjects_of(entry).contains(&name.as_str())).count())
        .max()
        .unwrap_or_default();
    if most < 2 {
        missing.push(format!("Samples of one other area: {most} of 2."));
    }
    for entry in samples(year).filter(|entry| entry.annotation.shows.trim().is_empty()) {
        let name = if entry.title.is_empty() { &entry.learned_on } else { &entry.title };
        missing.push(format!("What “{name}” shows is not written yet."));
    }
}
