//! Everything the Kinfolio app knows how to do, without a screen. It works with no network and no account.
//!
//! The map, from the ground up; [`client`] opens the store and hands out the rooms:
//! - [`error`], [`ids`], [`clock`], [`host`], [`progress`], [`changes`]: the words that every room uses
//! - [`context`]: what every room is given, and how a room writes; [`steps`]: what this session wrote, for [`undo`]
//! - [`records`]: cells, merge, and the one sealed write path of all rooms
//! - [`storage`]: the encrypted store, one writer and two readers
//! - [`learners`], [`subjects`], [`entries`], [`attachments`]: the record itself
//! - [`shelf`]: how small kinds are kept; [`reading`], [`goals`], [`plans`], [`days`], [`providers`], [`trips`], [`qualifications`],
//!   [`letters`], [`templates`], [`filters`], [`targets`], [`skills`], [`reminders`], [`reports`],
//!   [`private`]: those kinds; [`due`]: what is due
//! - [`trash`]: what was thrown away, of every kind, until it goes for good; [`versions`]: what entries were before;
//!   [`family_log`]: who did what
//! - [`catch_up`]: hundreds of photographs become entries
//! - [`memories`]: this day in earlier years, and one subject a year apart
//! - [`crypto`]: sealing, opening, deriving, signing; [`http`]: the one HTTP door
//! - [`account`]: signing in; [`keys`]: this device, the family's members and keys, joining, recovery words
//! - [`sync`]: dirty records and photo files to the server, others' here
//! - [`export`]: documents that belong to the family, and the whole record as one ZIP; [`imports`]: the way in;
//!   [`plain`]: the record in plain words
//! - [`capture`]: an entry once more, what comes back every week, plans into entries; [`timer`]: minutes of this phone
//! - [`intake`]: what other apps share into this one, and the day out
//! - [`coverage`]: sums by subject and term; [`settings`]: what the family shares, and what this phone keeps for itself
//! - [`finding`]: one question to entries and small things; [`words`]: what is typed into it, and what was found
//! - `showing`: what an older app carried without showing it
//! - `parts`: what [`client`] puts an open store together from
//! - `planted`: defences that a test takes away
#![forbid(unsafe_code)]
#![warn(clippy::missing_errors_doc)]

pub mod account;
pub mod attachments;
mod calendar;
pub mod capture;
pub mod catch_up;
pub mod changes;
pub mod client;
pub mod clock;
pub mod context;
pub mod coverage;
pub mod crypto;
pub mod days;
pub mod due;
pub mod entries;
pub mod error;
pub mod export;
pub mod family_log;
pub mod filters;
pub mod finding;
pub mod goals;
mod hex;
pub mod host;
pub mod http;
pub mod ids;
pub mod imports;
mod input;
pub mod intake;
pub mod keys;
pub mod learners;
pub mod letters;
pub mod memories;
mod parts;
pub mod plain;
pub mod plans;
mod planted;
pub mod private;
pub mod progress;
pub mod providers;
pub mod qualifications;
pub mod reading;
pub mod records;
pub mod reminders;
pub mod reports;
mod script;
pub mod settings;
pub mod shelf;
mod showing;
pub mod skills;
pub mod steps;
pub mod storage;
pub mod subjects;
pub mod sync;
pub mod targets;
pub mod templates;
pub mod timer;
pub mod trash;
pub mod trips;
pub mod undo;
pub mod versions;
pub mod words;

pub use client::{Client, ClientConfig};
pub use error::{Error, Result};
