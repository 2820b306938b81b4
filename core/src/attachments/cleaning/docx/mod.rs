//! DOCX: only what its main part leads to and a reader sees is written into a new package, every part of it scrubbed.
//! What describes the document, its template, its macros and files inside of it are not among that.

mod package;
mod scrub;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipWriter};

use super::{Desk, Stop, Told, UNKNOWN, pictures};
use package::{Package, Relationship, TYPES, Types, relationships_of};
use xml::Tag;

/// Its media type.
pub(super) const MIME: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const DAMAGED: Stop = Stop::Refused(
    "it is damaged or stops half-way: open it in Word or LibreOffice, save it as DOCX once more and choose that",
);
const LOCKED: Stop = Stop::Refused("it has a password: save a copy without one and choose that");
const MACROS: Stop =
    Stop::Refused("it holds macros, which are programs: save it as DOCX or PDF and choose that");
const JOINED: Stop =
    Stop::Refused("it is joined from other files: open it in Word, save it as a PDF and choose that");
const PICTURE: Stop = Stop::Refused(
    "a picture in it is damaged, or of a kind that may tell where it was made: save the document as a PDF and choose that",
);

/// Parts of words and their look, by the ends of their types.
const WORDS: &[&str] = &[
    "wordprocessingml.document.main+xml",
    "wordprocessingml.styles+xml",
    "wordprocessingml.settings+xml",
    "wordprocessingml.webSettings+xml",
    "wordprocessingml.fontTable+xml",
    "wordprocessingml.numbering+xml",
    "wordprocessingml.header+xml",
    "wordprocessingml.footer+xml",
    "wordprocessingml.footnotes+xml",
    "wordprocessingml.endnotes+xml",
    "wordprocessingml.comments+xml",
    // Which remark answers which, and is settled; who says so stands elsewhere.
    "wordprocessingml.commentsExtended+xml",
    "officedocument.theme+xml",
    "officedocument.themeOverride+xml",
    "drawingml.chart+xml",
    "drawingml.chartshapes+xml",
    "drawingml.diagramData+xml",
    "drawingml.diagramLayout+xml",
    "drawingml.diagramStyle+xml",
    "drawingml.diagramColors+xml",
    "drawingml.diagramDrawing+xml",
    "ms-office.chartstyle+xml",
    "ms-office.chartcolorstyle+xml",
    "inkml+xml",
];
/// Pictures beside which another of the same stands, for programs that know no better.
const DOUBLED: &[&str] = &["image/svg+xml", "image/vnd.ms-photo"];

/// How a part is written anew.
#[derive(Debug, Clone, Copy)]
enum Way {
    Words,
    Picture,
    Font,
}

fn way(kind: &str) -> Option<Way> {
    let ends = |end: &&str| kind.to_ascii_lowercase().ends_with(&end.to_ascii_lowercase());
    match kind {
        _ if WORDS.iter().any(ends) => Some(Way::Words),
        _ if kind.starts_with("image/") && !DOUBLED.contains(&kind) => Some(Way::Picture),
        _ if kind.ends_with("obfuscatedFont") => Some(Way::Font),
        _ => None,
    }
}

/// A part that stays.
struct Part {
    name: String,
    way: Way,
    /// What it still points to, and what it does not.
    relationships: String,
    gone: BTreeSet<String>,
}

pub(super) fn clean(desk: &mut Desk<'_>) -> Result<Told, Stop> {
    let bytes = desk.whole()?;
    let mut package = Package::open(&bytes)?;
    if !package.has(TYPES) {
        return Err(UNKNOWN);
    }
    let types = Types::of(&package.text(TYPES)?)?;
    if types.all().any(|kind| kind.contains("macroEnabled") || kind.contains("vbaProject"))
        || package.names().any(|name| name.ends_with("vbaproject.bin"))
    {
        return Err(MACROS);
    }
    let root = package.relationships("")?.into_iter().find(|one| one.kind == "officeDocument");
    let root = root.ok_or(UNKNOWN)?;
    let main = root.part.clone().ok_or(DAMAGED)?;
    let kind = types.kind(&main).map(|(kind, _)| kind.trim_end_matches(".main+xml"));
    if kind != Some(MIME) {
        return Err(UNKNOWN);
    }
    let parts = reached(&mut package, &types, main.clone())?;
    let cleaned = anew(&mut package, &types, &root, &parts, desk)?;
    drop(bytes);
    // This will be the only copy of somebody's work: it must open.
    Package::open(&cleaned)?.read(&main)?;
    desk.put(&cleaned)?;
    Ok(Told { mime: MIME, length: None })
}

/// Every part that the main one leads to and that stays.
fn reached(package: &mut Package<'_>, types: &Types, main: String) -> Result<Vec<Part>, Stop> {
    let mut seen = BTreeSet::from([main.to_ascii_lowercase()]);
    let (mut parts, mut open) = (Vec::new(), vec![(main, Way::Words)]);
    while let Some((name, way)) = open.pop() {
        let mut part = Part { name, way, relationships: String::new(), gone: BTreeSet::new() };
        for found in package.relationships(&part.name)? {
            match &found.part {
                _ if found.kind == "aFChunk" || found.kind == "subDocument" => return Err(JOINED),
                None if leads_to_a_page(&found) => part.relationships.push_str(&found.tag),
                Some(to) if package.has(to) => match types.kind(to).and_then(|(kind, _)| self::way(kind)) {
                    Some(way) => {
                        part.relationships.push_str(&found.tag);
                        if seen.insert(to.to_ascii_lowercase()) {
                            open.push((to.clone(), way));
                        }
                    }
                    None => drop(part.gone.insert(found.id)),
                },
                _ => drop(part.gone.insert(found.id)),
            }
        }
        parts.push(part);
    }
    Ok(parts)
}

/// A link that a reader may follow; a picture or template elsewhere would be asked for by opening the document.
fn leads_to_a_page(found: &Relationship) -> bool {
    let target = found.target.to_ascii_lowercase();
    found.kind == "hyperlink"
        && ["http://", "https://", "mailto:", "#"].iter().any(|begin| target.starts_with(begin))
}

fn anew(
    package: &mut Package<'_>,
    types: &Types,
    root: &Relationship,
    parts: &[Part],
    desk: &Desk<'_>,
) -> Result<Vec<u8>, Stop> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    put(&mut zip, TYPES, listed(types, parts).as_bytes())?;
    put(&mut zip, &relationships_of(""), related(&root.tag).as_bytes())?;
    for part in parts {
        desk.check()?;
        if !part.relationships.is_empty() {
            put(&mut zip, &relationships_of(&part.name), related(&part.relationships).as_bytes())?;
        }
        match part.way {
            Way::Words => {
                let text = package.text(&part.name)?;
                put(&mut zip, &part.name, scrub::part(&text, &part.gone)?.as_bytes())?;
            }
            Way::Picture => {
                let bare = pictures::bare(&package.read(&part.name)?).ok_or(PICTURE)?;
                put(&mut zip, &part.name, &bare)?;
            }
            Way::Font => put(&mut zip, &part.name, &package.read(&part.name)?)?,
        }
    }
    Ok(zip.finish().map_err(|_| DAMAGED)?.into_inner())
}

/// Every part is of the first day that a ZIP can tell.
fn put(zip: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, bytes: &[u8]) -> Result<(), Stop> {
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    zip.start_file(name, options).map_err(|_| DAMAGED)?;
    zip.write_all(bytes).map_err(|_| DAMAGED)
}

fn listed(types: &Types, parts: &[Part]) -> String {
    let (mut endings, mut names) = (BTreeMap::new(), BTreeMap::new());
    endings.insert("rels".to_owned(), "application/vnd.openxmlformats-package.relationships+xml");
    for part in parts {
        match types.kind(&part.name) {
            Some((kind, true)) => {
                let ending = part.name.rsplit('.').next().unwrap_or_default();
                endings.insert(ending.to_ascii_lowercase(), kind);
            }
            Some((kind, false)) => drop(names.insert(format!("/{}", part.name), kind)),
            None => {}
        }
    }
    let mut out = String::from(scrub::HEAD);
    out.push_str("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">");
    let mut tell =
        |name, attributes: Vec<(&str, &str)>| Tag { name, attributes, empty: true }.write(&mut out);
    for (ending, kind) in &endings {
        tell("Default", vec![("Extension", ending), ("ContentType", kind)]);
    }
    for (name, kind) in &names {
        tell("Override", vec![("PartName", name), ("ContentType", kind)]);
    }
    out.push_str("</Types>");
    out
}

fn related(tags: &str) -> String {
    let space = "http://schemas.openxmlformats.org/package/2006/relationships";
    format!("{}<Relationships xmlns=\"{space}\">{tags}</Relationships>", scrub::HEAD)
}
