//! Whose names stand in a report, which places are to check, and where no name is left behind.

use super::*;

#[test]
fn of_two_with_one_nickname_nobody_is_named_and_both_places_are_to_check() {
    let family = Family::new();
    family.phone.learner("bean");
    let id = family.begun().id;
    let kept = family.edited(id, Section::About, "Bean likes owls. Fern likes foxes.").item;
    assert_eq!(kept.text(Section::About), format!("Bean likes owls. {} likes foxes.", token(family.fern)));
    let doubts = family.room().doubts(id).unwrap();
    assert!(doubts.iter().all(|one| (one.word.as_str(), one.learner) == ("Bean", family.bean)));
    assert_eq!(doubts.iter().filter(|one| one.section == Section::About).count(), 1);
    assert_eq!(doubts.iter().filter(|one| one.section == Section::English).count(), 1, "{kept:?}");
}

#[test]
fn names_that_are_each_others_nicknames_are_never_mixed_up() {
    let family = Family::new();
    let (bean, fern, rosa) = (family.bean, family.fern, family.phone.learner("Rosa").id);
    let id = family.begun().id;
    family.edited(id, Section::About, "Bean leads, Fern follows, Rosa sings.");
    let mut names = named(bean, "Fern");
    names.set(fern, "Rosa").unwrap();
    names.set(rosa, "Bean").unwrap();
    let html = family.written(id, &names, Others::Nickname);
    let plain = html.replace("<span class=\"name\" dir=\"auto\">", "").replace("</span>", "");
    assert!(plain.contains("Fern leads, Rosa follows, Bean sings."));
    // Once this phone remembers them, a typed name is one of two, and nobody is guessed at.
    for (learner, name) in [(bean, "Fern"), (fern, "Rosa"), (rosa, "Bean")] {
        let one = Remembered { name: Zeroizing::new(name.into()), ..Remembered::default() };
        family.room().remember(learner, one).unwrap();
    }
    let kept = family.edited(id, Section::About, "Bean leads, Fern follows, Rosa sings.").item;
    assert_eq!(kept.text(Section::About), "Bean leads, Fern follows, Rosa sings.");
    assert_eq!(family.room().doubts(id).unwrap().len(), 3);
}

#[test]
fn an_author_a_title_and_a_place_are_to_check_and_never_renamed_unasked() {
    let family = Family::new();
    let (title, author) = ("The Fern Collector".into(), "Bean, Sean".into());
    let reading = Reading { title, author, started_on: Some("2025-10-01".into()), ..Reading::default() };
    family.phone.client.shelf().add(&reading).unwrap();
    let place = "Fern Hill".into();
    let trip = Trip { title: "Bean museum".into(), place, first_day: "2025-10-03".into(), ..Trip::default() };
    family.phone.client.shelf().add(&trip).unwrap();
    let id = family.begun().id;
    let again = |report: Report| {
        assert_eq!(report.text(Section::Resources), "The Fern Collector by Bean, Sean");
        assert_eq!(report.text(Section::Physical), "Bean museum, Fern Hill (3 Oct 2025)");
    };
    again(family.room().get(id).unwrap().item);
    again(family.room().draft_again(id).unwrap().item);
    let kept =
        family.edited(id, Section::Resources, "The Fern Collector by Bean, Sean. Bean read it twice.").item;
    let bean = token(family.bean);
    assert_eq!(
        kept.text(Section::Resources),
        format!("The Fern Collector by Bean, Sean. {bean} read it twice.")
    );
    let words: Vec<String> = family.room().doubts(id).unwrap().into_iter().map(|one| one.word).collect();
    assert_eq!(words, ["Bean", "Fern", "Fern", "Bean"]);
}

#[test]
fn no_cut_sentence_ends_inside_a_nickname() {
    let family = Family::new();
    let bear = family.phone.learner("Little Bear").id;
    let word = "counted ";
    for letters in 215..245 {
        let before = word.repeat(40).chars().take(letters).collect::<String>();
        family.phone.create(EntryDraft {
            note: format!("{} Little Bear and the others and all of their many friends.", before.trim()),
            learned_on: "2025-11-01".into(),
            on_record: true,
            learners: vec![LearnerLine { learner: bear, line: String::new() }],
            subjects: vec![family.phone.client.subjects().list().unwrap()[0].id],
            ..EntryDraft::default()
        });
    }
    let report = family.room().begin(ReportForm::NewYork, bear, "2025-09-01", "2026-08-31", None).unwrap();
    let text = report.item.text(Section::Covered);
    assert!(text.contains('…') && !text.contains("Little") && !text.contains("Bear"), "{text}");
}

#[test]
fn where_the_whole_name_was_typed_no_title_and_no_footer_has_the_nickname() {
    let family = Family::new();
    let id = family.begun().id;
    let details = || Details { name_in_title: Zeroizing::new("Robin Marlow".into()), ..Details::default() };
    let dir = tempfile::tempdir().unwrap();
    for format in [Format::Html, Format::Docx, Format::Pdf] {
        let path = dir.path().join("report");
        let request = ReportRequest {
            report: id,
            dated: None,
            others: Others::Sibling,
            ticks: Vec::new(),
            shortened: Vec::new(),
            format,
            fixed_names: false,
            language: String::new(),
            paper: None,
            comfort: false,
            photos: false,
            recorded: false,
        };
        let written = |names: &Renaming| {
            family.room().write(&request, details(), names, &path, &NoProgress, &Cancel::new()).unwrap();
            crate::export::siblings_tests::text(&path, format)
        };
        let text = written(&Renaming::none());
        let around = match format {
            Format::Html => {
                let (head, _) = text.split_once("<style>").unwrap();
                assert!(
                    head.contains("Robin Marlow</title>") && head.contains("Robin Marlow\\2003 Home"),
                    "{head}"
                );
                head.to_owned()
            }
            Format::Docx => {
                let (_, footer) = text.split_once("<w:ftr").unwrap();
                let footer = footer.split("</w:ftr>").next().unwrap();
                assert!(footer.contains("Robin Marlow"), "{footer}");
                footer.to_owned()
            }
            Format::Pdf | Format::Zip => {
                text.split_once("Home education report: ").unwrap().1[..12].to_owned()
            }
        };
        assert!(!around.contains("Bean"), "{around}");
        assert!(text.contains("Bean"), "the text keeps it: nobody renamed it there");
        let renamed = written(&named(family.bean, "Robin"));
        assert!(!renamed.contains("Bean") && renamed.contains("Robin"), "{format:?}");
    }
}

/// Every value of every table, as it is once the file is unlocked.
fn rows(phone: &Phone) -> Vec<u8> {
    let read = |tx: &rusqlite::Transaction<'_>| {
        let mut tables = tx.prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
        let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut all = Vec::new();
        for table in tables {
            let mut select = tx.prepare(&format!("SELECT * FROM \"{table}\""))?;
            let columns = select.column_count();
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                for column in 0..columns {
                    if let rusqlite::types::ValueRef::Text(bytes) | rusqlite::types::ValueRef::Blob(bytes) =
                        row.get_ref(column)?
                    {
                        all.extend_from_slice(bytes);
                    }
                    all.push(0);
                }
            }
        }
        Ok(all)
    };
    phone.context().storage.read(read).unwrap()
}

#[test]
fn a_name_that_was_printed_and_the_words_of_a_sealed_file_are_in_no_row_of_the_record() {
    let family = Family::new();
    let id = family.begun().id;
    let details = || Details {
        name_in_title: Zeroizing::new("Canarobin Marlow".into()),
        sender: Zeroizing::new("14 Canary Lane".into()),
        ..Details::default()
    };
    let dir = tempfile::tempdir().unwrap();
    let request = |format| ReportRequest {
        report: id,
        dated: None,
        others: Others::Sibling,
        ticks: Vec::new(),
        shortened: Vec::new(),
        format,
        fixed_names: false,
        language: String::new(),
        paper: None,
        comfort: false,
        photos: false,
        recorded: false,
    };
    let names = named(family.bean, "Canarobin");
    for format in [Format::Html, Format::Docx, Format::Pdf] {
        family
            .room()
            .write(
                &request(format),
                details(),
                &names,
                &dir.path().join("report"),
                &NoProgress,
                &Cancel::new(),
            )
            .unwrap();
    }
    let sealed = family.room().write_sealed(
        &request(Format::Html),
        details(),
        &names,
        &dir.path().join("sealed"),
        &NoProgress,
        &Cancel::new(),
    );
    let words = sealed.unwrap().words.list();
    let stored = String::from_utf8_lossy(&rows(&family.phone)).into_owned();
    assert!(stored.contains("Bean") && stored.contains("Owl pellets"), "what is kept is found");
    for canary in ["Canarobin", "Marlow", "Canary Lane", &words.join(" "), &words[..2].join(" ")] {
        assert!(!stored.contains(canary), "{canary}");
    }
    let one = Remembered { name: Zeroizing::new("Canarobin".into()), ..Remembered::default() };
    family.room().remember(family.bean, one).unwrap();
    assert!(
        String::from_utf8_lossy(&rows(&family.phone)).contains("Canarobin"),
        "a remembered one would be found"
    );
}
