//! What a screen asks for: pages, filters, one entry, words as they are typed, sums.

use anyhow::{Context, Result, ensure};
use kinfolio_core::coverage::{CoverageQuery, Span};
use kinfolio_core::entries::TimelineQuery;

use super::{Phone, Rows};
use crate::Plan;
use crate::bare_store::Bare;
use crate::measure::{median, wall_ms};

/// What a person might have typed so far: rare, common, very common, beginnings, two words.
const TYPED: &[&str] = &["petrichor", "library", "the", "v", "vol", "roman", "canal lock", "we m"];
/// The days of the grown family: ten years.
const DAYS: [&str; 2] = ["2017-01-02", "2026-08-30"];

pub(super) fn rows(rows: &mut Rows<'_>, plan: &Plan, phone: &Phone, bare: &Bare) -> Result<()> {
    pages(rows, plan, phone, bare)?;
    typed(rows, plan, phone, bare)?;
    sums(rows, plan, phone)
}

fn pages(rows: &mut Rows<'_>, plan: &Plan, phone: &Phone, bare: &Bare) -> Result<()> {
    let entries = phone.client().entries();
    let runs = plan.runs * 5;
    let first = entries.timeline(&TimelineQuery::default())?;
    let next = TimelineQuery { before: first.next, ..TimelineQuery::default() };
    let page = wall_ms(runs, || Ok(entries.timeline(&next)?))?;
    let raw_page = wall_ms(runs, || bare.page())?;
    rows.ms("next page of 50", page, Some(raw_page), 3.0);
    let jump = wall_ms(runs, || {
        let before = Some(entries.jump("2021-05")?);
        Ok(entries.timeline(&TimelineQuery { before, ..TimelineQuery::default() })?)
    })?;
    rows.ms("jump to a month of five years ago", jump, Some(raw_page), 3.0);
    let one = first.entries.get(25).context("an entry")?.id;
    rows.ms("open an entry", wall_ms(runs, || Ok(entries.get(one)?))?, None, 3.0);

    for (what, queries) in filters(phone) {
        ensure!(!queries.is_empty(), "{what}: nothing to ask");
        let each = queries.iter().map(|query| wall_ms(plan.runs, || Ok(entries.timeline(query)?)));
        // The slowest: who filters by what is rare waits longest.
        let slowest = each.collect::<Result<Vec<_>>>()?.into_iter().fold(0.0, f64::max);
        rows.ms(&format!("filter by {what}, slowest of {}", queries.len()), slowest, Some(raw_page), 8.0);
    }
    Ok(())
}

/// Filters of the timeline, with what they filter by.
fn filters(phone: &Phone) -> [(&'static str, Vec<TimelineQuery>); 6] {
    let (learners, subjects) = (&phone.planted.learners, &phone.planted.subjects);
    let any = TimelineQuery::default;
    let both = learners.iter().flat_map(|learner| subjects.iter().map(move |subject| (*learner, *subject)));
    let [first_day, last_day] = ["2019-09-01", "2020-08-31"].map(|day| Some(day.to_owned()));
    let tags = ["walk", "museum", "chess", "nobody has this tag"];
    [
        ("learner", learners.iter().map(|id| TimelineQuery { learner: Some(*id), ..any() }).collect()),
        ("subject", subjects.iter().map(|id| TimelineQuery { subject: Some(*id), ..any() }).collect()),
        (
            "learner and subject",
            both.clone()
                .map(|(learner, subject)| TimelineQuery {
                    learner: Some(learner),
                    subject: Some(subject),
                    ..any()
                })
                .collect(),
        ),
        (
            "learner, subject and an early year",
            both.map(|(learner, subject)| TimelineQuery {
                learner: Some(learner),
                subject: Some(subject),
                first_day: first_day.clone(),
                last_day: last_day.clone(),
                ..any()
            })
            .collect(),
        ),
        ("tag", tags.iter().map(|tag| TimelineQuery { tag: Some((*tag).to_owned()), ..any() }).collect()),
        (
            "star, sample, photo",
            vec![
                TimelineQuery { starred_only: true, ..any() },
                TimelineQuery { samples_only: true, ..any() },
                TimelineQuery { with_photo: true, ..any() },
            ],
        ),
    ]
}

fn typed(rows: &mut Rows<'_>, plan: &Plan, phone: &Phone, bare: &Bare) -> Result<()> {
    let entries = phone.client().entries();
    let learner = phone.planted.learners.first().copied();
    for (what, query) in [
        ("search per keystroke", TimelineQuery::default()),
        ("search per keystroke of one learner", TimelineQuery { learner, ..TimelineQuery::default() }),
    ] {
        let (mut worst, mut slowest) = ((0.0, 0.0), "");
        for typed in TYPED {
            let ours = wall_ms(plan.runs, || Ok(entries.search(typed, &query)?))?;
            let words: Vec<String> = typed.split(' ').map(|word| format!("\"{word}\"*")).collect();
            let raw = wall_ms(plan.runs, || bare.search(&words.join(" ")))?;
            if ours > worst.0 {
                (worst, slowest) = ((ours, raw), typed);
            }
        }
        let work = format!("{what}, slowest of {} (\"{slowest}\")", TYPED.len());
        rows.ms(&work, worst.0, Some(worst.1), 10.0);
    }
    Ok(())
}

fn sums(rows: &mut Rows<'_>, plan: &Plan, phone: &Phone) -> Result<()> {
    let client = phone.client();
    let [first_day, last_day] = DAYS.map(str::to_owned);
    let mut charts = Vec::new();
    for learner in &phone.planted.learners {
        let query = CoverageQuery {
            learner: *learner,
            first_day: first_day.clone(),
            last_day: last_day.clone(),
            span: Span::Term,
        };
        ensure!(!client.coverage().coverage(&query)?.rows.is_empty(), "an empty chart");
        charts.push(wall_ms(plan.runs, || Ok(client.coverage().coverage(&query)?))?);
    }
    rows.ms("coverage chart by term, one learner, ten years", median(charts), None, 25.0);
    let entries = client.entries();
    let months = wall_ms(plan.runs, || Ok(entries.months(&TimelineQuery::default())?))?;
    rows.ms("months to jump to", months, None, 8.0);
    let days = wall_ms(plan.runs, || Ok(entries.calendar("2021-05-01", "2021-05-31")?))?;
    rows.ms("a calendar's month", days, None, 8.0);
    client.memories().choose(true)?;
    let memories = wall_ms(plan.runs, || Ok(client.memories().on_this_day("2026-05-03", None)?))?;
    rows.ms("this day in earlier years", memories, None, 25.0);
    Ok(())
}
