//! The promises of the whole system, one module each; one binary, so that it links once.
#![forbid(unsafe_code)]

mod catch_up;
mod convergence;
mod house;
mod imports;
mod keys;
mod kills;
mod metadata;
mod plane;
mod portfolio;
mod safety;
mod sign_in;
mod tenancy;
