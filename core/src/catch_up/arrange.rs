//! Arranging groups before they become entries: parting, joining, moving, leaving out, and what they say.

use std::collections::BTreeSet;

use super::queries;
use super::{Assignment, CatchUpClient, Group, GroupNumber, MAX_PHOTOS, PhotoNumber, scan};
use crate::entries::{self, EntryDraft, LearnerLine};
use crate::error::{Error, OrNotFound, Result};
use crate::input;
use crate::storage::Transaction;

impl CatchUpClient {
    /// Makes groups anew by another gap; of those that became entries nothing changes, and what the others said is gone.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing is under way; [`Error::InvalidInput`] for hours that can't be, or while the photos are
    /// being worked on, as in all of these.
    pub fn regroup(&self, gap_hours: u32) -> Result<Vec<Group>> {
        self.arrange(|tx| {
            let settings = queries::settings(tx)?.or_not_found("catch-up")?;
            let settings = super::Settings { gap_hours, ..settings };
            settings.checked()?;
            queries::keep_gap(tx, gap_hours)?;
            queries::ungroup(tx)?;
            scan::group(tx, &settings)
        })
    }

    /// Makes one group of several. It says what the oldest said, and has all their learners, subjects and tags.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] when one of them became an entry, or for too many photos.
    pub fn merge(&self, groups: &[GroupNumber]) -> Result<Vec<Group>> {
        self.arrange(|tx| {
            let numbers: BTreeSet<_> = groups.iter().copied().collect();
            let all = queries::groups(tx)?;
            let parts = numbers.into_iter().map(|number| open(tx, &all, number));
            let mut parts = parts.collect::<Result<Vec<_>>>()?;
            parts.sort_by_key(|(group, _)| (group.day.is_none(), group.day.clone(), group.number));
            let mut parts = parts.into_iter();
            let (mut whole, chosen) = parts.next().or_not_found("group")?;
            for (part, _) in parts {
                if whole.title.is_empty() {
                    whole.title = part.title;
                }
                if whole.note.is_empty() {
                    whole.note = part.note;
                }
                union(&mut whole.learners, part.learners);
                union(&mut whole.subjects, part.subjects);
                union(&mut whole.tags, part.tags);
                whole.photos.extend(&part.photos);
                part.photos.iter().try_for_each(|photo| queries::put_into(tx, *photo, Some(whole.number)))?;
            }
            room_for(whole.photos.len())?;
            queries::keep_group(tx, &whole, chosen.as_deref())
        })
    }

    /// Parts a group in two: this photo of it and all after it make a new one that says the same.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a photo that is in no group; [`Error::InvalidInput`] when it became an entry.
    pub fn split(&self, photo: PhotoNumber) -> Result<Vec<Group>> {
        self.arrange(|tx| {
            let all = queries::groups(tx)?;
            let (group, _) = open(tx, &all, group_of(&all, photo)?)?;
            let later: Vec<_> = group.photos.iter().skip_while(|number| **number != photo).collect();
            if later.len() == group.photos.len() {
                return Ok(());
            }
            let new = queries::new_group(tx, Some(group.number), group.on_record)?;
            later.into_iter().try_for_each(|number| queries::put_into(tx, *number, Some(new)))
        })
    }

    /// Puts a photo into another group, or into a new one of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidInput`] when either group became an entry, or for too many photos.
    pub fn move_photo(&self, photo: PhotoNumber, to: Option<GroupNumber>) -> Result<Vec<Group>> {
        self.arrange(|tx| {
            let all = queries::groups(tx)?;
            let (was, _) = open(tx, &all, group_of(&all, photo)?)?;
            let to = match to {
                Some(to) => {
                    let (group, _) = open(tx, &all, to)?;
                    room_for(group.photos.len() + 1)?;
                    to
                }
                None => queries::new_group(tx, None, was.on_record)?,
            };
            queries::put_into(tx, photo, Some(to))
        })
    }

    /// Leaves photos out, or takes them in although they are duplicates. One whose group became an entry without it makes a
    /// group of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a photo that is not there, can't be read or is in an entry.
    pub fn leave_out(&self, photos: &[PhotoNumber], left_out: bool) -> Result<Vec<Group>> {
        self.arrange(|tx| {
            let all = queries::groups(tx)?;
            for photo in photos {
                if !queries::choose(tx, *photo, !left_out)? {
                    return Err(Error::NotFound("photo to catch up"));
                }
                let done = all.iter().find(|group| group.entry.is_some() && group.photos.contains(photo));
                if let Some(done) = done.filter(|_| !left_out) {
                    let new = queries::new_group(tx, None, done.on_record)?;
                    queries::put_into(tx, *photo, Some(new))?;
                }
            }
            Ok(())
        })
    }

    /// Says the same of many groups.
    ///
    /// # Errors
    /// As [`entries::EntriesClient::create`] for what an entry can't say; [`Error::NotFound`] for a group that is not there;
    /// [`Error::InvalidInput`] when one became an entry. Nothing is assigned then.
    pub fn assign(&self, groups: &[GroupNumber], what: &Assignment) -> Result<Vec<Group>> {
        let _work = self.work()?;
        self.context.edit(|edit| {
            let all = queries::groups(edit.tx)?;
            for number in groups {
                let (mut group, chosen) = open(edit.tx, &all, *number)?;
                let day = what.day.clone().or(chosen);
                assign(&mut group, what)?;
                entries::check(edit, draft(&group, day.as_deref().unwrap_or("2000-01-01")))?;
                queries::keep_group(edit.tx, &group, day.as_deref())?;
            }
            queries::groups(edit.tx)
        })
    }

    fn arrange(&self, change: impl FnOnce(&Transaction<'_>) -> Result<()>) -> Result<Vec<Group>> {
        let _work = self.work()?;
        self.context.storage.write(|tx| {
            change(tx)?;
            queries::drop_empty(tx)?;
            queries::groups(tx)
        })
    }
}

/// The entry that a group becomes.
pub(super) fn draft(group: &Group, day: &str) -> EntryDraft {
    EntryDraft {
        title: group.title.clone(),
        note: group.note.clone(),
        learned_on: day.to_owned(),
        on_record: group.on_record,
        learners: group.learners.iter().copied().map(LearnerLine::from).collect(),
        subjects: group.subjects.clone(),
        tags: group.tags.clone(),
        ..EntryDraft::default()
    }
}

/// A group that may still be changed, and the day that was chosen for it.
fn open(tx: &Transaction<'_>, all: &[Group], number: GroupNumber) -> Result<(Group, Option<String>)> {
    let group = all.iter().find(|group| group.number == number).cloned().or_not_found("group")?;
    if group.entry.is_some() {
        return Err(Error::invalid("these photos are an entry already: change the entry"));
    }
    let chosen = queries::chosen_day(tx, number)?;
    Ok((group, chosen))
}

fn group_of(all: &[Group], photo: PhotoNumber) -> Result<GroupNumber> {
    let group = all.iter().find(|group| group.photos.contains(&photo));
    group.map(|group| group.number).or_not_found("photo to catch up")
}

fn room_for(photos: usize) -> Result<()> {
    if photos > MAX_PHOTOS {
        return Err(Error::invalid("an entry takes at most 200 photos: make two of it"));
    }
    Ok(())
}

fn union<T: PartialEq>(into: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !into.contains(&one) {
            into.push(one);
        }
    }
}

fn assign(group: &mut Group, what: &Assignment) -> Result<()> {
    fn put<T: Clone>(into: &mut T, given: Option<&T>) {
        if let Some(given) = given {
            into.clone_from(given);
        }
    }
    put(&mut group.title, what.title.as_ref());
    put(&mut group.note, what.note.as_ref());
    put(&mut group.learners, what.learners.as_ref());
    put(&mut group.subjects, what.subjects.as_ref());
    if let Some(tags) = &what.tags {
        let tags = tags.iter().map(|tag| input::line(tag, "a tag", entries::MAX_TAG));
        group.tags = tags.collect::<Result<_>>()?;
    }
    put(&mut group.on_record, what.on_record.as_ref());
    put(&mut group.ticked, what.ticked.as_ref());
    group.why = None;
    Ok(())
}
