//! From groups to pages: what fits, where a page ends, what the next one begins with (documents.md, order and breaks).

use std::rc::Rc;

use super::lines::Line;
use super::paper::{Sheet, mm};
use super::piece::{Cut, Group, Item, Piece, Whole, height};
use super::setter::Setter;
use super::style::FOOTER;
use super::tags::Tags;
use crate::error::Result;
use crate::export::text::Text;

/// The most of a page that a cut may leave empty if another cut leaves less.
const GAP: f32 = 0.4;
const ROUNDING: f32 = 0.01;

/// A finished page: its number from 0, and what stands how far below the upper margin.
pub struct Page<'a> {
    pub number: usize,
    pub items: Vec<(f32, Item<'a>)>,
    /// Drawn in the margin.
    pub footer: Vec<Item<'a>>,
}

/// Takes pages, one after the other.
pub trait Sink<'a> {
    fn page(&mut self, page: Page<'a>, tags: &mut Tags, setter: &Setter<'_>) -> Result<()>;
}

/// Fills pages.
pub struct Flow<'a, 's> {
    pub set: Setter<'s>,
    pub tags: Tags,
    pub sheet: Sheet,
    sink: &'s mut dyn Sink<'a>,
    footer: Text,
    /// Pages of the whole document, as far as that is known.
    total: usize,
    number: usize,
    items: Vec<(f32, Item<'a>)>,
    at: f32,
    /// Nothing stands on the page but what it begins with.
    fresh: bool,
    /// This page has no footer.
    bare: bool,
}

impl<'a, 's> Flow<'a, 's> {
    pub fn new(
        set: Setter<'s>,
        sheet: Sheet,
        sink: &'s mut dyn Sink<'a>,
        footer: Text,
        total: usize,
    ) -> Self {
        Self {
            set,
            tags: Tags::new(),
            sheet,
            sink,
            footer,
            total,
            number: 0,
            items: Vec::new(),
            at: 0.0,
            fresh: true,
            bare: false,
        }
    }

    /// This page is a cover: no footer.
    pub fn bare(&mut self) {
        self.bare = true;
    }

    /// What is free on this page.
    pub fn room(&self) -> f32 {
        self.sheet.room() - self.at
    }

    /// Puts a group on this page and the next ones.
    pub fn place(&mut self, group: Group<'a>) -> Result<()> {
        let Group { mut before, whole, mut pieces } = group;
        let mut begun = false;
        while !pieces.is_empty() {
            let above = if self.fresh { 0.0 } else { before };
            let room = self.room() - above;
            let wanted = height(&pieces);
            if wanted <= room + ROUNDING {
                self.at += above;
                self.put(pieces);
                return Ok(());
            }
            let moves = match whole {
                Whole::Always => true,
                Whole::Gap(part) => room <= part * self.sheet.room(),
            };
            if !self.fresh && moves && wanted <= self.sheet.room() {
                self.next_page()?;
                continue;
            }
            match best_cut(&pieces, room, self.sheet.room()) {
                Some(cut) => {
                    let rest = pieces.split_off(cut);
                    self.at += above;
                    self.put(std::mem::replace(&mut pieces, rest));
                    begun = true;
                }
                None if !self.fresh => {}
                // It is larger than a page: as much as there is room for, and one piece at least.
                None => {
                    let rest = pieces.split_off(fitting(&pieces, room).max(1));
                    self.put(std::mem::replace(&mut pieces, rest));
                    begun = true;
                }
            }
            self.next_page()?;
            let running = pieces.first().and_then(|piece| piece.running.clone());
            if let Some(running) = running.filter(|_| begun) {
                self.items.extend(running.items.iter().map(|item| (0.0, item.clone())));
                self.at = running.height;
            }
            before = 0.0;
        }
        Ok(())
    }

    /// Ends the page if anything stands on it.
    pub fn next_page(&mut self) -> Result<()> {
        if self.items.is_empty() {
            return Ok(());
        }
        let footer = if self.bare { Vec::new() } else { self.foot() };
        let page = Page { number: self.number, items: std::mem::take(&mut self.items), footer };
        self.sink.page(page, &mut self.tags, &self.set)?;
        self.number += 1;
        self.at = 0.0;
        self.fresh = true;
        self.bare = false;
        Ok(())
    }

    fn put(&mut self, pieces: Vec<Piece<'a>>) {
        for (nth, piece) in pieces.into_iter().enumerate() {
            if nth > 0 {
                self.at += piece.space;
            }
            let at = self.at;
            self.items.extend(piece.items.into_iter().map(|item| (at, item)));
            self.at += piece.height;
            self.fresh = false;
        }
    }

    fn foot(&mut self) -> Vec<Item<'a>> {
        let bound = self.sheet.is_bound();
        let number = self.number + 1;
        let count = if bound { number.to_string() } else { format!("Page {number} of {}", self.total) };
        let right = self.set.line(&count, FOOTER);
        let width = self.sheet.width - self.sheet.left - self.sheet.right;
        let footer = std::mem::take(&mut self.footer);
        let left = self.set.text(&footer, FOOTER, width - right.width - 12.0);
        self.footer = footer;
        let above_edge = if bound { mm(11.5) } else { mm(14.9) };
        let y = self.sheet.height - self.sheet.top - above_edge;
        let text = |x: f32, y: f32, line: Line| Item::Text { x, y, line: Rc::new(line), tag: None };
        // A book's numbers stand at its outer edges.
        let at_left = self.sheet.is_left(self.number);
        // A long name begins a line higher; one that reads from the right stands where every name does.
        let lines = (0_u8..).zip(left.into_iter().rev()).map(|(above, line)| {
            let x = if at_left { width - line.width } else { 0.0 };
            text(x, y - f32::from(above) * line.leading, Line { x: 0.0, ..line })
        });
        let number = text(if at_left { 0.0 } else { width - right.width }, y, right);
        if at_left { std::iter::once(number).chain(lines).collect() } else { lines.chain([number]).collect() }
    }
}

/// How many pieces fit.
fn fitting(pieces: &[Piece<'_>], room: f32) -> usize {
    let mut at = 0.0;
    for (nth, piece) in pieces.iter().enumerate() {
        if nth > 0 {
            at += piece.space;
        }
        if at + piece.needs.max(piece.height) > room + ROUNDING {
            return nth;
        }
        at += piece.height;
    }
    pieces.len()
}

/// Before which piece the page ends: a photo row rather than a paragraph, a paragraph rather than a line, unless much
/// would stay empty.
fn best_cut(pieces: &[Piece<'_>], room: f32, page: f32) -> Option<usize> {
    let fits = fitting(pieces, room);
    let may: Vec<usize> = (1..=fits.min(pieces.len().saturating_sub(1)))
        .filter(|cut| pieces.get(cut - 1).is_some_and(|before| !before.keep))
        .collect();
    let leaves = |cut: usize| room - pieces.get(..cut).map_or(0.0, height);
    let at_least = |wanted: Cut| {
        let good = may.iter().rev().find(|cut| pieces.get(**cut).is_some_and(|piece| piece.cut >= wanted))?;
        (leaves(*good) <= GAP * page).then_some(*good)
    };
    [Cut::Row, Cut::Paragraph, Cut::Line].into_iter().find_map(at_least).or_else(|| may.last().copied())
}
