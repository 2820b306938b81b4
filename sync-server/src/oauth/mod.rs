//! The authorization server: authorization code with PKCE, opaque tokens, acknowledged refresh rotation
//! (sign-in.md 2). An OAuth server only: no id tokens, no keys to guard.

pub(crate) mod authorize;
pub(crate) mod clients;
pub(crate) mod codes;
mod error;
pub(crate) mod metadata;
pub(crate) mod params;
pub(crate) mod pkce;
pub(crate) mod refresh;
pub(crate) mod revoke;
pub(crate) mod token;
pub(crate) mod transactions;

pub(crate) use crate::accounts::SCOPE;
pub(crate) use error::OAuthError;
