//! What a saved entry leaves behind: who is told, what lies on disk, what neighbours of an entry keep.

use super::*;
use unicode_normalization::char::is_combining_mark;

/// Reads when it is told: what it is told of must be there already.
struct Reads(EntriesClient, Mutex<Vec<Option<String>>>);
impl ChangeListener for Reads {
    fn changed(&self, changes: Vec<Change>) {
        let ids =
            changes.iter().filter(|change| change.kind == ChangeKind::Entry).filter_map(|change| change.id);
        let read = ids.map(|id| self.0.get(EntryId(id)).ok().map(|entry| entry.title));
        self.1.lock().unwrap().extend(read);
    }
}

#[test]
fn listeners_are_told_after_the_commit_and_never_of_a_refused_write() {
    let phone = Phone::new(1);
    let reads = Arc::new(Reads(phone.client.entries(), Mutex::default()));
    let _listening = phone.client.on_change(reads.clone());
    phone.create(draft("Told", "2026-05-03"));
    assert!(phone.client.entries().create(draft("Refused", "no day")).is_err());
    assert_eq!(*reads.1.lock().unwrap(), [Some("Told".to_owned())]);
}

#[test]
fn every_write_leaves_ciphertext_and_dirty_flag_and_no_plain_byte_on_disk() {
    let phone = Phone::new(1);
    let learner = phone.learner("NICKNAMECANARY");
    let note = "NOTECANARY that is long enough to be looked for".to_owned();
    let entry = phone.create(EntryDraft {
        note,
        learners: vec![line(learner.id, "LINECANARY")],
        ..draft("T", "2026-05-03")
    });
    let context = phone.client.entries().context;
    context
        .storage
        .read(|tx| {
            for rid in [crate::ids::RecordId::from(learner.id), entry.id.into()] {
                let stored = records::load(tx, rid)?.unwrap();
                assert!(stored.dirty && stored.base_seq == 0);
                let sql = "SELECT sealed, fmt FROM record WHERE rid = ?1";
                let (sealed, fmt): (Vec<u8>, u16) =
                    tx.query_row(sql, [rid.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
                assert_eq!((sealed.len() - 46) % 512, 0, "padded");
                let opener = records::Opener::load(tx, stored.space)?;
                let (opened, packed) = opener.open(rid, fmt, &sealed)?;
                assert_eq!(opened, stored.doc);
                assert_eq!(records::unpacked(&packed)?, stored.doc, "what a pull keeps");
            }
            Ok(())
        })
        .unwrap();
    for file in std::fs::read_dir(phone.dir.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        for canary in [&b"CANARY"[..], b"SQLite format", b"C\0A\0N\0A\0R\0Y"] {
            assert!(!bytes.windows(canary.len()).any(|window| window == canary), "{}", file.display());
        }
    }
}

#[test]
fn a_full_disk_leaves_no_half_entry_and_the_next_save_works() {
    let phone = Phone::new(1);
    let context = phone.client.entries().context;
    let limit = |pages: i64| {
        context
            .storage
            .write(|tx| Ok(tx.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?))
            .unwrap();
    };
    let pages: i64 =
        context.storage.write(|tx| Ok(tx.query_row("PRAGMA page_count", [], |row| row.get(0))?)).unwrap();
    limit(pages + 2);
    let (mut kept, mut refused) = (0, 0);
    for n in 0..40 {
        let note = format!("word{n} ").repeat(300);
        match phone.client.entries().create(EntryDraft { note, ..draft(&format!("n{n}"), "2026-05-03") }) {
            Ok(_) => kept += 1,
            Err(Error::StorageFull) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(refused > 0);
    assert_eq!(phone.client.entries().count().unwrap(), kept);
    assert_eq!(phone.found("word39"), Vec::<String>::new());
    limit(1_000_000);
    phone.create(EntryDraft { note: "room again".into(), ..draft("after", "2026-05-04") });
    assert_eq!(phone.found("room again"), ["after"]);
    context
        .storage
        .write(|tx| {
            tx.execute("INSERT INTO entry_text (entry_text, rank) VALUES ('integrity-check', 1)", [])?;
            let check: String = tx.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
            assert_eq!(check, "ok");
            Ok(())
        })
        .unwrap();
}

#[test]
fn two_learners_may_share_a_nickname_and_an_archived_one_keeps_everything() {
    let phone = Phone::new(1);
    let (one, two) = (phone.learner("Otter"), phone.learner("Otter"));
    assert_ne!(one.id, two.id);
    phone.create(EntryDraft { learners: vec![line(two.id, "")], ..draft("Hers", "2026-05-03") });
    let learners = phone.client.learners();
    assert!(learners.archive(two.id, true).unwrap().archived);
    assert_eq!(
        learners.list().unwrap().iter().map(|learner| learner.id).collect::<Vec<_>>(),
        [one.id, two.id]
    );
    assert_eq!(phone.titles(TimelineQuery { learner: Some(two.id), ..TimelineQuery::default() }), ["Hers"]);
    let renamed = LearnerEdit { nickname: Some("Badger".into()), order: Some(-1), ..LearnerEdit::default() };
    learners.update(two.id, renamed).unwrap();
    assert_eq!(learners.list().unwrap()[0].nickname, "Badger");
    for wrong in ["", " \n ", &"x".repeat(41)] {
        let new = NewLearner { nickname: wrong.into(), ..NewLearner::default() };
        assert!(learners.add(new).unwrap_err().to_string().starts_with("the nickname is "));
    }
}

#[test]
fn a_removed_subject_leaves_the_list_and_its_entries_stay() {
    let phone = Phone::new(1);
    let subjects = phone.client.subjects();
    let art = subjects.add("Art", "").unwrap();
    let entry = phone.create(EntryDraft { subjects: vec![art.id], ..draft("Clay", "2026-05-03") });
    assert_eq!(subjects.rename(art.id, "Art and craft").unwrap().name, "Art and craft");
    subjects.remove(art.id).unwrap();
    assert!(subjects.list().unwrap().is_empty());
    assert_eq!(subjects.get(art.id), Err(Error::NotFound("subject")));
    assert_eq!(subjects.rename(art.id, "Back"), Err(Error::NotFound("subject")));
    assert_eq!(phone.client.entries().get(entry.id).unwrap(), entry);
}

#[test]
fn a_tombstone_and_a_strange_document_are_shown_without_an_error() {
    let phone = Phone::new(1);
    let entry = phone.create(draft("Gone", "2026-05-03"));
    let context = phone.client.entries().context;
    let strange = context
        .edit(|tx| {
            let mut doc = tx.load(entry.id, Kind::Entry, "entry")?.doc;
            doc.purge(&tx.stamper);
            tx.save(entry.id, &doc)?;
            let mut doc = Document::new(Kind::Entry);
            doc.set(fields::entry::LEARNED_ON, Value::Int(7), &tx.stamper);
            doc.set(fields::entry::ON_RECORD, Value::Bool(true), &tx.stamper);
            doc.put(fields::entry::LEARNERS, records::Key::text("x"), Value::Int(1), &tx.stamper);
            doc.put(fields::entry::ATTACHMENTS, records::Key::id([3; 16]), Value::Bool(true), &tx.stamper);
            tx.save(EntryId([5; 16]), &doc)?;
            Ok(EntryId([5; 16]))
        })
        .unwrap();
    assert_eq!(phone.client.entries().get(entry.id), Err(Error::NotFound("entry")));
    assert!(phone.found("gone").is_empty());
    let shown = phone.client.entries().timeline(&TimelineQuery::default()).unwrap().entries;
    assert_eq!(shown.iter().map(|entry| entry.id).collect::<Vec<_>>(), [strange]);
}

#[test]
fn a_note_that_a_merge_made_too_long_is_left_or_shortened_in_steps_but_not_lengthened() {
    let phone = Phone::new(1);
    let entries = phone.client.entries();
    let id = phone.create(draft("Pond", "2026-05-03")).id;
    let merged = "frog ".repeat(20_000);
    entries
        .context
        .edit(|edit| {
            let mut doc = edit.load(id, Kind::Entry, "entry")?.doc;
            doc.edit_text(fields::entry::NOTE, None, &merged, &edit.stamper)?;
            edit.save(id, &doc)
        })
        .unwrap();
    let write = |note: String| {
        let base = entries.get(id).unwrap();
        let edit =
            EntryEdit { base: Some(base), note: Some(note), starred: Some(true), ..EntryEdit::default() };
        entries.update(id, edit).map(|entry| entry.note.len())
    };
    assert_eq!(write(merged.clone()), Ok(merged.len()), "another field is written beside it");
    assert!(matches!(write(format!("{merged}!")), Err(Error::InvalidInput(_))));
    assert_eq!(write("frog ".repeat(18_000)), Ok(90_000));
    assert!(matches!(write(merged.clone()), Err(Error::InvalidInput(_))), "what is shorter now stays so");
    assert_eq!(write("frog ".repeat(10)), Ok(50));
}

#[test]
fn every_letter_that_can_be_typed_is_searched_for_and_words_of_every_script_are_whole() {
    let phone = Phone::new(1);
    phone.create(EntryDraft {
        note: "हिन्दी की किताब, ⓐbc".into(), ..draft("Hindi", "2026-05-01")
    });
    for (typed, found) in [("हिन्दी ", 1), ("हिन", 1), ("हि ", 0), ("किताब", 1), ("bc", 1)]
    {
        assert_eq!(phone.found(typed).len(), found, "{typed}");
    }
    // The index would refuse a word that it takes for two.
    let beyond_ascii = ('\u{80}'..=char::MAX).filter(|c| c.is_alphanumeric() || is_combining_mark(*c));
    let letters: Vec<String> = beyond_ascii.map(|c| format!("a{c}b")).collect();
    for words in letters.chunks(16) {
        assert_eq!(phone.found(&words.join(" ")).len(), 0);
    }
}
