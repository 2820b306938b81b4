//! Undo: takes back the last step of this session by another edit, on all phones.

use crate::changes::Change;
use crate::context::Context;
use crate::error::{Error, OrNotFound, Result};
use crate::private::PrivateClient;
use crate::records::{self, Document, Kind, is_private, told_as, unpacked};
use crate::steps::{Step, Written};
use std::sync::Arc;

/// What was done to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Did {
    /// It was added.
    Added,
    /// It was changed.
    Changed,
    /// It was put into the trash.
    Trashed,
    /// It was taken out of the trash.
    Restored,
}

/// A step of this session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    /// What was done to the first of them.
    pub did: Did,
    /// What it touched, in the order in which it was written.
    pub things: Vec<Change>,
}

/// The room of undo.
#[derive(Debug, Clone)]
pub struct UndoClient {
    context: Arc<Context>,
    /// Who asks showed that they may see needs notes and assessments.
    private: bool,
}

impl UndoClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context, private: false }
    }

    /// The same for who may see needs notes and assessments.
    pub fn private(shown: &PrivateClient) -> Self {
        Self { context: Arc::clone(&shown.context), private: true }
    }

    /// The step that [`UndoClient::undo`] would take back; none at the beginning of a session, after what can't be taken
    /// back (a purge, a photo blacked out, a file read in), and where it is about needs notes or assessments alone: those
    /// are taken back where they are unlocked.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn last(&self) -> Result<Option<Undoable>> {
        self.context.steps.last().map_or(Ok(None), |step| undoable(&step, self.private))
    }

    /// Takes back the last step of this session: an edit, a bulk change, a merge, something put into the trash or taken
    /// out of it, something added. It is one more edit, which the other phones get as any other; what they changed
    /// beside it stays. Says what was taken back.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no step; [`Error::InvalidInput`] when another phone changed the same thing
    /// since: nothing is changed then, and the step is not offered again.
    pub fn undo(&self) -> Result<Undoable> {
        let step = self.context.steps.last().or_not_found("step to undo")?;
        let told = undoable(&step, self.private)?.or_not_found("step to undo")?;
        let done = self.context.edit(|tx| {
            tx.is_no_step();
            for written in step.written.iter().rev() {
                let mut doc = records::load(tx.tx, written.rid)?.or_not_found("record")?.doc;
                let (before, after) = versions(written)?;
                if doc.take_back(before.as_ref(), &after, &tx.stamper)? {
                    tx.save(written.rid, &doc)?;
                }
            }
            Ok(told)
        });
        // A full disk may have room again; what was changed since stays so.
        if matches!(done, Ok(_) | Err(Error::InvalidInput(_) | Error::NotFound(_))) {
            self.context.steps.forget(&step);
        }
        done
    }
}

fn versions(written: &Written) -> Result<(Option<Document>, Document)> {
    let before = match &written.before {
        Some(before) => Some(unpacked(before)?),
        // The settings are there from the beginning, all as nobody set them.
        None if written.kind == u16::from(Kind::Setting) => Some(Document::new(Kind::Setting)),
        None => None,
    };
    Ok((before, unpacked(&written.after)?))
}

/// What a step is called for who may see all of it, or all but private notes; none when nothing is left.
fn undoable(step: &Step, private: bool) -> Result<Option<Undoable>> {
    let shown = |written: &Written| {
        let kind = told_as(written.kind).filter(|_| private || !is_private(written.kind))?;
        Some(Change::of(kind, written.rid))
    };
    let Some(first) = step.written.iter().find(|written| shown(written).is_some()) else { return Ok(None) };
    let (before, after) = versions(first)?;
    let did = match before.map(|before| before.is_trashed()) {
        None => Did::Added,
        Some(was) if was == after.is_trashed() => Did::Changed,
        Some(false) => Did::Trashed,
        Some(true) => Did::Restored,
    };
    Ok(Some(Undoable { did, things: step.written.iter().filter_map(shown).collect() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entries::tests::{Phone, draft, line};
    use crate::entries::{EntryDraft, EntryEdit};
    use crate::goals::Goal;
    use crate::records::{Key, Value, fields};
    use proptest::prelude::*;

    fn note(text: &str) -> EntryEdit {
        EntryEdit { note: Some(text.into()), ..EntryEdit::default() }
    }

    #[test]
    fn the_last_step_is_taken_back_and_named_whatever_it_was() {
        let phone = Phone::new(1);
        let (undo, entries) = (phone.client.undo(), phone.client.entries());
        assert_eq!(undo.last().unwrap(), None);
        assert_eq!(undo.undo(), Err(Error::NotFound("step to undo")));
        let entry = phone.create(draft("Pond", "2026-05-03"));
        entries.update(entry.id, note("Frogs.")).unwrap();
        entries.trash(entry.id).unwrap();
        let of_entry =
            |did| Undoable { did, things: vec![Change::of(crate::changes::ChangeKind::Entry, entry.id)] };
        assert_eq!(undo.last().unwrap(), Some(of_entry(Did::Trashed)));
        assert_eq!(undo.undo().unwrap(), of_entry(Did::Trashed));
        assert_eq!(entries.get(entry.id).unwrap().note, "Frogs.");
        assert_eq!(undo.undo().unwrap(), of_entry(Did::Changed));
        assert_eq!(entries.get(entry.id).unwrap(), entry);
        assert_eq!(undo.undo().unwrap(), of_entry(Did::Added));
        assert!(entries.get(entry.id).unwrap().trashed_at.is_some());
        assert_eq!(undo.last().unwrap(), None);
    }

    #[test]
    fn a_merge_of_subjects_and_a_new_order_go_back_in_one_step_each() {
        let phone = Phone::new(1);
        let (undo, subjects) = (phone.client.undo(), phone.client.subjects());
        let ids = ["Maths", "Sums", "Art"].map(|name| subjects.add(name, "").unwrap().id);
        let names = || subjects.list().unwrap().into_iter().map(|subject| subject.name).collect::<Vec<_>>();
        subjects.merge(ids[1], ids[0]).unwrap();
        assert_eq!(names(), ["Maths", "Art"]);
        undo.undo().unwrap();
        assert_eq!(names(), ["Maths", "Sums", "Art"]);
        subjects.reorder(&[ids[2], ids[1], ids[0]]).unwrap();
        assert_eq!(undo.undo().unwrap().things.len(), 2, "the one in the middle did not move");
        assert_eq!(names(), ["Maths", "Sums", "Art"]);
    }

    #[test]
    fn a_step_that_another_phone_wrote_over_is_refused_whole_and_not_offered_again() {
        let phone = Phone::new(1);
        let goals = phone.client.shelf::<Goal>();
        let goal = goals.add(&Goal { title: "Swim".into(), ..Goal::default() }).unwrap();
        let entry = phone.create(draft("Pond", "2026-05-03"));
        phone.client.entries().update(entry.id, note("Frogs.")).unwrap();
        // What sync does: nobody's step.
        phone
            .context()
            .edit(|tx| {
                tx.is_no_step();
                let mut doc = records::load(tx.tx, entry.id)?.unwrap().doc;
                let theirs = records::Stamper { now_ms: tx.now_ms() + 1_000, device_no: 9, text_client: 9 };
                doc.edit_text(fields::entry::NOTE, None, "Frogs. And newts.", &theirs)?;
                tx.save(entry.id, &doc)
            })
            .unwrap();
        let refused = phone.client.undo().undo().unwrap_err();
        assert!(refused.to_string().contains("changed elsewhere since"));
        assert_eq!(phone.client.entries().get(entry.id).unwrap().note, "Frogs. And newts.");
        let next = phone.client.undo().undo();
        assert!(next.is_err(), "its making lies under somebody's edit too");
        phone.client.undo().undo().unwrap();
        assert!(goals.list(&crate::shelf::Look::default()).unwrap().is_empty());
        assert!(goals.get(goal.id).is_ok(), "in the trash");
    }

    #[test]
    fn typing_is_one_step_and_what_destroys_something_ends_what_can_be_taken_back() {
        let phone = Phone::new(1);
        let entry = phone.create(draft("Pond", "2026-05-03"));
        for text in ["F", "Fr", "Frogs."] {
            phone.clock.advance(2_000);
            phone.client.entries().update(entry.id, note(text)).unwrap();
        }
        phone.client.undo().undo().unwrap();
        assert_eq!(phone.client.entries().get(entry.id).unwrap().note, "");
        phone
            .context()
            .edit(|tx| {
                tx.cannot_be_taken_back();
                let mut doc = records::load(tx.tx, entry.id)?.unwrap().doc;
                doc.put(fields::entry::TAGS, Key::text("sea"), Value::Bool(true), &tx.stamper);
                tx.save(entry.id, &doc)
            })
            .unwrap();
        assert_eq!(phone.client.undo().last().unwrap(), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn undoing_everything_gives_the_first_record_back(edits in proptest::collection::vec((0..6u8, "[a-c ]{0,8}"), 1..12)) {
            let phone = Phone::new(7);
            let entries = phone.client.entries();
            let learner = phone.learner("Otter");
            let entry = phone.create(EntryDraft { tags: vec!["pond".into()], ..draft("Pond", "2026-05-03") });
            phone.context().steps.clear();
            let mut steps = 0;
            for (what, text) in edits {
                // Longer than a pause in typing.
                phone.clock.advance(60_000);
                let now = entries.get(entry.id).unwrap();
                let before = phone.context().steps.last();
                if now.trashed_at.is_some() {
                    entries.restore(entry.id).unwrap();
                } else {
                    let edit = match what {
                        0 => note(&text),
                        1 => EntryEdit { title: Some(text), ..EntryEdit::default() },
                        2 => EntryEdit { minutes: Some(text.len() as i64), ..EntryEdit::default() },
                        3 => EntryEdit { tags: Some(text.split(' ').filter(|tag| !tag.is_empty()).map(str::to_owned).collect()), ..EntryEdit::default() },
                        4 => EntryEdit { learners: Some(vec![line(learner.id, &text)]), ..EntryEdit::default() },
                        _ => { entries.trash(entry.id).unwrap(); EntryEdit::default() }
                    };
                    if what < 5 { entries.update(entry.id, edit).unwrap(); }
                }
                steps += usize::from(phone.context().steps.last() != before);
            }
            for _ in 0..steps {
                phone.client.undo().undo().unwrap();
            }
            prop_assert_eq!(phone.client.undo().last().unwrap(), None);
            prop_assert_eq!(entries.get(entry.id).unwrap(), entry);
        }
    }
}
