//! The JSON bodies: the one envelope of every error outside OAuth, and the account's own pages.

use serde::{Deserialize, Serialize};

/// What stands in `error.code`. A phone acts on these; the message is for people who read logs.
pub mod code {
    macro_rules! codes {
        ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
            $($(#[$doc])* pub const $name: &str = $text;)*
            /// All of them; a test finds each in docs/formats.md.
            pub const ALL: &[&str] = &[$($name),*];
        };
    }

    codes! {
        /// The bearer token is missing, unknown or expired.
        UNAUTHORIZED = "unauthorized";
        /// A sign-in of a member's own account that is not bound to an enrolled device.
        DEVICE_NOT_ENROLLED = "device_not_enrolled";
        /// Not there, or another family's: the same answer.
        NOT_FOUND = "not_found";
        /// The body is not what this route takes.
        MALFORMED = "malformed";
        /// The body or one of its fields is over the limits.
        TOO_LARGE = "too_large";
        /// A newer app wrote this.
        UPDATE_SERVER = "update_server";
        /// The log has moved on; `length` says how far.
        LOG_BEHIND = "log_behind";
        /// The entry breaks a rule of the log.
        LOG_INVALID = "log_invalid";
        /// A head named by a new epoch has moved on.
        HEAD_MOVED = "head_moved";
        /// Sealed under an epoch that is not the space's newest.
        EPOCH_OLD = "epoch_old";
        /// The id is taken by something else.
        CONFLICT = "conflict";
        /// A blob is not complete yet.
        PARTS_MISSING = "parts_missing";
        /// The family's quota is used up.
        QUOTA = "quota";
        /// Too many requests; see Retry-After.
        SLOW_DOWN = "slow_down";
        /// The link's time is over or it was used.
        LINK_CLOSED = "link_closed";
        /// A device proof that does not hold.
        PROOF_INVALID = "proof_invalid";
        /// Busy now; see Retry-After.
        BUSY = "busy";
        /// The server's database does not answer; nothing was stored.
        DATABASE_GONE = "database_gone";
        /// The server's disk is full; nothing was stored.
        STORAGE_FULL = "storage_full";
        /// This address does not know this verb.
        METHOD_NOT_ALLOWED = "method_not_allowed";
        /// Sign in once more first (RFC 9470).
        INSUFFICIENT_USER_AUTHENTICATION = "insufficient_user_authentication";
        /// It is there already, or what it belongs to is not.
        CONSTRAINT = "constraint";
        /// Our fault; logged under the id.
        INTERNAL = "internal";
    }
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
    /// When the account is to be deleted, milliseconds since 1970; absent: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_ms: Option<i64>,
}

/// The reply to `POST /me/deletion`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When the account is to be deleted, milliseconds since 1970.
    pub deletion_ms: i64,
}

/// One item of `GET /sign-ins`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInItem {
    /// Sign-in id, hex.
    pub sign_in: String,
    /// What its person called it on the account page, or an app that tells the server a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it was made, milliseconds since 1970.
    pub created_ms: i64,
    /// The day (UTC) on which it was last used: its begin, milliseconds since 1970.
    pub last_used_ms: i64,
    /// When it ends, milliseconds since 1970; a refresh moves it, up to 400 days after it was made.
    pub ends_ms: i64,
    /// `android`, `ios`, `linux`, `macos` or `windows`, as the app said with its newest tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The app's version, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_version: Option<String>,
    /// The coarse network that it last came from: a /24 of IPv4, a /48 of IPv6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The families it is bound to as an enrolled device, hex.
    pub families: Vec<String>,
    /// Which device it is in each of them, hex.
    #[serde(default)]
    pub devices: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn every_error_code_is_explained_in_the_formats() {
        let formats = include_str!("../../docs/formats.md");
        let table = formats.split("## 6.").nth(1).unwrap().split("## 7.").next().unwrap();
        for code in code::ALL {
            assert!(table.contains(&format!("| `{code}` |")), "docs/formats.md 6 lacks {code}");
        }
        let rows = table.lines().filter(|line| line.starts_with("| `"));
        let listed: Vec<_> = rows.filter_map(|line| line.split('`').nth(1)).collect();
        assert_eq!(listed, code::ALL, "docs/formats.md 6 and the constants, in one order");
    }
}
