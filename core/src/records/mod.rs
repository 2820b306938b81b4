//! Records: what every room writes through, and what sync moves.
//!
//! - [`value`], [`document`], `codec`: a record's cells and their bytes
//! - [`merge`], [`text`], `diff`: bringing two versions together; pure
//! - [`stamp`]: when and by which phone a cell was written

pub mod document;
pub mod merge;
pub mod stamp;
pub mod text;
pub mod value;

mod codec;
mod diff;
#[cfg(test)]
mod laws;

pub use document::{Cell, Document, Kind, READER};
pub use merge::Merged;
pub use stamp::{Stamp, Stamper, clock_offset, corrected_now, set_clock_offset};
pub use value::{Key, Value};
