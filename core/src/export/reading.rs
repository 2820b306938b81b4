//! The reading list of a portfolio: every book of its days, names in titles and authors as the parent ticked them.

use super::build::{Decisions, Material};
use super::period;
use super::portfolio::Person;
use super::report::Table;
use super::review::Place;
use super::text::Text;
use crate::reading::{How, Reading};
use crate::shelf::Kept;

/// Where names may stand in what was read.
pub(super) fn places(kept: &Kept<Reading>) -> [(Place, &str); 2] {
    let reading = kept.id;
    [
        (Place::ReadingTitle { reading }, &kept.item.title),
        (Place::ReadingAuthor { reading }, &kept.item.author),
    ]
}

impl Material {
    /// Books and other materials by title, with how they were read and when they were finished, else begun.
    pub(super) fn reading_list(&self, decisions: &Decisions, cast: &mut Vec<Person>) -> Option<Table> {
        let everybody = self.everybody();
        let mut row = |kept: &Kept<Reading>| {
            let [title, author] = places(kept)
                .map(|(place, text)| self.field((None, place), text, &everybody, decisions, cast).whole());
            let how = match kept.item.how {
                Some(How::Alone) => "alone",
                Some(How::Aloud) => "read aloud",
                Some(How::Audio) => "listened to",
                Some(How::Together) => "together",
                None => "",
            };
            let when = kept.item.finished_on.as_ref().or(kept.item.started_on.as_ref());
            let when =
                when.and_then(|day| period::parse_date(day).ok()).map(period::date).unwrap_or_default();
            vec![title, author, Text::words(how), Text::words(when)]
        };
        let rows: Vec<Vec<Text>> = self.reading.iter().map(&mut row).collect();
        let head = ["Title", "Author", "How", "When"].map(str::to_owned).to_vec();
        (!rows.is_empty()).then_some(Table { head, rows, numbers: 0 })
    }
}
