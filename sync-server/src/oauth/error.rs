//! Errors of the token endpoints, in the form of RFC 6749 5.2.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::ApiError;

/// What a token endpoint answers when it refuses.
#[derive(Debug)]
pub(crate) enum OAuthError {
    /// The RFC's word and, for developers, a sentence.
    Refused(&'static str, &'static str),
    /// Somebody authenticates as a client by a header, which no client here does: 401, and a scheme, as RFC 6749 5.2 has it.
    ClientSecret,
    /// Too busy, too often, or broken.
    Server(ApiError),
}

impl OAuthError {
    /// The request itself is wrong.
    pub(crate) fn invalid_request(why: &'static str) -> Self {
        Self::Refused("invalid_request", why)
    }

    /// The code or token is wrong, over, or another client's: always the same words.
    pub(crate) fn invalid_grant() -> Self {
        Self::Refused("invalid_grant", "the code or token is not valid: sign in again")
    }
}

impl From<ApiError> for OAuthError {
    fn from(error: ApiError) -> Self {
        Self::Server(error)
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, body, retry) = match self {
            Self::Refused(word, why) => {
                (StatusCode::BAD_REQUEST, json!({ "error": word, "error_description": why }), None)
            }
            Self::ClientSecret => {
                let why = "this client has no secret: send client_id in the form";
                let body = json!({ "error": "invalid_client", "error_description": why });
                let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"kinfolio\"")];
                return (StatusCode::UNAUTHORIZED, challenge, Json(body)).into_response();
            }
            // Busy and too often, in OAuth's own form; the phone keeps its token and comes back.
            Self::Server(error) if error.retry_after_s().is_some() => {
                let body =
                    json!({ "error": "temporarily_unavailable", "error_description": "try again later" });
                (error.status(), body, error.retry_after_s())
            }
            Self::Server(error) => return error.into_response(),
        };
        let mut response = (status, Json(body)).into_response();
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
