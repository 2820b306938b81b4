//! Reading: books and other materials, by title and dates, as a log names them.

use crate::changes::ChangeKind;
use crate::error::Result;
use crate::ids::{LearnerId, ReadingId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, choice};

choice! {
    /// What it is.
    Form {
        /// A book.
        Book = 1,
        /// A magazine, newspaper or comic.
        Periodical = 2,
        /// A website.
        Website = 3,
        /// A film or video.
        Video = 4,
        /// A kit, a game, tools.
        Kit = 5,
        /// A course or workbook.
        Course = 6,
        /// Anything else.
        Other = 7,
    }
}

choice! {
    /// How it was read.
    How {
        /// Alone.
        Alone = 1,
        /// Read aloud, by anybody.
        Aloud = 2,
        /// Listened to.
        Audio = 3,
        /// Together, taking turns.
        Together = 4,
    }
}

/// A book or other material.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// 1 to 200 characters.
    pub title: String,
    /// Up to 200 characters.
    pub author: String,
    /// What it is.
    pub form: Form,
    /// How it was read.
    pub how: Option<How>,
    /// The day it was begun, `YYYY-MM-DD`.
    pub started_on: Option<String>,
    /// The day it was finished.
    pub finished_on: Option<String>,
    /// What the learner gave it, 1 to 5.
    pub rating: Option<i64>,
    /// Up to 20 characters.
    pub isbn: String,
    /// Up to 64 KiB.
    pub note: String,
    /// Who read it; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// Its subjects.
    pub subjects: Vec<SubjectId>,
}

impl Item for Reading {
    type Id = ReadingId;
    const KIND: Kind = Kind::Reading;
    const CHANGE: ChangeKind = ChangeKind::Reading;
    const NAME: &'static str = "book";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.title, "the title", 200)?,
            Field::line(2, &self.author, "the author", 200)?,
            Field::choice(3, Some(self.form)),
            Field::choice(4, self.how),
            Field::optional_day(5, self.started_on.as_deref(), "the day it was begun")?,
            Field::optional_day(6, self.finished_on.as_deref(), "the day it was finished")?,
            Field::number(7, self.rating, "the rating", 1, 5)?,
            Field::line(8, &self.isbn, "the ISBN", 20)?,
            Field::text(9, &self.note, "the note"),
            Field::ids(10, &self.learners, "learners"),
            Field::ids(11, &self.subjects, "subjects"),
        ])
    }

    fn check(&self) -> Result<()> {
        shelf::in_order::<Self>(self.started_on.as_deref(), self.finished_on.as_deref())
    }

    fn read(doc: &Document) -> Self {
        Self {
            title: doc.string(1),
            author: doc.string(2),
            form: shelf::chosen(doc, 3).unwrap_or_default(),
            how: shelf::chosen(doc, 4),
            started_on: shelf::day(doc, 5),
            finished_on: shelf::day(doc, 6),
            rating: doc.int(7),
            isbn: doc.string(8),
            note: shelf::text(doc, 9),
            learners: shelf::ids(doc, 10),
            subjects: shelf::ids(doc, 11),
        }
    }

    fn day(&self) -> &str {
        self.finished_on.as_deref().or(self.started_on.as_deref()).unwrap_or_default()
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        vec![&self.title, &self.author, &self.isbn, &self.note]
    }
}
