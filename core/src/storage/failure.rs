//! What a failed statement means. The database's own message may quote a value, so it is never passed on.

use crate::error::Error;
use rusqlite::ErrorCode;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DiskFull => Self::StorageFull,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::StoreDamaged("page".into()),
                ErrorCode::TooBig => Self::invalid("this is too large to be kept"),
                _ => Self::Internal(format!("statement failed, code {}", failure.extended_code)),
            },
            // The text of a statement is ours and holds no value.
            rusqlite::Error::SqlInputError { msg, .. } => Self::Internal(format!("statement: {msg}")),
            rusqlite::Error::FromSqlConversionFailure(column, ..)
            | rusqlite::Error::IntegralValueOutOfRange(column, _)
            | rusqlite::Error::InvalidColumnType(column, ..) => {
                Self::StoreDamaged(format!("column {column} of a row"))
            }
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound("row"),
            _ => Self::internal("database call"),
        }
    }
}
