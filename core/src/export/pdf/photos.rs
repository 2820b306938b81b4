//! Photos of an entry: rows that are never cut, captions under their photos, nothing cropped.

use pdf_writer::types::StructRole;

use super::flow::Flow;
use super::lines::Line;
use super::paper::{COLUMN, FULL, GAP, MAIN, mm};
use super::piece::{Cut, Group, Item, Piece, stacked};
use super::style::CAPTION;
use super::tags::Node;
use crate::export::portfolio::Photo;
use crate::export::rows::{Layout, Row, layout};

/// Between text and photos.
const ABOVE: f32 = mm(4.0);
/// Between a photo and its caption.
const CAPTION_GAP: f32 = mm(1.5);
/// More lines under one photo stand below the row instead, over its whole width.
const MOST_LINES: usize = 8;
/// A caption beside a photo has this much room at least.
const NARROWEST: f32 = mm(18.0);

/// How wide and high a photo stands that has so much room.
pub fn sized(photo: &Photo, width: f32) -> (f32, f32) {
    let width = width.min(mm(photo.widest())).max(1.0);
    (width, width / photo.ratio() as f32)
}

/// Adds the photos of an entry to its pieces.
pub fn photos<'a>(flow: &mut Flow<'a, '_>, group: &mut Group<'a>, of: Node, photos: &'a [Photo]) {
    match (layout(photos), photos) {
        (Layout::One { width, beside }, [photo]) => one(flow, group, of, photo, mm(width), beside),
        (Layout::Rows { wide, rows }, _) => {
            let (x, width) = if wide { (0.0, FULL) } else { (COLUMN, MAIN) };
            let mut left = photos;
            for one in rows {
                let (here, rest) = left.split_at_checked(one.photos).unwrap_or((left, &[]));
                left = rest;
                row(flow, group, of, here, &one, (x, width));
            }
        }
        _ => {}
    }
}

/// A photo and its tag.
pub fn photo<'a>(
    flow: &mut Flow<'a, '_>,
    of: Node,
    photo: &'a Photo,
    (x, y): (f32, f32),
    (width, height): (f32, f32),
) -> Item<'a> {
    let tag = flow.tags.figure(of, flow.set.plain(&photo.alt));
    Item::Photo { x, y, width, height, photo, tag }
}

fn one<'a>(
    flow: &mut Flow<'a, '_>,
    group: &mut Group<'a>,
    of: Node,
    shown: &'a Photo,
    width: f32,
    beside: bool,
) {
    let (width, height) = sized(shown, width.min(MAIN));
    let mut items = vec![photo(flow, of, shown, (COLUMN, 0.0), (width, height))];
    let mut total = height;
    if !shown.caption.is_empty() {
        let tag = flow.tags.add(of, StructRole::Caption);
        let room = MAIN - width - GAP;
        let lines = if room < NARROWEST { Vec::new() } else { flow.set.text(&shown.caption, CAPTION, room) };
        let high: f32 = lines.iter().map(|line| line.leading).sum();
        if beside && !lines.is_empty() && high <= height {
            items.extend(stacked(lines, COLUMN + width + GAP, height - high, Some(tag)).1);
        } else {
            let lines = flow.set.text(&shown.caption, CAPTION, width.max(MAIN / 2.0));
            let (high, lines) = stacked(lines, COLUMN, height + CAPTION_GAP, Some(tag));
            items.extend(lines);
            total += CAPTION_GAP + high;
        }
    }
    group.push(Piece { cut: Cut::Row, ..Piece::new(ABOVE, total, items) });
}

/// A row of photos.
pub fn row<'a>(
    flow: &mut Flow<'a, '_>,
    group: &mut Group<'a>,
    of: Node,
    photos: &'a [Photo],
    row: &Row,
    (left, width): (f32, f32),
) {
    let height = mm(row.height);
    let sizes: Vec<(f32, f32)> =
        photos.iter().map(|photo| sized(photo, height * photo.ratio() as f32)).collect();
    let captions: Vec<Vec<Line>> = photos
        .iter()
        .zip(&sizes)
        .map(|(photo, (width, _))| {
            if photo.caption.is_empty() { Vec::new() } else { flow.set.text(&photo.caption, CAPTION, *width) }
        })
        .collect();
    let fits = captions.iter().all(|lines| lines.len() <= MOST_LINES);
    let mut items = Vec::new();
    let mut below = Vec::new();
    let mut x = left;
    let mut total: f32 = 0.0;
    for ((one, size), caption) in photos.iter().zip(&sizes).zip(captions) {
        items.push(photo(flow, of, one, (x, 0.0), *size));
        total = total.max(size.1);
        if !caption.is_empty() {
            let tag = flow.tags.add(of, StructRole::Caption);
            if fits {
                let (high, lines) = stacked(caption, x, size.1 + CAPTION_GAP, Some(tag));
                items.extend(lines);
                total = total.max(size.1 + CAPTION_GAP + high);
            } else {
                below.push((flow.set.text(&one.caption, CAPTION, width), tag));
            }
        }
        x += size.0 + GAP;
    }
    group.push(Piece { cut: Cut::Row, keep: !below.is_empty(), ..Piece::new(ABOVE, total, items) });
    for (lines, tag) in below {
        group.lines(lines, left, Some(tag), CAPTION_GAP);
    }
}
