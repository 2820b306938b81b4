//! Finding: one question to entries, and to books and other small things.
use crate::border::{Result, call};
use crate::ids::Id;
use kinfolio_core::entries::{Cursor, TimelineQuery};
use kinfolio_core::ids::EntryId;
use kinfolio_core::{entries, finding, words};

type Found = finding::Found;
type Hit = entries::Hit;
type Piece = words::Piece;
type Thing = finding::Thing;
type ThingKind = finding::ThingKind;
type Where = entries::Where;

/// An entry that was found.
#[uniffi::remote(Record)]
pub struct Hit {
    /// The entry.
    pub entry: EntryId,
    /// Its title, may be empty.
    pub title: String,
    /// The day of the learning, `YYYY-MM-DD`.
    pub learned_on: String,
    /// Some words around the first place, on one line.
    pub snippet: String,
    /// The same in pieces, with what was found marked.
    pub pieces: Vec<Piece>,
    /// Where that place is.
    pub place: Where,
    /// Where a page begins that holds what comes after this one.
    pub next: Cursor,
}

/// A piece of a text in which something was found.
#[uniffi::remote(Record)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// It is what was found, to be marked.
    pub found: bool,
}

/// Where something was found.
#[uniffi::remote(Enum)]
pub enum Where {
    /// In the title.
    Title,
    /// In the note.
    Note,
    /// In a learner's own line.
    Line,
    /// In a tag.
    Tag,
    /// In a caption, an alternative text or the name of a file.
    Attachment,
    /// In what stands beside a sample.
    Annotation,
}

/// What was found beside entries.
#[uniffi::remote(Enum)]
pub enum ThingKind {
    /// A book or other material.
    Reading,
    /// A trip.
    Trip,
    /// A goal.
    Goal,
    /// A planned thing.
    Plan,
    /// A letter.
    Letter,
    /// A provider.
    Provider,
    /// A qualification.
    Qualification,
}

/// A small thing that was found.
#[uniffi::remote(Record)]
pub struct Thing {
    /// What it is.
    pub kind: ThingKind,
    /// Its id on its own shelf.
    pub id: Id,
    /// Its title or name.
    pub title: String,
    /// Its day, `YYYY-MM-DD`; empty for none.
    pub day: String,
    /// Some words around the first place, with what was found marked.
    pub pieces: Vec<Piece>,
}

/// What a question found.
#[uniffi::remote(Record)]
pub struct Found {
    /// Entries, newest first.
    pub entries: Vec<Hit>,
    /// Books and other small things, newest first, on the first page of entries.
    pub things: Vec<Thing>,
    /// There are more entries: a page before this has them.
    pub next: Option<Cursor>,
    /// There are more things than a page holds: more words or narrower days find them.
    pub more_things: bool,
}

/// The room of finding.
#[derive(uniffi::Object)]
pub struct FindClient {
    pub(crate) room: finding::FindClient,
}

#[uniffi::export]
impl FindClient {
    /// What holds every word, the last one as a beginning; accents and case don't matter, and a letter that keyboards
    /// elsewhere lack, such as ł or ß, is found by what is typed for it.
    ///
    /// # Errors
    /// As [`finding::FindClient::search`].
    pub fn search(&self, text: String, query: TimelineQuery) -> Result<Found> {
        call(|| self.room.search(&text, &query))
    }
}
