//! What the ZIP is made of: entries in their order, photos with their file names, and names for ids.

use crate::attachments::{AttachmentsClient, PlainPhoto};
use crate::error::Result;
use crate::export::filed::Filing;
use crate::hex::hex;
use crate::ids::{AttachmentId, RecordId};
use crate::plain::{self, Object, PlainKind};
use crate::records::fields::{entry, learner, subject};
use crate::records::{self, Document, Kind, way};
use crate::storage::Transaction;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use zeroize::Zeroizing;

/// One photo and its place in the ZIP.
pub(super) struct Filed {
    pub id: AttachmentId,
    pub file: String,
    pub day: String,
    pub size: u64,
    /// It is no photo.
    pub whole: bool,
    pub here: bool,
    pub written: bool,
}

/// An entry's place in time, and its photos.
pub(super) struct Place {
    pub rid: RecordId,
    pub photos: Vec<Filed>,
}

/// The entries in the order of their days, with all photos.
pub(super) struct Album {
    pub entries: Vec<Place>,
}

impl Album {
    /// Photos are called by their entry's day and first subject, and numbered: no name of a person is in a file's name.
    pub fn of(tx: &Transaction<'_>, attachments: &AttachmentsClient) -> Result<Self> {
        let subjects = subjects(tx)?;
        let mut entries = Vec::new();
        for rid in records::of_kind(tx, Kind::Entry)? {
            let Some(doc) = shown(tx, rid)? else { continue };
            let at = (doc.string(entry::LEARNED_ON), doc.int(entry::RECORDED_AT), rid);
            let photos = attachments.told(&doc);
            let first = if photos.is_empty() { None } else { first_subject(&doc, &subjects) };
            entries.push((at, first, photos));
        }
        entries.sort_by(|(a, ..), (b, ..)| a.cmp(b));
        let mut filing = Filing::default();
        let mut filed = |day: &str, subject: Option<&str>, photo: PlainPhoto| {
            let folder = if photo.name.is_some() { "files" } else { "photos" };
            Filed {
                id: photo.id,
                file: filing.name(folder, day, subject, &photo.mime),
                day: day.to_owned(),
                size: photo.size,
                whole: photo.name.is_some(),
                here: photo.here,
                written: false,
            }
        };
        let places = entries.into_iter().map(|((day, _, rid), first, photos)| {
            let photos = photos.into_iter().map(|photo| filed(&day, first.as_deref(), photo)).collect();
            Place { rid, photos }
        });
        Ok(Self { entries: places.collect() })
    }

    pub fn photos(&self) -> impl Iterator<Item = &Filed> {
        self.entries.iter().flat_map(|place| &place.photos)
    }

    pub fn photos_mut(&mut self) -> impl Iterator<Item = &mut Filed> {
        self.entries.iter_mut().flat_map(|place| &mut place.photos)
    }
}

/// Everything, as it stands in one moment.
pub(super) struct Material<'a> {
    pub tx: &'a Transaction<'a>,
    pub kinds: Vec<&'static PlainKind>,
    pub names: Names,
    pub made_at: i64,
    attachments: &'a AttachmentsClient,
    album: &'a Album,
    files: HashMap<AttachmentId, &'a str>,
}

impl<'a> Material<'a> {
    pub fn new(
        tx: &'a Transaction<'a>,
        attachments: &'a AttachmentsClient,
        kinds: Vec<&'static PlainKind>,
        album: &'a Album,
        made_at: i64,
    ) -> Result<Self> {
        let written = album.photos().filter(|photo| photo.written);
        let files = written.map(|photo| (photo.id, photo.file.as_str())).collect();
        Ok(Self { tx, kinds, names: Names::of(tx)?, made_at, attachments, album, files })
    }

    /// Hands over every record of a kind that is not in the trash, in plain words; entries by day, others by id.
    pub fn each(&self, kind: &PlainKind, mut hand: impl FnMut(Object) -> Result<()>) -> Result<()> {
        let rids = match kind.kind {
            Kind::Entry => self.album.entries.iter().map(|place| place.rid).collect(),
            _ => records::of_kind(self.tx, kind.kind)?,
        };
        for rid in rids {
            let Some(doc) = shown(self.tx, rid)? else { continue };
            let mut object = plain::told(kind, rid.0, &doc)?;
            if kind.kind == Kind::Entry {
                let photos: Vec<Json> =
                    self.attachments.told(&doc).iter().map(|photo| self.photo(photo)).collect();
                if !photos.is_empty() {
                    object.insert(plain::ATTACHMENTS.into(), photos.into());
                }
            }
            hand(object)?;
        }
        Ok(())
    }

    fn photo(&self, photo: &PlainPhoto) -> Json {
        json!({
            "id": plain::id_hex(&photo.id.0),
            "file": self.files.get(&photo.id),
            "mime": photo.mime,
            "name": photo.name,
            "sha256": hex(&photo.hash),
            "original_sha256": photo.original.as_ref().map(|hash| hex(hash)),
            "width": photo.width,
            "height": photo.height,
            "captured_at": photo.captured_at,
            "order": photo.position,
            "caption": photo.caption,
            "alt": photo.alt,
        })
    }
}

/// What ids are called, for tables and the page: names that were given for one document may be among them.
#[derive(Default)]
pub(super) struct Names {
    pub of: HashMap<[u8; 16], Zeroizing<String>>,
}

impl Names {
    pub fn of(tx: &Transaction<'_>) -> Result<Self> {
        let mut of: HashMap<_, _> = subjects(tx)?.into_iter().map(|(id, name)| (id, name.into())).collect();
        for (kind, field) in [(Kind::Learner, learner::NICKNAME), (Kind::Provider, 1)] {
            for rid in records::of_kind(tx, kind)? {
                let doc = shown(tx, rid)?;
                of.extend(doc.map(|doc| (rid.0, doc.string(field).into())));
            }
        }
        Ok(Self { of })
    }

    /// What an id is called; empty for one that is not here.
    pub fn called(&self, id: impl Into<[u8; 16]>) -> &str {
        self.of.get(&id.into()).map_or("", |name| name.as_str())
    }

    /// What the file's id is called.
    pub fn told(&self, id: &Json) -> &str {
        id.as_str().and_then(plain::hex_id).map_or("", |id| self.called(id))
    }

    /// What a list of ids is called.
    pub fn list(&self, ids: Option<&Json>) -> Vec<&str> {
        let ids = ids.and_then(Json::as_array).into_iter().flatten();
        let mut names: Vec<&str> = ids.map(|id| self.told(id)).filter(|name| !name.is_empty()).collect();
        names.dedup();
        names
    }
}

/// A record that people see.
fn shown(tx: &Transaction<'_>, rid: RecordId) -> Result<Option<Document>> {
    let stored = records::load(tx, rid)?.map(|stored| stored.doc);
    Ok(stored.filter(Document::is_shown))
}

/// Subjects by id, each by the name of the one that it became part of.
fn subjects(tx: &Transaction<'_>) -> Result<HashMap<[u8; 16], String>> {
    let mut docs = HashMap::new();
    for rid in records::of_kind(tx, Kind::Subject)? {
        if let Some(doc) = shown(tx, rid)? {
            let into = doc.register(subject::MERGED_INTO).and_then(|id| id.as_bytes()?.try_into().ok());
            docs.insert(rid.0, (doc.string(subject::NAME), into));
        }
    }
    let next = |id| Ok(docs.get(&id).and_then(|(_, into)| into.filter(|into| docs.contains_key(into))));
    let mut found = HashMap::new();
    for id in docs.keys() {
        if let Some((name, _)) = docs.get(&way(*id, next)?.end) {
            found.insert(*id, name.clone());
        }
    }
    Ok(found)
}

fn first_subject(doc: &Document, subjects: &HashMap<[u8; 16], String>) -> Option<String> {
    let ids = doc.elements(entry::SUBJECTS).filter_map(|(key, _)| key.as_id());
    ids.filter_map(|id| subjects.get(&id).cloned()).min()
}
