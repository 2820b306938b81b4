//! The hours table.
use std::io::Write;

use super::write::Writer;
use crate::error::Result;
use crate::export::hours::{Hours, NOTE, number};

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
    line(page, "Total", &hours.totals())?;
    page.raw("</tfoot>\n</table></div>\n")?;
    page.raw("<p class=\"note\">")?;
    page.words(NOTE)?;
    page.raw("</p>\n</section>\n")
}

fn line<W: Write>(page: &mut Writer<'_, W>, heading: &str, cells: &[u32]) -> Result<()> {
    page.raw("<tr><th scope=\"row\">")?;
    page.words(heading)?;
    page.raw("</th>")?;
    for cell in cells.iter().copied().chain([cells.iter().sum()]) {
        page.raw("<td>")?;
        page.words(&number(cell))?;
        page.raw("</td>")?;
    }
    page.raw("</tr>\n")
}
