//! What the family log promises.

use super::*;
use crate::entries::tests::{Phone, draft, line};
use crate::entries::{EntryDraft, EntryEdit};
use crate::export::{PortfolioRequest, Renaming};
use crate::private::NeedsNote;
use crate::progress::{Cancel, NoProgress};
use crate::records::{self, Document, Kind, packed};
use crate::shelf::Shelf;

const HOUR: i64 = 3_600_000;

fn events(phone: &Phone) -> Vec<(Act, Option<ChangeKind>, usize)> {
    let page = phone.client.family_log().page(&LogQuery { limit: 500, ..LogQuery::default() }).unwrap();
    page.into_iter().map(|event| (event.act, event.kind, event.things.len())).collect()
}

fn note(text: &str) -> EntryEdit {
    EntryEdit { note: Some(text.into()), ..EntryEdit::default() }
}

/// The records of the log, as their bytes.
fn records_of(phone: &Phone) -> Vec<Document> {
    let all = |tx: &crate::storage::Transaction<'_>| {
        let mut found = Vec::new();
        for (rid, kind) in records::shared(tx)? {
            if kind == u16::from(Kind::FamilyLog) {
                found.extend(records::load(tx, rid)?.map(|stored| stored.doc));
            }
        }
        Ok(found)
    };
    phone.context().storage.read(all).unwrap()
}

#[test]
fn the_log_tells_what_was_done_to_what_newest_first_and_nothing_of_its_words() {
    let phone = Phone::new(1);
    let otter = phone.learner("NICKNAME");
    phone.clock.advance(1);
    let entry = phone.create(EntryDraft {
        note: "WORDS".into(),
        learners: vec![line(otter.id, "LINE")],
        ..draft("TITLE", "2026-05-03")
    });
    phone.clock.advance(2 * HOUR);
    phone.client.entries().update(entry.id, note("OTHER WORDS")).unwrap();
    phone.clock.advance(1);
    phone.client.entries().trash(entry.id).unwrap();
    phone.clock.advance(1);
    phone.client.trash().purge(&[entry.id.into()], 1).unwrap();
    let of_entry = |act| (act, Some(ChangeKind::Entry), 1);
    let told = [Act::Purged, Act::Trashed, Act::Changed, Act::Added].map(of_entry);
    assert_eq!(events(&phone)[..4], told);
    assert_eq!(events(&phone)[4], (Act::Added, Some(ChangeKind::Learner), 1));
    for doc in records_of(&phone) {
        let bytes = doc.encode();
        for word in ["NICKNAME", "WORDS", "LINE", "TITLE"] {
            assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{word}");
        }
    }
}

#[test]
fn an_hour_of_edits_is_one_event_a_bulk_change_is_one_and_looking_is_none() {
    let phone = Phone::new(1);
    let entry = phone.create(draft("Pond", "2026-05-03"));
    phone.clock.advance(2 * HOUR);
    for nth in 0..30 {
        phone.clock.advance(60_000);
        phone.client.entries().update(entry.id, note(&format!("{nth}"))).unwrap();
    }
    assert_eq!(events(&phone).len(), 2);
    let subjects = phone.client.subjects();
    let ids: Vec<_> =
        ["Maths", "Art", "Swimming"].into_iter().map(|name| subjects.add(name, "").unwrap().id).collect();
    phone.clock.advance(2 * HOUR);
    subjects.reorder(&[ids[2], ids[1], ids[0]]).unwrap();
    assert_eq!(events(&phone)[0], (Act::Changed, Some(ChangeKind::Subject), 2));
    let before = events(&phone).len();
    phone.client.entries().get(entry.id).unwrap();
    phone.client.learners().list().unwrap();
    phone.client.trash().list().unwrap();
    phone.client.trash().tend(0).unwrap();
    assert_eq!(events(&phone).len(), before);
}

#[test]
fn a_private_note_is_told_as_such_and_no_more() {
    let phone = Phone::new(1);
    let needs = Shelf::<NeedsNote>::new(phone.context());
    let kept = needs.add(&NeedsNote { day: "2026-05-03".into(), ..NeedsNote::default() }).unwrap();
    needs.trash(kept.id).unwrap();
    assert_eq!(events(&phone), [(Act::Trashed, None, 0), (Act::Added, None, 0)]);
    let id = RecordId::from(kept.id);
    for doc in records_of(&phone) {
        assert!(!doc.encode().windows(16).any(|part| part == id.0), "not even its id");
    }
}

#[test]
fn a_document_is_told_once_it_is_written_and_a_look_at_it_is_not() {
    let phone = Phone::new(1);
    let otter = phone.learner("Otter");
    phone.create(EntryDraft { learners: vec![line(otter.id, "")], ..draft("Pond", "2026-05-03") });
    let before = events(&phone).len();
    let request = PortfolioRequest::new(otter.id, "2026-01-01", "2026-12-31");
    let export = phone.client.export();
    export.preview(&request).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, cancel: &Cancel| {
        export.write_portfolio(&request, &Renaming::default(), &dir.path().join(name), &NoProgress, cancel)
    };
    let cancel = Cancel::new();
    cancel.cancel();
    write("cancelled.html", &cancel).unwrap_err();
    assert_eq!(events(&phone).len(), before);
    write("portfolio.html", &Cancel::new()).unwrap();
    assert_eq!(events(&phone)[0], (Act::Exported, Some(ChangeKind::Learner), 1));
    assert_eq!(events(&phone).len(), before + 1);
}

#[test]
fn the_log_is_read_page_by_page_and_by_what_it_was_done_to() {
    let phone = Phone::new(1);
    let log = phone.client.family_log();
    let entries: Vec<_> = (0..30).map(|_| phone.create(draft("Pond", "2026-05-03")).id).collect();
    phone.client.entries().trash(entries[7]).unwrap();
    let all = log.page(&LogQuery { limit: 500, ..LogQuery::default() }).unwrap();
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let page = log.page(&LogQuery { before, limit: 7, ..LogQuery::default() }).unwrap();
        before = page.last().map(|event| event.place);
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!((paged.len(), paged == all), (31, true));
    let one = log.page(&LogQuery { thing: Some(entries[7].into()), ..LogQuery::default() }).unwrap();
    assert_eq!(one.iter().map(|event| event.act).collect::<Vec<_>>(), [Act::Trashed, Act::Added]);
    let device = one[0].device_no;
    let query = |device_no| LogQuery { device_no: Some(device_no), ..LogQuery::default() };
    assert_eq!(log.page(&query(device)).unwrap().len(), 31);
    assert!(log.page(&query(device + 1)).unwrap().is_empty());
}

#[test]
fn what_the_log_says_is_said_for_good() {
    let phone = Phone::new(1);
    phone.create(draft("Pond", "2026-05-03"));
    let [first] = records_of(&phone).try_into().unwrap();
    let theirs = records::Stamper { now_ms: 1_900_000_000_000, device_no: 9, text_client: 9 };
    let key = records::Key::Int(0);
    let written_over = |change: &dyn Fn(&mut Document)| {
        let mut other = first.clone();
        change(&mut other);
        let (mut here, mut there) = (first.clone(), other.clone());
        here.merge(&other).unwrap();
        there.merge(&first).unwrap();
        assert_eq!((here == first, there == first), (true, true), "on both phones");
    };
    let events = records::fields::family_log::EVENTS;
    written_over(&|doc| assert!(doc.put(events, key.clone(), records::Value::Null, &theirs)));
    written_over(&|doc| assert!(doc.put(events, key.clone(), records::Value::Int(1), &theirs)));
    written_over(&|doc| assert!(doc.set_trashed(true, &theirs)));
    written_over(&|doc| doc.purge(&theirs));
    let mut more = first.clone();
    more.put(events, records::Key::Int(1), records::Value::Int(1), &theirs);
    let mut here = first.clone();
    assert!(here.merge(&more).unwrap().changed_local, "what is added comes");
    assert_eq!(here, more);
}

/// Two hundred days of a family: three entries a day, one of them touched again in the evening, a book a week.
#[test]
fn a_year_of_the_log_is_small() {
    let phone = Phone::new(1);
    for day in 0..200 {
        phone.clock.advance(21 * HOUR);
        let made: Vec<_> = (0..3).map(|_| phone.create(draft("Pond", "2026-05-03")).id).collect();
        phone.clock.advance(3 * HOUR);
        phone.client.entries().update(made[0], note("More.")).unwrap();
        if day % 7 == 0 {
            let book = crate::reading::Reading { title: "Watership Down".into(), ..Default::default() };
            phone.client.shelf().add(&book).unwrap();
        }
    }
    let (rows, bytes) = phone.context().storage.read(queries::sizes).unwrap();
    assert_eq!(events(&phone).len(), 500, "a page");
    assert!((200..=201).contains(&rows), "one record a day: {rows}");
    assert!(bytes < 60_000, "{bytes} bytes of {rows} records");
    let largest = records_of(&phone).iter().map(|doc| packed(doc).len()).max().unwrap();
    assert!(largest < 450, "a day is one step of 512 bytes when it is sealed: {largest}");
    println!("{rows} records, {bytes} bytes, the largest {largest}");
}

#[test]
fn a_clock_that_goes_back_takes_no_event_out_of_the_log() {
    let phone = Phone::new(1);
    phone.create(draft("Pond", "2026-05-03"));
    phone.clock.advance(-HOUR / 6);
    phone.create(draft("Sea", "2026-05-03"));
    phone.create(draft("Wood", "2026-05-03"));
    assert_eq!(events(&phone), [(Act::Added, Some(ChangeKind::Entry), 1); 3]);
}

#[test]
fn rows_of_the_log_are_those_of_its_record_whatever_stood_there_before() {
    use crate::ids::RecordId;
    use crate::records::fields::family_log as field;
    use crate::records::{Key, Stamper, Synced, Value};

    type Told = (i64, i64, u16, Vec<u8>);
    let record = |device: i64, told: &[(u64, i64, u8)]| {
        let stamper = Stamper { now_ms: 1_000, device_no: 1, text_client: 1 };
        let mut doc = Document::new(Kind::FamilyLog);
        doc.set(field::DEVICE, Value::Int(device), &stamper);
        for (number, at, thing) in told {
            let event = [Value::Int(*at), Value::Int(1), Value::Int(2), Value::Bytes(vec![*thing; 16])];
            doc.put(field::EVENTS, Key::Int(*number), Value::List(event.to_vec()), &stamper);
        }
        doc
    };
    let rows = |docs: &[&Document]| -> (Vec<Told>, Vec<(Vec<u8>, i64)>) {
        let phone = Phone::new(1);
        let rid = RecordId([7; 16]);
        let write = |tx: &crate::storage::Transaction<'_>| {
            docs.iter().try_for_each(|doc| LogRows.materialise(tx, rid, doc).map(drop))
        };
        phone.context().storage.write(write).unwrap();
        let read = |tx: &crate::storage::Transaction<'_>| {
            let mut events = tx.prepare(
                "SELECT number, at, device_no, things FROM family_log WHERE rid = ?1 ORDER BY number",
            )?;
            let mut things = tx.prepare(
                "SELECT thing, number FROM family_log_thing WHERE rid = ?1 ORDER BY number, thing",
            )?;
            let rid = rid.as_bytes();
            let events =
                events.query_map([rid], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
            let events = events.collect::<rusqlite::Result<_>>()?;
            let things = things.query_map([rid], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((events, things.collect::<rusqlite::Result<_>>()?))
        };
        phone.context().storage.read(read).unwrap()
    };
    let all = [
        record(1, &[]),
        record(1, &[(0, 10, 1), (1, 20, 2)]),
        record(1, &[(0, 10, 1), (1, 20, 2), (2, 30, 3)]),
        record(1, &[(0, 10, 1), (1, 15, 4)]),
        record(2, &[(1, 15, 4)]),
    ];
    for before in &all {
        for now in &all {
            assert_eq!(rows(&[before, now]), rows(&[now]));
        }
    }
    assert_eq!(rows(&[&all[2]]).0.len(), 3);
}

#[test]
fn settings_merges_and_files_that_left_the_app_are_told() {
    let phone = Phone::new(1);
    let (otter, bean) = (phone.learner("Otter").id, phone.learner("Bean").id);
    let subjects = phone.client.subjects();
    let [maths, sums] = ["Maths", "Sums"].map(|name| subjects.add(name, "").unwrap().id);
    let entry = phone.create(draft("Pond", "2026-05-03")).id;
    let pdf = crate::attachments::ImportSource::Bytes(crate::attachments::cleaning_tests::make::pdf());
    let files = phone.client.attachments();
    let file = files.import_file(entry, pdf, "Sums.pdf", "", &Cancel::new(), &NoProgress).unwrap().id;
    let last = || {
        let page = phone.client.family_log().page(&LogQuery { limit: 1, ..LogQuery::default() }).unwrap();
        page.into_iter().next().map(|event| (event.act, event.kind, event.things)).unwrap()
    };
    phone.clock.advance(2 * HOUR);
    let settings = phone.client.settings();
    let base = settings.family().unwrap();
    let weekly = crate::settings::FamilySettings { weekly_minutes: Some(900), ..base.clone() };
    settings.save_family(&base, &weekly).unwrap();
    let (act, kind, things) = last();
    assert_eq!((act, kind, things.len()), (Act::Changed, Some(ChangeKind::Setting), 1));
    phone.clock.advance(1);
    phone.client.learners().merge(bean, otter).unwrap();
    assert_eq!(last(), (Act::Merged, Some(ChangeKind::Learner), vec![bean.into(), otter.into()]));
    phone.clock.advance(1);
    subjects.merge(sums, maths).unwrap();
    assert_eq!(last(), (Act::Merged, Some(ChangeKind::Subject), vec![sums.into(), maths.into()]));
    let before = events(&phone).len();
    let dir = tempfile::tempdir().unwrap();
    phone.clock.advance(1);
    let cancel = Cancel::new();
    cancel.cancel();
    files.save(file, &dir.path().join("not.pdf"), &cancel, &NoProgress).unwrap_err();
    assert_eq!(events(&phone).len(), before);
    files.save(file, &dir.path().join("out.pdf"), &Cancel::new(), &NoProgress).unwrap();
    assert_eq!(last(), (Act::Exported, Some(ChangeKind::Entry), vec![entry.into()]));
    phone.clock.advance(1);
    phone.client.learners().restore(bean).unwrap();
    assert_eq!((last().0, last().1), (Act::Restored, Some(ChangeKind::Learner)));
}

#[test]
fn a_page_is_full_whatever_a_newer_app_wrote_between() {
    use crate::records::fields::family_log as field;
    use crate::records::{Key, Stamper, Value};
    let phone = Phone::new(1);
    let write = |tx: &mut crate::context::Edit<'_>| {
        let stamper = Stamper { now_ms: tx.now_ms(), device_no: 9, text_client: 9 };
        let mut doc = Document::new(Kind::FamilyLog);
        doc.set(field::DEVICE, Value::Int(9), &stamper);
        for number in 0..40_u64 {
            // Of three events one is of an act, one of a kind that only a newer app knows.
            let (act, kind) = [(1, 2), (200, 2), (1, 9_000)][(number % 3) as usize];
            let at = 1_000 + i64::try_from(number).unwrap_or_default();
            let event = [Value::Int(at), Value::Int(act), Value::Int(kind), Value::Bytes(vec![7; 16])];
            doc.put(field::EVENTS, Key::Int(number), Value::List(event.to_vec()), &stamper);
        }
        tx.save_beside(RecordId([7; 16]), &doc)
    };
    phone.context().edit(write).unwrap();
    let log = phone.client.family_log();
    let mut before = None;
    let mut told = Vec::new();
    for expected in [5, 5, 4] {
        let page = log.page(&LogQuery { before, limit: 5, ..LogQuery::default() }).unwrap();
        assert_eq!(page.len(), expected);
        before = page.last().map(|event| event.place);
        told.extend(page.into_iter().map(|event| event.place.number));
    }
    assert_eq!(told, (0..40).rev().filter(|number| number % 3 == 0).collect::<Vec<u64>>());
}
