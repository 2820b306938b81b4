//! A year of 1,300 entries and 300 photos as documents, and a report's draft of it.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, ensure};
use jiff::civil::date;
use kinfolio_core::attachments::Size as Copy;
use kinfolio_core::client::{Client, ClientConfig};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::export::{Format, Others, PortfolioRequest, Renaming};
use kinfolio_core::host::MemorySecretStore;
use kinfolio_core::ids::LearnerId;
use kinfolio_core::progress::{Cancel, NoProgress};
use kinfolio_core::reports::ReportForm;
use support::family::{Planted, Size, grown, plant};

use crate::Plan;
use crate::measure::{median, memory_mb, ms, reset_peak, wall_ms};
use crate::table::{Budget, Row, Table};

const ENTRIES: usize = 1_300;
/// Of these, so many have three photos each.
const WITH_PHOTOS: usize = 100;
const YEAR: [&str; 2] = ["2025-09-01", "2026-08-31"];
const BARE: &str = "the same photos decrypted and written to one file";

/// The rows of this group.
pub fn rows(table: &mut Table, plan: &Plan) -> Result<()> {
    let folder = crate::scratch_on_disk()?;
    let config = ClientConfig { dir: folder.path().to_owned(), device_name: "bench".into() };
    let secrets = Arc::new(MemorySecretStore::default());
    let client = Client::open(config, secrets, None, None, Arc::new(SystemClock), Arc::new(OsRandomness))?;
    let planted = plant_year(&client)?;
    let learner = planted.learners[0];

    let draft = wall_ms(plan.runs, || {
        let report = client.export().reports().begin(ReportForm::England, learner, YEAR[0], YEAR[1], None)?;
        Ok(client.export().reports().trash(report.id)?)
    })?;
    let work = format!("draft a report ({ENTRIES} entries)");
    table.row(Row { work, ours: draft, unit: "ms", bare: None, budget: Budget::Most(100.0) });

    let path = folder.path().join("document");
    let bare = wall_ms(plan.runs, || photos_alone(&client, &planted, &path))?;
    for (format, name, most) in
        [(Format::Html, "HTML", 1_000.0), (Format::Docx, "DOCX", 1_000.0), (Format::Pdf, "PDF", 2_500.0)]
    {
        let (ours, grew, megabytes) = exported(&client, learner, format, &path, plan.runs)?;
        let work = format!("a year with {} photos as {name}", planted.photos);
        let bare = Some((bare, BARE));
        table.row(Row { work: work.clone(), ours, unit: "ms", bare, budget: Budget::Most(most) });
        let work = format!("{work}, memory");
        table.row(Row { work, ours: grew, unit: "MB", bare: None, budget: Budget::Most(150.0) });
        table.note(format!("document: the {name} file has {megabytes:.0} MB"));
    }
    Ok(())
}

/// One learner's year: the entries of a grown family, evenly over its days.
fn plant_year(client: &Client) -> Result<Planted> {
    let mut family = grown(Size::Entries(ENTRIES), 1).with_photos(WITH_PHOTOS);
    for (place, entry) in family.entries.iter_mut().enumerate() {
        let day = i64::try_from(place * 365 / ENTRIES)?;
        entry.learned_on = date(2025, 9, 1).saturating_add(jiff::Span::new().days(day)).to_string();
        entry.learners = vec![(0, String::new())];
        entry.on_record = true;
    }
    Ok(plant(client, &family)?)
}

/// Milliseconds, megabytes that were needed on top, and megabytes of the file.
fn exported(
    client: &Client,
    learner: LearnerId,
    format: Format,
    path: &Path,
    runs: usize,
) -> Result<(f64, f64, f64)> {
    let request = PortfolioRequest {
        learner,
        first_day: YEAR[0].into(),
        last_day: YEAR[1].into(),
        entries: None,
        subjects: Vec::new(),
        starred_only: false,
        most_per_subject: None,
        left_out: Vec::new(),
        include_drafts: false,
        others: Others::Sibling,
        ticks: Vec::new(),
        shortened: Vec::new(),
        cover: None,
        hours: true,
        reading: true,
        format,
        small_photos: false,
        most_bytes: None,
        without_missing: false,
        fixed_names: false,
        language: String::new(),
        paper: None,
        comfort: false,
    };
    let mut times = Vec::new();
    let (mut grew, mut bytes) = (0.0_f64, 0);
    for _ in 0..runs {
        reset_peak()?;
        let (before, _) = memory_mb("self")?;
        let start = std::time::Instant::now();
        bytes = client.export().write_portfolio(
            &request,
            &Renaming::none(),
            path,
            &NoProgress,
            &Cancel::new(),
        )?;
        times.push(ms(start.elapsed()));
        let (_, peak) = memory_mb("self")?;
        grew = grew.max(peak - before);
    }
    ensure!(bytes > 0, "an empty document");
    Ok((median(times), grew, bytes as f64 / 1e6))
}

fn photos_alone(client: &Client, planted: &Planted, path: &Path) -> Result<()> {
    let mut file = File::create(path)?;
    for entry in &planted.entries {
        for photo in client.attachments().list(*entry)? {
            file.write_all(&client.attachments().read(photo.id, Copy::Display)?)?;
        }
    }
    Ok(file.sync_all()?)
}
