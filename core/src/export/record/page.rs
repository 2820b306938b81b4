//! index.html: the record to read in any browser, now and in twenty years, without a script and without a network.

use super::material::{Material, Names};
use super::tables::{lines, text};
use crate::error::Result;
use crate::export::html::Writer;
use crate::export::period;
use crate::plain::{self, Object, PlainKind, Shape};
use crate::progress::Cancel;
use crate::records::Kind;
use jiff::civil::Date;
use serde_json::Value as Json;
use std::io::Write;

type Page<'a> = Writer<'a, &'a mut dyn Write>;

const HEAD: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:\">
<meta name=\"viewport\" content=\"width=device-width\"><title>A record of learning</title>
<style>
body{font:1rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#000;background:#fff}
article{margin:1.5rem 0;padding-top:.75rem;border-top:1px solid #8f8676}
h3{margin:0}p{white-space:pre-wrap;margin:.4rem 0}small,dt{color:#4a443b}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .75rem;margin:.4rem 0}dd{margin:0;white-space:pre-wrap}
figure{margin:.75rem 0}img{max-width:100%;height:auto}
</style></head><body>
<h1>A record of learning</h1>
";

pub(super) fn write(
    material: &Material<'_>,
    made_on: Date,
    out: &mut dyn Write,
    cancel: &Cancel,
) -> Result<()> {
    let mut page = Writer::new(out, &[], false);
    page.raw(HEAD)?;
    page.raw("<p><small>Made on ")?;
    page.words(&period::date(made_on))?;
    page.raw(
        ". The photos lie in the folder photos, tables in the files that end in .csv, and everything that the app \
         needs to read it in again in record.json.</small></p>\n",
    )?;
    for kind in &material.kinds {
        let mut begun = false;
        material.each(kind, |object| {
            cancel.check()?;
            if !begun {
                begun = true;
                page.raw("<h2>")?;
                page.words(&heading(kind))?;
                page.raw("</h2>\n")?;
            }
            if kind.kind == Kind::Entry {
                entry(&mut page, &object, &material.names)
            } else {
                item(&mut page, kind, &object, &material.names)
            }
        })?;
    }
    page.raw("</body></html>\n")?;
    page.flush()
}

/// "needs_notes" as "Needs notes".
fn heading(kind: &PlainKind) -> String {
    let words = kind.list.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

fn entry(page: &mut Page<'_>, entry: &Object, names: &Names) -> Result<()> {
    page.raw("<article><h3>")?;
    let day = text(entry, "learned_on");
    page.words(&period::parse_date(day).map_or_else(|_| day.to_owned(), period::date))?;
    let title = text(entry, "title");
    if !title.is_empty() {
        page.raw(" · ")?;
        page.words(title)?;
    }
    page.raw("</h3>\n")?;
    let lines = lines(entry, names);
    let mut facts: Vec<String> = lines.iter().map(|(name, _)| (*name).to_owned()).collect();
    facts.extend(names.list(entry.get("subjects")).into_iter().map(str::to_owned));
    let minutes = entry.get("minutes").and_then(Json::as_u64).and_then(|minutes| u32::try_from(minutes).ok());
    facts.extend(minutes.map(period::duration));
    if entry.get("on_record").and_then(Json::as_bool) != Some(true) {
        facts.push("draft".into());
    }
    page.raw("<small>")?;
    page.words(&facts.join(" · "))?;
    page.raw("</small>\n")?;
    paragraph(page, "", text(entry, "note"))?;
    for (name, line) in lines {
        paragraph(page, name, line)?;
    }
    for (label, field) in
        [("How it went", "how_it_went"), ("What it shows", "what_it_shows"), ("Next", "what_comes_next")]
    {
        paragraph(page, label, text(entry, field))?;
    }
    for photo in entry.get(plain::ATTACHMENTS).and_then(Json::as_array).into_iter().flatten() {
        self::photo(page, photo, day)?;
    }
    page.raw("</article>\n")
}

fn paragraph(page: &mut Page<'_>, label: &str, words: &str) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    page.raw("<p>")?;
    if !label.is_empty() {
        page.raw("<b>")?;
        page.words(label)?;
        page.raw(":</b> ")?;
    }
    page.words(words)?;
    page.raw("</p>\n")
}

fn photo(page: &mut Page<'_>, photo: &Json, day: &str) -> Result<()> {
    let string = |name: &str| photo.get(name).and_then(Json::as_str).unwrap_or_default();
    let (file, caption, alt) = (string("file"), string("caption"), string("alt"));
    if file.is_empty() {
        return page.raw("<p><small>A photo was not on the phone when this was made.</small></p>\n");
    }
    page.raw("<figure><a href=\"")?;
    page.words(file)?;
    page.raw("\">")?;
    if string("mime").starts_with("image/") {
        page.raw("<img loading=\"lazy\" src=\"")?;
        page.words(file)?;
        let side = |name: &str| photo.get(name).and_then(Json::as_u64).unwrap_or_default();
        page.raw(&format!("\" width=\"{}\" height=\"{}\" alt=\"", side("width"), side("height")))?;
        let fallback = format!("Photograph, {day}");
        page.words([alt, caption].into_iter().find(|text| !text.is_empty()).unwrap_or(&fallback))?;
        page.raw("\">")?;
    } else {
        page.words(file)?;
    }
    page.raw("</a>")?;
    if !caption.is_empty() {
        page.raw("<figcaption>")?;
        page.words(caption)?;
        page.raw("</figcaption>")?;
    }
    page.raw("</figure>\n")
}

/// Any other kind: its fields by name.
fn item(page: &mut Page<'_>, kind: &PlainKind, object: &Object, names: &Names) -> Result<()> {
    page.raw("<article><dl>\n")?;
    for field in kind.fields.iter().filter(|field| !matches!(field.name, "order" | "colour" | "recorded_at"))
    {
        let Some(value) = object.get(field.name) else { continue };
        let words = match (field.shape, value) {
            (Shape::Id, id) => names.told(id).to_owned(),
            (Shape::Ids, ids) => names.list(Some(ids)).join(", "),
            (_, Json::Bool(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
            (_, Json::String(text)) => text.clone(),
            (_, Json::Array(items)) => items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", "),
            (_, other) => other.to_string(),
        };
        if !words.is_empty() {
            page.raw("<dt>")?;
            page.words(&field.name.replace('_', " "))?;
            page.raw("</dt><dd>")?;
            page.words(&words)?;
            page.raw("</dd>\n")?;
        }
    }
    page.raw("</dl></article>\n")
}
