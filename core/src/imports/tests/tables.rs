//! Tables as people make them: nothing of a row is lost in silence.

use super::foreign::written;
use super::*;

fn read(table: &str, request: &CsvRequest, phone: &Phone) -> ImportReport {
    let (_dir, path) = written("table.csv", table.as_bytes());
    phone.client.imports().import_csv(&path, request, &NoProgress, &Cancel::new()).unwrap()
}

fn told(report: &ImportReport) -> Vec<String> {
    report.problems.iter().map(|one| format!("{}: {}", one.item, one.problem)).collect()
}

#[test]
fn a_row_of_more_cells_than_the_header_is_told_and_one_of_empty_cells_is_not() {
    let phone = Phone::new(1);
    let table = "Date,Title\n2026-05-03,Pond, frogs\n\n2026-05-04,Sea,,\n";
    let report = read(table, &CsvRequest::default(), &phone);
    assert_eq!(
        told(&report),
        [
            "row 2: it has more cells than the header: put quote marks around a text that holds the mark between cells"
        ]
    );
    assert_eq!(entries(&phone).len(), 1);
}

#[test]
fn several_columns_of_subjects_learners_and_tags_are_one_list_and_two_dates_are_refused() {
    let phone = Phone::new(1);
    let (bean, otter) = (phone.learner("Bean").id, phone.learner("Otter").id);
    let table =
        "Date,Title,Subject,Area,Kid,Child,Tag,Label\n2026-05-03,Pond,Maths,Art; maths,Bean,Otter,mud,wet\n";
    assert_eq!(told(&read(table, &CsvRequest::default(), &phone)), Vec::<String>::new());
    let pond = entries(&phone).remove(0);
    let whose: BTreeSet<_> = pond.learners.iter().map(|line| line.learner).collect();
    assert_eq!(
        (pond.subjects.len(), pond.tags, whose),
        (2, vec!["mud".into(), "wet".into()], BTreeSet::from([bean, otter]))
    );
    let (_dir, path) = written("table.csv", b"Day,When\n2026-05-03,2026-05-04\n");
    let twice = phone.client.imports().preview_csv(&path, &[CsvField::Date, CsvField::Date]);
    assert_eq!(
        twice.unwrap_err().to_string(),
        "two columns of this table are said to be date: choose one, and skip the other"
    );
}

#[test]
fn own_lines_of_nobody_are_told_and_two_of_one_learner_stand_below_each_other() {
    let phone = Phone::new(1);
    phone.learner("Bean");
    let table = "Date,Title,Child,Own lines\n2026-05-03,Pond,Bean,counted\n2026-05-04,Sea,Bean,\"Bean: swam\nbean: dived\"\n";
    let report = read(table, &CsvRequest::default(), &phone);
    assert_eq!(
        told(&report),
        ["row 2: its own lines begin with no nickname of the row: write \"Bean: counted to ten\""]
    );
    assert_eq!(entries(&phone)[0].learners[0].line, "swam\ndived");
}

#[test]
fn a_learner_and_a_subject_of_a_table_who_were_removed_since_come_anew() {
    let phone = Phone::new(1);
    let table = |title: &str| format!("Date,Title,Child,Subject\n2026-05-03,{title},Bean,Maths\n");
    let bean = NameChoice { nickname: "Bean".into(), into: None };
    let request = CsvRequest { learners: vec![bean], ..CsvRequest::default() };
    assert_eq!(read(&table("Pond"), &request, &phone).added, 3);
    let first = phone.client.learners().list().unwrap()[0].id;
    phone.client.learners().remove(first).unwrap();
    phone.client.subjects().remove(phone.client.subjects().list().unwrap()[0].id).unwrap();
    for added in [3, 0] {
        let report = read(&table("Sea"), &request, &phone);
        assert_eq!((report.added, told(&report)), (added, vec![]), "a second run adds nothing");
    }
    let sea = entries(&phone).into_iter().find(|entry| entry.title == "Sea").unwrap();
    let (learners, subjects) =
        (phone.client.learners().list().unwrap(), phone.client.subjects().list().unwrap());
    assert!(learners.len() == 1 && learners[0].id != first);
    assert_eq!((sea.learners[0].learner, &sea.subjects), (learners[0].id, &vec![subjects[0].id]));
}

#[test]
fn what_a_diary_cannot_give_is_said_before_it_is_read_in_and_by_its_journal() {
    use serde_json::json;
    use std::io::Write;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("export.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let entry = |uuid: &str, zone: &str, tags: usize| {
        let tags: Vec<_> = (0..tags).map(|n| format!("tag {n}")).collect();
        json!({ "uuid": uuid, "creationDate": "2026-05-03T10:00:00Z", "timeZone": zone, "text": "Pond", "tags": tags })
    };
    for (name, entries) in [("A.json", vec![entry("1", "UTC", 101)]), ("B.json", vec![entry("2", "Mars", 1)])]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&serde_json::to_vec(&json!({ "entries": entries })).unwrap()).unwrap();
    }
    zip.finish().unwrap();
    let phone = Phone::new(1);
    let imports = phone.client.imports();
    let preview = imports.preview_day_one(&path).unwrap().problems;
    let report = imports.import_day_one(&path, &Given::default(), &NoProgress, &Cancel::new()).unwrap();
    assert_eq!(preview, report.problems);
    assert_eq!(
        told(&report),
        [
            "A, entry 1 of 2026-05-03: it has more than 100 tags",
            "B, entry 1 of 2026-05-03: where it was written is not told: its day is that of Greenwich, look whether it is right"
        ]
    );
}
