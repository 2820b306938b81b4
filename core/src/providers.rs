//! Providers: other people who teach. A name and a place; an address only where somebody asks for it.

use crate::calendar::WEEK_MINUTES;
use crate::changes::ChangeKind;
use crate::error::{Error, Result};
use crate::ids::{LearnerId, ProviderId, SubjectId};
use crate::records::{Document, Kind};
use crate::shelf::{self, Field, Item, choice};

choice! {
    /// What they are.
    ProviderForm {
        /// A person who teaches one learner or a few.
        Tutor = 1,
        /// A club or group.
        Club = 2,
        /// A class or course.
        Class = 3,
        /// Families who teach together.
        CoOp = 4,
        /// A school or college, for some hours.
        School = 5,
        /// Anything else.
        Other = 6,
    }
}

/// Somebody else who teaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// 1 to 200 characters.
    pub name: String,
    /// What they are.
    pub form: ProviderForm,
    /// Where, up to 200 characters.
    pub place: String,
    /// Up to 400 characters; left empty unless it is asked for.
    pub address: String,
    /// Up to 400 characters.
    pub website: String,
    /// It happens online.
    pub online: bool,
    /// An estimate: minutes in a week, up to 10,080.
    pub minutes_a_week: Option<i64>,
    /// The first day, `YYYY-MM-DD`.
    pub since: Option<String>,
    /// The last day.
    pub until: Option<String>,
    /// Its subjects.
    pub subjects: Vec<SubjectId>,
    /// Whose it is; nobody is everybody.
    pub learners: Vec<LearnerId>,
    /// Up to 64 KiB.
    pub note: String,
}

impl Item for Provider {
    type Id = ProviderId;
    const KIND: Kind = Kind::Provider;
    const CHANGE: ChangeKind = ChangeKind::Provider;
    const NAME: &'static str = "provider";

    fn fields(&self) -> Result<Vec<Field>> {
        Ok(vec![
            Field::required(1, &self.name, "the provider's name", 200)?,
            Field::choice(2, Some(self.form)),
            Field::line(3, &self.place, "the place", 200)?,
            Field::line(4, &self.address, "the address", 400)?,
            Field::line(5, &self.website, "the website", 400)?,
            Field::flag(6, self.online),
            Field::number(7, self.minutes_a_week, "the minutes in a week", 1, WEEK_MINUTES)?,
            Field::optional_day(8, self.since.as_deref(), "the first day")?,
            Field::optional_day(9, self.until.as_deref(), "the last day")?,
            Field::ids(10, &self.subjects, "subjects"),
            Field::ids(11, &self.learners, "learners"),
            Field::text(12, &self.note, "the note"),
        ])
    }

    fn check(&self) -> Result<()> {
        // An address that a page may one day make a link of.
        let scheme = self.website.split_once(':').map(|(scheme, _)| scheme.to_lowercase());
        let is_other =
            |scheme: &String| scheme.bytes().all(|b| b.is_ascii_alphabetic()) && !scheme.starts_with("http");
        if scheme.filter(is_other).is_some() {
            return Err(Error::invalid("a website begins with http:// or https://, or with its name"));
        }
        shelf::in_order::<Self>(self.since.as_deref(), self.until.as_deref())
    }

    fn read(doc: &Document) -> Self {
        Self {
            name: doc.string(1),
            form: shelf::chosen(doc, 2).unwrap_or_default(),
            place: doc.string(3),
            address: doc.string(4),
            website: doc.string(5),
            online: doc.flag(6),
            minutes_a_week: doc.int(7),
            since: shelf::day(doc, 8),
            until: shelf::day(doc, 9),
            subjects: shelf::ids(doc, 10),
            learners: shelf::ids(doc, 11),
            note: shelf::text(doc, 12),
        }
    }

    fn day(&self) -> &str {
        self.since.as_deref().unwrap_or_default()
    }

    fn learners(&self) -> &[LearnerId] {
        &self.learners
    }

    fn found_by(&self) -> Vec<&str> {
        vec![&self.name, &self.place, &self.note]
    }
}
