//! Photos that can't be taken in are named, and keep no other out.

use super::*;
use crate::host::PhotoOpener;
use std::io::Read;

fn reasons(overview: &Overview) -> Vec<(&str, &str)> {
    let reason = |photo: &Photo| match &photo.state {
        PhotoState::Unreadable(why) => why.clone().leak(),
        _ => panic!("{photo:?}"),
    };
    overview.unreadable.iter().map(|photo| (photo.name.as_str(), &*reason(photo))).collect()
}

#[test]
fn what_is_no_photo_is_named_and_the_rest_goes_on() {
    let phone = Phone::new();
    let whole = shot(1, "2026-05-03T10:00:00");
    let mut sources = vec![
        phone.file("good.jpg", &whole),
        phone.file("notes.jpg", b"Dear diary, today we went to the pond."),
        phone.file("empty.jpg", b""),
        phone.file("cut.jpg", &whole[..whole.len() - 40]),
        phone.file("iphone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
        phone.file("film.jpg", b"\0\0\0\x18ftypisom\0\0\0\0isommp42"),
        phone.file("gone.jpg", &whole),
        phone.file("later.jpg", &shot(2, "2026-05-03T10:01:00")),
    ];
    std::fs::remove_file(phone.gallery("gone.jpg")).unwrap();
    std::fs::create_dir_all(phone.gallery("folder.jpg")).unwrap();
    let folder = phone.gallery("folder.jpg").to_str().unwrap().into();
    sources.push(Source { place: Place::Path(folder), name: "folder.jpg".into(), modified_ms: None });
    phone.begin(&sources);
    let seen = phone.scan();
    let names: Vec<_> = reasons(&seen).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["notes.jpg", "empty.jpg", "iphone.heic", "film.jpg", "gone.jpg", "folder.jpg"]);
    assert_eq!(reasons(&seen)[0].1, "this file is no picture, whatever its name says: leave it out");
    assert!(reasons(&seen)[2].1.contains("save it as JPEG"));

    std::fs::write(phone.gallery("later.jpg"), shot(3, "2026-05-03T10:01:00")).unwrap();
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken, done.unreadable.len()), (1, 1, 8));
    let more: Vec<_> = reasons(&done).into_iter().filter(|(name, _)| !names.contains(name)).collect();
    assert_eq!(
        more[0],
        ("cut.jpg", "this photo is damaged or cut off: choose it again, or another copy of it")
    );
    assert_eq!(more[1], ("later.jpg", "this file has changed since it was looked at: add it again"));
    assert_eq!(phone.files(), 2);
}

#[test]
fn a_group_of_which_no_photo_can_be_read_becomes_no_entry() {
    let phone = Phone::new();
    let whole = shot(1, "2026-05-03T10:00:00");
    phone.begin(&[phone.file("cut.jpg", &whole[..whole.len() - 40])]);
    assert_eq!(phone.scan().waiting, 1);
    let done = phone.run();
    assert_eq!((done.entries.len(), done.waiting, done.unreadable.len()), (0, 0, 1));
    assert_eq!(phone.client().entries().count().unwrap(), 0);
}

#[test]
fn a_folder_without_photos_too_many_of_them_and_a_second_batch_are_refused() {
    let phone = Phone::new();
    let refused = |sources: &[Source], settings: &Settings| match phone.room().begin(sources, settings) {
        Err(Error::InvalidInput(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&[], &london()), "there are no photos here: choose some, or another folder");
    assert_eq!(phone.room().overview().unwrap(), None, "nothing was begun");
    let shots = phone.shots(&WEEK[..1]);
    assert!(refused(&shots, &Settings { gap_hours: 0, ..london() }).contains("hours"));
    assert!(refused(&shots, &Settings { zone: Some("Mars".into()), ..london() }).contains("zone"));
    assert!(refused(&vec![shots[0].clone(); MAX_SOURCES + 1], &london()).contains("20000"));
    phone.begin(&shots);
    assert!(refused(&shots, &london()).contains("already"));
    phone.room().end().unwrap();
    let nothing = Err(Error::NotFound("catch-up"));
    assert_eq!(phone.room().add(&shots), nothing);
    assert_eq!(phone.room().scan(None, &Cancel::new(), &NoProgress), nothing);
    assert_eq!(phone.room().run(None, &Cancel::new(), &NoProgress), nothing);
}

#[test]
fn a_photo_that_no_clock_dated_goes_by_its_file_and_one_that_nothing_dated_waits_for_a_day() {
    let phone = Phone::new();
    // 23:30 UTC on 30 June is the first of July on London's walls.
    let late = "2026-06-30T23:30:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let dated = |name: &str, bytes: &[u8], modified_ms| Source { modified_ms, ..phone.file(name, bytes) };
    phone.begin(&[
        dated("whatsapp.jpg", &shot(1, ""), Some(late)),
        dated("scan.jpg", &shot(2, ""), Some(0)),
        dated("flat battery.jpg", &shot(3, "0000-00-00T00:00:00"), Some(late)),
        dated("old.jpg", &shot(4, "1850-01-01T00:00:00"), Some(0)),
    ]);
    let seen = phone.scan();
    assert_eq!((seen.waiting, seen.without_day), (1, 1));
    let photos = phone.room().photos().unwrap();
    let dated_by: Vec<_> = photos.iter().map(|photo| photo.dated_by).collect();
    assert_eq!(dated_by, [DatedBy::File, DatedBy::Nothing, DatedBy::File, DatedBy::Nothing]);
    let groups = phone.room().groups().unwrap();
    let days: Vec<_> = groups.iter().map(|group| group.day.as_deref()).collect();
    assert_eq!(days, [Some("2026-07-01"), None]);
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken, done.without_day), (1, 2, 1));
    let day = Assignment { day: Some("2026-02-28".into()), ..Assignment::default() };
    phone.room().assign(&[groups[1].number], &day).unwrap();
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken, done.without_day), (2, 4, 0));
    assert_eq!(phone.entry(done.entries[1]).learned_on, "2026-02-28");
}

/// An app that knows one photo, and hands out another each time it is asked for "changing".
struct App(Vec<u8>);

impl PhotoOpener for App {
    fn open(&self, reference: &str) -> Result<Box<dyn Read + Send>> {
        match reference {
            "content://1" => Ok(Box::new(std::io::Cursor::new(self.0.clone()))),
            "endless" => Ok(Box::new(std::io::repeat(0xFF))),
            _ => Err(Error::Image("this photo is not in the gallery any more: leave it out".into())),
        }
    }
}

#[test]
fn what_has_no_path_is_opened_by_the_app() {
    let phone = Phone::new();
    let app = App(shot(1, "2026-05-03T10:00:00"));
    let source = |reference: &str| Source {
        place: Place::Reference(reference.into()),
        name: reference.into(),
        modified_ms: None,
    };
    phone.begin(&["content://1", "content://2", "endless"].map(source));
    assert!(phone.room().scan(None, &Cancel::new(), &NoProgress).is_err(), "nobody opens them");
    let seen = phone.room().scan(Some(&app), &Cancel::new(), &NoProgress).unwrap();
    assert_eq!(reasons(&seen)[0].1, "this photo is not in the gallery any more: leave it out");
    assert!(reasons(&seen)[1].1.contains("larger than 64 MB"));
    let done = phone.room().run(Some(&app), &Cancel::new(), &NoProgress).unwrap();
    assert_eq!((done.taken, phone.times(done.entries[0])), (1, vec!["2026-05-03T10:00:00".to_owned()]));
}

#[test]
fn a_full_store_breaks_off_and_what_was_made_stays() {
    let phone = Phone::new();
    phone.begin(&phone.shots(&WEEK));
    phone.scan();
    let limit = |sql: &str| {
        phone.room().context.storage.write(|tx| Ok(tx.query_row(sql, [], |_| Ok(()))?)).unwrap();
    };
    limit("PRAGMA max_page_count = 1");
    let refused = phone.room().run(None, &Cancel::new(), &NoProgress);
    limit("PRAGMA max_page_count = 1000000");
    assert_eq!(refused, Err(Error::StorageFull));
    let before = phone.room().overview().unwrap().unwrap();
    assert_eq!(phone.files(), 2 * before.taken as usize);
    assert_eq!(phone.client().entries().count().unwrap(), before.entries.len() as u64);
    assert_eq!(phone.run().taken, 6);
}

#[test]
fn of_a_file_given_twice_the_copy_comes_in_when_the_first_cannot_be_read() {
    let phone = Phone::new();
    let whole = shot(1, "2026-05-03T10:00:00");
    let names = ["first.jpg", "copy.jpg", "third.jpg", "fourth.jpg"];
    phone.begin(&names.map(|name| phone.file(name, &whole)));
    assert_eq!((phone.scan().duplicates, phone.scan().waiting), (3, 1));
    for gone in &names[..2] {
        std::fs::remove_file(phone.gallery(gone)).unwrap();
    }
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken, done.duplicates, done.unreadable.len()), (1, 1, 1, 2));
    assert_eq!(phone.times(done.entries[0]), ["2026-05-03T10:00:00"]);
    let last = phone.room().photos().unwrap().pop().unwrap();
    assert_eq!((last.left_out, last.duplicate), (true, Some(Duplicate::Given(PhotoNumber(3)))));
    assert_eq!(phone.run().entries.len(), 1, "and only once");
}

#[test]
fn a_group_whose_photos_the_record_came_to_have_meanwhile_says_so() {
    let phone = Phone::new();
    let sources = phone.shots(&WEEK[..1]);
    phone.begin(&sources);
    phone.scan();
    let entry = phone.client().entries().create(crate::entries::tests::draft("Pond", "2026-05-04")).unwrap();
    let Place::Path(path) = &sources[0].place else { panic!("a reference") };
    let path = crate::attachments::ImportSource::Path(path.into());
    phone.client().attachments().import(entry.id, path, "", "", &Cancel::new(), &NoProgress).unwrap();
    assert_eq!(phone.run().entries, []);
    let why = phone.room().groups().unwrap().remove(0).why;
    assert_eq!(why.as_deref(), Some("all of its photos are in the record already"));
}

#[test]
fn more_photos_than_may_be_under_way_are_refused_also_when_they_come_in_parts() {
    let phone = Phone::new();
    let shots = phone.shots(&WEEK[..1]);
    phone.begin(&vec![shots[0].clone(); MAX_SOURCES - 1]);
    phone.room().add(&shots).unwrap();
    let refused = phone.room().add(&shots).unwrap_err().to_string();
    assert!(refused.contains("20000"), "{refused}");
}
