//! The membership log: an append-only chain of signed entries, one per family, which says who is enrolled.
//!
//! The server reads it to enforce it, and every phone verifies it with this same code. Names stay out of it.
//! [`Entry`] is one link; [`Log`] replays entries under the rules and holds the state they lead to; [`anchor`]
//! finds the true chain for a phone that has nothing but the recovery words.

#[cfg(test)]
mod agreement;
mod change;
mod entry;
mod history;
#[cfg(test)]
mod model;
mod rules;
mod state;
#[cfg(test)]
mod tests;

pub use change::{AddDevice, Change, Epoch, Role, SetRecovery, Signer};
pub use entry::{Body, Entry};
pub use history::{Anchored, Standing, anchor, compare};
pub use state::{Device, Log, Member, Recovery, Space};
