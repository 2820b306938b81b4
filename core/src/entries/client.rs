//! The door of the entries' room.

use super::{
    CalendarDay, Cursor, Entry, EntryDraft, EntryEdit, Hit, Month, Page, TimelineQuery, order, queries,
    transaction,
};
use crate::context::Context;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::EntryId;
use crate::records::Kind;
use std::sync::Arc;

/// The entries' room.
#[derive(Debug, Clone)]
pub struct EntriesClient {
    pub(super) context: Arc<Context>,
}

impl EntriesClient {
    /// The room over this store.
    pub const fn new(context: Arc<Context>) -> Self {
        Self { context }
    }

    /// Keeps a new entry. It survives a pulled battery once this returns.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] names the item that can't be kept, [`Error::NotFound`] an unknown learner or subject.
    ///
    /// An entry that names a learner who was left on this phone stays on it too.
    pub fn create(&self, draft: EntryDraft) -> Result<Entry> {
        self.context.edit(|tx| transaction::keep(draft, tx))
    }

    /// One entry, from the trash too.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn get(&self, id: EntryId) -> Result<Entry> {
        self.context.storage.read(|tx| queries::get(tx, id)?.or_not_found("entry"))
    }

    /// Changes an entry. What others changed since [`EntryEdit::base`] was read stays.
    ///
    /// # Errors
    /// As [`EntriesClient::create`]; [`Error::InvalidInput`] for an entry in the trash.
    pub fn update(&self, id: EntryId, edit: EntryEdit) -> Result<Entry> {
        self.context.edit(|tx| transaction::change(id, edit, tx))
    }

    /// A page of the timeline.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn timeline(&self, query: &TimelineQuery) -> Result<Page> {
        self.context.storage.read(|tx| queries::timeline(tx, query))
    }

    /// The months of a query with their numbers of entries, the newest first: its cursor and page size don't count.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn months(&self, query: &TimelineQuery) -> Result<Vec<Month>> {
        self.context.storage.read(|tx| queries::months(tx, query))
    }

    /// The place in the timeline before a month, `YYYY-MM`: a page from here begins with the month's last day.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a month that is none.
    pub fn jump(&self, month: &str) -> Result<Cursor> {
        let first = crate::calendar::parse(&format!("{month}-01"));
        let first = first.ok_or_else(|| Error::invalid("the month must look like 2026-05"))?;
        Ok(Cursor(order::day_end(&first.last_of_month().to_string())))
    }

    /// Days from first to last that have an entry on record, and whose.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for days that are none.
    pub fn calendar(&self, first_day: &str, last_day: &str) -> Result<Vec<CalendarDay>> {
        let (first, last) = (order::day(first_day)?, order::day(last_day)?);
        self.context.storage.read(|tx| queries::days(tx, &first, &last))
    }

    /// Entries of `query` that hold every word, the last one as a beginning, newest first. Accents and case don't
    /// matter, and no character means anything else than itself. A page that is full may have another behind it: it
    /// begins [`before`](TimelineQuery::before) the [`next`](Hit::next) of its last hit.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for a first or last day that is none.
    pub fn search(&self, text: &str, query: &TimelineQuery) -> Result<Vec<Hit>> {
        self.context.storage.read(|tx| queries::search(tx, text, query))
    }

    /// Puts an entry into the trash; an edit that another phone makes meanwhile brings it back.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn trash(&self, id: EntryId) -> Result<()> {
        self.set_trashed(id, true)
    }

    /// Takes an entry out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn restore(&self, id: EntryId) -> Result<()> {
        self.set_trashed(id, false)
    }

    /// What lies in the trash, the last one first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn trashed(&self) -> Result<Vec<Entry>> {
        self.context.storage.read(queries::trashed)
    }

    /// Drafts, newest day first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn drafts(&self) -> Result<Vec<Entry>> {
        self.context.storage.read(queries::drafts)
    }

    /// How many entries there are, drafts too, without those in the trash.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn count(&self) -> Result<u64> {
        self.context.storage.read(queries::count)
    }

    fn set_trashed(&self, id: EntryId, trashed: bool) -> Result<()> {
        self.context.edit(|tx| {
            let mut doc = tx.load(id, Kind::Entry, "entry")?.doc;
            if doc.set_trashed(trashed, &tx.stamper) {
                tx.save(id, &doc)?;
            }
            Ok(())
        })
    }
}
