//! Looking back: this day in earlier years, and one subject a year apart.
use crate::border::{Result, call};
use kinfolio_core::entries;
use kinfolio_core::ids;
use kinfolio_core::memories;

type Entry = entries::Entry;
type LearnerId = ids::LearnerId;
type Memory = memories::Memory;
type MemoriesChoice = memories::Choice;
type SubjectId = ids::SubjectId;
type ThenAndNow = memories::ThenAndNow;

/// What was chosen on this phone. Nothing is shown before somebody said yes.
#[uniffi::remote(Enum)]
pub enum MemoriesChoice {
    NotAsked,
    On,
    Off,
}

/// What happened around one day in an earlier year.
#[uniffi::remote(Record)]
pub struct Memory {
    /// How many years ago.
    pub years_ago: u32,
    /// Entries on record, those of the day itself first, then the nearest; at most 12.
    pub entries: Vec<Entry>,
}

/// One learner's work in one subject, about a year apart. Both entries have a photo.
#[uniffi::remote(Record)]
pub struct ThenAndNow {
    /// The earlier one.
    pub then: Entry,
    /// The later one.
    pub now: Entry,
}

/// The room of looking back.
#[derive(uniffi::Object)]
pub struct MemoriesClient {
    pub(crate) room: memories::MemoriesClient,
}

#[uniffi::export]
impl MemoriesClient {
    /// What was chosen on this phone.
    ///
    /// # Errors
    /// As [`memories::MemoriesClient::choice`].
    pub fn choice(&self) -> Result<MemoriesChoice> {
        call(|| self.room.choice())
    }

    /// Keeps what somebody answered; it holds on this phone only.
    ///
    /// # Errors
    /// As [`memories::MemoriesClient::choose`].
    pub fn choose(&self, on: bool) -> Result<()> {
        call(|| self.room.choose(on))
    }

    /// Entries of earlier years from three days before to three days after this day of the year, the last year first.
    ///
    /// # Errors
    /// As [`memories::MemoriesClient::on_this_day`].
    #[uniffi::method(default(learner = None))]
    pub fn on_this_day(&self, day: String, learner: Option<LearnerId>) -> Result<Vec<Memory>> {
        call(|| self.room.on_this_day(&day, learner))
    }

    /// Two entries of one learner and subject, about a year apart.
    ///
    /// # Errors
    /// As [`memories::MemoriesClient::then_and_now`].
    pub fn then_and_now(&self, learner: LearnerId, subject: SubjectId) -> Result<Option<ThenAndNow>> {
        call(|| self.room.then_and_now(learner, subject))
    }
}
