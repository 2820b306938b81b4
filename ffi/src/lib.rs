//! The UniFFI façade over kinfolio-core: no rules in it, methods of at most three lines, one file per room.
//!
//! `# Errors` names the method of the core whose errors a call may give; `error.rs` maps them to what the screen does
//! next. [`KinfolioError::Unexpected`] may come of every call: a fault of the program does not end the app.
#![warn(clippy::missing_errors_doc)]

uniffi::setup_scaffolding!();

mod account;
mod attachments;
mod border;
mod capture;
mod catch_up;
mod changes;
mod client;
mod coverage;
mod days;
mod due;
mod entries;
mod error;
mod export;
mod filters;
mod finding;
mod goals;
mod host;
mod ids;
mod keys;
mod learners;
mod letters;
mod memories;
mod notices;
mod plans;
mod private;
mod progress;
mod providers;
mod qualifications;
mod reading;
mod reminders;
mod settings;
mod shelf;
mod skills;
mod subjects;
mod sync;
mod targets;
mod templates;
mod timer;
mod trash;
mod trips;
mod undo;

pub use account::AccountClient;
pub use attachments::{AttachmentsClient, ImportSource};
pub use capture::CaptureClient;
pub use catch_up::CatchUpClient;
pub use changes::{ChangeListener, Subscription};
pub use client::Client;
pub use coverage::CoverageClient;
pub use days::DaysClient;
pub use due::DueClient;
pub use entries::EntriesClient;
pub use error::KinfolioError;
pub use export::{ExportClient, PrintedName};
pub use filters::FiltersClient;
pub use finding::FindClient;
pub use goals::GoalsClient;
pub use host::{Clock, ImageDecoder, OpenedPhoto, PhotoOpener, Presence, SecretStore};
pub use ids::Id;
pub use keys::{JoinPreview, KeysClient};
pub use learners::LearnersClient;
pub use letters::LettersClient;
pub use memories::MemoriesClient;
pub use plans::PlansClient;
pub use private::{AssessmentsClient, NeedsClient, PrivateClient};
pub use progress::{Cancel, Progress};
pub use providers::ProvidersClient;
pub use qualifications::QualificationsClient;
pub use reading::ReadingClient;
pub use reminders::RemindersClient;
pub use settings::SettingsClient;
pub use skills::SkillsClient;
pub use subjects::SubjectsClient;
pub use sync::SyncClient;
pub use targets::TargetsClient;
pub use templates::TemplatesClient;
pub use timer::TimerClient;
pub use trash::TrashClient;
pub use trips::TripsClient;
pub use undo::UndoClient;
