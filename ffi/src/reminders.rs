//! Reminders and due dates: told on this phone alone, by day, and off when nobody sets one.
use crate::shelf::shelf;
use kinfolio_core::{ids, reminders};

type LearnerId = ids::LearnerId;
type ReminderId = ids::ReminderId;
type Every = reminders::Every;
type Reminder = reminders::Reminder;

/// How it comes back.
#[uniffi::remote(Enum)]
pub enum Every {
    /// Each year on the same day.
    Year,
    /// Each quarter of a year.
    Quarter,
    /// Each month.
    Month,
    /// Each week.
    Week,
}

/// A reminder.
#[uniffi::remote(Record)]
pub struct Reminder {
    /// What is due, 1 to 200 characters.
    pub title: String,
    /// The day it is due, or the first of several, `YYYY-MM-DD`.
    pub due_on: String,
    /// Days before that day on which it is told, 0 to 120.
    #[uniffi(default)]
    pub days_before: i64,
    /// How it comes back; once when it does not.
    #[uniffi(default)]
    pub every: Option<Every>,
    /// The last day for which it was done.
    #[uniffi(default)]
    pub done_on: Option<String>,
    /// Whose; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
}

shelf! {
    /// The reminders' room.
    RemindersClient of Reminder by ReminderId,
    /// A reminder, as it is kept.
    KeptReminder
}
