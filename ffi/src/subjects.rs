//! Subjects: the family's own list, in its own words.
use crate::border::{Result, call};
use kinfolio_core::{ids, subjects};

type SubjectId = ids::SubjectId;
type Subject = subjects::Subject;
type Preset = subjects::Preset;
type SubjectEdit = subjects::SubjectEdit;

/// One subject.
#[uniffi::remote(Record)]
pub struct Subject {
    /// Its id.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// Place in lists, ascending.
    pub order: i64,
    /// Not offered for new entries; what has it keeps it.
    pub hidden: bool,
    /// One of those that a law calls core.
    pub core: bool,
}

/// What is changed about a subject; what is left out stays as it is.
#[uniffi::remote(Record)]
pub struct SubjectEdit {
    /// 1 to 80 characters.
    #[uniffi(default)]
    pub name: Option<String>,
    /// `#rrggbb`, or empty.
    #[uniffi(default)]
    pub colour: Option<String>,
    /// Place in lists.
    #[uniffi(default)]
    pub order: Option<i64>,
    /// Not offered for new entries.
    #[uniffi(default)]
    pub hidden: Option<bool>,
    /// One of those that a law calls core.
    #[uniffi(default)]
    pub core: Option<bool>,
}

/// A list to begin with.
#[uniffi::remote(Enum)]
pub enum Preset {
    /// Areas that reports in the United Kingdom are grouped by.
    UkAreas,
    /// The seven areas of the early years framework of England.
    EarlyYears,
    /// Pennsylvania, the elementary level.
    Pennsylvania,
    /// New York, grades 1 to 6.
    NewYork,
    /// Missouri: the first five are core.
    Missouri,
    /// The eight learning areas of Australia.
    Australia,
}

/// The subjects' room.
#[derive(uniffi::Object)]
pub struct SubjectsClient {
    pub(crate) room: subjects::SubjectsClient,
}

#[uniffi::export]
impl SubjectsClient {
    /// Adds a subject at the end of the list; the colour is `#rrggbb` or empty.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::add`].
    pub fn add(&self, name: String, colour: String) -> Result<Subject> {
        call(|| self.room.add(&name, &colour))
    }

    /// All subjects in their order.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::list`].
    pub fn list(&self) -> Result<Vec<Subject>> {
        call(|| self.room.list())
    }

    /// One subject.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::get`].
    pub fn get(&self, id: SubjectId) -> Result<Subject> {
        call(|| self.room.get(id))
    }

    /// Changes a subject; all its entries follow.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::update`].
    pub fn update(&self, id: SubjectId, edit: SubjectEdit) -> Result<Subject> {
        call(|| self.room.update(id, edit))
    }

    /// Gives a subject another name.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::rename`].
    pub fn rename(&self, id: SubjectId, name: String) -> Result<Subject> {
        call(|| self.room.rename(id, &name))
    }

    /// Makes a subject part of another: every entry that has it shows the other from now on.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::merge`].
    pub fn merge(&self, id: SubjectId, into: SubjectId) -> Result<()> {
        call(|| self.room.merge(id, into))
    }

    /// Puts the list into this order; those that are not named follow as they stood.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::reorder`].
    pub fn reorder(&self, order: Vec<SubjectId>) -> Result<()> {
        call(|| self.room.reorder(&order))
    }

    /// Adds a list of subjects as a place or law names them, without those that are there by that name.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::add_preset`].
    pub fn add_preset(&self, preset: Preset) -> Result<Vec<Subject>> {
        call(|| self.room.add_preset(preset))
    }

    /// Takes a subject off the list. Its entries stay.
    ///
    /// # Errors
    /// As [`subjects::SubjectsClient::remove`].
    pub fn remove(&self, id: SubjectId) -> Result<()> {
        call(|| self.room.remove(id))
    }
}
