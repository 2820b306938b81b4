//! The loops against a small server in memory: what they promise, one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use kinfolio_protocol::labels::sha256;
use rusqlite::{Transaction, params};
use tempfile::TempDir;

use super::engine::{AfterPull, LogReader};
use super::memory_remote::{Fault, Memory, MemoryRemote};
use super::run::SyncClient;
use crate::attachments::AttachmentRows;
use crate::changes::{Change, ChangeKind, Changes};
use crate::clock::{Clock, FixedClock, SeededRandomness};
use crate::context::{Context, blob_folder};
use crate::error::{Error, Result};
use crate::ids::{RecordId, SpaceId};
use crate::keys;
use crate::progress::{Cancel, NoProgress};
use crate::records::{self, Document, Kind, Stamper, Synced, Value};
use crate::storage::{Storage, StoreKey};

mod clock;
mod deletions;
mod files;
mod healing;
mod kept;
mod once;
mod parked;
mod photos;
mod promises;
mod purged;
mod purged_at_random;
mod quarantine;
mod speed;

const SPACE: SpaceId = SpaceId([7; 16]);
const NOTE: u32 = 1;
const TITLE: u32 = 2;

/// A room that counts what it is shown.
#[derive(Default)]
struct Shown(Mutex<Vec<RecordId>>);

impl Synced for Shown {
    fn kind(&self) -> u16 {
        Kind::Entry.into()
    }

    fn materialise(&self, _: &Transaction<'_>, rid: RecordId, _: &Document) -> Result<Vec<Change>> {
        self.0.lock().unwrap().push(rid);
        Ok(vec![Change::of(ChangeKind::Entry, rid.0)])
    }
}

/// A membership log that brings the keys which a test put there.
#[derive(Default)]
struct Log {
    context: Mutex<Option<Arc<Context>>>,
    keys: Mutex<BTreeMap<u32, [u8; 32]>>,
    announced: Mutex<BTreeSet<u32>>,
    reads: Mutex<u32>,
}

impl LogReader for Log {
    fn read_log(&self) -> BoxFuture<'_, Result<()>> {
        async {
            *self.reads.lock().unwrap() += 1;
            let context = self.context.lock().unwrap().clone().unwrap();
            let keys = self.keys.lock().unwrap().clone();
            context.storage.write(|tx| keys.iter().try_for_each(|(epoch, key)| give_key(tx, *epoch, key)))
        }
        .boxed()
    }

    fn keep_notices(&self, _: &kinfolio_protocol::family::Notices) -> Result<()> {
        Ok(())
    }

    fn sign_purge(&self, _: SpaceId, _: &kinfolio_protocol::sync::PushRequest) -> Result<Option<[u8; 64]>> {
        Ok(None)
    }

    fn sign_left(&self, _: SpaceId, _: &kinfolio_protocol::purge::BlobsRequest) -> Result<[u8; 64]> {
        Ok([7; 64])
    }

    fn announces(&self, _: SpaceId, epoch: u32) -> Result<bool> {
        Ok(self.announced.lock().unwrap().contains(&epoch))
    }

    fn alarm(&self) -> Result<()> {
        Err(Error::HistoryDiffers)
    }
}

fn give_key(tx: &Transaction<'_>, epoch: u32, key: &[u8; 32]) -> Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO space_key (space, epoch, key) VALUES (?1, ?2, ?3)",
        params![SPACE.as_bytes(), epoch, key],
    )?;
    Ok(())
}

/// No chores.
struct Tended;

impl AfterPull for Tended {
    fn tend(&self, _: i64) -> Result<u64> {
        Ok(0)
    }
}

/// When every phone's clock begins.
const FOUNDED_MS: i64 = 1_700_000_000_000;

/// One phone of the family, with a real store.
struct Phone {
    context: Arc<Context>,
    client: SyncClient,
    shown: Arc<Shown>,
    log: Arc<Log>,
    clock: Arc<FixedClock>,
    no: u32,
    dir: TempDir,
}

impl Phone {
    fn new(server: &Arc<MemoryRemote>, no: u32) -> Self {
        Self::at(server, no, TempDir::new().unwrap())
    }

    /// With the rooms that people see instead of one that counts.
    fn with_rooms(server: &Arc<MemoryRemote>, no: u32) -> Self {
        Self::with_rooms_at(server, no, TempDir::new().unwrap(), Arc::new(FixedClock::at(FOUNDED_MS)))
    }

    fn with_rooms_at(server: &Arc<MemoryRemote>, no: u32, dir: TempDir, clock: Arc<FixedClock>) -> Self {
        let photos = AttachmentRows::new(blob_folder(dir.path()), clock.clone());
        Self::showing(server, no, dir, Some(crate::parts::rooms(photos)), clock)
    }

    fn at(server: &Arc<MemoryRemote>, no: u32, dir: TempDir) -> Self {
        Self::showing(server, no, dir, None, Arc::new(FixedClock::at(FOUNDED_MS)))
    }

    fn showing(
        server: &Arc<MemoryRemote>,
        no: u32,
        dir: TempDir,
        rooms: Option<Vec<Arc<dyn Synced>>>,
        clock: Arc<FixedClock>,
    ) -> Self {
        let storage = open(dir.path());
        storage
            .write(|tx| {
                let founded: bool =
                    tx.query_row("SELECT EXISTS (SELECT 1 FROM family_self)", [], |row| row.get(0))?;
                if founded {
                    return Ok(());
                }
                keys::found(tx, &SeededRandomness::new(u64::from(no)), 0, "phone")?;
                give_key(tx, 1, &[1; 32])?;
                // As if all had joined one family long ago.
                tx.execute(
                    "UPDATE family_self SET family = ?1, space = ?2, device_no = ?3, issuer = 'https://memory'",
                    params![[5u8; 16], SPACE.as_bytes(), no],
                )?;
                Ok(())
            })
            .unwrap();
        let shown = Arc::new(Shown::default());
        let context = Arc::new(Context {
            storage,
            clock: clock.clone(),
            // Another process draws other numbers.
            random: Arc::new(SeededRandomness::new(
                u64::from(no) + (clock.now_ms() - FOUNDED_MS).unsigned_abs() * 64,
            )),
            changes: Changes::default(),
            images: None,
            dir: dir.path().to_owned(),
            rooms: rooms.unwrap_or_else(|| vec![shown.clone()]),
            text_client: u64::from(no),
            steps: crate::steps::Steps::default(),
            beside: vec![],
        });
        let log = Arc::new(Log::default());
        *log.context.lock().unwrap() = Some(context.clone());
        let client = SyncClient::new(context.clone(), server.clone(), log.clone(), Arc::new(Tended));
        Self { context, client, shown, log, clock, no, dir }
    }

    /// The process dies and starts again on the same store.
    fn reopened(self, server: &Arc<MemoryRemote>) -> Self {
        let Self { context, client, dir, no, log, .. } = self;
        drop((context, client, log));
        Self::at(server, no, dir)
    }

    /// As [`reopened`](Self::reopened), for a phone with rooms.
    fn reopened_with_rooms(self, server: &Arc<MemoryRemote>) -> Self {
        let Self { context, client, dir, no, log, clock, .. } = self;
        drop((context, client, log));
        Self::with_rooms_at(server, no, dir, clock)
    }

    fn edit(&self, rid: RecordId, change: impl FnOnce(&mut Document, &Stamper)) {
        self.clock.advance(1000);
        self.context
            .edit(|edit| {
                let stored = records::load(edit.tx, rid)?;
                let mut doc = stored.map_or_else(|| Document::new(Kind::Entry), |stored| stored.doc);
                change(&mut doc, &edit.stamper);
                edit.save(rid, &doc)
            })
            .unwrap();
    }

    fn write(&self, rid: RecordId, note: &str) {
        self.edit(rid, |doc, stamper| {
            doc.edit_text(NOTE, None, note, stamper).unwrap();
        });
    }

    fn title(&self, rid: RecordId, title: &str) {
        self.edit(rid, |doc, stamper| {
            doc.set(TITLE, Value::Text(title.into()), stamper);
        });
    }

    fn doc(&self, rid: RecordId) -> Option<Document> {
        self.context.storage.read(|tx| records::load(tx, rid)).unwrap().map(|stored| stored.doc)
    }

    fn note(&self, rid: RecordId) -> String {
        self.doc(rid).unwrap().text(NOTE).unwrap()
    }

    fn dirty(&self) -> u64 {
        self.client.overview().unwrap().waiting_records
    }

    async fn try_sync(&self) -> Result<()> {
        self.client.run(Cancel::new(), Arc::new(NoProgress)).await.map(drop)
    }

    async fn sync(&self) {
        self.try_sync().await.unwrap();
    }
}

fn open(dir: &Path) -> Storage {
    Storage::open(&dir.join("store"), &StoreKey::from_slice(&[3; 32]).unwrap()).unwrap()
}

fn server() -> Arc<MemoryRemote> {
    Arc::new(MemoryRemote::default())
}

fn memory(server: &MemoryRemote) -> std::sync::MutexGuard<'_, Memory> {
    server.0.lock().unwrap()
}

fn rid(number: u8) -> RecordId {
    RecordId([number; 16])
}
