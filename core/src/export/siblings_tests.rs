//! Over random families: what is one learner's is in no document of another, and what is theirs is in it.

use super::{Details, Format, Others, PortfolioRequest, Renaming, ReportRequest};
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{Annotation, EntryDraft};
use crate::error::Error;
use crate::goals::{Goal, GoalState};
use crate::ids::LearnerId;
use crate::private::NeedsNote;
use crate::progress::{Cancel, NoProgress};
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::reports::ReportForm;
use crate::shelf::Shelf;
use crate::trips::Trip;
use proptest::prelude::*;
use std::io::Read;
use std::path::Path;

/// Words that stand in nothing else.
const NICKNAMES: [&str; 4] = ["Quillon", "Brambix", "Tozzle", "Wimbrel"];
const YEAR: (&str, &str) = ("2025-09-01", "2026-08-31");
const FORMS: [ReportForm; 5] = [
    ReportForm::England,
    ReportForm::Pennsylvania,
    ReportForm::NewYork,
    ReportForm::Missouri,
    ReportForm::Queensland,
];

const OF_REPORTS: [Format; 3] = [Format::Html, Format::Docx, Format::Pdf];
const OF_PORTFOLIOS: [Format; 4] = [Format::Html, Format::Docx, Format::Pdf, Format::Zip];

/// An entry: which learners, as bits, its day of the year, whether it is a sample.
type Told = (u8, u16, bool);

fn family() -> impl Strategy<Value = (usize, Vec<Told>, Vec<(u8, u8)>)> {
    (2_usize..=NICKNAMES.len()).prop_flat_map(|learners| {
        let some = 1_u8..1 << learners;
        (
            Just(learners),
            proptest::collection::vec((some.clone(), 0_u16..365, any::<bool>()), 1..12),
            proptest::collection::vec((0_u8..4, some), 0..8),
        )
    })
}

/// The learners of these bits.
fn of(bits: u8, all: &[LearnerId]) -> Vec<(usize, LearnerId)> {
    all.iter().copied().enumerate().filter(|(nth, _)| bits >> nth & 1 == 1).collect()
}

/// What only this learner may be shown, as it is written into the record.
fn secret(who: usize, what: &str, number: usize) -> String {
    format!("{what}{number}only{who}x")
}

/// Names for what several share: none of them is a secret.
fn owned(what: &str, number: usize, owners: &[(usize, LearnerId)]) -> String {
    match owners {
        [(who, _)] => secret(*who, what, number),
        _ => format!("{what}{number}shared"),
    }
}

fn plant(phone: &Phone, entries: &[Told], items: &[(u8, u8)], all: &[LearnerId]) {
    for (number, (bits, day, sample)) in entries.iter().enumerate() {
        let owners = of(*bits, all);
        let day = jiff::civil::date(2025, 9, 1).checked_add(jiff::Span::new().days(i64::from(*day))).unwrap();
        let with: Vec<&str> = owners.iter().map(|(who, _)| NICKNAMES[*who]).collect();
        phone.create(EntryDraft {
            note: format!("{} went along.", with.join(" and ")),
            minutes: Some(30),
            learners: owners.iter().map(|(who, id)| line(*id, &secret(*who, "line", number))).collect(),
            annotation: Annotation { sample: *sample, ..Annotation::default() },
            ..draft(&owned("entry", number, &owners), &day.to_string())
        });
    }
    let day = || Some("2026-03-04".to_owned());
    for (number, (kind, bits)) in items.iter().enumerate() {
        let owners = of(*bits, all);
        let learners: Vec<LearnerId> = owners.iter().map(|(_, id)| *id).collect();
        let title = owned("item", number, &owners);
        match kind {
            0 => {
                let reading = Reading { title, finished_on: day(), learners, ..Reading::default() };
                phone.client.shelf().add(&reading).unwrap();
            }
            1 => {
                let goal =
                    Goal { title, state: GoalState::Done, ended_on: day(), learners, ..Goal::default() };
                phone.client.shelf().add(&goal).unwrap();
            }
            2 => {
                let first_day = "2026-03-04".to_owned();
                phone.client.shelf().add(&Trip { title, first_day, learners, ..Trip::default() }).unwrap();
            }
            _ => {
                let exam = Qualification { title, exam_on: day(), learners, ..Qualification::default() };
                phone.client.shelf().add(&exam).unwrap();
            }
        }
    }
    for id in all {
        let (text, day) = ("needscanary".into(), "2026-03-04".into());
        let needs = NeedsNote { text, day, learners: vec![*id], ..NeedsNote::default() };
        Shelf::<NeedsNote>::new(phone.context()).add(&needs).unwrap();
    }
}

/// The text of a file: every part of it, compressed or not; of a PDF its title and what is printed.
pub(super) fn text(path: &Path, format: Format) -> String {
    let bytes = std::fs::read(path).unwrap();
    if format == Format::Html {
        return String::from_utf8(bytes).unwrap();
    }
    if format == Format::Pdf {
        let file = lopdf::Document::load_mem(&bytes).unwrap();
        let pages: Vec<u32> = file.get_pages().into_keys().collect();
        let about = file.trailer.get(b"Info").and_then(|info| info.as_reference()).unwrap();
        let title = lopdf::decode_text_string(file.get_dictionary(about).unwrap().get(b"Title").unwrap());
        return format!("{}\n{}", title.unwrap(), file.extract_text(&pages).unwrap());
    }
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        all.push_str(&part.name().unwrap());
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        all.push_str(&String::from_utf8_lossy(&bytes));
    }
    all
}

/// Every document of one learner, as text.
fn documents(phone: &Phone, learner: LearnerId) -> Vec<(String, String)> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let export = phone.client.export();
    let mut all = Vec::new();
    for format in OF_PORTFOLIOS {
        let request = PortfolioRequest {
            hours: true,
            others: Others::Sibling,
            format,
            ..PortfolioRequest::new(learner, YEAR.0, YEAR.1)
        };
        export.write_portfolio(&request, &Renaming::none(), &path, &NoProgress, &Cancel::new()).unwrap();
        all.push((format!("portfolio {format:?}"), text(&path, format)));
    }
    let reports = export.reports();
    for form in FORMS {
        let report = reports.begin(form, learner, YEAR.0, YEAR.1, None).unwrap();
        for format in OF_REPORTS {
            let request = ReportRequest {
                report: report.id,
                dated: None,
                others: Others::Sibling,
                ticks: Vec::new(),
                shortened: Vec::new(),
                format,
                fixed_names: true,
                language: String::new(),
                paper: None,
                comfort: false,
                photos: false,
                recorded: false,
            };
            match reports.write(
                &request,
                Details::default(),
                &Renaming::none(),
                &path,
                &NoProgress,
                &Cancel::new(),
            ) {
                // Whose record gives nothing for this form has no file.
                Err(Error::InvalidInput(why)) if why.starts_with("nothing stands in this report") => continue,
                written => drop(written.unwrap()),
            }
            all.push((format!("{form:?} {format:?}"), text(&path, format)));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn no_text_of_another_learner_is_in_any_document_of_one((learners, entries, items) in family()) {
        let phone = Phone::new(1);
        let all: Vec<LearnerId> = NICKNAMES[..learners].iter().map(|name| phone.learner(name).id).collect();
        plant(&phone, &entries, &items, &all);
        for (who, id) in of(entries[0].0, &all) {
            let documents = documents(&phone, id);
            for (what, text) in &documents {
                for other in (0..learners).filter(|other| *other != who) {
                    prop_assert!(!text.contains(&format!("only{other}x")), "{what}: what is {other}'s alone");
                    prop_assert!(!text.contains(NICKNAMES[other]), "{what}: the nickname of {other}");
                }
                prop_assert!(!text.contains("needscanary"), "{what}");
            }
            for (what, text) in &documents[..OF_PORTFOLIOS.len()] {
                prop_assert!(text.contains(&secret(who, "line", 0)), "{what} holds their own line");
            }
            for (number, (_, owners)) in items.iter().enumerate().filter(|(_, (kind, _))| *kind == 0) {
                if *owners == 1 << who {
                    let log = documents.iter().find(|(what, _)| what == "Pennsylvania Html").unwrap();
                    prop_assert!(log.1.contains(&secret(who, "item", number)), "the reading log holds their book");
                }
            }
        }
    }
}
