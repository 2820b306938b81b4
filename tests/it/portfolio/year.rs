//! A small family's year, as plain structs, with the photographs of tests/fixtures.
use std::fs;

use jiff::civil::{Date, date};
use kinfolio_core::entries::Annotation;
use kinfolio_core::export::{Chosen, ChosenPhoto, Material, Person, Photo, PhotoSource};
use kinfolio_core::ids::{AttachmentId, EntryId, LearnerId, SubjectId};
use support::family::photo_folder;

pub const HEDGEHOG: LearnerId = LearnerId([1; 16]);
const OTTER: LearnerId = LearnerId([2; 16]);

/// Photographs from tests/fixtures/photos, one file per attachment id.
pub struct Fixtures;

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
        Ok(fs::read(photo_folder().join(format!("{name}.jpg"))).unwrap())
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
    subjects: &'static [&'static str],
    minutes: u32,
}

fn entry(date: Date, words: Words, photos: Vec<ChosenPhoto>) -> Chosen {
    Chosen {
        // `material` numbers them.
        id: EntryId([0; 16]),
        date,
        title: words.title.into(),
        note: words.note.into(),
        line: String::new(),
        annotation: Annotation::default(),
        with: vec![OTTER],
        subjects: words.subjects.iter().map(|subject| (*subject).to_owned()).collect(),
        minutes: Some(words.minutes),
        starred: false,
        photos,
    }
}

/// The same with a line of its learner's own.
fn saying(line: &str, entry: Chosen) -> Chosen {
    Chosen { line: line.into(), ..entry }
}

pub fn material() -> Material {
    let mut entries = vec![
        entry(
            date(2025, 9, 9),
            Words {
                title: "Library: three books on owls",
                note: "What we did: Hedgehog chose three books on owls and read the captions aloud on the bus home. We made a table of five owls: size, food, where they live.\nHow it went: She read more than she expected to. “Camouflage” took four tries and then she used it all evening.\nNext: An owl walk with the wildlife group in October.",
                subjects: &["English", "Science"],
                minutes: 90,
            },
            vec![],
        ),
        entry(
            date(2025, 10, 2),
            Words {
                title: "Counting change at the market",
                note: "What we did: Hedgehog had £5 for fruit. She added up in her head, paid, and checked the change before we left each stall.\nHow it went: One stall gave 20p too little. She saw it, said so, and was right. Otter counted the apples into the bag.\nNext: A list with prices that end in 5p and 9p.",
                subjects: &["Maths"],
                minutes: 45,
            },
            vec![],
        ),
        entry(
            date(2025, 11, 14),
            Words {
                title: "Volcano with vinegar",
                note: "What we did: Vinegar and bicarbonate in a cup, three times: first a spoon each, then twice the vinegar, then twice the powder. Paprika for the colour. Hedgehog wrote down what changed.\nHow it went: The second try only made more liquid. The third foamed over the saucer. She worked out that the powder had been used up before.\nNext: Measure in grams, and draw a graph.",
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
            date(2026, 1, 12),
            Words {
                title: "Drawing the cat, who would not sit still",
                note: "What we did: Two minutes to look, five to draw, then look again. Hedgehog drew only the eye and the nose, five times over.\nHow it went: The fourth eye has a proper shine in it. The cat left before the ears.\nNext: Try the ears from this photograph.",
                subjects: &["Art"],
                minutes: 50,
            },
            vec![photo(3, "The sitter. Photograph by Hedgehog.", "")],
        ),
        saying(
            "“How long would it take to get there and back before tea?”",
            entry(
                date(2026, 2, 11),
                Words {
                    title: "Rockets, and what is beyond them",
                    note: "What we did: We watched a launch from 2015 and stopped it to draw each stage. Then we looked at one picture from the Hubble telescope and tried to count the galaxies in one corner of it.\nHow it went: Hedgehog counted 61 in one square and worked out about 5,000 for the whole picture. She asked why some are red.\nNext: Light and distance: the torch and the tape measure.",
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
        ),
        saying(
            "Read the recipe alone and doubled every number.",
            entry(
                date(2026, 3, 18),
                Words {
                    title: "Hedgehog's first bread",
                    note: "We weighed flour for two loaves. Hedgehog’s rose; the hedgehog one with currant eyes did not.\n\nOne was for next door.",
                    subjects: &["Maths", "English"],
                    minutes: 90,
                },
                vec![],
            ),
        ),
        entry(
            date(2026, 4, 28),
            Words {
                title: "Counting plants in a square of grass",
                note: "What we did: A wire square, half a metre on each side, thrown ten times. Hedgehog counted clover leaves and wrote a tally for each throw, first on grass, then at the edge of the gravel path.\nHow it went: From 0 to 14 on grass, nothing at all on gravel. She drew the bar chart by herself and labelled both axes.\nNext: The same ten throws in July.",
                subjects: &["Maths", "Science"],
                minutes: 100,
            },
            vec![photo(4, "Throw 4: eleven clover leaves.", ""), photo(5, "Throw 9, on the path: none.", "")],
        ),
        entry(
            date(2026, 6, 3),
            Words {
                title: "",
                note: "Hedgehog laid a row of bricks with Grandad. She learnt why the joints must not line up, and drew the wall from memory afterwards.",
                subjects: &[],
                minutes: 60,
            },
            vec![photo(6, "", "")],
        ),
        entry(
            date(2026, 7, 6),
            Words {
                title: "Letter to Gran",
                note: "What we did: A full page about the cat, the allotment and the lost tooth. Hedgehog planned it in three words first: cat, beans, tooth.\nHow it went: Full stops and speech marks put in without being asked. In October the letter was two lines.\nNext: Post it, and wait for the answer.",
                subjects: &["English"],
                minutes: 40,
            },
            vec![],
        ),
    ];
    for (number, entry) in (1..).zip(&mut entries) {
        entry.id = EntryId([number; 16]);
        entry.starred = number == 5;
    }
    Material {
        works: Vec::new(),
        learner: Person { learner: HEDGEHOG, nickname: "Hedgehog".into(), emoji: "🦔".into() },
        others: vec![Person { learner: OTTER, nickname: "Otter".into(), emoji: "🦦".into() }],
        subjects: (1..)
            .zip(["English", "Maths", "Science", "Art", "History"])
            .map(|(number, name)| (SubjectId([number; 16]), name.to_owned()))
            .collect(),
        entries,
        reading: Vec::new(),
    }
}
