//! Diaries and tables of other programs.

use super::*;
use crate::attachments::cleaning_tests::make;
use crate::error::Error;
use serde_json::json;
use std::io::Write;

pub(super) fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn diary() -> Vec<u8> {
    let photos = json!([{ "identifier": "P1", "md5": "0123456789abcdef0123456789abcdef", "type": "jpeg", "orderInEntry": 0 }]);
    serde_json::to_vec(&json!({ "metadata": { "version": "1.0" }, "entries": [
        { "uuid": "A", "creationDate": "2026-05-03T23:30:00Z", "timeZone": "Australia\\/Sydney", "starred": true,
          "tags": ["pond", " "], "text": "# Pond\n\n![](dayone-moment://P1)\nFrogs\\!", "photos": photos },
        { "uuid": "B", "creationDate": "2026-05-04T10:00:00Z", "timeZone": "Etc\\/UTC", "text": "Rain", "videos": [{}] },
        { "uuid": "C", "creationDate": "yesterday", "text": "Snow" },
    ] })).unwrap()
}

#[test]
fn a_diary_of_day_one_comes_in_with_its_days_tags_stars_and_bare_photos() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("Journal.json", options).unwrap();
    zip.write_all(&diary()).unwrap();
    zip.start_file("photos/0123456789abcdef0123456789abcdef.jpeg", options).unwrap();
    zip.write_all(&std::fs::read(photo("cat.jpg")).unwrap()).unwrap();
    zip.finish().unwrap();
    let phone = Phone::new(1);
    let bean = phone.learner("Bean").id;
    let imports = phone.client.imports();
    let preview = imports.preview_day_one(&path).unwrap();
    assert_eq!((preview.entries, preview.entries_here, preview.photos, preview.problems.len()), (2, 0, 1, 2));
    let given = Given { on_record: true, learners: vec![bean], ..Given::default() };
    let report = imports.import_day_one(&path, &given, &NoProgress, &Cancel::new()).unwrap();
    assert_eq!((report.added, report.photos), (2, 1));
    let told: Vec<_> = report.problems.iter().map(|one| format!("{}: {}", one.item, one.problem)).collect();
    assert_eq!(
        told,
        [
            "entry 2 of 2026-05-04: one of its videos has no file name that can be read",
            "entry 3: its creationDate is no moment of time"
        ]
    );
    let found = entries(&phone);
    let pond = found.iter().find(|entry| entry.title == "Pond").unwrap();
    assert_eq!(
        (pond.learned_on.as_str(), pond.note.as_str()),
        ("2026-05-04", "Frogs!"),
        "the day where it was written"
    );
    assert!(pond.starred && pond.on_record && pond.tags == ["pond"] && pond.learners[0].learner == bean);
    assert_eq!(pond.recorded_at, 1_777_851_000_000);
    let bytes = phone.client.attachments().read(pond.attachments[0], Size::Display).unwrap();
    assert!(bytes != std::fs::read(photo("cat.jpg")).unwrap(), "encoded anew");
    let again = imports.import_day_one(&path, &given, &NoProgress, &Cancel::new()).unwrap();
    assert_eq!((again.added, again.unchanged, entries(&phone).len()), (0, 2, 2));
    let nobody = Given { learners: vec![LearnerId([9; 16])], ..Given::default() };
    let refused = imports.import_day_one(&path, &nobody, &NoProgress, &Cancel::new());
    assert_eq!(refused, Err(Error::NotFound("learner")));
}

#[test]
fn a_diary_may_lie_unpacked_beside_its_photos_and_something_else_is_no_diary() {
    let (dir, path) = written("Journal.json", &diary());
    std::fs::create_dir(dir.path().join("photos")).unwrap();
    let file = dir.path().join("photos/0123456789abcdef0123456789abcdef.jpeg");
    std::fs::copy(photo("cat.jpg"), file).unwrap();
    let phone = Phone::new(1);
    let imports = phone.client.imports();
    let report = imports.import_day_one(&path, &Given::default(), &NoProgress, &Cancel::new()).unwrap();
    assert_eq!((report.added, report.photos), (2, 1));
    assert!(entries(&phone).iter().all(|entry| !entry.on_record), "drafts, as nothing else was asked");
    for (bytes, says) in [
        (&b"{\"books\": []}"[..], "this file holds no entries of Day One: choose its JSON export"),
        (b"{\"entries\": [", "this file of Day One is damaged at line 1: export it once more"),
        (b"x", "this file is empty"),
    ] {
        let (_dir, path) = written("Journal.json", bytes);
        assert_eq!(imports.preview_day_one(&path).unwrap_err().to_string(), says);
    }
}

#[test]
fn videos_recordings_and_pdfs_of_a_diary_come_in_as_files_clean_and_once() {
    let files = [
        ("videos/a1.mov", make::movie(&make::Movie { brand: *b"qt  ", ..make::Movie::default() })),
        (
            "audios/b2.m4a",
            make::movie(&make::Movie { video: false, brand: *b"M4A ", ..make::Movie::default() }),
        ),
        ("pdfs/c3.pdf", make::pdf()),
        ("pdfs/e5.pdf", b"%PDF-1.7 broken".to_vec()),
    ];
    let told = json!({ "entries": [{ "uuid": "A", "creationDate": "2026-05-03T10:00:00Z",
        "timeZone": "UTC", "text": "Pond\n\n![](dayone-moment:/video/V1)\nFrogs",
        "videos": [{ "identifier": "V1", "md5": "a1", "type": "mov", "orderInEntry": 2 }],
        "audios": [{ "identifier": "S1", "md5": "b2", "format": "aac", "orderInEntry": 1 }],
        "pdfAttachments": [
            { "identifier": "D1", "md5": "c3", "type": "pdf", "pdfName": "Sums.pdf", "orderInEntry": 0 },
            { "identifier": "D2", "md5": "d4", "type": "pdf" },
            { "identifier": "D3", "md5": "e5", "type": "pdf" },
        ] }] });
    let told = serde_json::to_vec(&told).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (zipped, unpacked) = (dir.path().join("export.zip"), dir.path().join("Journal.json"));
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&zipped).unwrap());
    std::fs::write(&unpacked, &told).unwrap();
    for (name, bytes) in [("Journal.json", told)].into_iter().chain(files) {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&bytes).unwrap();
        std::fs::create_dir_all(dir.path().join(name).parent().unwrap()).unwrap();
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    zip.finish().unwrap();
    for path in [zipped, unpacked] {
        let phone = Phone::new(1);
        let imports = phone.client.imports();
        assert_eq!(imports.preview_day_one(&path).unwrap().photos, 5);
        let report = imports.import_day_one(&path, &Given::default(), &NoProgress, &Cancel::new()).unwrap();
        assert_eq!((report.added, report.photos), (1, 3), "{report:?}");
        let told: Vec<_> = report.problems.iter().map(|one| one.item.as_str()).collect();
        assert_eq!(told, ["file 4 of entry 1 of 2026-05-03", "file 5 of entry 1 of 2026-05-03"]);
        let entry = &entries(&phone)[0];
        assert_eq!((entry.title.as_str(), entry.note.as_str()), ("Pond", "Frogs"));
        let kept = phone.client.attachments().list(entry.id).unwrap();
        let kept: Vec<_> = kept.into_iter().map(|one| one.file.unwrap()).collect();
        let names: Vec<_> = kept.iter().map(|file| (file.name.as_str(), file.kind)).collect();
        use crate::attachments::FileKind::{Audio, Pdf, Video};
        assert_eq!(
            names,
            [("Sums.pdf", Some(Pdf)), ("Recording.aac", Some(Audio)), ("Video.mov", Some(Video))]
        );
        let again = imports.import_day_one(&path, &Given::default(), &NoProgress, &Cancel::new()).unwrap();
        assert_eq!((again.added, again.completed, again.photos), (0, 0, 0));
        assert_eq!(entries(&phone)[0].attachments.len(), 3);
    }
}

const TABLE: &str = "Date;Activity;Notes;Duration;Child;Subject;Tags;Price\r\n\
    03/04/2026;Pond;Frogs, newts;1:30;Bean, Otter;Science; pond;4\r\n\
    03/04/2026;Pond;Frogs, newts;1:30;Bean, Otter;Science; pond;4\r\n\
    05/04/2026;;Sums;20;Bean;Maths;;\r\n\
    31/04/2026;Never;;;;;;\r\n";

#[test]
fn a_table_comes_in_row_by_row_and_what_is_unclear_is_asked() {
    let (_dir, path) = written("table.csv", TABLE.as_bytes());
    let phone = Phone::new(1);
    let bean = phone.learner("Bean").id;
    phone.client.subjects().add("Science", "").unwrap();
    let imports = phone.client.imports();
    let preview = imports.preview_csv(&path, &[]).unwrap();
    use CsvField::{Date, Learners, Minutes, Note, Skip, Subjects, Tags, Title};
    assert_eq!(preview.columns, [Date, Title, Note, Minutes, Learners, Subjects, Tags, Skip]);
    assert_eq!((preview.rows, preview.first_rows.len()), (4, 4));
    assert_eq!(preview.date_orders, DateOrder::ALL);
    assert_eq!(
        (preview.unknown_learners, preview.new_subjects),
        (vec!["Otter".to_owned()], vec!["Maths".to_owned()])
    );
    let run = |request: &CsvRequest| imports.import_csv(&path, request, &NoProgress, &Cancel::new());
    let mut request = CsvRequest::default();
    assert!(run(&request).unwrap_err().to_string().starts_with("days such as 03/04/2026"));
    request.date_order = Some(DateOrder::DayFirst);
    assert!(
        run(&request)
            .unwrap_err()
            .to_string()
            .ends_with("has a nickname that nobody here has: say who is meant")
    );
    assert_eq!(entries(&phone), [], "nothing half written");
    request.learners = vec![NameChoice { nickname: "otter".into(), into: None }];
    request.given.on_record = true;
    let report = run(&request).unwrap();
    assert_eq!(report.added, 5, "three entries, a learner and a subject");
    assert_eq!(report.problems[0].item, "row 5");
    let found = entries(&phone);
    let ponds: Vec<_> = found.iter().filter(|entry| entry.title == "Pond").collect();
    assert_eq!(ponds.len(), 2, "two equal rows are two entries");
    assert_eq!((ponds[0].learned_on.as_str(), ponds[0].minutes), ("2026-04-03", Some(90)));
    assert!(ponds[0].on_record && ponds[0].learners.len() == 2);
    assert!(ponds[0].learners.iter().any(|line| line.learner == bean));
    let again = run(&request).unwrap();
    assert_eq!((again.added, again.completed, entries(&phone).len()), (0, 0, 3), "{again:?}");
    assert_eq!(phone.client.learners().list().unwrap().len(), 2);
}

#[test]
fn somebody_new_of_a_table_is_the_same_in_a_second_run_among_all_of_that_nickname() {
    let (_dir, path) = written("table.csv", b"Date,Activity,Child,Subject\n2026-05-03,Pond,Bean,Bean\n");
    let phone = Phone::new(1);
    let here = [phone.learner("Bean").id, phone.learner("Bean").id];
    let bean = NameChoice { nickname: "Bean".into(), into: None };
    let request = CsvRequest { learners: vec![bean], ..CsvRequest::default() };
    let run = || phone.client.imports().import_csv(&path, &request, &NoProgress, &Cancel::new()).unwrap();
    let whose = || entries(&phone).into_iter().flat_map(|entry| entry.learners).collect::<Vec<_>>();
    assert_eq!(run().added, 3, "an entry, a learner, and a subject that is called like the learner");
    let first = whose();
    assert!(first.len() == 1 && !here.contains(&first[0].learner));
    let again = run();
    assert_eq!((again.added, again.completed, again.kept), (0, 0, vec![]));
    assert_eq!(whose(), first);
    assert_eq!(phone.client.learners().list().unwrap().len(), 3);
}

#[test]
fn an_own_table_of_entries_gives_the_same_entries() {
    let phone = family(1);
    let (_dir, path) = export(&phone);
    let (_table_dir, table) = written("entries.csv", &unpacked(&path)["entries.csv"]);
    let report = phone
        .client
        .imports()
        .import_csv(&table, &CsvRequest::default(), &NoProgress, &Cancel::new())
        .unwrap();
    assert_eq!((report.added, entries(&phone).len()), (0, 2), "the same ids: {report:?}");
    let other = Phone::new(2);
    let bean = NameChoice { nickname: "Bean".into(), into: None };
    let request = CsvRequest { learners: vec![bean], ..CsvRequest::default() };
    other.client.imports().import_csv(&table, &request, &NoProgress, &Cancel::new()).unwrap();
    let [mine, theirs] =
        [&phone, &other].map(|phone| entries(phone).into_iter().find(|one| one.title == "Pond").unwrap());
    assert_eq!((mine.id, &mine.note, &mine.tags), (theirs.id, &theirs.note, &theirs.tags));
    assert_eq!(mine.learners[0].line, theirs.learners[0].line);
}

#[test]
fn an_own_table_comes_in_exactly_whatever_signs_its_names_hold() {
    let phone = Phone::new(1);
    let names = ["Bo", "Bo: B", "Ann; Bea", "\"Max\", our own"];
    let learners: Vec<_> = names
        .iter()
        .map(|name| LearnerLine { learner: phone.learner(name).id, line: format!("line of {name}") })
        .collect();
    let subjects =
        ["Reading, writing", "Maths; sums"].map(|name| phone.client.subjects().add(name, "").unwrap().id);
    let tags = vec!["mud, wet".to_owned()];
    phone.create(EntryDraft { learners, subjects: subjects.to_vec(), tags: tags.clone(), ..draft("Pond") });
    let (_dir, path) = export(&phone);
    let (_table_dir, table) = written("entries.csv", &unpacked(&path)["entries.csv"]);
    let other = Phone::new(2);
    let someone = |name: &&str| NameChoice { nickname: (*name).into(), into: None };
    let request = CsvRequest { learners: names.iter().map(someone).collect(), ..CsvRequest::default() };
    let report = other.client.imports().import_csv(&table, &request, &NoProgress, &Cancel::new()).unwrap();
    assert_eq!(report.problems, [], "{report:?}");
    let here: BTreeMap<_, _> =
        other.client.learners().list().unwrap().into_iter().map(|one| (one.id, one.nickname)).collect();
    let pond = entries(&other).remove(0);
    for line in &pond.learners {
        assert_eq!(line.line, format!("line of {}", here[&line.learner]));
    }
    assert_eq!((pond.learners.len(), pond.tags), (names.len(), tags));
    let mut there: Vec<_> = other.client.subjects().list().unwrap().into_iter().map(|one| one.name).collect();
    there.sort_unstable();
    assert_eq!(there, ["Maths; sums", "Reading, writing"]);
}

#[test]
fn what_a_table_holds_that_cannot_be_kept_is_said_before_it_is_read_in() {
    let table = format!(
        "Date,Title,Starred,Subject\n2026-05-03,Pond,yes,Maths\n2026-05-04,{},,\n2026-05-05,,,\n2026-05-06,Sea,maybe,\n",
        "x".repeat(300)
    );
    let (_dir, path) = written("table.csv", table.as_bytes());
    let phone = Phone::new(1);
    let imports = phone.client.imports();
    let preview = imports.preview_csv(&path, &[]).unwrap();
    let report = imports.import_csv(&path, &CsvRequest::default(), &NoProgress, &Cancel::new()).unwrap();
    for problems in [&preview.problems, &report.problems] {
        let mut told: Vec<_> = problems.iter().map(|one| one.problem.as_str()).collect();
        told.sort_unstable();
        assert_eq!(
            told,
            [
                "it has a date and says nothing else",
                "title is longer than 200 characters: shorten it",
                "whether it is starred can't be read: write yes or no, or leave the column out",
            ]
        );
    }
    assert_eq!(entries(&phone).len(), 1);
    let (_dir, path) =
        written("table.csv", format!("Date,Title,Subject\n2026-05-03,Pond,{}\n", "y".repeat(300)).as_bytes());
    let report = imports.import_csv(&path, &CsvRequest::default(), &NoProgress, &Cancel::new()).unwrap();
    assert!(report.problems.iter().any(|one| one.item == "subject of row 2"), "{report:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_entry_of_a_diary_keeps_the_day_on_which_it_was_written_there_in_any_time_zone(
        days in 0i64..40_000, second in 0i64..86_400, zone in 0usize..ZONES.len(),
    ) {
        let zone = ZONES[zone];
        let there = jiff::civil::date(1990, 1, 1).at(0, 0, 0, 0).checked_add(jiff::Span::new().days(days).seconds(second));
        let there = there.unwrap();
        let moment = there.in_tz(zone).unwrap();
        // An hour or a day that the clocks there left out is told as the one after it.
        let day = moment.date().to_string();
        let told = json!({ "entries": [{ "uuid": "A", "creationDate": moment.timestamp().to_string(),
            "timeZone": zone.replace('/', "\\/"), "text": "Pond" }] });
        let (_dir, path) = written("Journal.json", &serde_json::to_vec(&told).unwrap());
        let phone = Phone::new(1);
        phone.client.imports().import_day_one(&path, &Given::default(), &NoProgress, &Cancel::new()).unwrap();
        prop_assert_eq!(&entries(&phone)[0].learned_on, &day);
        if moment.datetime() == there {
            prop_assert_eq!(day, there.date().to_string());
        }
    }
}

/// Far from Greenwich, off the full hour, over the date line, with changes of their own.
const ZONES: [&str; 12] = [
    "UTC",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Pacific/Chatham",
    "America/St_Johns",
    "America/Los_Angeles",
];
