//! One open transaction: portable SQL in, rows out, whatever engine lies below.

use std::borrow::Cow;

use super::value::{Row, Value};
use super::{Result, postgres, sqlite_value};
use crate::error::ApiError;
use crate::secrets::MailSeal;

/// An open transaction on one plane. It commits when the closure that was handed it returns `Ok`.
///
/// SQL is written once for both engines: `$1, $2, …` in order of first use, ids as [`Value::Id`], times
/// as microseconds, `RETURNING` and `ON CONFLICT` where needed; sums as `CAST(sum(x) AS BIGINT)`.
pub struct Tx<'a> {
    engine: Engine<'a>,
    /// Seals what mails say; on the account plane only.
    mail: Option<&'a MailSeal>,
}

pub(super) enum Engine<'a> {
    Embedded(&'a rusqlite::Connection),
    Postgres(postgres::Statements<'a>),
}

impl<'a> Tx<'a> {
    /// `mail`: on the account plane.
    pub(super) fn new(engine: Engine<'a>, mail: Option<&'a MailSeal>) -> Self {
        Self { engine, mail }
    }

    /// What seals the words of the mails that wait in this store.
    pub(crate) fn mail_seal(&self) -> Result<&'a MailSeal> {
        self.mail.ok_or_else(|| ApiError::internal("a family's transaction sends no mail"))
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// The store's, as [`super`] lists them. Pass it on: on Postgres nothing else runs in this transaction.
    pub fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64> {
        self.run(Cow::Borrowed(sql), values)
    }

    /// Runs a statement and returns all its rows.
    ///
    /// # Errors
    /// The store's, as [`super`] lists them. Pass it on: on Postgres nothing else runs in this transaction.
    pub fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>> {
        self.rows(Cow::Borrowed(sql), values)
    }

    /// Runs a statement and returns its first row, if there is one.
    ///
    /// # Errors
    /// The store's, as [`super`] lists them. Pass it on: on Postgres nothing else runs in this transaction.
    pub fn query_one(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.rows(Cow::Borrowed(sql), values)?.into_iter().next())
    }

    /// Runs a statement for many rows: `before ($1, $2) after`, `width` values a row. Nothing runs when there are no
    /// values. Keep it below 30,000 values.
    ///
    /// # Errors
    /// The store's, as [`super`] lists them. Pass it on: on Postgres nothing else runs in this transaction.
    pub fn execute_many(
        &mut self,
        before: &'static str,
        width: usize,
        values: &[Value],
        after: &'static str,
    ) -> Result<u64> {
        match &mut self.engine {
            Engine::Embedded(connection) => {
                let sql = grouped(before, width, width, after);
                values.chunks(width).map(|row| sqlite_value::execute(connection, &sql, row)).sum()
            }
            Engine::Postgres(_) if values.is_empty() => Ok(0),
            Engine::Postgres(statements) => {
                statements.execute(grouped(before, width, values.len(), after), values)
            }
        }
    }

    /// As [`Tx::execute_many`], returning rows: for `… IN (`, `($1)`, `)` and for `RETURNING`. No row may be
    /// answered for two of the groups, and answers come in no order.
    ///
    /// # Errors
    /// The store's, as [`super`] lists them. Pass it on: on Postgres nothing else runs in this transaction.
    pub fn query_many(
        &mut self,
        before: &'static str,
        width: usize,
        values: &[Value],
        after: &'static str,
    ) -> Result<Vec<Row>> {
        match &mut self.engine {
            Engine::Embedded(connection) => {
                let sql = grouped(before, width, width, after);
                let mut rows = Vec::new();
                for group in values.chunks(width) {
                    rows.extend(sqlite_value::query(connection, &sql, group)?);
                }
                Ok(rows)
            }
            Engine::Postgres(_) if values.is_empty() => Ok(Vec::new()),
            Engine::Postgres(statements) => {
                statements.query(grouped(before, width, values.len(), after), values)
            }
        }
    }

    /// Makes transactions of the account plane that read and then decide about the same `subject` run
    /// one after the other. Take it first. Family transactions need none (one writer per family), and
    /// the embedded engine has one writer anyway.
    ///
    /// # Errors
    /// The store's, as [`super`] lists them. Pass it on: on Postgres nothing else runs in this transaction.
    pub fn lock(&mut self, subject: &[u8]) -> Result<()> {
        match &mut self.engine {
            Engine::Embedded(_) => Ok(()),
            Engine::Postgres(statements) => statements.lock(subject),
        }
    }

    fn run(&mut self, sql: Cow<'static, str>, values: &[Value]) -> Result<u64> {
        match &mut self.engine {
            Engine::Embedded(connection) => sqlite_value::execute(connection, &sql, values),
            Engine::Postgres(statements) => statements.execute(sql, values),
        }
    }

    fn rows(&mut self, sql: Cow<'static, str>, values: &[Value]) -> Result<Vec<Row>> {
        match &mut self.engine {
            Engine::Embedded(connection) => sqlite_value::query(connection, &sql, values),
            Engine::Postgres(statements) => statements.query(sql, values),
        }
    }
}

/// The one place that builds statement text, from constants and a count.
///
/// Postgres gets all rows in one statement, which saves round trips. SQLite has none to save: there the same
/// statement with a single row runs again and again, and a long one would cost its compiling.
fn grouped(before: &str, width: usize, count: usize, after: &str) -> Cow<'static, str> {
    let width = width.max(1);
    let groups: Vec<String> = (0..count / width)
        .map(|row| {
            let columns: Vec<String> =
                (1..=width).map(|column| format!("${}", row * width + column)).collect();
            format!("({})", columns.join(", "))
        })
        .collect();
    Cow::Owned(format!("{before} {} {after}", groups.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn many_rows_are_numbered_in_order_of_first_use() {
        assert_eq!(
            grouped("INSERT INTO t VALUES", 2, 4, "RETURNING a"),
            "INSERT INTO t VALUES ($1, $2), ($3, $4) RETURNING a"
        );
    }
}
