//! What can be changed before the photos become entries, and what can't any more.

use super::*;

/// Each group's photos.
fn numbers(groups: &[Group]) -> Vec<Vec<u32>> {
    groups.iter().map(|group| group.photos.iter().map(|photo| photo.0).collect()).collect()
}

fn ready() -> (Phone, Vec<Group>) {
    let phone = Phone::new();
    phone.begin(&phone.shots(&WEEK));
    phone.scan();
    let groups = phone.room().groups().unwrap();
    assert_eq!(numbers(&groups), [vec![2, 3], vec![4], vec![6], vec![5], vec![1]]);
    (phone, groups)
}

#[test]
fn groups_are_joined_parted_and_photos_moved_always_in_the_order_of_time() {
    let (phone, groups) = ready();
    let room = phone.room();
    let merged = room.merge(&[groups[2].number, groups[0].number, groups[0].number]).unwrap();
    assert_eq!(numbers(&merged), [vec![2, 3, 6], vec![4], vec![5], vec![1]]);
    let split = room.split(PhotoNumber(3)).unwrap();
    assert_eq!(numbers(&split), [vec![2], vec![3, 6], vec![4], vec![5], vec![1]]);
    assert_eq!(
        numbers(&room.split(PhotoNumber(3)).unwrap()),
        numbers(&split),
        "the first photo parts nothing off"
    );
    let moved = room.move_photo(PhotoNumber(1), Some(split[0].number)).unwrap();
    assert_eq!(numbers(&moved), [vec![2, 1], vec![3, 6], vec![4], vec![5]], "an empty group goes");
    let alone = room.move_photo(PhotoNumber(6), None).unwrap();
    assert_eq!(numbers(&alone), [vec![2, 1], vec![3], vec![4], vec![6], vec![5]]);
    assert_eq!(numbers(&room.regroup(6).unwrap()), [vec![2, 3, 4], vec![6], vec![5], vec![1]]);
    assert_eq!(room.merge(&[]), Err(Error::NotFound("group")));
    assert_eq!(room.split(PhotoNumber(77)), Err(Error::NotFound("photo to catch up")));
    assert_eq!(
        room.leave_out(&[PhotoNumber(1), PhotoNumber(77)], true),
        Err(Error::NotFound("photo to catch up"))
    );
    assert!(!room.photos().unwrap()[0].left_out, "all of it or nothing");
}

#[test]
fn a_joined_group_has_everybodys_learners_and_tags_and_a_parted_one_says_the_same() {
    let (phone, groups) = ready();
    let learners = ["Otter", "Vole"].map(|name| phone.learner(name));
    for (group, learner, tag, title) in [(0, 0, "pond", ""), (1, 1, "walk", "Second")] {
        let what = Assignment {
            learners: Some(vec![learners[learner]]),
            tags: Some(vec![tag.into()]),
            title: Some(title.into()),
            ..Assignment::default()
        };
        phone.room().assign(&[groups[group].number], &what).unwrap();
    }
    let merged = phone.room().merge(&[groups[0].number, groups[1].number]).unwrap();
    assert_eq!((merged[0].learners.as_slice(), merged[0].title.as_str()), (&learners[..], "Second"));
    assert_eq!(merged[0].tags, ["pond", "walk"]);
    let split = phone.room().split(PhotoNumber(3)).unwrap();
    assert_eq!((&split[1].learners, &split[1].tags), (&split[0].learners, &split[0].tags));
}

#[test]
fn only_what_is_ticked_becomes_an_entry_and_left_out_photos_stay_out() {
    let (phone, groups) = ready();
    let untick = Assignment { ticked: Some(false), ..Assignment::default() };
    phone.room().assign(&[groups[1].number, groups[2].number], &untick).unwrap();
    phone.room().leave_out(&[PhotoNumber(3), PhotoNumber(1)], true).unwrap();
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken, done.left_out, done.waiting), (2, 2, 2, 0));
    assert_eq!(phone.times(done.entries[0]), ["2026-05-03T10:00:00"]);
    let tick = Assignment { ticked: Some(true), ..Assignment::default() };
    phone.room().assign(&[groups[1].number], &tick).unwrap();
    assert_eq!(phone.run().taken, 3);

    // What became an entry is the entry's business.
    for refused in [
        phone.room().assign(&[groups[0].number], &tick),
        phone.room().merge(&[groups[0].number, groups[2].number]),
        phone.room().move_photo(PhotoNumber(2), None),
        phone.room().move_photo(PhotoNumber(6), Some(groups[0].number)),
    ] {
        assert_eq!(refused, Err(Error::invalid("these photos are an entry already: change the entry")));
    }
    assert_eq!(phone.room().leave_out(&[PhotoNumber(2)], true), Err(Error::NotFound("photo to catch up")));
}

#[test]
fn what_an_entry_cannot_say_is_refused_for_all_groups_at_once() {
    let (phone, groups) = ready();
    let all: Vec<_> = groups.iter().map(|group| group.number).collect();
    for wrong in [
        Assignment { title: Some("x".repeat(201)), ..Assignment::default() },
        Assignment { learners: Some(vec![LearnerId([7; 16])]), ..Assignment::default() },
        Assignment { subjects: Some(vec![SubjectId([7; 16])]), ..Assignment::default() },
        Assignment { tags: Some(vec![" ".into()]), ..Assignment::default() },
        Assignment { day: Some("yesterday".into()), ..Assignment::default() },
    ] {
        phone.room().assign(&all, &wrong).unwrap_err();
    }
    phone.room().assign(&[all[0], GroupNumber(99)], &Assignment::default()).unwrap_err();
    assert_eq!(phone.room().groups().unwrap(), groups, "nothing was assigned");
}

#[test]
fn a_learner_who_went_meanwhile_is_named_and_the_other_groups_go_on() {
    let (phone, groups) = ready();
    let learner = phone.learner("Otter");
    let what = Assignment { learners: Some(vec![learner]), ..Assignment::default() };
    phone.room().assign(&[groups[1].number], &what).unwrap();
    // As another phone's purge does.
    let sql = "DELETE FROM record WHERE rid = ?1";
    phone.room().context.storage.write(|tx| Ok(tx.execute(sql, [learner.as_bytes()])?)).unwrap();
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken, done.waiting), (4, 5, 1));
    let why = phone.room().groups().unwrap()[1].why.clone().unwrap();
    assert_eq!(why, "learner not found: choose anew what these photos belong to");
    assert_eq!(phone.files(), 10);
    let nobody = Assignment { learners: Some(vec![]), ..Assignment::default() };
    phone.room().assign(&[groups[1].number], &nobody).unwrap();
    assert_eq!(phone.run().taken, 6);
}

/// Tries to change things while they are worked on.
struct Meddler<'a>(&'a CatchUpClient, Mutex<Vec<Result<()>>>);

impl Progress for Meddler<'_> {
    fn progress(&self, _done: u64, _total: u64) {
        let tries = [self.0.regroup(1).map(drop), self.0.end(), self.0.split(PhotoNumber(3)).map(drop)];
        self.1.lock().unwrap().extend(tries);
        self.0.overview().unwrap();
    }
}

#[test]
fn nothing_is_rearranged_while_photos_are_taken_in_and_looking_is_free() {
    let (phone, _) = ready();
    let meddler = Meddler(phone.room(), Mutex::default());
    phone.room().run(None, &Cancel::new(), &meddler).unwrap();
    let busy = Err(Error::invalid("the photos are being worked on: wait for that, or cancel it"));
    let tries = meddler.1.into_inner().unwrap();
    assert!(tries.len() == 18 && tries.iter().all(|one| *one == busy));
}

#[test]
fn photos_that_are_added_make_groups_of_their_own_and_change_no_other() {
    let (phone, groups) = ready();
    let title = Assignment { title: Some("Pond".into()), ..Assignment::default() };
    phone.room().assign(&[groups[0].number], &title).unwrap();
    phone.run();
    phone.room().add(&[phone.file("late.jpg", &shot(80, "2026-05-03T10:10:00"))]).unwrap();
    assert_eq!(phone.scan().waiting, 1);
    let done = phone.run();
    assert_eq!((done.entries.len(), done.taken), (6, 7));
    assert_eq!(phone.entry(done.entries[0]).title, "Pond");
}

#[test]
fn a_parted_group_keeps_the_day_that_was_chosen_and_a_joined_one_that_of_the_oldest() {
    let (phone, groups) = ready();
    let day = Assignment { day: Some("2026-06-01".into()), ..Assignment::default() };
    phone.room().assign(&[groups[1].number], &day).unwrap();
    let merged = phone.room().merge(&[groups[0].number, groups[1].number]).unwrap();
    assert_eq!(merged[0].day.as_deref(), Some("2026-05-03"), "the oldest has a day of its own");
    phone.room().assign(&[groups[0].number], &day).unwrap();
    let split = phone.room().split(PhotoNumber(3)).unwrap();
    let days: Vec<_> = split.iter().take(2).map(|group| group.day.as_deref()).collect();
    assert_eq!(days, [Some("2026-06-01"); 2]);
}

#[test]
fn a_photo_that_was_left_out_of_an_entry_and_is_wanted_after_all_makes_one_of_its_own() {
    let (phone, groups) = ready();
    phone.room().leave_out(&[PhotoNumber(3)], true).unwrap();
    let first = phone.run();
    assert_eq!(phone.times(first.entries[0]), ["2026-05-03T10:00:00"]);
    let now = phone.room().leave_out(&[PhotoNumber(3)], false).unwrap();
    assert_eq!(now.len(), groups.len() + 1);
    let done = phone.run();
    assert_eq!(done.entries.len(), first.entries.len() + 1);
    assert!(done.entries.iter().any(|entry| phone.times(*entry) == ["2026-05-03T10:20:00"]));
}

#[test]
fn tags_are_kept_as_lines_whatever_was_typed() {
    let (phone, groups) = ready();
    let what = Assignment { tags: Some(vec![" pond\nfrogs ".into()]), ..Assignment::default() };
    let now = phone.room().assign(&[groups[0].number], &what).unwrap();
    assert_eq!(now[0].tags, ["pond frogs"]);
}
