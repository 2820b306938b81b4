//! Bodies and ids that are no form of a page, in and out: CBOR, raw bytes, path ids, each refusal an [`ApiError`].

use std::convert::Infallible;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kinfolio_protocol::json::code;
use kinfolio_protocol::{Error, Wire, decode, encode};
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::state::State;

/// A request body in deterministic CBOR.
pub struct Cbor<T>(pub T);

/// A request body as it came.
pub struct Raw(pub Bytes);

/// The query string. Unknown names are ignored; a wrong value is 400.
pub struct Asked<T>(pub T);

/// A reply in deterministic CBOR.
pub struct Reply<T>(pub StatusCode, pub T);

impl<T> Reply<T> {
    /// 200.
    pub fn ok(value: T) -> Self {
        Self(StatusCode::OK, value)
    }
}

impl FromRequest<State> for Raw {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &State) -> Result<Self, ApiError> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection: BytesRejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large("send less at once"),
                _ => ApiError::bad_request(code::MALFORMED, "the body broke off: send it again"),
            }
        })
    }
}

impl<T: Wire> FromRequest<State> for Cbor<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &State) -> Result<Self, ApiError> {
        let Raw(bytes) = Raw::from_request(request, state).await?;
        decode(&bytes).map(Self).map_err(refusal)
    }
}

impl<T: DeserializeOwned> FromRequestParts<State> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, ApiError> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(asked)| Self(asked))
            .map_err(|_| ApiError::bad_request(code::MALFORMED, "the query cannot be read"))
    }
}

impl<T: Wire> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        cbor(self.0, encode(&self.1))
    }
}

/// A reply of encoded CBOR.
pub fn cbor(status: StatusCode, bytes: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"))], bytes).into_response()
}

/// What to answer to bytes that the protocol refuses.
pub fn refusal(error: Error) -> ApiError {
    match error {
        Error::UpdateApp => {
            ApiError::bad_request(code::UPDATE_SERVER, "a newer app wrote this: update the server")
        }
        Error::Malformed(what) => ApiError::bad_request(code::MALFORMED, format!("malformed {what}")),
        Error::NotCanonical => ApiError::bad_request(code::MALFORMED, "the body must be deterministic CBOR"),
        Error::Signature => ApiError::bad_request(code::LOG_INVALID, "a signature does not verify"),
        Error::Log(why) => ApiError::bad_request(code::LOG_INVALID, why),
    }
}

/// The ids of a path. One that is no text has none.
pub struct Params(Option<RawPathParams>);

impl FromRequestParts<State> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Infallible> {
        Ok(Self(RawPathParams::from_request_parts(parts, state).await.ok()))
    }
}

impl Params {
    /// One of them. What cannot be an id is answered like an id that does not exist.
    pub fn id<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        let mut params = self.0.iter().flatten();
        params
            .find(|(key, _)| *key == name)
            .and_then(|(_, value)| value.parse().ok())
            .ok_or_else(ApiError::not_found)
    }
}
