//! What the trash promises.

use super::*;
use crate::attachments::ImportSource;
use crate::entries::tests::{Phone, draft};
use crate::entries::{Entry, EntryEdit};
use crate::goals::Goal;
use crate::ids::{AttachmentId, EntryId};
use crate::private::NeedsNote;
use crate::progress::{Cancel, NoProgress};
use crate::records::{Key, Stamper, fields};

const PHOTO: &[u8] = include_bytes!("../../../tests/fixtures/photos/cat.jpg");

fn thrown_away(phone: &Phone, title: &str) -> Entry {
    let entry = phone.create(draft(title, "2026-05-03"));
    phone.client.entries().trash(entry.id).unwrap();
    entry
}

fn photographed(phone: &Phone) -> (EntryId, AttachmentId) {
    let entry = phone.create(draft("Cat", "2026-05-03")).id;
    let source = ImportSource::Bytes(PHOTO.to_vec());
    let taken = phone.client.attachments().import(entry, source, "", "", &Cancel::new(), &NoProgress);
    (entry, taken.unwrap().id)
}

fn is_there(phone: &Phone, id: EntryId) -> bool {
    phone.client.entries().get(id).is_ok()
}

/// So many days go by, on each of which the phone syncs.
fn days_go_by(phone: &Phone, days: i64) -> u64 {
    let tend = |_| {
        phone.clock.advance(DAY_MS);
        phone.client.trash().tend(0).unwrap()
    };
    (0..days).map(tend).sum()
}

#[test]
fn what_was_thrown_away_is_listed_whatever_its_kind_and_private_notes_are_not() {
    let phone = Phone::new(1);
    let entry = thrown_away(&phone, "Pond");
    let goal = phone.client.shelf::<Goal>().add(&Goal { title: "Swim".into(), ..Goal::default() }).unwrap();
    let maths = phone.client.subjects().add("Maths", "").unwrap();
    let note = NeedsNote { day: "2026-05-03".into(), ..NeedsNote::default() };
    let needs = crate::shelf::Shelf::<NeedsNote>::new(phone.context());
    let note = needs.add(&note).unwrap();
    phone.clock.advance(1);
    phone.client.shelf::<Goal>().trash(goal.id).unwrap();
    phone.clock.advance(1);
    phone.client.subjects().remove(maths.id).unwrap();
    needs.trash(note.id).unwrap();
    let trash = phone.client.trash();
    let listed = || trash.list().unwrap().into_iter().map(|one| (one.kind, one.id)).collect::<Vec<_>>();
    let all =
        [(ChangeKind::Subject, maths.id.0), (ChangeKind::Goal, goal.id.0), (ChangeKind::Entry, entry.id.0)];
    assert_eq!(listed(), all);
    let first = trash.list().unwrap()[0];
    assert_eq!(first.goes_at, Some(first.trashed_at + 30 * DAY_MS));
    trash.restore(maths.id.into()).unwrap();
    assert_eq!(phone.client.subjects().list().unwrap(), vec![maths.clone()]);
    assert_eq!(listed(), all[1..]);
    assert_eq!(trash.restore(maths.id.into()), Err(Error::NotFound("thing in the trash")));
}

#[test]
fn a_thing_goes_after_thirty_days_and_not_before() {
    let phone = Phone::new(1);
    let entry = thrown_away(&phone, "Pond");
    assert_eq!(days_go_by(&phone, 29), 0);
    assert!(is_there(&phone, entry.id));
    assert_eq!(days_go_by(&phone, 1), 1);
    assert!(!is_there(&phone, entry.id));
    assert!(phone.client.trash().list().unwrap().is_empty());
}

#[test]
fn what_is_taken_out_or_thrown_away_anew_while_the_trash_is_emptied_stays() {
    let phone = Phone::new(1);
    let [due, restored, anew] = ["Pond", "Sea", "Wood"].map(|title| thrown_away(&phone, title));
    assert_eq!(days_go_by(&phone, 29), 0);
    phone.clock.advance(DAY_MS);
    let trash = phone.client.trash();
    let found = trash.due(phone.context().clock.now_ms()).unwrap();
    assert_eq!(found.len(), 3);
    for entry in [&restored, &anew] {
        trash.restore(entry.id.into()).unwrap();
    }
    phone.client.entries().trash(anew.id).unwrap();
    assert_eq!(trash.let_go(&found), Ok(1));
    assert_eq!([due, restored, anew].map(|entry| is_there(&phone, entry.id)), [false, true, true]);
}

#[test]
fn a_clock_that_jumps_a_year_ahead_empties_nothing() {
    let phone = Phone::new(1);
    let entry = thrown_away(&phone, "Pond");
    let trash = phone.client.trash();
    phone.clock.advance(365 * DAY_MS);
    assert_eq!(trash.tend(-365 * DAY_MS).unwrap(), 0, "the server does not agree");
    for _ in 0..50 {
        phone.clock.advance(60_000);
        assert_eq!(trash.tend(0).unwrap(), 0, "many looks on one day are one");
    }
    assert_eq!(days_go_by(&phone, 3), 0, "seen on four days");
    assert!(is_there(&phone, entry.id));
    assert_eq!(days_go_by(&phone, 1), 1, "the fifth");
}

#[test]
fn the_family_chooses_how_long_things_stay() {
    let phone = Phone::new(1);
    let trash = phone.client.trash();
    assert_eq!(trash.keep_for().unwrap(), KeepFor::Days30);
    let entry = thrown_away(&phone, "Pond");
    trash.set_keep_for(KeepFor::Ever).unwrap();
    assert_eq!(trash.list().unwrap()[0].goes_at, None);
    assert_eq!(days_go_by(&phone, 89), 0);
    trash.set_keep_for(KeepFor::Days90).unwrap();
    assert_eq!(trash.keep_for().unwrap(), KeepFor::Days90);
    assert_eq!(days_go_by(&phone, 1), 1);
    assert!(!is_there(&phone, entry.id));
}

#[test]
fn purging_takes_the_number_that_was_confirmed_and_only_what_lies_in_the_trash() {
    let phone = Phone::new(1);
    let (one, two) = (thrown_away(&phone, "Pond"), thrown_away(&phone, "Sea"));
    let kept = phone.create(draft("Walk", "2026-05-04"));
    let trash = phone.client.trash();
    let both = [one.id.into(), two.id.into()];
    assert!(trash.purge(&both, 1).unwrap_err().to_string().contains("the one that was confirmed"));
    assert!(trash.purge(&[one.id.into(), kept.id.into()], 2).is_err());
    assert!(is_there(&phone, one.id), "nothing goes when one can't");
    trash.purge(&both, 2).unwrap();
    assert!(!is_there(&phone, one.id) && !is_there(&phone, two.id) && is_there(&phone, kept.id));
    assert_eq!(phone.client.undo().last().unwrap(), None, "and nothing of it is held for undo");
    let cells = phone.context().storage.read(|tx| records::cells(tx, one.id.into())).unwrap().unwrap();
    assert!(cells.len() < 40, "{} bytes", cells.len());
}

#[test]
fn what_is_edited_elsewhere_after_it_was_thrown_away_does_not_go() {
    let phone = Phone::new(1);
    let entry = thrown_away(&phone, "Pond");
    days_go_by(&phone, 29);
    phone
        .context()
        .edit(|tx| {
            let mut doc = records::load(tx.tx, entry.id)?.unwrap().doc;
            let theirs = Stamper { now_ms: tx.now_ms(), device_no: 9, text_client: 9 };
            doc.edit_text(fields::entry::NOTE, None, "Newts!", &theirs)?;
            tx.save(entry.id, &doc)
        })
        .unwrap();
    assert_eq!(days_go_by(&phone, 40), 0);
    assert_eq!(phone.client.entries().get(entry.id).unwrap().note, "Newts!");
    phone
        .client
        .entries()
        .update(entry.id, EntryEdit { title: Some("Newts".into()), ..EntryEdit::default() })
        .unwrap();
}

#[test]
fn a_purged_entrys_photos_go_and_those_that_another_entry_has_too_stay() {
    let phone = Phone::new(1);
    let ((one, photo), (two, other)) = (photographed(&phone), photographed(&phone));
    // The second entry has the first one's photo as well, under an id of its own.
    let third = AttachmentId([3; 16]);
    phone
        .context()
        .edit(|tx| {
            let (from, mut to) =
                (records::load(tx.tx, one)?.unwrap().doc, records::load(tx.tx, two)?.unwrap().doc);
            let element = from.element(fields::entry::ATTACHMENTS, &Key::id(photo)).unwrap().clone();
            to.put(fields::entry::ATTACHMENTS, Key::id(third), element, &tx.stamper);
            tx.save(two, &to)
        })
        .unwrap();
    let read = |id| phone.client.attachments().read(id, crate::attachments::Size::Display);
    let files = || std::fs::read_dir(phone.context().blob_folder()).unwrap().count();
    assert_eq!((files(), read(third).is_ok()), (4, true));
    phone.client.entries().trash(one).unwrap();
    phone.client.trash().purge(&[one.into()], 1).unwrap();
    assert!(read(photo).is_err());
    assert_eq!((files(), read(third).is_ok(), read(other).is_ok()), (4, true, true));
    phone.client.entries().trash(two).unwrap();
    phone.client.trash().purge(&[two.into()], 1).unwrap();
    assert_eq!(files(), 0);
}

#[test]
fn a_private_note_is_restored_destroyed_and_taken_back_only_by_who_shows_that_it_is_them() {
    struct Yes;
    impl crate::host::Presence for Yes {
        fn confirm(&self) -> Result<bool> {
            Ok(true)
        }
    }
    let phone = Phone::new(1);
    let private = phone.client.private(&Yes).unwrap();
    let note = NeedsNote { day: "2026-05-03".into(), ..NeedsNote::default() };
    let kept = private.needs().add(&note).unwrap();
    private.needs().trash(kept.id).unwrap();
    let (trash, undo) = (phone.client.trash(), phone.client.undo());
    let missing = Err(Error::NotFound("thing in the trash"));
    assert_eq!(trash.restore(kept.id.into()), missing);
    assert_eq!(trash.purge(&[kept.id.into()], 1), missing);
    assert_eq!((undo.last().unwrap(), undo.undo()), (None, Err(Error::NotFound("step to undo"))));
    assert!(private.needs().list(&crate::shelf::Look::default()).unwrap().is_empty());
    crate::undo::UndoClient::private(&private).undo().unwrap();
    assert_eq!(private.needs().list(&crate::shelf::Look::default()).unwrap(), std::slice::from_ref(&kept));
    let entry = thrown_away(&phone, "Pond");
    private.needs().trash(kept.id).unwrap();
    assert_eq!(trash.purge_private(&private, &[entry.id.into()], 1), missing, "and of those alone");
    trash.purge_private(&private, &[kept.id.into()], 1).unwrap();
    assert_eq!(private.needs().get(kept.id), Err(Error::NotFound("needs note")));
    assert!(is_there(&phone, entry.id));
}
