//! One entry: date, subjects, title, labels, the learner's words, photos.

use super::photos::Album;
use super::xml::Xml;
use crate::export::period;
use crate::export::portfolio::{Page, Part};
use crate::export::rows::{in_column, layout};
use crate::export::text::Text;

/// Writes entry `number`, counted from 1, which the contents lead to.
pub fn entry<'a>(xml: &mut Xml<'_>, number: usize, entry: &'a Page, album: &mut Album<'a>) {
    when(xml, entry);
    xml.paragraph("Heading2", |xml| {
        let id = xml.number();
        xml.raw(&format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"e{number}\"/>"));
        xml.text(&entry.title);
        xml.raw(&format!("<w:bookmarkEnd w:id=\"{id}\"/>"));
    });
    parts(xml, &entry.parts);
    if !entry.photos.is_empty() {
        xml.keep_with_next();
    }
    album.rows(xml, &entry.photos, &layout(&entry.photos));
}

/// A sample inside a report: its heading is one deeper.
pub fn sample<'a>(xml: &mut Xml<'_>, sample: &'a Page, album: &mut Album<'a>) {
    xml.text_paragraph("Heading3", &sample.title);
    let when = Text::joined([Text::words(period::date(sample.date)), sample.subjects.clone()], " · ");
    xml.text_paragraph("Subjects", &when);
    parts(xml, &sample.parts);
    if !sample.photos.is_empty() {
        xml.keep_with_next();
    }
    for photos in in_column(&sample.photos) {
        album.rows(xml, photos, &layout(photos));
    }
}

fn when(xml: &mut Xml<'_>, entry: &Page) {
    xml.paragraph("Day", |xml| xml.run(&period::date(entry.date)));
    let minutes = entry.minutes.filter(|minutes| *minutes > 0).map(period::duration).unwrap_or_default();
    let parts = Text::joined([entry.subjects.clone(), Text::words(minutes)], " · ");
    if !parts.is_empty() {
        xml.text_paragraph("Subjects", &parts);
    }
}

fn parts(xml: &mut Xml<'_>, parts: &[Part]) {
    for part in parts {
        match part {
            Part::Paragraph(text) => xml.text_paragraph("Normal", text),
            Part::Labelled(label, text) => {
                xml.paragraph("Label", |xml| xml.run(label));
                xml.text_paragraph("Normal", text);
            }
            Part::Own(text) => {
                xml.text_paragraph("Label", &Text::name(0));
                xml.text_paragraph("Normal", text);
            }
            Part::Words(text) => xml.text_paragraph("Quote", text),
            Part::OwnWords(text) => {
                xml.text_paragraph("Quote", text);
                xml.text_paragraph("Subjects", &Text::name(0));
            }
        }
    }
}
