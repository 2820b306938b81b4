//! A report's body: letter head, details, numbered sections, lines to sign.

use super::entry;
use super::photos::Album;
use super::tables;
use super::xml::Xml;
use crate::export::period;
use crate::export::report::{Details, ReportBlock, ReportPaper, joined};

/// Everything on its pages; `whole` is the place of the whole name among the names.
pub fn body<'a>(
    xml: &mut Xml<'_>,
    paper: &'a ReportPaper,
    details: &Details,
    whole: usize,
    album: &mut Album<'a>,
) {
    for lines in [&details.sender, &details.recipient] {
        if !lines.is_empty() {
            xml.paragraph("Normal", |xml| xml.run(lines));
        }
    }
    xml.paragraph("Normal", |xml| xml.run(&period::long_date(paper.made_on)));
    xml.paragraph("Heading1", |xml| {
        xml.run(&format!("{}: ", paper.title));
        xml.name(whole);
    });
    xml.paragraph("Normal", |xml| {
        xml.run(&format!(
            "{} to {}.",
            period::long_date(paper.period.from),
            period::long_date(paper.period.to)
        ));
        if !details.reference.is_empty() {
            xml.run(&format!(" Your reference: {}", &*details.reference));
        }
    });
    heading(xml, 1, |xml| xml.run("Details"));
    xml.paragraph("Normal", |xml| {
        xml.run("Child: ");
        xml.name(whole);
        if !details.born.is_empty() {
            xml.run(&format!(", born {}", &*details.born));
        }
        if let Some(group) = &paper.year_group {
            xml.run(&format!(", {group}"));
        }
    });
    if !details.educated_by.is_empty() {
        xml.paragraph("Normal", |xml| xml.run(&format!("Educated by: {}", joined(&details.educated_by))));
    }
    for (number, part) in (2..).zip(&paper.parts) {
        heading(xml, number, |xml| xml.text(&part.heading));
        for block in &part.blocks {
            match block {
                ReportBlock::Paragraph { label, text } => xml.paragraph("Normal", |xml| {
                    if !label.is_empty() {
                        xml.bold(&format!("{label}. "));
                    }
                    xml.text(text);
                }),
                ReportBlock::Table(table) => tables::table(xml, table),
                ReportBlock::Sample(sample) => entry::sample(xml, sample, album),
            }
        }
    }
    for (nth, name) in details.educated_by.lines().enumerate() {
        // Lines to sign stay on one page.
        if nth > 0 {
            xml.keep_with_next();
        }
        xml.paragraph("Hint", |xml| xml.run(&format!("\n______________________________\n{name}")));
    }
}

fn heading(xml: &mut Xml<'_>, number: usize, fill: impl FnOnce(&mut Xml<'_>)) {
    xml.paragraph("ReportHeading", |xml| {
        xml.run(&format!("{number}\u{2003}"));
        fill(xml);
    });
}
