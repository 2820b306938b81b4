//! Photos inside the file: read one at a time, laid out in rows, never cropped.
use std::collections::BTreeMap;
use std::io::Write;

use super::write::Writer;
use crate::error::{Error, Result};
use crate::export::portfolio::Photo;
use crate::export::rows::{FULL, Layout, MAIN, Row};
use crate::export::source::PhotoSource;
use crate::ids::AttachmentId;
use crate::progress::Progress;

/// Media types that every browser shows; anything else is refused.
const SHOWN: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// Where a page has its photos.
pub enum Album<'a> {
    /// Inside it: handed out one at a time and counted.
    Inside { source: &'a dyn PhotoSource, progress: &'a dyn Progress, done: u64, total: u64 },
    /// In files beside it.
    Beside(&'a BTreeMap<AttachmentId, String>),
}

impl<'a> Album<'a> {
    pub fn inside(source: &'a dyn PhotoSource, total: usize, progress: &'a dyn Progress) -> Self {
        Self::Inside { source, progress, done: 0, total: total as u64 }
    }

    /// One photo as an element.
    pub fn image<W: Write>(&mut self, page: &mut Writer<'_, W>, photo: &Photo) -> Result<()> {
        if !SHOWN.contains(&photo.mime.as_str()) {
            return Err(Error::Image("a photo is stored in a form that a browser cannot show".into()));
        }
        page.raw(&format!("<img width=\"{}\" height=\"{}\" alt=\"", photo.width, photo.height))?;
        page.words(&page.plain(&photo.alt))?;
        page.raw("\"")?;
        page.parts(&photo.alt)?;
        match self {
            Self::Inside { source, progress, done, total } => {
                page.raw(&format!(" src=\"data:{};base64,", photo.mime))?;
                page.base64(&source.photo(photo)?)?;
                *done += 1;
                progress.progress(*done, *total);
            }
            Self::Beside(files) => {
                page.raw(" loading=\"lazy\" src=\"")?;
                page.words(files.get(&photo.attachment).map_or("", String::as_str))?;
            }
        }
        page.raw("\">")
    }
}

/// The photos of one entry.
pub fn photos<W: Write>(
    page: &mut Writer<'_, W>,
    photos: &[Photo],
    layout: &Layout,
    album: &mut Album<'_>,
) -> Result<()> {
    match (layout, photos) {
        (Layout::One { width, beside }, [photo]) => {
            let shape = if photo.ratio() < 1.2 { " tall" } else { "" };
            let place = if *beside { " beside" } else { "" };
            let share = percent(*width, MAIN);
            page.raw(&format!(
                "<div class=\"photos\"><div class=\"one{shape}{place}\" style=\"--w:{share}\">\n"
            ))?;
            figure(page, photo, album)?;
            page.raw("</div></div>\n")
        }
        (Layout::Rows { wide, rows }, _) => {
            page.raw(if *wide { "<div class=\"photos wide\">\n" } else { "<div class=\"photos\">\n" })?;
            let column = if *wide { FULL } else { MAIN };
            let mut left = photos;
            for row in rows {
                let (here, rest) = left.split_at_checked(row.photos).unwrap_or((left, &[]));
                left = rest;
                self::row(page, row, column, here, album)?;
            }
            page.raw("</div>\n")
        }
        _ => Ok(()),
    }
}

fn row<W: Write>(
    page: &mut Writer<'_, W>,
    row: &Row,
    column: f64,
    photos: &[Photo],
    album: &mut Album<'_>,
) -> Result<()> {
    page.raw("<div class=\"row\"")?;
    if row.width < column - 0.01 {
        page.raw(&format!(" style=\"--w:{}\"", percent(row.width, column)))?;
    }
    page.raw(">\n")?;
    for photo in photos {
        figure(page, photo, album)?;
    }
    page.raw("</div>\n")
}

fn figure<W: Write>(page: &mut Writer<'_, W>, photo: &Photo, album: &mut Album<'_>) -> Result<()> {
    page.raw(&format!("<figure style=\"--r:{:.4};--m:{:.1}\">", photo.ratio(), photo.widest()))?;
    album.image(page, photo)?;
    if !photo.caption.is_empty() {
        page.raw("<figcaption>")?;
        page.text(&photo.caption)?;
        page.raw("</figcaption>")?;
    }
    page.raw("</figure>\n")
}

fn percent(part: f64, whole: f64) -> String {
    format!("{:.2}%", (part / whole * 100.0).min(100.0))
}
