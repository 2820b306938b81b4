//! What Postgres says, as answers: which are tried again, which have stored nothing, and which may have.

use kinfolio_protocol::json::code;

use crate::error::ApiError;

/// Another transaction was in the way.
pub(super) fn wants_retry(error: &ApiError) -> bool {
    let Some(sqlx::Error::Database(cause)) = error.source_as::<sqlx::Error>() else { return false };
    matches!(cause.code().as_deref(), Some("40001" | "40P01"))
}

/// The connection died before its commit was sent (a restarted database): nothing of the transaction stands.
pub(super) fn lost(error: &ApiError) -> bool {
    error.code() == code::DATABASE_GONE
}

/// A commit whose answer was lost may have happened: never repeated, always a 5xx. Only these say that it did not: a
/// conflict with another transaction, a constraint, a full disk.
pub(super) fn commit_error(error: sqlx::Error) -> ApiError {
    let state = error.as_database_error().and_then(|cause| cause.code());
    match state.as_deref() {
        Some("40001" | "40P01" | "53100") => ApiError::from(error),
        Some(state) if state.starts_with("23") => ApiError::from(error),
        _ => ApiError::internal("the answer to a commit was lost").with_source(error),
    }
}

fn gone() -> ApiError {
    let why = "the server's database does not answer, try again soon";
    ApiError::new(axum::http::StatusCode::SERVICE_UNAVAILABLE, code::DATABASE_GONE, why)
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        let answer = match &error {
            sqlx::Error::PoolTimedOut => Self::busy(2),
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed => gone(),
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                // Integrity constraints.
                Some(state) if state.starts_with("23") => {
                    Self::conflict(code::CONSTRAINT, "this is already there, or what it belongs to is not")
                }
                // Disk full.
                Some("53100") => Self::storage_full(),
                // Too many connections, lock timeout, statement cancelled by its timeout.
                Some("53300" | "55P03" | "57014") => Self::busy(2),
                // The server is going down or coming up.
                Some("57P01" | "57P02" | "57P03") => gone(),
                _ => Self::internal("postgres store"),
            },
            _ => Self::internal("postgres store"),
        };
        answer.with_source(error)
    }
}
