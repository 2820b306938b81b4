//! The sync server: moves ciphertext, signs people in, keeps families apart.
//!
//! - `router`: every URL, one table; `service`: the table as a service; `state`: what every route shares; `serve`,
//!   `tls`, `patient`: listening and stopping
//! - `config`, `origin`, `secrets`, `stamp`: flags, the public URL, the secrets file, what store it belongs to
//! - `clock`: time, its units, and randomness as parameters; `sweep`: rows whose time is over leave;
//!   `erase`: an account ends, and what goes with it
//! - `accounts`, `oauth`, `pages`, `upstream`, `mail`: signing people in; `audit`, `limits`: what happened, how often
//! - `apps`, `well_known`: what the operator says about apps and contacts, and where others look it up; `legal`: the
//!   operator's privacy page and terms
//! - `member`: who asks for a family's data; `body`: CBOR in and out
//! - `families`, `keyring`, `links`, `records`, `blobs`: the family plane, ciphertext in, ciphertext out; `log`: the
//!   membership log in the store
//! - `planted`: defences that a test takes away
//! - `store`: two engines behind one transaction type; `error`: one error for every room
#![forbid(unsafe_code)]
#![warn(clippy::missing_errors_doc)]

pub mod accounts;
pub mod apps;
pub mod audit;
pub mod blobs;
mod body;
pub mod clock;
pub mod config;
pub mod erase;
pub mod error;
pub mod families;
mod hex;
pub mod keyring;
pub mod leap;
pub mod legal;
pub mod limits;
pub mod links;
pub mod log;
pub mod mail;
pub mod member;
pub mod oauth;
pub mod origin;
pub mod pages;
mod patient;
mod planted;
pub mod records;
pub mod router;
pub mod secrets;
mod serve;
mod service;
mod stamp;
pub mod state;
pub mod store;
pub mod sweep;
mod tls;
pub mod upstream;
mod well_known;

pub use config::Config;
pub use error::ApiError;
pub use serve::serve;
pub use service::app;
pub use state::State;
