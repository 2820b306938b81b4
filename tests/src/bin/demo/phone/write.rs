//! Writes a family's record on a phone.
use std::path::Path;

use anyhow::{Context, Result};
use kinfolio_core::client::Client;
use kinfolio_core::entries::{EntryDraft, LearnerLine};
use kinfolio_core::learners::NewLearner;
use serde_json::{Value, json};
use support::family;

/// The written year of tests/fixtures/year; photos are taken from `camera`, named `NN-FILE`.
pub fn year(client: &Client, camera: &Path) -> Result<Value> {
    let planted = family::plant_from(client, &family::year(), |number, photo| {
        camera.join(format!("{number:02}-{}", photo.file))
    })?;
    Ok(json!({
        "learners": planted.learners.len(),
        "entries": planted.entries.len(),
        "photos": planted.photos,
    }))
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
