//! What forms ask for beside prose: the reading log, days and hours, the diary, samples. Counted anew for each document.

use super::gather::Year;
use super::paper::{ReportBlock, Table};
use super::told::Told;
use crate::coverage::Totals;
use crate::export::hours::number;
use crate::export::period;
use crate::export::review::Place;
use crate::export::text::Text;
use crate::reports::ReportForm;

/// Heads the column of a diary that holds what the family wrote.
pub const WHAT: &str = "What";

fn words(text: impl Into<String>) -> Text {
    Text::words(text)
}

/// Books and materials by title, author and dates, the earliest first; with `recorded`, the day on which each was written
/// down.
pub(super) fn reading_log(year: &Year, recorded: bool, told: &mut Told<'_>) -> Option<ReportBlock> {
    let day = |day: &Option<String>| {
        day.as_deref().and_then(|day| period::parse_date(day).ok()).map(period::date).unwrap_or_default()
    };
    let mut rows: Vec<(String, Vec<Text>)> = year
        .readings
        .iter()
        .filter(|one| year.is_read(&one.item))
        .map(|kept| {
            let (reading, one) = (kept.id, &kept.item);
            let at = one.started_on.clone().or_else(|| one.finished_on.clone()).unwrap_or_default();
            let mut row = vec![
                told.text((None, Place::ReadingTitle { reading }), None, &one.title),
                told.text((None, Place::ReadingAuthor { reading }), None, &one.author),
                words(day(&one.started_on)),
                words(day(&one.finished_on)),
            ];
            row.extend(recorded.then(|| words(period::date(period::day_here(kept.recorded_at)))));
            (at, row)
        })
        .collect();
    rows.sort_by(|one, other| one.0.cmp(&other.0));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    if recorded {
        return table(["Title", "Author", "Begun", "Finished", "Written down"], rows, 0);
    }
    table(["Title", "Author", "Begun", "Finished"], rows, 0)
}

/// Days and hours of the span; for Missouri core hours, too, and those at home.
pub(super) fn totals(year: &Year, form: ReportForm) -> Option<ReportBlock> {
    let Totals { days, minutes, core_minutes, core_home_minutes, .. } = year.coverage.totals;
    if (days, minutes) == (0, 0) {
        return None;
    }
    let row = |what: &str, value: String| vec![words(what), words(value)];
    let mut rows = vec![row("Days", days.to_string()), row("Hours", hours(minutes))];
    if form == ReportForm::Missouri {
        rows.push(row("Hours in core subjects", hours(core_minutes)));
        rows.push(row("Of those, at home", hours(core_home_minutes)));
    }
    table(["", "In this period"], rows, 1)
}

/// Entries and hours of each subject.
pub(super) fn by_subject(year: &Year, told: &mut Told<'_>) -> Option<ReportBlock> {
    let rows = year.noted().map(|(_, name, sum)| {
        vec![told.subject(name), words(sum.entries.to_string()), words(hours(sum.minutes))]
    });
    table(["Subject", "Entries", "Hours"], rows.collect(), 2)
}

/// Every entry with its day: the diary.
pub(super) fn diary(year: &Year, told: &mut Told<'_>) -> Option<ReportBlock> {
    let rows = year.entries.iter().map(|entry| {
        let day = period::parse_date(&entry.learned_on).map(period::date).unwrap_or_default();
        let (place, title) = if entry.title.trim().is_empty() {
            (Place::Note, entry.note.lines().next().unwrap_or_default())
        } else {
            (Place::Title, entry.title.as_str())
        };
        let minutes = entry.minutes.map(hours).unwrap_or_default();
        let title = told.of(entry, place, title);
        vec![words(day), title, told.subjects(entry), words(minutes)]
    });
    table(["Day", WHAT, "Subjects", "Hours"], rows.collect(), 1)
}

/// Minutes as hours with one decimal.
fn hours(minutes: i64) -> String {
    number(u32::try_from((minutes + 3) / 6).unwrap_or_default())
}

fn table<const N: usize>(head: [&str; N], rows: Vec<Vec<Text>>, numbers: usize) -> Option<ReportBlock> {
    let head = head.map(str::to_owned).to_vec();
    (!rows.is_empty()).then_some(ReportBlock::Table(Table { head, rows, numbers }))
}
