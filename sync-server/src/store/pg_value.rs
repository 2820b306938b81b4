//! Values to Postgres parameters and back.

use sqlx::{Column, Decode, Encode, Row as _, Type, TypeInfo, ValueRef};
use sqlx_core::arguments::Arguments;
use sqlx_core::encode::IsNull;
use sqlx_core::error::BoxDynError;
use sqlx_postgres::types::Oid;
use sqlx_postgres::{PgArgumentBuffer, PgArguments, PgRow, PgTypeInfo, Postgres};
use uuid::Uuid;

use super::Result;
use super::value::{Row, Value};
use crate::error::ApiError;

pub(super) fn arguments(values: &[Value]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Null => arguments.add(Untyped),
            Value::Int(number) => arguments.add(*number),
            Value::Bytes(bytes) => arguments.add(bytes.as_slice()),
            Value::Text(text) => arguments.add(text.as_str()),
            Value::Id(id) => arguments.add(Uuid::from_bytes(*id)),
            Value::Bool(value) => arguments.add(*value),
        };
        added.map_err(|_| ApiError::internal("a parameter cannot be encoded"))?;
    }
    Ok(arguments)
}

/// NULL without a type: Postgres takes it from the column.
struct Untyped;

impl Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> std::result::Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

pub(super) fn row(row: &PgRow) -> Result<Row> {
    let mut values = Vec::with_capacity(row.len());
    for column in row.columns() {
        let raw = row.try_get_raw(column.ordinal())?;
        if raw.is_null() {
            values.push(Value::Null);
            continue;
        }
        let name = raw.type_info().name().to_owned();
        let value = match name.as_str() {
            "INT8" => <i64 as Decode<Postgres>>::decode(raw).map(Value::Int),
            "INT4" => <i32 as Decode<Postgres>>::decode(raw).map(|number| Value::Int(number.into())),
            "BYTEA" => <Vec<u8> as Decode<Postgres>>::decode(raw).map(Value::Bytes),
            "TEXT" | "VARCHAR" => <String as Decode<Postgres>>::decode(raw).map(Value::Text),
            "UUID" => <Uuid as Decode<Postgres>>::decode(raw).map(|id| Value::Id(id.into_bytes())),
            "BOOL" => <bool as Decode<Postgres>>::decode(raw).map(Value::Bool),
            _ => {
                return Err(ApiError::internal(format!("a column of type {name}: cast it in the statement")));
            }
        };
        values
            .push(value.map_err(|_| ApiError::internal(format!("a column of type {name} cannot be read")))?);
    }
    Ok(Row(values))
}
