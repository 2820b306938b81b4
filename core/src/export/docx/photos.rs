//! Photos in a word processor's document: rows as tables without lines, so that captions stand under their photos.

use super::xml::Xml;
use crate::export::portfolio::Photo;
use crate::export::rows::{FULL, Layout, MAIN};

/// English Metric Units in a millimetre.
const EMU: f64 = 36_000.0;
/// Twentieths of a point in a millimetre.
const TWIPS: f64 = 56.692_913;
const GAP: f64 = 4.0;

/// The photos of the document, in the order in which the file holds them.
#[derive(Default)]
pub struct Album<'a> {
    pub photos: Vec<&'a Photo>,
}

/// What the document calls a photo.
pub fn relationship(nth: usize) -> String {
    format!("photo{nth}")
}

/// Its name in the file.
pub fn file(nth: usize, photo: &Photo) -> String {
    format!("photo{nth}.{}", if photo.mime == "image/png" { "png" } else { "jpg" })
}

impl<'a> Album<'a> {
    /// One photo, so wide in millimetres at most.
    pub fn image(&mut self, xml: &mut Xml<'_>, photo: &'a Photo, width: f64) {
        let nth = self.photos.len();
        self.photos.push(photo);
        let width = width.min(photo.widest());
        let (across, down) = ((width * EMU).round(), (width / photo.ratio() * EMU).round());
        let id = xml.number();
        xml.raw(&format!(
            "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{across}\" cy=\"{down}\"/><wp:docPr id=\"{id}\" name=\"Photo {}\" descr=\"",
            nth + 1
        ));
        xml.plain(&photo.alt);
        xml.raw(&format!(
            "\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
             <pic:nvPicPr><pic:cNvPr id=\"{id}\" name=\"Photo {}\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"{}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{across}\" cy=\"{down}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
            nth + 1,
            relationship(nth)
        ));
    }

    /// The photos of one entry.
    pub fn rows(&mut self, xml: &mut Xml<'_>, photos: &'a [Photo], layout: &Layout) {
        match (layout, photos) {
            (Layout::One { width, .. }, [photo]) => {
                xml.paragraph("Picture", |xml| self.image(xml, photo, *width));
                caption(xml, photo);
            }
            (Layout::Rows { wide, rows }, _) => {
                let mut left = photos;
                for row in rows {
                    let (here, rest) = left.split_at_checked(row.photos).unwrap_or((left, &[]));
                    left = rest;
                    self.row(xml, here, row.height, if *wide { FULL } else { MAIN });
                }
            }
            _ => {}
        }
    }

    fn row(&mut self, xml: &mut Xml<'_>, photos: &'a [Photo], height: f64, column: f64) {
        let widths: Vec<f64> = photos.iter().map(|photo| photo.ratio() * height).collect();
        let twips = |width: f64| ((width + GAP) * TWIPS).round();
        xml.raw(&format!(
            "<w:tbl><w:tblPr><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>\
             <w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>",
            (column * TWIPS).round()
        ));
        for width in &widths {
            xml.raw(&format!("<w:gridCol w:w=\"{}\"/>", twips(*width)));
        }
        xml.raw("</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (photo, width) in photos.iter().zip(&widths) {
            xml.raw(&format!("<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/></w:tcPr>", twips(*width)));
            xml.paragraph("Picture", |xml| self.image(xml, photo, *width));
            caption(xml, photo);
            xml.raw("</w:tc>");
        }
        // Tables that touch would become one.
        xml.raw("</w:tr></w:tbl><w:p><w:pPr><w:spacing w:after=\"0\" w:line=\"60\" w:lineRule=\"exact\"/></w:pPr></w:p>");
    }
}

fn caption(xml: &mut Xml<'_>, photo: &Photo) {
    if !photo.caption.is_empty() {
        xml.text_paragraph("Caption", &photo.caption);
    }
}
