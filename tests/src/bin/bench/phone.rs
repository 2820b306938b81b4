//! Sync as the phone pays for it: records pulled, opened, merged and indexed a second; requests and bytes of one entry.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use axum::Router;
use axum::body::{Body, to_bytes};
use futures::future::BoxFuture;
use kinfolio_core::Error;
use kinfolio_core::account::CLIENT_DESKTOP;
use kinfolio_core::client::{Client, ClientConfig, STORE};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::host::MemorySecretStore;
use kinfolio_core::http::{MAX_REPLY, Method, Request, Response, Transport};
use kinfolio_core::progress::{Cancel, NoProgress};
use support::family::{Size, grown, plant};
use support::server::InProcess;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::Plan;
use crate::measure::median;
use crate::table::{Budget, Row, Table};

const ENTRIES: usize = 5_000;
/// Entries of the first page.
const PAGE: u64 = 50;
const PASSWORD: &str = "gravel otter teapot ninety";
const CALLBACK: &str = "http://127.0.0.1:5005/callback";

/// The rows of this group.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure(table, plan))
}

async fn measure(table: &mut Table, plan: &Plan) -> Result<()> {
    // One sign-in stands for as many phones as there are runs.
    let server = InProcess::start_with(
        |config| config.limits.records_per_minute = 10_000_000,
        Arc::new(kinfolio_server::clock::SystemClock),
    )
    .await;
    let line =
        Arc::new(Line { router: server.router(), requests: AtomicU64::new(0), bytes: AtomicU64::new(0) });
    let secrets = Arc::<MemorySecretStore>::default();
    let folder = TempDir::new()?;

    let phone = open(&folder, &secrets, &line)?;
    let mut browser = server.browser();
    browser.register("ann@example.org", PASSWORD, &server.mail()).await;
    let url = phone.account().begin(server.base(), CALLBACK, CLIENT_DESKTOP).await?;
    phone.account().finish(&browser.authorize(&url).await).await?;
    phone.keys().turn_on_sync().await?;
    phone.checkpoint()?;

    // The same phone as it stood before it wrote anything, once for each run: all that it can do is pull.
    let empty: Vec<TempDir> = (0..plan.runs).map(|_| copy(&folder)).collect::<Result<_>>()?;
    plant(&phone, &grown(Size::Entries(ENTRIES), 3))?;
    let start = Instant::now();
    phone.sync().run(Cancel::new(), Arc::new(NoProgress)).await?;
    let pushed = ENTRIES as f64 / start.elapsed().as_secs_f64();
    let (mut speeds, mut firsts) = (Vec::new(), Vec::new());
    for folder in &empty {
        let phone = open(folder, &secrets, &line)?;
        let (entries, start) = (phone.entries().clone(), Instant::now());
        let listed = tokio::spawn(async move {
            while entries.count()? < PAGE {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            Ok::<_, Error>(start.elapsed().as_secs_f64())
        });
        phone.sync().run(Cancel::new(), Arc::new(NoProgress)).await?;
        speeds.push(ENTRIES as f64 / start.elapsed().as_secs_f64());
        ensure!(phone.entries().count()? == ENTRIES as u64, "all entries came");
        firsts.push(listed.await??);
    }
    let work = "a phone pulls, opens, merges, indexes";
    let ours = median(speeds);
    table.row(Row { work: work.into(), ours, unit: "rec/s", bare: None, budget: Budget::Least(5_000.0) });
    // Newest first, so that it takes a large family no longer.
    let work = "a new phone shows its first page of 50".into();
    table.row(Row { work, ours: median(firsts), unit: "s", bare: None, budget: Budget::Most(2.0) });
    let work = "a phone sends what it wrote offline".into();
    table.row(Row { work, ours: pushed, unit: "rec/s", bare: None, budget: Budget::None });

    plant(&phone, &grown(Size::Entries(1), 4))?;
    phone.sync().run(Cancel::new(), Arc::new(NoProgress)).await?;
    let (mut requests, mut bytes) = (Vec::new(), Vec::new());
    for seed in 0..plan.runs {
        let planted = grown(Size::Entries(1), 5 + seed as u64);
        let draft = support::family::Planted::default();
        for entry in &planted.entries {
            phone.entries().create(draft.draft(entry))?;
        }
        line.count();
        phone.sync().run(Cancel::new(), Arc::new(NoProgress)).await?;
        let (asked, moved) = line.count();
        requests.push(asked);
        bytes.push(moved);
    }
    let row = |work: &str, ours, unit, most| Row {
        work: work.into(),
        ours,
        unit,
        bare: None,
        budget: Budget::Most(most),
    };
    table.row(row("one new entry synced, requests", median(requests), "", 2.0));
    table.row(row("one new entry synced, bodies both ways", median(bytes), "KiB", 4.0));
    Ok(())
}

fn open(
    folder: &TempDir,
    secrets: &Arc<MemorySecretStore>,
    line: &Arc<Line>,
) -> kinfolio_core::Result<Client> {
    let config = ClientConfig { dir: folder.path().to_owned(), device_name: "bench".into() };
    let (clock, random) = (Arc::new(SystemClock), Arc::new(OsRandomness));
    Client::open(config, secrets.clone(), None, Some(line.clone()), clock, random)
}

fn copy(from: &TempDir) -> Result<TempDir> {
    let to = TempDir::new()?;
    std::fs::copy(from.path().join(STORE), to.path().join(STORE))?;
    Ok(to)
}

/// A line into the server that counts.
struct Line {
    router: Router,
    requests: AtomicU64,
    bytes: AtomicU64,
}

impl Line {
    /// Requests and KiB of bodies since the last count.
    fn count(&self) -> (f64, f64) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed) as f64;
        (take(&self.requests), take(&self.bytes) / 1_024.0)
    }
}

impl Transport for Line {
    fn send(&self, request: Request) -> BoxFuture<'_, kinfolio_core::Result<Response>> {
        Box::pin(async move {
            self.requests.fetch_add(1, Ordering::Relaxed);
            self.bytes.fetch_add(request.body.len() as u64, Ordering::Relaxed);
            let lost = |_| Error::Offline("in-process line".into());
            let method = match request.method {
                Method::Get => "GET",
                Method::Post => "POST",
                Method::Put => "PUT",
                Method::Delete => "DELETE",
            };
            let mut built = axum::http::Request::builder().method(method).uri(&request.url);
            for (name, value) in &request.headers {
                built = built.header(name, value);
            }
            let built = built.body(Body::from(request.body)).map_err(|_| Error::internal("request"))?;
            let Ok(answer) = self.router.clone().oneshot(built).await;
            let (parts, body) = answer.into_parts();
            let body = to_bytes(body, MAX_REPLY).await.map_err(lost)?.to_vec();
            self.bytes.fetch_add(body.len() as u64, Ordering::Relaxed);
            let headers = parts.headers.iter().map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            });
            Ok(Response { status: parts.status.as_u16(), headers: headers.collect(), body })
        })
    }
}
