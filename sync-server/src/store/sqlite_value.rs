//! Values to SQLite and back, and the statements that carry them.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql};

use super::Result;
use super::value::{Row, Value};
use crate::error::ApiError;

pub(super) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    check_order(&statement)?;
    Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
}

pub(super) fn query(connection: &Connection, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    check_order(&statement)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut answer = Vec::new();
    while let Some(row) = rows.next()? {
        let cells = (0..columns).map(|column| Ok(cell(row.get_ref(column)?))).collect::<Result<_>>()?;
        answer.push(Row(cells));
    }
    Ok(answer)
}

/// SQLite counts `$n` by first appearance, Postgres by the number: both must agree. Every statement is run by tests,
/// so a build for use does not look again.
fn check_order(statement: &rusqlite::Statement<'_>) -> Result<()> {
    if !cfg!(debug_assertions) {
        return Ok(());
    }
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).and_then(|name| name.strip_prefix('$'));
        if name.and_then(|number| number.parse().ok()) != Some(index) {
            return Err(ApiError::internal("the statement's parameters are not in order of first use"));
        }
    }
    Ok(())
}

fn cell(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Int(number),
        // No column is REAL (STRICT tables); an expression that makes one shows as text.
        ValueRef::Real(number) => Value::Text(number.to_string()),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Id(id) => ValueRef::Blob(id),
            Self::Bool(value) => ValueRef::Integer(i64::from(*value)),
        }))
    }
}
