//! The way in: an own ZIP, Day One's diary, a table.
use crate::border::{Result, work};
use crate::progress::{Cancel, Progress, heard_by, token};
use kinfolio_core::{ids, imports};
use std::path::Path;
use std::sync::Arc;

type LearnerId = ids::LearnerId;
type SubjectId = ids::SubjectId;
type CsvField = imports::CsvField;
type CsvPreview = imports::CsvPreview;
type CsvRequest = imports::CsvRequest;
type DateOrder = imports::DateOrder;
type FoundLearner = imports::FoundLearner;
type Given = imports::Given;
type ImportPreview = imports::ImportPreview;
type ImportReport = imports::ImportReport;
type SameLearner = imports::SameLearner;
type NameChoice = imports::NameChoice;
type Problem = imports::Problem;

/// What a file holds, seen from this phone.
#[uniffi::remote(Record)]
pub struct ImportPreview {
    /// When the file was made, milliseconds since 1970; none when it does not say.
    pub made_at: Option<i64>,
    /// Entries in it.
    pub entries: u32,
    /// Entries of it that are here already.
    pub entries_here: u32,
    /// Photos and files in it.
    pub photos: u32,
    /// Books, goals, letters and all other things in it.
    pub others: u32,
    /// Of those, here already.
    pub others_here: u32,
    /// Needs notes and assessments among them.
    pub private: u32,
    /// Learners in it.
    pub learners: Vec<FoundLearner>,
    /// What can't be taken in, and why.
    pub problems: Vec<Problem>,
}

/// A learner of the file.
#[uniffi::remote(Record)]
pub struct FoundLearner {
    /// The file's id of this learner.
    pub id: LearnerId,
    /// What the file calls this learner.
    pub nickname: String,
    /// The same learner is here already.
    pub here: bool,
    /// Others here who have this nickname: whether one of them is meant has to be said.
    pub same_nickname: Vec<LearnerId>,
}

/// Who a learner of the file is.
#[uniffi::remote(Record)]
pub struct SameLearner {
    /// The file's id.
    pub found: LearnerId,
    /// The learner here; none for somebody new.
    pub into: Option<LearnerId>,
}

/// A thing that could not be taken in, or was left as it is here.
#[uniffi::remote(Record)]
#[uniffi(name = "ImportProblem")]
pub struct Problem {
    /// Which, such as `entry 12 of 2026-05-03`: its place in the file's list.
    pub item: String,
    /// Why.
    pub problem: String,
}

/// What every entry of a diary or table gets, where it says nothing else itself.
#[uniffi::remote(Record)]
#[uniffi(name = "ImportGiven")]
pub struct Given {
    /// On record at once; else a draft.
    #[uniffi(default)]
    pub on_record: bool,
    /// Whose they are.
    #[uniffi(default)]
    pub learners: Vec<LearnerId>,
    /// Their subjects.
    #[uniffi(default)]
    pub subjects: Vec<SubjectId>,
}

/// What came of an import.
#[uniffi::remote(Record)]
pub struct ImportReport {
    /// New things, entries and all others.
    pub added: u32,
    /// Things that were here and got a field or a photo more.
    pub completed: u32,
    /// Things that were here just so.
    pub unchanged: u32,
    /// Photos and files that came in.
    pub photos: u32,
    /// Fields that hold something else here: they stay as they are.
    pub kept: Vec<Problem>,
    /// What did not come in.
    pub problems: Vec<Problem>,
}

/// What a table's column holds.
#[uniffi::remote(Enum)]
pub enum CsvField {
    Skip,
    Date,
    Title,
    Note,
    Minutes,
    Hours,
    Learners,
    OwnLines,
    Subjects,
    Tags,
    Starred,
    Sample,
    Went,
    Shows,
    Next,
    Id,
}

/// Which of two numbers comes first: 31/12 or 12/31.
#[uniffi::remote(Enum)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// What a table holds, and how it would be read.
#[uniffi::remote(Record)]
pub struct CsvPreview {
    /// The header's cells.
    pub header: Vec<String>,
    /// What each column is taken for; to be changed and given back.
    pub columns: Vec<CsvField>,
    /// The first rows as they stand there.
    pub first_rows: Vec<Vec<String>>,
    /// Rows below the header.
    pub rows: u32,
    /// How its days can be read; with two, the person is to say which.
    pub date_orders: Vec<DateOrder>,
    /// Nicknames that nobody here has, or several have: the person is to say who they are.
    pub unknown_learners: Vec<String>,
    /// Subjects that are not here: they would be added.
    pub new_subjects: Vec<String>,
    /// Rows that would not come in, and why.
    pub problems: Vec<Problem>,
}

/// Who a nickname of a table is.
#[uniffi::remote(Record)]
pub struct NameChoice {
    /// As the table writes it.
    pub nickname: String,
    /// The learner here; none for somebody new of that nickname.
    pub into: Option<LearnerId>,
}

/// How a table is to be read.
#[uniffi::remote(Record)]
pub struct CsvRequest {
    /// What each column is; empty for what the preview said.
    #[uniffi(default)]
    pub columns: Vec<CsvField>,
    /// Which of two numbers is the day, where that has to be said.
    #[uniffi(default)]
    pub date_order: Option<DateOrder>,
    /// Who the unknown nicknames are.
    #[uniffi(default)]
    pub learners: Vec<NameChoice>,
    /// What every entry gets besides.
    pub given: Given,
}

/// The room of imports. A second run of any import adds nothing.
#[derive(uniffi::Object)]
pub struct ImportsClient {
    pub(crate) room: imports::ImportsClient,
}

#[uniffi::export]
impl ImportsClient {
    /// What a record's ZIP holds, and what of it is here. Nothing is written.
    ///
    /// # Errors
    /// As [`imports::ImportsClient::preview_record`].
    pub async fn preview_record(&self, path: String) -> Result<ImportPreview> {
        let room = self.room.clone();
        work(move || room.preview_record(Path::new(&path))).await
    }

    /// Reads a record's ZIP in. What is here stays as it is.
    ///
    /// # Errors
    /// As [`imports::ImportsClient::import_record`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn import_record(
        &self,
        path: String,
        choices: Vec<SameLearner>,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<ImportReport> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        work(move || room.import_record(Path::new(&path), &choices, &*progress, &cancel)).await
    }

    /// What an export of Day One holds, and what of it is here. Nothing is written.
    ///
    /// # Errors
    /// As [`imports::ImportsClient::preview_day_one`].
    pub async fn preview_day_one(&self, path: String) -> Result<ImportPreview> {
        let room = self.room.clone();
        work(move || room.preview_day_one(Path::new(&path))).await
    }

    /// Reads an export of Day One in: its ZIP file, or its JSON file beside the folder of photos.
    ///
    /// # Errors
    /// As [`imports::ImportsClient::import_day_one`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn import_day_one(
        &self,
        path: String,
        given: Given,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<ImportReport> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        work(move || room.import_day_one(Path::new(&path), &given, &*progress, &cancel)).await
    }

    /// What a table holds and how it would be read: with `columns`, as they say. Nothing is written.
    ///
    /// # Errors
    /// As [`imports::ImportsClient::preview_csv`].
    pub async fn preview_csv(&self, path: String, columns: Vec<CsvField>) -> Result<CsvPreview> {
        let room = self.room.clone();
        work(move || room.preview_csv(Path::new(&path), &columns)).await
    }

    /// Reads a table in, one entry a row.
    ///
    /// # Errors
    /// As [`imports::ImportsClient::import_csv`].
    #[uniffi::method(default(cancel = None, progress = None))]
    pub async fn import_csv(
        &self,
        path: String,
        request: CsvRequest,
        cancel: Option<Arc<Cancel>>,
        progress: Option<Arc<dyn Progress>>,
    ) -> Result<ImportReport> {
        let (room, progress, cancel) = (self.room.clone(), heard_by(progress), token(cancel));
        work(move || room.import_csv(Path::new(&path), &request, &*progress, &cancel)).await
    }
}
