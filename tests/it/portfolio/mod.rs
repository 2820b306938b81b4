//! The portfolio makes no request, holds no second learner's line, and prints and reads well: its files are written
//! here and opened in Chromium by tests/web.
mod pdf;
mod store;
mod year;

use std::fs;
use std::path::Path;

use jiff::civil::date;
use kinfolio_core::export::{
    Chosen, Decisions, HtmlOptions, Material, Others, Period, Photo, PhotoSource, PortfolioRequest, Renaming,
    write_html,
};
use kinfolio_core::ids::EntryId;
use kinfolio_core::progress::{Cancel, NoProgress, Progress};
use unicode_normalization::UnicodeNormalization;

use store::from_store;
use year::{Fixtures, HEDGEHOG, material};

/// Names that break careless documents, in the order of tests/web/portfolio.test.mjs.
fn hostile() -> Vec<String> {
    let long = "N".repeat(80);
    let spaced = "Ana María ".repeat(8).trim().to_owned();
    [
        "O'Neill",
        "Anne-Marie",
        "Zo\u{eb}",
        "Zoe\u{308}",
        "נועה בן־דוד",
        &long,
        &spaced,
        "<script>alert(1)</script>",
        "]]>",
        "&amp; & <b>",
        "🦔",
        "\"};body{display:none}",
        "{{1}} $& \\u003c",
        "Art",
        "Will",
        "Rose",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn html(material: &Material, renaming: &Renaming, fixed_names: bool) -> String {
    let decisions = Decisions { hours: true, ..Decisions::default() };
    let period = Period::parse("2025-09-01", "2026-08-31").unwrap();
    let portfolio = material.portfolio(&decisions, period, date(2026, 9, 14));
    let mut out = Vec::new();
    write_html(
        &portfolio,
        renaming,
        HtmlOptions { fixed_names },
        &Fixtures,
        &mut out,
        &NoProgress,
        &Cancel::new(),
    )
    .unwrap();
    String::from_utf8(out).unwrap()
}

fn named(name: &str) -> Renaming {
    let mut renaming = Renaming::none();
    renaming.set(HEDGEHOG, name).unwrap();
    renaming
}

/// The file without its fonts, script and style, so that a search finds words of the family only.
fn words_of(html: &str) -> String {
    let (before, rest) = html.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    format!("{before}{}", after.split_once("<script>").map_or(after, |(before, _)| before))
}

#[test]
fn a_real_name_stands_everywhere_the_nickname_stood() {
    let mut material = material();
    // The animal is not the child, and stays; see mentions.rs.
    material.entries.retain(|entry| !entry.note.contains("the hedgehog one"));
    let plain = words_of(&html(&material, &Renaming::none(), false));
    let renamed = words_of(&html(&material, &named("Zoë O'Neill"), false));
    assert!(!renamed.to_lowercase().contains("hedgehog"), "no nickname is left");
    assert_eq!(
        plain.matches("Hedgehog").count(),
        renamed.matches("Zoë O&#39;Neill").count() + renamed.matches("Zo\\eb  O\\27 Neill").count()
    );
    assert!(renamed.contains("<title data-parts"));
}

#[test]
fn the_same_entries_give_the_same_bytes() {
    assert_eq!(html(&material(), &Renaming::none(), false), html(&material(), &Renaming::none(), false));
}

#[test]
fn cancelling_stops_at_the_next_photo() {
    struct StopAt(u64, Cancel);
    impl Progress for StopAt {
        fn progress(&self, done: u64, total: u64) {
            assert_eq!(total, 10, "nine photos and the cover again");
            if done == self.0 {
                self.1.cancel();
            }
        }
    }
    let cancel = Cancel::new();
    let period = Period::parse("2025-09-01", "2026-08-31").unwrap();
    let portfolio = material().portfolio(&Decisions::default(), period, date(2026, 9, 14));
    let stop = StopAt(3, cancel.clone());
    let stopped = write_html(
        &portfolio,
        &Renaming::none(),
        HtmlOptions::default(),
        &Fixtures,
        Vec::new(),
        &stop,
        &cancel,
    );
    assert_eq!(stopped, Err(kinfolio_core::Error::Cancelled));
}

#[test]
fn the_review_shows_each_place_and_leaves_the_animal_off() {
    let review = material().review(&Default::default());
    let off: Vec<_> = review.iter().filter(|one| !one.on).map(|one| one.matched.as_str()).collect();
    assert_eq!(off, ["hedgehog"]);
    let possessive = review.iter().find(|one| one.after.starts_with('’')).unwrap();
    assert_eq!((possessive.matched.as_str(), possessive.date.as_str()), ("Hedgehog", "18 Mar 2026"));
}

#[test]
fn a_portfolio_holds_one_learners_record_entries_and_no_line_of_another() {
    let dir = tempfile::tempdir().unwrap();
    let (client, hedgehog) = from_store(dir.path());
    let request = PortfolioRequest::new(hedgehog, "2025-09-01", "2026-08-31");
    let preview = client.export().preview(&request).unwrap();
    assert_eq!((preview.entries, preview.photos, preview.file_name.as_str()), (1, 2, "portfolio-2026.html"));
    let path = dir.path().join("out.html");
    let write = |request: &PortfolioRequest, renaming: &Renaming| {
        let length =
            client.export().write_portfolio(request, renaming, &path, &NoProgress, &Cancel::new()).unwrap();
        let html = fs::read_to_string(&path).unwrap();
        assert_eq!(html.len() as u64, length);
        words_of(&html)
    };
    let html = write(&request, &Renaming::none());
    assert!(html.contains("It leaks on purpose") && html.contains("The dam"));
    for canary in ["sibling-line-canary", "draft-canary", "trash-canary"] {
        assert!(!html.contains(canary), "{canary}");
    }
    let drafts = write(&PortfolioRequest { include_drafts: true, ..request.clone() }, &Renaming::none());
    assert!(drafts.contains("draft-canary") && !drafts.contains("sibling-line-canary"));
    let reduced = write(&PortfolioRequest { others: Others::Sibling, ..request.clone() }, &Renaming::none());
    assert!(reduced.contains("and a sibling dammed") && !reduced.contains("Otter"));
    let mut renaming = Renaming::none();
    renaming.set(hedgehog, "Zoë O'Neill").unwrap();
    let renamed = write(&request, &renaming);
    assert!(renamed.contains("Zoë O&#39;Neill") && !renamed.contains("Hedgehog"));
    assert!(client.export().preview(&PortfolioRequest { first_day: "2026-9-1".into(), ..request }).is_err());
}

#[test]
fn a_cancelled_export_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let (client, hedgehog) = from_store(dir.path());
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let request = PortfolioRequest::new(hedgehog, "2025-09-01", "2026-08-31");
    let stopped = client.export().write_portfolio(
        &request,
        &Renaming::none(),
        &out.join("a.html"),
        &NoProgress,
        &cancel,
    );
    assert_eq!(stopped, Err(kinfolio_core::Error::Cancelled));
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_place_where_nothing_can_be_written_is_the_askers_to_change() {
    let dir = tempfile::tempdir().unwrap();
    let (client, hedgehog) = from_store(dir.path());
    let request = PortfolioRequest::new(hedgehog, "2025-09-01", "2026-08-31");
    for place in [dir.path().join("none/a.html"), dir.path().to_path_buf()] {
        let refused =
            client.export().write_portfolio(&request, &Renaming::none(), &place, &NoProgress, &Cancel::new());
        assert!(matches!(refused, Err(kinfolio_core::Error::InvalidInput(_))), "{refused:?}");
    }
}

#[test]
fn a_full_disk_stops_the_export_with_an_error_that_says_so() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let period = Period::parse("2025-09-01", "2026-08-31").unwrap();
    let portfolio = material().portfolio(&Decisions::default(), period, date(2026, 9, 14));
    let write = |room: usize| {
        let (none, out) = (Renaming::none(), Full(room));
        write_html(&portfolio, &none, HtmlOptions::default(), &Fixtures, out, &NoProgress, &Cancel::new())
    };
    for room in [0, 1_000, 100_000] {
        assert_eq!(write(room), Err(kinfolio_core::Error::StorageFull), "{room} bytes");
    }
    write(100 << 20).unwrap();
}

#[test]
fn the_portfolio_keeps_its_promises_in_a_browser() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/web");
    fs::create_dir_all(&dir).unwrap();
    let write = |name: &str, html: String| fs::write(dir.join(name), html).unwrap();
    write("portfolio.html", html(&material(), &Renaming::none(), false));
    write("fixed.html", html(&material(), &named("Zoë O'Neill"), true));
    let mut one_name = material();
    one_name.entries.retain(|entry| !entry.note.contains("the hedgehog one"));
    for (number, name) in hostile().into_iter().enumerate() {
        write(&format!("named-{number}.html"), html(&one_name, &named(&name), false));
        write(&format!("named-{number}.txt"), name.nfc().collect());
    }
    let store = tempfile::tempdir().unwrap();
    let (client, hedgehog) = from_store(store.path());
    let request = PortfolioRequest::new(hedgehog, "2025-09-01", "2026-08-31");
    let path = dir.join("from-store.html");
    client.export().write_portfolio(&request, &Renaming::none(), &path, &NoProgress, &Cancel::new()).unwrap();
    let dir = dir.canonicalize().unwrap();
    support::web::run("portfolio.test.mjs", &[("KINFOLIO_PORTFOLIOS", dir.as_os_str())]);
}

#[test]
fn a_year_with_300_photos_is_written_one_photo_at_a_time() {
    struct Big;
    impl PhotoSource for Big {
        fn photo(&self, _: &Photo) -> kinfolio_core::Result<Vec<u8>> {
            Ok((0..400_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect())
        }
    }
    struct Counted(u64, usize);
    impl std::io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len() as u64;
            self.1 = self.1.max(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut material = material();
    let template = material.entries[4].clone();
    material.entries = (0..100)
        .map(|number| {
            let day = date(2025, 9, 1).checked_add(jiff::Span::new().days(i64::from(number) * 3)).unwrap();
            Chosen {
                id: EntryId([number; 16]),
                date: day,
                photos: template.photos[..3].to_vec(),
                ..template.clone()
            }
        })
        .collect();
    let period = Period::parse("2025-09-01", "2026-08-31").unwrap();
    let portfolio = material.portfolio(&Decisions::default(), period, date(2026, 9, 14));
    let mut out = Counted(0, 0);
    let began = std::time::Instant::now();
    write_html(
        &portfolio,
        &Renaming::none(),
        HtmlOptions::default(),
        &Big,
        &mut out,
        &NoProgress,
        &Cancel::new(),
    )
    .unwrap();
    println!("301 photos, {} MB in {:?}", out.0 >> 20, began.elapsed());
    assert!(out.0 > 160_000_000, "every photo is inside");
    assert!(out.1 < 1_000_000, "no write holds more than one photo");
}
