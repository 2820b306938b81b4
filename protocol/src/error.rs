//! Why bytes from outside were refused.

/// The result of reading bytes from outside.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why bytes from outside were refused. Messages never hold the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not the shape that was expected here.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// The right shape, written in another way than the one deterministic way (RFC 8949 4.2.1).
    #[error("not deterministic CBOR")]
    NotCanonical,
    /// A newer version wrote this: it holds a change, a key or a kind that this version does not know.
    /// It must never be skipped.
    #[error("written by a newer version: update the app")]
    UpdateApp,
    /// A signature that does not belong to these bytes and this key.
    #[error("signature does not verify")]
    Signature,
    /// A membership log entry breaks a rule.
    #[error("membership log: {0}")]
    Log(&'static str),
}
