//! Writes a family's record on a phone.
use std::path::Path;

use anyhow::{Context, Result};
use kinfolio_core::attachments::ImportSource;
use kinfolio_core::client::Client;
use kinfolio_core::entries::{EntryDraft, LearnerLine};
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress};
use serde_json::{Value, json};
use support::family;

/// The written year of tests/fixtures/year; photos are taken from `camera`, named `NN-FILE`.
pub fn year(client: &Client, camera: &Path) -> Result<Value> {
    let family = family::year();
    let mut learners = Vec::new();
    for one in &family.learners {
        let new = NewLearner {
            nickname: one.nickname.clone(),
            colour: one.colour.clone(),
            emoji: one.emoji.clone(),
        };
        learners.push(client.learners().add(new)?.id);
    }
    let mut subjects = Vec::new();
    for name in &family.subjects {
        subjects.push(client.subjects().add(name, "")?.id);
    }
    let (mut entries, mut photos) = (0, 0);
    for (number, one) in family.entries.iter().enumerate() {
        let lines = one.learners.iter().map(|(who, line)| {
            Ok(LearnerLine {
                learner: *learners.get(*who).context("a learner of the year")?,
                line: line.clone(),
            })
        });
        let entry = client.entries().create(EntryDraft {
            title: one.title.clone(),
            note: one.note.clone(),
            learned_on: one.learned_on.clone(),
            minutes: one.minutes,
            on_record: one.on_record,
            starred: one.starred,
            learners: lines.collect::<Result<_>>()?,
            subjects: one.subjects.iter().filter_map(|place| subjects.get(*place).copied()).collect(),
            tags: one.tags.clone(),
        })?;
        entries += 1;
        for photo in &one.photos {
            let path = camera.join(format!("{number:02}-{}", photo.file));
            client.attachments().import(
                entry.id,
                ImportSource::Path(path),
                &photo.caption,
                &photo.alt,
                &Cancel::new(),
                &NoProgress,
            )?;
            photos += 1;
        }
    }
    Ok(json!({ "learners": learners.len(), "entries": entries, "photos": photos }))
}

/// One learner with one entry.
pub fn learner(client: &Client, nickname: &str, note: &str) -> Result<Value> {
    let new = NewLearner { nickname: nickname.into(), colour: "#2f5fa8".into(), emoji: "🦅".into() };
    let learner = client.learners().add(new)?.id;
    let draft = EntryDraft {
        title: "A first day".into(),
        note: note.into(),
        learned_on: "2026-03-02".into(),
        on_record: true,
        learners: vec![LearnerLine { learner, line: String::new() }],
        ..EntryDraft::default()
    };
    Ok(json!(client.entries().create(draft)?.id.to_string()))
}

/// Short entries for the last learner; answers with their ids.
pub fn notes(client: &Client, count: u32, words: &str) -> Result<Value> {
    let learner = client.learners().list()?.last().context("a learner")?.id;
    let ids: Result<Vec<String>> = (0..count)
        .map(|number| {
            let draft = EntryDraft {
                title: format!("{words} {number}"),
                note: format!("{words}, written with no signal, number {number}."),
                learned_on: "2026-08-20".into(),
                on_record: true,
                learners: vec![LearnerLine { learner, line: String::new() }],
                ..EntryDraft::default()
            };
            Ok(client.entries().create(draft)?.id.to_string())
        })
        .collect();
    Ok(json!(ids?))
}
