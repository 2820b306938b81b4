//! The portfolio as PDF: one photo in memory at a time, and read back by poppler with every kind of name.
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use jiff::civil::date;
use kinfolio_core::export::{
    Chosen, Decisions, Format, Material, Paper, PdfOptions, Period, Photo, PhotoSource, Portfolio,
    PortfolioRequest, Renaming, write_pdf,
};
use kinfolio_core::ids::{AttachmentId, EntryId};
use kinfolio_core::progress::{Cancel, NoProgress};
use unicode_normalization::UnicodeNormalization;

use super::store::from_store;
use super::year::{Fixtures, material};
use super::{hostile, named};

fn portfolio(material: &Material) -> Portfolio {
    let decisions = Decisions { hours: true, ..Decisions::default() };
    material.portfolio(&decisions, Period::parse("2025-09-01", "2026-08-31").unwrap(), date(2026, 9, 14))
}

fn write(path: &Path, material: &Material, renaming: &Renaming, options: PdfOptions) {
    let mut out = Vec::new();
    write_pdf(&portfolio(material), renaming, options, &Fixtures, &mut out, &NoProgress, &Cancel::new())
        .unwrap();
    fs::write(path, out).unwrap();
}

fn text(path: &Path) -> String {
    let read = Command::new("pdftotext").arg(path).arg("-").output().unwrap();
    assert!(read.status.success() && read.stderr.is_empty(), "{}", String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).unwrap()
}

#[test]
fn samples_on_every_paper_open_without_a_complaint() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pdf");
    fs::create_dir_all(&dir).unwrap();
    let letter = PdfOptions { paper: Paper::Letter, comfort: false };
    let comfort = PdfOptions { paper: Paper::A4, comfort: true };
    let book = PdfOptions { paper: Paper::Book, comfort: false };
    write(&dir.join("book.pdf"), &material(), &named("Robin Marlow"), book);
    for (name, options) in [("a4", PdfOptions::default()), ("letter", letter), ("comfort", comfort)] {
        let path = dir.join(format!("portfolio-{name}.pdf"));
        write(&path, &material(), &named("Robin Marlow"), options);
        let text = text(&path);
        let order = ["Robin Marlow", "A record of learning", "Contents", "9 Sept 2025", "What we did"];
        let places: Vec<usize> =
            order.iter().map(|words| text.find(words).unwrap_or_else(|| panic!("{words}"))).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn a_name_of_any_kind_is_found_and_copied_as_it_was_typed() {
    let dir = tempfile::tempdir().unwrap();
    let mut material = material();
    // The animal is not the child, and stays; see mentions.rs.
    material.entries.retain(|entry| !entry.note.contains("the hedgehog one"));
    for (number, name) in hostile().into_iter().enumerate() {
        let path = dir.path().join(format!("{number}.pdf"));
        write(&path, &material, &named(&name), PdfOptions::default());
        let read: String = text(&path).split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        assert!(!read.contains("Hedgehog"), "{name}");
        let plain = |text: &str| {
            text.chars()
                .filter(|c| !c.is_whitespace() && !('\u{200e}'..='\u{202e}').contains(c))
                .collect::<String>()
        };
        let wanted = plain(&name.nfc().collect::<String>());
        assert!(plain(&read).contains(&wanted), "{name}: {}", read.chars().take(300).collect::<String>());
    }
}

#[test]
fn a_portfolio_out_of_the_store_holds_no_other_childs_line_and_an_empty_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (client, hedgehog) = from_store(dir.path());
    let path = dir.path().join("out.pdf");
    let request = PortfolioRequest {
        format: Format::Pdf,
        ..PortfolioRequest::new(hedgehog, "2025-09-01", "2026-08-31")
    };
    let room = client.export();
    let write = |request: &PortfolioRequest| {
        room.write_portfolio(request, &named("Zoë"), &path, &NoProgress, &Cancel::new())
    };
    let length = write(&request).unwrap();
    assert_eq!(length, fs::metadata(&path).unwrap().len());
    let read = text(&path);
    assert!(read.contains("It leaks on purpose") && read.contains("The dam"));
    for canary in ["sibling-line-canary", "draft-canary", "trash-canary"] {
        assert!(!read.contains(canary), "{canary}");
    }
    assert_eq!(room.preview(&request).unwrap().file_name, "portfolio-2026.pdf");
    assert_eq!(room.pages(&request, &Renaming::none()).unwrap().pages, 3);
    let weighed = room.estimate(&request, false).unwrap().bytes;
    assert!(weighed.abs_diff(length) < length / 2, "{weighed} of {length}");
    fs::remove_file(&path).unwrap();
    let empty = PortfolioRequest { first_day: "2024-01-01".into(), last_day: "2024-02-01".into(), ..request };
    let refused = write(&empty).unwrap_err().to_string();
    assert!(refused.contains("no entry") && !path.exists(), "{refused}");
}

#[test]
fn a_year_with_300_photos_is_written_one_photo_at_a_time() {
    struct Big(Vec<u8>);
    impl PhotoSource for Big {
        fn photo(&self, _: &Photo) -> kinfolio_core::Result<Vec<u8>> {
            Ok(self.0.clone())
        }
    }
    struct Counted(u64, usize);
    impl Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len() as u64;
            self.1 = self.1.max(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut big = fs::read(support::family::photo_folder().join("cup.jpg")).unwrap();
    big.resize(400_000, 7);
    let mut material = material();
    let template = material.entries[4].clone();
    let entry = |number: u8| {
        let mut photos = template.photos[..3].to_vec();
        for (nth, photo) in (0..).zip(&mut photos) {
            photo.id = AttachmentId([number, nth, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]);
        }
        let date = date(2025, 9, 1).checked_add(jiff::Span::new().days(i64::from(number) * 3)).unwrap();
        Chosen { id: EntryId([number; 16]), date, photos, ..template.clone() }
    };
    material.entries = (0..100).map(entry).collect();
    let mut out = Counted(0, 0);
    let began = std::time::Instant::now();
    let (none, cancel) = (Renaming::none(), Cancel::new());
    write_pdf(&portfolio(&material), &none, PdfOptions::default(), &Big(big), &mut out, &NoProgress, &cancel)
        .unwrap();
    println!("301 photos, {} MB in {:?}", out.0 >> 20, began.elapsed());
    assert!(
        (120_000_000..125_000_000).contains(&out.0),
        "every photo is inside, the cover's once: {}",
        out.0
    );
    assert!(out.1 < 1_000_000, "no write holds more than one photo");
}
