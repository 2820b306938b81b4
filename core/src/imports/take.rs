//! Taking records in, one transaction for each entry with its photos and for each batch of other things.

use super::{ImportReport, ImportsClient, tell};
use crate::attachments::{AttachmentsClient, FiledPhoto, Prepared, attach_as};
use crate::context::Edit;
use crate::error::{Error, Result};
use crate::hex::unhex;
use crate::ids::{AttachmentId, EntryId, RecordId};
use crate::plain::{self, Limits, Object, PlainKind};
use crate::progress::Cancel;
use crate::records::fields::entry as field;
use crate::records::{self, Document, Key, Kind, Stamper, StoredRecord};
use serde_json::Value as Json;
use std::collections::{BTreeSet, HashMap};

/// Things without photos that are kept in one transaction.
const BATCH: usize = 100;

/// Gives the bytes of a photo's file.
pub(super) type Fetch<'a> = dyn FnMut(&str) -> Result<Vec<u8>> + 'a;

/// One record of a file, ready to be kept.
struct Waiting {
    kind: &'static PlainKind,
    item: String,
    id: RecordId,
    doc: Document,
}

/// An import under way.
pub(super) struct Taker<'a> {
    room: &'a ImportsClient,
    cancel: &'a Cancel,
    /// The file's ids that stand for others here.
    ids: HashMap<[u8; 16], [u8; 16]>,
    limits: Limits,
    stamper: Stamper,
    seen: BTreeSet<[u8; 16]>,
    waiting: Vec<Waiting>,
    pub report: ImportReport,
}

impl<'a> Taker<'a> {
    /// What the file says is as old as the file: an edit made since then, on any phone, is newer. One that does not say
    /// when it was made, or says later than now, was made now.
    pub fn new(
        room: &'a ImportsClient,
        cancel: &'a Cancel,
        (ids, limits): (HashMap<[u8; 16], [u8; 16]>, Limits),
        made_at: Option<i64>,
    ) -> Result<Self> {
        let stamper = room.context.edit(|tx| {
            let now_ms = made_at.filter(|made_at| *made_at > 0).unwrap_or(i64::MAX).min(tx.now_ms());
            Ok(Stamper { now_ms, ..tx.stamper })
        })?;
        let report = ImportReport::default();
        Ok(Self { room, cancel, ids, limits, stamper, seen: BTreeSet::new(), waiting: Vec::new(), report })
    }

    /// Takes a record in, sooner or later; what can't be is told in the report. Errors are the phone's alone.
    pub fn take(
        &mut self,
        kind: &'static PlainKind,
        nth: u64,
        object: &Object,
        fetch: &mut Fetch<'_>,
    ) -> Result<()> {
        self.take_as(name(kind, nth, object), kind, object, fetch)
    }

    /// The same with what the report calls it.
    pub fn take_as(
        &mut self,
        item: String,
        kind: &'static PlainKind,
        object: &Object,
        fetch: &mut Fetch<'_>,
    ) -> Result<()> {
        self.cancel.check()?;
        let ids = &self.ids;
        let id_here = |id| ids.get(&id).copied().unwrap_or(id);
        let read = plain::read(kind, object, &self.stamper, &id_here, self.limits);
        let (id, doc) = match read {
            Ok(read) => read,
            Err(error) => {
                tell(&mut self.report.problems, item, error.to_string());
                return Ok(());
            }
        };
        if !self.seen.insert(id) {
            tell(&mut self.report.problems, item, "its id stands twice in the file: the first one was taken");
            return Ok(());
        }
        if self.ids.contains_key(&id) {
            // A learner or subject that is somebody or something here already.
            self.report.unchanged += 1;
            return Ok(());
        }
        let waiting = Waiting { kind, item, id: RecordId(id), doc };
        match object.get(plain::ATTACHMENTS).and_then(Json::as_array) {
            Some(photos) if kind.kind == Kind::Entry && !photos.is_empty() => {
                self.flush()?;
                self.with_photos(&waiting, photos, fetch)
            }
            _ => {
                self.waiting.push(waiting);
                if self.waiting.len() < BATCH { Ok(()) } else { self.flush() }
            }
        }
    }

    /// Keeps what waits: all in one transaction, or, if one of them is too large to be kept, each in its own.
    pub fn flush(&mut self) -> Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        match self.keep_all(&waiting) {
            Err(Error::InvalidInput(_)) => waiting.iter().try_for_each(|one| {
                let kept = self.keep_all(std::slice::from_ref(one));
                self.tell_refused(&one.item, kept)
            }),
            kept => kept,
        }
    }

    fn keep_all(&mut self, waiting: &[Waiting]) -> Result<()> {
        if waiting.is_empty() {
            return Ok(());
        }
        let mut report = self.report.clone();
        let stamper = self.stamper;
        self.room
            .context
            .edit(|tx| waiting.iter().try_for_each(|one| keep(one, &[], &stamper, tx, &mut report)))?;
        self.report = report;
        Ok(())
    }

    /// What a record can't be kept for is told; what is wrong with the phone ends the import.
    fn tell_refused(&mut self, item: &str, kept: Result<()>) -> Result<()> {
        match kept {
            Err(Error::InvalidInput(problem)) => {
                tell(&mut self.report.problems, item.to_owned(), problem);
                Ok(())
            }
            kept => kept,
        }
    }

    /// An entry with its photos: their files first, then everything in one transaction.
    fn with_photos(&mut self, waiting: &Waiting, photos: &[Json], fetch: &mut Fetch<'_>) -> Result<()> {
        let attachments = &self.room.attachments;
        let here = self.room.context.storage.read(|tx| records::load(tx, waiting.id))?;
        let open = here.as_ref().is_none_or(|here| here.doc.is_shown());
        let mut prepared = Vec::new();
        for (nth, told) in (1_i64..).zip(photos).filter(|_| open) {
            let what = if told.get("name").is_some_and(Json::is_string) { "file" } else { "photo" };
            let item = format!("{what} {nth} of {}", waiting.item);
            match photo(told, nth).and_then(|(id, file, photo)| {
                if let Some(here) = here.as_ref().filter(|here| named(&here.doc, id)) {
                    return match here.doc.element(field::ATTACHMENTS, &Key::id(id)) {
                        Some(_) => Ok(None),
                        None => Err(Error::invalid("it was taken out of its entry here, and stays out")),
                    };
                }
                let file =
                    file.ok_or_else(|| Error::Image("it was not on the phone that made the file".into()))?;
                let bytes = fetch(&file)?;
                Ok(Some((id, photo.order, attachments.adopt(bytes, photo, self.cancel)?)))
            }) {
                Ok(photo) => prepared.extend(photo),
                Err(error @ (Error::Image(_) | Error::InvalidInput(_))) => {
                    tell(&mut self.report.problems, item, error.to_string());
                }
                Err(error) => {
                    discard(attachments, prepared);
                    return Err(error);
                }
            }
        }
        let (mut report, stamper) = (self.report.clone(), self.stamper);
        let kept = self
            .cancel
            .check()
            .and_then(|()| self.room.context.edit(|tx| keep(waiting, &prepared, &stamper, tx, &mut report)));
        match kept {
            Ok(()) => self.report = report,
            Err(_) => discard(attachments, prepared),
        }
        self.tell_refused(&waiting.item, kept)
    }
}

fn discard(attachments: &AttachmentsClient, prepared: Vec<(AttachmentId, i64, Prepared)>) {
    let photos: Vec<Prepared> = prepared.into_iter().map(|(_, _, photo)| photo).collect();
    attachments.discard(&photos);
}

/// Whether the entry names this photo, or once did.
fn named(doc: &Document, id: AttachmentId) -> bool {
    match doc.cell(field::ATTACHMENTS) {
        Some(records::Cell::Map(map)) => map.contains_key(&Key::id(id)),
        _ => false,
    }
}

/// One record into the store, in a transaction that is under way.
fn keep(
    one: &Waiting,
    photos: &[(AttachmentId, i64, Prepared)],
    stamper: &Stamper,
    tx: &mut Edit<'_>,
    report: &mut ImportReport,
) -> Result<()> {
    let Waiting { kind, item, id, doc } = one;
    let before = records::load(tx.tx, *id)?;
    let (mut doc, mut changed) = match &before {
        None => (doc.clone(), true),
        Some(StoredRecord { doc: here, .. }) => {
            let refused = if here.kind() != u16::from(kind.kind) {
                Some("its id belongs to something else here")
            } else if here.is_purged() {
                Some("it was deleted for good here")
            } else if here.is_trashed() {
                Some("it lies in the trash here: restore it there")
            } else {
                None
            };
            if let Some(refused) = refused {
                tell(&mut report.problems, item.clone(), refused);
                return Ok(());
            }
            let mut here = here.clone();
            let filled = here.fill(doc)?;
            for number in filled.kept {
                let name = kind.field(number).map_or("more", |field| field.name);
                tell(&mut report.kept, item.clone(), name);
            }
            (here, filled.changed)
        }
    };
    for (photo, order, prepared) in photos {
        if named(&doc, *photo) {
            continue;
        }
        attach_as(tx, EntryId::from(*id), &mut doc, (*photo, *order), prepared, stamper)?;
        report.photos += 1;
        changed = true;
    }
    if changed {
        // A file is no step of anybody's: undo would take back a hundred things of it and leave the rest. Nor may it take
        // back what was done before in the file's place.
        tx.cannot_be_taken_back();
        match &before {
            None => tx.save_new(*id, &doc)?,
            Some(before) => tx.save_changed(kind.one, before, &doc)?,
        }
    }
    match (before.is_none(), changed) {
        (true, _) => report.added += 1,
        (false, true) => report.completed += 1,
        (false, false) => report.unchanged += 1,
    }
    Ok(())
}

/// What a person can find in the file: the kind, its place in its list, an entry's day.
pub(super) fn name(kind: &PlainKind, nth: u64, object: &Object) -> String {
    dated(&format!("{} {nth}", kind.one), object)
}

/// A place in a file, with the entry's day.
pub(super) fn dated(place: &str, object: &Object) -> String {
    let day = object.get("learned_on").and_then(Json::as_str);
    match day.filter(|day| crate::calendar::parse(day).is_some()) {
        Some(day) => format!("{place} of {day}"),
        None => place.to_owned(),
    }
}

/// Why an entry of a diary or table, which may have no id yet, can't be kept.
pub(super) fn refused(entry: &Object) -> Option<String> {
    let kind = plain::kind(Kind::Entry.into())?;
    let mut entry = entry.clone();
    entry.entry("id").or_insert_with(|| plain::id_hex(&[0; 16]).into());
    let stamper = Stamper { now_ms: 0, device_no: 0, text_client: 1 };
    plain::read(kind, &entry, &stamper, &|id| id, Limits::Typed).err().map(|error| error.to_string())
}

/// A photo as the file tells of it: its id, its file's name, and what is kept beside its bytes.
fn photo(told: &Json, nth: i64) -> Result<(AttachmentId, Option<String>, FiledPhoto)> {
    let string = |name: &str| told.get(name).and_then(Json::as_str).map(str::to_owned);
    let hash = |name: &str| unhex(told.get(name)?.as_str()?)?.try_into().ok();
    let id = string("id").as_deref().and_then(plain::hex_id).map(AttachmentId);
    let id = id.ok_or_else(|| Error::invalid("its id is not 32 digits 0 to 9 and a to f"))?;
    let photo = FiledPhoto {
        hash: hash("sha256"),
        original: hash("original_sha256"),
        captured_at: string("captured_at"),
        order: told.get("order").and_then(Json::as_i64).unwrap_or(nth),
        caption: string("caption").unwrap_or_default(),
        alt: string("alt").unwrap_or_default(),
        name: string("name"),
    };
    Ok((id, string("file"), photo))
}
