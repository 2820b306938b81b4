//! Texts of the record that a report prints beside its sections: names stand where a parent ticked them, or else where they
//! surely are names; every place is shown to the parent.

use std::collections::BTreeMap;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;

use super::build::Names;
use super::gather::Year;
use crate::entries::Entry;
use crate::export::period;
use crate::export::review::{At, MentionId, Place, Review};
use crate::export::text::Text;
use crate::reports::{replaced, token};

/// Fills names in, and remembers where any may stand.
pub(super) struct Told<'a> {
    pub year: &'a Year,
    pub ticks: &'a BTreeMap<MentionId, bool>,
    pub names: Names<'a>,
    /// Every place once, in the order of the document.
    pub review: Vec<Review>,
}

impl Told<'_> {
    /// A text as it is printed.
    pub fn text(&mut self, at: At, date: Option<Date>, typed: &str) -> Text {
        let typed: String = typed.nfc().collect();
        let mut named = Vec::new();
        for (mention, who) in self.year.spellings.found(&typed) {
            let id = MentionId::new(at, mention.range.start);
            let on = self.ticks.get(&id).copied().unwrap_or(mention.certain);
            if self.review.iter().all(|one| one.id != id) {
                self.review.push(Review::new(id, who, date, &typed, &mention.range, on));
            }
            if on {
                named.push((mention.range, token(who)));
            }
        }
        self.names.text(&replaced(&typed, named))
    }

    /// One text of an entry.
    pub fn of(&mut self, entry: &Entry, place: Place, typed: &str) -> Text {
        self.text((Some(entry.id), place), period::parse_date(&entry.learned_on).ok(), typed)
    }

    /// The name of a subject, which may hold a nickname: "Bean's garden".
    pub fn subject(&mut self, name: &str) -> Text {
        match self.year.subjects.iter().find(|(_, one)| one == name) {
            Some((subject, _)) => self.text((None, Place::Subject { subject: *subject }), None, name),
            None => Text::words(name),
        }
    }

    /// The names of an entry's subjects.
    pub fn subjects(&mut self, entry: &Entry) -> Text {
        let names = self.year.subjects_of(entry);
        Text::joined(names.into_iter().map(|name| self.subject(name)).collect::<Vec<_>>(), ", ")
    }
}
