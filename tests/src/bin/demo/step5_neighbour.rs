//! Step 5: another family sees nothing: every id of Ann's answers like an id that never existed.
use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::phone::Phone;
use crate::phone::asks::Ask;
use crate::step2_year::remember;
use crate::world::{BEN, World, text};

pub fn run(world: &mut World, one: &mut Phone) -> Result<Phone> {
    world.story.step("Another family on the same server sees nothing of it");
    let mut other = world.phone("phone-falcon", "Ben's phone")?;
    world.sign_in(&mut other, &BEN, true)?;
    world.secret("Ben's password", BEN.password);
    world.secret("Ben's name", BEN.name);
    world.secret("the name of Ben's phone", "Ben's phone");
    other.ask(&Ask::WriteLearner {
        nickname: "Falcon".into(),
        note: "Falcon built a kite from bin bags and string.".into(),
    })?;
    other.ask(&Ask::TurnOnSync)?;
    other.ask(&Ask::Sync { slow_ms: 0 })?;
    let shown = other.ask(&Ask::Show)?;
    world.story.check(
        shown["learners"].as_array().is_some_and(|all| all.len() == 1),
        "Ben's phone syncs a family of its own: one learner, Falcon",
    )?;
    remember(world, &shown, "Ben's");

    let (ann, ben) = (one.ask(&Ask::Ids)?, other.ask(&Ask::Ids)?);
    let blobs = blob_ids(&one.folder)?;
    let mut asked = 0;
    let none = "0f".repeat(16);
    for (method, real, never) in questions(&ann, &ben, &blobs, &none) {
        let answers = [real, never].map(|path| answer(&mut other, method, &path));
        let [real, never] = answers;
        let (real, never) = (real?, never?);
        world.story.check_quietly(
            real.0 == 404 && real == never,
            format!("{method} with an id of Ann's answered {real:?}, one that never existed {never:?}"),
        )?;
        asked += 1;
    }
    world.story.check(
        asked > 40,
        format!("{asked} requests with Ben's sign-in for Ann's ids: each answered 404, like an id that never existed"),
    )?;
    Ok(other)
}

/// Every route of the family plane with Ann's ids, beside the same route with an id that never existed.
fn questions(
    ann: &Value,
    ben: &Value,
    blobs: &BTreeSet<String>,
    none: &str,
) -> Vec<(&'static str, String, String)> {
    let (family, space, device) = (text(&ann["family"]), text(&ann["space"]), text(&ann["device"]));
    let bens = text(&ben["family"]);
    let bens_space = text(&ben["space"]);
    let mut all = Vec::new();
    let mut ask = |method, path: &str, id: &str| {
        all.push((
            method,
            format!("/api/v1{}", path.replace('*', id)),
            format!("/api/v1{}", path.replace('*', none)),
        ));
    };
    for (method, path) in [
        ("GET", "/families/*/log"),
        ("POST", "/families/*/log"),
        ("GET", "/families/*/keyring"),
        ("PUT", "/families/*/keyring"),
        ("GET", "/families/*/recovery"),
        ("PUT", "/families/*/recovery"),
        ("GET", "/families/*/grants"),
        ("PUT", "/families/*/grants"),
        ("DELETE", "/families/*/grants/1"),
        ("GET", "/families/*/quota"),
        ("POST", "/families/*/blobs"),
    ] {
        ask(method, path, family);
    }
    for (method, tail) in
        [("GET", "head"), ("GET", "pull"), ("GET", "digest"), ("GET", "bucket/7"), ("POST", "push")]
    {
        ask(method, &format!("/families/*/spaces/{space}/{tail}"), family);
        ask(method, &format!("/families/*/spaces/{bens_space}/{tail}"), family);
        // Ben's own family, Ann's space.
        ask(method, &format!("/families/{bens}/spaces/*/{tail}"), space);
    }
    for blob in blobs {
        for (method, tail) in [("GET", ""), ("GET", "/parts/0"), ("PUT", "/parts/0"), ("POST", "/complete")] {
            ask(method, &format!("/families/*/blobs/{blob}{tail}"), family);
            if method == "GET" {
                ask(method, &format!("/families/{bens}/blobs/*{tail}"), blob);
            }
        }
    }
    // Ids that are no family's, in a family's place.
    for id in [space, device] {
        ask("GET", "/families/*/log", id);
        ask("GET", "/links/*", id);
    }
    all
}

/// Status, and the error without the id of the occurrence.
fn answer(phone: &mut Phone, method: &str, path: &str) -> Result<(u64, String, String)> {
    let reply = phone.ask(&Ask::Raw { method: method.into(), path: path.into(), body: Vec::new() })?;
    let body: Vec<u8> = serde_json::from_value(reply["body"].clone())?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let error = &body["error"];
    Ok((
        reply["status"].as_u64().context("a status")?,
        text(&error["code"]).to_owned(),
        text(&error["message"]).to_owned(),
    ))
}

/// The ids of Ann's photo files are the names of the sealed files on her phone.
fn blob_ids(folder: &std::path::Path) -> Result<BTreeSet<String>> {
    let names = crate::search::places::files(&folder.join("blobs"));
    let names = names.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
    let ids: BTreeSet<String> = names.filter(|name| name.len() == 32).take(4).collect();
    anyhow::ensure!(!ids.is_empty(), "no photo files on phone one");
    Ok(ids)
}
