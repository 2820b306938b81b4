//! Reports: drafted from the record, edited by the parent, printed with names that are filled in last.

mod build;
mod chips;
mod client;
mod details;
mod draft;
mod gather;
mod missing;
mod paper;
mod register;
mod remembered;
mod tables;
mod told;
mod write;

#[cfg(test)]
mod tests;

pub use client::{Doubt, ReportsClient};
pub use details::{Details, joined};
pub use paper::{ReportBlock, ReportPaper, ReportPart, Table};
pub use register::{ProviderAnswer, RegisterAnswers, RegisterRequest};
pub use remembered::Remembered;
pub use write::ReportRequest;

pub(super) use tables::WHAT;

pub(super) use build::sibling;
