//! The portfolio makes no request, holds no second learner's line, and prints and reads well: its files are written
//! here and opened in Chromium by tests/web.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use jiff::civil::{Date, date};
use kinfolio_core::attachments::ImportSource;
use kinfolio_core::client::{Client, ClientConfig};
use kinfolio_core::clock::{OsRandomness, SystemClock};
use kinfolio_core::entries::{EntryDraft, LearnerLine};
use kinfolio_core::export::{
    Chosen, ChosenPhoto, Decisions, HtmlOptions, Material, Others, Period, Person, Photo, PhotoSource,
    PortfolioRequest, Renaming, write_html,
};
use kinfolio_core::host::MemorySecretStore;
use kinfolio_core::ids::{AttachmentId, EntryId, LearnerId};
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress, Progress};
use unicode_normalization::UnicodeNormalization;

const HEDGEHOG: LearnerId = LearnerId([1; 16]);
const OTTER: LearnerId = LearnerId([2; 16]);

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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Photographs from tests/fixtures/photos, one file per attachment id.
struct Fixtures;

const PHOTOS: [(&str, u32, u32); 9] = [
    ("rocket", 640, 427),
    ("deep-sky", 1000, 872),
    ("cup", 600, 400),
    ("cat", 451, 300),
    ("grass", 512, 512),
    ("gravel", 512, 512),
    ("bricks", 512, 512),
    ("photographer", 512, 512),
    ("astronaut", 512, 512),
];

impl PhotoSource for Fixtures {
    fn photo(&self, photo: &Photo) -> kinfolio_core::Result<Vec<u8>> {
        let name = PHOTOS[usize::from(photo.attachment.0[0])].0;
        Ok(fs::read(root().join(format!("tests/fixtures/photos/{name}.jpg"))).unwrap())
    }
}

fn photo(number: u8, caption: &str, alt: &str) -> ChosenPhoto {
    let (_, width, height) = PHOTOS[usize::from(number)];
    let mut id = [0; 16];
    id[0] = number;
    ChosenPhoto {
        id: AttachmentId(id),
        mime: "image/jpeg".into(),
        width,
        height,
        caption: caption.into(),
        alt: alt.into(),
    }
}

struct Words {
    title: &'static str,
    note: &'static str,
    line: &'static str,
    subjects: &'static [&'static str],
    minutes: u32,
}

fn entry(number: u8, date: Date, words: Words, photos: Vec<ChosenPhoto>) -> Chosen {
    Chosen {
        id: EntryId([number; 16]),
        date,
        title: words.title.into(),
        note: words.note.into(),
        line: words.line.into(),
        with: vec![OTTER],
        subjects: words.subjects.iter().map(|subject| (*subject).to_owned()).collect(),
        minutes: Some(words.minutes),
        starred: number == 5,
        photos,
    }
}

fn material() -> Material {
    let entries = vec![
        entry(
            1,
            date(2025, 9, 9),
            Words {
                title: "Library: three books on owls",
                note: "What we did: Hedgehog chose three books on owls and read the captions aloud on the bus home. We made a table of five owls: size, food, where they live.\nHow it went: She read more than she expected to. “Camouflage” took four tries and then she used it all evening.\nNext: An owl walk with the wildlife group in October.",
                line: "",
                subjects: &["English", "Science"],
                minutes: 90,
            },
            vec![],
        ),
        entry(
            2,
            date(2025, 10, 2),
            Words {
                title: "Counting change at the market",
                note: "What we did: Hedgehog had £5 for fruit. She added up in her head, paid, and checked the change before we left each stall.\nHow it went: One stall gave 20p too little. She saw it, said so, and was right. Otter counted the apples into the bag.\nNext: A list with prices that end in 5p and 9p.",
                line: "",
                subjects: &["Maths"],
                minutes: 45,
            },
            vec![],
        ),
        entry(
            3,
            date(2025, 11, 14),
            Words {
                title: "Volcano with vinegar",
                note: "What we did: Vinegar and bicarbonate in a cup, three times: first a spoon each, then twice the vinegar, then twice the powder. Paprika for the colour. Hedgehog wrote down what changed.\nHow it went: The second try only made more liquid. The third foamed over the saucer. She worked out that the powder had been used up before.\nNext: Measure in grams, and draw a graph.",
                line: "",
                subjects: &["Science"],
                minutes: 120,
            },
            vec![photo(
                2,
                "The cup after the third try, before it was wiped.",
                "A red cup and saucer on a wooden table",
            )],
        ),
        entry(
            4,
            date(2026, 1, 12),
            Words {
                title: "Drawing the cat, who would not sit still",
                note: "What we did: Two minutes to look, five to draw, then look again. Hedgehog drew only the eye and the nose, five times over.\nHow it went: The fourth eye has a proper shine in it. The cat left before the ears.\nNext: Try the ears from this photograph.",
                line: "",
                subjects: &["Art"],
                minutes: 50,
            },
            vec![photo(3, "The sitter. Photograph by Hedgehog.", "")],
        ),
        entry(
            5,
            date(2026, 2, 11),
            Words {
                title: "Rockets, and what is beyond them",
                note: "What we did: We watched a launch from 2015 and stopped it to draw each stage. Then we looked at one picture from the Hubble telescope and tried to count the galaxies in one corner of it.\nHow it went: Hedgehog counted 61 in one square and worked out about 5,000 for the whole picture. She asked why some are red.\nNext: Light and distance: the torch and the tape measure.",
                line: "“How long would it take to get there and back before tea?”",
                subjects: &["Science", "History"],
                minutes: 135,
            },
            vec![
                photo(
                    0,
                    "The launch we stopped and drew.",
                    "A rocket on its launch pad at dusk, as Hedgehog saw it",
                ),
                photo(8, "An astronaut of that year.", ""),
                photo(1, "The Hubble picture.", ""),
                photo(7, "The camera man we compared it with.", ""),
            ],
        ),
        entry(
            6,
            date(2026, 3, 18),
            Words {
                title: "Hedgehog's first bread",
                note: "We weighed flour for two loaves. Hedgehog’s rose; the hedgehog one with currant eyes did not.\n\nOne was for next door.",
                line: "Read the recipe alone and doubled every number.",
                subjects: &["Maths", "English"],
                minutes: 90,
            },
            vec![],
        ),
        entry(
            7,
            date(2026, 4, 28),
            Words {
                title: "Counting plants in a square of grass",
                note: "What we did: A wire square, half a metre on each side, thrown ten times. Hedgehog counted clover leaves and wrote a tally for each throw, first on grass, then at the edge of the gravel path.\nHow it went: From 0 to 14 on grass, nothing at all on gravel. She drew the bar chart by herself and labelled both axes.\nNext: The same ten throws in July.",
                line: "",
                subjects: &["Maths", "Science"],
                minutes: 100,
            },
            vec![photo(4, "Throw 4: eleven clover leaves.", ""), photo(5, "Throw 9, on the path: none.", "")],
        ),
        entry(
            8,
            date(2026, 6, 3),
            Words {
                title: "",
                note: "Hedgehog laid a row of bricks with Grandad. She learnt why the joints must not line up, and drew the wall from memory afterwards.",
                line: "",
                subjects: &[],
                minutes: 60,
            },
            vec![photo(6, "", "")],
        ),
        entry(
            9,
            date(2026, 7, 6),
            Words {
                title: "Letter to Gran",
                note: "What we did: A full page about the cat, the allotment and the lost tooth. Hedgehog planned it in three words first: cat, beans, tooth.\nHow it went: Full stops and speech marks put in without being asked. In October the letter was two lines.\nNext: Post it, and wait for the answer.",
                line: "",
                subjects: &["English"],
                minutes: 40,
            },
            vec![],
        ),
    ];
    Material {
        learner: Person { learner: HEDGEHOG, nickname: "Hedgehog".into(), emoji: "🦔".into() },
        others: vec![Person { learner: OTTER, nickname: "Otter".into(), emoji: "🦦".into() }],
        subjects: ["English", "Maths", "Science", "Art", "History"].map(str::to_owned).to_vec(),
        entries,
    }
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

/// A family in a real store: a line and a title for each learner, a draft, a photo with a place in it.
fn from_store(dir: &Path) -> (Client, LearnerId) {
    let config = ClientConfig { dir: dir.join("phone"), device_name: "Kitchen phone".into() };
    let secrets = Arc::new(MemorySecretStore::default());
    let client =
        Client::open(config, secrets, None, None, Arc::new(SystemClock), Arc::new(OsRandomness)).unwrap();
    let add = |nickname: &str| {
        let new = NewLearner { nickname: nickname.into(), colour: String::new(), emoji: "🦔".into() };
        client.learners().add(new).unwrap().id
    };
    let (hedgehog, otter) = (add("Hedgehog"), add("Otter"));
    let line = |learner, line: &str| LearnerLine { learner, line: line.into() };
    let draft = |title: &str, on_record, learners| EntryDraft {
        title: title.into(),
        note: "What we did: Hedgehog and Otter dammed the brook.".into(),
        learned_on: "2026-05-03".into(),
        minutes: Some(90),
        on_record,
        learners,
        ..EntryDraft::default()
    };
    let both = vec![line(hedgehog, "“It leaks on purpose.”"), line(otter, "sibling-line-canary")];
    let entry = client.entries().create(draft("The dam", true, both)).unwrap();
    client.entries().create(draft("draft-canary", false, vec![line(hedgehog, "draft-canary")])).unwrap();
    client.entries().create(draft("sibling-line-canary alone", true, vec![line(otter, "")])).unwrap();
    let trashed = client.entries().create(draft("trash-canary", true, vec![line(hedgehog, "")])).unwrap();
    client.entries().trash(trashed.id).unwrap();
    let photo = ImportSource::Path(root().join("tests/fixtures/photos/cup.jpg"));
    client.attachments().import(entry.id, photo, "Hedgehog's dam", "", &Cancel::new(), &NoProgress).unwrap();
    (client, hedgehog)
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
    assert!(client.export().preview(&PortfolioRequest { from: "2026-9-1".into(), ..request }).is_err());
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
fn the_portfolio_keeps_its_promises_in_a_browser() {
    let dir = root().join("target/web");
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
    support::web::run("portfolio.test.mjs", &[("KINFOLIO_PORTFOLIOS", &dir.canonicalize().unwrap())]);
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
