//! Day One's JSON export: its ZIP file, or the JSON file beside its folder of photos.

use super::archive::{self, Archive};
use super::take::Taker;
use super::{Given, ImportPreview, ImportReport, ImportsClient, tell};
use crate::attachments::MAX_VIDEO;
use crate::attachments::picture::MAX_FILE;
use crate::entries::MAX_TITLE;
use crate::error::{Error, Result};
use crate::hex::hex;
use crate::ids::RecordId;
use crate::input;
use crate::plain::{self, Limits, Object};
use crate::progress::{Cancel, Progress};
use crate::records::Kind;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// What hangs on an entry: its list, the folder of its files, the field of its ending, the usual one, and what a file is
/// called that has no name; a photo needs none.
const HANGING: [Hanging; 4] = [
    Hanging { list: "photos", folder: "photos", ending: "type", usual: "jpeg", word: None },
    Hanging { list: "videos", folder: "videos", ending: "type", usual: "mov", word: Some("Video") },
    Hanging { list: "audios", folder: "audios", ending: "format", usual: "m4a", word: Some("Recording") },
    Hanging { list: "pdfAttachments", folder: "pdfs", ending: "type", usual: "pdf", word: Some("Document") },
];

struct Hanging {
    list: &'static str,
    folder: &'static str,
    ending: &'static str,
    usual: &'static str,
    word: Option<&'static str>,
}

/// Where an export lies.
enum Export {
    Zip(Box<Archive>),
    /// The JSON file; photos and files lie in folders beside it.
    Json(PathBuf),
}

impl Export {
    fn open(path: &Path) -> Result<Self> {
        let mut first = [0; 2];
        archive::open(path)?.read_exact(&mut first).map_err(|_| Error::invalid("this file is empty"))?;
        Ok(if &first == b"PK" {
            Self::Zip(Box::new(Archive::open(path)?))
        } else {
            Self::Json(path.to_owned())
        })
    }

    /// Journals: Day One writes one file each.
    fn journals(&self) -> Vec<String> {
        match self {
            Self::Zip(zip) => {
                let json = |name: &String| !name.contains('/') && name.to_lowercase().ends_with(".json");
                zip.names().into_iter().filter(json).collect()
            }
            Self::Json(_) => vec![String::new()],
        }
    }

    /// Hears of each entry, with what a report calls its place.
    fn each(&mut self, hand: &mut dyn FnMut(String, Object) -> Result<()>) -> Result<()> {
        let journals = self.journals();
        let several = journals.len() > 1;
        if journals.is_empty() {
            return Err(Error::invalid("there is no journal in this ZIP file: choose Day One's JSON export"));
        }
        for journal in journals {
            let called = journal.rsplit_once('.').map_or(journal.as_str(), |(called, _)| called);
            let mut hand = |(): (), nth, object| {
                hand(if several { format!("{called}, entry {nth}") } else { format!("entry {nth}") }, object)
            };
            match self {
                Self::Zip(zip) => {
                    let json = zip.text(&journal)?.ok_or_else(archive::damaged)?;
                    super::stream::day_one(json, &mut hand)?;
                }
                Self::Json(path) => {
                    super::stream::day_one(archive::open(path)?.take(archive::MAX_TEXT), &mut hand)?;
                }
            }
        }
        Ok(())
    }

    /// The bytes of a file. A recording's ending is not always the one that its entry tells: any will do.
    fn file(&mut self, file: &str) -> Result<Vec<u8>> {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let path = match self {
            Self::Zip(zip) => {
                let other = if zip.has(file) { None } else { zip.beginning(&format!("{stem}.")) };
                return zip.photo(other.as_deref().unwrap_or(file));
            }
            Self::Json(path) => path,
        };
        let folder = file.split('/').next().unwrap_or_default();
        let lost = || Error::Image(format!("its file is not in the folder {folder} beside the export"));
        let mut path = path.with_file_name(file);
        if !path.exists() {
            let stem = path.file_stem().map(ToOwned::to_owned);
            let beside = path.parent().and_then(|folder| folder.read_dir().ok()).into_iter().flatten();
            let mut paths = beside.flatten().map(|one| one.path());
            path = paths.find(|one| one.file_stem() == stem.as_deref()).ok_or_else(lost)?;
        }
        let (mut bytes, most) = (Vec::new(), MAX_FILE.max(MAX_VIDEO));
        let (file, _) = input::chosen_file(&path).map_err(|_| lost())?;
        file.take(most + 1).read_to_end(&mut bytes).map_err(|_| lost())?;
        Ok(bytes)
    }
}

impl ImportsClient {
    /// What an export of Day One holds, and what of it is here. Nothing is written.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a file that can't be read, is damaged, hostile or another program's.
    pub fn preview_day_one(&self, path: &Path) -> Result<ImportPreview> {
        self.scan_day_one(path, &Given::default(), &Cancel::new()).map(|(preview, _)| preview)
    }

    /// Reads an export of Day One in: each entry with its day where it was written, its tags, star, photos,
    /// videos, recordings and PDFs, whose metadata stays behind. A second run adds nothing.
    ///
    /// # Errors
    /// As [`ImportsClient::preview_day_one`], before anything is written; [`Error::NotFound`] for a learner or subject
    /// that is not here; [`Error::Cancelled`]; [`Error::StorageFull`].
    pub fn import_day_one(
        &self,
        path: &Path,
        given: &Given,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<ImportReport> {
        self.check(given)?;
        let (_, total) = self.scan_day_one(path, given, cancel)?;
        let (mut export, mut files) = (Export::open(path)?, Export::open(path)?);
        let mut taker = Taker::new(self, cancel, (HashMap::new(), Limits::Typed), None)?;
        let kind = plain::kind(Kind::Entry.into()).ok_or_else(|| Error::internal("the kind of entries"))?;
        let mut done = 0;
        export.each(&mut |place, told| {
            match entry(&told, given) {
                Ok((entry, left)) => {
                    let item = super::take::dated(&place, &entry);
                    taker.take_as(item.clone(), kind, &entry, &mut |file| files.file(file))?;
                    for what in left {
                        tell(&mut taker.report.problems, item.clone(), what);
                    }
                }
                Err(problem) => tell(&mut taker.report.problems, place, problem),
            }
            done += 1;
            progress.progress(done, total);
            Ok(())
        })?;
        taker.flush()?;
        Ok(taker.report)
    }

    fn scan_day_one(&self, path: &Path, given: &Given, cancel: &Cancel) -> Result<(ImportPreview, u64)> {
        let (mut preview, mut total) = (ImportPreview::default(), 0);
        let here = self.here()?;
        Export::open(path)?.each(&mut |place, told| {
            cancel.check()?;
            total += 1;
            match entry(&told, given) {
                Ok((entry, left)) => {
                    preview.entries += 1;
                    let id = entry.get("id").and_then(Json::as_str).and_then(plain::hex_id);
                    preview.entries_here += u32::from(id.is_some_and(|id| here.contains(&RecordId(id))));
                    preview.photos += super::record::photos(&entry);
                    let item = super::take::dated(&place, &entry);
                    for what in super::take::refused(&entry).into_iter().chain(left) {
                        tell(&mut preview.problems, item.clone(), what);
                    }
                }
                Err(problem) => tell(&mut preview.problems, place, problem),
            }
            Ok(())
        })?;
        Ok((preview, total))
    }
}

/// The same id for the same thing of the same program, every time.
pub(super) fn id(of: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in [of].iter().chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let mut id = hex(&hash.finalize());
    id.truncate(32);
    id
}

/// An entry in plain words, and what of it can't come along.
fn entry(told: &Object, given: &Given) -> Result<(Object, Vec<String>), String> {
    let string = |name: &str| told.get(name).and_then(Json::as_str).unwrap_or_default();
    let written: Timestamp =
        string("creationDate").parse().map_err(|_| "its creationDate is no moment of time".to_owned())?;
    let mut left = Vec::new();
    let zone = TimeZone::get(&string("timeZone").replace("\\/", "/")).unwrap_or_else(|_| {
        left.push(
            "where it was written is not told: its day is that of Greenwich, look whether it is right".into(),
        );
        TimeZone::UTC
    });
    let day = written.to_zoned(zone).date();
    let uuid = string("uuid");
    let key = if uuid.is_empty() { format!("{written} {}", string("text")) } else { uuid.to_owned() };
    let (title, note) = words(string("text"));
    let flag = |name: &str| told.get(name).and_then(Json::as_bool).unwrap_or_default();
    let mut entry = Object::new();
    entry.insert("id".into(), id("day-one", &[&key]).into());
    entry.insert("learned_on".into(), day.to_string().into());
    entry.insert("recorded_at".into(), written.as_millisecond().into());
    entry.insert("title".into(), title.into());
    entry.insert("note".into(), note.into());
    entry.insert("starred".into(), flag("starred").into());
    entry.insert("on_record".into(), given.on_record.into());
    let tags = told.get("tags").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let tags: Vec<&str> = tags.filter(|tag| !tag.trim().is_empty()).collect();
    entry.insert("tags".into(), tags.into());
    given.write(&mut entry);
    let listed = |name: &str| told.get(name).and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let mut hanging = Vec::new();
    for kind in &HANGING {
        for told in listed(kind.list) {
            match file(kind, told, &key) {
                Some(file) => hanging.push(file),
                None => left.push(format!("one of its {} has no file name that can be read", kind.folder)),
            }
        }
    }
    entry.insert(plain::ATTACHMENTS.into(), hanging.into());
    Ok((entry, left))
}

/// Day One names a file by its MD5.
fn file(kind: &Hanging, told: &Json, key: &str) -> Option<Json> {
    let string = |name: &str| told.get(name).and_then(Json::as_str);
    let (md5, ending) = (string("md5")?, string(kind.ending).unwrap_or(kind.usual));
    let plain =
        |text: &str| !text.is_empty() && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric());
    if !plain(md5) || !plain(ending) {
        return None;
    }
    let called = ["pdfName", "filename"].iter().find_map(|name| string(name).filter(|name| !name.is_empty()));
    let name = kind.word.map(|word| called.map_or_else(|| format!("{word}.{ending}"), str::to_owned));
    Some(json!({
        "id": id("day-one-photo", &[key, string("identifier").unwrap_or(md5)]),
        "file": format!("{}/{md5}.{ending}", kind.folder),
        "order": told.get("orderInEntry").and_then(Json::as_i64).unwrap_or_default(),
        "name": name,
    }))
}

/// A first line that is a heading or short is the title; the places of photos go, and so do Markdown's backslashes.
fn words(text: &str) -> (String, String) {
    let lines = text.lines().map(|line| unescaped(&without_photos(line)));
    let lines: Vec<String> = lines.collect();
    let text = lines.join("\n");
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let heading = first.trim_start_matches('#').trim();
    let is_heading = first.starts_with('#') || (!rest.trim().is_empty() && heading.chars().count() <= 80);
    if is_heading && heading.chars().count() <= MAX_TITLE {
        (heading.to_owned(), rest.trim().to_owned())
    } else {
        (String::new(), text.to_owned())
    }
}

fn without_photos(line: &str) -> String {
    let mut kept = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("![](dayone-moment:") {
        kept.push_str(before);
        rest = after.split_once(')').map_or("", |(_, behind)| behind);
    }
    kept + rest
}

fn unescaped(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' || !letters.peek().is_some_and(char::is_ascii_punctuation) {
            kept.push(letter);
        } else {
            kept.extend(letters.next());
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_the_title_and_marks_of_the_program_go() {
        assert_eq!(words("# Pond\nFrogs\\! 1\\. newts"), ("Pond".into(), "Frogs! 1. newts".into()));
        assert_eq!(words("![](dayone-moment://A1)\nPond\n\nFrogs"), ("Pond".into(), "Frogs".into()));
        assert_eq!(words("Only one line, of the day"), (String::new(), "Only one line, of the day".into()));
        assert_eq!(words(""), (String::new(), String::new()));
    }
}
