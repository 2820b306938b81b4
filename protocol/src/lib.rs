//! What phone and server say to each other, and the membership log that both verify. No I/O.
//!
//! The map:
//! - [`ids`]: sixteen random bytes each, 32 lower-case hex digits in a URL
//! - [`labels`]: every label that separates one hash or signature from another, `LP`, `H`
//! - [`cbor`]: deterministic CBOR, written in one way and read only in that way
//! - [`limits`]: what is too large, for both sides
//! - [`sign`]: strict Ed25519, and the strings that are signed
//! - [`log`]: the membership log: changes, entries, rules, replay, the recovery anchor
//! - [`grant`]: sealed keys on their way to one device
//! - [`family`], [`link`], [`sync`], [`purge`], [`blob`], [`json`]: requests and replies, route by route
//!
//! Every byte of it but the account's own JSON is told to strangers in `docs/formats.md`.
#![forbid(unsafe_code)]
#![warn(clippy::missing_errors_doc)]

pub mod blob;
pub mod cbor;
mod error;
pub mod family;
pub mod grant;
pub mod ids;
pub mod json;
pub mod labels;
pub mod limits;
pub mod link;
pub mod log;
pub mod purge;
pub mod sign;
pub mod sync;
#[cfg(test)]
mod vectors;

pub use cbor::{Wire, decode, encode};
pub use error::{Error, Result};
pub use ids::{AccountId, BlobId, DeviceId, FamilyId, Hash32, LinkId, MemberId, RecordId, SignInId, SpaceId};
