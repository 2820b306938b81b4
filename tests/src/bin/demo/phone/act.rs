//! Does on a phone what it is asked to do.
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use kinfolio_core::account::CLIENT_APP;
use kinfolio_core::client::Client;
use kinfolio_core::entries::{EntryEdit, TimelineQuery};
use kinfolio_core::export::{Format, PortfolioRequest, Renaming};
use kinfolio_core::http::Method;
use kinfolio_core::ids::AttachmentId;
use kinfolio_core::keys::JoinState;
use kinfolio_core::progress::{Cancel, NoProgress};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::asks::Ask;
use super::line::Line;
use super::{show, write};

/// Where the app's sign-in comes back to.
pub const REDIRECT: &str = "app.kinfolio:/oauth2redirect";

pub async fn act(client: &Client, line: &Line, ask: Ask) -> Result<Value> {
    Ok(match ask {
        Ask::Network { on } => {
            line.switch(on);
            json!(line.tried())
        }
        Ask::Begin { server } => json!(client.account().begin(&server, REDIRECT, CLIENT_APP).await?),
        Ask::Finish { callback } => json!(client.account().finish(&callback).await?.email),
        Ask::TurnOnSync => {
            client.keys().turn_on_sync().await?;
            Value::Null
        }
        Ask::Recovery => {
            let words = client.keys().make_recovery_words()?;
            client.keys().confirm_recovery(&words.join(" ")).await?;
            json!(words)
        }
        Ask::WriteYear { camera } => write::year(client, Path::new(&camera))?,
        Ask::WriteLearner { nickname, note } => write::learner(client, &nickname, &note)?,
        Ask::WriteNotes { count, words } => write::notes(client, count, &words)?,
        Ask::Sync { slow_ms } => {
            line.slow_down(slow_ms);
            let report = client.sync().run(Cancel::new(), Arc::new(NoProgress)).await;
            line.slow_down(0);
            let report = report?;
            json!({ "pulled": report.pulled, "pushed": report.pushed, "merged": report.merged,
                    "conflicts": report.conflicts, "up": report.blobs_up, "down": report.blobs_down })
        }
        Ask::Invite => {
            let code = client.keys().invite(false).await?;
            json!({ "link": code.link, "payload": code.payload, "svg": code.svg })
        }
        Ask::Scan { payload } => json!(format!("{:?}", client.keys().scan(&payload)?)),
        Ask::JoinState => json!(match client.keys().join_state().await? {
            JoinState::Ready => "ready",
            JoinState::Waiting => "waiting",
            JoinState::SignIn { .. } => "sign in",
            _ => "nothing",
        }),
        Ask::Approve { link, member } => {
            let details = client.keys().pending(link).await?.context("nobody answered the invite")?;
            client.keys().approve(&details, &member).await?;
            json!({ "device": details.device_name, "email": details.email })
        }
        Ask::CompleteJoin => {
            client.keys().complete_join(&[], Cancel::new(), Arc::new(NoProgress)).await?;
            Value::Null
        }
        Ask::Erase { order: true } => json!(client.keys().order_erasure().await?),
        Ask::Erase { order: false } => {
            client.keys().cancel_erasure().await?;
            Value::Null
        }
        Ask::Erasure => json!(client.keys().notices()?.erasure.map(|erasure| erasure.due_ms)),
        Ask::Show => show::everything(client)?,
        Ask::SavePhotos { folder } => show::save_photos(client, Path::new(&folder))?,
        Ask::EditNote { entry, before, after } => {
            let entry = client.entries().get(show::entry_id(&entry)?)?;
            let note = format!("{before}{}{after}", entry.note);
            let edit = EntryEdit { note: Some(note), base: Some(entry.clone()), ..EntryEdit::default() };
            json!(client.entries().update(entry.id, edit)?.note)
        }
        Ask::Trash { entry } => {
            client.entries().trash(show::entry_id(&entry)?)?;
            Value::Null
        }
        Ask::Portfolio { learner, real_name, path } => {
            portfolio(client, &learner, real_name.as_deref(), &path)?
        }
        Ask::Ids => show::ids(client)?,
        Ask::Raw { method, path, body } => raw(client, &method, &path, body).await?,
    })
}

fn portfolio(client: &Client, nickname: &str, real_name: Option<&str>, path: &str) -> Result<Value> {
    let learners = client.learners().list()?;
    let learner = learners.iter().find(|learner| learner.nickname == nickname).context("the learner")?;
    let mut request = PortfolioRequest::new(learner.id, "2025-09-01", "2026-08-31");
    if path.ends_with(".pdf") {
        request.format = Format::Pdf;
    }
    request.cover = cover(client)?;
    let mut renaming = Renaming::none();
    if let Some(name) = real_name {
        renaming.set(learner.id, name)?;
    }
    let preview = client.export().preview(&request)?;
    let length =
        client.export().write_portfolio(&request, &renaming, Path::new(path), &NoProgress, &Cancel::new())?;
    let off = preview.review.iter().filter(|place| !place.on).count();
    Ok(json!({ "entries": preview.entries, "photos": preview.photos, "bytes": length,
               "places": preview.review.len(), "off": off }))
}

/// Ann likes the neighbour's cat best.
fn cover(client: &Client) -> Result<Option<AttachmentId>> {
    let portrait = client.entries().search("Chelsea portrait", &TimelineQuery::default())?;
    let portrait = portrait.first().context("the entry with the cat")?;
    Ok(client.attachments().list(portrait.entry)?.first().map(|photo| photo.id))
}

async fn raw(client: &Client, method: &str, path: &str, body: Vec<u8>) -> Result<Value> {
    let method = match method {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        other => bail!("no such method: {other}"),
    };
    let mut headers = vec![("content-type".to_owned(), "application/cbor".to_owned())];
    if path.contains("/parts/") && method == Method::Put {
        headers.push(("kinfolio-sha256".to_owned(), show::hex(&Sha256::digest(&body))));
    }
    let reply = client.account().door().send(method, path, headers, body).await?;
    Ok(json!({ "status": reply.status, "body": reply.body }))
}
