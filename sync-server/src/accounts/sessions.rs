//! Signed-in browsers: 30 minutes idle, 12 hours at most, a new id at every authentication.

use sha2::{Digest, Sha256};

use super::{HOUR_US, MINUTE_US};
use crate::store::{Result, Tx, Value};

const IDLE_US: i64 = 30 * MINUTE_US;
const ABSOLUTE_US: i64 = 12 * HOUR_US;

/// A live browser session.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) hash: [u8; 32],
    pub(crate) user: [u8; 16],
    pub(crate) email: String,
    pub(crate) auth_time_us: i64,
    pub(crate) amr: String,
}

/// How cookies, codes and tokens of 256 random bits are kept.
pub(crate) fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Begins a session for the cookie value `secret`, and ends the one it follows.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    secret: &str,
    before: Option<&str>,
    user: [u8; 16],
    now_us: i64,
) -> Result<()> {
    if let Some(before) = before {
        end(tx, before)?;
    }
    tx.execute(
        "INSERT INTO browser_sessions (session_hash, user_id, auth_time, amr, idle_expires_at, expires_at)
         VALUES ($1, $2, $3, 'pwd', $4, $5)",
        &[
            sha256(secret).into(),
            user.into(),
            Value::Int(now_us),
            Value::Int(now_us + IDLE_US),
            Value::Int(now_us + ABSOLUTE_US),
        ],
    )?;
    Ok(())
}

/// The live session of a cookie value; its idle time begins anew.
pub(crate) fn touch(tx: &mut Tx<'_>, secret: &str, now_us: i64) -> Result<Option<Session>> {
    let hash = sha256(secret);
    let row = tx.query_one(
        "SELECT s.user_id, u.email, s.auth_time, s.amr FROM browser_sessions s
           JOIN users u ON u.user_id = s.user_id
          WHERE s.session_hash = $1 AND s.idle_expires_at > $2 AND s.expires_at > $2 AND u.disabled_at IS NULL",
        &[hash.into(), Value::Int(now_us)],
    )?;
    let Some(row) = row else { return Ok(None) };
    tx.execute(
        "UPDATE browser_sessions SET idle_expires_at = $1 WHERE session_hash = $2",
        &[Value::Int(now_us + IDLE_US), hash.into()],
    )?;
    Ok(Some(Session {
        hash,
        user: row.id(0)?,
        email: row.text(1)?,
        auth_time_us: row.int(2)?,
        amr: row.text(3)?,
    }))
}

/// Whether a session is still there (a code dies with the session that made it).
pub(crate) fn is_live(tx: &mut Tx<'_>, hash: [u8; 32], now_us: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM browser_sessions WHERE session_hash = $1 AND expires_at > $2";
    Ok(tx.query_one(sql, &[hash.into(), Value::Int(now_us)])?.is_some())
}

/// Ends a session: the cookie is worth nothing from now on.
pub(crate) fn end(tx: &mut Tx<'_>, secret: &str) -> Result<Option<[u8; 16]>> {
    tx.query_one(
        "DELETE FROM browser_sessions WHERE session_hash = $1 RETURNING user_id",
        &[sha256(secret).into()],
    )?
    .map(|row| row.id(0))
    .transpose()
}
