//! Tables with a header row that is repeated on every page, and rows that are never split.

use super::xml::Xml;
use crate::export::hours::{Hours, number};
use crate::export::report::Table;
use crate::export::text::Text;

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
    let cells = |heading: &str, cells: &[u32]| {
        let numbers = cells.iter().copied().chain([cells.iter().sum()]);
        let mut row = vec![Text::words(heading)];
        row.extend(numbers.map(|tenths| Text::words(number(tenths))));
        row
    };
    let mut rows: Vec<Vec<Text>> =
        hours.rows.iter().map(|(subject, tenths)| cells(subject, tenths)).collect();
    rows.push(cells("Total", &hours.totals()));
    let mut head = vec!["Subject".to_owned()];
    head.extend(hours.terms.iter().cloned());
    head.push("Year".to_owned());
    let numbers = head.len() - 1;
    table(xml, &Table { head, rows, numbers });
    xml.paragraph("Caption", |xml| {
        xml.run("Estimates from dated entries. An entry with two subjects counts half for each.");
    });
}

fn cell(xml: &mut Xml<'_>, style: &str, fill: impl FnOnce(&mut Xml<'_>)) {
    xml.raw("<w:tc>");
    xml.raw(&format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>"));
    fill(xml);
    xml.raw("</w:p></w:tc>");
}
