//! Reports from a family's record: whose words they hold, and what editing, sending and renaming leave.

use super::*;
use crate::entries::tests::Phone;
use crate::entries::{Annotation, EntryDraft, LearnerLine};
use crate::error::Error;
use crate::export::{Format, Others, Renaming};
use crate::ids::{LearnerId, ReportId};
use crate::progress::{Cancel, NoProgress};
use crate::reading::Reading;
use crate::reports::{Report, ReportForm, Section, token};
use crate::shelf::Kept;
use crate::trips::Trip;
use std::fs;
use zeroize::Zeroizing;

mod drafting;
mod naming;

struct Family {
    phone: Phone,
    bean: LearnerId,
    fern: LearnerId,
}

impl Family {
    fn new() -> Self {
        let phone = Phone::new(1);
        let (bean, fern) = (phone.learner("Bean").id, phone.learner("Fern").id);
        let subject = |name: &str| phone.client.subjects().add(name, "").unwrap().id;
        let (english, maths, science) = (subject("English"), subject("Maths"), subject("Science"));
        let line = |learner: LearnerId, line: &str| LearnerLine { learner, line: line.into() };
        for (title, note, day, subject) in [
            ("Letter to Gran", "Bean wrote a page. Fern drew.", "2025-10-05", english),
            ("Market", "Bean counted the change", "2025-10-02", maths),
            ("Owl pellets", "Under a hand lens with Fern.", "2026-03-01", science),
        ] {
            phone.create(EntryDraft {
                title: title.into(),
                note: note.into(),
                learned_on: day.into(),
                on_record: true,
                minutes: Some(60),
                learners: vec![line(bean, "held the pen alone"), line(fern, "fern's secret line")],
                subjects: vec![subject],
                ..EntryDraft::default()
            });
        }
        Self { phone, bean, fern }
    }

    fn room(&self) -> ReportsClient {
        self.phone.client.export().reports()
    }

    fn begun(&self) -> Kept<Report> {
        self.room().begin(ReportForm::England, self.bean, "2025-09-01", "2026-08-31", None).unwrap()
    }

    fn edited(&self, id: ReportId, section: Section, text: &str) -> Kept<Report> {
        let base = self.room().get(id).unwrap().item;
        let mut now = base.clone();
        now.set(section, text.into(), base.drafted(section).into());
        self.room().save(id, &base, &now).unwrap()
    }

    fn written(&self, report: ReportId, names: &Renaming, others: Others) -> String {
        let request = ReportRequest {
            report,
            dated: Some("2026-09-14".into()),
            others,
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
        let details = Details { name_in_title: Zeroizing::new("Robin Marlow".into()), ..Details::default() };
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.html");
        self.room().write(&request, details, names, &path, &NoProgress, &Cancel::new()).unwrap();
        fs::read_to_string(path).unwrap()
    }
}

fn named(learner: LearnerId, name: &str) -> Renaming {
    let mut names = Renaming::none();
    names.set(learner, name).unwrap();
    names
}

#[test]
fn a_draft_holds_the_parents_own_sentences_with_their_dates_and_no_name() {
    let family = Family::new();
    let report = family.begun().item;
    let bean = token(family.bean);
    assert_eq!(
        report.text(Section::English),
        format!("Letter to Gran. {bean} wrote a page. held the pen alone (5 Oct 2025)")
    );
    assert_eq!(
        report.text(Section::Maths),
        format!("Market. {bean} counted the change. held the pen alone (2 Oct 2025)")
    );
    assert!(report.text(Section::Other).starts_with("Science: Owl pellets. Under a hand lens with "));
    assert!(report.text(Section::Other).contains(&token(family.fern)));
    for section in [Section::About, Section::Approach, Section::Closing, Section::Next] {
        assert_eq!(report.text(section), "", "{section:?} was invented");
    }
    let all: String = report.sections.iter().map(|one| one.text.as_str()).collect();
    assert!(!all.contains("secret"), "a sibling's line");
    assert!(!all.contains("Bean") && !all.contains("Fern"), "{all}");
}

#[test]
fn drafting_again_keeps_what_the_parent_wrote_and_brings_what_is_new() {
    let family = Family::new();
    let id = family.begun().id;
    family.edited(id, Section::English, "Bean writes to Gran every week.");
    family.phone.create(EntryDraft {
        title: "A poem".into(),
        learned_on: "2026-05-05".into(),
        on_record: true,
        learners: vec![LearnerLine { learner: family.bean, line: String::new() }],
        subjects: vec![family.phone.client.subjects().list().unwrap()[0].id],
        ..EntryDraft::default()
    });
    let again = family.room().draft_again(id).unwrap().item;
    let bean = token(family.bean);
    assert_eq!(
        again.text(Section::English),
        format!("{bean} writes to Gran every week.\nA poem (5 May 2026)")
    );
    let twice = family.room().draft_again(id).unwrap().item;
    assert_eq!(twice, again);
    assert_eq!(family.room().changed(id, Section::English).unwrap(), [true, false]);
}

#[test]
fn a_version_that_was_sent_stays_as_it_was_and_the_report_goes_on() {
    let family = Family::new();
    let id = family.begun().id;
    family.edited(id, Section::About, "Bean likes owls.");
    let sent = family.room().sent(id, "2026-05-14", "The council").unwrap();
    family.edited(id, Section::About, "Bean likes foxes.");
    let versions = family.room().versions(id).unwrap();
    assert_eq!(versions, std::slice::from_ref(&sent));
    assert!(sent.item.text(Section::About).ends_with(" likes owls."));
    let refused = family.room().save(sent.id, &sent.item, &sent.item).unwrap_err();
    assert!(matches!(&refused, Error::InvalidInput(text) if text.contains("was sent")), "{refused}");
    for day in ["soon", "2199-01-01"] {
        assert!(matches!(family.room().sent(id, day, ""), Err(Error::InvalidInput(_))), "{day}");
    }
}

#[test]
fn own_paragraphs_are_carried_to_a_sibling_and_marked_once_they_change() {
    let family = Family::new();
    let first = family.begun().id;
    family.edited(first, Section::Approach, "We follow what Bean asks.\nMaths on most days.");
    let next = family
        .room()
        .begin(ReportForm::England, family.fern, "2025-09-01", "2026-08-31", Some(first))
        .unwrap();
    let fern = token(family.fern);
    assert_eq!(
        next.item.text(Section::Approach),
        format!("We follow what {fern} asks.\nMaths on most days.")
    );
    assert_eq!(family.room().changed(next.id, Section::Approach).unwrap(), [false, false]);
    family.edited(next.id, Section::Approach, &format!("We follow what {fern} asks.\nMaths when she likes."));
    assert_eq!(family.room().changed(next.id, Section::Approach).unwrap(), [false, true]);
    assert_eq!(next.item.text(Section::English).matches("fern's secret line").count(), 1, "her own line now");
}

#[test]
fn what_is_told_of_a_siblings_person_stays_with_the_sibling() {
    let family = Family::new();
    let first = family.begun().id;
    family.edited(first, Section::About, "Bean likes owls.");
    family.edited(first, Section::Approach, "Bean and Fern learn together.\nBean reads alone.\nFern sings.");
    let for_whom = |learner| {
        let room = family.room();
        room.begin(ReportForm::England, learner, "2026-09-01", "2027-08-31", Some(first)).unwrap().item
    };
    let (fern, bean) = (token(family.fern), token(family.bean));
    let carried = for_whom(family.fern);
    assert_eq!(carried.text(Section::About), "");
    assert_eq!(
        carried.text(Section::Approach),
        format!("{bean} and {fern} learn together.\n{fern} reads alone.\n{fern} sings.")
    );
    let next_year = for_whom(family.bean);
    assert_eq!(next_year.text(Section::About), format!("{bean} likes owls."));
    assert_eq!(
        next_year.text(Section::Approach),
        format!("{bean} and {fern} learn together.\n{bean} reads alone.\n{fern} sings.")
    );
}

#[test]
fn a_report_prints_the_name_that_was_given_and_reduces_siblings() {
    let family = Family::new();
    let id = family.begun().id;
    family.edited(id, Section::About, "Bean likes owls.\nBean and Fern built a den.");
    let html = family.written(id, &named(family.bean, "Robin"), Others::Sibling);
    assert!(html.contains("Home education report: Robin Marlow</h1>"));
    assert!(html.contains(">About <span class=\"name\" dir=\"auto\">Robin</span></span></h2>"));
    for gone in ["Bean", "Fern", "learner:", "secret"] {
        assert!(!html.contains(gone), "{gone}");
    }
    assert!(html.contains("and a sibling built a den."));
    let back = family.written(id, &Renaming::none(), Others::Nickname);
    assert!(back.contains("Bean</span> and <span class=\"name\" dir=\"auto\">Fern</span> built"));
    let twice = family.written(id, &named(family.bean, "Robin"), Others::Sibling);
    assert_eq!(twice, html, "renamed back and again");
}

#[test]
fn a_section_is_copied_as_text_with_its_paragraphs() {
    let family = Family::new();
    let id = family.begun().id;
    family.edited(id, Section::About, "Bean likes owls.\nBean's den.");
    let request = ReportRequest {
        report: id,
        dated: None,
        others: Others::Sibling,
        ticks: Vec::new(),
        shortened: Vec::new(),
        format: Format::Html,
        fixed_names: false,
        language: String::new(),
        paper: None,
        comfort: false,
        photos: false,
        recorded: false,
    };
    let text = family.room().section_text(&request, Section::About, &named(family.bean, "Zoë")).unwrap();
    assert_eq!(text, "Zoë likes owls.\nZoë's den.");
}

#[test]
fn an_empty_year_and_a_nickname_that_is_a_word_are_told() {
    let family = Family::new();
    let empty =
        family.room().begin(ReportForm::Queensland, family.bean, "2020-01-01", "2020-12-31", None).unwrap();
    let request = ReportRequest {
        report: empty.id,
        dated: None,
        others: Others::Sibling,
        ticks: Vec::new(),
        shortened: Vec::new(),
        format: Format::Html,
        fixed_names: false,
        language: String::new(),
        paper: None,
        comfort: false,
        photos: false,
        recorded: false,
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.html");
    let refused = family
        .room()
        .write(&request, Details::default(), &Renaming::none(), &path, &NoProgress, &Cancel::new())
        .unwrap_err();
    assert!(refused.to_string().starts_with("nothing stands in this report yet"), "{refused}");
    assert!(!path.exists());
    let will = family.phone.learner("Will").id;
    let id = family.begun().id;
    let kept = family.edited(id, Section::Next, "Will we go to the sea? Will went.");
    assert_eq!(kept.item.text(Section::Next), "Will we go to the sea? Will went.");
    let doubts = family.room().doubts(id).unwrap();
    assert_eq!(
        doubts.iter().map(|one| (one.word.as_str(), one.learner)).collect::<Vec<_>>(),
        [("Will", will); 2]
    );
}

#[test]
fn each_form_lists_what_is_missing_until_it_is_there() {
    let family = Family::new();
    let missing = |form| {
        let report = family.room().begin(form, family.bean, "2025-07-01", "2026-06-30", None).unwrap();
        family.room().missing(report.id).unwrap()
    };
    assert_eq!(missing(ReportForm::England), Vec::<String>::new());
    let has = |form, what: &str| missing(form).iter().any(|line| line.contains(what));
    assert!(has(ReportForm::Pennsylvania, "3 of 180 days are noted, and 3 of 900 hours"));
    assert!(has(ReportForm::Pennsylvania, "none from the middle"));
    assert!(has(ReportForm::Missouri, "3 of 1000 hours are noted"));
    assert!(has(ReportForm::NewYork, "“Level or narrative for each subject” is empty"));
    assert!(has(ReportForm::Queensland, "Samples in English: 0 of 2"));
    for day in ["2025-08-01", "2026-01-10", "2026-06-01"] {
        family.phone.create(EntryDraft {
            title: "Story".into(),
            learned_on: day.into(),
            on_record: true,
            learners: vec![LearnerLine { learner: family.bean, line: String::new() }],
            subjects: vec![family.phone.client.subjects().list().unwrap()[0].id],
            annotation: Annotation { sample: true, ..Annotation::default() },
            ..EntryDraft::default()
        });
    }
    assert!(!has(ReportForm::Pennsylvania, "none from the"));
    assert!(!has(ReportForm::Queensland, "Samples in English"));
    assert!(has(ReportForm::Queensland, "What “Story” shows is not written yet"));
}

#[test]
fn who_turned_out_to_be_another_learner_is_named_as_that_one() {
    let family = Family::new();
    let id = family.begun().id;
    family.edited(id, Section::About, "Bean likes owls. Fern likes foxes.");
    let robin = family.phone.learner("Robin").id;
    family.phone.client.learners().merge(family.bean, robin).unwrap();
    let html = family.written(id, &Renaming::none(), Others::Sibling);
    assert!(html.contains("Robin</span> likes owls. A sibling likes foxes."), "{html}");
}
