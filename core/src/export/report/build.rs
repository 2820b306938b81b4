//! From a report and the record to the document: sections that hold something, names where tokens stand.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::chips;
use super::gather::Year;
use super::paper::{ReportBlock, ReportPaper, ReportPart};
use super::tables;
use super::told::Told;
use crate::entries::Entry;
use crate::export::build::ChosenPhoto;
use crate::export::period;
use crate::export::portfolio::{Others, Page, Part, Person};
use crate::export::review::{MentionId, Place, Review};
use crate::export::sentence;
use crate::export::text::{Piece, Text};
use crate::ids::{EntryId, LearnerId};
use crate::learners::Learner;
use crate::reports::{Report, ReportForm, Section};

/// How a report is printed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Print<'a> {
    pub language: &'a str,
    pub others: Others,
    /// Ticks of the review that differ from the proposal.
    pub ticks: &'a BTreeMap<MentionId, bool>,
    /// The photographs of samples, where they are printed.
    pub photos: Option<&'a BTreeMap<EntryId, Vec<ChosenPhoto>>>,
    /// A log says when each of its lines was written down.
    pub recorded: bool,
}

/// The document of a report, and where names may stand in what it prints beside the sections.
pub(super) fn paper(
    report: &Report,
    year: &Year,
    year_group: Option<String>,
    made_on: Date,
    print: Print<'_>,
) -> (ReportPaper, Vec<Review>) {
    let names = Names::of(&year.learner, &year.others, print.others);
    let mut told = Told { year, ticks: print.ticks, names, review: Vec::new() };
    let mut parts = Vec::new();
    for item in items(report.form, print.photos.is_some()) {
        let (heading, blocks) = match item {
            Item::Section(section) => {
                (told.names.heading(section), prose(report.text(section), year, &mut told.names))
            }
            Item::Table(title, of) => (Text::words(title), table(of, report.form, print, &mut told)),
        };
        if !blocks.is_empty() {
            parts.push(ReportPart { heading, blocks });
        }
    }
    let paper = ReportPaper {
        title: "Home education report",
        stem: "report",
        language: print.language.into(),
        cast: told.names.cast(),
        period: year.period,
        made_on,
        year_group,
        parts,
    };
    (paper, told.review)
}

/// One text of a report as it is printed, for a form on a council's website. `family` is everybody but the learner.
pub(super) fn text(text: &str, learner: &Learner, family: &[Learner], others: Others) -> (Text, Vec<Person>) {
    let mut names = Names::of(learner, family, others);
    let text = names.text(text);
    (text, names.cast)
}

#[derive(Clone, Copy)]
enum Item {
    Section(Section),
    Table(&'static str, Of),
}

#[derive(Clone, Copy)]
enum Of {
    ReadingLog,
    Totals,
    Subjects,
    Diary,
    Samples,
}

const SAMPLES: Item = Item::Table("Samples", Of::Samples);

/// What a form consists of, in its order; with photographs, samples are a part of each.
fn items(form: ReportForm, photos: bool) -> Vec<Item> {
    let before: &[Item] = match form {
        ReportForm::England => &[],
        ReportForm::Pennsylvania => &[
            Item::Table("Reading materials", Of::ReadingLog),
            Item::Table("Days and hours", Of::Totals),
            SAMPLES,
        ],
        ReportForm::NewYork => {
            &[Item::Table("Hours", Of::Totals), Item::Table("Hours by subject", Of::Subjects)]
        }
        ReportForm::Missouri => &[Item::Table("Hours", Of::Totals), Item::Table("Diary", Of::Diary), SAMPLES],
        ReportForm::Queensland => &[],
    };
    let mut items = before.to_vec();
    for section in form.sections() {
        items.push(Item::Section(*section));
        if (form, *section) == (ReportForm::Queensland, Section::Review) {
            items.push(SAMPLES);
        }
    }
    if photos && !items.iter().any(|item| matches!(item, Item::Table(_, Of::Samples))) {
        items.push(SAMPLES);
    }
    items
}

fn table(of: Of, form: ReportForm, print: Print<'_>, told: &mut Told<'_>) -> Vec<ReportBlock> {
    let year = told.year;
    match of {
        Of::ReadingLog => tables::reading_log(year, print.recorded, told).into_iter().collect(),
        Of::Totals => tables::totals(year, form).into_iter().collect(),
        Of::Subjects => tables::by_subject(year, told).into_iter().collect(),
        Of::Diary => tables::diary(year, told).into_iter().collect(),
        Of::Samples => {
            let samples = year.entries.iter().filter(|entry| entry.annotation.sample);
            samples.map(|entry| ReportBlock::Sample(sample(entry, print, told))).collect()
        }
    }
}

fn sample(entry: &Entry, print: Print<'_>, told: &mut Told<'_>) -> Page {
    let mut parts = vec![Part::Paragraph(told.of(entry, Place::Note, &entry.note))];
    let own = entry.learners.iter().find(|one| !one.line.is_empty());
    parts.extend(own.map(|one| Part::Own(told.of(entry, Place::Line, &one.line))));
    for (label, place, text) in [
        ("How it went", Place::Went, &entry.annotation.went),
        ("What it shows", Place::Shows, &entry.annotation.shows),
        ("Next", Place::Next, &entry.annotation.next),
    ] {
        parts.push(Part::Labelled(label, told.of(entry, place, text)));
    }
    parts.retain(|part| !is_empty(part));
    let date = period::parse_date(&entry.learned_on).unwrap_or(told.year.period.from);
    let chosen = print.photos.and_then(|photos| photos.get(&entry.id)).map_or(&[][..], Vec::as_slice);
    let photos = (0..).zip(chosen).map(|(photo, chosen)| {
        let caption = told.of(entry, Place::Caption { photo }, &chosen.caption);
        let alt = told.of(entry, Place::Alt { photo }, &chosen.alt);
        chosen.shown(entry.id, date, caption, alt)
    });
    let photos = photos.collect();
    let subjects = told.subjects(entry);
    let title = match entry.title.trim() {
        "" if subjects.is_empty() => Text::words(period::date(date)),
        "" => subjects.clone(),
        _ => told.of(entry, Place::Title, &entry.title),
    };
    Page { date, title, subjects, minutes: None, parts, photos }
}

fn is_empty(part: &Part) -> bool {
    let (Part::Paragraph(text)
    | Part::Labelled(_, text)
    | Part::Words(text)
    | Part::Own(text)
    | Part::OwnWords(text)) = part;
    text.is_empty()
}

/// Lines as paragraphs; those that begin with the same subject go on in one.
fn prose(text: &str, year: &Year, names: &mut Names<'_>) -> Vec<ReportBlock> {
    let mut blocks: Vec<ReportBlock> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let label =
            line.split_once(": ").filter(|(label, _)| year.subjects.iter().any(|(_, name)| name == label));
        let (label, rest) = label.unwrap_or(("", line));
        let rest = names.text(rest);
        match blocks.last_mut() {
            Some(ReportBlock::Paragraph { label: before, text }) if !label.is_empty() && before == label => {
                text.push_words(if ends_a_sentence(text) { " " } else { ". " });
                text.pieces.extend(rest.pieces);
            }
            _ => blocks.push(ReportBlock::Paragraph { label: label.to_owned(), text: rest }),
        }
    }
    blocks
}

fn ends_a_sentence(text: &Text) -> bool {
    matches!(text.pieces.last(), Some(Piece::Words(words)) if sentence::is_ended(words))
}

pub(super) struct Names<'a> {
    learner: &'a Learner,
    /// Everybody else.
    family: &'a [Learner],
    others: Others,
    cast: Vec<Person>,
}

impl<'a> Names<'a> {
    pub fn of(learner: &'a Learner, family: &'a [Learner], others: Others) -> Self {
        Self { learner, family, others, cast: vec![person(learner)] }
    }

    /// Everybody who is named in what was printed.
    pub fn cast(self) -> Vec<Person> {
        self.cast
    }

    fn heading(&self, section: Section) -> Text {
        let mut heading = Text::words(section.heading());
        if section == Section::About {
            heading.push_words(" ");
            heading.pieces.push(Piece::Name(0));
        }
        heading
    }

    pub fn text(&mut self, text: &str) -> Text {
        chips::document(text, &mut |who, before| self.place(who, before))
    }

    fn place(&mut self, who: LearnerId, before: &str) -> Piece {
        if who == self.learner.id {
            return Piece::Name(0);
        }
        let Some(other) = self.family.iter().find(|one| one.id == who) else {
            return Piece::Words(sibling(before).into());
        };
        match self.others {
            Others::Initial => Piece::Words(other.nickname.chars().take(1).collect()),
            Others::Sibling => Piece::Words(sibling(before).into()),
            Others::Nickname => {
                let place = self.cast.iter().position(|one| one.learner == who).unwrap_or_else(|| {
                    self.cast.push(person(other));
                    self.cast.len() - 1
                });
                Piece::Name(place)
            }
        }
    }
}

/// "A sibling" where a sentence begins.
pub(in crate::export) fn sibling(before: &str) -> &'static str {
    let before = before.trim_end();
    let starts = before.is_empty() || before.ends_with(['.', '?', '!', ':', '“', '"', '\n']);
    if starts { "A sibling" } else { "a sibling" }
}

fn person(learner: &Learner) -> Person {
    // Emoji are for covers: a report has none.
    Person { learner: learner.id, nickname: learner.nickname.clone(), emoji: String::new() }
}
