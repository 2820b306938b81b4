//! An authorization request on its way through the pages: 10 minutes, bound to one browser.

use super::clients::Client;
use crate::accounts::sessions::Session;
use crate::clock::{MINUTE_US, SECOND_US, latest_us};
use crate::store::{Result, Tx, Value};

const LIFETIME_US: i64 = 10 * MINUTE_US;

/// What was asked for, checked.
#[derive(Clone, Debug)]
pub(crate) struct Transaction {
    pub(crate) id: [u8; 16],
    pub(crate) client: Client,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) code_challenge: String,
    pub(crate) scope: String,
    /// How long ago, in seconds, its person may have signed in (RFC 9470 4, OpenID Connect's `max_age`).
    pub(crate) max_age_s: Option<u32>,
    pub(crate) begun_us: i64,
}

impl Transaction {
    /// Whether a session is fresh enough for what was asked. One of after the request always is: `max_age=0` asks once,
    /// not for ever.
    pub(crate) fn is_met_by(&self, session: &Session, now_us: i64) -> bool {
        let Some(max_age_s) = self.max_age_s else { return true };
        let at_us = session.auth_time_us;
        let since = (self.begun_us..=now_us).contains(&at_us);
        let recent = (0..i64::from(max_age_s) * SECOND_US).contains(&(now_us - at_us));
        session.has_all_steps() && (since || recent)
    }
}

/// Keeps a request for the browser whose cookie hashes to `browser`.
pub(crate) fn begin(tx: &mut Tx<'_>, request: &Transaction, browser: [u8; 32]) -> Result<()> {
    tx.execute(
        "INSERT INTO auth_tx
            (tx_id, browser_hash, client_id, redirect_uri, state, code_challenge, scope, expires_at, max_age)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            request.id.into(),
            browser.into(),
            request.client.id().into(),
            request.redirect_uri.as_str().into(),
            request.state.as_deref().into(),
            request.code_challenge.as_str().into(),
            request.scope.as_str().into(),
            Value::Int(request.begun_us + LIFETIME_US),
            request.max_age_s.map(i64::from).into(),
        ],
    )?;
    Ok(())
}

/// The request of an id, for the browser that made it and in time only.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    id: [u8; 16],
    browser: [u8; 32],
    now_us: i64,
) -> Result<Option<Transaction>> {
    let row = tx.query_one(
        "SELECT client_id, redirect_uri, state, code_challenge, scope, expires_at, max_age
           FROM auth_tx
          WHERE tx_id = $1 AND browser_hash = $2 AND expires_at > $3 AND expires_at <= $4",
        &[id.into(), browser.into(), Value::Int(now_us), Value::Int(latest_us(now_us, LIFETIME_US))],
    )?;
    let Some(row) = row else { return Ok(None) };
    // The desktop client may have been switched off since: that was checked when the request came in.
    let Some(client) = Client::by_id(&row.text(0)?, true) else { return Ok(None) };
    Ok(Some(Transaction {
        id,
        client,
        redirect_uri: row.text(1)?,
        state: row.opt_text(2)?,
        code_challenge: row.text(3)?,
        scope: row.text(4)?,
        begun_us: row.int(5)? - LIFETIME_US,
        max_age_s: row.opt_int(6)?.and_then(|seconds| u32::try_from(seconds).ok()),
    }))
}

/// Uses a request up. False: another tab was faster.
pub(crate) fn finish(tx: &mut Tx<'_>, id: [u8; 16]) -> Result<bool> {
    Ok(tx.execute("DELETE FROM auth_tx WHERE tx_id = $1", &[id.into()])? == 1)
}
