//! The core on its encrypted store, at each size: opening, pages, filters, searching, sums, saving, against a bare SQLCipher
//! file.

mod reads;
mod saves;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Result, ensure};
use kinfolio_core::client::{Client, ClientConfig, STORE};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::entries::TimelineQuery;
use kinfolio_core::host::MemorySecretStore;
use support::family::{Entry, Planted, Size, grown, plant};
use tempfile::TempDir;

use crate::Plan;
use crate::bare_store::Bare;
use crate::measure::{median, memory_mb, ms};
use crate::table::{Budget, Row, Table};

/// What the bare figures stand for.
const BARE: &str = "SQLCipher file with the same rows and FTS5 index, by hand";
/// Entries that are saved one by one.
const SAVES: usize = 300;

/// The rows of this group, for each size.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    for size in &plan.sizes {
        let (before, _) = memory_mb("self")?;
        let mut phone = Phone::grow(*size)?;
        let bare_file = phone.folder.path().join("bare.db");
        let mut bare = Bare::make(&bare_file, &grown(*size, 1).entries)?;
        let mut rows = Rows { table: &mut *table, entries: size.entries() };
        opens(&mut rows, plan, &mut phone, &mut bare, &bare_file)?;
        reads::rows(&mut rows, plan, &phone, &bare)?;
        saves::rows(&mut rows, &phone, &mut bare)?;
        let (after, _) = memory_mb("self")?;
        rows.row("memory of this process after it all", after - before, "MB", None, Budget::Most(150.0));
    }
    Ok(())
}

/// Rows of one size.
struct Rows<'a> {
    table: &'a mut Table,
    entries: usize,
}

impl Rows<'_> {
    fn row(&mut self, work: &str, ours: f64, unit: &'static str, bare: Option<f64>, budget: Budget) {
        let work = format!("{work} ({} entries)", self.entries);
        self.table.row(Row { work, ours, unit, bare: bare.map(|bare| (bare, BARE)), budget });
    }

    /// Milliseconds.
    fn ms(&mut self, work: &str, ours: f64, bare: Option<f64>, most: f64) {
        self.row(work, ours, "ms", bare, Budget::Most(most));
    }
}

fn opens(
    rows: &mut Rows<'_>,
    plan: &Plan,
    phone: &mut Phone,
    bare: &mut Bare,
    bare_file: &Path,
) -> Result<()> {
    let mut open = |drop_cache: bool, runs: usize| -> Result<(f64, f64)> {
        let (mut ours, mut raw) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            phone.client = None;
            if drop_cache {
                evict(&phone.file())?;
                evict(bare_file)?;
            }
            let start = Instant::now();
            phone.open()?;
            ensure!(
                phone.client().entries().timeline(&TimelineQuery::default())?.entries.len() == 50,
                "a page"
            );
            ours.push(ms(start.elapsed()));
            let start = Instant::now();
            bare.reopen()?;
            bare.page()?;
            raw.push(ms(start.elapsed()));
        }
        Ok((median(ours), median(raw)))
    };
    let warm = open(false, plan.runs * 5)?;
    let cold = open(true, plan.runs)?;
    rows.ms("open + first page, warm", warm.0, Some(warm.1), 2.0);
    rows.ms("open + first page, cold file cache", cold.0, Some(cold.1), 40.0);
    Ok(())
}

/// A phone whose store holds a grown family.
pub struct Phone {
    folder: TempDir,
    secrets: Arc<MemorySecretStore>,
    client: Option<Client>,
    planted: Planted,
    /// Entries that are not in the store yet.
    spare: Vec<Entry>,
}

impl Phone {
    /// Written where a flush costs nothing, then moved to a disk.
    fn grow(size: Size) -> Result<Self> {
        let memory = Path::new("/dev/shm");
        let nursery = if memory.is_dir() { TempDir::new_in(memory)? } else { TempDir::new()? };
        let mut phone = Self {
            folder: nursery,
            secrets: Arc::default(),
            client: None,
            planted: Planted::default(),
            spare: grown(Size::Entries(SAVES), 2).entries,
        };
        phone.open()?;
        phone.planted = plant(phone.client(), &grown(size, 1))?;
        phone.client().checkpoint()?;
        phone.client = None;
        let disk = crate::scratch_on_disk()?;
        fs::copy(phone.file(), disk.path().join(STORE))?;
        phone.folder = disk;
        phone.open()?;
        Ok(phone)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(STORE)
    }

    fn open(&mut self) -> Result<()> {
        let config = ClientConfig { dir: self.folder.path().to_owned(), device_name: "bench".into() };
        let (clock, random) = (Arc::new(SystemClock), Arc::new(OsRandomness));
        self.client = Some(Client::open(config, self.secrets.clone(), None, None, clock, random)?);
        Ok(())
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("an open client")
    }
}

/// Has the system forget what it holds of a file in memory.
fn evict(file: &Path) -> Result<()> {
    let mut of = std::ffi::OsString::from("of=");
    of.push(file);
    let done = Command::new("dd")
        .arg(of)
        .args(["oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"])
        .status()?;
    ensure!(done.success(), "dd could not drop the file cache");
    Ok(())
}
