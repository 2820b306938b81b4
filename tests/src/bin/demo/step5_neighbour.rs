//! Step 5: another family sees nothing: every id of Ann's answers like an id that never existed.
use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::phone::asks::Ask;
use crate::phone::{BORDER, Phone};
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
    let sent = Sent::by(&world.captured("phone-1"))?;
    let none = "0f".repeat(16);
    let (mut asked, mut writes) = (0, 0);
    for Question { method, path, id } in questions(&ann, &ben, &blobs) {
        let body = match method {
            "GET" | "DELETE" => Vec::new(),
            // A body that Ann's own phone sent to this route, or else nothing is proved by its refusal.
            _ => match sent.body(method, &path) {
                Some(body) => body,
                None => continue,
            },
        };
        let real = answer(&mut other, method, &path.replace('*', &id), &body)?;
        let never = answer(&mut other, method, &path.replace('*', &none), &body)?;
        world.story.check_quietly(
            real.0 == 404 && real == never,
            format!(
                "{method} {path} with an id of Ann's answered {real:?}, one that never existed {never:?}"
            ),
        )?;
        asked += 1;
        writes += u32::from(!body.is_empty());
    }
    world.story.check(
        asked > 40 && writes >= 5,
        format!(
            "{asked} requests with Ben's sign-in for Ann's ids, {writes} of them with bodies that Ann's phone had sent: \
             each answered 404, like an id that never existed"
        ),
    )?;
    Ok(other)
}

/// One request; `*` in its path is the place of the id.
struct Question {
    method: &'static str,
    path: String,
    id: String,
}

/// Every route of the family plane with Ann's ids.
fn questions(ann: &Value, ben: &Value, blobs: &BTreeSet<String>) -> Vec<Question> {
    let (family, space, device) = (text(&ann["family"]), text(&ann["space"]), text(&ann["device"]));
    let (bens, bens_space) = (text(&ben["family"]), text(&ben["space"]));
    let mut all = Vec::new();
    let mut ask = |method, path: &str, id: &str| {
        all.push(Question { method, path: format!("/api/v1{path}"), id: id.to_owned() });
    };
    for (method, path) in [
        ("GET", "/families/*/log"),
        ("POST", "/families/*/log"),
        ("GET", "/families/*/keyring"),
        ("GET", "/families/*/recovery"),
        ("GET", "/families/*/grants"),
        ("DELETE", "/families/*/grants/1"),
        ("GET", "/families/*/quota"),
        ("POST", "/families/*/blobs"),
    ] {
        ask(method, path, family);
    }
    for (method, tail) in
        [("GET", "head"), ("GET", "pull?after=0"), ("GET", "digest"), ("GET", "bucket/7"), ("POST", "push")]
    {
        ask(method, &format!("/families/*/spaces/{space}/{tail}"), family);
        ask(method, &format!("/families/*/spaces/{bens_space}/{tail}"), family);
        // Ben's own family, Ann's space.
        ask(method, &format!("/families/{bens}/spaces/*/{tail}"), space);
    }
    for blob in blobs {
        for (method, tail) in [("GET", ""), ("GET", "/parts/0"), ("PUT", "/parts/0"), ("POST", "/complete")] {
            ask(method, &format!("/families/*/blobs/{blob}{tail}"), family);
            // Ben's own family, Ann's photo.
            ask(method, &format!("/families/{bens}/blobs/*{tail}"), blob);
        }
    }
    // Ids that are no family's, in a family's place.
    for id in [space, device] {
        ask("GET", "/families/*/log", id);
        ask("GET", "/links/*", id);
    }
    all
}

/// What Ann's phone sent, out of its captures.
struct Sent(Vec<(String, Vec<u8>)>);

impl Sent {
    fn by(captured: &Path) -> Result<Self> {
        let bytes = std::fs::read(captured)?;
        let border = BORDER;
        let mut bodies = Vec::new();
        let mut rest = bytes.as_slice();
        let mut pieces = Vec::new();
        while let Some(at) = rest.windows(border.len()).position(|window| window == border) {
            pieces.push(&rest[..at]);
            rest = &rest[at + border.len()..];
        }
        // Requests go out side by side: a request's line is followed by its body at once, replies stand alone.
        for pair in pieces.windows(2) {
            if let [line, body] = pair
                && let Ok(line) = std::str::from_utf8(line)
                && ["POST /", "PUT /"].iter().any(|start| line.starts_with(start))
            {
                bodies.push((line.to_owned(), body.to_vec()));
            }
        }
        Ok(Self(bodies))
    }

    /// A body for the route of this path: same verb, same words between the ids.
    fn body(&self, method: &str, path: &str) -> Option<Vec<u8>> {
        let shape = |path: &str| -> Vec<String> {
            let id = |part: &str| part == "*" || part.len() == 32;
            path.split('/').map(|part| if id(part) { "*".into() } else { part.to_owned() }).collect()
        };
        let wanted = shape(path.strip_prefix("/api/v1")?);
        let found = self.0.iter().find(|(line, body)| {
            let (verb, path) = line.split_once(' ').unwrap_or_default();
            verb == method && shape(path) == wanted && !body.is_empty()
        })?;
        Some(found.1.clone())
    }
}

/// Status, and the error without the id of the occurrence.
fn answer(phone: &mut Phone, method: &str, path: &str, body: &[u8]) -> Result<(u64, String, String)> {
    let reply = phone.ask(&Ask::Raw { method: method.into(), path: path.into(), body: body.to_vec() })?;
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
fn blob_ids(folder: &Path) -> Result<BTreeSet<String>> {
    let names = crate::search::places::files(&folder.join("blobs"));
    let names = names.iter().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
    let ids: BTreeSet<String> = names.filter(|name| name.len() == 32).take(4).collect();
    anyhow::ensure!(!ids.is_empty(), "no photo files on phone one");
    Ok(ids)
}
