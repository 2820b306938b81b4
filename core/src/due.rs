//! What is due: reminders, letters to answer, goals with a day, entries for exams, in one list by day. Told, never
//! pressed: what is past stays in the list until it is done or taken out.

use crate::calendar;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::goals::{Goal, GoalState};
use crate::ids::{LearnerId, RecordId};
use crate::letters::Letter;
use crate::qualifications::Qualification;
use crate::reminders::{Every, Reminder};
use crate::settings;
use crate::shelf::{Item, Kept, Look, Shelf};
use jiff::ToSpan;
use jiff::civil::Date;
use std::sync::Arc;

/// What something due is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DueKind {
    /// A reminder.
    Reminder,
    /// A letter that waits for an answer.
    Letter,
    /// A goal that is meant for a day.
    Goal,
    /// The last day to enter for an exam.
    ExamEntry,
}

/// Something due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// From this day on it is told.
    pub told_from: String,
    /// What it is.
    pub kind: DueKind,
    /// Its id on its own shelf.
    pub id: [u8; 16],
    /// What is due.
    pub title: String,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

/// The room of what is due.
#[derive(Debug, Clone)]
pub struct DueClient {
    context: Arc<Context>,
}

impl DueClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Everything that is due up to a day, the earliest first. Of what comes back, the first time that was not done.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a day that is none.
    pub fn until(&self, learner: Option<LearnerId>, day: &str) -> Result<Vec<Due>> {
        let until = calendar::day(day, "the last day")?;
        let mut found: Vec<Due> = Vec::new();
        for kept in self.all::<Reminder>(learner)? {
            if let Some(day) = next_day(&kept.item) {
                let before = calendar::parse(&day)
                    .and_then(|day| day.checked_sub(kept.item.days_before.days()).ok())
                    .map_or_else(|| day.clone(), |before| before.to_string());
                found.push(Due {
                    told_from: before,
                    ..due(DueKind::Reminder, kept.id, day, &kept.item.title, &kept.item)
                });
            }
        }
        for kept in self.all::<Letter>(learner)? {
            if let Some(day) = kept.item.due_on() {
                let title = if kept.item.about.is_empty() { &kept.item.party } else { &kept.item.about };
                found.push(due(DueKind::Letter, kept.id, day.to_owned(), title, &kept.item));
            }
        }
        for kept in self.all::<Goal>(learner)? {
            if let (GoalState::Open, Some(day)) = (kept.item.state, &kept.item.target_on) {
                found.push(due(DueKind::Goal, kept.id, day.clone(), &kept.item.title, &kept.item));
            }
        }
        for kept in self.all::<Qualification>(learner)? {
            if let (Some(day), true) = (&kept.item.enter_by, kept.item.result.is_empty()) {
                found.push(due(DueKind::ExamEntry, kept.id, day.clone(), &kept.item.title, &kept.item));
            }
        }
        found.retain(|due| due.day <= until);
        found.sort_by(|a, b| (&a.day, a.kind, a.id).cmp(&(&b.day, b.kind, b.id)));
        Ok(found)
    }

    /// What is to be told on a day in this minute of it, 0 to 1,439: nothing where reminders are off on this phone, or
    /// in its quiet hours.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a day or a minute that is none.
    pub fn told(&self, day: &str, minute: i64) -> Result<Vec<Due>> {
        let day = calendar::day(day, "the day")?;
        if !(0..24 * 60).contains(&minute) {
            return Err(Error::invalid("the minute of the day must be between 0 and 1439"));
        }
        let phone = self.context.storage.read(settings::of_phone)?;
        if !phone.reminders || phone.is_quiet(minute) {
            return Ok(Vec::new());
        }
        let mut found = self.until(None, &calendar::LAST_DAY.to_string())?;
        found.retain(|due| due.told_from <= day);
        Ok(found)
    }

    fn all<T: Item>(&self, learner: Option<LearnerId>) -> Result<Vec<Kept<T>>> {
        Shelf::new(Arc::clone(&self.context)).list(&Look { learner, ..Look::default() })
    }
}

fn due<T: Item>(kind: DueKind, id: T::Id, day: String, title: &str, item: &T) -> Due {
    let rid: RecordId = id.into();
    Due {
        told_from: day.clone(),
        day,
        kind,
        id: rid.0,
        title: title.to_owned(),
        learners: item.learners().to_vec(),
    }
}

/// The first day of a reminder that was not done; none when nothing comes any more.
fn next_day(reminder: &Reminder) -> Option<String> {
    let first = calendar::parse(&reminder.due_on)?;
    let done = reminder.done_on.as_deref().and_then(calendar::parse);
    let Some(every) = reminder.every else {
        return done.is_none_or(|done| done < first).then(|| first.to_string());
    };
    // Counted from the first day, so that the 31st of January comes back on the 31st of March.
    let nth = |n: i64| -> Option<Date> {
        let span = match every {
            Every::Year => n.years(),
            Every::Quarter => (3 * n).months(),
            Every::Month => n.months(),
            Every::Week => n.weeks(),
        };
        first.checked_add(span).ok().filter(|day| *day <= calendar::LAST_DAY)
    };
    let mut n = 0;
    loop {
        let day = nth(n)?;
        if done.is_none_or(|done| done < day) {
            return Some(day.to_string());
        }
        n += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entries::tests::Phone;
    use crate::settings::PhoneSettings;

    fn reminder(due_on: &str, every: Option<Every>, done_on: Option<&str>) -> Reminder {
        let done_on = done_on.map(str::to_owned);
        Reminder { title: "Report".into(), due_on: due_on.into(), every, done_on, ..Reminder::default() }
    }

    #[test]
    fn what_comes_back_comes_on_its_own_day_of_the_month_and_year() {
        let next = |due_on, every, done_on| next_day(&reminder(due_on, every, done_on));
        assert_eq!(next("2026-06-30", None, None).as_deref(), Some("2026-06-30"));
        assert_eq!(next("2026-06-30", None, Some("2026-06-30")), None);
        let monthly = |done| next("2026-01-31", Some(Every::Month), Some(done)).unwrap();
        assert_eq!(["2026-01-31", "2026-02-28"].map(monthly), ["2026-02-28", "2026-03-31"]);
        let yearly = |done| next("2024-02-29", Some(Every::Year), Some(done)).unwrap();
        assert_eq!(["2024-02-29", "2027-02-28"].map(yearly), ["2025-02-28", "2028-02-29"]);
        let quarter = next("2025-11-15", Some(Every::Quarter), Some("2025-11-15"));
        assert_eq!(quarter.as_deref(), Some("2026-02-15"));
        assert_eq!(next("2190-01-01", Some(Every::Year), Some("2199-12-31")), None, "time ends");
    }

    #[test]
    fn reminders_letters_goals_and_exams_are_one_list_until_they_are_done() {
        let phone = Phone::new(1);
        let otter = phone.learner("Otter").id;
        let letters = phone.client.shelf::<Letter>();
        let letter = Letter {
            party: "The council".into(),
            day: "2026-04-02".into(),
            answer_by: Some("2026-05-01".into()),
            ..Letter::default()
        };
        let came = letters.add(&letter).unwrap();
        let goal = Goal {
            title: "Swim".into(),
            target_on: Some("2026-04-20".into()),
            learners: vec![otter],
            ..Goal::default()
        };
        phone.client.shelf::<Goal>().add(&goal).unwrap();
        let exam = Qualification {
            title: "Biology".into(),
            enter_by: Some("2027-01-21".into()),
            ..Default::default()
        };
        phone.client.shelf::<Qualification>().add(&exam).unwrap();
        let yearly = Reminder { days_before: 14, ..reminder("2026-04-30", Some(Every::Year), None) };
        phone.client.shelf::<Reminder>().add(&yearly).unwrap();
        let titles = |day: &str| -> Vec<(String, String)> {
            let found = phone.client.due().until(None, day).unwrap();
            found.into_iter().map(|due| (due.told_from, due.title)).collect()
        };
        let pair = |day: &str, title: &str| (day.to_owned(), title.to_owned());
        assert_eq!(
            titles("2026-05-31"),
            [pair("2026-04-20", "Swim"), pair("2026-04-16", "Report"), pair("2026-05-01", "The council")]
        );
        assert_eq!(titles("2027-02-01").len(), 4);
        let answer = Letter { sent: true, answer_by: None, ..letter.clone() };
        let answered = Letter { answered_by: Some(letters.add(&answer).unwrap().id), ..letter.clone() };
        letters.save(came.id, &letter, &answered).unwrap();
        assert_eq!(titles("2026-05-31").len(), 2);
        let hedgehog = phone.learner("Hedgehog").id;
        let hers = phone.client.due().until(Some(hedgehog), "2026-05-31").unwrap();
        assert_eq!(hers.len(), 1, "another learner's goal is not hers");
        assert!(phone.client.due().until(None, "soon").is_err());
    }

    #[test]
    fn nothing_is_told_in_quiet_hours_nor_where_reminders_are_off() {
        let phone = Phone::new(1);
        let reminder = Reminder { days_before: 14, ..reminder("2026-04-30", None, None) };
        phone.client.shelf::<Reminder>().add(&reminder).unwrap();
        let told = |day: &str, minute| phone.client.due().told(day, minute).unwrap().len();
        assert_eq!([told("2026-04-15", 600), told("2026-04-16", 600), told("2026-05-03", 600)], [0, 1, 1]);
        assert_eq!([told("2026-04-16", 479), told("2026-04-16", 480), told("2026-04-16", 1_200)], [0, 1, 0]);
        let off = PhoneSettings { reminders: false, ..PhoneSettings::default() };
        phone.client.settings().save_phone(&off).unwrap();
        assert_eq!(told("2026-04-16", 600), 0);
        for minute in [-1, 1_440] {
            assert!(phone.client.due().told("2026-04-16", minute).is_err(), "{minute}");
        }
    }
}
