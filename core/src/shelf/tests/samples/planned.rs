//! Samples of what is meant, set up or looked for.

use super::{Sample, day, id, ids};
use crate::entries::{Place, Taught, TaughtBy};
use crate::filters::SavedFilter;
use crate::goals::{Goal, GoalState};
use crate::ids::EntryId;
use crate::plans::Plan;
use crate::reminders::{Every, Reminder};
use crate::skills::{Skill, SkillState};
use crate::targets::Target;
use crate::templates::{Settled, Template};

fn settled(day: &str, entry: Option<EntryId>) -> Settled {
    Settled { day: day.into(), entry }
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
            every_weeks: Some(2),
            taught: Taught { by: Some(TaughtBy::Provider), provider: id(40), place: Some(Place::Away) },
            settled: vec![settled("2026-01-14", None), settled("2026-01-28", id(20))],
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
            every_weeks: None,
            taught: Taught { by: Some(TaughtBy::Parent), provider: None, place: None },
            settled: vec![settled("2026-01-14", id(21)), settled("2026-02-11", None)],
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
