//! A report's pages: letter head, details, numbered sections, lines to sign.

use std::rc::Rc;

use jiff::civil::Date;
use pdf_writer::types::StructRole;

use super::bits::Kind;
use super::document::{Document, Places};
use super::entry::{continued, sample};
use super::flow::Flow;
use super::paper::{COLUMN, FULL, GAP, MAIN, RAIL, mm};
use super::piece::{Group, Item, Piece, Target, Whole, stacked};
use super::style::{Colour, REPORT, SECTION, TITLE};
use super::tables;
use super::tags::{Node, ROOT};
use crate::error::Result;
use crate::export::period;
use crate::export::report::{Details, ReportBlock, ReportPaper, joined};
use crate::export::text::Text;
use crate::progress::Cancel;

/// Above and below a section's text.
const PAD: f32 = mm(2.2);
/// Sections with so many lines or fewer are never cut.
const SHORT: usize = 12;

/// A report and what was typed for this one document.
pub struct Letter<'d> {
    pub paper: &'d ReportPaper,
    pub details: &'d Details,
    /// Which of the names is the whole one.
    pub whole: usize,
}

impl Letter<'_> {
    fn heading(&self) -> Text {
        let mut heading = Text::words(format!("{}: ", self.paper.title));
        heading.pieces.extend(Text::name(self.whole).pieces);
        heading
    }
}

impl Document for Letter<'_> {
    fn language(&self) -> &str {
        &self.paper.language
    }

    fn made_on(&self) -> Date {
        self.paper.made_on
    }

    fn title(&self) -> Text {
        self.heading()
    }

    fn footer(&self) -> Text {
        let mut footer = Text::name(self.whole);
        let date = period::long_date(self.paper.made_on);
        footer.push_words(&format!("\u{2003}{}\u{2003}{date}", self.paper.title));
        footer
    }

    fn bookmarks(&self) -> Vec<(Target, Text)> {
        let sections = self.paper.parts.iter().map(|part| part.heading.clone());
        let sections = [Text::words("Details")].into_iter().chain(sections);
        let mut bookmarks = vec![(Target::Cover, self.heading())];
        bookmarks.extend((1..).map(Target::Part).zip(sections));
        bookmarks
    }

    fn lay<'a>(&'a self, flow: &mut Flow<'a, '_>, _: &Places, cancel: &Cancel) -> Result<()> {
        top(flow, self)?;
        let mut first = Section::open(flow, 1, &Text::words("Details"));
        first.group.before = mm(4.0);
        details(flow, &mut first, self);
        first.place(flow)?;
        for (number, part) in (2..).zip(&self.paper.parts) {
            cancel.check()?;
            let mut section = Section::open(flow, number, &part.heading);
            for (nth, block) in part.blocks.iter().enumerate() {
                section.block(flow, nth, block);
            }
            section.place(flow)?;
        }
        signatures(flow, self.details)
    }
}

/// Who it goes to and who sends it, the date, the title, the period.
fn top<'a>(flow: &mut Flow<'a, '_>, letter: &Letter<'_>) -> Result<()> {
    let mut group = Group::new(0.0, Whole::Always);
    let sender_x = mm(108.0);
    let sides =
        [(&letter.details.recipient, 0.0, mm(100.0)), (&letter.details.sender, sender_x, FULL - sender_x)];
    let mut items = vec![Item::Place(Target::Cover)];
    let mut high = 0.0_f32;
    for (words, x, width) in sides.into_iter().filter(|(words, _, _)| !words.is_empty()) {
        let tag = flow.tags.add(ROOT, StructRole::P);
        let lines = flow.set.words(words, REPORT, width);
        let (height, lines) = stacked(lines, x, 0.0, Some(tag));
        items.extend(lines);
        high = high.max(height);
    }
    let leading = flow.set.look(REPORT).leading;
    group.push(Piece { keep: true, ..Piece::new(0.0, high, items) });
    let tag = flow.tags.add(ROOT, StructRole::P);
    let lines = flow.set.words(&period::long_date(letter.paper.made_on), REPORT, FULL);
    group.lines(lines, 0.0, Some(tag), if high > 0.0 { leading * 1.1 } else { 0.0 });
    group.keep();
    let tag = flow.tags.add(ROOT, StructRole::H1);
    let lines = flow.set.text(&letter.heading(), TITLE, FULL);
    let (height, items) = stacked(lines, 0.0, 0.0, Some(tag));
    group.push(Piece { keep: true, ..Piece::new(mm(6.5), height, items) });
    let span = &letter.paper.period;
    let mut words = format!("{} to {}.", period::long_date(span.from), period::long_date(span.to));
    if !letter.details.reference.is_empty() {
        words.push_str(" Your reference: ");
    }
    let mut words = Text::words(words);
    words.push_words(&letter.details.reference);
    let tag = flow.tags.add(ROOT, StructRole::P);
    let lines = flow.set.text(&words, REPORT, FULL);
    group.lines(lines, 0.0, Some(tag), 1.0);
    flow.place(group)
}

/// One numbered section.
struct Section<'a> {
    group: Group<'a>,
    tag: Node,
    heading: Text,
    /// Height of the heading at the left.
    rail: f32,
}

impl<'a> Section<'a> {
    fn open(flow: &mut Flow<'a, '_>, number: usize, heading: &Text) -> Self {
        const NUMBER: f32 = mm(6.3);
        let tag = flow.tags.add(ROOT, StructRole::Sect);
        let h2 = flow.tags.add(tag, StructRole::H2);
        let count = flow.set.line(&number.to_string(), REPORT.in_colour(Colour::Second));
        let lines = flow.set.text(heading, SECTION, RAIL - NUMBER);
        let (rail, lines) = stacked(lines, NUMBER, PAD, Some(h2));
        let mut items = vec![
            Item::Place(Target::Part(number)),
            Item::Rule { x: 0.0, y: 0.0, width: FULL, thick: 0.5, colour: Colour::Rule },
            Item::Text { x: 0.0, y: PAD, line: Rc::new(count), tag: Some(h2) },
        ];
        items.extend(lines);
        let mut group = Group::new(0.0, Whole::Always);
        group.push(Piece { keep: true, needs: PAD + rail, ..Piece::new(0.0, PAD, items) });
        Self { group, tag, heading: heading.clone(), rail }
    }

    fn block(&mut self, flow: &mut Flow<'a, '_>, nth: usize, block: &'a ReportBlock) {
        match block {
            ReportBlock::Paragraph { label, text } => {
                let tag = flow.tags.add(self.tag, StructRole::P);
                let mut spans = Vec::new();
                if !label.is_empty() {
                    spans.push(flow.set.span(&format!("{label}. "), REPORT.bold(), Kind::Words));
                }
                spans.extend(flow.set.spans(text, REPORT));
                let lines = flow.set.set(&spans, MAIN);
                self.group.lines(lines, COLUMN, Some(tag), if nth == 0 { 0.0 } else { 4.0 });
            }
            ReportBlock::Table(table) => {
                tables::table(flow, &mut self.group, self.tag, table, (COLUMN, MAIN), false)
            }
            ReportBlock::Sample(one) => sample(flow, &mut self.group, self.tag, one, REPORT),
        }
    }

    /// Puts the section on its page; the next rule stands below its text and its heading.
    fn place(mut self, flow: &mut Flow<'a, '_>) -> Result<()> {
        let lines = self.group.pieces.len().saturating_sub(1);
        self.group.whole = if lines <= SHORT { Whole::Always } else { Whole::Gap(0.15) };
        let missing = PAD + self.rail - self.group.height();
        self.group.keep();
        self.group.push(Piece::new(0.0, PAD + missing.max(0.0), Vec::new()));
        let running = continued(flow, &self.heading);
        self.group.run(running);
        flow.place(self.group)
    }
}

/// Whom it is about and who educates.
fn details(flow: &mut Flow<'_, '_>, section: &mut Section<'_>, letter: &Letter<'_>) {
    let mut child = Text::name(letter.whole);
    if !letter.details.born.is_empty() {
        child.push_words(&format!(", born {}", &*letter.details.born));
    }
    if let Some(group) = &letter.paper.year_group {
        child.push_words(&format!(", {group}"));
    }
    let mut rows = vec![("Child", child)];
    if !letter.details.educated_by.is_empty() {
        rows.push(("Educated by", Text::words(joined(&letter.details.educated_by))));
    }
    let labels: Vec<_> =
        rows.iter().map(|(label, _)| flow.set.line(label, REPORT.in_colour(Colour::Second))).collect();
    let widest = labels.iter().map(|label| label.width).fold(0.0, f32::max);
    let indent = mm(26.2).max(widest + GAP);
    for ((_, words), label) in rows.iter().zip(labels) {
        let tag = Some(flow.tags.add(section.tag, StructRole::P));
        let lines = flow.set.text(words, REPORT, MAIN - indent);
        let (high, mut items) = stacked(lines, COLUMN + indent, 0.0, tag);
        items.insert(0, Item::Text { x: COLUMN, y: 0.0, line: Rc::new(label), tag });
        section.group.push(Piece::new(0.0, high, items));
    }
}

/// A line to sign for everybody who educates, two beside each other.
fn signatures<'a>(flow: &mut Flow<'a, '_>, details: &Details) -> Result<()> {
    let width = (MAIN - mm(8.0)) / 2.0;
    let names: Vec<&str> = details.educated_by.lines().collect();
    let mut group: Group<'a> = Group::new(mm(8.0), Whole::Always);
    for pair in names.chunks(2) {
        let mut items = Vec::new();
        let mut high = 0.0_f32;
        for (x, name) in [COLUMN, COLUMN + width + mm(8.0)].into_iter().zip(pair) {
            items.push(Item::Rule { x, y: 0.0, width, thick: 0.75, colour: Colour::Text });
            let tag = flow.tags.add(ROOT, StructRole::P);
            let lines = flow.set.words(name, REPORT, width);
            let (height, lines) = stacked(lines, x, 3.0, Some(tag));
            items.extend(lines);
            high = high.max(3.0 + height);
        }
        group.push(Piece::new(mm(14.0), high, items));
    }
    flow.place(group)
}
