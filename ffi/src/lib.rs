//! The UniFFI façade over kinfolio-core: no rules in it, methods of at most three lines, one file per room.
uniffi::setup_scaffolding!();

mod border;
mod changes;
mod error;
mod host;
mod ids;
mod progress;

pub use changes::{Change, ChangeListener, Subscription};
pub use error::KinfolioError;
pub use host::{Clock, ImageDecoder, SecretStore};
pub use progress::{Cancel, Progress};
