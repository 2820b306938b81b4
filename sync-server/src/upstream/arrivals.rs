//! Somebody came back from a provider, and belongs to no account yet: what is known of them waits in this browser for a
//! tick, a mailed code or a yes.

use super::claims::Identity;
use crate::clock::{MINUTE_US, latest_us};
use crate::store::{Result, Tx, Value};

/// Long enough to fetch a code from the mailbox.
const LIFETIME_US: i64 = 20 * MINUTE_US;

/// Who came back, and what for.
#[derive(Clone)]
pub(crate) struct Arrival {
    pub(crate) identity: Identity,
    /// The account that they are linked to if they say yes; None: a new one.
    pub(crate) links_to: Option<[u8; 16]>,
}

/// Keeps an arrival in the place of the browser's earlier one.
pub(crate) fn keep(tx: &mut Tx<'_>, browser: [u8; 32], arrival: &Arrival, now_us: i64) -> Result<()> {
    forget(tx, browser)?;
    let identity = &arrival.identity;
    tx.execute(
        "INSERT INTO upstream_arrivals (browser_hash, issuer, subject, email, email_trusted, user_id, expires_at, auth_time)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            browser.into(),
            identity.issuer.as_str().into(),
            identity.subject.as_str().into(),
            identity.email.as_deref().into(),
            Value::Int(identity.trusted.into()),
            arrival.links_to.into(),
            Value::Int(now_us + LIFETIME_US),
            identity.auth_time_us.into(),
        ],
    )?;
    Ok(())
}

/// Who came back in this browser; `linking`: to be linked, or for an account of their own.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    browser: [u8; 32],
    linking: bool,
    now_us: i64,
) -> Result<Option<Arrival>> {
    let row = tx.query_one(
        "SELECT issuer, subject, email, email_trusted, user_id, auth_time FROM upstream_arrivals
          WHERE browser_hash = $1 AND expires_at > $2 AND expires_at <= $3",
        &[browser.into(), Value::Int(now_us), Value::Int(latest_us(now_us, LIFETIME_US))],
    )?;
    let Some(row) = row else { return Ok(None) };
    let identity = Identity {
        issuer: row.text(0)?,
        subject: row.text(1)?,
        email: row.opt_text(2)?,
        trusted: row.int(3)? == 1,
        auth_time_us: row.opt_int(5)?,
    };
    let arrival = Arrival { identity, links_to: row.opt_id(4)? };
    Ok(Some(arrival).filter(|arrival| arrival.links_to.is_some() == linking))
}

/// Forgets the browser's. False: another tab was faster.
pub(crate) fn forget(tx: &mut Tx<'_>, browser: [u8; 32]) -> Result<bool> {
    Ok(tx.execute("DELETE FROM upstream_arrivals WHERE browser_hash = $1", &[browser.into()])? == 1)
}
