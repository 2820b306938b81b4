//! Taking back the last step of this session.
use crate::border::{Result, call};
use kinfolio_core::changes::Change;
use kinfolio_core::undo;

type Did = undo::Did;
type Undoable = undo::Undoable;

/// What was done to something.
#[uniffi::remote(Enum)]
pub enum Did {
    Added,
    Changed,
    Trashed,
    Restored,
}

/// A step of this session.
#[uniffi::remote(Record)]
pub struct Undoable {
    /// What was done to the first of them.
    pub did: Did,
    /// What it touched, in the order in which it was written.
    pub things: Vec<Change>,
}

/// The room of undo.
#[derive(uniffi::Object)]
pub struct UndoClient {
    pub(crate) room: undo::UndoClient,
}

#[uniffi::export]
impl UndoClient {
    /// The step that `undo` would take back; none where it is about needs notes or assessments alone.
    ///
    /// # Errors
    /// As [`undo::UndoClient::last`].
    pub fn last(&self) -> Result<Option<Undoable>> {
        call(|| self.room.last())
    }

    /// Takes back the last step of this session; says what it was.
    ///
    /// # Errors
    /// As [`undo::UndoClient::undo`].
    pub fn undo(&self) -> Result<Undoable> {
        call(|| self.room.undo())
    }
}
