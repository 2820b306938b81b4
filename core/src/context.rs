//! What every room is given, and the one path by which a room writes.

use crate::changes::{Change, Changes};
use crate::clock::{Clock, Randomness};
use crate::error::{Error, OrNotFound, Result};
use crate::host::ImageDecoder;
use crate::ids::{BlobId, LearnerId, RecordId};
use crate::records::{self, Document, Sealer, Stamper, StoredRecord, Synced};
use crate::steps::{Step, Steps, Written};
use crate::storage::{Storage, Transaction};
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What every room is given.
pub struct Context {
    /// The encrypted store.
    pub storage: Storage,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub random: Arc<dyn Randomness>,
    /// Who listens.
    pub changes: Changes,
    /// The platform's picture decoder, where there is one.
    pub images: Option<Arc<dyn ImageDecoder>>,
    /// The folder of the store; sealed files lie in `blobs` inside it.
    pub dir: PathBuf,
    /// Rooms that keep rows of their own, by the kind of record they show.
    pub rooms: Vec<Arc<dyn Synced>>,
    /// This installation's number in text cells: 53 random bits.
    pub text_client: u64,
    /// What this session wrote.
    pub steps: Steps,
    /// Rooms that write beside others.
    pub beside: Vec<Arc<dyn Beside>>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}

impl Context {
    /// Writes in one transaction: rows, search index, sealed state and dirty flag together, or nothing. Listeners
    /// are told after the commit.
    ///
    /// # Errors
    /// What `work` returns, and [`Error::StorageFull`](crate::Error::StorageFull).
    pub fn edit<T>(&self, work: impl FnOnce(&mut Edit<'_>) -> Result<T>) -> Result<T> {
        let (value, changes, step) = self.storage.write(|tx| {
            let sealer = self.sealer(tx)?;
            let now_ms = records::corrected_now(tx, &*self.clock)?;
            let stamper = Stamper { now_ms, device_no: sealer.device_no(), text_client: self.text_client };
            let mut edit = Edit {
                tx,
                context: self,
                sealer,
                stamper,
                changes: Vec::new(),
                written: Vec::new(),
                taken_back: TakenBack::ByUndo,
            };
            let value = work(&mut edit)?;
            edit.tell_beside()?;
            Ok((value, edit.changes, (edit.taken_back, Step { written: edit.written, at_ms: now_ms })))
        })?;
        match step {
            (TakenBack::ByUndo, step) => self.steps.push(step, goes_on),
            (TakenBack::ByItself, step) => self.steps.push(step, |_, _| false),
            (TakenBack::NoStep, _) => {}
            (TakenBack::Never, _) => self.steps.clear(),
        }
        self.changes.tell(changes);
        Ok(value)
    }

    /// Where a sealed file lies.
    pub fn blob_path(&self, blob: BlobId) -> PathBuf {
        self.blob_folder().join(blob.to_string())
    }

    /// Where a sealed file lies while it is being written or fetched.
    pub fn blob_part_path(&self, blob: BlobId) -> PathBuf {
        self.blob_path(blob).with_extension("part")
    }

    /// The folder of sealed files.
    pub fn blob_folder(&self) -> PathBuf {
        blob_folder(&self.dir)
    }

    /// Makes the names of sealed files durable, and that of their folder: a file is no safer than what it lies in.
    ///
    /// # Errors
    /// The system's own.
    pub fn settle_blobs(&self) -> std::io::Result<()> {
        [&self.blob_folder(), &self.dir].into_iter().try_for_each(|folder| File::open(folder)?.sync_all())
    }

    /// The sealer of this phone's own space.
    ///
    /// # Errors
    /// As [`Sealer::current`].
    pub fn sealer(&self, tx: &Transaction<'_>) -> Result<Sealer<'_>> {
        Sealer::current(tx, &*self.random)
    }

    /// The records of all rooms that may name a learner.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn naming(&self, tx: &Transaction<'_>, learner: LearnerId) -> Result<Vec<RecordId>> {
        let mut found = Vec::new();
        for room in &self.rooms {
            found.extend(room.naming(tx, learner)?);
        }
        Ok(found)
    }

    /// Brings the rows of every room that shows this kind of record up to the document.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn materialise(
        &self,
        tx: &Transaction<'_>,
        rid: RecordId,
        document: &Document,
    ) -> Result<Vec<Change>> {
        records::trash::note(tx, rid, document)?;
        let mut changes = Vec::new();
        for room in self.rooms.iter().filter(|room| room.kind() == document.kind()) {
            changes.extend(room.materialise(tx, rid, document)?);
        }
        Ok(changes)
    }
}

/// The folder of sealed files inside a store's folder.
pub fn blob_folder(dir: &Path) -> PathBuf {
    dir.join("blobs")
}

/// Whether a step goes on with the typing of the one before it: it changes the same fields, which were there.
fn goes_on(was: &Written, now: &Written) -> bool {
    let fields = |written: &Written| {
        let before = records::unpacked(written.before.as_ref()?).ok()?;
        let after = records::unpacked(&written.after).ok()?;
        let fields = after.changed_fields(&before);
        (before.is_trashed() == after.is_trashed() && !fields.is_empty()).then_some(fields)
    };
    fields(was).is_some_and(|was| fields(now) == Some(was))
}

/// How a write is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TakenBack {
    /// It is a step of this session.
    ByUndo,
    /// It is a step, and no typing that goes on.
    ByItself,
    /// It is not anybody's step: undo itself, or housekeeping.
    NoStep,
    /// It destroys something.
    Never,
}

/// A room that writes something of its own beside what others write, in the same transaction.
pub trait Beside: Send + Sync {
    /// What one write wrote, each record once; told at the end of the work.
    ///
    /// # Errors
    /// When the store can't be written: nothing of the whole write is kept then.
    fn written(&self, written: &[Written], tx: &mut Edit<'_>) -> Result<()>;
}

/// A write under way.
pub struct Edit<'a> {
    /// The transaction; everything a room writes goes through it.
    pub tx: &'a Transaction<'a>,
    /// Gives the stamps of what is written now.
    pub stamper: Stamper,
    sealer: Sealer<'a>,
    context: &'a Context,
    changes: Vec<Change>,
    written: Vec<Written>,
    taken_back: TakenBack,
}

impl fmt::Debug for Edit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit")
    }
}

impl Edit<'_> {
    /// A record of this kind.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), holding `name`, when there is none, it is of another kind or
    /// it is a tombstone.
    pub fn load(
        &self,
        rid: impl Into<RecordId>,
        kind: records::Kind,
        name: &'static str,
    ) -> Result<StoredRecord> {
        let stored = records::load(self.tx, rid)?;
        stored
            .filter(|stored| stored.doc.kind() == u16::from(kind) && !stored.doc.is_purged())
            .or_not_found(name)
    }

    /// A record that is not in the trash.
    ///
    /// # Errors
    /// As [`Edit::load`], and for a record in the trash.
    pub fn load_visible(
        &self,
        rid: impl Into<RecordId>,
        kind: records::Kind,
        name: &'static str,
    ) -> Result<StoredRecord> {
        Some(self.load(rid, kind, name)?).filter(|stored| !stored.doc.is_trashed()).or_not_found(name)
    }

    /// Numbers the records of a list from 1, those named first and in this order, then the rest of `all` as they stand.
    ///
    /// # Errors
    /// As [`Edit::load_visible`].
    pub fn reorder<I: Copy + PartialEq + Into<RecordId>>(
        &mut self,
        (named, all): (&[I], Vec<I>),
        (kind, name): (records::Kind, &'static str),
        field: u32,
    ) -> Result<()> {
        let rest = all.into_iter().filter(|id| !named.contains(id));
        let order: Vec<I> = named.iter().copied().chain(rest).collect();
        for (place, id) in (1..).zip(order) {
            let mut doc = self.load_visible(id, kind, name)?.doc;
            if doc.set(field, records::Value::Int(place), &self.stamper) {
                self.save(id, &doc)?;
            }
        }
        Ok(())
    }

    /// Keeps a record: its cells, its ciphertext, the dirty flag, and the rows of every room that shows it.
    ///
    /// # Errors
    /// [`Error::InvalidInput`](crate::Error::InvalidInput) when it is larger than a server takes.
    pub fn save(&mut self, rid: impl Into<RecordId>, document: &Document) -> Result<()> {
        let rid = rid.into();
        let before = records::cells(self.tx, rid)?;
        records::save(self.tx, &self.sealer, rid, document)?;
        let after = records::cells(self.tx, rid)?.or_not_found("record")?;
        match self.written.iter_mut().find(|written| written.rid == rid) {
            Some(written) => written.after = after,
            None => self.written.push(Written { rid, kind: document.kind(), before, after }),
        }
        self.changes.extend(self.context.materialise(self.tx, rid, document)?);
        Ok(())
    }

    /// Keeps a new record; one that names what stays on this phone stays on it too.
    ///
    /// # Errors
    /// As [`Edit::save`].
    pub fn save_new(&mut self, rid: impl Into<RecordId>, document: &Document) -> Result<()> {
        let rid = rid.into();
        self.save(rid, document)?;
        if records::names_what_stays(self.tx, document, None)? {
            records::leave(self.tx, rid)
        } else {
            Ok(())
        }
    }

    /// Keeps what a record has become. What the family shares names nothing that stays on this phone.
    ///
    /// # Errors
    /// As [`Edit::save`]; [`Error::InvalidInput`] calls it `name` where it would.
    pub fn save_changed(&mut self, name: &str, before: &StoredRecord, document: &Document) -> Result<()> {
        if !before.local_only && records::names_what_stays(self.tx, document, Some(&before.doc))? {
            return Err(Error::invalid(format!(
                "this {name} is shared with the family, and that learner or thing stays on this phone: write one of its own"
            )));
        }
        self.save(before.rid, document)
    }

    fn tell_beside(&mut self) -> Result<()> {
        let written = std::mem::take(&mut self.written);
        for room in &self.context.beside {
            room.written(&written, self)?;
        }
        self.written = written;
        Ok(())
    }

    /// Keeps a record that goes along with others: no step of its own, and nothing is written beside it.
    ///
    /// # Errors
    /// As [`Edit::save`].
    pub fn save_beside(&mut self, rid: RecordId, document: &Document) -> Result<()> {
        records::save(self.tx, &self.sealer, rid, document)?;
        self.changes.extend(self.context.materialise(self.tx, rid, document)?);
        Ok(())
    }

    /// This write is a step of its own, however soon it follows typing in the same fields.
    pub const fn is_a_step_by_itself(&mut self) {
        self.taken_back = TakenBack::ByItself;
    }

    /// This write is no step of the session: undo takes back the one before it.
    pub const fn is_no_step(&mut self) {
        self.taken_back = TakenBack::NoStep;
    }

    /// This write destroys something: undo takes back neither it nor what was before it.
    pub const fn cannot_be_taken_back(&mut self) {
        self.taken_back = TakenBack::Never;
    }

    /// The corrected time, milliseconds since 1970.
    pub const fn now_ms(&self) -> i64 {
        self.stamper.now_ms
    }

    /// Random bytes.
    pub fn random(&self) -> &dyn Randomness {
        &*self.context.random
    }
}
