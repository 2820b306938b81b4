//! Learners: a nickname, a colour and an emoji each.
use crate::border::{Result, call};
use kinfolio_core::{ids, learners};

type LearnerId = ids::LearnerId;
type Learner = learners::Learner;
type NewLearner = learners::NewLearner;
type LearnerEdit = learners::LearnerEdit;
type Scheme = learners::Scheme;
type Stage = learners::Stage;
type Leaving = learners::Leaving;
type Gone = learners::Gone;

/// One learner.
#[uniffi::remote(Record)]
pub struct Learner {
    /// Its id.
    pub id: LearnerId,
    /// What the family calls this learner here. Two learners may share one.
    pub nickname: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// One emoji, or empty.
    pub emoji: String,
    /// Place in lists, ascending.
    pub order: i64,
    /// No longer offered for new entries; everything about them stays.
    pub archived: bool,
    /// The year group, where the family uses them.
    pub stage: Option<Stage>,
}

/// By whose names.
#[uniffi::remote(Enum)]
pub enum Scheme {
    /// Nursery, Reception, Year 1 to Year 13.
    Uk,
    /// Pre-K, Kindergarten, Grade 1 to Grade 12.
    Us,
    /// Kindergarten, Foundation, Year 1 to Year 12.
    Au,
}

/// The stage of a learner on some day, from which all others follow.
#[uniffi::remote(Record)]
pub struct Stage {
    /// By whose names.
    pub scheme: Scheme,
    /// Its place among the scheme's names: 0 is the first.
    pub place: i64,
    /// The day on which this was so, `YYYY-MM-DD`.
    pub on: String,
    /// The day of each year on which learners move up, `MM-DD`; none when they do not by themselves.
    #[uniffi(default)]
    pub moves_up_on: Option<String>,
}

/// What a stage is called on a day; none when the scheme has no name for it any more, or yet.
#[uniffi::export]
pub fn stage_on(stage: Stage, day: String) -> Option<String> {
    stage.name_on(&day)
}

/// What is typed to add a learner.
#[uniffi::remote(Record)]
pub struct NewLearner {
    /// 1 to 40 characters.
    pub nickname: String,
    /// `#rrggbb`, or empty.
    #[uniffi(default)]
    pub colour: String,
    /// One emoji, or empty.
    #[uniffi(default)]
    pub emoji: String,
}

/// What is changed about a learner; what is left out stays as it is.
#[uniffi::remote(Record)]
pub struct LearnerEdit {
    /// 1 to 40 characters.
    #[uniffi(default)]
    pub nickname: Option<String>,
    /// `#rrggbb`, or empty.
    #[uniffi(default)]
    pub colour: Option<String>,
    /// One emoji, or empty.
    #[uniffi(default)]
    pub emoji: Option<String>,
    /// Place in lists.
    #[uniffi(default)]
    pub order: Option<i64>,
    /// No longer offered for new entries.
    #[uniffi(default)]
    pub archived: Option<bool>,
}

/// What would go with a learner.
#[uniffi::remote(Record)]
pub struct Leaving {
    /// Entries that are only theirs: they go into the trash.
    pub entries: u64,
    /// Entries that they share: they stay with the others, without this learner and their line.
    pub shared_entries: u64,
    /// Books, goals, letters and other things that are only theirs: they go into the trash.
    pub items: u64,
    /// Such things that they share.
    pub shared_items: u64,
    /// Needs notes and assessments that are only theirs: they go into the trash.
    pub private: u64,
}

/// A learner who is gone, for as long as they can be brought back.
#[uniffi::remote(Record)]
pub struct Gone {
    /// Who.
    pub id: LearnerId,
    /// What the family called them.
    pub nickname: String,
    /// When they went, milliseconds since 1970.
    pub gone_at: i64,
    /// Who they turned out to be; none for one who was removed.
    pub same_as: Option<LearnerId>,
}

/// The learners' room.
#[derive(uniffi::Object)]
pub struct LearnersClient {
    pub(crate) room: learners::LearnersClient,
}

#[uniffi::export]
impl LearnersClient {
    /// Adds a learner at the end of the list.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::add`].
    pub fn add(&self, learner: NewLearner) -> Result<Learner> {
        call(|| self.room.add(learner))
    }

    /// Everybody, archived learners too, in their order.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::list`].
    pub fn list(&self) -> Result<Vec<Learner>> {
        call(|| self.room.list())
    }

    /// One learner.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::get`].
    pub fn get(&self, id: LearnerId) -> Result<Learner> {
        call(|| self.room.get(id))
    }

    /// Changes a learner, everywhere at once.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::update`].
    pub fn update(&self, id: LearnerId, edit: LearnerEdit) -> Result<Learner> {
        call(|| self.room.update(id, edit))
    }

    /// Puts learners in this order; those that are not named come after, as they stood.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::reorder`].
    pub fn reorder(&self, order: Vec<LearnerId>) -> Result<()> {
        call(|| self.room.reorder(&order))
    }

    /// Says which year group a learner is in, or that the family uses none.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::set_stage`].
    pub fn set_stage(&self, id: LearnerId, stage: Option<Stage>) -> Result<Learner> {
        call(|| self.room.set_stage(id, stage.as_ref()))
    }

    /// What a learner's year group is called on a day; none when the family shows none.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::year_group`].
    pub fn year_group(&self, id: LearnerId, day: String) -> Result<Option<String>> {
        call(|| self.room.year_group(id, &day))
    }

    /// No longer offers a learner for new entries, or offers them again. Nothing of theirs goes.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::archive`].
    pub fn archive(&self, id: LearnerId, archived: bool) -> Result<Learner> {
        call(|| self.room.archive(id, archived))
    }

    /// What removing a learner would do. Writes nothing.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::leaving`].
    pub fn leaving(&self, id: LearnerId) -> Result<Leaving> {
        call(|| self.room.leaving(id))
    }

    /// Removes a learner with what is only theirs; `restore` brings all of it back.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::remove`].
    pub fn remove(&self, id: LearnerId) -> Result<()> {
        call(|| self.room.remove(id))
    }

    /// Says that two learners are the same one; `restore` takes it back.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::merge`].
    pub fn merge(&self, id: LearnerId, into: LearnerId) -> Result<()> {
        call(|| self.room.merge(id, into))
    }

    /// Who is gone and can be brought back.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::gone`].
    pub fn gone(&self) -> Result<Vec<Gone>> {
        call(|| self.room.gone())
    }

    /// Brings back a learner who is gone, with everything that went along.
    ///
    /// # Errors
    /// As [`learners::LearnersClient::restore`].
    pub fn restore(&self, id: LearnerId) -> Result<Learner> {
        call(|| self.room.restore(id))
    }
}
