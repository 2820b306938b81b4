//! Tables: a header that every page repeats, rows that are never cut, numbers at the right.

use std::rc::Rc;

use pdf_writer::types::{StructRole, TableHeaderScope};

use super::flow::Flow;
use super::lines::Line;
use super::paper::mm;
use super::piece::{Group, Item, Piece, Running};
use super::style::{CELL, Colour, Style};
use super::tags::Node;
use crate::export::report::Table;
use crate::export::text::Text;

/// Above and below the words of a row.
const PAD: f32 = 3.75;
const GAP: f32 = mm(4.0);
/// A row with more lines is no row to be kept whole: it is cut after so many.
const MOST_LINES: usize = 30;

/// Adds a table that begins at `x`; with `total`, its last row is the sum of the others.
pub fn table<'a>(
    flow: &mut Flow<'a, '_>,
    group: &mut Group<'a>,
    of: Node,
    table: &Table,
    (x, width): (f32, f32),
    total: bool,
) {
    let head: Vec<Text> = table.head.iter().map(Text::words).collect();
    let columns = Columns::fit(flow, &head, table, x, width);
    let node = flow.tags.add(of, StructRole::Table);
    let rows = flow.tags.add(node, StructRole::THead);
    let from = group.pieces.len();
    let header = columns.row(flow, rows, &head, CELL.bold(), Kind::Header);
    let repeated = header.iter().flat_map(|piece| &piece.items).map(|item| match item.clone() {
        Item::Text { x, y, line, .. } => Item::Text { x, y, line, tag: None },
        other => other,
    });
    let running =
        Running { height: header.iter().map(|piece| piece.height).sum(), items: repeated.collect() };
    group.pieces.extend(header);
    group.keep();
    let rows = flow.tags.add(node, StructRole::TBody);
    let last = table.rows.len().saturating_sub(1);
    for (nth, row) in table.rows.iter().enumerate() {
        let (style, kind) = match (total, last - nth.min(last)) {
            (true, 0) => (CELL.bold(), Kind::Total),
            (true, 1) => (CELL, Kind::BeforeTotal),
            _ => (CELL, Kind::Plain),
        };
        let pieces = columns.row(flow, rows, row, style, kind);
        group.pieces.extend(pieces);
        if kind == Kind::BeforeTotal {
            group.keep();
        }
    }
    let running = Rc::new(running);
    for piece in group.pieces.iter_mut().skip(from + 1) {
        piece.running = Some(Rc::clone(&running));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    Plain,
    BeforeTotal,
    Total,
}

/// Where columns begin and how wide they are.
struct Columns {
    places: Vec<(f32, f32)>,
    first_number: usize,
    x: f32,
    width: f32,
}

impl Columns {
    fn fit(flow: &mut Flow<'_, '_>, head: &[Text], table: &Table, x: f32, width: f32) -> Self {
        let first_number = head.len() - table.numbers.min(head.len());
        let mut natural = vec![0.0_f32; head.len()];
        for (row, style) in [(head, CELL.bold())]
            .into_iter()
            .chain(table.rows.iter().map(|row| (row.as_slice(), CELL.bold())))
        {
            for (widest, cell) in natural.iter_mut().zip(row) {
                let lines = flow.set.text(cell, style.tabular(), f32::MAX);
                *widest = lines.iter().map(|line| line.width).fold(*widest, f32::max);
            }
        }
        // Columns of numbers stand apart where there is room.
        let numbers = natural.iter_mut().skip(first_number);
        numbers.for_each(|column| *column = column.max(mm(19.0).min(width / 8.0)));
        let room = width - GAP * head.len().saturating_sub(1) as f32;
        let widths = shared(&natural, room, first_number);
        let mut at = x;
        let places = widths.into_iter().map(|width| {
            let place = (at, width);
            at += width + GAP;
            place
        });
        Self { places: places.collect(), first_number, x, width }
    }

    fn row<'a>(
        &self,
        flow: &mut Flow<'a, '_>,
        of: Node,
        cells: &[Text],
        style: Style,
        kind: Kind,
    ) -> Vec<Piece<'a>> {
        let row = flow.tags.add(of, StructRole::TR);
        let mut set: Vec<(Vec<Line>, Node)> = Vec::new();
        for (column, (_, width)) in self.places.iter().enumerate() {
            let tag = match (kind, column) {
                (Kind::Header, _) => flow.tags.header(row, TableHeaderScope::Column),
                (_, 0) => flow.tags.header(row, TableHeaderScope::Row),
                _ => flow.tags.add(row, StructRole::TD),
            };
            let style = if column >= self.first_number { style.tabular() } else { style };
            let lines = cells.get(column).map(|cell| flow.set.text(cell, style, *width)).unwrap_or_default();
            set.push((lines, tag));
        }
        let leading = flow.set.look(style).leading;
        let count = set.iter().map(|(lines, _)| lines.len()).max().unwrap_or_default().max(1);
        let mut pieces = Vec::new();
        let mut from = 0;
        while from < count {
            let to = (from + MOST_LINES).min(count);
            let above = if from == 0 { PAD } else { 0.0 };
            let below = if to == count { PAD } else { 0.0 };
            let height = above + (to - from) as f32 * leading + below;
            let mut items = Vec::new();
            for (column, ((lines, tag), (x, width))) in set.iter().zip(&self.places).enumerate() {
                for (nth, line) in lines.iter().enumerate().take(to).skip(from) {
                    let right = if column >= self.first_number { width - line.width } else { 0.0 };
                    let y = above + (nth - from) as f32 * leading;
                    items.push(Item::Text { x: x + right, y, line: Rc::new(line.clone()), tag: Some(*tag) });
                }
            }
            if to == count && kind != Kind::Total {
                let strong = kind != Kind::Plain;
                let (thick, colour) = if strong { (0.75, Colour::Text) } else { (0.5, Colour::Rule) };
                items.push(Item::Rule { x: self.x, y: height, width: self.width, thick, colour });
            }
            pieces.push(Piece::new(0.0, height, items));
            from = to;
        }
        pieces
    }
}

/// Shares the room out: who needs less than an equal share gets what it needs, and what is over goes to the words.
fn shared(natural: &[f32], room: f32, first_number: usize) -> Vec<f32> {
    let mut widths = natural.to_vec();
    let all: f32 = natural.iter().sum();
    if all <= room {
        let words = first_number.max(1);
        let over = (room - all) / words as f32;
        widths.iter_mut().take(words).for_each(|width| *width += over);
        return widths;
    }
    let mut order: Vec<usize> = (0..natural.len()).collect();
    order.sort_by(|one, other| {
        let width = |place: &usize| natural.get(*place).copied().unwrap_or_default();
        width(one).total_cmp(&width(other))
    });
    let mut left = room;
    for (nth, place) in order.iter().enumerate() {
        let share = left / (natural.len() - nth) as f32;
        if let Some(width) = widths.get_mut(*place) {
            *width = width.min(share);
            left -= *width;
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fill_the_width_and_narrow_ones_keep_theirs() {
        assert_eq!(shared(&[50.0, 20.0, 20.0], 200.0, 1), [160.0, 20.0, 20.0]);
        assert_eq!(shared(&[300.0, 40.0, 500.0], 240.0, 3), [100.0, 40.0, 100.0]);
        assert_eq!(shared(&[10.0, 10.0], 100.0, 2), [50.0, 50.0]);
    }
}
