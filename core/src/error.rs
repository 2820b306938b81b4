//! What can go wrong in the core, by cause. The façade maps these to what the screen does next.

use std::io::ErrorKind;

/// The result of everything in the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Messages are lower-case fragments that say what to do; they never hold a nickname, a note,
/// a token or a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// What was typed or chosen can't be kept as it is; the message names the item.
    #[error("{0}")]
    InvalidInput(String),
    /// There is no such thing on this phone; holds its kind, such as "entry".
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The key does not open the store. The file was left as it is.
    #[error("the key does not open this store; it was left untouched")]
    WrongKey,
    /// Bytes on this phone are not what was written; holds what was being read.
    #[error("the store on this phone is damaged: {0}")]
    StoreDamaged(String),
    /// A newer version of the app wrote this store.
    #[error("this store was written by a newer version: update the app")]
    StoreTooNew,
    /// No room is left on the phone; nothing was changed.
    #[error("no space left on this phone: free some and try again")]
    StorageFull,
    /// A picture that can't be taken in; the message says what to do.
    #[error("{0}")]
    Image(String),
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// Nobody is signed in, or the sign-in has ended.
    #[error("sign in again")]
    SignedOut,
    /// Signed in, but this phone is not enrolled in the family.
    #[error("this phone is not enrolled: join the family from an enrolled phone")]
    NotEnrolled,
    /// The server wants the person to sign in once more, by all steps, before it does this.
    #[error("this needs a sign-in of the last ten minutes: sign in once more")]
    TwoFactorRequired,
    /// The server can't be reached, or its reply broke off; try again later.
    #[error("the server can't be reached or is not ready: {0}")]
    Offline(String),
    /// The server has no room for more of this family; what is here stays here and is sent when there is.
    #[error("the server has no more room for this family: ask who runs it, nothing here is lost")]
    ServerFull,
    /// The server refused the request.
    #[error("the server refused the request ({status} {code}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// The error envelope's code, such as `epoch_old`; empty when there was none.
        code: String,
        /// The error envelope's message.
        message: String,
    },
    /// A newer version wrote this. It is kept as it is; what is edited here waits until the app is updated.
    #[error("written by a newer version: update the app")]
    UpdateApp,
    /// What the server shows contradicts what it showed before. Local work goes on, nothing is granted.
    #[error("the server's history differs from the one this phone has seen")]
    HistoryDiffers,
    /// Ciphertext, a signature or a key that does not hold; says which.
    #[error("{0}")]
    Sealed(&'static str),
    /// A fault of this program; says where.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// Shorthand for [`Error::InvalidInput`].
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidInput(message.into())
    }

    /// Shorthand for [`Error::Internal`].
    pub fn internal(place: impl Into<String>) -> Self {
        Self::Internal(place.into())
    }

    /// Whether a file or folder can't be written because of where it is: whoever chose the place can choose another.
    pub(crate) fn is_of_the_place(kind: ErrorKind) -> bool {
        use ErrorKind::{
            AlreadyExists, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
        };
        matches!(
            kind,
            AlreadyExists | IsADirectory | NotADirectory | NotFound | PermissionDenied | ReadOnlyFilesystem
        )
    }

    /// What a failed operation on a photo's file means; the system's message may hold a path and is not passed on.
    pub fn of_photo_file(error: &std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::StorageFull,
            kind => Self::Internal(format!("photo file: {kind}")),
        }
    }
}

/// `Option` to [`Error::NotFound`], so that a look-up reads like English.
pub trait OrNotFound<T> {
    /// The value, or [`Error::NotFound`] with this kind.
    ///
    /// # Errors
    /// [`Error::NotFound`] for `None`.
    fn or_not_found(self, kind: &'static str) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self, kind: &'static str) -> Result<T> {
        self.ok_or(Error::NotFound(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_photo_file_on_a_full_disk_says_that_the_disk_is_full() {
        // The device that is always full.
        let full = std::fs::write("/dev/full", b"a photo").unwrap_err();
        assert_eq!(Error::of_photo_file(&full), Error::StorageFull);
        let missing = std::fs::read("/dev/no-such-photo").unwrap_err();
        assert!(matches!(Error::of_photo_file(&missing), Error::Internal(_)));
    }
}
