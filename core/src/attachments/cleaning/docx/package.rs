//! The package around a document: a ZIP whose parts are told apart by a list of types and tied by relationships. Nothing of
//! it is believed: neither sizes nor names.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{Piece, Pieces, Tag};
use super::{DAMAGED, LOCKED, Stop};

/// The list of types.
pub(super) const TYPES: &str = "[Content_Types].xml";
/// Most parts of one document.
const MOST_PARTS: usize = 5_000;
/// What one part may unpack to, in bytes.
const MOST_OF_A_PART: u64 = 64 << 20;
/// What all parts that are read may unpack to.
const MOST_OF_ALL: u64 = 192 << 20;

/// An open package.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Places by names in small letters: names of parts are the same in any.
    places: HashMap<String, usize>,
    left: u64,
}

impl<'a> Package<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Stop> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| DAMAGED)?;
        if zip.len() > MOST_PARTS {
            return Err(DAMAGED);
        }
        let mut places = HashMap::new();
        for (place, name) in zip.file_names().enumerate() {
            if places.insert(name.map_err(|_| DAMAGED)?.to_ascii_lowercase(), place).is_some() {
                return Err(DAMAGED);
            }
        }
        Ok(Self { zip, places, left: MOST_OF_ALL })
    }

    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(&name.to_ascii_lowercase())
    }

    /// The names of its parts, in small letters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// A part's bytes.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, Stop> {
        let place = *self.places.get(&name.to_ascii_lowercase()).ok_or(DAMAGED)?;
        let file = self.zip.by_index(place).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => LOCKED,
            _ => DAMAGED,
        })?;
        // One byte more than may be tells that there is more.
        let most = MOST_OF_A_PART.min(self.left);
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes).map_err(|_| DAMAGED)?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(DAMAGED)?;
        if bytes.len() as u64 > most { Err(DAMAGED) } else { Ok(bytes) }
    }

    /// A part's words.
    pub fn text(&mut self, name: &str) -> Result<String, Stop> {
        String::from_utf8(self.read(name)?).map_err(|_| DAMAGED)
    }

    /// What a part points to; nothing where it points nowhere.
    pub fn relationships(&mut self, part: &str) -> Result<Vec<Relationship>, Stop> {
        let name = relationships_of(part);
        if !self.has(&name) {
            return Ok(Vec::new());
        }
        let text = self.text(&name)?;
        let mut all = Vec::new();
        tags(&text, |tag| {
            if tag.local() == "Relationship" {
                let said = |name| tag.attribute(name).ok_or(DAMAGED);
                let (target, kind) = (said("Target")?, said("Type")?);
                let outside = tag.attribute("TargetMode") == Some("External");
                all.push(Relationship {
                    id: said("Id")?.to_owned(),
                    kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                    part: if outside { None } else { resolved(part, target) },
                    target: target.to_owned(),
                    tag: written(tag),
                });
            }
            Ok(())
        })?;
        Ok(all)
    }
}

/// One arrow from a part.
pub(super) struct Relationship {
    pub id: String,
    /// The last word of its type.
    pub kind: String,
    /// The part that it leads to; none where it leads outside.
    pub part: Option<String>,
    pub target: String,
    /// As it is written again.
    pub tag: String,
}

/// What each part is.
#[derive(Default)]
pub(super) struct Types {
    endings: HashMap<String, String>,
    parts: HashMap<String, String>,
}

impl Types {
    pub fn of(text: &str) -> Result<Self, Stop> {
        let mut types = Self::default();
        tags(text, |tag| {
            let said = |name| tag.attribute(name).map(str::to_ascii_lowercase).ok_or(DAMAGED);
            let kind = || tag.attribute("ContentType").map(str::to_owned).ok_or(DAMAGED);
            match tag.local() {
                "Default" => drop(types.endings.insert(said("Extension")?, kind()?)),
                "Override" => {
                    drop(types.parts.insert(said("PartName")?.trim_start_matches('/').to_owned(), kind()?));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(types)
    }

    /// What this part is, and whether that is said of all with its ending.
    pub fn kind(&self, part: &str) -> Option<(&str, bool)> {
        let part = part.to_ascii_lowercase();
        let own = self.parts.get(&part).map(|kind| (kind.as_str(), false));
        own.or_else(|| Some((self.endings.get(part.rsplit_once('.')?.1)?.as_str(), true)))
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.endings.values().chain(self.parts.values()).map(String::as_str)
    }
}

fn tags(text: &str, mut each: impl FnMut(&Tag<'_>) -> Result<(), Stop>) -> Result<(), Stop> {
    let mut pieces = Pieces::of(text);
    while let Some(piece) = pieces.next()? {
        if let Piece::Open(tag) = piece {
            each(&tag)?;
        }
    }
    Ok(())
}

fn written(tag: &Tag<'_>) -> String {
    let mut out = String::new();
    Tag { name: "Relationship", attributes: tag.attributes.clone(), empty: true }.write(&mut out);
    out
}

/// Where a part's relationships stand.
pub(super) fn relationships_of(part: &str) -> String {
    let (folder, file) = part.rsplit_once('/').map_or(("", part), |(folder, file)| (folder, file));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{file}.rels")
}

/// The part that a target means, seen from a part; none when it leads out of the package.
fn resolved(from: &str, target: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    steps.retain(|step| !step.is_empty());
    Some(steps.join("/"))
}
