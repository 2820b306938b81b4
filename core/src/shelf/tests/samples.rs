//! Two items of each small kind that differ in every field.

use super::super::Item;
use crate::days::{DayMark, Mark};
use crate::filters::SavedFilter;
use crate::goals::{Goal, GoalState};
use crate::letters::Letter;
use crate::plans::Plan;
use crate::private::{Assessment, NeedsNote};
use crate::providers::{Provider, ProviderForm};
use crate::qualifications::Qualification;
use crate::reading::{Form, How, Reading};
use crate::reminders::{Every, Reminder};
use crate::skills::{Skill, SkillState};
use crate::targets::Target;
use crate::templates::Template;
use crate::trips::Trip;
use std::fmt::Debug;

/// What a test of every kind asks of one.
pub trait Sample: Item + PartialEq + Debug {
    fn samples() -> [Self; 2];
}

fn ids<I: From<[u8; 16]>>(numbers: &[u8]) -> Vec<I> {
    numbers.iter().map(|number| I::from([*number; 16])).collect()
}

fn id<I: From<[u8; 16]>>(number: u8) -> Option<I> {
    Some(I::from([number; 16]))
}

fn day(text: &str) -> Option<String> {
    Some(text.to_owned())
}

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

impl Sample for Goal {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Swim a length".into(),
            note: "With a float first.".into(),
            state: GoalState::Open,
            target_on: day("2026-07-01"),
            ended_on: None,
            subject: id(7),
            learners: ids(&[1]),
            evidence: ids(&[20, 21]),
        };
        let two = Self {
            title: "Swim two lengths".into(),
            note: "Without a float.".into(),
            state: GoalState::Done,
            target_on: None,
            ended_on: day("2026-06-12"),
            subject: None,
            learners: ids(&[1, 2]),
            evidence: ids(&[21, 22]),
        };
        [one, two]
    }
}

impl Sample for Plan {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Bake bread".into(),
            note: "Weigh the flour.".into(),
            week_of: "2026-05-04".into(),
            minutes: Some(90),
            subjects: ids(&[7, 8]),
            learners: ids(&[1]),
            entry: None,
        };
        let two = Self {
            title: "Bake rolls".into(),
            note: "Weigh the flour and the yeast.".into(),
            week_of: "2026-05-11".into(),
            minutes: None,
            subjects: ids(&[8]),
            learners: Vec::new(),
            entry: id(20),
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

impl Sample for Template {
    fn samples() -> [Self; 2] {
        let one = Self {
            name: "Swimming".into(),
            title: "Swimming lesson".into(),
            note: "Lengths:".into(),
            minutes: Some(45),
            learners: ids(&[1, 2]),
            subjects: ids(&[7]),
            tags: vec!["pool".into(), "sport".into()],
            weekdays: Some(4),
            first_day: day("2026-01-07"),
            last_day: None,
        };
        let two = Self {
            name: "Swimming club".into(),
            title: "Club".into(),
            note: "Lengths and strokes:".into(),
            minutes: None,
            learners: ids(&[2]),
            subjects: Vec::new(),
            tags: vec!["club".into(), "sport".into()],
            weekdays: None,
            first_day: None,
            last_day: day("2026-07-15"),
        };
        [one, two]
    }
}

impl Sample for SavedFilter {
    fn samples() -> [Self; 2] {
        let one = Self {
            name: "Maths of spring".into(),
            words: "frog".into(),
            learner: id(1),
            subject: id(7),
            tag: "pond".into(),
            first_day: day("2026-01-01"),
            last_day: day("2026-03-31"),
            starred_only: true,
            samples_only: true,
            with_photo: true,
            include_drafts: true,
        };
        [one, Self { name: "All".into(), ..Self::default() }]
    }
}

impl Sample for Target {
    fn samples() -> [Self; 2] {
        let one = Self {
            first_day: "2026-07-01".into(),
            last_day: day("2027-06-30"),
            days: Some(180),
            minutes: Some(60_000),
            core_minutes: Some(36_000),
            core_home_minutes: Some(24_000),
            learners: ids(&[1]),
        };
        [one, Self { first_day: "2026-09-01".into(), ..Self::default() }]
    }
}

impl Sample for Skill {
    fn samples() -> [Self; 2] {
        let one = Self {
            list: "Early years".into(),
            title: "Hops on one leg".into(),
            order: 3,
            state: SkillState::Begun,
            on: None,
            learners: ids(&[1]),
            evidence: ids(&[20]),
        };
        let two = Self {
            list: "Our own".into(),
            title: "Hops on both legs".into(),
            order: 4,
            state: SkillState::Done,
            on: day("2026-05-03"),
            learners: ids(&[2]),
            evidence: Vec::new(),
        };
        [one, two]
    }
}

impl Sample for Reminder {
    fn samples() -> [Self; 2] {
        let one = Self {
            title: "Report".into(),
            due_on: "2026-06-30".into(),
            days_before: 14,
            every: Some(Every::Year),
            done_on: None,
            learners: ids(&[1]),
        };
        let two = Self {
            title: "Quarterly report".into(),
            due_on: "2025-11-15".into(),
            days_before: 7,
            every: None,
            done_on: day("2025-11-15"),
            learners: Vec::new(),
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
