//! A browser on its way to a provider and back: ten minutes, one use, bound to the browser and to that provider.

use crate::accounts::tokens::sha256;
use crate::clock::{MINUTE_US, latest_us};
use crate::planted;
use crate::store::{Result, Row, Tx, Value};

const LIFETIME_US: i64 = 10 * MINUTE_US;

/// What a browser was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// To sign in, or to make an account.
    SignIn,
    /// To show once more that its person is there, before the account is changed.
    Again,
    /// To link what it comes back with to the account that it is signed in to.
    Link,
}

impl Goal {
    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Again => "again",
            Self::Link => "link",
        }
    }

    fn of(word: &str) -> Self {
        match word {
            "again" => Self::Again,
            "link" => Self::Link,
            _ => Self::SignIn,
        }
    }
}

/// A journey, and where it leads when it is over.
#[derive(Clone)]
pub(crate) struct Transaction {
    pub(crate) goal: Goal,
    /// The authorization request of the app that is signed in.
    pub(crate) request: Option<[u8; 16]>,
    /// The page of the account that asked for it.
    pub(crate) next: Option<String>,
}

/// Keeps one for the browser, under its state.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    state: &str,
    browser: [u8; 32],
    provider: &str,
    of: &Transaction,
    now_us: i64,
) -> Result<()> {
    tx.execute(
        "INSERT INTO upstream_tx (state_hash, browser_hash, provider, goal, request_id, next, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            sha256(state).into(),
            browser.into(),
            provider.into(),
            of.goal.word().into(),
            of.request.into(),
            of.next.as_deref().into(),
            Value::Int(now_us + LIFETIME_US),
        ],
    )?;
    Ok(())
}

/// Uses one up: for the browser that began it, at the provider that it was sent to, in time, once.
pub(crate) fn finish(
    tx: &mut Tx<'_>,
    state: &str,
    browser: [u8; 32],
    provider: &str,
    now_us: i64,
) -> Result<Option<Transaction>> {
    if planted::off("provider-state") {
        let sql = "SELECT goal, request_id, next FROM upstream_tx WHERE state_hash = $1";
        let row = tx.query_one(sql, &[sha256(state).into()])?;
        return row.map(|row| read(&row)).transpose();
    }
    tx.query_one(
        "DELETE FROM upstream_tx
          WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > $4
            AND expires_at <= $5
          RETURNING goal, request_id, next",
        &[
            sha256(state).into(),
            browser.into(),
            provider.into(),
            Value::Int(now_us),
            Value::Int(latest_us(now_us, LIFETIME_US)),
        ],
    )?
    .map(|row| read(&row))
    .transpose()
}

fn read(row: &Row) -> Result<Transaction> {
    Ok(Transaction { goal: Goal::of(&row.text(0)?), request: row.opt_id(1)?, next: row.opt_text(2)? })
}
