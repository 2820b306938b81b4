//! Templates: an entry's beginning, to be used again; and activities that come back every week, proposed and never
//! counted until somebody says that they happened.
use crate::shelf::shelf;
use kinfolio_core::{entries, ids, templates};

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type SubjectId = ids::SubjectId;
type TemplateId = ids::TemplateId;
type Settled = templates::Settled;
type Taught = entries::Taught;
type Template = templates::Template;

/// A template.
#[uniffi::remote(Record)]
pub struct Template {
    /// What it is called, 1 to 80 characters.
    pub name: String,
    /// The entry's title, up to 200 characters.
    #[uniffi(default)]
    pub title: String,
    /// The entry's note, up to 64 KiB.
    #[uniffi(default)]
    pub note: String,
    /// The entry's minutes, 1 to 10,080.
    #[uniffi(default)]
    pub minutes: Option<i64>,
    /// The entry's learners.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// The entry's subjects.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
    /// The entry's tags, up to 60 characters each.
    #[uniffi(default)]
    pub tags: Vec<String>,
    /// On which days of the week it comes back: Monday is 1, Tuesday 2, Wednesday 4, … Sunday 64, added up; none
    /// when it does not.
    #[uniffi(default)]
    pub weekdays: Option<i64>,
    /// It comes back from this day on, `YYYY-MM-DD`; needed where it does.
    #[uniffi(default)]
    pub first_day: Option<String>,
    /// The last day on which it comes back.
    #[uniffi(default)]
    pub last_day: Option<String>,
    /// It comes back every so many weeks, 2 to 52, counted from the week of its first day.
    #[uniffi(default)]
    pub every_weeks: Option<i64>,
    /// The entry's teacher and place.
    #[uniffi(default)]
    pub taught: Taught,
    /// Days on which it was confirmed or skipped.
    #[uniffi(default)]
    pub settled: Vec<Settled>,
}

/// A day on which an activity that comes back was confirmed or skipped.
#[uniffi::remote(Record)]
pub struct Settled {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The entry that was made; none when it was skipped.
    pub entry: Option<EntryId>,
}

shelf! {
    /// The templates' room.
    TemplatesClient of Template by TemplateId,
    /// A template, as it is kept.
    KeptTemplate
}
