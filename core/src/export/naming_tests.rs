//! Nicknames in what a document prints beside sentences: subjects, tables, samples, cut titles, in every format.

use super::siblings_tests::text;
use super::{Details, Format, Others, Place, PortfolioRequest, Renaming, ReportRequest, Review, Tick};
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{Annotation, EntryDraft};
use crate::ids::LearnerId;
use crate::progress::{Cancel, NoProgress};
use crate::reading::Reading;
use crate::reports::ReportForm;

const YEAR: (&str, &str) = ("2025-09-01", "2026-08-31");
const FORMATS: [Format; 3] = [Format::Html, Format::Docx, Format::Pdf];

/// A year of "Little Bear" whose record says that name wherever it can.
fn family() -> (Phone, LearnerId) {
    let phone = Phone::new(1);
    let bear = phone.learner("Little Bear").id;
    let subject = phone.client.subjects().add("Little Bear’s garden", "").unwrap().id;
    let cut =
        "We counted every kind of bird from the hide by the lake, and Little Bear and Gran wrote them down";
    for (title, note, day) in [
        ("", "", "2025-10-05"),
        ("", cut, "2025-10-06"),
        ("The Little Bear tale", "A little bear came, and 小Little Bear小.", "2025-10-07"),
    ] {
        phone.create(EntryDraft {
            note: note.into(),
            minutes: Some(60),
            subjects: vec![subject],
            learners: vec![line(bear, "little  bear dug")],
            annotation: Annotation { sample: true, shows: "Mr Little Bear".into(), ..Annotation::default() },
            ..draft(title, day)
        });
    }
    let (title, author) = ("The Little Bear".into(), "Little Bear, Jo".into());
    let reading = Reading { title, author, started_on: Some("2025-10-01".into()), ..Reading::default() };
    phone.client.shelf().add(&reading).unwrap();
    (phone, bear)
}

fn all_on(review: &[Review]) -> Vec<Tick> {
    review.iter().map(|one| Tick { mention: one.id, on: true }).collect()
}

/// A text without tags and without the gaps that a page's lines make.
fn run_on(text: &str) -> String {
    let mut inside = false;
    let words = text.chars().filter(|letter| {
        let was_inside = inside;
        inside = (inside || *letter == '<') && *letter != '>';
        !inside && !was_inside && !letter.is_whitespace()
    });
    words.flat_map(char::to_lowercase).collect()
}

#[test]
fn ticked_in_the_review_no_nickname_is_left_in_any_report() {
    let (phone, bear) = family();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report");
    let room = phone.client.export().reports();
    let mut names = Renaming::none();
    names.set(bear, "Robin").unwrap();
    for form in [ReportForm::Pennsylvania, ReportForm::Missouri, ReportForm::NewYork] {
        let report = room.begin(form, bear, YEAR.0, YEAR.1, None).unwrap();
        let base = report.item;
        let mut now = base.clone();
        // The sections have doubts of their own; a parent marks them in the text.
        now.sections.clear();
        room.save(report.id, &base, &now).unwrap();
        let mut request = ReportRequest {
            report: report.id,
            dated: None,
            others: Others::Sibling,
            ticks: Vec::new(),
            shortened: Vec::new(),
            format: Format::Html,
            fixed_names: true,
            language: String::new(),
            paper: None,
            comfort: false,
            photos: false,
            recorded: false,
        };
        let review = room.review(&request).unwrap();
        assert!(review.iter().any(|one| one.on && one.after.starts_with("’s garden")), "{form:?}");
        let off: Vec<&str> = review.iter().filter(|one| !one.on).map(|one| one.matched.as_str()).collect();
        assert_eq!(off.is_empty(), form == ReportForm::NewYork, "{form:?}: {off:?}");
        if form == ReportForm::Pennsylvania {
            let readings = review.iter().filter(|one| one.id.entry.is_none() && !one.on).count();
            assert_eq!(readings, 2, "a title and an author are never renamed unasked");
        }
        for format in FORMATS {
            request.format = format;
            request.ticks = Vec::new();
            room.write(&request, Details::default(), &names, &path, &NoProgress, &Cancel::new()).unwrap();
            let unasked = run_on(&text(&path, format));
            assert!(unasked.contains("robin’sgarden"), "{form:?} {format:?}");
            assert_eq!(unasked.contains("littlebear"), !off.is_empty(), "{form:?} {format:?}");
            request.ticks = all_on(&review);
            room.write(&request, Details::default(), &names, &path, &NoProgress, &Cancel::new()).unwrap();
            assert!(!run_on(&text(&path, format)).contains("littlebear"), "{form:?} {format:?}");
        }
    }
}

#[test]
fn ticked_in_the_review_no_nickname_is_left_in_a_portfolio_with_its_subjects_hours_and_cut_titles() {
    let (phone, bear) = family();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("portfolio");
    let mut names = Renaming::none();
    names.set(bear, "Robin").unwrap();
    let mut request = PortfolioRequest { fixed_names: true, ..PortfolioRequest::new(bear, YEAR.0, YEAR.1) };
    let review = phone.client.export().preview(&request).unwrap().review;
    let beside: Vec<_> = review.iter().filter(|one| one.id.entry.is_none()).collect();
    let (subjects, read): (Vec<_>, Vec<_>) =
        beside.into_iter().partition(|one| matches!(one.id.place, Place::Subject { .. }));
    assert_eq!(subjects.len(), 1, "a subject is ticked once: {review:?}");
    assert!(subjects[0].on && subjects[0].date.is_empty());
    assert!(
        read.len() == 2 && read.iter().all(|one| !one.on),
        "a title and an author are asked about: {read:?}"
    );
    for format in FORMATS.into_iter().chain([Format::Zip]) {
        request.format = format;
        let written = |request: &PortfolioRequest| {
            let room = phone.client.export();
            room.write_portfolio(request, &names, &path, &NoProgress, &Cancel::new()).unwrap();
            run_on(&text(&path, format))
        };
        request.ticks = all_on(&review);
        let all = written(&request);
        assert!(!all.contains("littlebear") && !all.contains("little…"), "{format:?}");
        assert!(all.matches("robin’sgarden").count() >= 4, "{format:?}");
        request.ticks.iter_mut().for_each(|tick| tick.on = false);
        let none = written(&request);
        assert!(none.contains("littlebear’sgarden"), "{format:?}");
    }
}

#[test]
fn a_name_of_somebody_else_is_listed_in_context_and_shortened_in_every_document() {
    let (phone, bear) = family();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let room = phone.client.export();
    let mut request = PortfolioRequest::new(bear, YEAR.0, YEAR.1);
    let listed = room.preview(&request).unwrap().names_of_others;
    let gran = listed.iter().find(|one| one.name == "Gran").unwrap();
    assert!(gran.times == 1 && gran.after.starts_with(" wrote"), "{listed:?}");
    let report = room.reports().begin(ReportForm::Missouri, bear, YEAR.0, YEAR.1, None).unwrap().id;
    let mut of_report = ReportRequest {
        report,
        dated: None,
        others: Others::Sibling,
        ticks: Vec::new(),
        shortened: Vec::new(),
        format: Format::Html,
        fixed_names: true,
        language: String::new(),
        paper: None,
        comfort: false,
        photos: false,
        recorded: false,
    };
    assert!(room.reports().names_of_others(&of_report).unwrap().iter().any(|one| one.name == "Gran"));
    for shortened in [Vec::new(), vec!["Gran".to_owned()]] {
        let whole = shortened.is_empty();
        (request.shortened, of_report.shortened) = (shortened.clone(), shortened);
        for format in FORMATS.into_iter().chain([Format::Zip]) {
            request.format = format;
            room.write_portfolio(&request, &Renaming::none(), &path, &NoProgress, &Cancel::new()).unwrap();
            assert_eq!(run_on(&text(&path, format)).contains("granwrote"), whole, "portfolio {format:?}");
        }
        for format in FORMATS {
            of_report.format = format;
            room.reports()
                .write(&of_report, Details::default(), &Renaming::none(), &path, &NoProgress, &Cancel::new())
                .unwrap();
            assert_eq!(run_on(&text(&path, format)).contains("andgran"), whole, "report {format:?}");
        }
    }
}
