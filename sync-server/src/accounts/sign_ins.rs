//! Sign-ins: one row is one signed-in device.

use super::DAY_US;
use crate::audit::{self, Event};
use crate::store::{Result, Tx, Value};

/// Without a refresh for so long a sign-in ends: long, because families pause.
pub(crate) const IDLE_US: i64 = 180 * DAY_US;
/// It ends then, however often it was used.
const ABSOLUTE_US: i64 = 400 * DAY_US;

/// A sign-in to be made.
pub(crate) struct NewSignIn<'a> {
    pub(crate) id: [u8; 16],
    pub(crate) user: [u8; 16],
    pub(crate) client_id: &'a str,
    pub(crate) device_name: Option<&'a str>,
    pub(crate) scope: &'a str,
    pub(crate) amr: &'a str,
    pub(crate) auth_time_us: i64,
}

/// Makes a sign-in.
pub(crate) fn create(tx: &mut Tx<'_>, new: &NewSignIn<'_>, now_us: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO signins (signin_id, user_id, client_id, device_name, scope, amr, auth_time, created_at,
                              last_used_at, idle_expires_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            new.id.into(),
            new.user.into(),
            new.client_id.into(),
            new.device_name.into(),
            new.scope.into(),
            new.amr.into(),
            Value::Int(new.auth_time_us),
            Value::Int(now_us),
            Value::Int(now_us),
            Value::Int(now_us + IDLE_US),
            Value::Int(now_us + ABSOLUTE_US),
        ],
    )?;
    audit::record(tx, now_us, Event::SignedIn, Some(new.user), Some(new.id))
}

/// Ends a sign-in: its tokens are dead with the next request. False: it was over, or not this user's.
pub(crate) fn revoke(
    tx: &mut Tx<'_>,
    sign_in: [u8; 16],
    of_user: Option<[u8; 16]>,
    reason: &str,
    now_us: i64,
) -> Result<bool> {
    let row = tx.query_one(
        "UPDATE signins SET revoked_at = $1, revoked_reason = $2
          WHERE signin_id = $3 AND revoked_at IS NULL RETURNING user_id",
        &[Value::Int(now_us), reason.into(), sign_in.into()],
    )?;
    let Some(row) = row else { return Ok(false) };
    let user = row.id(0)?;
    if of_user.is_some_and(|wanted| wanted != user) {
        // Rolled back by the error: another person's sign-in is like none.
        return Err(crate::error::ApiError::not_found());
    }
    audit::record(tx, now_us, Event::Revoked, Some(user), Some(sign_in))?;
    Ok(true)
}
