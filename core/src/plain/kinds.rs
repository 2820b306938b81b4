//! Every kind of record that the file holds, its list's name, and its fields' names. A name never changes its meaning.

use super::shape::Shape::{
    self, Choice, Day, Files, Flag, Id, Ids, Line, Lines, Number, OwnLines, Settled, Terms, Text,
};
use crate::calendar::WEEK_MINUTES;
use crate::days::DayMark;
use crate::error::{Error, Result};
use crate::filters::SavedFilter;
use crate::goals::Goal;
use crate::letters::Letter;
use crate::plans::Plan;
use crate::private::{Assessment, NeedsNote};
use crate::providers::Provider;
use crate::qualifications::Qualification;
use crate::reading::Reading;
use crate::records::fields::{entry, learner, setting, subject};
use crate::records::{Document, Kind};
use crate::reminders::Reminder;
use crate::shelf::{Item, RECORDED_AT};
use crate::skills::Skill;
use crate::targets::Target;
use crate::templates::Template;
use crate::trips::Trip;
use std::fmt;

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct PlainField {
    /// Its number in the record.
    pub number: u32,
    /// Its name in the file.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
}

/// One kind.
pub struct PlainKind {
    /// Its number in the record.
    pub kind: Kind,
    /// The list that holds its records in the file.
    pub list: &'static str,
    /// One of them, as a person is told of it.
    pub one: &'static str,
    /// Only in the file when it is ticked.
    pub private: bool,
    /// Its fields.
    pub fields: &'static [PlainField],
    /// Refuses a document that nobody could have typed here.
    pub check: fn(&Document) -> Result<()>,
}

impl fmt::Debug for PlainKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.list)
    }
}

impl PlainKind {
    /// A field by its number.
    pub fn field(&self, number: u32) -> Option<&'static PlainField> {
        self.fields.iter().find(|field| field.number == number)
    }

    /// A field by its name.
    pub fn named(&self, name: &str) -> Option<&'static PlainField> {
        self.fields.iter().find(|field| field.name == name)
    }
}

pub(super) const fn f(number: u32, name: &'static str, shape: Shape) -> PlainField {
    PlainField { number, name, shape }
}

const TAUGHT_BY: Shape = Choice(&["parent", "provider", "other", "alone"]);
const PLACE: Shape = Choice(&["home", "away"]);

/// The shelves' own field, which all small kinds have.
pub(super) const WRITTEN: PlainField = f(RECORDED_AT, "recorded_at", Number);

pub(super) const fn small<T: Item>(list: &'static str, fields: &'static [PlainField]) -> PlainKind {
    PlainKind { kind: T::KIND, list, one: T::NAME, private: T::PRIVATE, fields, check: typed::<T> }
}

/// What the kind itself refuses.
fn typed<T: Item>(doc: &Document) -> Result<()> {
    T::read(doc).fields().map(drop)
}

fn holds(number: u32, missing: &'static str) -> impl Fn(&Document) -> Result<()> {
    move |doc| if doc.string(number).is_empty() { Err(Error::invalid(missing)) } else { Ok(()) }
}

/// Every kind, in the order of the file: what others name comes first.
pub const KINDS: &[PlainKind] = &[
    PlainKind {
        kind: Kind::Learner,
        list: "learners",
        one: "learner",
        private: false,
        fields: &[
            f(learner::NICKNAME, "nickname", Line(40)),
            f(learner::COLOUR, "colour", Line(7)),
            f(learner::EMOJI, "emoji", Line(16)),
            f(learner::ORDER, "order", Number),
            f(learner::ARCHIVED, "archived", Flag),
            f(learner::SCHEME, "year_group_scheme", Choice(&["uk", "us", "au"])),
            f(learner::STAGE, "year_group", Number),
            f(learner::STAGE_ON, "year_group_on", Day),
            f(learner::MOVES_UP_ON, "moves_up_on", Line(5)),
            f(learner::MERGED_INTO, "merged_into", Id),
        ],
        check: |doc| holds(learner::NICKNAME, "its nickname is missing")(doc),
    },
    PlainKind {
        kind: Kind::Subject,
        list: "subjects",
        one: "subject",
        private: false,
        fields: &[
            f(subject::NAME, "name", Line(80)),
            f(subject::COLOUR, "colour", Line(7)),
            f(subject::ORDER, "order", Number),
            f(subject::HIDDEN, "hidden", Flag),
            f(subject::CORE, "core", Flag),
            f(subject::MERGED_INTO, "merged_into", Id),
        ],
        check: |doc| holds(subject::NAME, "its name is missing")(doc),
    },
    small::<Provider>(
        "providers",
        &[
            WRITTEN,
            f(1, "name", Line(200)),
            f(2, "form", Choice(&["tutor", "club", "class", "co_op", "school", "other"])),
            f(3, "place", Line(200)),
            f(4, "address", Line(400)),
            f(5, "website", Line(400)),
            f(6, "online", Flag),
            f(7, "minutes_a_week", Number),
            f(8, "since", Day),
            f(9, "until", Day),
            f(10, "subjects", Ids),
            f(11, "learners", Ids),
            f(12, "note", Text),
        ],
    ),
    PlainKind {
        kind: Kind::Entry,
        list: "entries",
        one: "entry",
        private: false,
        fields: &[
            f(entry::NOTE, "note", Text),
            f(entry::TITLE, "title", Line(200)),
            f(entry::LEARNED_ON, "learned_on", Day),
            f(entry::RECORDED_AT, "recorded_at", Number),
            f(entry::MINUTES, "minutes", Number),
            f(entry::ON_RECORD, "on_record", Flag),
            f(entry::LEARNERS, "learners", OwnLines(4_000)),
            f(entry::SUBJECTS, "subjects", Ids),
            f(entry::TAGS, "tags", Lines(60)),
            f(entry::ATTACHMENTS, super::ATTACHMENTS, Files),
            f(entry::STARRED, "starred", Flag),
            f(entry::SAMPLE, "sample", Flag),
            f(entry::WENT, "how_it_went", Text),
            f(entry::SHOWS, "what_it_shows", Text),
            f(entry::NEXT, "what_comes_next", Text),
            f(entry::TAUGHT_BY, "taught_by", TAUGHT_BY),
            f(entry::PROVIDER, "provider", Id),
            f(entry::PLACE, "place", PLACE),
        ],
        check: entry_check,
    },
    small::<Reading>(
        "reading",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "author", Line(200)),
            f(3, "form", Choice(&["book", "periodical", "website", "video", "kit", "course", "other"])),
            f(4, "how", Choice(&["alone", "aloud", "audio", "together"])),
            f(5, "started_on", Day),
            f(6, "finished_on", Day),
            f(7, "rating", Number),
            f(8, "isbn", Line(20)),
            f(9, "note", Text),
            f(10, "learners", Ids),
            f(11, "subjects", Ids),
        ],
    ),
    small::<Goal>(
        "goals",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "note", Text),
            f(3, "state", Choice(&["open", "done", "changed"])),
            f(4, "target_on", Day),
            f(5, "ended_on", Day),
            f(6, "subject", Id),
            f(7, "learners", Ids),
            f(8, "evidence", Ids),
        ],
    ),
    small::<Plan>(
        "plans",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "note", Text),
            f(3, "week_of", Day),
            f(4, "minutes", Number),
            f(5, "subjects", Ids),
            f(6, "learners", Ids),
            f(7, "entry", Id),
        ],
    ),
    small::<DayMark>(
        "days",
        &[
            WRITTEN,
            f(1, "mark", Choice(&["taught", "away", "ill", "holiday"])),
            f(2, "first_day", Day),
            f(3, "last_day", Day),
            f(4, "minutes", Number),
            f(5, "note", Line(200)),
            f(6, "learners", Ids),
        ],
    ),
    small::<Trip>(
        "trips",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "place", Line(200)),
            f(3, "first_day", Day),
            f(4, "last_day", Day),
            f(5, "note", Text),
            f(6, "learners", Ids),
            f(7, "entries", Ids),
        ],
    ),
    small::<Qualification>(
        "qualifications",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "board", Line(200)),
            f(3, "level", Line(80)),
            f(4, "centre", Line(200)),
            f(5, "enter_by", Day),
            f(6, "fee", Line(40)),
            f(7, "exam_on", Day),
            f(8, "result", Line(80)),
            f(9, "result_on", Day),
            f(10, "subject", Id),
            f(11, "learners", Ids),
            f(12, "note", Text),
        ],
    ),
    small::<Letter>(
        "letters",
        &[
            WRITTEN,
            f(1, "party", Line(200)),
            f(2, "about", Line(200)),
            f(3, "sent", Flag),
            f(4, "day", Day),
            f(5, "answer_by", Day),
            f(6, "answered_by", Id),
            f(7, "reference", Line(80)),
            f(8, "text", Text),
            f(9, "pages", Id),
            f(10, "learners", Ids),
        ],
    ),
    super::reports::KIND,
    small::<Template>(
        "templates",
        &[
            WRITTEN,
            f(1, "name", Line(80)),
            f(2, "title", Line(200)),
            f(3, "note", Text),
            f(4, "minutes", Number),
            f(5, "learners", Ids),
            f(6, "subjects", Ids),
            f(7, "tags", Lines(60)),
            f(8, "weekdays", Number),
            f(9, "first_day", Day),
            f(10, "last_day", Day),
            f(11, "every_weeks", Number),
            f(12, "taught_by", TAUGHT_BY),
            f(13, "provider", Id),
            f(14, "place", PLACE),
            f(15, "settled", Settled),
        ],
    ),
    small::<SavedFilter>(
        "filters",
        &[
            WRITTEN,
            f(1, "name", Line(80)),
            f(2, "words", Line(200)),
            f(3, "learner", Id),
            f(4, "subject", Id),
            f(5, "tag", Line(60)),
            f(6, "first_day", Day),
            f(7, "last_day", Day),
            f(8, "starred_only", Flag),
            f(9, "samples_only", Flag),
            f(10, "with_photo", Flag),
            f(11, "include_drafts", Flag),
        ],
    ),
    small::<Target>(
        "targets",
        &[
            WRITTEN,
            f(1, "first_day", Day),
            f(2, "last_day", Day),
            f(3, "days", Number),
            f(4, "minutes", Number),
            f(5, "core_minutes", Number),
            f(6, "core_home_minutes", Number),
            f(7, "learners", Ids),
        ],
    ),
    small::<Skill>(
        "skills",
        &[
            WRITTEN,
            f(1, "list", Line(80)),
            f(2, "title", Line(400)),
            f(3, "order", Number),
            f(4, "state", Choice(&["open", "begun", "done"])),
            f(5, "on", Day),
            f(6, "learners", Ids),
            f(7, "evidence", Ids),
        ],
    ),
    small::<Reminder>(
        "reminders",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "due_on", Day),
            f(3, "days_before", Number),
            f(4, "every", Choice(&["year", "quarter", "month", "week"])),
            f(5, "done_on", Day),
            f(6, "learners", Ids),
        ],
    ),
    PlainKind {
        kind: Kind::Setting,
        list: "settings",
        one: "settings",
        private: false,
        fields: &[
            f(1, "year_start", Line(5)),
            f(2, "week_start", Choice(&["monday", "sunday", "saturday"])),
            f(3, "weekly_minutes", Number),
            f(4, "no_year_groups", Flag),
            f(5, "terms", Terms),
            f(setting::TRASH, "trash_keeps", Choice(&["days_30", "days_90", "ever"])),
        ],
        check: |_| Ok(()),
    },
    small::<NeedsNote>(
        "needs_notes",
        &[WRITTEN, f(1, "title", Line(200)), f(2, "text", Text), f(3, "day", Day), f(4, "learners", Ids)],
    ),
    small::<Assessment>(
        "assessments",
        &[
            WRITTEN,
            f(1, "title", Line(200)),
            f(2, "result", Line(200)),
            f(3, "assessor", Line(200)),
            f(4, "note", Text),
            f(5, "day", Day),
            f(6, "subject", Id),
            f(7, "learners", Ids),
        ],
    ),
];

fn entry_check(doc: &Document) -> Result<()> {
    holds(entry::LEARNED_ON, "its day is missing")(doc)?;
    match doc.int(entry::MINUTES) {
        Some(minutes) if !(1..=WEEK_MINUTES).contains(&minutes) => {
            Err(Error::invalid("its minutes must be between 1 and 10080"))
        }
        _ => Ok(()),
    }
}
