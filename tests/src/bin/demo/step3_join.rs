//! Step 3: phone two joins by QR and shows everything, photos byte-equal.
use anyhow::{Context, Result};
use serde_json::Value;

use crate::phone::Phone;
use crate::phone::asks::Ask;
use crate::world::{ANN, World, entries, photos, text};

pub fn run(world: &mut World, one: &mut Phone, before: &Value) -> Result<Phone> {
    world.story.step("A second phone joins by a QR code");
    let invite = one.ask(&Ask::Invite)?;
    std::fs::write(world.folders.path("invite.svg"), text(&invite["svg"]))?;
    let link: [u8; 16] = serde_json::from_value(invite["link"].clone())?;
    let payload: Vec<u8> = serde_json::from_value(invite["payload"].clone())?;
    world.secret("the invite's code", payload.get(payload.len().saturating_sub(32)..).unwrap_or_default());

    let mut two = world.phone("phone-2", "Ann's old tablet")?;
    world.secret("the name of phone two", "Ann's old tablet");
    two.ask(&Ask::Scan { payload })?;
    world
        .story
        .check(two.ask(&Ask::JoinState)? == "sign in", "phone two scanned the code and asks to sign in")?;
    world.story.say("the page asks for the password, and for a code of Ann's authenticator app");
    world.sign_in(&mut two, &ANN, false)?;
    world.story.check(
        two.ask(&Ask::JoinState)? == "waiting",
        "signed in is not enough: phone two waits for phone one's yes",
    )?;
    let asked = one.ask(&Ask::Approve { link, member: ANN.name.into() })?;
    world.story.check(
        asked["device"] == "Ann's old tablet" && asked["email"] == ANN.email,
        "phone one shows who asks, and Ann says yes",
    )?;
    world
        .story
        .check(two.ask(&Ask::JoinState)? == "ready", "phone two checked the family's log and has its keys")?;
    two.ask(&Ask::CompleteJoin)?;
    two.ask(&Ask::Sync { slow_ms: 0 })?;
    let shown = two.ask(&Ask::Show)?;
    let again = one.ask(&Ask::Show)?;
    let count = entries(&shown).len();
    world.story.check(count == 60, format!("phone two shows {count} entries"))?;
    world.story.check(
        shown == again && &again == before,
        format!(
            "both phones show the same, to the last letter; {} photos are equal to the last byte",
            photos(&shown).len()
        ),
    )?;
    let folder = world.folders.path("phone-2-photos");
    two.ask(&Ask::SavePhotos { folder: folder.display().to_string() })?;
    no_metadata(world)?;
    Ok(two)
}

/// What phone two can show of a photo tells neither place nor camera nor author.
fn no_metadata(world: &mut World) -> Result<()> {
    let folder = world.folders.path("phone-2-photos");
    let mut looked = 0;
    for entry in std::fs::read_dir(&folder).context("the photos that phone two shows")? {
        let tags = crate::camera::tags(&entry?.path())?;
        world.story.check_quietly(tags.is_empty(), format!("a stored photo still says {tags:?}"))?;
        looked += 1;
    }
    world.story.check(
        looked >= 8,
        format!("exiftool finds no place, date, camera or author in any of them ({looked})"),
    )
}
