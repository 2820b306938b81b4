//! Authorization codes: 60 seconds, one use, burnt by any attempt (sign-in.md 2.2).

use super::pkce;
use super::transactions::Transaction;
use crate::accounts::sessions::{Session, is_live};
use crate::audit::{self, Event};
use crate::clock::{SECOND_US, latest_us};
use crate::planted;
use crate::store::{Result, Row, Tx, Value};

const LIFETIME_US: i64 = 60 * SECOND_US;

/// What a right code stands for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) user: [u8; 16],
    pub(crate) scope: String,
    pub(crate) amr: String,
    pub(crate) auth_time_us: i64,
}

/// What came of redeeming a code.
#[derive(Clone, Debug)]
pub(crate) enum Redeemed {
    /// The first time, with everything right.
    Grant(Grant),
    /// Wrong, over, or used.
    Refused,
    /// The second time, and the verifier is right: both have the app's secret. This sign-in must end.
    Replayed([u8; 16]),
}

/// Keeps a code for `session` and `request`.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    hash: [u8; 32],
    request: &Transaction,
    session: &Session,
    now_us: i64,
) -> Result<()> {
    tx.execute(
        "INSERT INTO codes (code_hash, client_id, redirect_uri, code_challenge, user_id, session_hash,
                            auth_time, amr, scope, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            hash.into(),
            request.client.id().into(),
            request.redirect_uri.as_str().into(),
            request.code_challenge.as_str().into(),
            session.user.into(),
            session.hash.into(),
            Value::Int(session.auth_time_us),
            session.amr.as_str().into(),
            request.scope.as_str().into(),
            Value::Int(now_us + LIFETIME_US),
        ],
    )?;
    Ok(())
}

/// Redeems a code. The burning is kept even when the code is refused: the caller commits either way.
pub(crate) fn redeem(
    tx: &mut Tx<'_>,
    hash: [u8; 32],
    client_id: &str,
    redirect_uri: &str,
    verifier: &str,
    now_us: i64,
) -> Result<Redeemed> {
    const BURN: &str = "UPDATE codes SET used_at = $1 WHERE code_hash = $2 AND used_at IS NULL
         RETURNING client_id, redirect_uri, code_challenge, user_id, session_hash, auth_time, amr, scope,
                   expires_at";
    let right = |row: &Row| -> Result<bool> {
        let same = row.text(0)? == client_id && row.text(1)? == redirect_uri;
        Ok((same || planted::off("code-binding")) && pkce::matches(verifier, &row.text(2)?))
    };
    if planted::off("code-once") {
        tx.execute("UPDATE codes SET used_at = NULL WHERE code_hash = $1", &[hash.into()])?;
    }
    // A reset ends the session that the code stands on: it is either seen here, or sees the sign-in that this makes.
    let sql = "SELECT user_id FROM codes WHERE code_hash = $1";
    if let Some(row) = tx.query_one(sql, &[hash.into()])? {
        tx.lock(&row.id(0)?)?;
    }
    if let Some(row) = tx.query_one(BURN, &[Value::Int(now_us), hash.into()])? {
        let in_time = (now_us + 1..=latest_us(now_us, LIFETIME_US)).contains(&row.int(8)?);
        let alive = (in_time || planted::off("code-time"))
            && (is_live(tx, row.hash(4)?, now_us)? || planted::off("code-session"));
        if !right(&row)? || !alive {
            return Ok(Redeemed::Refused);
        }
        return Ok(Redeemed::Grant(Grant {
            user: row.id(3)?,
            scope: row.text(7)?,
            amr: row.text(6)?,
            auth_time_us: row.int(5)?,
        }));
    }
    let used = tx.query_one(
        "SELECT client_id, redirect_uri, code_challenge, signin_id, user_id FROM codes WHERE code_hash = $1",
        &[hash.into()],
    )?;
    match used {
        Some(row) if right(&row)? => match row.opt_id(3)? {
            Some(sign_in) => {
                audit::record(tx, now_us, Event::CodeReplay, Some(row.id(4)?), Some(sign_in))?;
                Ok(Redeemed::Replayed(sign_in))
            }
            None => Ok(Redeemed::Refused),
        },
        _ => Ok(Redeemed::Refused),
    }
}

/// Remembers which sign-in a code made.
pub(crate) fn link(tx: &mut Tx<'_>, hash: [u8; 32], sign_in: [u8; 16]) -> Result<()> {
    tx.execute("UPDATE codes SET signin_id = $1 WHERE code_hash = $2", &[sign_in.into(), hash.into()])?;
    Ok(())
}
