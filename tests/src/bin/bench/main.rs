//! `./dev bench`: the figures of performance.md 1 to 3, each beside its budget and a bare loop doing the same I/O.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a table on stdout is what this program is for")]

mod measure;
mod photo;
mod table;

use clap::Parser;
use table::Table;

/// Measures Kinfolio. Absolute times hold for a quiet machine with two cores; the ratios hold anywhere.
#[derive(Parser)]
struct Arguments {
    /// Only these groups: photo.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Runs of each row; the table shows medians.
    #[arg(long, default_value_t = 7)]
    runs: usize,
}

type Group = fn(&mut Table, usize) -> anyhow::Result<()>;

const GROUPS: &[(&str, Group)] = &[("photo", photo::rows)];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let mut table = Table::default();
    for (name, rows) in GROUPS {
        if arguments.only.is_empty() || arguments.only.iter().any(|only| only == name) {
            rows(&mut table, arguments.runs.max(5))?;
        }
    }
    println!("{table}");
    Ok(())
}
