//! A second step that somebody stands in for: the page shows ten digits, and a device of the family or the recovery key
//! signs them. It lets one browser through, once; two-step sign-in stays on.

use super::{second_step, users};
use crate::audit::{self, Event};
use crate::mail::{self, texts};
use crate::secrets::Secrets;
use crate::store::{Result, Tx, Value};

/// A browser behind the right password.
#[derive(Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) user: [u8; 16],
    browser: [u8; 32],
}

/// The ten digits for one wait of one browser. They are not kept: the page computes them again.
pub(crate) fn code(secrets: &Secrets, browser: [u8; 32], expires_us: i64) -> String {
    let mac = secrets.mac("approval-code", &[&browser, &expires_us.to_be_bytes()]);
    let number = mac.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{:010}", number % 10_000_000_000)
}

/// By what the store finds the digits again.
pub(crate) fn mac(secrets: &Secrets, code: &str) -> [u8; 32] {
    secrets.mac("approval", &[code.as_bytes()])
}

/// Who waits with these digits, if it is one browser.
pub(crate) fn find(tx: &mut Tx<'_>, mac: [u8; 32], now_us: i64) -> Result<Option<Waiting>> {
    let rows = tx.query(
        "SELECT s.user_id, s.browser_hash FROM second_steps s JOIN users u ON u.user_id = s.user_id
          WHERE s.approval_mac = $1 AND s.tries_left > 0 AND s.expires_at > $2 AND s.expires_at <= $3
            AND s.approved_at IS NULL AND u.disabled_at IS NULL",
        &[mac.into(), Value::Int(now_us), second_step::latest(now_us)],
    )?;
    match rows.as_slice() {
        [row] => Ok(Some(Waiting { user: row.id(0)?, browser: row.hash(1)? })),
        _ => Ok(None),
    }
}

/// Lets it through, and tells the account's person. False: it ended in this very moment.
pub(crate) fn approve(
    tx: &mut Tx<'_>,
    waiting: Waiting,
    by_words: bool,
    host: &str,
    mail_id: [u8; 16],
    now_us: i64,
) -> Result<bool> {
    let approved = tx.execute(
        "UPDATE second_steps SET approved_at = $1
          WHERE browser_hash = $2 AND user_id = $3 AND tries_left > 0 AND expires_at > $1 AND expires_at <= $4
            AND approved_at IS NULL",
        &[Value::Int(now_us), waiting.browser.into(), waiting.user.into(), second_step::latest(now_us)],
    )?;
    if approved == 0 {
        return Ok(false);
    }
    audit::record(tx, now_us, Event::SecondStepApproved, Some(waiting.user), None)?;
    if let Some(email) = users::email_of(tx, waiting.user)? {
        mail::enqueue(tx, mail_id, &email, &texts::sign_in_approved(host, by_words, now_us), now_us)?;
    }
    Ok(true)
}
