//! Writes a family into a phone's store, through the same rooms that the app uses.

use kinfolio_core::Result;
use kinfolio_core::attachments::ImportSource;
use kinfolio_core::client::Client;
use kinfolio_core::entries::{EntryDraft, LearnerLine};
use kinfolio_core::ids::{EntryId, LearnerId, SubjectId};
use kinfolio_core::learners::NewLearner;
use kinfolio_core::progress::{Cancel, NoProgress};

use super::{Entry, Family, Photo, photo_folder};
use std::path::PathBuf;

/// What was written, each list in the family's order.
#[derive(Debug, Clone, Default)]
pub struct Planted {
    /// Learners.
    pub learners: Vec<LearnerId>,
    /// Subjects.
    pub subjects: Vec<SubjectId>,
    /// Entries.
    pub entries: Vec<EntryId>,
    /// How many photos were taken in.
    pub photos: usize,
}

/// Writes learners, subjects and entries, and takes in the photos out of `tests/fixtures`.
///
/// # Errors
/// What the rooms answer.
pub fn plant(client: &Client, family: &Family) -> Result<Planted> {
    plant_from(client, family, |_, photo| photo_folder().join(&photo.file))
}

/// The same, with the photos where `lies` says; it is asked with the place of the entry in the family.
///
/// # Errors
/// What the rooms answer.
pub fn plant_from(
    client: &Client,
    family: &Family,
    lies: impl Fn(usize, &Photo) -> PathBuf,
) -> Result<Planted> {
    let mut planted = Planted::default();
    for learner in &family.learners {
        let new = NewLearner {
            nickname: learner.nickname.clone(),
            colour: learner.colour.clone(),
            emoji: learner.emoji.clone(),
        };
        planted.learners.push(client.learners().add(new)?.id);
    }
    for subject in &family.subjects {
        planted.subjects.push(client.subjects().add(subject, "")?.id);
    }
    for (place, entry) in family.entries.iter().enumerate() {
        let id = client.entries().create(planted.draft(entry))?.id;
        for photo in &entry.photos {
            let source = ImportSource::Path(lies(place, photo));
            client.attachments().import(
                id,
                source,
                &photo.caption,
                &photo.alt,
                &Cancel::new(),
                &NoProgress,
            )?;
            planted.photos += 1;
        }
        planted.entries.push(id);
    }
    Ok(planted)
}

impl Planted {
    /// An entry as it is typed in, once learners and subjects are there.
    pub fn draft(&self, entry: &Entry) -> EntryDraft {
        let line = |(place, line): &(usize, String)| {
            self.learners.get(*place).map(|learner| LearnerLine { learner: *learner, line: line.clone() })
        };
        EntryDraft {
            title: entry.title.clone(),
            note: entry.note.clone(),
            learned_on: entry.learned_on.clone(),
            minutes: entry.minutes,
            on_record: entry.on_record,
            starred: entry.starred,
            learners: entry.learners.iter().filter_map(line).collect(),
            subjects: entry.subjects.iter().filter_map(|place| self.subjects.get(*place).copied()).collect(),
            tags: entry.tags.clone(),
            ..EntryDraft::default()
        }
    }
}
