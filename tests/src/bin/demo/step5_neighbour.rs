//! Step 5: another family sees nothing: every id of Ann's answers like an id that never existed.
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use kinfolio_protocol::family::GrantsRequest;
use kinfolio_protocol::purge::BlobsRequest;
use kinfolio_protocol::{decode, encode};
use kinfolio_server::router::{self, Plane};
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

    let names = Names::of(one, &mut other)?;
    let mut sent = Sent::by(&[world.captured("phone-1"), world.captured("phone-2")])?;
    sent.keys_as_read(one, &names.family)?;
    sent.files_left(&names)?;
    let none = "0f".repeat(16);
    let (mut asked, mut routes, mut writes) = (0, 0, 0);
    for route in router::routes().iter().filter(|route| route.plane == Plane::Family) {
        let questions = names.questions(route.path);
        routes += u32::from(!questions.is_empty());
        for (path, id) in questions {
            let method = route.method.as_str();
            // A body that Ann's own phones sent to this route, or else nothing is proved by its refusal.
            let body = match method {
                "GET" | "DELETE" => Vec::new(),
                _ => sent.body(method, &path).with_context(|| format!("no body for {method} {path}"))?,
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
    }
    world.story.check(
        asked > 60 && routes >= 20 && writes >= 20,
        format!(
            "{asked} requests with Ben's sign-in for Ann's ids, to every one of the {routes} routes that take one, \
             {writes} with bodies of Ann's own phones: each answered 404, like an id that never existed"
        ),
    )?;
    Ok(other)
}

/// Ids of both families.
struct Names {
    family: String,
    space: String,
    device: String,
    blobs: BTreeSet<String>,
    bens_family: String,
    bens_space: String,
}

impl Names {
    fn of(one: &mut Phone, other: &mut Phone) -> Result<Self> {
        let (ann, ben) = (one.ask(&Ask::Ids)?, other.ask(&Ask::Ids)?);
        let id = |ids: &Value, kind: &str| text(&ids[kind]).to_owned();
        Ok(Self {
            family: id(&ann, "family"),
            space: id(&ann, "space"),
            device: id(&ann, "device"),
            blobs: blob_ids(&one.folder)?,
            bens_family: id(&ben, "family"),
            bens_space: id(&ben, "space"),
        })
    }

    /// A route of the server's table with ids of Ann's: paths whose `*` is the place of the id beside them. None for a
    /// route without an id.
    fn questions(&self, route: &str) -> Vec<(String, String)> {
        let path = route.replace("{number}", "1").replace("{part}", "0").replace("{bucket}", "7");
        let mut all = Vec::new();
        let mut ask = |path: String, id: &str| all.push((path, id.to_owned()));
        if path.contains("{link}") {
            // Whoever knows a link's id may look at it; Ann's other ids are no link's.
            for id in [&self.family, &self.space, &self.device] {
                ask(path.replace("{link}", "*"), id);
            }
        } else if path.contains("{space}") {
            for space in [&self.space, &self.bens_space] {
                ask(path.replace("{family}", "*").replace("{space}", space), &self.family);
            }
            ask(path.replace("{family}", &self.bens_family).replace("{space}", "*"), &self.space);
        } else if path.contains("{blob}") {
            for blob in &self.blobs {
                ask(path.replace("{family}", "*").replace("{blob}", blob), &self.family);
                ask(path.replace("{family}", &self.bens_family).replace("{blob}", "*"), blob);
            }
        } else if path.contains("{family}") {
            for id in [&self.family, &self.space, &self.device] {
                ask(path.replace("{family}", "*"), id);
            }
        }
        all
    }
}

/// What Ann's phones sent, out of their captures.
struct Sent(Vec<(String, Vec<u8>)>);

impl Sent {
    fn by(captured: &[PathBuf]) -> Result<Self> {
        let files: Vec<Vec<u8>> = captured.iter().map(std::fs::read).collect::<Result<_, _>>()?;
        let bytes = files.concat();
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

    /// Ann's phone mends what the server lost by putting back what it read: no need for that arose, so it reads it now.
    fn keys_as_read(&mut self, one: &mut Phone, family: &str) -> Result<()> {
        let mut read = |kind: &str| -> Result<Vec<u8>> {
            let path = format!("/api/v1/families/{family}/{kind}");
            let reply = one.ask(&Ask::Raw { method: "GET".into(), path, body: Vec::new() })?;
            anyhow::ensure!(reply["status"] == 200, "Ann's phone reads its {kind}: {}", reply["status"]);
            Ok(serde_json::from_value(reply["body"].clone())?)
        };
        let (keyring, recovery) = (read("keyring")?, read("recovery")?);
        let grants = GrantsRequest { grants: vec![decode(&recovery)?] };
        for (kind, body) in [("keyring", keyring), ("recovery", recovery), ("grants", encode(&grants))] {
            self.0.push((format!("PUT /families/{family}/{kind}"), body));
        }
        Ok(())
    }

    /// Nothing was deleted for good: what a phone would send that lets these files of Ann's go, and that keeps them.
    fn files_left(&mut self, names: &Names) -> Result<()> {
        let blobs = names.blobs.iter().map(|blob| blob.parse()).collect::<Result<_, _>>();
        let left = encode(&BlobsRequest { blobs: blobs.ok().context("ids of files")? });
        for end in ["purged/blobs", "purged/blobs/keep"] {
            self.0.push((format!("POST /families/*/spaces/*/{end}"), left.clone()));
        }
        Ok(())
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
