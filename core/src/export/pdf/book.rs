//! The photo book: square pages with bleed for a printer, large text, entries with photos begin a page of their own unless they fit.

use pdf_writer::types::StructRole;

use super::document::{Document, Places};
use super::flow::Flow;
use super::paper::{FULL, MAIN, mm};
use super::photos;
use super::piece::{Cut, Group, Item, Piece, Target, Whole, stacked};
use super::portfolio::name_style;
use super::style::{ASIDE, BOOK_TEXT, BOOK_TITLE, BOOK_WORDS, CAPTION, COVER_LINE, LABEL, TERM};
use super::tags::{Node, ROOT};
use crate::error::Result;
use crate::export::period;
use crate::export::portfolio::{Page, Part, Photo, Portfolio};
use crate::export::rows::in_rows;
use crate::export::text::Text;
use crate::progress::Cancel;

/// The longest line of text.
const TEXT_WIDTH: f32 = mm(142.0);
/// One photo stands so high at most.
const HIGHEST: f32 = mm(108.0);
const CAPTION_GAP: f32 = mm(1.5);
/// Where so much of a page is free, an entry with photos follows there even if it is cut: a page of two lines would look
/// forgotten.
const MUCH: f32 = 0.75;
/// Between entries.
const BETWEEN: f32 = mm(14.0);

/// A portfolio as a book.
pub struct Book<'p>(pub &'p Portfolio);

impl Document for Book<'_> {
    fn language(&self) -> &str {
        &self.0.language
    }

    fn made_on(&self) -> jiff::civil::Date {
        self.0.made_on
    }

    fn title(&self) -> Text {
        self.0.title()
    }

    fn footer(&self) -> Text {
        self.0.footer()
    }

    fn bookmarks(&self) -> Vec<(Target, Text)> {
        let titles = self.0.entries.iter().map(|entry| entry.title.clone());
        [(Target::Cover, Text::name(0))].into_iter().chain((1..).map(Target::Part).zip(titles)).collect()
    }

    fn lay<'a>(&'a self, flow: &mut Flow<'a, '_>, _: &Places, cancel: &Cancel) -> Result<()> {
        cover(flow, self.0)?;
        for (number, one) in (1..).zip(&self.0.entries) {
            cancel.check()?;
            let group = entry(flow, number, one);
            let fits = BETWEEN + group.height() <= flow.room();
            if !one.photos.is_empty() && !fits && flow.room() < MUCH * flow.sheet.room() {
                flow.next_page()?;
            }
            flow.place(group)?;
        }
        Ok(())
    }
}

fn cover<'a>(flow: &mut Flow<'a, '_>, portfolio: &'a Portfolio) -> Result<()> {
    let mut items = vec![Item::Place(Target::Cover)];
    let heading = flow.tags.add(ROOT, StructRole::H1);
    let style = name_style(&mut flow.set);
    let lines = flow.set.text(&Text::name(0), style, FULL);
    let (high, lines) = stacked(lines, 0.0, mm(6.0), Some(heading));
    items.extend(lines);
    let mut at = mm(6.0) + high + mm(2.0);
    let tag = flow.tags.add(ROOT, StructRole::P);
    let lines = flow.set.words(&portfolio.period.line(), COVER_LINE, FULL);
    let (high, lines) = stacked(lines, 0.0, at, Some(tag));
    items.extend(lines);
    at += high + mm(8.0);
    if let Some(shown) = &portfolio.cover {
        let lines = flow.set.text(&shown.cover_caption(), CAPTION, FULL);
        let below = CAPTION_GAP + lines.iter().map(|line| line.leading).sum::<f32>();
        let high = (flow.sheet.room() - at - below).max(mm(20.0));
        let size = photos::sized(shown, FULL.min(high * shown.ratio() as f32));
        items.push(photos::photo(flow, ROOT, shown, (0.0, at), size));
        let tag = flow.tags.add(ROOT, StructRole::Caption);
        items.extend(stacked(lines, 0.0, at + size.1 + CAPTION_GAP, Some(tag)).1);
    }
    let mut group = Group::new(0.0, Whole::Always);
    group.push(Piece::new(0.0, flow.sheet.room(), items));
    flow.bare();
    flow.place(group)?;
    flow.next_page()
}

fn entry<'a>(flow: &mut Flow<'a, '_>, number: usize, entry: &'a Page) -> Group<'a> {
    let art = flow.tags.add(ROOT, StructRole::Art);
    let mut group = Group::new(BETWEEN, Whole::Gap(0.4));
    let date = flow.tags.add(art, StructRole::P);
    let lines = flow.set.words(&period::long_date(entry.date), TERM, FULL);
    let (high, mut items) = stacked(lines, 0.0, 0.0, Some(date));
    items.insert(0, Item::Place(Target::Part(number)));
    group.push(Piece { keep: true, ..Piece::new(0.0, high, items) });
    let heading = flow.tags.add(art, StructRole::H2);
    let lines = flow.set.text(&entry.title, BOOK_TITLE, FULL);
    group.lines(lines, 0.0, Some(heading), 0.0);
    group.keep();
    for part in &entry.parts {
        self::part(flow, &mut group, art, part);
    }
    match entry.photos.as_slice() {
        [] => {}
        [one] => single(flow, &mut group, art, one),
        several => {
            let ratios: Vec<f64> = several.iter().map(Photo::ratio).collect();
            let mut left = several;
            for row in in_rows(&ratios) {
                let (here, rest) = left.split_at_checked(row.photos).unwrap_or((left, &[]));
                left = rest;
                photos::row(flow, &mut group, art, here, &row, (0.0, FULL));
            }
        }
    }
    if let Some(last) = group.pieces.last_mut() {
        last.keep = false;
    }
    group
}

fn part<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, of: Node, part: &Part) {
    let mut label: Option<Text> = None;
    let mut whose: Option<Text> = None;
    let (text, style, space) = match part {
        Part::Paragraph(text) | Part::Labelled("What we did", text) => (text, BOOK_TEXT, mm(3.0)),
        Part::Labelled(words, text) => {
            label = Some(Text::words(*words));
            (text, BOOK_TEXT, 0.0)
        }
        Part::Own(text) => {
            label = Some(Text::name(0));
            (text, BOOK_TEXT, 0.0)
        }
        Part::Words(text) => (text, BOOK_WORDS, mm(6.0)),
        Part::OwnWords(text) => {
            whose = Some(Text::name(0));
            (text, BOOK_WORDS, mm(6.0))
        }
    };
    if let Some(label) = label {
        let tag = flow.tags.add(of, StructRole::P);
        let lines = flow.set.text(&label, LABEL, TEXT_WIDTH);
        group.lines(lines, 0.0, Some(tag), mm(3.0));
        group.keep();
    }
    let role = if style == BOOK_WORDS { StructRole::BlockQuote } else { StructRole::P };
    let tag = flow.tags.add(of, role);
    let lines = flow.set.text(text, style, TEXT_WIDTH);
    group.lines(lines, 0.0, Some(tag), space);
    if let Some(whose) = whose {
        let tag = flow.tags.add(of, StructRole::P);
        let lines = flow.set.text(&whose, ASIDE, TEXT_WIDTH);
        group.keep();
        group.lines(lines, 0.0, Some(tag), 0.0);
    }
}

/// One photo with its caption below, as large as the page is kind to.
fn single<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, of: Node, shown: &'a Photo) {
    let ratio = shown.ratio() as f32;
    let width = if ratio > 1.9 { FULL } else { MAIN.min(HIGHEST * ratio) };
    let (width, height) = photos::sized(shown, width);
    let mut items = vec![photos::photo(flow, of, shown, (0.0, 0.0), (width, height))];
    let mut total = height;
    if !shown.caption.is_empty() {
        let tag = flow.tags.add(of, StructRole::Caption);
        let lines = flow.set.text(&shown.caption, CAPTION, width.max(MAIN / 2.0));
        let (high, lines) = stacked(lines, 0.0, height + CAPTION_GAP, Some(tag));
        items.extend(lines);
        total += CAPTION_GAP + high;
    }
    group.push(Piece { cut: Cut::Row, ..Piece::new(mm(6.0), total, items) });
}
