//! Every question answered by SQL, answered again by a plain walk over all entries.

use super::tests::{Phone, draft, everything, line};
use super::*;
use crate::context::Edit;
use crate::records::fields::entry::{self as field, attachment};
use crate::records::{Key, Kind, Value};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Typed {
    day: u8,
    learners: Vec<usize>,
    subjects: Vec<usize>,
    tags: Vec<usize>,
    words: Vec<usize>,
    on_record: bool,
    starred: bool,
    sample: bool,
    photo: bool,
    /// The words of each learner's own line, and of what stands beside it as a sample.
    lines: Vec<usize>,
    beside: Vec<usize>,
    /// What happens to it later: nothing, trash, another day, other words.
    fate: u8,
}

const TAGS: [&str; 3] = ["pond", "très", "walk"];
const WORDS: [&str; 8] = ["heron", "hérisson", "her", "otter", "Otterhund", "pond", "smørhede", "œil"];

fn typed() -> impl Strategy<Value = Typed> {
    let some = |most: usize| proptest::collection::vec(0..most, 0..3);
    let texts = (some(8), some(8), some(8));
    (0..6u8, some(3), some(3), some(3), texts, any::<bool>(), any::<[bool; 3]>(), 0..6u8).prop_map(
        |(
            day,
            learners,
            subjects,
            tags,
            (words, lines, beside),
            on_record,
            [starred, sample, photo],
            fate,
        )| Typed {
            day,
            learners,
            subjects,
            tags,
            words,
            on_record,
            starred,
            sample,
            photo,
            lines,
            beside,
            fate,
        },
    )
}

/// Attaches something as another phone might: a photo, or a paper.
fn attach(phone: &Phone, entry: EntryId, is_photo: bool) {
    let mime = if is_photo { Value::Text("image/webp".into()) } else { Value::Null };
    let mut element = vec![Value::Null; attachment::MIME];
    element.push(mime);
    let attach = |tx: &mut Edit<'_>| {
        let mut doc = tx.load(entry, Kind::Entry, "entry")?.doc;
        doc.put(field::ATTACHMENTS, Key::id([3; 16]), Value::List(element), &tx.stamper);
        tx.save(entry, &doc)
    };
    phone.context().edit(attach).unwrap();
}

fn day(n: u8) -> String {
    format!("2026-05-{:02}", n + 1)
}

fn words(indexes: &[usize]) -> String {
    indexes.iter().map(|n| WORDS[*n]).collect::<Vec<_>>().join(" ")
}

fn folded(text: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization;
    let plain: String = text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain
        .to_lowercase()
        .replace('ø', "o")
        .replace('œ', "oe")
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(Into::into)
        .collect()
}

/// As one learner's record shows it, where it is asked for one.
fn holds(entry: &Entry, wanted: &str, learner: Option<LearnerId>) -> bool {
    let Annotation { went, shows, next, .. } = &entry.annotation;
    let lines: Vec<&str> = entry
        .learners
        .iter()
        .filter(|line| learner.is_none_or(|learner| line.learner == learner))
        .map(|line| line.line.as_str())
        .collect();
    let (tags, lines) = (entry.tags.join(" "), lines.join(" "));
    let text = [&entry.title, &entry.note, &tags, went, shows, next, &lines].map(String::as_str).join(" ");
    let (here, wanted_words) = (folded(&text), folded(wanted));
    let open = wanted.ends_with(char::is_alphanumeric);
    wanted_words.iter().enumerate().all(|(n, word)| match open && n + 1 == wanted_words.len() {
        true => here.iter().any(|other| other.starts_with(word.as_str())),
        false => here.contains(word),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn every_page_and_search_equals_a_walk_over_all_entries(family in proptest::collection::vec(typed(), 1..40)) {
        let phone = Phone::new(7);
        let entries = phone.client.entries();
        let learners: Vec<_> = ["a", "b", "c"].iter().map(|name| phone.learner(name).id).collect();
        let subjects: Vec<_> =
            ["x", "y", "z"].iter().map(|name| phone.client.subjects().add(name, "").unwrap().id).collect();
        let (mut ids, mut with_photo) = (Vec::new(), Vec::new());
        for one in &family {
            let mut own: Vec<usize> = one.learners.clone();
            own.sort_unstable();
            own.dedup();
            let entry = phone.create(EntryDraft {
                note: words(&one.words),
                on_record: one.on_record,
                starred: one.starred,
                annotation: Annotation { sample: one.sample, shows: words(&one.beside), ..Annotation::default() },
                learners: own.iter().map(|n| line(learners[*n], one.lines.get(*n).map_or("", |n| WORDS[*n]))).collect(),
                subjects: one.subjects.iter().map(|n| subjects[*n]).collect(),
                tags: one.tags.iter().map(|n| TAGS[*n].to_owned()).collect(),
                ..draft("", &day(one.day))
            });
            match one.fate {
                0 => entries.trash(entry.id).unwrap(),
                1 => {
                    let edit = EntryEdit { learned_on: Some(day(5 - one.day)), ..EntryEdit::default() };
                    entries.update(entry.id, edit).unwrap();
                }
                2 => {
                    let edit = EntryEdit { note: Some("pond".into()), tags: Some(vec![]), ..EntryEdit::default() };
                    entries.update(entry.id, edit).unwrap();
                }
                _ => {}
            }
            if one.photo || one.sample {
                attach(&phone, entry.id, one.photo);
            }
            ids.push(entry.id);
            with_photo.extend(one.photo.then_some(entry.id));
        }
        phone.client.subjects().merge(subjects[2], subjects[0]).unwrap();
        let mut all: Vec<Entry> = ids.iter().map(|id| entries.get(*id).unwrap()).collect();
        all.sort_by_key(|entry| (entry.learned_on.clone(), entry.recorded_at));
        all.reverse();
        let visible: Vec<&Entry> = all.iter().filter(|entry| entry.trashed_at.is_none()).collect();
        prop_assert_eq!(entries.count().unwrap(), visible.len() as u64);

        for (n, mask) in (0..=255u8).enumerate() {
            let bit = |at: u8| mask & 1 << at != 0;
            let query = TimelineQuery {
                learner: bit(0).then(|| learners[n % 3]),
                subject: bit(1).then(|| subjects[n % 3]),
                tag: bit(2).then(|| TAGS[n % 3].to_owned()),
                first_day: bit(3).then(|| day(2)),
                last_day: bit(3).then(|| day(4)),
                starred_only: bit(4),
                include_drafts: bit(5),
                samples_only: bit(6),
                with_photo: bit(7),
                before: None,
                limit: 1 + (n as u32) % 7,
            };
            let expected: Vec<EntryId> = visible
                .iter()
                .filter(|entry| query.learner.is_none_or(|id| entry.learners.iter().any(|line| line.learner == id)))
                .filter(|entry| query.subject.is_none_or(|id| entry.subjects.contains(&if id == subjects[2] { subjects[0] } else { id })))
                .filter(|entry| query.tag.as_ref().is_none_or(|tag| entry.tags.contains(tag)))
                .filter(|entry| query.first_day.as_ref().is_none_or(|first| entry.learned_on >= *first))
                .filter(|entry| query.last_day.as_ref().is_none_or(|last| entry.learned_on <= *last))
                .filter(|entry| !query.starred_only || entry.starred)
                .filter(|entry| query.include_drafts || entry.on_record)
                .filter(|entry| !query.samples_only || entry.annotation.sample)
                .filter(|entry| !query.with_photo || with_photo.contains(&entry.id))
                .map(|entry| entry.id)
                .collect();
            let (mut found, mut asked) = (Vec::new(), query.clone());
            loop {
                let hits = entries.search("her", &asked).unwrap();
                found.extend(hits.iter().map(|hit| hit.entry));
                match hits.last().filter(|_| hits.len() == query.limit as usize) {
                    Some(last) => asked.before = Some(last.next),
                    None => break,
                }
            }
            let both: Vec<EntryId> = visible
                .iter()
                .filter(|entry| holds(entry, "her", query.learner) && expected.contains(&entry.id))
                .map(|entry| entry.id)
                .collect();
            prop_assert_eq!(found, both, "searched: {:?}", query);
            let mut by_month: Vec<(String, i64)> = Vec::new();
            for entry in visible.iter().filter(|entry| expected.contains(&entry.id)) {
                let month = entry.learned_on[..7].to_owned();
                match by_month.last_mut().filter(|(last, _)| *last == month) {
                    Some((_, count)) => *count += 1,
                    None => by_month.push((month, 1)),
                }
            }
            let months: Vec<(String, i64)> =
                entries.months(&query).unwrap().into_iter().map(|month| (month.month, month.entries)).collect();
            prop_assert_eq!(months, by_month, "{:?}", query);
            let (mut got, mut query) = (Vec::new(), query);
            loop {
                let page = entries.timeline(&query).unwrap();
                prop_assert!(page.entries.len() <= query.limit as usize);
                got.extend(page.entries.iter().map(|entry| entry.id));
                match page.next {
                    Some(next) => query.before = Some(next),
                    None => break,
                }
            }
            prop_assert_eq!(got, expected, "{:?}", query);
        }
        let mut dots: Vec<CalendarDay> = Vec::new();
        for n in 1..5 {
            let here = visible.iter().filter(|entry| entry.on_record && entry.learned_on == day(n));
            let here: Vec<_> = here.flat_map(|entry| [None].into_iter().chain(entry.learners.iter().map(|line| Some(line.learner)))).collect();
            if !here.is_empty() {
                let whose: std::collections::BTreeSet<LearnerId> = here.into_iter().flatten().collect();
                dots.push(CalendarDay { day: day(n), learners: whose.into_iter().collect() });
            }
        }
        prop_assert_eq!(entries.calendar(&day(1), &day(4)).unwrap(), dots);
        for wanted in ["her", "heron", "her ", "HÉRISSON", "otter pond", "pond otterh", "tres", "zebra", "smor", "smørhede ", "oe", "oeil her"] {
            let got: Vec<EntryId> = entries.search(wanted, &everything(100)).unwrap().iter().map(|hit| hit.entry).collect();
            let expected: Vec<EntryId> =
                visible.iter().filter(|entry| holds(entry, wanted, None)).map(|entry| entry.id).collect();
            prop_assert_eq!(got, expected, "{}", wanted);
        }
    }

    #[test]
    fn no_search_text_is_an_error(text in any::<String>(), rest in "[\"*():^a-z -]{0,12}") {
        let phone = Phone::new(8);
        phone.create(draft("heron", "2026-05-03"));
        phone.client.entries().search(&text, &everything(50)).unwrap();
        phone.client.entries().search(&rest, &everything(50)).unwrap();
    }
}
