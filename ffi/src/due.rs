//! What is due: reminders, letters to answer, goals with a day, entries for exams, in one list by day.
use crate::border::{Result, call};
use crate::ids::Id;
use kinfolio_core::{due, ids};

type LearnerId = ids::LearnerId;
type Due = due::Due;
type DueKind = due::DueKind;

/// What something due is.
#[uniffi::remote(Enum)]
pub enum DueKind {
    /// A reminder.
    Reminder,
    /// A letter that waits for an answer.
    Letter,
    /// A goal that is meant for a day.
    Goal,
    /// The last day to enter for an exam.
    ExamEntry,
}

/// Something due.
#[uniffi::remote(Record)]
pub struct Due {
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// From this day on it is told.
    pub told_from: String,
    /// What it is.
    pub kind: DueKind,
    /// Its id on its own shelf.
    pub id: Id,
    /// What is due.
    pub title: String,
    /// Whose; nobody is everybody.
    pub learners: Vec<LearnerId>,
}

/// The room of what is due.
#[derive(uniffi::Object)]
pub struct DueClient {
    pub(crate) room: due::DueClient,
}

#[uniffi::export]
impl DueClient {
    /// Everything that is due up to a day, the earliest first.
    ///
    /// # Errors
    /// As [`due::DueClient::until`].
    pub fn until(&self, learner: Option<LearnerId>, day: String) -> Result<Vec<Due>> {
        call(|| self.room.until(learner, &day))
    }

    /// What is to be told on a day in this minute of it: nothing where reminders are off, or in quiet hours.
    ///
    /// # Errors
    /// As [`due::DueClient::told`].
    pub fn told(&self, day: String, minute: i64) -> Result<Vec<Due>> {
        call(|| self.room.told(&day, minute))
    }
}
