//! The portfolio as PDF.
use std::fs;
use std::path::Path;

use jiff::civil::date;
use kinfolio_core::export::{Decisions, Material, Paper, PdfOptions, Period, Renaming, write_pdf};
use kinfolio_core::progress::{Cancel, NoProgress};

use super::year::{Fixtures, material};
use super::named;

fn pdf(material: &Material, renaming: &Renaming, options: PdfOptions) -> Vec<u8> {
    let decisions = Decisions { hours: true, ..Decisions::default() };
    let period = Period::parse("2025-09-01", "2026-08-31").unwrap();
    let portfolio = material.portfolio(&decisions, period, date(2026, 9, 14));
    let mut out = Vec::new();
    write_pdf(&portfolio, renaming, options, &Fixtures, &mut out, &NoProgress, &Cancel::new()).unwrap();
    out
}

#[test]
fn the_samples_are_written() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pdf");
    fs::create_dir_all(&dir).unwrap();
    let letter = PdfOptions { paper: Paper::Letter, comfort: false };
    let comfort = PdfOptions { paper: Paper::A4, comfort: true };
    for (name, options) in [("a4", PdfOptions::default()), ("letter", letter), ("comfort", comfort)] {
        fs::write(dir.join(format!("portfolio-{name}.pdf")), pdf(&material(), &named("Robin Marlow"), options)).unwrap();
    }
}
