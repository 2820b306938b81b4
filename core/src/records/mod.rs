//! Records: what every room writes through, and what sync moves.
//!
//! - [`value`], [`document`], `codec`: a record's cells and their bytes
//! - [`merge`], [`text`], `diff`: bringing two versions together; pure
//! - [`fill`]: taking in an older copy; [`derived()`]: one id on all phones for what they make of one thing
//! - [`fields`]: what each field number of each kind means
//! - [`seal`]: compressed, padded, sealed, and back; [`store`]: kept with its ciphertext and dirty flag
//! - [`stamp`]: when and by which phone a cell was written; `reissue`: what a wrong clock wrote, put right
//! - [`trash`]: what lies in the trash, of every kind
//! - `take_back`: an edit that takes another back; `kinds`: where each kind is shown; `naming`: which record names what; `who`: two that turned out to be one

pub mod derived;
pub mod document;
pub mod fields;
pub mod fill;
pub mod merge;
pub mod seal;
pub mod stamp;
pub mod store;
pub mod text;
pub mod trash;
pub mod value;

mod codec;
mod diff;
mod kinds;
#[cfg(test)]
mod laws;
mod naming;
mod reissue;
mod take_back;
#[cfg(test)]
mod vectors;
mod who;

pub use derived::derived;
pub use document::{Cell, Document, Kind, READER};
pub use fill::Filled;
pub use kinds::{Names, What, is_private, shown_in, told_as};
pub use merge::Merged;
pub use naming::{Named, names_what_stays};
pub use reissue::reissue;
pub use seal::{FORMAT, Opener, Packed, Sealed, Sealer, packed, unpacked};
pub use stamp::{
    Stamp, Stamper, clock_offset, corrected_now, is_applied, seen_clock_offset, set_clock_offset,
};
pub use store::{
    StoredRecord, Synced, all, cells, doubt_all, is_empty, is_local, keep, leave, load, of_kind, reseal,
    save, shared,
};
pub use value::{Key, Value};
pub use who::{Way, merged_into, way, who_it_is};
