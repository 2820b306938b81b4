//! What the tests of the whole system stand on.
#![forbid(unsafe_code)]

pub mod authenticator;
pub mod browser;
pub mod camera;
pub mod engine;
pub mod family;
pub mod keystore;
pub mod line;
pub mod phone;
pub mod plane;
pub mod postgres;
pub mod process;
pub mod provider;
pub mod server;
pub mod smtp;
pub mod web;
