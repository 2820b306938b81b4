//! The tables: entries, hours and reading, one row each.

use super::TablePeriod;
use super::material::{Material, Names};
use crate::calendar;
use crate::coverage::{CoverageClient, Taken};
use crate::entries::{Place, TaughtBy};
use crate::error::Result;
use crate::export::client::ExportClient;
use crate::export::renaming::Renaming;
use crate::export::sheet::Sheet;
use crate::ids::LearnerId;
use crate::plain::{self, Object, SET_IN, quoted};
use crate::progress::Cancel;
use crate::reading::Reading;
use crate::records::Kind;
use crate::shelf::{Look, Shelf};
use jiff::Timestamp;
use serde_json::Value as Json;
use std::io::Write;
use std::sync::Arc;

const ENTRIES: [&str; 20] = [
    "date",
    "title",
    "note",
    "learners",
    "own lines",
    "subjects",
    "minutes",
    "tags",
    "on record",
    "starred",
    "sample",
    "how it went",
    "what it shows",
    "what comes next",
    "taught by",
    "provider",
    "place",
    "photos",
    "written down",
    "id",
];
const HOURS: [&str; 9] =
    ["learner", "date", "subject", "minutes", "hours", "taught by", "provider", "place", "from"];
const READING: [&str; 12] = [
    "learners",
    "title",
    "author",
    "form",
    "how",
    "begun",
    "finished",
    "rating",
    "ISBN",
    "subjects",
    "note",
    "written down",
];

/// A text of the file's object.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn yes(object: &Object, name: &str) -> &'static str {
    if object.get(name).and_then(Json::as_bool) == Some(true) { "yes" } else { "no" }
}

fn number(object: &Object, name: &str) -> String {
    object.get(name).and_then(Json::as_i64).map(|number| number.to_string()).unwrap_or_default()
}

fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map(|time| time.to_string()).unwrap_or_default()
}

/// Learners of an entry with their own lines.
pub(super) fn lines<'a>(entry: &'a Object, names: &'a Names) -> Vec<(&'a str, &'a str)> {
    let lines = entry.get("learners").and_then(Json::as_array).into_iter().flatten();
    let line = |one: &'a Json| {
        let name = names.told(one.get("learner")?);
        Some((name, one.get("line").and_then(Json::as_str).unwrap_or_default()))
    };
    lines.filter_map(line).filter(|(name, _)| !name.is_empty()).collect()
}

pub(super) fn entries(material: &Material<'_>, out: &mut dyn Write, cancel: &Cancel) -> Result<()> {
    let mut sheet = Sheet::new(out, &ENTRIES)?;
    let names = &material.names;
    let Some(kind) = plain::kind(Kind::Entry.into()) else { return sheet.finish() };
    material.each(kind, |entry| {
        cancel.check()?;
        let lines = lines(&entry, names);
        let own = lines.iter().filter(|(_, line)| !line.is_empty());
        let below = format!("\n{SET_IN}");
        let own: Vec<String> =
            own.map(|(name, line)| format!("{}: {}", quoted(name), line.replace('\n', &below))).collect();
        let strings = |name: &str| -> Vec<&str> {
            let items = entry.get(name).and_then(Json::as_array).into_iter().flatten();
            items.filter_map(Json::as_str).collect()
        };
        let photos = entry.get(plain::ATTACHMENTS).and_then(Json::as_array).into_iter().flatten();
        let photos: Vec<&str> = photos.filter_map(|photo| photo.get("file")?.as_str()).collect();
        let written = entry.get("recorded_at").and_then(Json::as_i64).map(moment);
        sheet.row(&[
            text(&entry, "learned_on"),
            text(&entry, "title"),
            text(&entry, "note"),
            &listed(lines.iter().map(|(name, _)| *name)),
            &own.join("\n"),
            &listed(names.list(entry.get("subjects"))),
            &number(&entry, "minutes"),
            &listed(strings("tags")),
            yes(&entry, "on_record"),
            yes(&entry, "starred"),
            yes(&entry, "sample"),
            text(&entry, "how_it_went"),
            text(&entry, "what_it_shows"),
            text(&entry, "what_comes_next"),
            text(&entry, "taught_by"),
            entry.get("provider").map_or("", |id| names.told(id)),
            text(&entry, "place"),
            &photos.join("; "),
            &written.unwrap_or_default(),
            text(&entry, "id"),
        ])
    })?;
    sheet.finish()
}

/// Names as one cell.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quoted).collect::<Vec<_>>().join("; ")
}

/// One learner's minutes.
pub(super) type Hours = Vec<(LearnerId, Vec<Taken>)>;

/// Everybody's minutes, of all days.
pub(super) fn all_hours(room: &ExportClient) -> Result<Hours> {
    let coverage = CoverageClient::new(Arc::clone(&room.context));
    let (first, last) = (calendar::FIRST_DAY.to_string(), calendar::LAST_DAY.to_string());
    let learners = room.learners.list()?.into_iter();
    learners.map(|one| Ok((one.id, coverage.hours(one.id, &first, &last)?))).collect()
}

pub(super) fn hours_of(room: &ExportClient, of: &TablePeriod) -> Result<Hours> {
    let coverage = CoverageClient::new(Arc::clone(&room.context));
    Ok(vec![(of.learner, coverage.hours(of.learner, &of.first_day, &of.last_day)?)])
}

/// The rule, in one sentence: an entry of several subjects gives each a part of its minutes, so the column adds up.
pub(super) fn hours(hours: &Hours, names: &Names, out: &mut dyn Write) -> Result<()> {
    let mut sheet = Sheet::new(out, &HOURS)?;
    for (learner, rows) in hours {
        for row in rows {
            sheet.row(&[
                names.called(*learner),
                &row.day,
                row.subject.map_or("", |subject| names.called(subject)),
                &row.minutes.to_string(),
                // So many decimals that the column adds up, too.
                format!("{:.4}", row.minutes as f64 / 60.0).trim_end_matches('0').trim_end_matches('.'),
                match row.taught_by {
                    Some(TaughtBy::Parent) => "parent",
                    Some(TaughtBy::Provider) => "provider",
                    Some(TaughtBy::Other) => "other",
                    Some(TaughtBy::Alone) => "alone",
                    None => "",
                },
                row.provider.map_or("", |provider| names.called(provider)),
                match row.place {
                    Some(Place::Home) => "home",
                    Some(Place::Away) => "away",
                    None => "",
                },
                if row.marked { "marked day" } else { "entry" },
            ])?;
        }
    }
    sheet.finish()
}

pub(super) fn books_of(room: &ExportClient, of: &TablePeriod) -> Result<Vec<Object>> {
    let look = Look {
        learner: Some(of.learner),
        first_day: Some(of.first_day.clone()),
        last_day: Some(of.last_day.clone()),
        ..Look::default()
    };
    let kept = Shelf::<Reading>::new(Arc::clone(&room.context)).list(&look)?;
    let Some(kind) = plain::kind(Kind::Reading.into()) else { return Ok(Vec::new()) };
    let mut books = room.context.storage.read(|tx| {
        let docs = kept.iter().map(|one| Ok((one.id, crate::records::load(tx, one.id)?)));
        let docs: Vec<_> = docs.collect::<Result<_>>()?;
        let told =
            docs.into_iter().filter_map(|(id, stored)| Some(plain::told(kind, id.into(), &stored?.doc)));
        told.collect::<Result<Vec<_>>>()
    })?;
    // The list is newest first; a log begins at the beginning.
    books.reverse();
    Ok(books)
}

pub(super) fn reading(material: &Material<'_>, out: &mut dyn Write) -> Result<()> {
    let mut books = Vec::new();
    if let Some(kind) = plain::kind(Kind::Reading.into()) {
        material.each(kind, |book| {
            books.push(book);
            Ok(())
        })?;
    }
    let day = |book: &Object| {
        let finished = text(book, "finished_on");
        (if finished.is_empty() { text(book, "started_on") } else { finished }).to_owned()
    };
    books.sort_by_key(day);
    self::books(&books, None, &material.names, out)
}

/// The books; of one learner's own list, nobody else is named.
pub(super) fn books(
    books: &[Object],
    of: Option<LearnerId>,
    names: &Names,
    out: &mut dyn Write,
) -> Result<()> {
    let mut sheet = Sheet::new(out, &READING)?;
    for book in books {
        let readers =
            of.map_or_else(|| listed(names.list(book.get("learners"))), |one| names.called(one).to_owned());
        let written = book.get("recorded_at").and_then(Json::as_i64).map(moment);
        sheet.row(&[
            &readers,
            text(book, "title"),
            text(book, "author"),
            text(book, "form"),
            text(book, "how"),
            text(book, "started_on"),
            text(book, "finished_on"),
            &number(book, "rating"),
            text(book, "isbn"),
            &listed(names.list(book.get("subjects"))),
            text(book, "note"),
            &written.unwrap_or_default(),
        ])?;
    }
    sheet.finish()
}

/// Names for a table alone, with those that are printed instead of nicknames.
pub(super) fn names(room: &ExportClient, renaming: &Renaming) -> Result<Names> {
    let mut names = room.context.storage.read(Names::of)?;
    for learner in room.learners.list()? {
        if let Some(name) = renaming.get(learner.id) {
            names.of.insert(learner.id.0, name.to_owned().into());
        }
    }
    Ok(names)
}
