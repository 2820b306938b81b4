//! A server in a process of its own, so that its memory can be told from the load's.

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use axum::Router;
use clap::ValueEnum;
use kinfolio_protocol::{FamilyId, SpaceId};
use serde::{Deserialize, Serialize};
use support::plane::{Family, Phone, Server};
use support::postgres::ScratchPostgres;

use crate::bare_server;
use crate::measure::memory_mb;

const BARE_KEY: &str = "PRAGMA key = \"x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b'\"";

/// Which server.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Part {
    /// The real one on its embedded store: sign-in, membership, isolation and audit as for people.
    Ours,
    /// The real one on a Postgres of its own that waits for the disk.
    Postgres,
    /// axum and one SQLite file, nothing else.
    Bare,
    /// The same with SQLCipher: what encryption at rest costs by itself.
    Encrypted,
}

/// What the load needs to know.
#[derive(Serialize, Deserialize)]
pub struct Told {
    /// Where it listens.
    pub address: SocketAddr,
    /// Bearer token of a bound sign-in.
    pub token: String,
    /// Path of the family's space, ending in `/`.
    pub space: String,
}

/// The child: starts the server, tells where, and serves until its stdin closes.
pub fn play(part: Part) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = crate::scratch_on_disk()?;
        let (server, router, token, space): (Option<Server>, Router, String, String) = match part {
            Part::Ours => {
                let data = folder.path().to_owned();
                let server = Server::with(move |mut config| {
                    config.data = data;
                    config
                })
                .await;
                found(server).await
            }
            Part::Postgres => {
                let settings =
                    ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum_naptime=1s"];
                let postgres =
                    tokio::task::spawn_blocking(move || ScratchPostgres::start(&settings).database()).await?;
                found(Server::on(&postgres).await).await
            }
            Part::Bare | Part::Encrypted => {
                let key = matches!(part, Part::Encrypted).then_some(BARE_KEY);
                let router = bare_server::router(&folder.path().join("bare.db"), key)?;
                (None, router, "none".into(), space_path(FamilyId([1; 16]), SpaceId([2; 16])))
            }
        };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let told = Told { address: listener.local_addr()?, token, space };
        let mut out = std::io::stdout();
        writeln!(out, "{}", serde_json::to_string(&told)?)?;
        out.flush()?;
        let stop = async {
            let wait = || std::io::stdin().read_line(&mut String::new());
            let _ = tokio::task::spawn_blocking(wait).await;
        };
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        // An open connection of the load must not keep it.
        tokio::select! {
            served = async { axum::serve(listener, service).await } => served?,
            () = stop => {}
        }
        drop(server);
        Ok(())
    })
}

/// A server with one family on it.
async fn found(server: Server) -> (Option<Server>, Router, String, String) {
    let phone = Phone::new(server.account("ann@example.org").await);
    let family = Family::founded(&server, &phone).await;
    let space = space_path(family.id, family.space);
    let router = kinfolio_server::app(server.state.clone());
    (Some(server), router, phone.who.token, space)
}

fn space_path(family: FamilyId, space: SpaceId) -> String {
    format!("/api/v1/families/{family}/spaces/{space}/")
}

/// A running child; it ends when this is dropped.
pub struct Running {
    child: Child,
    /// What it told.
    pub told: Told,
}

impl Running {
    /// Starts one.
    pub fn start(part: Part) -> Result<Self> {
        let name = part.to_possible_value().context("a part has a name")?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--child", name.get_name()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("stdout")?).read_line(&mut line)?;
        let told = serde_json::from_str(&line).context("the child did not start")?;
        Ok(Self { child, told })
    }

    /// Its memory in MB, now.
    pub fn memory_mb(&self) -> Result<f64> {
        Ok(memory_mb(&self.child.id().to_string())?.0)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
