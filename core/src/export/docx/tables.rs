//! Tables with a header row that is repeated on every page, and rows that are never split.

use super::xml::Xml;
use crate::export::hours::{Hours, NOTE};
use crate::export::report::Table;

/// Writes a table.
pub fn table(xml: &mut Xml<'_>, table: &Table) {
    let first_number = table.head.len() - table.numbers.min(table.head.len());
    let style = |column: usize| if column >= first_number { "Number" } else { "Cell" };
    xml.raw(
        "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>\
         <w:bottom w:val=\"single\" w:sz=\"4\" w:color=\"8F8676\"/><w:insideH w:val=\"single\" w:sz=\"4\" w:color=\"8F8676\"/>\
         </w:tblBorders><w:tblLook w:firstRow=\"1\" w:firstColumn=\"1\"/></w:tblPr><w:tblGrid>",
    );
    for _ in &table.head {
        xml.raw(&format!("<w:gridCol w:w=\"{}\"/>", 9_638 / table.head.len().max(1)));
    }
    xml.raw("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (column, heading) in table.head.iter().enumerate() {
        cell(xml, style(column), |xml| xml.bold(heading));
    }
    xml.raw("</w:tr>");
    for row in &table.rows {
        xml.raw("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (column, text) in row.iter().enumerate() {
            cell(xml, style(column), |xml| xml.text(text));
        }
        xml.raw("</w:tr>");
    }
    // A table is never the last thing of a document or of a cell.
    xml.raw("</w:tbl><w:p><w:pPr><w:spacing w:after=\"0\"/></w:pPr></w:p>");
}

/// The hours table with its note.
pub fn hours(xml: &mut Xml<'_>, hours: &Hours) {
    table(xml, &hours.table());
    xml.paragraph("Caption", |xml| {
        xml.run(NOTE);
    });
}

fn cell(xml: &mut Xml<'_>, style: &str, fill: impl FnOnce(&mut Xml<'_>)) {
    xml.raw("<w:tc>");
    xml.raw(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>"));
    fill(xml);
    xml.raw("</w:p></w:tc>");
}
