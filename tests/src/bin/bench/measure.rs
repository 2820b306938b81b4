//! Medians, CPU time and memory of this process, read from Linux's /proc.

use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The middle of the figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    match figures.get(middle) {
        Some(upper) if figures.len() % 2 == 1 => *upper,
        Some(upper) => (upper + figures.get(middle.wrapping_sub(1)).unwrap_or(upper)) / 2.0,
        None => f64::NAN,
    }
}

/// Median wall milliseconds of `runs` runs.
pub fn wall_ms<T>(runs: usize, mut work: impl FnMut() -> Result<T>) -> Result<f64> {
    let mut figures = Vec::with_capacity(runs);
    for _ in 0..runs {
        let start = Instant::now();
        let done = black_box(work()?);
        figures.push(ms(start.elapsed()));
        drop(done);
    }
    Ok(median(figures))
}

/// Median CPU milliseconds of this thread over `runs` runs.
pub fn cpu_ms(runs: usize, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut figures = Vec::with_capacity(runs);
    for _ in 0..runs {
        let start = thread_cpu()?;
        work()?;
        figures.push(ms(thread_cpu()?.saturating_sub(start)));
    }
    Ok(median(figures))
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn thread_cpu() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = stat.split_whitespace().next().context("schedstat")?.parse()?;
    Ok(Duration::from_nanos(nanos))
}

/// Memory of a process in MB: now, and at most since [`reset_peak`].
pub fn memory_mb(process: &str) -> Result<(f64, f64)> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("status")?;
        let kb: f64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        anyhow::Ok(kb / 1_024.0)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}

/// Makes the peak start over from what is used now.
pub fn reset_peak() -> Result<()> {
    Ok(fs::write("/proc/self/clear_refs", "5")?)
}

/// Bytes that this process has written so far, into files and pipes.
pub fn written() -> Result<u64> {
    let io = fs::read_to_string("/proc/self/io")?;
    let line = io.lines().find_map(|line| line.strip_prefix("wchar: ")).context("io")?;
    Ok(line.trim().parse()?)
}
