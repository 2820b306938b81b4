//! Reading: books and other materials, by title and dates, as a log names them.
use crate::shelf::shelf;
use kinfolio_core::{ids, reading};

type LearnerId = ids::LearnerId;
type ReadingId = ids::ReadingId;
type SubjectId = ids::SubjectId;
type Form = reading::Form;
type How = reading::How;
type Reading = reading::Reading;

/// What it is.
#[uniffi::remote(Enum)]
pub enum Form {
    /// A book.
    Book,
    /// A magazine, newspaper or comic.
    Periodical,
    /// A website.
    Website,
    /// A film or video.
    Video,
    /// A kit, a game, tools.
    Kit,
    /// A course or workbook.
    Course,
    /// Anything else.
    Other,
}

/// How it was read.
#[uniffi::remote(Enum)]
pub enum How {
    /// Alone.
    Alone,
    /// Read aloud, by anybody.
    Aloud,
    /// Listened to.
    Audio,
    /// Together, taking turns.
    Together,
}

/// A book or other material.
#[uniffi::remote(Record)]
pub struct Reading {
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 200 characters.
    #[uniffi(default)]
    pub author: String,
    /// What it is.
    pub form: Form,
    /// How it was read.
    #[uniffi(default)]
    pub how: Option<How>,
    /// The day it was begun, `YYYY-MM-DD`.
    #[uniffi(default)]
    pub started_on: Option<String>,
    /// The day it was finished.
    #[uniffi(default)]
    pub finished_on: Option<String>,
    /// What the learner gave it, 1 to 5.
    #[uniffi(default)]
    pub rating: Option<i64>,
    /// Up to 20 characters.
    #[uniffi(default)]
    pub isbn: String,
    /// Up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// Who read it; nobody is everybody.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Its subjects.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
}

shelf! {
    /// The reading log's room.
    ReadingClient of Reading by ReadingId,
    /// A book or other material, as it is kept.
    KeptReading
}
