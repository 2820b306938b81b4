//! What crosses the border when something fails: ten causes, by what the screen does next, mapped in one place.
use kinfolio_core::Error;

/// What the screen does next. `reason` is a lower-case fragment that says what happened and what to do; it never
/// holds a nickname, a note, a token or a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum KinfolioError {
    /// Show the reason beside what was typed or chosen.
    #[error("{reason}")]
    InvalidInput {
        /// What to change.
        reason: String,
    },
    /// Go back: the thing is gone, or never was here.
    #[error("{reason}")]
    NotFound {
        /// What was looked for.
        reason: String,
    },
    /// Show the lock: the store's key doesn't open it, or this phone isn't enrolled in the family yet.
    #[error("{reason}")]
    Locked {
        /// What opens it.
        reason: String,
    },
    /// Offer to sign in. Everything on this phone stays usable.
    #[error("{reason}")]
    SignInAgain {
        /// Why.
        reason: String,
    },
    /// Let the person sign in once more, by all steps: this asks for a sign-in of the last ten minutes.
    #[error("{reason}")]
    TwoFactorRequired {
        /// Why.
        reason: String,
    },
    /// Say "later": nothing is lost, and the same call may work once the server can be reached.
    #[error("{reason}")]
    Offline {
        /// What could not be reached.
        reason: String,
    },
    /// Offer the update.
    #[error("{reason}")]
    UpdateApp {
        /// What is too new.
        reason: String,
    },
    /// Say that it was stopped: the person asked for it, and nothing is half done.
    #[error("{reason}")]
    Cancelled {
        /// What was asked.
        reason: String,
    },
    /// Say how to make room on the phone; nothing was changed.
    #[error("{reason}")]
    StorageFull {
        /// What to do.
        reason: String,
    },
    /// Show the reason and offer to report it.
    #[error("{reason}")]
    Unexpected {
        /// What happened.
        reason: String,
    },
}

/// The one mapping from causes to what the screen does next.
impl From<Error> for KinfolioError {
    fn from(error: Error) -> Self {
        let reason = error.to_string();
        match error {
            Error::InvalidInput(_) | Error::Image(_) => Self::InvalidInput { reason },
            Error::NotFound(_) | Error::Refused { status: 404, .. } => Self::NotFound { reason },
            Error::WrongKey | Error::NotEnrolled => Self::Locked { reason },
            Error::SignedOut | Error::Refused { status: 401, .. } => Self::SignInAgain { reason },
            Error::TwoFactorRequired => Self::TwoFactorRequired { reason },
            Error::Offline(_) | Error::Refused { status: 408 | 429 | 500.., .. } => Self::Offline { reason },
            Error::StoreTooNew | Error::UpdateApp | Error::Refused { status: 426, .. } => {
                Self::UpdateApp { reason }
            }
            Error::Cancelled => Self::Cancelled { reason },
            Error::StorageFull => Self::StorageFull { reason },
            Error::StoreDamaged(_)
            | Error::ServerFull
            | Error::Refused { .. }
            | Error::HistoryDiffers
            | Error::Sealed(_)
            | Error::Internal(_) => Self::Unexpected { reason },
        }
    }
}

/// A foreign implementation of one of our traits threw something that is no `KinfolioError`.
impl From<uniffi::UnexpectedUniFFICallbackError> for KinfolioError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // Its text is the app's own and may hold anything: it isn't passed on.
        Self::Unexpected { reason: "the app's own part failed".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_leads_the_screen_somewhere() {
        let refused = |status| Error::Refused { status, code: "x".into(), message: "y".into() };
        let next =
            |error: Error| format!("{:?}", KinfolioError::from(error)).split(' ').next().map(str::to_owned);
        for (error, expected) in [
            (Error::invalid("too long"), "InvalidInput"),
            (Error::Image("not a picture: choose another file".into()), "InvalidInput"),
            (Error::NotFound("entry"), "NotFound"),
            (refused(404), "NotFound"),
            (Error::WrongKey, "Locked"),
            (Error::NotEnrolled, "Locked"),
            (Error::SignedOut, "SignInAgain"),
            (refused(401), "SignInAgain"),
            (Error::TwoFactorRequired, "TwoFactorRequired"),
            (Error::Offline("timed out".into()), "Offline"),
            (refused(408), "Offline"),
            (refused(429), "Offline"),
            (refused(500), "Offline"),
            (refused(503), "Offline"),
            (Error::StoreTooNew, "UpdateApp"),
            (Error::UpdateApp, "UpdateApp"),
            (refused(426), "UpdateApp"),
            (refused(409), "Unexpected"),
            (Error::StoreDamaged("a record".into()), "Unexpected"),
            (Error::StorageFull, "StorageFull"),
            (Error::ServerFull, "Unexpected"),
            (Error::Cancelled, "Cancelled"),
            (Error::HistoryDiffers, "Unexpected"),
            (Error::Sealed("a signature does not hold"), "Unexpected"),
            (Error::internal("the worker thread"), "Unexpected"),
        ] {
            assert_eq!(next(error.clone()).as_deref(), Some(expected), "{error:?}");
        }
    }
}
