//! Rows whose time is over leave the account plane.

use crate::clock::DAY_US;
use crate::store::{Result, Tx, Value};

/// Deletes what nobody can use any more. Used codes and refresh tokens stay as long as their sign-in, so
/// that a second use is seen.
///
/// # Errors
/// The store's ([`crate::store`]).
pub fn sweep(tx: &mut Tx<'_>, now_us: i64) -> Result<()> {
    let now = [Value::Int(now_us)];
    let yesterday = [Value::Int(now_us - DAY_US)];
    tx.execute("DELETE FROM auth_tx WHERE expires_at < $1", &now)?;
    tx.execute("DELETE FROM second_steps WHERE expires_at < $1", &now)?;
    tx.execute("DELETE FROM upstream_tx WHERE expires_at < $1", &now)?;
    tx.execute("DELETE FROM upstream_arrivals WHERE expires_at < $1", &now)?;
    tx.execute("DELETE FROM totp WHERE confirmed_at IS NULL AND offered_at < $1", &yesterday)?;
    tx.execute("DELETE FROM undo_links WHERE expires_at < $1", &now)?;
    tx.execute("DELETE FROM email_codes WHERE expires_at < $1", &yesterday)?;
    tx.execute("DELETE FROM browser_sessions WHERE expires_at < $1 OR idle_expires_at < $1", &now)?;
    // One that was never used stays with its sign-in: it shows that an answer was lost, so that the phone may
    // ask again days later.
    tx.execute(
        "DELETE FROM access_tokens
          WHERE expires_at < $1 AND (first_used_at IS NOT NULL OR superseded_at IS NOT NULL)",
        &yesterday,
    )?;
    tx.execute("DELETE FROM codes WHERE expires_at < $1 AND signin_id IS NULL", &yesterday)?;
    // Who guesses now and then, not all day, is counted on for a month.
    tx.execute(
        "DELETE FROM throttles WHERE next_at < $1 AND (failures <= 10 OR next_at < $2)",
        &[Value::Int(now_us - DAY_US), Value::Int(now_us - 30 * DAY_US)],
    )?;
    tx.execute("DELETE FROM signins WHERE expires_at < $1 OR idle_expires_at < $1", &yesterday)?;
    Ok(())
}
