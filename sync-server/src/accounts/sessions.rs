//! Signed-in browsers: 30 minutes idle, 12 hours at most, a new id at every authentication.

use zeroize::Zeroizing;

use super::tokens::sha256;
use crate::clock::{HOUR_US, MINUTE_US, latest_us};
use crate::planted;
use crate::store::{Result, Tx, Value};

const IDLE_US: i64 = 30 * MINUTE_US;
const ABSOLUTE_US: i64 = 12 * HOUR_US;
/// How fresh a sign-in must be to change the account.
const FRESH_US: i64 = 10 * MINUTE_US;
/// How somebody signed in, in RFC 8176's words: a password.
pub(crate) const PASSWORD: &str = "pwd";
/// Another service said who it is, which RFC 8176 has no word for.
pub(crate) const LINKED: &str = "fed";
/// What follows either after a one-time code.
const AND_CODE: &str = " otp";

/// A live browser session.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) hash: [u8; 32],
    pub(crate) user: [u8; 16],
    pub(crate) email: String,
    pub(crate) auth_time_us: i64,
    pub(crate) begun_us: i64,
    pub(crate) amr: String,
    /// Whether the account asks for a second step by now.
    pub(crate) two_step: bool,
}

/// How somebody signed in, as a mail says it.
pub(crate) fn in_words(amr: &str) -> &'static str {
    match (amr.strip_suffix(AND_CODE).unwrap_or(amr), has_code(amr)) {
        (LINKED, true) => "linked sign-in and two-step code",
        (LINKED, false) => "linked sign-in",
        (_, true) => "password and two-step code",
        (_, false) => "password",
    }
}

/// The same first step, with a one-time code after it.
pub(crate) fn with_code(amr: &str) -> String {
    if has_code(amr) { amr.to_owned() } else { format!("{amr}{AND_CODE}") }
}

/// Whether a one-time code was typed after the first step.
pub(crate) fn has_code(amr: &str) -> bool {
    amr.ends_with(AND_CODE)
}

impl Session {
    /// Whether this session may change the account: signed in within 10 minutes, with all that is asked for.
    pub(crate) fn is_fresh(&self, now_us: i64) -> bool {
        is_fresh(&self.amr, self.two_step, self.auth_time_us, now_us)
    }

    /// Whether its person showed all that the account asks for by now.
    pub(crate) fn has_all_steps(&self) -> bool {
        !self.two_step || has_code(&self.amr)
    }
}

/// Whether somebody who signed in so, and then, may change an account that asks for a second step or does not.
pub(super) fn is_fresh(amr: &str, two_step: bool, auth_time_us: i64, now_us: i64) -> bool {
    (!two_step || has_code(amr)) && is_recent(auth_time_us, now_us)
}

/// Whether that was recent enough to change the account. What lies ahead was written by a clock that ran ahead, and would
/// count as recent until it is caught up with.
pub(crate) fn is_recent(auth_time_us: i64, now_us: i64) -> bool {
    (0..FRESH_US).contains(&(now_us - auth_time_us))
}

/// Begins a session for the cookie value `secret`, and ends the one it follows.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    secret: &str,
    before: Option<&Zeroizing<String>>,
    user: [u8; 16],
    amr: &str,
    now_us: i64,
) -> Result<()> {
    begin_as(tx, secret, before, user, amr, now_us, now_us)
}

/// As [`begin`], for somebody whom another service let in. It says when it saw them (`seen_us`), or they have not shown for
/// certain that they are there now: such a session may change nothing in the account.
pub(crate) fn begin_linked(
    tx: &mut Tx<'_>,
    secret: &str,
    before: Option<&Zeroizing<String>>,
    user: [u8; 16],
    seen_us: Option<i64>,
    now_us: i64,
) -> Result<()> {
    let seen_us = seen_us.unwrap_or(if planted::off("provider-time") { now_us } else { now_us - FRESH_US });
    begin_as(tx, secret, before, user, LINKED, seen_us, now_us)
}

/// As [`begin`], for somebody who showed earlier who they are.
pub(crate) fn begin_as(
    tx: &mut Tx<'_>,
    secret: &str,
    before: Option<&Zeroizing<String>>,
    user: [u8; 16],
    amr: &str,
    auth_time_us: i64,
    now_us: i64,
) -> Result<()> {
    if let Some(before) = before {
        end(tx, before)?;
    }
    tx.execute(
        "INSERT INTO browser_sessions (session_hash, user_id, auth_time, amr, idle_expires_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            sha256(secret).into(),
            user.into(),
            Value::Int(auth_time_us),
            amr.into(),
            Value::Int(now_us + IDLE_US),
            Value::Int(now_us + ABSOLUTE_US),
        ],
    )?;
    Ok(())
}

/// When a session began that ends at `expires_us` at the latest.
pub(crate) fn begun_at(expires_us: i64) -> i64 {
    expires_us - ABSOLUTE_US
}

/// The live session of a cookie value; its idle time begins anew.
pub(crate) fn touch(tx: &mut Tx<'_>, secret: &str, now_us: i64) -> Result<Option<Session>> {
    let hash = sha256(secret);
    let row = tx.query_one(
        "SELECT s.user_id, u.email, s.auth_time, s.amr,
                EXISTS (SELECT 1 FROM totp t WHERE t.user_id = s.user_id AND t.confirmed_at IS NOT NULL),
                s.expires_at
           FROM browser_sessions s
           JOIN users u ON u.user_id = s.user_id
          WHERE s.session_hash = $1 AND s.idle_expires_at > $2 AND s.expires_at > $2 AND s.expires_at <= $3
            AND u.disabled_at IS NULL",
        &[hash.into(), Value::Int(now_us), Value::Int(latest_us(now_us, ABSOLUTE_US))],
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
        two_step: row.bool(4)?,
        begun_us: begun_at(row.int(5)?),
    }))
}

/// Whether a session is still there and its account in use (a code dies with the session that made it).
pub(crate) fn is_live(tx: &mut Tx<'_>, hash: [u8; 32], now_us: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM browser_sessions b JOIN users u ON u.user_id = b.user_id
                WHERE b.session_hash = $1 AND b.expires_at > $2 AND b.expires_at <= $3 AND u.disabled_at IS NULL";
    let bounds = [hash.into(), Value::Int(now_us), Value::Int(latest_us(now_us, ABSOLUTE_US))];
    Ok(tx.query_one(sql, &bounds)?.is_some())
}

/// Keeps others from changing the account until this transaction is over, and tells whether the session is still there: a reset,
/// or a link of a mail, may have ended it after it was looked at.
pub(crate) fn hold(tx: &mut Tx<'_>, session: &Session, now_us: i64) -> Result<bool> {
    tx.lock(&session.user)?;
    is_live(tx, session.hash, now_us)
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

/// Ends every session of an account but one; tells how many.
pub(crate) fn end_others(tx: &mut Tx<'_>, user: [u8; 16], keep: [u8; 32]) -> Result<u64> {
    let sql = "DELETE FROM browser_sessions WHERE user_id = $1 AND session_hash <> $2";
    tx.execute(sql, &[user.into(), keep.into()])
}

/// Ends all of an account.
pub(crate) fn end_all(tx: &mut Tx<'_>, user: [u8; 16]) -> Result<()> {
    tx.execute("DELETE FROM browser_sessions WHERE user_id = $1", &[user.into()])?;
    Ok(())
}

/// How many sessions of an account are live besides one.
pub(crate) fn count_others(tx: &mut Tx<'_>, user: [u8; 16], own: [u8; 32], now_us: i64) -> Result<i64> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM browser_sessions
          WHERE user_id = $1 AND session_hash <> $2 AND idle_expires_at > $3 AND expires_at > $3",
        &[user.into(), own.into(), Value::Int(now_us)],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asvs_7_5_1_a_session_is_fresh_for_ten_minutes_and_only_with_all_steps() {
        let session = |amr: &str, two_step| Session {
            hash: [0; 32],
            user: [0; 16],
            email: String::new(),
            auth_time_us: 0,
            begun_us: 0,
            amr: amr.into(),
            two_step,
        };
        assert!(session(PASSWORD, false).is_fresh(FRESH_US - 1));
        assert!(!session(PASSWORD, false).is_fresh(FRESH_US));
        assert!(!session(PASSWORD, false).is_fresh(-1), "by a clock that ran ahead");
        assert!(session(&with_code(PASSWORD), true).is_fresh(0));
        assert!(session(&with_code(LINKED), true).is_fresh(0));
        assert!(!session(LINKED, true).is_fresh(0), "6.3.4: every way owes the code");
        assert!(!session(PASSWORD, true).is_fresh(0), "switched on since, elsewhere");
    }
}
