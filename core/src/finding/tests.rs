//! What finding promises: every answer is that of a plain walk, and what is private is in none.

use super::*;
use crate::coverage::{CoverageQuery, Span};
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{Annotation, EntryDraft, Where};
use crate::export::PortfolioRequest;
use crate::host::Presence;
use crate::ids::LearnerId;
use crate::private::{Assessment, NeedsNote};
use crate::words::plain;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn all() -> TimelineQuery {
    TimelineQuery { include_drafts: true, limit: 500, ..TimelineQuery::default() }
}

#[test]
fn a_hit_tells_where_it_is_and_marks_the_words() {
    let phone = Phone::new(1);
    let hedgehog = phone.learner("Hedgehog").id;
    phone.create(EntryDraft {
        note: "We climbed down into the caldera.".into(),
        learners: vec![line(hedgehog, "Zoë sketched the fumarole")],
        tags: vec!["lava".into()],
        annotation: Annotation {
            sample: true,
            shows: "Names the basalt.\nKnows pumice too.".into(),
            ..Annotation::default()
        },
        ..draft("Volcano", "2026-05-03")
    });
    let found = |text: &str| {
        let mut found = phone.client.find().search(text, &all()).unwrap().entries;
        let hit = found.pop().unwrap_or_else(|| panic!("{text}"));
        let marked: Vec<String> =
            hit.pieces.iter().filter(|piece| piece.found).map(|piece| piece.text.clone()).collect();
        assert_eq!(hit.snippet, plain(&hit.pieces));
        (hit.place, marked.join("|"))
    };
    assert_eq!(found("volc"), (Where::Title, "Volcano".into()));
    assert_eq!(found("CALD"), (Where::Note, "caldera".into()));
    assert_eq!(found("zoe fum"), (Where::Line, "Zoë|fumarole".into()));
    assert_eq!(found("lava"), (Where::Tag, "lava".into()));
    assert_eq!(found("basalt"), (Where::Annotation, "basalt".into()));
    assert_eq!(found("into the basalt"), (Where::Note, "into|the".into()), "most of the words");
    assert_eq!(found("pum"), (Where::Annotation, "pumice".into()));
    assert_eq!(phone.client.find().search("granite", &all()).unwrap(), Found::default());
}

#[test]
fn what_does_not_fit_a_page_is_said_and_asked_for() {
    let phone = Phone::new(1);
    for n in 0..5 {
        phone.create(draft(&format!("heron {n}"), "2026-05-03"));
        let title = format!("Herons, volume {n}");
        phone.client.shelf::<Reading>().add(&Reading { title, ..Reading::default() }).unwrap();
    }
    let mut query = TimelineQuery { limit: 2, ..all() };
    let mut titles = Vec::new();
    for page in 0..4 {
        let found = phone.client.find().search("heron", &query).unwrap();
        assert_eq!((found.things.len(), found.more_things), if page == 0 { (2, true) } else { (0, false) });
        titles.extend(found.entries.into_iter().map(|hit| hit.title));
        query.before = found.next;
        if query.before.is_none() {
            break;
        }
    }
    assert_eq!(titles, ["heron 4", "heron 3", "heron 2", "heron 1", "heron 0"]);
    let whole = phone.client.find().search("heron", &all()).unwrap();
    assert_eq!((whole.things.len(), whole.more_things, whole.next), (5, false, None));
}

#[test]
fn one_learners_search_finds_nothing_in_anothers_line() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let learners = vec![line(hedgehog, "drew a newt"), line(otter, "SECRET canary")];
    phone.create(EntryDraft { learners, ..draft("Pond", "2026-05-03") });
    let of = |learner, text: &str| {
        let query = TimelineQuery { learner: Some(learner), ..all() };
        let found = phone.client.find().search(text, &query).unwrap().entries;
        found.first().map(|hit| (hit.place, hit.snippet.clone()))
    };
    assert_eq!(of(hedgehog, "secret"), None);
    assert_eq!(of(hedgehog, "canary newt"), None);
    assert_eq!(of(otter, "sec"), Some((Where::Line, "SECRET canary".into())));
    assert_eq!(of(hedgehog, "pond newt"), Some((Where::Title, "Pond".into())));
    assert_eq!(of(hedgehog, "newt"), Some((Where::Line, "drew a newt".into())));
    // A word that both lines hold shows this learner's line alone.
    let learners = vec![line(hedgehog, "held the net"), line(otter, "broke the net")];
    phone.create(EntryDraft { learners, ..draft("Sea", "2026-05-04") });
    assert_eq!(of(hedgehog, "net"), Some((Where::Line, "held the net".into())));
}

#[test]
fn books_are_found_by_title_and_author_and_follow_every_change() {
    let phone = Phone::new(1);
    let (hedgehog, otter) = (phone.learner("Hedgehog").id, phone.learner("Otter").id);
    let shelf = phone.client.shelf::<Reading>();
    let book = Reading {
        title: "Vulkane der Erde".into(),
        author: "Zoë Grün".into(),
        finished_on: Some("2026-03-09".into()),
        learners: vec![hedgehog],
        ..Reading::default()
    };
    let kept = shelf.add(&book).unwrap();
    let trip = Trip {
        title: "Castle".into(),
        place: "Grünwald".into(),
        first_day: "2026-04-10".into(),
        ..Trip::default()
    };
    phone.client.shelf::<Trip>().add(&trip).unwrap();
    let titles = |text: &str, query: &TimelineQuery| -> Vec<String> {
        let found = phone.client.find().search(text, query).unwrap();
        found.things.into_iter().map(|thing| thing.title).collect()
    };
    assert_eq!(titles("zoe", &all()), ["Vulkane der Erde"]);
    assert_eq!(titles("grun", &all()), ["Castle", "Vulkane der Erde"]);
    assert_eq!(titles("grun ", &all()), ["Vulkane der Erde"], "a whole word");
    let of = |learner| TimelineQuery { learner: Some(learner), ..all() };
    assert_eq!(titles("grun", &of(otter)), ["Castle"], "what is nobody's is everybody's");
    let april = TimelineQuery { first_day: Some("2026-04-01".into()), ..all() };
    assert_eq!(titles("grun", &april), ["Castle"]);
    assert_eq!(titles("grun", &TimelineQuery { starred_only: true, ..all() }), [""; 0]);
    let things = phone.client.find().search("vulk", &all()).unwrap().things;
    assert_eq!(
        (things[0].kind, things[0].id, things[0].day.as_str()),
        (ThingKind::Reading, kept.id.0, "2026-03-09")
    );
    let renamed = Reading { title: "Volcanoes".into(), ..book.clone() };
    shelf.save(kept.id, &book, &renamed).unwrap();
    assert_eq!((titles("vulk", &all()), titles("volc", &all()).len()), (vec![], 1));
    shelf.trash(kept.id).unwrap();
    assert_eq!(titles("volc", &all()), [""; 0]);
    shelf.restore(kept.id).unwrap();
    assert_eq!(titles("volc", &all()), ["Volcanoes"]);
}

const WORDS: [&str; 8] = ["heron", "hérisson", "her", "otter", "Otterhund", "pond", "Łoś", "Strasse"];

fn folded(text: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain.to_lowercase().replace('ł', "l").replace('ß', "ss").split_whitespace().map(Into::into).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_of_small_things_equals_a_walk_over_the_shelves(
        books in proptest::collection::vec(
            (proptest::collection::vec(0..8usize, 1..3), proptest::collection::vec(0..8usize, 0..2), 0..4u8, 0..5u8, 0..4u8), 1..25)
    ) {
        let phone = Phone::new(7);
        let learners = [phone.learner("a").id, phone.learner("b").id];
        let shelf = phone.client.shelf::<Reading>();
        let words = |indexes: &[usize]| indexes.iter().map(|n| WORDS[*n]).collect::<Vec<_>>().join(" ");
        for (title, author, day, who, fate) in &books {
            phone.clock.advance(1_000);
            let book = Reading {
                title: words(title),
                author: words(author),
                finished_on: (*day > 0).then(|| format!("2026-05-0{day}")),
                learners: learners.iter().enumerate().filter(|(n, _)| who & (1 << n) != 0).map(|(_, id)| *id).collect(),
                ..Reading::default()
            };
            let kept = shelf.add(&book).unwrap();
            match fate {
                0 => shelf.trash(kept.id).unwrap(),
                1 => drop(shelf.save(kept.id, &book, &Reading { author: "pond".into(), ..book.clone() }).unwrap()),
                _ => {}
            }
        }
        for wanted in ["her", "heron", "her ", "HÉRISSON", "otter pond", "zebra", "los", "Łos ", "straß", "stra"] {
            for n in 0..8_usize {
                let query = TimelineQuery {
                    learner: (n & 1 != 0).then_some(learners[n % 2]),
                    first_day: (n & 2 != 0).then(|| "2026-05-02".to_owned()),
                    last_day: (n & 4 != 0).then(|| "2026-05-03".to_owned()),
                    ..all()
                };
                let look = Look {
                    learner: query.learner,
                    first_day: query.first_day.clone(),
                    last_day: query.last_day.clone(),
                    trashed: false,
                };
                let asked = folded(wanted);
                let open = !wanted.ends_with(' ');
                let holds = |book: &Reading| {
                    let here = folded(&format!("{} {}", book.title, book.author));
                    asked.iter().enumerate().all(|(nth, word)| match open && nth + 1 == asked.len() {
                        true => here.iter().any(|other| other.starts_with(word.as_str())),
                        false => here.contains(word),
                    })
                };
                let expected: Vec<[u8; 16]> =
                    shelf.list(&look).unwrap().into_iter().filter(|kept| holds(&kept.item)).map(|kept| kept.id.0).collect();
                let found = phone.client.find().search(wanted, &query).unwrap();
                let got: Vec<[u8; 16]> = found.things.iter().map(|thing| thing.id).collect();
                prop_assert_eq!(got, expected, "{:?} {:?}", wanted, query);
            }
        }
    }
}

/// Needs notes and assessments of a learner, in words that nothing else holds.
fn plant(phone: &Phone, learner: LearnerId) {
    struct Yes;
    impl Presence for Yes {
        fn confirm(&self) -> Result<bool> {
            Ok(true)
        }
    }
    let private = phone.client.private(&Yes).unwrap();
    let text = "Xylophonist".to_owned();
    let (title, learners, day) = (text.clone(), vec![learner], "2026-05-04".to_owned());
    let note = NeedsNote { title, text: text.clone(), day: day.clone(), learners: learners.clone() };
    private.needs().add(&note).unwrap();
    let result = Assessment {
        title: text.clone(),
        result: text.clone(),
        assessor: text.clone(),
        note: text,
        day,
        subject: None,
        learners,
    };
    let kept = private.assessments().add(&result).unwrap();
    private.assessments().trash(kept.id).unwrap();
    private.assessments().add(&result).unwrap();
}

#[test]
fn needs_notes_and_assessments_change_no_list_no_search_and_no_sum() {
    let phone = Phone::new(1);
    let learner = phone.learner("Hedgehog").id;
    phone.create(EntryDraft { learners: vec![line(learner, "")], ..draft("Pond", "2026-05-04") });
    let tables = || -> BTreeMap<String, i64> {
        let context = phone.context();
        let count = |tx: &Transaction<'_>| {
            let mut names = tx.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
            let names: Vec<String> =
                names.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let of = |name: String| {
                let rows = tx.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
                Ok((name, rows))
            };
            names.into_iter().map(of).collect::<Result<_>>()
        };
        context.storage.read(count).unwrap()
    };
    let client = &phone.client;
    let listings = || -> Vec<String> {
        let mut seen = Vec::new();
        let mut add = |what: &dyn std::fmt::Debug| seen.push(format!("{what:?}"));
        let entries = client.entries();
        let by_learner = TimelineQuery { learner: Some(learner), ..all() };
        for query in [all(), by_learner] {
            add(&entries.timeline(&query).unwrap());
            add(&entries.months(&query).unwrap());
            for text in ["xylophonist", "pond"] {
                add(&entries.search(text, &query).unwrap());
                add(&client.find().search(text, &query).unwrap());
            }
        }
        add(&entries.calendar("2026-05-01", "2026-05-31").unwrap());
        add(&(entries.drafts().unwrap(), entries.trashed().unwrap(), entries.count().unwrap()));
        add(&(client.learners().list().unwrap(), client.subjects().list().unwrap()));
        for trashed in [false, true] {
            let look = Look { trashed, ..Look::default() };
            add(&client.shelf::<Reading>().list(&look).unwrap());
            add(&client.shelf::<Trip>().list(&look).unwrap());
            add(&client.shelf::<Goal>().list(&look).unwrap());
            add(&client.shelf::<Plan>().list(&look).unwrap());
            add(&client.shelf::<Letter>().list(&look).unwrap());
            add(&client.shelf::<Provider>().list(&look).unwrap());
            add(&client.shelf::<Qualification>().list(&look).unwrap());
            add(&client.shelf::<crate::days::DayMark>().list(&look).unwrap());
            add(&client.shelf::<crate::templates::Template>().list(&look).unwrap());
            add(&client.shelf::<crate::filters::SavedFilter>().list(&look).unwrap());
            add(&client.shelf::<crate::targets::Target>().list(&look).unwrap());
            add(&client.shelf::<crate::skills::Skill>().list(&look).unwrap());
            add(&client.shelf::<crate::reminders::Reminder>().list(&look).unwrap());
        }
        let (first, last) = ("2026-05-01", "2026-05-31");
        let query =
            CoverageQuery { learner, first_day: first.into(), last_day: last.into(), span: Span::Month };
        add(&client.coverage().coverage(&query).unwrap());
        add(&client.coverage().estimate(learner, first, last).unwrap());
        add(&(
            client.due().until(None, "2030-01-01").unwrap(),
            client.due().told("2030-01-01", 600).unwrap(),
        ));
        add(&client.trash().list().unwrap());
        add(&client.capture().proposals(first, last).unwrap());
        add(&(
            client.capture().week(None, first).unwrap(),
            client.capture().unfinished(None, first).unwrap(),
        ));
        add(&client.capture().last_like(learner, "2026-05-11").unwrap());
        add(&client.export().preview(&PortfolioRequest::new(learner, first, last)).unwrap());
        seen
    };
    let (before, rows) = (listings(), tables());
    plant(&phone, learner);
    assert_eq!(listings(), before);
    let changed: Vec<String> = tables()
        .into_iter()
        .filter(|(name, count)| rows.get(name) != Some(count))
        .map(|(name, _)| name)
        .collect();
    // The log tells that a private note was written, and not of whom.
    let told = ["family_log", "private_shelf", "private_shelf_learner", "record", "trash"];
    assert_eq!(changed, told, "and no table holds more");
}
