//! Nicknames in the text of a document: where each stands, for the parent to tick, and texts that are left out.
use kinfolio_core::{export, ids};

type EntryId = ids::EntryId;
type LearnerId = ids::LearnerId;
type ReadingId = ids::ReadingId;
type SubjectId = ids::SubjectId;
type LeftOut = export::LeftOut;
type Tick = export::Tick;
type MentionId = export::MentionId;
type Place = export::Place;
type Review = export::Review;

/// A text that a document leaves out.
#[uniffi::remote(Record)]
pub struct LeftOut {
    /// Of which entry.
    pub entry: EntryId,
    /// Which of its texts.
    pub place: Place,
}

/// A tick of the review.
#[uniffi::remote(Record)]
pub struct Tick {
    /// Which nickname in the text.
    pub mention: MentionId,
    /// Print it as the learner's name.
    pub on: bool,
}

/// Where a nickname stands; stays the same until the text is edited.
#[uniffi::remote(Record)]
pub struct MentionId {
    /// In which entry; none for what is printed beside entries.
    pub entry: Option<EntryId>,
    /// In which text.
    pub place: Place,
    /// Byte of that text at which the nickname starts.
    pub start: u32,
}

/// Which text of an entry; photos count from 0. Subjects and what was read are no entry's: they are ticked once for all places.
#[uniffi::remote(Enum)]
#[uniffi(name = "MentionPlace")]
pub enum Place {
    Title,
    Note,
    Line,
    Went,
    Shows,
    Next,
    Caption { photo: u32 },
    Alt { photo: u32 },
    Subject { subject: SubjectId },
    ReadingTitle { reading: ReadingId },
    ReadingAuthor { reading: ReadingId },
}

/// One nickname in context.
#[uniffi::remote(Record)]
pub struct Review {
    /// Names this place when a tick is changed.
    pub id: MentionId,
    /// Whose nickname.
    pub learner: LearnerId,
    /// Day of the entry, as printed; empty for what is no entry's.
    pub date: String,
    /// Text before it.
    pub before: String,
    /// The nickname as typed there.
    pub matched: String,
    /// Text after it.
    pub after: String,
    /// It will be printed as the learner's name.
    pub on: bool,
}

type OtherName = export::OtherName;

/// What may be the name of somebody who is no learner: words with capitals where a sentence needs none.
#[uniffi::remote(Record)]
pub struct OtherName {
    /// As it stands there.
    pub name: String,
    /// In how many places.
    pub times: u32,
    /// Text before the first of them.
    pub before: String,
    /// Text after it.
    pub after: String,
}
