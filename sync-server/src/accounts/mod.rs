//! People who can sign in: registration, passwords, browser sessions, sign-ins and bearer tokens.

pub(crate) mod address_change;
pub mod api;
pub(crate) mod approval;
pub(crate) mod backup_codes;
mod bearer;
pub mod bindings;
pub mod breached;
pub(crate) mod deletion;
pub(crate) mod email_codes;
pub(crate) mod ends;
pub(crate) mod family_erasures;
pub(crate) mod linked;
pub(crate) mod mail_turns;
pub(crate) mod own_data;
pub(crate) mod password;
pub(crate) mod password_change;
pub(crate) mod policy;
pub(crate) mod renewal;
pub(crate) mod second_step;
pub(crate) mod seen;
pub(crate) mod sessions;
pub(crate) mod settled;
pub(crate) mod sign_ins;
pub mod sweep;
pub(crate) mod throttle;
pub(crate) mod tokens;
pub(crate) mod totp;
pub(crate) mod two_step_removal;
pub(crate) mod undo_links;
pub(crate) mod users;

pub(crate) use bearer::ACCESS_US;
pub(crate) use bearer::SCOPE;
pub use bearer::{Bearer, resolve_bearer};
#[cfg(test)]
pub(crate) use bearer::{acknowledge, look_up};
pub(crate) use throttle::once_a_day;
pub use two_step_removal::round as remove_two_step;
