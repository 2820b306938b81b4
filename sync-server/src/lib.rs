//! The sync server: moves ciphertext, signs people in, keeps families apart.
//!
//! - `router`: every URL, one table; `state`: what every route shares; `serve`: listening and stopping
//! - `config`, `origin`, `secrets`: flags, the public URL, the secrets file
//! - `accounts`, `oauth`, `pages`, `mail`: signing people in; `audit`, `limits`: what happened, how often
//! - `store`: two engines behind one transaction type; `error`: one error for every room
#![forbid(unsafe_code)]

pub mod accounts;
pub mod audit;
pub mod clock;
pub mod config;
pub mod error;
pub mod limits;
pub mod mail;
pub mod oauth;
pub mod origin;
pub mod pages;
pub mod router;
pub mod secrets;
mod serve;
pub mod state;
pub mod store;

pub use config::Config;
pub use error::ApiError;
pub use router::app;
pub use serve::serve;
pub use state::State;
