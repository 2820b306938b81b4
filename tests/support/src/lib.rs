//! What the tests of the whole system stand on.

pub mod browser;
pub mod family;
pub mod phone;
pub mod postgres;
pub mod server;
pub mod wire;
