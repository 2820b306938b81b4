//! Tables: rows under a header, hours by subject and term, the reading list.
use std::io::Write;

use super::write::Writer;
use crate::error::Result;
use crate::export::hours::{Hours, NOTE, number};
use crate::export::report::Table;
use crate::export::text::Text;

/// Hours by subject and term.
pub fn hours<W: Write>(page: &mut Writer<'_, W>, hours: &Hours) -> Result<()> {
    page.raw("<section class=\"tables\" aria-labelledby=\"hours\">\n<h2 id=\"hours\">Hours</h2>\n")?;
    page.raw("<div class=\"scroll\" role=\"region\" aria-labelledby=\"hours\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Subject</th>")?;
    for term in &hours.terms {
        page.raw("<th scope=\"col\">")?;
        page.words(term)?;
        page.raw("</th>")?;
    }
    page.raw("<th scope=\"col\">Year</th></tr></thead>\n<tbody>\n")?;
    for (subject, cells) in &hours.rows {
        line(page, subject, cells)?;
    }
    page.raw("</tbody>\n<tfoot>\n")?;
    line(page, &Text::words("Total"), &hours.totals())?;
    page.raw("</tfoot>\n</table></div>\n")?;
    page.raw("<p class=\"note\">")?;
    page.words(NOTE)?;
    page.raw("</p>\n</section>\n")
}

/// The reading list.
pub fn reading<W: Write>(page: &mut Writer<'_, W>, list: &Table) -> Result<()> {
    page.raw(
        "<section class=\"tables\" aria-labelledby=\"reading\">\n<h2 id=\"reading\">Reading list</h2>\n",
    )?;
    table(page, list, Some("reading"))?;
    page.raw("</section>\n")
}

/// Rows under a header.
pub fn table<W: Write>(page: &mut Writer<'_, W>, table: &Table, labelled: Option<&str>) -> Result<()> {
    let first_number = table.head.len() - table.numbers.min(table.head.len());
    // What can be scrolled is reached by keyboard, and has a name.
    let region = labelled
        .map(|id| format!(" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\""))
        .unwrap_or_default();
    page.raw(&format!("<div class=\"scroll\"{region}><table>\n<thead><tr>"))?;
    for (column, heading) in table.head.iter().enumerate() {
        let is_words = (1..first_number).contains(&column);
        page.raw(if is_words { "<th scope=\"col\" class=\"words\">" } else { "<th scope=\"col\">" })?;
        page.words(heading)?;
        page.raw("</th>")?;
    }
    page.raw("</tr></thead>\n<tbody>\n")?;
    for row in &table.rows {
        page.raw("<tr>")?;
        for (column, cell) in row.iter().enumerate() {
            let (open, close) = match column {
                0 => ("<th scope=\"row\">", "</th>"),
                column if column >= first_number => ("<td>", "</td>"),
                _ => ("<td class=\"words\">", "</td>"),
            };
            page.raw(open)?;
            page.text(cell)?;
            page.raw(close)?;
        }
        page.raw("</tr>\n")?;
    }
    page.raw("</tbody>\n</table></div>\n")
}

fn line<W: Write>(page: &mut Writer<'_, W>, heading: &Text, cells: &[u32]) -> Result<()> {
    page.raw("<tr><th scope=\"row\">")?;
    page.text(heading)?;
    page.raw("</th>")?;
    for cell in cells.iter().copied().chain([cells.iter().sum()]) {
        page.raw("<td>")?;
        page.words(&number(cell))?;
        page.raw("</td>")?;
    }
    page.raw("</tr>\n")
}
