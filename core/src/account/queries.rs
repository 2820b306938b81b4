//! SQL of the account room. Token texts are wiped from memory when dropped and never printed.

use crate::error::Result;
use rusqlite::{OptionalExtension, Transaction};
use std::fmt;
use zeroize::Zeroizing;

/// A token's text.
pub(super) type Token = Zeroizing<String>;

/// The sign-in under way in the browser.
pub(super) struct PendingRow {
    pub issuer: String,
    pub client_id: String,
    pub redirect_uri: String,
    pub state: Token,
    pub verifier: Token,
    pub token_url: String,
    pub revoke_url: String,
    pub begun_ms: i64,
}

/// The sign-in that this phone has.
pub(super) struct SignInRow {
    pub issuer: String,
    pub client_id: String,
    pub token_url: String,
    pub revoke_url: String,
    pub sign_in: Option<[u8; 16]>,
    pub email: Option<String>,
    pub access_token: Option<Token>,
    pub access_until_ms: i64,
    pub refresh_token: Option<Token>,
}

/// A sign-in that is over for this phone, and of which the server is to be told.
pub(super) struct EndedRow {
    pub client_id: String,
    pub revoke_url: String,
    pub refresh_token: Token,
}

impl fmt::Debug for EndedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndedRow({})", self.revoke_url)
    }
}

impl fmt::Debug for PendingRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingRow({})", self.issuer)
    }
}

impl fmt::Debug for SignInRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignInRow({})", self.issuer)
    }
}

/// A fresh pair of tokens, as the token endpoint gave it.
pub(super) struct Tokens {
    pub access: Token,
    pub access_until_ms: i64,
    pub refresh: Token,
    /// When the sign-in ends, if the server said so.
    pub ends_ms: Option<i64>,
}

pub(super) fn pending(tx: &Transaction<'_>) -> Result<Option<PendingRow>> {
    let row = tx
        .query_row(
            "SELECT issuer, client_id, redirect_uri, state, verifier, token_url, revoke_url, begun_ms
               FROM pending_sign_in",
            [],
            |row| {
                Ok(PendingRow {
                    issuer: row.get(0)?,
                    client_id: row.get(1)?,
                    redirect_uri: row.get(2)?,
                    state: Zeroizing::new(row.get(3)?),
                    verifier: Zeroizing::new(row.get(4)?),
                    token_url: row.get(5)?,
                    revoke_url: row.get(6)?,
                    begun_ms: row.get(7)?,
                })
            },
        )
        .optional()?;
    Ok(row)
}

pub(super) fn save_pending(tx: &Transaction<'_>, row: &PendingRow) -> Result<()> {
    tx.execute(
        "INSERT OR REPLACE INTO pending_sign_in
            (one, issuer, client_id, redirect_uri, state, verifier, token_url, revoke_url, begun_ms)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            &row.issuer,
            &row.client_id,
            &row.redirect_uri,
            row.state.as_str(),
            row.verifier.as_str(),
            &row.token_url,
            &row.revoke_url,
            row.begun_ms,
        ),
    )?;
    Ok(())
}

pub(super) fn drop_pending(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM pending_sign_in", [])?;
    Ok(())
}

pub(super) fn sign_in(tx: &Transaction<'_>) -> Result<Option<SignInRow>> {
    let row = tx
        .query_row(
            "SELECT issuer, client_id, token_url, revoke_url, sign_in, email, access_token, access_until_ms,
                    refresh_token
               FROM sign_in",
            [],
            |row| {
                Ok(SignInRow {
                    issuer: row.get(0)?,
                    client_id: row.get(1)?,
                    token_url: row.get(2)?,
                    revoke_url: row.get(3)?,
                    sign_in: row.get(4)?,
                    email: row.get(5)?,
                    access_token: row.get::<_, Option<String>>(6)?.map(Zeroizing::new),
                    access_until_ms: row.get(7)?,
                    refresh_token: row.get::<_, Option<String>>(8)?.map(Zeroizing::new),
                })
            },
        )
        .optional()?;
    Ok(row)
}

/// The pending sign-in becomes the one that this phone has; one that it replaces waits for its end to be told.
pub(super) fn sign_in_from(tx: &Transaction<'_>, pending: &PendingRow, tokens: &Tokens) -> Result<()> {
    tx.execute(
        "INSERT OR IGNORE INTO replaced_sign_in (refresh_token, client_id, revoke_url)
         SELECT refresh_token, client_id, revoke_url FROM sign_in WHERE refresh_token IS NOT NULL",
        [],
    )?;
    tx.execute(
        "INSERT OR REPLACE INTO sign_in
            (one, issuer, client_id, token_url, revoke_url, access_token, access_until_ms, refresh_token, ends_ms)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            &pending.issuer,
            &pending.client_id,
            &pending.token_url,
            &pending.revoke_url,
            tokens.access.as_str(),
            tokens.access_until_ms,
            tokens.refresh.as_str(),
            tokens.ends_ms,
        ),
    )?;
    drop_pending(tx)
}

/// Sign-ins that newer ones replaced, and of which the server was not told yet.
pub(super) fn replaced(tx: &Transaction<'_>) -> Result<Vec<EndedRow>> {
    let mut statement =
        tx.prepare("SELECT client_id, revoke_url, refresh_token FROM replaced_sign_in ORDER BY rowid")?;
    let rows = statement.query_map([], |row| {
        Ok(EndedRow {
            client_id: row.get(0)?,
            revoke_url: row.get(1)?,
            refresh_token: Zeroizing::new(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn drop_replaced(tx: &Transaction<'_>, refresh_token: &str) -> Result<()> {
    tx.execute("DELETE FROM replaced_sign_in WHERE refresh_token = ?1", [refresh_token])?;
    Ok(())
}

/// Replaces the tokens, unless the sign-in was replaced or ended while they were fetched.
pub(super) fn replace_tokens(tx: &Transaction<'_>, used: &str, tokens: &Tokens) -> Result<bool> {
    let rows = tx.execute(
        "UPDATE sign_in SET access_token = ?2, access_until_ms = ?3, refresh_token = ?4, ends_ms = ?5
          WHERE refresh_token = ?1",
        (used, tokens.access.as_str(), tokens.access_until_ms, tokens.refresh.as_str(), tokens.ends_ms),
    )?;
    Ok(rows == 1)
}

/// When the sign-in ends, if one is live and the server said so.
pub(super) fn ends_ms(tx: &Transaction<'_>) -> Result<Option<i64>> {
    let sql = "SELECT ends_ms FROM sign_in WHERE refresh_token IS NOT NULL";
    Ok(tx.query_row(sql, [], |row| row.get(0)).optional()?.flatten())
}

/// The server ended the sign-in that held this refresh token.
pub(super) fn end(tx: &Transaction<'_>, refresh_token: &str) -> Result<bool> {
    let rows = tx.execute(
        "UPDATE sign_in SET access_token = NULL, access_until_ms = 0, refresh_token = NULL
          WHERE refresh_token = ?1",
        [refresh_token],
    )?;
    Ok(rows == 1)
}

pub(super) fn forget_access(tx: &Transaction<'_>, access_token: &str) -> Result<()> {
    tx.execute("UPDATE sign_in SET access_until_ms = 0 WHERE access_token = ?1", [access_token])?;
    Ok(())
}

/// Keeps who this is, as the server told whoever asked with this access token. False: another sign-in took its place.
pub(super) fn save_me(tx: &Transaction<'_>, asked: &str, sign_in: &[u8; 16], email: &str) -> Result<bool> {
    let rows = tx.execute(
        "UPDATE sign_in SET sign_in = ?2, email = ?3 WHERE access_token = ?1 OR sign_in = ?2",
        (asked, sign_in, email),
    )?;
    Ok(rows == 1)
}

/// The same without the address, for a sign-in that is live.
pub(super) fn note_sign_in(tx: &Transaction<'_>, asked: &str, sign_in: &[u8; 16]) -> Result<bool> {
    let rows = tx.execute(
        "UPDATE sign_in SET sign_in = ?2
          WHERE refresh_token IS NOT NULL AND (access_token = ?1 OR sign_in = ?2)",
        (asked, sign_in),
    )?;
    Ok(rows == 1)
}

pub(super) fn forget(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM sign_in", [])?;
    tx.execute("DELETE FROM replaced_sign_in", [])?;
    drop_pending(tx)
}
