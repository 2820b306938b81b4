//! Taking the photos in: each group is one entry with all its photos, in one transaction, or not yet there.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::arrange::draft;
use super::queries::{self, Stored};
use super::{CatchUpClient, Group, Overview, PhotoNumber, PhotoState};
use crate::attachments::{self, ImportSource, Prepared};
use crate::entries;
use crate::error::{Error, OrNotFound, Result};
use crate::host::PhotoOpener;
use crate::ids::EntryId;
use crate::progress::{Cancel, Progress};

/// What the photos of one group turned out to be.
#[derive(Default)]
struct Sorted {
    prepared: Vec<Prepared>,
    taken: Vec<PhotoNumber>,
    unreadable: Vec<(PhotoNumber, String)>,
    /// Photos of the record after all.
    kept: Vec<PhotoNumber>,
}

/// Tells how many photos are done with.
struct Steps<'a> {
    done: u64,
    total: u64,
    progress: &'a dyn Progress,
}

impl Steps<'_> {
    fn step(&mut self) {
        self.done += 1;
        self.progress.progress(self.done, self.total);
    }
}

impl CatchUpClient {
    /// Makes entries of the ticked groups that have a day, the oldest first, one picture in memory at a time. Broken off, it
    /// goes on with the next group when it is called again: an entry is there with all its photos, or not yet.
    ///
    /// A photo that can't be taken in is named in the overview, and its group's entry does without. Photos that the record
    /// came to have since they were looked at are left out, unless somebody asked for them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing is under way; [`Error::InvalidInput`] when somebody is at it; [`Error::Cancelled`];
    /// [`Error::StorageFull`] and what else keeps every photo out. The entries until then stay.
    pub fn run(
        &self,
        opener: Option<&dyn PhotoOpener>,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Overview> {
        let _work = self.work()?;
        let storage = &self.context.storage;
        storage.read(queries::settings)?.or_not_found("catch-up")?;
        let mut groups = storage.read(queries::groups)?;
        groups
            .retain(|group| group.entry.is_none() && group.ticked && group.wanted > 0 && group.day.is_some());
        let known = self.attachments.hashes()?;
        let older = self.attachments.hashes_of_older()?;
        let total = groups.iter().map(|group| u64::from(group.wanted)).sum();
        let mut steps = Steps { done: 0, total, progress };
        for group in groups {
            let photos = storage.read(|tx| queries::of_group(tx, group.number))?;
            let mut sorted = Sorted::default();
            let taken = photos
                .iter()
                .filter(|stored| stored.photo.state == PhotoState::Ready && !stored.photo.left_out)
                .try_for_each(|stored| {
                    self.take_one_of(stored, &mut sorted, opener, (&known, &older), cancel)?;
                    steps.step();
                    Ok(())
                });
            let named = taken.and_then(|()| self.keep(&group, &sorted));
            if named != Ok(true) {
                self.attachments.discard(&sorted.prepared);
            }
            named?;
        }
        self.overview()?.or_not_found("catch-up")
    }

    /// Takes a photo, or the same file from where else it was given.
    fn take_one_of(
        &self,
        stored: &Stored,
        sorted: &mut Sorted,
        opener: Option<&dyn PhotoOpener>,
        hashes: (&HashSet<[u8; 32]>, &HashSet<[u8; 32]>),
        cancel: &Cancel,
    ) -> Result<()> {
        cancel.check()?;
        if self.take(stored, sorted, opener, hashes, cancel)? {
            return Ok(());
        }
        for twin in self.context.storage.read(|tx| queries::twins(tx, stored.photo.number))? {
            cancel.check()?;
            if self.take(&twin, sorted, opener, hashes, cancel)? {
                break;
            }
        }
        Ok(())
    }

    /// Prepares one photo, or finds out why not. Says whether it could be read.
    fn take(
        &self,
        stored: &Stored,
        sorted: &mut Sorted,
        opener: Option<&dyn PhotoOpener>,
        (known, older): (&HashSet<[u8; 32]>, &HashSet<[u8; 32]>),
        cancel: &Cancel,
    ) -> Result<bool> {
        let number = stored.photo.number;
        let wanted_anyway = stored.asked_for;
        if !wanted_anyway && stored.hash.is_some_and(|hash| known.contains(&hash)) {
            sorted.kept.push(number);
            return Ok(true);
        }
        let prepared = stored.source.read(opener).and_then(|(bytes, _)| {
            let hash: [u8; 32] = Sha256::digest(&bytes).into();
            if stored.hash != Some(hash) {
                return Err(Error::Image(
                    "this file has changed since it was looked at: add it again".into(),
                ));
            }
            self.attachments.prepare(ImportSource::Bytes(bytes), "", "", cancel, &|| {})
        });
        match prepared {
            Ok(prepared) if !wanted_anyway && older.contains(prepared.display_hash()) => {
                self.attachments.discard(&[prepared]);
                sorted.kept.push(number);
            }
            Ok(prepared) => {
                sorted.prepared.push(prepared);
                sorted.taken.push(number);
            }
            Err(Error::Image(why)) => {
                sorted.unreadable.push((number, why));
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// The one transaction: the entry, its photos, and that this group is done with. Says whether there is an entry.
    fn keep(&self, group: &Group, sorted: &Sorted) -> Result<bool> {
        let day = group.day.clone().or_not_found("group's day")?;
        let made = self.context.edit(|edit| {
            let entry = match sorted.prepared.is_empty() {
                true => None,
                false => {
                    let id = EntryId::make(edit.random());
                    entries::add(edit, id, draft(group, &day), |edit, doc| {
                        attachments::attach(edit, id, doc, &sorted.prepared).map(drop)
                    })?;
                    Some(id)
                }
            };
            let chosen = queries::chosen_day(edit.tx, group.number)?;
            for (photo, why) in &sorted.unreadable {
                queries::unreadable(edit.tx, *photo, why)?;
            }
            for photo in &sorted.taken {
                queries::taken(edit.tx, *photo)?;
                // It may have been given with the photos of another group.
                queries::put_into(edit.tx, *photo, Some(group.number))?;
            }
            sorted.kept.iter().try_for_each(|photo| queries::kept(edit.tx, *photo))?;
            let why = entry.is_none().then(|| match sorted.unreadable.is_empty() {
                true => "all of its photos are in the record already".to_owned(),
                false => "none of its photos could be taken in".to_owned(),
            });
            // An entry's day is the entry's own from now on.
            let day = entry.map(|_| day.as_str()).or(chosen.as_deref());
            queries::keep_group(edit.tx, &Group { entry, why, ..group.clone() }, day)?;
            queries::drop_empty(edit.tx)?;
            Ok(entry.is_some())
        });
        match made {
            // What this one entry can't say keeps no other from being made.
            Err(Error::InvalidInput(why)) => self.put_off(group, why),
            Err(Error::NotFound(what)) => {
                self.put_off(group, format!("{what} not found: choose anew what these photos belong to"))
            }
            made => made,
        }
    }

    fn put_off(&self, group: &Group, why: String) -> Result<bool> {
        self.context.storage.write(|tx| {
            let chosen = queries::chosen_day(tx, group.number)?;
            queries::keep_group(tx, &Group { why: Some(why), ..group.clone() }, chosen.as_deref())?;
            Ok(false)
        })
    }
}
