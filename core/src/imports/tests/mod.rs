//! What the way in promises.

mod foreign;
mod hostile;
mod merging;
mod tables;

use super::*;
use crate::attachments::{ImportSource, Size};
use crate::clock::Clock;
use crate::entries::tests::Phone;
use crate::entries::{Annotation, Entry, EntryDraft, LearnerLine, Taught, TaughtBy, TimelineQuery};
use crate::goals::Goal;
use crate::host::Presence;
use crate::letters::Letter;
use crate::private::NeedsNote;
use crate::progress::{Cancel, NoProgress, Progress};
use crate::reading::Reading;
use crate::subjects::SubjectEdit;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

struct Yes;
impl Presence for Yes {
    fn confirm(&self) -> Result<bool> {
        Ok(true)
    }
}

fn photo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/photos").join(name)
}

/// The whole record of a phone, with its needs notes, as a ZIP in a folder of its own.
fn export(phone: &Phone) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("all.zip");
    let private = phone.client.private(&Yes).unwrap();
    phone.client.export().write_record(Some(&private), false, &path, &NoProgress, &Cancel::new()).unwrap();
    (dir, path)
}

/// Every file of a ZIP.
fn unpacked(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let count = zip.len();
    let read = |place| {
        let mut file = zip.by_index(place).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(read).collect()
}

fn import(phone: &Phone, path: &Path, choices: &[SameLearner]) -> Result<ImportReport> {
    phone.client.imports().import_record(path, choices, &NoProgress, &Cancel::new())
}

fn entries(phone: &Phone) -> Vec<Entry> {
    let query = TimelineQuery { include_drafts: true, limit: 500, ..TimelineQuery::default() };
    phone.client.entries().timeline(&query).unwrap().entries
}

fn draft(title: &str) -> EntryDraft {
    EntryDraft { title: title.into(), learned_on: "2026-05-03".into(), ..EntryDraft::default() }
}

fn add_photo(phone: &Phone, entry: &Entry, name: &str) {
    let source = ImportSource::Path(photo(name));
    let room = phone.client.attachments();
    room.import(entry.id, source, "A caption", "A description", &Cancel::new(), &NoProgress).unwrap();
}

/// A small family with photos.
fn family(seed: u64) -> Phone {
    let phone = Phone::new(seed);
    let bean = phone.learner("Bean").id;
    let maths = phone.client.subjects().add("Maths", "").unwrap().id;
    let line = LearnerLine { learner: bean, line: "sorted\nBean: by size\nNote: twice".into() };
    let pond = phone.create(EntryDraft {
        note: "Frogs".into(),
        on_record: true,
        learners: vec![line],
        subjects: vec![maths],
        tags: vec!["pond".into()],
        ..draft("Pond")
    });
    add_photo(&phone, &pond, "cat.jpg");
    add_photo(&phone, &pond, "cup.jpg");
    phone.create(draft("A draft"));
    phone
        .client
        .shelf::<Reading>()
        .add(&Reading { title: "Willows".into(), learners: vec![bean], ..Reading::default() })
        .unwrap();
    phone
}

#[test]
fn after_a_file_came_in_undo_takes_back_nothing_that_was_done_before_it() {
    let (_dir, path) = export(&family(1));
    let phone = Phone::new(2);
    phone.create(draft("Typed before"));
    import(&phone, &path, &[]).unwrap();
    assert_eq!(phone.client.undo().last().unwrap(), None);
    phone.create(draft("Typed since"));
    import(&phone, &path, &[]).unwrap();
    phone.client.undo().undo().unwrap();
    let titles: Vec<String> = entries(&phone).into_iter().map(|entry| entry.title).collect();
    assert!(titles.contains(&"Typed before".into()) && !titles.contains(&"Typed since".into()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn an_own_export_gives_the_same_record_and_a_second_run_changes_nothing(
        written in proptest::collection::vec(
            ("[ -~é]{0,12}", "\\PC{0,40}", 0_u8..28, proptest::option::of(1_i64..600), any::<bool>(),
             proptest::collection::vec("[a-zé]{1,6}", 0..3)),
            0..8,
        ),
        kept in proptest::collection::vec(("[a-zA-Z]{1,10}", 0_u8..4), 0..8),
    ) {
        let phone = Phone::new(1);
        let learners = [phone.learner("Bean").id, phone.learner("Otter").id];
        let subjects = ["Maths", "Art, craft", "Maps"].map(|name| phone.client.subjects().add(name, "#aabbcc").unwrap().id);
        phone.client.subjects().merge(subjects[2], subjects[1]).unwrap();
        let core = SubjectEdit { core: Some(true), ..SubjectEdit::default() };
        phone.client.subjects().update(subjects[0], core).unwrap();
        for (title, note, day, minutes, flag, tags) in &written {
            let entry = phone.create(EntryDraft {
                note: note.clone(),
                learned_on: format!("2026-02-{:02}", day + 1),
                minutes: *minutes,
                on_record: *flag,
                starred: !*flag,
                learners: learners.iter().take(usize::from(*day % 3)).map(|one| LearnerLine { learner: *one, line: title.clone() }).collect(),
                subjects: subjects[..usize::from(*day % 3)].to_vec(),
                tags: tags.clone(),
                annotation: Annotation { sample: *flag, went: note.clone(), ..Annotation::default() },
                taught: Taught { by: flag.then_some(TaughtBy::Other), ..Taught::default() },
                ..draft(title)
            });
            if *day == 7 {
                phone.client.entries().trash(entry.id).unwrap();
            }
            if *day == 11 {
                add_photo(&phone, &entry, "grass.jpg");
            }
        }
        for (title, kind) in &kept {
            phone.clock.advance(1_000);
            let learners = vec![learners[0]];
            let day = "2026-03-01".to_owned();
            match kind {
                0 => drop(phone.client.shelf().add(&Goal { title: title.clone(), learners, ..Goal::default() }).unwrap()),
                1 => drop(phone.client.shelf().add(&Letter { party: title.clone(), day, learners, ..Letter::default() }).unwrap()),
                2 => drop(phone.client.shelf().add(&Reading { title: title.clone(), ..Reading::default() }).unwrap()),
                _ => {
                    let need = NeedsNote { text: title.clone(), day, ..NeedsNote::default() };
                    drop(phone.client.private(&Yes).unwrap().needs().add(&need).unwrap());
                }
            }
        }
        let (_dir, path) = export(&phone);
        let other = Phone::new(2);
        other.clock.set(phone.clock.now_ms());
        let report = import(&other, &path, &[]).unwrap();
        prop_assert!(report.kept.is_empty() && report.problems.is_empty(), "{report:?}");
        let (_again, second) = export(&other);
        prop_assert!(unpacked(&path) == unpacked(&second));
        let again = import(&other, &path, &[]).unwrap();
        prop_assert_eq!((again.added, again.completed, again.photos), (0, 0, 0), "{:?}", again);
        prop_assert_eq!(again.unchanged, report.added);
    }
}
