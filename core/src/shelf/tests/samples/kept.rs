//! Samples of what happened and is kept.

use super::{Sample, day, id, ids};
use crate::days::{DayMark, Mark};
use crate::letters::Letter;
use crate::private::{Assessment, NeedsNote};
use crate::providers::{Provider, ProviderForm};
use crate::qualifications::Qualification;
use crate::reading::{Form, How, Reading};
use crate::reports::{Report, ReportForm, ReportSection, Section, drafted};
use crate::trips::Trip;

impl Sample for Reading {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "The Wind in the Willows".into(),
            author: "Kenneth Grahame".into(),
            form: Form::Book,
            how: Some(How::Aloud),
            started_on: day("2026-02-01"),
            finished_on: day("2026-03-09"),
            rating: Some(5),
            isbn: "978-0-14-132113-4".into(),
            note: "Toad was the favourite.".into(),
            learners: ids(&[1, 2]),
            subjects: ids(&[7]),
        };
        let two = Self {
            title: "Rivers of Europe".into(),
            author: String::new(),
            form: Form::Website,
            how: None,
            started_on: None,
            finished_on: day("2025-11-30"),
            rating: None,
            isbn: String::new(),
            note: "Toad was the favourite. And Mole.".into(),
            learners: ids(&[2, 3]),
            subjects: Vec::new(),
        };
        [one, two]
    }
}

impl Sample for DayMark {
    fn samples() -> [Self; 2] {
        let one = Self {
            mark: Mark::Taught,
            first_day: "2026-05-04".into(),
            last_day: None,
            minutes: Some(240),
            note: "Workbooks".into(),
            learners: ids(&[1]),
        };
        let two = Self {
            mark: Mark::Ill,
            first_day: "2026-05-05".into(),
            last_day: day("2026-05-08"),
            minutes: None,
            note: "Chickenpox".into(),
            learners: ids(&[1, 2]),
        };
        [one, two]
    }
}

impl Sample for Provider {
    fn samples() -> [Self; 2] {
        let one = Self {
            name: "Forest group".into(),
            form: ProviderForm::Club,
            place: "Holt wood".into(),
            address: String::new(),
            website: String::new(),
            online: false,
            minutes_a_week: Some(180),
            since: day("2025-09-08"),
            until: None,
            subjects: ids(&[7]),
            learners: ids(&[1]),
            note: "Bring boots.".into(),
        };
        let two = Self {
            name: "Maths tutor".into(),
            form: ProviderForm::Other,
            place: "At home".into(),
            address: "1 High Street".into(),
            website: "https://tutor.example".into(),
            online: true,
            minutes_a_week: None,
            since: None,
            until: day("2026-07-17"),
            subjects: ids(&[8]),
            learners: ids(&[2]),
            note: "Bring the blue book.".into(),
        };
        [one, two]
    }
}

impl Sample for Trip {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Castle".into(),
            place: "Orford".into(),
            first_day: "2026-04-10".into(),
            last_day: None,
            note: "Climbed the keep.".into(),
            learners: ids(&[1, 2]),
            entries: ids(&[20]),
        };
        let two = Self {
            title: "Castle and coast".into(),
            place: "Orford Ness".into(),
            first_day: "2026-04-11".into(),
            last_day: day("2026-04-12"),
            note: "Climbed the keep, saw seals.".into(),
            learners: ids(&[1]),
            entries: ids(&[20, 23]),
        };
        [one, two]
    }
}

impl Sample for Qualification {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Biology".into(),
            board: "A board".into(),
            level: "IGCSE".into(),
            centre: "A centre in Norwich".into(),
            enter_by: day("2027-01-21"),
            fee: "£160".into(),
            exam_on: day("2027-05-11"),
            result: String::new(),
            result_on: None,
            subject: id(7),
            learners: ids(&[1]),
            note: "Two papers.".into(),
        };
        let two = Self {
            title: "Human biology".into(),
            board: "Another board".into(),
            level: "GCSE".into(),
            centre: String::new(),
            enter_by: None,
            fee: String::new(),
            exam_on: day("2027-05-12"),
            result: "8".into(),
            result_on: day("2027-08-19"),
            subject: None,
            learners: ids(&[2]),
            note: "Three papers.".into(),
        };
        [one, two]
    }
}

impl Sample for Letter {
    fn samples() -> [Self; 2] {
        let one = Self {
            party: "The council".into(),
            about: "Yearly report".into(),
            sent: false,
            day: "2026-04-02".into(),
            answer_by: day("2026-05-01"),
            answered_by: None,
            reference: "EHE/1234".into(),
            text: "Please send us a report.".into(),
            pages: id(20),
            learners: ids(&[1]),
        };
        let two = Self {
            party: "The new council".into(),
            about: "Our report".into(),
            sent: true,
            day: "2026-04-20".into(),
            answer_by: None,
            answered_by: id(30),
            reference: String::new(),
            text: "Here is our report.".into(),
            pages: None,
            learners: ids(&[1, 2]),
        };
        [one, two]
    }
}

impl Sample for Report {
    fn samples() -> [Self; 2] {
        let sections = |words: &str| {
            let text = |section: Section| format!("{words} {}.", section.heading());
            let one =
                |section| ReportSection { section, text: text(section), drafted: drafted(&text(section)) };
            Section::ALL.map(one).to_vec()
        };
        let one = Self {
            form: ReportForm::England,
            learners: ids(&[1]),
            first_day: "2025-09-01".into(),
            last_day: "2026-08-31".into(),
            sections: sections("One"),
            sent_on: None,
            sent_to: String::new(),
            version_of: None,
            letter: None,
        };
        let two = Self {
            form: ReportForm::Queensland,
            learners: ids(&[2]),
            first_day: "2025-01-01".into(),
            last_day: "2025-12-31".into(),
            sections: sections("Two"),
            sent_on: day("2026-01-10"),
            sent_to: "The council".into(),
            version_of: id(40),
            letter: id(41),
        };
        [one, two]
    }
}

impl Sample for NeedsNote {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Reading".into(),
            text: "Large print helps.".into(),
            day: "2026-03-01".into(),
            learners: ids(&[1]),
        };
        let two = Self {
            title: "Reading and writing".into(),
            text: "Large print and a sloped desk help.".into(),
            day: "2026-03-02".into(),
            learners: ids(&[2]),
        };
        [one, two]
    }
}

impl Sample for Assessment {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Spelling".into(),
            result: "18 of 20".into(),
            assessor: String::new(),
            note: "Calm.".into(),
            day: "2026-03-01".into(),
            subject: id(7),
            learners: ids(&[1]),
        };
        let two = Self {
            title: "Spelling and grammar".into(),
            result: "Age 9".into(),
            assessor: "A teacher".into(),
            note: "Calm and quick.".into(),
            day: "2026-03-08".into(),
            subject: None,
            learners: ids(&[1, 2]),
        };
        [one, two]
    }
}
