//! Step 4: both phones edit offline; phone two dies in the middle of a sync. Nothing is lost.
use anyhow::{Context, Result};
use serde_json::Value;

use crate::phone::Phone;
use crate::phone::asks::Ask;
use crate::world::{World, entries, entry, text};

const FROM_ONE: &str = "Hedgehog chose the book. ";
const FROM_TWO: &str = " We read the last page twice.";
const RESCUED: &str = " The second loaf was better.";
const NOTES: u32 = 24;

pub fn run(world: &mut World, one: &mut Phone, two: Phone, shown: &Value) -> Result<Phone> {
    world.story.step("Both phones write at once, and one dies in the middle of a sync");
    let titled = |title: &str| {
        let found = entries(shown).iter().find(|entry| entry["title"] == title);
        found.map(|entry| text(&entry["id"]).to_owned()).context("an entry of the year")
    };
    let (shared, trashed) = (&titled("The Iron Man, chapter one")?, &titled("Bread, first attempt")?);
    let original = text(&entry(shown, shared)["note"]).to_owned();

    let mut two = two;
    one.ask(&Ask::Network { on: false })?;
    two.ask(&Ask::Network { on: false })?;
    one.ask(&Ask::EditNote { entry: shared.clone(), before: FROM_ONE.into(), after: String::new() })?;
    two.ask(&Ask::EditNote { entry: shared.clone(), before: String::new(), after: FROM_TWO.into() })?;
    one.ask(&Ask::Trash { entry: trashed.clone() })?;
    two.ask(&Ask::EditNote { entry: trashed.clone(), before: String::new(), after: RESCUED.into() })?;
    let written = two.ask(&Ask::WriteNotes { count: NOTES, words: "Swifts over the roof".into() })?;
    let written: Vec<String> = serde_json::from_value(written).context("the ids of the new entries")?;
    world.story.say(format!(
        "offline, both change the same note; phone one trashes an entry that phone two edits; phone two writes {NOTES} more"
    ));
    for words in [FROM_ONE, FROM_TWO, RESCUED, "Swifts over the roof"] {
        world.secret("words written offline", words.trim());
    }
    one.ask(&Ask::Network { on: true })?;
    one.ask(&Ask::Sync { slow_ms: 0 })?;
    two.ask(&Ask::Network { on: true })?;
    let two = two.die_in_sync("sent")?;
    let mut two = two.die_in_sync("answered")?;
    world.story.say("phone two's process is killed twice: with a push on its way, and with one that the server has but the phone does not know of");
    let after_death = two.ask(&Ask::Show)?;
    let kept = written.iter().all(|id| !entry(&after_death, id).is_null());
    world.story.check(kept, "everything that it had written is still on it")?;

    for _ in 0..2 {
        two.ask(&Ask::Sync { slow_ms: 0 })?;
        one.ask(&Ask::Sync { slow_ms: 0 })?;
    }
    let (a, b) = (one.ask(&Ask::Show)?, two.ask(&Ask::Show)?);
    world.story.check(a == b, "after syncing, both phones show the same again")?;
    let note = text(&entry(&a, shared)["note"]).to_owned();
    let both = note.contains(FROM_ONE.trim()) && note.contains(FROM_TWO.trim()) && note.contains(&original);
    world.story.check(both, "the note holds both edits and every word of before")?;
    let rescued = entry(&a, trashed);
    world.story.check(
        text(&rescued["note"]).contains(RESCUED.trim()) && rescued["trashed"] == false,
        "the entry that one trashed and the other edited is back, with the edit",
    )?;
    let once =
        written.iter().all(|id| entries(&a).iter().filter(|entry| entry["id"] == id.as_str()).count() == 1);
    world.story.check(
        once && entries(&a).len() == 60 + written.len(),
        format!("all {} entries are there, each once", entries(&a).len()),
    )?;
    called_off(world, one, &mut two)?;
    Ok(two)
}

/// One phone alone can't take the family's copy off the server: every other hears of it and may call it off.
fn called_off(world: &mut World, one: &mut Phone, two: &mut Phone) -> Result<()> {
    let due = one.ask(&Ask::Erase { order: true })?;
    two.ask(&Ask::Sync { slow_ms: 0 })?;
    let told = two.ask(&Ask::Erasure)?;
    two.ask(&Ask::Erase { order: false })?;
    one.ask(&Ask::Sync { slow_ms: 0 })?;
    world.story.check(
        due.is_i64() && told == due && one.ask(&Ask::Erasure)?.is_null(),
        "phone one orders the server's copy erased in 14 days; phone two is told, and calls it off",
    )
}
