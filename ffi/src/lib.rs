//! The UniFFI façade over kinfolio-core: no rules in it, methods of at most three lines, one file per room.
//!
//! `# Errors` names the method of the core whose errors a call may give; `error.rs` maps them to what the screen does
//! next. [`KinfolioError::Unexpected`] may come of every call: a fault of the program does not end the app.
#![warn(clippy::missing_errors_doc)]

uniffi::setup_scaffolding!();

mod account;
mod attachments;
mod border;
mod changes;
mod client;
mod entries;
mod error;
mod export;
mod host;
mod ids;
mod keys;
mod learners;
mod notices;
mod progress;
mod subjects;
mod sync;

pub use account::AccountClient;
pub use attachments::{AttachmentsClient, ImportSource};
pub use changes::{ChangeListener, Subscription};
pub use client::Client;
pub use entries::EntriesClient;
pub use error::KinfolioError;
pub use export::{ExportClient, PrintedName};
pub use host::{Clock, ImageDecoder, SecretStore};
pub use ids::Id;
pub use keys::{JoinPreview, KeysClient};
pub use learners::LearnersClient;
pub use progress::{Cancel, Progress};
pub use subjects::SubjectsClient;
pub use sync::SyncClient;
