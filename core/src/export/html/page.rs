//! Head, cover and contents.
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::photos::Album;
use super::write::Writer;
use super::{bar, fonts};
use crate::error::Result;
use crate::export::format::Format;
use crate::export::period;
use crate::export::portfolio::{Page, Person, Portfolio};
use crate::export::text::Text;

const STYLE: &str = include_str!("style.css");

/// What every document is framed by: its language, title and footer, and whose names can be changed in it.
pub struct Frame<'a> {
    pub language: &'a str,
    pub cast: &'a [Person],
    pub title: Text,
    /// The learner's name as it was typed for this document: at the end of the title and in the footer, where the bar does
    /// not rename it. Empty: the name of the cast.
    pub whole: &'a str,
    /// What the printed footer says after the name.
    pub footer: String,
    pub file_name: String,
    /// Where its photos are, as a policy says it.
    pub photos: &'static str,
}

impl<'a> Frame<'a> {
    pub fn of(portfolio: &'a Portfolio) -> Self {
        let period = portfolio.period.line();
        let mut title = Text::name(0);
        title.push_words(&format!(": a record of learning, {period}"));
        let file_name = portfolio.file_name(Format::Html);
        Self {
            language: &portfolio.language,
            cast: &portfolio.cast,
            title,
            whole: "",
            footer: period,
            file_name,
            photos: "data:",
        }
    }
}

/// Everything up to the start of the body.
pub fn head<W: Write>(page: &mut Writer<'_, W>, frame: &Frame<'_>) -> Result<()> {
    page.raw("<!doctype html>\n<html lang=\"")?;
    page.words(frame.language)?;
    page.raw("\"")?;
    footer_line(page, frame)?;
    page.raw(">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"")?;
    page.raw(&policy(page.renamable, frame.photos))?;
    page.raw("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")?;
    page.raw(
        "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n",
    )?;
    page.raw(
        "<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no\">\n<title",
    )?;
    page.parts(&frame.title)?;
    page.raw(">")?;
    page.words(&page.plain(&frame.title))?;
    page.words(frame.whole)?;
    page.raw("</title>\n<style>\n")?;
    fonts::faces(page)?;
    page.raw(STYLE)?;
    page.raw("</style>\n</head>\n<body>\n")
}

/// The page may read what is inside it, run the one script whose hash stands here, and nothing else.
fn policy(script: bool, photos: &str) -> String {
    let script = if script {
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(bar::SCRIPT.as_bytes())))
    } else {
        "'none'".to_owned()
    };
    format!(
        "default-src 'none'; img-src {photos}; media-src data:; style-src 'unsafe-inline'; font-src data:; \
         script-src {script}; form-action 'none'; base-uri 'none'"
    )
}

/// The printed footer, the name and what follows it, as a CSS string on the root element.
fn footer_line<W: Write>(page: &mut Writer<'_, W>, frame: &Frame<'_>) -> Result<()> {
    // An em space keeps both apart in print.
    let rest = format!("\u{2003}{}", frame.footer);
    let fixed = !frame.whole.is_empty();
    let name = if fixed { frame.whole } else { page.name_of(0) };
    let line = css_string(&format!("{name}{rest}"));
    page.raw(" style=\"--foot:")?;
    page.words(&line)?;
    page.raw("\"")?;
    if page.renamable && !fixed {
        page.raw(" data-foot=\"")?;
        page.words(&rest)?;
        page.raw("\"")?;
    }
    Ok(())
}

/// A CSS string in which everything but plain letters and digits is written by number.
fn css_string(text: &str) -> String {
    let mut css = String::from("\"");
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() || letter == ' ' {
            css.push(letter);
        } else {
            css.push_str(&format!("\\{:x} ", u32::from(letter)));
        }
    }
    css.push('"');
    css
}

/// The cover: picture, name, period, and a photo.
pub fn cover<W: Write>(page: &mut Writer<'_, W>, portfolio: &Portfolio, album: &mut Album<'_>) -> Result<()> {
    page.raw("<header class=\"cover\">\n<div class=\"who\">\n")?;
    if let Some(emoji) =
        portfolio.cast.first().map(|person| person.emoji.as_str()).filter(|emoji| !emoji.is_empty())
    {
        page.raw("<p class=\"emoji\" aria-hidden=\"true\">")?;
        page.words(emoji)?;
        page.raw("</p>\n")?;
    }
    page.raw("<h1>")?;
    page.name(0)?;
    let (start, end) = portfolio.period.words();
    page.raw("</h1>\n<p class=\"what\"><span>A record of learning</span> <span>")?;
    page.words(&start)?;
    page.raw("</span> <span>")?;
    page.words(&end)?;
    page.raw("</span></p>\n<p class=\"made\">Made on ")?;
    page.words(&period::date(portfolio.made_on))?;
    page.raw("</p>\n</div>\n")?;
    if let Some(photo) = &portfolio.cover {
        page.raw(&format!("<figure style=\"--r:{:.4}\">", photo.ratio()))?;
        album.image(page, photo)?;
        page.raw("<figcaption>")?;
        page.text(&photo.cover_caption())?;
        page.raw("</figcaption></figure>\n")?;
    }
    page.raw("</header>\n")
}

/// The contents, by term.
pub fn contents<W: Write>(page: &mut Writer<'_, W>, portfolio: &Portfolio) -> Result<()> {
    page.raw("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n")?;
    let mut open: Option<String> = None;
    for (number, entry) in (1..).zip(&portfolio.entries) {
        let term = period::term(entry.date);
        if open.as_ref() != Some(&term) {
            if open.is_some() {
                page.raw("</ul></section>\n")?;
            }
            page.raw("<section><h3>")?;
            page.words(&term)?;
            page.raw("</h3>\n<ul>\n")?;
            open = Some(term);
        }
        line(page, number, entry)?;
    }
    if open.is_some() {
        page.raw("</ul></section>\n")?;
    }
    let tables = [
        ("hours", "Hours", portfolio.hours.is_some()),
        ("reading", "Reading list", portfolio.reading.is_some()),
    ];
    let tables: Vec<String> = tables
        .iter()
        .filter(|(.., there)| *there)
        .map(|(id, words, _)| format!("<li><a href=\"#{id}\"><span></span><span>{words}</span></a></li>\n"))
        .collect();
    if !tables.is_empty() {
        page.raw(&format!("<section><h3>Tables</h3>\n<ul>\n{}</ul></section>\n", tables.concat()))?;
    }
    page.raw("</nav>\n")
}

fn line<W: Write>(page: &mut Writer<'_, W>, number: usize, entry: &Page) -> Result<()> {
    page.raw(&format!("<li><a href=\"#e{number}\"><time datetime=\"{}\">", entry.date))?;
    page.words(&period::day(entry.date))?;
    page.raw("</time> <span>")?;
    page.text(&entry.title)?;
    page.raw("</span></a></li>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_one_script_and_no_address() {
        let policy = policy(true, "data:");
        assert!(policy.starts_with("default-src 'none'; img-src data:; "));
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("http") && !policy.contains('*'));
    }

    #[test]
    fn a_name_in_the_printed_footer_cannot_leave_its_string() {
        assert_eq!(css_string("Zoë O'N \"};x"), "\"Zo\\eb  O\\27 N \\22 \\7d \\3b x\"");
    }
}
