//! Shelves: records of the small kinds (books, goals, letters, …), each a plain struct of fields, kept, listed, merged
//! and thrown away in one way. A kind says what its fields are; everything else is here.

mod choice;
mod field;
mod queries;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use choice::choice;
pub use field::{Field, MAX_ITEMS, chosen, day, id, ids, known, lines, text, write};
pub use queries::{Found, ShelfRows, find, list as listed};

use crate::calendar;
use crate::changes::ChangeKind;
use crate::context::{Context, Edit};
use crate::error::{Error, OrNotFound, Result};
use crate::ids::{self as fresh, LearnerId, RecordId};
use crate::records::{Document, Kind, Value};
use crate::storage::Transaction;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The field that every kind has: when it was written down, milliseconds since 1970. Set once.
pub const RECORDED_AT: u32 = 0;

/// One small kind of record: a plain struct of what people type.
pub trait Item: Clone + Send + Sync + 'static {
    /// Its id.
    type Id: Copy + From<RecordId> + Into<RecordId>;
    /// The number of its kind.
    const KIND: Kind;
    /// What screens hear when one changes.
    const CHANGE: ChangeKind;
    /// What a refusal calls it.
    const NAME: &'static str;
    /// Listed in a table of its own, which no other list or search reads.
    const PRIVATE: bool = false;

    /// Its fields, checked, each under a number above 0 that never changes its meaning.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names the one that can't be kept.
    fn fields(&self) -> Result<Vec<Field>>;

    /// Refuses fields that can't stand beside each other. What is kept already may: two phones changed one field each.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] says which to change.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The item of a document. What a newer app wrote is no error.
    fn read(doc: &Document) -> Self;

    /// By which day it is listed; empty for none.
    fn day(&self) -> &str {
        ""
    }

    /// Whose it is; nobody's is everybody's.
    fn learners(&self) -> &[LearnerId] {
        &[]
    }

    /// The texts by which a search finds it, its title first; none when no search does.
    fn found_by(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// An item as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T: Item> {
    /// Its id.
    pub id: T::Id,
    /// What was typed.
    pub item: T,
    /// When it was written down, milliseconds since 1970. It never changes.
    pub recorded_at: i64,
}

/// Which items. All that is given must hold at once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// This learner's, and those that are nobody's.
    pub learner: Option<LearnerId>,
    /// From this day on, `YYYY-MM-DD`. What has no day is then left out.
    pub first_day: Option<String>,
    /// Up to this day.
    pub last_day: Option<String>,
    /// What lies in the trash instead of what does not.
    pub trashed: bool,
}

/// The shelf of one kind.
pub struct Shelf<T> {
    context: Arc<Context>,
    of: PhantomData<T>,
}

impl<T> Clone for Shelf<T> {
    fn clone(&self) -> Self {
        Self { context: Arc::clone(&self.context), of: PhantomData }
    }
}

impl<T> fmt::Debug for Shelf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}

impl<T: Item> Shelf<T> {
    /// The shelf over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context, of: PhantomData }
    }

    /// Keeps a new one. One that names a learner who was left on this phone stays on it too.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names what can't be kept, [`Error::NotFound`] an unknown learner.
    pub fn add(&self, item: &T) -> Result<Kept<T>> {
        self.context.edit(|tx| add(item, tx))
    }

    /// One of them, from the trash too.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: T::Id) -> Result<Kept<T>> {
        self.context.storage.read(|tx| queries::get::<T>(tx, id)?.or_not_found(T::NAME))
    }

    /// Those that match, the newest day first; of one day, what was written down last comes first.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn list(&self, look: &Look) -> Result<Vec<Kept<T>>> {
        self.context.storage.read(|tx| list(tx, look))
    }

    /// Makes one read `now`. `base` is what the editor began with: what others changed since then stays.
    ///
    /// # Errors
    /// As [`Shelf::add`]; [`Error::NotFound`], [`Error::InvalidInput`] for one in the trash.
    pub fn save(&self, id: T::Id, base: &T, now: &T) -> Result<Kept<T>> {
        self.context.edit(|tx| save(id, base, now, tx))
    }

    /// Puts one into the trash; an edit that another phone makes meanwhile brings it back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn trash(&self, id: T::Id) -> Result<()> {
        self.context.edit(|tx| set_trashed::<T>(id, true, tx))
    }

    /// Takes one out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn restore(&self, id: T::Id) -> Result<()> {
        self.context.edit(|tx| set_trashed::<T>(id, false, tx))
    }
}

/// Those that match, in a read that is under way.
///
/// # Errors
/// As [`Shelf::list`].
pub fn list<T: Item>(tx: &Transaction<'_>, look: &Look) -> Result<Vec<Kept<T>>> {
    for day in [&look.first_day, &look.last_day].into_iter().flatten() {
        calendar::day(day, "the first and last day")?;
    }
    queries::list::<T>(tx, look)
}

/// Keeps a new one in a write that is under way.
///
/// # Errors
/// As [`Shelf::add`].
pub fn add<T: Item>(item: &T, tx: &mut Edit<'_>) -> Result<Kept<T>> {
    let fields = item.fields()?;
    item.check()?;
    let id = fresh::make(tx.random());
    let mut doc = Document::new(T::KIND);
    doc.set(RECORDED_AT, Value::Int(tx.now_ms()), &tx.stamper);
    for now in fields {
        known(&doc, None, &now, tx)?;
        write(&mut doc, None, now, &tx.stamper)?;
    }
    tx.save_new(RecordId(id), &doc)?;
    Ok(kept(RecordId(id), &doc))
}

/// Makes one read `now` in a write that is under way.
///
/// # Errors
/// As [`Shelf::save`].
pub fn save<T: Item>(id: T::Id, base: &T, now: &T, tx: &mut Edit<'_>) -> Result<Kept<T>> {
    let before = tx.load(id, T::KIND, T::NAME)?;
    let mut doc = before.doc.clone();
    if doc.is_trashed() {
        return Err(Error::invalid(format!("this {} is in the trash: restore it first", T::NAME)));
    }
    let fields = now.fields()?;
    if base.check().is_ok() {
        now.check()?;
    }
    // What another phone wrote may be beyond what is taken here: then the document itself is what the editor began with.
    let base = base.fields().unwrap_or_default();
    let mut base = base.iter();
    let mut changed = false;
    for now in fields {
        let base = base.next();
        if matches!(now, Field::Id(_, Some(other), _) if other == id.into().0) {
            return Err(Error::invalid(format!(
                "this {} can't be named by itself: choose another one",
                T::NAME
            )));
        }
        known(&doc, base, &now, tx)?;
        changed |= write(&mut doc, base, now, &tx.stamper)?;
    }
    if changed {
        tx.save_changed(T::NAME, &before, &doc)?;
    }
    Ok(kept(id.into(), &doc))
}

/// One of them in a write that is under way.
///
/// # Errors
/// [`Error::NotFound`], for one in the trash too.
pub fn open<T: Item>(id: T::Id, tx: &Edit<'_>) -> Result<Kept<T>> {
    Ok(kept(id.into(), &tx.load_visible(id, T::KIND, T::NAME)?.doc))
}

fn set_trashed<T: Item>(id: T::Id, trashed: bool, tx: &mut Edit<'_>) -> Result<()> {
    let mut doc = tx.load(id, T::KIND, T::NAME)?.doc;
    if doc.set_trashed(trashed, &tx.stamper) {
        tx.save(id, &doc)?;
    }
    Ok(())
}

/// Refuses a first day after the last: what [`Item::check`] asks of a kind that has both.
///
/// # Errors
/// [`Error::InvalidInput`].
pub fn in_order<T: Item>(first: Option<&str>, last: Option<&str>) -> Result<()> {
    match first.zip(last) {
        Some((first, last)) if last < first => {
            Err(Error::invalid(format!("this {} ends before it begins: change one of its two days", T::NAME)))
        }
        _ => Ok(()),
    }
}

fn kept<T: Item>(rid: RecordId, doc: &Document) -> Kept<T> {
    Kept { id: rid.into(), item: T::read(doc), recorded_at: doc.int(RECORDED_AT).unwrap_or_default() }
}
