//! `./dev bench`: the figures of performance.md 1 to 3, each beside its budget and a bare loop doing the same I/O.
#![forbid(unsafe_code)]

mod bare_server;
mod bare_store;
mod child;
mod document;
mod enumeration;
mod library;
mod measure;
mod phone;
mod photo;
mod server;
mod store;
mod table;
mod wire;

use clap::Parser;
use support::family::Size;
use table::Table;

/// Measures Kinfolio. Absolute times hold for a quiet machine with two cores; the ratios hold anywhere.
#[derive(Parser)]
struct Arguments {
    /// Only these groups: photo, store, document, phone, server, enumeration, library.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Runs of each row; the table shows medians. At least 5.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Entries of the families whose stores are measured: s (2,000), m (15,000), l (50,000, what the budgets are for).
    #[arg(long, value_delimiter = ',', default_value = "s,m,l")]
    size: Vec<String>,
    /// Plays one server to be measured, in a process of its own.
    #[arg(long, hide = true)]
    child: Option<child::Part>,
}

/// What every group is told.
pub struct Plan {
    /// Runs of each row.
    pub runs: usize,
    /// The families whose stores are measured.
    pub sizes: Vec<Size>,
}

type Group = fn(&mut Table, &Plan) -> anyhow::Result<()>;

const GROUPS: &[(&str, Group)] = &[
    ("photo", photo::rows),
    ("store", store::rows),
    ("document", document::rows),
    ("phone", phone::rows),
    ("server", server::rows),
    ("enumeration", enumeration::rows),
    ("library", library::rows),
];

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(part) = arguments.child {
        return child::play(part);
    }
    let size = |asked: &String| match asked.as_str() {
        "s" => Ok(Size::Small),
        "m" => Ok(Size::Medium),
        "l" => Ok(Size::Large),
        other => anyhow::bail!("--size {other}: choose from s, m and l"),
    };
    let sizes = arguments.size.iter().map(size).collect::<anyhow::Result<_>>()?;
    if let Some(other) = arguments.only.iter().find(|only| GROUPS.iter().all(|(name, _)| name != only)) {
        let names: Vec<&str> = GROUPS.iter().map(|(name, _)| *name).collect();
        anyhow::bail!("--only {other}: choose from {}", names.join(", "));
    }
    let plan = Plan { runs: arguments.runs.max(5), sizes };
    let mut table = Table::default();
    for (name, rows) in GROUPS {
        if arguments.only.is_empty() || arguments.only.iter().any(|only| only == name) {
            rows(&mut table, &plan)?;
        }
    }
    println!("{table}");
    Ok(())
}

/// A scratch folder on the disk that the build is on: never in memory, never beside the sources.
pub fn scratch_on_disk() -> std::io::Result<tempfile::TempDir> {
    let target = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&target)?;
    tempfile::TempDir::new_in(target.canonicalize()?)
}
