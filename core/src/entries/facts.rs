//! What an entry may say beyond its text: that it is a sample and what it shows, who taught, and where.

use super::Entry;
use crate::ids::ProviderId;
use crate::records::Document;
use crate::records::fields::entry as field;
use crate::shelf::{self, Field, choice};

choice! {
    /// Who taught.
    TaughtBy {
        /// A parent.
        Parent = 1,
        /// A provider, named or not.
        Provider = 2,
        /// Somebody else.
        Other = 3,
        /// The learner alone.
        Alone = 4,
    }
}

choice! {
    /// Where it happened.
    Place {
        /// At home.
        Home = 1,
        /// Away from home.
        Away = 2,
    }
}

/// Who taught, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taught {
    /// Who.
    pub by: Option<TaughtBy>,
    /// Which provider.
    pub provider: Option<ProviderId>,
    /// Where.
    pub place: Option<Place>,
}

/// What is written beside a sample; the note says what it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Annotation {
    /// It is a sample of the learner's work.
    pub sample: bool,
    /// How it went, up to 64 KiB.
    pub went: String,
    /// What it shows, up to 64 KiB.
    pub shows: String,
    /// What comes next, up to 64 KiB.
    pub next: String,
}

impl Taught {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::choice(field::TAUGHT_BY, self.by),
            Field::id(field::PROVIDER, self.provider),
            Field::choice(field::PLACE, self.place),
        ]
    }

    pub(super) fn read(doc: &Document) -> Self {
        Self {
            by: shelf::chosen(doc, field::TAUGHT_BY),
            provider: shelf::id(doc, field::PROVIDER),
            place: shelf::chosen(doc, field::PLACE),
        }
    }
}

impl Annotation {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::flag(field::SAMPLE, self.sample),
            Field::text(field::WENT, &self.went, "how it went"),
            Field::text(field::SHOWS, &self.shows, "what it shows"),
            Field::text(field::NEXT, &self.next, "what comes next"),
        ]
    }

    pub(super) fn read(doc: &Document) -> Self {
        Self {
            sample: doc.flag(field::SAMPLE),
            went: shelf::text(doc, field::WENT),
            shows: shelf::text(doc, field::SHOWS),
            next: shelf::text(doc, field::NEXT),
        }
    }
}

/// The fields of both, for what is given, each with what the editor began with.
pub(super) fn fields(
    annotation: Option<&Annotation>,
    taught: Option<&Taught>,
    base: Option<&Entry>,
) -> Vec<(Field, Option<Field>)> {
    let mut now = annotation.map(Annotation::fields).unwrap_or_default();
    let mut was = match (annotation, base) {
        (Some(_), Some(base)) => base.annotation.fields(),
        _ => Vec::new(),
    };
    now.extend(taught.map(Taught::fields).unwrap_or_default());
    was.extend(taught.and(base).map(|base| base.taught.fields()).unwrap_or_default());
    let mut was = was.into_iter();
    now.into_iter().map(|field| (field, was.next())).collect()
}
