//! Sign-ins: one row is one signed-in device.

use super::seen::Seen;
use super::{second_step, sessions, totp};
use crate::audit::{self, Event};
use crate::clock::DAY_US;
use crate::planted;
use crate::store::{Result, Tx, Value};

/// Without a refresh for so long a sign-in ends: long, because families pause.
pub(crate) const IDLE_US: i64 = 180 * DAY_US;
/// It ends then, however often it was used.
const ABSOLUTE_US: i64 = 400 * DAY_US;
/// Longest device name that is kept.
const NAME_CHARS: usize = 64;

/// A sign-in to be made.
pub(crate) struct NewSignIn<'a> {
    pub(crate) id: [u8; 16],
    pub(crate) user: [u8; 16],
    pub(crate) client_id: &'a str,
    pub(crate) device_name: Option<&'a str>,
    pub(crate) scope: &'a str,
    pub(crate) amr: &'a str,
    pub(crate) auth_time_us: i64,
    pub(crate) seen: &'a Seen,
}

/// Makes a sign-in.
pub(crate) fn create(tx: &mut Tx<'_>, new: &NewSignIn<'_>, now_us: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO signins (signin_id, user_id, client_id, device_name, scope, amr, auth_time, created_at,
                              last_used_at, idle_expires_at, expires_at, platform, app_version, network)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
            new.seen.platform.into(),
            new.seen.app_version.as_deref().into(),
            new.seen.network.as_deref().into(),
        ],
    )?;
    audit::record(tx, now_us, Event::SignedIn, Some(new.user), Some(new.id))
}

/// Notes a refresh: the sign-in lives on, up to its end. A refresh that says nothing of its app leaves what is known.
pub(crate) fn used(tx: &mut Tx<'_>, sign_in: [u8; 16], seen: &Seen, now_us: i64) -> Result<()> {
    tx.execute(
        "UPDATE signins SET last_used_at = $1, idle_expires_at = $2, platform = COALESCE($3, platform),
                app_version = COALESCE($4, app_version), network = COALESCE($5, network)
          WHERE signin_id = $6",
        &[
            Value::Int(now_us),
            Value::Int(now_us + IDLE_US),
            seen.platform.into(),
            seen.app_version.as_deref().into(),
            seen.network.as_deref().into(),
            sign_in.into(),
        ],
    )?;
    Ok(())
}

/// Ends a sign-in: its tokens are dead with the next request. False: it was over. Another account's is 404.
pub(crate) fn revoke(
    tx: &mut Tx<'_>,
    sign_in: [u8; 16],
    of_user: Option<[u8; 16]>,
    reason: &str,
    now_us: i64,
) -> Result<bool> {
    if planted::off("revoking") {
        return Ok(true);
    }
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

/// Whether it is the account's, and not over. Whoever asks for another's learns what they learn of one that never was.
pub(crate) fn is_of(tx: &mut Tx<'_>, sign_in: [u8; 16], user: [u8; 16]) -> Result<bool> {
    let sql = "SELECT 1 FROM signins WHERE signin_id = $1 AND user_id = $2 AND revoked_at IS NULL";
    Ok(tx.query_one(sql, &[sign_in.into(), user.into()])?.is_some())
}

/// Whether it is live, and its person signed in within the last ten minutes, with all that the account asks for by now.
pub(crate) fn is_fresh(tx: &mut Tx<'_>, sign_in: [u8; 16], now_us: i64) -> Result<bool> {
    let sql = "SELECT auth_time, amr, user_id FROM signins WHERE signin_id = $1 AND revoked_at IS NULL";
    let Some(row) = tx.query_one(sql, &[sign_in.into()])? else { return Ok(false) };
    Ok(sessions::is_fresh(&row.text(1)?, totp::is_on(tx, row.id(2)?)?, row.int(0)?, now_us))
}

/// As [`is_fresh`], or made within these ten minutes: by a session that was there, or by a service that does not say when it saw its
/// person.
pub(crate) fn is_new_or_fresh(tx: &mut Tx<'_>, sign_in: [u8; 16], now_us: i64) -> Result<bool> {
    let sql = "SELECT created_at FROM signins WHERE signin_id = $1 AND revoked_at IS NULL";
    let Some(row) = tx.query_one(sql, &[sign_in.into()])? else { return Ok(false) };
    Ok(sessions::is_recent(row.int(0)?, now_us) || is_fresh(tx, sign_in, now_us)?)
}

/// When something was used, as people are told: the day, in UTC. The minute would say when somebody was awake.
pub(crate) fn coarse(at_us: i64) -> i64 {
    at_us.div_euclid(DAY_US) * DAY_US
}

/// A signed-in device as its account's person sees it.
#[derive(Clone, Debug)]
pub(crate) struct SignIn {
    pub(crate) id: [u8; 16],
    pub(crate) client_id: String,
    pub(crate) name: Option<String>,
    pub(crate) created_us: i64,
    /// [`coarse`].
    pub(crate) last_used_us: i64,
    /// When it ends, by the coarse last use, unless it is used before; and at the latest.
    pub(crate) ends_us: i64,
    pub(crate) platform: Option<String>,
    pub(crate) app_version: Option<String>,
    pub(crate) network: Option<String>,
    /// Whether it proved which device of a family it is, and since when the account is in that family.
    pub(crate) enrolled: bool,
    pub(crate) in_family_us: Option<i64>,
}

/// The live sign-ins of an account, newest first.
pub(crate) fn live(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<Vec<SignIn>> {
    tx.query(
        "SELECT s.signin_id, s.client_id, s.device_name, s.created_at, s.last_used_at,
                EXISTS (SELECT 1 FROM bindings b WHERE b.signin_id = s.signin_id),
                s.idle_expires_at, s.expires_at, s.platform, s.app_version, s.network,
                (SELECT min(m.created_at) FROM bindings b
                   JOIN memberships m ON m.family_id = b.family_id AND m.user_id = s.user_id
                  WHERE b.signin_id = s.signin_id)
           FROM signins s
          WHERE s.user_id = $1 AND s.revoked_at IS NULL AND s.idle_expires_at > $2 AND s.expires_at > $2
          ORDER BY s.created_at DESC, s.signin_id",
        &[user.into(), Value::Int(now_us)],
    )?
    .iter()
    .map(|row| {
        Ok(SignIn {
            id: row.id(0)?,
            client_id: row.text(1)?,
            name: row.opt_text(2)?,
            created_us: row.int(3)?,
            last_used_us: coarse(row.int(4)?),
            enrolled: row.bool(5)?,
            ends_us: coarse(row.int(6)?).min(row.int(7)?),
            platform: row.opt_text(8)?,
            app_version: row.opt_text(9)?,
            network: row.opt_text(10)?,
            in_family_us: row.opt_int(11)?,
        })
    })
    .collect()
}

/// Ends every browser session, every wait for a second step, and every sign-in that has not proved to be a family's
/// device.
pub(crate) fn end_outside(tx: &mut Tx<'_>, user: [u8; 16], reason: &'static str, now_us: i64) -> Result<()> {
    sessions::end_all(tx, user)?;
    end_strays(tx, user, reason, now_us)
}

/// Ends every wait for a second step, and every sign-in that has not proved to be a family's device.
pub(crate) fn end_strays(tx: &mut Tx<'_>, user: [u8; 16], reason: &'static str, now_us: i64) -> Result<()> {
    second_step::forget(tx, user)?;
    for sign_in in live(tx, user, now_us)?.iter().filter(|sign_in| !sign_in.enrolled) {
        revoke(tx, sign_in.id, Some(user), reason, now_us)?;
    }
    Ok(())
}

/// Gives one of the account's devices another name. False: it is over, or not this user's.
pub(crate) fn rename(
    tx: &mut Tx<'_>,
    sign_in: [u8; 16],
    user: [u8; 16],
    name: &str,
    now_us: i64,
) -> Result<bool> {
    let renamed = tx.execute(
        "UPDATE signins SET device_name = $1 WHERE signin_id = $2 AND user_id = $3 AND revoked_at IS NULL",
        &[name.into(), sign_in.into(), user.into()],
    )?;
    if renamed == 1 {
        audit::record(tx, now_us, Event::SignInRenamed, Some(user), Some(sign_in))?;
    }
    Ok(renamed == 1)
}

/// A device's name as mails and lists show it: one line, no controls, no marks that turn the direction of what stands
/// around it, cut at 64 characters.
pub(crate) fn clean_name(name: &str) -> String {
    let turns = |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    name.chars().filter(|c| !breaks(*c) && !turns(*c)).take(NAME_CHARS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::clean_name;

    #[test]
    fn a_name_of_a_device_is_one_line_that_leaves_the_text_around_it_alone() {
        assert_eq!(clean_name(" Ann\u{202e}s\u{2066} phone\u{2028}\r\nBcc: x\u{7f} "), "Anns phoneBcc: x");
        assert_eq!(clean_name("הטלפון של אמא 👩‍👧"), "הטלפון של אמא 👩‍👧", "a script and a joined sign stay");
        assert_eq!(clean_name(&"ä".repeat(70)).chars().count(), 64);
    }
}
