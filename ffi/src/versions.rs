//! What entries were before.
use crate::border::{Result, call};
use crate::ids::Id;
use kinfolio_core::ids::{EntryId, RecordId, SubjectId};
use kinfolio_core::versions;

type LearnerLine = kinfolio_core::entries::LearnerLine;

/// What an entry was.
#[derive(uniffi::Record)]
pub struct Version {
    /// The record that holds it.
    pub record: Id,
    /// Its place there.
    pub place: u64,
    /// When it was written, milliseconds since 1970.
    pub written_at: i64,
    /// When it was replaced.
    pub replaced_at: i64,
    /// Its title.
    pub title: String,
    /// Its note.
    pub note: String,
    /// Its day, `YYYY-MM-DD`.
    pub learned_on: String,
    /// Its minutes.
    pub minutes: Option<i64>,
    /// Its learners with their lines.
    pub learners: Vec<LearnerLine>,
    /// Its subjects.
    pub subjects: Vec<SubjectId>,
    /// Its tags.
    pub tags: Vec<String>,
}

impl From<versions::Version> for Version {
    fn from(version: versions::Version) -> Self {
        Self {
            record: version.id.record.0,
            place: version.id.place,
            written_at: version.written_at,
            replaced_at: version.replaced_at,
            title: version.title,
            note: version.note,
            learned_on: version.learned_on,
            minutes: version.minutes,
            learners: version.learners,
            subjects: version.subjects,
            tags: version.tags,
        }
    }
}

/// The room of earlier versions.
#[derive(uniffi::Object)]
pub struct VersionsClient {
    pub(crate) room: versions::VersionsClient,
}

#[uniffi::export]
impl VersionsClient {
    /// What an entry was in the last 30 days, the newest first.
    ///
    /// # Errors
    /// As [`versions::VersionsClient::list`].
    pub fn list(&self, entry: EntryId) -> Result<Vec<Version>> {
        call(|| Ok(self.room.list(entry)?.into_iter().map(Version::from).collect()))
    }

    /// Makes an entry read as a version does, by an edit; `record` and `place` are the version's.
    ///
    /// # Errors
    /// As [`versions::VersionsClient::restore`].
    pub fn restore(&self, entry: EntryId, record: Id, place: u64) -> Result<()> {
        let version = versions::VersionId { record: RecordId(record), place };
        call(|| self.room.restore(entry, version))
    }
}
