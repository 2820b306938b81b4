//! One error for every room: a status, a stable code, and a sentence that says what to do.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::extract::{Request, State as AxumState};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kinfolio_protocol::json::code;
use serde_json::{Map, Value as Json};

use crate::clock::MINUTE_US;
use crate::hex::hex;
use crate::state::State;

/// What a route answers when it cannot do what was asked.
///
/// `message` is a lower-case fragment that never holds content, tokens or keys. The source is for the
/// log alone: the client gets an id to quote.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    detail: Option<(&'static str, u64)>,
    retry_after_s: Option<u64>,
    /// Of a 401: what is asked for (RFC 6750 3).
    challenge: &'static str,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl ApiError {
    /// An error of any status. `code` is stable: clients branch on it.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        let (message, challenge) = (message.into(), "Bearer error=\"invalid_token\"");
        Self { status, code, message, detail: None, retry_after_s: None, challenge, source: None }
    }

    /// 400: the request cannot be read or breaks a rule.
    pub fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 401: a token that is unknown or over.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code::UNAUTHORIZED, "sign in again")
    }

    /// 401: no token at all. That is no error yet, and the challenge names none (RFC 6750 3.1).
    #[must_use]
    pub fn no_token() -> Self {
        Self { challenge: "Bearer", ..Self::unauthorized() }
    }

    /// 401 with RFC 9470's word: the person has to sign in once more before this.
    #[must_use]
    pub fn step_up() -> Self {
        let why = "this needs a sign-in of the last ten minutes: sign in once more";
        let error = Self::new(StatusCode::UNAUTHORIZED, code::INSUFFICIENT_USER_AUTHENTICATION, why);
        Self { challenge: STEP_UP, ..error }
    }

    /// 403: only ever for an unbound sign-in of a member's own account (keys.md 3).
    pub fn forbidden(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 404: it does not exist, or it is another family's. Always the same bytes.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, "there is nothing here")
    }

    /// 409: somebody was faster; read again and retry.
    pub fn conflict(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 413: more than the limits allow.
    pub fn too_large(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, code::TOO_LARGE, message)
    }

    /// 429: too many tries; come back in `retry_after_s` seconds.
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, code::SLOW_DOWN, "wait, then try again");
        error.retry_after_s = Some(retry_after_s.max(1));
        error
    }

    /// 503: busy now; come back in `retry_after_s` seconds.
    #[must_use]
    pub fn busy(retry_after_s: u64) -> Self {
        let mut error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code::BUSY, "the server is busy, try again soon");
        error.retry_after_s = Some(retry_after_s.max(1));
        error
    }

    /// 403: the sign-in has not proved which enrolled device it is.
    #[must_use]
    pub fn not_enrolled() -> Self {
        Self::forbidden(code::DEVICE_NOT_ENROLLED, "prove which enrolled device this is")
    }

    /// 507: the server's disk is full.
    #[must_use]
    pub fn storage_full() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            code::STORAGE_FULL,
            "the server is full, nothing was stored",
        )
    }

    /// 500: something that should not happen; `what` says where, for the log.
    pub fn internal(what: impl Into<Cow<'static, str>>) -> Self {
        let what = what.into();
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL, "something went wrong, try again later")
            .with_source(Fragment(what))
    }

    /// Adds one number that the client needs, such as the length of a log.
    #[must_use]
    pub fn with_detail(mut self, name: &'static str, number: u64) -> Self {
        self.detail = Some((name, number));
        self
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Seconds to wait, when the answer says so.
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    pub(crate) fn source_as<E: StdError + 'static>(&self) -> Option<&E> {
        self.source.as_deref().and_then(|source| source.downcast_ref())
    }

    /// What lies behind it, for the operator.
    pub(crate) fn cause(&self) -> String {
        self.source.as_deref().map_or_else(|| self.to_string(), ToString::to_string)
    }

    /// Adds the cause as a sentence, for the log.
    #[must_use]
    pub fn because(self, why: &'static str) -> Self {
        self.with_source(Fragment(why.into()))
    }

    /// Logs a 5xx under `id`. Called once, at the edge. A wave that the server turns away is one warning a minute.
    pub(crate) fn log(&self, state: &State, id: &str, method: &str, path: &str) {
        if self.code == code::BUSY {
            if let Some(requests) = state.turned_away.count(state.clock.now_us()) {
                let cause = self.cause();
                tracing::warn!(
                    requests,
                    method,
                    path,
                    cause,
                    "too busy: requests were turned away since the last such line"
                );
            }
        } else if self.status.is_server_error() {
            let cause = self.cause();
            let status = self.status.as_u16();
            tracing::error!(id, status, code = self.code, method, path, cause, "request failed");
        }
    }
}

/// How many requests were turned away since that was last told of, and when it may be told of again.
#[derive(Debug, Default)]
pub struct TurnedAway {
    requests: AtomicU64,
    next_us: AtomicI64,
}

impl TurnedAway {
    /// Counts one more. Some: it is time to tell of them.
    fn count(&self, now_us: i64) -> Option<u64> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let next_us = self.next_us.load(Ordering::SeqCst);
        // A clock that was put back must not keep it silent.
        let waits = (1..=MINUTE_US).contains(&(next_us - now_us));
        let is_first = || {
            let told = now_us + MINUTE_US;
            self.next_us.compare_exchange(next_us, told, Ordering::SeqCst, Ordering::SeqCst).is_ok()
        };
        (!waits && is_first()).then(|| self.requests.swap(0, Ordering::SeqCst))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.status.as_u16(), self.code, self.message)?;
        self.source.as_deref().map_or(Ok(()), |source| write!(f, " ({source})"))
    }
}

impl StdError for ApiError {}

/// A cause that is only a sentence.
#[derive(Debug)]
struct Fragment(Cow<'static, str>);

impl fmt::Display for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Fragment {}

/// RFC 9470: how fresh the sign-in has to be, in seconds.
const STEP_UP: &str = "Bearer error=\"insufficient_user_authentication\", max_age=600";

impl IntoResponse for ApiError {
    /// An empty answer that carries the error to `report`, which writes the body.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(self.challenge);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The edge: gives every error an id, logs a 5xx once, and writes the envelope
/// `{"error":{"code","message","id"}}`.
pub(crate) async fn report(AxumState(state): AxumState<State>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<ApiError>() else { return response };
    let id = hex(&state.random.make::<8>());
    error.log(&state, &id, method.as_str(), &path);
    let mut body = Map::new();
    body.insert("code".into(), error.code.into());
    body.insert("message".into(), error.message.into());
    body.insert("id".into(), id.into());
    if let Some((name, number)) = error.detail {
        body.insert(name.into(), number.into());
    }
    let envelope = Json::Object(Map::from_iter([("error".to_owned(), Json::Object(body))]));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = envelope.to_string().into();
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_of_requests_that_are_turned_away_is_told_of_once_a_minute_with_their_number() {
        let (away, now) = (TurnedAway::default(), 1_789_394_520_000_000);
        let told: Vec<_> = (0..200).filter_map(|n| away.count(now + n)).collect();
        assert_eq!(told, [1]);
        assert_eq!(away.count(now + MINUTE_US), Some(200), "those that came meanwhile, and this one");
        assert_eq!(away.count(now + MINUTE_US + 1), None);
        assert_eq!(away.count(now - 60 * MINUTE_US), Some(2), "by a clock that was put back");
    }

    #[test]
    fn who_is_too_busy_says_why_to_the_operator_alone() {
        let error = ApiError::busy(5).because("every turn is taken");
        assert_eq!(
            (error.cause().as_str(), error.message.as_ref()),
            ("every turn is taken", "the server is busy, try again soon")
        );
        assert!(!ApiError::busy(5).cause().is_empty());
    }
}
