//! The first draft of each section: the parent's own sentences, counts, titles, places and dates. Nothing is invented.

use super::chips;
use super::gather::Year;
use crate::entries::Entry;
use crate::export::note;
use crate::export::period;
use crate::export::picking::{evenly, spread};
use crate::export::sentence;
use crate::goals::GoalState;
use crate::ids::EntryId;
use crate::providers::ProviderForm;
use crate::reading::{Form, Reading};
use crate::reports::{Line, Section};
use crate::shelf::Kept;

/// Most lines of a section.
pub(super) const MOST_LINES: usize = 500;

/// Most examples of one section, and of one subject among others.
const EXAMPLES: usize = 6;
const EXAMPLES_OF_OTHERS: usize = 2;
/// Most books that are named.
const BOOKS: usize = 20;
/// Most letters of one sentence.
const SENTENCE: usize = 240;

/// Areas whose first and last marked entry are told as progress.
const PROGRESS: [Area; 2] = [Area::English, Area::Maths];

/// Where a subject's entries go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    English,
    Maths,
    Physical,
    Other,
}

/// The draft of a section, with names as tokens: so many lines, and how many more there are. Empty where only the family
/// can say it.
pub(super) fn draft(year: &Year, section: Section, most: usize) -> Vec<Line> {
    let mut lines = match section {
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
    let more = lines.len().saturating_sub(most);
    lines.truncate(most);
    if more > 0 && most > 0 {
        lines.push(line("more lines", format!("And {more} more")));
    }
    for line in &mut lines {
        line.text = chips::kept(&line.text, &year.spellings);
    }
    lines
}

fn line(of: impl ToString, text: String) -> Line {
    Line { of: of.to_string(), text }
}

fn time(year: &Year) -> Vec<Line> {
    let totals = year.coverage.totals;
    let mut lines = Vec::new();
    if totals.days > 0 {
        lines.push(line("days", format!("Days noted: {}", totals.days)));
    }
    let mut say = |what: &str, minutes: i64, rest: &str| {
        if let Ok(minutes @ 1..) = u32::try_from(minutes) {
            lines.push(line(what, format!("{what}: {}{rest}", period::duration(minutes))));
        }
    };
    say("Hours noted", totals.minutes, "");
    say("Estimate, taught by parents", year.estimate.by_parents, " a week");
    say("Estimate, taught by others", year.estimate.by_others, " a week");
    lines
}

/// An area's entries as examples, spread over the span, those first that the parent marked.
fn examples(year: &Year, area: Area, most: usize) -> Vec<Line> {
    let of_area = |entry: &&Entry| year.subjects_of(entry).iter().any(|name| area_of(name) == area);
    let mut entries: Vec<&Entry> = year.entries.iter().filter(of_area).collect();
    let told = told_as_progress(year);
    entries.retain(|entry| !told.contains(&entry.id));
    spread(&entries, most).into_iter().filter_map(|entry| example(year, entry)).collect()
}

fn others(year: &Year) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut told = Vec::new();
    for (_, name) in year.subjects.iter().filter(|(_, name)| area_of(name) == Area::Other) {
        // An entry of several subjects is told once.
        let is_of =
            |entry: &&Entry| year.subjects_of(entry).contains(&name.as_str()) && !told.contains(&entry.id);
        let entries: Vec<&Entry> = year.entries.iter().filter(is_of).collect();
        for entry in spread(&entries, EXAMPLES_OF_OTHERS) {
            if let Some(example) = example(year, entry) {
                told.push(entry.id);
                lines.push(Line { text: format!("{name}: {}", example.text), ..example });
            }
        }
    }
    lines.extend(
        spread(&year.without_subject(), EXAMPLES).into_iter().filter_map(|entry| example(year, entry)),
    );
    lines
}

fn physical(year: &Year) -> Vec<Line> {
    let mut lines = examples(year, Area::Physical, EXAMPLES);
    for (id, provider) in year.providers.iter().filter(|(_, one)| one.form == ProviderForm::Club) {
        lines.push(line(id, placed(&provider.name, &provider.place)));
    }
    for Kept { id, item: trip, .. } in year.trips.iter().filter(|one| year.holds(Some(&one.item.first_day))) {
        lines.push(line(id, format!("{} ({})", placed(&trip.title, &trip.place), printed(&trip.first_day))));
    }
    lines
}

fn resources(year: &Year) -> Vec<Line> {
    let used: Vec<&Kept<Reading>> = year.readings.iter().filter(|one| year.is_read(&one.item)).collect();
    let (books, others): (Vec<_>, Vec<_>) = used.into_iter().partition(|one| one.item.form == Form::Book);
    let named = evenly(&books, BOOKS);
    let more = books.len() - named.len();
    let mut lines: Vec<Line> = named.into_iter().map(titled).collect();
    if more > 0 {
        let books = if more == 1 { "book" } else { "books" };
        lines.push(line("more books", format!("And {more} more {books}")));
    }
    lines.extend(others.into_iter().map(titled));
    for (id, provider) in year.providers.iter().filter(|(_, one)| one.form != ProviderForm::Club) {
        lines.push(line(id, placed(&provider.name, &provider.place)));
    }
    lines
}

fn titled(reading: &Kept<Reading>) -> Line {
    let Reading { title, author, .. } = &reading.item;
    let by = if author.is_empty() { String::new() } else { format!(" by {author}") };
    line(reading.id, format!("{title}{by}"))
}

fn progress(year: &Year) -> Vec<Line> {
    let told = told_as_progress(year);
    let mut lines: Vec<Line> = Vec::new();
    for entry in year.entries.iter().filter(|entry| told.contains(&entry.id)) {
        lines.extend(example(year, entry));
    }
    for Kept { id, item: goal, .. } in &year.goals {
        if goal.state == GoalState::Done && year.holds(goal.ended_on.as_deref()) {
            lines.push(line(id, dated(&goal.title, goal.ended_on.as_deref())));
        }
    }
    for Kept { id, item: one, .. } in &year.qualifications {
        if !one.result.is_empty() && year.holds(one.result_on.as_deref()) {
            let title = [one.level.as_str(), one.title.as_str()].join(" ");
            let text = format!("{}: {}", title.trim(), one.result);
            lines.push(line(id, dated(&text, one.result_on.as_deref())));
        }
    }
    lines
}

/// Entries that stand under "Progress" and nowhere else.
fn told_as_progress(year: &Year) -> Vec<EntryId> {
    let pairs = PROGRESS.into_iter().filter_map(|area| before_and_after(year, area));
    pairs.flatten().map(|entry| entry.id).collect()
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

fn next(year: &Year) -> Vec<Line> {
    let open = year.goals.iter().filter(|one| one.item.state == GoalState::Open);
    open.map(|one| line(one.id, dated(&one.item.title, one.item.target_on.as_deref()))).collect()
}

fn covered(year: &Year) -> Vec<Line> {
    let mut lines = Vec::new();
    let told = |name: &str, of: &dyn ToString, entries: &[&Entry]| {
        let examples = spread(entries, EXAMPLES).into_iter().filter_map(|entry| example(year, entry));
        let of_subject =
            |example: Line| line(of.to_string() + &example.of, format!("{name}{}", example.text));
        examples.map(of_subject).collect::<Vec<_>>()
    };
    for (id, name, sum) in year.noted() {
        let entries: Vec<&Entry> = year.entries.iter().filter(|entry| entry.subjects.contains(&id)).collect();
        let noted = if sum.entries == 1 { "1 entry".to_owned() } else { format!("{} entries", sum.entries) };
        let hours = u32::try_from(sum.minutes).ok().filter(|minutes| *minutes > 0);
        let hours = hours.map_or_else(String::new, |minutes| format!(", {}", period::duration(minutes)));
        lines.push(line(id, format!("{name}: {noted}{hours}")));
        lines.extend(told(&format!("{name}: "), &id, &entries));
    }
    lines.extend(told("", &"", &year.without_subject()));
    lines
}

/// An entry in the parent's own words: its title, the first sentence of its note, the learner's own line, what it shows.
fn example(year: &Year, entry: &Entry) -> Option<Line> {
    let first = |text: &str| {
        // Names first: no cut goes through one.
        let text = chips::kept(text, &year.spellings);
        let (range, cut) = note::first_sentence(&text, SENTENCE, &year.spellings.places(&text))?;
        Some(format!("{}{}", text.get(range)?.trim(), if cut { "…" } else { "" }))
    };
    let own = entry.learners.iter().find(|one| !one.line.is_empty()).map(|one| one.line.as_str());
    let texts = [entry.title.as_str(), &entry.note, own.unwrap_or_default(), &entry.annotation.shows];
    let mut text = String::new();
    for sentence in texts.into_iter().filter_map(first).filter(|sentence| !sentence.is_empty()) {
        if !text.is_empty() {
            text.push_str(if sentence::is_ended(&text) { " " } else { ". " });
        }
        text.push_str(&sentence);
    }
    (!text.is_empty()).then(|| line(entry.id, dated(&text, Some(&entry.learned_on))))
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
