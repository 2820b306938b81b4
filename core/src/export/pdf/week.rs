//! A week's page: its plans, then its days, each with lines to write on.

use jiff::civil::Date;
use pdf_writer::types::StructRole;

use super::document::{Document, Places};
use super::flow::Flow;
use super::paper::{COLUMN, FULL, MAIN, RAIL, mm};
use super::piece::{Group, Item, Piece, Target, Whole, stacked};
use super::style::{Colour, REPORT, SECTION, TITLE};
use super::tags::ROOT;
use crate::error::Result;
use crate::export::period;
use crate::export::text::Text;
use crate::export::week::WeekSheet;
use crate::progress::Cancel;

/// Above and below the words of a part.
const PAD: f32 = mm(2.2);
/// From one line for a pen to the next.
const PEN: f32 = mm(8.0);
/// Lines for a pen under each day, by how many lines the words of the week take: so it is one page, unless it is very full.
const LINES: [(usize, usize); 3] = [(8, 3), (18, 2), (usize::MAX, 1)];

impl WeekSheet {
    fn heading(&self) -> Text {
        let first = self.days.first().map_or(self.made_on, |(day, _)| *day);
        Text::words(format!("Week of {}", period::long_date(first)))
    }
}

impl Document for WeekSheet {
    fn language(&self) -> &str {
        &self.language
    }

    fn made_on(&self) -> Date {
        self.made_on
    }

    fn title(&self) -> Text {
        self.heading()
    }

    fn footer(&self) -> Text {
        self.heading()
    }

    fn bookmarks(&self) -> Vec<(Target, Text)> {
        vec![(Target::Cover, self.heading())]
    }

    fn lay<'a>(&'a self, flow: &mut Flow<'a, '_>, _: &Places, cancel: &Cancel) -> Result<()> {
        let mut top = Group::new(0.0, Whole::Always);
        let tag = flow.tags.add(ROOT, StructRole::H1);
        let lines = flow.set.text(&self.heading(), TITLE, FULL);
        let (height, mut items) = stacked(lines, 0.0, 0.0, Some(tag));
        items.push(Item::Place(Target::Cover));
        top.push(Piece { keep: true, ..Piece::new(0.0, height + mm(3.0), items) });
        flow.place(top)?;
        let words = self.plans.iter().chain(self.days.iter().flat_map(|(_, back)| back));
        let taken: usize = words.map(|one| flow.set.words(one, REPORT, MAIN).len()).sum();
        let pens = LINES.iter().find(|(most, _)| taken <= *most).map_or(1, |(_, pens)| *pens);
        if !self.plans.is_empty() {
            part(flow, "Any day", &self.plans, 0)?;
        }
        for (day, back) in &self.days {
            cancel.check()?;
            part(flow, &day.strftime("%A %-d").to_string(), back, pens)?;
        }
        Ok(())
    }
}

/// A rule, what it is at the left, its words, and lines for a pen.
fn part<'a>(flow: &mut Flow<'a, '_>, heading: &str, words: &[String], pens: usize) -> Result<()> {
    let section = flow.tags.add(ROOT, StructRole::Sect);
    let tag = flow.tags.add(section, StructRole::H2);
    let lines = flow.set.words(heading, SECTION, RAIL);
    let (rail, mut items) = stacked(lines, 0.0, PAD, Some(tag));
    items.push(Item::Rule { x: 0.0, y: 0.0, width: FULL, thick: 0.75, colour: Colour::Text });
    let mut group = Group::new(0.0, Whole::Always);
    group.push(Piece { keep: true, needs: PAD + rail, ..Piece::new(0.0, PAD, items) });
    for one in words {
        let tag = flow.tags.add(section, StructRole::P);
        let lines = flow.set.words(one, REPORT, MAIN);
        group.lines(lines, COLUMN, Some(tag), 0.0);
    }
    for _ in 0..pens {
        let rule = Item::Rule { x: COLUMN, y: PEN, width: MAIN, thick: 0.5, colour: Colour::Rule };
        group.push(Piece::new(0.0, PEN, vec![rule]));
    }
    let missing = PAD + rail - group.height();
    group.keep();
    group.push(Piece::new(0.0, missing.max(0.0) + mm(3.0), Vec::new()));
    flow.place(group)
}
