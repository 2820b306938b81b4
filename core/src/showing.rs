//! What an older app carried without showing it gets its rows when a newer one first opens the store.

use crate::context::Context;
use crate::error::Result;
use crate::records::fields::entry;
use crate::records::{self, Document, Kind};
use crate::storage;

/// What the rooms of this version show. It goes up when a room begins to show a kind or a field that older apps
/// merged and kept unseen.
const SHOWN: i64 = 6;
/// What the rooms of the first version showed.
const FIRST: i64 = 1;
const NAME: &str = "shown";

/// Brings the rows of every room up to records that were written by newer apps while this one was older.
///
/// # Errors
/// When the store can't be read or written; nothing has changed then.
pub fn bring_up(context: &Context) -> Result<()> {
    context.storage.write(|tx| {
        if storage::number(tx, NAME)?.unwrap_or(FIRST) >= SHOWN {
            return Ok(());
        }
        for rid in records::all(tx)? {
            let Some(stored) = records::load(tx, rid)? else { continue };
            if holds_more(&stored.doc) || stored.doc.is_trashed() {
                context.materialise(tx, rid, &stored.doc)?;
            }
        }
        storage::keep_number(tx, NAME, SHOWN)
    })
}

/// Whether the first version showed less than this holds.
fn holds_more(doc: &Document) -> bool {
    let known = match doc.kind() {
        kind if kind == u16::from(Kind::Learner) => 5,
        kind if kind == u16::from(Kind::Subject) => 3,
        kind if kind == u16::from(Kind::Entry) => 11,
        _ => return true,
    };
    let has_files = doc.kind() == u16::from(Kind::Entry) && doc.elements(entry::ATTACHMENTS).next().is_some();
    has_files || doc.last_field().is_some_and(|field| field > known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::ImportSource;
    use crate::entries::tests::{Phone, draft};
    use crate::entries::{Annotation, EntryDraft};
    use crate::goals::Goal;
    use crate::progress::{Cancel, NoProgress};
    use crate::shelf::Look;
    use crate::storage::Transaction;

    /// An older app's view of the store: no rows of what it did not know.
    fn forget(tx: &Transaction<'_>) -> Result<()> {
        tx.execute_batch("DELETE FROM shelf; DELETE FROM shelf_learner; UPDATE entry SET sample = 0")?;
        storage::keep_number(tx, NAME, FIRST)
    }

    #[test]
    fn what_an_older_app_carried_unseen_is_shown_by_the_newer_one() {
        let phone = Phone::new(1);
        let goals = phone.client.shelf::<Goal>();
        goals.add(&Goal { title: "Swim".into(), ..Goal::default() }).unwrap();
        let annotation = Annotation { sample: true, ..Annotation::default() };
        let entry = phone.create(EntryDraft { annotation, ..draft("Pond", "2026-05-03") });
        let plain = phone.create(draft("Walk", "2026-05-04"));
        let context = phone.context();
        context.storage.write(forget).unwrap();
        assert_eq!(goals.list(&Look::default()).unwrap(), []);
        bring_up(&context).unwrap();
        assert_eq!(goals.list(&Look::default()).unwrap().len(), 1);
        assert_eq!(phone.client.entries().get(entry.id).unwrap(), entry);
        assert_eq!(phone.client.entries().get(plain.id).unwrap(), plain);
    }

    #[test]
    fn a_file_that_an_older_app_carried_unseen_is_listed_by_the_newer_one() {
        let phone = Phone::new(1);
        let entry = phone.create(draft("Song", "2026-05-03")).id;
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
        let source = ImportSource::Bytes(frame.repeat(3));
        let room = phone.client.attachments();
        let taken = room.import_file(entry, source, "song.mp3", "", &Cancel::new(), &NoProgress).unwrap();
        let older = |tx: &Transaction<'_>| {
            tx.execute_batch("DELETE FROM attachment; DELETE FROM blob")?;
            storage::keep_number(tx, NAME, SHOWN - 1)
        };
        phone.context().storage.write(older).unwrap();
        assert_eq!(room.list(entry).unwrap(), []);
        bring_up(&phone.context()).unwrap();
        assert_eq!(room.list(entry).unwrap()[0].file, taken.file);
    }
}
