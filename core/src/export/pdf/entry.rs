//! One entry: date in the rail, title, labels, the learner's words, photos.

use pdf_writer::types::StructRole;

use super::bits::Kind;
use super::flow::Flow;
use super::paper::{COLUMN, FULL, MAIN, RAIL, mm};
use super::photos;
use super::piece::{Group, Item, Piece, Running, Target, Whole, stacked};
use super::style::{ASIDE, Colour, DATE, LABEL, SUBTITLE, Style, TEXT, TITLE, WORDS};
use super::tags::Node;
use crate::export::period;
use crate::export::portfolio::{Page, Part};
use crate::export::rows::in_column;
use crate::export::text::Text;

/// Between entries.
pub const BETWEEN: f32 = mm(8.0);
/// An entry moves whole if it leaves at most this part of a page empty.
const GAP: f32 = 0.4;
/// Between a paragraph and the next, and between a label and what stands above it.
const PARAGRAPH: f32 = 5.0;
/// A longer title may be cut like a paragraph.
const TITLE_LINES: usize = 6;
/// The longest line of the child's words.
const QUOTED: f32 = mm(100.0);

/// An entry as pieces; `number` counts from 1.
pub fn entry<'a>(flow: &mut Flow<'a, '_>, of: Node, number: usize, entry: &'a Page) -> Group<'a> {
    let art = flow.tags.add(of, StructRole::Art);
    let mut group = Group::new(BETWEEN, Whole::Gap(GAP));
    let mut items = vec![
        Item::Place(Target::Part(number)),
        Item::Rule { x: 0.0, y: 0.0, width: RAIL, thick: 1.5, colour: Colour::Accent },
        Item::Rule { x: COLUMN, y: 0.0, width: MAIN, thick: 0.75, colour: Colour::Rule },
    ];
    let rail = rail(flow, art, entry, &mut items);
    let heading = flow.tags.add(art, StructRole::H2);
    let mut lines = flow.set.text(&entry.title, TITLE, MAIN);
    let rest = lines.split_off(lines.len().min(TITLE_LINES));
    let (title, lines) = stacked(lines, COLUMN, 4.4, Some(heading));
    items.extend(lines);
    let head = Piece::new(0.0, 4.4 + title, items);
    group.push(Piece { keep: true, needs: head.height.max(rail), ..head });
    group.lines(rest, COLUMN, Some(heading), 0.0);
    group.keep();
    parts(flow, &mut group, art, &entry.parts, TEXT);
    // Photos over the full width begin below what stands in the rail.
    let fills = |group: &mut Group<'a>| {
        let missing = rail - group.height();
        if missing > 0.0 {
            group.keep();
            group.push(Piece::new(0.0, missing, Vec::new()));
        }
    };
    if entry.photos.len() > 3 {
        fills(&mut group);
    }
    photos::photos(flow, &mut group, art, &entry.photos);
    fills(&mut group);
    let running = continued(flow, &entry.title);
    group.run(running);
    group
}

/// What the next page begins with when this is cut.
pub fn continued<'a>(flow: &mut Flow<'a, '_>, title: &Text) -> Running<'a> {
    let mut title = title.clone();
    title.push_words(", continued");
    let mut lines = flow.set.text(&title, ASIDE, FULL);
    // Of a very long title, its end: that says that it goes on.
    let lines = lines.split_off(lines.len().saturating_sub(2));
    let rule = Item::Rule { x: 0.0, y: 0.0, width: FULL, thick: 0.5, colour: Colour::Rule };
    let (high, lines) = stacked(lines, 0.0, mm(1.5), None);
    Running { height: mm(1.5) + high + mm(4.0), items: [rule].into_iter().chain(lines).collect() }
}

/// Date, weekday, subjects and time; gives their height.
fn rail<'a>(flow: &mut Flow<'a, '_>, art: Node, entry: &Page, items: &mut Vec<Item<'a>>) -> f32 {
    let mut at = 6.9;
    let date = flow.tags.add(art, StructRole::P);
    let span = flow.set.span(&period::date(entry.date), DATE, Kind::Whole);
    let mut lines = flow.set.set(&[span], RAIL);
    lines.extend(flow.set.words(period::weekday(entry.date), ASIDE, RAIL));
    let (high, lines) = stacked(lines, 0.0, at, Some(date));
    at += high;
    items.extend(lines);
    let minutes = entry.minutes.filter(|minutes| *minutes > 0).map(period::duration).unwrap_or_default();
    let minutes = Text::words(minutes);
    for text in [&entry.subjects, &minutes].into_iter().filter(|text| !text.is_empty()) {
        let tag = flow.tags.add(art, StructRole::P);
        let lines = flow.set.text(text, ASIDE, RAIL);
        let (high, lines) = stacked(lines, 0.0, at, Some(tag));
        at += high;
        items.extend(lines);
    }
    at
}

/// The text of an entry or a sample.
pub fn parts<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, of: Node, parts: &[Part], style: Style) {
    for part in parts {
        match part {
            Part::Paragraph(text) => paragraph(flow, group, of, text, style, PARAGRAPH),
            Part::Labelled(label, text) => {
                let lines = flow.set.words(label, LABEL, MAIN);
                labelled(flow, group, of, lines, text, style);
            }
            Part::Own(text) => {
                let lines = flow.set.text(&Text::name(0), LABEL, MAIN);
                labelled(flow, group, of, lines, text, style);
            }
            Part::Words(text) => quoted(flow, group, of, text, None),
            Part::OwnWords(text) => quoted(flow, group, of, text, Some(Text::name(0))),
        }
    }
}

/// A paragraph in the main column.
pub fn paragraph<'a>(
    flow: &mut Flow<'a, '_>,
    group: &mut Group<'a>,
    of: Node,
    text: &Text,
    style: Style,
    space: f32,
) {
    let tag = flow.tags.add(of, StructRole::P);
    let lines = flow.set.text(text, style, MAIN);
    group.lines(lines, COLUMN, Some(tag), space);
}

fn labelled<'a>(
    flow: &mut Flow<'a, '_>,
    group: &mut Group<'a>,
    of: Node,
    label: Vec<super::lines::Line>,
    text: &Text,
    style: Style,
) {
    let tag = flow.tags.add(of, StructRole::P);
    let (high, items) = stacked(label, COLUMN, 0.0, Some(tag));
    group.push(Piece { keep: true, ..Piece::new(PARAGRAPH, high, items) });
    paragraph(flow, group, of, text, style, 0.0);
}

/// Words in quotation marks, with a rule beside them and whose they are.
fn quoted<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, of: Node, text: &Text, whose: Option<Text>) {
    const INDENT: f32 = mm(4.5);
    let quote = flow.tags.add(of, StructRole::BlockQuote);
    let from = group.pieces.len();
    let tag = flow.tags.add(quote, StructRole::P);
    let lines = flow.set.text(text, WORDS, QUOTED);
    group.lines(lines, COLUMN + INDENT, Some(tag), mm(3.5));
    if let Some(whose) = whose {
        let tag = flow.tags.add(quote, StructRole::P);
        let lines = flow.set.text(&whose, ASIDE, QUOTED);
        group.keep();
        group.lines(lines, COLUMN + INDENT, Some(tag), 0.0);
    }
    for piece in group.pieces.iter_mut().skip(from) {
        piece.items.push(Item::Bar { x: COLUMN, y: 0.0, height: piece.height });
    }
}

/// A sample inside a report: its heading is one deeper.
pub fn sample<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, of: Node, sample: &'a Page, style: Style) {
    let art = flow.tags.add(of, StructRole::Art);
    let heading = flow.tags.add(art, StructRole::H3);
    let lines = flow.set.text(&sample.title, SUBTITLE, MAIN);
    let (high, items) = stacked(lines, COLUMN, 0.0, Some(heading));
    group.push(Piece { keep: true, ..Piece::new(mm(3.0), high, items) });
    let when = Text::joined([Text::words(period::date(sample.date)), sample.subjects.clone()], " · ");
    let tag = flow.tags.add(art, StructRole::P);
    let lines = flow.set.text(&when, ASIDE, MAIN);
    let (high, items) = stacked(lines, COLUMN, 0.0, Some(tag));
    let has_more = !(sample.parts.is_empty() && sample.photos.is_empty());
    group.push(Piece { keep: has_more, ..Piece::new(0.0, high, items) });
    parts(flow, group, art, &sample.parts, style);
    for photos in in_column(&sample.photos) {
        photos::photos(flow, group, art, photos);
    }
}
