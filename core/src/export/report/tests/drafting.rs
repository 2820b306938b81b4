//! What a draft takes from the record, in which order, and how much of it.

use super::*;
use crate::goals::Goal;
use crate::ids::SubjectId;
use crate::reading::Reading;

impl Family {
    fn subject(&self, name: &str) -> SubjectId {
        let subjects = self.phone.client.subjects();
        let there = subjects.list().unwrap().into_iter().find(|one| one.name == name);
        there.map_or_else(|| subjects.add(name, "").unwrap().id, |one| one.id)
    }

    fn noted(&self, title: &str, day: &str, subjects: Vec<SubjectId>) -> EntryDraft {
        EntryDraft {
            title: title.into(),
            learned_on: day.into(),
            on_record: true,
            learners: vec![LearnerLine { learner: self.bean, line: String::new() }],
            subjects,
            ..EntryDraft::default()
        }
    }
}

#[test]
fn a_sentence_with_short_words_in_it_comes_whole() {
    let family = Family::new();
    let mut entry = family.noted("Trip", "2025-11-01", vec![family.subject("History")]);
    entry.note = "We took the train to St. Ives at 9 a.m. with Dr. Patel, e.g. by sea. It rained.".into();
    family.phone.create(entry);
    let report = family.begun().item;
    let wanted =
        "History: Trip. We took the train to St. Ives at 9 a.m. with Dr. Patel, e.g. by sea (1 Nov 2025)";
    assert!(report.text(Section::Other).lines().any(|line| line == wanted), "{report:?}");
}

#[test]
fn entries_without_a_subject_stand_in_the_report_and_are_told() {
    let family = Family::new();
    let begun = |form| family.room().begin(form, family.bean, "2025-09-01", "2026-08-31", None).unwrap();
    let has_none = |id| family.room().missing(id).unwrap().iter().all(|line| !line.contains("no subject"));
    assert!(has_none(begun(ReportForm::England).id));
    family.phone.create(family.noted("Den in the wood", "2025-11-01", Vec::new()));
    for (form, section) in [(ReportForm::England, Section::Other), (ReportForm::NewYork, Section::Covered)] {
        let report = begun(form);
        let text = report.item.text(section).to_owned();
        assert!(text.lines().any(|line| line == "Den in the wood (1 Nov 2025)"), "{form:?}: {text}");
        let missing = family.room().missing(report.id).unwrap();
        assert!(missing.iter().any(|line| line.starts_with("1 entry has no subject")), "{missing:?}");
    }
}

#[test]
fn starred_and_sample_entries_of_every_area_stand_somewhere() {
    let family = Family::new();
    let (sport, maths) = (family.subject("Physical education"), family.subject("Maths"));
    for number in 1..=4 {
        for (subject, name) in [(sport, "Swim"), (maths, "Sum")] {
            let mut entry =
                family.noted(&format!("{name} {number}"), &format!("2025-1{}-03", number % 3), vec![subject]);
            entry.starred = number % 2 == 0;
            entry.annotation.sample = number % 2 == 1;
            family.phone.create(entry);
        }
    }
    let all: String = family.begun().item.sections.iter().map(|one| one.text.clone() + "\n").collect();
    for number in 1..=4 {
        for name in ["Swim", "Sum"] {
            assert_eq!(all.matches(&format!("{name} {number} (")).count(), 1, "{name} {number}: {all}");
        }
    }
}

#[test]
fn a_sample_without_a_title_stands_under_its_subjects_or_its_day() {
    let family = Family::new();
    for (day, subjects) in [("2025-11-04", vec![family.subject("Maths")]), ("2025-11-05", Vec::new())] {
        let mut entry = family.noted("", day, subjects);
        entry.annotation.sample = true;
        entry.annotation.shows = "Adds in the head".into();
        family.phone.create(entry);
    }
    let report =
        family.room().begin(ReportForm::Missouri, family.bean, "2025-09-01", "2026-08-31", None).unwrap();
    let html = family.written(report.id, &Renaming::none(), Others::Nickname);
    for heading in [">Maths</h3>", ">5 Nov 2025</h3>"] {
        assert!(html.contains(heading), "{heading}");
    }
}

#[test]
fn subjects_stand_in_the_familys_order() {
    let family = Family::new();
    let names = ["Zoology", "Art", "Music", "Geography"];
    let ids: Vec<SubjectId> = names.iter().map(|name| family.subject(name)).collect();
    family.phone.create(family.noted("All at once", "2025-11-01", ids.clone()));
    for (id, name) in ids.iter().zip(names) {
        family.phone.create(family.noted(&format!("Only {name}"), "2025-11-02", vec![*id]));
    }
    for turn in 0..names.len() {
        let (mut order, mut wanted) = (ids.clone(), names.to_vec());
        order.rotate_left(turn);
        wanted.rotate_left(turn);
        family.phone.client.subjects().reorder(&order).unwrap();
        let report =
            family.room().begin(ReportForm::NewYork, family.bean, "2025-11-01", "2025-11-30", None).unwrap();
        let text = report.item.text(Section::Covered).to_owned();
        let mut stand: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once(": ")?.0)).collect();
        stand.dedup();
        assert_eq!(stand, wanted);
        let html = family.written(report.id, &Renaming::none(), Others::Sibling);
        let (_, table) = html.split_once("Hours by subject").unwrap();
        let places: Vec<usize> = wanted.iter().map(|name| table.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{wanted:?}: {places:?}");
    }
}

#[test]
fn books_that_are_not_named_are_counted_and_the_newest_are_among_the_named() {
    let family = Family::new();
    for number in 1..=33 {
        family
            .phone
            .client
            .shelf::<Reading>()
            .add(&Reading {
                title: format!("Book {number:02}"),
                finished_on: Some(format!("2025-{:02}-{:02}", 10 + number / 20, number % 20 + 1)),
                learners: vec![family.bean],
                ..Reading::default()
            })
            .unwrap();
    }
    let report = family.begun().item;
    let lines: Vec<&str> = report.text(Section::Resources).lines().collect();
    let named = lines.iter().filter(|line| line.starts_with("Book ")).count();
    assert_eq!((named, lines.last()), (20, Some(&"And 13 more books")));
    assert!(lines.iter().any(|line| *line > "Book 30" && line.starts_with("Book")), "{lines:?}");
}

#[test]
fn a_year_of_any_length_can_be_begun_and_what_does_not_fit_is_counted() {
    let family = Family::new();
    for number in 0..600 {
        let goal = Goal {
            title: format!("Goal {number:03} {}", "é".repeat(90)),
            learners: vec![family.bean],
            ..Goal::default()
        };
        family.phone.client.shelf::<Goal>().add(&goal).unwrap();
    }
    let report = family.begun();
    let text = report.item.text(Section::Next).to_owned();
    let named = text.lines().filter(|line| line.starts_with("Goal ")).count();
    assert_eq!(text.lines().last(), Some(format!("And {} more", 600 - named).as_str()));
    assert!(named > 100, "{named}");
    assert_eq!(family.room().draft_again(report.id).unwrap().item, report.item);
}

#[test]
fn a_line_that_was_changed_or_taken_out_stays_so_when_its_entry_changes() {
    let family = Family::new();
    let art = family.subject("Art");
    let ids = ["Clay pot", "Batik", "Lino print"].map(|title| {
        family.phone.create(family.noted(title, "2025-11-03", vec![family.subject(title), art])).id
    });
    let id = family.begun().id;
    let text = family.room().get(id).unwrap().item.text(Section::Other).to_owned();
    let mine: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("Batik"))
        .map(|line| if line.contains("Clay pot") { "Pots of clay, all term." } else { line })
        .collect();
    let mine = mine.join("\n");
    family.edited(id, Section::Other, &mine);
    for (entry, words) in ids.into_iter().zip(["Clay pot, glazed", "Batik scarf", "Lino print in red"]) {
        let edit = crate::entries::EntryEdit { title: Some(words.into()), ..Default::default() };
        family.phone.client.entries().update(entry, edit).unwrap();
    }
    let again = family.room().draft_again(id).unwrap().item;
    assert_eq!(
        again.text(Section::Other),
        mine.replace("Lino print", "Lino print in red").replacen("Lino print in red:", "Lino print:", 1)
    );
}
