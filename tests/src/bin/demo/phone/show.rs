//! Everything that a phone shows, as JSON, so that two phones can be compared.
use std::collections::BTreeMap;

use anyhow::{Context, Result};
use kinfolio_core::attachments::Size;
use kinfolio_core::client::Client;
use kinfolio_core::entries::{Entry, MAX_PAGE, TimelineQuery};
use kinfolio_core::ids::EntryId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn entry_id(text: &str) -> Result<EntryId> {
    let bytes: Option<Vec<u8>> =
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
    Ok(EntryId::from_slice(&bytes.context("an id")?)?)
}

/// Learners, subjects, entries with lines and photos; photos by the hash of their opened bytes.
pub fn everything(client: &Client) -> Result<Value> {
    let learners: BTreeMap<_, _> = client.learners().list()?.into_iter().map(|one| (one.id, one)).collect();
    let subjects: BTreeMap<_, _> =
        client.subjects().list()?.into_iter().map(|one| (one.id, one.name)).collect();
    let mut entries = Vec::new();
    let mut query = TimelineQuery { include_drafts: true, limit: MAX_PAGE, ..TimelineQuery::default() };
    loop {
        let page = client.entries().timeline(&query)?;
        entries.extend(page.entries);
        query.before = page.next;
        if query.before.is_none() {
            break;
        }
    }
    entries.extend(client.entries().trashed()?);
    entries.sort_by_key(|entry| entry.id);
    let shown: Result<Vec<Value>> = entries.iter().map(|entry| shown(client, entry, &subjects)).collect();
    Ok(json!({
        "learners": learners.values().map(|one| json!({
            "id": one.id.to_string(), "nickname": one.nickname, "colour": one.colour, "emoji": one.emoji,
        })).collect::<Vec<_>>(),
        "entries": shown?,
    }))
}

fn shown(
    client: &Client,
    entry: &Entry,
    subjects: &BTreeMap<kinfolio_core::ids::SubjectId, String>,
) -> Result<Value> {
    let photos: Result<Vec<Value>> = client
        .attachments()
        .list(entry.id)?
        .into_iter()
        .map(|photo| {
            let hash = |size| {
                Ok::<_, anyhow::Error>(hex(&Sha256::digest(client.attachments().read(photo.id, size)?)))
            };
            Ok(json!({ "id": photo.id.to_string(), "caption": photo.caption, "alt": photo.alt,
                       "captured_at": photo.captured_at, "width": photo.width, "height": photo.height,
                       "display": hash(Size::Display)?, "thumb": hash(Size::Thumb)? }))
        })
        .collect();
    let lines: BTreeMap<String, &str> =
        entry.learners.iter().map(|one| (one.learner.to_string(), one.line.as_str())).collect();
    let subjects: Vec<_> = entry.subjects.iter().filter_map(|id| subjects.get(id)).collect();
    Ok(json!({
        "id": entry.id.to_string(), "title": entry.title, "note": entry.note, "learned_on": entry.learned_on,
        "minutes": entry.minutes, "on_record": entry.on_record, "starred": entry.starred, "lines": lines,
        "subjects": subjects, "tags": entry.tags, "trashed": entry.trashed_at.is_some(), "photos": photos?,
    }))
}

/// Both copies of every photo as files, as the app would show them.
pub fn save_photos(client: &Client, folder: &std::path::Path) -> Result<Value> {
    std::fs::create_dir_all(folder)?;
    let mut count = 0;
    let query = TimelineQuery { limit: MAX_PAGE, ..TimelineQuery::default() };
    for entry in client.entries().timeline(&query)?.entries {
        for photo in client.attachments().list(entry.id)? {
            for (size, name) in [(Size::Display, "display"), (Size::Thumb, "thumb")] {
                let bytes = client.attachments().read(photo.id, size)?;
                std::fs::write(folder.join(format!("{}-{name}.jpg", photo.id)), bytes)?;
                count += 1;
            }
        }
    }
    Ok(json!(count))
}

/// Family, space, device and blob ids.
pub fn ids(client: &Client) -> Result<Value> {
    let place = client.keys().place()?;
    Ok(json!({ "family": hex(&place.family), "space": hex(&place.space), "device": hex(&place.device) }))
}
