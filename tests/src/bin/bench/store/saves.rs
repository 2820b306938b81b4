//! Saving entries one by one, each durable, and what that writes.

use std::time::Instant;

use anyhow::{Context, Result};

use super::{Phone, Rows, SAVES};
use crate::bare_store::Bare;
use crate::measure::{median, ms, written};
use crate::table::Budget;

pub(super) fn rows(rows: &mut Rows<'_>, phone: &Phone, bare: &mut Bare) -> Result<()> {
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
    rows.row("save an entry, durable, median", ours.0, "ms", Some(raw.0), Budget::None);
    rows.ms("save an entry, durable, p99", ours.1, Some(raw.1), 10.0);
    let per_save = |bytes: u64| bytes as f64 / SAVES as f64 / 1e3;
    let budget = Budget::MostOfBare(3.0);
    rows.row("bytes written for a save", per_save(our_bytes), "KB", Some(per_save(raw_bytes)), budget);
    Ok(())
}
