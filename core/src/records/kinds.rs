//! How each kind of record is shown: in which room, and whether a list may name it; and which kind an id is of.

use super::Kind;
use crate::changes::ChangeKind;
use crate::ids::{EntryId, LearnerId, LetterId, ProviderId, ReportId, SubjectId};

/// What an id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct What {
    /// The kind of its record.
    pub kind: Kind,
    /// What a refusal calls it.
    pub name: &'static str,
}

/// An id by which one record names another.
pub trait Names: Copy + Into<[u8; 16]> {
    /// What it is the id of.
    const WHAT: What;
}

macro_rules! names {
    ($($id:ident: $name:literal of $kind:ident),*) => {$(
        impl Names for $id {
            const WHAT: What = What { kind: Kind::$kind, name: $name };
        }
    )*};
}

names! {
    LearnerId: "learner" of Learner,
    EntryId: "entry" of Entry,
    SubjectId: "subject" of Subject,
    ProviderId: "provider" of Provider,
    LetterId: "letter" of Letter,
    ReportId: "report" of Report
}

/// Every kind that people see, with its room.
const SHOWN: &[(Kind, ChangeKind)] = &[
    (Kind::Learner, ChangeKind::Learner),
    (Kind::Entry, ChangeKind::Entry),
    (Kind::Subject, ChangeKind::Subject),
    (Kind::Reading, ChangeKind::Reading),
    (Kind::Goal, ChangeKind::Goal),
    (Kind::Plan, ChangeKind::Plan),
    (Kind::DayMark, ChangeKind::DayMark),
    (Kind::Provider, ChangeKind::Provider),
    (Kind::Trip, ChangeKind::Trip),
    (Kind::Qualification, ChangeKind::Qualification),
    (Kind::Letter, ChangeKind::Letter),
    (Kind::Report, ChangeKind::Report),
    (Kind::Template, ChangeKind::Template),
    (Kind::SavedFilter, ChangeKind::SavedFilter),
    (Kind::Target, ChangeKind::Target),
    (Kind::Skill, ChangeKind::Skill),
    (Kind::Reminder, ChangeKind::Reminder),
    (Kind::NeedsNote, ChangeKind::NeedsNote),
    (Kind::Assessment, ChangeKind::Assessment),
];

/// The room that shows records of a kind; none for what no screen lists, or what a newer app wrote.
pub fn shown_in(kind: u16) -> Option<ChangeKind> {
    SHOWN.iter().find(|(known, _)| u16::from(*known) == kind).map(|(_, room)| *room)
}

/// What undo and the family log call a kind: as [`shown_in`], and the family's settings, which no list holds.
pub fn told_as(kind: u16) -> Option<ChangeKind> {
    if kind == u16::from(Kind::Setting) { Some(ChangeKind::Setting) } else { shown_in(kind) }
}

/// Whether only who asks for it by name may see it.
pub fn is_private(kind: u16) -> bool {
    kind == u16::from(Kind::NeedsNote) || kind == u16::from(Kind::Assessment)
}
