//! Entries in a read or write that is under way, for rooms that do more than one thing in it.

use super::{Entry, EntryDraft, EntryEdit, Hit, Page, TimelineQuery, edit, queries};
use crate::context::Edit;
use crate::error::{Error, OrNotFound, Result};
use crate::ids::EntryId;
use crate::records::{self, Document, Kind};
use crate::storage::Transaction;
use kinfolio_protocol::labels::sha256;

/// Writes a new entry, with what `also` puts into its document, in a transaction under way.
///
/// # Errors
/// As [`super::EntriesClient::create`], and what `also` returns.
pub fn add(
    tx: &mut Edit<'_>,
    id: EntryId,
    draft: EntryDraft,
    also: impl FnOnce(&mut Edit<'_>, &mut Document) -> Result<()>,
) -> Result<Entry> {
    let mut doc = Document::new(Kind::Entry);
    edit::write_new(&mut doc, draft, tx)?;
    also(tx, &mut doc)?;
    tx.save_new(id, &doc)?;
    queries::get(tx.tx, id)?.or_not_found("entry")
}

/// Keeps a new entry with nothing beside its draft, in a write that is under way.
///
/// # Errors
/// As [`super::EntriesClient::create`].
pub fn keep(draft: EntryDraft, tx: &mut Edit<'_>) -> Result<Entry> {
    let id = EntryId::make(tx.random());
    add(tx, id, draft, |_, _| Ok(()))
}

/// Keeps the entry that is made of `of`, so that phones which make it without hearing of each other make one. The draft
/// holds no text but its note. One that is there already stays as it is; one that was thrown away gets a successor.
///
/// # Errors
/// As [`super::EntriesClient::create`].
pub fn keep_once(made_by: &[u8], of: &[&[u8]], draft: EntryDraft, tx: &mut Edit<'_>) -> Result<Entry> {
    let Some(id) = records::derived(tx.tx, made_by, of)?.map(EntryId) else { return keep(draft, tx) };
    match records::load(tx.tx, id)? {
        Some(there) if there.doc.is_shown() => return queries::get(tx.tx, id)?.or_not_found("entry"),
        Some(_) => return keep(draft, tx),
        None => {}
    }
    // Typed by nobody in particular: the same note from two phones is one text, another note is another's.
    let own = tx.stamper;
    tx.stamper.text_client = same_typist(id, &draft.note);
    let kept = add(tx, id, draft, |_, _| Ok(()));
    tx.stamper = own;
    kept
}

/// A number of 53 bits for who types this note into this entry.
fn same_typist(id: EntryId, note: &str) -> u64 {
    let hash = sha256(&[id.as_bytes(), note.as_bytes()].concat());
    hash.as_bytes().first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes)) >> 11
}

/// Changes an entry in a write that is under way.
///
/// # Errors
/// As [`super::EntriesClient::update`].
pub fn change(id: EntryId, edit: EntryEdit, tx: &mut Edit<'_>) -> Result<Entry> {
    let before = tx.load(id, Kind::Entry, "entry")?;
    let mut doc = before.doc.clone();
    if doc.is_trashed() {
        return Err(trashed());
    }
    if edit::write_changes(&mut doc, edit, tx)? {
        tx.save_changed("entry", &before, &doc)?;
    }
    queries::get(tx.tx, id)?.or_not_found("entry")
}

/// An entry that is there in a read or write that is under way.
///
/// # Errors
/// [`Error::NotFound`], [`Error::InvalidInput`] for one in the trash.
pub fn open(tx: &Transaction<'_>, id: EntryId) -> Result<Entry> {
    let entry = queries::get(tx, id)?.or_not_found("entry")?;
    if entry.trashed_at.is_some() {
        return Err(trashed());
    }
    Ok(entry)
}

/// A page of the timeline in a read or write that is under way.
///
/// # Errors
/// As [`super::EntriesClient::timeline`].
pub fn page(tx: &Transaction<'_>, query: &TimelineQuery) -> Result<Page> {
    queries::timeline(tx, query)
}

/// What is found in a read that is under way.
///
/// # Errors
/// As [`super::EntriesClient::search`].
pub fn search(tx: &Transaction<'_>, text: &str, query: &TimelineQuery) -> Result<Vec<Hit>> {
    queries::search(tx, text, query)
}

fn trashed() -> Error {
    Error::invalid("this entry is in the trash: restore it first")
}

/// One entry in a read or write that is under way, from the trash too; none when there is none.
///
/// # Errors
/// When the store can't be read.
pub fn find(tx: &Transaction<'_>, id: EntryId) -> Result<Option<Entry>> {
    queries::get(tx, id)
}

/// Refuses what [`add`] would refuse, and writes nothing.
///
/// # Errors
/// As [`super::EntriesClient::create`].
pub fn check(tx: &Edit<'_>, draft: EntryDraft) -> Result<()> {
    edit::write_new(&mut Document::new(Kind::Entry), draft, tx)
}
