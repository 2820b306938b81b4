//! The append-only log of what happened to accounts. No secrets, no content.

use crate::store::{Result, Tx, Value};

/// What is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// An account was made.
    Registered,
    /// The right password.
    LoginOk,
    /// A wrong password, or an address without an account.
    LoginFailed,
    /// A browser signed out.
    LoggedOut,
    /// A device signed in.
    SignedIn,
    /// A code was redeemed a second time with the right verifier.
    CodeReplay,
    /// A refresh token was used against the rules of sign-in.md 2.6.
    RefreshReuse,
    /// A sign-in was ended.
    Revoked,
    /// A sign-in proved which enrolled device it is.
    DeviceBound,
    /// The device of a sign-in was removed from its family.
    DeviceUnbound,
    /// A sign-in without a device fetched the grant to the recovery key.
    RecoveryRead,
}

impl Event {
    fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::LoginOk => "login_ok",
            Self::LoginFailed => "login_failed",
            Self::LoggedOut => "logged_out",
            Self::SignedIn => "signed_in",
            Self::CodeReplay => "code_replay",
            Self::RefreshReuse => "refresh_reuse",
            Self::Revoked => "revoked",
            Self::DeviceBound => "device_bound",
            Self::DeviceUnbound => "device_unbound",
            Self::RecoveryRead => "recovery_read",
        }
    }
}

/// Adds one line, in the transaction of what it tells about.
pub fn record(
    tx: &mut Tx<'_>,
    at_us: i64,
    event: Event,
    user: Option<[u8; 16]>,
    sign_in: Option<[u8; 16]>,
) -> Result<()> {
    tx.execute(
        "INSERT INTO audit (at, kind, user_id, signin_id) VALUES ($1, $2, $3, $4)",
        &[Value::Int(at_us), event.word().into(), user.into(), sign_in.into()],
    )?;
    Ok(())
}
