//! The membership log in the store, and which account is which member of it.

pub mod members;
mod store;

pub use store::{entries, int, load, replay, store};
