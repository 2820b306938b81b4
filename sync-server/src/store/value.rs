//! What goes into a statement and what comes out, the same for both engines.

use zeroize::Zeroize;

use super::Result;
use crate::error::ApiError;

/// One parameter, or one column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// BIGINT; INTEGER in SQLite. Times are microseconds.
    Int(i64),
    /// BYTEA; BLOB in SQLite.
    Bytes(Vec<u8>),
    /// TEXT.
    Text(String),
    /// UUID; a BLOB of 16 bytes in SQLite.
    Id([u8; 16]),
    /// BOOLEAN; 0 or 1 in SQLite.
    Bool(bool),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}
impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}
impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}
impl From<[u8; 16]> for Value {
    fn from(value: [u8; 16]) -> Self {
        Self::Id(value)
    }
}
/// Hashes and keys, as bytes.
impl From<[u8; 32]> for Value {
    fn from(mut value: [u8; 32]) -> Self {
        let bytes = Self::Bytes(value.to_vec());
        value.zeroize();
        bytes
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer. Columns are counted from 0.
///
/// # Errors
/// A column that is not there, is NULL where it may not be, or has another type is 500: a fault of the statement.
#[derive(Clone, Debug)]
pub struct Row(pub(super) Vec<Value>);

impl Row {
    /// Any column as it came.
    ///
    /// # Errors
    /// 500 for a column that is not there.
    pub fn value(&self, column: usize) -> Result<&Value> {
        self.0.get(column).ok_or_else(|| ApiError::internal(format!("no column {column} in the row")))
    }

    /// A BIGINT column.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn int(&self, column: usize) -> Result<i64> {
        self.opt_int(column)?.ok_or_else(|| null(column))
    }

    /// A BIGINT column that may be NULL.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            _ => Err(wrong(column, "an integer")),
        }
    }

    /// A bytes column.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>> {
        self.opt_bytes(column)?.ok_or_else(|| null(column))
    }

    /// A bytes column that may be NULL.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn opt_bytes(&self, column: usize) -> Result<Option<Vec<u8>>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes.clone())),
            Value::Id(id) => Ok(Some(id.to_vec())),
            _ => Err(wrong(column, "bytes")),
        }
    }

    /// A bytes column of exactly 32 bytes, such as a hash.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn hash(&self, column: usize) -> Result<[u8; 32]> {
        self.bytes(column)?.try_into().map_err(|_| wrong(column, "32 bytes"))
    }

    /// A text column.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn text(&self, column: usize) -> Result<String> {
        self.opt_text(column)?.ok_or_else(|| null(column))
    }

    /// A text column that may be NULL.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn opt_text(&self, column: usize) -> Result<Option<String>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.clone())),
            _ => Err(wrong(column, "text")),
        }
    }

    /// An id column.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn id(&self, column: usize) -> Result<[u8; 16]> {
        self.opt_id(column)?.ok_or_else(|| null(column))
    }

    /// An id column that may be NULL.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn opt_id(&self, column: usize) -> Result<Option<[u8; 16]>> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Id(id) => Ok(Some(*id)),
            Value::Bytes(bytes) => {
                bytes.as_slice().try_into().map(Some).map_err(|_| wrong(column, "an id of 16 bytes"))
            }
            _ => Err(wrong(column, "an id")),
        }
    }

    /// A boolean column.
    ///
    /// # Errors
    /// 500: see [`Row`].
    pub fn bool(&self, column: usize) -> Result<bool> {
        match self.value(column)? {
            Value::Bool(value) => Ok(*value),
            Value::Int(number) => Ok(*number != 0),
            Value::Null => Err(null(column)),
            _ => Err(wrong(column, "a boolean")),
        }
    }
}

fn null(column: usize) -> ApiError {
    ApiError::internal(format!("column {column} is NULL"))
}

fn wrong(column: usize, wanted: &str) -> ApiError {
    ApiError::internal(format!("column {column} is not {wanted}"))
}
