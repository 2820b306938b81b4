//! One entry: date, title, labels, the learner's words, photos.
use std::io::Write;

use super::photos::{self, Album};
use super::write::Writer;
use crate::error::Result;
use crate::export::period;
use crate::export::portfolio::{Page, Part};
use crate::export::rows::{Layout, in_column, layout};
use crate::export::text::{Piece, Text};

/// Two fifths of an A4 page, millimetres: an entry up to this height moves to the next page whole.
const MOVES_WHOLE: f64 = 103.0;

/// Writes entry `number`, counted from 1.
pub fn entry<W: Write>(
    page: &mut Writer<'_, W>,
    number: usize,
    entry: &Page,
    album: &mut Album<'_>,
) -> Result<()> {
    let layout = layout(&entry.photos);
    let keep = if height(entry, &layout) <= MOVES_WHOLE { " class=\"keep\"" } else { "" };
    page.raw(&format!("<article id=\"e{number}\"{keep} aria-labelledby=\"t{number}\">\n"))?;
    when(page, entry)?;
    page.raw(&format!("<h2 id=\"t{number}\">"))?;
    page.text(&entry.title)?;
    page.raw("</h2>\n")?;
    text(page, &entry.parts)?;
    photos::photos(page, &entry.photos, &layout, album)?;
    page.raw("</article>\n")
}

fn text<W: Write>(page: &mut Writer<'_, W>, parts: &[Part]) -> Result<()> {
    page.raw("<div class=\"text\">\n")?;
    let mut in_list = false;
    for part in parts {
        let labelled = matches!(part, Part::Labelled(..) | Part::Own(_));
        if labelled != in_list {
            page.raw(if labelled { "<dl>\n" } else { "</dl>\n" })?;
            in_list = labelled;
        }
        self::part(page, part)?;
    }
    if in_list {
        page.raw("</dl>\n")?;
    }
    page.raw("</div>\n")
}

/// A sample inside a report: its heading is one deeper.
pub fn sample<W: Write>(
    page: &mut Writer<'_, W>,
    id: &str,
    sample: &Page,
    album: &mut Album<'_>,
) -> Result<()> {
    page.raw(&format!("<article class=\"sample\" aria-labelledby=\"t{id}\">\n"))?;
    when(page, sample)?;
    page.raw(&format!("<h3 id=\"t{id}\">"))?;
    page.text(&sample.title)?;
    page.raw("</h3>\n")?;
    text(page, &sample.parts)?;
    for photos in in_column(&sample.photos) {
        photos::photos(page, photos, &layout(photos), album)?;
    }
    page.raw("</article>\n")
}

fn when<W: Write>(page: &mut Writer<'_, W>, entry: &Page) -> Result<()> {
    page.raw(&format!("<div class=\"when\"><p><time datetime=\"{}\">", entry.date))?;
    page.words(&period::date(entry.date))?;
    page.raw("</time></p>")?;
    if !entry.subjects.is_empty() || entry.minutes.is_some() {
        page.raw(" <p>")?;
        if !entry.subjects.is_empty() {
            page.raw("<span>")?;
            page.text(&entry.subjects)?;
            page.raw("</span>")?;
        }
        if let Some(minutes) = entry.minutes.filter(|minutes| *minutes > 0) {
            if !entry.subjects.is_empty() {
                page.raw("<span class=\"dot\"> · </span>")?;
            }
            page.raw("<span>")?;
            page.words(&period::duration(minutes))?;
            page.raw("</span>")?;
        }
        page.raw("</p>")?;
    }
    page.raw("</div>\n")
}

fn part<W: Write>(page: &mut Writer<'_, W>, part: &Part) -> Result<()> {
    match part {
        Part::Paragraph(text) => wrap(page, "<p>", text, "</p>\n"),
        Part::Labelled(label, text) => wrap(page, &format!("<dt>{label}</dt><dd>"), text, "</dd>\n"),
        Part::Own(text) => {
            wrap(page, "<dt>", &Text::name(0), "</dt>")?;
            wrap(page, "<dd>", text, "</dd>\n")
        }
        Part::Words(text) => wrap(page, "<blockquote><p>", text, "</p></blockquote>\n"),
        Part::OwnWords(text) => {
            wrap(page, "<blockquote><p>", text, "</p>")?;
            wrap(page, "<footer>", &Text::name(0), "</footer></blockquote>\n")
        }
    }
}

fn wrap<W: Write>(page: &mut Writer<'_, W>, before: &str, text: &Text, after: &str) -> Result<()> {
    page.raw(before)?;
    page.text(text)?;
    page.raw(after)
}

/// How high the entry stands on paper, millimetres, roughly: 70 letters a line of 5.3 mm.
fn height(entry: &Page, layout: &Layout) -> f64 {
    let lines = |text: &Text| {
        let letters: usize = text
            .pieces
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.chars().count() + 35 * words.matches('\n').count(),
                Piece::Name(_) => 12,
            })
            .sum();
        letters.div_ceil(70).max(1) as f64 * 5.3
    };
    let text: f64 = entry
        .parts
        .iter()
        .map(|part| match part {
            Part::Paragraph(text) => lines(text) + 2.0,
            Part::Labelled(_, text) | Part::Own(text) => lines(text) + 6.4,
            Part::Words(text) | Part::OwnWords(text) => lines(text) * 1.3 + 8.0,
        })
        .sum();
    let photos: f64 = match layout {
        Layout::None => 0.0,
        Layout::One { width, .. } => {
            4.0 + entry.photos.first().map_or(0.0, |photo| width / photo.ratio()) + 5.7
        }
        Layout::Rows { rows, .. } => rows.iter().map(|row| row.height + 9.7).sum(),
    };
    12.0 + text + photos
}
