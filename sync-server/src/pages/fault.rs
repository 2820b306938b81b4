//! What a page says when it cannot go on.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::redirect;
use super::render::Alert;
use crate::error::ApiError;

/// A page of its own that says what to do next. [`super::frame`] draws it.
#[derive(Clone, Debug)]
pub(crate) struct PageFault {
    pub(super) status: StatusCode,
    pub(super) head: String,
    pub(super) text: String,
    pub(super) cause: Option<Box<ApiError>>,
    pub(super) on: On,
    go: Option<String>,
}

/// The way on from such a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum On {
    /// None: the page says what to do.
    Nowhere,
    /// To signing in, or to the account, for people who came by a browser.
    In,
    /// Back to a page of ours.
    Back(String),
}

impl PageFault {
    fn new(status: StatusCode, head: &str, text: &str) -> Self {
        Self { status, head: head.to_owned(), text: text.to_owned(), cause: None, on: On::Nowhere, go: None }
    }

    /// With the way back to a page of ours.
    pub(super) fn back(self, to: String) -> Self {
        Self { on: On::Back(to), ..self }
    }

    /// No page at all: the way leads elsewhere first, as to sign in.
    pub(super) fn go(to: &str) -> Self {
        Self { go: Some(to.to_owned()), ..Self::new(StatusCode::SEE_OTHER, "", "") }
    }

    /// The request is over or another browser's.
    pub(crate) fn too_old() -> Self {
        Self { on: On::In, ..Self::new(StatusCode::BAD_REQUEST, TOO_OLD, GO_ON) }
    }

    /// A form that was drawn for another sign-in of this browser: nothing of it is done.
    pub(super) fn not_taken(back: &str) -> Self {
        let text = "Nothing of it was taken. Go back, and send it once more if it is still what you want.";
        Self::new(StatusCode::BAD_REQUEST, TOO_OLD, text).back(back.to_owned())
    }

    /// The same, of the page behind a link in a mail.
    pub(super) fn not_taken_back() -> Self {
        let text = "Nothing was taken back. Open the link in the mail once more.";
        Self::new(StatusCode::BAD_REQUEST, TOO_OLD, text)
    }

    /// The answer went to the app, or the ten minutes of its request are over.
    pub(super) fn answered() -> Self {
        let text = "Look into the app: if it is signed in, all is well. If not, start again there.";
        Self::new(StatusCode::BAD_REQUEST, "This page was used, or is too old", text)
    }

    /// A form that no page of ours sends: of another kind, not to be decoded, with a field missing, or one twice.
    pub(super) fn unreadable() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "This form cannot be read",
            "It did not arrive as our page sends it, and nothing of it was taken. Go back, and send it once more.",
        )
    }

    /// An app or an address to return to that is not registered: never redirected anywhere.
    pub(crate) fn unknown_app() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "This app is not known here",
            "The address you came by is not one of Kinfolio's. Close the page: nothing has happened.",
        )
    }

    /// A form far larger than any of ours.
    pub(super) fn too_much() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "That was too long",
            "Nothing of it was taken. Go back, and type less.",
        )
    }
}

/// Seconds as people say them: `30 seconds`, `4 minutes`.
pub(super) fn in_words(seconds: u64) -> String {
    match seconds {
        0 | 1 => "1 second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "1 minute".to_owned(),
        7200.. => format!("{} hours", seconds.div_ceil(3600)),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// Says on a page how long to wait, and in its header.
pub(super) fn waiting(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    response
}

const TOO_OLD: &str = "This page is too old";
const GO_ON: &str = "Go back to the app and start again, or go on in this browser.";

/// What "please wait" says where no password was typed.
const TRY_AGAIN: &str =
    "There were too many tries. After that, try again. Phones that are signed in go on working.";

/// What it says where one was.
pub(super) const WAIT_TEXT: &str = "There were too many tries. After that, try again or set a new password. Phones that are signed in go on working.";

impl From<ApiError> for PageFault {
    fn from(error: ApiError) -> Self {
        let busy = error.retry_after_s().is_some();
        let Alert { head, text } = match (error.status(), error.retry_after_s()) {
            (StatusCode::TOO_MANY_REQUESTS, Some(seconds)) => Alert::wait(seconds, TRY_AGAIN),
            (_, Some(_)) => Alert::new("Please wait a moment", "The server is busy. Try again in a minute."),
            (StatusCode::INSUFFICIENT_STORAGE, None) => Alert::new(
                "The server is full",
                "Nothing was stored. Tell whoever runs this server, and try again later.",
            ),
            (status, None) if status.is_server_error() => Alert::new(
                "Something went wrong",
                "Nothing is lost. Go back to the app and start again later.",
            ),
            (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, None) => {
                Alert::new("There is nothing here", "Go back to the app, or go on in this browser.")
            }
            _ => Alert::new(TOO_OLD, GO_ON),
        };
        let on = if error.status().is_server_error() && !busy { On::Nowhere } else { On::In };
        Self { status: error.status(), head, text, cause: Some(Box::new(error)), on, go: None }
    }
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        if let Some(to) = &self.go {
            return redirect(to);
        }
        let mut response = self.status.into_response();
        if let Some(seconds) = self.cause.as_deref().and_then(ApiError::retry_after_s) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn waiting_is_said_in_round_words() {
        assert_eq!(in_words(1), "1 second");
        assert_eq!(in_words(59), "59 seconds");
        assert_eq!(in_words(60), "1 minute");
        assert_eq!(in_words(61), "2 minutes");
        assert_eq!(in_words(240), "4 minutes");
        assert_eq!(in_words(3600), "60 minutes");
        assert_eq!(in_words(7200), "2 hours");
        assert_eq!(in_words(7201), "3 hours");
    }
}
