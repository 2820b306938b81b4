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

/// How likely two samples of one and the same work differ at least this much (Mann-Whitney's U, two-sided, by the normal
/// approximation; for samples of 20 and more).
pub fn mann_whitney(a: &[f64], b: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        a.iter().map(|x| (*x, true)).chain(b.iter().map(|x| (*x, false))).collect();
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (mut ranks_of_a, mut ties, mut before) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|x, y| x.0 == y.0) {
        // Equal figures share the middle of their ranks.
        let count = equal.len() as f64;
        let rank = before + (count + 1.0) / 2.0;
        ranks_of_a += rank * equal.iter().filter(|(_, of_a)| *of_a).count() as f64;
        ties += count.powi(3) - count;
        before += count;
    }
    let (n, m) = (a.len() as f64, b.len() as f64);
    let u = ranks_of_a - n * (n + 1.0) / 2.0;
    let spread = (n * m / 12.0 * (before + 1.0 - ties / (before * (before - 1.0)))).sqrt();
    if spread == 0.0 { 1.0 } else { two_sided((u - n * m / 2.0).abs() / spread) }
}

/// The share of a normal distribution that lies further out than `z` on either side (Abramowitz and Stegun 7.1.26).
fn two_sided(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / 0.327_591_1_f64.mul_add(x, 1.0);
    let factors = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    t * factors.into_iter().fold(0.0, |sum, factor| t.mul_add(sum, factor)) * (-x * x).exp()
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

#[cfg(test)]
mod tests {
    use super::mann_whitney;

    #[test]
    fn two_samples_of_the_same_differ_by_chance_and_shifted_ones_do_not() {
        let sample = |shift: f64| (0..200).map(|n| f64::from(n * 7_919 % 211) + shift).collect::<Vec<_>>();
        assert!((mann_whitney(&sample(0.0), &sample(0.0)) - 1.0).abs() < 1e-6);
        assert_eq!(mann_whitney(&[1.0; 20], &[1.0; 20]), 1.0);
        // By hand: U = 84.5, z = 3.126192.
        let (a, b): (Vec<_>, Vec<_>) = (1..=20).map(|n| (f64::from(n), f64::from(n + 7))).unzip();
        assert!((mann_whitney(&a, &b) - 0.001_770_86).abs() < 1e-6, "{}", mann_whitney(&a, &b));
        assert!(mann_whitney(&sample(0.0), &sample(40.0)) < 1e-6);
    }
}
