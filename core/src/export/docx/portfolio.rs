//! The portfolio's body: cover, contents, entries, tables; and the footer of every document.

use super::entry::entry;
use super::photos::Album;
use super::tables;
use super::xml::Xml;
use crate::export::period;
use crate::export::portfolio::Portfolio;
use crate::export::rows::MAIN;
use crate::export::text::Text;

/// A4 with the margins of documents.md, in twentieths of a point; `cover` leaves the footer off the first page.
pub fn section(xml: &mut Xml<'_>, cover: bool) {
    xml.raw("<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId3\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>");
    xml.raw("<w:pgMar w:top=\"1021\" w:right=\"1021\" w:bottom=\"1247\" w:left=\"1247\" w:header=\"600\" w:footer=\"600\" w:gutter=\"0\"/>");
    xml.raw(if cover { "<w:titlePg/></w:sectPr>" } else { "</w:sectPr>" });
}

/// Name and what follows it, and the number of the page.
pub fn footer(xml: &mut Xml<'_>, who: usize, words: &str) {
    xml.paragraph("Footer", |xml| {
        xml.name(who);
        xml.run(&format!("\u{2003}{words}"));
        xml.raw("<w:r><w:tab/></w:r>");
        xml.run("Page ");
        xml.raw("<w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
        xml.run(" of ");
        xml.raw("<w:fldSimple w:instr=\" NUMPAGES \"><w:r><w:t>1</w:t></w:r></w:fldSimple>");
    });
}

/// How a name is changed, for whoever opens a file in which a nickname stands; a paragraph that can be deleted.
pub fn hint(xml: &mut Xml<'_>) {
    xml.paragraph("Hint", |xml| {
        xml.run(
            "In Word, change a name in one place and it changes everywhere. In other programs, use Find and Replace. \
             This paragraph can be deleted.",
        );
    });
}

/// Everything between the first and the last page; with `to_be_renamed`, how names are changed.
pub fn body<'a>(xml: &mut Xml<'_>, portfolio: &'a Portfolio, album: &mut Album<'a>, to_be_renamed: bool) {
    cover(xml, portfolio, album);
    if to_be_renamed {
        hint(xml);
    }
    page_break(xml);
    contents(xml, portfolio);
    for (number, one) in (1..).zip(&portfolio.entries) {
        entry(xml, number, one, album);
    }
    if let Some(hours) = &portfolio.hours {
        xml.paragraph("Heading1", |xml| xml.run("Hours"));
        tables::hours(xml, hours);
    }
    if let Some(list) = &portfolio.reading {
        xml.paragraph("Heading1", |xml| xml.run("Reading list"));
        tables::table(xml, list);
    }
    section(xml, true);
}

fn cover<'a>(xml: &mut Xml<'_>, portfolio: &'a Portfolio, album: &mut Album<'a>) {
    xml.text_paragraph("Title", &Text::name(0));
    xml.paragraph("Subtitle", |xml| xml.run("A record of learning"));
    xml.paragraph("Subtitle", |xml| xml.run(&portfolio.period.line()));
    xml.paragraph("Caption", |xml| xml.run(&format!("Made on {}", period::date(portfolio.made_on))));
    if let Some(photo) = &portfolio.cover {
        xml.paragraph("Picture", |xml| album.image(xml, photo, (photo.ratio() * 130.0).min(MAIN)));
        xml.text_paragraph("Caption", &photo.cover_caption());
    }
}

fn contents(xml: &mut Xml<'_>, portfolio: &Portfolio) {
    xml.paragraph("Heading1", |xml| xml.run("Contents"));
    let mut open: Option<String> = None;
    for (number, entry) in (1..).zip(&portfolio.entries) {
        let term = period::term(entry.date);
        if open.as_ref() != Some(&term) {
            xml.paragraph("Heading3", |xml| xml.run(&term));
            open = Some(term);
        }
        xml.paragraph("Line", |xml| {
            xml.raw(&format!("<w:hyperlink w:anchor=\"e{number}\">"));
            xml.run(&period::day(entry.date));
            xml.raw("<w:r><w:tab/></w:r>");
            xml.text(&entry.title);
            xml.raw("</w:hyperlink>");
        });
    }
    page_break(xml);
}

fn page_break(xml: &mut Xml<'_>) {
    xml.raw("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
}
