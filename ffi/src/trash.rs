//! What was thrown away, of every kind.
use crate::border::{Result, call};
use crate::ids::Id;
use kinfolio_core::changes::ChangeKind;
use kinfolio_core::ids::RecordId;
use kinfolio_core::trash;

type KeepFor = trash::KeepFor;
type Trashed = trash::Trashed;

/// How long things stay in the trash.
#[uniffi::remote(Enum)]
pub enum KeepFor {
    Days30,
    Days90,
    Ever,
}

/// A thing in the trash.
#[uniffi::remote(Record)]
pub struct Trashed {
    /// Its room.
    pub kind: ChangeKind,
    /// Its id.
    pub id: Id,
    /// When it was put there, milliseconds since 1970.
    pub trashed_at: i64,
    /// When it goes for good at the earliest; none when nothing goes by itself.
    pub goes_at: Option<i64>,
}

/// The room of the trash.
#[derive(uniffi::Object)]
pub struct TrashClient {
    pub(crate) room: trash::TrashClient,
}

#[uniffi::export]
impl TrashClient {
    /// What lies in the trash, what was put there last first. Needs notes and assessments are on their own shelves.
    ///
    /// # Errors
    /// As [`trash::TrashClient::list`].
    pub fn list(&self) -> Result<Vec<Trashed>> {
        call(|| self.room.list())
    }

    /// Takes a thing out of the trash. Needs notes and assessments are on their own shelves.
    ///
    /// # Errors
    /// As [`trash::TrashClient::restore`].
    pub fn restore(&self, id: Id) -> Result<()> {
        call(|| self.room.restore(RecordId(id)))
    }

    /// Destroys what lies in the trash, on all phones and for good. `expected` is the number that the person confirmed.
    /// Needs notes and assessments are destroyed where they are unlocked.
    ///
    /// # Errors
    /// As [`trash::TrashClient::purge`].
    pub fn purge(&self, ids: Vec<Id>, expected: u64) -> Result<()> {
        call(|| self.room.purge(&ids.into_iter().map(RecordId).collect::<Vec<_>>(), expected))
    }

    /// How long things stay in the trash, on all phones.
    ///
    /// # Errors
    /// As [`trash::TrashClient::keep_for`].
    pub fn keep_for(&self) -> Result<KeepFor> {
        call(|| self.room.keep_for())
    }

    /// Sets how long things stay in the trash, on all phones.
    ///
    /// # Errors
    /// As [`trash::TrashClient::set_keep_for`].
    pub fn set_keep_for(&self, keep: KeepFor) -> Result<()> {
        call(|| self.room.set_keep_for(keep))
    }
}
