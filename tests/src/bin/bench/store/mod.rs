//! The core on its encrypted store: opening, pages, saving, searching, against a bare SQLCipher file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use kinfolio_core::client::{Client, ClientConfig, STORE};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::entries::TimelineQuery;
use kinfolio_core::host::MemorySecretStore;
use support::family::{Entry, Planted, Size, grown, plant};
use tempfile::TempDir;

use crate::Plan;
use crate::bare_store::Bare;
use crate::measure::{median, memory_mb, ms, wall_ms, written};
use crate::table::{Budget, Row, Table};

const SAVES: usize = 300;
/// What a person might have typed so far: rare, common, very common, beginnings, two words.
const TYPED: &[&str] = &["petrichor", "library", "the", "v", "vol", "roman", "canal lock", "we m"];

/// The rows of this group.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    let (before, _) = memory_mb("self")?;
    let mut phone = Phone::grow(plan.size)?;
    let bare_file = phone.folder.path().join("bare.db");
    let mut bare = Bare::make(&bare_file, &grown(plan.size, 1).entries)?;
    let runs = plan.runs * 5;
    let what = "SQLCipher file with the same notes, day index, FTS5";
    let size = plan.size.entries();

    let mut open = |drop_cache: bool, runs: usize| -> Result<(f64, f64)> {
        let (mut ours, mut raw) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            phone.client = None;
            if drop_cache {
                evict(&phone.file())?;
                evict(&bare_file)?;
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
    let warm = open(false, runs)?;
    let cold = open(true, plan.runs)?;
    let mut row = |work: String, ours, bare, budget| {
        table.row(Row { work, ours, unit: "ms", bare: Some((bare, what)), budget });
    };
    row(format!("open + first page of {size} entries, warm"), warm.0, warm.1, Budget::Most(2.0));
    row(format!("open + first page of {size} entries, cold file cache"), cold.0, cold.1, Budget::Most(40.0));

    let entries = phone.client().entries();
    let first = entries.timeline(&TimelineQuery::default())?;
    let next = TimelineQuery { before: first.next, ..TimelineQuery::default() };
    let page = wall_ms(runs, || Ok(entries.timeline(&next)?))?;
    let raw_page = wall_ms(runs, || bare.page())?;
    row("next page of 50".into(), page, raw_page, Budget::Most(3.0));
    let mut filters = Vec::new();
    for (learner, subject) in phone.planted.learners.iter().zip(&phone.planted.subjects) {
        let query =
            TimelineQuery { learner: Some(*learner), subject: Some(*subject), ..TimelineQuery::default() };
        filters.push(wall_ms(plan.runs, || Ok(entries.timeline(&query)?))?);
    }
    row("filter by learner and subject".into(), median(filters), raw_page, Budget::Most(8.0));
    let one = first.entries.get(25).context("an entry")?.id;
    let get = wall_ms(runs, || Ok(entries.get(one)?))?;
    table.row(Row {
        work: "open an entry".into(),
        ours: get,
        unit: "ms",
        bare: None,
        budget: Budget::Most(3.0),
    });

    let (mut worst, mut slowest) = ((0.0, 0.0), "");
    for typed in TYPED {
        let ours = wall_ms(plan.runs, || Ok(entries.search(typed, &TimelineQuery::default())?))?;
        let words: Vec<String> = typed.split(' ').map(|word| format!("\"{word}\"*")).collect();
        let raw = wall_ms(plan.runs, || bare.search(&words.join(" ")))?;
        if ours > worst.0 {
            (worst, slowest) = ((ours, raw), typed);
        }
    }
    let work = format!("search per keystroke, slowest of {} (\"{slowest}\")", TYPED.len());
    table.row(Row {
        work,
        ours: worst.0,
        unit: "ms",
        bare: Some((worst.1, what)),
        budget: Budget::Most(10.0),
    });

    saves(table, &phone, &mut bare, what)?;
    let (after, _) = memory_mb("self")?;
    let work = "memory of this process after it all".into();
    table.row(Row { work, ours: after - before, unit: "MB", bare: None, budget: Budget::Most(150.0) });
    Ok(())
}

fn saves(table: &mut Table, phone: &Phone, bare: &mut Bare, what: &'static str) -> Result<()> {
    let entries = phone.client().entries();
    let spare = phone.spare.get(..SAVES).context("spare entries")?;
    let p99 = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        (median(times.clone()), times.get(SAVES * 99 / 100).copied().unwrap_or(f64::NAN))
    };
    let (mut ours, mut raw, mut our_bytes, mut raw_bytes) = (Vec::new(), Vec::new(), 0, 0);
    for entry in spare {
        let draft = phone.planted.draft(entry);
        let (start, bytes) = (Instant::now(), written()?);
        entries.create(draft)?;
        ours.push(ms(start.elapsed()));
        our_bytes += written()? - bytes;
        let (start, bytes) = (Instant::now(), written()?);
        bare.save(entry)?;
        raw.push(ms(start.elapsed()));
        raw_bytes += written()? - bytes;
    }
    let (ours, raw) = (p99(ours), p99(raw));
    let mut row = |work: &str, ours, unit, bare, budget| {
        table.row(Row { work: work.into(), ours, unit, bare: Some((bare, what)), budget });
    };
    row("save an entry, durable, median", ours.0, "ms", raw.0, Budget::None);
    row("save an entry, durable, p99", ours.1, "ms", raw.1, Budget::Most(10.0));
    let per_save = |bytes: u64| bytes as f64 / SAVES as f64 / 1e3;
    row("bytes written for a save", per_save(our_bytes), "KB", per_save(raw_bytes), Budget::MostOfBare(3.0));
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
