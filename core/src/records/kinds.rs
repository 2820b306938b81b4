//! How each kind of record is shown: in which room, and whether a list may name it.

use super::Kind;
use crate::changes::ChangeKind;

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

/// Whether only who asks for it by name may see it.
pub fn is_private(kind: u16) -> bool {
    kind == u16::from(Kind::NeedsNote) || kind == u16::from(Kind::Assessment)
}
