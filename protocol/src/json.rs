//! The JSON bodies: the one envelope of every error outside OAuth, and the account's own pages.

use serde::{Deserialize, Serialize};

/// What stands in `error.code`. A phone acts on these; the message is for people who read logs.
pub mod code {
    /// The bearer token is missing, unknown or expired.
    pub const UNAUTHORIZED: &str = "unauthorized";
    /// A sign-in of a member's own account that is not bound to an enrolled device.
    pub const DEVICE_NOT_ENROLLED: &str = "device_not_enrolled";
    /// Not there, or another family's: the same answer.
    pub const NOT_FOUND: &str = "not_found";
    /// The body is not what this route takes.
    pub const MALFORMED: &str = "malformed";
    /// The body or one of its fields is over the limits.
    pub const TOO_LARGE: &str = "too_large";
    /// A newer app wrote this.
    pub const UPDATE_SERVER: &str = "update_server";
    /// The log has moved on; `length` says how far.
    pub const LOG_BEHIND: &str = "log_behind";
    /// The entry breaks a rule of the log.
    pub const LOG_INVALID: &str = "log_invalid";
    /// A head named by a new epoch has moved on.
    pub const HEAD_MOVED: &str = "head_moved";
    /// Sealed under an epoch that is not the space's newest.
    pub const EPOCH_OLD: &str = "epoch_old";
    /// The id is taken by something else.
    pub const CONFLICT: &str = "conflict";
    /// A blob is not complete yet.
    pub const PARTS_MISSING: &str = "parts_missing";
    /// The family's quota is used up.
    pub const QUOTA: &str = "quota";
    /// Too many requests; see Retry-After.
    pub const SLOW_DOWN: &str = "slow_down";
    /// The link's time is over or it was used.
    pub const LINK_CLOSED: &str = "link_closed";
    /// A device proof that does not hold.
    pub const PROOF_INVALID: &str = "proof_invalid";
    /// Our fault; logged under the id.
    pub const INTERNAL: &str = "internal";
}

/// `GET /me`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Account id, hex.
    pub account: String,
    /// The address that the account signs in with.
    pub email: String,
    /// This sign-in's id, hex.
    pub sign_in: String,
    /// `development` or `production`.
    pub environment: String,
}

/// One row of `GET /sign-ins`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRow {
    /// Sign-in id, hex.
    pub sign_in: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    /// When it was last used (coarse), milliseconds since 1970.
    pub last_used_ms: i64,
    /// The families it is bound to as an enrolled device, hex.
    pub families: Vec<String>,
}
