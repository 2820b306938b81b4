//! The rename bar: names are changed in the opened file, by its one script, without storing or sending anything.
use std::io::Write;

use super::page::Frame;
use super::write::Writer;
use crate::error::Result;
use crate::export::portfolio::Person;

/// The one script of the file; the policy names it by its hash.
pub const SCRIPT: &str = include_str!("script.js");

/// Fields have no name attribute and ask the browser to keep, correct and translate nothing.
const FIELD: &str = "type=\"text\" maxlength=\"80\" autocomplete=\"off\" autocorrect=\"off\" autocapitalize=\"words\" \
                     spellcheck=\"false\" translate=\"no\" data-1p-ignore data-lpignore=\"true\" data-form-type=\"other\"";

/// The bar. Until the script runs it shows how to change names, and no field.
pub fn bar<W: Write>(page: &mut Writer<'_, W>, frame: &Frame<'_>) -> Result<()> {
    if !page.renamable {
        return Ok(());
    }
    page.raw("<details class=\"bar\" id=\"names\">\n<summary><span>Names in this file</span> <span class=\"who-is-in\">")?;
    for who in 0..frame.cast.len() {
        if who > 0 {
            page.raw(", ")?;
        }
        page.name(who)?;
    }
    page.raw("</span></summary>\n<div class=\"inside\">\n<p id=\"preview\" class=\"small\">Names can be changed when this file is open in ")?;
    page.raw(
        "a web browser. In a mail or file preview, choose Share, then Safari, Chrome or Firefox.</p>\n",
    )?;
    page.raw("<div id=\"rename\" hidden>\n<div class=\"fields\">\n")?;
    for (who, person) in frame.cast.iter().enumerate() {
        field(page, who, person)?;
    }
    page.raw("<button type=\"button\" id=\"save\" data-file=\"")?;
    page.words(&frame.file_name)?;
    page.raw("\">Save renamed copy</button>\n</div>\n<div class=\"below\">\n")?;
    page.raw("<label class=\"tick\"><input type=\"checkbox\" id=\"fix\" autocomplete=\"off\"> ")?;
    page.raw("<span>Fix the names: the copy cannot be renamed again</span></label>\n")?;
    page.raw("<p class=\"small\">What you type stays in this window. Nothing is sent or kept until you save a copy.</p>\n")?;
    page.raw("</div>\n<p id=\"saved\" role=\"status\"></p>\n</div>\n</div>\n</details>\n")
}

fn field<W: Write>(page: &mut Writer<'_, W>, who: usize, person: &Person) -> Result<()> {
    let number = who + 1;
    page.raw(&format!("<div class=\"field\"><label for=\"name-{number}\">"))?;
    if !person.emoji.is_empty() {
        page.raw("<span aria-hidden=\"true\">")?;
        page.words(&person.emoji)?;
        page.raw("</span> ")?;
    }
    page.raw(&format!("Name for <span data-label=\"{number}\" dir=\"auto\">"))?;
    page.words(page.name_of(who))?;
    page.raw(&format!("</span></label><input id=\"name-{number}\" data-for=\"{number}\" {FIELD}></div>\n"))
}

/// The script, at the end of the body.
pub fn script<W: Write>(page: &mut Writer<'_, W>) -> Result<()> {
    if page.renamable {
        page.raw("<script>")?;
        page.raw(SCRIPT)?;
        page.raw("</script>\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::SCRIPT;

    #[test]
    fn the_script_can_store_send_and_parse_nothing() {
        for word in [
            "innerHTML",
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "cookie",
            "fetch(",
            "XMLHttpRequest",
            "sendBeacon",
            "eval",
            "</script",
            "document.write",
        ] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
        assert!(!SCRIPT.contains('\r'), "the hash is over line feeds only");
    }
}
