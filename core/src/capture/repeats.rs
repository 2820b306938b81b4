//! What comes back every week: proposed on its days, never stored, never counted until somebody says that it happened.

use super::{CaptureClient, of_template};
use crate::calendar;
use crate::context::Edit;
use crate::days::{self, DayMark, Mark};
use crate::entries::{self, Entry};
use crate::error::{Error, Result};
use crate::ids::{LearnerId, TemplateId};
use crate::learners;
use crate::settings;
use crate::shelf::{self, Kept, Look};
use crate::storage::Transaction;
use crate::templates::{Settled, Template};
use std::collections::HashSet;

/// Most days that are looked at once.
const MAX_DAYS: i32 = 400;

/// An activity on one of its days, not yet confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The template that comes back.
    pub template: TemplateId,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// What the entry would be called.
    pub title: String,
    /// How long it usually takes.
    pub minutes: Option<i64>,
    /// Whose it would be, without those who are archived, away or ill; nobody where the template names nobody.
    pub learners: Vec<LearnerId>,
}

impl CaptureClient {
    /// What comes back on these days, at most 400, and was neither confirmed nor skipped: the earliest day first. Not on
    /// days on which everybody concerned is away, ill or on holiday.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for days that are none, in the wrong order, or too many.
    pub fn proposals(&self, first_day: &str, last_day: &str) -> Result<Vec<Proposal>> {
        let days = span(first_day, last_day)?;
        self.context.storage.read(|tx| {
            let at = Then::load(tx, days)?;
            let mut found = Vec::new();
            for template in shelf::listed::<Template>(tx, &Look::default())? {
                found.extend(at.proposals(&template));
            }
            found.sort_by(|a, b| (&a.day, &a.title, a.template).cmp(&(&b.day, &b.title, b.template)));
            Ok(found)
        })
    }

    /// It happened: makes the entry, on record, and remembers it. A second call gives the same entry, also on a phone that has
    /// not heard of the first; one that was thrown away meanwhile gets a successor.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a day on which it is not proposed.
    pub fn confirm(&self, template: TemplateId, day: &str) -> Result<Entry> {
        let days = span(day, day)?;
        self.context.edit(|tx| {
            let kept = shelf::open::<Template>(template, tx)?;
            match on_day(&kept, day, tx.tx)? {
                OnDay::Done(entry) => return Ok(*entry),
                OnDay::Skipped => return Err(Error::invalid("this was skipped: propose it again first")),
                OnDay::Open => {}
            }
            let proposal = proposed(&kept, days, tx.tx)?;
            let draft = of_template(kept.item.clone(), proposal.learners, day, tx)?;
            let entry = entries::EntryDraft { on_record: true, ..draft };
            let of: [&[u8]; 2] = [template.as_bytes(), day.as_bytes()];
            let entry = entries::keep_once(b"confirmed", &of, entry, tx)?;
            settle(&kept, day, Some(Settled { day: day.to_owned(), entry: Some(entry.id) }), tx)?;
            Ok(entry)
        })
    }

    /// It did not happen: it is not proposed on this day again.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a day on which it is not proposed, or was confirmed.
    pub fn skip(&self, template: TemplateId, day: &str) -> Result<()> {
        let days = span(day, day)?;
        self.context.edit(|tx| {
            let kept = shelf::open::<Template>(template, tx)?;
            match on_day(&kept, day, tx.tx)? {
                OnDay::Done(_) => return Err(confirmed()),
                OnDay::Skipped => return Ok(()),
                OnDay::Open => {}
            }
            proposed(&kept, days, tx.tx)?;
            settle(&kept, day, Some(Settled { day: day.to_owned(), entry: None }), tx)
        })
    }

    /// Proposes again what was skipped, or what was confirmed and then thrown away.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] for a day that is none, or on which it was confirmed.
    pub fn unskip(&self, template: TemplateId, day: &str) -> Result<()> {
        let day = calendar::day(day, "the day")?;
        self.context.edit(|tx| {
            let kept = shelf::open::<Template>(template, tx)?;
            if let OnDay::Done(_) = on_day(&kept, &day, tx.tx)? {
                return Err(confirmed());
            }
            settle(&kept, &day, None, tx)
        })
    }
}

/// How a day of an activity stands.
enum OnDay {
    /// Nobody said, or its entry was thrown away.
    Open,
    Skipped,
    Done(Box<Entry>),
}

fn on_day(kept: &Kept<Template>, day: &str, tx: &Transaction<'_>) -> Result<OnDay> {
    let Some(settled) = kept.item.settled.iter().find(|settled| settled.day == day) else {
        return Ok(OnDay::Open);
    };
    let Some(id) = settled.entry else { return Ok(OnDay::Skipped) };
    let entry = entries::find(tx, id)?.filter(|entry| entry.trashed_at.is_none());
    Ok(entry.map_or(OnDay::Open, |entry| OnDay::Done(Box::new(entry))))
}

fn confirmed() -> Error {
    Error::invalid("this was confirmed: put its entry into the trash instead")
}

/// What is proposed on a day, whoever settled it before.
fn proposed(kept: &Kept<Template>, days: (i32, i32), tx: &Transaction<'_>) -> Result<Proposal> {
    let mut open = kept.clone();
    open.item.settled.clear();
    let proposal = Then::load(tx, days)?.proposals(&open).pop();
    proposal.ok_or_else(|| Error::invalid("this activity is not proposed on that day"))
}

fn settle(kept: &Kept<Template>, day: &str, settled: Option<Settled>, tx: &mut Edit<'_>) -> Result<()> {
    let mut now = kept.item.clone();
    now.settled.retain(|before| before.day != day);
    now.settled.extend(settled);
    shelf::save(kept.id, &kept.item, &now, tx).map(drop)
}

fn span(first_day: &str, last_day: &str) -> Result<(i32, i32)> {
    let first = calendar::number(&calendar::day(first_day, "the first day")?);
    let last = calendar::number(&calendar::day(last_day, "the last day")?);
    if !(0..MAX_DAYS).contains(&(last - first)) {
        return Err(Error::invalid("choose a first day that is not after the last, and at most 400 days"));
    }
    Ok((first, last))
}

/// Some days as far as proposals are concerned: who is there, and where weeks begin.
struct Then {
    first: i32,
    last: i32,
    week_begins: i8,
    learners: Vec<LearnerId>,
    /// Who is off on which day; nobody is everybody.
    off: HashSet<(i32, Option<LearnerId>)>,
}

impl Then {
    fn load(tx: &Transaction<'_>, (first, last): (i32, i32)) -> Result<Self> {
        let everybody = learners::list(tx)?;
        let learners = everybody.iter().filter(|one| !one.archived).map(|one| one.id).collect();
        let week_begins = settings::of_family(tx)?.week_start.weekday();
        let look = days::touching(None, &calendar::day_of(first), &calendar::day_of(last));
        let mut off = HashSet::new();
        for DayMark { mark, first_day, last_day, learners, .. } in
            shelf::listed::<DayMark>(tx, &look)?.into_iter().map(|kept| kept.item)
        {
            if mark == Mark::Taught {
                continue;
            }
            let begins = calendar::number(&first_day);
            let ends = last_day.as_deref().map_or(begins, calendar::number);
            for day in begins.max(first)..=ends.min(last) {
                if learners.is_empty() {
                    off.insert((day, None));
                }
                off.extend(learners.iter().map(|learner| (day, Some(*learner))));
            }
        }
        Ok(Self { first, last, week_begins, learners, off })
    }

    /// One template's, the earliest first.
    fn proposals(&self, kept: &Kept<Template>) -> Vec<Proposal> {
        let template = &kept.item;
        let Some(weekdays) = template.weekdays else { return Vec::new() };
        // One that an older app kept without a first day begins when it was written down.
        let recorded_on = calendar::day_of_ms(kept.recorded_at);
        let began = template.first_day.as_deref().unwrap_or(&recorded_on);
        let ends = template.last_day.as_deref().map_or(self.last, calendar::number);
        let began = calendar::number(began);
        let settled: HashSet<&str> = template.settled.iter().map(|settled| settled.day.as_str()).collect();
        let week = |day: i32| (day - i32::from(self.week_begins)).div_euclid(7);
        let every = template.every_weeks.and_then(|every| i32::try_from(every).ok()).unwrap_or(1).max(1);
        let title = if template.title.is_empty() { &template.name } else { &template.title };
        let mut found = Vec::new();
        for day in self.first.max(began)..=self.last.min(ends) {
            // Day 0 was a Monday.
            let on =
                weekdays >> day.rem_euclid(7) & 1 == 1 && (week(day) - week(began)).rem_euclid(every) == 0;
            let name = calendar::day_of(day);
            if !on || settled.contains(name.as_str()) {
                continue;
            }
            if let Some(learners) = self.concerned(day, &template.learners) {
                let (title, minutes) = (title.clone(), template.minutes);
                found.push(Proposal { template: kept.id, day: name, title, minutes, learners });
            }
        }
        found
    }

    /// Who of these is there; none when there is nobody for whom it could happen.
    fn concerned(&self, day: i32, named: &[LearnerId]) -> Option<Vec<LearnerId>> {
        if self.off.contains(&(day, None)) {
            return None;
        }
        let is_there = |learner: &&LearnerId| {
            self.learners.contains(learner) && !self.off.contains(&(day, Some(**learner)))
        };
        if named.is_empty() {
            let anybody = self.learners.is_empty() || self.learners.iter().any(|learner| is_there(&learner));
            return anybody.then(Vec::new);
        }
        let there: Vec<LearnerId> = named.iter().filter(is_there).copied().collect();
        if there.is_empty() { None } else { Some(there) }
    }
}
