//! Step 2: with the network off, a year is written on phone one; then it is sent.
use anyhow::{Context, Result};
use serde_json::Value;
use support::family;

use crate::camera;
use crate::phone::Phone;
use crate::phone::asks::Ask;
use crate::world::{World, entries, photos, text};

pub fn run(world: &mut World, phone: &mut Phone) -> Result<Value> {
    world.story.step("Ann writes a year with no signal, then syncs");
    let tried_before = phone.ask(&Ask::Network { on: false })?;
    let family = family::year();
    let folder = world.folders.path("camera");
    let mut taken = 0;
    for (number, entry) in family.entries.iter().enumerate() {
        for (hour, photo) in (9..).zip(&entry.photos) {
            let to = folder.join(format!("{number:02}-{}", photo.file));
            camera::take(&family::photo_folder().join(&photo.file), &to, &entry.learned_on, hour)?;
            taken += 1;
        }
    }
    world.story.say(format!(
        "{taken} real photographs carry a place ({}, {}), a date, a camera and an author: written by exiftool and read back",
        camera::PLACE.0,
        camera::PLACE.1
    ));
    let written = phone.ask(&Ask::WriteYear { camera: folder.display().to_string() })?;
    world.story.check(
        written["learners"] == 2 && written["entries"] == 60 && written["photos"].as_u64() >= Some(8),
        format!(
            "the network is off; Hedgehog and Otter are there, with {} entries and {} photos",
            written["entries"], written["photos"]
        ),
    )?;
    let shown = phone.ask(&Ask::Show)?;
    let dated = photos(&shown).iter().all(|photo| text(&photo["captured_at"]).contains(":15:00"));
    world.story.check(dated, "every photo's capture date was read")?;
    let tried_after = phone.ask(&Ask::Network { on: true })?;
    world.story.check(tried_before == tried_after, "not one request was tried meanwhile")?;

    phone.ask(&Ask::TurnOnSync)?;
    world
        .story
        .say("the network is on; Ann turns sync on: the family's log goes up, and her phone is bound to it");
    let words = phone.ask(&Ask::Recovery)?;
    let words: Vec<&str> = words.as_array().context("the words")?.iter().map(text).collect();
    world.story.check(words.len() == 12, "12 recovery words are made, written down and confirmed")?;
    world.secret("Ann's recovery words", words.join(" "));
    let report = phone.ask(&Ask::Sync { slow_ms: 0 })?;
    world.story.check(
        report["pushed"].as_u64() >= Some(74) && report["up"].as_u64() == Some(2 * taken),
        format!(
            "{} sealed records and {} sealed photo files are on the server",
            report["pushed"], report["up"]
        ),
    )?;
    remember(world, &shown, "Ann's");
    Ok(shown)
}

/// Everything that was written becomes something to search for.
pub fn remember(world: &mut World, shown: &Value, whose: &str) {
    for learner in shown["learners"].as_array().into_iter().flatten() {
        world.secret(format!("{whose} nickname"), text(&learner["nickname"]));
    }
    for (number, entry) in entries(shown).iter().enumerate() {
        for (what, words) in [("title", &entry["title"]), ("note", &entry["note"])] {
            pieces(world, &format!("{whose} {what} {number}"), text(words));
        }
        for line in entry["lines"].as_object().into_iter().flatten() {
            pieces(world, &format!("{whose} line {number}"), text(line.1));
        }
        for photo in entry["photos"].as_array().into_iter().flatten() {
            pieces(world, &format!("{whose} caption {number}"), text(&photo["caption"]));
            pieces(world, &format!("{whose} description {number}"), text(&photo["alt"]));
        }
    }
}

fn pieces(world: &mut World, what: &str, words: &str) {
    if words.len() >= 8 {
        pieces_of(words).for_each(|piece| world.secret(what, piece));
    }
}

/// A text as a whole, and in pieces that overlap by half: a part of it is a leak too, wherever it was cut.
pub fn pieces_of(words: &str) -> impl Iterator<Item = &[u8]> {
    const LONG: usize = 24;
    let last = words.len().saturating_sub(LONG);
    let starts = (0..last).step_by(LONG / 2).chain([last]);
    std::iter::once(words.as_bytes()).chain(starts.filter_map(|at| words.as_bytes().get(at..at + LONG)))
}
