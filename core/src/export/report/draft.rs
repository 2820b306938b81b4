//! The first draft of each section: the parent's own sentences, counts, titles, places and dates. Nothing is invented.

use std::collections::BTreeMap;

use super::chips;
use super::gather::Year;
use crate::entries::Entry;
use crate::export::note;
use crate::export::period;
use crate::export::picking::spread;
use crate::goals::GoalState;
use crate::providers::ProviderForm;
use crate::reading::Form;
use crate::reports::Section;

/// Most examples of one section, and of one subject among others.
const EXAMPLES: usize = 6;
const EXAMPLES_OF_OTHERS: usize = 2;
/// Most books that are named.
const BOOKS: usize = 20;
/// Most letters of one sentence.
const SENTENCE: usize = 240;

/// Where a subject's entries go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    English,
    Maths,
    Physical,
    Other,
}

/// The draft of a section, a line each, with names as tokens. Empty where only the family can say it.
pub(super) fn draft(year: &Year, section: Section) -> String {
    let lines = match section {
        Section::Time => time(year),
        Section::English => examples(year, Area::English, EXAMPLES),
        Section::Maths => examples(year, Area::Maths, EXAMPLES),
        Section::Other => others(year),
        Section::Physical => physical(year),
        Section::Resources => resources(year),
        Section::Progress => progress(year),
        Section::Next => next(year),
        Section::Covered => covered(year),
        Section::About
        | Section::Approach
        | Section::Closing
        | Section::Levels
        | Section::Shortfall
        | Section::Evaluation
        | Section::Review => Vec::new(),
    };
    let lines: Vec<String> = lines.iter().map(|line| chips::kept(line, &year.spellings)).collect();
    lines.join("\n")
}

fn time(year: &Year) -> Vec<String> {
    let totals = year.coverage.totals;
    let mut lines = Vec::new();
    let mut say = |what: &str, minutes: i64, rest: &str| {
        if let Ok(minutes @ 1..) = u32::try_from(minutes) {
            lines.push(format!("{what}: {}{rest}", period::duration(minutes)));
        }
    };
    say("Hours noted", totals.minutes, "");
    say("Estimate, taught by parents", year.estimate.by_parents, " a week");
    say("Estimate, taught by others", year.estimate.by_others, " a week");
    if totals.days > 0 {
        lines.insert(0, format!("Days noted: {}", totals.days));
    }
    lines
}

/// An area's entries as examples, spread over the span, those first that the parent marked.
fn examples(year: &Year, area: Area, most: usize) -> Vec<String> {
    let of_area = |entry: &&Entry| year.subjects_of(entry).iter().any(|name| area_of(name) == area);
    let mut entries: Vec<&Entry> = year.entries.iter().filter(of_area).collect();
    // Told as progress already.
    let told = before_and_after(year, area).map(|pair| pair.map(|entry| entry.id));
    entries.retain(|entry| !told.is_some_and(|told| told.contains(&entry.id)));
    spread(&entries, most).into_iter().filter_map(|entry| example(year, entry)).collect()
}

fn others(year: &Year) -> Vec<String> {
    let mut by_subject: BTreeMap<usize, (&str, Vec<&Entry>)> = BTreeMap::new();
    for entry in &year.entries {
        for name in year.subjects_of(entry).into_iter().filter(|name| area_of(name) == Area::Other) {
            let place = year.subjects.values().position(|one| one == name).unwrap_or_default();
            by_subject.entry(place).or_insert((name, Vec::new())).1.push(entry);
        }
    }
    let mut lines = Vec::new();
    let mut told = Vec::new();
    for (name, mut entries) in by_subject.into_values() {
        // An entry of several subjects is told once.
        entries.retain(|entry| !told.contains(&entry.id));
        for entry in spread(&entries, EXAMPLES_OF_OTHERS) {
            if let Some(example) = example(year, entry) {
                told.push(entry.id);
                lines.push(format!("{name}: {example}"));
            }
        }
    }
    lines
}

fn physical(year: &Year) -> Vec<String> {
    let mut lines = examples(year, Area::Physical, EXAMPLES);
    for provider in year.providers.values().filter(|provider| provider.form == ProviderForm::Club) {
        lines.push(placed(&provider.name, &provider.place));
    }
    for trip in year.trips.iter().filter(|trip| year.holds(Some(&trip.first_day))) {
        lines.push(format!("{} ({})", placed(&trip.title, &trip.place), printed(&trip.first_day)));
    }
    lines
}

fn resources(year: &Year) -> Vec<String> {
    let used = |from: Option<&str>, to: Option<&str>| year.holds(from) || year.holds(to);
    let mut lines = Vec::new();
    let mut books = 0;
    for reading in &year.readings {
        if !used(reading.started_on.as_deref(), reading.finished_on.as_deref()) {
            continue;
        }
        if reading.form == Form::Book {
            books += 1;
            if books > BOOKS {
                continue;
            }
        }
        let by = if reading.author.is_empty() { String::new() } else { format!(" by {}", reading.author) };
        lines.push(format!("{}{by}", reading.title));
    }
    for provider in year.providers.values().filter(|provider| provider.form != ProviderForm::Club) {
        lines.push(placed(&provider.name, &provider.place));
    }
    lines
}

fn progress(year: &Year) -> Vec<String> {
    let mut lines = Vec::new();
    for area in [Area::English, Area::Maths] {
        let pair = before_and_after(year, area).into_iter().flatten();
        lines.extend(pair.filter_map(|entry| example(year, entry)));
    }
    for goal in year.goals.iter().filter(|goal| goal.state == GoalState::Done) {
        if year.holds(goal.ended_on.as_deref()) {
            lines.push(dated(&goal.title, goal.ended_on.as_deref()));
        }
    }
    for one in year.qualifications.iter().filter(|one| !one.result.is_empty()) {
        if year.holds(one.result_on.as_deref()) {
            let title = [one.level.as_str(), one.title.as_str()].join(" ");
            lines.push(dated(&format!("{}: {}", title.trim(), one.result), one.result_on.as_deref()));
        }
    }
    lines
}

/// The first and the last of what the parent marked in an area: what a year's difference can be seen by.
fn before_and_after(year: &Year, area: Area) -> Option<[&Entry; 2]> {
    let mut marked = year
        .entries
        .iter()
        .filter(|entry| entry.annotation.sample || entry.starred)
        .filter(|entry| year.subjects_of(entry).iter().any(|name| area_of(name) == area));
    Some([marked.next()?, marked.next_back()?])
}

fn next(year: &Year) -> Vec<String> {
    let open = year.goals.iter().filter(|goal| goal.state == GoalState::Open);
    open.map(|goal| dated(&goal.title, goal.target_on.as_deref())).collect()
}

fn covered(year: &Year) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, sum) in year.noted() {
        let entries: Vec<&Entry> =
            year.entries.iter().filter(|entry| year.subjects_of(entry).contains(&name)).collect();
        let told = spread(&entries, EXAMPLES).into_iter().filter_map(|entry| example(year, entry));
        let told: Vec<String> = told.collect();
        let noted = if sum.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", sum.entries) };
        let hours = u32::try_from(sum.minutes).ok().filter(|minutes| *minutes > 0);
        let hours = hours.map_or_else(String::new, |minutes| format!(", {}", period::duration(minutes)));
        lines.push(format!("{name}: {noted}{hours}"));
        lines.extend(told.into_iter().map(|line| format!("{name}: {line}")));
    }
    lines
}

/// An entry in the parent's own words: its title, the first sentence of its note, the learner's own line, what it shows.
fn example(year: &Year, entry: &Entry) -> Option<String> {
    let first = |text: &str| {
        // Names first: no cut goes through one.
        let text = chips::kept(text, &year.spellings);
        let (range, cut) = note::first_sentence(&text, SENTENCE, &year.spellings.places(&text))?;
        Some(format!("{}{}", text.get(range)?.trim(), if cut { "…" } else { "" }))
    };
    let own = entry.learners.iter().find(|one| !one.line.is_empty()).map(|one| one.line.as_str());
    let texts = [entry.title.as_str(), &entry.note, own.unwrap_or_default(), &entry.annotation.shows];
    let mut line = String::new();
    for sentence in texts.into_iter().filter_map(first).filter(|sentence| !sentence.is_empty()) {
        if !line.is_empty() {
            line.push_str(if line.ends_with(['.', '!', '?', '…', ':']) { " " } else { ". " });
        }
        line.push_str(&sentence);
    }
    (!line.is_empty()).then(|| dated(&line, Some(&entry.learned_on)))
}

fn dated(what: &str, day: Option<&str>) -> String {
    day.map_or_else(|| what.to_owned(), |day| format!("{what} ({})", printed(day)))
}

fn printed(day: &str) -> String {
    period::parse_date(day).map(period::date).unwrap_or_default()
}

fn placed(what: &str, place: &str) -> String {
    if place.is_empty() { what.to_owned() } else { format!("{what}, {place}") }
}

/// By what subjects are commonly called; a subject of any other name is among the others.
pub(super) fn area_of(subject: &str) -> Area {
    let name = subject.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if has(&["math", "numeracy", "arithmetic", "number"]) {
        Area::Maths
    } else if has(&[
        "english",
        "literacy",
        "reading",
        "writing",
        "spelling",
        "language arts",
        "communication and language",
    ]) {
        Area::English
    } else if has(&["physical", "sport", "swimming", "personal and social", "personal, social", "health"]) {
        Area::Physical
    } else {
        Area::Other
    }
}
