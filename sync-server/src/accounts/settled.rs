//! Which phones a reset of the password leaves signed in: those of a family in which the account is at home. One who could open
//! the account for a while may have founded a family under it, and a phone of that is a family's phone like any other.

use super::sign_ins::{self, SignIn};
use crate::clock::{self, DAY_US};
use crate::store::{Result, Tx, Value};

/// So long the account has to be in a family before a reset leaves its phones there signed in.
pub(crate) const SETTLED_DAYS: i64 = 30;
/// Why the others were signed out.
pub(super) const REASON: &str = "family_too_new";

/// What a new password did to the phones of families, each in words for its person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phones {
    /// They go on as before.
    pub(crate) stay: Vec<String>,
    /// They were signed out, because the account came to their family not long ago.
    pub(crate) ended: Vec<String>,
}

/// Signs out the phones of families that the account is in for less than 30 days.
pub(crate) fn end_others(tx: &mut Tx<'_>, user: [u8; 16], now_us: i64) -> Result<()> {
    for sign_in in sign_ins::live(tx, user, now_us)? {
        let since = sign_in.in_family_us.filter(|_| sign_in.enrolled);
        if since.is_none_or(|since| now_us - since < SETTLED_DAYS * DAY_US) {
            sign_ins::revoke(tx, sign_in.id, Some(user), REASON, now_us)?;
        }
    }
    Ok(())
}

/// The phones of families after the password of an account was set at this moment.
pub(crate) fn phones(tx: &mut Tx<'_>, user: [u8; 16], set_at_us: i64, now_us: i64) -> Result<Phones> {
    let stay = sign_ins::live(tx, user, now_us)?.iter().map(in_words).collect();
    let ended = tx.query(
        "SELECT device_name, platform, network FROM signins
          WHERE user_id = $1 AND revoked_reason = $2 AND revoked_at = $3 ORDER BY created_at DESC, signin_id",
        &[user.into(), REASON.into(), Value::Int(set_at_us)],
    )?;
    let ended = ended.iter().map(|row| Ok(line(row.opt_text(0)?, row.opt_text(1)?, None, row.opt_text(2)?)));
    Ok(Phones { stay, ended: ended.collect::<Result<_>>()? })
}

/// Such as "Pixel 8, Android, in its family since 3 Sept 2026, last from network 203.0.113.0/24".
fn in_words(of: &SignIn) -> String {
    line(of.name.clone(), of.platform.clone(), of.in_family_us, of.network.clone())
}

fn line(
    name: Option<String>,
    platform: Option<String>,
    since: Option<i64>,
    network: Option<String>,
) -> String {
    let platform = platform.as_deref().and_then(super::seen::platform_name).map(str::to_owned);
    let since = since.map(|since| format!("in its family since {}", clock::day(since)));
    let network = network.map(|network| format!("last from network {network}"));
    let name = name.unwrap_or_else(|| "One without a name".to_owned());
    [Some(name), platform, since, network].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
